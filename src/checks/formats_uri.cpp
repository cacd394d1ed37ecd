// SPDX-License-Identifier: Apache-2.0
// RFC 3986 URIs with a scheme, URLs, media types (RFC 6838), JSON Pointers (RFC 6901).
#include <algorithm>
#include <cctype>

#include "checks/formats.h"

namespace weir {

namespace {

using namespace scan;

bool is_one_of(char c, std::string_view set) noexcept {
  return set.find(c) != std::string_view::npos;
}
bool is_unreserved(char c) noexcept {
  return is_alnum(c) || is_one_of(c, "-._~");
}
bool is_sub_delimiter(char c) noexcept {
  return is_one_of(c, "!$&'()*+,;=");
}

// Unreserved bytes, sub-delimiters, %41, and the bytes of `also`.
bool is_made_of(std::string_view text, std::string_view also) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || !scan::is_hex(text[i + 1]) || !scan::is_hex(text[i + 2])) return false;
      i += 2;
    } else if (!is_unreserved(text[i]) && !is_sub_delimiter(text[i]) && !is_one_of(text[i], also)) {
      return false;
    }
  }
  return true;
}

// What stands before `stop`; `rest` goes on from there.
std::string_view take_until(std::string_view& rest, std::string_view stop) noexcept {
  const std::size_t at = std::min(rest.find_first_of(stop), rest.size());
  const std::string_view taken = rest.substr(0, at);
  rest.remove_prefix(at);
  return taken;
}

// [2001:db8::7] or [v1.x]
bool is_ip_literal(std::string_view text) noexcept {
  if (is_ipv6(text)) return true;
  if (text.size() < 4 || (text[0] | 0x20) != 'v') return false;
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos || dot < 2 || dot + 1 == text.size()) return false;
  return all(text.substr(1, dot - 1), [](char c) { return scan::is_hex(c); }) && is_made_of(text.substr(dot + 1), ":");
}

struct Uri {
  bool valid = false;
  std::string_view scheme;
  std::string_view host;
};

bool is_authority(std::string_view authority, std::string_view& host) noexcept {
  const std::size_t at = authority.find('@');
  if (at != std::string_view::npos) {
    if (!is_made_of(authority.substr(0, at), ":")) return false;
    authority.remove_prefix(at + 1);
  }
  std::size_t end = 0;
  if (authority.starts_with('[')) {
    end = authority.find(']');
    if (end == std::string_view::npos || !is_ip_literal(authority.substr(1, end - 1))) return false;
    ++end;
  } else {
    end = std::min(authority.find(':'), authority.size());
    if (!is_made_of(authority.substr(0, end), "")) return false;
  }
  host = authority.substr(0, end);
  const std::string_view port = authority.substr(end);
  return port.empty() || (port.front() == ':' && all(port.substr(1), [](char c) { return is_digit(c); }));
}

Uri read_uri(std::string_view text) noexcept {
  Uri uri;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front())) return uri;
  uri.scheme = text.substr(0, colon);
  if (!all(uri.scheme, [](char c) { return is_alnum(c) || is_one_of(c, "+-."); })) return uri;
  text.remove_prefix(colon + 1);
  if (text.starts_with("//")) {
    text.remove_prefix(2);
    if (!is_authority(take_until(text, "/?#"), uri.host)) return uri;
  }
  if (!is_made_of(take_until(text, "?#"), ":@/")) return uri;
  if (text.starts_with('?')) {
    text.remove_prefix(1);
    if (!is_made_of(take_until(text, "#"), ":@/?")) return uri;
  }
  uri.valid = text.empty() || is_made_of(text.substr(1), ":@/?");
  return uri;
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 127 && is_alnum(text.front()) &&
         all(text, [](char c) { return is_alnum(c) || is_one_of(c, "!#$&-^_.+"); });
}

bool same_letters(std::string_view text, std::string_view lower) noexcept {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (is_upper(a) ? a | 0x20 : a) == b; });
}

}  // namespace

bool is_uri(std::string_view text) noexcept {
  return read_uri(text).valid;
}

bool is_url(std::string_view text) noexcept {
  const Uri uri = read_uri(text);
  if (!uri.valid || uri.host.empty()) return false;
  for (const std::string_view scheme : {"http", "https", "ws", "wss", "ftp", "ftps", "sftp"}) {
    if (same_letters(uri.scheme, scheme)) return true;
  }
  return false;
}

bool is_mime_type(std::string_view text) noexcept {
  const std::string_view type = text.substr(0, text.find(';'));
  const std::size_t slash = type.find('/');
  if (slash == std::string_view::npos || !is_token(type.substr(0, slash)) || !is_token(type.substr(slash + 1)))
    return false;
  // Parameters: `; name=value`, the value a token or quoted.
  std::string_view rest = text.substr(type.size());
  while (!rest.empty()) {
    rest.remove_prefix(1);
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    const std::string_view parameter = take_until(rest, ";");
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || !is_token(parameter.substr(0, equals))) return false;
    const std::string_view value = parameter.substr(equals + 1);
    const bool quoted = value.size() >= 2 && value.front() == '"' && value.find('"', 1) == value.size() - 1;
    if (!quoted && !is_token(value)) return false;
  }
  return true;
}

bool is_json_pointer(std::string_view text) noexcept {
  if (!text.empty() && text.front() != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) return false;
  }
  return true;
}

}  // namespace weir
