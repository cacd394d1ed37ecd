// SPDX-License-Identifier: Apache-2.0
#include "stream/pane_entry.h"

#include <charconv>
#include <vector>

#include "base/hash.h"

namespace weir {

namespace {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') {
      out += "%7C";
    } else if (c == '%') {
      out += "%25";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 3) == "%7C") {
      out.push_back('|');
      i += 2;
    } else if (text.substr(i, 3) == "%25") {
      out.push_back('%');
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::vector<std::string_view> parts_of(std::string_view key) {
  std::vector<std::string_view> out;
  for (std::size_t from = 0;;) {
    const std::size_t bar = key.find('|', from);
    out.push_back(key.substr(from, bar - from));
    if (bar == std::string_view::npos) return out;
    from = bar + 1;
  }
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string write_name(const PaneName& name) {
  return "pane|" + escape(name.stream) + "|" + escape(name.layout) + "|" + std::to_string(name.grid) + "|" +
         std::to_string(name.place) + "|" + escape(name.partition.topic) + "|" + std::to_string(name.partition.number) +
         "|" + std::to_string(name.incarnation);
}

std::string write_name(const ProgressName& name) {
  return "progress|" + escape(name.stream) + "|" + escape(name.partition.topic) + "|" +
         std::to_string(name.partition.number) + "|" + std::to_string(name.incarnation);
}

std::string judged_name(std::string_view stream) {
  return "judged|" + escape(stream);
}

std::optional<PaneName> read_pane_name(std::string_view key) {
  const std::vector<std::string_view> parts = parts_of(key);
  PaneName out;
  if (parts.size() != 8 || parts[0] != "pane" || !read_number(parts[3], out.grid) ||
      !read_number(parts[4], out.place) || !read_number(parts[6], out.partition.number) ||
      !read_number(parts[7], out.incarnation)) {
    return std::nullopt;
  }
  out.stream = unescape(parts[1]);
  out.layout = unescape(parts[2]);
  out.partition.topic = unescape(parts[5]);
  return out;
}

std::optional<ProgressName> read_progress_name(std::string_view key) {
  const std::vector<std::string_view> parts = parts_of(key);
  ProgressName out;
  if (parts.size() != 5 || parts[0] != "progress" || !read_number(parts[3], out.partition.number) ||
      !read_number(parts[4], out.incarnation)) {
    return std::nullopt;
  }
  out.stream = unescape(parts[1]);
  out.partition.topic = unescape(parts[2]);
  return out;
}

std::optional<std::string> read_judged_name(std::string_view key) {
  const std::vector<std::string_view> parts = parts_of(key);
  if (parts.size() != 2 || parts[0] != "judged") return std::nullopt;
  return unescape(parts[1]);
}

std::string write_progress(const PartitionProgress& progress) {
  return "1 " + (progress.watermark ? std::to_string(progress.watermark->time_since_epoch().count()) : "-") + " " +
         (progress.idle ? "idle" : "live") + " " + std::to_string(progress.next_offset);
}

std::optional<PartitionProgress> read_progress(std::string_view value) {
  std::vector<std::string_view> words;
  for (std::size_t from = 0;;) {
    const std::size_t space = value.find(' ', from);
    words.push_back(value.substr(from, space - from));
    if (space == std::string_view::npos) break;
    from = space + 1;
  }
  PartitionProgress out;
  if (words.size() != 4 || words[0] != "1" || (words[2] != "idle" && words[2] != "live") ||
      !read_number(words[3], out.next_offset)) {
    return std::nullopt;
  }
  out.idle = words[2] == "idle";
  if (words[1] == "-") return out;
  std::int64_t micros = 0;
  if (!read_number(words[1], micros)) return std::nullopt;
  out.watermark = Instant(Duration(micros));
  return out;
}

std::int32_t panes_partition(std::string_view stream, std::int32_t partitions) {
  constexpr std::uint64_t kSeed = 0x70616e6573;
  return partitions <= 1 ? 0
                         : static_cast<std::int32_t>(hash_text(stream, kSeed) % static_cast<std::uint64_t>(partitions));
}

}  // namespace weir
