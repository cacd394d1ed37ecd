// SPDX-License-Identifier: Apache-2.0
// Hashes and the checksum of baselines.
#include "drift/baseline.h"

#include <algorithm>
#include <charconv>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "drift/baseline_form.h"

namespace weir {

namespace baseline_form {

namespace {

void write_compact(JsonWriter& out, const JsonValue& value) {
  switch (value.type) {
    case JsonValue::Type::Null: out.null(); return;
    case JsonValue::Type::Boolean: out.value(value.boolean); return;
    case JsonValue::Type::Number: out.raw(value.text); return;
    case JsonValue::Type::Text: out.value(std::string_view(value.text)); return;
    case JsonValue::Type::Array:
      out.begin_array();
      for (const JsonValue& item : value.items) write_compact(out, item);
      out.end_array();
      return;
    case JsonValue::Type::Object:
      out.begin_object();
      for (const auto& [name, member] : value.members) {
        out.key(name);
        write_compact(out, member);
      }
      out.end_object();
      return;
  }
}

}  // namespace

std::string compact_json(const JsonValue& value) {
  JsonWriter out;
  write_compact(out, value);
  return out.take();
}

std::string checksum_of(std::string_view compact_content) {
  return sha256_hex(compact_content);
}

std::string hex_of(std::uint64_t hash) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex(16, '0');
  for (std::size_t i = 16; i-- > 0; hash >>= 4) hex[i] = kDigits[hash & 15];
  return hex;
}

std::uint64_t keyed_hash(std::string_view salt, std::string_view secret, std::string_view bytes) {
  SummaryWriter message;
  message.text(secret);
  message.text(salt);
  message.text(bytes);
  const std::string digest = sha256_hex(message.bytes());
  std::uint64_t hash = 0;
  std::from_chars(digest.data(), digest.data() + 16, hash, 16);
  return hash;
}

std::uint64_t category_hash(std::string_view salt, std::string_view secret, std::uint64_t hash) {
  return keyed_hash(salt, secret, hex_of(hash));
}

std::uint64_t secret_check(std::string_view salt, std::string_view secret) {
  return keyed_hash(salt, secret, "the secret of a baseline");
}

}  // namespace baseline_form

const BaselineField* Baseline::find(std::string_view wanted) const noexcept {
  const auto found =
      std::lower_bound(fields.begin(), fields.end(), wanted,
                       [](const BaselineField& field, std::string_view name) { return field.path < name; });
  return found != fields.end() && found->path == wanted ? &*found : nullptr;
}

std::optional<JointProfile> Baseline::find_together(const std::vector<std::string>& paths) const {
  for (const JointProfile& joint : joints) {
    if (!std::is_permutation(joint.paths.begin(), joint.paths.end(), paths.begin(), paths.end())) continue;
    const std::size_t d = paths.size();
    if (joint.means.size() != d || joint.comoments.size() != d * d) return joint;  // of no record
    JointProfile out = joint;
    out.paths = paths;
    std::vector<std::size_t> places;
    for (const std::string& wanted : paths) {
      places.push_back(
          static_cast<std::size_t>(std::find(joint.paths.begin(), joint.paths.end(), wanted) - joint.paths.begin()));
    }
    for (std::size_t a = 0; a < d; ++a) {
      out.means[a] = joint.means[places[a]];
      for (std::size_t b = 0; b < d; ++b) out.comoments[a * d + b] = joint.comoments[places[a] * d + places[b]];
    }
    return out;
  }
  return std::nullopt;
}

bool is_baseline(std::string_view begin) noexcept {
  const auto skip = [&](std::string_view token) {
    const std::size_t at = begin.find_first_not_of(" \t\r\n");
    if (at == std::string_view::npos || begin.substr(at, token.size()) != token) return false;
    begin.remove_prefix(at + token.size());
    return true;
  };
  if (begin.substr(0, 3) == "\xEF\xBB\xBF") begin.remove_prefix(3);
  return skip("{") && skip("\"format\"") && skip(":") && skip("\"weir-baseline\"");
}

std::uint64_t baseline_hash(const Baseline& baseline, std::uint64_t hash, const std::string& secret) {
  if (baseline.salt.empty()) return hash;
  if (!baseline.keyed) return baseline_form::category_hash(baseline.salt, "", hash);
  return baseline_form::category_hash(baseline.salt, secret.empty() ? baseline.secret : secret, hash);
}

}  // namespace weir
