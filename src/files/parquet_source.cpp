// SPDX-License-Identifier: Apache-2.0
// Where somebody else's exceptions can come up: they end here as errors.
//
// Nothing of a file is believed before it is checked: a file that was cut or altered is an error, with the place. Memory is
// bounded by kMostMemory, which a page may not exceed however large it says it is.
#include "files/parquet_source.h"

#include <arrow/array.h>
#include <arrow/config.h>
#include <arrow/io/file.h>
#include <arrow/memory_pool.h>
#include <arrow/record_batch.h>
#include <parquet/arrow/reader.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>
#include <parquet/properties.h>

#include <algorithm>
#include <atomic>
#include <exception>

#include "files/byte_input.h"
#include "files/parquet_enums.h"
#include "files/parquet_fields.h"
#include "files/parquet_nested.h"
#include "files/parquet_rows.h"
#include "files/parquet_statistics.h"

namespace weir {

namespace {

constexpr std::int64_t kMostMemory = std::int64_t{2} << 30;
constexpr std::int64_t kRowsAtOnce = 32 * 1024;   // that Arrow decodes, at most
constexpr std::int64_t kBytesAtOnce = 4 << 20;    // that these rows should take
constexpr std::int64_t kRowsOfBlock = 2 * 1024;   // that are judged together: their cells stay in cache
constexpr std::int64_t kReadAtOnce = 256 * 1024;  // bytes of a column
constexpr std::int32_t kMostDepth = 64;           // of nested fields
constexpr std::size_t kLongestReason = 300;

/// Counts what is really read.
class CountedFile final : public arrow::io::RandomAccessFile {
 public:
  explicit CountedFile(std::shared_ptr<arrow::io::ReadableFile> file) : file_(std::move(file)) {}

  arrow::Status Close() override { return file_->Close(); }
  [[nodiscard]] bool closed() const override { return file_->closed(); }
  [[nodiscard]] arrow::Result<std::int64_t> Tell() const override { return file_->Tell(); }
  arrow::Status Seek(std::int64_t position) override { return file_->Seek(position); }
  arrow::Result<std::int64_t> GetSize() override { return file_->GetSize(); }
  arrow::Result<std::int64_t> Read(std::int64_t size, void* out) override { return counted(file_->Read(size, out)); }
  arrow::Result<std::shared_ptr<arrow::Buffer>> Read(std::int64_t size) override { return counted(file_->Read(size)); }
  arrow::Result<std::int64_t> ReadAt(std::int64_t position, std::int64_t size, void* out) override {
    return counted(file_->ReadAt(position, size, out));
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> ReadAt(std::int64_t position, std::int64_t size) override {
    return counted(file_->ReadAt(position, size));
  }

  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

 private:
  arrow::Result<std::int64_t> counted(arrow::Result<std::int64_t> got) {
    if (got.ok()) bytes_.fetch_add(static_cast<std::uint64_t>(*got), std::memory_order_relaxed);
    return got;
  }
  arrow::Result<std::shared_ptr<arrow::Buffer>> counted(arrow::Result<std::shared_ptr<arrow::Buffer>> got) {
    if (got.ok()) bytes_.fetch_add(static_cast<std::uint64_t>((*got)->size()), std::memory_order_relaxed);
    return got;
  }

  std::shared_ptr<arrow::io::ReadableFile> file_;
  std::atomic<std::uint64_t> bytes_ = 0;
};

/// The first line, not too long.
std::string shown(std::string reason) {
  reason = reason.substr(0, reason.find('\n'));
  if (reason.size() > kLongestReason) reason = reason.substr(0, kLongestReason) + "…";
  for (char& c : reason) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return reason;
}

/// What Arrow throws and what it returns, as an error of ours.
template <class Work>
Status guarded(const Work& work) {
  try {
    const arrow::Status status = work();
    if (status.ok()) return Done{};
    return Error{.message = shown(status.message())};
  } catch (const std::exception& fault) {
    return Error{.message = shown(fault.what())};
  }
}

/// The magic bytes at both ends, looked at before anything else.
Status check_ends(arrow::io::RandomAccessFile& file) {
  constexpr std::int64_t kMagic = 4;
  std::string head(kMagic, '\0');
  std::string tail(kMagic, '\0');
  std::int64_t size = 0;
  const Status read = guarded([&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(size, file.GetSize());
    if (size < 3 * kMagic) return arrow::Status::OK();
    ARROW_RETURN_NOT_OK(file.ReadAt(0, kMagic, head.data()).status());
    return file.ReadAt(size - kMagic, kMagic, tail.data()).status();
  });
  if (!read) return read;
  if (size == 0) return Error{.message = "it is empty, which no Parquet file is"};
  if (tail == "PARE") return Error{.message = "it is encrypted"};
  if (size < 3 * kMagic || head != kParquetMagic)
    return Error{.message = "it is no Parquet file: it does not begin with `PAR1`"};
  if (tail != kParquetMagic) return Error{.message = "it is cut short: it does not end with `PAR1`"};
  return Done{};
}

/// Whether a column of texts is written as words of a dictionary in all row groups: it is then read as such.
bool is_dictionary(const parquet::FileMetaData& metadata, int leaf) {
  if (metadata.schema()->Column(leaf)->physical_type() != parquet::Type::BYTE_ARRAY) return false;
  if (metadata.schema()->Column(leaf)->max_repetition_level() > 0) return false;
  for (int group = 0; group < metadata.num_row_groups(); ++group) {
    const auto chunk = metadata.RowGroup(group)->ColumnChunk(leaf);
    if (!chunk->has_dictionary_page() || chunk->encoding_stats().empty()) return false;
    for (const parquet::PageEncodingStats& pages : chunk->encoding_stats()) {
      const bool data =
          pages.page_type == parquet::PageType::DATA_PAGE || pages.page_type == parquet::PageType::DATA_PAGE_V2;
      const bool words =
          pages.encoding == parquet::Encoding::RLE_DICTIONARY || pages.encoding == parquet::Encoding::PLAIN_DICTIONARY;
      if (data && !words) return false;
    }
  }
  return true;
}

/// Arrow's own choice gives memory back to the system after each batch and takes it anew for the next one: a third of the time of
/// reading went into pages filled with zeros. jemalloc keeps it; where this Arrow has none, the system's allocator does mostly.
arrow::MemoryPool* keeping_pool() {
  arrow::MemoryPool* pool = nullptr;
  return arrow::jemalloc_memory_pool(&pool).ok() ? pool : arrow::system_memory_pool();
}

/// What outlives the source for as long as rows of it do.
struct Kept {
  arrow::CappedMemoryPool pool{keeping_pool(), kMostMemory};
  std::vector<ParquetField> fields;
};

class ParquetSource final : public FileSource {
 public:
  explicit ParquetSource(std::string path) : path_(std::move(path)) {}

  Status begin(const FileOptions& options);
  Result<bool> next(Block& block) override;
  void cut(Block& block) const override;
  [[nodiscard]] Format format() const override { return Format::Parquet; }
  [[nodiscard]] std::uint64_t bytes_read() const override { return file_->bytes(); }
  [[nodiscard]] std::uint64_t bytes_total() const override { return bytes_total_; }

 private:
  Status read_head(const FileOptions& options);
  Status begin_group();
  Status read_records();
  [[nodiscard]] Error error(const std::string& reason) const;

  std::string path_;
  std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
  std::shared_ptr<CountedFile> file_;
  std::unique_ptr<parquet::arrow::FileReader> reader_;
  std::unique_ptr<arrow::RecordBatchReader> records_;  // of the present row group
  std::shared_ptr<arrow::RecordBatch> batch_;          // what of it is being handed out
  std::vector<int> leaves_;
  bool enums_ = false;                    // some of them are
  std::vector<CountedColumn> counted_;    // those that statistics may answer for
  std::vector<CountedValues> stand_ins_;  // what they say in the present row group
  std::vector<int> read_;                 // the leaves that it is read for
  std::int64_t row_bytes_ = 1;            // of a row, about
  std::int64_t rows_at_once_ = kRowsAtOnce;
  int group_ = -1;           // the present row group
  std::int64_t left_ = 0;    // rows of the row group that are not in batch_ yet
  std::int64_t at_ = 0;      // in batch_, of the next block
  std::int64_t rows_ = 0;    // of batch_
  std::int64_t row_ = 0;     // of the next block, in the file
  std::int64_t begins_ = 0;  // the first row of the present row group
  std::uint64_t bytes_total_ = 0;
};

Error ParquetSource::error(const std::string& reason) const {
  std::string where;
  if (group_ >= 0) where = "row group " + std::to_string(group_ + 1) + ", from row " + std::to_string(row_ + 1) + ": ";
  return Error{.message = "cannot read " + input_name(path_) + ": " + where + reason};
}

Status ParquetSource::begin(const FileOptions& options) {
  const Status opened = guarded([&]() -> arrow::Status {
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::io::ReadableFile> file,
                          arrow::io::ReadableFile::Open(path_, &kept_->pool));
    file_ = std::make_shared<CountedFile>(std::move(file));
    return arrow::Status::OK();
  });
  if (!opened) return error(opened.error().message);
  if (const Status ends = check_ends(*file_); !ends) return error(ends.error().message);
  const Status head = read_head(options);
  return head ? head : Status(error(head.error().message));
}

Status ParquetSource::read_head(const FileOptions& options) {
  return guarded([&]() -> arrow::Status {
    parquet::ReaderProperties properties(&kept_->pool);
    properties.enable_buffered_stream();
    properties.set_buffer_size(kReadAtOnce);
    properties.set_page_checksum_verification(true);
    properties.set_schema_depth_limit(kMostDepth);
    parquet::arrow::FileReaderBuilder builder;
    ARROW_RETURN_NOT_OK(builder.Open(file_, properties));
    const std::shared_ptr<parquet::FileMetaData> metadata = builder.raw_reader()->metadata();
    ParquetSelection selection =
        select_columns(*metadata->schema(), path_, options.whole_rows ? nullptr : options.plan);
    if (options.plan != nullptr && !options.whole_rows)
      counted_ = counted_columns(*metadata->schema(), selection, *options.plan);
    leaves_ = std::move(selection.leaves);
    enums_ = has_enums(*metadata->schema(), leaves_);
    kept_->fields = std::move(selection.fields);

    parquet::ArrowReaderProperties how(false);
    how.set_pre_buffer(false);
    how.set_arrow_extensions_enabled(true);
    how.set_coerce_int96_timestamp_unit(arrow::TimeUnit::MICRO);
    std::int64_t bytes = 0;
    std::int64_t rows = 0;
    for (int group = 0; group < metadata->num_row_groups(); ++group) {
      const auto head = metadata->RowGroup(group);
      if (head->num_rows() < 0) return arrow::Status::Invalid("a row group has fewer than no rows");
      rows = std::max(rows, head->num_rows());
      std::int64_t group_bytes = 0;
      for (const int leaf : leaves_) {
        const auto chunk = head->ColumnChunk(leaf);
        group_bytes += std::clamp<std::int64_t>(chunk->total_uncompressed_size(), 0, kMostMemory);
        bytes_total_ += static_cast<std::uint64_t>(std::max<std::int64_t>(0, chunk->total_compressed_size()));
      }
      bytes = std::max(bytes, group_bytes);
    }
    bytes_total_ += static_cast<std::uint64_t>(metadata->size());
    row_bytes_ = std::max<std::int64_t>(1, bytes / std::max<std::int64_t>(1, rows));
    rows_at_once_ = std::clamp(kBytesAtOnce / row_bytes_, kRowsOfBlock, kRowsAtOnce);
    how.set_batch_size(rows_at_once_);
    for (const int leaf : leaves_) {
      if (is_dictionary(*metadata, leaf)) how.set_read_dictionary(leaf, true);
    }
    builder.memory_pool(&kept_->pool)->properties(how);
    return builder.Build(&reader_);
  });
}

/// Opens the next row group, where there is one.
Status ParquetSource::begin_group() {
  return guarded([&]() -> arrow::Status {
    records_.reset();
    const std::shared_ptr<parquet::FileMetaData> metadata = reader_->parquet_reader()->metadata();
    left_ = metadata->RowGroup(group_)->num_rows();
    begins_ = row_;
    stand_ins_ = counted_values(*metadata, group_, counted_);
    read_ = leaves_;
    std::erase_if(read_, [this](int leaf) {
      return std::any_of(stand_ins_.begin(), stand_ins_.end(),
                         [&](const CountedValues& values) { return values.column.leaf == leaf; });
    });
    if (read_.empty()) return arrow::Status::OK();
    ARROW_ASSIGN_OR_RAISE(records_, reader_->GetRecordBatchReader({group_}, read_));
    return arrow::Status::OK();
  });
}

/// The next records of the row group into batch_.
Status ParquetSource::read_records() {
  at_ = 0;
  batch_.reset();
  if (leaves_.empty()) {
    rows_ = std::min(left_, rows_at_once_);
    left_ -= rows_;
    return Done{};
  }
  return guarded([&]() -> arrow::Status {
    if (read_.empty()) {
      batch_ = arrow::RecordBatch::Make(arrow::schema({}), std::min(left_, rows_at_once_), arrow::ArrayVector{});
    } else {
      ARROW_RETURN_NOT_OK(records_->ReadNext(&batch_));
    }
    rows_ = batch_ ? batch_->num_rows() : 0;
    if (enums_ && rows_ > 0) ARROW_RETURN_NOT_OK(make_texts_of_enums(reader_->manifest(), read_, batch_));
    for (const CountedValues& values : stand_ins_) {
      if (rows_ == 0) break;
      const std::shared_ptr<arrow::Array> array = stand_in(values, row_ - begins_, rows_);
      if (array == nullptr) return arrow::Status::OutOfMemory("no memory");
      ARROW_ASSIGN_OR_RAISE(batch_,
                            batch_->AddColumn(values.column.column, arrow::field("counted", array->type()), array));
    }
    if (rows_ == 0 || rows_ > left_) return arrow::Status::Invalid("it does not hold as many rows as it says");
    left_ -= rows_;
    ARROW_RETURN_NOT_OK(batch_->Validate());
    for (const std::shared_ptr<arrow::Array>& column : batch_->columns()) make_all(*column);
    return arrow::Status::OK();
  });
}

Result<bool> ParquetSource::next(Block& block) {
  const int groups = reader_->parquet_reader()->metadata()->num_row_groups();
  while (at_ == rows_) {
    while (left_ == 0) {
      if (group_ + 1 >= groups) return false;
      ++group_;
      if (const Status begun = begin_group(); !begun) return error(begun.error().message);
    }
    if (const Status read = read_records(); !read) return error(read.error().message);
  }
  const std::int64_t rows = std::min(rows_ - at_, kRowsOfBlock);
  block.rows = make_parquet_rows(batch_, at_, {kept_, &kept_->fields});
  block.size = static_cast<std::size_t>(rows * row_bytes_);
  block.offset = static_cast<std::uint64_t>(row_);
  block.lines = static_cast<std::uint64_t>(rows);
  block.truncated = false;
  block.lines_passed_over = 0;
  at_ += rows;
  row_ += rows;
  return true;
}

void ParquetSource::cut(Block& block) const {
  Messages& messages = block.messages;
  messages = {};
  messages.columns = block.rows.get();
  messages.items.resize(block.lines);
  for (std::uint64_t i = 0; i < block.lines; ++i)
    messages.items[i] = {.bytes = {}, .line = i + 1, .offset = block.offset + i};
}

}  // namespace

std::string parquet_library() {
  return "Arrow " + arrow::GetBuildInfo().version_string;
}

Result<std::unique_ptr<FileSource>> open_parquet(const std::string& path, const FileOptions& options) {
  auto source = std::make_unique<ParquetSource>(path);
  if (const Status begun = source->begin(options); !begun) return begun.error();
  return std::unique_ptr<FileSource>(std::move(source));
}

}  // namespace weir
