// SPDX-License-Identifier: Apache-2.0
#include "registry/fetch_queue.h"

#include <algorithm>
#include <utility>

#include "weir/schemas.h"

namespace weir {

Duration Backoff::after_failure() {
  constexpr int kMostDoublings = 30;
  const Duration whole = std::min(kMost, kFirst * (std::int64_t{1} << std::min(failures_, kMostDoublings)));
  ++failures_;
  std::uniform_int_distribution<std::int64_t> within(whole.count() / 2, whole.count());
  return Duration(within(random_));
}

bool FetchQueue::want(std::string_view key, Duration now) {
  if (keys_.contains(key)) return true;
  const auto refused = refused_.find(key);
  if (refused != refused_.end() && now - refused->second < refused_for_) return true;
  if (wanted_.size() >= kMost) return false;
  wanted_.push_back({.key = std::string(key)});
  keys_.emplace(key);
  return true;
}

std::optional<std::string> FetchQueue::next(Duration now) const {
  if (wanted_.empty() || now < not_before_) return std::nullopt;
  return wanted_.front().key;
}

std::optional<Duration> FetchQueue::wait(Duration now) const {
  if (wanted_.empty()) return std::nullopt;
  return std::max(not_before_ - now, Duration::zero());
}

void FetchQueue::settle(const std::string& key, SchemaReply& reply, Duration now) {
  const auto at = std::find_if(wanted_.begin(), wanted_.end(), [&key](const Wanted& it) { return it.key == key; });
  if (at == wanted_.end()) return;
  Wanted wanted = std::move(*at);
  wanted_.erase(at);
  const bool is_away = reply.kind == SchemaReply::Kind::Away;
  const bool is_garbled = is_away && reply.fault == RegistryFault::Garbled;
  if (is_garbled && ++wanted.garbled >= kMostGarbled) reply.kind = SchemaReply::Kind::Refused;
  if (reply.kind != SchemaReply::Kind::Away) {
    keys_.erase(key);
    refused_.erase(key);
    if (reply.kind == SchemaReply::Kind::Refused) {
      if (refused_.size() >= SchemaBook::kMost) {
        refused_.erase(std::min_element(refused_.begin(), refused_.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; }));
      }
      refused_.emplace(key, now);
    }
    backoff_.succeeded();
    not_before_ = now;
    away_since_.reset();
    trouble_.clear();
    standing_ = false;
    return;
  }
  wanted_.push_back(std::move(wanted));
  not_before_ = now + std::max(backoff_.after_failure(), std::min(reply.wait.value_or(Duration::zero()), kMostWait));
  if (!away_since_) away_since_ = now;
  trouble_ = reply.reason;
  standing_ = reply.standing;
}

}  // namespace weir
