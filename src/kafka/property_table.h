// SPDX-License-Identifier: Apache-2.0
// Which properties of librdkafka a person may set, and why not the others. What is not in these tables is unknown.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace weir::kafka {

enum class Scope : std::uint8_t { Both, Consumer, Producer };

struct AllowedProperty {
  std::string_view name;
  Scope scope = Scope::Both;
  bool secret = false;  // shown nowhere; `<name>_file` names a file that holds it
};

struct RefusedProperty {
  std::string_view name;
  std::string_view reason;  // goes on after "`name` "
};

[[nodiscard]] std::span<const AllowedProperty> allowed_properties();
[[nodiscard]] const AllowedProperty* find_allowed(std::string_view name);
/// `sasl.password_file` -> the row of `sasl.password`.
[[nodiscard]] const AllowedProperty* secret_in_file(std::string_view name);
[[nodiscard]] const RefusedProperty* find_refused(std::string_view name);

inline constexpr std::string_view kFileSuffix = "_file";

/// Weir's own names among the properties.
inline constexpr std::string_view kTokenFile = "sasl.oauthbearer.token_file";
inline constexpr std::string_view kSkipCertificate = "dangerously_skip_certificate_verification";
inline constexpr std::string_view kSkipHostname = "dangerously_skip_hostname_verification";

}  // namespace weir::kafka
