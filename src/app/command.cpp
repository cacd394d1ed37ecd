// SPDX-License-Identifier: Apache-2.0
// The table of commands, in the order in which the help lists them: by how often they are used.
#include "app/command.h"

#include <array>

namespace weir {
namespace {

using Name = std::string_view;

constexpr std::array<Name, 3> kColors = {"auto", "always", "never"};
constexpr std::array<Name, 6> kFormats = {"auto", "json", "json-array", "json-stream", "csv", "tsv"};
constexpr std::array<Name, 3> kFailOn = {"error", "warn", "never"};
constexpr std::array<Name, 5> kSuites = {"gx", "soda", "dbt", "odcs", "jsonschema"};
constexpr std::array<Name, 3> kShells = {"bash", "zsh", "fish"};
constexpr std::array<Name, 3> kLintFormats = {"text", "json", "github"};

constexpr std::array<Name, 3> kRulesAlso = {"config", "ruleset", "schema"};
constexpr std::array<Name, 3> kReportAlso = {"output", "out", "reporter"};
constexpr std::array<Name, 2> kQuarantineAlso = {"bad", "rejects"};
constexpr std::array<Name, 2> kCleanAlso = {"good", "accepted"};
constexpr std::array<Name, 3> kThreadsAlso = {"jobs", "workers", "parallel"};
constexpr std::array<Name, 2> kRedactAlso = {"mask", "hide"};
constexpr std::array<Name, 2> kVarAlso = {"variable", "set"};
constexpr std::array<Name, 2> kFormatAlso = {"input-format", "type"};
constexpr std::array<Name, 2> kFailingRowsAlso = {"samples", "limit"};
constexpr std::array<Name, 2> kStrictAlso = {"warnings-as-errors", "deny-warnings"};

constexpr Flag kVar = {.name = "var",
                       .kind = FlagKind::Text,
                       .argument = "NAME=VALUE",
                       .summary = "set a variable of the rule file",
                       .repeats = true,
                       .synonyms = kVarAlso};
constexpr Flag kNow = {.name = "now",
                       .kind = FlagKind::Text,
                       .argument = "TIME",
                       .summary = "the time that ages are judged against (the clock)"};
constexpr Flag kQuiet = {.name = "quiet", .letter = 'q', .summary = "only errors and the last line"};

constexpr std::array<Flag, 2> kAll = {{
    {.name = "color",
     .kind = FlagKind::Choice,
     .argument = "WHEN",
     .summary = "auto, always, never",
     .choices = kColors},
    {.name = "help", .letter = 'h', .summary = "this screen"},
}};

constexpr std::array<Flag, 18> kCheckFlags = {{
    {.name = "rules",
     .letter = 'r',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "the rule file (required)",
     .synonyms = kRulesAlso},
    {.name = "format",
     .kind = FlagKind::Choice,
     .argument = "FORMAT",
     .summary = "auto, json, json-array, json-stream, csv, tsv",
     .choices = kFormats,
     .synonyms = kFormatAlso},
    {.name = "report",
     .kind = FlagKind::Text,
     .argument = "KIND=FILE",
     .summary = "text, json, junit, sarif, md, html; - is stdout",
     .repeats = true,
     .synonyms = kReportAlso},
    {.name = "github", .summary = "annotations for GitHub Actions on stdout"},
    {.name = "quarantine",
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "failing records with their reasons",
     .synonyms = kQuarantineAlso},
    {.name = "clean",
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "passing records, byte for byte",
     .synonyms = kCleanAlso},
    {.name = "fail-on",
     .kind = FlagKind::Choice,
     .argument = "LEVEL",
     .summary = "exit 1 from: error (default), warn, never",
     .choices = kFailOn},
    {.name = "allow-empty", .summary = "no records at all are fine"},
    {.name = "select",
     .letter = 's',
     .kind = FlagKind::Text,
     .argument = "KIND:GLOB",
     .summary = "only rules by id:, field: or tag:",
     .repeats = true},
    kVar,
    kNow,
    {.name = "failing-rows",
     .kind = FlagKind::Text,
     .argument = "N",
     .summary = "failing records kept for each rule: 20, or all",
     .synonyms = kFailingRowsAlso},
    {.name = "redact",
     .kind = FlagKind::Text,
     .argument = "PATH",
     .summary = "show no values of this field anywhere",
     .repeats = true,
     .synonyms = kRedactAlso},
    {.name = "threads",
     .letter = 'j',
     .kind = FlagKind::Count,
     .argument = "N",
     .summary = "default: one a core, at most 4",
     .synonyms = kThreadsAlso},
    {.name = "batch", .kind = FlagKind::Count, .argument = "N", .summary = "records judged at a time", .hidden = true},
    {.name = "all-rules", .letter = 'a', .summary = "a line for each rule, the good ones too"},
    {.name = "no-progress", .summary = "no progress line on a terminal"},
    kQuiet,
}};

constexpr std::array<Flag, 4> kLintFlags = {{
    {.name = "format",
     .kind = FlagKind::Choice,
     .argument = "FORMAT",
     .summary = "text (default), json, github",
     .choices = kLintFormats},
    {.name = "strict", .summary = "a warning is a fault too", .synonyms = kStrictAlso},
    kVar,
    kQuiet,
}};

constexpr std::array<Flag, 2> kExplainFlags = {{
    {.name = "ids", .summary = "only the ids of the rules, one a line"},
    kVar,
}};

constexpr std::array<Flag, 4> kTestFlags = {{
    {.name = "junit", .kind = FlagKind::Text, .argument = "FILE", .summary = "the cases as JUnit XML; - is stdout"},
    {.name = "now",
     .kind = FlagKind::Text,
     .argument = "TIME",
     .summary = "the time for cases that give none (the clock)"},
    kVar,
    kQuiet,
}};

constexpr std::array<Flag, 3> kDiffFlags = {{
    {.name = "markdown", .summary = "a table for a pull request"},
    {.name = "exit-code", .summary = "exit 1 when the meaning differs"},
    kVar,
}};

constexpr std::array<Flag, 1> kSchemaFlags = {{
    {.name = "output",
     .letter = 'o',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "write here instead of stdout"},
}};

constexpr std::array<Name, 1> kImportOutputAlso = {"out"};
constexpr std::array<Name, 3> kModelAlso = {"dataset", "table", "suite"};

constexpr std::array<Flag, 3> kImportFlags = {{
    {.name = "output",
     .letter = 'o',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "write here instead of stdout; DIR/ for several",
     .synonyms = kImportOutputAlso},
    {.name = "model",
     .kind = FlagKind::Text,
     .argument = "NAME",
     .summary = "only this model, dataset or table",
     .synonyms = kModelAlso},
    {.name = "strict", .summary = "exit 1 when a rule is not carried over", .synonyms = kStrictAlso},
}};

constexpr std::array<Flag, 3> kSuggestFlags = {{
    {.name = "output",
     .letter = 'o',
     .kind = FlagKind::Text,
     .argument = "FILE",
     .summary = "write here instead of stdout"},
    {.name = "format",
     .kind = FlagKind::Choice,
     .argument = "FORMAT",
     .summary = "auto, json, json-array, json-stream, csv, tsv",
     .choices = kFormats,
     .synonyms = kFormatAlso},
    {.name = "time",
     .kind = FlagKind::Text,
     .argument = "FIELD",
     .summary = "the field of the event time (found by its name)"},
}};

constexpr std::array<Name, 3> kSuggestAlso = {"profile", "init", "generate"};
constexpr std::array<Name, 3> kImportAlso = {"convert", "migrate", "from"};
constexpr std::array<Name, 3> kCheckAlso = {"verify", "scan", "gate"};
constexpr std::array<Name, 3> kLintAlso = {"validate", "vet", "lint-rules"};
constexpr std::array<Name, 2> kExplainAlso = {"describe", "show"};

constexpr std::size_t kMany = 1'000'000;

constexpr Command kCommands[] = {
    {.name = "check",
     .operands = "FILE...",
     .operands_min = 1,
     .operands_max = kMany,
     .summary = "judge the records of files; the exit code is the answer",
     .notes = "A FILE may be a glob, a directory, or - for standard input; gzip and zstd are\n"
              "known by themselves. Checks that remember (unique, increasing, sequence)\n"
              "remember across the files of a call.\n"
              "The table and the decision, always the last line, go to stderr; stdout carries\n"
              "only what --report KIND=- or --github ask for.\n",
     .example = "weir check orders.ndjson --rules orders.yml --report md=report.md",
     .flags = kCheckFlags,
     .run = run_check,
     .synonyms = kCheckAlso},
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
     .operands = "RULES [RULE-ID] | CODE",
     .operands_min = 1,
     .operands_max = 2,
     .summary = "say what a rule file, a rule or an error code means",
     .notes = "For a rule file: each rule, its id, what becomes of a record that fails it, and\n"
              "the memory it needs.\n",
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
    {.name = "schema",
     .operands = "",
     .summary = "print the JSON Schema of rule files, for editors",
     .notes = "An editor with a YAML language server completes and checks a rule file whose\n"
              "first line is:  # yaml-language-server: $schema=weir.schema.json\n",
     .example = "weir schema -o weir.schema.json",
     .flags = kSchemaFlags,
     .run = run_schema},
    {.name = "completions",
     .operands = "bash | zsh | fish",
     .operands_min = 1,
     .operands_max = 1,
     .summary = "print what makes a shell complete weir's command line",
     .notes = "bash, in ~/.bashrc:                   source <(weir completions bash)\n"
              "zsh, in ~/.zshrc, after compinit:     source <(weir completions zsh)\n"
              "fish: weir completions fish > ~/.config/fish/completions/weir.fish\n",
     .example = "weir completions bash",
     .flags = {},
     .run = run_completions,
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

constexpr std::array<ExitMeaning, 6> kExitMeanings = {{
    {ExitCode::kHolds, "everything that must hold held; warnings included"},
    {ExitCode::kFailed,
     "a rule at or above `--fail-on` failed; a test case failed; `diff --exit-code` found a difference"},
    {ExitCode::kUsage, "the command line or the rule file is wrong: nothing was run"},
    {ExitCode::kUnjudged,
     "the data could not be read, a rule could not be evaluated, or there were no records (`--allow-empty`)"},
    {ExitCode::kNotWritten, "a report, the quarantine or the clean file could not be written"},
    {ExitCode::kInterrupted, "ended by Ctrl-C: nothing was written"},
}};

const Flag* find_in(std::span<const Flag> flags, std::string_view name) {
  for (const Flag& flag : flags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

const Flag* find_in(std::span<const Flag> flags, char letter) {
  for (const Flag& flag : flags) {
    if (flag.letter == letter) return &flag;
  }
  return nullptr;
}

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

const Command* find_command(std::string_view name) {
  for (const Command& command : kCommands) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::span<const Flag> flags_of_all() {
  return kAll;
}

const Flag* find_flag(const Command& command, std::string_view name) {
  const Flag* flag = find_in(command.flags, name);
  return flag != nullptr ? flag : find_in(kAll, name);
}

const Flag* find_flag(const Command& command, char letter) {
  const Flag* flag = find_in(command.flags, letter);
  return flag != nullptr ? flag : find_in(kAll, letter);
}

std::span<const ExitMeaning> exit_meanings() {
  return kExitMeanings;
}

std::string environment_name(const Flag& flag) {
  std::string name = "WEIR_";
  for (const char c : flag.name) name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

}  // namespace weir
