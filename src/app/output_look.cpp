// SPDX-License-Identifier: Apache-2.0
#include "app/output_look.h"

#include <utility>

#include "kafka/topics.h"

namespace weir {

namespace {

constexpr Duration kReach = std::chrono::seconds(2);
// The stream stands still meanwhile, and its loop counts as stuck after ten seconds.
constexpr Duration kAnswer = std::chrono::seconds(1);
constexpr auto kAgain = std::chrono::seconds(5);

}  // namespace

OutputLook::OutputLook() = default;
OutputLook::~OutputLook() = default;

std::string with_remedy(const Error& error) {
  return error.message + (error.help.empty() ? "" : ": " + error.help);
}

std::vector<Error> OutputLook::begin(const KafkaSettings& settings, std::vector<std::string> names) {
  names_ = std::move(names);
  if (names_.empty()) return {};
  Result<std::unique_ptr<KafkaTopics>> topics = KafkaTopics::connect(settings, kReach, kAnswer);
  if (!topics) return {};
  topics_ = *std::move(topics);
  return look();
}

std::vector<Error> OutputLook::look() {
  again_at_ = Clock::now() + kAgain;
  std::vector<Error> faults;
  const Result<std::vector<TopicFacts>> facts = topics_->describe(names_);
  if (!facts) {
    if (!fault_) topics_.reset();
    return faults;
  }
  for (const TopicFacts& topic : *facts) {
    if (std::optional<Error> why = why_not_writable(topic)) faults.push_back(*std::move(why));
    const std::size_t most = topic.max_record_bytes.value_or(0);
    if (most > 0 && (max_record_bytes_ == 0 || most < max_record_bytes_)) max_record_bytes_ = most;
  }
  fault_ = faults.empty() ? std::nullopt : std::optional<Error>(faults.front());
  if (!fault_) topics_.reset();
  return faults;
}

std::optional<Error> OutputLook::fault(bool waits) {
  if (!fault_ || (!waits && fault_->code == "topic_unknown")) return std::nullopt;
  if (Clock::now() >= again_at_) look();
  return fault_;
}

}  // namespace weir
