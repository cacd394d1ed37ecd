// SPDX-License-Identifier: Apache-2.0
// Names and addresses of networks: RFC 5321 mailboxes, RFC 1123 host names, RFC 4291 and dotted-quad addresses.
#include <algorithm>

#include "checks/formats.h"

namespace weir {

namespace {

using namespace scan;

constexpr std::size_t kMostHostBytes = 253;
constexpr std::size_t kMostLabelBytes = 63;
constexpr std::size_t kMostLocalBytes = 64;
constexpr std::size_t kMostMailboxBytes = 254;

// A decimal number of at most `most`, without leading zeros.
bool is_small_number(std::string_view text, unsigned most) noexcept {
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[0] == '0') ||
      !all(text, [](char c) { return is_digit(c); }))
    return false;
  unsigned value = 0;
  for (const char c : text) value = value * 10 + static_cast<unsigned>(c - '0');
  return value <= most;
}

// A label of letters, digits and inner hyphens. Hyphens in the third and fourth place are kept for `xn--`.
bool is_label(std::string_view label) noexcept {
  if (label.empty() || label.size() > kMostLabelBytes || label.front() == '-' || label.back() == '-') return false;
  if (!all(label, [](char c) { return is_alnum(c) || c == '-'; })) return false;
  if (label.size() < 4 || label[2] != '-' || label[3] != '-') return true;
  return (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n' && label.size() > 5;
}

bool is_atom_byte(char c) noexcept {
  return is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_dot_atom(std::string_view text) noexcept {
  bool dot = true;  // a dot may not stand here
  for (const char c : text) {
    if (c == '.' ? dot : !is_atom_byte(c)) return false;
    dot = c == '.';
  }
  return !dot;
}

// "joe bloggs", with `\` before a quote or a backslash.
bool is_quoted_local(std::string_view text) noexcept {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return false;
  const std::string_view inside = text.substr(1, text.size() - 2);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\' && ++i == inside.size()) return false;
    const bool escaped = i > 0 && inside[i - 1] == '\\';
    if (inside[i] < ' ' || inside[i] > '~' || (inside[i] == '"' && !escaped)) return false;
  }
  return true;
}

bool is_address_literal(std::string_view text) noexcept {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return false;
  text = text.substr(1, text.size() - 2);
  return text.starts_with("IPv6:") ? is_ipv6(text.substr(5)) : is_ipv4(text);
}

}  // namespace

bool is_hostname(std::string_view text) noexcept {
  if (text.empty() || text.size() > kMostHostBytes) return false;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t dot = std::min(text.find('.', from), text.size());
    if (!is_label(text.substr(from, dot - from))) return false;
    from = dot + 1;
  }
  return text.back() != '.';
}

bool is_domain(std::string_view text) noexcept {
  const std::size_t dot = text.rfind('.');
  return dot != std::string_view::npos && text.size() - dot > 2 && is_letter(text[dot + 1]) && is_hostname(text);
}

bool is_email(std::string_view text) noexcept {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > kMostLocalBytes || text.size() > kMostMailboxBytes) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  if (!is_hostname(domain) && !is_address_literal(domain)) return false;
  return local.front() == '"' ? is_quoted_local(local) : is_dot_atom(local);
}

bool is_ipv4(std::string_view text) noexcept {
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = part < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos || !is_small_number(text.substr(0, dot), 255)) return false;
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return text.empty();
}

bool is_ipv6(std::string_view text) noexcept {
  int groups = 0;
  bool gap = false;  // `::` was met: it stands for at least one group
  if (text.starts_with("::")) {
    gap = true;
    text.remove_prefix(2);
    if (text.empty()) return true;
  }
  while (true) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view group = text.substr(0, colon);
    if (colon == text.size() && group.find('.') != std::string_view::npos) {
      groups += 2;
      return is_ipv4(group) && (gap ? groups < 8 : groups == 8);
    }
    if (group.empty() || group.size() > 4 || !all(group, [](char c) { return scan::is_hex(c); })) return false;
    ++groups;
    text.remove_prefix(colon);
    if (text.empty()) return gap ? groups < 8 : groups == 8;
    text.remove_prefix(1);
    if (text.starts_with(':')) {
      if (gap) return false;
      gap = true;
      text.remove_prefix(1);
      if (text.empty()) return groups < 8;
    } else if (text.empty()) {
      return false;
    }
  }
}

bool is_ip(std::string_view text) noexcept {
  return is_ipv4(text) || is_ipv6(text);
}

bool is_cidr(std::string_view text) noexcept {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view address = text.substr(0, slash);
  const std::string_view bits = text.substr(slash + 1);
  return (is_ipv4(address) && is_small_number(bits, 32)) || (is_ipv6(address) && is_small_number(bits, 128));
}

bool is_port(std::string_view text) noexcept {
  return is_small_number(text, 65535);
}

// 00:1b:44:11:3a:b7, 00-1B-44-11-3A-B7 or 001b.4411.3ab7
bool is_mac(std::string_view text) noexcept {
  const bool dotted = text.size() == 14;
  if (text.size() != 17 && !dotted) return false;
  const std::size_t group = dotted ? 4 : 2;
  const char separator = dotted ? '.' : text[2];
  if (!dotted && separator != ':' && separator != '-') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool boundary = i % (group + 1) == group;
    if (boundary ? text[i] != separator : !scan::is_hex(text[i])) return false;
  }
  return true;
}

}  // namespace weir
