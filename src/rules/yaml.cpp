// SPDX-License-Identifier: Apache-2.0
// yaml-cpp's Parser feeds a builder of our own tree. This is the only file that includes yaml-cpp, and the only one of the
// core that throws (Stop, to leave the parser at a limit) and catches.
//
// What is refused here and not by yaml-cpp 0.7: a second document and whatever else it would leave unread, equal keys, tags,
// alias cycles and bombs, depth, a quote without an end. Its own depth guard stops at 500 levels; ours comes long before.
#include "rules/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <new>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "rules/codes.h"
#include "rules/yaml_paths.h"
#include "rules/yaml_source.h"

namespace weir {
namespace {

/// Leaves yaml-cpp from within an event.
struct Stop {
  Error error;
};

Error fault(std::string_view code, std::string message, const YamlNode& node, std::string label = "",
            std::string help = "") {
  return {.message = std::move(message),
          .where = node.where(),
          .code = std::string(code),
          .label = std::move(label),
          .help = std::move(help)};
}

class Builder final : public YAML::EventHandler {
 public:
  Builder(YamlDocument& document, const YamlSource& source) : document_(document), source_(source) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!finished_) return;
    const YamlNode& node = located(offset_of(mark));
    if (source_.word_at(offset_of(mark)) == "---") {
      throw Stop{fault(codes::kTrailing, "a second document begins here", node, "only one is read",
                       "a rule file is one YAML document; split it into two files")};
    }
    const bool list = document_.root != nullptr && document_.root->is_list();
    throw Stop{fault(codes::kTrailing,
                     list ? "content behind the end of the list" : "content behind the end of the document", node,
                     "nothing may follow here",
                     "check the indentation, and that the file is one map from its first line to its last")};
  }
  void OnDocumentEnd() override { finished_ = true; }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode& node = start(mark, anchor);
    const std::string_view word = source_.word_at(begin_);
    for (const std::string_view null : {"null", "Null", "NULL", "~"}) {
      if (word == null || word == std::string(null) + ':') node.text = null;
    }
    if (!node.text.empty()) node.length = static_cast<int>(node.text.size());
    finish(node);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    count_event();
    const YamlNode& place = located(offset_of(mark));
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end() || found->second->open) {
      throw Stop{fault(codes::kAlias, "an alias stands for a part of itself", place, "this would never end")};
    }
    expanded_ += found->second->weight;
    if (expanded_ > kMaxAliasNodes) {
      throw Stop{fault(codes::kAlias, "the aliases of this file stand for more than 10,000 values", place,
                       "the limit is reached here",
                       "name shared settings once under `templates` and take them with `use`")};
    }
    finish(*found->second);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode& node = start(mark, anchor);
    node.kind = YamlNode::Kind::Scalar;
    node.text = show_path_brackets(value);
    node.plain = tag == "?";
    if (!source_.place_scalar(node, begin_))
      throw Stop{fault(codes::kSyntax, "the quote is never closed", node, "it begins here")};
    finish(node);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin_collection(mark, anchor, YamlNode::Kind::List);
  }
  void OnSequenceEnd() override { end_collection(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin_collection(mark, anchor, YamlNode::Kind::Map);
  }
  void OnMapEnd() override {
    close_map(*frames_.back().node);
    end_collection();
  }

 private:
  struct Frame {
    YamlNode* node;
    YamlNode* key;                                   // a key that waits for its value
    std::unordered_map<std::string_view, int> seen;  // keys of a map, with their lines
  };

  std::size_t offset_of(const YAML::Mark& mark) const {
    return mark.pos < 0 ? 0 : std::min(static_cast<std::size_t>(mark.pos), source_.text().size());
  }

  YamlNode& located(std::size_t offset) {
    place_.file = &document_.file;
    source_.place(place_, offset);
    place_.length = std::max(1, static_cast<int>(source_.word_at(offset).size()));
    return place_;
  }

  void count_event() {
    if (++events_ <= kMaxYamlEvents) return;
    throw Stop{{.message = "the file holds more than 100,000 values",
                .where = {.file = document_.file},
                .code = std::string(codes::kLimit),
                .label = {},
                .help = {}}};
  }

  /// A new node at `mark`; `begin_` is where its value starts behind an anchor. Tags are told here.
  YamlNode& start(const YAML::Mark& mark, YAML::anchor_t anchor) {
    count_event();
    YamlNode& node = document_.nodes.emplace_back();
    node.file = &document_.file;
    const YamlSource::Value value = source_.value_at(offset_of(mark));
    begin_ = value.begin;
    source_.place(node, begin_);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = &node;
    if (value.tag) {
      const YamlNode& place = located(*value.tag);
      const std::string tag = shorten(source_.word_at(*value.tag), 40);
      node.spoiled = true;
      report(fault(
          codes::kTag, "`" + tag + "` is a YAML tag here", place, "quote the whole text",
          "in YAML a value that begins with `!` is a tag, which weir does not use: write '" + tag + " …' in quotes"));
    }
    return node;
  }

  void begin_collection(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode::Kind kind) {
    YamlNode& node = start(mark, anchor);
    node.kind = kind;
    frames_.push_back({&node, nullptr, {}});
    if (frames_.size() > kMaxYamlDepth)
      throw Stop{fault(codes::kLimit, "more than 64 levels of nesting", node, "the 65th begins here")};
  }

  void end_collection() {
    YamlNode& node = *frames_.back().node;
    frames_.pop_back();
    for (const YamlNode* item : node.items) add_weight(node, *item);
    for (const YamlNode::Member& member : node.members) add_weight(node, *member.value);
    finish(node);
  }

  static void add_weight(YamlNode& node, const YamlNode& part) {
    node.weight =
        static_cast<std::uint32_t>(std::min<std::uint64_t>(std::uint64_t{node.weight} + part.weight, UINT32_MAX));
  }

  /// A value is complete: it becomes the root, an item, a key, or the value of the key before it.
  void finish(YamlNode& node) {
    node.open = false;
    if (frames_.empty()) {
      document_.root = &node;
      return;
    }
    Frame& frame = frames_.back();
    if (frame.node->is_list()) {
      frame.node->items.push_back(&node);
    } else if (frame.key == nullptr) {
      frame.key = &as_key(node);
    } else {
      YamlNode* const key = std::exchange(frame.key, nullptr);
      // A null without a word of its own stands where the next thing begins: its key is the better place.
      if (node.is_null() && node.text.empty()) {
        node.line = key->line;
        node.column = key->column;
        node.length = key->length;
      }
      add_member(frame, key, node);
    }
  }

  YamlNode& as_key(YamlNode& node) {
    if (node.is_null() && !node.text.empty()) node.kind = YamlNode::Kind::Scalar;  // `null: true`, the check
    if (!node.is_scalar()) report(fault(codes::kKey, "a key has to be a text", node, "this is none"));
    return node;
  }

  void add_member(Frame& frame, YamlNode* key, YamlNode& value) {
    if (!key->is_scalar()) return;
    if (key->text == "<<" && key->plain) {
      frame.node->members.push_back({key, &value});  // close_map() replaces it
      return;
    }
    const auto [first, is_new] = frame.seen.emplace(key->text, key->line);
    if (is_new) {
      frame.node->members.push_back({key, &value});
      return;
    }
    report(fault(codes::kDuplicateKey, "the key `" + shorten(key->text, 64) + "` stands twice in this map", *key,
                 "first written in line " + std::to_string(first->second)));
  }

  /// Faults that leave a tree to look at. Past some dozens the file is no rule file, and nobody reads them.
  void report(Error error) {
    constexpr std::size_t kEnough = 100;
    if (document_.errors.size() < kEnough) document_.errors.push_back(std::move(error));
  }

  /// `<<: *map` or `<<: [*one, *two]`: what the map does not say itself, it takes from there; earlier maps win.
  void close_map(YamlNode& node) {
    std::vector<YamlNode::Member> merges;
    const auto is_merge = [](const YamlNode::Member& member) { return member.key->text == "<<" && member.key->plain; };
    std::copy_if(node.members.begin(), node.members.end(), std::back_inserter(merges), is_merge);
    if (merges.empty()) return;
    node.members.erase(std::remove_if(node.members.begin(), node.members.end(), is_merge), node.members.end());
    for (const YamlNode::Member& merge : merges) {
      if (merge.value->is_list()) {
        for (const YamlNode* item : merge.value->items) merge_from(node, *item, *merge.key);
      } else {
        merge_from(node, *merge.value, *merge.key);
      }
    }
  }

  void merge_from(YamlNode& node, const YamlNode& from, const YamlNode& key) {
    if (!from.is_map()) {
      report(fault(codes::kKey, "`<<` merges a map or a list of maps", key, "this is neither"));
      return;
    }
    for (const YamlNode::Member& member : from.members) {
      if (frames_.back().seen.emplace(member.key->text, member.key->line).second) node.members.push_back(member);
    }
  }

  YamlDocument& document_;
  const YamlSource& source_;
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, YamlNode*> anchors_;
  YamlNode place_;
  std::size_t begin_ = 0;
  std::size_t events_ = 0;
  std::size_t expanded_ = 0;
  bool finished_ = false;
};

/// What yaml-cpp says, in words that help.
struct Wording {
  std::string_view theirs;
  std::string_view message;
  std::string_view help;
};
const std::array<Wording, 12> kWordings = {{
    {YAML::ErrorMsg::MAP_VALUE, "a `:` that cannot stand here",
     "quote a text that holds `: `, and indent the keys of one map alike"},
    {YAML::ErrorMsg::MAP_KEY, "a key that cannot stand here", "indent the keys of one map alike"},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a `-` that cannot stand here",
     "a list begins on a line of its own, or is written [a, b]"},
    {YAML::ErrorMsg::END_OF_MAP, "this does not belong to the map above",
     "check the indentation and the quotes before it"},
    {YAML::ErrorMsg::END_OF_SEQ, "this does not belong to the list above",
     "check the indentation and the quotes before it"},
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "expected `,` or `}`", "a `{` before it is not closed"},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "expected `,` or `]`", "a `[` before it is not closed"},
    {YAML::ErrorMsg::FLOW_END, "a bracket that closes nothing", ""},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "a text cannot begin with this character", "put the text in quotes"},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "the file ends within a text", "a quote is not closed"},
    {YAML::ErrorMsg::INVALID_ESCAPE, "an escape that double quotes do not have",
     "in single quotes '\\d' is written as it is; in double quotes every \\ is \\\\"},
    {YAML::ErrorMsg::BAD_FILE, "the file nests too deep", ""},
}};

Error parse_error(const YamlDocument& document, const YamlSource& source, const YAML::Exception& exception) {
  Error error{.message = {},
              .where = {.file = document.file, .line = exception.mark.line + 1, .column = exception.mark.column + 1},
              .code = std::string(codes::kSyntax),
              .label = {},
              .help = {}};
  if (exception.msg == YAML::ErrorMsg::UNKNOWN_ANCHOR) {
    const std::size_t offset = static_cast<std::size_t>(std::max(0, exception.mark.pos));
    const std::string_view word = source.word_at(offset);
    error.code = codes::kAlias;
    error.message = "there is no anchor for the alias `" + shorten(word, 64) + "`";
    error.label = "an anchor is written `&name`, before its alias";
    error.where.length = static_cast<int>(std::max<std::size_t>(1, word.size()));
    return error;
  }
  if (source.tab_indents(error.where.line)) {
    error.message = "a tab cannot indent YAML";
    error.where.column = static_cast<int>(source.line(error.where.line).find('\t')) + 1;
    error.label = "write spaces";
    return error;
  }
  error.message = "this is no YAML: " + exception.msg;
  for (const Wording& wording : kWordings) {
    if (exception.msg.rfind(wording.theirs, 0) != 0) continue;
    error.message = wording.message;
    error.help = wording.help;
  }
  return error;
}

std::optional<Error> unreadable_bytes(const std::string& file, std::string_view text) {
  const auto at = [&](std::size_t offset, std::string message, std::string label) {
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n');
    const std::size_t begin = text.rfind('\n', offset == 0 ? 0 : offset - 1);
    const std::size_t column = offset == 0 || begin == std::string_view::npos ? offset : offset - begin - 1;
    return Error{.message = std::move(message),
                 .where = {.file = file, .line = static_cast<int>(line), .column = static_cast<int>(column) + 1},
                 .code = std::string(codes::kEncoding),
                 .label = std::move(label),
                 .help = "save the file as UTF-8"};
  };
  if (text.substr(0, 2) == "\xFF\xFE" || text.substr(0, 2) == "\xFE\xFF") return at(0, "the file is UTF-16", "");
  const std::size_t invalid = first_invalid_utf8(text);
  for (std::size_t i = 0; i < std::min(invalid, text.size()); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool allowed = byte >= 0x20 ? byte != 0x7F : byte == '\n' || byte == '\r' || byte == '\t';
    if (!allowed)
      return at(i, byte == 0 ? "the file holds a NUL byte" : "the file holds a control character", "it stands here");
  }
  if (invalid == std::string_view::npos) return std::nullopt;
  return at(invalid, "the file is not UTF-8", "the first wrong byte stands here");
}

}  // namespace

YamlNode* YamlNode::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key->text == key) return member.value;
  }
  return nullptr;
}

SourceSpan YamlNode::where(std::size_t offset, int size) const {
  if (layout == Layout::Elsewhere || offset > text.size()) return where();
  const std::string_view before = std::string_view(text).substr(0, offset);
  const auto newlines = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t line_begin = newlines == 0 ? 0 : before.rfind('\n') + 1;
  return {.file = *file,
          .line = text_line + newlines,
          .column = text_column + static_cast<int>(offset - line_begin),
          .length = std::max(1, size)};
}

std::string_view without_mark(std::string_view text) {
  return text.substr(0, 3) == "\xEF\xBB\xBF" ? text.substr(3) : text;
}

std::unique_ptr<YamlDocument> parse_yaml(std::string file, std::string_view text) {
  auto document = std::make_unique<YamlDocument>();
  document->file = std::move(file);
  if (text.size() > kMaxYamlBytes) {
    document->errors.push_back(
        {.message = "a rule file has at most 1 MiB, this one has " + human_bytes(text.size()),
         .where = {.file = document->file},
         .code = std::string(codes::kLimit),
         .label = {},
         .help = "put long lists of values into a file of their own: {file: values.csv, column: name}"});
    return document;
  }
  if (auto error = unreadable_bytes(document->file, text)) {
    document->errors.push_back(*std::move(error));
    return document;
  }
  const YamlSource source(text);
  Builder builder(*document, source);
  std::istringstream stream{hide_path_brackets(text)};
  try {
    YAML::Parser parser(stream);
    // The second call is there to find what the first one left unread: OnDocumentStart() then stops.
    if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
    return document;
  } catch (const Stop& stop) {
    document->errors.push_back(stop.error);
  } catch (const YAML::Exception& exception) {
    document->errors.push_back(parse_error(*document, source, exception));
  } catch (const std::bad_alloc&) {
    document->errors.push_back({.message = "there is not enough memory for this file",
                                .where = {.file = document->file},
                                .code = std::string(codes::kLimit),
                                .label = {},
                                .help = {}});
  }
  document->root = nullptr;
  return document;
}

}  // namespace weir
