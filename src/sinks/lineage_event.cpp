// SPDX-License-Identifier: Apache-2.0
#include "sinks/lineage_event.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>

#include "base/escape.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "sinks/lineage_facets.h"

namespace weir {
namespace {

constexpr std::string_view kEventSchema = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
constexpr std::size_t kMostErrors = 5;  // rules that an error message names
constexpr std::size_t kMostCause = 300;

/// Rules whose windows are cut and closed in the same way are judged together.
std::string cut_of(const WindowBlock& block) {
  std::string cut =
      block.extent + " " + format_duration(block.size) + " " + format_duration(block.lateness) + " " + block.zone;
  for (const SegmentField& field : block.segment) cut += "\n" + field.path;
  return cut;
}

using LineageKey = std::tuple<Instant, Instant, std::string, bool>;  // start, end, cut, revised

/// The windows in the order in which they were judged.
struct LineageGroups {
  std::map<LineageKey, std::size_t> places;
  std::vector<std::pair<LineageKey, LineageWindow>> windows;
};

LineageGroups groups_of(const WindowOutcome& outcome, const Plan& plan) {
  LineageGroups groups;
  std::vector<std::string> cuts;
  for (const WindowBlock& block : plan.windows) cuts.push_back(cut_of(block));
  for (const WindowVerdict& verdict : outcome.verdicts) {
    if (verdict.partial || !verdict.has_span || verdict.rule >= plan.window_rules.size()) continue;
    LineageKey key{verdict.start, verdict.end, cuts[plan.window_rules[verdict.rule].block], verdict.revised};
    const auto [place, is_new] = groups.places.try_emplace(key, groups.windows.size());
    if (is_new) groups.windows.emplace_back(std::move(key), LineageWindow{.plan = plan, .verdicts = {}});
    groups.windows[place->second].second.verdicts.push_back(&verdict);
  }
  for (auto& [key, window] : groups.windows) {
    const auto rank = [](const WindowVerdict* one) {
      return one->verdict == Verdict::Error || one->verdict == Verdict::Fail ? 0
             : one->verdict == Verdict::Warn                                 ? 1
                                                                             : 2;
    };
    std::stable_sort(window.verdicts.begin(), window.verdicts.end(),
                     [&](const WindowVerdict* a, const WindowVerdict* b) { return rank(a) < rank(b); });
    if (window.verdicts.size() > kMostLineageResults) window.verdicts.resize(kMostLineageResults);
  }
  return groups;
}

std::string run_id_of(const LineageNames& names, const LineageKey& key, const LineageWindow& window) {
  const auto& [start, end, cut, revised] = key;
  JsonWriter what;
  what.begin_array().value(names.job_namespace).value(names.job).value(cut);
  what.value(std::int64_t{start.time_since_epoch().count()}).value(std::int64_t{end.time_since_epoch().count()});
  if (revised) {
    for (const WindowVerdict* const verdict : window.verdicts) {
      what.value(window.plan.window_rules[verdict->rule].info.id).value(static_cast<int>(verdict->verdict));
      what.value(show(verdict->observed, verdict->observed_is_rate));
      if (verdict->segment == nullptr) continue;
      for (const auto& [field, value] : verdict->segment->values) what.value(value.value_or(""));
    }
  }
  return lineage_run_id(end, what.end_array().take());
}

/// What could not be judged, by the first rules of which that is so; empty: all could.
std::string error_of(const LineageWindow& window) {
  std::string words;
  std::size_t errors = 0;
  for (const WindowVerdict* const verdict : window.verdicts) {
    if (verdict->verdict != Verdict::Error || ++errors > kMostErrors) continue;
    const std::string& why = verdict->cause.empty() ? verdict->observed.text : verdict->cause;
    words +=
        (words.empty() ? "" : "; ") + window.plan.window_rules[verdict->rule].info.id + ": " + visible(why, kMostCause);
  }
  if (errors > kMostErrors) words += "; and " + std::to_string(errors - kMostErrors) + " more";
  return words;
}

class EventWriter {
 public:
  EventWriter(const LineageNames& names, const std::vector<LineageField>& fields, Instant now)
      : names_(names), fields_(fields), now_(now), producer_("pkg:generic/weir@" + names.version) {}

  LineageEvent write(const LineageKey& key, const LineageWindow& window) const {
    LineageEvent event{.run_id = run_id_of(names_, key, window), .body = {}};
    const std::string error = error_of(window);
    JsonWriter json;
    json.begin_object().field("eventType", error.empty() ? "COMPLETE" : "FAIL");
    json.field("eventTime", format_timestamp(now_)).field("producer", producer_).field("schemaURL", kEventSchema);
    write_run(json, event.run_id, key, window, error);
    write_job(json, window);
    write_inputs(json, window);
    json.key("outputs").begin_array();
    for (const std::string& topic : names_.outputs) {
      begin_dataset(json, topic);
      json.end_object().end_object();
    }
    event.body = json.end_array().end_object().take();
    return event;
  }

 private:
  void begin(JsonWriter& json, std::string_view key, std::string_view facet) const {
    begin_lineage_facet(json, key, facet, producer_);
  }

  void write_run(JsonWriter& json, const std::string& id, const LineageKey& key, const LineageWindow& window,
                 const std::string& error) const {
    json.key("run").begin_object().field("runId", id).key("facets").begin_object();
    begin(json, "nominalTime", "NominalTimeRunFacet 1-0-1");
    json.field("nominalStartTime", format_timestamp(std::get<0>(key)));
    json.field("nominalEndTime", format_timestamp(std::get<1>(key))).end_object();
    begin(json, "processing_engine", "ProcessingEngineRunFacet 1-1-1");
    json.field("version", names_.version).field("name", "weir").end_object();
    write_lineage_tests(json, window, names_.inputs.size() != 1, producer_);
    if (!error.empty()) {
      begin(json, "errorMessage", "ErrorMessageRunFacet 1-0-1");
      json.field("message", error).field("programmingLanguage", "C++").end_object();
    }
    json.end_object().end_object();
  }

  void write_job(JsonWriter& json, const LineageWindow& window) const {
    json.key("job").begin_object().field("namespace", names_.job_namespace).field("name", names_.job);
    json.key("facets").begin_object();
    begin(json, "jobType", "JobTypeJobFacet 2-0-4");
    json.field("processingType", "STREAMING").field("integration", "WEIR").field("jobType", "JOB");
    json.key("emissionPattern").begin_object();
    const WindowBlock& block = window.plan.windows[window.plan.window_rules[window.verdicts.front()->rule].block];
    const std::int64_t seconds = std::chrono::duration_cast<std::chrono::seconds>(block.every).count();
    const bool periodic = block.kind == WindowKind::Time && seconds >= 1;
    json.field("eventTrigger", periodic ? "PERIODIC" : "EVENT_BASED").field("eventContentMode", "COMPLETE_SNAPSHOT");
    if (periodic) json.field("windowDuration", seconds);
    json.end_object().end_object().end_object().end_object();
  }

  void begin_dataset(JsonWriter& json, const std::string& topic) const {
    json.begin_object().field("namespace", names_.dataset_namespace).field("name", topic);
    json.key("facets").begin_object();
    begin(json, "datasetType", "DatasetTypeDatasetFacet 1-0-1");
    json.field("datasetType", "TOPIC").end_object();
  }

  void write_inputs(JsonWriter& json, const LineageWindow& window) const {
    json.key("inputs").begin_array();
    for (const std::string& topic : names_.inputs) {
      begin_dataset(json, topic);
      const bool only = names_.inputs.size() == 1;
      if (only) write_lineage_schema(json, fields_, producer_);
      json.end_object();
      if (only) {
        json.key("inputFacets").begin_object();
        write_lineage_metrics(json, window, producer_);
        write_lineage_assertions(json, window, producer_);
        json.end_object();
      }
      json.end_object();
    }
    json.end_array();
  }

  const LineageNames& names_;
  const std::vector<LineageField>& fields_;
  Instant now_;
  std::string producer_;
};

}  // namespace

void tell_lineage(const WindowOutcome& windows, const Plan& plan, const LineageNames& names,
                  const std::vector<LineageField>& fields, Instant now, const TellLineage& tell) {
  const EventWriter writer(names, fields, now);
  for (const auto& [key, window] : groups_of(windows, plan).windows) tell(writer.write(key, window));
}

std::string lineage_run_id(Instant at, std::string_view what) {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr int kDigitsOfTime = 12;
  constexpr std::size_t kDigits = 32;
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
  const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(0, milliseconds));
  std::string digits;
  for (int i = kDigitsOfTime - 1; i >= 0; --i) digits += kHex[(time >> (4 * i)) & 0xF];
  digits += sha256_hex(what);
  digits.resize(kDigits);
  digits[12] = '7';  // the version
  const std::size_t variant = kHex.find(digits[16]);
  digits[16] = kHex[(variant & 0x3) | 0x8];
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12, 4) + "-" + digits.substr(16, 4) +
         "-" + digits.substr(20);
}

}  // namespace weir
