// SPDX-License-Identifier: Apache-2.0
// Windows as lineage events: which there are, what stands in them, and that their ids follow from what they are about.
#include "sinks/lineage_event.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "base/json_value.h"
#include "sinks/lineage_observer.h"
#include "testing/window_plan.h"

namespace weir {

namespace {

using std::chrono::minutes;
using testing::instant;
using testing::PlanBuilder;

constexpr const char* kNoon = "2026-01-31T12:00:00Z";

LineageNames names() {
  return {.job_namespace = "weir",
          .job = "shop",
          .dataset_namespace = "kafka://kafka-1:9092",
          .inputs = {"orders"},
          .outputs = {"orders.quarantine"},
          .version = "1.2.3"};
}

WindowVerdict verdict(std::uint32_t rule, Verdict what, Measured observed, Instant start = instant(kNoon)) {
  WindowVerdict out;
  out.rule = rule;
  out.has_span = true;
  out.start = start;
  out.end = start + minutes(1);
  out.verdict = what;
  out.observed = std::move(observed);
  return out;
}

std::vector<LineageEvent> events_of(std::vector<WindowVerdict> verdicts, const Plan& plan,
                                    const std::vector<LineageField>& fields = {}, const LineageNames& by = names()) {
  WindowOutcome windows;
  windows.verdicts = std::move(verdicts);
  std::vector<LineageEvent> events;
  tell_lineage(windows, plan, by, fields, instant("2026-01-31T12:02:00Z"),
               [&](LineageEvent&& event) { events.push_back(std::move(event)); });
  return events;
}

/// The value at a path of keys and indices; fails where there is none.
const JsonValue& at(const JsonValue& from, std::initializer_list<const char*> path) {
  const JsonValue* value = &from;
  for (const char* const step : path) {
    INFO(step);
    if (value->type == JsonValue::Type::Array) {
      const std::size_t index = std::stoul(step);
      REQUIRE(index < value->items.size());
      value = &value->items[index];
    } else {
      value = value->find(step);
      REQUIRE(value != nullptr);
    }
  }
  return *value;
}

JsonValue parsed(const LineageEvent& event) {
  Result<JsonValue> document = parse_json(event.body);
  REQUIRE(document);
  CHECK(event.body.find('\n') == std::string::npos);
  return *document;
}

}  // namespace

TEST_CASE("A window judged is one complete run, whatever it came to") {
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("row_count")}, 100, 1e9).info.severity = Severity::Error;
  builder.should({builder.call("null_rate", {"email"})}, 0, 0.05).info.field = "email";
  const auto plan = builder.build();
  const auto events = events_of(
      {verdict(0, Verdict::Fail, Measured::of(std::int64_t{7})), verdict(1, Verdict::Pass, Measured::of(0.0))}, *plan);
  REQUIRE(events.size() == 1);
  const JsonValue event = parsed(events[0]);
  CHECK(at(event, {"eventType"}).text == "COMPLETE");
  CHECK(at(event, {"eventTime"}).text == "2026-01-31T12:02:00Z");
  CHECK(at(event, {"run", "runId"}).text == events[0].run_id);
  CHECK(at(event, {"run", "facets", "nominalTime", "nominalStartTime"}).text == kNoon);
  CHECK(at(event, {"run", "facets", "nominalTime", "nominalEndTime"}).text == "2026-01-31T12:01:00Z");
  CHECK(at(event, {"run", "facets", "processing_engine", "version"}).text == "1.2.3");
  CHECK(at(event, {"run", "facets"}).find("errorMessage") == nullptr);
  CHECK(at(event, {"job", "namespace"}).text == "weir");
  CHECK(at(event, {"job", "facets", "jobType", "emissionPattern", "eventTrigger"}).text == "PERIODIC");
  CHECK(at(event, {"job", "facets", "jobType", "emissionPattern", "windowDuration"}).text == "60");
  CHECK(at(event, {"inputs", "0", "namespace"}).text == "kafka://kafka-1:9092");
  CHECK(at(event, {"inputs", "0", "name"}).text == "orders");
  CHECK(at(event, {"outputs", "0", "name"}).text == "orders.quarantine");
  const JsonValue& assertions = at(event, {"inputs", "0", "inputFacets", "dataQualityAssertions", "assertions"});
  REQUIRE(assertions.items.size() == 2);
  CHECK_FALSE(at(assertions, {"0", "success"}).boolean);
  CHECK(at(assertions, {"0", "name"}).text == "windows.0");
  CHECK(at(assertions, {"0", "actual"}).text == "7");
  CHECK(at(assertions, {"0"}).find("column") == nullptr);
  CHECK(at(assertions, {"1", "success"}).boolean);
  CHECK(at(assertions, {"1", "column"}).text == "email");
}

TEST_CASE("A window that could not be judged is a run that failed, and says why") {
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("row_count")}, 100, 1e9);
  WindowVerdict broken = verdict(0, Verdict::Error, Measured::fault("a number\x1b[31m is missing"));
  const auto plan = builder.build();
  const JsonValue event = parsed(events_of({broken}, *plan).at(0));
  CHECK(at(event, {"eventType"}).text == "FAIL");
  const std::string& message = at(event, {"run", "facets", "errorMessage", "message"}).text;
  CHECK(message.starts_with("windows.0: a number"));
  CHECK(message.find('\x1b') == std::string::npos);
  CHECK(at(event, {"run", "facets", "test", "tests", "0", "status"}).text == "skip");
}

TEST_CASE("What has no answer is no assertion but a test that was skipped") {
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("mean", {"amount"})}, 0, 10);
  const auto plan = builder.build();
  const JsonValue event = parsed(events_of({verdict(0, Verdict::NoData, Measured::no_data("no values"))}, *plan).at(0));
  CHECK(at(event, {"eventType"}).text == "COMPLETE");
  CHECK(at(event, {"inputs", "0", "inputFacets", "dataQualityAssertions", "assertions"}).items.empty());
  CHECK(at(event, {"run", "facets", "test", "tests", "0", "status"}).text == "skip");
}

TEST_CASE("What rules measured of the whole window are metrics of the dataset") {
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("row_count")}, 0, 1e9);
  builder.must({builder.call("max", {"amount"})}, 0, 1e9);
  builder.must({builder.call("quantile", {"amount"}, {0.99})}, 0, 1e9);
  builder.must({builder.call("median", {"amount"})}, 0, 1e9);
  builder.must({builder.call("distinct", {"user"})}, 0, 1e9);
  builder.must({builder.call("null_count", {"email"})}, 0, 1e9);
  builder.when(builder.must({builder.call("min", {"amount"})}, 0, 1e9), "country", "DE");
  builder.must({builder.call("sum", {"card"})}, 0, 1e9);
  builder.must({builder.call("row_count"), builder.call("sum", {"amount"})}, 0, 1e9);
  builder.plan().fields[builder.column("card")].redacted = true;
  const auto plan = builder.build();
  const JsonValue event = parsed(
      events_of(
          {verdict(0, Verdict::Pass, Measured::of(std::int64_t{1000})), verdict(1, Verdict::Pass, Measured::of(99.5)),
           verdict(2, Verdict::Pass, Measured::of(90.25)), verdict(3, Verdict::Pass, Measured::of(40.0)),
           verdict(4, Verdict::Pass, Measured::within(501.7, 495, 508, "HLL")),
           verdict(5, Verdict::Pass, Measured::of(std::int64_t{3})), verdict(6, Verdict::Pass, Measured::of(1.0)),
           verdict(7, Verdict::Pass, Measured::of(4242.0)), verdict(8, Verdict::Pass, Measured::of(77.0))},
          *plan)
          .at(0));
  const JsonValue& metrics = at(event, {"inputs", "0", "inputFacets", "dataQualityMetrics"});
  CHECK(at(metrics, {"rowCount"}).text == "1000");
  const JsonValue& columns = at(metrics, {"columnMetrics"});
  CHECK(at(columns, {"amount", "max"}).text == "99.5");
  CHECK(at(columns, {"amount", "quantiles", "0.99"}).text == "90.25");
  CHECK(at(columns, {"amount", "quantiles", "0.5"}).text == "40");
  CHECK(at(columns, {"user", "distinctCount"}).text == "502");
  CHECK(at(columns, {"email", "nullCount"}).text == "3");
  // About some of the rows, of a field that is shown nowhere, of more than one measure.
  CHECK(at(columns, {"amount"}).find("min") == nullptr);
  CHECK(at(columns, {"amount"}).find("sum") == nullptr);
  CHECK(columns.find("card") == nullptr);
}

TEST_CASE("What a condition computes out of a measure is no metric") {
  class Twice final : public Condition {
    [[nodiscard]] Judgement judge(std::span<const Measured> values) const override {
      Judgement out;
      out.verdict = Verdict::Pass;
      out.observed = Measured::of(2 * values[0].as_number().value_or(0));
      return out;
    }
    [[nodiscard]] std::string expected() const override { return ">= 2"; }
  };
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("row_count")}, 0, 1e9).must.condition = std::make_unique<Twice>();
  const auto plan = builder.build();
  const JsonValue event = parsed(events_of({verdict(0, Verdict::Pass, Measured::of(20.0))}, *plan).at(0));
  CHECK(at(event, {"inputs", "0", "inputFacets"}).find("dataQualityMetrics") == nullptr);
}

TEST_CASE("A run is known by its id again, and by nothing that changes when it is judged again") {
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("row_count")}, 0, 1e9);
  const auto plan = builder.build();
  const auto id = [&](WindowVerdict one, const LineageNames& by = names()) {
    return events_of({std::move(one)}, *plan, {}, by).at(0).run_id;
  };
  const WindowVerdict first = verdict(0, Verdict::Pass, Measured::of(std::int64_t{5}));
  const std::string known = id(first);
  CHECK(id(verdict(0, Verdict::Fail, Measured::of(std::int64_t{6}))) == known);
  LineageNames others = names();
  others.version = "2.0.0";
  CHECK(id(first, others) == known);

  std::set<std::string> ids = {known};
  ids.insert(id(verdict(0, Verdict::Pass, Measured::of(std::int64_t{5}), instant(kNoon) + minutes(1))));
  others.job = "shop.orders";
  ids.insert(id(first, others));
  WindowVerdict revised = first;
  revised.revised = true;
  ids.insert(id(revised));
  CHECK(id(revised) == id(revised));
  revised.observed = Measured::of(std::int64_t{6});
  ids.insert(id(revised));
  CHECK(ids.size() == 5);
}

TEST_CASE("Ids are UUIDs of version 7: the end of the window, then a digest") {
  const std::string id = lineage_run_id(Instant(std::chrono::milliseconds(0x0123456789AB)), "x");
  CHECK(id.starts_with("01234567-89ab-7"));
  REQUIRE(id.size() == 36);
  CHECK(std::string("89ab").find(id[19]) != std::string::npos);
  CHECK(lineage_run_id(instant("0001-01-01T00:00:00Z"), "x").starts_with("00000000-0000-7"));
  // The 76 bits are those of SHA-256 of "x": 2d711642b726b04401627ca9fbac32f5…, but for version and variant.
  CHECK(lineage_run_id(Instant{}, "x").substr(15) == "d71-9642-b726b0440162");
}

TEST_CASE("Windows of one stretch that are cut alike are one run, others are runs of their own") {
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("row_count")}, 0, 1e9);
  builder.every(minutes(1));
  builder.must({builder.call("max", {"amount"})}, 0, 1e9);
  builder.every(minutes(1)).segment = {builder.segment("country")};
  builder.must({builder.call("row_count")}, 0, 1e9);
  const auto plan = builder.build();
  WindowVerdict segmented = verdict(2, Verdict::Fail, Measured::of(std::int64_t{0}));
  segmented.segment = std::make_shared<Segment>(Segment{.values = {{"country", "D\nE"}}, .other = false});
  WindowVerdict other = segmented;
  other.segment = std::make_shared<Segment>(Segment{.values = {{"country", std::nullopt}}, .other = true});
  const auto events = events_of({verdict(0, Verdict::Pass, Measured::of(std::int64_t{5})),
                                 verdict(1, Verdict::Pass, Measured::of(5.0)), segmented, other},
                                *plan);
  REQUIRE(events.size() == 2);
  CHECK(events[0].run_id != events[1].run_id);
  const JsonValue whole = parsed(events[0]);
  CHECK(at(whole, {"inputs", "0", "inputFacets", "dataQualityAssertions", "assertions"}).items.size() == 2);
  const JsonValue apart = parsed(events[1]);
  const JsonValue& assertions = at(apart, {"inputs", "0", "inputFacets", "dataQualityAssertions", "assertions"});
  REQUIRE(assertions.items.size() == 2);
  CHECK(at(assertions, {"0", "params", "segment", "country"}).text.find('\n') == std::string::npos);
  CHECK(at(assertions, {"1", "params", "segment", "country"}).type == JsonValue::Type::Null);
  CHECK(at(apart, {"inputs", "0", "inputFacets"}).find("dataQualityMetrics") == nullptr);
}

TEST_CASE("Windows of which not all records were seen are told to nobody") {
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("row_count")}, 0, 1e9);
  const auto plan = builder.build();
  WindowVerdict partial = verdict(0, Verdict::Fail, Measured::of(std::int64_t{5}));
  partial.partial = true;
  WindowVerdict nowhere = verdict(0, Verdict::Pass, Measured::of(std::int64_t{5}));
  nowhere.has_span = false;
  WindowVerdict unknown = verdict(9, Verdict::Pass, Measured::of(std::int64_t{5}));
  CHECK(events_of({partial, nowhere, unknown}, *plan).empty());
}

TEST_CASE("Of several topics at once no one dataset is blamed") {
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("row_count")}, 0, 1e9);
  const auto plan = builder.build();
  LineageNames both = names();
  both.inputs = {"orders", "orders-retry"};
  const JsonValue event =
      parsed(events_of({verdict(0, Verdict::Fail, Measured::of(std::int64_t{5}))}, *plan, {}, both).at(0));
  CHECK(at(event, {"inputs"}).items.size() == 2);
  CHECK(at(event, {"inputs", "0"}).find("inputFacets") == nullptr);
  CHECK(at(event, {"run", "facets", "test", "tests", "0", "status"}).text == "fail");
}

TEST_CASE("An event is bounded, and what failed is in it") {
  PlanBuilder builder;
  builder.every(minutes(1)).segment = {builder.segment("user")};
  builder.must({builder.call("row_count")}, 0, 1e9);
  const auto plan = builder.build();
  std::vector<WindowVerdict> many;
  for (int i = 0; i < 5000; ++i) {
    many.push_back(verdict(0, i == 4999 ? Verdict::Fail : Verdict::Pass, Measured::of(std::int64_t{i})));
    many.back().segment = std::make_shared<Segment>(
        Segment{.values = {{"user", std::to_string(i) + std::string(5000, 'x')}}, .other = false});
  }
  const auto events = events_of(std::move(many), *plan);
  REQUIRE(events.size() == 1);
  CHECK(events[0].body.size() < (std::size_t{1} << 20));
  const JsonValue event = parsed(events[0]);
  const JsonValue& assertions = at(event, {"inputs", "0", "inputFacets", "dataQualityAssertions", "assertions"});
  CHECK(assertions.items.size() == kMostLineageResults);
  CHECK_FALSE(at(assertions, {"0", "success"}).boolean);
}

TEST_CASE("The uppermost fields of a schema stand beside the topic") {
  SchemaText avro;
  avro.text = R"({"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"},
    {"name":"note","type":["null","string"]},{"name":"lines","type":{"type":"array","items":"string"}}]})";
  const std::vector<LineageField> fields = lineage_fields(avro);
  REQUIRE(fields.size() == 3);
  CHECK(fields[0].type == "long");
  CHECK(fields[1].type == "union<null, string>");
  CHECK(fields[2].type == "array<string>");
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("row_count")}, 0, 1e9);
  const auto plan = builder.build();
  const JsonValue event =
      parsed(events_of({verdict(0, Verdict::Pass, Measured::of(std::int64_t{5}))}, *plan, fields).at(0));
  CHECK(at(event, {"inputs", "0", "facets", "schema", "fields", "1", "name"}).text == "note");

  SchemaText json;
  json.language = SchemaLanguage::Json;
  json.text = R"({"properties":{"id":{"type":"integer"},"note":{"type":["string","null"]},"any":{}}})";
  const std::vector<LineageField> of_json = lineage_fields(json);
  REQUIRE(of_json.size() == 3);
  CHECK(of_json[1].type == "string | null");
  CHECK(of_json[2].type.empty());
  json.text = "[1, 2";
  CHECK(lineage_fields(json).empty());
  avro.text = "{}";
  CHECK(lineage_fields(avro).empty());
}

TEST_CASE("A stream that is told its topics by a pattern names those that are ours, and their schema when it is one") {
  PlanBuilder builder;
  builder.every(minutes(1));
  builder.must({builder.call("row_count")}, 0, 1e9);
  LineageNames by = names();
  by.inputs.clear();
  std::vector<LineageEvent> told;
  LineageObserver observer(by, true, [&](LineageEvent&& event) { told.push_back(std::move(event)); });
  observer.rules(builder.build());
  WindowOutcome windows;
  windows.verdicts = {verdict(0, Verdict::Pass, Measured::of(std::int64_t{5}))};
  const auto inputs = [&] {
    observer.windows(windows, instant(kNoon));
    return at(parsed(told.back()), {"inputs"});
  };
  CHECK(inputs().items.empty());

  SchemaChange change;
  change.topic = "orders-eu";
  auto schema = std::make_shared<SchemaText>();
  schema->text = R"({"type":"record","name":"O","fields":[{"name":"id","type":"long"}]})";
  change.to = schema;
  observer.schema(change, instant(kNoon));
  change.of_key = true;
  change.to = std::make_shared<SchemaText>();
  observer.schema(change, instant(kNoon));

  StreamStatus status;
  for (const std::int32_t number : {0, 1})
    status.partitions.emplace_back().partition = {.topic = "orders-eu", .number = number};
  observer.status(status);
  const JsonValue one = inputs();
  REQUIRE(one.items.size() == 1);
  CHECK(at(one, {"0", "facets", "schema", "fields", "0", "name"}).text == "id");
  CHECK(one.items[0].find("inputFacets") != nullptr);

  status.partitions.emplace_back().partition = {.topic = "orders-de", .number = 0};
  observer.status(status);
  const JsonValue both = inputs();
  REQUIRE(both.items.size() == 2);
  CHECK(at(both, {"0", "name"}).text == "orders-de");
  CHECK(both.items[0].find("inputFacets") == nullptr);
  CHECK(told[0].run_id == told[2].run_id);
}

}  // namespace weir
