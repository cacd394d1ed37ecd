// SPDX-License-Identifier: Apache-2.0
#include "kafka/subscription.h"

#include <regex.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>

#include "base/text.h"

namespace weir::kafka {

namespace {

constexpr auto kRefreshEvery = std::chrono::seconds(30);
constexpr std::size_t kTopicMax = 249;  // Kafka's limit of a name

/// A name as an expression that matches it alone.
std::string literal(std::string_view name) {
  std::string out = "^";
  for (const char c : name) {
    if (c == '.') out += '\\';
    out += c;
  }
  return out + "$";
}

bool is_topic_name(std::string_view name) {
  return !name.empty() && name.size() <= kTopicMax && name != "." && name != ".." &&
         std::ranges::all_of(name, [](unsigned char c) {
           return (c < 0x80 && std::isalnum(c) != 0) || c == '.' || c == '_' || c == '-';
         });
}

}  // namespace

struct TopicPattern::Compiled {
  regex_t expression{};
  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() { regfree(&expression); }
};

Result<TopicPattern> TopicPattern::compile(const std::string& text) {
  auto compiled = std::make_shared<Compiled>();
  if (const int error = regcomp(&compiled->expression, text.c_str(), REG_EXTENDED | REG_NOSUB); error != 0) {
    std::array<char, 200> reason{};
    regerror(error, &compiled->expression, reason.data(), reason.size());
    compiled->expression = {};
    return Error{.message = "`" + shorten(text, 80) + "` is no pattern for topics: " + reason.data()};
  }
  TopicPattern pattern;
  pattern.compiled_ = std::move(compiled);
  return pattern;
}

bool TopicPattern::matches(const std::string& topic) const {
  return regexec(&compiled_->expression, topic.c_str(), 0, nullptr, 0) == 0;
}

Result<Subscription> Subscription::make(std::vector<std::string> topics, const std::vector<std::string>& never) {
  if (topics.empty()) return Error{.message = "no topic is named"};
  Subscription out;
  for (const std::string& topic : topics) {
    if (topic.starts_with('^')) {
      Result<TopicPattern> pattern = TopicPattern::compile(topic);
      if (!pattern) return pattern.error();
      out.patterns_.push_back(std::move(*pattern));
    } else if (!is_topic_name(topic)) {
      return Error{.message = "`" + shorten(topic, 80) + "` cannot be the name of a topic",
                   .help = "letters, digits, `.`, `_` and `-`; a pattern begins with `^`"};
    } else if (std::ranges::find(never, topic) != never.end()) {
      return Error{.message = "weir would read `" + topic + "`, which it writes itself"};
    }
  }
  if (!out.patterns_.empty()) {
    for (const std::string& name : never) {
      if (!out.excluded_.empty()) out.excluded_ += ',';
      out.excluded_ += literal(name);
    }
  }
  out.topics_ = std::move(topics);
  out.never_ = never;
  return out;
}

bool Subscription::wants(const std::string& topic) const {
  if (std::ranges::find(topics_, topic) != topics_.end()) return true;
  if (std::ranges::find(never_, topic) != never_.end()) return false;
  return std::ranges::any_of(patterns_, [&](const TopicPattern& pattern) { return pattern.matches(topic); });
}

rd_kafka_resp_err_t Subscription::ask(rd_kafka_t* client, const std::string* name, Clock::time_point until) {
  Owned<rd_kafka_topic_t> topic;
  if (name != nullptr) topic.reset(rd_kafka_topic_new(client, name->c_str(), nullptr));
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t error = rd_kafka_metadata(client, name == nullptr ? 1 : 0, topic.get(), &raw,
                                                      static_cast<int>(std::max<std::int64_t>(left, 1)));
  const Owned<const rd_kafka_metadata_t> metadata(raw);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return error;
  std::set<std::string, std::less<>> there;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const rd_kafka_metadata_topic_t& found = metadata->topics[i];
    if (!wants(found.topic)) continue;
    there.insert(found.topic);
    if (found.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      known_[found.topic] = found.partition_cnt;
      missing_.erase(found.topic);
    } else {
      if (found.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) known_.erase(found.topic);
      missing_[found.topic] = found.err;
    }
  }
  // Among all topics, one that is not there was deleted: nobody can own its partitions any more.
  if (name == nullptr) std::erase_if(known_, [&](const auto& known) { return !there.contains(known.first); });
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t Subscription::refresh(rd_kafka_t* client, int timeout_ms) {
  const Clock::time_point until = Clock::now() + std::chrono::milliseconds(timeout_ms);
  refreshed_ = Clock::now();
  if (!patterns_.empty()) {
    if (const rd_kafka_resp_err_t error = ask(client, nullptr, until)) return error;
  }
  for (const std::string& name : topics_) {
    if (name.starts_with('^')) continue;
    if (const rd_kafka_resp_err_t error = ask(client, &name, until)) return error;
  }
  return RD_KAFKA_RESP_ERR_NO_ERROR;
}

bool Subscription::is_due() const {
  return Clock::now() - refreshed_ >= kRefreshEvery;
}

std::vector<Partition> Subscription::partitions() const {
  std::vector<Partition> out;
  for (const auto& [topic, count] : known_) {
    for (std::int32_t i = 0; i < count; ++i) out.push_back({.topic = topic, .number = i});
  }
  return out;
}

}  // namespace weir::kafka
