// SPDX-License-Identifier: Apache-2.0
#include "app/alert_desk.h"

#include <algorithm>
#include <iterator>
#include <random>

#include "app/alert_receivers.h"
#include "base/timestamp.h"
#include "files/state_texts.h"

namespace weir {

namespace {

class AlertTexts final : public AlertStore {
 public:
  explicit AlertTexts(std::unique_ptr<StateTexts> texts) : texts_(std::move(texts)) {}

  Result<std::vector<Entry>> read() override {
    auto all = texts_->all();
    if (!all) return all.error();
    std::vector<Entry> out;
    for (auto& [name, text] : *all) out.push_back({.name = std::move(name), .text = std::move(text)});
    return out;
  }
  Status write(std::span<const Entry> entries) override {
    std::vector<std::pair<std::string, std::string>> texts;
    for (const Entry& entry : entries) texts.emplace_back(entry.name, entry.text);
    return texts_->put(texts);
  }

 private:
  std::unique_ptr<StateTexts> texts_;
};

Result<std::unique_ptr<AlertStore>> open_store(const std::shared_ptr<StateFolder>& folder, const std::string& owner) {
  if (folder == nullptr) return std::unique_ptr<AlertStore>();
  Result<std::unique_ptr<StateTexts>> texts = StateTexts::open(folder, owner);
  if (!texts) return texts.error();
  return std::unique_ptr<AlertStore>(std::make_unique<AlertTexts>(*std::move(texts)));
}

}  // namespace

AlertDesk::AlertDesk(const Config& config, Log& log, std::function<Instant()> wall_clock)
    : config_(config), log_(log), wall_clock_(std::move(wall_clock)), asked_at_(std::chrono::steady_clock::now()) {}

Result<std::unique_ptr<AlertDesk>> AlertDesk::make(const Config& config, const std::shared_ptr<StateFolder>& folder,
                                                   Log& log, std::function<Instant()> wall_clock) {
  std::unique_ptr<AlertDesk> desk(new AlertDesk(config, log, std::move(wall_clock)));
  std::vector<DeliveryTarget> targets;
  for (const ReceiverSettings& settings : config.alerts.receivers) {
    Result<std::unique_ptr<Receiver>> receiver = make_receiver(settings, config);
    if (!receiver) return receiver.error();
    targets.push_back({.name = settings.name,
                       .choice = settings.choice,
                       .group_wait = settings.group_wait,
                       .repeat_every = settings.repeat_every,
                       .forgets = (*receiver)->wants_repeats(),
                       .samples = settings.samples});
    desk->receivers_.push_back(*std::move(receiver));
  }
  DeliveryOptions options{.pipeline = config.pipeline.value,
                          .instance = config.instance.value,
                          .page = config.alerts.page,
                          .maintenance = config.alerts.maintenance,
                          .seed = std::random_device()()};
  desk->delivery_ = std::make_unique<AlertDelivery>(std::move(options), std::move(targets));
  Result<std::unique_ptr<AlertStore>> store = open_store(folder, "alerts told");
  if (!store) return store.error();
  desk->store_ = *std::move(store);
  if (desk->store_ != nullptr) {
    const Result<std::vector<AlertStore::Entry>> told = desk->store_->read();
    if (!told) return told.error();
    desk->delivery_->restore(*told);
  }
  return desk;
}

AlertDesk::~AlertDesk() {
  stop();
}

Result<std::unique_ptr<AlertBook>> AlertDesk::open_book(const std::string& stream,
                                                        const std::shared_ptr<StateFolder>& folder) {
  Result<std::unique_ptr<AlertStore>> store = open_store(folder, "alerts of " + stream);
  if (!store) return store.error();
  AlertBookOptions options{.pipeline = config_.pipeline.value,
                           .stream = stream,
                           .fire = config_.alerts.fire,
                           .of = config_.alerts.of,
                           .clear = config_.alerts.clear,
                           .clock = wall_clock_,
                           .left_out = [this, stream](std::uint64_t count) { leave_out(stream, count); }};
  for (const ReceiverSettings& receiver : config_.alerts.receivers)
    options.samples = std::max(options.samples, receiver.samples);
  auto book =
      std::make_unique<AlertBook>(std::move(options), *std::move(store), [this](const Alert& alert) { hear(alert); });
  if (const Status restored = book->restore(); !restored) return restored.error();
  return book;
}

/// Goes on while the clock of the wall is set back, and follows it when it is set forward.
Instant AlertDesk::now_locked() {
  const auto steady = std::chrono::steady_clock::now();
  now_ = std::max(wall_clock_(), now_ + std::chrono::duration_cast<Duration>(steady - asked_at_));
  asked_at_ = steady;
  return now_;
}

void AlertDesk::start() {
  {
    const std::scoped_lock lock(mutex_);
    delivery_->begin(now_locked());
    sleeps_until_.assign(receivers_.size(), Instant::min());
    started_ = true;
  }
  save();
  for (std::size_t i = 0; i < receivers_.size(); ++i) threads_.emplace_back([this, i] { serve(i); });
}

void AlertDesk::stop(Duration last_words) {
  {
    const std::scoped_lock lock(mutex_);
    if (!stop_at_) stop_at_ = std::chrono::steady_clock::now() + last_words;
  }
  changed_.notify_all();
  {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, *stop_at_, [this] { return ended_ == threads_.size(); });
  }
  for (const std::unique_ptr<Receiver>& receiver : receivers_) receiver->interrupt();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  if (started_) save();
}

/// Of thousands of alerts that begin together the first one wakes who is to be told, and not each of them.
bool AlertDesk::is_waited_for(Instant now) const {
  for (std::size_t i = 0; i < sleeps_until_.size(); ++i) {
    if (delivery_->soonest(i, now) < sleeps_until_[i]) return true;
  }
  return false;
}

void AlertDesk::hear(const Alert& alert) {
  AlertDelivery::Heard heard;
  bool wakes = false;
  {
    const std::scoped_lock lock(mutex_);
    const Instant now = now_locked();
    heard = delivery_->hear(alert, now);
    if (!started_) return;
    wakes = heard.is_news && is_waited_for(now);
  }
  if (wakes) changed_.notify_all();
  if (!heard.began && !heard.ended) return;
  const std::string about = alert.stream + " " + alert.rule;
  LogField fields[] = {{"fingerprint", alert.fingerprint},
                       {"severity", alert.severity},
                       {"starts_at", format_timestamp(alert.starts_at)},
                       {"silenced", heard.silenced ? "true" : "false"}};
  std::rbegin(fields)->bare = true;  // no text: true or false
  if (heard.began) {
    log_.write(LogLevel::Warn, "alert_firing", about, "windows break their rule: an alert begins", fields);
  } else {
    log_.write(LogLevel::Info, "alert_resolved", about, "the alert is over", fields);
  }
}

void AlertDesk::leave_out(const std::string& stream, std::uint64_t count) {
  {
    const std::scoped_lock lock(mutex_);
    delivery_->leave_out(stream, count);
  }
  log_.warn("alerts_left_out", stream, "so many alerts fire that there is no room for more of them",
            {{"left_out", count}});
}

void AlertDesk::hand_over(std::string_view stream) {
  {
    const std::scoped_lock lock(mutex_);
    delivery_->hand_over(stream);
  }
  save();
}

/// The thread of one receiver.
void AlertDesk::serve(std::size_t index) {
  std::unique_lock lock(mutex_);
  while (!stop_at_ || std::chrono::steady_clock::now() < *stop_at_) {
    const Instant now = now_locked();
    const std::optional<Notification> notification = delivery_->next(index, now, stop_at_.has_value());
    if (notification) {
      lock.unlock();
      const Told told = receivers_[index]->tell(*notification, now);
      settle(index, *notification, told);
      lock.lock();
      continue;
    }
    if (delivery_->has_unsaved()) {  // what came and went in maintenance is told to nobody, and written all the same
      lock.unlock();
      save();
      lock.lock();
      continue;
    }
    // At the end nobody waits for a receiver that is away.
    if (stop_at_) break;
    const Instant wake = delivery_->wake_at(index, now);
    sleeps_until_[index] = wake;
    changed_.wait_until(lock, std::chrono::steady_clock::now() + (wake - now));
    sleeps_until_[index] = Instant::min();
  }
  ++ended_;
  changed_.notify_all();
}

void AlertDesk::settle(std::size_t index, const Notification& notification, const Told& told) {
  {
    const std::scoped_lock lock(mutex_);
    delivery_->settle(index, told, now_locked());
  }
  const std::string& name = config_.alerts.receivers[index].name;
  if (told.how == Told::How::Later) {
    log_.warn("alert_not_sent", name, "the receiver does not take alerts now, and is tried again: " + told.why,
              {{"stream", notification.stream}, {"alerts", std::uint64_t{notification.alerts.size()}}});
  } else if (told.how == Told::How::Refused) {
    log_.error("alert_refused", name, "the receiver refuses alerts: " + told.why,
               {{"stream", notification.stream}, {"alerts", std::uint64_t{notification.alerts.size()}}});
  } else if (!told.why.empty()) {
    log_.warn("alert_sent_in_part", name, "not everybody got it: " + told.why,
              {{"stream", notification.stream}, {"alerts", std::uint64_t{notification.alerts.size()}}});
  }
  save();
}

/// What was told is written after it was told: a kill in between has it told again.
void AlertDesk::save() {
  const std::scoped_lock saving(saving_);
  {
    const std::scoped_lock lock(mutex_);
    for (AlertStore::Entry& entry : delivery_->take_unsaved()) unsaved_.push_back(std::move(entry));
  }
  if (store_ == nullptr) unsaved_.clear();
  if (unsaved_.empty()) return;
  if (const Status written = store_->write(unsaved_); !written) {
    log_.warn("alerts_not_saved", "", written.error().message + "; after a restart they may be told again");
    constexpr std::size_t kMostUnsaved = 10'000;
    if (unsaved_.size() > kMostUnsaved) unsaved_.erase(unsaved_.begin(), unsaved_.end() - kMostUnsaved);
    return;
  }
  unsaved_.clear();
}

std::vector<ReceiverFacts> AlertDesk::receivers() {
  const std::scoped_lock lock(mutex_);
  return delivery_->receivers(now_locked());
}

std::map<std::string, AlertDelivery::StreamFacts> AlertDesk::streams() {
  const std::scoped_lock lock(mutex_);
  return delivery_->streams(now_locked());
}

std::string AlertDesk::json() {
  const std::scoped_lock lock(mutex_);
  return delivery_->json(now_locked());
}

}  // namespace weir
