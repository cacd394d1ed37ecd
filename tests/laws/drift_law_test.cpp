// SPDX-License-Identifier: Apache-2.0
// One answer about drift: a file cut anywhere, the same records as a stream, over any number of partitions that are replaced by
// what they wrote, and as runs over parts that are merged. With a reference in a file all of it is the same to the bit, however
// much lies in a window; with windows before as the reference as long as windows are small enough to be known exactly.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "drift/baseline.h"
#include "drift/profile.h"
#include "laws/runs.h"
#include "testing/drift_reference.h"
#include "testing/window_plan.h"
#include "weir/stream_windows.h"
#include "windows/memory_history.h"

namespace weir::testing {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

EngineOptions options_of(bool as_stream = false) {
  EngineOptions out;
  out.now = instant("2026-02-01T00:00:00Z");
  out.as_stream = as_stream;
  out.all_windows = true;
  return out;
}

// ---- records: amounts and currencies of two countries, changed from a window on

struct Drawn {
  std::size_t each = 150;  // records of a window
  int windows = 12;
  int changed_from = 8;
};

Lines draw(std::mt19937_64& random, const Drawn& drawn) {
  const auto below = [&](std::uint64_t limit) { return random() % limit; };
  Lines out;
  for (int window = 0; window < drawn.windows; ++window) {
    const bool changed = window >= drawn.changed_from;
    for (std::size_t i = 0; i < drawn.each; ++i) {
      const Instant at = instant("2026-01-01T00:00:00Z") + window * 10min +
                         Duration(i == 0 ? 0 : static_cast<std::int64_t>(below(600'000'000)));
      const std::uint64_t amount = (below(1'000) + below(1'000) + below(1'000)) * (changed ? 2 : 1);
      const char* const currencies[] = {"EUR", "SEK", "NOK", "DKK"};
      std::string text = "{\"at\":\"" + format_timestamp(at) + "\",\"land\":\"" + (below(3) == 0 ? "DE" : "SE") + "\"";
      text += ",\"amount\":" + std::to_string(amount / 100) + "." + std::to_string(10 + amount % 90);
      text += ",\"weight\":" + std::to_string(amount / 7 + below(changed ? 200 : 20));
      text += below(20) == 0 ? ",\"currency\":null"
                             : ",\"currency\":\"" + std::string(currencies[below(changed ? 4 : 2)]) + "\"";
      text += ",\"items\":[";
      for (std::uint64_t item = 0, items = below(3); item <= items; ++item)
        text += (item == 0 ? "" : ",") + ("{\"qty\":" + std::to_string(below(changed ? 9 : 5)) + "}");
      out.push_back(text + "]}");
    }
  }
  std::sort(out.begin(), out.end());  // by time: it stands first
  return out;
}

const Lines kFields = {"amount", "currency", "items[].qty"};
const Lines kTogether = {"amount", "weight"};

// ---- rules

void compare_with(PlanBuilder& builder, const DriftReference& reference) {
  const auto added = [&] {
    DriftRule& rule = builder.plan().drift_rules.back();
    rule.reference = reference;
    return &rule;
  };
  for (const std::string& field : kFields) {
    builder.drift({field});
    DriftRule* const rule = added();
    if (reference.baseline == nullptr) continue;
    const Profile& profile = reference.baseline->find(field)->profile;
    if (profile.edges != nullptr && !profile.edges->empty()) rule->edges = profile.edges;
  }
  builder.when(builder.drift({"amount"}), "currency", "EUR");
  if (DriftRule* const rule = added(); reference.baseline != nullptr)
    rule->edges = reference.baseline->find("amount")->profile.edges;
  builder.drift(kTogether);
  added();
}

void ten_minutes(PlanBuilder& builder, const DriftReference& reference, Duration size = 10min) {
  WindowBlock& block = builder.every(10min, size);
  block.segment = {builder.segment("land", {"DE", "SE"})};
  compare_with(builder, reference);
}

PlanBuilder begun() {
  PlanBuilder builder;
  builder.time("at");
  builder.plan().time.out_of_order = 1h;
  return builder;
}

std::shared_ptr<const Plan> with_file(const Lines& records) {
  PlanBuilder builder = begun();
  const DriftReference file{.kind = DriftReference::Kind::File,
                            .text = "reference",
                            .baseline = std::make_shared<const Baseline>(baseline_of(records, kFields, kTogether))};
  ten_minutes(builder, file);
  ten_minutes(builder, file, 30min);
  return builder.build();
}

std::shared_ptr<const Plan> with_windows() {
  PlanBuilder builder = begun();
  ten_minutes(builder,
              {.kind = DriftReference::Kind::Previous, .text = "the 3 windows before", .baseline = {}, .windows = 3});
  ten_minutes(builder, {.kind = DriftReference::Kind::Rolling, .text = "the hour before", .baseline = {}, .length = 1h},
              20min);
  return builder.build();
}

// ---- what was said

/// To the bit, but for what rests on sums of products: those are rounded otherwise in another order.
std::string number(double value, bool exact) {
  char text[64];
  std::snprintf(text, sizeof text, exact ? "%a" : "%.6g", value);
  return text;
}

Lines words_of(const Plan& plan, const WindowOutcome& outcome) {
  Lines out;
  for (const WindowVerdict& verdict : outcome.verdicts) {
    const DriftRule& rule = plan.drift_rules[static_cast<std::size_t>(plan.window_rules[verdict.rule].drift)];
    std::string line = std::to_string(verdict.rule) + " " + format_timestamp(verdict.start) + " " +
                       verdict.segment->values[0].second.value_or("null") + " verdict " +
                       std::to_string(static_cast<int>(verdict.verdict));
    REQUIRE(verdict.drift != nullptr);
    const DriftVerdict& drift = *verdict.drift;
    const bool exact = rule.columns.size() == 1;
    line += drift.firing ? " firing" : drift.drifted ? " drifted" : "";
    line +=
        " " + std::to_string(drift.drifted_of_last) + " " + drift.picked + " " + std::to_string(drift.current_values);
    line += " of " + std::to_string(drift.reference_values) + " in " + std::to_string(drift.reference_windows);
    for (const DriftTestResult& test : drift.tests) {
      line += "\n    " + std::string(test.test) + " " + std::to_string(static_cast<int>(test.outcome)) + " " +
              number(test.measured.effect, exact) + " " + number(test.measured.p_high, exact) + " " +
              number(test.p_adjusted.value_or(-1), false) + test.cause;
    }
    for (const DriftFinding& finding : drift.findings) line += "\n    " + finding.text;
    out.push_back(line);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Lines as_file(const std::shared_ptr<const Plan>& plan, const Lines& records, std::size_t batch) {
  return words_of(*plan, run(plan, records, options_of(), batch).windows);
}

Lines as_stream(const std::shared_ptr<const Plan>& plan, const Lines& records, std::size_t batch) {
  return words_of(*plan, run(plan, records, options_of(true), batch).windows);
}

Lines as_parts(const std::shared_ptr<const Plan>& plan, Lines records, std::size_t parts, std::mt19937_64& random) {
  std::shuffle(records.begin(), records.end(), random);
  Engine merged(plan, options_of());
  for (std::size_t part = 0; part < parts; ++part) {
    Lines mine;
    for (std::size_t i = part; i < records.size(); i += parts) mine.push_back(records[i]);
    Engine engine(plan, options_of());
    const MessageBlock block(mine);
    static_cast<void>(engine.step(block.messages(), options_of().now));
    REQUIRE(merged.merge_summaries(engine.write_summaries()).ok());
  }
  return words_of(*plan, merged.finish().windows);
}

/// A stream of several partitions: engines and their history come back from what they wrote, now and then.
Lines as_partitions(const std::shared_ptr<const Plan>& plan, const Lines& records, std::size_t partitions,
                    std::mt19937_64& random) {
  EngineOptions options = options_of();
  options.partition = true;
  MemoryHistory history;
  std::vector<std::unique_ptr<Engine>> engines;
  for (std::size_t i = 0; i < partitions; ++i) engines.push_back(std::make_unique<Engine>(plan, options));
  const auto pointers = [&] {
    std::vector<Engine*> out;
    for (const auto& engine : engines) out.push_back(engine.get());
    return out;
  };
  const auto totals = [&] {
    return std::make_unique<StreamWindows>(
        plan, StreamWindows::Options{.started = instant("2026-01-01T00:00:00Z"), .history = &history});
  };
  std::unique_ptr<StreamWindows> windows = totals();
  WindowOutcome out;
  for (std::size_t at = 0; at < records.size(); at += 64) {
    std::vector<Lines> dealt(partitions);
    for (std::size_t i = at; i < std::min(at + 64, records.size()); ++i) dealt[i % partitions].push_back(records[i]);
    for (std::size_t p = 0; p < partitions; ++p) {
      if (dealt[p].empty()) continue;
      const MessageBlock block(dealt[p]);
      out.merge(engines[p]->step(block.messages(), options.now).windows);
    }
    if (random() % 3 != 0) continue;
    Instant watermark = Instant::max();
    for (const auto& engine : engines) watermark = std::min(watermark, engine->watermark());
    out.merge(windows->close(pointers(), watermark, false));
    if (random() % 4 == 0) static_cast<void>(windows->judge_open(pointers()));
    if (random() % 6 != 0) continue;
    const std::size_t p = random() % partitions;
    const std::string written = engines[p]->write_state();
    engines[p] = std::make_unique<Engine>(plan, options);
    REQUIRE(engines[p]->read_state(written).ok());
    MemoryHistory kept;
    REQUIRE(kept.read(history.write()).ok());
    history = std::move(kept);
    windows = totals();
  }
  out.merge(windows->judge_open(pointers()));
  return words_of(*plan, out);
}

/// Every way comes to what the file came to.
void hold(const std::shared_ptr<const Plan>& plan, const Lines& records, std::mt19937_64& random, bool fewer) {
  const Lines expected = as_file(plan, records, 1'000);
  REQUIRE(expected.size() >= 100);
  for (const std::size_t batch : {7, 333}) CHECK(as_file(plan, records, batch) == expected);
  CHECK(as_stream(plan, records, 111) == expected);
  for (const std::size_t parts : {2, 5}) CHECK(as_parts(plan, records, parts, random) == expected);
  for (const std::size_t partitions : {1, 2, 7, 16}) {
    if (fewer && partitions == 7) continue;
    CHECK(as_partitions(plan, records, partitions, random) == expected);
  }
}

std::size_t with_verdict(const Lines& lines, Verdict verdict) {
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
    return line.find("verdict " + std::to_string(static_cast<int>(verdict))) != std::string::npos;
  }));
}

TEST_CASE("drift from a file comes to the same in every way in which records may come") {
  std::mt19937_64 random(41);
  const auto plan = with_file(draw(random, {.each = 2'000, .windows = 1, .changed_from = 2}));
  const Lines records = draw(random, {});
  const Lines found = as_file(plan, records, 1'000);
  CHECK(with_verdict(found, Verdict::Fail) > 20);
  CHECK(with_verdict(found, Verdict::Pass) > 20);
  hold(plan, records, random, false);
}

TEST_CASE("drift from a file comes to the same in windows of more values than are kept one by one") {
  std::mt19937_64 random(42);
  const auto plan = with_file(draw(random, {.each = 2'000, .windows = 1, .changed_from = 2}));
  hold(plan, draw(random, {.each = 3'500, .windows = 4, .changed_from = 2}), random, true);
}

TEST_CASE("drift from windows before comes to the same in every way in which records may come") {
  std::mt19937_64 random(43);
  const auto plan = with_windows();
  const Lines records = draw(random, {});
  const Lines found = as_file(plan, records, 1'000);
  CHECK(with_verdict(found, Verdict::Fail) > 3);
  CHECK(with_verdict(found, Verdict::Pass) > 20);
  hold(plan, records, random, true);
}

}  // namespace
}  // namespace weir::testing
