// SPDX-License-Identifier: Apache-2.0
#include "import/write.h"

#include <algorithm>

#include "base/text.h"
#include "import/words.h"

namespace weir {
namespace {

constexpr std::size_t kLineLimit = 118;
constexpr std::size_t kCommentLimit = 110;

using Keys = std::vector<std::pair<std::string, std::string>>;

std::string flow_map(const Keys& keys) {
  std::string out = "{";
  for (const auto& [key, value] : keys) out += (out.size() == 1 ? "" : ", ") + key + ": " + value;
  return out + "}";
}

std::string check_key(const std::string& check) {
  return check == "null" ? "\"null\"" : check;
}

/// The keys of one rule, options behind what it is about.
Keys keys_of(const DraftRule& rule) {
  Keys keys;
  const auto text = [&keys](const char* key, const std::string& value) {
    if (!value.empty()) keys.emplace_back(key, text_in_yaml(value));
  };
  const auto expression = [&keys](const char* key, const std::string& value) {
    if (!value.empty()) keys.emplace_back(key, expression_in_yaml(value));
  };
  if (rule.where == DraftRule::Where::Window) {
    expression("must", rule.must);
    expression("should", rule.should);
    text("id", rule.id);
  } else {
    text("id", rule.id);
    keys.emplace_back(check_key(rule.check), rule.value);
  }
  expression("when", rule.when);
  text("nulls", rule.nulls);
  text("on_empty", rule.on_empty);
  text("severity", rule.severity);
  text("on_fail", rule.on_fail);
  if (!rule.tags.empty()) keys.emplace_back("tags", list_in_yaml(rule.tags));
  text("description", rule.description);
  return keys;
}

class Writer {
 public:
  Writer(const Draft& draft, const SuiteOrigin& origin, bool together)
      : draft_(draft), origin_(origin), together_(together), told_(draft.sources.size()) {}

  WrittenDraft write() {
    header();
    fields();
    records();
    windows();
    return std::move(out_);
  }

 private:
  void line(const std::string& text, const std::vector<std::size_t>& rules = {}) {
    out_.text += text + "\n";
    out_.rules.push_back(rules);
  }

  /// A sentence as a comment, broken between words.
  void comment(const std::string& indent, const std::string& sentence) {
    std::string rest = one_line(sentence, 1000);
    std::string lead = indent + "# ";
    while (!rest.empty()) {
      std::size_t cut = rest.size();
      if (lead.size() + rest.size() > kCommentLimit) {
        cut = rest.rfind(' ', kCommentLimit - lead.size());
        if (cut == std::string::npos || cut == 0) cut = std::min(rest.find(' '), rest.size());
      }
      line(lead + rest.substr(0, cut));
      rest = cut < rest.size() ? rest.substr(cut + 1) : "";
      lead = indent + "#   ";
    }
  }

  void header() {
    const std::size_t carried = carried_over(draft_);
    const std::size_t all = draft_.sources.size();
    comment("", "Made by `" + origin_.command + "` from " + one_line(origin_.file) +
                    (draft_.name.empty() ? "" : ", " + one_line(draft_.name)) + ": " + std::to_string(carried) +
                    " of " + std::to_string(all) + (all == 1 ? " rule" : " rules") + " carried over" +
                    (carried == all ? "." : "; the others are comments where they would stand."));
    for (const std::string& remark : draft_.remarks) comment("", remark);
    line("weir: 1");
    Keys meta;
    if (!draft_.owner.empty()) meta.emplace_back("owner", text_in_yaml(draft_.owner));
    if (!draft_.description.empty()) meta.emplace_back("description", text_in_yaml(one_line(draft_.description, 400)));
    if (!meta.empty()) {
      line("meta:");
      for (const auto& [key, value] : meta) line("  " + key + ": " + value);
    }
  }

  /// What is said of the source behind the rules: notes, or that it is left out. Once for each source.
  void tell(const std::string& indent, std::size_t source) {
    if (told_[source]) return;
    told_[source] = true;
    const SourceRule& rule = draft_.sources[source];
    if (!rule.left_out.empty()) {
      comment(indent,
              "left out, line " + std::to_string(rule.line) + ": " + one_line(rule.name, 200) + ": " + rule.left_out);
    }
    for (const std::string& note : rule.notes) comment(indent, note);
  }

  /// The sources about a field that brought nothing into the rule file.
  void tell_left_out(const std::string& indent, const std::string& subject) {
    for (std::size_t i = 0; i < draft_.sources.size(); ++i) {
      if (draft_.sources[i].subject == subject && !draft_.sources[i].left_out.empty()) tell(indent, i);
    }
  }

  void fields() {
    std::vector<std::string> order;
    const auto see = [&order](const std::string& field) {
      if (std::find(order.begin(), order.end(), field) == order.end()) order.push_back(field);
    };
    std::size_t rule = 0;
    for (std::size_t source = 0; source < draft_.sources.size(); ++source) {
      for (; rule < draft_.rules.size() && draft_.rules[rule].source <= source; ++rule) {
        if (draft_.rules[rule].where == DraftRule::Where::Field) see(draft_.rules[rule].field);
      }
      if (!draft_.sources[source].left_out.empty() && !draft_.sources[source].subject.empty())
        see(draft_.sources[source].subject);
    }
    if (order.empty()) return;
    line("");
    const bool any = std::any_of(draft_.rules.begin(), draft_.rules.end(),
                                 [](const DraftRule& r) { return r.where == DraftRule::Where::Field; });
    line(any ? "fields:" : "# fields:");
    for (const std::string& field : order) write_field(field);
  }

  void write_field(const std::string& field) {
    std::vector<std::size_t> plain;
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < draft_.rules.size(); ++i) {
      const DraftRule& rule = draft_.rules[i];
      if (rule.where != DraftRule::Where::Field || rule.field != field) continue;
      const bool twice =
          std::any_of(plain.begin(), plain.end(), [&](std::size_t j) { return draft_.rules[j].check == rule.check; });
      (rule.is_plain() && together_ && !twice ? plain : others).push_back(i);
    }
    const std::string key = key_in_yaml(field);
    if (plain.empty() && others.empty()) {
      comment("  ", field + ":");
      tell_left_out("  ", field);
      return;
    }
    if (others.empty()) {
      tell_left_out("  ", field);
      for (const std::size_t i : plain) tell("  ", draft_.rules[i].source);
      write_map("  " + key + ": ", "    ", plain, "  " + key + ":");
      return;
    }
    line("  " + key + ":");
    tell_left_out("    ", field);
    for (const std::size_t i : plain) tell("    ", draft_.rules[i].source);
    if (!plain.empty()) write_map("    - ", "      ", plain, "");
    for (const std::size_t i : others) {
      tell("    ", draft_.rules[i].source);
      write_map("    - ", "      ", {i}, "");
    }
  }

  /// Rules as one map: on one line where that fits, else a key a line.
  void write_map(const std::string& lead, const std::string& indent, const std::vector<std::size_t>& rules,
                 const std::string& own_line) {
    Keys keys;
    std::vector<std::size_t> rule_of_key;
    for (const std::size_t i : rules) {
      for (auto& pair : keys_of(draft_.rules[i])) {
        keys.push_back(std::move(pair));
        rule_of_key.push_back(i);
      }
    }
    const std::string flow = flow_map(keys);
    if (lead.size() + display_width(flow) <= kLineLimit) {
      line(lead + flow, rules);
      return;
    }
    if (!own_line.empty()) line(own_line, rules);
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const std::string& begin = k == 0 && own_line.empty() ? lead : indent;
      write_value(begin + keys[k].first + ": ", indent + "  ", keys[k].second, rule_of_key[k]);
    }
  }

  /// A value that may be too long for one line: a list is broken between its items.
  void write_value(const std::string& lead, const std::string& indent, const std::string& value, std::size_t rule) {
    std::string text = lead;
    std::size_t width = display_width(lead);
    const bool list = value.starts_with('[');
    char quote = 0;
    for (std::size_t i = 0; i < value.size(); ++i) {
      const char c = value[i];
      text += c;
      ++width;
      if (quote != 0) {
        if (c == '\\' && quote == '"' && i + 1 < value.size()) text += value[++i];
        if (c == quote) quote = 0;
        continue;
      }
      if (c == '"' || c == '\'') quote = c;
      if (list && c == ',' && width > kLineLimit - 20 && i + 1 < value.size() && value[i + 1] == ' ') {
        line(text, {rule});
        text = indent;
        width = indent.size();
        ++i;
      }
    }
    line(text, {rule});
  }

  void records() {
    std::vector<std::size_t> rules;
    for (std::size_t i = 0; i < draft_.rules.size(); ++i) {
      if (draft_.rules[i].where == DraftRule::Where::Records && draft_.rules[i].check != "extra_fields")
        rules.push_back(i);
    }
    for (std::size_t i = 0; i < draft_.rules.size(); ++i) {
      if (draft_.rules[i].check != "extra_fields") continue;
      tell("", draft_.rules[i].source);
      line("extra_fields: " + draft_.rules[i].value, {i});
    }
    if (rules.empty()) return;
    line("");
    line("records:");
    for (const std::size_t i : rules) {
      tell("  ", draft_.rules[i].source);
      write_map("  - ", "    ", {i}, "");
    }
  }

  void windows() {
    std::vector<std::size_t> rules;
    for (std::size_t i = 0; i < draft_.rules.size(); ++i) {
      if (draft_.rules[i].where == DraftRule::Where::Window) rules.push_back(i);
    }
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < draft_.sources.size(); ++i) {
      if (!told_[i] && (!draft_.sources[i].left_out.empty() || !draft_.sources[i].notes.empty())) left.push_back(i);
    }
    if (rules.empty() && left.empty()) return;
    line("");
    line(rules.empty() ? "# windows:" : "windows:");
    if (!rules.empty()) {
      line("  # without `every`: over the whole input of a run");
      line("  - rules:");
    }
    std::size_t next = 0;
    const auto tell_up_to = [&](std::size_t source) {
      for (; next < left.size() && left[next] < source; ++next) tell("      ", left[next]);
    };
    for (const std::size_t i : rules) {
      tell_up_to(draft_.rules[i].source);
      tell("      ", draft_.rules[i].source);
      write_map("      - ", "        ", {i}, "");
    }
    tell_up_to(draft_.sources.size());
  }

  const Draft& draft_;
  const SuiteOrigin& origin_;
  bool together_;
  std::vector<bool> told_;
  WrittenDraft out_;
};

}  // namespace

WrittenDraft write_draft(const Draft& draft, const SuiteOrigin& origin, bool together) {
  return Writer(draft, origin, together).write();
}

}  // namespace weir
