// SPDX-License-Identifier: Apache-2.0
// Lays flags over the configuration file.
#include "config/tree.h"

#include <algorithm>

#include "base/text.h"
#include "rules/codes.h"
#include "rules/values.h"

namespace weir {
namespace {

bool continues_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view name_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && continues_name(text[end])) ++end;
  return text.substr(at, end - at);
}

constexpr std::string_view kEnvironment = "$env:";

}  // namespace

GivenBy giver_of(const YamlNode& node) {
  if (node.file->starts_with("--")) return GivenBy::Flag;
  return node.file->starts_with("WEIR_") ? GivenBy::Environment : GivenBy::File;
}

void ConfigTree::read(const ConfigRequest& request) {
  if (!request.file) {
    root_ = new_node(YamlNode::Kind::Map, "");
    return;
  }
  const std::string& path = *request.file;
  const Result<std::string> text = request.read_file(path);
  if (!text) {
    findings_.error(codes::kUnreadable, {.file = path}, text.error().message, {.label = {}, .help = text.error().help});
    return;
  }
  const std::string& source = sources_[path] = without_mark(*text);
  document_ = parse_yaml(path, source);
  for (const Error& error : document_->errors) findings_.error(error, codes::kSyntax, {.file = path});
  for (const YamlNode& node : document_->nodes) {
    if (node.spoiled) findings_.spoil(node.where());
  }
  if (document_->root == nullptr) {
    // A file of comments is an empty configuration: flags may say all of it.
    if (document_->errors.empty()) root_ = new_node(YamlNode::Kind::Map, "");
    return;
  }
  if (!document_->root->is_map()) {
    wrong_shape(findings_, *document_->root, "the configuration", "a map", "it begins with `brokers: HOST:PORT`");
    return;
  }
  root_ = document_->root;
  replace_environment(*root_, request);
}

/// Within one scalar and after parsing, so that a variable can never add a key. `$$` is a dollar, any other dollar too.
void ConfigTree::replace_environment(YamlNode& node, const ConfigRequest& request) {
  if (node.is_scalar() && !node.substituted && node.text.find(kEnvironment) != std::string::npos) {
    const std::string_view text = node.text;
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const bool escaped = text.compare(at, 2, "$$") == 0;
      const std::string_view name =
          text.compare(at, kEnvironment.size(), kEnvironment) == 0 ? name_at(text, at + kEnvironment.size()) : "";
      if (name.empty()) {
        out += text[at];
        at += escaped ? 2 : 1;
        continue;
      }
      const std::optional<std::string> value = request.environment(std::string(name));
      if (value) {
        out += *value;
      } else {
        findings_.error(codes::kEnvironment, node.where(at, static_cast<int>(kEnvironment.size() + name.size())),
                        "the environment has no variable " + backquoted(name),
                        {.label = "it is asked for here", .help = {}});
        findings_.spoil(node.where());
      }
      at += kEnvironment.size() + name.size();
    }
    node.text = std::move(out);
    node.layout = YamlNode::Layout::Elsewhere;
    node.substituted = true;
  }
  if (!node.is_scalar() && node.substituted) return;  // an alias led here before
  if (!node.is_scalar()) node.substituted = true;
  for (YamlNode* item : node.items) replace_environment(*item, request);
  for (const YamlNode::Member& member : node.members) replace_environment(*member.value, request);
}

YamlNode* ConfigTree::new_node(YamlNode::Kind kind, const std::string& flag, std::string text) {
  const auto known = std::find(flags_.begin(), flags_.end(), flag);
  const std::string* const file = known != flags_.end() ? &*known : &flags_.emplace_back(flag);
  YamlNode& node = nodes_.emplace_back();
  node.kind = kind;
  node.open = false;
  node.file = file;
  node.text = std::move(text);
  if (kind != YamlNode::Kind::Scalar || flag.empty()) return &node;
  // A flag given several times is a text of several lines, for carets.
  std::string& source = sources_[flag];
  node.line = static_cast<int>(std::count(source.begin(), source.end(), '\n')) + 1;
  source += node.text + "\n";
  node.layout = YamlNode::Layout::OneLine;
  node.column = node.text_column = 1;
  node.text_line = node.line;
  node.length = static_cast<int>(node.text.size());
  return &node;
}

YamlNode* ConfigTree::value_of(const Given& given) {
  if (given.values.size() == 1) return new_node(YamlNode::Kind::Scalar, given.flag, given.values.front());
  YamlNode* const list = new_node(YamlNode::Kind::List, given.flag);
  for (const std::string& value : given.values)
    list->items.push_back(new_node(YamlNode::Kind::Scalar, given.flag, value));
  return list;
}

void ConfigTree::set(YamlNode& map, std::string_view key, YamlNode* value) {
  for (YamlNode::Member& member : map.members) {
    if (member.key->text != key) continue;
    member.value = value;
    return;
  }
  YamlNode* const name = new_node(YamlNode::Kind::Scalar, "", std::string(key));
  name->file = value->file;
  map.members.push_back({.key = name, .value = value});
}

/// The map behind `key`, made where there is none. What stands there and is no map is left to the reader to refuse.
YamlNode* ConfigTree::child_map(YamlNode& map, std::string_view key) {
  YamlNode* child = map.find(key);
  if (child != nullptr && (child->is_map() || child->is_scalar())) return child;
  child = new_node(YamlNode::Kind::Map, "");
  set(map, key, child);
  return child;
}

/// The stream that flags speak of: the only one, made where the file has none.
YamlNode* ConfigTree::only_stream(const Given& given) {
  YamlNode* streams = root_->find("streams");
  if (streams == nullptr) {
    streams = new_node(YamlNode::Kind::List, "");
    streams->items.push_back(new_node(YamlNode::Kind::Map, ""));
    set(*root_, "streams", streams);
  }
  if (!streams->is_list() || streams->items.empty()) return nullptr;
  if (streams->items.size() > 1) {
    findings_.error(codes::kPlace, {.file = given.flag},
                    backquoted(given.flag) + " is for a single stream, and the configuration has " +
                        std::to_string(streams->items.size()),
                    {.label = {}, .help = "say it in the file, at the stream that is meant"});
    return nullptr;
  }
  return streams->items.front()->is_map() ? streams->items.front() : nullptr;
}

/// `--state DIR` or `--state topic:NAME`.
void ConfigTree::lay_over_state(const Given& given) {
  constexpr std::string_view kTopic = "topic:";
  const std::string& written = given.values.front();
  YamlNode* const place = new_node(YamlNode::Kind::Map, given.flag);
  const bool topic = written.starts_with(kTopic);
  YamlNode* const name = new_node(YamlNode::Kind::Scalar, given.flag, written);
  if (topic) {
    name->text.erase(0, kTopic.size());
    name->column = name->text_column = static_cast<int>(kTopic.size()) + 1;
    name->length = static_cast<int>(name->text.size());
  }
  set(*place, topic ? "topic" : "dir", name);
  set(*root_, "state", place);
}

/// The URLs alone: who may use them stays as the file has it.
void ConfigTree::lay_over_registry(const Given& given) {
  YamlNode* const written = root_->find("registry");
  set(written != nullptr && written->is_map() ? *written : *root_,
      written != nullptr && written->is_map() ? "url" : "registry", value_of(given));
}

/// The place alone: limits stay as the file has them.
void ConfigTree::lay_over_quarantine(YamlNode& stream, const Given& given) {
  YamlNode* const value = value_of(given);
  YamlNode* const written = stream.find("quarantine");
  if (written == nullptr || !written->is_map()) {
    set(stream, "quarantine", value);
    return;
  }
  std::erase_if(written->members, [](const YamlNode::Member& member) {
    return member.key->text == "topic" || member.key->text == "file";
  });
  set(*written, value->text.find('/') == std::string::npos ? "topic" : "file", value);
}

void ConfigTree::lay_over(const Given& given) {
  if (root_ == nullptr) return;
  constexpr std::string_view kStream = "stream.";
  if (given.key == "state") {
    lay_over_state(given);
  } else if (given.key == "registry") {
    lay_over_registry(given);
  } else if (given.key.starts_with(kStream)) {
    YamlNode* const stream = only_stream(given);
    if (stream == nullptr) return;
    const std::string key = given.key.substr(kStream.size());
    if (key == "quarantine") {
      lay_over_quarantine(*stream, given);
    } else if (key == "clean") {
      YamlNode* const split = child_map(*stream, "split");
      if (split->is_map()) set(*split, "clean", value_of(given));
    } else {
      set(*stream, key, value_of(given));
    }
  } else if (const std::size_t dot = given.key.find('.'); dot != std::string::npos) {
    YamlNode* const section = child_map(*root_, given.key.substr(0, dot));
    if (section->is_map()) set(*section, given.key.substr(dot + 1), value_of(given));
  } else {
    set(*root_, given.key, value_of(given));
  }
}

}  // namespace weir
