// SPDX-License-Identifier: Apache-2.0
// Streaming decompression. Memory is that of the decompressor and one small buffer, whatever the data expands to. Data that
// ends early is an error and never a short file: a download that broke off must not pass as a smaller day.
#include "files/decompress.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <vector>

namespace weir {

namespace {

constexpr std::size_t kCompressedBytes = 64 * 1024;
constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::string_view kZstdMagic = "\x28\xb5\x2f\xfd";

/// The compressed side: a buffer, how much of it was used, and how far into the file that is.
class CompressedSide {
 public:
  CompressedSide(std::unique_ptr<ByteInput> inner, std::string path)
      : inner_(std::move(inner)), path_(std::move(path)), buffer_(kCompressedBytes) {}

  /// Makes sure that there are bytes; false at the end of the file.
  Result<bool> fill() {
    if (at_ < size_) return true;
    Result<std::size_t> got = inner_->read(buffer_.data(), buffer_.size());
    if (!got) return got.error();
    at_ = 0;
    size_ = *got;
    return size_ > 0;
  }
  [[nodiscard]] std::string_view rest() const { return {buffer_.data() + at_, size_ - at_}; }
  void use(std::size_t size) {
    at_ += size;
    used_ += size;
  }
  [[nodiscard]] Error cut_short() const {
    return Error{.message = "cannot read " + input_name(path_) + ": compressed data is cut short after " +
                            std::to_string(used_) + " bytes"};
  }
  [[nodiscard]] Error damaged(std::string_view why) const {
    return Error{.message = "cannot read " + input_name(path_) + ": compressed data is damaged after " +
                            std::to_string(used_) + " bytes: " + std::string(why)};
  }

 private:
  std::unique_ptr<ByteInput> inner_;
  std::string path_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  std::uint64_t used_ = 0;
};

class GzipInput final : public ByteInput {
 public:
  explicit GzipInput(CompressedSide side) : side_(std::move(side)) {
    constexpr int kGzipOnly = 15 + 16;  // largest window, gzip header wanted
    ready_ = ::inflateInit2(&stream_, kGzipOnly) == Z_OK;
  }
  ~GzipInput() override { ::inflateEnd(&stream_); }
  GzipInput(const GzipInput&) = delete;
  GzipInput& operator=(const GzipInput&) = delete;

  Result<std::size_t> read(char* into, std::size_t room) override {
    if (!ready_) return side_.damaged("no memory for zlib");
    room = std::min<std::size_t>(room, 1U << 30);  // zlib counts in 32 bits
    stream_.next_out = reinterpret_cast<Bytef*>(into);
    stream_.avail_out = static_cast<uInt>(room);
    while (stream_.avail_out == room) {
      Result<bool> more = side_.fill();
      if (!more) return more.error();
      if (!*more) {
        if (inside_) return side_.cut_short();
        return std::size_t{0};
      }
      if (!inside_) {
        if (skip_padding()) continue;
        ::inflateReset(&stream_);
        inside_ = true;
      }
      if (Status status = inflate_some(); !status) return status.error();
    }
    return room - stream_.avail_out;
  }

 private:
  /// Tapes and block devices pad the last member with zeros.
  bool skip_padding() {
    const std::string_view rest = side_.rest();
    const std::size_t zeros = std::min(rest.find_first_not_of('\0'), rest.size());
    side_.use(zeros);
    return zeros > 0;
  }

  Status inflate_some() {
    const std::string_view rest = side_.rest();
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(rest.data()));  // zlib does not write there
    stream_.avail_in = static_cast<uInt>(rest.size());
    const int state = ::inflate(&stream_, Z_NO_FLUSH);
    side_.use(rest.size() - stream_.avail_in);
    if (state == Z_STREAM_END) {
      inside_ = false;
    } else if (state != Z_OK && state != Z_BUF_ERROR) {
      return side_.damaged(stream_.msg == nullptr ? "no gzip data" : stream_.msg);
    }
    return Done{};
  }

  CompressedSide side_;
  z_stream stream_{};
  bool ready_ = false;
  bool inside_ = false;  // within a member
};

class ZstdInput final : public ByteInput {
 public:
  explicit ZstdInput(CompressedSide side) : side_(std::move(side)), stream_(ZSTD_createDStream()) {}
  ~ZstdInput() override { ZSTD_freeDStream(stream_); }
  ZstdInput(const ZstdInput&) = delete;
  ZstdInput& operator=(const ZstdInput&) = delete;

  Result<std::size_t> read(char* into, std::size_t room) override {
    if (stream_ == nullptr) return side_.damaged("no memory for zstd");
    ZSTD_outBuffer out{.dst = into, .size = room, .pos = 0};
    while (out.pos == 0) {
      Result<bool> more = side_.fill();
      if (!more) return more.error();
      // Even without more bytes zstd may hold output back that did not fit before.
      if (!*more && !inside_) return std::size_t{0};
      const std::string_view rest = side_.rest();
      ZSTD_inBuffer in{.src = rest.data(), .size = rest.size(), .pos = 0};
      const std::size_t state = ZSTD_decompressStream(stream_, &out, &in);
      side_.use(in.pos);
      if (ZSTD_isError(state) != 0) return side_.damaged(ZSTD_getErrorName(state));
      if (!*more && out.pos == 0) return side_.cut_short();
      inside_ = state != 0;
    }
    return out.pos;
  }

 private:
  CompressedSide side_;
  ZSTD_DStream* stream_;
  bool inside_ = false;  // within a frame
};

}  // namespace

Result<std::unique_ptr<ByteInput>> decompress(std::unique_ptr<PeekedInput> input, const std::string& path) {
  Result<std::string_view> head = input->peek(kZstdMagic.size());
  if (!head) return head.error();
  if (head->starts_with(kGzipMagic)) {
    return std::unique_ptr<ByteInput>(std::make_unique<GzipInput>(CompressedSide(std::move(input), path)));
  }
  if (*head == kZstdMagic) {
    return std::unique_ptr<ByteInput>(std::make_unique<ZstdInput>(CompressedSide(std::move(input), path)));
  }
  return std::unique_ptr<ByteInput>(std::move(input));
}

}  // namespace weir
