// SPDX-License-Identifier: Apache-2.0
#include "config/values.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "base/pattern.h"
#include "base/timestamp.h"
#include "rules/codes.h"

namespace weir {
namespace {

constexpr std::size_t kMaxTopicBytes = 249;  // Kafka's own limit
constexpr std::size_t kMaxNameBytes = 100;   // leaves room for `weir.` and `.panes` around it

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool has_name_bytes(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_name_byte) && name != "." && name != "..";
}

template <class Number>
std::optional<Number> whole_number(std::string_view digits) {
  Number number = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

/// The place of the first byte that a name cannot have.
SourceSpan wrong_byte(const YamlNode& node) {
  const auto wrong = std::find_if_not(node.text.begin(), node.text.end(), is_name_byte);
  if (wrong == node.text.end()) return node.where();
  return node.where(static_cast<std::size_t>(wrong - node.text.begin()), 1);
}

}  // namespace

bool is_topic_name(std::string_view name) {
  return has_name_bytes(name) && name.size() <= kMaxTopicBytes;
}

bool check_name(Findings& findings, const YamlNode& node, std::string_view what) {
  if (has_name_bytes(node.text) && node.text.size() <= kMaxNameBytes) return true;
  findings.error(codes::kRefused, wrong_byte(node), backquoted(node.text) + " is no name for " + std::string(what),
                 {.label = {}, .help = "letters, digits, `.`, `_` and `-`, at most 100"});
  return false;
}

bool check_topic(Findings& findings, const YamlNode& node, std::string_view what) {
  if (is_topic_name(node.text)) return true;
  findings.error(codes::kRefused, wrong_byte(node),
                 backquoted(node.text) + " is no name of a topic, for " + std::string(what),
                 {.label = {}, .help = "letters, digits, `.`, `_` and `-`, at most 249"});
  return false;
}

bool check_topic_or_pattern(Findings& findings, const YamlNode& node) {
  if (!node.text.starts_with('^')) {
    if (is_topic_name(node.text)) return true;
    findings.error(
        codes::kRefused, wrong_byte(node), backquoted(node.text) + " is no name of a topic",
        {.label = {}, .help = "letters, digits, `.`, `_` and `-`; a regular expression begins with `^`: `^orders\\.`"});
    return false;
  }
  const Result<Pattern> pattern = Pattern::compile(node.text);
  if (pattern) return true;
  const Error& error = pattern.error();
  findings.error(codes::kPattern,
                 node.where(static_cast<std::size_t>(std::max(0, error.where.column)), error.where.length),
                 error.message, {.label = error.label, .help = error.help});
  return false;
}

bool check_broker(Findings& findings, const YamlNode& node) {
  const std::string_view text = node.text;
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos;
  const bool blank = text.find_first_of(" \t\n") != std::string_view::npos;
  const std::optional<std::uint16_t> port =
      has_port ? whole_number<std::uint16_t>(text.substr(colon + 1)) : std::optional<std::uint16_t>(1);
  if (!text.empty() && !blank && colon != 0 && port && *port > 0) return true;
  findings.error(codes::kValue, node.where(), "`brokers` wants HOST:PORT, not " + backquoted(text),
                 {.label = {}, .help = "several brokers are a list, or stand with `,` between them"});
  return false;
}

std::optional<Start> parse_start(std::string_view text) {
  if (text == "earliest") return Start{};
  if (text == "latest") return Start{.kind = Start::Kind::Latest};
  if (text.starts_with('-')) {
    const std::optional<Duration> ago = parse_duration(text.substr(1));
    if (!ago || *ago <= Duration::zero()) return std::nullopt;
    return Start{.kind = Start::Kind::Ago, .ago = *ago};
  }
  const std::optional<Instant> time = parse_timestamp(text);
  if (!time) return std::nullopt;
  return Start{.kind = Start::Kind::Time, .time = *time};
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  struct Unit {
    std::string_view name;
    std::uint64_t bytes;
  };
  constexpr Unit kUnits[] = {{"KiB", 1ULL << 10}, {"MiB", 1ULL << 20}, {"GiB", 1ULL << 30},  {"kB", 1000},
                             {"KB", 1000},        {"MB", 1000'000},    {"GB", 1000'000'000}, {"B", 1}};
  std::uint64_t factor = 1;
  for (const Unit& unit : kUnits) {
    if (!text.ends_with(unit.name)) continue;
    factor = unit.bytes;
    text.remove_suffix(unit.name.size());
    break;
  }
  while (text.ends_with(' ')) text.remove_suffix(1);
  const std::optional<std::uint64_t> number = whole_number<std::uint64_t>(text);
  if (!number || *number > std::numeric_limits<std::uint64_t>::max() / factor) return std::nullopt;
  return *number * factor;
}

Place parse_place(std::string_view text) {
  const bool file = text.find('/') != std::string_view::npos;
  return {.kind = file ? Place::Kind::File : Place::Kind::Topic, .name = std::string(text)};
}

std::optional<HostPort> parse_host_port(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::optional<std::uint16_t> port = whole_number<std::uint16_t>(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  const bool odd = host.find_first_of("/ []") != std::string_view::npos;
  if (!port || odd || (!bracketed && host.find(':') != std::string_view::npos)) return std::nullopt;
  return HostPort{.host = std::string(host), .port = *port};
}

}  // namespace weir
