// SPDX-License-Identifier: Apache-2.0
// The machine: what time it is, and what it lets this process have.
#include <sys/resource.h>
#include <sys/timex.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <variant>

#include "app/doctor_probes.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "net/http_call.h"
#include "rules/explain_memory.h"
#include "windows/layout.h"

namespace weir {
namespace {

constexpr Duration kShort = std::chrono::seconds(2);
constexpr Duration kSlightly = std::chrono::seconds(5);  // a date of HTTP is one of whole seconds
constexpr Duration kFar = std::chrono::minutes(1);
constexpr std::uint64_t kFewFiles = 1024;
constexpr std::uint64_t kItself = std::uint64_t{128}
                                  << 20;  // what weir takes beside what rules remember: docs/benchmarks.md

DoctorFinding finding(std::string subject, DoctorVerdict verdict, std::string message, std::string remedy = "") {
  return {
      .subject = std::move(subject), .verdict = verdict, .message = std::move(message), .remedy = std::move(remedy)};
}

/// What the kernel knows of a time server. Nothing is set by asking.
DoctorFinding time_server() {
  timex answer{};
  const int state = adjtimex(&answer);
  if (state < 0)
    return finding("clock", DoctorVerdict::Warn, "the system does not say whether it follows a time server");
  if (state != TIME_ERROR && (answer.status & STA_UNSYNC) == 0)
    return finding("clock", DoctorVerdict::Ok, "follows a time server");
  return finding("clock", DoctorVerdict::Warn, "the system does not know of a time server that it follows",
                 "in a container or a VM its host may do it; else start chrony or systemd-timesyncd");
}

/// By the registry, which says what time it is without being let in.
std::optional<DoctorFinding> beside_registry(const RegistrySettings& registry) {
  if (registry.urls.empty()) return std::nullopt;
  HttpCaller caller;
  const HttpOutcome outcome = caller.call({.url = registry.urls.front(),
                                           .ca_file = registry.ca_file,
                                           .cert_file = registry.cert_file,
                                           .key_file = registry.key_file,
                                           .proxy = registry.proxy,
                                           .connect_timeout = kShort,
                                           .timeout = kShort});
  const HttpAnswer* const answer = std::get_if<HttpAnswer>(&outcome);
  if (answer == nullptr || !answer->date) return std::nullopt;
  const Duration apart = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()) - *answer->date;
  const Duration size = apart < Duration::zero() ? -apart : apart;
  const std::string words = format_duration(std::chrono::floor<std::chrono::seconds>(size));
  if (size <= kSlightly)
    return finding("clock", DoctorVerdict::Ok, "agrees with the registry's, to " + format_duration(kSlightly));
  return finding("clock", size > kFar ? DoctorVerdict::Bad : DoctorVerdict::Warn,
                 words + (apart > Duration::zero() ? " ahead of" : " behind") + " the registry's",
                 "let both follow a time server: windows close by the clock, tokens expire by it");
}

std::optional<std::uint64_t> number_in(const std::string& path) {
  std::ifstream file(path);
  std::string word;
  std::uint64_t number = 0;
  if (!(file >> word)) return std::nullopt;
  const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (fault != std::errc() || end != word.data() + word.size()) return std::nullopt;  // "max"
  return number;
}

/// The smallest limit of this process's group and those above it, in either version of cgroups.
std::optional<std::uint64_t> memory_limit() {
  std::optional<std::uint64_t> least;
  const auto take = [&](const std::optional<std::uint64_t>& limit) {
    constexpr std::uint64_t kNone = std::uint64_t{1} << 60;  // version 1 writes a huge number for none
    if (limit && *limit < kNone) least = std::min(least.value_or(*limit), *limit);
  };
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool v2 = controllers.empty();
    if (!v2 && controllers.find("memory") == std::string::npos) continue;
    const std::string root = v2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    const char* const file = v2 ? "/memory.max" : "/memory.limit_in_bytes";
    for (std::string path = line.substr(second + 1);;) {
      take(number_in(root + (path == "/" ? "" : path) + file));
      if (path.size() <= 1) break;
      path.erase(std::max<std::size_t>(path.rfind('/'), 1));
    }
  }
  return least;
}

std::uint64_t memory_need(const RunSettings& settings) {
  std::uint64_t bytes = kItself;
  for (const StreamRules& rules : settings.rules) bytes += memory_of_stream(*rules.plan, lay_out(*rules.plan));
  return bytes;
}

}  // namespace

DoctorFindings look_at_clock(const DoctorCase& of) {
  DoctorFindings out = {time_server()};
  if (std::optional<DoctorFinding> found = beside_registry(of.settings.config.registry.value))
    out.push_back(*std::move(found));
  return out;
}

DoctorFindings look_at_limits(const DoctorCase& of) {
  DoctorFindings out;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    const bool few = files.rlim_cur < kFewFiles;
    out.push_back(
        finding("limits", few ? DoctorVerdict::Warn : DoctorVerdict::Ok,
                (files.rlim_cur == RLIM_INFINITY ? "any number of" : with_commas(files.rlim_cur)) + " open files",
                few ? "LimitNOFILE= of the unit, or `ulimit -n 4096`: brokers, clients and files take one each" : ""));
  }
  const std::uint64_t need = memory_need(of.settings);
  const std::string needs = "weir and what these rules remember take about " + human_bytes(need);
  const std::optional<std::uint64_t> limit = memory_limit();
  if (!limit) {
    out.push_back(finding("limits", DoctorVerdict::Ok, "no limit of memory; " + needs));
  } else {
    const bool tight = *limit < need;
    out.push_back(finding("limits", tight ? DoctorVerdict::Warn : DoctorVerdict::Ok,
                          human_bytes(*limit) + " of memory; " + needs,
                          tight ? "raise the limit of memory, or lower `max_keys` and segments: `weir explain` says "
                                  "what each rule takes"
                                : ""));
  }
  return out;
}

}  // namespace weir
