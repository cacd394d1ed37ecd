// SPDX-License-Identifier: Apache-2.0
// What `weir demo` tells: a calm line for what the shop does, one for what weir finds, each with the time since the start;
// and at the end what was to be seen, and whether it was.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/demo_findings.h"
#include "app/demo_orders.h"

namespace weir {

struct DemoStyle {
  bool color = false;
  std::size_t width = 80;
};

/// Where everything is, for the words about it.
struct DemoPlaces {
  std::string brokers;
  std::string topic;
  std::string quarantine;
  std::string page;  // the URL; empty: there is none
  std::string rules;
  std::string config;
  std::string log;
  std::string program = "weir";  // as one types it
  std::string failing = "";      // a record that failed: TOPIC/PARTITION/OFFSET; empty: none yet
};

/// "00:07  FAIL  email.required: null, a value is required", broken over lines that fit. The text is made harmless.
[[nodiscard]] std::string demo_line(double seconds, std::string_view label, std::string_view text,
                                    const DemoStyle& style);
[[nodiscard]] std::string demo_line(double seconds, const DemoFinding& finding, const DemoPlaces& places,
                                    const DemoStyle& style);
/// What to type in a second terminal.
[[nodiscard]] std::string demo_next_steps(const DemoPlaces& places, const DemoStyle& style);
/// What to type when the demo is over.
[[nodiscard]] std::string demo_last_steps(const DemoPlaces& places, bool timed, const DemoStyle& style);

/// Whether everything that a round provokes was found, and when.
class DemoScore {
 public:
  DemoScore();
  void add(const DemoFinding& finding, double seconds);
  /// The table, for a demo that went on for so long: what came too late to be found is told, and counts for nothing.
  [[nodiscard]] std::string table(double seconds, const DemoStyle& style) const;
  struct Counts {
    std::size_t seen = 0;
    std::size_t missing = 0;
    std::size_t to_come = 0;
  };
  [[nodiscard]] Counts counts(double seconds) const;

 private:
  struct Entry {
    DemoFault fault;
    DemoFinding::Kind kind;
    std::string_view rule;
    std::string_view told;
    std::optional<double> seen = {};
  };
  enum class State : unsigned char { Seen, Missing, ToCome };
  [[nodiscard]] static State state_of(const Entry& entry, double seconds);

  std::vector<Entry> entries_;
};

/// When an act begins, in seconds since the start of the first round.
[[nodiscard]] double demo_begin_of(DemoFault fault);

}  // namespace weir
