// SPDX-License-Identifier: Apache-2.0
// One client: a socket that never blocks, what it sent so far, what it still has to be given. Every connection is for one
// request, and everything about it has an end: the size of the head, the time until it is whole, the time until the answer
// is taken. It holds no thread while it is slow.
//
//   Handshake (TLS only) -> Reading -> Answering -> Writing -> Lingering -> Closed
//
// Lingering reads and drops what the client still sends: closing a socket with unread bytes would make the kernel take the
// answer back before the client has read it. Whose request came whole, with nothing behind it, sends no more: there is
// nothing to linger for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/reply.h"
#include "http/request_head.h"
#include "http/tls.h"

namespace weir {

/// A file descriptor that is closed in the end.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int number() const noexcept { return number_; }
  void close() noexcept;

 private:
  int number_;
};

class Connection {
 public:
  using Clock = std::chrono::steady_clock;
  enum class Phase : std::uint8_t { Handshake, Reading, Answering, Writing, Lingering, Closed };

  struct Terms {
    bool lifecycle = false;
    Clock::duration to_send = std::chrono::seconds(5);   // until the request is whole
    Clock::duration to_take = std::chrono::seconds(10);  // until the answer is taken
    const WebHeaders* headers = nullptr;                 // of every answer; outlives the connection
  };

  /// `tls`: the session, for TLS. `id`: what answers find it by.
  Connection(std::uint64_t id, Descriptor socket, std::string peer, std::optional<TlsSession> tls, const Terms& terms,
             Clock::time_point now);

  /// Goes as far as it can without waiting. True once: a request is whole, and the phase is Answering.
  bool advance(Clock::time_point now);
  /// What to wait for, as epoll wants it; 0 in Answering and Closed.
  [[nodiscard]] std::uint32_t events() const noexcept;
  /// What is waited for: of whoever waits.
  std::uint32_t watched = 0;
  /// Nobody listens to what it still sends: of whoever has enough of it for now.
  bool rests = false;
  /// How many connections its peer has: of whoever counts them.
  std::size_t* of_peer = nullptr;
  void answer(std::string bytes, Clock::time_point now);
  /// When the deadline has passed: says so where that makes sense, or closes. True when it had.
  bool expire(Clock::time_point now);
  void close();
  /// For who has to go: what is owed is thrown away, and the system keeps nothing of the connection.
  void cut_off();

  [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
  [[nodiscard]] int socket() const noexcept { return socket_.number(); }
  [[nodiscard]] Phase phase() const noexcept { return phase_; }
  [[nodiscard]] const std::string& peer() const noexcept { return peer_; }
  /// Bytes that wait to be taken.
  [[nodiscard]] std::size_t owed() const noexcept { return out_.size() - sent_; }
  /// Bytes that came behind the answer and were thrown away.
  [[nodiscard]] std::size_t dropped() const noexcept { return dropped_; }
  /// For Answering: what was asked.
  [[nodiscard]] RequestHead take_head() { return std::move(head_); }
  /// Whether it was refused by its own fault: too large, too slow, malformed.
  [[nodiscard]] bool refused() const noexcept { return refused_; }

 private:
  Flow read(char* to, std::size_t room, std::size_t& taken);
  Flow write(std::string_view bytes, std::size_t& taken);
  void shake_hands();
  bool read_request(Clock::time_point now);
  bool look_at_received(Clock::time_point now);
  void refuse(int status, std::string_view reason, Clock::time_point now);
  void write_answer(Clock::time_point now);
  void linger();
  void wait_for(Flow flow) noexcept;

  std::uint64_t id_;
  Descriptor socket_;
  std::string peer_;
  std::optional<TlsSession> tls_;
  const Terms& terms_;
  Phase phase_;
  Clock::time_point deadline_;
  bool wants_write_ = false;
  bool refused_ = false;
  bool said_all_ = false;  // the request was whole, and nothing stood behind it
  std::string in_;
  std::size_t looked_ = 0;    // of in_: holds no end of the head
  std::size_t head_end_ = 0;  // 0: not known yet
  RequestHead head_;
  std::string out_;
  std::size_t sent_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace weir
