// SPDX-License-Identifier: Apache-2.0
#include "app/quarantine_listing.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/escape.h"
#include "base/timestamp.h"
#include "report/columns.h"

namespace weir {
namespace {

constexpr std::size_t kTopicMost = 249;   // bytes of the name of a topic
constexpr std::size_t kCellPoints = 200;  // of any text in a table: a terminal is not wider

/// Whether `a` was put aside before `b`; what has no time comes first.
bool is_older(const NewestRecords::Kept& a, const NewestRecords::Kept& b) {
  const Instant never = Instant::min();
  return std::pair(a.record.at.value_or(never), a.order) < std::pair(b.record.at.value_or(never), b.order);
}

bool is_newer(const NewestRecords::Kept& a, const NewestRecords::Kept& b) {
  return is_older(b, a);
}

std::string cell(std::string_view text) {
  return visible(text, kCellPoints);
}

/// Its id, or, where that was lost, where it lies.
std::string name_of(const QuarantinedRecord& record) {
  if (!record.id.empty()) return cell(record.id);
  if (record.lies_in.topic.empty()) return "line " + std::to_string(record.lies_at);
  return "lies at " + std::to_string(record.lies_in.number) + "/" + std::to_string(record.lies_at);
}

/// "amount.max", "amount.max +2" for several.
std::string rules_of(const QuarantinedRecord& record) {
  std::set<std::string_view> names;
  for (const QuarantinedViolation& violation : record.violations) names.insert(violation.rule);
  if (names.empty()) return "?";
  const std::uint64_t more = names.size() - 1 + record.more_violations;
  return cell(record.violations.front().rule) + (more > 0 ? " +" + std::to_string(more) : "");
}

}  // namespace

bool NewestRecords::add(QuarantineEntry& entry) {
  if (entry.is_mark()) {
    add_mark(entry.record);
    return true;
  }
  QuarantinedRecord& record = entry.record;
  if (SeenIds::Entry* const seen = record.id.empty() ? nullptr : ids_.find_or_add(record.id)) {
    if (seen->record != 0) {
      ++twice_;
      return false;
    }
    seen->record = 1;
    if (seen->mark != 0) ++sent_;
  }
  Kept kept{.record = {}, .line = {}, .order = records_++};
  kept.record.at = record.at;
  if (heap_.size() == most_ && (most_ == 0 || is_older(kept, heap_.front()))) return true;
  if (keep_ == Keep::Line) kept.line = entry.line();
  kept.record = std::move(record);
  if (keep_ != Keep::Record) {
    kept.record.value.reset();
    kept.record.headers.clear();
  }
  if (heap_.size() == most_) {
    std::pop_heap(heap_.begin(), heap_.end(), is_newer);
    heap_.pop_back();
  }
  heap_.push_back(std::move(kept));
  std::push_heap(heap_.begin(), heap_.end(), is_newer);
  return true;
}

/// The last mark of an id counts.
void NewestRecords::add_mark(const QuarantinedRecord& mark) {
  SeenIds::Entry* const seen = mark.id.empty() ? nullptr : ids_.find_or_add(mark.id);
  if (seen == nullptr) return;
  if (seen->mark == 0) {
    marks_.emplace_back();
    seen->mark = static_cast<std::uint32_t>(marks_.size());
    if (seen->record != 0) ++sent_;
  }
  SentBack& sent = marks_[seen->mark - 1];
  if (sent.at && mark.at && *mark.at < *sent.at) return;
  sent = {.at = mark.at, .into = mark.into.substr(0, kTopicMost)};  // there may be millions
}

std::vector<NewestRecords::Kept> NewestRecords::take() {
  std::sort(heap_.begin(), heap_.end(), is_older);
  return std::move(heap_);
}

const SentBack* NewestRecords::sent_back(const QuarantinedRecord& record) const {
  const SeenIds::Entry* const seen = ids_.find(record.id);
  return seen == nullptr || seen->mark == 0 ? nullptr : &marks_[seen->mark - 1];
}

std::string short_time(const std::optional<Instant>& at, Instant now) {
  constexpr std::size_t kYear = 5;      // "2026-"
  constexpr std::size_t kMinutes = 16;  // "2026-01-02T03:00"
  constexpr std::size_t kSeconds = 19;
  if (!at) return "?";
  std::string text = format_timestamp(*at);
  if (text.size() < kSeconds || text[10] != 'T') return text;
  text[10] = ' ';
  const bool this_year = text.compare(0, kYear, format_timestamp(now), 0, kYear) == 0;
  return this_year ? text.substr(kYear, kSeconds - kYear) : text.substr(0, kMinutes);
}

std::string quarantine_table(const std::vector<NewestRecords::Kept>& shown, const NewestRecords& newest, Instant now,
                             std::size_t width) {
  std::vector<TableColumn> columns = {{.head = "WHEN (UTC)"},
                                      {.head = "ID", .keep_end = true, .least = 12, .worth = 2},
                                      {.head = "RULE", .least = 12, .worth = 2},
                                      {.head = "FIELD", .least = 6},
                                      {.head = "VALUE", .least = 8},
                                      {.head = "WHY", .least = 18, .worth = 2}};
  const bool any_sent = std::any_of(shown.begin(), shown.end(), [&newest](const NewestRecords::Kept& kept) {
    return newest.sent_back(kept.record) != nullptr;
  });
  if (any_sent) columns.insert(columns.begin() + 1, {.head = "SENT"});
  std::vector<std::vector<std::string>> rows;
  for (const NewestRecords::Kept& kept : shown) {
    const QuarantinedRecord& record = kept.record;
    const QuarantinedViolation first = record.violations.empty() ? QuarantinedViolation{} : record.violations.front();
    std::vector<std::string>& row = rows.emplace_back();
    row.push_back(short_time(record.at, now));
    if (any_sent) row.emplace_back(newest.sent_back(record) != nullptr ? "yes" : "");
    row.insert(row.end(),
               {name_of(record), rules_of(record), cell(first.path), cell(first.value), cell(first.message)});
  }
  // Where there is no room for all, what is said twice goes first: "amount.max" names the field.
  const bool said = std::all_of(shown.begin(), shown.end(), [](const NewestRecords::Kept& kept) {
    const std::vector<QuarantinedViolation>& broken = kept.record.violations;
    return broken.empty() || broken.front().rule.starts_with(broken.front().path);
  });
  const std::size_t field = any_sent ? 4 : 3;
  if (said && !fits_in(columns, rows, width)) {
    columns.erase(columns.begin() + static_cast<std::ptrdiff_t>(field));
    for (std::vector<std::string>& row : rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(field));
  }
  // Files of `weir check` do not say when.
  const bool timeless = std::all_of(shown.begin(), shown.end(), [](const auto& kept) { return !kept.record.at; });
  if (timeless) {
    columns.erase(columns.begin());
    for (std::vector<std::string>& row : rows) row.erase(row.begin());
  }
  return table_of(columns, rows, width);
}

}  // namespace weir
