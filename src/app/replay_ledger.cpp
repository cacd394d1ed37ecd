// SPDX-License-Identifier: Apache-2.0
#include "app/replay_ledger.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "base/json_value.h"
#include "base/json_writer.h"

namespace weir {

std::string ReplayLedger::path_of(const std::string& quarantine) {
  const std::size_t dot = quarantine.rfind('.');
  const bool rotated = dot != std::string::npos && dot + 1 < quarantine.size() &&
                       std::all_of(quarantine.begin() + static_cast<std::ptrdiff_t>(dot) + 1, quarantine.end(),
                                   [](char c) { return c >= '0' && c <= '9'; });
  return (rotated ? quarantine.substr(0, dot) : quarantine) + ".replayed";
}

Status ReplayLedger::read(const std::string& path, ReplayChoice& choice) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 && errno == ENOENT) return Done{};
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{.message = "cannot read `" + path + "`: " + std::strerror(errno)};
  for (std::string line; std::getline(file, line);) {
    if (file.eof()) break;  // what somebody who was killed did not finish
    if (line.empty()) continue;
    // An id with a line end or the like in it stands in quotes.
    const Result<JsonValue> quoted =
        line.front() == '"' ? parse_json(line) : Result<JsonValue>(Error{.message = "not quoted"});
    choice.mark(quoted ? quoted->text : line);
  }
  if (file.bad()) return Error{.message = "cannot read `" + path + "`"};
  return Done{};
}

Result<std::unique_ptr<ReplayLedger>> ReplayLedger::open(const std::string& path) {
  Result<std::unique_ptr<RotatingFile>> file = RotatingFile::open(path, {.max_bytes = 0, .files = 1});
  if (!file) return file.error();
  return std::unique_ptr<ReplayLedger>(new ReplayLedger(*std::move(file)));
}

Status ReplayLedger::add(const std::string& id) {
  const bool plain = !id.starts_with('"') &&
                     std::none_of(id.begin(), id.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  const std::string line = (plain ? id : json_quote(id)) + "\n";
  while (!file_->append(line)) {
    if (const Status synced = file_->sync(); !synced) return synced;
  }
  return Done{};
}

}  // namespace weir
