// SPDX-License-Identifier: Apache-2.0
#include "registry/registry_caller.h"

#include <algorithm>
#include <string_view>
#include <variant>

#include "base/decimal.h"
#include "base/text.h"
#include "net/secret_file.h"

namespace weir {
namespace {

constexpr std::size_t kMostWords = 200;
constexpr std::size_t kMostDepthOfJson = 32;
constexpr Duration kShortly = std::chrono::seconds(2);

RegistryAnswer away(RegistryFault fault, bool standing, std::string reason) {
  return {.kind = RegistryAnswer::Kind::Away, .reason = std::move(reason), .fault = fault, .standing = standing};
}

Status put_credentials(HttpCall& call, const RegistrySettings& settings) {
  call.user = settings.user;
  call.password = settings.password;
  call.token = settings.token;
  if (!settings.password_file.empty()) {
    Result<std::string> password = read_secret(settings.password_file);
    if (!password) return password.error();
    call.password = *std::move(password);
  }
  if (!settings.token_file.empty()) {
    Result<std::string> token = read_secret(settings.token_file);
    if (!token) return token.error();
    call.token = *std::move(token);
  }
  return Done{};
}

std::string whole(const Error& error) {
  return error.help.empty() ? error.message : error.message + " (" + error.help + ")";
}

RegistryAnswer answer_of(const HttpFailure& failure) {
  RegistryAnswer answer = away(RegistryFault::Unreachable, !failure.may_pass, whole(failure.error));
  switch (failure.fault) {
    case HttpFault::Call: answer.fault = RegistryFault::Login; break;
    case HttpFault::Timeout: answer.fault = RegistryFault::Timeout; break;
    case HttpFault::Tls: answer.fault = RegistryFault::Tls; break;
    case HttpFault::Redirect:
    case HttpFault::Reach:
    case HttpFault::NoHttp: answer.fault = RegistryFault::Answer; break;
    case HttpFault::TooLarge: answer.kind = RegistryAnswer::Kind::TooLarge; break;
    case HttpFault::Name:
    case HttpFault::Unreachable:
    case HttpFault::CutShort:
    case HttpFault::Interrupted: break;
  }
  return answer;
}

/// `error_code` and `message` of an error as the API writes it; 0 and nothing where it is none.
struct Complaint {
  int code = 0;
  std::string words;
};

Complaint complaint_of(const HttpAnswer& answer) {
  Complaint complaint;
  const Result<JsonValue> document = parse_json(answer.body, kMostDepthOfJson);
  if (!document || document->type != JsonValue::Type::Object) return complaint;
  const JsonValue* const code = document->find("error_code");
  constexpr double kMostCode = 1e6;
  if (code != nullptr && code->type == JsonValue::Type::Number) {
    const std::optional<Decimal> number = Decimal::parse(code->text);
    if (number && number->to_double() > 0 && number->to_double() < kMostCode)
      complaint.code = static_cast<int>(number->to_double());
  }
  const JsonValue* const words = document->find("message");
  if (words != nullptr && words->type == JsonValue::Type::Text)
    complaint.words = ": " + shorten(words->text, kMostWords);
  return complaint;
}

bool is_json(const HttpAnswer& answer) {
  std::string type = answer.content_type;
  std::transform(type.begin(), type.end(), type.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return type.find("json") != std::string::npos;
}

RegistryAnswer answer_of(HttpAnswer& http, const std::string& url) {
  const std::string status = std::to_string(http.status);
  const std::string at = "the registry at " + shorten(url, kMostWords);
  if (http.status == 200) {
    Result<JsonValue> document = parse_json(http.body, kMostDepthOfJson);
    if (document) return {.kind = RegistryAnswer::Kind::Found, .document = *std::move(document)};
    if (is_json(http)) return away(RegistryFault::Garbled, false, at + " answered with JSON that is none");
    return away(RegistryFault::Answer, true, at + " answered with something else than JSON: is it a schema registry?");
  }
  const Complaint complaint = complaint_of(http);
  const std::string said = status + complaint.words;
  if (http.status == 401 || http.status == 403)
    return away(RegistryFault::Login, true, at + " refuses the login (" + said + ")");
  RegistryAnswer answer;
  if (http.status == 404 && complaint.code / 100 == 404) {  // 40401 a subject, 40402 a version, 40403 a schema
    answer.kind = RegistryAnswer::Kind::Unknown;
    answer.reason = said;
  } else if (http.status == 404 || http.status == 405) {
    answer = away(
        RegistryFault::Answer, true,
        at + " does not know its API (" + status + "): is the URL complete? Apicurio's ends with /apis/ccompat/v7");
    answer.kind = RegistryAnswer::Kind::NoPath;
  } else if (http.status == 429) {
    answer = away(RegistryFault::Busy, false, at + " has too much to do (" + said + ")");
    answer.wait = http.retry_after;
  } else if (http.status >= 500) {
    answer = away(RegistryFault::Server, false, at + " failed (" + said + ")");
    answer.wait = http.retry_after;
  } else {
    answer = away(RegistryFault::Answer, true, at + " answered " + said);
  }
  return answer;
}

}  // namespace

RegistryAnswer RegistryCaller::ask_one(const std::string& url, const std::string& path, Duration timeout) {
  HttpCall call{.url = url,
                .headers = {{"Accept", "application/vnd.schemaregistry.v1+json, application/json"}},
                .ca_file = settings_.ca_file,
                .cert_file = settings_.cert_file,
                .key_file = settings_.key_file,
                .proxy = settings_.proxy,
                .timeout = timeout,
                .most_bytes = kMostAnswer};
  while (call.url.ends_with('/')) call.url.pop_back();
  call.url += "/" + path;
  if (const Status credentials = put_credentials(call, settings_); !credentials)
    return away(RegistryFault::Login, true, whole(credentials.error()));
  ++calls_;
  HttpOutcome outcome = http_.call(call);
  if (const HttpFailure* const failure = std::get_if<HttpFailure>(&outcome)) return answer_of(*failure);
  return answer_of(std::get<HttpAnswer>(outcome), url);
}

RegistryAnswer RegistryCaller::ask(const std::string& path) {
  std::optional<RegistryAnswer> answer;
  for (std::size_t i = 0; i < settings_.urls.size(); ++i) {
    const std::size_t at = (first_ + i) % settings_.urls.size();
    RegistryAnswer next = ask_one(settings_.urls[at], path, settings_.timeout);
    if (next.kind != RegistryAnswer::Kind::Away && next.kind != RegistryAnswer::Kind::NoPath) {
      first_ = at;
      return next;
    }
    // Of several faults the first one is told: of the server that should have answered.
    if (!answer) answer = std::move(next);
    // One server that may come back is enough to wait for.
    answer->standing = answer->standing && next.standing;
  }
  if (answer) return *std::move(answer);
  return away(RegistryFault::Login, true, "no URL of a registry is known");
}

RegistryAnswer RegistryCaller::ask_shortly(const std::string& path) {
  if (settings_.urls.empty()) return ask(path);
  return ask_one(settings_.urls[first_], path, std::min(settings_.timeout, kShortly));
}

}  // namespace weir
