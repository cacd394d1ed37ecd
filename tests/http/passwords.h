// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace weir::testing {

/// A hash as htpasswd makes it.
std::string bcrypt(const std::string& password, unsigned long cost = 4);
/// The Authorization header.
std::string basic(std::string_view name, std::string_view password);

}  // namespace weir::testing
