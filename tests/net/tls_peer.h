// SPDX-License-Identifier: Apache-2.0
// A server that speaks TLS and says {"ok":true} to whoever gets through the handshake.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace weir::testing {

class TlsPeer {
 public:
  /// `client_ca`: whoever comes must show a certificate of this authority; empty: nobody must.
  TlsPeer(const std::string& certificate_file, const std::string& key_file, const std::string& client_ca = "");
  ~TlsPeer();
  TlsPeer(TlsPeer&&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(const std::string& host = "localhost") const {
    return "https://" + host + ":" + std::to_string(port_);
  }
  [[nodiscard]] std::size_t answered() const { return answered_; }

 private:
  void serve();
  void answer(int socket);

  struct Context;
  Context* context_ = nullptr;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> over_ = false;
  std::atomic<std::size_t> answered_ = 0;
  std::thread thread_;
};

}  // namespace weir::testing
