// SPDX-License-Identifier: Apache-2.0
#include "terminal/keys.h"

#include <optional>

#include "base/utf8.h"

namespace weir {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::size_t kLongestSequence = 32;  // of parameters: what is longer is no key
constexpr std::size_t kLongestString = 4096;  // of an answer that nobody asked for

using Name = KeyPress::Name;

std::optional<Name> name_of_control(char c) {
  switch (c) {
    case '\r':
    case '\n': return Name::Enter;
    case '\t': return Name::Tab;
    case '\b':
    case '\x7f': return Name::Backspace;
    case '\x02': return Name::PageUp;    // Ctrl-B, as in less
    case '\x06': return Name::PageDown;  // Ctrl-F
    case '\x0e': return Name::Down;      // Ctrl-N
    case '\x10': return Name::Up;        // Ctrl-P
    case '\x15': return Name::ClearLine;
    case '\x0c': return Name::Redraw;
    case '\x03': return Name::Interrupt;
    case '\x1a': return Name::Suspend;
    default: return std::nullopt;
  }
}

std::optional<Name> name_of_letter(char letter) {
  switch (letter) {
    case 'A': return Name::Up;
    case 'B': return Name::Down;
    case 'C': return Name::Right;
    case 'D': return Name::Left;
    case 'H': return Name::Home;
    case 'F': return Name::End;
    case 'M': return Name::Enter;  // of the key pad, behind ESC O
    default: return std::nullopt;
  }
}

/// `5` of ESC [ 5 ~, also of ESC [ 5 ; 2 ~.
std::optional<Name> name_of_number(std::string_view parameters) {
  const std::string_view number = parameters.substr(0, parameters.find(';'));
  if (number == "1" || number == "7") return Name::Home;
  if (number == "4" || number == "8") return Name::End;
  if (number == "3") return Name::Delete;
  if (number == "5") return Name::PageUp;
  if (number == "6") return Name::PageDown;
  return std::nullopt;
}

bool within(char c, char first, char last) {
  return c >= first && c <= last;
}

void add(std::vector<KeyPress>& keys, std::optional<Name> name) {
  if (name) keys.push_back({.name = *name});
}

}  // namespace

/// Takes a key off the front; 0: more has to come.
std::size_t KeyDecoder::take(std::vector<KeyPress>& keys) const {
  const char first = pending_.front();
  if (first == kEscape) return take_escape(keys);
  const auto byte = static_cast<unsigned char>(first);
  if (byte < 0x20 || byte == 0x7f) {
    add(keys, name_of_control(first));
    return 1;
  }
  const CodePoint point = code_point_at(pending_, 0);
  if (point.valid) {
    const bool is_control = point.value >= 0x80 && point.value < 0xA0;
    if (!is_control) keys.push_back({.name = Name::Text, .text = pending_.substr(0, point.bytes)});
    return point.bytes;
  }
  // The beginning of a code point, or nothing of the kind.
  const std::size_t whole = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1;
  for (std::size_t i = 1; i < pending_.size(); ++i) {
    if ((static_cast<unsigned char>(pending_[i]) & 0xC0U) != 0x80U) return 1;
  }
  return pending_.size() < whole && byte <= 0xF4 ? 0 : 1;
}

std::size_t KeyDecoder::take_escape(std::vector<KeyPress>& keys) const {
  if (pending_.size() == 1) return 0;
  const char kind = pending_[1];
  if (kind == 'O') {
    if (pending_.size() == 2) return 0;
    if (pending_[2] == kEscape) return 2;
    add(keys, name_of_letter(pending_[2]));
    return 3;
  }
  if (kind == '[') {
    std::size_t end = 2;
    while (end < pending_.size() && within(pending_[end], ' ', '?')) ++end;
    if (end > kLongestSequence) return end;
    if (end == pending_.size()) return 0;
    if (!within(pending_[end], '@', '~')) return end;  // cut off by something else
    const std::string_view parameters = std::string_view(pending_).substr(2, end - 2);
    if (pending_[end] == '~') {
      add(keys, name_of_number(parameters));
    } else if (pending_[end] != 'M' && (parameters.empty() || parameters.front() == '1')) {
      add(keys, name_of_letter(pending_[end]));
    }
    return end + 1;
  }
  if (kind == ']' || kind == 'P' || kind == '_' || kind == '^') {  // a string, up to BEL or ESC backslash
    for (std::size_t i = 2; i < pending_.size(); ++i) {
      if (pending_[i] == '\a') return i + 1;
      if (pending_[i] == kEscape && i + 1 < pending_.size()) return pending_[i + 1] == '\\' ? i + 2 : i;
    }
    return pending_.size() > kLongestString ? pending_.size() : 0;
  }
  // The key Escape, and at once another one.
  keys.push_back({.name = Name::Escape});
  return 1;
}

void KeyDecoder::feed(std::string_view bytes, std::vector<KeyPress>& keys) {
  for (const char byte : bytes) {
    pending_ += byte;
    while (!pending_.empty()) {
      const std::size_t taken = take(keys);
      if (taken == 0) break;
      pending_.erase(0, taken);
    }
  }
}

void KeyDecoder::settle(std::vector<KeyPress>& keys) {
  if (pending_ == std::string_view("\x1b", 1)) keys.push_back({.name = Name::Escape});
  pending_.clear();
}

}  // namespace weir
