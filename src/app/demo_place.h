// SPDX-License-Identifier: Apache-2.0
// The folder of `weir demo`: rules, configuration, state and log. A new one is gone with the demo; one that somebody named
// stays, with the rules as they were changed there.
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

class DemoPlace {
 public:
  /// `dir`: nothing makes a new folder in `temporary`. `run` tells one demo from the next in the same folder.
  static Result<std::unique_ptr<DemoPlace>> make(const std::optional<std::string>& dir, const std::string& temporary,
                                                 const std::string& run);
  /// Removes a new folder, unless it is to stay.
  ~DemoPlace();
  DemoPlace(const DemoPlace&) = delete;
  DemoPlace& operator=(const DemoPlace&) = delete;

  /// Of `name` in the folder.
  [[nodiscard]] std::string path(std::string_view name) const { return dir_ + "/" + std::string(name); }
  [[nodiscard]] Status write(std::string_view name, std::string_view text) const;
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const std::string& dir() const noexcept { return dir_; }
  [[nodiscard]] bool is_new() const noexcept { return new_; }
  void keep() { keep_ = true; }

  /// Lines of the run; readable while it goes on.
  [[nodiscard]] std::FILE* log() const noexcept { return log_; }
  [[nodiscard]] std::string log_path() const { return path(log_name_); }
  /// The last of them.
  [[nodiscard]] std::string end_of_log() const;

 private:
  DemoPlace() = default;

  std::string dir_;
  std::string log_name_;
  std::FILE* log_ = nullptr;
  bool new_ = false;
  bool keep_ = false;
};

}  // namespace weir
