// SPDX-License-Identifier: Apache-2.0
// weir import: suites of other tools become rule files. What cannot be said is told on stderr and stands as a comment in the
// file; the last line counts.
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "app/rule_file.h"
#include "app/telling.h"
#include "base/assert.h"
#include "base/text.h"
#include "import/import.h"
#include "import/settle.h"

namespace weir {
namespace {

struct Imported {
  std::string file;
  Draft draft;
  std::string text = {};
};

bool is_directory(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// Shows an error with the line that it is about.
void show_error(const Arguments& arguments, Surroundings& surroundings, const Error& error, const std::string& text) {
  print(surroundings.err, render({{.level = DiagnosticLevel::Error, .error = error}}, {{error.where.file, text}},
                                 color_of_err(arguments, surroundings)));
}

int refuse_suite(Surroundings& surroundings) {
  print(surroundings.err, "weir: ERROR exit=3 (suite not read, nothing was written)\n");
  return ExitCode::kUnjudged;
}

std::string names_of(const std::vector<Imported>& all) {
  constexpr std::size_t kShown = 12;
  std::string names;
  for (std::size_t i = 0; i < std::min(all.size(), kShown); ++i)
    names += (i == 0 ? "" : ", ") + in_quotes(all[i].draft.name);
  return names + (all.size() > kShown ? ", …" : "");
}

/// A file name that a table's name makes without surprises.
std::string file_name_of(const std::string& name) {
  std::string out;
  for (const char c : name) {
    const bool safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                      c == '-' || (c == '.' && !out.empty());
    out += safe ? c : '-';
  }
  return out.empty() ? "rules" : out;
}

/// Where each rule file goes.
std::vector<std::string> targets_of(const std::vector<Imported>& all, const std::string& output, bool into_directory) {
  std::vector<std::string> targets;
  for (const Imported& one : all) {
    std::string target = output;
    if (into_directory) {
      const std::string base = output + (output.ends_with('/') ? "" : "/") + file_name_of(one.draft.name);
      target = base + ".yml";
      for (int n = 2; std::find(targets.begin(), targets.end(), target) != targets.end(); ++n)
        target = base + "-" + std::to_string(n) + ".yml";
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

int refuse_output(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kNotWritten, "rules not written");
}

}  // namespace

int run_import(const Arguments& arguments, Surroundings& surroundings) {
  const std::vector<std::string>& operands = arguments.operands();
  const std::optional<SuiteKind> kind = suite_kind(operands[0]);
  WEIR_ASSERT(kind.has_value(), "the table of commands names a suite that no reader is for");

  std::vector<Imported> all;
  for (std::size_t i = 1; i < operands.size(); ++i) {
    const Result<std::string> text = read_whole_file(operands[i]);
    if (!text) {
      tell(surroundings, text.error());
      return refuse_suite(surroundings);
    }
    Result<std::vector<Draft>> drafts = read_drafts(*kind, operands[i], *text);
    if (!drafts) {
      show_error(arguments, surroundings, drafts.error(), *text);
      return refuse_suite(surroundings);
    }
    for (Draft& draft : *drafts) all.push_back({.file = operands[i], .draft = std::move(draft)});
  }
  if (const std::optional<std::string> model = arguments.text("model")) {
    const std::string known = names_of(all);
    all.erase(std::remove_if(all.begin(), all.end(), [&](const Imported& one) { return one.draft.name != *model; }),
              all.end());
    if (all.empty()) {
      return refuse_usage(surroundings, {.message = "nothing is called " + in_quotes(*model) + " there",
                                         .help = known.empty() ? "the suite holds no tables" : "there is " + known});
    }
  }
  const std::string output = arguments.text("output", "-");
  const bool into_directory = output.ends_with('/') || is_directory(output);
  if (all.size() > 1 && !into_directory) {
    return refuse_usage(surroundings, {.message = "this makes " + counted(all.size(), "rule file") +
                                                  ", one for each of " + names_of(all),
                                       .help = "choose one with --model NAME, or give a directory: -o rules/"});
  }

  std::size_t rules = 0;
  std::size_t carried = 0;
  std::string left_out;
  for (Imported& one : all) {
    Result<std::string> text = settle(one.draft, {.command = "weir import " + operands[0], .file = one.file});
    if (!text) {
      show_error(arguments, surroundings, text.error(), "");
      return refuse_suite(surroundings);
    }
    one.text = *std::move(text);
    rules += one.draft.sources.size();
    carried += carried_over(one.draft);
    left_out += left_out_table(one.draft, one.file);
  }
  if (into_directory && !is_directory(output) && mkdir(output.c_str(), 0777) != 0)
    return refuse_output(surroundings,
                         {.message = "cannot make the directory `" + output + "`: " + std::strerror(errno)});
  const std::vector<std::string> targets = targets_of(all, output, into_directory);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (const Status written = write_output(surroundings, targets[i], all[i].text); !written)
      return refuse_output(surroundings, written.error());
  }
  if (!left_out.empty()) print(surroundings.err, "not carried over:\n" + left_out);
  const std::string count = with_commas(carried) + " of " + counted(rules, "rule") + " carried over";
  const bool short_of = arguments.on("strict") && carried < rules;
  print(surroundings.err, short_of ? "weir: FAIL exit=1 (" + count + ")\n" : "weir: " + count + "\n");
  return short_of ? ExitCode::kFailed : ExitCode::kHolds;
}

}  // namespace weir
