// SPDX-License-Identifier: Apache-2.0
// How the facts of a quarantined record are called (docs/quarantine.md): one home for those who write them and for those who read
// them back.
#pragma once

#include <array>
#include <string_view>

#include "weir/messages.h"

namespace weir {

/// Every header of ours begins so.
inline constexpr std::string_view kHeaderPrefix = "__weir.";

/// The stage of a mark: not a record that was put aside, but the word that the record of that id was sent back.
inline constexpr std::string_view kReplayedStage = "replayed";

/// What other tools' dead letter queues have, in the order in which we write it behind our own headers.
inline constexpr std::string_view kConnectPrefix = "__connect.errors.";
inline constexpr std::array<std::string_view, 9> kConnectNames = {"topic",
                                                                  "partition",
                                                                  "offset",
                                                                  "connector.name",
                                                                  "task.id",
                                                                  "stage",
                                                                  "class.name",
                                                                  "exception.class.name",
                                                                  "exception.message"};
inline constexpr std::string_view kConnectClass = "weir";  // in `class.name`
inline constexpr std::string_view kConfluentPrefix = "__rule.";
inline constexpr std::array<std::string_view, 5> kConfluentNames = {"name", "mode", "subject", "topic", "exception"};

[[nodiscard]] constexpr std::string_view word_of(TimestampType type) {
  switch (type) {
    case TimestampType::None: break;
    case TimestampType::Create: return "CreateTime";
    case TimestampType::LogAppend: return "LogAppendTime";
  }
  return "NoTimestampType";
}

}  // namespace weir
