// SPDX-License-Identifier: Apache-2.0
// Records on their way out, kept until they are acknowledged.
//
// A sink that is slow or refuses makes them wait here; nothing is dropped, and whoever feeds this stops feeding it when
// is_full() says so. A record that a sink failed is tried again after a while that doubles, with jitter, up to half a
// minute; one that is too large gets its stub in its place.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "weir/ports.h"

namespace weir {

class Outgoing {
 public:
  struct Limits {
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
  };
  Outgoing(RecordOut& quarantine, RecordOut& clean, Outlet& outlet, Limits limits, std::uint64_t seed)
      : quarantine_(quarantine), clean_(clean), outlet_(outlet), limits_(limits), random_(seed | 1U) {}

  void add(OwnRecord&& record);
  /// Writes what can be written and hears what became of what was.
  void pump(Duration steady, std::vector<Trouble>& troubles);
  /// Waits for everything; false when it is not done in that time.
  bool flush(Duration within, std::vector<Trouble>& troubles);
  /// Everything that was added so far lies before the mark.
  [[nodiscard]] std::uint64_t mark() const noexcept { return first_ + items_.size(); }
  [[nodiscard]] bool is_settled(std::uint64_t mark) const noexcept { return first_ >= mark; }
  [[nodiscard]] std::uint64_t waiting() const noexcept { return items_.size(); }
  [[nodiscard]] std::uint64_t waiting_of(const Partition& partition) const;
  [[nodiscard]] bool is_full() const noexcept { return items_.size() >= limits_.records || bytes_ >= limits_.bytes; }
  [[nodiscard]] bool has_room() const noexcept {
    return items_.size() < limits_.records / 2 && bytes_ < limits_.bytes / 2;
  }
  /// Why nothing goes out, or empty.
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }
  /// What keeps records from being settled, for people: also a file whose disk is full, while it still takes some.
  [[nodiscard]] const std::string& trouble() const noexcept { return fault_.empty() ? full_ : fault_; }
  /// A record of the open transaction failed: it can only be aborted.
  [[nodiscard]] bool has_failed() const noexcept { return failed_ > 0; }
  /// What was not acknowledged belongs to a transaction that was aborted.
  void forget();

 private:
  enum class State : std::uint8_t { Waiting, Flying, Done };
  struct Item {
    OwnRecord record;
    State state = State::Waiting;
  };

  RecordOut::Taken write(const Item& item, std::uint64_t token);
  void hear(Duration steady, std::vector<Trouble>& troubles);
  void put_stub(Item& item, Duration steady, std::vector<Trouble>& troubles);
  void back_off(Duration steady, const std::string& why);
  void drop_done();
  double random();

  RecordOut& quarantine_;
  RecordOut& clean_;
  Outlet& outlet_;
  Limits limits_;
  std::deque<Item> items_;  // by token, from first_ on
  std::uint64_t first_ = 0;
  std::uint64_t next_write_ = 0;  // tokens below it were written once, or wait again
  std::uint64_t failed_ = 0;      // items that wait again
  std::uint64_t bytes_ = 0;
  unsigned failures_ = 0;  // in a row
  Duration retry_at_{};    // steady
  std::string fault_;
  std::string full_;
  std::uint64_t random_;
  std::vector<Delivered> delivered_;
};

}  // namespace weir
