// SPDX-License-Identifier: Apache-2.0
#include "registry/schema_fetcher.h"

#include <signal.h>

#include <algorithm>
#include <utility>

namespace weir {

SchemaFetcher::SchemaFetcher(std::unique_ptr<SchemaSource> source, std::shared_ptr<SchemaBook> book,
                             Duration refused_for)
    : source_(std::move(source)),
      book_(std::move(book)),
      queue_(refused_for, std::random_device()()),
      thread_([this] { run(); }) {}

SchemaFetcher::~SchemaFetcher() {
  stop();
}

Duration SchemaFetcher::now() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

bool SchemaFetcher::want(std::string_view key) {
  if (const auto known = book_->find(key); known != nullptr && known->text != nullptr) return true;
  const std::scoped_lock lock(mutex_);
  const std::size_t before = queue_.waiting();
  if (!queue_.want(key, now())) return false;
  if (queue_.waiting() > before) changed_.notify_all();
  return true;
}

bool SchemaFetcher::await(std::span<const std::string> keys, Duration timeout) {
  const auto until = std::chrono::steady_clock::now() + timeout;
  std::unique_lock lock(mutex_);
  const std::uint64_t answers = answers_;
  while (true) {
    const std::size_t before = queue_.waiting();
    bool all = true;
    for (const std::string& key : keys) {
      if (book_->find(key) != nullptr) continue;
      all = false;
      static_cast<void>(queue_.want(key, now()));  // when there are too many: at the next turn
    }
    if (all) return true;
    if (stopped_ || (queue_.is_standing() && answers_ > answers)) return false;
    if (queue_.waiting() > before) changed_.notify_all();
    if (changed_.wait_until(lock, until) == std::cv_status::timeout) {
      return std::all_of(keys.begin(), keys.end(),
                         [this](const std::string& key) { return book_->find(key) != nullptr; });
    }
  }
}

void SchemaFetcher::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  source_->interrupt();
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

RegistryStatus SchemaFetcher::status() const {
  const std::scoped_lock lock(mutex_);
  const Duration at = now();
  RegistryStatus status = counted_;
  status.calls = source_->calls();
  status.known = book_->size();
  status.waiting = queue_.waiting();
  if (queue_.away_since()) status.away = at - *queue_.away_since();
  if (answered_) status.since_success = at - *answered_;
  status.trouble = queue_.trouble();
  status.standing = queue_.is_standing();
  return status;
}

Readiness SchemaFetcher::readiness() const {
  const RegistryStatus status = this->status();
  Readiness readiness{.name = "registry", .ok = !status.away, .reason = {}};
  if (!readiness.ok)
    readiness.reason = status.trouble + "; schemas that wait for it: " + std::to_string(status.waiting);
  return readiness;
}

void SchemaFetcher::take(const std::string& key, SchemaReply reply) {
  ++answers_;
  if (reply.kind == SchemaReply::Kind::Away) ++counted_.failures[static_cast<std::size_t>(reply.fault)];
  queue_.settle(key, reply, now());
  if (reply.kind == SchemaReply::Kind::Away) return;
  answered_ = now();
  if (reply.kind == SchemaReply::Kind::Known) {
    ++counted_.fetched;
    book_->put(key, {.text = std::move(reply.text), .refusal = {}});
  } else {
    ++counted_.refused;
    book_->put(key, {.text = nullptr, .refusal = std::move(reply.reason)});
  }
}

void SchemaFetcher::run() {
  // Signals are for the thread that waits for them.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    const std::optional<std::string> key = queue_.next(now());
    if (!key) {
      if (const std::optional<Duration> wait = queue_.wait(now())) {
        changed_.wait_for(lock, *wait);
      } else {
        changed_.wait(lock);
      }
      continue;
    }
    lock.unlock();
    SchemaReply reply = source_->ask(*key);
    lock.lock();
    if (stopped_) return;
    take(*key, std::move(reply));
    changed_.notify_all();
  }
}

}  // namespace weir
