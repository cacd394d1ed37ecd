// SPDX-License-Identifier: Apache-2.0
#include "testing/input_files.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "files/output_file.h"

namespace weir::testing {

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "weir-test-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  root_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

std::string Folder::write(std::string_view name, std::string_view content) const {
  const Result<std::unique_ptr<OutputFile>> file = OutputFile::open(path(name));
  REQUIRE(file.ok());
  REQUIRE((*file)->write(content).ok());
  REQUIRE((*file)->commit().ok());
  return path(name);
}

std::string Folder::write_raw(std::string_view name, std::string_view bytes) const {
  std::ofstream(path(name), std::ios::binary) << bytes;
  return path(name);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Reading read_all(const std::string& path, const FileOptions& options) {
  Reading reading;
  const auto note = [&reading](const Error& error) {
    reading.error = error.message;
    reading.help = error.help;
  };
  Result<std::unique_ptr<FileSource>> source = FileSource::open(path, options);
  if (!source) {
    note(source.error());
    return reading;
  }
  reading.format = (*source)->format();
  Block block;
  std::uint64_t next_offset = ~std::uint64_t{0};
  for (;;) {
    const Result<bool> more = (*source)->next(block);
    if (!more) {
      note(more.error());
      return reading;
    }
    if (!*more) return reading;
    (*source)->cut(block);
    // What every reader of a block relies on.
    REQUIRE(block.buffer.size() >= block.size + Messages::kPadding);
    REQUIRE(block.buffer[block.size] == '\0');
    // Blocks of an Avro file are unpacked: what lies in one block lies elsewhere in the file.
    const bool in_place = reading.format != Format::Avro;
    REQUIRE((!in_place || next_offset == ~std::uint64_t{0} || block.truncated || block.offset >= next_offset));
    next_offset = block.offset + block.size;
    for (const Message& message : block.messages.items) {
      REQUIRE(message.bytes.data() >= block.buffer.data());
      REQUIRE(message.bytes.data() + message.bytes.size() <= block.buffer.data() + block.size);
      const auto at = static_cast<std::size_t>(message.bytes.data() - block.buffer.data());
      REQUIRE((!in_place || message.offset == block.offset + at));
      reading.records.push_back(
          {std::string(message.bytes), reading.lines + message.line, message.offset, message.whole});
    }
    reading.lines += block.lines;
    reading.header = block.messages.header;
    reading.largest_buffer = std::max(reading.largest_buffer, block.buffer.capacity());
  }
}

std::vector<std::string> bytes_of(const Reading& reading) {
  std::vector<std::string> bytes;
  for (const Record& record : reading.records) bytes.push_back(record.bytes);
  return bytes;
}

}  // namespace weir::testing
