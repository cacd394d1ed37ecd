// SPDX-License-Identifier: Apache-2.0
// The parts of a JSON object or array as they stand in the text, byte for byte: a record within a line is to be given back as it
// was written, not as somebody else would write it. Only how the parts nest is looked at; whether a part is JSON is for
// parse_json() to say. A text that was cut short gives the parts that are whole.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

class JsonParts {
 public:
  struct Part {
    std::string_view name;  // of a member, between its quotes, escapes as written
    std::string_view value;
  };

  /// `open` is `{` or `[`.
  JsonParts(std::string_view text, char open);
  /// Nothing: no more, or no more that is whole.
  std::optional<Part> next();
  /// Behind the last part: whether the text closed as it should.
  [[nodiscard]] bool is_whole() const { return whole_; }

 private:
  void skip_space();
  bool take(char c);
  /// The span of a value; empty where it is not whole.
  std::string_view value();

  std::string_view rest_;
  bool members_;
  bool first_ = true;
  bool over_ = false;
  bool whole_ = false;
};

/// The content of a JSON text with its quotes.
[[nodiscard]] std::optional<std::string> json_text(std::string_view part);

}  // namespace weir
