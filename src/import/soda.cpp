// SPDX-License-Identifier: Apache-2.0
// SodaCL: `checks for orders:` with a list of checks, filters of datasets, `for each dataset`, and Soda's contracts.
#include <algorithm>

#include "import/condition.h"
#include "import/import.h"
#include "import/soda_check.h"
#include "import/type_names.h"
#include "import/words.h"

namespace weir {
namespace {

struct DatasetFilter {
  std::string name;  // "orders [daily]"
  std::string where;
};

/// `orders [daily]` without the partition.
std::string dataset_of(std::string_view name) {
  return std::string(trimmed(name.substr(0, name.find('['))));
}

constexpr const char* kNeedsPast = "Compares with earlier runs, which weir keeps with --state.";

class ChecksReader {
 public:
  ChecksReader(Draft& draft, std::string filter) : draft_(draft), filter_(std::move(filter)) {}

  void read(const SuiteNode& list) {
    for (const SuiteNode& item : list.items) {
      static const SuiteNode kNothing;
      if (item.is_text()) {
        one(item.text, kNothing, item.line, item.column);
      } else if (item.is_map() && !item.members.empty()) {
        const SuiteMember& member = item.members.front();
        // Options that stand beside the check instead of below it are a common slip of indentation.
        const bool beside = item.members.size() > 1 && member.value.is_null();
        one(member.key, beside ? item : member.value, member.line, member.column);
      } else {
        draft_.begin("(a check)", item);
        draft_.leave_out("it is neither a text nor a map");
      }
    }
  }

 private:
  void one(const std::string& written, const SuiteNode& options, int line, int column) {
    const std::string text(trimmed(written));
    draft_.begin(one_line(text, 100), line, column, subject_of(text));
    if (text.find("${") != std::string::npos)
      return draft_.leave_out("it holds a variable (`${…}`), which Soda fills in");
    std::string when = filter_;
    const SuiteNode& own = options["filter"];
    if (own.is_text()) {
      const Result<std::string> condition = translate_condition(own.text, ConditionDialect::Sql);
      if (!condition) return draft_.leave_out("its filter cannot be said: " + condition.error().message);
      when = when.empty() ? *condition : "(" + when + ") && (" + *condition + ")";
    }
    const std::string description = one_line(options["name"].text_or(), 300);
    const std::string small = lower(text);
    if (small == "schema") return schema(options, description);
    if (small == "failed rows" || small.starts_with("failed rows")) return failed_rows(options, when, description);
    if (small.starts_with("values in") || small.starts_with("values ("))
      return draft_.leave_out(
          "the values of the other dataset have to be a file for weir: exists_in: {file: NAME.csv, column: …}");
    if (small.starts_with("row_count same as")) return same_rows(text.substr(17));
    if (small.starts_with("change")) return change(small, options, when, description);
    if (small.starts_with("anomaly")) return anomaly(small, when, description);
    if (small.starts_with("distribution_difference"))
      return draft_.leave_out("it compares with a reference: see `drift`");
    if (small.starts_with("group by") || small.starts_with("group evolution") || small.starts_with("for each"))
      return draft_.leave_out("weir has segments by a field for windows, and no groups within one rule");
    if (small.starts_with("reconciliation")) return draft_.leave_out("it compares two data sources");
    for (const SuiteMember& option : options.members) {
      if (option.key.ends_with(" expression") || option.key.ends_with(" query") || option.key.ends_with(" sql_file"))
        return draft_.leave_out("the metric is written in SQL");
    }
    metric(text, options, when, description);
  }

  /// `missing_count(email) = 0`: the field it is about.
  static std::string subject_of(const std::string& text) {
    const std::size_t open = text.find('(');
    const std::size_t close = text.find_first_of("),", open == std::string::npos ? 0 : open);
    if (open == std::string::npos || close == std::string::npos || text.starts_with("values")) return "";
    return path_of(unquoted(trimmed(std::string_view(text).substr(open + 1, close - open - 1))));
  }

  static std::string unquoted(std::string_view name) {
    if (name.size() > 1 && (name.front() == '"' || name.front() == '`') && name.back() == name.front())
      return std::string(name.substr(1, name.size() - 2));
    return std::string(name);
  }

  void metric(const std::string& text, const SuiteNode& options, const std::string& when,
              const std::string& description) {
    SodaCheck check{.draft = draft_, .metric = {}, .columns = {}, .options = options};
    check.when = when;
    check.description = description;
    std::string_view rest = text;
    const std::size_t name = std::min(rest.find_first_of("( <>=!"), rest.size());
    check.metric = lower(rest.substr(0, name));
    rest = trimmed(rest.substr(name));
    if (check.metric == "freshness" && rest.starts_with("using ")) {
      rest = trimmed(rest.substr(6));
      const std::size_t end = std::min(rest.find_first_of(" <>="), rest.size());
      check.columns.push_back(unquoted(rest.substr(0, end)));
      rest = trimmed(rest.substr(end));
      if (rest.starts_with("with ")) rest = rest.substr(std::min(rest.find_first_of("<>="), rest.size()));
    }
    if (rest.starts_with('(')) {
      const std::size_t close = std::min(rest.find(')'), rest.size());
      std::string_view inside = rest.substr(1, close - 1);
      while (!inside.empty()) {
        const std::size_t comma = std::min(inside.find(','), inside.size());
        check.columns.push_back(unquoted(trimmed(inside.substr(0, comma))));
        inside = comma == inside.size() ? std::string_view() : inside.substr(comma + 1);
      }
      rest = trimmed(rest.substr(std::min(close + 1, rest.size())));
    }
    if (!thresholds(rest, options, check.must, check.should)) return;
    translate_soda_metric(check);
  }

  /// The threshold behind the metric, and those under `fail` and `warn`, which say what is bad. False when left out.
  bool thresholds(std::string_view rest, const SuiteNode& options, std::optional<SodaThreshold>& must,
                  std::optional<SodaThreshold>& should) {
    if (!trimmed(rest).empty()) {
      must = SodaThreshold::of(rest);
      if (!must) {
        draft_.leave_out("the threshold `" + one_line(rest, 40) + "` is not understood");
        return false;
      }
    }
    for (const auto& [key, target] : {std::pair{"fail", &must}, {"warn", &should}}) {
      const SuiteNode& bad = options[key];
      if (bad.is_null()) continue;
      std::string_view text = trimmed(bad.text);
      if (text.starts_with("when")) text.remove_prefix(4);
      const std::optional<SodaThreshold> threshold = bad.is_text() ? SodaThreshold::of(text) : std::nullopt;
      if (!threshold) {
        draft_.leave_out("the threshold under `" + std::string(key) + "` is not understood");
        return false;
      }
      *target = threshold->negated();
    }
    if (must || should) return true;
    draft_.leave_out("it says no threshold");
    return false;
  }

  void failed_rows(const SuiteNode& options, const std::string& when, const std::string& description) {
    const SuiteNode& condition = options["fail condition"];
    if (!condition.is_text()) return draft_.leave_out("it is a query in SQL");
    const Result<std::string> bad = translate_condition(condition.text, ConditionDialect::Sql);
    if (!bad) return draft_.leave_out("its condition cannot be said: " + bad.error().message);
    draft_.add({.where = DraftRule::Where::Records,
                .check = "expr",
                .value = expression_in_yaml("!(" + *bad + ")"),
                .id = draft_.free_id("failed-rows"),
                .description = description,
                .when = when});
  }

  void same_rows(std::string_view other) {
    const std::string name = dataset_of(trimmed(other).substr(0, trimmed(other).find(' ')));
    draft_.add_window("row_count == other(" + quoted(name) + ", row_count)");
    draft_.note("The other dataset has to be an input of the same run, under the name " + name + ".");
  }

  /// A metric within another check: `row_count`, `avg(x)`.
  static std::string measure_of(std::string_view text) {
    text = trimmed(text);
    if (text == "row_count") return "row_count";
    const std::size_t open = text.find('(');
    if (open == std::string_view::npos || !text.ends_with(')')) return "";
    const std::string field =
        field_in_expression(path_of(unquoted(trimmed(text.substr(open + 1, text.size() - open - 2)))));
    const std::string_view name = text.substr(0, open);
    for (const auto& [theirs, ours] : {std::pair{"avg", "mean"},
                                       {"min", "min"},
                                       {"max", "max"},
                                       {"sum", "sum"},
                                       {"stddev", "stddev"},
                                       {"variance", "variance"},
                                       {"missing_percent", "missing_rate"},
                                       {"avg_length", "mean_length"},
                                       {"min_length", "min_length"},
                                       {"max_length", "max_length"}}) {
      if (name == theirs) return std::string(ours) + "(" + field + ")";
    }
    if (name == "missing_count") return "count(" + field + " == null)";
    return "";
  }

  /// change [avg last 7 | same day last week] percent for row_count < 50 %
  void change(const std::string& text, const SuiteNode& options, const std::string& when,
              const std::string& description) {
    const std::size_t behind = text.find(" for ");
    if (behind == std::string::npos) return draft_.leave_out("it is not understood");
    std::string how(trimmed(std::string_view(text).substr(6, behind - 6)));
    const bool percent = how.find("percent") != std::string::npos || how.find('%') != std::string::npos;
    if (!percent)
      return draft_.leave_out("it asks for the difference itself; weir's change() is a share of the baseline");
    how = std::string(trimmed(std::string_view(how).substr(0, how.find("percent"))));
    std::string baseline = how.empty() ? "last" : "";
    if (how == "same day last week") baseline = "same(week)";
    if (how.starts_with("avg last ") && is_number(trimmed(std::string_view(how).substr(9))))
      baseline = "avg(last(" + std::string(trimmed(std::string_view(how).substr(9))) + "))";
    if (baseline.empty())
      return draft_.leave_out("weir has no baseline `" + one_line(how, 40) +
                              "`: the last one, the mean of the last n, the same hour, day or week");
    const std::string_view rest = std::string_view(text).substr(behind + 5);
    const std::size_t end =
        std::min(rest.find_first_of("<>=!"), std::min(rest.find(" between"), rest.find(" not between")));
    const std::string measure = measure_of(rest.substr(0, std::min(end, rest.size())));
    if (measure.empty()) return draft_.leave_out("weir does not know the metric");
    std::optional<SodaThreshold> must;
    std::optional<SodaThreshold> should;
    if (!thresholds(end >= rest.size() ? std::string_view() : rest.substr(end), options, must, should)) return;
    SodaCheck check{.draft = draft_, .metric = {}, .columns = {}, .options = options, .must = must, .should = should};
    check.when = when;
    check.description = description;
    check.judge_window("change(" + measure + ", " + baseline + ")", "%");
    draft_.note(kNeedsPast);
  }

  void anomaly(const std::string& text, const std::string& when, const std::string& description) {
    const std::size_t behind = text.find(" for ");
    std::string_view rest =
        behind == std::string::npos ? std::string_view() : std::string_view(text).substr(behind + 5);
    rest = rest.substr(0, rest.find('<'));
    const std::string measure = measure_of(rest);
    if (measure.empty()) return draft_.leave_out("weir does not know the metric");
    draft_.add({.where = DraftRule::Where::Window,
                .must = "abs(z_score(" + measure + ", 30)) <= 3",
                .description = description,
                .when = when});
    draft_.note("Soda fits a model of seasons; weir asks how far the value lies from those of 30 runs before.");
    draft_.note(kNeedsPast);
  }

  void schema(const SuiteNode& options, const std::string& description) {
    bool any = false;
    for (const char* level : {"fail", "warn"}) {
      for (const SuiteMember& rule : options[level].members) {
        any = true;
        if (!schema_rule(rule, std::string_view(level) == "warn" ? "warn" : "", description)) return;
      }
    }
    if (!any) draft_.leave_out("it says nothing that must be so");
  }

  bool schema_rule(const SuiteMember& rule, const std::string& severity, const std::string& description) {
    const auto add = [&](DraftRule made) {
      made.severity = severity;
      made.description = description;
      draft_.add(std::move(made));
    };
    const auto window = [&](const std::string& condition) {
      DraftRule made{.where = DraftRule::Where::Window, .description = description};
      (severity.empty() ? made.must : made.should) = condition;
      draft_.add(std::move(made));
    };
    for (const std::string& name : rule.value.texts()) {
      if (name.find_first_of("%*") != std::string::npos) {
        draft_.leave_out("weir has no rules about the names of fields: `" + one_line(name, 40) + "`");
        return false;
      }
      if (rule.key == "when required column missing")
        add({.field = path_of(name), .check = "required", .value = "present"});
      if (rule.key == "when forbidden column present")
        add({.where = DraftRule::Where::Records,
             .check = "expr",
             .value = expression_in_yaml("!has(" + field_in_expression(path_of(name)) + ")"),
             .id = draft_.free_id(path_of(name) + ".absent")});
    }
    if (rule.key == "when required column missing" || rule.key == "when forbidden column present") return true;
    if (rule.key == "when wrong column type") {
      for (const SuiteMember& column : rule.value.members) {
        const std::string type = type_of_name(column.value.text_or());
        if (type.empty()) {
          draft_.leave_out("weir has no type `" + show(column.value) + "` for records");
          return false;
        }
        add({.field = path_of(column.key), .check = "type", .value = type});
      }
      return true;
    }
    if (rule.key == "when wrong column index") {
      for (const SuiteMember& column : rule.value.members) {
        const std::string place = column.value.text_or("0");
        window("column_count > " + place + " && schema[" + place + "].startsWith(" + quoted(column.key + ": ") + ")");
      }
      return true;
    }
    if (rule.key == "when schema changes" && rule.value.is_text()) {
      window("schema == last");
      draft_.note(kNeedsPast);
      return true;
    }
    draft_.leave_out("weir does not know `" + one_line(rule.key, 50) + "`");
    return false;
  }

  Draft& draft_;
  std::string filter_;
};

Draft& draft_for(std::vector<Draft>& drafts, const std::string& name) {
  const auto found = std::find_if(drafts.begin(), drafts.end(), [&](const Draft& draft) { return draft.name == name; });
  if (found != drafts.end()) return *found;
  drafts.emplace_back();
  drafts.back().name = name;
  return drafts.back();
}

/// `configurations for x: {valid values for c: …}`, profiles, discovery: said for the whole file, not rules by themselves.
void read_for_each(std::vector<Draft>& drafts, const SuiteMember& member) {
  std::vector<std::string> names = member.value["datasets"].texts();
  for (std::string& name : names) {
    if (name.starts_with("include ")) name = name.substr(8);
  }
  const auto is_pattern = [](const std::string& name) {
    return name.find_first_of("%*") != std::string::npos || name.starts_with("exclude ");
  };
  names.erase(std::remove_if(names.begin(), names.end(), is_pattern), names.end());
  if (names.empty()) names.emplace_back("for-each-dataset");
  for (const std::string& name : names) ChecksReader(draft_for(drafts, name), "").read(member.value["checks"]);
}

std::string filter_of(const SuiteNode& root, std::string_view dataset) {
  if (dataset.find('[') == std::string_view::npos) return "";
  for (const SuiteMember& member : root.members) {
    if (member.key.starts_with("filter ") && trimmed(std::string_view(member.key).substr(7)) == dataset)
      return member.value["where"].text_or();
  }
  return "";
}

}  // namespace

Result<std::vector<Draft>> read_soda(const SuiteNode& root, const std::string& name) {
  std::vector<Draft> drafts;
  bool known = false;
  for (const SuiteMember& member : root.members) {
    const std::string_view key = member.key;
    known = known || key.starts_with("profile columns") || key.starts_with("discover") ||
            key.starts_with("sample datasets") || key.starts_with("automated monitoring") ||
            key.starts_with("filter ") || key.starts_with("configurations for ");
    if (key.starts_with("for each dataset") || key.starts_with("for each table")) {
      read_for_each(drafts, member);
      known = true;
    }
    if (!key.starts_with("checks for ")) {
      if (key.starts_with("reconciliation ")) {
        Draft& draft = draft_for(drafts, name);
        draft.begin(one_line(key, 80), member.line, member.column);
        draft.leave_out("it compares two data sources");
        known = true;
      }
      continue;
    }
    known = true;
    const std::string_view dataset = trimmed(key.substr(11));
    Draft& draft = draft_for(drafts, dataset_of(dataset));
    const std::string where = filter_of(root, dataset);
    std::string filter;
    if (!where.empty()) {
      const Result<std::string> condition = translate_condition(where, ConditionDialect::Sql);
      if (condition)
        filter = *condition;
      else
        draft.remarks.push_back("The filter of " + one_line(dataset, 60) +
                                " is not carried over, the rules see every record: " + condition.error().message);
    }
    ChecksReader(draft, filter).read(member.value);
  }
  if (drafts.empty() && (root.has("columns") || (root.has("dataset") && root.has("checks")))) {
    drafts.push_back(read_soda_contract(root, name));
    known = true;
  }
  if (!known) {
    return Error{.message = "there is no `checks for …` and no contract: these are no checks of Soda",
                 .where = {.line = std::max(root.line, 1), .column = std::max(root.column, 1)}};
  }
  if (drafts.empty()) {
    drafts.emplace_back();
    drafts.back().name = name;
  }
  return drafts;
}

}  // namespace weir
