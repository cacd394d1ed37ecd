// SPDX-License-Identifier: Apache-2.0
// A rotating file as a place where records go: one line a record, delivered when it is synced.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "files/rotating_file.h"
#include "weir/ports.h"

namespace weir {

class FileOut final : public RecordOut {
 public:
  enum class Style : std::uint8_t {
    Quarantine,  // an object with the reasons and the record
    Value,       // the value as it came
  };
  struct Options {
    Style style = Style::Quarantine;
    RotatingFile::Options file = {};
    Duration say_every = std::chrono::minutes(1);           // of one trouble
    Duration retry_every = std::chrono::milliseconds(500);  // what failed
    std::function<Duration()> steady = {};                  // empty: the clock that only goes forward
  };

  static Result<std::unique_ptr<FileOut>> open(const std::string& path, Options options);

  /// Full while the disk is: nothing is lost, the record is to be offered again.
  Taken write(const OutRecord& record, std::uint64_t token) override;
  /// Syncs what was written, as one.
  void poll(std::vector<Delivered>& delivered, std::vector<Trouble>& troubles) override;
  bool flush(Duration wait) override;

 private:
  FileOut(std::string path, Options options, std::unique_ptr<RotatingFile> file);
  bool sync();
  /// True once every say_every for each kind.
  bool may_say(std::optional<Duration>& last) const;

  std::string path_;
  Options options_;
  std::unique_ptr<RotatingFile> file_;
  std::deque<std::uint64_t> tokens_;  // of the lines behind settled_
  std::uint64_t settled_ = 0;         // lines whose delivery was told
  std::string fault_;
  Duration retry_at_{};
  bool cut_said_ = false;
  std::uint64_t removed_said_ = 0;
  std::optional<Duration> fault_said_;
  std::optional<Duration> rotation_said_;
  std::optional<Duration> removal_said_;
};

}  // namespace weir
