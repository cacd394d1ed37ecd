// SPDX-License-Identifier: Apache-2.0
#include "app/replay_sender.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

constexpr Duration kFlush = std::chrono::seconds(1);
constexpr Duration kBetween = std::chrono::milliseconds(500);

OutRecord out_of(const OwnRecord& record, std::vector<std::pair<std::string_view, std::string_view>>& headers) {
  headers.clear();
  for (const auto& [name, value] : record.headers)
    headers.emplace_back(name, value ? std::string_view(*value) : std::string_view());
  return {.topic = record.topic,
          .partition = record.partition,
          .key = record.key ? std::optional<std::string_view>(*record.key) : std::nullopt,
          .value = record.value ? std::optional<std::string_view>(*record.value) : std::nullopt,
          .headers = headers,
          .timestamp = record.timestamp};
}

Error interrupted() {
  return {.message = "interrupted", .code = "interrupted"};
}

}  // namespace

Error ReplaySender::worst(std::string otherwise) const {
  const Trouble* found = nullptr;
  for (const Trouble& trouble : troubles_) {
    if (found == nullptr || trouble.weight > found->weight) found = &trouble;
  }
  if (refusal_ && (found == nullptr || found->weight < Trouble::Weight::Fatal)) found = &*refusal_;
  if (found == nullptr) return {.message = std::move(otherwise)};
  return {.message = found->message, .code = found->event};
}

void ReplaySender::hear() {
  out_.poll(delivered_, troubles_);
  for (Delivered& one : delivered_) {
    if (one.ok) continue;
    if (one.too_large) {
      too_large_ = true;
    } else if (one.trouble.weight != Trouble::Weight::Passing && !refusal_) {
      refusal_ = std::move(one.trouble);
    }
  }
}

Status ReplaySender::write(std::span<const ReplayItem> items) {
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (const OwnRecord* const record : {&items[i].record, items[i].mark ? &*items[i].mark : nullptr}) {
      if (record == nullptr) continue;
      RecordOut::Taken taken = RecordOut::Taken::Full;
      while ((taken = out_.write(out_of(*record, headers), i)) == RecordOut::Taken::Full) {
        if (options_.interrupted()) return interrupted();
        (void)out_.flush(kFlush);
        hear();
        if (too_large_ || refusal_) return Done{};
      }
      if (taken == RecordOut::Taken::TooLarge) {
        too_large_ = true;
        culprit_ = i;
        return Done{};
      }
    }
  }
  return Done{};
}

Result<ReplaySender::Attempt> ReplaySender::attempt(std::span<const ReplayItem> items) {
  troubles_.clear();
  refusal_.reset();
  too_large_ = false;
  culprit_.reset();
  if (const Status begun = transactions_.begin(); !begun) return begun.error();
  const Status written = write(items);
  const bool give_up = !written || too_large_ || refusal_;
  const Transactions::End end = give_up ? transactions_.abort(troubles_) : transactions_.commit({}, troubles_);
  hear();
  if (end == Transactions::End::Fatal) return worst("nobody knows whether the last records were written");
  if (!written) return written.error();
  if (end == Transactions::End::Committed) return Attempt::Committed;
  if (too_large_) return Attempt::TooLarge;
  if (refusal_) return worst("");
  return Attempt::Again;
}

Status ReplaySender::send(std::span<const ReplayItem> items) {
  std::optional<Duration> since;
  while (!items.empty()) {
    if (options_.interrupted()) return interrupted();
    const Result<Attempt> attempted = attempt(items);
    if (!attempted) return attempted.error();
    switch (*attempted) {
      case Attempt::Committed: return options_.committed(items);
      case Attempt::TooLarge: {
        if (items.size() == 1) {
          options_.too_large(items.front());
          return Done{};
        }
        // The broker refuses a whole batch for one record of it: halves find out which.
        const std::size_t half = culprit_ ? std::max<std::size_t>(*culprit_, 1) : items.size() / 2;
        if (const Status first = send(items.first(half)); !first) return first;
        items = items.subspan(half);
        break;
      }
      case Attempt::Again: {
        const Duration now = options_.steady();
        if (!since) since = now;
        const Error why = worst("the transaction was given up");
        if (now - *since > options_.patience) return why;
        options_.told(why.message);
        options_.wait(kBetween);
        break;
      }
    }
  }
  return Done{};
}

}  // namespace weir
