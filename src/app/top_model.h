// SPDX-License-Identifier: Apache-2.0
// What `weir top` knows after a look: what each instance answered, and that put together. Several instances of one group
// show the same stream: it is there once, its counts are added, and a window rule stands as the instance that judged last
// says. All texts are as they came, and are made harmless where they are shown.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json_value.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir {

/// What a row means to whoever is woken by it; the gravest first.
enum class TopState : std::uint8_t {
  Away,    // an instance that does not answer
  Error,   // a rule that could not be judged, a stream that has failed
  Fail,    // severity error
  Stuck,   // a stream that is not ready
  Warn,    // severity warn
  Past,    // a record rule that failed, and has not for a while
  Unsure,  // inconclusive
  NoData,
  Pass,
};
[[nodiscard]] std::string_view word_of(TopState state);  // "FAIL"
/// What makes `weir top --once` end with 1.
[[nodiscard]] inline bool is_red(TopState state) {
  return state <= TopState::Stuck;
}

struct TopWindow {
  std::string stream;
  std::string rule;
  std::string field;  // of drift
  std::optional<Instant> start;
  std::optional<Instant> end;
  std::string segment;  // "country=DE"
  TopState state = TopState::NoData;
  std::string observed;          // as a person reads it; empty: none
  std::optional<double> number;  // the same, where it is one
  std::string expected;
  std::string cause;
  std::string remarks;                // "partial, by the clock"
  std::vector<std::string> findings;  // of drift: what moved
  bool is_drift = false;
};

struct TopSample {
  std::string place;  // "orders/0@1007"
  std::string value;
  std::string reason;
  std::optional<Instant> at;
};

struct TopRule {
  std::string stream;
  std::string id;
  std::string kind;  // "record", "window", "drift"
  std::string field;
  std::string check;
  std::string severity;
  std::string on_fail;
  std::string expected;
  std::string when;
  std::string description;
  std::string runbook;
  std::vector<std::string> tags;
  TopState state = TopState::NoData;
  std::uint64_t evaluated = 0;
  std::uint64_t failed = 0;
  std::uint64_t skipped = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t no_data = 0;
  std::optional<Instant> last_failed;
  std::optional<Instant> since;  // of a rule that is not well
  std::optional<TopWindow> newest;
  std::vector<TopSample> samples;                                // the newest first
  std::vector<std::pair<std::string, std::uint64_t>> failed_at;  // instance, failures there
  std::optional<double> failing_rate;                            // failures a second
};

struct TopPartition {
  std::string topic;
  std::int64_t number = 0;
  std::string instance;
  std::optional<std::int64_t> next_offset;
  std::optional<std::int64_t> lag;
  std::optional<Instant> watermark;
  std::string remarks;
};

struct TopTrouble {
  std::string event;
  std::string message;
  std::optional<Instant> at;
  std::uint64_t times = 0;
};

struct TopStream {
  std::string name;
  std::string phase;
  std::vector<std::string> not_ready;  // "broker: kafka:9092 does not answer"
  std::vector<std::string> instances;
  std::vector<TopPartition> partitions;
  std::vector<TopTrouble> troubles;
  TopState state = TopState::Pass;
  std::uint64_t records = 0;
  std::uint64_t undecodable = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t kept_out = 0;
  std::uint64_t late = 0;
  std::uint64_t rebalances = 0;
  std::uint64_t samples_per_rule = 0;
  std::optional<std::uint64_t> lag;
  std::optional<Instant> watermark;
  std::optional<double> records_rate;  // a second
  std::optional<double> quarantined_rate;
};

/// Of a window rule whose windows break it: what receivers are told of.
struct TopAlert {
  std::string fingerprint;  // the same at every instance
  std::string stream;
  std::string rule;
  std::string segment;
  std::string severity;
  std::optional<Instant> since;
  bool silenced = false;           // maintenance holds it: nobody is told
  std::string why;                 // of the maintenance
  std::vector<std::string> heard;  // the receivers that were told that it fires
};

/// One instance's answer to everything that was asked, or why there is none.
struct TopLook {
  std::string url;
  std::string fault;  // empty: it has answered
  std::optional<Instant> away_since;
  std::string instance;
  std::string group;
  std::string pipeline;
  std::string version;
  std::optional<Instant> started;
  std::optional<Instant> now;  // by its own clock
  std::vector<TopStream> streams;
  std::vector<TopRule> rules;
  std::vector<TopWindow> windows;
  std::vector<TopAlert> alerts;       // those that fire
  std::uint64_t alerts_left_out = 0;  // further ones, for which there was no room
};

/// What the screen needs beside what is always asked for.
struct TopWish {
  bool windows = false;
  std::string rule;  // with it: windows of this rule alone
  bool operator==(const TopWish&) const = default;
};

/// All of it together.
struct TopOverview {
  Instant now{};               // by our clock
  Instant judged_at{};         // by the latest of theirs: what is told of rules has happened by this one
  std::vector<TopLook> looks;  // without streams, rules and windows, which are below
  std::vector<TopStream> streams;
  std::vector<TopRule> rules;
  std::vector<TopWindow> windows;  // the newest first
  std::vector<TopAlert> alerts;    // the oldest first
  std::uint64_t alerts_left_out = 0;
  [[nodiscard]] std::size_t answering() const;
  [[nodiscard]] const TopRule* rule(std::string_view stream, std::string_view id) const;
  /// By stream and id, for whoever looks for many of them: there may be thousands.
  using RuleIndex = std::map<std::pair<std::string_view, std::string_view>, const TopRule*>;
  [[nodiscard]] RuleIndex rule_index() const;
  [[nodiscard]] const TopStream* stream(std::string_view name) const;
};

// ---- what an instance answers, read into `look`; an error says what was wrong with it
[[nodiscard]] Status read_streams(const JsonValue& answer, TopLook& look);
[[nodiscard]] Status read_rules(const JsonValue& answer, TopLook& look);
[[nodiscard]] Status read_assignments(const JsonValue& answer, TopLook& look);
[[nodiscard]] Status read_quarantine(const JsonValue& answer, TopLook& look);
/// Of an instance that tells nobody there are none.
[[nodiscard]] Status read_alerts(const JsonValue& answer, TopLook& look);
/// Of /api/v1/windows or /api/v1/drift.
[[nodiscard]] Status read_windows(const JsonValue& answer, TopLook& look);

/// `before`: for what happens in a second.
[[nodiscard]] TopOverview put_together(std::vector<TopLook> looks, Instant now, const TopOverview* before);

}  // namespace weir
