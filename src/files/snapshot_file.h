// SPDX-License-Identifier: Apache-2.0
// Snapshots of a stream in the state folder, for one instance.
//
// A save is one transaction, so the partitions of a stream are saved together or not at all, and a process that is killed
// leaves what was there. Of each partition two epochs are kept, the newest and the one before it. An epoch that is saved
// again replaces the one of that number and all later ones: a stream that begins anew from an epoch it has gone back
// to (an aborted transaction) counts on from there, and the epoch that the last commit names stays.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "files/state_folder.h"
#include "weir/ports.h"

namespace weir {

class SnapshotFile final : public SnapshotStore {
 public:
  static Result<std::unique_ptr<SnapshotFile>> open(std::shared_ptr<StateFolder> folder, std::string stream);

  Result<std::vector<Snapshot>> restore(const Partition& partition, std::vector<Trouble>& troubles) override;
  Status save(std::span<const Snapshot> snapshots) override;
  /// Nobody else can have it: the folder is locked.
  void release(const Partition& /*partition*/) override {}
  [[nodiscard]] std::string id() const override { return folder_->id(); }

 private:
  SnapshotFile(std::shared_ptr<StateFolder> folder, std::string stream)
      : folder_(std::move(folder)), stream_(std::move(stream)) {}
  Result<SqliteStatement> about(const Partition& partition, std::string_view sql) const;
  Result<std::optional<Snapshot>> read(const Partition& partition, std::int64_t epoch) const;
  Status save_all(std::span<const Snapshot> snapshots);
  Status save_one(const Snapshot& snapshot);

  std::shared_ptr<StateFolder> folder_;
  std::string stream_;
  std::unique_ptr<SqliteDatabase> database_;
};

}  // namespace weir
