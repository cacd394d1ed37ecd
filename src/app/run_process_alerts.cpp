// SPDX-License-Identifier: Apache-2.0
// Alerts of a process: a desk that tells them, and a book of each stream.
#include <algorithm>

#include "app/run_process.h"

namespace weir {

/// A run that ends with a report tells nobody anything else.
Status RunProcess::open_alerts(const std::shared_ptr<StateFolder>& folder) {
  if (settings_.until_end) return Done{};
  Result<std::unique_ptr<AlertDesk>> desk = AlertDesk::make(settings_.config, folder, log_, surroundings_.wall_clock);
  if (!desk) return desk.error();
  alerts_ = *std::move(desk);
  return Done{};
}

Result<StreamAlerts> RunProcess::open_alerts_of(const std::string& stream, Watchers& watchers,
                                                const std::shared_ptr<StateFolder>& folder) {
  if (alerts_ == nullptr) return StreamAlerts();
  Result<std::unique_ptr<AlertBook>> book = alerts_->open_book(stream, folder);
  if (!book) return book.error();
  watchers.alerts = *std::move(book);
  return StreamAlerts{.save = [book = watchers.alerts.get()] { return book->save(); },
                      .hand_over =
                          [this, book = watchers.alerts.get(), stream] {
                            book->hand_over();
                            alerts_->hand_over(stream);
                          }};
}

void RunProcess::show_alerts() {
  if (alerts_ == nullptr) return;
  AlertCounts counts;
  std::map<std::string, AlertDelivery::StreamFacts> streams = alerts_->streams();
  for (const StreamConfig& stream : settings_.config.streams) {
    const AlertDelivery::StreamFacts& facts = streams[stream.name.value];
    counts.streams.push_back({stream.name.value, facts.errors, facts.warnings, facts.silenced, facts.left_out});
  }
  for (const ReceiverFacts& facts : alerts_->receivers())
    counts.receivers.push_back({facts.name, facts.sent, facts.away, facts.refused, facts.waiting, facts.up});
  metrics_.alerts(counts);
}

/// Within the time in which the process has to end.
void RunProcess::stop_alerts() {
  if (alerts_ == nullptr) return;
  constexpr double kLastWords = 5;  // seconds for what is to be told already
  const double left = stop_at_ ? std::clamp(*stop_at_ - surroundings_.stopwatch(), 0.0, kLastWords) : kLastWords;
  alerts_->stop(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(left)));
}

}  // namespace weir
