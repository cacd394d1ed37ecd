// SPDX-License-Identifier: Apache-2.0
#include "net/tls_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

namespace weir::testing {

struct TlsPeer::Context {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> ssl{SSL_CTX_new(TLS_server_method()), SSL_CTX_free};
};

TlsPeer::TlsPeer(const std::string& certificate_file, const std::string& key_file, const std::string& client_ca)
    : context_(new Context) {
  SSL_CTX* const ssl = context_->ssl.get();
  if (SSL_CTX_use_certificate_chain_file(ssl, certificate_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(ssl, key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    throw std::runtime_error("no certificate for a server of the tests");
  if (!client_ca.empty()) {
    SSL_CTX_load_verify_locations(ssl, client_ca.c_str(), nullptr);
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 8) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error("no port for a server of the tests");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TlsPeer::~TlsPeer() {
  over_ = true;
  shutdown(listener_, SHUT_RDWR);  // wakes accept()
  thread_.join();
  close(listener_);
  delete context_;
}

void TlsPeer::answer(int socket) {
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context_->ssl.get()), SSL_free);
  SSL_set_fd(ssl.get(), socket);
  char bytes[4096];
  if (SSL_accept(ssl.get()) != 1) {
    // Closed with something unread, the connection would be reset and the client would not see why.
    shutdown(socket, SHUT_WR);
    while (recv(socket, bytes, sizeof bytes, 0) > 0) continue;
    return;
  }
  if (SSL_read(ssl.get(), bytes, sizeof bytes) <= 0) return;
  constexpr std::string_view kReply =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\nConnection: "
      "close\r\n\r\n{\"ok\":true}";
  if (SSL_write(ssl.get(), kReply.data(), static_cast<int>(kReply.size())) > 0) ++answered_;
  SSL_shutdown(ssl.get());
}

void TlsPeer::serve() {
  // A client that leaves within the handshake must not end the tests.
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  while (!over_) {
    const int socket = accept(listener_, nullptr, nullptr);
    if (socket < 0) continue;
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    answer(socket);
    close(socket);
  }
}

}  // namespace weir::testing
