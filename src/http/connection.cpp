// SPDX-License-Identifier: Apache-2.0
#include "http/connection.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace weir {

namespace {

constexpr std::chrono::seconds kLinger(1);
constexpr std::size_t kMostDropped = 1U << 20;  // read after an answer, and thrown away
constexpr int kDropsAtOnce = 2;                 // the second mostly hears that this was all
constexpr std::size_t kAtOnce = 16 * 1024;

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  close();
}

void Descriptor::close() noexcept {
  if (number_ >= 0) ::close(number_);
  number_ = -1;
}

Connection::Connection(std::uint64_t id, Descriptor socket, std::string peer, std::optional<TlsSession> tls,
                       const Terms& terms, Clock::time_point now)
    : id_(id),
      socket_(std::move(socket)),
      peer_(std::move(peer)),
      tls_(std::move(tls)),
      terms_(terms),
      phase_(tls_ ? Phase::Handshake : Phase::Reading),
      deadline_(now + terms.to_send) {}

Flow Connection::read(char* to, std::size_t room, std::size_t& taken) {
  if (tls_) return tls_->read(to, room, taken);
  const ssize_t got = recv(socket_.number(), to, room, 0);
  if (got > 0) {
    taken = static_cast<std::size_t>(got);
    return Flow::Done;
  }
  return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) ? Flow::WantsRead : Flow::Closed;
}

Flow Connection::write(std::string_view bytes, std::size_t& taken) {
  if (tls_) return tls_->write(bytes.data(), bytes.size(), taken);
  // MSG_MORE: there is, if only the end. Both go in one packet; they are most of what a short answer costs.
  const ssize_t put = send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_MORE);
  if (put >= 0) {
    taken = static_cast<std::size_t>(put);
    return Flow::Done;
  }
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Flow::WantsWrite : Flow::Closed;
}

void Connection::wait_for(Flow flow) noexcept {
  if (flow == Flow::Closed) close();
  wants_write_ = flow == Flow::WantsWrite;
}

void Connection::shake_hands() {
  const Flow flow = tls_->handshake();
  if (flow == Flow::Done) phase_ = Phase::Reading;
  wait_for(flow);
}

bool Connection::look_at_received(Clock::time_point now) {
  if (head_end_ == 0) {
    const std::size_t end = end_of_head(in_, looked_);
    looked_ = in_.size();
    if (std::min(end, in_.size()) > kHeadBytes) {
      refuse(431, "the head of the request is longer than 16 KiB", now);
      return false;
    }
    if (end == std::string::npos) return false;
    HeadRead read = read_head(std::string_view(in_).substr(0, end), terms_.lifecycle);
    if (read.refused != 0) {
      refuse(read.refused, read.reason, now);
      return false;
    }
    head_end_ = end;
    head_ = std::move(read.head);
  }
  // The body says nothing that weir would act on; it only has to have come. What is behind it is another request, and
  // there is one to a connection.
  if (in_.size() - head_end_ < head_.body_bytes) return false;
  said_all_ = in_.size() - head_end_ == head_.body_bytes;
  phase_ = Phase::Answering;
  in_ = std::string();
  wants_write_ = false;
  return true;
}

bool Connection::read_request(Clock::time_point now) {
  std::array<char, kAtOnce> bytes;
  while (phase_ == Phase::Reading) {
    std::size_t taken = 0;
    const Flow flow = read(bytes.data(), bytes.size(), taken);
    if (flow != Flow::Done) {
      wait_for(flow);
      return false;
    }
    in_.append(bytes.data(), taken);
    if (look_at_received(now)) return true;
  }
  return false;
}

void Connection::refuse(int status, std::string_view reason, Clock::time_point now) {
  refused_ = true;
  const WebHeaders extra = status == 405 ? WebHeaders{{"Allow", "GET, HEAD"}} : WebHeaders{};
  answer(plain_answer(status, reason, *terms_.headers, extra), now);
}

void Connection::answer(std::string bytes, Clock::time_point now) {
  in_ = std::string();
  out_ = std::move(bytes);
  sent_ = 0;
  phase_ = Phase::Writing;
  deadline_ = now + terms_.to_take;
  write_answer(now);
}

void Connection::write_answer(Clock::time_point now) {
  while (sent_ < out_.size()) {
    std::size_t taken = 0;
    const Flow flow = write(std::string_view(out_).substr(sent_), taken);
    if (flow != Flow::Done) {
      wait_for(flow);
      return;
    }
    sent_ += taken;
  }
  out_ = std::string();
  sent_ = 0;
  if (tls_) tls_->say_goodbye();
  if (said_all_) {
    close();
    return;
  }
  shutdown(socket_.number(), SHUT_WR);
  phase_ = Phase::Lingering;
  wants_write_ = false;
  deadline_ = now + kLinger;
  linger();
}

void Connection::linger() {
  // MSG_TRUNC: the system throws it away without a copy. Who sends as fast as that waits for its next turn.
  for (int i = 0; i < kDropsAtOnce; ++i) {
    const ssize_t got = recv(socket_.number(), nullptr, kMostDropped, MSG_TRUNC);  // below TLS: nobody reads it
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
    if (got > 0) dropped_ += static_cast<std::size_t>(got);
    if (got <= 0 || dropped_ >= kMostDropped) {
      close();
      return;
    }
  }
}

bool Connection::advance(Clock::time_point now) {
  if (phase_ == Phase::Handshake) shake_hands();
  if (phase_ == Phase::Reading) return read_request(now);
  if (phase_ == Phase::Writing) {
    write_answer(now);
  } else if (phase_ == Phase::Lingering) {
    linger();
  }
  return false;
}

std::uint32_t Connection::events() const noexcept {
  switch (phase_) {
    case Phase::Handshake:
    case Phase::Reading: return wants_write_ ? EPOLLOUT : EPOLLIN;
    case Phase::Writing: return wants_write_ ? EPOLLOUT : EPOLLIN;
    case Phase::Lingering: return rests ? 0U : std::uint32_t{EPOLLIN};
    case Phase::Answering:
    case Phase::Closed: break;
  }
  return 0;
}

bool Connection::expire(Clock::time_point now) {
  if (phase_ == Phase::Answering || phase_ == Phase::Closed || now < deadline_) return false;
  if (phase_ == Phase::Reading) {
    refuse(408, "the request was not whole in time", now);
    return true;
  }
  close();
  return true;
}

void Connection::close() {
  phase_ = Phase::Closed;
  in_ = out_ = std::string();
  sent_ = 0;
  socket_.close();
}

void Connection::cut_off() {
  const struct linger at_once { .l_onoff = 1, .l_linger = 0 };
  // An answer that is on its way arrives.
  if (phase_ != Phase::Lingering) setsockopt(socket_.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

}  // namespace weir
