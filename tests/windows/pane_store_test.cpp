// SPDX-License-Identifier: Apache-2.0
#include "windows/pane_store.h"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "windows/sliding.h"

namespace weir {
namespace {

class MapShelf : public Shelf {
 public:
  Result<std::uint64_t> put(std::string_view bytes) override {
    kept_.emplace(++last_, bytes);
    ++puts;
    return last_;
  }
  Result<std::string> take(std::uint64_t number) override {
    const auto found = kept_.find(number);
    if (found == kept_.end() || broken) return Error{.message = "gone"};
    std::string out = found->second;
    kept_.erase(found);
    return out;
  }
  int puts = 0;
  bool broken = false;

 private:
  std::map<std::uint64_t, std::string> kept_;
  std::uint64_t last_ = 0;
};

/// A spec that keeps a field, and panes with so many records of it.
struct Kept {
  Kept() {
    spec.lenses.emplace_back();
    spec.lenses[0].last_field = 1;
    FieldNeed need;
    need.spec.parts = Part::Moments | Part::Distinct;
    spec.fields.push_back(need);
    spec.bytes = Pane::bytes_bound(spec);
  }
  void add(Pane& pane, std::uint32_t rows, Instant from = Instant{}) const {
    Batch batch;
    batch.clear(1);
    batch.origins.resize(rows);
    batch.columns[0].kinds.assign(rows, Kind::Integer);
    batch.columns[0].cells.resize(rows);
    std::vector<Instant> times;
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t i = 0; i < rows; ++i) {
      batch.columns[0].cells[i] = {.number = i, .data = "1", .size = 1, .scale = 0};
      times.push_back(from + Duration(i));
      numbers.push_back(i);
    }
    const Mask timed(rows, true);
    const std::vector<Instant> now(1);
    BatchView view;
    view.batch = &batch;
    view.now = now;
    view.times = times;
    view.timed = &timed;
    pane.add(spec, view, numbers);
  }
  PaneSpec spec;
};

std::string bytes_of(const Pane& pane) {
  SummaryWriter out;
  pane.write(out);
  return out.bytes();
}

TEST_CASE("panes that were put away come back as they were, folded where their segment was pushed out meanwhile") {
  const Kept kept;
  MapShelf shelf;
  PaneStore store(kept.spec, PaneStore::Meeting::Merge, Duration(0));
  PaneStore plain(kept.spec, PaneStore::Meeting::Merge, Duration(0));
  for (std::int64_t place = -5; place < 5; ++place) {
    for (std::uint32_t segment = 1; segment < 4; ++segment) {
      kept.add(store.at(place, segment), 10 + segment);
      kept.add(plain.at(place, segment), 10 + segment);
    }
  }
  const std::uint64_t before = store.bytes();
  store.put_away(shelf, before / 4);
  CHECK(shelf.puts > 5);
  CHECK(store.bytes() <= before / 2);
  for (PaneStore* const one : {&store, &plain}) {
    one->fold(2, 0);
    kept.add(one->at(3, 2), 1);  // the number belongs to another segment now
  }
  for (std::int64_t place = -5; place < 5; ++place) {
    for (std::uint32_t segment = 0; segment < 5; ++segment) {
      const Pane* const pane = store.find(place, segment);
      const Pane* const wanted = plain.find(place, segment);
      REQUIRE((pane == nullptr) == (wanted == nullptr));
      if (pane != nullptr) CHECK(bytes_of(*pane) == bytes_of(*wanted));
    }
  }
  CHECK(store.panes() == plain.panes());
  CHECK(store.fault().empty());
}

TEST_CASE("a shelf that loses panes is a fault that is told") {
  const Kept kept;
  MapShelf shelf;
  PaneStore store(kept.spec, PaneStore::Meeting::Merge, Duration(0));
  kept.add(store.at(1, 0), 1);
  kept.add(store.at(2, 0), 1);
  store.put_away(shelf, 0);
  shelf.broken = true;
  CHECK(store.find(1, 0) == nullptr);
  CHECK(store.fault() == "panes could not be read back: gone");
}

TEST_CASE("sessions that a record connects become one") {
  const Kept kept;
  const Duration gap(100);
  PaneStore store(kept.spec, PaneStore::Meeting::Join, gap);
  const auto put = [&](std::int64_t at) {
    const Instant time{Duration(at)};
    PaneStore::Cursor cursor = nullptr;
    kept.add(store.session_at(0, 0, time, time, cursor), 1, time);
  };
  const auto sessions = [&] {
    std::vector<std::pair<std::int64_t, std::int64_t>> out;
    for (const Pane* pane = store.find(0, 0); pane != nullptr; pane = pane->next.get()) {
      out.emplace_back(pane->span().first.time_since_epoch().count(), pane->span().last.time_since_epoch().count());
    }
    return out;
  };
  using Spans = std::vector<std::pair<std::int64_t, std::int64_t>>;
  for (const std::int64_t at : {1'000, 0, 300, 500}) put(at);
  CHECK(sessions() == Spans{{1'000, 1'000}, {500, 500}, {300, 300}, {0, 0}});
  put(400);
  CHECK(sessions() == Spans{{1'000, 1'000}, {300, 500}, {0, 0}});
  put(101);
  CHECK(sessions() == Spans{{1'000, 1'000}, {300, 500}, {101, 101}, {0, 0}});
  put(100);
  CHECK(sessions() == Spans{{1'000, 1'000}, {300, 500}, {0, 101}});
  CHECK(store.panes() == 3);
}

TEST_CASE("a million sessions in one place are freed without running out of stack") {
  const Kept kept;
  auto head = std::make_unique<Pane>(PaneSpec{});
  for (int i = 0; i < 1'000'000; ++i) {
    auto next = std::make_unique<Pane>(PaneSpec{});
    next->next = std::move(head);
    head = std::move(next);
  }
  head.reset();
  SUCCEED();
}

TEST_CASE("a sliding window is the merge of its panes, wherever judging begins") {
  const Kept kept;
  std::mt19937_64 random(1);
  for (const auto& [panes, step] :
       std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 1}, {2, 1}, {7, 1}, {7, 3}, {12, 12}, {5, 8}, {60, 1}}) {
    PaneStore store(kept.spec, PaneStore::Meeting::Merge, Duration(0));
    std::map<std::int64_t, std::uint64_t> rows;
    for (int i = 0; i < 60; ++i) {
      const auto place = static_cast<std::int64_t>(random() % 200) - 100;
      const auto count = static_cast<std::uint32_t>(1 + random() % 5);
      kept.add(store.at(place, 0), count);
      rows[place] += count;
    }
    Sliding sliding(panes, step);
    for (std::int64_t window = -120 / step; window * step < 110; ++window) {
      if (random() % 10 == 0) sliding.forget();
      const Pane* const pane = sliding.window(store, window * step, 0);
      std::uint64_t expected = 0;
      for (std::int64_t place = window * step; place < window * step + panes; ++place) {
        if (rows.contains(place)) expected += rows[place];
      }
      REQUIRE((pane == nullptr ? 0 : pane->span().rows) == expected);
      REQUIRE((pane == nullptr ? 0 : pane->field(0).counters().elements) == expected);
    }
  }
}

TEST_CASE("a pane takes no more than what was predicted") {
  const Kept kept;
  Pane pane(kept.spec);
  kept.add(pane, 20'000);
  CHECK(pane.bytes() <= kept.spec.bytes);
}

}  // namespace
}  // namespace weir
