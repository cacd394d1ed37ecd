// SPDX-License-Identifier: Apache-2.0
// Names and passwords, as the web config has them: bcrypt hashes. A bcrypt is made to be slow, so one runs at a time, one
// more may wait, and what came out is remembered; a name that nobody has costs the same as a wrong password. What is
// remembered is a hash with a salt of this process, never a password.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "weir/result.h"

namespace weir {

class Login {
 public:
  enum class Answer : std::uint8_t { Yes, No, Busy };

  /// A hash that bcrypt cannot check is an error.
  [[nodiscard]] static Result<Login> make(std::map<std::string, std::string> users);
  Login(Login&& other) noexcept;
  Login& operator=(Login&&) = delete;

  /// `authorization`: the header as it was sent. Any thread.
  [[nodiscard]] Answer check(std::string_view authorization);
  /// Whether check() would have to run a bcrypt, or wait for one. Any thread.
  [[nodiscard]] bool has_to_think(std::string_view authorization);
  [[nodiscard]] bool needed() const noexcept { return !users_.empty(); }

 private:
  explicit Login(std::map<std::string, std::string> users);
  [[nodiscard]] std::string key_of(const std::string& name, const std::string& password) const;
  [[nodiscard]] Answer remembered(const std::string& key);
  void remember(const std::string& key, bool right);

  std::map<std::string, std::string> users_;
  std::string decoy_;  // a hash of the highest cost among the users
  std::string salt_;
  std::mutex known_mutex_;
  std::unordered_set<std::string> right_;  // apart, so that no flood of wrong ones pushes a right one out
  std::unordered_set<std::string> wrong_;
  std::mutex bcrypt_mutex_;
  std::atomic<int> waiting_ = 0;
};

/// RFC 4648 with its padding; nothing for anything else.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace weir
