// SPDX-License-Identifier: Apache-2.0
// The clean file: bytes are copied, never rebuilt.
#include <algorithm>

#include "base/text.h"
#include "files/record_writer.h"

namespace weir {

namespace {

bool is_csv(Format format) {
  return format == Format::Csv || format == Format::Tsv;
}

/// Records that stand for themselves, whatever stands around them.
bool is_text(Format format) {
  return format == Format::Json || format == Format::JsonArray || format == Format::JsonStream;
}

/// The line ending that followed the record in its input: "\n", "\r\n" or nothing; "\n" where the surroundings are unknown.
std::string_view ending_of(const Message& message, const Messages& messages) {
  const std::string_view stretch = messages.stretch;
  if (stretch.empty()) return "\n";
  const std::string_view rest =
      stretch.substr(static_cast<std::size_t>(message.bytes.data() - stretch.data()) + message.bytes.size());
  if (rest.starts_with("\r\n")) return "\r\n";
  return rest.empty() ? "" : "\n";
}

}  // namespace

Result<std::unique_ptr<CleanWriter>> CleanWriter::open(const std::string& path) {
  Result<std::unique_ptr<OutputFile>> file = OutputFile::open(path);
  if (!file) return file.error();
  return std::unique_ptr<CleanWriter>(new CleanWriter(std::move(*file)));
}

Status CleanWriter::begin_input(const std::string& path, Format format) {
  if (format == Format::Parquet)
    return Error{
        .message = "no clean file can hold the records of `" + path + "`: rows of Parquet are no bytes to copy",
        .help = "`--quarantine` says which rows fail, by their `line`"};
  if (style_ == Format::Auto) style_ = format;
  const bool fits = is_text(style_) ? is_text(format) : format == style_;
  if (!fits)
    return Error{.message = "one clean file cannot hold the records of `" + path +
                            "`: its format is another than that of the inputs before"};
  input_ = path;
  format_ = format;
  return Done{};
}

Status CleanWriter::begin_block(const Messages& messages) {
  if (!is_csv(format_) && format_ != Format::Avro) return Done{};
  if (header_.empty()) header_ = messages.header;
  if (header_ == messages.header) return Done{};
  const std::string what = is_csv(format_) ? "header" : "schema";
  return Error{.message = "one clean file cannot hold the records of `" + input_ + "`: its " + what +
                          " differs from that of the inputs before",
               .help = is_csv(format_) ? "" : "give each schema a clean file of its own"};
}

Status CleanWriter::add_avro(std::string_view datum) {
  buffer_.clear();
  if (!header_written_) avro_.begin(header_, buffer_);
  header_written_ = true;
  avro_.add(datum, buffer_);
  return buffer_.empty() ? Status(Done{}) : file_->write(buffer_);
}

Status CleanWriter::add(const Message& message, const Messages& messages) {
  if (style_ == Format::Avro) return add_avro(message.bytes);
  std::string_view bytes = message.bytes;
  buffer_.clear();
  if (style_ == Format::Protobuf) {
    // Behind its length, as it came.
    std::size_t size = bytes.size();
    for (; size >= 0x80; size >>= 7U) buffer_ += static_cast<char>(size | 0x80U);
    buffer_ += static_cast<char>(size);
    buffer_ += bytes;
    return file_->write(buffer_);
  }
  if (style_ == Format::JsonArray) {
    buffer_ = any_ ? ",\n" : "[\n";
    any_ = true;
    buffer_ += bytes;
    return file_->write(buffer_);
  }
  const std::string_view ending = format_ == Format::JsonArray ? "\n" : ending_of(message, messages);
  if (line_open_) buffer_ += '\n';
  if (is_csv(style_) && !header_written_) {
    buffer_ += header_;
    buffer_ += ending.empty() ? "\n" : ending;
    header_written_ = true;
  }
  const std::size_t begin = buffer_.size();
  buffer_ += bytes;
  if (style_ == Format::Json && format_ != Format::Json) {
    // A record over several lines becomes one line: in valid JSON a line end is nothing but white space.
    std::replace_if(
        buffer_.begin() + static_cast<std::ptrdiff_t>(begin), buffer_.end(),
        [](char c) { return c == '\n' || c == '\r'; }, ' ');
  }
  buffer_ += ending;
  line_open_ = ending.empty();
  return file_->write(buffer_);
}

Status CleanWriter::commit() {
  Status status = Done{};
  if (style_ == Format::JsonArray) status = file_->write(any_ ? "\n]\n" : "[]\n");
  if (is_csv(style_) && !header_written_ && !header_.empty()) status = file_->write(header_ + "\n");
  if (style_ == Format::Avro) {
    buffer_.clear();
    if (!header_written_ && !header_.empty()) avro_.begin(header_, buffer_);
    avro_.finish(buffer_);
    status = file_->write(buffer_);
  }
  return status ? file_->commit() : status;
}

}  // namespace weir
