// SPDX-License-Identifier: Apache-2.0
#include "app/replay_choice.h"

#include <algorithm>
#include <array>

namespace weir {
namespace {

struct Words {
  std::string_view words;
  std::string_view key;
  std::string_view remedy;
  bool behind;
};

constexpr std::array<Words, kReplayLefts> kWords = {{
    {"not asked for", "not_asked", "", false},
    {"sent back before", "sent_before", "--again sends them once more", false},
    {"copies of others", "copies", "", false},
    {"still failing", "still_failing", "mend the rules or the records; without --recheck they go as they are", true},
    {"of another topic", "other_topic", "the rules say `topic`; judge these by their own", true},
    {"replayed too often", "too_often", "they fail each time they come back; --max-replays N allows more", true},
    {"original gone", "original_gone", "the quarantine has no original bytes, and where they came from they are gone",
     true},
    {"nowhere to go", "nowhere", "--into TOPIC says where to", true},
    {"too large", "too_large", "raise max.message.bytes of the topic that they go to", true},
    {"not readable", "unreadable", "no record that weir put aside", true},
    {"of a newer weir", "newer", "read them with that version", true},
}};

const Words& of(ReplayLeft left) {
  return kWords[static_cast<std::size_t>(left)];
}

/// What Kafka takes as a name, and no topic that belongs to Kafka itself: headers are written by anybody.
bool may_be_written(std::string_view topic) {
  constexpr std::size_t kLongest = 249;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !topic.empty() && topic.size() <= kLongest && !topic.starts_with("__") &&
         std::all_of(topic.begin(), topic.end(), fits);
}

}  // namespace

std::string_view words_of(ReplayLeft left) {
  return of(left).words;
}
std::string_view key_of(ReplayLeft left) {
  return of(left).key;
}
std::string_view remedy_of(ReplayLeft left) {
  return of(left).remedy;
}
bool is_left_behind(ReplayLeft left) {
  return of(left).behind;
}

std::string ReplayChoice::target_of(const QuarantinedRecord& record) const {
  return wish_.into.value_or(record.origin.topic);
}

std::optional<ReplayLeft> ReplayChoice::look(const QuarantinedRecord& record) {
  if (!wish_.filter.takes(record)) return ReplayLeft::NotAsked;
  // Without an id nobody could say later that it was sent.
  if (record.id.empty()) return ReplayLeft::Unreadable;
  if (!seen_.insert(record.id)) return ReplayLeft::Copy;
  if (!wish_.again && marked_.contains(record.id)) return ReplayLeft::SentBefore;
  if (record.replay_count >= wish_.max_replays) return ReplayLeft::TooOften;
  // Sent into the quarantine itself it would be read again for ever.
  const std::string target = target_of(record);
  if (!may_be_written(target) || target == wish_.quarantine) return ReplayLeft::Nowhere;
  return std::nullopt;
}

bool is_original(const QuarantinedRecord& record) {
  using Form = QuarantinedRecord::Form;
  // What `weir check` writes of a record of a topic is its value alone, and it does not say when.
  if (!record.origin.topic.empty() && !record.at) return false;
  // Where facts are missing, somebody cut the headers: the record's own may be among what is gone.
  return record.value_form == Form::Original && record.key_form == Form::Original && record.missing.empty();
}

}  // namespace weir
