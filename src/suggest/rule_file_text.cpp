// SPDX-License-Identifier: Apache-2.0
#include "suggest/rule_file_text.h"

#include <algorithm>

#include "base/text.h"
#include "suggest/words.h"

namespace weir {

namespace {

constexpr std::size_t kCommentColumn = 52;

std::string_view name_of(Format format) {
  switch (format) {
    case Format::JsonArray: return "json-array";
    case Format::JsonStream: return "json-stream";
    case Format::Csv: return "csv";
    case Format::Tsv: return "tsv";
    case Format::Avro: return "avro";
    case Format::Protobuf: return "protobuf";
    case Format::Parquet: return "parquet";
    default: return "json";
  }
}

/// A scalar that stands plain where YAML lets it.
std::string scalar(const std::string& text) {
  const bool special =
      text.empty() || std::string_view("'\"{}[]&*!|>%@`,#?-").find(text.front()) != std::string_view::npos ||
      text.find(": ") != std::string::npos || text.find(" #") != std::string::npos || text.back() == ':';
  if (!special) return text;
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + '\'';
}

class Writer {
 public:
  Writer(const std::function<std::string(const std::string&)>& left_out) : left_out_(left_out) {}

  void line(std::string text, const std::string& comment = "") {
    if (!comment.empty()) {
      text.resize(std::max(text.size() + 1, kCommentColumn), ' ');
      text += "# " + shorten(comment, 160);
    }
    out_ += text + '\n';
  }

  /// A rule's line, or what would have been it as a comment.
  void rule(const std::string& id, const std::string& indent, const std::string& text, const std::string& evidence) {
    const std::string why = left_out_ ? left_out_(id) : "";
    if (why.empty()) {
      line(indent + text, evidence);
    } else {
      line(indent + "# " + text, why);
    }
  }

  [[nodiscard]] bool is_left_out(const std::string& id) const { return left_out_ && !left_out_(id).empty(); }
  std::string take() { return std::move(out_); }

 private:
  const std::function<std::string(const std::string&)>& left_out_;
  std::string out_;
};

void write_header(Writer& out, const Suggestions& suggestions, const RuleFileHeader& header) {
  std::string inputs;
  for (std::size_t i = 0; i < header.inputs.size() && i < 3; ++i)
    inputs += (i == 0 ? "" : ", ") + shorten(header.inputs[i], 80);
  if (header.inputs.size() > 3) inputs += " and " + with_commas(header.inputs.size() - 3) + " more";
  out.line("# Suggested by weir from " + with_commas(header.records) + (header.whole ? "" : " sampled") +
           (header.records == 1 ? " record of " : " records of ") + inputs + ".");
  out.line("# Every line held in all of them; beside it stands on what evidence. It is a beginning: take out what was");
  out.line("# chance, tighten what you know better, and say what no sample can show.");
  out.line("weir: 1");
  std::string source = "source: {format: " + std::string(name_of(header.format));
  if (suggestions.time) source += ", time: " + scalar(*suggestions.time);
  if (header.untimed) source += ", time_error: drop";
  out.line(source + "}", header.untimed ? "records without a time lie in no window" : "");
}

void write_field(Writer& out, const FieldSuggestions& field) {
  const bool none = std::all_of(field.rules.begin(), field.rules.end(),
                                [&](const Suggestion& rule) { return out.is_left_out(field.path + "." + rule.key); });
  if (none) {
    out.line("  # " + field.path + ":", field.note.empty() ? "nothing that holds of all" : field.note);
    return;
  }
  out.line("  " + scalar(field.path) + ":", field.note);
  for (const Suggestion& rule : field.rules)
    out.rule(field.path + "." + rule.key, "    ", rule.key + ": " + rule.value, rule.evidence);
}

void write_windows(Writer& out, const WindowSuggestions& block) {
  const std::string extent = block.every.empty() ? "all" : block.every;
  if (block.every.empty()) {
    out.line("  - rules:", "of the whole input of a run; a topic needs `every: 10m` or the like");
  } else {
    out.line("  - every: " + block.every);
    out.line("    rules:");
  }
  for (const Suggestion& rule : block.rules) {
    out.rule("windows." + extent + "." + rule.value, "      ", "- " + rule.key + ": " + scalar(rule.value),
             rule.evidence);
  }
}

}  // namespace

std::string write_rule_file(const Suggestions& suggestions, const RuleFileHeader& header,
                            const std::function<std::string(const std::string& id)>& left_out) {
  Writer out(left_out);
  write_header(out, suggestions, header);
  if (!suggestions.fields.empty()) {
    const bool any = std::any_of(suggestions.fields.begin(), suggestions.fields.end(),
                                 [](const FieldSuggestions& field) { return !field.rules.empty(); });
    out.line("");
    out.line(any ? "fields:" : "# fields:");
    for (const FieldSuggestions& field : suggestions.fields) write_field(out, field);
  }
  const auto stands = [&](const Suggestion& rule) { return !out.is_left_out(rule.id); };
  if (!suggestions.records.empty()) {
    out.line("");
    out.line(std::any_of(suggestions.records.begin(), suggestions.records.end(), stands) ? "records:" : "# records:");
    for (const Suggestion& rule : suggestions.records)
      out.rule(rule.id, "  ", "- {id: " + rule.id + ", " + rule.key + ": " + scalar(rule.value) + "}", rule.evidence);
  }
  bool first = true;
  for (const WindowSuggestions& block : suggestions.windows) {
    const std::string extent = block.every.empty() ? "all" : block.every;
    const bool any = std::any_of(block.rules.begin(), block.rules.end(), [&](const Suggestion& rule) {
      return !out.is_left_out("windows." + extent + "." + rule.value);
    });
    if (!any) continue;
    if (first) {
      out.line("");
      out.line("windows:");
      first = false;
    }
    write_windows(out, block);
  }
  return out.take();
}

}  // namespace weir
