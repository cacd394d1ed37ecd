// SPDX-License-Identifier: Apache-2.0
// Small texts are there after a restart, each owner's apart, all of a write or none.
#include "files/state_texts.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>

#include "testing/input_files.h"

namespace weir::testing {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

std::shared_ptr<StateFolder> folder_at(const std::string& path) {
  Result<std::shared_ptr<StateFolder>> opened = StateFolder::open(path);
  REQUIRE(opened.ok());
  return *opened;
}

std::unique_ptr<StateTexts> texts_of(const std::shared_ptr<StateFolder>& folder, const std::string& owner) {
  Result<std::unique_ptr<StateTexts>> made = StateTexts::open(folder, owner);
  REQUIRE(made.ok());
  return *std::move(made);
}

TEST_CASE("texts are there after a restart, by name, and one is replaced or taken away by its name") {
  const Folder place;
  const std::string hostile = std::string("'); DROP TABLE named_text; --\n") + '\0' + "\xFF\x1b[31m";
  {
    const auto texts = texts_of(folder_at(place.path("state")), "alerts");
    CHECK(texts->all()->empty());
    REQUIRE(texts->put(Texts{{"b", "1"}, {"a", "2"}, {hostile, hostile}}).ok());
    REQUIRE(texts->put(Texts{{"b", "3"}, {"never there", ""}}).ok());
  }
  {
    const auto texts = texts_of(folder_at(place.path("state")), "alerts");
    CHECK(*texts->all() == Texts{{hostile, hostile}, {"a", "2"}, {"b", "3"}});
    REQUIRE(texts->put(Texts{{"a", ""}, {hostile, ""}, {"b", "4"}, {"b", "5"}}).ok());
  }
  CHECK(*texts_of(folder_at(place.path("state")), "alerts")->all() == Texts{{"b", "5"}});
}

TEST_CASE("owners do not see each other's texts") {
  const Folder place;
  const auto folder = folder_at(place.path("state"));
  const auto one = texts_of(folder, "alerts of orders");
  const auto other = texts_of(folder, "alerts of payments");
  REQUIRE(one->put(Texts{{"a", "1"}}).ok());
  REQUIRE(other->put(Texts{{"a", "2"}, {"b", "3"}}).ok());
  REQUIRE(other->put(Texts{{"b", ""}}).ok());
  CHECK(*one->all() == Texts{{"a", "1"}});
  CHECK(*other->all() == Texts{{"a", "2"}});
}

TEST_CASE("of a write that fails in its middle nothing is there, and the next one works") {
  const Folder place;
  const auto folder = folder_at(place.path("state"));
  const auto texts = texts_of(folder, "alerts");
  REQUIRE(texts->put(Texts{{"a", "1"}}).ok());
  auto database = folder->connect();
  REQUIRE(database.ok());
  REQUIRE(
      (*database)->execute("CREATE TRIGGER full BEFORE INSERT ON named_text WHEN NEW.name = 'c' "
                           "BEGIN SELECT RAISE(ABORT, 'no room'); END"));
  const Status written = texts->put(Texts{{"b", "2"}, {"a", ""}, {"c", "3"}});
  REQUIRE_FALSE(written.ok());
  CHECK(written.error().message.find("no room") != std::string::npos);
  CHECK(*texts->all() == Texts{{"a", "1"}});
  REQUIRE(texts->put(Texts{{"b", "2"}}).ok());
  CHECK(*texts->all() == Texts{{"a", "1"}, {"b", "2"}});
}

}  // namespace
}  // namespace weir::testing
