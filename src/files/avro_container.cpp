// SPDX-License-Identifier: Apache-2.0
// Sizes in the file are claims: memory is taken as the bytes come, never for what is only announced, and everything has a limit.
#include "files/avro_container.h"

#include <algorithm>
#include <optional>

namespace weir {

namespace {

constexpr std::size_t kHeadMost = std::size_t{16} << 20;  // of one key or value of the metadata
constexpr std::int64_t kKeysMost = 10'000;
constexpr std::uint64_t kEmptyMost = 1'000'000;  // data of no bytes (`null`) that one block may hold
constexpr std::string_view kCutShort = "the file is cut short";

}  // namespace

Result<std::unique_ptr<AvroContainer>> AvroContainer::open(std::unique_ptr<ByteInput> input, std::string path) {
  std::unique_ptr<AvroContainer> container(new AvroContainer(std::move(input), std::move(path)));
  if (Status head = container->read_head(); !head) return head.error();
  return container;
}

Error AvroContainer::fault(const std::string& what) const {
  return Error{.message = "cannot read " + input_name(path_) + ": " + what};
}

Error AvroContainer::block_fault(const AvroBlock& block, const std::string& what) const {
  return fault("block " + std::to_string(block.number) + " at byte " + std::to_string(block.offset) + ": " + what);
}

/// Makes sure that there is a byte; false at the end.
Result<bool> AvroContainer::fill() {
  if (at_ < have_) return true;
  passed_ += have_;
  at_ = have_ = 0;
  Result<std::size_t> got = input_->read(buffer_.data(), buffer_.size());
  if (!got) return got.error();
  have_ = *got;
  return have_ > 0;
}

/// The error says only what is wrong; who calls knows where.
Result<std::int64_t> AvroContainer::read_long() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const Result<bool> more = fill();
    if (!more) return more.error();
    if (!*more) return Error{.message = std::string(kCutShort)};
    const auto byte = static_cast<unsigned char>(buffer_[at_++]);
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
  }
  return Error{.message = "a number is longer than ten bytes"};
}

Status AvroContainer::read_bytes(std::size_t size, std::string& into) {
  into.clear();
  while (into.size() < size) {
    const Result<bool> more = fill();
    if (!more) return more.error();
    if (!*more) return Error{.message = std::string(kCutShort)};
    const std::size_t part = std::min(size - into.size(), have_ - at_);
    into.append(buffer_, at_, part);
    at_ += part;
  }
  return Done{};
}

Status AvroContainer::read_text(std::size_t most, std::string& into) {
  const Result<std::int64_t> size = read_long();
  if (!size) return size.error();
  if (*size < 0 || static_cast<std::uint64_t>(*size) > most)
    return Error{.message = "an entry says it has " + std::to_string(*size) + " bytes"};
  return read_bytes(static_cast<std::size_t>(*size), into);
}

Status AvroContainer::read_metadata() {
  std::optional<std::string> schema;
  std::string codec;
  std::string name;
  std::string value;
  std::int64_t entries = 0;
  for (;;) {
    Result<std::int64_t> count = read_long();
    if (!count) return count.error();
    if (*count == 0) break;
    if (*count < 0) {  // then a size follows, for who wants to pass over it
      if (Result<std::int64_t> size = read_long(); !size) return size.error();
    }
    // One beyond the limit is enough; the smallest number has no positive counterpart.
    entries += *count < 0 ? -std::max(*count, -kKeysMost - 1) : std::min(*count, kKeysMost + 1);
    if (entries > kKeysMost) return Error{.message = "there are more than " + std::to_string(kKeysMost) + " entries"};
    for (std::int64_t left = *count < 0 ? -*count : *count; left > 0; --left) {
      if (Status read = read_text(kHeadMost, name); !read) return read;
      if (Status read = read_text(kHeadMost, value); !read) return read;
      if (name == "avro.schema") schema = value;
      if (name == "avro.codec") codec = value;
    }
  }
  if (!schema) return Error{.message = "it says no schema (avro.schema)"};
  schema_ = *std::move(schema);
  const Result<AvroCodec> known = avro_codec(codec);
  if (!known) return known.error();
  codec_ = *known;
  return Done{};
}

Status AvroContainer::read_head() {
  std::string magic;
  const Status read = read_bytes(kAvroMagic.size(), magic);
  if (!read && read.error().message != kCutShort) return read;
  if (magic != kAvroMagic) {
    Error error = fault("it is no Avro container file: it does not begin with `Obj` and the byte 1");
    error.help = "single records without a container are read from a topic";
    return error;
  }
  Status rest = read_metadata();
  if (rest) rest = read_bytes(kAvroSync, sync_);
  if (rest) return rest;
  const Error& error = rest.error();
  if (error.message.starts_with("cannot read ")) return error;
  Error told = fault("its head, up to byte " + std::to_string(position()) + ": " + error.message);
  told.help = error.help;
  return told;
}

Result<bool> AvroContainer::next(AvroBlock& block) {
  const Result<bool> more = fill();
  if (!more) return more.error();
  if (!*more) return false;
  block.number = ++blocks_;
  block.offset = position();
  const auto told = [&](const Error& error) {
    return error.message.starts_with("cannot read ") ? error : block_fault(block, error.message);
  };
  const bool another = buffer_[at_] == kAvroMagic.front();
  const Result<std::int64_t> count = read_long();
  if (!count) return told(count.error());
  if (*count < 0) {
    return block_fault(block, another ? "another container file begins here, or the file is damaged"
                                      : "it says it holds " + std::to_string(*count) + " records");
  }
  const Result<std::int64_t> size = read_long();
  if (!size) return told(size.error());
  if (*size < 0 || static_cast<std::uint64_t>(*size) > kAvroBlockMost)
    return block_fault(block, "it says it has " + std::to_string(*size) + " bytes, more than the " +
                                  std::to_string(kAvroBlockMost >> 20) + " MiB that a block may have");
  block.data_offset = position();
  if (Status read = read_bytes(static_cast<std::size_t>(*size), packed_); !read) return told(read.error());
  block.count = static_cast<std::uint64_t>(*count);
  std::string sync;
  if (Status read = read_bytes(kAvroSync, sync); !read) return told(read.error());
  if (sync != sync_) return block_fault(block, "what stands behind it is not the sync marker of the file");
  if (codec_ == AvroCodec::Null) {
    block.data.swap(packed_);
  } else if (Status unpacked = unpack_avro(codec_, packed_, kAvroBlockMost, block.data); !unpacked) {
    return told(unpacked.error());
  }
  if (block.count > std::max<std::uint64_t>(block.data.size(), kEmptyMost))
    return block_fault(block, "it says it holds " + std::to_string(block.count) + " records in " +
                                  std::to_string(block.data.size()) + " bytes");
  return true;
}

}  // namespace weir
