// SPDX-License-Identifier: Apache-2.0
// What a message says, where somebody wants it said differently: text with the names of what is known in it.
//
//   {{ stream }}: {{ rule }} is {{ observed }}, expected {{ expected }}. {{ runbook }}
//
// A name is replaced by its value and nothing else happens: no conditions, no loops, nothing that could fail at three o'clock
// in the morning. So a template that parse() takes is one that can be written for every alert. Values come out of records:
// they are cut, shown in visible signs, and escaped for the place that they go to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert.h"
#include "weir/result.h"

namespace weir {

/// The language of the place that a message goes to.
enum class Script : std::uint8_t { Text, Html, Slack };

/// A value, shown and escaped for a script. At most `code_points` of it.
[[nodiscard]] std::string scripted(std::string_view value, Script script, std::size_t code_points);

class MessageTemplate {
 public:
  static constexpr std::size_t kMostText = 4096;  // bytes of a template

  MessageTemplate() = default;
  /// The place in an error is one within `text`: lines and columns count from 1.
  [[nodiscard]] static Result<MessageTemplate> parse(std::string_view text);

  [[nodiscard]] bool empty() const { return pieces_.empty(); }
  [[nodiscard]] std::string write(const Notification& notification, const Alert& alert, Script script) const;

 private:
  struct Piece {
    std::string text;          // as it was written
    std::size_t name = kText;  // index into the table of names
    static constexpr std::size_t kText = static_cast<std::size_t>(-1);
  };
  std::vector<Piece> pieces_;
};

/// A name that templates know, and what it stands for: for the page about them.
struct TemplateName {
  std::string_view name;
  std::string_view summary;
};
[[nodiscard]] std::vector<TemplateName> template_names();

}  // namespace weir
