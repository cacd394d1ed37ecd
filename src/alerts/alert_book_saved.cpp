// SPDX-License-Identifier: Apache-2.0
// What an AlertBook remembers across a restart: an entry a rule and segment, as JSON.
#include <algorithm>
#include <utility>

#include "alerts/alert_book.h"
#include "alerts/alert_json.h"
#include "base/json_writer.h"
#include "base/timestamp.h"

namespace weir {

namespace {

constexpr std::size_t kMostVotes = 200;

}  // namespace

std::string AlertBook::text_of_entry(const std::string& key, const Entry& entry) {
  JsonWriter json;
  json.begin_object().field("key", key);
  json.field("phase", entry.phase == Entry::Phase::Firing ? "firing"
                      : entry.phase == Entry::Phase::Over ? "over"
                                                          : "voting");
  json.key("votes").begin_array();
  for (const Vote& vote : entry.votes) {
    json.begin_object().field("start", format_timestamp(vote.start)).field("end", format_timestamp(vote.end));
    json.field("broke", vote.broke).end_object();
  }
  json.end_array().key("alert").begin_object();
  write_alert_members(json, entry.alert);
  json.end_object().end_object();
  return json.take();
}

/// Nothing when it is none of ours: it is begun anew.
std::optional<std::pair<std::string, AlertBook::Entry>> AlertBook::read_entry(const std::string& text) {
  const Result<JsonValue> json = parse_json(text);
  if (!json) return std::nullopt;
  const JsonValue* const written = json->find("alert");
  const JsonValue* const votes = json->find("votes");
  if (written == nullptr || votes == nullptr || votes->items.size() > kMostVotes) return std::nullopt;
  std::optional<Alert> alert = read_alert(*written);
  if (!alert) return std::nullopt;
  Entry entry;
  entry.alert = *std::move(alert);
  const std::string phase = text_of(*json, "phase");
  entry.phase = phase == "firing" ? Entry::Phase::Firing : phase == "over" ? Entry::Phase::Over : Entry::Phase::Voting;
  for (const JsonValue& item : votes->items) {
    const std::optional<Instant> start = time_of(item, "start");
    const std::optional<Instant> end = time_of(item, "end");
    const JsonValue* const broke = item.find("broke");
    if (!start || !end || broke == nullptr) return std::nullopt;
    entry.votes.push_back({.start = *start, .end = *end, .broke = broke->boolean});
  }
  return std::pair(text_of(*json, "key"), std::move(entry));
}

Status AlertBook::restore() {
  if (store_ == nullptr) return Done{};
  const Result<std::vector<AlertStore::Entry>> saved = store_->read();
  if (!saved) return saved.error();
  std::vector<Alert> known;
  for (const AlertStore::Entry& one : *saved) {
    std::optional<std::pair<std::string, Entry>> found = read_entry(one.text);
    if (!found || size_ >= options_.most) continue;
    auto& [key, entry] = *found;
    // Of another pipeline that kept its state here: the delivery says that nobody judges it any more.
    if (entry.alert.fingerprint != one.name || entry.alert.pipeline != options_.pipeline) {
      gone_.insert(one.name);
      continue;
    }
    if (entry.phase != Entry::Phase::Voting) known.push_back(entry.alert);
    const std::string rule = entry.alert.rule;
    if (entries_[rule].emplace(std::move(key), std::move(entry)).second) ++size_;
  }
  for (const Alert& alert : known) tell_(alert);
  return Done{};
}

Status AlertBook::save() {
  if (store_ == nullptr) return Done{};
  std::vector<AlertStore::Entry> out;
  for (const std::string& fingerprint : gone_) out.push_back({.name = fingerprint, .text = ""});
  for (const auto& [id, segments] : entries_) {
    for (const auto& [key, entry] : segments) {
      if (entry.unsaved) out.push_back({.name = entry.alert.fingerprint, .text = text_of_entry(key, entry)});
    }
  }
  if (out.empty()) return Done{};
  if (const Status written = store_->write(out); !written) return written;
  gone_.clear();
  for (auto& [id, segments] : entries_) {
    for (auto& [key, entry] : segments) entry.unsaved = false;
  }
  return Done{};
}

}  // namespace weir
