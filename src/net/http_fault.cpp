// SPDX-License-Identifier: Apache-2.0
#include "net/http_fault.h"

#include <curl/curl.h>

#include <chrono>
#include <system_error>

#include "base/text.h"

namespace weir {
namespace {

constexpr std::size_t kMostWords = 200;

std::string in_seconds(Duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

HttpFailure failure(HttpFault fault, bool may_pass, std::string message, std::string help = "") {
  return {.fault = fault, .may_pass = may_pass, .error = {.message = std::move(message), .help = std::move(help)}};
}

std::string after(std::string_view words) {
  return words.empty() ? "" : ": " + shorten(words, kMostWords);
}

HttpFailure tls_failure(std::string_view words, const std::string& server) {
  if (words.find("alert") != std::string_view::npos)
    return failure(HttpFault::Tls, false, server + " ended the TLS handshake" + after(words),
                   "it may want a certificate of ours: `cert_file` and `key_file`");
  return failure(HttpFault::Tls, false, "no TLS connection with " + server + after(words),
                 "does the server speak TLS at this port?");
}

}  // namespace

HttpFailure interrupted_failure(const std::string& server) {
  return failure(HttpFault::Interrupted, false, "the call of " + server + " was interrupted");
}

HttpFailure too_large_failure(const std::string& server, std::size_t most_bytes) {
  return failure(HttpFault::TooLarge, false, "the answer of " + server + " is larger than " + human_bytes(most_bytes));
}

HttpFailure redirect_failure(const std::string& server, const std::string& to) {
  if (to == server) return failure(HttpFault::Redirect, false, server + " redirects again and again");
  return failure(HttpFault::Redirect, false,
                 server + " redirects to " + (to.empty() ? "what is no URL of HTTP" : shorten(to, kMostWords)) +
                     ", where credentials are not taken",
                 to.empty() ? "" : "if that is the server, give its URL");
}

HttpFailure moved_failure(const std::string& server) {
  return failure(HttpFault::Redirect, false, server + " redirects what is sent to another path of its own",
                 "give the URL that it redirects to");
}

HttpFailure out_of_reach_failure(const std::string& server, const std::string& address) {
  return failure(HttpFault::Reach, false, server + " is at " + address + ", which is not connected to");
}

HttpFailure failure_of(int code, int system_error, std::string_view words, const UrlParts& server,
                       const HttpCall& call) {
  const std::string& name = server.server;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return failure(HttpFault::Name, true, "nobody knows the host of " + name, "is its name right?");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return failure(HttpFault::Name, true, "nobody knows the host of the proxy before " + name);
    case CURLE_COULDNT_CONNECT: {
      const std::string why = system_error == 0 ? "" : std::generic_category().message(system_error);
      return failure(HttpFault::Unreachable, true, "cannot connect to " + name + after(why));
    }
    case CURLE_OPERATION_TIMEDOUT:
      return failure(HttpFault::Timeout, true, name + " did not answer within " + in_seconds(call.timeout));
    case CURLE_PEER_FAILED_VERIFICATION:
      return failure(HttpFault::Tls, false, "the certificate of " + name + " is not trusted" + after(words),
                     "the authority that signed it goes into `ca_file`");
    case CURLE_SSL_CACERT_BADFILE:
      return failure(HttpFault::Call, false,
                     "cannot use the certificates in `" + shorten(call.ca_file, kMostWords) + "`");
    case CURLE_SSL_CERTPROBLEM:
      return failure(
          HttpFault::Call, false,
          "cannot use the certificate `" + shorten(call.cert_file, kMostWords) + "` with its key" + after(words));
    case CURLE_SSL_CONNECT_ERROR: return tls_failure(words, name);
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      // A server that does not like our certificate says so at the first read since TLS 1.3.
      if (server.scheme == "https" && words.find("alert") != std::string_view::npos) return tls_failure(words, name);
      return failure(HttpFault::CutShort, true, name + " ended the connection within its answer");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
      return failure(HttpFault::NoHttp, false, "what answers at " + name + " does not speak HTTP");
    default:
      return failure(
          HttpFault::Unreachable, true,
          "the call of " + name + " failed" +
              after(words.empty() ? std::string_view(curl_easy_strerror(static_cast<CURLcode>(code))) : words));
  }
}

}  // namespace weir
