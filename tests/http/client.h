// SPDX-License-Identifier: Apache-2.0
// Clients of the worst kind, and a server to visit.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "http/server.h"

namespace weir::testing {

/// A plain connection to the loopback interface.
class Client {
 public:
  /// `from`: an address of the loopback network.
  explicit Client(std::uint16_t port, const char* from = "127.0.0.1");
  Client(Client&& other) noexcept : socket_(other.socket_) { other.socket_ = -1; }
  Client& operator=(Client&&) = delete;
  ~Client();

  [[nodiscard]] bool is_connected() const { return socket_ >= 0; }
  /// False when the server does not take it any more.
  bool send(std::string_view bytes);
  /// Everything until the server closes, or so long.
  std::string receive(std::chrono::milliseconds wait = std::chrono::seconds(8));
  /// Whether the server has closed.
  bool is_closed();

 private:
  int socket_ = -1;
};

struct Answer {
  int status = 0;
  std::string head;
  std::string body;
  std::chrono::milliseconds took{};
  [[nodiscard]] std::string header(std::string_view name) const;
};

Answer answer_in(std::string_view bytes);
/// Sends a request as it is and reads the answer.
Answer ask(std::uint16_t port, std::string_view request);
/// GET with a Host header.
Answer get(std::uint16_t port, std::string_view target, std::string_view headers = {});

/// Whether something comes to hold within 20 seconds: a server counts just behind what its client sees.
bool comes_to_hold(const std::function<bool()>& holds);

/// What the process holds in memory, in bytes.
std::size_t resident_bytes();

}  // namespace weir::testing
