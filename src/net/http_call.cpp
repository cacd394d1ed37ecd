// SPDX-License-Identifier: Apache-2.0
#include "net/http_call.h"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <string_view>

#include "net/http_fault.h"
#include "net/transfer.h"
#include "net/url.h"

namespace weir {
namespace {

using Clock = std::chrono::steady_clock;
using Lines = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

constexpr int kMostRedirects = 5;
constexpr std::size_t kMostHeadBytes = 64U << 10;

struct Received {
  std::string body;
  std::size_t head_bytes = 0;
  std::size_t most_bytes = 0;
  bool cut = false;  // what is beyond most_bytes is passed over
  bool too_large = false;
};

std::size_t take_body(char* bytes, std::size_t /*one*/, std::size_t size, void* to) {
  Received& received = *static_cast<Received*>(to);
  const std::size_t room = received.most_bytes - received.body.size();
  received.too_large = size > room;
  if (received.too_large && !received.cut) return 0;
  received.body.append(bytes, std::min(size, room));
  return received.too_large ? 0 : size;
}

std::size_t take_head(char* /*bytes*/, std::size_t /*one*/, std::size_t size, void* to) {
  Received& received = *static_cast<Received*>(to);
  received.head_bytes += size;
  received.too_large = received.head_bytes > kMostHeadBytes;
  return received.too_large ? 0 : size;
}

HttpFailure refuse(Error error) {
  return {.fault = HttpFault::Call, .may_pass = false, .error = std::move(error)};
}

/// What would write lines of a request that nobody asked for.
std::optional<HttpFailure> fault_of(const HttpCall& call) {
  if (has_control(call.user) || has_control(call.password))
    return refuse({.message = "the user or the password has a control character in it"});
  if (call.user.find(':') != std::string::npos) return refuse({.message = "the user has a `:` in it"});
  if (has_control(call.token) || call.token.find(' ') != std::string::npos)
    return refuse({.message = "the token has white space in it"});
  for (const auto& [name, value] : call.headers) {
    if (has_control(name) || has_control(value)) return refuse({.message = "a header has a control character in it"});
  }
  return std::nullopt;
}

Lines header_lines(const HttpCall& call) {
  Lines lines(nullptr, curl_slist_free_all);
  const auto add = [&lines](const std::string& line) {
    curl_slist* const longer = curl_slist_append(lines.get(), line.c_str());
    if (longer == nullptr) return;
    static_cast<void>(lines.release());
    lines.reset(longer);
  };
  add("Expect:");  // no asking beforehand whether a body is welcome
  for (const auto& [name, value] : call.headers) add(name + ": " + value);
  return lines;
}

void set_credentials(CURL* easy, const HttpCall& call) {
  if (!call.token.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, call.token.c_str());
  } else if (!call.user.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_USERNAME, call.user.c_str());
    curl_easy_setopt(easy, CURLOPT_PASSWORD, call.password.c_str());
  }
}

void set_call(CURL* easy, const HttpCall& call, const std::string& url) {
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_PROXY, call.proxy.c_str());  // "" is none, and the environment is not asked
  curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "weir");
  if (call.method == "GET" && call.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    return;
  }
  curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call.body.c_str());
  curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
  curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, call.method.c_str());
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

HttpAnswer answer_of(CURL* easy, Received& received) {
  HttpAnswer answer;
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  const char* type = nullptr;
  if (curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != nullptr) answer.content_type = type;
  curl_off_t seconds = 0;
  constexpr curl_off_t kDay = 86'400;
  if (curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds) == CURLE_OK && seconds > 0)
    answer.retry_after = std::chrono::seconds(std::min(seconds, kDay));
  curl_header* date = nullptr;
  if (curl_easy_header(easy, "Date", 0, CURLH_HEADER, -1, &date) == CURLHE_OK) {
    const std::time_t at = curl_getdate(date->value, nullptr);
    if (at >= 0) answer.date = Instant(std::chrono::seconds(at));
  }
  answer.body = std::move(received.body);
  return answer;
}

}  // namespace

struct HttpCaller::Connection {
  HttpOutcome once(const HttpCall& call, const UrlParts& server, const std::string& url, Duration left);

  Transfer transfer;
};

HttpOutcome HttpCaller::Connection::once(const HttpCall& call, const UrlParts& server, const std::string& url,
                                         Duration left) {
  transfer.reset(call.reach);
  CURL* const easy = transfer.easy();
  const Lines lines = header_lines(call);
  std::array<char, CURL_ERROR_SIZE> words{};
  Received received{.body = {}, .most_bytes = call.most_bytes, .cut = call.cut_answer};
  set_call(easy, call, url);
  set_credentials(easy, call);
  transfer.set_time(call.connect_timeout, left);
  transfer.set_tls({.ca_file = call.ca_file, .cert_file = call.cert_file, .key_file = call.key_file});
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, words.data());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &received);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_head);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &received);
  const CURLcode result = transfer.perform();
  if (transfer.interrupted()) return interrupted_failure(server.server);
  const bool enough = received.too_large && received.cut && received.head_bytes <= kMostHeadBytes;
  if (received.too_large && !enough) return too_large_failure(server.server, call.most_bytes);
  if (result == CURLE_OK || enough) return answer_of(easy, received);
  if (!transfer.out_of_reach().empty()) return out_of_reach_failure(server.server, transfer.out_of_reach());
  long system_error = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
  return failure_of(result, static_cast<int>(system_error), words.data(), server, call);
}

HttpCaller::HttpCaller() : connection_(std::make_unique<Connection>()) {}
HttpCaller::~HttpCaller() = default;

void HttpCaller::interrupt() {
  connection_->transfer.interrupt();
}

HttpOutcome HttpCaller::call(const HttpCall& call) {
  Result<UrlParts> server = parse_url(call.url);
  if (!server) return refuse(server.error());
  if (std::optional<HttpFailure> fault = fault_of(call)) return *std::move(fault);
  const auto until = Clock::now() + call.timeout;
  std::string url = call.url;
  for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
    const Duration left = std::chrono::duration_cast<Duration>(until - Clock::now());
    HttpOutcome outcome = connection_->once(call, *server, url, left);
    const HttpAnswer* const answer = std::get_if<HttpAnswer>(&outcome);
    if (answer == nullptr || !is_redirect(answer->status)) return outcome;
    // CURLINFO_REDIRECT_URL would have the user and the password in it.
    curl_header* location = nullptr;
    if (curl_easy_header(connection_->transfer.easy(), "Location", 0, CURLH_HEADER, -1, &location) != CURLHE_OK)
      return outcome;
    url = resolve_url(url, location->value);
    const Result<UrlParts> next = parse_url(url);
    // What is asked again elsewhere would take the credentials there, and what changes something is asked once.
    if (!next || next->server != server->server) return redirect_failure(server->server, next ? next->server : "");
    if (call.method != "GET") return moved_failure(server->server);
  }
  return redirect_failure(server->server, server->server);
}

}  // namespace weir
