// SPDX-License-Identifier: Apache-2.0
#include "app/replay_check.h"

#include <utility>

namespace weir {
namespace {

// Nobody asks for the windows that the engine fills, so it is made anew before they take much.
constexpr std::uint64_t kRecordsOfAnEngine = 10'000;

}  // namespace

ReplayCheck::ReplayCheck(std::shared_ptr<const Plan> plan, Instant now) : plan_(std::move(plan)), now_(now) {
  renew();
}

void ReplayCheck::renew() {
  auto next = std::make_unique<Engine>(
      plan_, EngineOptions{.samples_per_rule = 0, .failing_records = true, .format = Format::Json, .now = now_});
  if (engine_ != nullptr) next->memories() = std::move(engine_->memories());
  engine_ = std::move(next);
  judged_ = 0;
}

std::vector<ReplayCheck::Broken> ReplayCheck::judge(const QuarantinedRecord& record) {
  if (judged_++ == kRecordsOfAnEngine) renew();
  buffer_ = record.value.value_or("");
  const std::size_t size = buffer_.size();
  buffer_.append(Messages::kPadding, '\0');
  Messages messages;
  messages.block = std::string_view(buffer_).substr(0, size);
  messages.items.push_back({.bytes = messages.block, .offset = static_cast<std::uint64_t>(record.offset)});
  Envelope& envelope = messages.envelopes.emplace_back();
  envelope.topic = record.origin.topic;
  envelope.partition = record.origin.number;
  envelope.timestamp = record.timestamp.value_or(Instant{});
  envelope.timestamp_type = record.timestamp ? record.timestamp_type : TimestampType::None;
  envelope.tombstone = !record.value;
  envelope.has_key = record.key.has_value();
  if (record.key) envelope.key = *record.key;
  for (const auto& [name, value] : record.headers)
    envelope.headers.emplace_back(name, value ? std::string_view(*value) : std::string_view());

  const Outcome outcome = engine_->step(messages, record.timestamp.value_or(now_));
  std::vector<Broken> broken;
  for (const FailingRecord& failing : outcome.failing) {
    for (const Violation& violation : failing.violations) {
      const RuleInfo& rule = plan_->rules[violation.rule].info;
      if (rule.on_fail < OnFail::Drop) continue;
      broken.push_back({.rule = rule.id, .message = violation.message});
    }
  }
  return broken;
}

}  // namespace weir
