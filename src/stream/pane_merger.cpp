// SPDX-License-Identifier: Apache-2.0
#include "stream/pane_merger.h"

#include <algorithm>
#include <utility>

#include "stream/progress.h"

namespace weir {

namespace {

constexpr Duration kJudgeEvery = std::chrono::milliseconds(100);
constexpr std::size_t kMostNamed = 5;  // missing partitions that a note names

}  // namespace

PaneMerger::PaneMerger(std::shared_ptr<const Plan> plan, Options options, RecordLog& log, PanePublisher& publisher,
                       StreamObserver& observer, std::function<std::vector<Partition>()> known)
    : plan_(std::move(plan)),
      options_(std::move(options)),
      log_(log),
      publisher_(publisher),
      observer_(observer),
      known_(std::move(known)) {}

PaneMerger::~PaneMerger() = default;

Status PaneMerger::start(Instant wall, Duration steady) {
  wall_ = started_ = wall;
  steady_ = steady;
  forget();
  return log_.start(*this);
}

void PaneMerger::forget() {
  shadows_.clear();
  judged_.reset();
  watermark_ = told_ = Instant::min();
  caught_up_ = false;
  begin_windows();
}

void PaneMerger::begin_windows() {
  layout_ = Engine(plan_, {.now = started_, .as_stream = true, .partition = true}).layout_id();
  windows_ = std::make_unique<StreamWindows>(
      plan_,
      StreamWindows::Options{
          .samples_per_rule = options_.samples_per_rule, .all_windows = true, .started = started_, .history = nullptr});
}

/// Always from the beginning: what is judged is everything that the topic still holds.
std::vector<std::int64_t> PaneMerger::assigned(std::span<const Partition> partitions) {
  std::vector<std::int64_t> out;
  partition_ = panes_partition(options_.stream, options_.topic.partitions());
  for (const Partition& partition : partitions) {
    const Result<Bounds> bounds = log_.bounds(partition);
    out.push_back(bounds ? bounds->first : 0);
    if (partition.number != partition_) continue;
    ours_ = true;
    forget();
  }
  return out;
}

void PaneMerger::revoked(std::span<const Partition> partitions, bool /*lost*/) {
  for (const Partition& partition : partitions) {
    if (partition.number != partition_) continue;
    ours_ = false;
    forget();
  }
}

void PaneMerger::turn(Instant wall, Duration steady) {
  wall_ = wall;
  steady_ = steady;
  log_.poll(Duration{}, options_.batch_records, events_);
  for (const Trouble& trouble : events_.troubles) observer_.trouble(trouble, wall);
  for (const Partition& partition : events_.out_of_range) {
    if (const Result<Bounds> bounds = log_.bounds(partition)) (void)log_.seek(partition, bounds->first);
  }
  for (const Fetched& fetched : events_.fetched) {
    if (fetched.partition.number != partition_) continue;
    for (std::size_t i = 0; i < fetched.messages.items.size(); ++i) {
      const Envelope& envelope = fetched.messages.envelopes[i];
      if (envelope.has_key && !envelope.tombstone) hear(envelope.key, fetched.messages.items[i].bytes);
    }
  }
  for (const Partition& partition : events_.ended) caught_up_ = caught_up_ || partition.number == partition_;
  if (ours_ && caught_up_ && steady >= judge_at_) {
    judge_at_ = steady + kJudgeEvery;
    judge();
  }
}

PaneMerger::Shadow& PaneMerger::shadow_of(const Partition& partition) {
  Shadow& shadow = shadows_[partition];
  if (shadow.engine == nullptr) {
    shadow.engine = std::make_unique<Engine>(
        plan_, EngineOptions{.now = started_, .as_stream = true, .all_windows = true, .partition = true});
  }
  return shadow;
}

void PaneMerger::hear(std::string_view key, std::string_view value) {
  if (const std::optional<PaneName> name = read_pane_name(key)) {
    // Panes of other rules belong to an instance that was not reloaded yet, or that was already.
    if (name->stream != options_.stream || name->layout != layout_) return;
    Shadow& shadow = shadow_of(name->partition);
    if (name->incarnation < shadow.incarnation) return;  // a former owner, after the claim of a later one
    std::uint64_t& whose = shadow.panes[{name->grid, name->place}];
    if (name->incarnation < whose) return;
    const Status put = shadow.engine->put_pane({.grid = name->grid, .place = name->place}, value);
    if (put) {
      whose = name->incarnation;
    } else {
      observer_.trouble(
          {.weight = Trouble::Weight::Passing,
           .event = "pane_unread",
           .message = "a pane of " + name->partition.topic + "[" + std::to_string(name->partition.number) +
                      "] cannot be read: " + put.error().message},
          wall_);
    }
    return;
  }
  if (const std::optional<ProgressName> name = read_progress_name(key)) {
    if (name->stream != options_.stream) return;
    const std::optional<PartitionProgress> progress = read_progress(value);
    Shadow& shadow = shadow_of(name->partition);
    if (!progress || name->incarnation < shadow.incarnation) return;
    shadow.incarnation = name->incarnation;
    shadow.progress = *progress;
    shadow.heard_at = steady_;
    if (progress->watermark) shadow.engine->set_progress(*progress->watermark);
    return;
  }
  if (read_judged_name(key) == options_.stream) {
    const std::optional<PartitionProgress> progress = read_progress(value);
    // Only of a predecessor: what is heard later is our own.
    if (progress && progress->watermark && !caught_up_) judged_ = progress->watermark;
  }
}

/// Whose a pane was is of no interest once its windows are judged; without this a stream would remember it for ever.
void PaneMerger::forget_judged_panes(Shadow& shadow) {
  if (shadow.panes.size() <= shadow.most_panes) return;
  std::set<std::pair<std::uint32_t, std::int64_t>> held;
  for (const PanePlace& pane : shadow.engine->panes()) held.emplace(pane.grid, pane.place);
  std::erase_if(shadow.panes, [&held](const auto& entry) { return !held.contains(entry.first); });
  shadow.most_panes = 1'000 + 2 * shadow.panes.size();
}

void PaneMerger::judge() {
  Instant least = Instant::max();
  Instant most = Instant::min();
  bool all_idle = true;
  std::vector<Partition> missing;
  for (const Partition& partition : known_()) {
    const auto at = shadows_.find(partition);
    const bool heard =
        at != shadows_.end() && at->second.incarnation > 0 && steady_ - at->second.heard_at < options_.max_wait;
    if (!heard) {
      if (at == shadows_.end()) shadow_of(partition).heard_at = steady_;
      if (at == shadows_.end() || steady_ - at->second.heard_at < options_.max_wait) {
        least = Instant::min();  // still awaited
        all_idle = false;
      } else {
        missing.push_back(partition);
      }
      continue;
    }
    const PartitionProgress& progress = at->second.progress;
    const Instant watermark = progress.watermark.value_or(Instant::min());
    most = std::max(most, watermark);
    if (progress.idle) continue;
    all_idle = false;
    least = std::min(least, watermark);
  }
  bool by_clock = false;
  if (all_idle && !shadows_.empty()) {
    const Instant clock = wall_ - plan_->time.out_of_order - options_.idle_after;
    by_clock = clock > most;
    least = std::max(most, clock);
  }
  if (least == Instant::min() || least == Instant::max()) return;
  std::vector<Engine*> engines;
  for (auto& [partition, shadow] : shadows_) engines.push_back(shadow.engine.get());
  if (judged_) {
    // What the predecessor said is not said again.
    (void)windows_->close(engines, *judged_, false);
    watermark_ = told_ = *std::exchange(judged_, std::nullopt);
  }
  if (least > watermark_) {
    watermark_ = least;
  } else {
    by_clock = false;
  }
  if (!by_clock && watermark_ < windows_->next_close(engines)) return;
  say(windows_->close(engines, watermark_, by_clock), missing);
  for (auto& [partition, shadow] : shadows_) forget_judged_panes(shadow);
}

void PaneMerger::say(WindowOutcome&& windows, const std::vector<Partition>& missing) {
  for (WindowVerdict& verdict : windows.verdicts) {
    const WindowBlock& block = plan_->windows[plan_->window_rules[verdict.rule].block];
    verdict.backfill = verdict.has_span &&
                       is_backfill(verdict.end, block.lateness, plan_->time.out_of_order, options_.idle_after, wall_);
    verdict.partial = verdict.partial || !missing.empty();
  }
  if (!missing.empty() && !windows.verdicts.empty()) {
    std::string note =
        "windows were judged without " + std::to_string(missing.size()) + " partitions of which nothing was heard:";
    for (std::size_t i = 0; i < std::min(missing.size(), kMostNamed); ++i)
      note += " " + missing[i].topic + "[" + std::to_string(missing[i].number) + "]";
    windows.notes.push_back(std::move(note));
  }
  const bool any = !windows.verdicts.empty();
  if (any || !windows.notes.empty()) observer_.windows(windows, wall_);
  if (!any || watermark_ == told_) return;
  publisher_.publish_judged(watermark_);
  told_ = watermark_;
}

void PaneMerger::reload(std::shared_ptr<const Plan> plan) {
  plan_ = std::move(plan);
  const std::optional<Instant> judged = watermark_ > Instant::min() ? std::optional(watermark_) : judged_;
  const bool caught_up = caught_up_;
  forget();
  judged_ = judged;
  // The panes of the new rules come with the next round of every instance that has them.
  caught_up_ = caught_up;
}

void PaneMerger::stop() {
  log_.close();
}

}  // namespace weir
