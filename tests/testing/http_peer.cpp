// SPDX-License-Identifier: Apache-2.0
#include "testing/http_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace weir::testing {
namespace {

int listen_at(std::uint16_t& port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener, 64) != 0 ||
      getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port for a server of the tests");
  port = ntohs(address.sin_port);
  return listener;
}

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((a[i] | 0x20) != (b[i] | 0x20)) return false;
  }
  return true;
}

/// The first whole request of `received`, which is taken out of it.
std::optional<PeerRequest> request_in(std::string& received) {
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string::npos) return std::nullopt;
  const std::size_t line = received.find("\r\n");
  PeerRequest request;
  const std::size_t first = received.find(' ');
  const std::size_t second = received.find(' ', first + 1);
  request.method = received.substr(0, first);
  request.target = received.substr(first + 1, second - first - 1);
  request.head = received.substr(line + 2, end - line);
  const std::string length = request.header("Content-Length");
  const std::size_t size = length.empty() ? 0 : std::strtoul(length.c_str(), nullptr, 10);
  if (received.size() < end + 4 + size) return std::nullopt;
  request.body = received.substr(end + 4, size);
  received.erase(0, end + 4 + size);
  return request;
}

}  // namespace

std::string PeerRequest::header(std::string_view name) const {
  for (std::size_t begin = 0; begin < head.size();) {
    const std::size_t end = head.find("\r\n", begin);
    if (end == std::string::npos) break;
    const std::string_view line = std::string_view(head).substr(begin, end - begin);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && same_name(line.substr(0, colon), name)) {
      const std::size_t value = line.find_first_not_of(' ', colon + 1);
      return value == std::string_view::npos ? "" : std::string(line.substr(value));
    }
    begin = end + 2;
  }
  return "";
}

PeerReply http_reply(int status, std::string_view body, std::string_view type, std::string_view headers) {
  return {.bytes = "HTTP/1.1 " + std::to_string(status) + " Said\r\nContent-Type: " + std::string(type) +
                   "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) + "\r\n" +
                   std::string(body)};
}

HttpPeer::HttpPeer(PeerAnswers answers, std::uint16_t port) : answers_(std::move(answers)), port_(port) {
  listener_ = listen_at(port_);
  if (pipe(wake_) != 0) throw std::runtime_error("no pipe for a server of the tests");
  thread_ = std::thread([this] { serve(); });
}

HttpPeer::~HttpPeer() {
  static_cast<void>(write(wake_[1], "x", 1));
  thread_.join();
  close(listener_);
  close(wake_[0]);
  close(wake_[1]);
}

std::vector<PeerRequest> HttpPeer::requests() const {
  const std::scoped_lock lock(mutex_);
  return requests_;
}

/// False: the connection is over.
bool HttpPeer::answer(int socket, std::string& received) {
  char bytes[4096];
  const ssize_t size = recv(socket, bytes, sizeof bytes, 0);
  if (size <= 0) return false;
  received.append(bytes, static_cast<std::size_t>(size));
  while (std::optional<PeerRequest> request = request_in(received)) {
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(*request);
    }
    const std::optional<PeerReply> reply = answers_(*request);
    if (reply && (!send_all(socket, reply->bytes) || reply->close)) return false;
  }
  return true;
}

void HttpPeer::serve() {
  std::map<int, std::string> open;  // what each connection sent so far
  while (true) {
    std::vector<pollfd> watched = {{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& [socket, received] : open) watched.push_back({socket, POLLIN, 0});
    if (poll(watched.data(), watched.size(), -1) < 0) break;
    if (watched[0].revents != 0) break;
    for (std::size_t i = 2; i < watched.size(); ++i) {
      if (watched[i].revents == 0 || answer(watched[i].fd, open[watched[i].fd])) continue;
      close(watched[i].fd);
      open.erase(watched[i].fd);
    }
    if (watched[1].revents == 0) continue;
    const int socket = accept(listener_, nullptr, nullptr);
    if (socket < 0) continue;
    ++connections_;
    open[socket] = "";
  }
  for (const auto& [socket, received] : open) close(socket);
}

std::uint16_t silent_port() {
  std::uint16_t port = 0;
  close(listen_at(port));
  return port;
}

}  // namespace weir::testing
