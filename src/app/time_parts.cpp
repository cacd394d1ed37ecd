// SPDX-License-Identifier: Apache-2.0
#include "app/time_parts.h"

#include <algorithm>
#include <utility>

#include "decode/decoders.h"
#include "windows/event_time.h"

namespace weir {

TimeParts::TimeParts(const Plan& plan, std::vector<Instant> edges)
    : edges_(std::move(edges)), parts_(edges_.size() - 1) {
  plan_.rules.emplace_back();  // decode
  plan_.time = plan.time;
  const Field& time = plan.fields[static_cast<std::size_t>(plan.time.column)];
  const std::uint32_t column = plan_.fields.add(time.path);
  plan_.fields[column] = time;
  plan_.time.column = static_cast<std::int32_t>(column);
}

const std::vector<Messages>& TimeParts::split(const Messages& messages, Format format) {
  if (decoder_ == nullptr || format != format_) decoder_ = make_decoder(format, plan_);
  format_ = format;
  batch_.clear(plan_.fields.size());
  decoder_->decode(messages, batch_);
  read_event_times(plan_, messages, batch_, times_, timed_);
  for (Messages& part : parts_) {
    part.items.clear();
    part.envelopes.clear();
    part.header = messages.header;
    part.columns = messages.columns;
  }
  for (std::size_t row = 0; row < messages.items.size(); ++row) {
    if (!timed_[row] || times_[row] < edges_.front() || times_[row] >= edges_.back()) continue;
    const auto after = std::upper_bound(edges_.begin(), edges_.end(), times_[row]);
    Messages& part = parts_[static_cast<std::size_t>(after - edges_.begin()) - 1];
    part.items.push_back(messages.items[row]);
    if (!messages.envelopes.empty()) part.envelopes.push_back(messages.envelopes[row]);
  }
  return parts_;
}

}  // namespace weir
