// SPDX-License-Identifier: Apache-2.0
#include "config/hide.h"

#include <algorithm>
#include <string_view>

namespace weir {
namespace {

constexpr std::string_view kSecretKeys[] = {"password", "token", "secret", "key.pem", "passphrase", "key"};

void blot_out(std::string& text, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) text[i] = '*';
}

/// `http://user:password@host`: both, for who knows which of them is the token.
void hide_logins(std::string& text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const std::size_t begin = at + 3;
    const std::size_t end = std::min(text.find_first_of("/ \t\r\n,\"']}", begin), text.size());
    const std::size_t login = text.substr(begin, end - begin).rfind('@');
    if (login != std::string::npos) blot_out(text, begin, begin + login);
  }
}

/// `https://hooks.slack.com/services/…`, `https://shop.webhook.office.com/webhookb2/…`,
/// `https://discord.com/api/webhooks/…`: what stands behind the hook is the secret.
void hide_hooks(std::string& text) {
  constexpr std::string_view kHook = "hook";
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n,\"']}", at + 3), text.size());
    const std::size_t hook = std::string_view(text).substr(0, end).find(kHook, at + 3);
    if (hook == std::string::npos) continue;
    const std::size_t path = text.find('/', hook);
    if (path < end) blot_out(text, path + 1, end);
  }
}

/// `https://host/hook?key=hunter2`: what is asked with is often a key.
void hide_queries(std::string& text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n,\"']}", at), text.size());
    const std::size_t query = text.find_first_of("?#", at);
    if (query < end) blot_out(text, query + 1, end);
  }
}

/// `sasl.password: hunter2`, in a block or in braces; what a variable or a file holds is not there.
void hide_value(std::string& text, std::size_t colon) {
  std::size_t begin = text.find_first_not_of(" \t", colon + 1);
  if (begin == std::string::npos || text[begin] == '\n' || text[begin] == '\r') return;
  const char quote = text[begin] == '"' || text[begin] == '\'' ? text[begin] : '\0';
  if (quote != '\0') ++begin;
  if (text.compare(begin, 5, "$env:") == 0) return;
  const std::size_t end = quote != '\0' ? text.find(quote, begin) : text.find_first_of(",}\r\n", begin);
  blot_out(text, begin, std::min({end, text.find('\n', begin), text.size()}));
}

/// `pagerduty: R0UTINGKEY`, in the place of a map.
void hide_pagerduty(std::string& text) {
  constexpr std::string_view kKey = "pagerduty:";
  for (std::size_t at = text.find(kKey); at != std::string::npos; at = text.find(kKey, at + kKey.size())) {
    const std::size_t begin = text.find_first_not_of(" \t", at + kKey.size());
    if (begin != std::string::npos && text[begin] != '{') hide_value(text, at + kKey.size() - 1);
  }
}

}  // namespace

std::string hide_secrets(std::string text) {
  hide_logins(text);
  hide_hooks(text);
  hide_queries(text);
  hide_pagerduty(text);
  for (const std::string_view key : kSecretKeys) {
    for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + key.size())) {
      std::size_t colon = at + key.size();
      if (colon < text.size() && (text[colon] == '"' || text[colon] == '\'')) ++colon;
      while (colon < text.size() && text[colon] == ' ') ++colon;
      if (colon < text.size() && text[colon] == ':') hide_value(text, colon);
    }
  }
  return text;
}

}  // namespace weir
