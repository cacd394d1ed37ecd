// SPDX-License-Identifier: Apache-2.0
#include "registry/schema_gate.h"

#include <algorithm>
#include <utility>

namespace weir {
namespace {

// While partitions wait, the book is looked into so often at least.
constexpr Duration kLookEvery = std::chrono::milliseconds(50);
// A schema that comes within it is no news for /readyz.
constexpr Duration kBriefly = std::chrono::seconds(1);
// Behind a record that waits, so many other schemas are asked for already.
constexpr std::size_t kMostAhead = 100;
constexpr std::size_t kMostLetPass = 10'000;

std::size_t index_of(MessagePart part) {
  return part == MessagePart::Key ? 1 : 0;
}

}  // namespace

GateForm gate_form(const Plan& plan) {
  GateForm form;
  const Format format = plan.format;
  form.values = plan.payload.framing != WireForm::None && (format == Format::Auto || format == Format::Json ||
                                                           format == Format::Avro || format == Format::Protobuf);
  const KeyFormat keys = plan.payload.key_format;
  if (plan.payload.framing != WireForm::None && keys != KeyFormat::Text && keys != KeyFormat::Json) {
    for (std::size_t i = 0; i < plan.fields.size(); ++i) {
      const FieldPath& path = plan.fields[i].path;
      form.keys = form.keys || (path.from_envelope() && path.steps().size() > 1 && path.steps()[1].name == "key");
    }
  }
  form.give_up = plan.payload.quarantine_unknown;
  return form;
}

SchemaGate::SchemaGate(std::unique_ptr<RecordLog> log, std::shared_ptr<const SchemaBook> book, Source source,
                       Options options)
    : log_(std::move(log)), book_(std::move(book)), source_(std::move(source)), options_(std::move(options)) {}

void SchemaGate::use(GateForm form) {
  options_.form = form;
  // What they wait for may be of no interest now: they are looked at again.
  for (auto& [partition, hold] : holds_) hold.keys.clear();
}

Status SchemaGate::start(Listener& listener) {
  listener_ = &listener;
  return log_->start(*this);
}

void SchemaGate::close() {
  log_->close();
  holds_.clear();
  paused_.clear();
}

// ---- partitions come and go

std::vector<std::int64_t> SchemaGate::assigned(std::span<const Partition> partitions) {
  for (const Partition& partition : partitions) forget(partition);
  return listener_->assigned(partitions);
}

void SchemaGate::revoked(std::span<const Partition> partitions, bool lost) {
  // What was handed out ends where the partition is held: the listener saves that.
  listener_->revoked(partitions, lost);
  for (const Partition& partition : partitions) forget(partition);
}

/// A pause must not outlive the assignment.
void SchemaGate::forget(const Partition& partition) {
  if (holds_.erase(partition) > 0) log_->resume(partition);
  paused_.erase(partition);
}

void SchemaGate::pause(const Partition& partition) {
  paused_.insert(partition);
  log_->pause(partition);
}

void SchemaGate::resume(const Partition& partition) {
  paused_.erase(partition);
  if (!is_held(partition)) log_->resume(partition);
}

/// From there on, the records are looked at anew.
Status SchemaGate::seek(const Partition& partition, std::int64_t offset) {
  const Status moved = log_->seek(partition, offset);
  if (moved && holds_.erase(partition) > 0 && !paused_.contains(partition)) log_->resume(partition);
  return moved;
}

// ---- records

void SchemaGate::poll(Duration wait, std::size_t most, Events& out) {
  let_go();
  log_->poll(holds_.empty() ? wait : std::min(wait, kLookEvery), most, out);
  for (Fetched& fetched : out.fetched) look_at(fetched);
  std::erase_if(out.fetched,
                [&](const Fetched& fetched) { return fetched.messages.items.empty() && is_held(fetched.partition); });
  std::erase_if(out.ended, [&](const Partition& partition) { return is_held(partition); });
}

/// Partitions whose schemas are there go on.
void SchemaGate::let_go() {
  bool answered = false;
  bool asking = false;
  const auto note = [&](std::string_view key) {
    const bool known = book_->find(key) != nullptr;
    (known ? answered : asking) = true;
    return known;
  };
  for (const auto& [partition, hold] : holds_) {
    for (const std::string& key : hold.keys) {
      if (!note(key)) source_.want(key);
    }
  }
  std::erase_if(let_pass_, note);
  if (answered) unanswered_since_ = options_.steady();
  if (!asking) unanswered_since_.reset();
  for (auto at = holds_.begin(); at != holds_.end();) {
    auto& [partition, hold] = *at;
    if (!hold.moved_back) move_back(partition, hold);
    if (!hold.moved_back || !is_settled(hold)) {
      ++at;
      continue;
    }
    // What passes without its schema is still asked for. Until its records are here again, this alone keeps the outage in mind.
    for (const std::string& key : hold.keys) {
      if (book_->find(key) == nullptr && let_pass_.size() < kMostLetPass) let_pass_.emplace(key);
    }
    if (!paused_.contains(partition)) log_->resume(partition);
    at = holds_.erase(at);
  }
}

bool SchemaGate::is_settled(const Hold& hold) const {
  if (options_.form.give_up && unanswered_since_ && options_.steady() - *unanswered_since_ >= options_.patience)
    return true;
  return std::all_of(hold.keys.begin(), hold.keys.end(),
                     [this](const std::string& key) { return book_->find(key) != nullptr; });
}

std::string_view SchemaGate::key_of(const Messages& messages, std::size_t item, MessagePart part) const {
  const Envelope* const envelope = item < messages.envelopes.size() ? &messages.envelopes[item] : nullptr;
  if (part == MessagePart::Value) {
    if (!options_.form.values || messages.items[item].bytes.empty()) return {};
    return wire_frame(messages.items[item].bytes, envelope, part).key;
  }
  if (!options_.form.keys || envelope == nullptr || !envelope->has_key) return {};
  return wire_frame(envelope->key, envelope, part).key;
}

void SchemaGate::look_at(Fetched& fetched) {
  if (const auto held = holds_.find(fetched.partition); held != holds_.end()) {
    // It came although nobody wanted it: it comes again.
    held->second.moved_back = false;
    fetched.messages.items.clear();
    fetched.messages.envelopes.clear();
    return;
  }
  if (!options_.form.values && !options_.form.keys) return;
  for (LastKey& last : last_) last = {};
  for (std::size_t i = 0; i < fetched.messages.items.size(); ++i) {
    std::vector<std::string> missing;
    for (const MessagePart part : {MessagePart::Value, MessagePart::Key}) {
      const std::string_view key = key_of(fetched.messages, i, part);
      if (!key.empty() && !passes(key, fetched, i, part)) missing.emplace_back(key);
    }
    if (missing.empty()) continue;
    want_the_others(fetched.messages, i + 1);
    hold(fetched, i, std::move(missing));
    return;
  }
}

bool SchemaGate::passes(std::string_view key, const Fetched& fetched, std::size_t item, MessagePart part) {
  LastKey& last = last_[index_of(part)];
  if (last.passes && last.key == key) return true;
  last.key = key;
  if (const std::shared_ptr<const KnownSchema> known = book_->find(key)) {
    last.passes = true;
    if (known->text == nullptr) {
      source_.want(key);  // somebody may have registered it by now
      return true;
    }
    std::optional<SchemaChange> change =
        watch_.see(fetched.partition.topic, part == MessagePart::Key, key, known->text);
    if (change && options_.seen) {
      change->partition = fetched.partition.number;
      change->offset = static_cast<std::int64_t>(fetched.messages.items[item].offset);
      options_.seen(*change);
    }
    return true;
  }
  source_.want(key);
  const Duration now = options_.steady();
  if (!unanswered_since_) unanswered_since_ = now;
  last.passes = options_.form.give_up && now - *unanswered_since_ >= options_.patience;
  if (last.passes && let_pass_.size() < kMostLetPass) let_pass_.emplace(key);
  return last.passes;
}

/// Cuts the records off from `item` on. An empty block still says where the records lie.
void SchemaGate::hold(Fetched& fetched, std::size_t item, std::vector<std::string> keys) {
  Messages& messages = fetched.messages;
  Hold hold{.offset = static_cast<std::int64_t>(messages.items[item].offset),
            .keys = std::move(keys),
            .moved_back = false,
            .since = options_.steady()};
  messages.items.resize(item);
  if (messages.envelopes.size() > item) messages.envelopes.resize(item);
  messages.block = messages.block.substr(0, 0);
  messages.stretch = messages.stretch.substr(0, 0);
  fetched.next_offset = hold.offset;
  log_->pause(fetched.partition);
  move_back(fetched.partition, hold);
  holds_.insert_or_assign(fetched.partition, std::move(hold));
}

/// So that one answer is waited for and not one after the other.
void SchemaGate::want_the_others(const Messages& messages, std::size_t from) {
  std::string last;
  std::size_t wanted = 0;
  for (std::size_t i = from; i < messages.items.size() && wanted < kMostAhead; ++i) {
    const std::string_view key = key_of(messages, i, MessagePart::Value);
    if (key.empty() || key == last) continue;
    last = key;
    if (book_->find(key) != nullptr) continue;
    source_.want(key);
    ++wanted;
  }
}

/// When it does not work it is tried again: until then nothing is lost, for the partition is paused.
void SchemaGate::move_back(const Partition& partition, Hold& hold) {
  if (log_->seek(partition, hold.offset)) hold.moved_back = true;
}

std::vector<Readiness> SchemaGate::readiness() const {
  Readiness out{.name = "registry", .ok = true, .reason = ""};
  const Duration now = options_.steady();
  const Hold* oldest = nullptr;
  const Partition* where = nullptr;
  for (const auto& [partition, hold] : holds_) {
    if (hold.keys.empty() || (oldest != nullptr && oldest->since <= hold.since)) continue;
    oldest = &hold;
    where = &partition;
  }
  if (oldest == nullptr || now - oldest->since < kBriefly) return {out};
  out.ok = false;
  out.reason = where->topic + "[" + std::to_string(where->number) + "]";
  if (holds_.size() > 1) out.reason += " and " + std::to_string(holds_.size() - 1) + " more";
  out.reason += (holds_.size() > 1 ? " wait" : " waits") + std::string(" for the schema ") +
                schema_key_text(oldest->keys.front());
  if (const std::string fault = source_.fault ? source_.fault() : std::string(); !fault.empty())
    out.reason += ": " + fault;
  return {out};
}

}  // namespace weir
