// SPDX-License-Identifier: Apache-2.0
#include "app/top_poller.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "app/interrupt.h"
#include "net/url.h"

namespace weir {
namespace {

constexpr const char* kAlerts = "/api/v1/alerts";  // who tells nobody has none
constexpr std::size_t kMostDepth = 32;
constexpr std::ptrdiff_t kMostValues = 2'000'000;  // of JSON, each of which takes a hundred bytes

/// In words for whoever is looking at the row of an instance that is away.
std::string words_of(int status) {
  const std::string number = std::to_string(status);
  if (status == 401 || status == 403) return "it refuses the login (" + number + "): --user and --password-file";
  if (status == 404) return "there is no API of weir (404): is it another program, or an older weir?";
  if (status == 421) return "it wants to be called by an address or as localhost (421)";
  if (status == 429) return "it has too many logins to check (429)";
  return "it answers " + number;
}

std::string words_of(const HttpFailure& failure) {
  return failure.error.help.empty() ? failure.error.message : failure.error.message + " (" + failure.error.help + ")";
}

}  // namespace

TopAsker::TopAsker(std::vector<std::string> urls, HttpCall call, std::function<Instant()> clock)
    : urls_(std::move(urls)), call_(std::move(call)), clock_(std::move(clock)) {}

Result<JsonValue> TopAsker::get(const std::string& url, const std::string& path, bool needed) {
  HttpCall call = call_;
  call.url = url + path;
  const HttpOutcome outcome = caller_.call(call);
  if (const auto* failure = std::get_if<HttpFailure>(&outcome)) return Error{.message = words_of(*failure)};
  const HttpAnswer& answer = std::get<HttpAnswer>(outcome);
  if (answer.status == 404 && !needed) return parse_json("{}");
  if (answer.status != 200) return Error{.message = words_of(answer.status)};
  // As many values as there are signs before one, those within texts among them.
  const auto begins = [](char c) { return c == ',' || c == '[' || c == '{'; };
  if (std::count_if(answer.body.begin(), answer.body.end(), begins) > kMostValues)
    return Error{.message = "it answers with more than can be shown: is it a weir?"};
  Result<JsonValue> document = parse_json(answer.body, kMostDepth);
  if (!document || document->type != JsonValue::Type::Object)
    return Error{.message = "it answers with something that is no JSON: is it a weir?"};
  return document;
}

TopLook TopAsker::look_at(const std::string& url, const TopWish& wish) {
  TopLook look;
  look.url = url;
  using Read = Status (*)(const JsonValue&, TopLook&);
  std::vector<std::pair<std::string, Read>> asked = {{"/api/v1/streams", read_streams},
                                                     {"/api/v1/rules", read_rules},
                                                     {"/api/v1/assignments", read_assignments},
                                                     {"/api/v1/quarantine", read_quarantine},
                                                     {kAlerts, read_alerts}};
  if (wish.windows || !wish.rule.empty()) {
    const std::string query = wish.rule.empty() ? std::string("?limit=200") : "?limit=120&rule=" + url_step(wish.rule);
    asked.emplace_back("/api/v1/windows" + query, read_windows);
    asked.emplace_back("/api/v1/drift" + query, read_windows);
  }
  for (const auto& [path, read] : asked) {
    if (InterruptGuard::signal() != 0) break;
    const Result<JsonValue> answer = get(url, path, path != kAlerts);
    const Status status = answer ? read(*answer, look) : Status(answer.error());
    if (status.ok()) continue;
    look = TopLook();  // half of an answer is none
    look.url = url;
    look.fault = status.error().message;
    look.away_since = away_since_.emplace(url, clock_()).first->second;
    return look;
  }
  away_since_.erase(url);
  return look;
}

void TopAsker::ask(const TopWish& wish, std::vector<TopLook>& looks, const std::function<void()>& told) {
  const bool first = looks.empty();
  for (std::size_t i = 0; i < urls_.size() && InterruptGuard::signal() == 0; ++i) {
    TopLook look = look_at(urls_[i], wish);
    if (first) {
      looks.push_back(std::move(look));
    } else {
      looks[i] = std::move(look);
    }
    if (told) told();
  }
}

TopPoller::TopPoller(TopAsker& asker, Duration every)
    : asker_(asker), every_(every), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)), thread_([this] { run(); }) {}

TopPoller::~TopPoller() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  asker_.interrupt();
  thread_.join();
  if (wake_ >= 0) close(wake_);
}

void TopPoller::publish(const std::vector<TopLook>& looks) {
  {
    const std::lock_guard lock(mutex_);
    news_ = looks;
  }
  const std::uint64_t one = 1;
  (void)!write(wake_, &one, sizeof one);
}

void TopPoller::run() {
  std::vector<TopLook> looks;
  for (;;) {
    TopWish wish;
    {
      const std::lock_guard lock(mutex_);
      if (ends_) return;
      wish = wish_;
      wished_ = false;
    }
    // The first time each instance is shown as soon as it has answered; from then on all of them together.
    const bool first = looks.empty();
    asker_.ask(wish, looks, first ? std::function<void()>([&] { publish(looks); }) : std::function<void()>());
    if (!first) publish(looks);
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, every_, [this] { return ends_ || wished_; });
  }
}

std::optional<std::vector<TopLook>> TopPoller::take() {
  std::uint64_t woken = 0;
  (void)!read(wake_, &woken, sizeof woken);
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, std::nullopt);
}

void TopPoller::wish(const TopWish& wish) {
  {
    const std::lock_guard lock(mutex_);
    if (wish_ == wish) return;
    wish_ = wish;
    wished_ = true;
  }
  changed_.notify_all();
}

}  // namespace weir
