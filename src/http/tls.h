// SPDX-License-Identifier: Apache-2.0
// TLS over a socket that never blocks. The certificate files are looked at again when a client comes and some seconds have
// passed, so a renewed certificate needs no restart; one that cannot be read leaves the old one in its place.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "weir/result.h"
#include "weir/web_config.h"

struct ssl_ctx_st;
struct ssl_st;

namespace weir {

/// What reading and writing without waiting comes to.
enum class Flow : std::uint8_t { Done, WantsRead, WantsWrite, Closed };

/// One client's side of it.
class TlsSession {
 public:
  TlsSession(std::shared_ptr<ssl_ctx_st> context, int socket, const std::vector<std::string>& allowed_sans);

  [[nodiscard]] Flow handshake();
  /// At most `room` bytes; `taken` of them.
  [[nodiscard]] Flow read(char* to, std::size_t room, std::size_t& taken);
  [[nodiscard]] Flow write(const char* from, std::size_t size, std::size_t& taken);
  void say_goodbye();

 private:
  [[nodiscard]] Flow flow_of(int result);

  std::shared_ptr<ssl_ctx_st> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  const std::vector<std::string>& allowed_sans_;
};

/// The server's side: certificate, key, what is asked of clients. One thread.
class TlsServer {
 public:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] static Result<TlsServer> make(WebTls tls);
  [[nodiscard]] TlsSession accept(int socket, Clock::time_point now);
  /// Why the files on disk are not in use; empty when they are.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

 private:
  explicit TlsServer(WebTls tls) : tls_(std::make_unique<const WebTls>(std::move(tls))) {}
  [[nodiscard]] std::string stamp_of_files() const;
  void look_again(Clock::time_point now);

  std::unique_ptr<const WebTls> tls_;  // stays where it is: sessions look into it
  std::shared_ptr<ssl_ctx_st> context_;
  std::string stamp_;  // sizes and times of the files that context_ was made of
  std::string fault_;
  Clock::time_point looked_{};
};

}  // namespace weir
