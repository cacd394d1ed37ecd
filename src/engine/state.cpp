// SPDX-License-Identifier: Apache-2.0
// What an engine remembers of its partition as bytes: `weirpart`, a version, the ordered checks by what they mean, the
// windows, and a checksum over all of it. Nothing of it says under which rules it was written: what stands there has a name
// of its own, and rules that know the name take it over.
#include <map>

#include "base/hash.h"
#include "engine/passes.h"
#include "summary/codec.h"
#include "windows/signature.h"
#include "windows/windows.h"

namespace weir {

namespace {

constexpr std::string_view kMagic = "weirpart";
constexpr std::uint8_t kVersion = 2;
constexpr std::size_t kChecksumBytes = 8;
constexpr std::uint64_t kSeed = 0x70617274;
constexpr std::size_t kMostRules = 1'000'000;

}  // namespace

std::string Engine::write_state() {
  SummaryWriter out;
  out.raw(kMagic);
  out.u8(kVersion);
  std::map<std::string, std::string> ordered;
  for (std::uint32_t i = 0; i < memories_.size(); ++i) {
    if (memories_[i] != nullptr) ordered.emplace(rule_name(*plan_, i), memories_[i]->write());
  }
  out.varint(ordered.size());
  for (const auto& [name, memory] : ordered) {
    out.text(name);
    out.text(memory);
  }
  SummaryWriter windows;
  if (windows_ != nullptr) windows_->write_state(windows);
  out.text(windows.bytes());
  out.u64(hash_text(out.bytes(), kSeed));
  return std::move(out).bytes();
}

Result<StateRead> Engine::read_state(std::string_view written) {
  if (!written.starts_with(kMagic)) return Error{.message = "this is no state that weir wrote"};
  if (written.size() < kMagic.size() + 1 + kChecksumBytes)
    return Error{.message = "the state is cut short: " + std::to_string(written.size()) + " bytes"};
  if (const auto version = static_cast<std::uint8_t>(written[kMagic.size()]); version != kVersion)
    return Error{.message = "a state of version " + std::to_string(version) + "; this weir reads version " +
                            std::to_string(kVersion)};
  const std::string_view body = written.substr(0, written.size() - kChecksumBytes);
  SummaryReader last(written.substr(body.size()));
  if (last.u64() != hash_text(body, kSeed)) return Error{.message = "the state is damaged or cut short"};
  SummaryReader in(body.substr(kMagic.size() + 1));
  StateRead out;
  std::map<std::string, std::uint32_t> ordered;
  for (std::uint32_t i = 0; i < memories_.size(); ++i) {
    if (memories_[i] != nullptr) ordered.emplace(rule_name(*plan_, i), i);
  }
  const std::size_t memories = in.count(kMostRules, 2, "ordered checks");
  for (std::size_t i = 0; i < memories && in.ok(); ++i) {
    const std::string_view name = in.text(in.left());
    const std::string_view memory = in.text(in.left());
    const auto found = in.ok() ? ordered.find(std::string(name)) : ordered.end();
    if (found == ordered.end()) continue;
    if (!memories_[found->second]->read(memory))
      return Error{.message = "what rule `" + plan_->rules[found->second].info.id + "` remembers cannot be read"};
    ordered.erase(found);
  }
  for (const auto& [name, rule] : ordered) out.warming.push_back(plan_->rules[rule].info.id);
  const std::string_view windows = in.text(in.left());
  in.require(in.at_end(), "more of a state than there is");
  if (!in.ok()) return in.error();
  if (windows_ == nullptr) return out;
  if (windows.empty()) {
    // Written when the rules had no windows: nothing is known of any, and nobody knows since when.
    for (const WindowRule& rule : plan_->window_rules) out.warming.push_back(rule.info.id);
    return out;
  }
  SummaryReader inner(windows);
  const Status done = windows_->read_state(inner);
  if (!done.ok()) return done.error();
  if (!inner.at_end()) return Error{.message = "the state holds more than it says"};
  for (std::size_t i = 0; i < windows_->warming().size(); ++i) {
    if (windows_->warming()[i] != Instant::min() && windows_->warming()[i] >= windows_->watermark())
      out.warming.push_back(plan_->window_rules[i].info.id);
  }
  return out;
}

}  // namespace weir
