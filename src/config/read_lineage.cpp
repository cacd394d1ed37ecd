// SPDX-License-Identifier: Apache-2.0
// `lineage`: who is told of every window that was judged.
#include <algorithm>

#include "config/keys.h"
#include "config/read_access.h"
#include "config/read_config.h"
#include "net/url.h"
#include "rules/codes.h"
#include "rules/values.h"

namespace weir {
namespace {

constexpr std::size_t kMostName = 255;
constexpr std::string_view kEndpoint = "/api/v1/lineage";  // of OpenLineage's own clients, where nothing else is said

/// A name that others show and link to: anything but blanks and control characters.
std::string read_name(ConfigReading& reading, const Section& section, std::string_view key, std::string otherwise) {
  const YamlNode* const node = section.node(key);
  if (node == nullptr) return otherwise;
  const bool odd = std::any_of(node->text.begin(), node->text.end(),
                               [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; });
  if (node->text.empty() || node->text.size() > kMostName || odd)
    reading.findings.error(codes::kValue, node->where(),
                           backquoted(key) + " is a name without blanks, at most 255 bytes", {});
  return node->text;
}

std::string read_server(ConfigReading& reading, const YamlNode& node) {
  if (const Status checked = check_url(node.text); !checked) {
    reading.findings.error(codes::kValue, node.where(), checked.error().message,
                           {.label = {}, .help = checked.error().help});
    return node.text;
  }
  const Result<UrlParts> parts = parse_url(node.text);
  if (!parts || (!parts->path.empty() && parts->path != "/")) return node.text;
  return parts->server + std::string(kEndpoint);
}

/// What is about a server says nothing of a file.
void check_access_of_file(ConfigReading& reading, const Section& section) {
  for (const std::string_view key : {"user", "password_file", "password", "token_file", "token", "ca_file", "cert_file",
                                     "key_file", "proxy", "timeout"}) {
    if (section.has(key))
      reading.findings.error(codes::kValue, section.key(key)->where(), backquoted(key) + " goes with `url`", {});
  }
}

}  // namespace

void read_lineage(ConfigReading& reading, const YamlNode& node, LineageSettings& lineage) {
  const Section section(reading.findings, node, lineage_keys());
  const YamlNode* const url = section.node("url");
  const YamlNode* const file = section.node("file");
  if (node.is_map() && (url == nullptr) == (file == nullptr) && (section.key("url") == nullptr || file != nullptr)) {
    reading.findings.error(
        codes::kValue, node.where(), "`lineage` wants either `url` or `file`",
        {.label = {}, .help = "the URL of a server that takes OpenLineage events, or a file of JSON lines"});
  }
  if (url != nullptr) lineage.url = read_server(reading, *url);
  if (file != nullptr) {
    lineage.file = reading.path_of(*file);
    lineage.where = file->where();
    if (file->text.empty()) reading.findings.error(codes::kValue, file->where(), "`file` is empty", {});
  }
  lineage.job_namespace = read_name(reading, section, "namespace", lineage.job_namespace);
  lineage.job = read_name(reading, section, "job", "");
  lineage.dataset_namespace = read_name(reading, section, "dataset_namespace", "");
  read_access(reading, section, lineage_keys().name, lineage.access);
  if (url == nullptr && file != nullptr) check_access_of_file(reading, section);
}

}  // namespace weir
