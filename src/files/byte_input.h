// SPDX-License-Identifier: Apache-2.0
// Bytes in order: from a file, a pipe or standard input, decompressed on the way. What stands above sees no difference.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weir/result.h"

namespace weir {

class ByteInput {
 public:
  virtual ~ByteInput() = default;
  /// At most `room` bytes into `into`; 0 only at the end. `room` is never 0.
  virtual Result<std::size_t> read(char* into, std::size_t room) = 0;
};

/// The bytes as they lie in the file. read(2) and not mmap: a pipe has no pages, and a file that shrinks would be a crash.
class PlainInput final : public ByteInput {
 public:
  /// "-" is standard input.
  static Result<std::unique_ptr<PlainInput>> open(const std::string& path);
  ~PlainInput() override;
  PlainInput(const PlainInput&) = delete;
  PlainInput& operator=(const PlainInput&) = delete;

  Result<std::size_t> read(char* into, std::size_t room) override;
  /// Progress; may be asked from another thread.
  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_read_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t bytes_total() const noexcept { return bytes_total_; }

 private:
  PlainInput(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  int descriptor_;
  std::string path_;
  std::atomic<std::uint64_t> bytes_read_{0};
  std::uint64_t bytes_total_ = 0;
};

/// Lets the first bytes be looked at before they are read.
class PeekedInput final : public ByteInput {
 public:
  explicit PeekedInput(std::unique_ptr<ByteInput> inner) : inner_(std::move(inner)) {}
  /// The next bytes, `size` of them or all that are left. Valid until the next call.
  Result<std::string_view> peek(std::size_t size);
  /// Drops bytes that were peeked at.
  void skip(std::size_t size) { at_ += size; }
  Result<std::size_t> read(char* into, std::size_t room) override;

 private:
  std::unique_ptr<ByteInput> inner_;
  std::string seen_;
  std::size_t at_ = 0;
};

/// How errors name an input: `orders.ndjson`, standard input.
[[nodiscard]] std::string input_name(const std::string& path);

}  // namespace weir
