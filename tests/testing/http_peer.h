// SPDX-License-Identifier: Apache-2.0
// A server on loopback that answers as it is told, well or badly: whole answers, half ones, none, bytes that are no HTTP.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace weir::testing {

struct PeerRequest {
  std::string method;
  std::string target;  // "/schemas/ids/7"
  std::string head;    // the lines behind the first one
  std::string body;
  [[nodiscard]] std::string header(std::string_view name) const;  // empty: there is none
};

/// Bytes to send; `close`: and nothing more. Nothing at all keeps the client waiting.
struct PeerReply {
  std::string bytes;
  bool close = false;
};
using PeerAnswers = std::function<std::optional<PeerReply>(const PeerRequest&)>;

/// A whole answer. `headers`: lines that end with \r\n.
PeerReply http_reply(int status, std::string_view body, std::string_view type = "application/json",
                     std::string_view headers = "");

class HttpPeer {
 public:
  /// `port` 0: one that is free. `answers` is called in the peer's thread.
  explicit HttpPeer(PeerAnswers answers, std::uint16_t port = 0);
  ~HttpPeer();
  HttpPeer(HttpPeer&&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::vector<PeerRequest> requests() const;
  [[nodiscard]] std::size_t connections() const { return connections_; }

 private:
  void serve();
  bool answer(int socket, std::string& received);

  PeerAnswers answers_;
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<PeerRequest> requests_;  // under mutex_
  std::thread thread_;
};

/// A port at which nobody listens.
std::uint16_t silent_port();

}  // namespace weir::testing
