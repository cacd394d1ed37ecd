// SPDX-License-Identifier: Apache-2.0
#include "rules/block_keys.h"

#include <algorithm>

#include "base/timestamp.h"
#include "rules/codes.h"

namespace weir {
namespace {

constexpr std::size_t kMostSegmentFields = 8;
constexpr std::size_t kMostSegments = 10'000;
constexpr Duration kShortest = std::chrono::milliseconds(1);
constexpr Duration kDay = std::chrono::hours(24);
constexpr Duration kLongest = 3660 * kDay;

}  // namespace

void BlockKeys::error(std::string_view code, std::string_view key, std::string message, std::string help) {
  const YamlNode* const at = block_.key(key);
  findings_.error(code, at == nullptr ? node_.where() : at->where(), std::move(message),
                  {.label = {}, .help = std::move(help)});
}

void BlockKeys::warning(std::string_view code, std::string_view key, std::string message, std::string help) {
  const YamlNode* const at = block_.key(key);
  findings_.warning(code, at == nullptr ? node_.where() : at->where(), std::move(message),
                    {.label = {}, .help = std::move(help)});
}

Duration BlockKeys::duration(std::string_view key, Duration otherwise) const {
  return block_.has(key) ? parse_duration(block_.text(key)).value_or(otherwise) : otherwise;
}

bool BlockKeys::check_length(std::string_view key) {
  if (!block_.has(key)) return true;
  const Duration length = duration(key, kDay);
  if (length >= kShortest && length <= kLongest) return true;
  error(codes::kWindowCut, key, "`" + std::string(key) + "` lies outside of what windows can be",
        "windows last from 1 ms to 3,660 days");
  return false;
}

void BlockKeys::refuse_lateness(std::string_view where) {
  for (const std::string_view key : {"lateness", "late"}) {
    if (block_.has(key))
      error(codes::kPlace, key, "`" + std::string(key) + "` says nothing to a window that does not end by time",
            std::string(where));
  }
}

void BlockKeys::read_lateness(WindowBlock& out) {
  out.lateness = duration("lateness", out.lateness);
  if (out.lateness > kLongest)
    error(codes::kWindowCut, "lateness", "`lateness` is longer than any window", "at most 3,660 days");
  const std::string late = block_.text("late", "count");
  out.late = late == "quarantine" ? LatePolicy::Quarantine : late == "revise" ? LatePolicy::Revise : LatePolicy::Count;
}

void BlockKeys::add_segment(WrittenBlock& out, const YamlNode& at, std::vector<std::string> listed) {
  Result<FieldPath> path = FieldPath::parse(at.text);
  if (!path) return;  // told by Section
  const auto refuse = [&](std::string message, std::string help) {
    findings_.error(codes::kSegment, at.where(), std::move(message), {.label = {}, .help = std::move(help)});
  };
  if (path->repeated())
    return refuse("a record has any number of " + backquoted(at.text), "a segment is one value of a record");
  for (const WrittenSegment& other : out.segment) {
    if (other.path == *path) return refuse("the segment " + backquoted(at.text) + " is named twice", "");
  }
  if (out.segment.size() == kMostSegmentFields)
    return refuse("a segment of more than 8 fields", "each further field multiplies the segments");
  out.segment.push_back({.path = *std::move(path), .listed = std::move(listed), .where = at.where()});
}

void BlockKeys::read_segments(WrittenBlock& out) {
  if (block_.has("max_segments")) {
    const std::uint64_t most = std::stoull(block_.text("max_segments"));
    if (most < 1 || most > kMostSegments)
      error(codes::kWindowCut, "max_segments", "`max_segments` lies outside of 1 to 10,000",
            "the rest is judged together, as `__other__`");
    out.block.max_segments = static_cast<std::uint32_t>(std::min<std::uint64_t>(most, kMostSegments));
    if (!block_.has("segment"))
      error(codes::kMissingKey, "max_segments", "`max_segments` needs `segment`", "name the fields first");
  }
  const YamlNode* const segment = block_.node("segment");
  if (segment == nullptr) return;
  if (segment->is_scalar()) add_segment(out, *segment, {});
  for (const YamlNode* path : segment->items) add_segment(out, *path, {});
  std::size_t together = segment->is_map() ? 1 : 0;
  for (const YamlNode::Member& member : segment->members) {
    for (const YamlNode* value : member.value->items) {
      if (value->is_null())
        findings_.error(codes::kSegment, value->where(), "a null cannot be listed as a segment",
                        {.label = "records without a value have a segment of their own", .help = {}});
    }
    std::vector<std::string> listed = texts_of(*member.value);
    together = std::min(together * listed.size(), kMostSegments + 1);
    add_segment(out, *member.key, std::move(listed));
  }
  if (together > out.block.max_segments)
    error(codes::kWindowCut, "segment", "more values are listed than `max_segments` lets be judged apart",
          "listed values are always kept: raise `max_segments`, at most to 10,000");
}

}  // namespace weir
