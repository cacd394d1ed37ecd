// SPDX-License-Identifier: Apache-2.0
// What a user meets when a file is opened and read: names, encodings, compression, pipes, faults.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>
#include <vector>

#include "testing/input_files.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::bytes_of;
using testing::Folder;
using testing::read_all;
using testing::read_file;
using testing::Reading;
using testing::Record;
using Texts = std::vector<std::string>;

constexpr std::string_view kThree = "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n";
const Texts kThreeRecords = {"{\"a\":1}", "{\"a\":2}", "{\"a\":3}"};

/// A pipe that holds `content` and is closed on the writing side; small contents only.
int pipe_with(std::string_view content) {
  int ends[2] = {-1, -1};
  REQUIRE(::pipe(ends) == 0);
  REQUIRE(::write(ends[1], content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  ::close(ends[1]);
  return ends[0];
}

}  // namespace

TEST_CASE("Lines are records, whatever ends them") {
  const Folder folder;
  CHECK(bytes_of(read_all(folder.write("a.ndjson", kThree))) == kThreeRecords);
  CHECK(bytes_of(read_all(folder.write("b.ndjson", "{\"a\":1}\r\n{\"a\":2}\r\n{\"a\":3}\r\n"))) == kThreeRecords);
  CHECK(bytes_of(read_all(folder.write("c.ndjson", "{\"a\":1}\n{\"a\":2}\n{\"a\":3}"))) == kThreeRecords);
  CHECK(bytes_of(read_all(folder.write("d.ndjson", "\xEF\xBB\xBF{\"a\":1}\n{\"a\":2}\n{\"a\":3}"))) == kThreeRecords);
}

TEST_CASE("Empty lines are no records, but they are counted") {
  const Folder folder;
  const Reading reading = read_all(folder.write("a.ndjson", "\n{\"a\":1}\n\r\n  \t\n{\"a\":2}\n\n"));
  REQUIRE(reading.records.size() == 2);
  CHECK(reading.records[0] == Record{"{\"a\":1}", 2, 1, true});
  CHECK(reading.records[1] == Record{"{\"a\":2}", 5, 15, true});
  CHECK(reading.lines == 6);
}

TEST_CASE("A carriage return alone is data, not a line end") {
  const Folder folder;
  CHECK(bytes_of(read_all(folder.write("a.ndjson", "{\"a\":1}\r{\"a\":2}\n"))) == Texts{"{\"a\":1}\r{\"a\":2}"});
  CHECK(bytes_of(read_all(folder.write("a.csv", "x,y\n1,a\rb\n2,c\r"))) == Texts{"1,a\rb", "2,c\r"});
}

TEST_CASE("Offsets count bytes of the decompressed input, the byte order mark included") {
  const Folder folder;
  for (const char* name : {"a.ndjson", "a.ndjson.gz", "a.ndjson.zst"}) {
    const Reading reading = read_all(folder.write(name, "\xEF\xBB\xBF{\"a\":1}\n{\"a\":2}\n"));
    REQUIRE(reading.records.size() == 2);
    CHECK(reading.records[0].offset == 3);
    CHECK(reading.records[1].offset == 11);
    CHECK(reading.records[1].line == 2);
  }
}

TEST_CASE("gzip and zstd are known by their first bytes, whatever the name says") {
  const Folder folder;
  for (const char* name : {"a.gz", "a.zst"}) {
    const std::string compressed = read_file(folder.write(name, kThree));
    CHECK(bytes_of(read_all(folder.write_raw("plain.ndjson", compressed))) == kThreeRecords);
  }
}

TEST_CASE("Compressed parts that follow each other are one input") {
  const Folder folder;
  for (const char* name : {"a.gz", "a.zst"}) {
    const std::string first = read_file(folder.write(name, "{\"a\":1}\n{\"a\""));
    const std::string second = read_file(folder.write(name, ":2}\n{\"a\":3}\n"));
    const std::string empty = read_file(folder.write(name, ""));
    const Reading reading = read_all(folder.write_raw("parts.ndjson", first + empty + second));
    CHECK(bytes_of(reading) == kThreeRecords);
    CHECK(reading.error.empty());
  }
  const std::string padded = read_file(folder.write("p.gz", kThree)) + std::string(512, '\0');
  CHECK(bytes_of(read_all(folder.write_raw("padded.ndjson", padded))) == kThreeRecords);
}

TEST_CASE("Compressed data that is cut short is an error that says so, after the records before the cut") {
  const Folder folder;
  std::string content;
  for (int i = 0; i < 50'000; ++i) content += "{\"order\":" + std::to_string(i * 7919 % 65'521) + "}\n";
  for (const char* name : {"a.gz", "a.zst"}) {
    const std::string compressed = read_file(folder.write(name, content));
    const std::string half = compressed.substr(0, compressed.size() / 2);
    const Reading reading = read_all(folder.write_raw("half.ndjson", half));
    CHECK_THAT(reading.error,
               ContainsSubstring("compressed data is cut short after " + std::to_string(half.size()) + " bytes"));
    CHECK_THAT(reading.error, ContainsSubstring("half.ndjson"));
    CHECK(reading.records.size() > 1000);
    CHECK(reading.records.size() < 50'000);
    // Nothing of the last, torn line is passed on as a record.
    for (const Record& record : reading.records) REQUIRE(record.bytes.back() == '}');
  }
}

TEST_CASE("Every length to which compressed data can be cut is an error") {
  const Folder folder;
  for (const char* name : {"a.gz", "a.zst"}) {
    const std::string compressed = read_file(folder.write(name, kThree));
    for (std::size_t size = 4; size < compressed.size(); ++size) {
      CHECK_THAT(read_all(folder.write_raw("cut.ndjson", compressed.substr(0, size))).error,
                 ContainsSubstring("cut short"));
    }
  }
}

TEST_CASE("Damaged compressed data is an error that says so") {
  const Folder folder;
  for (const char* name : {"a.gz", "a.zst"}) {
    std::string compressed = read_file(folder.write(name, std::string(100'000, 'x') + "\n"));
    compressed[compressed.size() / 2] = static_cast<char>(compressed[compressed.size() / 2] ^ 0x55);
    const Reading reading = read_all(folder.write_raw("damaged.ndjson", compressed));
    CHECK_THAT(reading.error, ContainsSubstring("compressed data is"));
  }
  const std::string tail = read_file(folder.write("t.gz", kThree)) + "surplus";
  CHECK_THAT(read_all(folder.write_raw("tail.ndjson", tail)).error, ContainsSubstring("damaged"));
}

TEST_CASE("An input that cannot be opened is one clear line") {
  const Folder folder;
  CHECK(read_all(folder.path("none.ndjson")).error == "cannot read `" + folder.path("none.ndjson") + "`: no such file");
  const Reading directory = read_all(folder.path(""));
  CHECK_THAT(directory.error, ContainsSubstring("it is a directory"));
  CHECK_THAT(directory.help, ContainsSubstring("*.ndjson"));
  if (::geteuid() != 0) {
    const std::string secret = folder.write("secret.ndjson", kThree);
    ::chmod(secret.c_str(), 0);
    CHECK_THAT(read_all(secret).error, ContainsSubstring("no permission"));
  }
}

TEST_CASE("Another encoding than UTF-8 is named") {
  const Folder folder;
  const auto error = [&folder](std::string_view bytes) { return read_all(folder.write_raw("a.ndjson", bytes)).error; };
  CHECK_THAT(error(std::string_view("\xFF\xFE{\0\n\0", 6)),
             ContainsSubstring("UTF-16 (little endian), weir reads UTF-8"));
  CHECK_THAT(error(std::string_view("\xFE\xFF\0{", 4)), ContainsSubstring("UTF-16 (big endian)"));
  CHECK_THAT(error(std::string_view("\xFF\xFE\0\0{\0\0\0", 8)), ContainsSubstring("UTF-32 (little endian)"));
  CHECK_THAT(error(std::string_view("\0\0\xFE\xFF", 4)), ContainsSubstring("UTF-32 (big endian)"));
}

TEST_CASE("The format is told by the name, then by the content") {
  const Folder folder;
  const auto format = [&folder](std::string_view name, std::string_view content) {
    return read_all(folder.write(name, content)).format;
  };
  CHECK(format("a.ndjson", "[1]\n[2]\n") == Format::Json);
  CHECK(format("a.jsonl", "{}") == Format::Json);
  CHECK(format("A.CSV", "a,b\n") == Format::Csv);
  CHECK(format("a.tsv.gz", "a\tb\n") == Format::Tsv);
  CHECK(format("a.csv.zst", "a,b\n") == Format::Csv);
  CHECK(format("a.json", " \n [{\"a\":1}]") == Format::JsonArray);
  CHECK(format("a.json", kThree) == Format::Json);
  CHECK(format("a.json", "{\"a\":1}") == Format::Json);
  CHECK(format("a.json", "{\n  \"a\": 1\n}\n") == Format::JsonStream);
  CHECK(format("a.json", "{\"a\":1} {\"a\":2}\n") == Format::JsonStream);
  CHECK(format("a.json", "{\"a\":1}\n{\"a\":\n{\"a\":3}\n") == Format::Json);  // one broken line makes no stream
  CHECK(format("noname", kThree) == Format::Json);
  CHECK(format("empty", "") == Format::Json);
  const Reading unknown = read_all(folder.write("table.txt", "a,b\n1,2\n"));
  CHECK_THAT(unknown.error, ContainsSubstring("cannot tell the format of"));
  CHECK_THAT(unknown.help, ContainsSubstring("csv"));
  CHECK(read_all(folder.write("table.txt", "a,b\n1,2\n"), {.format = Format::Csv}).records.size() == 1);
}

TEST_CASE("Standard input and other pipes are read like files") {
  const int pipe = pipe_with(kThree);
  CHECK(bytes_of(read_all("/dev/fd/" + std::to_string(pipe))) == kThreeRecords);
  ::close(pipe);

  const int saved = ::dup(STDIN_FILENO);
  const Folder folder;
  for (const char* name : {"a.ndjson", "a.gz", "a.zst"}) {
    const int content = pipe_with(read_file(folder.write(name, kThree)));
    ::dup2(content, STDIN_FILENO);
    const Reading reading = read_all("-");
    CHECK(bytes_of(reading) == kThreeRecords);
    CHECK(reading.error.empty());
    ::close(content);
  }
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
}

TEST_CASE("A record beyond the limit keeps its beginning, and the lines behind it keep their numbers") {
  const Folder folder;
  const std::string long_line(5000, 'x');
  const std::string path = folder.write("a.ndjson", "{\"a\":1}\n" + long_line + "\n{\"a\":2}\n" + long_line);
  for (const std::size_t block_bytes : {1UL, 64UL, 1000UL, 100'000UL}) {
    const Reading reading = read_all(path, {.block_bytes = block_bytes, .record_max_bytes = 100});
    REQUIRE(reading.records.size() == 4);
    CHECK(reading.records[1] == Record{std::string(100, 'x'), 2, 8, false});
    CHECK(reading.records[2] == Record{"{\"a\":2}", 3, 5009, true});
    CHECK(reading.records[3] == Record{std::string(100, 'x'), 4, 5017, false});
    CHECK(reading.lines == 3);
  }
}

TEST_CASE("A record of exactly the limit is whole") {
  const Folder folder;
  for (const std::string_view ending : {"\n", "\r\n", ""}) {
    for (const std::size_t block_bytes : {1UL, 100UL, 1000UL}) {
      const FileOptions options{.block_bytes = block_bytes, .record_max_bytes = 100};
      const Reading exact = read_all(folder.write("a.ndjson", std::string(100, 'x') + std::string(ending)), options);
      CHECK(exact.records == std::vector<Record>{{std::string(100, 'x'), 1, 0, true}});
      const Reading beyond = read_all(folder.write("a.ndjson", std::string(101, 'x') + std::string(ending)), options);
      CHECK(beyond.records == std::vector<Record>{{std::string(100, 'x'), 1, 0, false}});
    }
  }
}

TEST_CASE("A single line of 100 MB costs no memory of that size") {
  const Folder folder;
  const std::string path = folder.write_raw("long.ndjson", "");
  REQUIRE(::truncate(path.c_str(), 100'000'000) == 0);  // a hole of zeros
  rusage before{};
  ::getrusage(RUSAGE_SELF, &before);
  const Reading reading = read_all(path);
  rusage after{};
  ::getrusage(RUSAGE_SELF, &after);
  REQUIRE(reading.records.size() == 1);
  CHECK_FALSE(reading.records[0].whole);
  CHECK(reading.records[0].bytes.size() == 1U << 20);
  CHECK(reading.largest_buffer < 4'000'000);
  CHECK(after.ru_maxrss - before.ru_maxrss < 64 * 1024);  // in KiB
}

TEST_CASE("A block keeps its memory from one call to the next") {
  const Folder folder;
  std::string content;
  for (int i = 0; i < 10'000; ++i) content += "{\"a\":" + std::to_string(i) + "}\n";
  const Result<std::unique_ptr<FileSource>> source =
      FileSource::open(folder.write("a.ndjson", content), {.block_bytes = 10'000});
  REQUIRE(source.ok());
  CHECK((*source)->bytes_total() == content.size());
  Block block;
  REQUIRE((*source)->next(block).ok());
  const char* const memory = block.buffer.data();
  while (*(*source)->next(block)) CHECK(block.buffer.data() == memory);
  CHECK((*source)->bytes_read() == content.size());
}

}  // namespace weir
