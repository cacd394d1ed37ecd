// SPDX-License-Identifier: Apache-2.0
// Values of the configuration that rule files do not have. As in rules/values.h, each function tells what is wrong and
// gives nothing then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"
#include "rules/findings.h"
#include "rules/yaml.h"

namespace weir {

/// Letters, digits, `.`, `_` and `-`, at most 249 of them: what Kafka takes for a topic.
[[nodiscard]] bool is_topic_name(std::string_view name);
/// A name of ours that becomes part of topics and ids: as above, at most 100.
bool check_name(Findings& findings, const YamlNode& node, std::string_view what);
bool check_topic(Findings& findings, const YamlNode& node, std::string_view what);
/// A topic, or a regular expression that begins with `^`.
bool check_topic_or_pattern(Findings& findings, const YamlNode& node);
bool check_broker(Findings& findings, const YamlNode& node);

/// `earliest`, `latest`, a time, `-2h`.
[[nodiscard]] std::optional<Start> parse_start(std::string_view text);
/// `268435456`, `256MiB`, `1GB`.
[[nodiscard]] std::optional<std::uint64_t> parse_bytes(std::string_view text);
/// A value with a `/` is a file, otherwise a topic.
[[nodiscard]] Place parse_place(std::string_view text);

struct HostPort {
  std::string host;  // empty: every interface
  std::uint16_t port = 0;
};
/// HOST:PORT, [::1]:PORT, :PORT.
[[nodiscard]] std::optional<HostPort> parse_host_port(std::string_view text);

}  // namespace weir
