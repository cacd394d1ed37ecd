// SPDX-License-Identifier: Apache-2.0
#include "http/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

namespace {

constexpr std::chrono::seconds kLookEvery(5);

using Context = std::shared_ptr<ssl_ctx_st>;

/// The newest complaint of the library, in its words.
std::string complaint() {
  const unsigned long code = ERR_peek_last_error();
  ERR_clear_error();
  const char* const reason = code == 0 ? nullptr : ERR_reason_error_string(code);
  return reason == nullptr ? "unknown reason" : reason;
}

Error cannot(const std::string& what, const std::string& file) {
  return Error{.message = "cannot use " + what + " `" + file + "`: " + complaint()};
}

/// TLS 1.2 suites by the names of the format, and by those of OpenSSL. Those of TLS 1.3 are not to be chosen.
struct Suite {
  std::string_view iana;
  std::string_view openssl;
};
constexpr std::array<Suite, 8> kSuites = {{
    {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305", "ECDHE-ECDSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"},
}};
constexpr const char* kAllSuites =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

Status choose_suites(ssl_ctx_st* context, const WebTls& tls) {
  std::string list;
  for (const std::string& name : tls.cipher_suites) {
    const auto* known =
        std::find_if(kSuites.begin(), kSuites.end(), [&name](const Suite& suite) { return suite.iana == name; });
    if (known != kSuites.end()) {
      list += (list.empty() ? "" : ":") + std::string(known->openssl);
    } else if (!name.starts_with("TLS_AES_") && !name.starts_with("TLS_CHACHA20_")) {
      return Error{.message = "the cipher suite `" + name + "` is unknown or no longer safe"};
    }
  }
  if (SSL_CTX_set_cipher_list(context, list.empty() ? kAllSuites : list.c_str()) != 1) {
    return Error{.message = "cannot choose cipher suites: " + complaint()};
  }
  return Done{};
}

/// For client certificates that are asked for and taken from whomever.
int take_any(int, X509_STORE_CTX*) {
  return 1;
}

Status ask_clients(ssl_ctx_st* context, const WebTls& tls) {
  const ClientAuth wanted = tls.client_auth;
  if (!tls.client_allowed_sans.empty() && wanted != ClientAuth::RequireAndVerifyClientCert) {
    return Error{.message = "`client_allowed_sans` needs `client_auth_type: RequireAndVerifyClientCert`"};
  }
  if (wanted == ClientAuth::NoClientCert) return Done{};
  const bool required = wanted == ClientAuth::RequireAnyClientCert || wanted == ClientAuth::RequireAndVerifyClientCert;
  const bool verified =
      wanted == ClientAuth::VerifyClientCertIfGiven || wanted == ClientAuth::RequireAndVerifyClientCert;
  if (verified && tls.client_ca_file.empty()) {
    return Error{.message = "client certificates cannot be verified without `client_ca_file`"};
  }
  if (!tls.client_ca_file.empty()) {
    if (SSL_CTX_load_verify_locations(context, tls.client_ca_file.c_str(), nullptr) != 1) {
      return cannot("the client CA", tls.client_ca_file);
    }
    SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(tls.client_ca_file.c_str()));
  }
  const int mode = SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
  SSL_CTX_set_verify(context, mode, verified ? nullptr : take_any);
  return Done{};
}

int number_of(TlsVersion version) {
  return version == TlsVersion::Tls12 ? TLS1_2_VERSION : TLS1_3_VERSION;
}

Result<Context> make_context(const WebTls& tls) {
  ERR_clear_error();
  const Context context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (context == nullptr) return Error{.message = "cannot start TLS: " + complaint()};
  ssl_ctx_st* const raw = context.get();
  SSL_CTX_set_min_proto_version(raw, number_of(tls.min_version));
  SSL_CTX_set_max_proto_version(raw, number_of(tls.max_version));
  SSL_CTX_set_options(raw, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                               SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_NO_TICKET);
  SSL_CTX_set_mode(raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_default_passwd_cb(raw, [](char*, int, int, void*) { return 0; });  // never asks the terminal
  if (SSL_CTX_use_certificate_chain_file(raw, tls.cert_file.c_str()) != 1) {
    return cannot("the certificate", tls.cert_file);
  }
  if (SSL_CTX_use_PrivateKey_file(raw, tls.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return cannot("the key", tls.key_file);
  }
  if (SSL_CTX_check_private_key(raw) != 1) return cannot("the key", tls.key_file);
  for (const Status& step : {choose_suites(raw, tls), ask_clients(raw, tls)}) {
    if (!step.ok()) return step.error();
  }
  return context;
}

std::string text_of(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

std::string ip_of(const ASN1_OCTET_STRING* bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = ASN1_STRING_length(bytes) == 4 ? AF_INET : AF_INET6;
  if (family == AF_INET6 && ASN1_STRING_length(bytes) != 16) return {};
  const char* const written = inet_ntop(family, ASN1_STRING_get0_data(bytes), text.data(), text.size());
  return written == nullptr ? "" : written;
}

/// Whether one of the certificate's names (host, mail, URI, number) is allowed, letter by letter.
bool has_allowed_san(X509* certificate, const std::vector<std::string>& allowed) {
  auto* const names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  bool found = false;
  for (int i = 0; names != nullptr && i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names, i);
    std::string text;
    if (name->type == GEN_DNS) text = text_of(name->d.dNSName);
    if (name->type == GEN_EMAIL) text = text_of(name->d.rfc822Name);
    if (name->type == GEN_URI) text = text_of(name->d.uniformResourceIdentifier);
    if (name->type == GEN_IPADD) text = ip_of(name->d.iPAddress);
    found = found || (!text.empty() && std::find(allowed.begin(), allowed.end(), text) != allowed.end());
  }
  GENERAL_NAMES_free(names);
  return found;
}

std::string stamp_of(const std::string& file) {
  struct stat facts {};
  if (file.empty() || stat(file.c_str(), &facts) != 0) return "-";
  return std::to_string(facts.st_ino) + ":" + std::to_string(facts.st_size) + ":" +
         std::to_string(facts.st_mtim.tv_sec) + "." + std::to_string(facts.st_mtim.tv_nsec) + " ";
}

}  // namespace

TlsSession::TlsSession(std::shared_ptr<ssl_ctx_st> context, int socket, const std::vector<std::string>& allowed_sans)
    : context_(std::move(context)), ssl_(SSL_new(context_.get()), SSL_free), allowed_sans_(allowed_sans) {
  if (ssl_ == nullptr) return;
  SSL_set_fd(ssl_.get(), socket);
  SSL_set_accept_state(ssl_.get());
}

Flow TlsSession::flow_of(int result) {
  const int reason = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  if (reason == SSL_ERROR_WANT_READ) return Flow::WantsRead;
  return reason == SSL_ERROR_WANT_WRITE ? Flow::WantsWrite : Flow::Closed;
}

Flow TlsSession::handshake() {
  if (ssl_ == nullptr) return Flow::Closed;
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  if (result != 1) return flow_of(result);
  if (allowed_sans_.empty()) return Flow::Done;
  const std::unique_ptr<X509, void (*)(X509*)> certificate(SSL_get1_peer_certificate(ssl_.get()), X509_free);
  return certificate != nullptr && has_allowed_san(certificate.get(), allowed_sans_) ? Flow::Done : Flow::Closed;
}

Flow TlsSession::read(char* to, std::size_t room, std::size_t& taken) {
  ERR_clear_error();
  const int result = SSL_read_ex(ssl_.get(), to, room, &taken);
  return result == 1 ? Flow::Done : flow_of(result);
}

Flow TlsSession::write(const char* from, std::size_t size, std::size_t& taken) {
  ERR_clear_error();
  const int result = SSL_write_ex(ssl_.get(), from, size, &taken);
  return result == 1 ? Flow::Done : flow_of(result);
}

void TlsSession::say_goodbye() {
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

Result<TlsServer> TlsServer::make(WebTls tls) {
  TlsServer server(std::move(tls));
  server.stamp_ = server.stamp_of_files();
  Result<Context> context = make_context(*server.tls_);
  if (!context.ok()) return context.error();
  server.context_ = std::move(*context);
  return server;
}

std::string TlsServer::stamp_of_files() const {
  return stamp_of(tls_->cert_file) + stamp_of(tls_->key_file) + stamp_of(tls_->client_ca_file);
}

void TlsServer::look_again(Clock::time_point now) {
  if (now - looked_ < kLookEvery) return;
  looked_ = now;
  std::string stamp = stamp_of_files();
  if (stamp == stamp_) return;
  Result<Context> context = make_context(*tls_);
  if (!context.ok()) {  // perhaps half of a renewal: looked at again in a while
    fault_ = context.error().message;
    return;
  }
  context_ = std::move(*context);
  stamp_ = std::move(stamp);
  fault_.clear();
}

TlsSession TlsServer::accept(int socket, Clock::time_point now) {
  look_again(now);
  return {context_, socket, tls_->client_allowed_sans};
}

}  // namespace weir
