// SPDX-License-Identifier: Apache-2.0
// One pass over every scalar. What is put in is never looked at again, so a value cannot name further variables.
#include "rules/variables.h"

#include <map>
#include <vector>

#include "base/text.h"
#include "rules/codes.h"

namespace weir {
namespace {

// A variable of variables grows with each level: all that is put in together stays below this.
constexpr std::size_t kMaxInserted = std::size_t{4} << 20;

bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool continues_name(char c) {
  return begins_name(c) || (c >= '0' && c <= '9');
}

std::string_view name_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  if (end < text.size() && begins_name(text[end])) {
    while (end < text.size() && continues_name(text[end])) ++end;
  }
  return text.substr(at, end - at);
}

class Substitution {
 public:
  Substitution(Bundle& bundle, const LoadOptions& options, Findings& findings)
      : bundle_(bundle), options_(options), findings_(findings) {}

  void run() {
    for (const std::string& name : bundle_.var_order) resolve(name);
    for (const auto& [name, value] : options_.vars) values_[name] = {.text = value, .plain = true, .known = true};
    for (const auto& document : bundle_.documents) {
      if (document->root == nullptr) continue;
      for (const YamlNode::Member& member : document->root->members) {
        const std::string& section = member.key->text;
        if (section != "vars" && section != "tests" && section != "include") replace_all(*member.value);
      }
    }
  }

 private:
  struct Value {
    std::string text;
    bool plain = true;
    bool known = true;  // false: a fault in its definition was told
  };

  void resolve(const std::string& name) {
    YamlNode& node = *bundle_.vars.find(name)->second.value;
    if (!node.is_scalar() && !node.is_null()) return;  // told by whoever looks at `vars`
    if (options_.vars.contains(name)) return;
    replace(node);
    values_[name] = {
        .text = node.is_null() ? "null" : node.text, .plain = node.plain, .known = !findings_.is_spoiled(node.where())};
  }

  void replace_all(YamlNode& node) {
    if (node.substituted) return;  // an alias led here before
    if (node.is_scalar()) replace(node);
    node.substituted = true;
    for (YamlNode* item : node.items) replace_all(*item);
    for (const YamlNode::Member& member : node.members) replace_all(*member.value);
  }

  void replace(YamlNode& node) {
    if (node.substituted) return;
    node.substituted = true;
    const std::string_view text = node.text;
    const bool names_a_set = text.size() > 1 && text[0] == '$' && bundle_.sets.contains(text.substr(1));
    if (names_a_set || text.find('$') == std::string_view::npos) return;
    std::string out;
    bool whole_plain = node.plain;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t dollar = text.find('$', at);
      out += text.substr(at, dollar - at);
      if (dollar == std::string_view::npos) break;
      at = dollar + 1;
      const std::string_view name = name_at(text, at);
      if (name.empty()) {
        at += literal_dollar(node, at) ? 1 : 0;
        out += '$';
        continue;
      }
      at += name.size();
      const bool from_environment =
          name == "env" && at < text.size() && text[at] == ':' && !name_at(text, at + 1).empty();
      const std::string_view variable = from_environment ? name_at(text, at + 1) : name;
      if (from_environment) at += 1 + variable.size();
      const Value* const value = from_environment ? environment(node, dollar, variable) : find(node, dollar, variable);
      if (value == nullptr) {
        findings_.spoil(node.where());
        return;
      }
      inserted_ += value->text.size();
      if (inserted_ > kMaxInserted) {
        findings_.error(codes::kLimit, node.where(), "the variables of this file put in more than 4 MiB of text", {});
        return;
      }
      out += value->text;
      if (dollar == 0 && at == text.size()) whole_plain = value->plain;
    }
    node.text = std::move(out);
    node.plain = whole_plain;
    node.layout = YamlNode::Layout::Elsewhere;
  }

  /// A dollar that begins no name: true when a second one follows that belongs to it.
  bool literal_dollar(const YamlNode& node, std::size_t at) {
    if (at < node.text.size() && node.text[at] == '{' && !name_at(node.text, at + 1).empty()) {
      const std::string name(name_at(node.text, at + 1));
      findings_.error(codes::kVariable, node.where(at - 1, static_cast<int>(name.size()) + 3),
                      "`${" + name + "}` is not how weir writes a variable",
                      {.label = "write `$" + name + "`", .help = {}});
      findings_.spoil(node.where());
    }
    return at < node.text.size() && node.text[at] == '$';
  }

  const Value* find(const YamlNode& node, std::size_t dollar, std::string_view name) {
    const auto declared = bundle_.vars.find(name);
    if (declared != bundle_.vars.end()) declared->second.used = true;
    const auto value = values_.find(name);
    if (value != values_.end()) return value->second.known ? &value->second : nullptr;
    const auto given = options_.vars.find(std::string(name));
    if (given != options_.vars.end())
      return &(values_[std::string(name)] = {.text = given->second, .plain = true, .known = true});
    if (!bundle_.complete) return nullptr;  // a missing include was told already
    std::vector<std::string_view> known;
    for (const auto& [known_name, unused] : values_) known.push_back(known_name);
    for (const auto& [set, unused] : bundle_.sets) known.push_back(set);
    // A set may be called what a variable may not: `$country-codes`.
    const std::string_view rest = std::string_view(node.text).substr(dollar + 1);
    const bool alone = dollar == 0 && rest.find_first_of("$ \t\n") == std::string_view::npos;
    std::string label = did_you_mean(alone ? rest : name, known);
    if (declared != bundle_.vars.end()) label = "it is defined further down";
    findings_.error(codes::kVariable, node.where(dollar, static_cast<int>(name.size()) + 1),
                    "unknown variable or set `$" + shorten(alone ? rest : name, 64) + "`",
                    {.label = std::move(label),
                     .help = "variables are defined under `vars` or with --var, lists under `sets`; a dollar sign "
                             "itself is written `$$`"});
    return nullptr;
  }

  const Value* environment(const YamlNode& node, std::size_t dollar, std::string_view name) {
    const std::string key = "env:" + std::string(name);
    const auto known = values_.find(key);
    if (known != values_.end()) return &known->second;
    std::optional<std::string> text;
    if (options_.environment) text = options_.environment(std::string(name));
    if (text) return &(values_[key] = {.text = *std::move(text), .plain = true, .known = true});
    findings_.error(codes::kEnvironment, node.where(dollar, static_cast<int>(key.size()) + 1),
                    "the environment has no variable " + backquoted(name),
                    {.label = "it is asked for here", .help = {}});
    return nullptr;
  }

  Bundle& bundle_;
  const LoadOptions& options_;
  Findings& findings_;
  std::map<std::string, Value, std::less<>> values_;
  std::size_t inserted_ = 0;
};

}  // namespace

void substitute_variables(Bundle& bundle, const LoadOptions& options, Findings& findings) {
  Substitution(bundle, options, findings).run();
}

}  // namespace weir
