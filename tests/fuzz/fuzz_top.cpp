// SPDX-License-Identifier: Apache-2.0
// What `weir top` makes of an answer that anybody may have given: whatever it holds, every view is painted, at any size, and no
// control character comes out that is not of the painter.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "app/top_plain.h"
#include "app/top_view.h"
#include "base/assert.h"
#include "terminal/canvas.h"
#include "terminal/keys.h"

namespace {

using namespace weir;

void check_harmless(std::string_view text) {
  for (const char c : text) WEIR_ASSERT(c == '\n' || static_cast<unsigned char>(c) >= 0x20, "nothing moves a terminal");
}

void paint(TopView& view, std::size_t columns, std::size_t rows) {
  Canvas canvas(columns, rows);
  view.paint(canvas);
  for (std::size_t row = 0; row < rows; ++row) check_harmless(canvas.row_text(row));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const Result<JsonValue> answer = parse_json(input, 32);
  if (!answer || answer->type != JsonValue::Type::Object) return 0;
  TopLook look;
  look.url = "http://a:8947";
  using Read = Status (*)(const JsonValue&, TopLook&);
  for (const Read read :
       {Read(read_streams), Read(read_rules), Read(read_assignments), Read(read_quarantine), Read(read_windows)})
    (void)read(*answer, look);
  const Instant now = Instant(std::chrono::seconds(1'770'000'000));
  const TopOverview before = put_together({look, look}, now, nullptr);
  const TopOverview overview = put_together({look}, now + std::chrono::seconds(2), &before);
  check_harmless(plain_lines(overview, 0, ""));
  check_harmless(json_line(overview));
  TopView view({.instances = 1});
  view.show(overview);
  KeyDecoder decoder;
  for (const std::string_view keys : {"1", "s", "\r", "q", "\x1b[D", "2", "jj\r", "\x1b[D", "3", "S\r", "\x1b[D", "4",
                                      "\r", "\x1b[D", "/a", "\r", "?", "?"}) {
    std::vector<KeyPress> pressed;
    decoder.feed(keys, pressed);
    for (const KeyPress& key : pressed) (void)view.press(key);
    for (const std::size_t columns : {30U, 80U, 200U}) paint(view, columns, columns / 4);
  }
  return 0;
}
