// SPDX-License-Identifier: Apache-2.0
// Reads a rule file and what it includes, depth first. An include cannot leave the directory of the file that names it, so
// that a rule file from a pull request cannot make weir read elsewhere on the machine.
#include "rules/bundle.h"

#include <algorithm>
#include <filesystem>

#include "rules/codes.h"
#include "rules/keys.h"
#include "rules/section.h"

namespace weir {
namespace {

// More files than this are a mistake, and each costs up to a MiB.
constexpr std::size_t kMaxFiles = 64;

class BundleReader {
 public:
  BundleReader(const LoadOptions& options, Findings& findings) : options_(options), findings_(findings) {}

  Bundle read(const std::string& path) {
    add_file(path, nullptr);
    for (const auto& document : bundle_.documents) bundle_.complete = bundle_.complete && document->root != nullptr;
    return std::move(bundle_);
  }

 private:
  /// Parses one file and takes its names; `included_at` is null for the rule file itself.
  void add_file(const std::string& path, const YamlNode* included_at) {
    const Result<std::string> text = options_.read_file(path);
    if (!text) {
      const SourceSpan where = included_at == nullptr ? SourceSpan{.file = path} : included_at->where();
      bundle_.complete = false;
      findings_.error(included_at == nullptr ? codes::kUnreadable : codes::kCannotRead, where, text.error().message,
                      {.label = {}, .help = text.error().help});
      return;
    }
    const std::string& source = bundle_.sources[path] = without_mark(*text);
    bundle_.documents.push_back(parse_yaml(path, source));
    YamlDocument& document = *bundle_.documents.back();
    for (const Error& error : document.errors) findings_.error(error, codes::kSyntax, {.file = path});
    for (const YamlNode& node : document.nodes) {
      if (node.spoiled) findings_.spoil(node.where());
    }
    if (document.root == nullptr) {
      if (document.errors.empty())
        findings_.error(codes::kShape, {.file = path}, "the file is empty",
                        {.label = {}, .help = "a rule file begins with `weir: 1`"});
      return;
    }
    if (!document.root->is_map()) {
      wrong_shape(findings_, *document.root, "a rule file", "a map", "a rule file begins with `weir: 1`");
      document.root = nullptr;
      return;
    }
    open_.push_back(path);
    const std::size_t index = bundle_.documents.size() - 1;
    if (index > 0) refuse_other_sections(document);
    include_files(*document.root, path);
    take_names(*document.root, "vars", bundle_.vars, index);
    take_names(*document.root, "sets", bundle_.sets, index);
    take_names(*document.root, "templates", bundle_.templates, index);
    open_.pop_back();
  }

  void refuse_other_sections(const YamlDocument& document) {
    constexpr std::string_view kAllowed[] = {"weir", "include", "vars", "sets", "templates"};
    for (const YamlNode::Member& member : document.root->members) {
      const std::string& key = member.key->text;
      if (std::find(std::begin(kAllowed), std::end(kAllowed), key) != std::end(kAllowed)) {
        fits(findings_, *member.value, *top_keys().find(key));
      } else if (top_keys().find(key) == nullptr) {
        unknown_key(findings_, *member.key, "an included file", {std::begin(kAllowed), std::end(kAllowed)});
      } else {
        findings_.error(
            codes::kIncludeSection, member.key->where(), "an included file cannot hold " + backquoted(key),
            {.label = {},
             .help = "only `templates`, `sets` and `vars` are included; rules stand in the rule file itself"});
      }
    }
  }

  void include_files(const YamlNode& root, const std::string& path) {
    const YamlNode* const include = root.find("include");
    if (include == nullptr) return;
    if (include->is_scalar()) include_file(*include, path);
    for (const YamlNode* item : include->items) {
      if (item->is_scalar()) include_file(*item, path);
    }
  }

  void include_file(const YamlNode& name, const std::string& from) {
    if (!stays_inside(name.text)) {
      bundle_.complete = false;
      findings_.error(codes::kOutside, name.where(),
                      "an include outside the directory of the file: " + backquoted(name.text),
                      {.label = "name a file beside this one or below it", .help = {}});
      return;
    }
    const std::string path = relative_to(from, name.text);
    if (std::find(open_.begin(), open_.end(), path) != open_.end()) {
      findings_.error(codes::kIncludeCycle, name.where(),
                      backquoted(name.text) + " includes itself, by way of this line", {});
      return;
    }
    if (bundle_.sources.contains(path)) return;  // two ways to the same file
    if (bundle_.documents.size() >= kMaxFiles) {
      findings_.error(codes::kLimit, name.where(), "more than 64 included files", {});
      return;
    }
    add_file(path, &name);
  }

  void take_names(const YamlNode& root, std::string_view section, Names& names, std::size_t document) {
    const YamlNode* const map = root.find(section);
    if (map == nullptr || !map->is_map()) return;
    for (const YamlNode::Member& member : map->members) {
      const std::string& name = member.key->text;
      if (section == "vars") bundle_.var_order.push_back(name);
      const Named named{.key = member.key, .value = member.value, .document = document, .used = false};
      const auto [known, is_new] = names.emplace(name, named);
      if (is_new) continue;
      if (document != 0) {
        findings_.error(
            codes::kDefinedTwice, member.key->where(), backquoted(name) + " is defined in two included files",
            {.label = "first in " + *known->second.key->file + ", line " + std::to_string(known->second.key->line),
             .help = "define it in the rule file: that one wins"});
      }
      known->second = named;
    }
  }

  const LoadOptions& options_;
  Findings& findings_;
  Bundle bundle_;
  std::vector<std::string> open_;  // the files that led here
};

}  // namespace

std::string relative_to(const std::string& from, const std::string& file) {
  return (std::filesystem::path(from).parent_path() / file).lexically_normal().generic_string();
}

bool stays_inside(const std::string& file) {
  const std::filesystem::path written(file);
  const std::string inside = written.lexically_normal().generic_string();
  return !written.is_absolute() && inside != ".." && !inside.starts_with("../") && !inside.empty();
}

Bundle read_bundle(const std::string& path, const LoadOptions& options, Findings& findings) {
  return BundleReader(options, findings).read(path);
}

}  // namespace weir
