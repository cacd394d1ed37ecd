// SPDX-License-Identifier: Apache-2.0
// Panes come back as they went, room is used again, and a disk that is full is told.
#include "files/shelf_file.h"

#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <map>
#include <random>
#include <string>

#include "testing/input_files.h"

namespace weir::testing {
namespace {

TEST_CASE("a pane comes back as it went, once") {
  const Folder folder;
  ShelfFile shelf(folder.path(""));
  const std::uint64_t first = *shelf.put("one");
  const std::uint64_t empty = *shelf.put("");
  const std::uint64_t second = *shelf.put(std::string("t\0wo", 4));
  CHECK(*shelf.take(second) == std::string("t\0wo", 4));
  CHECK(*shelf.take(first) == "one");
  CHECK((*shelf.take(empty)).empty());
  CHECK_FALSE(shelf.fault().has_value());
  CHECK_FALSE(shelf.take(first).ok());
}

TEST_CASE("the file has no name, so nothing is left behind") {
  const Folder folder;
  ShelfFile shelf(folder.path(""));
  REQUIRE(shelf.put("pane").ok());
  CHECK(std::filesystem::is_empty(folder.path("")));
}

TEST_CASE("panes that come and go at random are never mixed up, and their room is used again") {
  const Folder folder;
  ShelfFile shelf(folder.path(""));
  std::mt19937 random(7);
  std::map<std::uint64_t, std::string> kept;
  std::size_t held = 0;
  std::size_t most = 0;
  for (int i = 0; i < 5'000; ++i) {
    if (kept.size() < 20 || random() % 2 == 0) {
      std::string bytes(random() % 2'000, static_cast<char>('a' + i % 26));
      held += bytes.size();
      const Result<std::uint64_t> number = shelf.put(bytes);
      REQUIRE(number.ok());
      REQUIRE(kept.emplace(*number, std::move(bytes)).second);
    } else {
      auto chosen = std::next(kept.begin(), static_cast<std::ptrdiff_t>(random() % kept.size()));
      const Result<std::string> bytes = shelf.take(chosen->first);
      REQUIRE(bytes.ok());
      REQUIRE(*bytes == chosen->second);
      held -= bytes->size();
      kept.erase(chosen);
    }
    most = std::max(most, held);
  }
  CHECK(shelf.size() < 2 * most);  // first fit wastes less than half
  for (const auto& [number, bytes] : kept) CHECK(*shelf.take(number) == bytes);
  REQUIRE(shelf.put(std::string(shelf.size(), 'x')).ok());  // all gaps have become one
  CHECK(shelf.size() < 2 * most);
}

TEST_CASE("a folder that is not there is told, with what to do") {
  ShelfFile shelf("/no/such/folder");
  const Result<std::uint64_t> number = shelf.put("pane");
  REQUIRE_FALSE(number.ok());
  CHECK(number.error().message == "cannot keep windows in `/no/such/folder`: No such file or directory");
  CHECK(number.error().help == "TMPDIR names another folder");
  CHECK(shelf.fault().has_value());
}

TEST_CASE("a full disk is an error, and stays one") {
  const Folder folder;
  ShelfFile shelf(folder.path(""));
  const std::uint64_t first = *shelf.put("fits");
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1'000, limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const bool kept = shelf.put(std::string(10'000, 'x')).ok();
  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  CHECK_FALSE(kept);
  CHECK_FALSE(shelf.put("y").ok());
  CHECK(*shelf.take(first) == "fits");
}

}  // namespace
}  // namespace weir::testing
