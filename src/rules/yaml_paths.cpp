// SPDX-License-Identifier: Apache-2.0
#include "rules/yaml_paths.h"

#include <algorithm>

namespace weir {
namespace {

constexpr char kOpen = '\x01';
constexpr char kClose = '\x02';

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool ends_name(char c) {
  return c == '_' || c == kClose || is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string hide_path_brackets(std::string_view yaml) {
  std::string text(yaml);
  for (std::size_t open = text.find('['); open != std::string::npos; open = text.find('[', open + 1)) {
    if (open == 0 || !ends_name(text[open - 1])) continue;
    const auto close = static_cast<std::size_t>(
        std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(open) + 1, text.end(), is_digit) - text.begin());
    if (close == text.size() || text[close] != ']') continue;
    text[open] = kOpen;
    text[close] = kClose;
  }
  return text;
}

std::string show_path_brackets(std::string_view scalar) {
  std::string text(scalar);
  std::replace(text.begin(), text.end(), kOpen, '[');
  std::replace(text.begin(), text.end(), kClose, ']');
  return text;
}

}  // namespace weir
