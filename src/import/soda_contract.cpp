// SPDX-License-Identifier: Apache-2.0
// Soda's contracts: `dataset`, `columns` with their `checks`, and `checks` of the whole. A check is named by `type`
// (`type: missing_count`, `type: no_missing_values`) or by its key (`- missing:`), with `must_be…` beside it or under
// `threshold`.
#include <array>

#include "import/condition.h"
#include "import/soda_check.h"
#include "import/type_names.h"
#include "import/words.h"

namespace weir {
namespace {

std::optional<SodaThreshold> threshold_of(const SuiteNode& node) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kSigns = {{
      {"must_be", "=="},
      {"must_not_be", "!="},
      {"must_be_greater_than", ">"},
      {"must_be_greater_than_or_equal", ">="},
      {"must_be_less_than", "<"},
      {"must_be_less_than_or_equal", "<="},
      {"must_be_equal", "=="},
  }};
  for (const auto& [key, sign] : kSigns) {
    if (node[key].is_number()) return SodaThreshold{.sign = std::string(sign), .low = node[key].text, .high = {}};
  }
  for (const char* key : {"must_be_between", "must_be_not_between", "must_not_be_between"}) {
    const SuiteNode& ends = node[key];
    SodaThreshold out{.sign = {}, .low = {}, .high = {}, .outside = std::string_view(key) != "must_be_between"};
    if (ends.items.size() == 2) {
      out.low = ends.items[0].text_or();
      out.high = ends.items[1].text_or();
    }
    for (const SuiteMember& member : ends.members) {
      const bool low = member.key.starts_with("greater_than");
      (low ? out.low : out.high) = member.value.text_or();
      (low ? out.open_low : out.open_high) = !member.key.ends_with("_or_equal");
    }
    if (is_number(out.low) && is_number(out.high)) return out;
  }
  return std::nullopt;
}

bool asks_for_something(const SuiteNode& node) {
  for (const SuiteMember& member : node.members) {
    if (member.key.starts_with("must_") || member.key == "threshold") return true;
  }
  return false;
}

class ContractReader {
 public:
  explicit ContractReader(Draft& draft) : draft_(draft) {}

  void checks(const SuiteNode& list, const std::string& column) {
    for (const SuiteNode& item : list.items) {
      static const SuiteNode kNothing;
      const bool by_type = item["type"].is_text();
      const bool by_key = !by_type && item.is_map() && !item.members.empty();
      const std::string name = by_type ? item["type"].text : by_key ? item.members.front().key : item.text_or();
      draft_.begin(name.empty() ? "(a check)" : one_line(name, 80), item, column.empty() ? "" : path_of(column));
      check(name, by_type ? item : by_key ? item.members.front().value : kNothing, column);
    }
  }

 private:
  void check(const std::string& name, const SuiteNode& options, const std::string& column) {
    std::string metric = lower(name);
    const bool none = metric.starts_with("no_") && metric.ends_with("_values");
    if (none) metric = metric.substr(3, metric.size() - 10) + "_count";
    const SuiteNode& threshold = options["threshold"].is_map() ? options["threshold"] : options;
    const bool percent = lower(threshold["metric"].text_or()) == "percent";
    if (metric == "missing" || metric == "invalid" || metric == "duplicate") metric += percent ? "_percent" : "_count";
    if (metric == "aggregate") metric = lower(options["function"].text_or());
    if (metric == "rows_exist") metric = "row_count";
    if (metric == "schema") return draft_.note("The columns of the contract are asked for one by one.");
    if (metric == "freshness" || metric.starts_with("freshness_in_"))
      return freshness(metric, options, threshold, column);
    if (metric == "failed_rows") return failed_rows(options);
    SodaCheck made{.draft = draft_, .metric = metric, .columns = {}, .options = options};
    if (!column.empty()) made.columns.push_back(column);
    if (column.empty()) made.columns = options["columns"].texts();
    made.description = one_line(options["name"].text_or(), 300);
    std::optional<SodaThreshold> bound = threshold_of(threshold);
    if (!bound && asks_for_something(threshold)) return draft_.leave_out("its threshold is not understood");
    if (!bound)
      bound = metric == "row_count" ? SodaThreshold{.sign = ">", .low = "0", .high = {}}
                                    : SodaThreshold{.sign = "==", .low = "0", .high = {}};
    (lower(threshold["level"].text_or()) == "warn" ? made.should : made.must) = bound;
    const SuiteNode& filter = options["filter"].is_null() ? options["filter_sql"] : options["filter"];
    if (filter.is_text()) {
      const Result<std::string> when = translate_condition(filter.text, ConditionDialect::Sql);
      if (!when) return draft_.leave_out("its filter cannot be said: " + when.error().message);
      made.when = *when;
    }
    if (options.has("valid_values_reference_data") || options.has("valid_reference_data"))
      return draft_.leave_out("the values of the other dataset have to be a file for weir: exists_in");
    translate_soda_metric(made);
  }

  void freshness(const std::string& metric, const SuiteNode& options, const SuiteNode& threshold,
                 const std::string& column) {
    const std::string named = column.empty() ? options["column"].text_or() : column;
    std::string unit =
        lower(threshold["unit"].text_or(metric.size() > 13 ? std::string_view(metric).substr(13) : "hour"));
    while (unit.ends_with('s')) unit.pop_back();
    std::optional<SodaThreshold> bound = threshold_of(threshold);
    if (named.empty() || !bound || (unit != "hour" && unit != "day" && unit != "minute"))
      return draft_.leave_out("it names no column, or no fixed time");
    SodaCheck made{.draft = draft_, .metric = "freshness", .columns = {named}, .options = options, .must = bound};
    made.judge_window("freshness(" + field_in_expression(made.path()) + ")", unit.substr(0, 1), true);
  }

  void failed_rows(const SuiteNode& options) {
    const Result<std::string> bad = translate_condition(options["expression"].text_or(), ConditionDialect::Sql);
    if (!bad || !options["expression"].is_text()) return draft_.leave_out("it is a query in SQL");
    draft_.add({.where = DraftRule::Where::Records,
                .check = "expr",
                .value = expression_in_yaml("!(" + *bad + ")"),
                .id = draft_.free_id("failed-rows")});
  }

  Draft& draft_;
};

}  // namespace

Draft read_soda_contract(const SuiteNode& root, const std::string& name) {
  Draft draft;
  const std::string dataset = root["dataset"].text_or(name);
  draft.name = dataset.substr(dataset.find_last_of('/') + 1);
  draft.owner = root["owner"].text_or();
  ContractReader reader(draft);
  for (const SuiteNode& column : root["columns"].items) {
    const std::string path = path_of(column["name"].text_or());
    if (!column["name"].is_text()) {
      draft.begin("(a column)", column);
      draft.leave_out("it has no name");
      continue;
    }
    if (!column["optional"].is_true()) {
      draft.begin("column", column, path);
      draft.add_check(path, "required", "present");
    }
    if (column["data_type"].is_text()) {
      draft.begin("data_type", column["data_type"], path);
      const std::string type = type_of_name(column["data_type"].text);
      if (type.empty())
        draft.leave_out("weir has no type `" + one_line(column["data_type"].text, 40) + "` for records");
      else
        draft.add_check(path, "type", type);
    }
    reader.checks(column["checks"], column["name"].text);
  }
  reader.checks(root["checks"], "");
  return draft;
}

}  // namespace weir
