// SPDX-License-Identifier: Apache-2.0
#include "batch/drift_picture.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "base/escape.h"
#include "base/text.h"

namespace weir {

namespace {

constexpr double kWidth = 320;
constexpr double kHeight = 96;      // of the largest share
constexpr double kBelow = 14;       // room for labels
constexpr std::size_t kLabel = 12;  // code points of one

std::string number(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 1).ptr;
  return {text, end};
}

/// Three digits tell enough below a picture.
std::string short_number(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 4).ptr;
  return {text, end};
}

std::string percent(double share) {
  return number(100 * share) + "%";
}

struct Slots {
  std::size_t cells;
  double most;
  [[nodiscard]] double x(std::size_t cell) const {
    return kWidth * static_cast<double>(cell) / static_cast<double>(cells);
  }
  [[nodiscard]] double y(double share) const { return kHeight * (1 - share / most); }
};

/// A step for each cell, from the left edge of the first to the right edge of the last.
std::string steps(const Slots& slots, const std::vector<double>& shares) {
  std::string path;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    path += (i == 0 ? "M" : "V") + (i == 0 ? number(slots.x(0)) + " " : "") + number(slots.y(shares[i])) + "H" +
            number(slots.x(i + 1));
  }
  return path;
}

std::string label(double x, std::string_view anchor, std::string_view text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(kHeight + kBelow - 3) + "\" text-anchor=\"" +
         std::string(anchor) + "\" font-size=\"9\" fill=\"currentColor\">" + escape_markup(fit(text, kLabel)) +
         "</text>";
}

/// Under every category where there is room, else under the first and the last; of numbers the bounds.
std::string labels_of(const DriftPicture& picture, const Slots& slots) {
  if (picture.numbers && picture.starts.size() > slots.cells) {
    return label(0, "start", short_number(picture.starts.front())) +
           label(slots.x(slots.cells / 2), "middle", short_number(picture.starts[slots.cells / 2])) +
           label(kWidth, "end", short_number(picture.starts[slots.cells]));
  }
  std::string text;
  if (picture.labels.size() < slots.cells) return text;
  const std::size_t step = (slots.cells + 5) / 6;
  for (std::size_t i = 0; i < slots.cells; i += step) {
    text += label((slots.x(i) + slots.x(i + 1)) / 2, "middle", picture.labels[i]);
  }
  return text;
}

/// The cell that moved most, in words.
std::string words_of(const DriftPicture& picture, std::string_view about, std::size_t cells) {
  std::size_t most = 0;
  const auto moved = [&](std::size_t i) { return std::fabs(picture.current[i] - picture.reference[i]); };
  for (std::size_t i = 1; i < cells; ++i) most = moved(i) > moved(most) ? i : most;
  std::string text = std::string(about) + ": reference as an area, current as a line.";
  if (most < picture.labels.size() && !picture.labels[most].empty()) {
    text += " The most moved " + picture.labels[most] + ", from " + percent(picture.reference[most]) + " to " +
            percent(picture.current[most]) + ".";
  }
  return text;
}

}  // namespace

std::string draw_drift(const DriftPicture& picture, std::string_view about) {
  const std::size_t cells = std::min(picture.reference.size(), picture.current.size());
  if (cells == 0) return {};
  Slots slots{.cells = cells, .most = 0};
  for (std::size_t i = 0; i < cells; ++i) slots.most = std::max({slots.most, picture.reference[i], picture.current[i]});
  if (!(slots.most > 0)) return {};
  const std::string words = escape_markup(words_of(picture, about, cells), 300);
  const std::string floor = number(kHeight);
  return "<svg viewBox=\"0 -2 " + number(kWidth) + " " + number(kHeight + kBelow + 2) + "\" width=\"" + number(kWidth) +
         "\" height=\"" + number(kHeight + kBelow + 2) + "\" role=\"img\" aria-label=\"" + words + "\"><title>" +
         words + "</title><path d=\"" + steps(slots, picture.reference) + "V" + floor +
         "H0Z\" fill=\"currentColor\" opacity=\"0.25\"/>" + "<path d=\"" + steps(slots, picture.current) +
         "\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\"/>" + "<path d=\"M0 " + floor + "H" +
         number(kWidth) + "\" stroke=\"currentColor\" opacity=\"0.5\"/>" + labels_of(picture, slots) + "</svg>";
}

}  // namespace weir
