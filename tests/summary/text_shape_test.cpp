// SPDX-License-Identifier: Apache-2.0
// Lengths and classes of characters, counted by hand.
#include "summary/text_shape.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace weir {
namespace {

using Class = TextShape::Class;

TEST_CASE("lengths are in characters, and every character has a class") {
  TextShape shape;
  for (const char* text : {"", "ab 12!", "né", "\xF0\x9F\x98\x80", "\t\x01"}) shape.add(text);
  CHECK(shape.count() == 5);
  CHECK(shape.shortest() == 0U);
  CHECK(shape.longest() == 6U);
  CHECK(shape.total_length() == 11);
  CHECK(shape.mean_length() == 11.0 / 5);
  CHECK(shape.characters(Class::Digit) == 2);
  CHECK(shape.characters(Class::Letter) == 3);
  CHECK(shape.characters(Class::Space) == 2);
  CHECK(shape.characters(Class::Punctuation) == 1);
  CHECK(shape.characters(Class::Other) == 3);
  CHECK(shape.lengths(2) == 2);
}

TEST_CASE("cells of lengths follow each other without a gap") {
  std::size_t before = 0;
  for (std::uint64_t length = 0; length < 10'000; ++length) {
    const std::size_t cell = TextShape::cell_of(length);
    if (cell != before) {
      CHECK(cell == before + 1);
      CHECK(TextShape::cell_start(cell) == length);
    }
    before = cell;
  }
  CHECK(before == TextShape::kCells - 1);
  CHECK(TextShape::cell_of(~std::uint64_t{0}) == TextShape::kCells - 1);
}

TEST_CASE("no texts have no lengths") {
  const TextShape shape;
  CHECK_FALSE(shape.shortest());
  CHECK_FALSE(shape.longest());
  CHECK_FALSE(shape.mean_length());
}

}  // namespace
}  // namespace weir
