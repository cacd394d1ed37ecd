// SPDX-License-Identifier: Apache-2.0
#include "files/output_file.h"

#include <zlib.h>
#include <zstd.h>

#include <vector>

#include "files/pending_file.h"

namespace weir {

namespace {

constexpr std::size_t kOutputBytes = 64 * 1024;

class PlainOutput final : public OutputFile {
 public:
  explicit PlainOutput(PendingFile file) : file_(std::move(file)) {}
  Status write(std::string_view bytes) override { return file_.write(bytes); }
  Status commit() override { return file_.commit(); }

 private:
  PendingFile file_;
};

class GzipOutput final : public OutputFile {
 public:
  explicit GzipOutput(PendingFile file) : file_(std::move(file)), room_(kOutputBytes) {
    constexpr int kGzipWindow = 15 + 16;
    constexpr int kMemoryLevel = 8;
    ready_ = ::deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                            Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~GzipOutput() override { ::deflateEnd(&stream_); }
  GzipOutput(const GzipOutput&) = delete;
  GzipOutput& operator=(const GzipOutput&) = delete;

  Status write(std::string_view bytes) override { return deflate(bytes, Z_NO_FLUSH); }
  Status commit() override {
    Status ended = deflate({}, Z_FINISH);
    return ended ? file_.commit() : ended;
  }

 private:
  Status deflate(std::string_view bytes, int flush) {
    if (!ready_) return Error{.message = "no memory for zlib"};
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib does not write there
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(room_.data());
      stream_.avail_out = static_cast<uInt>(room_.size());
      ::deflate(&stream_, flush);
      if (Status written = file_.write({room_.data(), room_.size() - stream_.avail_out}); !written) return written;
    } while (stream_.avail_out == 0);
    return Done{};
  }

  PendingFile file_;
  std::vector<char> room_;
  z_stream stream_{};
  bool ready_ = false;
};

class ZstdOutput final : public OutputFile {
 public:
  explicit ZstdOutput(PendingFile file) : file_(std::move(file)), room_(kOutputBytes), stream_(ZSTD_createCStream()) {
    ZSTD_CCtx_setParameter(stream_, ZSTD_c_checksumFlag, 1);  // or a flipped bit goes unseen
  }
  ~ZstdOutput() override { ZSTD_freeCStream(stream_); }
  ZstdOutput(const ZstdOutput&) = delete;
  ZstdOutput& operator=(const ZstdOutput&) = delete;

  Status write(std::string_view bytes) override { return compress(bytes, ZSTD_e_continue); }
  Status commit() override {
    Status ended = compress({}, ZSTD_e_end);
    return ended ? file_.commit() : ended;
  }

 private:
  Status compress(std::string_view bytes, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in{.src = bytes.data(), .size = bytes.size(), .pos = 0};
    std::size_t left = 0;
    do {
      ZSTD_outBuffer out{.dst = room_.data(), .size = room_.size(), .pos = 0};
      left = ZSTD_compressStream2(stream_, &out, &in, directive);
      if (ZSTD_isError(left) != 0) return Error{.message = std::string("zstd: ") + ZSTD_getErrorName(left)};
      if (Status written = file_.write({room_.data(), out.pos}); !written) return written;
    } while (directive == ZSTD_e_end ? left != 0 : in.pos < in.size);
    return Done{};
  }

  PendingFile file_;
  std::vector<char> room_;
  ZSTD_CStream* stream_;
};

}  // namespace

Result<std::unique_ptr<OutputFile>> OutputFile::open(const std::string& path) {
  Result<PendingFile> file = PendingFile::open(path);
  if (!file) return file.error();
  if (path.ends_with(".gz")) return std::unique_ptr<OutputFile>(std::make_unique<GzipOutput>(std::move(*file)));
  if (path.ends_with(".zst")) return std::unique_ptr<OutputFile>(std::make_unique<ZstdOutput>(std::move(*file)));
  return std::unique_ptr<OutputFile>(std::make_unique<PlainOutput>(std::move(*file)));
}

}  // namespace weir
