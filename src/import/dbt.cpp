// SPDX-License-Identifier: Apache-2.0
// The property files of dbt (schema.yml): models, seeds, snapshots and tables of sources, each a draft of its own. Tests stand
// under a table or a column; constraints and the freshness of sources are rules as well.
#include <algorithm>

#include "import/condition.h"
#include "import/dbt_test.h"
#include "import/import.h"
#include "import/type_names.h"
#include "import/words.h"

namespace weir {
namespace {

class TableReader {
 public:
  TableReader(Draft& draft, const SuiteNode& table) : draft_(draft), table_(table) {}

  void read() {
    tests(table_, "");
    constraints(table_, "");
    const bool contract =
        table_["config"]["contract"]["enforced"].is_true() || table_["contract"]["enforced"].is_true();
    for (const SuiteNode& column : table_["columns"].items) {
      const std::string path = dbt_path(column["name"].text_or());
      if (!column.is_map() || path.empty()) {
        draft_.begin("(a column)", column);
        draft_.leave_out("it has no name");
        continue;
      }
      if (contract && column["data_type"].is_text()) type(column["data_type"], path);
      tests(column, path);
      constraints(column, path);
    }
  }

 private:
  void tests(const SuiteNode& owner, const std::string& path) {
    for (const char* key : {"tests", "data_tests"}) {
      for (const SuiteNode& test : owner[key].items) one_test(test, path);
    }
  }

  void one_test(const SuiteNode& written, const std::string& path) {
    static const SuiteNode kNothing;
    const SuiteNode* arguments = &kNothing;
    std::string name;
    if (written.is_text()) {
      name = written.text;
    } else if (written["test_name"].is_text()) {
      name = written["test_name"].text;
      arguments = &written;
    } else {
      // {not_null: {…}}, at times with `config` beside it.
      for (const SuiteMember& member : written.members) {
        if (!name.empty() && member.key == "config") continue;
        if (!name.empty() && !member.value.is_map() && !member.value.is_null()) continue;
        if (name.empty() || name == "config" || name == "name") {
          name = member.key;
          arguments = &member.value;
        }
      }
    }
    const std::size_t dot = name.rfind('.');
    std::string subject = path;
    if (subject.empty()) subject = dbt_path((*arguments)["column_name"].text_or());
    draft_.begin(name.empty() ? "(a test)" : name, written, subject);
    if (name.empty()) return draft_.leave_out("it has no name");
    DbtTest test{.draft = draft_,
                 .package = dot == std::string::npos ? "" : name.substr(0, dot),
                 .name = dot == std::string::npos ? name : name.substr(dot + 1),
                 .arguments = *arguments,
                 .column = path};
    translate_dbt_test(test);
  }

  void constraints(const SuiteNode& owner, const std::string& path) {
    for (const SuiteNode& constraint : owner["constraints"].items) {
      const std::string kind = lower(constraint["type"].text_or());
      std::vector<std::string> columns = constraint["columns"].texts();
      for (std::string& column : columns) column = dbt_path(column);
      if (!path.empty()) columns = {path};
      draft_.begin("constraint " + kind, constraint, path);
      if (kind == "check") {
        const Result<std::string> condition =
            translate_condition(constraint["expression"].text_or(), ConditionDialect::Sql);
        if (!condition) {
          draft_.leave_out("the expression cannot be said: " + condition.error().message);
          continue;
        }
        draft_.add({.where = DraftRule::Where::Records,
                    .check = "expr",
                    .value = expression_in_yaml(*condition),
                    .id = draft_.free_id(path.empty() ? "check" : path + ".check")});
      } else if ((kind == "not_null" || kind == "unique" || kind == "primary_key") && !columns.empty()) {
        if (kind != "unique") {
          for (const std::string& column : columns) draft_.add_check(column, "required", "true");
        }
        if (kind != "not_null" && columns.size() == 1) draft_.add_check(columns.front(), "unique", "true");
        if (kind != "not_null" && columns.size() > 1)
          draft_.add({.where = DraftRule::Where::Records, .check = "unique", .value = list_in_yaml(columns)});
      } else {
        draft_.leave_out(kind == "foreign_key" ? "the values of the other table have to be a file for weir: exists_in"
                                               : "weir does not know this constraint");
      }
    }
  }

  void type(const SuiteNode& written, const std::string& path) {
    draft_.begin("data_type", written, path);
    const std::string type = type_of_name(written.text);
    if (type.empty()) return draft_.leave_out("weir has no type `" + one_line(written.text, 40) + "` for records");
    draft_.add_check(path, "type", type);
  }

  Draft& draft_;
  const SuiteNode& table_;
};

void read_freshness(Draft& draft, const SuiteNode& freshness, const std::string& column) {
  for (const char* key : {"error_after", "warn_after"}) {
    const SuiteNode& after = freshness[key];
    if (!after.is_map()) continue;
    draft.begin("freshness " + std::string(key), after);
    const std::string period = dbt_period(after);
    const Result<std::string> field = translate_condition(column, ConditionDialect::Sql);
    const bool simple = field && !field->empty() && field->find_first_of("(+ ") == std::string::npos;
    if (period.empty() || holds_template(after)) {
      draft.leave_out("`count` and `period` name no fixed time");
    } else if (!simple) {
      draft.leave_out(column.empty() ? "there is no `loaded_at_field`"
                                     : "`loaded_at_field` is an expression and no field");
    } else {
      DraftRule rule{.where = DraftRule::Where::Window, .on_empty = "fail"};
      (std::string_view(key) == "error_after" ? rule.must : rule.should) = "freshness(" + *field + ") <= " + period;
      draft.add(std::move(rule));
      if (freshness["filter"].is_text()) {
        const Result<std::string> when = translate_condition(freshness["filter"].text, ConditionDialect::Sql);
        if (!when)
          draft.leave_out("its filter cannot be said: " + when.error().message);
        else
          draft.last().when = *when;
      }
    }
  }
}

/// The casts that people put behind `loaded_at_field` change nothing in JSON.
std::string without_cast(std::string column) {
  const std::size_t cast = column.find("::");
  if (cast != std::string::npos) column.resize(cast);
  return column;
}

Draft draft_of(const SuiteNode& table) {
  Draft draft;
  draft.name = table["name"].text_or("table");
  draft.description = table["description"].text_or();
  if (holds_template(table["description"])) draft.description.clear();
  draft.owner = table["meta"]["owner"].text_or(table["config"]["meta"]["owner"].text_or());
  TableReader(draft, table).read();
  return draft;
}

void read_source(std::vector<Draft>& drafts, const SuiteNode& source) {
  for (const SuiteNode& table : source["tables"].items) {
    Draft draft = draft_of(table);
    const auto setting = [&](const char* key) -> const SuiteNode& {
      for (const SuiteNode* from : {&table, &table["config"], &source, &source["config"]}) {
        if (from->has(key)) return (*from)[key];
      }
      return table[key];
    };
    read_freshness(draft, setting("freshness"), without_cast(setting("loaded_at_field").text_or()));
    drafts.push_back(std::move(draft));
  }
}

}  // namespace

Result<std::vector<Draft>> read_dbt(const SuiteNode& root, const std::string& name) {
  std::vector<Draft> drafts;
  bool known = false;
  for (const char* key : {"models", "seeds", "snapshots", "sources"}) {
    if (!root.has(key)) continue;
    known = true;
    for (const SuiteNode& table : root[key].items) {
      if (std::string_view(key) == "sources") {
        read_source(drafts, table);
      } else {
        drafts.push_back(draft_of(table));
      }
    }
  }
  for (const char* key : {"exposures", "metrics", "semantic_models", "macros", "unit_tests", "analyses", "groups",
                          "saved_queries", "data_tests", "functions"})
    known = known || root.has(key);
  if (!root.is_map() || !known) {
    return Error{.message = "there are no `models`, `seeds`, `snapshots` or `sources`: this is no property file of dbt",
                 .where = {.line = std::max(root.line, 1), .column = std::max(root.column, 1)}};
  }
  // Tables without tests say nothing.
  drafts.erase(std::remove_if(drafts.begin(), drafts.end(), [](const Draft& draft) { return draft.sources.empty(); }),
               drafts.end());
  if (drafts.empty()) {
    drafts.emplace_back();
    drafts.back().name = name;
  }
  return drafts;
}

}  // namespace weir
