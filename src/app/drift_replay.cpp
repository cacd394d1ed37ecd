// SPDX-License-Identifier: Apache-2.0
#include "app/drift_replay.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "app/calibration.h"
#include "app/record_profile.h"
#include "app/time_parts.h"
#include "app/window_shares.h"
#include "base/text.h"
#include "files/shelf_file.h"
#include "weir/engine.h"

namespace weir {
namespace {

constexpr double kLevel = 0.05;

bool compares_with_file(const DriftRule& rule) {
  return rule.reference.kind == DriftReference::Kind::File;
}

const WindowBlock& block_of(const Plan& plan, const DriftRule& rule) {
  return plan.windows[plan.window_rules[rule.rule].block];
}

/// An engine over the records that it is given, which keeps what drift rules say.
class WatchingEngine {
 public:
  WatchingEngine(std::shared_ptr<const Plan> plan, const DriftReplayRequest& request)
      : plan_(std::move(plan)), now_(request.now), shelf_(std::make_unique<ShelfFile>(request.shelf)) {}

  void step(const Messages& messages, Format format) {
    if (messages.items.empty()) return;
    if (engine_ == nullptr) {
      engine_ = std::make_unique<Engine>(
          plan_, EngineOptions{
                     .samples_per_rule = 0, .format = format, .now = now_, .all_windows = true, .shelf = shelf_.get()});
    } else if (format != format_) {
      engine_->begin_input(0, format);
    }
    format_ = format;
    keep(engine_->step(messages, now_));
  }

  Status finish() {
    if (engine_ != nullptr) keep(engine_->finish());
    if (shelf_->fault()) return *shelf_->fault();
    return Done{};
  }

  /// Verdicts by the id of their rule, of windows that lie within [from, to).
  void add_to(std::vector<ReplayedRule>& rules, Instant from, Instant to) {
    for (ReplayedRule& rule : rules) {
      const auto found = verdicts_.find(rule.id);
      if (found == verdicts_.end()) continue;
      for (const WindowVerdict& verdict : found->second) {
        if (verdict.start < from || verdict.end > to) continue;
        add(rule, verdict, rule.series.emplace(segment_of(verdict), rule.series.size()).first->second);
      }
      std::stable_sort(rule.windows.begin(), rule.windows.end(), [](const ReplayedWindow& a, const ReplayedWindow& b) {
        return a.series != b.series ? a.series < b.series : a.start < b.start;
      });
    }
    verdicts_.clear();
  }

 private:
  void keep(Outcome&& outcome) {
    for (WindowVerdict& verdict : outcome.windows.verdicts) {
      const RuleInfo& info = plan_->window_rules[verdict.rule].info;
      if (info.kind == RuleKind::Drift) verdicts_[info.id].push_back(std::move(verdict));
    }
  }

  static std::string segment_of(const WindowVerdict& verdict) {
    std::string name;
    if (verdict.segment == nullptr) return name;
    for (const auto& [field, value] : verdict.segment->values) name += value.value_or("") + '\x1f';
    return name;
  }

  static void add(ReplayedRule& rule, const WindowVerdict& verdict, std::size_t series) {
    if (verdict.drift == nullptr || verdict.drift->verdict == Verdict::NoData || verdict.drift->tests.empty()) {
      rule.unanswered += verdict.windows;
      return;
    }
    ReplayedWindow& window =
        rule.windows.emplace_back(ReplayedWindow{.series = series,
                                                 .start = verdict.start,
                                                 .drifted = verdict.drift->drifted,
                                                 .firing = verdict.drift->firing,
                                                 .inconclusive = verdict.drift->verdict == Verdict::Inconclusive,
                                                 .tests = {},
                                                 .dependence_known = verdict.drift->design_effect.has_value()});
    for (const DriftTestResult& test : verdict.drift->tests) {
      if (test.measured.kind != DriftMeasured::Kind::Value) continue;
      window.tests.push_back({.test = test.test,
                              .effect = test.measured.effect,
                              .tolerance = test.tolerance,
                              .significant = test.p_adjusted && *test.p_adjusted <= kLevel});
    }
  }

  std::shared_ptr<const Plan> plan_;
  Instant now_;
  std::unique_ptr<ShelfFile> shelf_;
  std::unique_ptr<Engine> engine_;
  Format format_ = Format::Auto;
  std::map<std::string, std::vector<WindowVerdict>> verdicts_;
};

class Replaying {
 public:
  Replaying(RecordInput& input, const Plan& plan, const DriftReplayRequest& request)
      : input_(input), plan_(plan), request_(request) {}

  Result<DriftReplay> run() {
    for (const DriftRule& rule : plan_.drift_rules) note_rule(rule);
    if (const Status known = find_span(); !known) return known.error();
    if (!from_files_.empty()) {
      if (const Status held_out = replay_held_out(); !held_out) return held_out.error();
    }
    if (!from_windows_.empty()) {
      if (const Status whole = replay_whole(); !whole) return whole.error();
    }
    return std::move(out_);
  }

 private:
  void note_rule(const DriftRule& rule) {
    const RuleInfo& info = plan_.window_rules[rule.rule].info;
    const WindowBlock& block = block_of(plan_, rule);
    if (block.kind != WindowKind::Time) {
      out_.notes.push_back(info.id + " has no `every`: it judges a whole input once, and there is no rate of alarms");
      return;
    }
    (compares_with_file(rule) ? from_files_ : from_windows_).insert(info.id);
    out_.rules.push_back({.id = info.id,
                          .paths = rule.paths,
                          .reference = rule.reference.text,
                          .held_out = compares_with_file(rule),
                          .every = block.every,
                          .fire = rule.fire,
                          .of = rule.of,
                          .clear = rule.clear,
                          .sequential = rule.sequential});
    longest_ = std::max(longest_, block.every);
  }

  Status find_span() {
    RecordProfiling times;
    times.fields = plan_.fields;
    times.time = plan_.time;
    const Result<RecordProfile> seen = profile_records(input_, times);
    if (!seen) return seen.error();
    out_.records = seen->records - seen->undecodable;
    if (out_.records == 0) return Error{.message = "there are no records in " + input_.name()};
    if (!seen->from || !seen->to) return Error{.message = "no record has a time that can be read"};
    out_.from = *seen->from;
    out_.to = *seen->to;
    return Done{};
  }

  [[nodiscard]] Instant aligned(Instant time) const {
    const std::int64_t ticks = time.time_since_epoch().count();
    const std::int64_t length = longest_.count();
    const std::int64_t slot = ticks >= 0 ? ticks / length : (ticks + 1) / length - 1;
    return Instant(Duration(slot * length));
  }

  /// Parts of about equal length that begin where windows do; fewer of them when there are few windows.
  [[nodiscard]] std::vector<Instant> edges() const {
    const Instant begin = aligned(out_.from);
    const std::int64_t windows = (aligned(out_.to) - begin) / longest_ + 1;
    const auto parts = std::min<std::int64_t>(DriftReplay::kParts, windows);
    std::vector<Instant> edges;
    for (std::int64_t i = 0; i <= parts; ++i) edges.push_back(begin + longest_ * (windows * i / parts));
    return edges;
  }

  /// Only these drift rules and what says which records are accepted; references from `baseline`.
  Result<std::shared_ptr<const Plan>> load(const std::set<std::string>& ids, const Baseline* baseline) const {
    LoadOptions options = request_.options;
    options.keep = [&ids](const RuleInfo& info) {
      return info.kind == RuleKind::Record || (info.kind == RuleKind::Drift && ids.contains(info.id));
    };
    options.read_references = baseline != nullptr;
    std::map<std::string, Result<Baseline>> written;  // references that are there, by path
    std::set<std::string> missing;
    if (baseline != nullptr) {
      const std::string secret = options.environment("WEIR_BASELINE_SECRET").value_or("");
      options.read_file = [&, read = request_.options.read_file](const std::string& path) -> Result<std::string> {
        Result<std::string> text = read(path);
        if (!text && path.ends_with(".json")) {
          missing.insert(path);
          return std::string();
        }
        if (!text || !is_baseline(*text)) return text;
        written.emplace(path, read_baseline(*text, path, secret));
        return std::string();
      };
      options.profile_records = [&](const ProfileRequest& asked) -> Result<Baseline> {
        const auto known = written.find(asked.path);
        if (known != written.end() && !known->second) return known->second.error();
        Baseline reference = *baseline;
        for (BaselineField& field : reference.fields) {
          // What the reference says of how windows differ; one that is still to be made will say what these data say.
          const BaselineField* const said = known != written.end() ? known->second->find(field.path) : nullptr;
          if (said != nullptr) field.profile.design_effect = said->profile.design_effect;
          if (said != nullptr) field.profile.design_windows = said->profile.design_windows;
          if (missing.contains(asked.path)) set_design_effect(field);
        }
        return reference;
      };
    }
    const Loaded loaded = load_rules(request_.rules, options);
    if (loaded.plan) return loaded.plan;
    return Error{.message = loaded.diagnostics.front().error.message, .help = loaded.diagnostics.front().error.help};
  }

  void set_design_effect(BaselineField& field) const {
    if (!shares_) return;
    for (std::size_t i = 0; i < profiling_.wanted.size(); ++i) {
      if (profiling_.fields[profiling_.wanted[i].column].path.text() != field.path) continue;
      field.profile.design_effect = shares_->design_effects[i];
      field.profile.design_windows = shares_->windows[i];
    }
  }

  /// Windows of drift rules, when all of them have the same length: what `weir baseline --rules` looks at.
  [[nodiscard]] std::optional<Duration> every() const {
    std::set<Duration> lengths;
    for (const DriftRule& rule : plan_.drift_rules) {
      const WindowBlock& block = block_of(plan_, rule);
      if (block.kind == WindowKind::Time) lengths.insert(block.every);
    }
    return lengths.size() == 1 ? std::optional(*lengths.begin()) : std::nullopt;
  }

  Status replay_held_out() {
    const std::vector<Instant> edges = this->edges();
    const std::size_t parts = edges.size() - 1;
    if (parts < 2)
      return Error{.message = "all records lie within one window: there is nothing left to compare it with",
                   .help = "take more data, or a shorter `every`"};
    out_.parts = parts;
    profiling_ = fields_of_files();
    TimeParts splitter(plan_, edges);
    std::vector<RecordProfiler> by_part;
    for (std::size_t i = 0; i < parts; ++i) by_part.emplace_back(profiling_);
    const auto each_part = [&](const auto& visit) {
      return input_.each([&](const Messages& messages, Format format) {
        const std::vector<Messages>& split = splitter.split(messages, format);
        for (std::size_t i = 0; i < parts; ++i) visit(i, split[i], format);
        return true;
      });
    };
    Status read = each_part([&](std::size_t i, const Messages& messages, Format format) {
      if (!messages.items.empty()) by_part[i].add(messages, format);
    });
    if (!read) return read;
    if (const std::optional<Duration> length = every()) {
      RecordProfiler all(profiling_);
      for (const RecordProfiler& part : by_part) all.merge(part);
      Result<WindowShares> shares = window_shares(input_, profiling_, all.finish(), *length);
      if (!shares) return shares.error();
      shares_ = *std::move(shares);
    }
    std::vector<WatchingEngine> engines;
    for (std::size_t i = 0; i < parts; ++i) {
      RecordProfiler others(profiling_);
      for (std::size_t j = 0; j < parts; ++j) {
        if (j != i) others.merge(by_part[j]);
      }
      const Baseline baseline = baseline_of(others.finish(), profiling_);
      const Result<std::shared_ptr<const Plan>> plan = load(from_files_, &baseline);
      if (!plan) return plan.error();
      engines.emplace_back(*plan, request_);
    }
    by_part.clear();
    read =
        each_part([&](std::size_t i, const Messages& messages, Format format) { engines[i].step(messages, format); });
    if (!read) return read;
    for (std::size_t i = 0; i < parts; ++i) {
      if (const Status finished = engines[i].finish(); !finished) return finished;
      engines[i].add_to(out_.rules, edges[i], edges[i + 1]);
    }
    return Done{};
  }

  [[nodiscard]] RecordProfiling fields_of_files() const {
    RecordProfiling profiling;
    profiling.fields = plan_.fields;
    profiling.now = request_.now;
    profiling.time = plan_.time;
    profiling.raw_bytes = RecordProfiling::kRawBytes / DriftReplay::kParts;
    std::set<std::uint32_t> taken;
    for (const DriftRule& rule : plan_.drift_rules) {
      if (!compares_with_file(rule)) continue;
      for (const std::uint32_t column : rule.columns) {
        if (taken.insert(column).second) profiling.wanted.push_back({.column = column});
      }
      if (rule.columns.size() > 1) profiling.together.push_back(rule.columns);
    }
    return profiling;
  }

  Status replay_whole() {
    const Result<std::shared_ptr<const Plan>> plan = load(from_windows_, nullptr);
    if (!plan) return plan.error();
    WatchingEngine engine(*plan, request_);
    const Status read = input_.each([&engine](const Messages& messages, Format format) {
      engine.step(messages, format);
      return true;
    });
    if (!read) return read;
    if (const Status finished = engine.finish(); !finished) return finished;
    engine.add_to(out_.rules, Instant::min(), Instant::max());
    for (ReplayedRule& rule : out_.rules) {
      if (!rule.held_out) leave_out_beginning(rule);
    }
    return Done{};
  }

  RecordInput& input_;
  const Plan& plan_;
  const DriftReplayRequest& request_;
  Duration longest_{};
  RecordProfiling profiling_;
  std::optional<WindowShares> shares_;
  std::set<std::string> from_files_;
  std::set<std::string> from_windows_;
  DriftReplay out_;
};

}  // namespace

Result<DriftReplay> replay_drift(RecordInput& input, const Plan& plan, const DriftReplayRequest& request) {
  return Replaying(input, plan, request).run();
}

}  // namespace weir
