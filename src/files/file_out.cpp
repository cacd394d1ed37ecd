// SPDX-License-Identifier: Apache-2.0
#include "files/file_out.h"

#include <chrono>
#include <thread>
#include <utility>

#include "base/text.h"
#include "files/quarantine_line.h"

namespace weir {

namespace {

Duration steady_now() {
  return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

FileOut::FileOut(std::string path, Options options, std::unique_ptr<RotatingFile> file)
    : path_(std::move(path)), options_(std::move(options)), file_(std::move(file)) {
  if (!options_.steady) options_.steady = steady_now;
}

Result<std::unique_ptr<FileOut>> FileOut::open(const std::string& path, Options options) {
  Result<std::unique_ptr<RotatingFile>> file = RotatingFile::open(path, options.file);
  if (!file) return file.error();
  return std::unique_ptr<FileOut>(new FileOut(path, std::move(options), *std::move(file)));
}

RecordOut::Taken FileOut::write(const OutRecord& record, std::uint64_t token) {
  // While the disk is full it is asked now and then, and not by every record.
  if (!fault_.empty() && options_.steady() < retry_at_) return Taken::Full;
  const std::string line = options_.style == Style::Quarantine ? quarantine_line(record) : value_line(record);
  if (!file_->append(line)) return Taken::Full;
  tokens_.push_back(token);
  return Taken::Yes;
}

bool FileOut::sync() {
  if (!fault_.empty() && options_.steady() < retry_at_) return false;
  const Status synced = file_->sync();
  fault_ = synced ? "" : synced.error().message;
  if (!synced) retry_at_ = options_.steady() + options_.retry_every;
  return synced.ok();
}

bool FileOut::may_say(std::optional<Duration>& last) const {
  const Duration now = options_.steady();
  if (last && now - *last < options_.say_every) return false;
  last = now;
  return true;
}

void FileOut::poll(std::vector<Delivered>& delivered, std::vector<Trouble>& troubles) {
  sync();
  // A rotation may have synced lines although the lines behind them did not get there.
  for (; settled_ < file_->durable(); ++settled_) {
    delivered.push_back({.token = tokens_.front(), .ok = true, .trouble = {}});
    tokens_.pop_front();
  }
  if (!fault_.empty() && may_say(fault_said_)) {
    troubles.push_back({.weight = Trouble::Weight::Standing,
                        .event = "file_not_written",
                        .message = fault_ + "; records wait until it can be written again"});
  }
  if (!file_->rotation_fault().empty() && may_say(rotation_said_)) {
    troubles.push_back({.weight = Trouble::Weight::Standing,
                        .event = "file_not_rotated",
                        .message = file_->rotation_fault() + "; `" + path_ + "` grows beyond its size"});
  }
  if (file_->cut_bytes() > 0 && !std::exchange(cut_said_, true)) {
    troubles.push_back({.weight = Trouble::Weight::Passing,
                        .event = "file_cut",
                        .message = "cut " + with_commas(file_->cut_bytes()) + " bytes of an unfinished line off `" +
                                   path_ + "`; its record is written again"});
  }
  if (file_->removed() > removed_said_ && may_say(removal_said_)) {
    troubles.push_back(
        {.weight = Trouble::Weight::Passing,
         .event = "file_removed",
         .message = "removed the oldest of the files `" + path_ + ".N`, as there are as many as there may be"});
    removed_said_ = file_->removed();
  }
}

bool FileOut::flush(Duration wait) {
  constexpr Duration kPause = std::chrono::milliseconds(20);
  const Duration until = options_.steady() + wait;
  while (!sync()) {
    if (options_.steady() >= until) return false;
    std::this_thread::sleep_for(kPause);
  }
  return true;
}

}  // namespace weir
