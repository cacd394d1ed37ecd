// SPDX-License-Identifier: Apache-2.0
#include "terminal/keys.h"

#include <catch2/catch_test_macros.hpp>
#include <random>

namespace weir {
namespace {

using Name = KeyPress::Name;

std::vector<KeyPress> keys_of(std::string_view bytes) {
  KeyDecoder decoder;
  std::vector<KeyPress> keys;
  decoder.feed(bytes, keys);
  decoder.settle(keys);
  return keys;
}

KeyPress text(std::string letters) {
  return {.name = Name::Text, .text = std::move(letters)};
}

std::vector<KeyPress> named(std::initializer_list<Name> names) {
  std::vector<KeyPress> keys;
  for (const Name name : names) keys.push_back({.name = name});
  return keys;
}

TEST_CASE("the sequences of the usual terminals are keys") {
  CHECK(keys_of("\x1b[A\x1b[B\x1bOC\x1bOD") == named({Name::Up, Name::Down, Name::Right, Name::Left}));
  CHECK(keys_of("\x1b[5~\x1b[6~\x1b[3~") == named({Name::PageUp, Name::PageDown, Name::Delete}));
  CHECK(keys_of("\x1b[H\x1b[1~\x1b[7~\x1bOH") == named({Name::Home, Name::Home, Name::Home, Name::Home}));
  CHECK(keys_of("\x1b[F\x1b[4~\x1b[8~\x1bOF") == named({Name::End, Name::End, Name::End, Name::End}));
  CHECK(keys_of("\x1b[1;5A\x1b[5;2~") == named({Name::Up, Name::PageUp}));
  CHECK(keys_of("\r\n\t\x7f\b\x03\x1a\x0c\x15") ==
        named({Name::Enter, Name::Enter, Name::Tab, Name::Backspace, Name::Backspace, Name::Interrupt, Name::Suspend,
               Name::Redraw, Name::ClearLine}));
}

TEST_CASE("letters come one by one, whatever their bytes") {
  CHECK(keys_of("aé漢😀") == std::vector<KeyPress>{text("a"), text("é"), text("漢"), text("😀")});
}

TEST_CASE("a sequence that comes byte by byte is the same key") {
  KeyDecoder decoder;
  std::vector<KeyPress> keys;
  for (const char byte : std::string_view("\x1b[5~x\x1bOAé\x1b[1;5B")) decoder.feed(std::string_view(&byte, 1), keys);
  CHECK_FALSE(decoder.waits());
  CHECK(keys ==
        std::vector<KeyPress>{{.name = Name::PageUp}, text("x"), {.name = Name::Up}, text("é"), {.name = Name::Down}});
}

TEST_CASE("a lone escape is a key when nothing follows") {
  KeyDecoder decoder;
  std::vector<KeyPress> keys;
  decoder.feed("\x1b", keys);
  CHECK(keys.empty());
  CHECK(decoder.waits());
  decoder.settle(keys);
  CHECK(keys == named({Name::Escape}));
  CHECK(keys_of("\x1b\x1b[A") == named({Name::Escape, Name::Up}));
  CHECK(keys_of("\x1bq") == std::vector<KeyPress>{{.name = Name::Escape}, text("q")});
}

TEST_CASE("what a terminal answers unasked is no key") {
  CHECK(keys_of("\x1b[?1;2c").empty());
  CHECK(keys_of("\x1b[24;80R").empty());
  CHECK(keys_of("\x1b]11;rgb:0000/0000/0000\x07").empty());
  CHECK(keys_of("\x1bP1$r0m\x1b\\").empty());
  CHECK(keys_of("\x1b]0;qqqq\x1b\\q") == std::vector<KeyPress>{text("q")});
  CHECK(keys_of("\x1b[<0;3;4M").empty());
}

TEST_CASE("bytes that mean nothing are dropped, and the next key is understood") {
  CHECK(keys_of("\xff\xfe\x80q") == std::vector<KeyPress>{text("q")});
  CHECK(keys_of("\xe6\xbcq") == std::vector<KeyPress>{text("q")});
  CHECK(keys_of("\xc2\x9bq") == std::vector<KeyPress>{text("q")});  // a control character of two bytes
  CHECK(keys_of("\x1b[12\x1b[A") == named({Name::Up}));
  CHECK(keys_of(std::string_view("\0\x01\x1cq", 4)) == std::vector<KeyPress>{text("q")});
}

TEST_CASE("what never ends is let go of") {
  KeyDecoder decoder;
  std::vector<KeyPress> keys;
  decoder.feed("\x1b[" + std::string(200, '1'), keys);
  decoder.feed("\x1b]" + std::string(20'000, 'x'), keys);
  keys.clear();
  decoder.settle(keys);
  decoder.feed("q", keys);
  CHECK(keys == std::vector<KeyPress>{text("q")});
}

TEST_CASE("any bytes in any pieces give keys that can be shown") {
  std::mt19937 random(7);  // NOLINT: the same bytes every time
  for (int round = 0; round < 2000; ++round) {
    std::string bytes;
    for (int i = 0; i < 40; ++i) {
      constexpr std::string_view kLikely = "\x1b\x1b[O]~;1A\\";
      bytes += random() % 2 == 0 ? kLikely[random() % kLikely.size()] : static_cast<char>(random());
    }
    KeyDecoder whole;
    KeyDecoder pieces;
    std::vector<KeyPress> of_whole;
    std::vector<KeyPress> of_pieces;
    whole.feed(bytes, of_whole);
    for (std::size_t i = 0; i < bytes.size();) {
      const std::size_t size = 1 + random() % 5;
      pieces.feed(std::string_view(bytes).substr(i, size), of_pieces);
      i += size;
    }
    whole.settle(of_whole);
    pieces.settle(of_pieces);
    REQUIRE(of_whole == of_pieces);
    for (const KeyPress& key : of_whole) {
      REQUIRE((key.name == Name::Text) == !key.text.empty());
      if (!key.text.empty()) REQUIRE(static_cast<unsigned char>(key.text.front()) >= 0x20);
    }
  }
}

}  // namespace
}  // namespace weir
