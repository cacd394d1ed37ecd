// SPDX-License-Identifier: Apache-2.0
// Records of any format become profiles of the fields that were asked for.
#include "app/record_profile.h"

#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <thread>

#include "app/reference_file.h"
#include "testing/input_files.h"

namespace weir {
namespace {

using testing::Folder;

RecordProfiling every_field(const SeenFields& seen) {
  RecordProfiling profiling;
  for (const FieldPath& path : seen.paths)
    profiling.wanted.push_back({.column = add_field(profiling.fields, path, seen)});
  return profiling;
}

TEST_CASE("A column is one of numbers when most of its cells are, and the others stay what they are") {
  const Folder folder;
  const std::string file = folder.write("most.csv", "x,y\n1,a\n2,b\nn/a,c\n4,\n");
  Result<RecordInput> input = RecordInput::of_files({file}, Format::Auto);
  REQUIRE(input);
  const Result<SeenFields> seen = input->discover();
  REQUIRE(seen);
  REQUIRE(seen->paths.size() == 2);
  const RecordProfiling profiling = every_field(*seen);
  const Result<RecordProfile> profile = profile_records(*input, profiling);
  REQUIRE(profile);
  CHECK(profile->records == 4);
  CHECK(profile->fields[0].finite == 3);
  CHECK(profile->fields[0].types.text == 1);
  CHECK(profile->fields[1].types.text == 3);
  CHECK(profile->fields[1].missing() == 1);
}

TEST_CASE("Records that cannot be read are counted and in no profile") {
  const Folder folder;
  const std::string file = folder.write("broken.ndjson", "{\"x\": 1}\n{\n{\"x\": 3}\n");
  Result<RecordInput> input = RecordInput::of_files({file}, Format::Auto);
  REQUIRE(input);
  const Result<SeenFields> seen = input->discover();
  REQUIRE(seen);
  const RecordProfiling profiling = every_field(*seen);
  const Result<RecordProfile> profile = profile_records(*input, profiling);
  REQUIRE(profile);
  CHECK(profile->records == 3);
  CHECK(profile->undecodable == 1);
  CHECK(profile->fields[0].elements == 2);
  CHECK(profile->fields[0].raw == std::vector<double>{1, 3});
}

TEST_CASE("Beyond the budget a sketch stands for the numbers, and a note says so") {
  std::string records;
  for (int i = 0; i < 20000; ++i) records += "{\"x\": " + std::to_string(i) + "}\n";
  const Folder folder;
  const std::string file = folder.write("many.ndjson", records);
  Result<RecordInput> input = RecordInput::of_files({file}, Format::Auto);
  REQUIRE(input);
  const Result<SeenFields> seen = input->discover();
  REQUIRE(seen);
  RecordProfiling profiling = every_field(*seen);
  profiling.raw_bytes = 1000 * sizeof(double);
  const Result<RecordProfile> profile = profile_records(*input, profiling);
  REQUIRE(profile);
  CHECK(profile->fields[0].finite == 20000);
  CHECK(!profile->fields[0].has_raw());
  CHECK(!profile->fields[0].sketch.empty());
  REQUIRE(profile->notes.size() == 1);
  CHECK(profile->notes[0].starts_with("x: 20,000 numbers are more than the 1,000 "));
}

TEST_CASE("Parts of the records that are merged know what the whole knows") {
  std::string records;
  for (int i = 0; i < 300; ++i)
    records += "{\"x\": " + std::to_string(i * 7 % 100) + ", \"y\": \"c" + std::to_string(i % 3) + "\"}\n";
  const Folder folder;
  const std::string file = folder.write("parts.ndjson", records);
  Result<RecordInput> input = RecordInput::of_files({file}, Format::Auto);
  REQUIRE(input);
  const Result<SeenFields> seen = input->discover();
  REQUIRE(seen);
  const RecordProfiling profiling = every_field(*seen);
  RecordProfiler first(profiling);
  RecordProfiler second(profiling);
  REQUIRE(input->each([&](const Messages& messages, Format format) {
    Messages part;
    for (std::size_t i = 0; i < messages.items.size(); ++i) {
      part.items = {messages.items[i]};
      (i % 2 == 0 ? first : second).add(part, format);
    }
    return true;
  }));
  first.merge(second);
  const RecordProfile merged = first.finish();
  const Result<RecordProfile> whole = profile_records(*input, profiling);
  REQUIRE(whole);
  REQUIRE(merged.fields.size() == 2);
  CHECK(merged.records == 300);
  CHECK(merged.fields[0].raw == whole->fields[0].raw);
  CHECK(merged.fields[1].categories == whole->fields[1].categories);
}

TEST_CASE("A file of records is a reference without raw values") {
  std::string rows = "amount,country\n";
  for (int i = 0; i < 500; ++i) rows += std::to_string(i % 137) + (i % 2 == 0 ? ",DE\n" : ",FR\n");
  const Folder folder;
  const std::string file = folder.write("train.csv", rows);
  ProfileRequest request;
  request.path = file;
  request.format = Format::Json;  // of the stream; the file has its own
  for (const char* name : {"amount", "country"}) {
    const Result<FieldPath> path = FieldPath::parse(name);
    REQUIRE(path);
    request.fields.add(*path);
    request.declared.push_back(FieldType::Any);
  }
  const Result<Baseline> baseline = profile_reference(request);
  REQUIRE(baseline);
  CHECK(baseline->records == 500);
  const BaselineField* const amount = baseline->find("amount");
  REQUIRE(amount != nullptr);
  CHECK(amount->profile.finite == 500);
  CHECK(amount->profile.raw.empty());
  CHECK(amount->profile.edges != nullptr);
  REQUIRE(baseline->find("country") != nullptr);
  CHECK(baseline->find("country")->profile.categories.size() == 2);
}

TEST_CASE("A pipe is read once, what was looked at included") {
  const Folder folder;
  const std::string path = folder.path("pipe");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  std::thread writer([&path] { std::ofstream(path) << "{\"x\": 1}\n{\"x\": 2}\n{\"x\": 3}\n"; });
  Result<RecordInput> input = RecordInput::of_files({path}, Format::Json);
  REQUIRE(input);
  CHECK(!input->is_repeatable());
  const Result<SeenFields> seen = input->discover();
  writer.join();
  REQUIRE(seen);
  REQUIRE(seen->paths.size() == 1);
  const RecordProfiling profiling = every_field(*seen);
  const Result<RecordProfile> profile = profile_records(*input, profiling);
  REQUIRE(profile);
  CHECK(profile->fields[0].raw == std::vector<double>{1, 2, 3});
  CHECK(!profile_records(*input, profiling));
}

}  // namespace
}  // namespace weir
