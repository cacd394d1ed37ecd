// SPDX-License-Identifier: Apache-2.0
#include "app/record_profile.h"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "base/text.h"
#include "decode/decoders.h"
#include "summary/field_summary.h"
#include "summary/scatter.h"
#include "weir/check.h"
#include "windows/event_time.h"

namespace weir {
namespace {

constexpr std::uint32_t kFinestSketch = 4096;

}  // namespace

struct RecordProfiler::State {
 public:
  explicit State(const RecordProfiling& profiling) : profiling_(profiling) {
    plan_.rules.emplace_back();  // decode
    plan_.fields = profiling.fields;
    plan_.time = profiling.time;
    plan_.payload = profiling.payload;
    const std::uint64_t fields = std::max<std::size_t>(1, profiling.wanted.size());
    const std::uint64_t fits = profiling.raw_bytes / sizeof(double) / fields;
    raw_most_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(RecordProfiling::kMostRaw, fits));
    for (const ProfiledField& field : profiling.wanted) summaries_.emplace_back(spec_of(field));
    for (const std::vector<std::uint32_t>& columns : profiling.together) {
      ScatterSpec spec;
      spec.columns = columns;
      scatters_.emplace_back(spec);
    }
  }

  void add(const Messages& messages, Format format) {
    if (decoder_ == nullptr || format != format_) decoder_ = make_decoder(format, plan_);
    format_ = format;
    batch_.clear(plan_.fields.size());
    decoder_->decode(messages, batch_);
    made_.records += batch_.size();
    decoded_.clear();
    for (std::uint32_t row = 0; row < batch_.size(); ++row) {
      if (batch_.decoded[row]) decoded_.push_back(row);
    }
    made_.undecodable += batch_.size() - decoded_.size();
    for (std::size_t i = 0; i < summaries_.size(); ++i) {
      const ProfiledField& field = profiling_.wanted[i];
      summaries_[i].add(batch_.columns[field.column], elements_of(field));
    }
    for (std::size_t i = 0; i < scatters_.size(); ++i) {
      std::vector<const Column*> columns;
      for (const std::uint32_t column : profiling_.together[i]) columns.push_back(&batch_.columns[column]);
      scatters_[i].add(columns, decoded_);
    }
    add_times(messages);
  }

  void merge(const State& other) {
    for (std::size_t i = 0; i < summaries_.size(); ++i) summaries_[i].merge(other.summaries_[i]);
    for (std::size_t i = 0; i < scatters_.size(); ++i) scatters_[i].merge(other.scatters_[i]);
    made_.records += other.made_.records;
    made_.undecodable += other.made_.undecodable;
    if (other.made_.from && (!made_.from || *other.made_.from < *made_.from)) made_.from = other.made_.from;
    if (other.made_.to && (!made_.to || *other.made_.to > *made_.to)) made_.to = other.made_.to;
  }

  RecordProfile finish() {
    for (std::size_t i = 0; i < summaries_.size(); ++i) {
      summaries_[i].settle();
      const Profile& profile = made_.fields.emplace_back(profile_of(summaries_[i]));
      if (profile.finite == 0 || profile.has_raw()) continue;
      made_.notes.push_back(path_of(profiling_.wanted[i].column) + ": " + with_commas(profile.finite) +
                            " numbers are more than the " + with_commas(raw_most_) +
                            " that are kept one by one; a sketch stands for them");
    }
    for (std::size_t i = 0; i < scatters_.size(); ++i) {
      std::vector<std::string> paths;
      for (const std::uint32_t column : profiling_.together[i]) paths.push_back(path_of(column));
      made_.joints.push_back(profile_of(scatters_[i], paths));
    }
    return std::move(made_);
  }

 private:
  [[nodiscard]] std::string path_of(std::uint32_t column) const { return profiling_.fields[column].path.text(); }

  [[nodiscard]] SummarySpec spec_of(const ProfiledField& field) const {
    SummarySpec spec{.column = field.column,
                     .parts = Part::Moments | Part::HighMoments | Part::Raw | Part::Quantiles | Part::Distinct |
                              Part::Values | Part::Shape,
                     .edges = field.edges,
                     .raw_most = raw_most_,
                     .quantile_k = kFinestSketch,
                     .redacted = profiling_.fields[field.column].redacted};
    if (field.edges != nullptr && !field.edges->empty()) spec.parts |= Part::Histogram;
    return spec;
  }

  /// Of records that were decoded and of which `when` holds. Others have no element in a repeated column anyway.
  std::span<const std::uint32_t> elements_of(const ProfiledField& field) {
    const Column& column = batch_.columns[field.column];
    if (field.when == nullptr && !column.repeated()) return decoded_;
    elements_.clear();
    if (field.when == nullptr) {
      elements_.resize(column.size());
      std::iota(elements_.begin(), elements_.end(), 0U);
      return elements_;
    }
    const Instant now[1] = {profiling_.now};
    field.when->decide({.batch = batch_, .fields = plan_.fields, .columns = field.when_columns, .now = now}, truth_);
    for (std::uint32_t i = 0; i < column.size(); ++i) {
      const std::size_t row = column.row_of(i);
      if (batch_.decoded[row] && truth_.yes[row]) elements_.push_back(i);
    }
    return elements_;
  }

  void add_times(const Messages& messages) {
    if (!has_event_time(plan_, messages)) return;
    read_event_times(plan_, messages, batch_, times_, timed_);
    for (const std::uint32_t row : decoded_) {
      if (!timed_[row]) continue;
      if (!made_.from || times_[row] < *made_.from) made_.from = times_[row];
      if (!made_.to || times_[row] > *made_.to) made_.to = times_[row];
    }
  }

  const RecordProfiling& profiling_;
  Plan plan_;
  std::uint32_t raw_most_ = 0;
  std::vector<FieldSummary> summaries_;
  std::vector<ScatterSummary> scatters_;
  std::unique_ptr<Decoder> decoder_;
  Format format_ = Format::Auto;
  Batch batch_;
  Truth truth_;
  std::vector<std::uint32_t> decoded_;
  std::vector<std::uint32_t> elements_;
  std::vector<Instant> times_;
  Mask timed_;
  RecordProfile made_;
};

RecordProfiler::RecordProfiler(const RecordProfiling& profiling) : state_(std::make_unique<State>(profiling)) {}
RecordProfiler::RecordProfiler(RecordProfiler&&) noexcept = default;
RecordProfiler::~RecordProfiler() = default;

void RecordProfiler::add(const Messages& messages, Format format) {
  state_->add(messages, format);
}

void RecordProfiler::merge(const RecordProfiler& other) {
  state_->merge(*other.state_);
}

RecordProfile RecordProfiler::finish() {
  return state_->finish();
}

Result<RecordProfile> profile_records(RecordInput& input, const RecordProfiling& profiling) {
  RecordProfiler profiler(profiling);
  const Status read = input.each([&profiler](const Messages& messages, Format format) {
    profiler.add(messages, format);
    return true;
  });
  if (!read) return read.error();
  return profiler.finish();
}

Baseline baseline_of(const RecordProfile& profile, const RecordProfiling& profiling) {
  Baseline baseline;
  baseline.weir = WEIR_VERSION;
  baseline.records = profile.records - profile.undecodable;
  baseline.from = profile.from;
  baseline.to = profile.to;
  for (std::size_t i = 0; i < profile.fields.size(); ++i) {
    const Profile& field = profile.fields[i];
    const auto edges = std::make_shared<const std::vector<double>>(learn_edges(field, kDriftCells));
    baseline.fields.push_back(
        {.path = profiling.fields[profiling.wanted[i].column].path.text(), .profile = field.compact(edges)});
  }
  std::sort(baseline.fields.begin(), baseline.fields.end(),
            [](const BaselineField& a, const BaselineField& b) { return a.path < b.path; });
  baseline.joints = profile.joints;
  return baseline;
}

std::uint32_t add_field(FieldTable& fields, const FieldPath& path, const SeenFields& seen) {
  const std::int32_t known = fields.find(path);
  if (known != FieldTable::kNone) return static_cast<std::uint32_t>(known);
  const std::uint32_t column = fields.add(path);
  const auto found = std::find(seen.paths.begin(), seen.paths.end(), path);
  if (found != seen.paths.end())
    fields[column].cell_type = seen.types[static_cast<std::size_t>(found - seen.paths.begin())];
  return column;
}

}  // namespace weir
