// SPDX-License-Identifier: Apache-2.0
// The scanners behind `format`: each reads a text once and says whether it is one of those. By hand and not by regular
// expression, because check digits, calendars and nesting are no regular languages, and because it is ten times faster.
#pragma once

#include <span>
#include <string_view>

namespace weir {

struct TextFormat {
  std::string_view name;
  std::string_view in_words;  // "an e-mail address": the value is no such thing
  bool (*holds)(std::string_view text) noexcept;
};

/// All of them, in the order of the reference page.
[[nodiscard]] std::span<const TextFormat> formats();

namespace scan {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_letter(char c) noexcept {
  return is_upper(c) || is_lower(c);
}
constexpr bool is_alnum(char c) noexcept {
  return is_letter(c) || is_digit(c);
}
constexpr bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

template <class Test>
constexpr bool all(std::string_view text, Test test) noexcept {
  for (const char c : text) {
    if (!test(c)) return false;
  }
  return true;
}

}  // namespace scan

// formats_net.cpp: RFC 5321, 1123, 3986, 4291
bool is_email(std::string_view text) noexcept;
bool is_hostname(std::string_view text) noexcept;
bool is_domain(std::string_view text) noexcept;
bool is_ipv4(std::string_view text) noexcept;
bool is_ipv6(std::string_view text) noexcept;
bool is_ip(std::string_view text) noexcept;
bool is_cidr(std::string_view text) noexcept;
bool is_port(std::string_view text) noexcept;
bool is_mac(std::string_view text) noexcept;
// formats_uri.cpp: RFC 3986, 6838, 6901
bool is_uri(std::string_view text) noexcept;
bool is_url(std::string_view text) noexcept;
bool is_mime_type(std::string_view text) noexcept;
bool is_json_pointer(std::string_view text) noexcept;
// formats_time.cpp: RFC 3339, ISO 8601
bool is_date_time(std::string_view text) noexcept;
bool is_time(std::string_view text) noexcept;
bool is_iso_duration(std::string_view text) noexcept;
// formats_ids.cpp
bool is_uuid(std::string_view text) noexcept;
bool is_ulid(std::string_view text) noexcept;
bool is_object_id(std::string_view text) noexcept;
bool is_md5(std::string_view text) noexcept;
bool is_sha1(std::string_view text) noexcept;
bool is_sha256(std::string_view text) noexcept;
bool is_sha512(std::string_view text) noexcept;
bool is_hex(std::string_view text) noexcept;
bool is_hex_color(std::string_view text) noexcept;
bool is_base32(std::string_view text) noexcept;
bool is_base64(std::string_view text) noexcept;
bool is_base64url(std::string_view text) noexcept;
bool is_jwt(std::string_view text) noexcept;
bool is_json(std::string_view text) noexcept;
bool is_semver(std::string_view text) noexcept;
bool is_slug(std::string_view text) noexcept;
bool is_traceparent(std::string_view text) noexcept;
// formats_business.cpp
bool is_iban(std::string_view text) noexcept;
bool is_bic(std::string_view text) noexcept;
bool is_isbn(std::string_view text) noexcept;
bool is_issn(std::string_view text) noexcept;
bool is_isin(std::string_view text) noexcept;
bool is_lei(std::string_view text) noexcept;
bool is_gtin(std::string_view text) noexcept;
bool is_imei(std::string_view text) noexcept;
bool is_credit_card(std::string_view text) noexcept;
bool is_vin(std::string_view text) noexcept;
bool is_phone(std::string_view text) noexcept;
bool is_e164(std::string_view text) noexcept;
bool is_us_ssn(std::string_view text) noexcept;
bool is_us_zip(std::string_view text) noexcept;
/// The check digit of Luhn over digits, blanks and hyphens ignored; at least two digits.
bool passes_luhn(std::string_view text) noexcept;
// formats_codes.cpp: ISO 3166, 4217, 639
bool is_country_code(std::string_view text) noexcept;
bool is_country_code_3(std::string_view text) noexcept;
bool is_currency_code(std::string_view text) noexcept;
bool is_language_code(std::string_view text) noexcept;

}  // namespace weir
