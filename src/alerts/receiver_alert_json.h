// SPDX-License-Identifier: Apache-2.0
// An alert in Alertmanager's own words, labels and annotations, which a webhook and a topic get as well: whoever reads the one
// reads the others.
//
// Labels are what an alert is: they are the same from its first message to its last, whichever instance sends it. All else is an
// annotation.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "alerts/alert.h"
#include "alerts/message_template.h"
#include "base/json_writer.h"

namespace weir {

using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// What a receiver was told to say in its own words. Empty: ours.
struct MessageWords {
  MessageTemplate title;
  MessageTemplate text;
};

/// Names as Prometheus has them ([a-zA-Z_][a-zA-Z0-9_]*), each once; values that are not empty.
[[nodiscard]] NamedTexts labels_of(const Alert& alert);
[[nodiscard]] NamedTexts annotations_of(const Notification& notification, const Alert& alert,
                                        const MessageWords& words);
void write_named(JsonWriter& json, const NamedTexts& texts);

/// Never before it began: what is judged by the times of records may lie in the future of whoever is told.
struct AlertTimes {
  Instant starts_at{};
  std::optional<Instant> ends_at;
};
[[nodiscard]] AlertTimes times_of(const Alert& alert, Instant now);

/// An alert as the body of a webhook has it.
void write_alert(JsonWriter& json, const Notification& notification, const Alert& alert, const MessageWords& words,
                 Instant now);

}  // namespace weir
