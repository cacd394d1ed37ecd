// SPDX-License-Identifier: Apache-2.0
// What waits is there after a restart, in its order, for its owner.
#include "files/state_queue.h"

#include <catch2/catch_test_macros.hpp>

#include "testing/input_files.h"

namespace weir::testing {
namespace {

std::unique_ptr<StateQueue> queue_of(const std::shared_ptr<StateFolder>& folder, const std::string& owner) {
  Result<std::unique_ptr<StateQueue>> queue = StateQueue::open(folder, owner);
  REQUIRE(queue.ok());
  return *std::move(queue);
}

std::shared_ptr<StateFolder> folder_at(const std::string& path) {
  Result<std::shared_ptr<StateFolder>> folder = StateFolder::open(path);
  REQUIRE(folder.ok());
  return *folder;
}

QueuedText text(std::uint64_t number) {
  return {.number = number, .name = "n" + std::to_string(number), .text = "{\"n\":\"\u00fc\"}"};
}

}  // namespace

TEST_CASE("What waits outlives the process, and what is settled does not") {
  const Folder place;
  const std::string path = place.path("state");
  {
    const auto queue = queue_of(folder_at(path), "lineage");
    CHECK(queue->all()->empty());
    const std::vector<QueuedText> first = {text(9), text(10), text(11)};
    REQUIRE(queue->keep(9, first).ok());
    const std::vector<QueuedText> more = {text(12)};
    REQUIRE(queue->keep(11, more).ok());
  }
  const auto folder = folder_at(path);
  const auto queue = queue_of(folder, "lineage");
  const std::vector<QueuedText> left = {text(11), text(12)};
  CHECK(*queue->all() == left);
  CHECK(queue_of(folder, "another")->all()->empty());
  REQUIRE(queue_of(folder, "another")->keep(100, {}).ok());
  CHECK(*queue->all() == left);
  REQUIRE(queue->keep(13, {}).ok());
  CHECK(queue->all()->empty());
}

}  // namespace weir::testing
