// SPDX-License-Identifier: Apache-2.0
// SHA-256, for names that stand for a meaning (the fingerprint of a rule set). Not for secrets.
#pragma once

#include <string>
#include <string_view>

namespace weir {

/// The digest of FIPS 180-4 as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace weir
