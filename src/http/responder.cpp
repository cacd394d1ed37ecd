// SPDX-License-Identifier: Apache-2.0
#include "http/responder.h"

#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace weir {

namespace {

constexpr int kNotModified = 304;

/// The request from memory, the answer into memory. What a stream has to have differs between releases of the library (0.11 asks
/// for is_writable, 0.26 for the waits and the duration): all of it is here, and `override` nowhere.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string request) : request_(std::move(request)) {}

  bool is_readable() const { return true; }
  bool is_writable() const { return true; }
  bool wait_readable() const { return true; }
  bool wait_writable() const { return true; }
  time_t duration() const { return 0; }
  ssize_t read(char* to, std::size_t size) {
    const std::size_t taken = std::min(size, request_.size() - at_);
    std::memcpy(to, request_.data() + at_, taken);
    at_ += taken;
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char* from, std::size_t size) {
    answer_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const { nowhere(ip, port); }
  void get_local_ip_and_port(std::string& ip, int& port) const { nowhere(ip, port); }
  socket_t socket() const { return INVALID_SOCKET; }

  std::string take_answer() { return std::move(answer_); }

 private:
  static void nowhere(std::string& ip, int& port) {
    ip = "0.0.0.0";
    port = 0;
  }

  std::string request_;
  std::size_t at_ = 0;
  std::string answer_;
};

/// The name in `name`, `name:port`, `[::1]:port`; lower case, without a dot at its end.
std::string name_in(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    const std::string_view rest = end == std::string_view::npos ? host : host.substr(end + 1);
    return rest.empty() || rest.starts_with(':') ? std::string(host.substr(0, end + 1)) : std::string();
  }
  std::string name(host.substr(0, host.find(':')));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (name.ends_with('.')) name.pop_back();
  return name;
}

bool is_ip(const std::string& name) {
  if (name.starts_with('[')) return name.ends_with(']');
  return !name.empty() && name.find_first_not_of("0123456789.") == std::string::npos;
}

/// A browser tells where the page stands that wants something done. Other clients do not, and need not.
bool is_of_another_site(const RequestHead& head) {
  const std::string_view site = head.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  const std::string_view origin = head.header("origin");
  const std::size_t host = origin.find("://");
  return !origin.empty() && (host == std::string_view::npos || origin.substr(host + 3) != head.host);
}

}  // namespace

bool is_known_host(std::string_view host, const std::vector<std::string>& names) {
  const std::string name = name_in(host);
  if (name == "localhost" || name.ends_with(".localhost") || is_ip(name)) return true;
  return std::any_of(names.begin(), names.end(), [&name](const std::string& known) { return name_in(known) == name; });
}

class Responder::Library final : public httplib::Server {
 public:
  explicit Library(const Audience& audience) {
    httplib::Headers headers(audience.headers.begin(), audience.headers.end());
    headers.emplace("Accept-Ranges", "none");
    headers.emplace("Vary", "Accept-Encoding");
    set_default_headers(std::move(headers));
    // Without it the text of an exception goes to the client.
    set_exception_handler([](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
      response.status = 500;
      response.set_content("internal error\n", std::string(kPlainText));
    });
    set_pre_routing_handler([&audience, this](const httplib::Request& request, httplib::Response& response) {
      WebRequest asked{.method = request.method, .path = request.path, .query = {}, .if_none_match = if_none_match_};
      if (asked.method == "HEAD") asked.method = "GET";
      asked.query.assign(request.params.begin(), request.params.end());
      const WebReply reply = audience.handler(asked);
      response.status = reply.status;
      if (!reply.etag.empty()) response.set_header("ETag", reply.etag);
      if (reply.never_changes) keep_for_ever(response);
      if (reply.status == kNotModified) return HandlerResponse::Handled;
      response.set_content(reply.body, reply.content_type);
      return HandlerResponse::Handled;
    });
  }

  std::string respond(const RequestHead& head) {
    std::string request = head.method + " " + head.target + " HTTP/1.1\r\n";
    if (accepts_gzip(head.header("accept-encoding"))) request += "Accept-Encoding: gzip\r\n";
    MemoryStream stream(std::move(request) + "\r\n");
    if_none_match_ = head.header("if-none-match");
    bool closed = true;
    // Later releases want to know who asks from where; nothing here reads it.
    [&](auto& over) {
      if constexpr (requires { this->process_request(over, true, closed, nullptr); })
        this->process_request(over, true, closed, nullptr);
      else
        this->process_request(over, "0.0.0.0", 0, "0.0.0.0", 0, true, closed, nullptr);
    }(stream);
    return without_length_of_nothing(stream.take_answer());
  }

 private:
  /// The default is to keep nothing; what an operator's own header says stays.
  static void keep_for_ever(httplib::Response& response) {
    const auto found = response.headers.find("Cache-Control");
    if (found != response.headers.end() && found->second == kKeepNothing) found->second = "max-age=31536000, immutable";
  }

  /// A length in a 304 would be that of the body which the client has (RFC 9110, 8.6).
  static std::string without_length_of_nothing(std::string answer) {
    constexpr std::string_view kLength = "Content-Length: 0\r\n";
    if (!answer.starts_with("HTTP/1.1 304 ")) return answer;
    if (const std::size_t at = answer.find(kLength); at != std::string::npos) answer.erase(at, kLength.size());
    return answer;
  }

  std::string if_none_match_;  // of the request that is being answered
};

Responder::Responder(const Audience& audience) : audience_(audience), library_(std::make_unique<Library>(audience)) {}

Responder::~Responder() = default;

std::string Responder::respond(const RequestHead& head) {
  std::string answer = refusal_of(head);
  if (answer.empty()) return library_->respond(head);
  if (head.method == "HEAD") answer.resize(end_of_head(answer, 0));
  return answer;
}

std::string Responder::refusal_of(const RequestHead& head) const {
  if (!audience_.any_host && !head.host.empty() && !is_known_host(head.host, audience_.hosts)) {
    return plain_answer(421, "this server does not go by that name", audience_.headers);
  }
  if (head.method != "GET" && head.method != "HEAD" && is_of_another_site(head)) {
    return plain_answer(403, "not at the request of another site's page", audience_.headers);
  }
  if (audience_.login != nullptr) {
    switch (audience_.login->check(head.header("authorization"))) {
      case Login::Answer::Yes: break;
      case Login::Answer::No:
        return plain_answer(401, "name and password, please", audience_.headers,
                            {{"WWW-Authenticate", "Basic realm=\"weir\", charset=\"UTF-8\""}});
      case Login::Answer::Busy:
        return plain_answer(429, "too many passwords at once", audience_.headers, {{"Retry-After", "1"}});
    }
  }
  return {};
}

}  // namespace weir
