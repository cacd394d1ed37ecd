// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "net/mail_call.h"

namespace weir {
namespace {

// RFC 5321, 4.5.3.1
constexpr std::size_t kMostLocal = 64;
constexpr std::size_t kMostAddress = 254;
constexpr std::size_t kMostLabel = 63;

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// RFC 5322's dot-atom. Quoted names and comments are left out: nobody has them, and they are where injections live.
bool is_local(std::string_view local) {
  constexpr std::string_view kSigns = "!#$%&'*+-/=?^_`{|}~.";
  if (local.empty() || local.size() > kMostLocal || local.front() == '.' || local.back() == '.') return false;
  if (local.find("..") != std::string_view::npos) return false;
  return std::all_of(local.begin(), local.end(),
                     [&](char c) { return is_letter_or_digit(c) || kSigns.find(c) != std::string_view::npos; });
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > kMostLabel || label.front() == '-' || label.back() == '-') return false;
  return std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

bool is_host(std::string_view host) {
  for (std::size_t begin = 0; begin <= host.size();) {
    const std::size_t end = std::min(host.find('.', begin), host.size());
    if (!is_label(host.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

}  // namespace

Status check_mail_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (at != std::string_view::npos && address.size() <= kMostAddress && is_local(address.substr(0, at)) &&
      is_host(address.substr(at + 1)))
    return Done{};
  return Error{.message = "`" + shorten(address, 100) + "` is no mail address",
               .help = "it is written name@host, without a display name and without signs beyond ASCII"};
}

}  // namespace weir
