// SPDX-License-Identifier: Apache-2.0
// Values of sets from the rule file and from files beside it. A value from a file is a literal as if it stood in the rule
// file, so `1` meets numbers and texts alike; in a quoted CSV cell it is a text.
#include "rules/sets.h"

#include <algorithm>

#include "rules/codes.h"
#include "rules/section.h"

namespace weir {
namespace {

struct CsvCell {
  std::string text;
  bool quoted = false;
};

/// Reads a CSV text record by record.
class CsvText {
 public:
  explicit CsvText(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  /// False when a quote is never closed.
  bool next(std::vector<CsvCell>& record) {
    record.clear();
    while (true) {
      CsvCell cell;
      if (!next_cell(cell)) return false;
      record.push_back(std::move(cell));
      if (at_end()) return true;
      const char end = text_[at_++];
      if (end == '\n') return true;
      if (end == '\r') {
        if (!at_end() && text_[at_] == '\n') ++at_;
        return true;
      }
    }
  }

 private:
  bool next_cell(CsvCell& cell) {
    if (!at_end() && text_[at_] == '"') {
      cell.quoted = true;
      for (++at_; !at_end(); ++at_) {
        if (text_[at_] == '"' && (at_ + 1 == text_.size() || text_[at_ + 1] != '"')) break;
        if (text_[at_] == '"') ++at_;
        cell.text += text_[at_];
      }
      if (at_end()) return false;
      ++at_;
    }
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    cell.text += text_.substr(at_, end - at_);
    at_ = end;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

Scalar as_literal(CsvCell cell) {
  // A word for null in a list of values is that word.
  const bool null = cell.text == "null" || cell.text == "~";
  return {.text = std::move(cell.text), .plain = !cell.quoted && !null, .where = {}};
}

Result<Values> read_lines(std::string_view text) {
  Values values;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) values.push_back(as_literal({.text = std::string(line), .quoted = false}));
  }
  if (values.empty()) return Error{.message = "the file holds no value"};
  return values;
}

}  // namespace

Result<Values> read_column(std::string_view text, std::string_view column) {
  text = without_mark(text);
  if (column.empty()) return read_lines(text);
  CsvText csv(text);
  std::vector<CsvCell> record;
  if (csv.at_end() || !csv.next(record)) return Error{.message = "the file has no header"};
  const auto found =
      std::find_if(record.begin(), record.end(), [&](const CsvCell& cell) { return cell.text == column; });
  if (found == record.end()) {
    std::vector<std::string_view> names;
    for (const CsvCell& cell : record) names.push_back(cell.text);
    const std::string columns = listed(names);
    return Error{.message = "the file has no column " + backquoted(column),
                 .where = {},
                 .code = {},
                 .label = did_you_mean(column, names),
                 .help = columns.empty() ? "" : "its columns are " + columns};
  }
  const auto index = static_cast<std::size_t>(found - record.begin());
  Values values;
  while (!csv.at_end()) {
    if (!csv.next(record)) return Error{.message = "a quote of the file is never closed"};
    const bool empty_line = record.size() == 1 && record[0].text.empty() && !record[0].quoted;
    if (empty_line) continue;
    if (index >= record.size())
      return Error{.message = "a line of the file ends before the column " + backquoted(column)};
    values.push_back(as_literal(std::move(record[index])));
  }
  if (values.empty()) return Error{.message = "the file holds no value"};
  return values;
}

std::optional<Values> SetReader::from_file(const YamlNode& node) {
  const std::size_t before = findings_.errors();
  const Section section(findings_, node, set_file_keys());
  const YamlNode* const file = section.node("file");
  if (findings_.errors() > before || file == nullptr) return std::nullopt;
  const std::string path = relative_to(*node.file, file->text);
  const auto [known, is_new] = files_.try_emplace({path, section.text("column")});
  if (!is_new) return known->second;
  const Result<std::string> text = options_.read_file(path);
  if (!text) {
    findings_.error(codes::kCannotRead, file->where(), text.error().message, {.label = {}, .help = text.error().help});
    return std::nullopt;
  }
  Result<Values> values = read_column(*text, section.text("column"));
  if (values) return known->second = *std::move(values);
  const YamlNode* const column = section.node("column");
  findings_.error(values.error(), codes::kSetFile, column == nullptr ? file->where() : column->where());
  return std::nullopt;
}

std::optional<Values> SetReader::definition(const YamlNode& node, std::string_view what) {
  if (node.is_map()) return from_file(node);
  return read_literals(findings_, node, what);
}

std::optional<Values> SetReader::by_name(const YamlNode& node) {
  const std::string name = node.text.substr(1);
  const auto found = bundle_.sets.find(name);
  if (found != bundle_.sets.end()) {
    found->second.used = true;
    const std::size_t before = findings_.errors();
    std::optional<Values> values = definition(*found->second.value, "the set " + backquoted(name));
    if (!values && findings_.errors() == before) return std::nullopt;  // its file was told about before
    return values;
  }
  if (!bundle_.complete) return std::nullopt;  // a missing include was told already
  std::vector<std::string_view> names;
  for (const auto& [known, unused] : bundle_.sets) names.push_back(known);
  findings_.error(
      codes::kVariable, node.where(), "unknown variable or set " + backquoted("$" + name),
      {.label = did_you_mean(name, names), .help = "sets are defined under `sets`, or written in place: [a, b]"});
  return std::nullopt;
}

std::optional<Values> SetReader::read(const YamlNode& node, std::string_view what) {
  if (!node.is_scalar()) return definition(node, what);
  if (node.text.size() > 1 && node.text[0] == '$') return by_name(node);
  const bool is_set = bundle_.sets.contains(node.text);
  std::string help = is_set ? "the set of that name is `$" + node.text + "`" : "write [" + node.text + "]";
  wrong_shape(findings_, node, what, "a list of values, `$set` or {file, column}", std::move(help));
  return std::nullopt;
}

std::optional<Values> SetReader::read_files(const YamlNode& node, std::string_view what) {
  const std::optional<Values> names = read_texts(findings_, node, what);
  if (!names) return std::nullopt;
  Values out;
  for (const Scalar& name : *names) {
    Result<std::string> text = options_.read_file(relative_to(*node.file, name.text));
    if (!text) {
      findings_.error(codes::kCannotRead, name.where, text.error().message, {.label = {}, .help = text.error().help});
      return std::nullopt;
    }
    out.push_back(name);
    out.push_back({.text = *std::move(text), .plain = false, .where = name.where});
  }
  return out;
}

void SetReader::check_all() {
  for (const auto& [name, set] : bundle_.sets) {
    definition(*set.value, "the set " + backquoted(name));
    if (bundle_.vars.contains(name)) {
      findings_.error(codes::kDefinedTwice, set.key->where(), backquoted(name) + " is a set and a variable",
                      {.label = "`$" + name + "` could mean either", .help = {}});
    }
  }
}

}  // namespace weir
