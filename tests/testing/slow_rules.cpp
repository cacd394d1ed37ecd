// SPDX-License-Identifier: Apache-2.0
#include "testing/slow_rules.h"

#include "testing/slow_checks.h"

namespace weir::testing {

namespace {

enum class Verdict { Skip, Pass, Fail };

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string print(const SlowLiteral& literal) {
  return literal.quoted ? quoted(literal.text) : literal.text;
}

std::string print_list(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ", ") + part;
  return "[" + out + "]";
}

std::string print_value(const SlowRule& rule) {
  if (rule.expression) return quoted(rule.expression->print());
  if (!rule.paths.empty()) return print_list(rule.paths);
  if (rule.strict || !rule.by.empty()) {
    return "{" + (rule.strict ? std::string("strict: true") : "") + (rule.strict && !rule.by.empty() ? ", " : "") +
           (rule.by.empty() ? "" : "by: " + rule.by) + "}";
  }
  if (rule.values.empty()) return "true";
  if (!rule.is_list) return print(rule.values[0]);
  std::vector<std::string> parts;
  for (const SlowLiteral& value : rule.values) parts.push_back(print(value));
  return print_list(parts);
}

std::string print(const SlowRule& rule) {
  std::string out = "{id: " + rule.id + ", '" + rule.check + "': " + print_value(rule);
  if (rule.nulls_fail) out += ", nulls: fail";
  if (rule.halts) out += ", on_fail: halt";
  if (rule.when) out += ", when: " + quoted(rule.when->print());
  return out + "}";
}

std::vector<std::string> paths_of(const SlowRule& rule) {
  std::vector<std::string> out = rule.paths;
  if (!rule.path.empty()) out.push_back(rule.path);
  if (!rule.by.empty()) out.push_back(rule.by);
  if (rule.when) rule.when->add_fields(out);
  if (rule.expression) rule.expression->add_fields(out);
  return out;
}

class Judge {
 public:
  explicit Judge(const SlowRules& rules) : rules_(rules), seen_(rules.rules.size()), last_(rules.rules.size()) {
    for (const SlowRule& rule : rules.rules) {
      answer_.rules[rule.id] = {};
      for (const std::string& path : paths_of(rule)) named_.insert(path.substr(0, path.find_first_of(".[")));
    }
  }

  void judge(std::uint64_t line, const std::string& bytes) {
    if (answer_.halted) return;
    ++answer_.records;
    const std::optional<SlowJson> tree = slow_parse(bytes);
    count("decode", line, tree ? Verdict::Pass : Verdict::Fail);
    if (!tree) {
      ++answer_.undecodable;
      return;
    }
    tree_ = &*tree;
    if (tree->has_key_twice()) ++answer_.duplicate_keys;
    if (rules_.duplicate_keys) count("duplicate_keys", line, tree->has_key_twice() ? Verdict::Fail : Verdict::Pass);
    if (rules_.extra_fields) count("extra_fields", line, has_extra_field() ? Verdict::Fail : Verdict::Pass);
    for (std::size_t i = 0; i < rules_.rules.size(); ++i) {
      const Verdict verdict = judge_rule(i);
      count(rules_.rules[i].id, line, verdict);
      if (verdict == Verdict::Fail && rules_.rules[i].halts) answer_.halted = true;
    }
  }

  [[nodiscard]] const Answer& answer() const { return answer_; }

 private:
  void count(const std::string& id, std::uint64_t line, Verdict verdict) {
    SlowCounts& counts = answer_.rules[id];
    ++(verdict == Verdict::Skip ? counts.skipped : counts.evaluated);
    if (verdict != Verdict::Fail) return;
    ++counts.failed;
    answer_.failing.emplace(line, id);
  }

  [[nodiscard]] bool has_extra_field() const {
    for (const std::string& key : tree_->keys) {
      if (!named_.contains(key)) return true;
    }
    return false;
  }

  /// The value that rules see: one that stands for null is null.
  [[nodiscard]] const SlowJson* folded(const std::string& path, const SlowJson* value) const {
    static const SlowJson null;
    const auto missing = rules_.missing_values.find(path);
    if (value == nullptr || missing == rules_.missing_values.end()) return value;
    for (const std::string& text : missing->second) {
      const std::optional<SlowJson> literal = slow_parse(text);
      const bool is_number = literal && literal->type == SlowJson::Type::Number;
      if (value->type == SlowJson::Type::Number && is_number && value->equals(*literal)) return &null;
      if ((value->type == SlowJson::Type::Text || value->type == SlowJson::Type::Boolean) && value->text == text)
        return &null;
    }
    return value;
  }

  [[nodiscard]] const SlowJson* field(const std::string& path) const {
    return folded(path, slow_find(*tree_, path)[0]);
  }

  SlowTruth decide(const SlowExpression& expression) {
    return expression.decide(
        [](const void* self, const std::string& path) { return static_cast<const Judge*>(self)->field(path); }, this);
  }

  static bool is_missing(const SlowJson* value) { return value == nullptr || value->type == SlowJson::Type::Null; }
  static Verdict verdict_of(bool holds) { return holds ? Verdict::Pass : Verdict::Fail; }

  Verdict judge_rule(std::size_t index) {
    const SlowRule& rule = rules_.rules[index];
    if (rule.when && decide(*rule.when) != SlowTruth::Yes) return Verdict::Skip;
    if (rule.expression) {
      const SlowTruth truth = decide(*rule.expression);
      return truth == SlowTruth::Unknown ? Verdict::Skip : verdict_of(truth == SlowTruth::Yes);
    }
    if (rule.path.empty()) return judge_record(index);
    // A record fails with its first failing element, and is skipped when every element is.
    Verdict verdict = Verdict::Skip;
    for (const SlowJson* const element : slow_find(*tree_, rule.path)) {
      const Verdict one = judge_element(index, folded(rule.path, element));
      if (one == Verdict::Fail || verdict == Verdict::Skip) verdict = one;
    }
    return verdict;
  }

  Verdict judge_record(std::size_t index) {
    const SlowRule& rule = rules_.rules[index];
    std::size_t present = 0;
    std::string key;
    for (const std::string& path : rule.paths) {
      const SlowJson* const value = field(path);
      if (is_missing(value)) continue;
      ++present;
      key += std::to_string(slow_key(*value).size()) + ":" + slow_key(*value);
    }
    if (rule.check == "any_of") return verdict_of(present > 0);
    if (rule.check == "all_of") return verdict_of(present == rule.paths.size());
    if (present < rule.paths.size()) return rule.nulls_fail ? Verdict::Fail : Verdict::Skip;
    return verdict_of(seen_[index].insert(key).second);
  }

  Verdict judge_element(std::size_t index, const SlowJson* value) {
    const SlowRule& rule = rules_.rules[index];
    if (rule.check == "required")
      return verdict_of(rule.values[0].text == "present" ? value != nullptr : !is_missing(value));
    if (rule.check == "null") return verdict_of(is_missing(value));
    if (is_missing(value)) return rule.nulls_fail ? Verdict::Fail : Verdict::Skip;
    if (rule.check == "unique") return verdict_of(seen_[index].insert(slow_key(*value)).second);
    if (rule.check == "increasing" || rule.check == "decreasing" || rule.check == "sequence")
      return judge_order(index, *value);
    return verdict_of(slow_holds(rule, *value));
  }

  Verdict judge_order(std::size_t index, const SlowJson& value) {
    const SlowRule& rule = rules_.rules[index];
    std::string key;
    if (!rule.by.empty()) {
      const SlowJson* const by = field(rule.by);
      if (is_missing(by)) return Verdict::Skip;
      key = slow_key(*by);
    }
    if (value.type != SlowJson::Type::Number) return Verdict::Fail;
    const SlowNumber number = SlowNumber::read(value.text);
    if (number.precision() > 18 || number.scale() > 18) return Verdict::Fail;  // beyond what is kept
    const auto before = last_[index].find(key);
    bool holds = true;
    if (before != last_[index].end()) {
      const int order = number.compare(before->second);
      if (rule.check == "increasing") holds = rule.strict ? order > 0 : order >= 0;
      if (rule.check == "decreasing") holds = rule.strict ? order < 0 : order <= 0;
      if (rule.check == "sequence") holds = number == before->second.plus(SlowNumber::read("1"));
    }
    last_[index][key] = number;
    return verdict_of(holds);
  }

  const SlowRules& rules_;
  std::set<std::string> named_;                          // fields of the record that some rule names
  std::vector<std::set<std::string>> seen_;              // unique, by rule
  std::vector<std::map<std::string, SlowNumber>> last_;  // increasing, decreasing, sequence, by rule and key
  const SlowJson* tree_ = nullptr;
  Answer answer_;
};

}  // namespace

std::string SlowRules::yaml() const {
  std::string out = "weir: 1\n";
  if (extra_fields) out += "extra_fields: fail\n";
  if (duplicate_keys) out += "duplicate_keys: warn\n";
  std::map<std::string, std::vector<std::string>> by_path;
  std::string records;
  for (const SlowRule& rule : rules) {
    if (rule.path.empty()) records += "  - " + print(rule) + "\n";
    if (!rule.path.empty()) by_path[rule.path].push_back(print(rule));
  }
  for (const auto& [path, values] : missing_values) {
    std::vector<std::string> parts;
    for (const std::string& value : values) parts.push_back(quoted(value));
    by_path[path].push_back("{missing_values: " + print_list(parts) + "}");
  }
  if (!by_path.empty()) out += "fields:\n";
  for (const auto& [path, entries] : by_path) {
    out += "  " + quoted(path) + ":\n";
    for (const std::string& entry : entries) out += "    - " + entry + "\n";
  }
  return records.empty() ? out : out + "records:\n" + records;
}

std::string difference(const Answer& expected, const Answer& actual) {
  const auto differ = [](const std::string& what, std::uint64_t a, std::uint64_t b) {
    return what + ": expected " + std::to_string(a) + ", got " + std::to_string(b);
  };
  if (expected.records != actual.records) return differ("records", expected.records, actual.records);
  if (expected.undecodable != actual.undecodable)
    return differ("undecodable", expected.undecodable, actual.undecodable);
  for (const auto& [line, id] : expected.failing) {
    if (!actual.failing.contains({line, id})) return "line " + std::to_string(line) + " has to fail " + id;
  }
  for (const auto& [line, id] : actual.failing) {
    if (!expected.failing.contains({line, id})) return "line " + std::to_string(line) + " must not fail " + id;
  }
  for (const auto& [id, counts] : expected.rules) {
    const auto other = actual.rules.find(id);
    if (other == actual.rules.end()) return "no rule " + id;
    if (counts.evaluated != other->second.evaluated)
      return differ(id + " evaluated", counts.evaluated, other->second.evaluated);
    if (counts.skipped != other->second.skipped) return differ(id + " skipped", counts.skipped, other->second.skipped);
    if (counts.failed != other->second.failed) return differ(id + " failed", counts.failed, other->second.failed);
  }
  if (expected.rules.size() != actual.rules.size()) return differ("rules", expected.rules.size(), actual.rules.size());
  if (expected.halted != actual.halted) return differ("halted", expected.halted, actual.halted);
  return "";
}

Answer slow_answer(const SlowRules& rules, const std::vector<std::string>& records) {
  Judge judge(rules);
  for (std::size_t i = 0; i < records.size(); ++i) judge.judge(i + 1, records[i]);
  return judge.answer();
}

}  // namespace weir::testing
