// SPDX-License-Identifier: Apache-2.0
// How the web server is protected: what a web config file in the format of Prometheus' exporter-toolkit says. Plain data;
// src/config fills it in, src/http acts on it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir {

/// `client_auth_type`, by the names that the file uses.
enum class ClientAuth : std::uint8_t {
  NoClientCert,
  RequestClientCert,           // asked for, not looked at
  RequireAnyClientCert,        // there has to be one, of whomever
  VerifyClientCertIfGiven,     // by client_ca_file
  RequireAndVerifyClientCert,  // by client_ca_file
};

/// `min_version`, `max_version`. Versions below 1.2 are not offered.
enum class TlsVersion : std::uint8_t { Tls12, Tls13 };

/// `tls_server_config`. Paths are relative to nothing any more: the reader has resolved them against the file's folder.
struct WebTls {
  std::string cert_file;
  std::string key_file;
  ClientAuth client_auth = ClientAuth::NoClientCert;
  std::string client_ca_file;                    // empty: none
  std::vector<std::string> client_allowed_sans;  // empty: any that the CA signed
  TlsVersion min_version = TlsVersion::Tls12;
  TlsVersion max_version = TlsVersion::Tls13;
  std::vector<std::string> cipher_suites;  // of TLS 1.2, by their IANA names; empty: the library's
};

struct WebConfig {
  std::optional<WebTls> tls;                                 // none: plain HTTP
  std::map<std::string, std::string> users;                  // `basic_auth_users`: name -> bcrypt hash; empty: no login
  std::vector<std::pair<std::string, std::string>> headers;  // `http_server_config.headers`, on every answer
};

}  // namespace weir
