// SPDX-License-Identifier: Apache-2.0
#include "app/lineage_desk.h"

#include <algorithm>
#include <random>
#include <utility>

#include "app/stream_world.h"

namespace weir {
namespace {

/// Of all that call this Kafka by its first broker, as the specification names a topic.
std::string namespace_of(const std::string& brokers) {
  return "kafka://" + brokers.substr(0, brokers.find(','));
}

LineageNames names_of(const Config& config, const StreamConfig& stream) {
  const LineageSettings& settings = config.lineage;
  LineageNames names{.job_namespace = settings.job_namespace,
                     .job = settings.job.empty() ? config.pipeline.value : settings.job,
                     .dataset_namespace = settings.dataset_namespace.empty() ? namespace_of(config.brokers.value)
                                                                             : settings.dataset_namespace,
                     .inputs = {},
                     .outputs = output_topics(stream),
                     .version = WEIR_VERSION};
  if (config.streams.size() > 1) names.job += "." + stream.name.value;
  for (const std::string& topic : stream.topics.value) {
    if (!topic.starts_with('^')) names.inputs.push_back(topic);
  }
  std::sort(names.inputs.begin(), names.inputs.end());
  return names;
}

}  // namespace

LineageDesk::LineageDesk(std::unique_ptr<LineageTarget> target, Log& log)
    : target_(std::move(target)), log_(log), queue_(LineageQueue::Limits{}, std::random_device()()) {}

Result<std::unique_ptr<LineageDesk>> LineageDesk::make(const Config& config, const std::shared_ptr<StateFolder>& folder,
                                                       Log& log) {
  Result<std::unique_ptr<LineageTarget>> target = make_lineage_target(config.lineage);
  if (!target) return target.error();
  std::unique_ptr<LineageDesk> desk(new LineageDesk(*std::move(target), log));
  if (folder == nullptr) return desk;
  Result<std::unique_ptr<StateQueue>> store = StateQueue::open(folder, "lineage");
  if (!store) return store.error();
  desk->store_ = *std::move(store);
  Result<std::vector<QueuedText>> waiting = desk->store_->all();
  if (!waiting) return waiting.error();
  std::vector<LineageQueue::Waiting> restored;
  for (QueuedText& one : *waiting) {
    desk->stored_ = one.number;
    restored.push_back({.number = one.number, .event = {.run_id = std::move(one.name), .body = std::move(one.text)}});
  }
  desk->queue_.restore(std::move(restored));
  return desk;
}

LineageDesk::~LineageDesk() {
  stop({});
}

std::unique_ptr<LineageObserver> LineageDesk::observer_of(const Config& config, std::size_t stream) {
  const StreamConfig& of = config.streams[stream];
  const bool learns = std::any_of(of.topics.value.begin(), of.topics.value.end(),
                                  [](const std::string& topic) { return topic.starts_with('^'); });
  return std::make_unique<LineageObserver>(names_of(config, of), learns,
                                           [this](LineageEvent&& event) { take(std::move(event)); });
}

Duration LineageDesk::now() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

void LineageDesk::start() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = false;
  }
  thread_ = std::thread([this] { serve(); });
}

void LineageDesk::stop(Duration last_words) {
  if (!thread_.joinable()) return;
  std::size_t left = 0;
  {
    std::unique_lock lock(mutex_);
    stop_at_ = now() + last_words;
    changed_.notify_all();
    changed_.wait_for(lock, last_words, [this] { return ended_; });
  }
  target_->interrupt();
  thread_.join();
  {
    const std::scoped_lock lock(mutex_);
    left = queue_.size();
  }
  const Status saved = save();
  if (left == 0) return;
  const bool kept = store_ != nullptr && saved.ok();
  log_.write(kept ? LogLevel::Info : LogLevel::Warn, "lineage_left", target_->name(),
             kept ? "lineage events are not sent yet: they are sent after the next start"
                  : "lineage events were not sent, and are not kept",
             std::vector<LogField>{{"events", std::uint64_t{left}}});
}

void LineageDesk::take(LineageEvent&& event) {
  std::uint64_t dropped = 0;
  bool is_news = false;
  {
    const std::scoped_lock lock(mutex_);
    queue_.push(std::move(event));
    dropped = queue_.counts().dropped;
    is_news = dropped > dropped_told_;
    dropped_told_ = std::max(dropped_told_, dropped);
  }
  changed_.notify_all();
  if (is_news)
    log_.warn("lineage_dropped", target_->name(), "too many lineage events wait: the oldest are dropped",
              {{"dropped", dropped}});
}

Status LineageDesk::save() {
  const std::scoped_lock saving(saving_);
  if (store_ == nullptr) return Done{};
  std::uint64_t first = 0;
  std::vector<QueuedText> more;
  {
    const std::scoped_lock lock(mutex_);
    first = queue_.first();
    for (LineageQueue::Waiting& one : queue_.from(stored_ + 1))
      more.push_back({.number = one.number, .name = std::move(one.event.run_id), .text = std::move(one.event.body)});
  }
  if (more.empty() && first <= kept_from_) return Done{};
  const Status kept = store_->keep(first, more);
  if (!kept) return kept;
  kept_from_ = first;
  if (!more.empty()) stored_ = more.back().number;
  return Done{};
}

LineageCounts LineageDesk::counts() const {
  const std::scoped_lock lock(mutex_);
  return queue_.counts();
}

void LineageDesk::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    if (const std::optional<LineageQueue::Waiting> event = queue_.next(now())) {
      if (stop_at_ && now() >= *stop_at_) break;
      lock.unlock();
      const Told told = target_->send(event->event.body);
      settle(*event, told);
      lock.lock();
      continue;
    }
    // At the end nobody waits for a server that is away.
    if (stop_at_) break;
    const std::optional<Duration> wake = queue_.wake_at();
    if (wake) {
      changed_.wait_for(lock, *wake - now());
    } else {
      changed_.wait(lock);
    }
  }
  ended_ = true;
  changed_.notify_all();
}

void LineageDesk::settle(const LineageQueue::Waiting& event, const Told& told) {
  bool was_failing = false;
  {
    const std::scoped_lock lock(mutex_);
    was_failing = std::exchange(failing_, told.how == Told::How::Later);
    switch (told.how) {
      case Told::How::Done: queue_.sent(event.number); break;
      case Told::How::Refused: queue_.refused(event.number); break;
      case Told::How::Later: queue_.failed(now(), told.not_before); break;
    }
    if (stop_at_ && told.how == Told::How::Later) return;  // lineage_left says it
  }
  if (told.how == Told::How::Refused) {
    log_.error("lineage_refused", target_->name(), "a lineage event is refused: " + told.why,
               {{"run", event.event.run_id}});
  } else if (told.how == Told::How::Later && !was_failing) {
    log_.warn("lineage_not_sent", target_->name(), "lineage events are not taken now, and wait: " + told.why);
  } else if (told.how == Told::How::Done && was_failing) {
    log_.info("lineage_sent_again", target_->name(), "lineage events are taken again");
  }
}

}  // namespace weir
