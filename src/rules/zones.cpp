// SPDX-License-Identifier: Apache-2.0
#include "rules/zones.h"

#include <algorithm>
#include <vector>

#include "expr/zone.h"
#include "rules/codes.h"

namespace weir {
namespace {

/// "Europe/Berlin", "Etc/GMT+2": no name leads out of the database.
bool is_zone_name(const std::string& name) {
  const bool fine = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '+' || c == '/';
  });
  return fine && !name.empty() && name.size() <= 64 && name.front() != '/' && name.find("//") == std::string::npos;
}

}  // namespace

std::shared_ptr<const Zone> ZoneReader::read(const YamlNode& node) {
  const std::string& name = node.text;
  if (const std::optional<Duration> offset = zone_offset(name)) {
    if (*offset == Duration::zero()) return nullptr;
    return std::make_shared<const Zone>(std::chrono::duration_cast<std::chrono::seconds>(*offset));
  }
  const auto [found, is_new] = known_.emplace(name, nullptr);
  if (is_new && is_zone_name(name) && options_.read_zone) {
    const Result<std::string> bytes = options_.read_zone(name);
    Result<Zone> zone = bytes ? Zone::read(*bytes) : Result<Zone>(bytes.error());
    if (zone) found->second = std::make_shared<const Zone>(*std::move(zone));
  }
  if (found->second != nullptr) return found->second;
  findings_.error(codes::kZone, node.where(), "there is no time zone " + backquoted(name),
                  {.label = {}, .help = "zones are UTC, an offset such as +02:00, or a name such as Europe/Berlin"});
  return nullptr;
}

}  // namespace weir
