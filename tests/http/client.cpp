// SPDX-License-Identifier: Apache-2.0
#include "http/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <thread>

namespace weir::testing {

namespace {
using Clock = std::chrono::steady_clock;
}  // namespace

Client::Client(std::uint16_t port, const char* from) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, from, &address.sin_addr);
  const int on = 1;  // a port is chosen when it is known where to: ten thousand clients do not run out of them
  setsockopt(socket_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(socket_);
    socket_ = -1;
  }
}

Client::~Client() {
  if (socket_ >= 0) close(socket_);
}

bool Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::string Client::receive(std::chrono::milliseconds wait) {
  const Clock::time_point until = Clock::now() + wait;
  std::string text;
  std::array<char, 65536> bytes{};
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    pollfd waits{socket_, POLLIN, 0};
    if (left.count() <= 0 || poll(&waits, 1, static_cast<int>(left.count())) <= 0) return text;
    const ssize_t got = recv(socket_, bytes.data(), bytes.size(), 0);
    if (got <= 0) return text;
    text.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

bool Client::is_closed() {
  char byte = 0;
  const ssize_t got = recv(socket_, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

std::string Answer::header(std::string_view name) const {
  const std::string line = "\r\n" + std::string(name) + ": ";
  const std::size_t at = head.find(line);
  if (at == std::string::npos) return {};
  const std::size_t begin = at + line.size();
  return head.substr(begin, head.find("\r\n", begin) - begin);
}

Answer answer_in(std::string_view bytes) {
  Answer answer;
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos || !bytes.starts_with("HTTP/1.1 ")) return answer;
  std::from_chars(bytes.data() + 9, bytes.data() + 12, answer.status);
  answer.head = std::string(bytes.substr(0, end + 2));
  answer.body = std::string(bytes.substr(end + 4));
  return answer;
}

Answer ask(std::uint16_t port, std::string_view request) {
  const Clock::time_point begun = Clock::now();
  Client client(port);
  client.send(request);
  Answer answer = answer_in(client.receive());
  answer.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
  return answer;
}

Answer get(std::uint16_t port, std::string_view target, std::string_view headers) {
  return ask(port, "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                       std::string(headers) + "\r\n");
}

bool comes_to_hold(const std::function<bool()>& holds) {
  const Clock::time_point until = Clock::now() + std::chrono::seconds(20);
  while (!holds() && Clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return holds();
}

std::size_t resident_bytes() {
  std::ifstream facts("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  facts >> all >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace weir::testing
