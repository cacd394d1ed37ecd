// SPDX-License-Identifier: Apache-2.0
// Records to learn from: files, standard input, pipes or a topic, read from beginning to end and looked at beforehand for the
// fields that they have.
//
// A pipe can be read once only. What was looked at of it is kept until all of it is read, which is bounded by kLookedAt.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/field_scan.h"
#include "app/topic_input.h"
#include "files/source.h"
#include "weir/messages.h"
#include "weir/result.h"

namespace weir {

class RecordInput {
 public:
  static constexpr std::uint64_t kLookedAt = std::uint64_t{16} << 20;  // bytes of records, over all files

  /// What is called with the records, block by block; false: enough.
  using Visit = std::function<bool(const Messages& messages, Format format)>;

  /// Patterns and directories are expanded; an argument that names nothing is an error.
  static Result<RecordInput> of_files(const std::vector<std::string>& arguments, Format format,
                                      PayloadForm payload = {});
  static RecordInput of_topic(TopicInput topic, Instant now, PayloadForm payload);

  /// Fields of the records at the beginning of each file.
  Result<SeenFields> discover();
  /// Every record. A second call is an error where is_repeatable() says no.
  Status each(const Visit& visit);

  [[nodiscard]] bool is_repeatable() const noexcept;
  /// discover() saw all that there is.
  [[nodiscard]] bool seen_whole() const noexcept { return seen_whole_; }
  /// "train.ndjson", "3 files", "topic features.v1", "standard input".
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  struct File {
    std::string path;
    bool regular = true;
    // Of a pipe that was looked at: it is still open, and what was read of it is here.
    std::unique_ptr<FileSource> open = nullptr;
    std::vector<std::unique_ptr<Block>> kept = {};
    bool spent = false;
  };
  Status look(File& file, std::uint64_t most, FieldScan& scan);
  Status read(File& file, const Visit& visit, bool& enough);

  std::vector<File> files_;
  Format format_ = Format::Auto;
  PayloadForm payload_;                // by which schemas records are read that carry none
  std::shared_ptr<TopicInput> topic_;  // null: files
  Instant now_{};
  std::string name_;
  bool seen_whole_ = true;
};

}  // namespace weir
