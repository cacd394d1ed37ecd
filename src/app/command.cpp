// SPDX-License-Identifier: Apache-2.0
// The table of commands, in the order in which the help lists them: by how often they are used.
#include "app/command.h"

#include "app/command_flags.h"
#include "app/command_flags_drift.h"
#include "app/command_flags_live.h"
#include "app/command_flags_run.h"

namespace weir {
namespace {

using namespace flags;

constexpr std::size_t kMany = 1'000'000;

constexpr Command kCommands[] = {
    {.name = "check",
     .operands = "FILE...",
     .operands_max = kMany,
     .summary = "judge the records of files; the exit code is the answer",
     .notes = "A FILE may be a glob, a directory, or - for standard input; gzip and zstd are\n"
              "known by themselves. The table and the decision, always the last line, go to\n"
              "stderr; stdout carries only what --report KIND=- or --github ask for.\n"
              "A topic instead of files, to where it ends: --brokers HOST:PORT --topic TOPIC\n"
              "[--registry URL] [--from WHEN] [--to WHEN] [--partitions 0,1] [-c weir.yml].\n",
     .example = "weir check orders.ndjson --rules orders.yml --report md=report.md",
     .flags = kCheckFlags,
     .run = run_check,
     .synonyms = kCheckAlso},
    {.name = "run",
     .operands = "",
     .summary = "judge a live Kafka topic, beside what uses it",
     .notes = "Failing records go to TOPIC.quarantine; metrics and health are on a port; after\n"
              "any crash it goes on. Many streams: -c weir.yml. Values in top: --web.samples N.\n",
     .example = "weir run --brokers localhost:9092 --topic orders --rules orders.yml --validate",
     .flags = kRunFlags,
     .run = run_run,
     .synonyms = kRunAlso},
    {.name = "demo",
     .operands = "",
     .summary = "show it all: a Kafka of its own, orders that go wrong",
     .notes = "Orders go through an embedded Kafka and go wrong on schedule: missing values, a\n"
              "unit that changes, a new currency, a silent stretch, garbage. weir runs beside\n"
              "them; what it finds is told as it happens. Ctrl-C ends it. With --seconds N it\n"
              "exits with 0 when all was found, 1 when not, 3 when it could not start.\n",
     .example = "weir demo --seconds 60",
     .flags = kDemoFlags,
     .run = run_demo,
     .synonyms = kDemoAlso},
    {.name = "top",
     .operands = "[URL...]",
     .operands_max = kMany,
     .summary = "show what running instances see, live, in a terminal",
     .notes = "A URL is the web address of a weir run (http://127.0.0.1:8947). Keys: arrows and\n"
              "Enter look into a rule, s sorts, / filters, ? tells all of them, q leaves.\n"
              "Without a terminal it prints lines. --once ends with 0 where all is well, with\n"
              "1 where something is red, with 3 where nobody answers.\n",
     .example = "weir top http://127.0.0.1:8947 --once",
     .flags = kTopFlags,
     .run = run_top,
     .synonyms = kTopAlso},
    {.name = "quarantine",
     .operands = "ls|show|stats [FILE...]",
     .operands_min = 1,
     .operands_max = kMany,
     .summary = "show what was put aside, and why",
     .notes = "ls: a line for each record. show: the whole record with its reasons. stats: by\n"
              "rule and over time. A topic in place of files: --brokers HOST:PORT --topic\n"
              "TOPIC.quarantine [--registry URL] [--partitions 0,1] [-c weir.yml].\n",
     .example = "weir quarantine stats orders.quarantine.ndjson",
     .flags = kQuarantineFlags,
     .run = run_quarantine,
     .synonyms = kQuarantineCommandAlso,
     .words = kQuarantineWords},
    {.name = "replay",
     .operands = "[FILE...]",
     .operands_max = kMany,
     .summary = "send records that were put aside back to where they came from",
     .notes = "Each record of a quarantine topic is sent once, however often the command is run\n"
              "or killed. --brokers HOST:PORT --topic TOPIC.quarantine [--registry URL]\n"
              "[--partitions 0,1] [-c weir.yml].\n",
     .example = "weir replay --brokers localhost:9092 --topic orders.quarantine --dry-run",
     .flags = kReplayFlags,
     .run = run_replay,
     .synonyms = kReplayAlso},
    {.name = "backtest",
     .operands = "[FILE...]",
     .operands_max = kMany,
     .summary = "say what rules would have found, and what others would have",
     .notes = "Files, or a stretch of a topic: --brokers HOST:PORT --topic TOPIC [--from WHEN]\n"
              "[--to WHEN] [--registry URL] [--partitions 0,1] [-c weir.yml]. Nothing is\n"
              "written; windows close as they do in weir run.\n",
     .example = "weir backtest orders.ndjson --rules orders-new.yml --against orders.yml",
     .flags = kBacktestFlags,
     .run = run_backtest,
     .synonyms = kBacktestAlso},
    {.name = "topics",
     .operands = "",
     .summary = "show, print or make the topics that weir run needs",
     .notes = "Without --create nothing is changed, and what exists never is: what is unfit is\n"
              "told with the command that mends it. Exit 1: something is missing or unfit, 3:\n"
              "no broker answered. A pattern of topics is each that it matches now.\n",
     .example = "weir topics --brokers localhost:9092 --topic orders --print",
     .flags = kTopicsFlags,
     .run = run_topics},
    {.name = "config",
     .operands = "",
     .summary = "show each setting of weir run and where it came from",
     .notes = "Takes the settings of weir run, --web.samples N too. Secrets are never shown.\n",
     .example = "weir config --brokers localhost:9092 --topic orders --rules orders.yml",
     .flags = kSettingFlags,
     .run = run_config},
    {.name = "doctor",
     .operands = "",
     .summary = "look for what would keep weir run from working, with the remedy",
     .notes = "Brokers, permissions, topics, state, clock, registry, rules. Takes the\n"
              "settings of weir run, --web.samples N too. Nothing is changed.\n",
     .example = "weir doctor --brokers localhost:9092 --topic orders --rules orders.yml",
     .flags = kSettingFlags,
     .run = run_doctor,
     .synonyms = kDoctorAlso},
    {.name = "suggest",
     .operands = "FILE...",
     .operands_min = 1,
     .operands_max = kMany,
     .summary = "write a first rule file from records that are sound",
     .notes = "Each line has the evidence for it as a comment. Every rule holds of all records\n"
              "given; what only chance would keep true tomorrow is not suggested.\n",
     .example = "weir suggest orders.ndjson -o suggested.yml",
     .flags = kSuggestFlags,
     .run = run_suggest,
     .synonyms = kSuggestAlso},
    {.name = "compare",
     .operands = "REF CUR...",
     .operands_min = 1,
     .operands_max = kMany,
     .summary = "say which fields are distributed otherwise than in a reference",
     .notes = "REF holds records, or is what weir baseline wrote. A field has drifted (exit 1)\n"
              "when the change is neither chance nor within the tolerance. CUR may be a topic:\n"
              "--brokers HOST:PORT --topic TOPIC [--from WHEN] [--to WHEN] [--partitions 0,1]\n"
              "[--registry URL] [-c weir.yml]: training data against what is served.\n",
     .example = "weir compare train.ndjson serve.ndjson --report html=drift.html",
     .flags = kCompareFlags,
     .run = run_compare,
     .synonyms = kCompareAlso},
    {.name = "baseline",
     .operands = "FILE...",
     .operands_max = kMany,
     .summary = "write down how the fields of sound records are distributed",
     .notes = "A reference for drift rules and weir compare: edges and counts, no raw value;\n"
              "categories are hashes, keyed by WEIR_BASELINE_SECRET where it is set. Of a\n"
              "topic: --brokers HOST:PORT --topic TOPIC [--from WHEN] [--to WHEN]\n"
              "[--partitions 0,1] [--registry URL] [-c weir.yml].\n",
     .example = "weir baseline orders.ndjson -o orders.baseline.json",
     .flags = kBaselineFlags,
     .run = run_baseline,
     .synonyms = kBaselineAlso},
    {.name = "calibrate",
     .operands = "FILE...",
     .operands_min = 1,
     .operands_max = kMany,
     .summary = "predict how often drift rules would alarm without drift",
     .notes = "The records are sound ones; each part of their time is judged against the rest.\n"
              "Tolerances that would be quiet (one false alarm in 30 days) go to stdout, as\n"
              "YAML; the table goes to stderr.\n",
     .example = "weir calibrate days.ndjson --rules drift.yml",
     .flags = kCalibrateFlags,
     .run = run_calibrate,
     .synonyms = kCalibrateAlso},
    {.name = "lint",
     .operands = "RULES...",
     .operands_min = 1,
     .operands_max = kMany,
     .summary = "find every mistake in rule files",
     .notes = "All mistakes at once, each with its place, a suggestion and a code; more about a\n"
              "code: weir explain CODE.\n",
     .example = "weir lint orders.yml",
     .flags = kLintFlags,
     .run = run_lint,
     .synonyms = kLintAlso},
    {.name = "test",
     .operands = "RULES...",
     .operands_min = 1,
     .operands_max = kMany,
     .summary = "run the cases that stand under `tests:` in rule files",
     .notes = "A case names a record and the rules that must fail on it, no more and no fewer.\n",
     .example = "weir test orders.yml",
     .flags = kTestFlags,
     .run = run_test},
    {.name = "explain",
     .operands = "RULES [RULE-ID] | CODE | RECORD",
     .operands_min = 1,
     .operands_max = 2,
     .summary = "say what rules or an error code mean, or why a record fails",
     .notes = "For a rule file: each rule, its id, what becomes of a record that fails it, and\n"
              "the memory it needs. For a RECORD: what every rule of --rules makes of it. It is\n"
              "FILE:LINE, or TOPIC/PARTITION/OFFSET (or orders-3-17, as a quarantine says) with\n"
              "--brokers HOST:PORT [--registry URL] [-c weir.yml].\n",
     .example = "weir explain orders.yml amount.max",
     .flags = kExplainFlags,
     .run = run_explain,
     .synonyms = kExplainAlso},
    {.name = "diff",
     .operands = "OLD NEW",
     .operands_min = 2,
     .operands_max = 2,
     .summary = "say what changed in meaning between two rule files",
     .notes = "Rules that are new, gone, tighter, looser or different; not their order, their\n"
              "layout or their comments.\n",
     .example = "weir diff orders.yml orders-new.yml --markdown",
     .flags = kDiffFlags,
     .run = run_diff},
    {.name = "import",
     .operands = "gx|soda|dbt|odcs|jsonschema FILE...",
     .operands_min = 2,
     .operands_max = kMany,
     .summary = "make a rule file out of a suite of another tool",
     .notes = "Great Expectations, SodaCL, dbt, Open Data Contract Standard, JSON Schema. What\n"
              "cannot be said in weir is listed with its reason, and is a comment in the file.\n"
              "The file passes `weir lint`.\n",
     .example = "weir import gx suite.json -o orders.yml",
     .flags = kImportFlags,
     .run = run_import,
     .synonyms = kImportAlso,
     .words = kSuites},
    {.name = "history",
     .operands = "[GLOB...]",
     .operands_max = kMany,
     .summary = "show what a state file remembers",
     .notes = "A line for each series with its sparkline; for a single one its values too. A\n"
              "GLOB picks series by their names.\n",
     .example = "weir history --state orders.db 'row_count*' --last 30",
     .flags = kHistoryFlags,
     .run = run_history},
    {.name = "merge",
     .operands = "SUMMARY...",
     .operands_min = 1,
     .operands_max = kMany,
     .summary = "judge the summaries of several runs as one run",
     .notes = "Each run wrote one with weir check --summary-out FILE, by the same rules.\n"
              "The verdicts are those of one run over all their inputs; what cannot be merged\n"
              "(unique across runs) is said.\n",
     .example = "weir merge part-1.weir part-2.weir --report json=report.json",
     .flags = kMergeFlags,
     .run = run_merge},
    {.name = "schema",
     .operands = "",
     .summary = "print the JSON Schema of rule files, for editors",
     .notes = "An editor with a YAML language server completes and checks a rule file whose\n"
              "first line is:  # yaml-language-server: $schema=weir.schema.json\n",
     .example = "weir schema -o weir.schema.json",
     .flags = kSchemaFlags,
     .run = run_schema},
    {.name = "completion",
     .operands = "bash | zsh | fish",
     .operands_min = 1,
     .operands_max = 1,
     .summary = "print what makes a shell complete weir's command line",
     .notes = "bash, in ~/.bashrc:                   source <(weir completion bash)\n"
              "zsh, in ~/.zshrc, after compinit:     source <(weir completion zsh)\n"
              "fish: weir completion fish > ~/.config/fish/completions/weir.fish\n",
     .example = "weir completion bash",
     .flags = {},
     .run = run_completions,
     .also = "completions",
     .words = kShells},
    {.name = "man",
     .operands = "",
     .summary = "print the manual page",
     .notes = "It is roff:  weir man > weir.1 && man -l ./weir.1\n",
     .example = "weir man",
     .flags = {},
     .run = run_man},
    {.name = "version",
     .operands = "",
     .summary = "print the version",
     .notes = "",
     .example = "weir version",
     .flags = {},
     .run = run_version},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

std::span<const Flag> flags_of_all() {
  return kAll;
}

}  // namespace weir
