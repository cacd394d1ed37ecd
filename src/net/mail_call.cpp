// SPDX-License-Identifier: Apache-2.0
#include "net/mail_call.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>

#include "base/text.h"
#include "net/transfer.h"

namespace weir {
namespace {

constexpr std::size_t kMostWords = 200;
constexpr std::size_t kMostSaid = 64U << 10;

using Lines = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

struct Letter {
  std::string_view left;
};

std::size_t give_message(char* to, std::size_t one, std::size_t size, void* from) {
  Letter& letter = *static_cast<Letter*>(from);
  const std::size_t bytes = std::min(letter.left.size(), one * size);
  std::memcpy(to, letter.left.data(), bytes);
  letter.left.remove_prefix(bytes);
  return bytes;
}

/// What the server says, line by line: the last one is kept, for the words of a refusal.
struct Said {
  std::string last;
  std::size_t bytes = 0;
};

std::size_t take_line(char* bytes, std::size_t /*one*/, std::size_t size, void* to) {
  Said& said = *static_cast<Said*>(to);
  said.bytes += size;
  if (said.bytes > kMostSaid) return 0;
  said.last.assign(bytes, size);
  while (said.last.ends_with('\n') || said.last.ends_with('\r')) said.last.pop_back();
  return size;
}

std::size_t take_nothing(char* /*bytes*/, std::size_t /*one*/, std::size_t size, void* /*to*/) {
  return size;
}

/// The name of this machine as HELO takes it.
std::string own_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  std::string out(name.data());
  const bool plain = std::all_of(out.begin(), out.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  return out.empty() || !plain ? "localhost" : out;
}

MailFailure refuse(std::string message, std::string help = "") {
  return {.error = {.message = std::move(message), .help = std::move(help)}};
}

std::variant<MailTaken, MailFailure> fault_of(const MailCall& call) {
  if (has_control(call.user) || has_control(call.password))
    return refuse("the user or the password has a control character in it");
  if (!call.user.empty() && call.tls == MailTls::None)
    return refuse("a password is not sent without TLS", "`tls: starttls` or `tls: whole`");
  const bool has_host = !call.host.empty() && std::all_of(call.host.begin(), call.host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == ':' || c == '_';
  });
  if (!has_host) return refuse("`" + shorten(call.host, kMostWords) + "` is no host");
  for (const std::string* const address : {&call.from, &call.to}) {
    if (const Status checked = check_mail_address(*address); !checked)
      return refuse(checked.error().message, checked.error().help);
  }
  return MailTaken{};
}

std::string server_of(const MailCall& call) {
  return call.host + ":" + std::to_string(call.port);
}

std::string after(std::string_view words) {
  return words.empty() ? "" : ": " + shorten(words, kMostWords);
}

/// The server answered no: a code that begins with 4 may be another one later, with 5 it will not.
MailFailure refusal_of(const MailCall& call, int code, const Said& said, bool of_address) {
  const std::string words = said.last.starts_with(std::to_string(code)) ? said.last : std::to_string(code);
  return {.may_pass = code / 100 != 5,
          .of_address = of_address,
          .code = code,
          .error = {.message = server_of(call) + " does not take the mail to " + call.to + " (" +
                               shorten(words, kMostWords) + ")"}};
}

MailFailure passing(std::string message) {
  return {.may_pass = true, .error = {.message = std::move(message)}};
}

std::string in_seconds(Duration time) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
}

MailFailure failure_of(CURLcode result, int code, int system_error, std::string_view words, const MailCall& call,
                       const Said& said) {
  const std::string server = server_of(call);
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST: return passing("nobody knows the host of " + server);
    case CURLE_COULDNT_CONNECT:
      return passing("cannot connect to " + server +
                     after(system_error == 0 ? "" : std::generic_category().message(system_error)));
    case CURLE_OPERATION_TIMEDOUT: return passing(server + " did not take the mail within " + in_seconds(call.timeout));
    case CURLE_LOGIN_DENIED:
      return {.may_pass = code / 100 == 4,
              .code = code,
              .error = {.message = server + " refuses the login (" + std::to_string(code) + ")"}};
    case CURLE_USE_SSL_FAILED:
      return {.code = code,
              .error = {.message = server + " does not offer STARTTLS", .help = "without it nothing is sent"}};
    case CURLE_PEER_FAILED_VERIFICATION:
      return {.error = {.message = "the certificate of " + server + " is not trusted" + after(words),
                        .help = "the authority that signed it goes into `ca_file`"}};
    case CURLE_SSL_CACERT_BADFILE:
      return refuse("cannot use the certificates in `" + shorten(call.ca_file, kMostWords) + "`");
    case CURLE_SSL_CONNECT_ERROR:
      return refuse("no TLS connection with " + server + after(words), "does the server speak TLS at this port?");
    default: break;
  }
  if (code >= 400 && code < 600) return refusal_of(call, code, said, code != 421);
  if (result == CURLE_WEIRD_SERVER_REPLY) return refuse("what answers at " + server + " does not speak SMTP");
  return passing("the connection with " + server + " ended before the mail was taken" +
                 after(words.empty() ? curl_easy_strerror(result) : words));
}

void set_call(CURL* easy, const MailCall& call) {
  const bool six = call.host.find(':') != std::string::npos;
  const std::string host = six ? "[" + call.host + "]" : call.host;
  const std::string url = (call.tls == MailTls::Whole ? "smtps://" : "smtp://") + host + ":" +
                          std::to_string(call.port) + "/" + (call.hello.empty() ? own_name() : call.hello);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_USE_SSL,
                   static_cast<long>(call.tls == MailTls::None ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_MAIL_FROM, ("<" + call.from + ">").c_str());
  if (call.user.empty()) return;
  curl_easy_setopt(easy, CURLOPT_USERNAME, call.user.c_str());
  curl_easy_setopt(easy, CURLOPT_PASSWORD, call.password.c_str());
  // Within TLS a plain password is one that no other can read; the others need what few servers keep.
  curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=*");
}

}  // namespace

struct MailCaller::Connection {
  Transfer transfer;
};

MailCaller::MailCaller() : connection_(std::make_unique<Connection>()) {}
MailCaller::~MailCaller() = default;

void MailCaller::interrupt() {
  connection_->transfer.interrupt();
}

MailOutcome MailCaller::call(const MailCall& call) {
  if (MailOutcome fault = fault_of(call); std::holds_alternative<MailFailure>(fault)) return fault;
  Transfer& transfer = connection_->transfer;
  transfer.reset(call.reach);
  CURL* const easy = transfer.easy();
  set_call(easy, call);
  transfer.set_time(call.connect_timeout, call.timeout);
  transfer.set_tls({.ca_file = call.ca_file, .cert_file = {}, .key_file = {}});
  const Lines to(curl_slist_append(nullptr, ("<" + call.to + ">").c_str()), curl_slist_free_all);
  Letter letter{.left = call.message};
  Said said;
  std::array<char, CURL_ERROR_SIZE> words{};
  curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_message);
  curl_easy_setopt(easy, CURLOPT_READDATA, &letter);
  curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(call.message.size()));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_line);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &said);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_nothing);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, words.data());
  const CURLcode result = transfer.perform();
  if (transfer.interrupted()) return passing("the mail to " + server_of(call) + " was interrupted");
  if (result == CURLE_OK) return MailTaken{};
  if (!transfer.out_of_reach().empty())
    return refuse(server_of(call) + " is at " + transfer.out_of_reach() + ", which is not connected to");
  long code = 0;
  long system_error = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
  return failure_of(result, static_cast<int>(code), static_cast<int>(system_error), words.data(), call, said);
}

}  // namespace weir
