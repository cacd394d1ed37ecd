// SPDX-License-Identifier: Apache-2.0
// Bytes of a terminal as keys. A sequence may come in pieces, and a terminal (or whoever pastes into it) may send anything:
// what means no key is dropped, and what waits is a few bytes at most.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct KeyPress {
  enum class Name : std::uint8_t {
    Text,  // one code point that can be seen
    Enter,
    Escape,
    Tab,
    Backspace,
    Delete,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    ClearLine,  // Ctrl-U
    Redraw,     // Ctrl-L
    Interrupt,  // Ctrl-C
    Suspend,    // Ctrl-Z
  };
  Name name = Name::Text;
  std::string text = {};  // of Text
  bool operator==(const KeyPress&) const = default;
};

class KeyDecoder {
 public:
  void feed(std::string_view bytes, std::vector<KeyPress>& keys);
  /// Whether something has begun that may go on: after some tens of milliseconds without a byte, call settle().
  [[nodiscard]] bool waits() const { return !pending_.empty(); }
  /// Nothing followed: a lone escape is the key of that name.
  void settle(std::vector<KeyPress>& keys);

 private:
  [[nodiscard]] std::size_t take(std::vector<KeyPress>& keys) const;
  [[nodiscard]] std::size_t take_escape(std::vector<KeyPress>& keys) const;
  std::string pending_;
};

}  // namespace weir
