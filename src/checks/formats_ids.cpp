// SPDX-License-Identifier: Apache-2.0
// Identifiers, digests and encodings.
#include <algorithm>

#include "base/json_value.h"
#include "checks/formats.h"

namespace weir {

namespace {

bool all_hex(std::string_view text) noexcept {
  return scan::all(text, [](char c) { return scan::is_hex(c); });
}

bool is_hex_of(std::string_view text, std::size_t size) noexcept {
  return text.size() == size && all_hex(text);
}

// Bytes of an alphabet with as much `=` at the end as makes the length a multiple of `group`.
template <class Letter>
bool is_padded(std::string_view text, std::size_t group, std::size_t most_padding, Letter is_one) noexcept {
  if (text.size() % group != 0) return false;
  std::size_t padding = 0;
  while (padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  return padding <= most_padding && scan::all(text.substr(0, text.size() - padding), is_one);
}

bool is_base64url_byte(char c) noexcept {
  return scan::is_alnum(c) || c == '-' || c == '_';
}

bool is_base64url_part(std::string_view text) noexcept {
  return text.size() % 4 != 1 && scan::all(text, is_base64url_byte);
}

// A number without leading zeros.
bool is_plain_number(std::string_view text) noexcept {
  return !text.empty() && (text.size() == 1 || text[0] != '0') &&
         scan::all(text, [](char c) { return scan::is_digit(c); });
}

// Dot-separated identifiers of a semantic version; numeric ones of a pre-release have no leading zeros.
bool are_identifiers(std::string_view text, bool pre_release) noexcept {
  while (true) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view one = text.substr(0, dot);
    if (one.empty() || !scan::all(one, [](char c) { return scan::is_alnum(c) || c == '-'; })) return false;
    const bool numeric = scan::all(one, [](char c) { return scan::is_digit(c); });
    if (pre_release && numeric && !is_plain_number(one)) return false;
    if (dot == text.size()) return true;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_uuid(std::string_view text) noexcept {
  if (text.size() != 36) return false;
  bool good = true;
  for (std::size_t i = 0; i < 36; ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    good &= hyphen ? text[i] == '-' : scan::is_hex(text[i]);
  }
  return good;
}

// 26 characters of Crockford's base 32; the first holds three bits only.
bool is_ulid(std::string_view text) noexcept {
  return text.size() == 26 && text[0] >= '0' && text[0] <= '7' && scan::all(text, [](char c) {
           const char upper = scan::is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
           return scan::is_alnum(c) && upper != 'I' && upper != 'L' && upper != 'O' && upper != 'U';
         });
}

bool is_object_id(std::string_view text) noexcept {
  return is_hex_of(text, 24);
}
bool is_md5(std::string_view text) noexcept {
  return is_hex_of(text, 32);
}
bool is_sha1(std::string_view text) noexcept {
  return is_hex_of(text, 40);
}
bool is_sha256(std::string_view text) noexcept {
  return is_hex_of(text, 64);
}
bool is_sha512(std::string_view text) noexcept {
  return is_hex_of(text, 128);
}
bool is_hex(std::string_view text) noexcept {
  return !text.empty() && all_hex(text);
}

bool is_hex_color(std::string_view text) noexcept {
  const std::size_t digits = text.size() - 1;
  return !text.empty() && text[0] == '#' && (digits == 3 || digits == 4 || digits == 6 || digits == 8) &&
         all_hex(text.substr(1));
}

bool is_base32(std::string_view text) noexcept {
  return is_padded(text, 8, 6, [](char c) { return scan::is_upper(c) || (c >= '2' && c <= '7'); });
}

bool is_base64(std::string_view text) noexcept {
  return is_padded(text, 4, 2, [](char c) { return scan::is_alnum(c) || c == '+' || c == '/'; });
}

bool is_base64url(std::string_view text) noexcept {
  return text.find('=') == std::string_view::npos ? is_base64url_part(text) : is_padded(text, 4, 2, is_base64url_byte);
}

// header.payload.signature; the header is an object, so its first byte is `{`. Unsigned tokens have an empty signature.
bool is_jwt(std::string_view text) noexcept {
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || first < 3 || second == first + 1) return false;
  const bool brace = text[0] == 'e' && text[1] >= 'w' && text[1] <= 'z';
  const bool brace_beyond_z = text[0] == 'e' && (scan::is_digit(text[1]) || text[1] == '-' || text[1] == '_');
  return (brace || brace_beyond_z) && is_base64url_part(text.substr(0, first)) &&
         is_base64url_part(text.substr(first + 1, second - first - 1)) && is_base64url_part(text.substr(second + 1));
}

bool is_json(std::string_view text) noexcept {
  return parse_json(text).ok();
}

bool is_semver(std::string_view text) noexcept {
  const std::size_t plus = text.find('+');
  if (plus != std::string_view::npos) {
    if (!are_identifiers(text.substr(plus + 1), false)) return false;
    text = text.substr(0, plus);
  }
  const std::size_t hyphen = text.find('-');
  if (hyphen != std::string_view::npos) {
    if (!are_identifiers(text.substr(hyphen + 1), true)) return false;
    text = text.substr(0, hyphen);
  }
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  return second != std::string_view::npos && is_plain_number(text.substr(0, first)) &&
         is_plain_number(text.substr(first + 1, second - first - 1)) && is_plain_number(text.substr(second + 1));
}

bool is_slug(std::string_view text) noexcept {
  bool hyphen = true;  // a hyphen may not stand here
  for (const char c : text) {
    if (c == '-' ? hyphen : !scan::is_lower(c) && !scan::is_digit(c)) return false;
    hyphen = c == '-';
  }
  return !hyphen;
}

// 00-<32 hex>-<16 hex>-<2 hex>, lower case, neither id all zeros
bool is_traceparent(std::string_view text) noexcept {
  if (text.size() != 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const std::string_view trace = text.substr(3, 32);
  const std::string_view span = text.substr(36, 16);
  for (const std::string_view part : {text.substr(0, 2), trace, span, text.substr(53)}) {
    if (!all_hex(part) || std::any_of(part.begin(), part.end(), [](char c) { return scan::is_upper(c); })) return false;
  }
  return text.substr(0, 2) != "ff" && trace.find_first_not_of('0') != std::string_view::npos &&
         span.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace weir
