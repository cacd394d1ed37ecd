// SPDX-License-Identifier: Apache-2.0
#include "files/detect.h"

#include <array>
#include <cctype>

#include "files/avro_container.h"
#include "files/byte_input.h"
#include "files/json_walk.h"

namespace weir {

namespace {

struct Ending {
  std::string_view text;
  Format format;  // Auto: the content decides
};
constexpr std::array kEndings = {Ending{".ndjson", Format::Json},     Ending{".jsonl", Format::Json},
                                 Ending{".json", Format::Auto},       Ending{".csv", Format::Csv},
                                 Ending{".tsv", Format::Tsv},         Ending{".avro", Format::Avro},
                                 Ending{".parquet", Format::Parquet}, Ending{".parq", Format::Parquet}};
constexpr std::array<std::string_view, 3> kCompressedEndings = {".gz", ".zst", ".zstd"};

bool ends_with(std::string_view path, std::string_view ending) {
  if (path.size() <= ending.size()) return false;
  const std::string_view tail = path.substr(path.size() - ending.size());
  for (std::size_t i = 0; i < ending.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(tail[i])) != ending[i]) return false;
  }
  return true;
}

const Ending* known_ending(std::string_view path) {
  for (const std::string_view compressed : kCompressedEndings) {
    if (ends_with(path, compressed)) path.remove_suffix(compressed.size());
  }
  for (const Ending& ending : kEndings) {
    if (ends_with(path, ending.text)) return &ending;
  }
  return nullptr;
}

/// Whether some line of `head` ends inside a document, or holds more than one. A line that breaks off where the next one begins
/// a document of its own is a broken record of `json` and decides nothing.
bool is_stream(std::string_view head) {
  head = head.substr(0, head.rfind('\n') + 1);
  for (std::size_t begin = 0; begin < head.size();) {
    const std::size_t newline = head.find('\n', begin);
    const std::string_view line = head.substr(begin, newline - begin);
    begin = newline + 1;
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || (line[first] != '{' && line[first] != '[')) continue;
    JsonWalk walk(JsonWalk::Style::Stream);
    const JsonWalk::Found found = walk.go_on(line, first, first, false, line.size());
    if (found.stop == JsonWalk::Stop::More) {
      if (begin < head.size() && head[begin] != '{') return true;
    } else {
      const std::size_t next = line.find_first_not_of(" \t\r", found.at);
      if (next != std::string_view::npos && (line[next] == '{' || line[next] == '[')) return true;
    }
  }
  return false;
}

}  // namespace

std::string_view foreign_encoding(std::string_view head) noexcept {
  using std::string_view_literals::operator""sv;
  // The mark of UTF-32 in little endian begins like that of UTF-16.
  if (head.starts_with("\xFF\xFE\0\0"sv)) return "UTF-32 (little endian)";
  if (head.starts_with("\0\0\xFE\xFF"sv)) return "UTF-32 (big endian)";
  if (head.starts_with("\xFF\xFE"sv)) return "UTF-16 (little endian)";
  if (head.starts_with("\xFE\xFF"sv)) return "UTF-16 (big endian)";
  return {};
}

std::size_t byte_order_mark(std::string_view head) noexcept {
  return head.starts_with("\xEF\xBB\xBF") ? 3 : 0;
}

Result<Format> detect_format(const std::string& path, std::string_view head) {
  const Ending* const ending = known_ending(path);
  if (ending != nullptr && ending->format != Format::Auto) return ending->format;
  if (head.starts_with(kAvroMagic)) return Format::Avro;
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return Format::Json;
  if (head[first] == '[') return Format::JsonArray;
  if (head[first] == '{' || ending != nullptr) return is_stream(head) ? Format::JsonStream : Format::Json;
  return Error{.message = "cannot tell the format of " + input_name(path) +
                          ": its name has no known ending and it begins with neither `{` nor `[`",
               .help = "name the format: json, json-array, json-stream, csv, tsv, avro or parquet"};
}

Format format_of_ending(std::string_view path) {
  const Ending* const ending = known_ending(path);
  return ending == nullptr ? Format::Auto : ending->format;
}

Format format_to_open(std::string_view path, std::optional<Format> said, Format of_rules) {
  if (said) return *said;
  const auto is_json = [](Format format) {
    return format == Format::Json || format == Format::JsonArray || format == Format::JsonStream;
  };
  const Ending* const ending = known_ending(path);
  if (ending == nullptr || of_rules == Format::Auto) return of_rules;
  const bool same = ending->format == Format::Auto
                        ? is_json(of_rules)
                        : ending->format == of_rules || (is_json(ending->format) && is_json(of_rules));
  return same ? of_rules : ending->format;
}

bool has_known_ending(std::string_view path) {
  return known_ending(path) != nullptr;
}

}  // namespace weir
