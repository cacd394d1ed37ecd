// SPDX-License-Identifier: Apache-2.0
// Web configuration files as exporters have them, and what is wrong with others.
#include "config/web_file.h"

#include <catch2/catch_test_macros.hpp>

namespace weir {
namespace {

const std::string kHash = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

LoadedWebConfig load(const std::string& text) {
  return load_web_config("/etc/weir/web.yml", [text](const std::string& path) -> Result<std::string> {
    if (path == "/etc/weir/web.yml") return text;
    if (path == "/etc/weir/cert.pem" || path == "/etc/ssl/key.pem" || path == "/etc/weir/ca.pem")
      return std::string("x");
    return Error{.message = "cannot read `" + path + "`"};
  });
}

std::vector<std::string> faults(const std::string& text) {
  const LoadedWebConfig loaded = load(text);
  std::vector<std::string> out;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    const Error& error = diagnostic.error;
    out.push_back(error.code + " " + error.message + " at " + std::to_string(error.where.line) + ":" +
                  std::to_string(error.where.column));
  }
  CHECK(loaded.config.has_value() == out.empty());
  return out;
}

using Faults = std::vector<std::string>;

TEST_CASE("a web configuration is read as exporters read it") {
  const LoadedWebConfig loaded = load(
      "tls_server_config:\n  cert_file: cert.pem\n  key_file: /etc/ssl/key.pem\n"
      "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.pem\n  min_version: TLS13\n"
      "http_server_config:\n  http2: false\n  headers: {X-Frame-Options: deny}\n"
      "basic_auth_users:\n  ann: " +
      kHash + "\n");
  REQUIRE(loaded.config);
  const WebConfig& web = *loaded.config;
  REQUIRE(web.tls);
  CHECK(web.tls->cert_file == "/etc/weir/cert.pem");
  CHECK(web.tls->key_file == "/etc/ssl/key.pem");
  CHECK(web.tls->client_auth == ClientAuth::RequireAndVerifyClientCert);
  CHECK(web.tls->client_ca_file == "/etc/weir/ca.pem");
  CHECK(web.tls->min_version == TlsVersion::Tls13);
  CHECK(web.users.at("ann") == kHash);
  REQUIRE(web.headers.size() == 1);
  CHECK(web.headers[0].second == "deny");
}

TEST_CASE("an empty web configuration protects nothing") {
  const LoadedWebConfig loaded = load("");
  REQUIRE(loaded.config);
  CHECK_FALSE(loaded.config->tls);
  CHECK(loaded.config->users.empty());
}

TEST_CASE("a password in clear is refused, and not shown") {
  const Faults found = faults("basic_auth_users: {ann: hunter2}\n");
  CHECK(found == Faults{"W122 the password of `ann` in line 1 is no bcrypt hash at 0:0"});
  std::string costly = kHash;
  costly.replace(4, 2, "31");
  CHECK(faults("basic_auth_users: {ann: '" + costly + "'}\n").size() == 1);
}

TEST_CASE("whatever weir would not do is refused: keys, versions, files, certificates that nobody verifies") {
  CHECK(faults("tls_server_config: {cert_file: cert.pem}\n") ==
        Faults{"W111 `tls_server_config` needs the key `key_file` at 1:20"});
  CHECK(faults("tls_server_config: {cert_file: no.pem, key_file: /etc/ssl/key.pem}\n") ==
        Faults{"W152 cannot read `/etc/weir/no.pem` at 1:32"});
  CHECK(faults("tls_server_config: {cert_file: cert.pem, key_file: /etc/ssl/key.pem, min_version: TLS10}\n") ==
        Faults{"W121 `min_version` cannot be `TLS10` at 1:83"});
  CHECK(faults("tls_server_config: {cert_file: cert.pem, key_file: /etc/ssl/key.pem, client_ca_file: ca.pem}\n") ==
        Faults{"W117 nothing verifies the certificates of clients at 1:70"});
  CHECK(faults("tls_server_config: {cert_file: cert.pem, key_file: /etc/ssl/key.pem, "
               "client_auth_type: RequireAndVerifyClientCert}\n") ==
        Faults{"W111 `RequireAndVerifyClientCert` needs a `client_ca_file` at 1:88"});
  CHECK(faults("rate_limit: {burst: 1}\n").size() == 1);
  CHECK(faults("http_server_config: {headers: {X-Powered-By: me}}\n").size() == 1);
  CHECK(faults("http_server_config: {headers: {X-Frame-Options: \"a\\nb\"}}\n").size() == 1);
}

}  // namespace
}  // namespace weir
