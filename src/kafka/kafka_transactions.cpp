// SPDX-License-Identifier: Apache-2.0
// Transactions as librdkafka wants them driven: a call that can be tried again is, until it settles; one that asks for an
// abort gets it; after anything else nobody knows what happened, and only a new process with the same name finds out.
#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "kafka/kafka_log.h"
#include "kafka/kafka_out.h"
#include "kafka/partition_list.h"

namespace weir {

using kafka::Owned;
using kafka::Role;

namespace {

using Clock = std::chrono::steady_clock;
using Problem = Owned<rd_kafka_error_t>;

constexpr Duration kStartLimit = std::chrono::seconds(60);
constexpr int kOneCall = 5000;  // milliseconds, then look at the time again

Trouble trouble_of(std::string_view what, const rd_kafka_error_t& problem) {
  Trouble trouble = kafka::trouble_of(rd_kafka_error_code(&problem), rd_kafka_error_string(&problem));
  trouble.message = std::string(what) + ": " + trouble.message;
  return trouble;
}

}  // namespace

Result<std::unique_ptr<KafkaOut>> KafkaOut::make_transactional(const KafkaSettings& settings, const KafkaLog& log,
                                                               OutOptions options) {
  return make_transactional(settings, &log, options);
}

Result<std::unique_ptr<KafkaOut>> KafkaOut::make_transactional(const KafkaSettings& settings, OutOptions options) {
  return make_transactional(settings, nullptr, options);
}

Result<std::unique_ptr<KafkaOut>> KafkaOut::make_transactional(const KafkaSettings& settings, const KafkaLog* log,
                                                               OutOptions options) {
  const Result<kafka::ClientProperties> properties = kafka::client_properties(settings, Role::Transactional);
  if (!properties) return properties.error();
  Result<std::unique_ptr<KafkaOut>> out = make(settings, Role::Transactional, log, options);
  if (out) (*out)->transaction_timeout_ = std::chrono::milliseconds(kafka::transaction_timeout_ms(*properties));
  return out;
}

template <class Call>
KafkaOut::Step KafkaOut::until_settled(Duration limit, std::string_view what, std::vector<Trouble>& troubles,
                                       const Call& call) {
  const Clock::time_point until = Clock::now() + limit;
  for (;;) {
    const Problem problem(call());
    rd_kafka_poll(handle(), 0);
    if (problem == nullptr) return Step::Done;
    if (rd_kafka_error_is_fatal(problem.get()) != 0) {
      troubles.push_back(trouble_of(what, *problem));
      troubles.back().weight = Trouble::Weight::Fatal;
      return Step::Fatal;
    }
    if (rd_kafka_error_txn_requires_abort(problem.get()) != 0) {
      troubles.push_back(trouble_of(what, *problem));
      return Step::Abort;
    }
    const bool again = rd_kafka_error_is_retriable(problem.get()) != 0;
    if (!again || Clock::now() >= until) {
      troubles.push_back(trouble_of(what, *problem));
      if (!again) troubles.back().weight = Trouble::Weight::Fatal;
      return again ? Step::Again : Step::Fatal;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

Status KafkaOut::start() {
  // A wrong password would otherwise be waited for until the time is over.
  const Result<bool> reached = client_->reach_brokers(std::chrono::seconds(10));
  if (!reached) return reached.error();
  std::vector<Trouble> troubles;
  const Step step = until_settled(kStartLimit, "cannot begin with transactions", troubles,
                                  [&] { return rd_kafka_init_transactions(handle(), kOneCall); });
  if (step == Step::Done) return Done{};
  // Nobody answered: that is no refusal, and may be tried again.
  return Error{.message = troubles.back().message,
               .code = step == Step::Again ? "broker_silent" : troubles.back().event};
}

Status KafkaOut::begin() {
  if (const Problem problem(rd_kafka_begin_transaction(handle())); problem != nullptr) {
    const Trouble trouble = trouble_of("cannot begin a transaction", *problem);
    return Error{.message = trouble.message, .code = trouble.event};
  }
  open_ = true;
  return Done{};
}

Transactions::End KafkaOut::commit(std::span<const Position> positions, std::vector<Trouble>& troubles) {
  // Told anyway by what follows, and with the reason: a record that failed makes the commit fail.
  Step step = Step::Done;
  const kafka::PartitionList offsets = kafka::list_of(positions);
  if (offsets->cnt > 0) {
    const Owned<rd_kafka_consumer_group_metadata_t> group = log_ == nullptr ? nullptr : log_->group_metadata();
    if (group == nullptr) {
      troubles.push_back({.weight = Trouble::Weight::Passing,
                          .event = "no_group",
                          .message = "the transaction has positions of a group that was left; it is given up"});
      step = Step::Abort;
    } else {
      step = until_settled(transaction_timeout_, "cannot send positions to the transaction", troubles, [&] {
        return rd_kafka_send_offsets_to_transaction(handle(), offsets.get(), group.get(), kOneCall);
      });
    }
  }
  // Positions that were not sent in time leave the transaction open: it can be given up.
  if (step == Step::Again) step = Step::Abort;
  if (step == Step::Done) {
    step = until_settled(transaction_timeout_ + transaction_timeout_, "cannot commit the transaction", troubles,
                         [&] { return rd_kafka_commit_transaction(handle(), kOneCall); });
    // Whether it was committed is known to the broker alone.
    if (step == Step::Again) troubles.back().weight = Trouble::Weight::Fatal;
  }
  switch (step) {
    case Step::Done: open_ = false; return End::Committed;
    case Step::Abort: return abort(troubles);
    case Step::Again:
    case Step::Fatal: break;
  }
  return End::Fatal;
}

Transactions::End KafkaOut::abort(std::vector<Trouble>& troubles) {
  if (!open_) return End::Aborted;
  const Step step = until_settled(transaction_timeout_ + transaction_timeout_, "cannot give up the transaction",
                                  troubles, [&] { return rd_kafka_abort_transaction(handle(), kOneCall); });
  if (step == Step::Done) {
    open_ = false;
    return End::Aborted;
  }
  if (step == Step::Again) troubles.back().weight = Trouble::Weight::Fatal;
  return End::Fatal;
}

}  // namespace weir
