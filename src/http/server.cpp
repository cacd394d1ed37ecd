// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "http/connection.h"
#include "http/login.h"
#include "http/responder.h"
#include "http/workers.h"

namespace weir {

namespace {

using Clock = Connection::Clock;
using Phase = Connection::Phase;

constexpr std::size_t kWorkers = 4;
const WebHeaders kLater = {{"Retry-After", "1"}};
constexpr std::uint64_t kWake = 0;  // what events are about; from 2 on they are about connections
constexpr std::uint64_t kListener = 1;
constexpr std::size_t kEventsAtOnce = 256;
constexpr int kDropsATick = 32;    // of what comes behind answers: some megabytes a second, however many send it
constexpr int kAcceptAtOnce = 64;  // then the clients that are there already
constexpr std::chrono::seconds kFarewell(1);
constexpr std::chrono::milliseconds kTick(100);  // how late a deadline may be noticed

bool is_waiting_for_client(const Connection& connection) {
  return connection.phase() != Phase::Answering && connection.phase() != Phase::Closed;
}

}  // namespace

class HttpServer::Loop {
 public:
  Loop(HttpServerOptions options, WebHandler handler, Descriptor listener, std::optional<TlsServer> tls, Login login)
      : options_(std::move(options)),
        listener_(std::move(listener)),
        tls_(std::move(tls)),
        login_(std::move(login)),
        polled_(epoll_create1(EPOLL_CLOEXEC)),
        wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        spare_(open("/dev/null", O_RDONLY | O_CLOEXEC)) {
    audience_.handler = std::move(handler);
    audience_.headers = headers_of_every_answer(options_.web);
    audience_.hosts = options_.hosts;
    const bool named = std::find(options_.hosts.begin(), options_.hosts.end(), "*") != options_.hosts.end();
    audience_.any_host = named || (options_.hosts.empty() && !is_loopback(options_.address));
    audience_.login = login_.needed() ? &login_ : nullptr;
    terms_ = {.lifecycle = options_.lifecycle,
              .to_send = options_.to_send,
              .to_take = options_.to_take,
              .headers = &audience_.headers};
    port_ = port_of(listener_);
  }

  void start() {
    responder_ = std::make_unique<Responder>(audience_);
    workers_ = std::make_unique<Workers>(kWorkers, options_.most_waiting, audience_, [this] { wake(); });
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    over_ = true;
    wake();
    if (thread_.joinable()) thread_.join();
    workers_.reset();
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] HttpCounts counts() const noexcept {
    return {
        .accepted = accepted_, .answered = answered_, .refused = refused_, .expired = expired_, .evicted = evicted_};
  }

 private:
  void wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(wake_.number(), &one, sizeof one);
  }

  void run() {
    give_way(Workers::kWayOfProbes);
    poll_for(wake_, kWake);
    poll_for(listener_, kListener);
    while (!over_) turn();
    listener_.close();
    const Clock::time_point until = Clock::now() + kFarewell;
    const auto is_owed_something = [](const auto& entry) {
      return entry.second.phase() == Phase::Answering || entry.second.phase() == Phase::Writing;
    };
    while (std::any_of(connections_.begin(), connections_.end(), is_owed_something) && Clock::now() < until) {
      turn();
    }
    connections_.clear();
  }

  /// Waits for anything to happen and lets it. What a turn costs depends on what happened and not on how many clients there
  /// are: deadlines are looked at once in a while.
  void turn() {
    std::array<epoll_event, kEventsAtOnce> events;
    const int count =
        epoll_wait(polled_.number(), events.data(), static_cast<int>(events.size()), static_cast<int>(kTick.count()));
    const Clock::time_point now = Clock::now();
    bool somebody_comes = false;
    for (int i = 0; i < count; ++i) {
      const std::uint64_t id = events[static_cast<std::size_t>(i)].data.u64;
      if (id == kWake) hand_out_answers(now);
      if (id == kListener) somebody_comes = true;
      if (const auto found = connections_.find(id); found != connections_.end()) advance(found->second, now);
    }
    if (somebody_comes) accept_clients(now);
    if (now >= next_look_) {
      next_look_ = now + kTick;
      expire(now);
      if (turned_away_ && listener_.number() >= 0) poll_for(listener_, kListener);
      turned_away_ = false;
    }
    forget_closed();
  }

  void poll_for(const Descriptor& descriptor, std::uint64_t id) {
    epoll_event wanted{.events = EPOLLIN, .data = {.u64 = id}};
    epoll_ctl(polled_.number(), EPOLL_CTL_ADD, descriptor.number(), &wanted);
  }

  /// After anything that was done to a connection.
  void watch(Connection& connection) {
    if (connection.phase() == Phase::Closed) {  // and its descriptor forgotten by the system
      closed_.push_back(connection.id());
      return;
    }
    const std::uint32_t before = std::exchange(connection.watched, connection.events());
    if (connection.watched == before) return;
    epoll_event wanted{.events = connection.watched, .data = {.u64 = connection.id()}};
    // Without events one would still hear that the client has gone, again and again.
    const int change = before == 0 ? EPOLL_CTL_ADD : connection.watched == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
    epoll_ctl(polled_.number(), change, connection.socket(), &wanted);
  }

  void advance(Connection& connection, Clock::time_point now) {
    const std::size_t dropped = connection.dropped();
    connection.rests = connection.phase() == Phase::Lingering && drops_ == 0;
    if (!connection.rests) step(connection, now);
    if (connection.dropped() > dropped && drops_ > 0) --drops_;
    watch(connection);
  }

  void step(Connection& connection, Clock::time_point now) {
    const bool was_refused = connection.refused();
    if (connection.advance(now)) {
      RequestHead head = connection.take_head();
      const bool probe =
          std::find(options_.probes.begin(), options_.probes.end(), head.path()) != options_.probes.end();
      if (probe && !login_.has_to_think(head.header("authorization"))) {
        // Little to do, and nothing to wait for: two turns of threads that get little CPU would take longer.
        ++answered_;
        connection.answer(responder_->respond(head), now);
      } else if (!probe && waiting_of(connection) > options_.most_waiting_of_peer) {
        ++refused_;
        connection.answer(plain_answer(503, "too many requests of yours wait already", audience_.headers, kLater), now);
      } else if (!workers_->add({connection.id(), std::move(head)}, probe)) {
        ++refused_;
        connection.answer(plain_answer(503, "too many requests wait already", audience_.headers, kLater), now);
      }
    } else if (!was_refused && connection.refused()) {
      ++refused_;
    }
  }

  /// How many requests of its peer wait for a worker, this one among them.
  [[nodiscard]] std::size_t waiting_of(const Connection& connection) const {
    return static_cast<std::size_t>(std::count_if(connections_.begin(), connections_.end(), [&](const auto& entry) {
      return entry.second.phase() == Phase::Answering && entry.second.of_peer == connection.of_peer;
    }));
  }

  void accept_clients(Clock::time_point now) {
    for (int i = 0; i < kAcceptAtOnce; ++i) {
      Accepted accepted;
      const Acceptance acceptance = accept_one(listener_, accepted);
      if (acceptance == Acceptance::NoneLeft) return;
      if (acceptance == Acceptance::NoDescriptor) {
        turn_away();
        return;
      }
      ++accepted_;
      make_room();
      std::optional<TlsSession> session;
      if (tls_) session.emplace(tls_->accept(accepted.socket.number(), now));
      const std::uint64_t id = ++last_id_;
      const auto place = connections_
                             .try_emplace(id, id, std::move(accepted.socket), std::move(accepted.peer),
                                          std::move(session), terms_, now)
                             .first;
      place->second.of_peer = &peers_[place->second.peer()];
      ++*place->second.of_peer;
      advance(place->second, now);  // most have said all already
    }
  }

  /// Without a free descriptor a client would stay in the backlog and poll() would never wait again: the spare one lets it
  /// in, and out. Where the system has no memory for it either, it has to stay there for a while.
  void turn_away() {
    evict_one();
    spare_.close();
    Accepted accepted;
    const Acceptance acceptance = accept_one(listener_, accepted);
    if (acceptance == Acceptance::One) ++evicted_;
    if (acceptance == Acceptance::NoDescriptor) {
      epoll_ctl(polled_.number(), EPOLL_CTL_DEL, listener_.number(), nullptr);
      turned_away_ = true;
    }
    accepted.socket.close();
    spare_ = Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
  }

  using Place = std::map<std::uint64_t, Connection>::iterator;

  void forget(Place place) {
    if (--*place->second.of_peer == 0) peers_.erase(place->second.peer());
    connections_.erase(place);
  }

  void forget_closed() {
    for (const std::uint64_t id : closed_) {
      if (const Place place = connections_.find(id); place != connections_.end()) forget(place);
    }
    closed_.clear();
  }

  void make_room() {
    if (connections_.size() < options_.most_connections) return;
    forget_closed();
    if (connections_.size() >= options_.most_connections) evict_one();
  }

  /// Somebody of the peers that have most: the oldest that does not take an answer right now, or else the oldest that does.
  /// Who has asked and waits for weir is not to blame, and goes only when there is nobody else.
  void evict_one() {
    if (connections_.empty()) return;
    const std::size_t most = std::max_element(peers_.begin(), peers_.end(), [](const auto& a, const auto& b) {
                               return a.second < b.second;
                             })->second;
    const auto has_most = [&](const Connection& one) { return *one.of_peer == most; };
    const auto first = [&](auto&& wanted) {  // they stand in the order in which they came
      return std::find_if(connections_.begin(), connections_.end(),
                          [&](const auto& entry) { return wanted(entry.second); });
    };
    Place victim = first([&](const Connection& one) {
      return is_waiting_for_client(one) && one.phase() != Phase::Writing && has_most(one);
    });
    if (victim == connections_.end()) {
      victim = first([&](const Connection& one) { return is_waiting_for_client(one) && has_most(one); });
    }
    if (victim == connections_.end()) victim = first(is_waiting_for_client);
    if (victim == connections_.end()) victim = connections_.begin();
    ++evicted_;
    victim->second.cut_off();
    forget(victim);
  }

  void hand_out_answers(Clock::time_point now) {
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = read(wake_.number(), &count, sizeof count);
    for (Workers::Answer& answer : workers_->take_answers()) {
      ++answered_;
      const auto found = connections_.find(answer.connection);
      if (found == connections_.end()) continue;
      bound_owed(answer.bytes.size());
      found->second.answer(std::move(answer.bytes), now);
      watch(found->second);
    }
  }

  /// Answers that nobody takes are kept up to a bound, the oldest give way.
  void bound_owed(std::size_t more) {
    std::size_t owed = more;
    for (const auto& [id, connection] : connections_) owed += connection.owed();
    for (auto& [id, connection] : connections_) {
      if (owed <= options_.most_owed) return;
      if (connection.owed() == 0) continue;
      owed -= connection.owed();
      ++evicted_;
      connection.cut_off();
      closed_.push_back(id);
    }
  }

  void expire(Clock::time_point now) {
    drops_ = kDropsATick;
    for (auto& [id, connection] : connections_) {
      if (std::exchange(connection.rests, false)) watch(connection);
      const bool was_answered = connection.phase() == Phase::Lingering;
      if (!connection.expire(now)) continue;
      if (!was_answered) ++expired_;
      watch(connection);
    }
  }

  HttpServerOptions options_;
  Audience audience_;
  Connection::Terms terms_;
  Descriptor listener_;
  std::optional<TlsServer> tls_;
  Login login_;
  Descriptor polled_;
  Descriptor wake_;
  Descriptor spare_;
  Clock::time_point next_look_{};      // for deadlines
  std::vector<std::uint64_t> closed_;  // connections to be forgotten; some may be so already
  int drops_ = kDropsATick;            // until the next look
  bool turned_away_ = false;           // the system has no memory for clients: nobody is let in until the next look
  std::uint16_t port_ = 0;
  std::uint64_t last_id_ = kListener;
  std::map<std::uint64_t, Connection> connections_;
  std::map<std::string, std::size_t> peers_;  // how many of them each has; they know where
  std::atomic<bool> over_ = false;
  std::atomic<std::uint64_t> accepted_ = 0;
  std::atomic<std::uint64_t> answered_ = 0;
  std::atomic<std::uint64_t> refused_ = 0;
  std::atomic<std::uint64_t> expired_ = 0;
  std::atomic<std::uint64_t> evicted_ = 0;
  std::unique_ptr<Responder> responder_;  // of the loop's own
  std::unique_ptr<Workers> workers_;
  std::thread thread_;
};

HttpServer::HttpServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {
  loop_->start();
}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const noexcept {
  return loop_->port();
}

HttpCounts HttpServer::counts() const noexcept {
  return loop_->counts();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options, WebHandler handler) {
  Result<Login> login = Login::make(options.web.users);
  if (!login.ok()) return login.error();
  std::optional<TlsServer> tls;
  if (options.web.tls) {
    Result<TlsServer> made = TlsServer::make(*options.web.tls);
    if (!made.ok()) return made.error();
    tls.emplace(std::move(*made));
  }
  Result<Descriptor> listener = listen_on(options.address);
  if (!listener.ok()) return listener.error();
  auto loop = std::make_unique<Loop>(std::move(options), std::move(handler), std::move(*listener), std::move(tls),
                                     std::move(*login));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(loop)));
}

}  // namespace weir
