// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "http/certificates.h"
#include "net/http_call.h"
#include "net/tls_peer.h"
#include "testing/http_peer.h"

namespace weir {
namespace {

using testing::Certified;
using testing::certify;
using testing::TlsPeer;

/// An authority, a server and a client that it vouches for, and an authority that nobody knows.
struct Papers {
  std::filesystem::path folder;

  Papers() : folder(std::filesystem::temp_directory_path() / ("weir-net-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder);
    const Certified authority = certify("authority");
    const Certified stranger = certify("stranger");
    write_pem(authority, path("ca.pem"), path("ca.key"));
    write_pem(stranger, path("stranger.pem"), path("stranger.key"));
    write_pem(certify("server", &authority), path("server.pem"), path("server.key"));
    write_pem(certify("client", &authority), path("client.pem"), path("client.key"));
    write_pem(certify("client", &stranger), path("forged.pem"), path("forged.key"));
  }
  ~Papers() { std::filesystem::remove_all(folder); }
  [[nodiscard]] std::string path(const char* name) const { return folder / name; }
};

HttpFailure failure_of(const HttpOutcome& outcome) {
  REQUIRE(std::holds_alternative<HttpFailure>(outcome));
  return std::get<HttpFailure>(outcome);
}

TEST_CASE("a server is believed when the authority that was named vouches for it under its name") {
  const Papers papers;
  TlsPeer peer(papers.path("server.pem"), papers.path("server.key"));
  HttpCaller caller;
  const HttpOutcome outcome = caller.call({.url = peer.url(), .ca_file = papers.path("ca.pem")});
  REQUIRE(std::holds_alternative<HttpAnswer>(outcome));
  CHECK(std::get<HttpAnswer>(outcome).body == "{\"ok\":true}");

  const HttpFailure unknown = failure_of(caller.call({.url = peer.url(), .ca_file = papers.path("stranger.pem")}));
  CHECK(unknown.fault == HttpFault::Tls);
  CHECK_FALSE(unknown.may_pass);
  CHECK(unknown.error.message.starts_with("the certificate of " + peer.url() + " is not trusted: "));
  CHECK(unknown.error.help == "the authority that signed it goes into `ca_file`");
  CHECK(failure_of(caller.call({.url = peer.url()})).fault == HttpFault::Tls);
  // The same server by a name that the certificate has not.
  CHECK(failure_of(caller.call({.url = peer.url("127.0.0.1"), .ca_file = papers.path("ca.pem")})).fault ==
        HttpFault::Tls);
  CHECK(peer.answered() == 1);
}

TEST_CASE("a server that wants our certificate gets it, and without it says no") {
  const Papers papers;
  TlsPeer peer(papers.path("server.pem"), papers.path("server.key"), papers.path("ca.pem"));
  HttpCaller caller;
  HttpCall call{.url = peer.url(), .ca_file = papers.path("ca.pem")};
  const HttpFailure without = failure_of(caller.call(call));
  CHECK(without.fault == HttpFault::Tls);
  CHECK(without.error.help == "it may want a certificate of ours: `cert_file` and `key_file`");
  call.cert_file = papers.path("forged.pem");
  call.key_file = papers.path("forged.key");
  CHECK(failure_of(caller.call(call)).fault == HttpFault::Tls);
  CHECK(peer.answered() == 0);
  call.cert_file = papers.path("client.pem");
  call.key_file = papers.path("client.key");
  CHECK(std::holds_alternative<HttpAnswer>(caller.call(call)));
  // What was proved on one connection is not taken for another call's.
  call.cert_file = call.key_file = "";
  CHECK(failure_of(caller.call(call)).fault == HttpFault::Tls);
  CHECK(peer.answered() == 1);
}

TEST_CASE("files that are none, keys of others and ports without TLS are told apart") {
  const Papers papers;
  TlsPeer peer(papers.path("server.pem"), papers.path("server.key"));
  HttpCaller caller;
  const HttpFailure missing = failure_of(caller.call({.url = peer.url(), .ca_file = papers.path("no.pem")}));
  CHECK(missing.fault == HttpFault::Call);
  CHECK(missing.error.message == "cannot use the certificates in `" + papers.path("no.pem") + "`");
  const HttpFailure other = failure_of(caller.call({.url = peer.url(),
                                                    .ca_file = papers.path("ca.pem"),
                                                    .cert_file = papers.path("client.pem"),
                                                    .key_file = papers.path("server.key")}));
  CHECK(other.fault == HttpFault::Call);
  CHECK(other.error.message.starts_with("cannot use the certificate `" + papers.path("client.pem") + "` with its key"));

  testing::HttpPeer plain([](const testing::PeerRequest&) { return testing::http_reply(200, ""); });
  const HttpFailure no_tls = failure_of(
      caller.call({.url = "https://localhost:" + std::to_string(plain.port()), .timeout = std::chrono::seconds(2)}));
  CHECK((no_tls.fault == HttpFault::Tls || no_tls.fault == HttpFault::Timeout));
}

}  // namespace
}  // namespace weir
