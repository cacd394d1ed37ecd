// SPDX-License-Identifier: Apache-2.0
// `registry`: a URL, or a map with what it takes to be let in.
#include <algorithm>

#include "base/timestamp.h"
#include "config/keys.h"
#include "config/read_config.h"
#include "net/url.h"
#include "rules/codes.h"
#include "rules/values.h"

namespace weir {
namespace {

constexpr Duration kMostTimeout = std::chrono::minutes(10);
constexpr Duration kLeastTimeout = std::chrono::milliseconds(10);
constexpr Duration kLeastRefused = std::chrono::seconds(1);
constexpr std::size_t kMostUrls = 16;

/// `http://one:8081,http://two:8081`.
void read_urls_of(ConfigReading& reading, const YamlNode& node, std::vector<std::string>& urls) {
  for (std::size_t begin = 0; begin <= node.text.size();) {
    const std::size_t end = std::min(node.text.find(',', begin), node.text.size());
    std::string url = node.text.substr(begin, end - begin);
    begin = end + 1;
    url.erase(0, url.find_first_not_of(' '));
    if (const Status checked = check_url(url); !checked) {
      reading.findings.error(codes::kValue, node.where(), checked.error().message,
                             {.label = {}, .help = checked.error().help});
    }
    urls.push_back(std::move(url));
  }
}

/// The same, or a list of them.
std::vector<std::string> read_urls(ConfigReading& reading, const YamlNode& node) {
  std::vector<std::string> urls;
  if (node.is_scalar()) read_urls_of(reading, node, urls);
  for (const YamlNode* const item : node.items) read_urls_of(reading, *item, urls);
  if (urls.empty())
    reading.findings.error(codes::kValue, node.where(), "`url` is empty: there is no registry to ask", {});
  if (urls.size() > kMostUrls)
    reading.findings.error(codes::kLimit, node.where(), "more than 16 URLs of one registry", {});
  return urls;
}

/// A secret that stands in the file itself is one that many people read.
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

std::string read_path(ConfigReading& reading, const Section& section, std::string_view key) {
  const YamlNode* const node = section.node(key);
  return node == nullptr ? "" : reading.path_of(*node);
}

void need(ConfigReading& reading, const Section& section, std::string_view key, std::string_view other) {
  if (!section.has(key) || section.has(other)) return;
  reading.findings.error(codes::kMissingKey, section.key(key)->where(),
                         backquoted(key) + " goes with " + backquoted(other), {});
}

void exclude(ConfigReading& reading, const Section& section, std::string_view key, std::string_view other) {
  if (!section.has(key) || !section.has(other)) return;
  reading.findings.error(codes::kValue, section.key(other)->where(),
                         "`registry` wants either " + backquoted(key) + " or " + backquoted(other), {});
}

Duration read_time(ConfigReading& reading, const Section& section, std::string_view key, Duration otherwise,
                   Duration least) {
  const Setting<Duration> setting = duration_setting(section, key, otherwise);
  if (setting.value < least)
    reading.findings.error(codes::kValue, setting.where,
                           backquoted(key) + (least == kLeastRefused ? " is at least 1s" : " is at least 10ms"), {});
  return setting.value;
}

void read_map(ConfigReading& reading, const Section& section, RegistrySettings& registry) {
  if (const YamlNode* const url = section.node("url")) registry.urls = read_urls(reading, *url);
  registry.user = section.text("user");
  registry.password = read_secret_text(reading, section, "password");
  registry.token = read_secret_text(reading, section, "token");
  for (const std::string_view key : {"password_file", "token_file"}) {
    if (const YamlNode* const file = section.node(key)) check_secret_file(reading, *file);
  }
  registry.password_file = read_path(reading, section, "password_file");
  registry.token_file = read_path(reading, section, "token_file");
  registry.ca_file = read_path(reading, section, "ca_file");
  registry.cert_file = read_path(reading, section, "cert_file");
  registry.key_file = read_path(reading, section, "key_file");
  need(reading, section, "password", "user");
  need(reading, section, "password_file", "user");
  need(reading, section, "key_file", "cert_file");
  exclude(reading, section, "password", "password_file");
  exclude(reading, section, "token", "token_file");
  exclude(reading, section, "user", "token");
  exclude(reading, section, "user", "token_file");
  if (section.has("user") && !section.has("password") && !section.has("password_file"))
    reading.findings.error(codes::kMissingKey, section.key("user")->where(), "`user` goes with `password_file`", {});
  if (const YamlNode* const proxy = section.node("proxy")) {
    registry.proxy = proxy->text;
    if (const Status checked = check_url(proxy->text); !checked)
      reading.findings.error(codes::kValue, proxy->where(), checked.error().message, {});
  }
  registry.timeout = read_time(reading, section, "timeout", registry.timeout, kLeastTimeout);
  if (registry.timeout > kMostTimeout)
    reading.findings.error(codes::kValue, section.node("timeout")->where(), "`timeout` is at most 10m", {});
  registry.refused_for = read_time(reading, section, "refused_for", registry.refused_for, kLeastRefused);
}

}  // namespace

Setting<RegistrySettings> read_registry(ConfigReading& reading, const YamlNode& node) {
  RegistrySettings registry;
  if (node.is_map()) {
    read_map(reading, Section(reading.findings, node, registry_keys()), registry);
  } else if (fits(reading.findings, node,
                  *std::find_if(registry_keys().keys.begin(), registry_keys().keys.end(),
                                [](const KeySpec& key) { return key.name == "url"; }))) {
    registry.urls = read_urls(reading, node);
  }
  return setting_of(node, std::move(registry));
}

}  // namespace weir
