// SPDX-License-Identifier: Apache-2.0
// Reads an input block by block. A block ends where a record ends; what is left of it waits for the next one. A block grows
// only while it holds not even one whole record, and no further than the record limit: beyond it the record is too long, its
// beginning is kept for the report and the rest is read and let go.
#include "files/source.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>

#include "decode/csv_record.h"
#include "files/avro_source.h"
#include "files/byte_input.h"
#include "files/decompress.h"
#include "files/detect.h"
#include "files/framing.h"
#include "files/parquet_source.h"

namespace weir {

namespace {

constexpr std::size_t kPassOverBytes = 64 * 1024;

class BlockReader final : public FileSource {
 public:
  BlockReader(std::string path, const FileOptions& options, const PlainInput* plain, std::unique_ptr<ByteInput> input)
      : path_(std::move(path)), options_(options), plain_(plain), input_(std::move(input)) {}

  void begin(Format format, std::uint64_t offset, std::string header);
  Result<bool> next(Block& block) override;
  void cut(Block& block) const override { framing_->cut(block); }
  [[nodiscard]] Format format() const override { return options_.format; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return plain_->bytes_read(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return plain_->bytes_total(); }

 private:
  void fill(Block& block, std::size_t target);
  Status pass_over_rest(Block& block);
  void end_block(Block& block, std::size_t size);
  [[nodiscard]] Status state() const;

  std::string path_;
  FileOptions options_;
  const PlainInput* plain_;  // the lowest part of input_
  std::unique_ptr<ByteInput> input_;
  std::unique_ptr<Framing> framing_;
  std::string carry_;            // read, but behind the last block
  std::uint64_t offset_ = 0;     // of the next block
  bool at_end_ = false;          // the input is; carry_ may still hold something
  std::optional<Error> broken_;  // reading failed; told when the records before the fault are out
};

void BlockReader::begin(Format format, std::uint64_t offset, std::string header) {
  options_.format = format;
  offset_ = offset;
  const std::uint32_t limit = options_.record_max_bytes;
  switch (format) {
    case Format::Csv: framing_ = make_csv_framing(',', limit, std::move(header)); break;
    case Format::Tsv: framing_ = make_csv_framing('\t', limit, std::move(header)); break;
    case Format::JsonArray:
    case Format::JsonStream: framing_ = make_json_framing(format, limit); break;
    case Format::Protobuf: framing_ = make_protobuf_framing(limit); break;
    default: framing_ = make_line_framing(limit); break;
  }
}

/// Reads until the block holds `target` bytes or the input ends or fails.
void BlockReader::fill(Block& block, std::size_t target) {
  if (block.buffer.size() < target + Messages::kPadding) block.buffer.resize(target + Messages::kPadding);
  while (block.size < target && !at_end_ && !broken_) {
    Result<std::size_t> got = input_->read(block.buffer.data() + block.size, target - block.size);
    if (!got) {
      broken_ = got.error();
      return;
    }
    at_end_ = *got == 0;
    block.size += *got;
  }
}

Result<bool> BlockReader::next(Block& block) {
  if (Status now = state(); !now) return now.error();
  block.offset = offset_;
  block.lines = 0;
  block.truncated = false;
  block.messages.header = {};
  block.messages.columns = nullptr;
  block.rows.reset();
  block.lines_passed_over = 0;
  block.size = carry_.size();
  std::size_t target = std::max<std::size_t>({options_.block_bytes, carry_.size(), 1});
  if (block.buffer.size() < target + Messages::kPadding) block.buffer.resize(target + Messages::kPadding);
  std::memcpy(block.buffer.data(), carry_.data(), carry_.size());
  carry_.clear();

  const std::size_t too_long = std::size_t{options_.record_max_bytes} + Framing::kLookAhead;
  for (;;) {
    fill(block, target);
    const std::size_t size = block.size == 0 ? 0 : framing_->frame(block, at_end_);
    if (size > 0) {
      end_block(block, size);
      return true;
    }
    if (broken_) return *broken_;
    if (block.size == 0) {
      if (Status now = state(); !now) return now.error();
      return false;
    }
    if (block.size >= too_long) {
      if (Status passed = pass_over_rest(block); !passed) return passed.error();
      return true;
    }
    target = std::min(std::max(block.size * 2, target), too_long);
  }
}

/// Keeps what is behind `size` for the next block and puts zeros there, which decoders may rely on.
void BlockReader::end_block(Block& block, std::size_t size) {
  carry_.assign(block.buffer.data() + size, block.size - size);
  block.size = size;
  std::memset(block.buffer.data() + size, 0, Messages::kPadding);
  offset_ += size;
  Messages& messages = block.messages;
  messages.stretch = std::string_view(block.buffer.data(), size);
  messages.block = {};
  if (options_.format == Format::JsonStream) {
    const bool whole =
        std::all_of(messages.items.begin(), messages.items.end(), [](const Message& m) { return m.whole; });
    if (whole) messages.block = messages.stretch;
  }
}

Status BlockReader::pass_over_rest(Block& block) {
  const std::size_t seen = block.size;
  const std::size_t kept = options_.record_max_bytes;
  const char* const bytes = block.buffer.data();
  block.truncated = true;
  block.lines_passed_over = static_cast<std::uint64_t>(std::count(bytes + kept, bytes + seen, '\n'));
  std::uint64_t passed = seen - kept;
  std::string rest(kPassOverBytes, '\0');
  carry_.clear();
  for (std::size_t end = Framing::kGoesOn; end == Framing::kGoesOn;) {
    Result<std::size_t> got = input_->read(rest.data(), rest.size());
    if (!got) return got.error();
    at_end_ = *got == 0;
    if (at_end_) break;
    const std::string_view more(rest.data(), *got);
    end = framing_->pass_over(more);
    const std::string_view gone = more.substr(0, end);
    block.lines_passed_over += static_cast<std::uint64_t>(std::count(gone.begin(), gone.end(), '\n'));
    passed += gone.size();
    carry_.assign(more.substr(gone.size()));
  }
  const std::string behind = std::move(carry_);
  block.size = kept;
  end_block(block, kept);
  carry_ = behind;
  offset_ += passed;

  Messages& messages = block.messages;
  messages.block = {};
  messages.items.clear();
  messages.items.push_back({.bytes = messages.stretch, .line = 1, .offset = block.offset, .whole = false});
  block.lines = static_cast<std::uint64_t>(std::count(bytes, bytes + kept, '\n')) + block.lines_passed_over;
  if (options_.format == Format::Protobuf) block.lines = 1;  // records are counted there
  return Done{};
}

Status BlockReader::state() const {
  Status state = framing_->state(at_end_ && carry_.empty());
  if (state) return state;
  Error error = state.error();
  error.message = "cannot read " + input_name(path_) + ": " + error.message;
  return error;
}

/// The record that names the columns, without its line ending.
Result<std::string> read_header(PeekedInput& input, const std::string& path, char separator,
                                std::uint32_t record_max_bytes) {
  for (std::size_t window = kDetectBytes;; window *= 2) {
    Result<std::string_view> head = input.peek(window);
    if (!head) return head.error();
    const bool at_end = head->size() < window;
    std::string_view text = *head;
    CsvRecordEnd end = find_csv_record_end(text, separator, record_max_bytes, at_end);
    while (end.known && end.size == 0 && end.next < text.size()) {  // empty lines
      text.remove_prefix(end.next);
      end = find_csv_record_end(text, separator, record_max_bytes, at_end);
    }
    if (end.known && end.size <= record_max_bytes) {
      std::string header(text.substr(0, end.size));
      if (Status status = check_csv_header(header, separator); !status) {
        Error error = status.error();
        error.message = "cannot read " + input_name(path) + ": " + error.message;
        return error;
      }
      return header;
    }
    if (end.known || window >= std::size_t{record_max_bytes} + Framing::kLookAhead) {
      return Error{.message = "cannot read " + input_name(path) + ": its header is longer than " +
                              std::to_string(record_max_bytes) + " bytes"};
    }
  }
}

/// Parquet files are read in an order of their own, by their ends first.
Result<bool> is_parquet(const std::string& path, Format format, PeekedInput& input) {
  if (format == Format::Auto) {
    const Format ending = format_of_ending(path);
    if (ending != Format::Auto && ending != Format::Parquet) return false;
    const Result<std::string_view> head = input.peek(kParquetMagic.size());
    if (!head) return head.error();
    if (ending == Format::Auto && *head != kParquetMagic) return false;
  } else if (format != Format::Parquet) {
    return false;
  }
  std::error_code fault;
  if (path != "-" && std::filesystem::is_regular_file(path, fault)) return true;
  return Error{.message = "cannot read " + input_name(path) + ": Parquet is read from files, not from a pipe",
               .help = "write it to a file first"};
}

}  // namespace

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path, const FileOptions& options) {
  Result<std::unique_ptr<PlainInput>> opened = PlainInput::open(path);
  if (!opened) return opened.error();
  const PlainInput* const plain = opened->get();
  auto raw = std::make_unique<PeekedInput>(std::move(*opened));
  const Result<bool> columns = is_parquet(path, options.format, *raw);
  if (!columns) return columns.error();
  if (*columns) return open_parquet(path, options);
  Result<std::unique_ptr<ByteInput>> bytes = decompress(std::move(raw), path);
  if (!bytes) return bytes.error();
  auto input = std::make_unique<PeekedInput>(std::move(*bytes));

  Result<std::string_view> head = input->peek(kDetectBytes);
  if (!head) return head.error();
  const bool text = options.format != Format::Protobuf;  // a length may look like a byte order mark
  if (const std::string_view encoding = foreign_encoding(*head); text && !encoding.empty()) {
    return Error{
        .message = "cannot read " + input_name(path) + ": it is " + std::string(encoding) + ", weir reads UTF-8",
        .help = "convert it, for example with `iconv -t UTF-8`"};
  }
  const std::size_t mark = text ? byte_order_mark(*head) : 0;
  Format format = options.format;
  if (format == Format::Auto) {
    Result<Format> detected = detect_format(path, head->substr(mark));
    if (!detected) return detected.error();
    format = *detected;
  }
  if (format == Format::Avro) return open_avro(path, options, plain, std::move(input));
  input->skip(mark);
  std::string header;
  if (format == Format::Csv || format == Format::Tsv) {
    Result<std::string> read = read_header(*input, path, format == Format::Csv ? ',' : '\t', options.record_max_bytes);
    if (!read) return read.error();
    header = std::move(*read);
  }
  auto source = std::make_unique<BlockReader>(path, options, plain, std::move(input));
  source->begin(format, mark, std::move(header));
  return std::unique_ptr<FileSource>(std::move(source));
}

}  // namespace weir
