// SPDX-License-Identifier: Apache-2.0
// What the file arguments of a command line stand for.
#include "files/expand.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>

#include "files/detect.h"
#include "testing/input_files.h"

namespace weir {

namespace {

using Catch::Matchers::ContainsSubstring;
using testing::Folder;
using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("Patterns and directories give their files in order, names stay as they are") {
  const Folder folder;
  for (const char* name : {"b.ndjson", "a.ndjson", "c.csv.gz", "notes.md", ".hidden.json", "odd[1].json"})
    (void)folder.write(name, "");
  std::filesystem::create_directory(folder.path("nested.json"));

  CHECK(*expand_inputs({folder.path("*.ndjson")}) == Texts{folder.path("a.ndjson"), folder.path("b.ndjson")});
  CHECK(*expand_inputs({folder.path("b*"), folder.path("a.ndjson"), "-"}) ==
        Texts{folder.path("b.ndjson"), folder.path("a.ndjson"), "-"});
  CHECK(*expand_inputs({folder.path("odd[1].json")}) == Texts{folder.path("odd[1].json")});
  CHECK(*expand_inputs({folder.path("missing.ndjson")}) == Texts{folder.path("missing.ndjson")});
  CHECK(*expand_inputs({folder.path("")}) ==
        Texts{folder.path("a.ndjson"), folder.path("b.ndjson"), folder.path("c.csv.gz"), folder.path("odd[1].json")});
  CHECK(*expand_inputs({folder.path("*.json")}) == Texts{folder.path("odd[1].json")});
}

TEST_CASE("A pattern or directory that gives no file is an error") {
  const Folder folder;
  (void)folder.write("notes.md", "");
  CHECK_THAT(expand_inputs({folder.path("*.csv")}).error().message, ContainsSubstring("no file matches"));
  const Result<std::vector<std::string>> directory = expand_inputs({folder.path("")});
  CHECK_THAT(directory.error().message, ContainsSubstring("holds no data files"));
  CHECK_THAT(directory.error().help, ContainsSubstring(".ndjson"));
}

}  // namespace weir

TEST_CASE("a rule file about a topic does not decide what a file of another kind is") {
  using weir::Format;
  CHECK(weir::format_to_open("orders.parquet", std::nullopt, Format::Json) == Format::Parquet);
  CHECK(weir::format_to_open("orders.avro", std::nullopt, Format::Json) == Format::Avro);
  CHECK(weir::format_to_open("orders.ndjson.gz", std::nullopt, Format::Avro) == Format::Json);
  CHECK(weir::format_to_open("orders.json", std::nullopt, Format::Avro) == Format::Auto);
  CHECK(weir::format_to_open("orders.json", std::nullopt, Format::JsonStream) == Format::JsonStream);
  CHECK(weir::format_to_open("orders", std::nullopt, Format::Csv) == Format::Csv);
  CHECK(weir::format_to_open("orders.parquet", Format::Json, Format::Auto) == Format::Json);
}
