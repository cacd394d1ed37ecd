// SPDX-License-Identifier: Apache-2.0
// Originals of records that lie in the quarantine without their own bytes (redacted, too large): fetched from where they were
// read, as long as that keeps them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "quarantine/quarantined.h"
#include "weir/ports.h"

namespace weir {

class ReplayOrigins final : private RecordLog::Listener {
 public:
  /// A log of that topic without a group, with headers; it was not started.
  using OpenLog = std::function<Result<std::unique_ptr<RecordLog>>(const std::string& topic)>;

  explicit ReplayOrigins(OpenLog open) : open_(std::move(open)) {}

  /// Key, value and headers become the original's. False: it is gone, or another record stands there now. An error: nobody
  /// could be asked.
  Result<bool> fetch(QuarantinedRecord& record);

 private:
  struct Reader {
    std::unique_ptr<RecordLog> log;  // null: there is no such topic
    std::set<Partition> partitions;
    RecordLog::Events events;  // of the last poll, borrowed from the log
  };

  std::vector<std::int64_t> assigned(std::span<const Partition> partitions) override;
  void revoked(std::span<const Partition> /*partitions*/, bool /*lost*/) override {}

  Result<Reader*> reader_of(const std::string& topic);
  Result<bool> await(Reader& reader, QuarantinedRecord& record);

  OpenLog open_;
  std::map<std::string, Reader> readers_;
  Reader* starting_ = nullptr;
};

}  // namespace weir
