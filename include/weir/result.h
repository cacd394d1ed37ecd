// SPDX-License-Identifier: Apache-2.0
// What a fallible step returns. Bad configuration is a list of located errors, bad data is a Verdict, a bug is WEIR_ASSERT:
// nothing in the core throws.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weir {

/// A place in a text that a person wrote. Lines and columns count from 1; column counts bytes; line 0 means "no place".
struct SourceSpan {
  std::string file = {};
  int line = 0;
  int column = 0;
  int length = 1;  // bytes under the caret

  bool operator==(const SourceSpan&) const = default;
};

/// One fault that a person can mend: what is wrong, where, and what to do.
struct Error {
  std::string message;  // lower case, no full stop: "unknown field `colum` in check `unique`"
  SourceSpan where = {};
  std::string code = {};   // stable: "W104"; empty where no rule file is involved
  std::string label = {};  // beside the caret: "did you mean `column`?"
  std::string help = {};   // one more line, when there is something to do
};

/// Either a value or an Error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}

  explicit operator bool() const noexcept { return state_.index() == 0; }
  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

struct Done {};
using Status = Result<Done>;

}  // namespace weir
