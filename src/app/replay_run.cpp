// SPDX-License-Identifier: Apache-2.0
// What becomes of one record after the other: chosen, made whole, judged, sent, noted. Where they come from and where to is in
// replay_world.cpp.
#include "app/replay_run.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "app/interrupt.h"
#include "app/interruptible_wait.h"
#include "base/text.h"
#include "quarantine/quarantine_names.h"

namespace weir {
namespace {

constexpr std::size_t kMostInBatch = 1000;
constexpr std::size_t kBatchBytes = std::size_t{8} << 20;
constexpr Duration kBatchTime = std::chrono::seconds(1);
constexpr std::uint64_t kBatchesASecond = 10;  // under --rate, so that it is a stream and no burst each second

Duration steady() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

std::size_t size_of(const OwnRecord& record) {
  std::size_t size = (record.key ? record.key->size() : 0) + (record.value ? record.value->size() : 0);
  for (const auto& [name, value] : record.headers) size += name.size() + (value ? value->size() : 0);
  return size;
}

}  // namespace

ReplayRun::ReplayRun(const ReplaySettings& settings, Surroundings& surroundings)
    : settings_(settings),
      surroundings_(surroundings),
      choice_(settings.wish),
      progress_(surroundings, !settings.quiet),
      origins_([this](const std::string& topic) { return open_log(topic); }) {
  summary_.dry_run = settings.dry_run;
  summary_.rechecked = settings.plan != nullptr;
  if (settings.files.empty()) {
    summary_.source = settings.wish.quarantine;
  } else {
    const std::size_t files = settings.files.size();
    summary_.source = files == 1 ? settings.files.front() : std::to_string(files) + " files";
  }
  if (settings.plan != nullptr) check_ = std::make_unique<ReplayCheck>(settings.plan, settings.now);
}

Status ReplayRun::run() {
  Status status = connect();
  if (status) status = read_marks();
  std::optional<Error> fault;
  if (status) {
    status = each([&](const Result<QuarantinedRecord>& record) {
      if (!record) {
        ++summary_.read;
        summary_.leave(record.error().code == "newer" ? ReplayLeft::Newer : ReplayLeft::Unreadable, file_,
                       record.error().message);
        return true;
      }
      if (record->stage == kReplayedStage) return true;
      if (const Status taken = take(*record); !taken) fault = taken.error();
      show();
      return !fault && InterruptGuard::signal() == 0;
    });
  }
  if (fault) status = *fault;
  if (status && InterruptGuard::signal() != 0) status = Error{.message = "interrupted", .code = "interrupted"};
  if (status) status = flush();
  progress_.clear();
  return status;
}

Status ReplayRun::take(QuarantinedRecord record) {
  ++summary_.read;
  if (const std::optional<ReplayLeft> why = choice_.look(record)) {
    summary_.leave(*why, record.id);
    return Done{};
  }
  const Result<bool> original = make_original(record);
  if (!original) return original.error();
  if (!*original || !passes(record)) return Done{};
  const Result<const ReplayTarget*> target = target_of(record);
  if (!target) return target.error();
  if (!(*target)->why_not.empty()) {
    // Where a record came from is in its headers: one topic that is gone keeps none of the others back.
    summary_.leave(ReplayLeft::Nowhere, record.id, (*target)->why_not);
    return Done{};
  }
  if (settings_.dry_run) {
    ++summary_.sent;
    ++summary_.into[(*target)->topic];
    return Done{};
  }
  ReplayItem item{.id = record.id, .record = replayed_record(record, **target), .mark = std::nullopt};
  if (settings_.files.empty()) item.mark = replay_mark(record, (*target)->topic, surroundings_.wall_clock());
  const Duration now = steady();
  if (batch_.empty()) batch_since_ = now;
  batch_bytes_ += size_of(item.record);
  batch_.push_back(std::move(item));
  const bool is_full =
      batch_.size() >= most_in_batch() || batch_bytes_ >= kBatchBytes || now - batch_since_ >= kBatchTime;
  return is_full ? flush() : Status(Done{});
}

/// False: it was left.
Result<bool> ReplayRun::make_original(QuarantinedRecord& record) {
  if (is_original(record)) return true;
  if (!settings_.topic) {
    summary_.leave(ReplayLeft::OriginalGone, record.id, "nobody looked for it: there is no --brokers");
    return false;
  }
  Result<bool> there = origins_.fetch(record);
  if (there && !*there) summary_.leave(ReplayLeft::OriginalGone, record.id);
  return there;
}

bool ReplayRun::passes(const QuarantinedRecord& record) {
  if (check_ == nullptr) return true;
  if (!settings_.rules_topic.empty() && !record.origin.topic.empty() && record.origin.topic != settings_.rules_topic) {
    summary_.leave(ReplayLeft::OtherTopic, record.id);
    return false;
  }
  const std::vector<ReplayCheck::Broken> broken = check_->judge(record);
  if (broken.empty()) return true;
  std::set<std::string> rules;
  for (const ReplayCheck::Broken& one : broken) rules.insert(one.rule);
  for (const std::string& rule : rules) ++summary_.failing[rule];
  summary_.leave(ReplayLeft::StillFails, record.id, broken.front().rule + ": " + broken.front().message);
  return false;
}

std::size_t ReplayRun::most_in_batch() const {
  if (!settings_.rate) return kMostInBatch;
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(*settings_.rate / kBatchesASecond, 1, kMostInBatch));
}

Status ReplayRun::flush() {
  if (batch_.empty()) return Done{};
  pace(batch_.size());
  const Status sent = sender_->send(batch_);
  batch_.clear();
  batch_bytes_ = 0;
  return sent;
}

Status ReplayRun::keep(std::span<const ReplayItem> sent) {
  for (const ReplayItem& item : sent) {
    ++summary_.sent;
    ++summary_.into[item.record.topic];
  }
  if (settings_.files.empty()) return Done{};
  ReplayLedger& ledger = *ledgers_.at(ReplayLedger::path_of(file_));
  Status kept = Done{};
  for (const ReplayItem& item : sent) {
    if (kept) kept = ledger.add(item.id);
  }
  if (kept) kept = ledger.sync();
  if (kept) return Done{};
  return Error{.message = kept.error().message + "; the last " + with_commas(sent.size()) +
                          " records were sent and are not noted: they would be sent again",
               .code = "not_noted"};
}

/// Waits until so many more may be sent. What was not sent in time is not made up for: the rate is a limit, and no mean.
void ReplayRun::pace(std::size_t records) {
  if (!settings_.rate) return;
  while (steady() < pace_due_ && InterruptGuard::signal() == 0) {
    interruptible_wait(std::min<Duration>(std::chrono::milliseconds(100), pace_due_ - steady()));
    show();
  }
  pace_due_ = std::max(steady(), pace_due_) + std::chrono::microseconds(1'000'000 * records / *settings_.rate);
}

void ReplayRun::show() {
  progress_.say(shorten(summary_.source, 40) + "  " + with_commas(summary_.read) + " records  " +
                with_commas(summary_.sent) + " sent back");
}

}  // namespace weir
