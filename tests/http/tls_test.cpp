// SPDX-License-Identifier: Apache-2.0
// The server behind TLS, visited by the library's client.
#include "http/tls.h"

#include <httplib.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "http/certificates.h"
#include "http/client.h"
#include "http/server.h"

namespace weir {
namespace {

using testing::Certified;
using testing::certify;

/// A folder for the files of one test.
class Folder {
 public:
  Folder() : path_((std::filesystem::temp_directory_path() / "weir_tls_XXXXXX").string()) {
    REQUIRE(mkdtemp(path_.data()) != nullptr);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(Folder&&) = delete;
  [[nodiscard]] std::string operator/(const char* name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

struct Site {
  Folder folder;
  Certified own = certify("localhost");
  WebTls tls;
  Site() {
    write_pem(own, folder / "cert.pem", folder / "key.pem");
    tls.cert_file = folder / "cert.pem";
    tls.key_file = folder / "key.pem";
  }
};

Result<std::unique_ptr<HttpServer>> start(const WebTls& tls, HttpServerOptions options = {}) {
  options.web.tls = tls;
  return HttpServer::start(std::move(options), [](const WebRequest& request) -> WebReply {
    return {.body = request.path == "/large" ? std::string(2'000'000, 'x') : "ok"};
  });
}

std::unique_ptr<HttpServer> serve(const WebTls& tls, HttpServerOptions options = {}) {
  auto server = start(tls, std::move(options));
  REQUIRE(server.ok());
  return std::move(*server);
}

/// What a client with this certificate gets; empty when it comes to nothing.
std::string visit(const HttpServer& server, const Certified* as = nullptr, const char* path = "/",
                  int tls_version = 0) {
  httplib::SSLClient client =
      as == nullptr ? httplib::SSLClient("localhost", server.port())
                    : httplib::SSLClient("localhost", server.port(), as->certificate.get(), as->key.get());
  client.set_address_family(AF_INET);
  client.enable_server_certificate_verification(false);
  if (tls_version != 0) SSL_CTX_set_max_proto_version(client.ssl_context(), tls_version);
  const httplib::Result result = client.Get(path);
  return result ? result->body : std::string();
}

TEST_CASE("pages come over TLS, large ones too") {
  const Site site;
  const auto server = serve(site.tls);
  CHECK(visit(*server) == "ok");
  CHECK(visit(*server, nullptr, "/large").size() == 2'000'000);
  CHECK(visit(*server, nullptr, "/", TLS1_2_VERSION) == "ok");
  CHECK(visit(*server, nullptr, "/", TLS1_1_VERSION).empty());
}

TEST_CASE("a minimum of TLS 1.3 shuts 1.2 out") {
  Site site;
  site.tls.min_version = TlsVersion::Tls13;
  const auto server = serve(site.tls);
  CHECK(visit(*server) == "ok");
  CHECK(visit(*server, nullptr, "/", TLS1_2_VERSION).empty());
}

TEST_CASE("who speaks plain HTTP to a TLS port, or stops in the handshake, harms nobody") {
  const Site site;
  const auto server = serve(site.tls, {.to_send = std::chrono::milliseconds(400)});
  std::vector<testing::Client> silent;
  for (int i = 0; i < 100; ++i) {
    silent.emplace_back(server->port());
    silent.back().send(i % 2 == 0 ? "" : "\x16\x03\x01");
  }
  CHECK(testing::get(server->port(), "/").status == 0);
  CHECK(visit(*server) == "ok");
  CHECK(silent.front().receive(std::chrono::seconds(3)).empty());
  CHECK(silent.front().is_closed());
}

TEST_CASE("client certificates are asked for as the config says") {
  Site site;
  const Certified authority = certify("authority");
  const Certified friendly = certify("friend", &authority, "DNS:friend.example,IP:192.0.2.1");
  const Certified stranger = certify("stranger");
  write_pem(authority, site.folder / "ca.pem", site.folder / "ca.key");
  site.tls.client_ca_file = site.folder / "ca.pem";
  const auto visits = [&](ClientAuth auth, std::vector<std::string> sans = {}) {
    site.tls.client_auth = auth;
    site.tls.client_allowed_sans = std::move(sans);
    const auto server = serve(site.tls);
    return visit(*server) + "," + visit(*server, &stranger) + "," + visit(*server, &friendly);
  };
  CHECK(visits(ClientAuth::NoClientCert) == "ok,ok,ok");
  CHECK(visits(ClientAuth::RequestClientCert) == "ok,ok,ok");
  CHECK(visits(ClientAuth::RequireAnyClientCert) == ",ok,ok");
  CHECK(visits(ClientAuth::VerifyClientCertIfGiven) == "ok,,ok");
  CHECK(visits(ClientAuth::RequireAndVerifyClientCert) == ",,ok");
  CHECK(visits(ClientAuth::RequireAndVerifyClientCert, {"friend.example"}) == ",,ok");
  CHECK(visits(ClientAuth::RequireAndVerifyClientCert, {"other", "192.0.2.1"}) == ",,ok");
  CHECK(visits(ClientAuth::RequireAndVerifyClientCert, {"other"}) == ",,");
}

TEST_CASE("a renewed certificate is used from the next look on, a broken one is not") {
  Site site;
  Result<TlsServer> made = TlsServer::make(site.tls);
  REQUIRE(made.ok());
  TlsServer& server = *made;
  TlsServer::Clock::time_point now{};
  const auto look = [&] { static_cast<void>(server.accept(-1, now += std::chrono::seconds(6))); };
  look();
  CHECK(server.fault().empty());
  std::ofstream(site.tls.cert_file) << "half of";
  look();
  CHECK(server.fault().find(site.tls.cert_file) != std::string::npos);
  write_pem(certify("localhost"), site.tls.cert_file, site.tls.key_file);
  look();
  CHECK(server.fault().empty());
}

TEST_CASE("a certificate that is renewed on disk is the one that clients see") {
  Site site;
  Result<TlsServer> made = TlsServer::make(site.tls);
  REQUIRE(made.ok());
  const Certified renewed = certify("localhost");
  const auto serial_seen = [&](TlsServer::Clock::time_point now) {
    int pair[2];
    REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) == 0);
    TlsSession session = made->accept(pair[0], now);
    const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    const std::shared_ptr<SSL> client(SSL_new(context.get()), SSL_free);
    SSL_set_fd(client.get(), pair[1]);
    for (int i = 0; i < 10 && SSL_connect(client.get()) != 1; ++i) static_cast<void>(session.handshake());
    const std::shared_ptr<X509> seen(SSL_get1_peer_certificate(client.get()), X509_free);
    REQUIRE(seen != nullptr);
    const long serial = ASN1_INTEGER_get(X509_get0_serialNumber(seen.get()));
    close(pair[0]);
    close(pair[1]);
    return serial;
  };
  const auto serial_of = [](const Certified& one) {
    return ASN1_INTEGER_get(X509_get0_serialNumber(one.certificate.get()));
  };
  const TlsServer::Clock::time_point begin{};
  CHECK(serial_seen(begin + std::chrono::seconds(10)) == serial_of(site.own));
  write_pem(renewed, site.tls.cert_file, site.tls.key_file);
  CHECK(serial_seen(begin + std::chrono::seconds(11)) == serial_of(site.own));
  CHECK(serial_seen(begin + std::chrono::seconds(16)) == serial_of(renewed));
}

TEST_CASE("a server that cannot be protected as it should does not start") {
  const auto message = [](const WebTls& tls) {
    const auto server = start(tls);
    return server.ok() ? std::string() : server.error().message;
  };
  const Site site;
  WebTls tls = site.tls;
  tls.cert_file = site.folder / "absent.pem";
  CHECK(message(tls).find("absent.pem") != std::string::npos);
  tls = site.tls;
  tls.key_file = tls.cert_file;
  CHECK(message(tls).find("the key") != std::string::npos);
  write_pem(certify("other"), site.folder / "other.pem", site.folder / "other.key");
  tls.key_file = site.folder / "other.key";
  CHECK(message(tls).find("other.key") != std::string::npos);
  tls = site.tls;
  tls.client_auth = ClientAuth::RequireAndVerifyClientCert;
  CHECK(message(tls).find("client_ca_file") != std::string::npos);
  tls.client_ca_file = site.folder / "absent.pem";
  CHECK(message(tls).find("absent.pem") != std::string::npos);
  tls = site.tls;
  tls.client_allowed_sans = {"a"};
  CHECK(message(tls).find("client_allowed_sans") != std::string::npos);
  tls = site.tls;
  tls.cipher_suites = {"TLS_RSA_WITH_RC4_128_SHA"};
  CHECK(message(tls).find("TLS_RSA_WITH_RC4_128_SHA") != std::string::npos);
  tls.cipher_suites = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"};
  CHECK(message(tls).empty());
}

}  // namespace
}  // namespace weir
