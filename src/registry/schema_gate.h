// SPDX-License-Identifier: Apache-2.0
// The gate before a topic: a RecordLog that lets records pass whose schemas are known, and holds back the others.
//
// Reading a record never waits for a schema (weir/schemas.h), so somebody has to wait before. At the first record of a
// partition whose schema is not in the book yet, the gate cuts off what follows, moves the partition back to that record,
// pauses it, and asks for the schema. Once the book says what it is, known or refused, the partition goes on where it was
// cut: nothing is lost, nothing comes twice, the order stays, and the log itself keeps what was not handed out, so that
// waiting takes no memory. Other partitions go on meanwhile. A registry that is away therefore stops exactly the partitions
// that need something new of it.
//
// With Options::give_up, records whose schemas nobody tells do pass after a patience, and decoding says of them that their
// schema is not known. The patience is spent once for an outage and not again for each schema: from then on until the
// first answer, records with unknown schemas pass at once, while their schemas are still asked for.
//
// Costs a look at the first byte of each record (and at its headers where they are read), and one look into the book for
// each run of records of one schema in a poll.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "decode/wire.h"
#include "registry/schema_watch.h"
#include "weir/ports.h"

namespace weir {

/// What of a plan says which schemas its records name.
struct GateForm {
  bool values = true;  // values may name a schema
  bool keys = false;   // keys may, and a rule reads them
  bool give_up = false;
  bool operator==(const GateForm&) const = default;
};
[[nodiscard]] GateForm gate_form(const Plan& plan);

class SchemaGate final : public RecordLog, private RecordLog::Listener {
 public:
  using Listener = RecordLog::Listener;

  /// Who gets schemas and puts them into the book, in its own time. Neither call waits for anything.
  struct Source {
    std::function<void(std::string_view key)> want;  // asking again for what is on its way costs nothing
    std::function<std::string()> fault;              // why nothing comes at the moment; empty: nothing is wrong
  };
  struct Options {
    GateForm form;
    Duration patience = std::chrono::seconds(30);        // before a record passes without its schema, with form.give_up
    std::function<Duration()> steady;                    // a clock that only goes forward
    std::function<void(const SchemaChange&)> seen = {};  // once for each schema of a topic
  };

  SchemaGate(std::unique_ptr<RecordLog> log, std::shared_ptr<const SchemaBook> book, Source source, Options options);
  /// Of other rules, from the next poll on.
  void use(GateForm form);
  [[nodiscard]] RecordLog& inner() { return *log_; }
  /// How many partitions wait.
  [[nodiscard]] std::size_t held() const { return holds_.size(); }

  Status start(Listener& listener) override;
  void poll(Duration wait, std::size_t most, Events& out) override;
  [[nodiscard]] Envelope envelope_of(const Fetched& fetched, std::size_t item) override {
    return log_->envelope_of(fetched, item);
  }
  [[nodiscard]] std::optional<std::string_view> value_of(const Fetched& fetched, std::size_t item) override {
    return log_->value_of(fetched, item);
  }
  [[nodiscard]] bool is_held(const Partition& partition) const override { return holds_.contains(partition); }
  [[nodiscard]] std::vector<Readiness> readiness() const override;
  void pause(const Partition& partition) override;
  void resume(const Partition& partition) override;
  Status seek(const Partition& partition, std::int64_t offset) override;
  Result<Bounds> bounds(const Partition& partition) override { return log_->bounds(partition); }
  Result<std::int64_t> offset_at(const Partition& partition, Instant time) override {
    return log_->offset_at(partition, time);
  }
  Result<std::vector<Position>> committed(std::span<const Partition> partitions) override {
    return log_->committed(partitions);
  }
  [[nodiscard]] std::vector<Partition> known_partitions() override { return log_->known_partitions(); }
  [[nodiscard]] std::optional<std::int64_t> known_end(const Partition& partition) override {
    return log_->known_end(partition);
  }
  Status commit(std::span<const Position> positions) override { return log_->commit(positions); }
  void close() override;

 private:
  /// A partition that waits.
  struct Hold {
    std::int64_t offset = 0;        // of the first record that is held back
    std::vector<std::string> keys;  // of the schemas that it waits for: of its value, of its key
    bool moved_back = false;        // the log stands at `offset` again
    Duration since{};
  };
  /// What this poll found of one part of the messages: records of one schema mostly follow one another.
  struct LastKey {
    std::string key;
    bool passes = false;
  };

  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override;
  void revoked(std::span<const Partition> partitions, bool lost) override;

  void let_go();
  void look_at(Fetched& fetched);
  [[nodiscard]] std::string_view key_of(const Messages& messages, std::size_t item, MessagePart part) const;
  [[nodiscard]] bool passes(std::string_view key, const Fetched& fetched, std::size_t item, MessagePart part);
  [[nodiscard]] bool is_settled(const Hold& hold) const;
  void hold(Fetched& fetched, std::size_t item, std::vector<std::string> keys);
  void want_the_others(const Messages& messages, std::size_t from);
  void move_back(const Partition& partition, Hold& hold);
  void forget(const Partition& partition);

  std::unique_ptr<RecordLog> log_;
  std::shared_ptr<const SchemaBook> book_;
  Source source_;
  Options options_;
  SchemaWatch watch_;
  Listener* listener_ = nullptr;
  std::map<Partition, Hold> holds_;
  std::set<Partition> paused_;                   // by whoever reads from here
  LastKey last_[2];                              // of this poll; by MessagePart
  std::set<std::string, std::less<>> let_pass_;  // asked for and not told; they passed all the same
  std::optional<Duration> unanswered_since_;     // the oldest question without any answer since
};

}  // namespace weir
