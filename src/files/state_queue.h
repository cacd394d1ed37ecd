// SPDX-License-Identifier: Apache-2.0
// Texts in the state folder that wait for something, in order: what a process still had to send when it ended.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "files/state_folder.h"

namespace weir {

struct QueuedText {
  std::uint64_t number = 0;
  std::string name;
  std::string text;
  bool operator==(const QueuedText&) const = default;
};

class StateQueue {
 public:
  /// `owner`: whose queue of the folder it is.
  static Result<std::unique_ptr<StateQueue>> open(std::shared_ptr<StateFolder> folder, std::string owner);

  /// By number.
  Result<std::vector<QueuedText>> all() const;
  /// Lets go of what has a smaller number than `first`, and takes `more` in. Durable when it returns; all of it or nothing.
  Status keep(std::uint64_t first, std::span<const QueuedText> more);

 private:
  StateQueue(std::shared_ptr<StateFolder> folder, std::string owner)
      : folder_(std::move(folder)), owner_(std::move(owner)) {}
  Status write(std::uint64_t first, std::span<const QueuedText> more);

  std::shared_ptr<StateFolder> folder_;
  std::string owner_;
  std::unique_ptr<SqliteDatabase> database_;
};

}  // namespace weir
