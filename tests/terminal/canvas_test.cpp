// SPDX-License-Identifier: Apache-2.0
#include "terminal/canvas.h"

#include <catch2/catch_test_macros.hpp>
#include <random>

#include "base/text.h"
#include "base/utf8.h"

namespace weir {
namespace {

using Ink = Style::Ink;

/// What a terminal makes of a painter's bytes: rows of texts. It knows what the painter says and no more.
class SmallTerminal {
 public:
  SmallTerminal(std::size_t columns, std::size_t rows) : cells_(rows, std::vector<std::string>(columns, " ")) {}

  void take(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
      if (bytes[i] == '\x1b') {
        const std::size_t end = bytes.find_first_of("HJmhl", i);
        REQUIRE(end != std::string_view::npos);
        obey(bytes.substr(i + 2, end - i - 2), bytes[end]);
        i = end + 1;
        continue;
      }
      const CodePoint point = code_point_at(bytes, i);
      REQUIRE(point.valid);
      REQUIRE(point.value >= 0x20);
      put(std::string(bytes.substr(i, point.bytes)));
      i += point.bytes;
    }
  }
  [[nodiscard]] std::string row(std::size_t row) const {
    std::string text;
    for (const std::string& cell : cells_[row]) text += cell;
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  }

 private:
  void obey(std::string_view parameters, char letter) {
    if (letter == 'J') cells_.assign(cells_.size(), std::vector<std::string>(cells_[0].size(), " "));
    if (letter != 'H') return;
    const std::size_t semicolon = parameters.find(';');
    row_ = std::stoul(std::string(parameters.substr(0, semicolon))) - 1;
    column_ = std::stoul(std::string(parameters.substr(semicolon + 1))) - 1;
  }
  void put(const std::string& sign) {
    const std::size_t width = display_width(sign);
    if (width == 0) {
      cells_[row_][column_ - (cells_[row_][column_ - 1].empty() ? 2 : 1)] += sign;
      return;
    }
    REQUIRE(column_ + width <= cells_[row_].size());
    cells_[row_][column_] = sign;
    if (width == 2) cells_[row_][column_ + 1].clear();
    column_ += width;
  }
  std::vector<std::vector<std::string>> cells_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

TEST_CASE("text is written within its row and cut at its end") {
  Canvas canvas(8, 2);
  CHECK(canvas.put(0, 2, "abc") == 5);
  CHECK(canvas.put(0, 5, "defgh") == 8);
  CHECK(canvas.put(1, 0, "abcdef", {}, 3) == 3);
  CHECK(canvas.put(7, 0, "nowhere") == 0);
  CHECK(canvas.put(0, 9, "behind") == 9);
  CHECK(canvas.row_text(0) == "  abcdef");
  CHECK(canvas.row_text(1) == "abc");
}

TEST_CASE("a wide character takes two cells and is never cut in half") {
  Canvas canvas(5, 1);
  CHECK(canvas.put(0, 0, "漢字漢") == 4);
  CHECK(canvas.row_text(0) == "漢字");
  canvas.put(0, 1, "x");
  CHECK(canvas.row_text(0) == " x字");
  canvas.put(0, 2, "y");
  CHECK(canvas.row_text(0) == " xy");
  canvas.put(0, 0, "漢");
  CHECK(canvas.row_text(0) == "漢y");
}

TEST_CASE("marks stand on the letter before them, a few at most") {
  Canvas canvas(4, 1);
  std::string text = "e";
  for (int i = 0; i < 1000; ++i) text += "\u0301";
  canvas.put(0, 0, text + "x");
  CHECK(canvas.at(0, 0).text.size() <= 24);
  CHECK(canvas.at(0, 1).text == "x");
  canvas.put(0, 2, "\u0301z");  // of nothing of ours
  CHECK(canvas.at(0, 2).text == "z");
}

TEST_CASE("control characters never reach the terminal") {
  Canvas canvas(30, 1);
  canvas.put(0, 0,
             "a\x1b[2Jb\x07\xc2\x9b"
             "31mc\xff\r\n");
  CHECK(canvas.row_text(0) == "a?[2Jb??31mc???");
}

TEST_CASE("only what has changed is painted") {
  Painter painter({});
  Canvas canvas(40, 3);
  canvas.put(0, 0, "records 120,000");
  canvas.put(2, 0, "same");
  CHECK(painter.paint(canvas).find("same") != std::string::npos);
  CHECK(painter.paint(canvas).empty());
  Canvas next = canvas;
  next.put(0, 8, "120,001");
  const std::string bytes = painter.paint(next);
  CHECK(bytes.find("\x1b[1;15H") != std::string::npos);
  CHECK(bytes.find("records") == std::string::npos);
  CHECK(bytes.find("\x1b[2J") == std::string::npos);
  painter.forget();
  CHECK(painter.paint(next).find("same") != std::string::npos);
}

TEST_CASE("without colour there is none, and what is chosen can still be seen") {
  Canvas canvas(10, 1);
  canvas.put(0, 0, "FAIL", {.ink = Ink::Bad});
  canvas.choose(0);
  const std::string plain = Painter({.color = false, .unicode = true}).paint(canvas);
  CHECK(plain.find("31") == std::string::npos);
  CHECK(plain.find(";7m") != std::string::npos);
  CHECK(Painter({.color = true, .unicode = true}).paint(canvas).find("31") != std::string::npos);
}

TEST_CASE("without UTF-8 everything is ASCII and as wide as before") {
  Canvas canvas(10, 1);
  canvas.put(0, 0, "é漢x");
  const std::string bytes = Painter({.color = true, .unicode = false}).paint(canvas);
  CHECK(is_ascii(bytes));
  CHECK(bytes.find("???") != std::string::npos);
  CHECK(bytes.find("\x1b[1;4Hx") != std::string::npos);
}

TEST_CASE("after any changes the terminal shows the canvas") {
  std::mt19937 random(11);  // NOLINT: the same canvases every time
  constexpr std::string_view kPieces[] = {"a", "bb", "漢", "é", "e\u0301", " ", "字x", "....", "😀"};
  Painter painter({});
  SmallTerminal terminal(23, 4);
  Canvas canvas(23, 4);
  for (int round = 0; round < 1000; ++round) {
    if (random() % 10 == 0) canvas = Canvas(23, 4);
    for (int i = 0; i < 6; ++i) {
      const Style style{.ink = static_cast<Ink>(random() % 7), .chosen = random() % 5 == 0};
      canvas.put(random() % 4, random() % 23, kPieces[random() % std::size(kPieces)], style);
    }
    terminal.take(painter.paint(canvas));
    for (std::size_t row = 0; row < 4; ++row) REQUIRE(terminal.row(row) == canvas.row_text(row));
  }
}

}  // namespace
}  // namespace weir
