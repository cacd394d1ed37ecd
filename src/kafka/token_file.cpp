// SPDX-License-Identifier: Apache-2.0
#include "kafka/token_file.h"

#include <fstream>
#include <optional>

#include "base/decimal.h"
#include "base/json_value.h"
#include "base/text.h"

namespace weir::kafka {

namespace {

constexpr std::size_t kTokenMax = 64 << 10;

int digit_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-' || c == '+') return 62;
  if (c == '_' || c == '/') return 63;
  return -1;
}

std::optional<std::string> from_base64url(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = digit_of(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<unsigned>(digit)) & 0xffffU;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>(bits >> count & 0xffU));
    }
  }
  return out;
}

/// The claims of a web token: the middle of three parts.
std::optional<JsonValue> claims_of(std::string_view text) {
  const std::size_t first = text.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const std::optional<std::string> body = from_base64url(text.substr(first + 1, second - first - 1));
  if (!body) return std::nullopt;
  Result<JsonValue> claims = parse_json(*body, 16);
  if (!claims || claims->type != JsonValue::Type::Object) return std::nullopt;
  return std::move(*claims);
}

}  // namespace

Result<BearerToken> parse_token(std::string_view text, Instant now) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  if (text.empty()) return Error{.message = "the token is empty"};
  if (text.find_first_of(" \t\r\n\x01") != std::string_view::npos) {
    return Error{.message = "the token has white space in it"};
  }
  BearerToken token{.text = std::string(text), .principal = "weir", .expires = now + std::chrono::minutes(1)};
  const std::optional<JsonValue> claims = claims_of(text);
  if (!claims) return token;
  if (const JsonValue* const subject = claims->find("sub");
      subject != nullptr && subject->type == JsonValue::Type::Text && !subject->text.empty()) {
    token.principal = subject->text;
  }
  const JsonValue* const expires = claims->find("exp");
  if (expires == nullptr || expires->type != JsonValue::Type::Number) return token;
  const std::optional<Decimal> seconds = Decimal::parse(expires->text);
  constexpr double kMost = 1e11;  // the year 5138
  if (!seconds || !(seconds->to_double() > 0 && seconds->to_double() < kMost)) {
    return Error{.message = "`exp` of the token is no time"};
  }
  token.expires = Instant(std::chrono::seconds(static_cast<std::int64_t>(seconds->to_double())));
  if (token.expires <= now) return Error{.message = "the token has expired"};
  return token;
}

Result<BearerToken> read_token(const std::string& path, Instant now) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kTokenMax + 1, '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) return Error{.message = "cannot read the token from " + shorten(path, 200)};
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kTokenMax) {
    return Error{.message = "the token in " + shorten(path, 200) + " is larger than " + human_bytes(kTokenMax)};
  }
  Result<BearerToken> token = parse_token(text, now);
  if (!token) return Error{.message = token.error().message + " (" + shorten(path, 200) + ")"};
  return token;
}

}  // namespace weir::kafka
