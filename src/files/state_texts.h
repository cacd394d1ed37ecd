// SPDX-License-Identifier: Apache-2.0
// Small texts in the state folder, each under a name that one owner gives it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "files/state_folder.h"

namespace weir {

class StateTexts {
 public:
  static Result<std::unique_ptr<StateTexts>> open(std::shared_ptr<StateFolder> folder, std::string owner);

  /// By name.
  Result<std::vector<std::pair<std::string, std::string>>> all() const;
  /// Names and texts, in this order; an empty text takes the name away. Durable when it returns; all of them or none.
  Status put(std::span<const std::pair<std::string, std::string>> texts);

 private:
  StateTexts(std::shared_ptr<StateFolder> folder, std::string owner)
      : folder_(std::move(folder)), owner_(std::move(owner)) {}
  Status write(std::span<const std::pair<std::string, std::string>> texts);

  std::shared_ptr<StateFolder> folder_;
  std::string owner_;
  std::unique_ptr<SqliteDatabase> database_;
};

}  // namespace weir
