// SPDX-License-Identifier: Apache-2.0
// Typed values out of YAML nodes. Each function tells what is wrong and gives nothing then; `what` names the thing in
// messages ("`every`").
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/findings.h"
#include "rules/yaml.h"
#include "weir/fields.h"
#include "weir/spec.h"
#include "weir/time.h"

namespace weir {

/// "a map", "a list", "a text" …: what a person wrote.
[[nodiscard]] std::string_view kind_in_words(const YamlNode& node);
/// "expected a list, got a map".
void wrong_shape(Findings& findings, const YamlNode& node, std::string_view what, std::string_view wanted,
                 std::string help = "");

std::optional<Scalar> read_scalar(Findings& findings, const YamlNode& node, std::string_view what);
/// As read_scalar, but null is a literal too.
std::optional<Scalar> read_literal(Findings& findings, const YamlNode& node, std::string_view what);
std::optional<bool> read_boolean(Findings& findings, const YamlNode& node, std::string_view what);
std::optional<std::int64_t> read_count(Findings& findings, const YamlNode& node, std::string_view what);
/// Any exact decimal number, kept as text.
std::optional<Scalar> read_number(Findings& findings, const YamlNode& node, std::string_view what);
/// `5%`; nothing for anything else, which is not told.
[[nodiscard]] std::optional<Scalar> read_percentage(const YamlNode& node);
std::optional<Duration> read_duration(Findings& findings, const YamlNode& node, std::string_view what);
std::optional<Instant> read_time(Findings& findings, const YamlNode& node, std::string_view what);
std::optional<Scalar> read_choice(Findings& findings, const YamlNode& node, std::string_view what,
                                  std::span<const std::string_view> choices);
std::optional<FieldPath> read_path(Findings& findings, const YamlNode& node, std::string_view what);
/// A list of scalars, or one.
std::optional<std::vector<Scalar>> read_texts(Findings& findings, const YamlNode& node, std::string_view what);
/// A list of literals, null among them.
std::optional<std::vector<Scalar>> read_literals(Findings& findings, const YamlNode& node, std::string_view what);
/// A list of field paths, or one.
std::optional<std::vector<FieldPath>> read_paths(Findings& findings, const YamlNode& node, std::string_view what);

/// A field path written at `where`, told as an error at the fault's column.
std::optional<FieldPath> parse_path(Findings& findings, const YamlNode& node);

/// The names behind `kafka.`: what comes with a message and not in it.
[[nodiscard]] const std::vector<std::string_view>& envelope_names();

/// A literal with more digits than weir compares exactly is told; anything else is fine.
bool digits_fit(Findings& findings, const Scalar& scalar);

}  // namespace weir
