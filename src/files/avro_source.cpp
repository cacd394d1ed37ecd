// SPDX-License-Identifier: Apache-2.0
// Reads a container file block by block and hands its data out in blocks of the engine's size: small blocks of the file
// together, a large one in parts. At most one block of the file is in memory, unpacked, beside what was handed out.
//
// A block whose data cannot all be found is a fault of the input, told when the records before the fault are out: nobody can say
// where the next datum begins. A datum that is found but means nothing (a text that is no UTF-8) is one undecodable record.
#include "files/avro_source.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "decode/avro_skip.h"
#include "files/avro_container.h"

namespace weir {

namespace {

constexpr std::size_t kMostRecords = 1024;  // in one block of the engine: their columns stay in the nearest cache

class AvroSource final : public FileSource {
 public:
  AvroSource(const FileOptions& options, const PlainInput* plain, std::unique_ptr<AvroContainer> container,
             AvroSkipper skipper)
      : options_(options), plain_(plain), container_(std::move(container)), skipper_(std::move(skipper)) {}

  Result<bool> next(Block& block) override;
  /// next() has found them on its way.
  void cut(Block&) const override {}
  [[nodiscard]] Format format() const override { return Format::Avro; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return plain_->bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return plain_->bytes_total(); }

 private:
  bool take_data(Block& block);
  void lay_out(Block& block) const;
  [[nodiscard]] std::optional<Error> read_more();
  [[nodiscard]] Error broken_off() const;

  FileOptions options_;
  const PlainInput* plain_;  // the lowest part of the container's input
  std::unique_ptr<AvroContainer> container_;
  AvroSkipper skipper_;
  AvroBlock from_;           // of the file
  std::size_t at_ = 0;       // in its data
  std::uint64_t given_ = 0;  // of its records
  std::uint64_t records_ = 0;
  bool begun_ = false;
  bool at_end_ = false;
  std::optional<Error> fault_;  // told when the records before it are out
};

/// The next data of from_, as many as the block takes, copied to its end in one go where all of them are kept whole. False: one
/// cannot be found.
bool AvroSource::take_data(Block& block) {
  const std::string_view data = from_.data;
  const bool in_place = container_->codec() == AvroCodec::Null;
  std::size_t copied = at_;  // up to here
  const auto copy = [&](std::size_t end) {
    const std::size_t size = end - copied;
    if (block.buffer.size() < block.size + size + Messages::kPadding)
      block.buffer.resize(std::max(block.buffer.size() * 2, block.size + size + Messages::kPadding));
    std::memcpy(block.buffer.data() + block.size, data.data() + copied, size);
    block.size += size;
  };
  bool found = true;
  while (given_ < from_.count && block.size + (at_ - copied) < options_.block_bytes &&
         block.messages.items.size() < kMostRecords) {
    const std::optional<std::size_t> end = skipper_.skip(data, at_);
    found = end.has_value();
    if (!found) break;
    const std::size_t size = *end - at_;
    const std::size_t kept = std::min<std::size_t>(size, options_.record_max_bytes);
    block.messages.items.push_back({.bytes = data.substr(at_, kept),  // in the end moved to the block
                                    .line = ++block.lines,
                                    .offset = in_place ? from_.data_offset + at_ : from_.offset,
                                    .whole = kept == size});
    if (kept < size) {
      copy(at_ + kept);
      copied = *end;
    }
    at_ = *end;
    ++given_;
    ++records_;
  }
  copy(at_);
  return found;
}

/// The buffer stands still now.
void AvroSource::lay_out(Block& block) const {
  if (block.buffer.size() < block.size + Messages::kPadding) block.buffer.resize(block.size + Messages::kPadding);
  std::memset(block.buffer.data() + block.size, 0, Messages::kPadding);
  std::size_t at = 0;
  for (Message& message : block.messages.items) {
    message.bytes = std::string_view(block.buffer.data() + at, message.bytes.size());
    at += message.bytes.size();
  }
  block.messages.stretch = std::string_view(block.buffer.data(), block.size);
}

Error AvroSource::broken_off() const {
  return container_->block_fault(from_, "record " + std::to_string(given_ + 1) + " of " + std::to_string(from_.count) +
                                            " in it (" + std::to_string(records_ + 1) + " of the file), at byte " +
                                            std::to_string(at_) + " of its " + std::to_string(from_.data.size()) +
                                            ", does not end where the schema says");
}

/// The next block of the file, when this one is used up.
std::optional<Error> AvroSource::read_more() {
  if (at_ < from_.data.size()) {
    return container_->block_fault(from_, std::to_string(from_.data.size() - at_) + " bytes are left behind its " +
                                              std::to_string(from_.count) + " records");
  }
  at_ = 0;
  given_ = 0;
  from_.count = 0;
  from_.data.clear();
  const Result<bool> more = container_->next(from_);
  if (!more) return more.error();
  at_end_ = !*more;
  return std::nullopt;
}

Result<bool> AvroSource::next(Block& block) {
  block.size = 0;
  block.lines = 0;
  block.truncated = false;
  block.lines_passed_over = 0;
  block.messages.items.clear();
  block.messages.block = {};
  block.messages.header = container_->schema();
  while (!fault_ && !at_end_) {
    if (given_ == from_.count) {
      fault_ = read_more();
      continue;
    }
    if (block.size >= options_.block_bytes || block.messages.items.size() >= kMostRecords) break;
    if (!take_data(block)) fault_ = broken_off();
  }
  if (block.messages.items.empty() && begun_) {
    if (fault_) return *fault_;
    if (at_end_) return false;
  }
  // A file without records gives one block without: who copies it learns the schema.
  begun_ = true;
  block.offset = block.messages.items.empty() ? 0 : block.messages.items.front().offset;
  lay_out(block);
  return true;
}

}  // namespace

Result<std::unique_ptr<FileSource>> open_avro(const std::string& path, const FileOptions& options,
                                              const PlainInput* plain, std::unique_ptr<ByteInput> input) {
  Result<std::unique_ptr<AvroContainer>> container = AvroContainer::open(std::move(input), path);
  if (!container) return container.error();
  SchemaText schema;
  schema.text = (*container)->schema();
  Result<AvroSkipper> skipper = AvroSkipper::make(schema);
  if (!skipper) {
    Error error = skipper.error();
    error.message = "cannot read " + input_name(path) + ": its schema: " + error.message;
    return error;
  }
  return std::unique_ptr<FileSource>(
      std::make_unique<AvroSource>(options, plain, *std::move(container), *std::move(skipper)));
}

}  // namespace weir
