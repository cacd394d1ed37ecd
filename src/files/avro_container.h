// SPDX-License-Identifier: Apache-2.0
// Avro object container files: a head (magic, metadata, sync marker), then blocks (how many data, how many bytes, the bytes, the
// sync marker again). This part knows where blocks lie and unpacks them; what the data in them mean is for who reads them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "files/avro_codec.h"
#include "files/byte_input.h"
#include "weir/result.h"

namespace weir {

inline constexpr std::string_view kAvroMagic{"Obj\x01", 4};
inline constexpr std::size_t kAvroSync = 16;

/// One block of a container file, unpacked.
struct AvroBlock {
  std::uint64_t number = 0;       // from 1
  std::uint64_t offset = 0;       // where it begins in the input
  std::uint64_t data_offset = 0;  // where its bytes begin, packed as they are
  std::uint64_t count = 0;        // of data
  std::string data;
};

class AvroContainer {
 public:
  /// Reads the head. `path` is for messages.
  static Result<std::unique_ptr<AvroContainer>> open(std::unique_ptr<ByteInput> input, std::string path);

  /// False at the end. An error names the block and where it lies.
  Result<bool> next(AvroBlock& block);

  [[nodiscard]] const std::string& schema() const noexcept { return schema_; }
  [[nodiscard]] AvroCodec codec() const noexcept { return codec_; }
  /// "cannot read `a.avro`: block 3 at byte 4711: …"
  [[nodiscard]] Error block_fault(const AvroBlock& block, const std::string& what) const;

 private:
  AvroContainer(std::unique_ptr<ByteInput> input, std::string path)
      : input_(std::move(input)), path_(std::move(path)), buffer_(kBuffer, '\0') {}

  static constexpr std::size_t kBuffer = std::size_t{64} << 10;
  Status read_head();
  Status read_metadata();
  Status read_text(std::size_t most, std::string& into);
  Result<bool> fill();
  Result<std::int64_t> read_long();
  Status read_bytes(std::size_t size, std::string& into);
  Error fault(const std::string& what) const;
  [[nodiscard]] std::uint64_t position() const noexcept { return passed_ + at_; }

  std::unique_ptr<ByteInput> input_;
  std::string path_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t have_ = 0;
  std::uint64_t passed_ = 0;  // bytes of the input before the buffer
  std::string schema_;
  AvroCodec codec_ = AvroCodec::Null;
  std::string sync_;
  std::string packed_;
  std::uint64_t blocks_ = 0;
};

}  // namespace weir
