// SPDX-License-Identifier: Apache-2.0
#include "files/record_writer.h"

namespace weir {

Result<std::unique_ptr<RecordSink>> RecordSink::open(const RecordSinkOptions& options, const Plan& plan) {
  std::unique_ptr<RecordSink> sink(new RecordSink());
  if (!options.quarantine.empty()) {
    Result<std::unique_ptr<QuarantineWriter>> writer = QuarantineWriter::open(options.quarantine, plan);
    if (!writer) return writer.error();
    sink->quarantine_file_ = std::move(*writer);
  }
  if (!options.clean.empty()) {
    Result<std::unique_ptr<CleanWriter>> writer = CleanWriter::open(options.clean);
    if (!writer) return writer.error();
    sink->clean_file_ = std::move(*writer);
  }
  return sink;
}

Status RecordSink::begin_input(const std::string& path, Format format) {
  if (quarantine_file_) quarantine_file_->begin_input(path, format);
  return clean_file_ ? clean_file_->begin_input(path, format) : Status(Done{});
}

Status RecordSink::add(const Messages& messages, const Outcome& outcome) {
  if (clean_file_) {
    if (Status begun = clean_file_->begin_block(messages); !begun) return begun;
  }
  auto failing = outcome.failing.begin();
  const std::size_t judged = outcome.halted ? static_cast<std::size_t>(outcome.records) : messages.items.size();
  for (std::size_t i = 0; i < judged; ++i) {
    const Message& message = messages.items[i];
    const bool fails = failing != outcome.failing.end() && failing->item == i;
    const FailingRecord* const record = fails ? &*failing++ : nullptr;
    // The end of a record that is too long is gone: it cannot be written as it came, whatever its rule says.
    const bool put_aside = record != nullptr && (record->action >= OnFail::Quarantine || !message.whole);
    if (put_aside) {
      ++quarantined_;
      if (!quarantine_file_) continue;
      if (Status added = quarantine_file_->add(*record, message, messages); !added) return added;
    } else if (record != nullptr && record->action == OnFail::Drop) {
      ++dropped_;
    } else {
      ++clean_;
      if (!clean_file_) continue;
      if (Status added = clean_file_->add(message, messages); !added) return added;
    }
  }
  return Done{};
}

Status RecordSink::commit() {
  if (quarantine_file_) {
    if (Status done = quarantine_file_->commit(); !done) return done;
  }
  return clean_file_ ? clean_file_->commit() : Status(Done{});
}

}  // namespace weir
