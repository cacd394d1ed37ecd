// SPDX-License-Identifier: Apache-2.0
#include "config/read_access.h"

#include <algorithm>

#include "net/url.h"
#include "rules/codes.h"
#include "rules/values.h"

namespace weir {
namespace {

constexpr Duration kMostTimeout = std::chrono::minutes(10);
constexpr Duration kLeastTimeout = std::chrono::milliseconds(10);
constexpr std::size_t kMostUrls = 16;

void read_urls_of(ConfigReading& reading, const YamlNode& node, std::vector<std::string>& urls,
                  const std::string& help) {
  for (std::size_t begin = 0; begin <= node.text.size();) {
    const std::size_t end = std::min(node.text.find(',', begin), node.text.size());
    std::string url = node.text.substr(begin, end - begin);
    begin = end + 1;
    url.erase(0, url.find_first_not_of(' '));
    if (const Status checked = check_url(url); !checked) {
      reading.findings.error(codes::kValue, node.where(), checked.error().message,
                             {.label = {}, .help = checked.error().help.empty() ? help : checked.error().help});
    }
    urls.push_back(std::move(url));
  }
}

}  // namespace

std::vector<std::string> read_urls(ConfigReading& reading, const YamlNode& node, std::string_view what,
                                   const std::string& help) {
  std::vector<std::string> urls;
  if (node.is_scalar()) read_urls_of(reading, node, urls, help);
  for (const YamlNode* const item : node.items) read_urls_of(reading, *item, urls, help);
  if (urls.empty())
    reading.findings.error(codes::kValue, node.where(), "`url` is empty: there is no " + std::string(what) + " to ask",
                           {});
  if (urls.size() > kMostUrls)
    reading.findings.error(codes::kLimit, node.where(), "more than 16 URLs of one " + std::string(what), {});
  return urls;
}

std::string read_secret_text(ConfigReading& reading, const Section& section, std::string_view key) {
  const YamlNode* const node = section.node(key);
  if (node == nullptr) return "";
  if (!node->substituted) {
    reading.findings.error(codes::kValue, node->where(), backquoted(key) + " stands in the configuration itself",
                           {.label = {},
                            .help = "write " + backquoted(std::string(key) + "_file: PATH") + ", or " +
                                    backquoted(std::string(key) + ": $env:NAME")});
  }
  return node->text;
}

std::string read_secret_path(ConfigReading& reading, const Section& section, std::string_view key) {
  if (const YamlNode* const file = section.node(key)) check_secret_file(reading, *file);
  return read_path(reading, section, key);
}

std::string read_path(ConfigReading& reading, const Section& section, std::string_view key) {
  const YamlNode* const node = section.node(key);
  return node == nullptr ? "" : reading.path_of(*node);
}

std::string read_certificate_path(ConfigReading& reading, const Section& section, std::string_view key) {
  const YamlNode* const node = section.node(key);
  if (node == nullptr) return "";
  std::string path = reading.path_of(*node);
  const Result<std::string> text = reading.request.read_file(path);
  if (!text) {
    reading.findings.error(codes::kCannotRead, node->where(), text.error().message,
                           {.label = {}, .help = text.error().help});
  } else if (text->find("-----BEGIN ") == std::string::npos) {
    reading.findings.error(codes::kCannotRead, node->where(), backquoted(node->text) + " holds nothing in PEM",
                           {.label = {}, .help = "a certificate or a key in PEM begins with -----BEGIN"});
  }
  return path;
}

std::string read_proxy(ConfigReading& reading, const Section& section) {
  const YamlNode* const proxy = section.node("proxy");
  if (proxy == nullptr) return "";
  if (const Status checked = check_url(proxy->text); !checked)
    reading.findings.error(codes::kValue, proxy->where(), checked.error().message,
                           {.label = {}, .help = checked.error().help});
  return proxy->text;
}

Duration read_timeout(ConfigReading& reading, const Section& section, Duration otherwise) {
  const Setting<Duration> timeout = duration_setting(section, "timeout", otherwise);
  if (timeout.value < kLeastTimeout)
    reading.findings.error(codes::kValue, timeout.where, "`timeout` is at least 10ms", {});
  if (timeout.value > kMostTimeout)
    reading.findings.error(codes::kValue, timeout.where, "`timeout` is at most 10m", {});
  return timeout.value;
}

void need(ConfigReading& reading, const Section& section, std::string_view key, std::string_view other) {
  if (!section.has(key) || section.has(other)) return;
  reading.findings.error(codes::kMissingKey, section.key(key)->where(),
                         backquoted(key) + " goes with " + backquoted(other), {});
}

void exclude(ConfigReading& reading, const Section& section, std::string_view place, std::string_view key,
             std::string_view other) {
  if (!section.has(key) || !section.has(other)) return;
  reading.findings.error(codes::kValue, section.key(other)->where(),
                         std::string(place) + " wants either " + backquoted(key) + " or " + backquoted(other), {});
}

void check_credentials(ConfigReading& reading, const Section& section, std::string_view place) {
  need(reading, section, "password", "user");
  need(reading, section, "password_file", "user");
  need(reading, section, "key_file", "cert_file");
  exclude(reading, section, place, "password", "password_file");
  exclude(reading, section, place, "token", "token_file");
  exclude(reading, section, place, "user", "token");
  exclude(reading, section, place, "user", "token_file");
  if (section.has("user") && !section.has("password") && !section.has("password_file"))
    reading.findings.error(codes::kMissingKey, section.key("user")->where(), "`user` goes with `password_file`", {});
}

}  // namespace weir
