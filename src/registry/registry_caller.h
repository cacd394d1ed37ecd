// SPDX-License-Identifier: Apache-2.0
// One question to a registry that may be at several URLs, with what the answer means for whoever asked.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/json_value.h"
#include "net/http_call.h"
#include "registry/schema_source.h"
#include "weir/registry_settings.h"

namespace weir {

struct RegistryAnswer {
  enum class Kind : std::uint8_t {
    Found,
    Unknown,   // the registry says that there is no such thing
    NoPath,    // the registry does not know the question
    TooLarge,  // the answer
    Away,
  };
  Kind kind = Kind::Away;
  JsonValue document = {};  // of Found
  std::string reason = {};  // of the others
  RegistryFault fault = RegistryFault::Unreachable;
  bool standing = false;
  std::optional<Duration> wait = {};
};

class RegistryCaller {
 public:
  static constexpr std::size_t kMostAnswer = 5U << 20;  // bytes of one answer

  explicit RegistryCaller(RegistrySettings settings) : settings_(std::move(settings)) {}

  /// GET `path`, "schemas/ids/7", of the URL that answered last, then of the others in turn.
  [[nodiscard]] RegistryAnswer ask(const std::string& path);
  /// The same for what is only nice to know: one URL, and not for long.
  [[nodiscard]] RegistryAnswer ask_shortly(const std::string& path);
  void interrupt() { http_.interrupt(); }
  [[nodiscard]] std::uint64_t calls() const { return calls_; }

 private:
  RegistryAnswer ask_one(const std::string& url, const std::string& path, Duration timeout);

  RegistrySettings settings_;
  HttpCaller http_;
  std::size_t first_ = 0;  // the URL that answered last
  std::atomic<std::uint64_t> calls_ = 0;
};

}  // namespace weir
