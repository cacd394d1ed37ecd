// SPDX-License-Identifier: Apache-2.0
// A turn of the loop: records in, judged, sent on; windows; what is due.
#include "stream/stream.h"

#include <algorithm>
#include <utility>

namespace weir {

namespace {

constexpr Duration kStatusEvery = std::chrono::milliseconds(200);
/// A group is settled by then: two rounds of joining.
constexpr Duration kWithout = std::chrono::seconds(20);
constexpr Duration kWeighEvery = std::chrono::seconds(1);
/// A broker that is away says so again and again, but the client keeps what it has said back for 30 seconds; one that was
/// not heard of for longer is back. Less, and a silence that is an outage would pass for one of the partitions.
constexpr Duration kTroubleLasts = std::chrono::seconds(45);
/// Between two turns that are further apart nobody listened: the process stood still.
constexpr Duration kListens = std::chrono::seconds(1);

}  // namespace

Stream::Stream(std::shared_ptr<const Plan> plan, StreamOptions options, StreamParts parts)
    : plan_(std::move(plan)),
      options_(std::move(options)),
      parts_(std::move(parts)),
      outgoing_(parts_.quarantine, parts_.clean, parts_.outlet,
                {.records = options_.most_waiting, .bytes = options_.most_waiting_bytes}, options_.seed),
      clock_({.out_of_order = plan_->time.out_of_order, .idle_after = options_.idle_after}) {}

Stream::~Stream() = default;

Status Stream::start(Moment now) {
  now_ = now;
  started_ = now.wall;
  if (parts_.history == nullptr) parts_.history = &own_history_;
  save_at_ = now.steady + options_.snapshot_every;
  without_until_ = now.steady + kWithout;
  parts_.outlet.use(plan_);
  parts_.observer.rules(plan_);
  begin_windows();
  if (parts_.transactions != nullptr) {
    const Status fenced = parts_.transactions->start();
    if (!fenced && fenced.error().code == "broker_silent") {
      note({.weight = Trouble::Weight::Passing, .event = fenced.error().code, .message = fenced.error().message});
      publish_status();
    }
    if (!fenced) return fenced;
  }
  const Status started = parts_.log.start(*this);
  if (started) phase_ = StreamStatus::Phase::Running;
  publish_status();
  return started;
}

Stream::End Stream::turn(Moment now, Duration wait) {
  const Duration since_last_turn = now.steady - now_.steady;
  now_ = now;
  if (failure_) return End::Failed;
  parts_.log.poll(held_ ? std::min<Duration>(wait, std::chrono::milliseconds(10)) : wait, options_.batch_records,
                  events_);
  note_all(events_.troubles);
  if (!events_.fetched.empty() || !events_.ended.empty()) broker_fault_.clear();
  for (const Fetched& fetched : events_.fetched) {
    if (halted_ || failure_) break;
    judge(fetched);
  }
  // Behind what was read of them before their position was gone.
  for (const Partition& partition : events_.out_of_range) {
    if (!halted_ && !failure_) take_up_again(partition);
  }
  for (const Partition& partition : events_.ended) {
    if (Lane* const lane = find(partition)) lane->quiet.caught_up = true;
  }
  for (auto& [partition, lane] : lanes_) {
    if (parts_.log.is_held(partition)) lane.quiet = {.caught_up = false, .since = now_.steady};
  }
  if (since_last_turn > kListens || !broker_fault_.empty() || held_) forget_silence(since_last_turn);
  // Behind what was read, which came from elsewhere; and behind poll(), which says whether they are still ours to claim.
  if (!failure_) begin_late_lanes();
  if (!failure_) pump();
  if (!failure_) close_windows();
  if (!failure_) save_when_due();
  hold_or_release();
  publish_status();
  if (failure_) return End::Failed;
  if (halted_) return finish();
  if (options_.until_end && is_at_end()) return finish();
  return End::Running;
}

/// A partition is silent only as long as somebody listens to it: while the broker is away, or partitions are held, or the
/// process stood still, records come that nobody sees.
void Stream::forget_silence(Duration time) {
  for (auto& [partition, lane] : lanes_) lane.quiet.since = std::min(lane.quiet.since + time, now_.steady);
}

void Stream::judge(const Fetched& fetched) {
  Lane* const lane = find(fetched.partition);
  if (lane == nullptr || fetched.next_offset <= lane->next_offset) return;
  if (fetched.messages.items.empty()) {  // nothing but the marks of transactions
    lane->next_offset = fetched.next_offset;
    return;
  }
  if (options_.exactly_once) begin_transaction();
  if (failure_) return;  // nothing goes out beside a transaction
  lane->quiet = {.caught_up = false, .since = now_.steady};
  Outcome outcome = lane->engine->step(fetched.messages, now_.wall);
  halted_ = outcome.halted;
  lane->next_offset =
      halted_ ? static_cast<std::int64_t>(fetched.messages.items[outcome.records - 1].offset) + 1 : fetched.next_offset;
  send(fetched, outcome);
  WindowOutcome windows = std::exchange(outcome.windows, WindowOutcome{});
  parts_.observer.judged(fetched, outcome, now_.wall);
  say_windows(std::move(windows));
  if (lane->partial && !lane->partial_until && lane->engine->watermark() > Instant::min()) {
    // What was not seen happened before the first records that were, give or take the order; and was written before them.
    const Instant written =
        fetched.messages.envelopes.empty() ? Instant::min() : fetched.messages.envelopes[0].timestamp;
    lane->partial_until = std::max(lane->engine->watermark() + 2 * plan_->time.out_of_order,
                                   std::min(written, now_.wall + plan_->time.max_future));
    windows_->partial_until(*lane->partial_until);
  }
  if (options_.keep_outcome) found().merge(std::move(outcome));
}

void Stream::send(const Fetched& fetched, const Outcome& outcome) {
  routed_.clear();
  parts_.outlet.route(fetched, outcome, parts_.log, now_.wall, routed_);
  std::uint64_t records = 0;
  broken_.assign(plan_->rules.size(), 0);
  for (OwnRecord& record : routed_) {
    if (!record.clean && record.failing < outcome.failing.size()) {
      ++records;
      for (const Violation& violation : outcome.failing[record.failing].violations) ++broken_[violation.rule];
    }
    outgoing_.add(std::move(record));
  }
  if (records > 0) parts_.observer.quarantined(records, broken_);
}

void Stream::pump() {
  troubles_.clear();
  outgoing_.pump(now_.steady, troubles_);
  note_all(troubles_);
}

/// Nothing more comes in as long as what came in cannot go out.
void Stream::hold_or_release() {
  const bool open = parts_.outlet.is_open(now_.wall);
  const bool wait = outgoing_.is_full() || !outgoing_.fault().empty() || !open || now_.steady < retry_at_;
  if (!held_ && wait) {
    for (const auto& [partition, lane] : lanes_) parts_.log.pause(partition);
    for (const Partition& partition : late_lanes_) parts_.log.pause(partition);
    held_ = true;
  } else if (held_ && !wait && outgoing_.has_room()) {
    for (const auto& [partition, lane] : lanes_) parts_.log.resume(partition);
    for (const Partition& partition : late_lanes_) parts_.log.resume(partition);
    held_ = false;
  }
}

// ---- other rules

void Stream::reload(std::shared_ptr<const Plan> plan) {
  pending_.reset();  // of other rules
  for (auto& [partition, lane] : lanes_) {
    const std::string state = lane.engine->write_state();
    lane.engine = new_engine(plan);
    const Result<StateRead> read = lane.engine->read_state(state);
    if (read) continue;
    // What it read before it stumbled must not be taken for the whole.
    lane.engine = new_engine(plan);
    lane.partial = true;
    lane.partial_until.reset();
    note({.weight = Trouble::Weight::Passing, .event = "state_unread", .message = read.error().message});
  }
  plan_ = std::move(plan);
  parts_.outlet.use(plan_);
  parts_.observer.rules(plan_);
  if (parts_.panes != nullptr) parts_.panes->restart();
  outcome_ = uncommitted_ = Outcome{};
  clock_ = StreamClock({.out_of_order = plan_->time.out_of_order, .idle_after = options_.idle_after});
  begin_windows();
}

// ---- the end

bool Stream::is_at_end() const {
  if (!started_once_ || !late_lanes_.empty()) return false;
  // A member that has no partition yet may still get some; one that gets none has nothing to do.
  if (lanes_.empty()) return now_.steady >= without_until_;
  return std::all_of(lanes_.begin(), lanes_.end(), [this](const auto& entry) {
    return entry.second.next_offset >= stop_at_.at(entry.first) || entry.second.quiet.caught_up;
  });
}

/// Judges what is still open as the end of a file would, saves it open, and leaves.
Stream::End Stream::finish() {
  // Of windows over all instances this one knows only its part.
  if (!halted_ && parts_.panes == nullptr) {
    const std::vector<Engine*> all = engines();
    say_windows(windows_->judge_open(all));
  }
  const bool halted = halted_;
  const End end = stop([this] { return now_; });
  if (end != End::Stopped) return end;
  if (unsaved_) {
    fail({.weight = Trouble::Weight::Fatal,
          .event = "drain_unfinished",
          .message = "not everything that was judged could be written and saved: the next run judges it again"});
    return End::Failed;
  }
  take_found();
  return halted ? End::Halted : End::Finished;
}

Stream::End Stream::stop(const std::function<Moment()>& clock) {
  now_ = clock();
  phase_ = StreamStatus::Phase::Draining;
  publish_status();
  parts_.log.close();  // comes back as revoked()
  phase_ = failure_ ? StreamStatus::Phase::Failed : StreamStatus::Phase::Stopped;
  publish_status();
  return failure_ ? End::Failed : End::Stopped;
}

// ---- what people are told

void Stream::note(const Trouble& trouble) {
  parts_.observer.trouble(trouble, now_.wall);
  if (trouble.weight == Trouble::Weight::Fatal) fail(trouble);
  // A file is none of the broker's: see Outgoing::trouble().
  if (trouble.event.starts_with("file_")) return;
  if (trouble.event.starts_with("broker") || trouble.weight == Trouble::Weight::Standing) {
    broker_fault_ = trouble.message;
    trouble_until_ = now_.steady + kTroubleLasts;
  }
}

void Stream::note_all(std::vector<Trouble>& troubles) {
  for (const Trouble& trouble : troubles) note(trouble);
  troubles.clear();
}

void Stream::fail(const Trouble& trouble) {
  if (failure_) return;
  failure_ = trouble;
  phase_ = StreamStatus::Phase::Failed;
}

void Stream::publish_status() {
  if (now_.steady >= trouble_until_) broker_fault_.clear();
  if (now_.steady < status_at_ && phase_ == StreamStatus::Phase::Running) return;
  status_at_ = now_.steady + kStatusEvery;
  if (now_.steady >= weigh_at_) {  // every pane is looked at
    weigh_at_ = now_.steady + kWeighEvery;
    window_bytes_ = 0;
    for (const auto& [partition, lane] : lanes_) window_bytes_ += lane.engine->window_bytes();
  }
  parts_.observer.status(status());
}

std::string Stream::quarantine_fault() const {
  if (!outgoing_.trouble().empty() || !parts_.outputs_fault) return outgoing_.trouble();
  return parts_.outputs_fault(outgoing_.waiting() > 0);
}

StreamStatus Stream::status() const {
  StreamStatus out;
  out.stream = options_.name;
  out.phase = phase_;
  out.rebalances = rebalances_;
  out.partial_windows = partial_windows_;
  out.window_bytes = window_bytes_;
  out.turned_at = now_.wall;
  if (clock_.watermark() > Instant::min()) out.watermark = clock_.watermark();
  for (const auto& [partition, lane] : lanes_) {
    PartitionStatus one;
    one.partition = partition;
    one.next_offset = lane.next_offset;
    one.committed = lane.committed;
    one.end = parts_.log.known_end(partition);
    if (lane.engine->watermark() > Instant::min()) one.watermark = lane.engine->watermark();
    one.caught_up = lane.quiet.caught_up;
    one.idle = clock_.is_idle(lane.quiet, now_.steady);
    one.paused = held_;
    one.held = parts_.log.is_held(partition);
    one.partial = lane.partial;
    one.waiting = outgoing_.waiting_of(partition);
    one.snapshot_at = lane.snapshot_at;
    one.state_bytes = lane.state_bytes;
    out.partitions.push_back(std::move(one));
  }
  const auto say = [&out](std::string name, bool ok, std::string reason) {
    out.readiness.push_back({.name = std::move(name), .ok = ok, .reason = ok ? std::string() : std::move(reason)});
  };
  say("running", phase_ == StreamStatus::Phase::Running,
      failure_ ? failure_->message
               : (phase_ == StreamStatus::Phase::Draining ? "draining before the end" : "not running"));
  say("assigned", started_once_ && late_lanes_.empty(),
      started_once_ ? "partitions wait for the broker" : "no partition was assigned yet");
  say("broker", broker_fault_.empty(), broker_fault_);
  const std::string quarantine = quarantine_fault();
  say("quarantine", quarantine.empty(), quarantine);
  say("state", state_fault_.empty(), state_fault_);
  for (Readiness& one : parts_.log.readiness()) out.readiness.push_back(std::move(one));
  return out;
}

}  // namespace weir
