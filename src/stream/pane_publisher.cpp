// SPDX-License-Identifier: Apache-2.0
#include "stream/pane_publisher.h"

#include <algorithm>
#include <utility>

namespace weir {

PanePublisher::PanePublisher(std::string stream, PanesTopic topic, RecordOut& out)
    : stream_(std::move(stream)), topic_(std::move(topic)), out_(out) {}

void PanePublisher::tell(std::string key, std::string value) {
  waiting_.push_back({.key = std::move(key), .value = std::move(value)});
}

void PanePublisher::send() {
  const std::int32_t partitions = topic_.partitions();
  if (partitions <= 0) return;
  std::size_t sent = 0;
  for (; sent < waiting_.size(); ++sent) {
    const OutRecord record{.topic = topic_.name,
                           .partition = panes_partition(stream_, partitions),
                           .key = waiting_[sent].key,
                           .value = waiting_[sent].value};
    const RecordOut::Taken taken = out_.write(record, ++token_);
    if (taken == RecordOut::Taken::Full) break;
    if (taken == RecordOut::Taken::TooLarge) ++too_large_;
  }
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(sent));
}

bool PanePublisher::publish(std::span<const Part> parts, std::vector<Trouble>& troubles) {
  delivered_.clear();
  out_.poll(delivered_, troubles);
  for (const Delivered& one : delivered_) {
    if (one.ok) continue;
    troubles.push_back(one.trouble);
    told_.clear();
  }
  if (!waiting_.empty()) {
    send();
    if (!waiting_.empty()) return false;
  }
  for (const Part& part : parts) {
    // The claim first: what a former owner tells after it is not heard any more.
    PartitionProgress progress{.watermark = {}, .idle = part.idle, .next_offset = part.next_offset};
    if (part.engine->watermark() > Instant::min()) progress.watermark = part.engine->watermark();
    const auto told = told_.find(part.partition);
    const bool anew = told == told_.end() || told->second != part.incarnation;
    const std::string name =
        write_name(ProgressName{.stream = stream_, .partition = part.partition, .incarnation = part.incarnation});
    // A claim says nothing of how far it is: the panes below are not there yet.
    if (anew) tell(name, write_progress({.watermark = {}, .idle = false, .next_offset = part.next_offset}));
    const std::string layout = part.engine->layout_id();
    for (const PanePlace& pane : anew ? part.engine->panes() : part.engine->changed_panes()) {
      tell(write_name(PaneName{.stream = stream_,
                               .layout = layout,
                               .grid = pane.grid,
                               .place = pane.place,
                               .partition = part.partition,
                               .incarnation = part.incarnation}),
           part.engine->write_pane(pane));
    }
    tell(name, write_progress(progress));
    told_.insert_or_assign(part.partition, part.incarnation);
  }
  std::erase_if(told_, [&parts](const auto& entry) {
    return std::none_of(parts.begin(), parts.end(), [&](const Part& part) { return part.partition == entry.first; });
  });
  send();
  tell_too_large(troubles);
  return waiting_.empty();
}

/// The first time, and then now and again: a pane that grew too large is told with every round.
void PanePublisher::tell_too_large(std::vector<Trouble>& troubles) {
  constexpr std::uint64_t kTellEvery = 100;
  if (too_large_ == 0 || (too_large_said_ > 0 && too_large_ < too_large_said_ + kTellEvery)) return;
  too_large_said_ = too_large_;
  troubles.push_back({.weight = Trouble::Weight::Standing,
                      .event = "pane_too_large",
                      .message = "a pane is too large for topic `" + topic_.name +
                                 "`, and its windows are judged without it: raise max.message.bytes there and "
                                 "message.max.bytes here, or let the rules have fewer segments"});
}

void PanePublisher::publish_judged(Instant watermark) {
  tell(judged_name(stream_), write_progress({.watermark = watermark, .idle = false, .next_offset = 0}));
  send();
}

}  // namespace weir
