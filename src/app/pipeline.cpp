// SPDX-License-Identifier: Apache-2.0
// Every worker takes the next block, judges it by itself and puts it in line; whoever finds the line's head ready settles what is
// ready, in order. Nobody waits for anybody while there is a free slot.
#include "app/pipeline.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace weir {

namespace {

/// A block on its way through the pipeline.
struct Work {
  Block block;
  std::vector<Messages> parts;  // only when batches are cut smaller than a block
  std::vector<Judged> judged;   // one a part, or one for the block
  Status read = Done{};         // an error ends the run when its turn comes
  bool end = false;
};

/// Cuts a block's messages into batches of at most `records`.
void cut_into_parts(const Messages& messages, std::uint64_t records, std::vector<Messages>& parts) {
  parts.clear();
  for (std::size_t i = 0; i < messages.items.size(); i += records) {
    const std::size_t end = std::min<std::size_t>(messages.items.size(), i + records);
    Messages part;
    part.items.assign(messages.items.begin() + static_cast<std::ptrdiff_t>(i),
                      messages.items.begin() + static_cast<std::ptrdiff_t>(end));
    part.header = messages.header;
    part.stretch = messages.stretch;
    part.columns = messages.columns;
    parts.push_back(std::move(part));
  }
  if (parts.empty()) parts.emplace_back();
}

class Pipeline {
 public:
  Pipeline(FileSource& source, std::shared_ptr<const Plan> plan, Engine& engine, const PipelineOptions& options,
           const OnStep& on_step)
      : source_(source), plan_(std::move(plan)), engine_(engine), options_(options), on_step_(on_step) {}

  Status run() {
    const unsigned threads = std::max(1U, options_.threads);
    // A slot for each thread's block, and as many that wait for their turn.
    slots_.resize(threads == 1 ? 1 : 2 * threads + 1);
    for (Work& work : slots_) free_.push_back(&work);
    std::vector<std::thread> others;
    for (unsigned i = 1; i < threads; ++i) others.emplace_back([this] { work_through(); });
    work_through();
    for (std::thread& other : others) other.join();
    return result_;
  }

 private:
  void work_through() {
    RecordJudge judge(plan_, source_.format());
    while (Work* const work = take_slot()) {
      std::uint64_t turn = 0;
      if (!read(*work, turn)) {
        give_back(work);
        return;
      }
      if (work->read.ok() && !work->end) judge_block(judge, *work);
      settle_in_turn(work, turn);
    }
  }

  Work* take_slot() {
    std::unique_lock lock(order_);
    slot_free_.wait(lock, [this] { return stopped_ || !free_.empty(); });
    if (stopped_) return nullptr;
    Work* const work = free_.back();
    free_.pop_back();
    return work;
  }

  void give_back(Work* work) {
    const std::lock_guard lock(order_);
    free_.push_back(work);
    slot_free_.notify_one();
  }

  bool read(Work& work, std::uint64_t& turn) {
    const std::lock_guard lock(reading_);
    if (ended_) return false;
    turn = next_read_++;
    const Result<bool> more = source_.next(work.block);
    work.read = more.ok() ? Status(Done{}) : Status(more.error());
    work.end = more.ok() && !*more;
    ended_ = work.end || !more.ok();
    return true;
  }

  void judge_block(RecordJudge& judge, Work& work) {
    source_.cut(work.block);
    if (options_.batch_records == 0) {
      work.judged.resize(1);
      judge.judge(work.block.messages, options_.now, work.judged[0]);
      work.judged[0].lines = work.block.lines;
      return;
    }
    cut_into_parts(work.block.messages, options_.batch_records, work.parts);
    work.judged.resize(work.parts.size());
    for (std::size_t i = 0; i < work.parts.size(); ++i) {
      judge.judge(work.parts[i], options_.now, work.judged[i]);
      work.judged[i].lines = i + 1 == work.parts.size() ? work.block.lines : 0;
    }
  }

  void settle_in_turn(Work* work, std::uint64_t turn) {
    std::unique_lock lock(order_);
    ready_.emplace(turn, work);
    if (settling_) return;
    settling_ = true;
    while (!ready_.empty() && ready_.begin()->first == next_settled_) {
      Work* const head = ready_.begin()->second;
      ready_.erase(ready_.begin());
      const bool wanted = !stopped_;
      lock.unlock();
      const bool go_on = wanted && settle(*head);
      lock.lock();
      ++next_settled_;
      free_.push_back(head);
      if (!go_on) stopped_ = true;
      stopped_ ? slot_free_.notify_all() : slot_free_.notify_one();
    }
    settling_ = false;
  }

  /// False when the run is over.
  bool settle(Work& work) {
    if (work.end) return false;
    if (!work.read.ok()) {
      result_ = work.read;
      return false;
    }
    for (std::size_t i = 0; i < work.judged.size(); ++i) {
      Outcome outcome = engine_.settle(work.judged[i]);
      PipelineStep step{.messages = options_.batch_records == 0 ? work.block.messages : work.parts[i],
                        .outcome = outcome};
      const bool halted = outcome.halted;
      const Status done = on_step_(step);
      if (!done.ok()) result_ = done;
      if (!done.ok() || step.stop || halted) return false;
    }
    return true;
  }

  FileSource& source_;
  std::shared_ptr<const Plan> plan_;
  Engine& engine_;
  const PipelineOptions& options_;
  const OnStep& on_step_;

  std::mutex reading_;  // guards the source, ended_ and next_read_
  bool ended_ = false;
  std::uint64_t next_read_ = 0;

  std::mutex order_;  // guards everything below but what settle() touches, which has one user at a time
  std::condition_variable slot_free_;
  std::vector<Work> slots_;
  std::vector<Work*> free_;
  std::map<std::uint64_t, Work*> ready_;  // judged, waiting for their turn
  std::uint64_t next_settled_ = 0;
  bool settling_ = false;
  bool stopped_ = false;
  Status result_ = Done{};
};

}  // namespace

Status run_pipeline(FileSource& source, const std::shared_ptr<const Plan>& plan, Engine& engine,
                    const PipelineOptions& options, const OnStep& on_step) {
  return Pipeline(source, plan, engine, options, on_step).run();
}

}  // namespace weir
