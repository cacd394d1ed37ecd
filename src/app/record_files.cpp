// SPDX-License-Identifier: Apache-2.0
// Feeds the sink of records and tells what it cannot write.
#include "app/record_files.h"

#include <utility>

#include "app/telling.h"

namespace weir {

RecordFiles::RecordFiles(const CheckSettings& settings, const Plan& plan, Surroundings& surroundings)
    : surroundings_(surroundings) {
  if (!settings.quarantine && !settings.clean) return;
  const RecordSinkOptions options{.quarantine = settings.quarantine.value_or(""), .clean = settings.clean.value_or("")};
  Result<std::unique_ptr<RecordSink>> sink = RecordSink::open(options, plan);
  if (!sink) {
    keep_first_fault(sink.error());
  } else {
    sink_ = std::move(*sink);
  }
}

void RecordFiles::begin_input(const std::string& path, Format format) {
  if (sink_) keep_first_fault(sink_->begin_input(path, format));
}

void RecordFiles::add(const Messages& messages, const Outcome& outcome) {
  if (sink_) keep_first_fault(sink_->add(messages, outcome));
}

bool RecordFiles::finish(bool read_everything) {
  if (sink_ && read_everything) keep_first_fault(sink_->commit());
  if (sink_ && !read_everything) {
    print(surroundings_.err, "weir: no quarantine or clean file was written, as not every record could be read\n");
  }
  return written_;
}

void RecordFiles::keep_first_fault(const Status& status) {
  if (status) return;
  tell(surroundings_, status.error());
  written_ = false;
  sink_.reset();
}

}  // namespace weir
