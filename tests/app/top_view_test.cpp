// SPDX-License-Identifier: Apache-2.0
// Keys and looks in, cells out.
#include "app/top_view.h"

#include <catch2/catch_test_macros.hpp>
#include <random>

#include "app/top_looks.h"
#include "base/text.h"

namespace weir {
namespace {

using testing::away;
using testing::look_of;
using testing::noon;
using testing::record_rule;
using testing::window_rule;
using Name = KeyPress::Name;

struct Screen {
  TopView view;
  std::size_t columns = 80;
  std::size_t rows = 24;

  explicit Screen(TopView::Options options = {}) : view(std::move(options)) {}
  [[nodiscard]] std::vector<std::string> lines() {
    Canvas canvas(columns, rows);
    view.paint(canvas);
    std::vector<std::string> lines;
    for (std::size_t row = 0; row < rows; ++row) lines.push_back(canvas.row_text(row));
    return lines;
  }
  [[nodiscard]] std::string text() {
    std::string all;
    for (const std::string& line : lines()) all += line + "\n";
    return all;
  }
  [[nodiscard]] bool shows(std::string_view part) { return text().find(part) != std::string::npos; }
  /// The line of the row that is chosen.
  [[nodiscard]] std::string chosen() {
    for (const std::string& line : lines()) {
      if (line.starts_with('>')) return line;
    }
    return "";
  }
  void type(std::string_view letters) {
    for (const char letter : letters) (void)view.press({.name = Name::Text, .text = std::string(1, letter)});
  }
  void press(Name name, int times = 1) {
    for (int i = 0; i < times; ++i) (void)view.press({.name = name});
  }
  void show(const std::string& rules, int seconds = 0) {
    view.show(put_together({look_of("a", rules)}, noon(seconds), nullptr));
  }
};

std::string three_rules() {
  return record_rule("id.required", "pass", 0) + "," + window_rule("rows.1m", "fail", 59, 7) + "," +
         record_rule("amount.max", "warn", 3);
}

TEST_CASE("before the first answer the screen says whom it asks") {
  Screen screen({.instances = 2});
  CHECK(screen.shows("asking 2 instances"));
}

TEST_CASE("what is red stands on top and is chosen, with its whole reason below") {
  Screen screen;
  screen.show(three_rules());
  CHECK(screen.chosen().find("! FAIL   rows.1m") == 1);
  CHECK(screen.shows("rows.1m: country=DE: got 7, expected >= 100 (by the clock)"));
  CHECK(screen.lines()[1] == " ! 1 rule fails, 1 warning of 3 rules");
  CHECK(screen.lines()[0].find("1 of 1 instance  lag 58") != std::string::npos);
}

TEST_CASE("a row that was chosen stays so wherever it goes, and the first row is whatever comes first") {
  Screen screen;
  screen.show(three_rules());
  screen.press(Name::Down);
  CHECK(screen.chosen().find("amount.max") != std::string::npos);
  screen.show(record_rule("amount.max", "fail", 3) + "," + window_rule("rows.1m", "fail", 59, 7));
  CHECK(screen.chosen().find("amount.max") != std::string::npos);
  screen.press(Name::Up);
  screen.show(record_rule("new.rule", "fail", 3) + "," + record_rule("amount.max", "warn", 3));
  CHECK(screen.chosen().find("new.rule") != std::string::npos);
}

TEST_CASE("a table longer than the screen is moved through") {
  std::string rules;
  for (int i = 10; i < 99; ++i) rules += (i > 10 ? "," : "") + record_rule("rule" + std::to_string(i), "pass", 0);
  Screen screen;
  screen.show(rules);
  CHECK(screen.chosen().find("rule10") != std::string::npos);
  CHECK(screen.shows("rule25"));
  CHECK_FALSE(screen.shows("rule30"));
  screen.press(Name::PageDown);
  CHECK(screen.chosen().find("rule26") != std::string::npos);
  screen.press(Name::End);
  CHECK(screen.chosen().find("rule98") != std::string::npos);
  CHECK(screen.shows("rule83"));
  screen.press(Name::Down);
  CHECK(screen.chosen().find("rule98") != std::string::npos);
  screen.press(Name::PageUp);
  screen.press(Name::Home);
  CHECK(screen.chosen().find("rule10") != std::string::npos);
}

TEST_CASE("Enter tells all about a rule, and Esc goes back to its row") {
  Screen screen;
  screen.show(three_rules());
  screen.press(Name::Down);
  screen.press(Name::Enter);
  CHECK(screen.view.wish() == TopWish{.windows = false, .rule = "amount.max"});
  CHECK(screen.shows("WARN  amount.max of orders"));
  CHECK(screen.shows("998 records judged, 3 failed (0.30%), 3 in the quarantine"));
  CHECK(screen.shows("2026-01-31 11:59:58 UTC (2s ago)"));
  CHECK(screen.shows("none yet"));
  screen.press(Name::Escape);
  CHECK(screen.chosen().find("amount.max") != std::string::npos);
  CHECK(screen.view.wish() == TopWish{});
}

TEST_CASE("where no samples are kept the screen says how to get them") {
  Screen screen;
  TopLook look = look_of("a", record_rule("amount.max", "fail", 3));
  look.streams[0].samples_per_rule = 0;
  screen.view.show(put_together({std::move(look)}, noon(), nullptr));
  screen.press(Name::Enter);
  CHECK(screen.shows("--web.samples 5"));
  CHECK(screen.shows("weir quarantine show --rule amount.max"));
}

TEST_CASE("s goes through the columns, S turns the order round") {
  Screen screen;
  screen.show(three_rules());
  CHECK(screen.shows("by STATE"));
  screen.type("s");
  CHECK(screen.shows("by RULE"));
  CHECK(screen.chosen().find("amount.max") != std::string::npos);
  screen.type("S");
  CHECK(screen.shows("by RULE reversed"));
  CHECK(screen.chosen().find("rows.1m") != std::string::npos);
  screen.type("Ssssss");
  CHECK(screen.shows("by STATE"));
}

TEST_CASE("a filter works while it is typed, Enter keeps it, Esc does not") {
  Screen screen;
  screen.show(three_rules());
  screen.type("/amoq");  // q is a letter here
  CHECK(screen.shows("nothing holds that text"));
  screen.press(Name::Backspace);
  CHECK(screen.shows("only rows that hold: amo"));
  CHECK_FALSE(screen.shows("id.required"));
  screen.press(Name::Enter);
  CHECK(screen.shows("/amo"));
  CHECK(screen.shows("1 row"));
  screen.type("/x");
  screen.press(Name::Escape);
  CHECK(screen.shows("/amo"));
  screen.press(Name::Escape);
  CHECK(screen.shows("id.required"));
  (void)screen.view.press({.name = Name::Text, .text = "/"});
  (void)screen.view.press({.name = Name::Text, .text = "漢"});
  screen.press(Name::Backspace);
  CHECK(screen.shows("id.required"));
}

TEST_CASE("while the screen stands a new look waits") {
  Screen screen;
  screen.show(record_rule("amount.max", "pass", 0));
  screen.type("p");
  CHECK(screen.shows("STANDS STILL"));
  screen.show(record_rule("amount.max", "fail", 3), 2);
  CHECK_FALSE(screen.shows("FAIL "));
  screen.type("p");
  CHECK(screen.shows("! FAIL   amount.max"));
}

TEST_CASE("the other views are there by their numbers") {
  Screen screen;
  screen.view.show(put_together({look_of("a", three_rules()), away("http://b:8947", "no route")}, noon(), nullptr));
  screen.type("2");
  CHECK(screen.shows("! AWAY   http://b:8947"));
  CHECK(screen.shows("running, 2 undecod"));
  screen.type("3");
  CHECK(screen.view.wish() == TopWish{.windows = true, .rule = ""});
  CHECK(screen.shows("no window has been judged yet"));
  screen.type("4");
  CHECK(screen.shows("3 of 1,000 records put aside"));
  screen.press(Name::Tab);
  CHECK(screen.shows("id.required"));
  screen.type("?");
  CHECK(screen.shows("States, the gravest first"));
  screen.press(Name::Escape);
  CHECK(screen.shows("id.required"));
}

TEST_CASE("keys that end or move the program are its business") {
  Screen screen;
  CHECK(screen.view.press({.name = Name::Text, .text = "q"}) == TopAct::Quit);
  CHECK(screen.view.press({.name = Name::Interrupt}) == TopAct::Interrupt);
  CHECK(screen.view.press({.name = Name::Suspend}) == TopAct::Suspend);
  CHECK(screen.view.press({.name = Name::Redraw}) == TopAct::Redraw);
  screen.type("/");
  CHECK(screen.view.press({.name = Name::Text, .text = "q"}) == TopAct::None);
  CHECK(screen.view.press({.name = Name::Interrupt}) == TopAct::Interrupt);
}

TEST_CASE("every width and height is painted, and in 60 columns the reason is still there") {
  Screen screen;
  screen.view.show(put_together({look_of("a", three_rules()), away("http://b:8947", "no route")}, noon(), nullptr));
  for (screen.columns = 1; screen.columns <= 210; screen.columns += screen.columns < 100 ? 1 : 17) {
    for (screen.rows = 1; screen.rows < 40; ++screen.rows) {
      for (const std::string& line : screen.lines()) REQUIRE(display_width(line) <= screen.columns);
    }
  }
  screen.columns = 60;
  screen.rows = 24;
  CHECK(screen.shows("! FAIL   rows.1m"));
  CHECK(screen.shows("country=DE: got 7"));
  screen.columns = 20;
  CHECK(screen.shows("too small"));
}

TEST_CASE("no key in any order breaks the screen") {
  std::mt19937 random(3);  // NOLINT: the same keys every time
  Screen screen;
  for (int round = 0; round < 1500; ++round) {
    if (random() % 3 == 0) {
      screen.type(std::string_view("sS/p?1234jk x\x7f").substr(random() % 13, 1));
    } else {
      screen.press(static_cast<Name>(1 + random() % 13));
    }
    if (random() % 20 == 0) screen.show(random() % 2 == 0 ? three_rules() : "", round);
    screen.rows = 7 + random() % 20;
    REQUIRE(screen.lines().size() == screen.rows);
  }
}

TEST_CASE("without UTF-8 what is cut ends in ASCII") {
  Screen screen({.instances = 1, .sort = 0, .filter = {}, .unicode = false});
  screen.columns = 60;
  screen.show(three_rules());
  CHECK(is_ascii(screen.text()));
}

TEST_CASE("alerts stand beside the sum, and by name on the page of their rule and of their stream") {
  const std::string held = R"({"fingerprint":"2","state":"firing","stream":"orders","rule":"la\u001bte","segment":null,
      "severity":"warn","starts_at":"2026-01-31T11:50:00Z","silenced":true,"silenced_why":"the import","told":[]})";
  Screen screen;
  screen.view.show(put_together({testing::with_alerts(look_of("a", window_rule("rows.1m", "fail", 59, 7)),
                                                      testing::alert("1", "rows.1m") + "," + held)},
                                noon(), nullptr));
  CHECK(screen.lines()[1].find("1 rule fails of 1 rule  alerts: 2 firing (1 silenced)") != std::string::npos);
  screen.press(Name::Enter);
  CHECK(screen.shows("Alerts that fire"));
  CHECK(screen.shows("country=DE: since 2026-01-31 11:58:00 UTC (2m ago), told to hook"));
  CHECK_FALSE(screen.shows("the import"));
  screen.press(Name::Escape);
  screen.type("2");
  screen.press(Name::Down);
  screen.press(Name::Enter);
  CHECK(screen.shows("rows.1m country=DE: since"));
  CHECK(screen.shows("silenced by"));
  CHECK(screen.shows("import"));
  CHECK_FALSE(screen.shows("\x1b"));
}

}  // namespace
}  // namespace weir
