// SPDX-License-Identifier: Apache-2.0
// Rows of panes, in memory or on the shelf.
#include "windows/pane_store.h"

#include <algorithm>

namespace weir {

PaneStore::Row& PaneStore::row_at(std::int64_t place) {
  if (last_row_ == nullptr || last_place_ != place) {
    last_row_ = &rows_[place];
    last_place_ = place;
    last_row_->touched = ++clock_;
  }
  if (last_row_->away) bring_back(*last_row_);
  return *last_row_;
}

std::unique_ptr<Pane>& PaneStore::slot(Row& row, std::uint32_t segment) {
  const std::size_t chunk = segment / kChunk;
  if (chunk >= row.chunks.size()) row.chunks.resize(chunk + 1);
  if (row.chunks[chunk] == nullptr) row.chunks[chunk] = std::make_unique<Chunk>();
  return (*row.chunks[chunk])[segment % kChunk];
}

Pane& PaneStore::at(std::int64_t place, std::uint32_t segment) {
  std::unique_ptr<Pane>& pane = slot(row_at(place), segment);
  if (pane == nullptr) {
    pane = std::make_unique<Pane>(*spec_);
    ++panes_;
  }
  return *pane;
}

Pane* PaneStore::find(std::int64_t place, std::uint32_t segment) {
  if (!rows_.contains(place)) return nullptr;
  Row& row = row_at(place);
  const std::size_t chunk = segment / kChunk;
  if (chunk >= row.chunks.size() || row.chunks[chunk] == nullptr) return nullptr;
  return (*row.chunks[chunk])[segment % kChunk].get();
}

/// Of a list of sessions, later ones first: the one into which everything within a gap of [first, last] was merged. Those
/// that are over stand behind all that are open, and behind what is not late.
Pane& PaneStore::join(Cursor& cursor, Instant first, Instant last, Instant open_from) {
  std::unique_ptr<Pane>* link = cursor;
  Pane* home = nullptr;
  while (*link != nullptr) {
    const Pane::Span& span = (*link)->span();
    if (span.last + gap_ < std::max(first, open_from)) break;
    if (span.first > last + gap_) {
      link = &(*link)->next;
    } else if (home == nullptr) {
      cursor = link;
      home = link->get();
      link = &home->next;
    } else {
      home->merge(**link);
      std::unique_ptr<Pane> rest = std::move((*link)->next);
      *link = std::move(rest);
      --panes_;
    }
  }
  if (home != nullptr) return *home;
  auto fresh = std::make_unique<Pane>(*spec_);
  fresh->next = std::move(*link);
  *link = std::move(fresh);
  cursor = link;
  ++panes_;
  return **link;
}

Pane& PaneStore::session_at(std::int64_t place, std::uint32_t segment, Instant first, Instant last, Cursor& cursor,
                            Instant open_from) {
  if (cursor == nullptr) cursor = &slot(row_at(place), segment);
  return join(cursor, first, last, open_from);
}

void PaneStore::insert(std::unique_ptr<Pane>& list, std::unique_ptr<Pane> pane) {
  if (meeting_ == Meeting::Join) {
    Cursor cursor = &list;
    join(cursor, pane->span().first, pane->span().last, Instant::min()).merge(*pane);
    return;
  }
  if (meeting_ == Meeting::Merge && list != nullptr) {
    list->merge(*pane);
    return;
  }
  append(list, std::move(pane));
}

void PaneStore::append(std::unique_ptr<Pane>& list, std::unique_ptr<Pane> pane) {
  ++panes_;
  std::unique_ptr<Pane>* link = &list;
  while (*link != nullptr) link = &(*link)->next;
  *link = std::move(pane);
}

void PaneStore::add(std::int64_t place, std::uint32_t segment, std::unique_ptr<Pane> pane) {
  insert(slot(row_at(place), segment), std::move(pane));
}

void PaneStore::take_out(std::int64_t place, std::uint32_t segment, const Pane& pane) {
  if (!rows_.contains(place)) return;
  std::unique_ptr<Pane>* link = &slot(row_at(place), segment);
  while (*link != nullptr && link->get() != &pane) link = &(*link)->next;
  if (*link == nullptr) return;
  std::unique_ptr<Pane> rest = std::move((*link)->next);
  *link = std::move(rest);
  --panes_;
  const Row& row = *last_row_;
  const bool empty = std::all_of(row.chunks.begin(), row.chunks.end(), [](const std::unique_ptr<Chunk>& chunk) {
    return chunk == nullptr || std::all_of(chunk->begin(), chunk->end(), [](const auto& head) { return !head; });
  });
  if (empty) drop(place);
}

std::optional<std::int64_t> PaneStore::next_from(std::int64_t from) const {
  const auto found = rows_.lower_bound(from);
  return found == rows_.end() ? std::nullopt : std::optional(found->first);
}

void PaneStore::move_from(PaneStore& other) {
  for (auto& [place, row] : other.rows_) {
    if (row.away) other.bring_back(row);
    for (std::uint32_t c = 0; c < row.chunks.size(); ++c) {
      for (std::uint32_t i = 0; row.chunks[c] != nullptr && i < kChunk; ++i) {
        std::unique_ptr<Pane>& pane = (*row.chunks[c])[i];
        if (pane != nullptr) add(place, c * static_cast<std::uint32_t>(kChunk) + i, std::move(pane));
      }
    }
  }
  other.clear();
}

void PaneStore::clear() {
  rows_.clear();
  last_row_ = nullptr;
  panes_ = 0;
}

void PaneStore::drop(std::int64_t place) {
  const auto found = rows_.find(place);
  if (found == rows_.end()) return;
  for (const std::unique_ptr<Chunk>& chunk : found->second.chunks) {
    if (chunk == nullptr) continue;
    for (const std::unique_ptr<Pane>& head : *chunk) {
      for (const Pane* pane = head.get(); pane != nullptr; pane = pane->next.get()) --panes_;
    }
  }
  rows_.erase(found);
  last_row_ = nullptr;
}

void PaneStore::drop_before(std::int64_t place) {
  while (!rows_.empty() && rows_.begin()->first < place) drop(rows_.begin()->first);
}

void PaneStore::fold(std::uint32_t segment, std::uint32_t other) {
  if (segment >= generations_.size()) generations_.resize(segment + 1, 0);
  ++generations_[segment];
  const std::size_t chunk = segment / kChunk;
  for (auto& [place, row] : rows_) {
    if (row.away || chunk >= row.chunks.size() || row.chunks[chunk] == nullptr) continue;
    std::unique_ptr<Pane> pane = std::move((*row.chunks[chunk])[segment % kChunk]);
    while (pane != nullptr) {
      std::unique_ptr<Pane> rest = std::move(pane->next);
      --panes_;
      insert(slot(row, other), std::move(pane));
      pane = std::move(rest);
    }
  }
}

std::uint64_t PaneStore::bytes_of(const Row& row) {
  std::uint64_t out = row.chunks.capacity() * sizeof(std::unique_ptr<Chunk>);
  for (const std::unique_ptr<Chunk>& chunk : row.chunks) {
    if (chunk == nullptr) continue;
    out += sizeof(Chunk);
    for (const std::unique_ptr<Pane>& head : *chunk) {
      for (const Pane* pane = head.get(); pane != nullptr; pane = pane->next.get()) out += pane->bytes();
    }
  }
  return out;
}

std::uint64_t PaneStore::bytes() const {
  constexpr std::uint64_t kNode = 48;  // of the tree, beside the row
  std::uint64_t out = 0;
  for (const auto& [place, row] : rows_) out += kNode + sizeof(Row) + bytes_of(row);
  return out;
}

void PaneStore::put_away(Shelf& shelf, std::uint64_t most) {
  shelf_ = &shelf;
  std::uint64_t total = bytes();
  if (total <= most) return;
  std::vector<std::pair<std::uint64_t, Row*>> by_age;
  for (auto& [place, row] : rows_) {
    if (!row.away && &row != last_row_) by_age.emplace_back(row.touched, &row);
  }
  std::sort(by_age.begin(), by_age.end());
  for (const auto& [touched, row] : by_age) {
    if (total <= most) return;
    const std::uint64_t bytes = bytes_of(*row);
    if (!put_away(*row, shelf)) return;
    total -= std::min(bytes, total);
  }
}

bool PaneStore::put_away(Row& row, Shelf& shelf) {
  SummaryWriter out;
  write_row(row, out, nullptr, false);
  const Result<std::uint64_t> number = shelf.put(out.bytes());
  if (!number) return false;  // it stays in memory, which is more than was asked for but loses nothing
  for (const std::unique_ptr<Chunk>& chunk : row.chunks) {
    if (chunk == nullptr) continue;
    for (const std::unique_ptr<Pane>& head : *chunk) {
      for (const Pane* pane = head.get(); pane != nullptr; pane = pane->next.get()) --panes_;
    }
  }
  row.chunks.clear();
  row.chunks.shrink_to_fit();
  row.away = true;
  row.number = *number;
  return true;
}

void PaneStore::bring_back(Row& row) {
  row.away = false;
  const Result<std::string> bytes = shelf_->take(row.number);
  Status done = bytes ? Status(Done{}) : Status(bytes.error());
  if (bytes) {
    SummaryReader in(*bytes);
    done = read_row(in, row, nullptr, nullptr);
  }
  if (!done.ok() && fault_.empty()) fault_ = "panes could not be read back: " + done.error().message;
}

void PaneStore::write_row(const Row& row, SummaryWriter& out, const std::vector<std::uint32_t>* numbers,
                          bool slots) const {
  std::vector<std::uint32_t> segments;
  for (std::uint32_t c = 0; c < row.chunks.size(); ++c) {
    for (std::uint32_t i = 0; row.chunks[c] != nullptr && i < kChunk; ++i) {
      if ((*row.chunks[c])[i] != nullptr) segments.push_back(c * static_cast<std::uint32_t>(kChunk) + i);
    }
  }
  const auto written = [numbers](std::uint32_t segment) { return numbers == nullptr ? segment : (*numbers)[segment]; };
  std::sort(segments.begin(), segments.end(),
            [&](std::uint32_t a, std::uint32_t b) { return written(a) < written(b); });
  out.varint(segments.size());
  for (const std::uint32_t segment : segments) {
    out.varint(written(segment));
    if (numbers == nullptr) out.varint(generation(segment));
    std::uint64_t count = 0;
    const Pane* const head = (*row.chunks[segment / kChunk])[segment % kChunk].get();
    for (const Pane* pane = head; pane != nullptr; pane = pane->next.get()) ++count;
    out.varint(count);
    for (const Pane* pane = head; pane != nullptr; pane = pane->next.get()) {
      if (slots) {
        pane->write_slots(out);
      } else {
        pane->write(out);
      }
    }
  }
}

Status PaneStore::read_row(SummaryReader& in, Row& row, const std::vector<std::uint32_t>* numbers,
                           const SlotMap* slots) {
  constexpr std::uint64_t kMostSegments = 100'000'000;
  const std::size_t segments = in.count(kMostSegments, 3, "segments of a pane");
  for (std::size_t i = 0; i < segments && in.ok(); ++i) {
    auto segment = static_cast<std::uint32_t>(
        in.at_most(numbers == nullptr ? kMostSegments : numbers->size() - 1, "the number of a segment"));
    if (!in.ok()) break;
    if (numbers == nullptr) {
      if (in.varint() != generation(segment)) segment = 0;
    } else {
      segment = (*numbers)[segment];
    }
    const std::size_t count = in.count(kMostSegments, 2, "panes of a segment");
    for (std::size_t p = 0; p < count && in.ok(); ++p) {
      Result<Pane> pane = slots == nullptr ? Pane::read(in, *spec_) : Pane::read_slots(in, *spec_, *slots);
      if (!pane) return pane.error();
      const bool has_span = pane->span().timed > 0;
      in.require(meeting_ != Meeting::Join || has_span, "a session without a record");
      if (!in.ok()) break;
      std::unique_ptr<Pane>& list = slot(row, segment);
      if (slots != nullptr && meeting_ == Meeting::Join) {
        append(list, std::make_unique<Pane>(*std::move(pane)));
      } else {
        insert(list, std::make_unique<Pane>(*std::move(pane)));
      }
    }
  }
  return in.ok() ? Status(Done{}) : Status(in.error());
}

void PaneStore::write(SummaryWriter& out, const std::vector<std::uint32_t>& numbers, bool slots) {
  out.varint(rows_.size());
  for (auto& [place, row] : rows_) {
    const bool away = row.away;
    if (away) bring_back(row);
    out.signed_varint(place);
    write_row(row, out, &numbers, slots);
    if (away && shelf_ != nullptr) static_cast<void>(put_away(row, *shelf_));
  }
}

Status PaneStore::read(SummaryReader& in, const std::vector<std::uint32_t>& numbers, std::int64_t shift) {
  const std::size_t rows = in.count(~std::uint32_t{0}, 2, "rows of panes");
  for (std::size_t i = 0; i < rows && in.ok(); ++i) {
    const std::int64_t place = in.signed_varint();
    std::int64_t shifted = 0;
    in.require(!__builtin_add_overflow(place, shift, &shifted), "a pane beyond all time");
    if (!in.ok()) break;
    const Status row = read_row(in, row_at(shifted), &numbers, nullptr);
    if (!row.ok()) return row;
  }
  return in.ok() ? Status(Done{}) : Status(in.error());
}

void PaneStore::write_place(std::int64_t place, SummaryWriter& out, const std::vector<std::uint32_t>& numbers) {
  if (!rows_.contains(place)) {
    out.varint(0);
  } else {
    write_row(row_at(place), out, &numbers, true);
  }
}

Status PaneStore::read_place(SummaryReader& in, std::int64_t place, const std::vector<std::uint32_t>& numbers,
                             const SlotMap& slots) {
  if (numbers.empty()) {
    in.require(in.varint() == 0, "a pane of no segment");
    return in.ok() ? Status(Done{}) : Status(in.error());
  }
  return read_row(in, row_at(place), &numbers, &slots);
}

Status PaneStore::read_state(SummaryReader& in, const std::vector<std::uint32_t>& numbers, const SlotMap& slots,
                             const std::function<bool(std::int64_t)>& is_place) {
  const std::size_t rows = in.count(~std::uint32_t{0}, 2, "rows of panes");
  for (std::size_t i = 0; i < rows && in.ok(); ++i) {
    const std::int64_t place = in.signed_varint();
    in.require(is_place(place), "a pane beyond all time");
    if (!in.ok()) break;
    const Status row = read_row(in, row_at(place), &numbers, &slots);
    if (!row.ok()) return row;
  }
  return in.ok() ? Status(Done{}) : Status(in.error());
}

}  // namespace weir
