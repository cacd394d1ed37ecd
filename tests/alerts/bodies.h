// SPDX-License-Identifier: Apache-2.0
// What receivers send, beside the files of bodies/ that say what it should be.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json_value.h"

namespace weir::testing {

/// The body as JSON; fails the test where it is none.
JsonValue json_of(const std::string& body);
/// bodies/<name>.json, which is laid out for people.
JsonValue expected_body(const std::string& name);
/// Every text within, however deep, with its place: "alerts.0.labels.rule".
std::vector<std::pair<std::string, std::string>> texts_in(const JsonValue& value);

}  // namespace weir::testing
