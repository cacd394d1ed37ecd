// SPDX-License-Identifier: Apache-2.0
#include "app/backtest_stream.h"

#include <chrono>
#include <map>
#include <utility>

#include "app/backtest_log.h"
#include "app/interrupt.h"
#include "stream/stream.h"

namespace weir {
namespace {

constexpr Duration kWait = std::chrono::milliseconds(100);
// A broker that stays away for longer has not read the stretch to its end.
constexpr Duration kPatience = std::chrono::seconds(30);
constexpr std::size_t kBatch = 8'000;

/// Nothing is ever sent: nothing comes here.
class NoOut final : public RecordOut {
 public:
  Taken write(const OutRecord& /*record*/, std::uint64_t /*token*/) override { return Taken::Full; }
  void poll(std::vector<Delivered>& /*delivered*/, std::vector<Trouble>& /*troubles*/) override {}
  bool flush(Duration /*wait*/) override { return true; }
};

class NoOutlet final : public Outlet {
 public:
  void route(const Fetched& /*fetched*/, const Outcome& /*outcome*/, RecordLog& /*log*/, Instant /*now*/,
             std::vector<OwnRecord>& /*out*/) override {}
  std::optional<OwnRecord> stub_of(const OwnRecord& /*record*/) override { return std::nullopt; }
  void use(std::shared_ptr<const Plan> /*plan*/) override {}
};

class NoStore final : public SnapshotStore {
 public:
  Result<std::vector<Snapshot>> restore(const Partition& /*partition*/, std::vector<Trouble>& /*troubles*/) override {
    return std::vector<Snapshot>();
  }
  Status save(std::span<const Snapshot> /*snapshots*/) override { return Done{}; }
  void release(const Partition& /*partition*/) override {}
  [[nodiscard]] std::string id() const override { return "none"; }
};

class SideObserver final : public StreamObserver {
 public:
  SideObserver(const Stretch& stretch, CaughtRecords* caught, BacktestProgress& progress)
      : caught_(caught), progress_(progress) {
    for (const auto& [partition, bounds] : stretch)
      parts_.emplace(partition, static_cast<std::uint32_t>(parts_.size()));
  }

  void judged(const Fetched& fetched, const Outcome& outcome, Instant /*now*/) override {
    for (const Message& message : fetched.messages.items) bytes_ += message.bytes.size();
    progress_.records += outcome.records;
    progress_.failures += outcome.failing.size();
    if (caught_ != nullptr) caught_->add(parts_.at(fetched.partition), false, outcome);
  }
  /// What no waiting heals; the rest is a matter of patience.
  void trouble(const Trouble& trouble, Instant /*now*/) override {
    last_ = trouble.message;
    if (trouble.weight != Trouble::Weight::Passing && !fault_) fault_ = Error{.message = trouble.message};
  }

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] const std::optional<Error>& fault() const { return fault_; }
  [[nodiscard]] const std::string& last() const { return last_; }

 private:
  CaughtRecords* caught_;
  BacktestProgress& progress_;
  std::map<Partition, std::uint32_t> parts_;
  std::uint64_t bytes_ = 0;
  std::optional<Error> fault_;
  std::string last_;
};

Duration steady() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

/// Everything at once where there is nobody to hand it to: what is kept is kept until the end, and the end is near.
StreamOptions options_of(const TopicInput& input) {
  StreamOptions options;
  options.name = input.stream.name.value;
  options.until_end = true;
  options.snapshot_every = std::chrono::hours(24 * 365);
  options.idle_after = Duration(0);  // a partition that has ended stays so: see StretchLog
  options.batch_records = kBatch;
  options.keep_outcome = true;
  return options;
}

Error nothing_came(const RecordLog& log, const std::string& trouble) {
  std::string words = "nothing came for 30 s, and the stretch was not read to its end";
  if (!trouble.empty()) words += ": " + trouble;
  for (const Readiness& one : log.readiness()) {
    if (!one.ok) words += ", " + one.reason;
  }
  return {.message = words};
}

}  // namespace

StretchJudged judge_log(std::unique_ptr<RecordLog> log, const TopicInput& input,
                        const std::shared_ptr<const Plan>& plan, const Stretch& stretch, Instant now,
                        CaughtRecords* caught, BacktestProgress& progress) {
  StretchJudged out;
  StretchLog part(std::move(log), stretch);
  NoOut nowhere;
  NoOutlet outlet;
  NoStore store;
  SideObserver observer(stretch, caught, progress);
  Stream stream(
      plan, options_of(input),
      {.log = part, .quarantine = nowhere, .clean = nowhere, .store = store, .outlet = outlet, .observer = observer});
  if (const Status started = stream.start({.wall = now, .steady = steady()}); !started) {
    out.fault = started.error();
    return out;
  }
  Stream::End end = Stream::End::Running;
  Duration moved = steady();
  std::uint64_t records = 0;
  while (end == Stream::End::Running && InterruptGuard::signal() == 0) {
    end = stream.turn({.wall = now, .steady = steady()}, kWait);
    out.fault = part.fault() ? part.fault() : observer.fault();
    if (out.fault) break;
    if (std::exchange(records, progress.records.load()) != progress.records.load()) moved = steady();
    if (steady() - moved > kPatience && end == Stream::End::Running) {
      out.fault = nothing_came(part, observer.last());
      break;
    }
  }
  if (end == Stream::End::Running || end == Stream::End::Failed)
    (void)stream.stop([now] { return Moment{.wall = now, .steady = steady()}; });
  if (stream.failure() && !out.fault) out.fault = Error{.message = stream.failure()->message};
  out.finished = end == Stream::End::Finished || end == Stream::End::Halted;
  out.outcome = stream.outcome();
  out.bytes = observer.bytes();
  return out;
}

StretchJudged judge_stretch(const TopicInput& input, const std::shared_ptr<const Plan>& plan, const Stretch& stretch,
                            SchemaSupply& schemas, Instant now, CaughtRecords* caught, BacktestProgress& progress) {
  StretchJudged out;
  const bool headers = reads_headers(*plan) || (schemas.has_registry() && reads_schema_headers(*plan));
  Result<std::unique_ptr<RecordLog>> log = open_topic(input, *plan, headers);
  if (!log) {
    out.fault = log.error();
    return out;
  }
  if (schemas.has_registry()) *log = schemas.gate(*std::move(log), *plan, [](const SchemaChange&) {});
  return judge_log(*std::move(log), input, plan, stretch, now, caught, progress);
}

}  // namespace weir
