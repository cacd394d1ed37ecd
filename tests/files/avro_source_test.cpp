// SPDX-License-Identifier: Apache-2.0
// Avro container files: codecs, places, faults, and bytes that a stranger has changed.
#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>
#include <vector>

#include "files/avro_container.h"
#include "testing/input_files.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::bytes_of;
using testing::Folder;
using testing::read_all;
using testing::Reading;
using testing::Record;
using Texts = std::vector<std::string>;

const std::string kSchema = R"({"type":"record","name":"R","fields":[{"name":"a","type":"string"}]})";
const std::string kSync = "0123456789abcdef";

std::string number(std::int64_t value) {
  std::uint64_t rest = static_cast<std::uint64_t>(value) << 1 ^ (value < 0 ? ~std::uint64_t{0} : 0);
  std::string out;
  for (; rest >= 0x80; rest >>= 7) out += static_cast<char>(rest | 0x80);
  return out + static_cast<char>(rest);
}

std::string text(const std::string& content) {
  return number(static_cast<std::int64_t>(content.size())) + content;
}

std::string head(const std::string& codec = "", const std::string& schema = kSchema) {
  std::string out = "Obj\x01" + number(codec.empty() ? 1 : 2) + text("avro.schema") + text(schema);
  if (!codec.empty()) out += text("avro.codec") + text(codec);
  return out + number(0) + kSync;
}

std::string packed(const std::string& codec, const std::string& data) {
  std::string out;
  if (codec == "deflate") {
    out.resize(::compressBound(data.size()) + 64);
    z_stream stream{};
    REQUIRE(::deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream.avail_in = static_cast<uInt>(data.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    ::deflateEnd(&stream);
  } else if (codec == "snappy") {
    snappy::Compress(data.data(), data.size(), &out);
    const uLong check = ::crc32(0, reinterpret_cast<const Bytef*>(data.data()), static_cast<uInt>(data.size()));
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(check >> shift & 0xFF);
  } else if (codec == "zstandard") {
    out.resize(ZSTD_compressBound(data.size()));
    out.resize(ZSTD_compress(out.data(), out.size(), data.data(), data.size(), 3));
  } else {
    out = data;
  }
  return out;
}

std::string block(std::int64_t count, const std::string& bytes, const std::string& sync = kSync) {
  return number(count) + text(bytes) + sync;
}

/// The records of one block and how each is written.
std::string data_of(const Texts& values) {
  std::string out;
  for (const std::string& value : values) out += text(value);
  return out;
}

Texts data_each(const Texts& values) {
  Texts out;
  for (const std::string& value : values) out.push_back(text(value));
  return out;
}

const Texts kFive = {"one", "two", "", "four and more", "5"};

std::string five(const std::string& codec) {
  return head(codec) + block(3, packed(codec, data_of({"one", "two", ""}))) +
         block(2, packed(codec, data_of({"four and more", "5"})));
}

}  // namespace

TEST_CASE("The records of an Avro file are its data, whatever packs its blocks") {
  const Folder folder;
  for (const char* codec : {"", "null", "deflate", "snappy", "zstandard"}) {
    const std::string path = folder.write("a.avro", five(codec));
    for (const std::size_t block_bytes : {std::size_t{1}, std::size_t{10}, std::size_t{256 * 1024}}) {
      const Reading reading = read_all(path, {.block_bytes = block_bytes});
      INFO(codec << ", blocks of " << block_bytes << ": " << reading.error);
      CHECK(reading.format == Format::Avro);
      CHECK(reading.header == kSchema);
      CHECK(reading.error.empty());
      CHECK(bytes_of(reading) == data_each(kFive));
      REQUIRE(reading.records.size() == 5);
      for (std::size_t i = 0; i < 5; ++i) CHECK(reading.records[i].line == i + 1);
    }
  }
}

TEST_CASE("A record lies at its own byte, or at the block that it is packed in") {
  const Folder folder;
  const std::string plain = five("null");
  const Reading reading = read_all(folder.write("a.avro", plain));
  REQUIRE(reading.records.size() == 5);
  for (const Record& record : reading.records) CHECK(plain.substr(record.offset, record.bytes.size()) == record.bytes);

  const Reading packed_reading = read_all(folder.write("b.avro", five("deflate")));
  REQUIRE(packed_reading.records.size() == 5);
  const std::uint64_t first = head("deflate").size();
  CHECK(packed_reading.records[0].offset == first);
  CHECK(packed_reading.records[2].offset == first);
  CHECK(packed_reading.records[3].offset > first);
}

TEST_CASE("An Avro file is known by its first bytes too, also compressed as a whole") {
  const Folder folder;
  CHECK(bytes_of(read_all(folder.write("no-ending", five("deflate")))) == data_each(kFive));
  CHECK(bytes_of(read_all(folder.write("a.json", five("")))) == data_each(kFive));
  CHECK(bytes_of(read_all(folder.write("a.avro.gz", five("snappy")))) == data_each(kFive));
  CHECK(bytes_of(read_all(folder.write("a.zst", five("null")))) == data_each(kFive));
}

TEST_CASE("An Avro file without records says its schema all the same") {
  const Folder folder;
  for (const std::string& content :
       {head("deflate"), head("") + block(0, ""), head("null") + block(0, "") + block(0, "")}) {
    const Reading reading = read_all(folder.write("a.avro", content));
    CHECK(reading.error.empty());
    CHECK(reading.records.empty());
    CHECK(reading.header == kSchema);
  }
}

TEST_CASE("A datum beyond the record limit keeps its beginning, and the next one is read") {
  const Folder folder;
  const std::string content = head() + block(3, data_of({"a", std::string(5000, 'x'), "b"}));
  const Reading reading = read_all(folder.write("a.avro", content), {.record_max_bytes = 100});
  REQUIRE(reading.records.size() == 3);
  CHECK(reading.records[0].whole);
  CHECK_FALSE(reading.records[1].whole);
  CHECK(reading.records[1].bytes == text(std::string(5000, 'x')).substr(0, 100));
  CHECK(reading.records[2].bytes == text("b"));
}

TEST_CASE("Data of no bytes are records") {
  const Folder folder;
  const Reading reading = read_all(folder.write("a.avro", head("", R"("null")") + block(200'000, "")));
  CHECK(reading.error.empty());
  CHECK(reading.records.size() == 200'000);
  CHECK(reading.records.back().line == 200'000);
}

TEST_CASE("A fault of a block is told with its place, behind the records before it") {
  const Folder folder;
  const std::string good = head() + block(2, data_of({"a", "b"}));
  const std::string at = "block 2 at byte " + std::to_string(good.size()) + ": ";
  const auto check = [&](const std::string& rest, const std::string& wanted, std::size_t records = 2) {
    const Reading reading = read_all(folder.write("a.avro", good + rest));
    CHECK(reading.records.size() == records);
    CHECK_THAT(reading.error, ContainsSubstring("a.avro`: " + at + wanted));
  };
  check(block(2, text("c")), "record 2 of 2 in it (4 of the file), at byte 2 of its 2, does not end", 3);
  check(block(1, number(7) + "c"), "record 1 of 1 in it (3 of the file), at byte 0 of its 2, does not end");
  check(block(1, text("c") + "xyz"), "3 bytes are left behind its 1 records", 3);
  check(block(1, text("c"), "0123456789abcdeX"), "what stands behind it is not the sync marker");
  check(block(1, text("c")).substr(0, 10), "the file is cut short");
  check(number(-1), "it says it holds -1 records");
  check(number(1) + number(1LL << 40), "it says it has 1099511627776 bytes, more than the 128 MiB");
  check(number(1) + number(-5), "it says it has -5 bytes");
  check(number(1) + number(100 << 20) + "abc", "the file is cut short");
  check(std::string(11, '\xFF'), "a number is longer than ten bytes");
  check(block(1LL << 60, ""), "it says it holds 1152921504606846976 records in 0 bytes");
  check(head(), "another container file begins here");
}

TEST_CASE("Packed blocks that are damaged, cut short or too large are told") {
  const Folder folder;
  const auto error_of = [&](const std::string& codec, const std::string& bytes) {
    return read_all(folder.write("a.avro", head(codec) + block(1, bytes))).error;
  };
  const std::string data = text(std::string(300, 'a') + "bcd");
  for (const std::string codec : {"deflate", "snappy", "zstandard"}) {
    INFO(codec);
    const std::string whole = packed(codec, data);
    CHECK(error_of(codec, whole).empty());
    CHECK_THAT(error_of(codec, whole.substr(0, whole.size() / 2)), ContainsSubstring("block 1 at byte "));
    CHECK_THAT(error_of(codec, ""), ContainsSubstring("cut short"));
    CHECK_THAT(error_of(codec, std::string(20, '\xEE')), ContainsSubstring("block 1 at byte "));
  }
  std::string wrong = packed("snappy", data);
  wrong.back() = static_cast<char>(wrong.back() ^ 1);
  CHECK_THAT(error_of("snappy", wrong), ContainsSubstring("its checksum is not that of its data"));
  const std::string lie = "\xFF\xFF\xFF\x3F" + std::string(8, '\0');  // snappy data that say they are 128 MiB
  CHECK_THAT(error_of("snappy", lie), ContainsSubstring("its snappy data is damaged"));
}

TEST_CASE("A small block that unpacks to more than the limit is an error", "[long]") {
  const Folder folder;
  const std::string zeros(kAvroBlockMost + 1, '\0');
  for (const std::string codec : {"deflate", "snappy", "zstandard"}) {
    const Reading reading = read_all(folder.write("a.avro", head(codec) + block(1, packed(codec, zeros))));
    CHECK_THAT(reading.error, ContainsSubstring("it unpacks to more than 128 MiB"));
  }
}

TEST_CASE("What is no container, or none that can be read, is told") {
  const Folder folder;
  const auto error_of = [&](const std::string& bytes) { return read_all(folder.write("a.avro", bytes)); };
  CHECK_THAT(error_of("").error, ContainsSubstring("it is no Avro container file"));
  CHECK_THAT(error_of("{\"a\":1}\n").error, ContainsSubstring("it is no Avro container file"));
  CHECK_THAT(error_of("Obj\x02").error, ContainsSubstring("it is no Avro container file"));
  CHECK_THAT(error_of("Obj\x01").error, ContainsSubstring("its head, up to byte 4: the file is cut short"));
  CHECK_THAT(error_of("Obj\x01" + number(0) + kSync).error, ContainsSubstring("it says no schema"));
  CHECK_THAT(error_of("Obj\x01" + number(1LL << 62)).error, ContainsSubstring("more than 10000 entries"));
  CHECK_THAT(error_of("Obj\x01" + std::string(9, '\xFF') + "\x01").error, ContainsSubstring("its head"));
  CHECK_THAT(error_of("Obj\x01" + number(1) + number(1LL << 50)).error, ContainsSubstring("an entry says it has"));
  CHECK_THAT(error_of(head("", "{\"type\":\"record\"}")).error, ContainsSubstring("its schema: "));
  const Reading bzip2 = error_of(head("bzip2"));
  CHECK_THAT(bzip2.error, ContainsSubstring("its codec is `bzip2`; weir reads null, deflate, snappy and zstandard"));
  CHECK_THAT(bzip2.help, ContainsSubstring("recodec"));
}

TEST_CASE("Metadata may come in several parts, with sizes, and hold what nobody asked for") {
  const Folder folder;
  const std::string entry = text("avro.schema") + text(kSchema);
  const std::string other = text("writer") + text(std::string("\x00\xFF", 2));
  const std::string content = "Obj\x01" + number(-1) + number(static_cast<std::int64_t>(other.size())) + other +
                              number(1) + entry + number(0) + kSync + block(1, text("a"));
  CHECK(bytes_of(read_all(folder.write("a.avro", content))) == Texts{text("a")});
}

TEST_CASE("A file cut at any byte is an error or ends with a block") {
  const Folder folder;
  for (const std::string codec : {"null", "deflate", "snappy", "zstandard"}) {
    const std::string whole = five(codec);
    const std::size_t first = head(codec).size();
    const std::size_t second = first + block(3, packed(codec, data_of({"one", "two", ""}))).size();
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const Reading reading = read_all(folder.write_raw("a.avro", whole.substr(0, size)));
      INFO(codec << " cut to " << size << " bytes: " << reading.error);
      CHECK(reading.error.empty() == (size == first || size == second));
      CHECK(reading.records.size() == (size < second ? 0U : 3U));
    }
  }
}

TEST_CASE("A byte that is another one is an error or other records, never more than the file can hold") {
  const Folder folder;
  for (const std::string codec : {"null", "deflate", "snappy", "zstandard"}) {
    const std::string whole = five(codec);
    std::size_t told = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      for (const int mask : {0x01, 0x80, 0xFF}) {
        std::string changed = whole;
        changed[at] = static_cast<char>(changed[at] ^ mask);
        const Reading reading = read_all(folder.write_raw("a.avro", changed));
        told += reading.error.empty() ? 0 : 1;
        CHECK(reading.records.size() <= whole.size());
      }
    }
    CHECK(told > whole.size());  // the schema, the sync marker and the sizes leave little that goes unseen
  }
}

}  // namespace weir
