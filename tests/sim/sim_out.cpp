// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/ports.h"

namespace weir::sim {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMostFlying = 60;
constexpr Duration kMessageTimeout = 30s;

Trouble failed() {
  return {.weight = Trouble::Weight::Passing, .event = "delivery_failed", .message = "the record was not acknowledged"};
}

}  // namespace

bool SimOut::is_fenced() const {
  return site_.world.broker.is_fenced(site_.name, epoch_);
}

RecordOut::Taken SimOut::write(const OutRecord& record, std::uint64_t token) {
  World& world = site_.world;
  world.at(site_, "write");
  if (transactional_ && !open_) world.broken("a record is written outside of a transaction");
  if (flights_.size() >= kMostFlying || world.chance.one_in(world.faults.full)) return Taken::Full;
  Flight flight;
  flight.token = token;
  flight.partition = {.topic = std::string(record.topic), .number = record.partition};
  if (record.partition < 0)
    flight.partition.number = record.key ? static_cast<std::int32_t>(record.key->size() % 2) : 0;
  if (record.key) flight.record.key = std::string(*record.key);
  if (record.value) flight.record.value = std::string(*record.value);
  for (const auto& [name, value] : record.headers) {
    flight.record.headers.emplace_back(
        name, value.data() == nullptr ? std::nullopt : std::optional<std::string>(std::string(value)));
  }
  flight.record.timestamp = record.timestamp == Instant{} ? world.wall() : record.timestamp;
  if (record.value && record.value->size() > kTopicLimit) {
    if (world.chance.one_in(2)) return Taken::TooLarge;
    flight.too_large = true;
  }
  flight.settle_at = world.steady + world.chance.between(Duration{}, 3ms);
  if (world.chance.one_in(world.faults.delivery_slow)) flight.settle_at += world.chance.between(Duration{}, 5s);
  flight.give_up_at = world.steady + kMessageTimeout;
  flights_.push_back(std::move(flight));
  return Taken::Yes;
}

/// What was to arrive by now has arrived.
void SimOut::progress() {
  World& world = site_.world;
  std::vector<Flight> still;
  for (Flight& flight : flights_) {
    Delivered delivered;
    delivered.token = flight.token;
    if (world.is_away(site_) || world.steady < flight.settle_at) {
      if (world.steady < flight.give_up_at) {
        still.push_back(std::move(flight));
        continue;
      }
      delivered.trouble = failed();
      failed_ = true;
    } else if (flight.too_large) {
      delivered.too_large = true;
      delivered.trouble = failed();
    } else if (transactional_ && (is_fenced() || !open_ || open_->state != Transaction::State::Open)) {
      delivered.trouble = failed();
      failed_ = true;
    } else if (world.chance.one_in(world.faults.delivery_fails)) {
      // Of what failed nobody knows whether it arrived.
      if (world.chance.one_in(2)) world.broker.append(flight.partition, flight.record, open_);
      world.log(site_.name + " delivery of " + std::to_string(flight.token) + " fails");
      delivered.trouble = failed();
      failed_ = true;
    } else {
      world.broker.append(flight.partition, flight.record, open_);
      delivered.ok = true;
    }
    settled_.push_back(std::move(delivered));
  }
  flights_ = std::move(still);
}

void SimOut::poll(std::vector<Delivered>& delivered, std::vector<Trouble>& troubles) {
  World& world = site_.world;
  world.at(site_, "poll out");
  progress();
  if (world.is_away(site_) && !flights_.empty() && world.chance.one_in(4)) {
    troubles.push_back({.weight = Trouble::Weight::Passing, .event = "broker_away", .message = "no broker"});
  }
  world.chance.shuffle(settled_);
  const std::size_t some = world.chance.one_in(4) ? world.chance.below(settled_.size() + 1) : settled_.size();
  for (std::size_t i = 0; i < some; ++i) delivered.push_back(settled_[i]);
  settled_.erase(settled_.begin(), settled_.begin() + static_cast<std::ptrdiff_t>(some));
}

bool SimOut::flush(Duration wait) {
  World& world = site_.world;
  world.at(site_, "flush");
  const Duration until = world.steady + wait;
  progress();
  while (!flights_.empty() && world.steady < until) {
    world.pass(std::min<Duration>(50ms, until - world.steady));
    progress();
  }
  return flights_.empty();
}

// ---- transactions

Status SimOut::start() {
  World& world = site_.world;
  world.at(site_, "start transactions");
  if (world.is_away(site_)) return Error{.message = "the broker does not answer"};
  epoch_ = world.broker.init_producer(site_.name);
  world.at(site_, "started transactions");
  return Done{};
}

Status SimOut::begin() {
  World& world = site_.world;
  world.at(site_, "begin");
  if (open_) world.broken("a transaction is begun within another");
  if (is_fenced()) return Error{.message = "begin: another process has our name"};
  open_ = world.broker.begin(world.steady);
  world.broker.own(site_.name, open_);
  failed_ = false;
  return Done{};
}

Transactions::End SimOut::commit(std::span<const Position> positions, std::vector<Trouble>& troubles) {
  World& world = site_.world;
  world.at(site_, "commit transaction");
  if (!open_) {
    world.broken("a transaction is committed that was not begun");
    return End::Fatal;
  }
  if (!flush(10s)) return End::Aborted;
  if (is_fenced()) return End::Fatal;
  if (open_->state != Transaction::State::Open || failed_) return End::Aborted;
  if (world.is_away(site_) || world.chance.one_in(world.faults.abort)) {
    troubles.push_back({.weight = Trouble::Weight::Passing, .event = "transaction_aborted", .message = "not now"});
    return End::Aborted;
  }
  if (!positions.empty() && !log_.is_member()) {
    world.log(site_.name + " positions refused: generation is over");
    return End::Aborted;
  }
  open_->group = kGroup;
  open_->positions.assign(positions.begin(), positions.end());
  world.at(site_, "sent positions");
  if (is_fenced()) return End::Fatal;
  if (open_->state != Transaction::State::Open) return End::Aborted;
  const bool undecided = world.chance.one_in(world.faults.undecided);
  if (undecided && world.chance.one_in(2)) return End::Fatal;
  std::string line = site_.name + " transaction is committed with";
  for (const Position& one : positions)
    line += " " + std::to_string(one.partition.number) + ":" + std::to_string(*one.offset);
  world.log(line);
  world.broker.end(*open_, true);
  world.at(site_, "committed transaction");
  if (undecided) return End::Fatal;
  open_.reset();
  return End::Committed;
}

Transactions::End SimOut::abort(std::vector<Trouble>&) {
  World& world = site_.world;
  world.at(site_, "abort");
  if (is_fenced()) return End::Fatal;
  world.log(site_.name + " aborts");
  // What was on its way is given up; some of it is heard of.
  for (const Flight& flight : flights_) {
    if (world.chance.one_in(2)) continue;
    Delivered delivered;
    delivered.token = flight.token;
    delivered.trouble = failed();
    settled_.push_back(std::move(delivered));
  }
  flights_.clear();
  if (open_) world.broker.end(*open_, false);
  open_.reset();
  failed_ = false;
  world.at(site_, "aborted");
  return End::Aborted;
}

void SimOut::abandon() {
  World& world = site_.world;
  for (const Flight& flight : flights_) {
    if (flight.too_large || !world.chance.one_in(2)) continue;
    if (transactional_ && (is_fenced() || !open_ || open_->state != Transaction::State::Open)) continue;
    world.broker.append(flight.partition, flight.record, open_);
  }
  flights_.clear();
}

}  // namespace weir::sim
