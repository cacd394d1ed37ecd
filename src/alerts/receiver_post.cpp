// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_post.h"

#include <algorithm>
#include <variant>

#include "base/base64.h"
#include "base/escape.h"
#include "base/json_value.h"
#include "net/secret_file.h"
#include "net/url.h"

namespace weir {
namespace {

constexpr std::size_t kMostAnswer = 16U << 10;  // bytes that are read of an answer
constexpr std::size_t kMostPiece = 120;         // code points of it that are shown
constexpr std::size_t kLeastSecret = 4;         // characters: what is shorter stands in every text
constexpr std::size_t kLeastToken = 12;         // characters: shorter steps of a path are words
constexpr std::size_t kEcho = 16;               // bytes that answer and message share by no accident

Told later(std::string why, Duration not_before = {}) {
  return {.how = Told::How::Later, .why = std::move(why), .not_before = not_before};
}

Told refused(std::string why) {
  return {.how = Told::How::Refused, .why = std::move(why), .not_before = {}};
}

std::string whole(const Error& error) {
  return error.help.empty() ? error.message : error.message + " (" + error.help + ")";
}

Told told_of(const HttpFailure& failure) {
  switch (failure.fault) {
    case HttpFault::Redirect:
    case HttpFault::Reach:
    case HttpFault::NoHttp: return refused(whole(failure.error));
    // A certificate is renewed, a file of one comes back: the message has no fault.
    case HttpFault::Call:
    case HttpFault::Tls:
    case HttpFault::Name:
    case HttpFault::Unreachable:
    case HttpFault::Timeout:
    case HttpFault::CutShort:
    case HttpFault::TooLarge:
    case HttpFault::Interrupted: break;
  }
  return later(whole(failure.error));
}

/// The words within JSON that says what is wrong: most APIs have one of these.
std::string words_in(std::string_view answer) {
  const Result<JsonValue> document = parse_json(answer, 8);
  if (!document || document->type != JsonValue::Type::Object) return "";
  for (const char* const name : {"message", "error", "detail", "errors"}) {
    const JsonValue* words = document->find(name);
    if (words == nullptr) continue;
    if (words->type == JsonValue::Type::Array && !words->items.empty()) words = &words->items.front();
    if (words->type == JsonValue::Type::Text && !words->text.empty()) return words->text;
  }
  return "";
}

bool echoes(std::string_view piece, std::string_view sent) {
  for (std::size_t at = 0; at + kEcho <= piece.size(); ++at) {
    if (sent.find(piece.substr(at, kEcho)) != std::string_view::npos) return true;
  }
  return false;
}

std::vector<std::string> secrets_of(const HttpCall& call, std::span<const std::string> more) {
  std::vector<std::string> secrets(more.begin(), more.end());
  secrets.push_back(call.password);
  secrets.push_back(call.token);
  if (!call.user.empty()) secrets.push_back(base64(call.user + ":" + call.password));
  const std::size_t host = call.url.find("//");
  const std::size_t path = host == std::string::npos ? host : call.url.find_first_of("/?", host + 2);
  if (path == std::string::npos) return secrets;
  secrets.push_back(call.url.substr(path + 1));
  // Discord's and Teams' URLs end with a token: a server may say it without what stands before it.
  for (std::size_t begin = path + 1; begin < call.url.size();) {
    const std::size_t end = std::min(call.url.find_first_of("/?&=#@", begin), call.url.size());
    if (end - begin >= kLeastToken) secrets.push_back(call.url.substr(begin, end - begin));
    begin = end + 1;
  }
  return secrets;
}

}  // namespace

std::string harmless_piece(std::string_view answer, std::string_view sent, std::span<const std::string> secrets) {
  std::string piece = words_in(answer);
  if (piece.empty()) {
    // A page is no help, and of JSON that has none of the words nobody knows what it is.
    if (answer.empty() || answer.front() == '<' || answer.front() == '{' || answer.front() == '[') return "";
    piece = answer.substr(0, answer.find_first_of("\r\n"));
  }
  // Looked for before it is cut: of half a secret nobody would see that it is one.
  const bool secret = std::any_of(secrets.begin(), secrets.end(), [&](const std::string& text) {
    return text.size() >= kLeastSecret && piece.find(text) != std::string::npos;
  });
  if (secret) return "";
  // Of the rest nobody sees anything, and to look for each bit of it would be work that the server chooses.
  constexpr std::size_t kLongestCodePoint = 4;
  piece.resize(std::min(piece.size(), (kMostPiece + 1) * kLongestCodePoint));
  if (echoes(piece, sent)) return "";
  return visible(piece, kMostPiece);
}

Told not_told(const Error& error) {
  return later(whole(error));
}

Told Poster::post(const std::string& url, const std::string& body, std::span<const std::string> secrets) {
  return post(url, body, secrets, access_.timeout);
}

Told Poster::post(const std::string& url, const std::string& body, std::span<const std::string> secrets,
                  Duration limit) {
  const Result<std::string> password = secret_of(access_.password_file, access_.password);
  if (!password) return not_told(password.error());
  const Result<std::string> token = secret_of(access_.token_file, access_.token);
  if (!token) return not_told(token.error());
  const HttpCall call{.method = "POST",
                      .url = url,
                      .headers = {{"Content-Type", "application/json"}},
                      .body = body,
                      .user = access_.user,
                      .password = *password,
                      .token = *token,
                      .ca_file = access_.ca_file,
                      .cert_file = access_.cert_file,
                      .key_file = access_.key_file,
                      .proxy = access_.proxy,
                      .timeout = std::min(limit, access_.timeout),
                      .most_bytes = kMostAnswer,
                      .cut_answer = true,
                      .reach = Reach::NotLinkLocal};
  const HttpOutcome outcome = http_.call(call);
  if (const HttpFailure* const failure = std::get_if<HttpFailure>(&outcome)) return told_of(*failure);
  const HttpAnswer& answer = std::get<HttpAnswer>(outcome);
  if (answer.status >= 200 && answer.status < 300) return {};
  const Result<UrlParts> server = parse_url(url);
  std::string why = (server ? server->server : "the receiver") + " answered " + std::to_string(answer.status);
  const std::string piece = harmless_piece(answer.body, body, secrets_of(call, secrets));
  if (!piece.empty()) why += ": " + piece;
  constexpr int kTimeout = 408;
  constexpr int kTooEarly = 425;
  constexpr int kTooMany = 429;
  const bool passes =
      answer.status >= 500 || answer.status == kTimeout || answer.status == kTooEarly || answer.status == kTooMany;
  if (!passes) return {.how = Told::How::Refused, .why = std::move(why), .not_before = {}, .status = answer.status};
  return later(std::move(why), std::min(answer.retry_after.value_or(Duration{}), kLongestRetryAfter));
}

Result<std::string> url_of(const ReceiverSettings& settings) {
  if (settings.url_file.empty()) {
    if (settings.urls.empty()) return Error{.message = "no URL is known"};
    return settings.urls.front();
  }
  Result<std::string> url = read_secret(settings.url_file);
  // What is wrong with it would be said with a part of it.
  if (url && !parse_url(*url))
    return Error{.message = "what `" + visible(settings.url_file, kMostPiece) + "` holds is no URL"};
  return url;
}

}  // namespace weir
