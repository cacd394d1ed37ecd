// SPDX-License-Identifier: Apache-2.0
// Whoever can be asked for schemas, and what it answers: the schema, a refusal that stays until somebody registers
// something, or that nobody answered, which passes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/schemas.h"
#include "weir/time.h"

namespace weir {

/// Why there was no answer, for metrics and for people.
enum class RegistryFault : std::uint8_t {
  Unreachable,  // no such host, refused, cut off
  Timeout,
  Tls,
  Login,    // 401, 403, or a file of a secret or a certificate that cannot be used
  Busy,     // 429
  Server,   // 5xx
  Answer,   // what answers is no schema registry: a page, a redirect, an unknown path
  Garbled,  // JSON that is cut or has no schema in it
};
inline constexpr std::size_t kRegistryFaults = 8;
/// "unreachable", "timeout", "tls", "login", "busy", "server", "answer", "garbled": labels of metrics.
[[nodiscard]] std::string_view registry_fault_name(RegistryFault fault);

/// What came of a question.
struct SchemaReply {
  enum class Kind : std::uint8_t { Known, Refused, Away };
  Kind kind = Kind::Away;
  std::shared_ptr<const SchemaText> text;            // of Known
  std::uint32_t id = 0;                              // of Known, where the registry says it
  std::string reason;                                // of the others: "the registry knows no schema with the id 7"
  RegistryFault fault = RegistryFault::Unreachable;  // of Away
  bool standing = false;                             // of Away: heals when a person does something
  std::optional<Duration> wait;                      // of Away: not before, said the registry
};

class SchemaSource {
 public:
  virtual ~SchemaSource() = default;
  /// A key as SchemaBook takes it. Waits for the answer; one thread at a time.
  [[nodiscard]] virtual SchemaReply ask(std::string_view key) = 0;
  /// Ends what ask() waits for, at once and for good. Any thread.
  virtual void interrupt() = 0;
  /// So many calls were made. Any thread.
  [[nodiscard]] virtual std::uint64_t calls() const = 0;
};

}  // namespace weir
