// SPDX-License-Identifier: Apache-2.0
// Files of Protobuf messages, each behind its length.
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>
#include <vector>

#include "files/record_writer.h"
#include "testing/input_files.h"

namespace weir {
namespace {

using testing::Folder;
using testing::read_all;
using testing::Reading;

std::string delimited(const std::vector<std::string>& records) {
  std::string out;
  for (const std::string& record : records) {
    std::size_t size = record.size();
    for (; size >= 0x80; size >>= 7U) out += static_cast<char>(size | 0x80U);
    out += static_cast<char>(size);
    out += record;
  }
  return out;
}

TEST_CASE("protobuf messages behind their lengths are found whatever the size of the blocks") {
  const Folder folder;
  std::mt19937 random(3);
  std::vector<std::string> records;
  for (int i = 0; i < 300; ++i) {
    std::string record(random() % (i % 50 == 0 ? 3000U : 20U), '\0');
    for (char& c : record) c = static_cast<char>(random());
    records.push_back(std::move(record));
  }
  records.insert(records.begin(), std::string(0x1FF, '\n'));  // its length begins like a byte order mark: FF 03
  for (const char* const name : {"a.pb", "a.pb.gz"}) {
    const std::string path = folder.write(name, delimited(records));
    for (const std::size_t block : {1U, 100U, 4096U, 1U << 18U}) {
      const Reading reading = read_all(path, {.format = Format::Protobuf, .block_bytes = block});
      CHECK(reading.error.empty());
      CHECK(testing::bytes_of(reading) == records);
      REQUIRE(reading.records.size() == records.size());
      CHECK(reading.records[0].offset == 2);
      CHECK(reading.records.back().line == records.size());
    }
  }
}

TEST_CASE("a protobuf message over the limit is passed over and the next one is found") {
  const Folder folder;
  const std::string path =
      folder.write("a.pb", delimited({"one", std::string(200'000, 'x'), "three", std::string(700, 'y'), ""}));
  const Reading reading = read_all(path, {.format = Format::Protobuf, .block_bytes = 64, .record_max_bytes = 500});
  CHECK(reading.error.empty());
  REQUIRE(reading.records.size() == 5);
  const std::vector<bool> whole = {true, false, true, false, true};
  for (std::size_t i = 0; i < whole.size(); ++i) CHECK(reading.records[i].whole == whole[i]);
  CHECK(reading.records[2].bytes == "three");
  CHECK(reading.records[4].line == 5);
}

TEST_CASE("a protobuf file that is cut off or has no lengths is a fault of the input, behind what was read") {
  const Folder folder;
  const std::string whole = delimited({"one", "two", std::string(300, 'z')});
  for (const std::size_t block : {1U, 1U << 18U}) {
    const FileOptions options{.format = Format::Protobuf, .block_bytes = block};
    for (const std::size_t cut : {whole.size() - 1, whole.size() - 300, whole.size() - 301}) {
      const Reading reading = read_all(folder.write("cut.pb", whole.substr(0, cut)), options);
      CHECK(reading.records.size() == 2);
      CHECK(reading.error.find("ends within the message at byte 8, behind 2 records") != std::string::npos);
    }
    const Reading none = read_all(folder.write("none.pb", delimited({"one"}) + std::string(20, '\xFF')), options);
    CHECK(none.records.size() == 1);
    CHECK(none.error.find("no length of a Protobuf message stands at byte 4, behind 1 records") != std::string::npos);
    const Reading huge = read_all(folder.write("huge.pb", std::string("\xFF\xFF\xFF\xFF\x7F", 5)), options);
    CHECK(huge.error.find("no length") != std::string::npos);
    const Reading empty = read_all(folder.write("empty.pb", ""), options);
    CHECK(empty.error.empty());
    CHECK(empty.records.empty());
  }
}

TEST_CASE("a clean file holds protobuf messages behind their lengths") {
  const Folder folder;
  const std::vector<std::string> records = {"one", std::string(300, '\0'), ""};
  Result<std::unique_ptr<CleanWriter>> clean = CleanWriter::open(folder.path("clean.pb"));
  REQUIRE(clean.ok());
  REQUIRE((*clean)->begin_input("in.pb", Format::Protobuf).ok());
  for (const std::string& record : records) REQUIRE((*clean)->add({.bytes = record}, {}).ok());
  REQUIRE((*clean)->commit().ok());
  CHECK(testing::read_file(folder.path("clean.pb")) == delimited(records));
}

}  // namespace
}  // namespace weir
