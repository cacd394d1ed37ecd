// SPDX-License-Identifier: Apache-2.0
#include "rules/read_reference.h"

#include <algorithm>

#include "base/text.h"
#include "rules/block_keys.h"
#include "rules/codes.h"
#include "rules/explain_windows.h"
#include "rules/keys.h"

namespace weir {
namespace {

constexpr Duration kHour = std::chrono::hours(1);
constexpr Duration kDay = 24 * kHour;
constexpr Duration kWeek = 7 * kDay;
constexpr std::uint64_t kMostPrevious = 1'000;
constexpr std::uint64_t kMostWeeks = 53;
constexpr std::int64_t kMostRolling = 10'080;  // windows: a week of minutes
constexpr std::int64_t kFewRolling = 10;       // windows: fewer say little about what is usual

class ReferenceReader {
 public:
  ReferenceReader(RuleReading& reading, const YamlNode& node, const WindowBlock& block, WrittenDrift& out)
      : reading_(reading),
        node_(node),
        section_(reading.findings, node, *drift_keys().find("reference")->table),
        keys_(reading.findings, node, section_),
        timed_(block.kind == WindowKind::Time),
        every_(block.every),
        written_(out),
        out_(out.rule.reference) {}

  void read() {
    std::vector<std::string_view> said;
    for (const std::string_view key : {"file", "previous", "rolling", "same"}) {
      if (node_.find(key) != nullptr) said.push_back(key);
    }
    if (said.size() != 1) {
      reading_.findings.error(said.empty() ? codes::kMissingKey : codes::kContradiction, node_.where(),
                              said.empty() ? "`reference` needs `file`, `previous`, `rolling` or `same`"
                                           : "`reference` says two things: " + listed(said),
                              {.label = {}, .help = "one of them"});
      return;
    }
    if (node_.find("weeks") != nullptr && said[0] != "same")
      keys_.error(codes::kMissingKey, "weeks", "`weeks` needs `same`", "write {same: [hour, week], weeks: 4}");
    if (section_.has("file")) read_file(*section_.node("file"));
    if (section_.has("previous")) read_previous();
    if (section_.has("rolling")) read_rolling();
    if (section_.has("same")) read_same();
  }

 private:
  void read_file(const YamlNode& file) {
    out_.kind = DriftReference::Kind::File;
    out_.text = file.text;
    written_.file_where = file.where();
    if (stays_inside(file.text)) {
      written_.file = relative_to(*file.file, file.text);
      return;
    }
    reading_.findings.error(codes::kOutside, file.where(),
                            "a reference outside the directory of the file: " + backquoted(file.text),
                            {.label = "name a file beside this one or below it", .help = {}});
  }

  void read_previous() {
    out_.kind = DriftReference::Kind::Previous;
    const std::uint64_t windows = std::stoull(section_.text("previous"));
    if (windows < 1 || windows > kMostPrevious)
      return keys_.error(codes::kPast, "previous", "`previous` lies outside of 1 to 1,000 windows",
                         "more of them are not remembered; `rolling` takes a time");
    out_.windows = static_cast<std::uint32_t>(windows);
    const std::string what = timed_ ? "window" : "run";
    out_.text = windows == 1 ? "the " + what + " before" : "the " + with_commas(windows) + " " + what + "s before";
  }

  void read_rolling() {
    out_.kind = DriftReference::Kind::Rolling;
    out_.length = keys_.duration("rolling", kDay);
    out_.text = "the " + length_in_words(out_.length) + " before";
    if (!timed_) return needs_every("rolling");
    const std::int64_t windows = out_.length / every_;
    if (windows < 1)
      return keys_.error(codes::kPast, "rolling", "no window lies within `rolling`: it is shorter than `every`",
                         "take a time of at least 10 windows");
    if (windows > kMostRolling)
      return keys_.error(codes::kPast, "rolling", "`rolling` is made of more than 10,080 windows",
                         "choose a longer `every`, or a shorter time");
    if (windows >= kFewRolling) return;
    keys_.warning(
        codes::kDriftAdvice, "rolling",
        "a reference of " + std::to_string(windows) + (windows == 1 ? " window" : " windows") +
            " says little about what is usual",
        "take a time of at least 10 windows, better 30: then it is known how much windows differ by themselves");
  }

  void read_same() {
    out_.kind = DriftReference::Kind::Same;
    const std::vector<std::string> cycles = section_.texts("same");
    const auto has = [&](std::string_view cycle) {
      return std::find(cycles.begin(), cycles.end(), cycle) != cycles.end();
    };
    const bool daily = has("hour") && !has("day") && !has("week");
    out_.period = daily ? kDay : kWeek;
    if (cycles.empty())
      return keys_.error(codes::kMissingKey, "same", "`same` names no `hour`, `day` or `week`",
                         "for example [hour, week]");
    if (section_.has("weeks")) {
      const std::uint64_t weeks = std::stoull(section_.text("weeks"));
      if (weeks < 1 || weeks > kMostWeeks)
        return keys_.error(codes::kPast, "weeks", "`weeks` lies outside of 1 to 53", "");
      out_.weeks = static_cast<std::uint32_t>(weeks);
    }
    const std::string weeks = out_.weeks == 1 ? "the week" : "the " + std::to_string(out_.weeks) + " weeks";
    out_.text = std::string(daily ? "the same time of day" : "the same time of the week") + " in " + weeks + " before";
    if (!timed_) return needs_every("same");
    const std::string cycle = has("hour") ? "hour" : has("day") ? "day" : "week";
    const Duration slot = has("hour") ? kHour : has("day") ? kDay : kWeek;
    if (slot % every_ == Duration::zero()) return;
    keys_.error(codes::kPast, "same",
                "no window lies in the same " + cycle + ": `every` does not go into it without a rest",
                "with `" + cycle + "`, `every` is " + length_in_words(slot) + " or a whole part of it");
  }

  void needs_every(const std::string& key) {
    keys_.error(codes::kPast, key, "`" + key + "` needs `every`: the whole input is one window",
                "say how long a window is, or compare with {previous: 1}, the run before");
  }

  RuleReading& reading_;
  const YamlNode& node_;
  Section section_;
  BlockKeys keys_;
  bool timed_;
  Duration every_;
  WrittenDrift& written_;
  DriftReference& out_;
};

}  // namespace

void read_drift_reference(RuleReading& reading, const YamlNode& node, const WindowBlock& block, WrittenDrift& out) {
  ReferenceReader(reading, node, block, out).read();
}

}  // namespace weir
