// SPDX-License-Identifier: Apache-2.0
// Snapshots come back as they were saved: after a kill, a full disk and a page that the disk lost, and never half of them.
#include "files/snapshot_file.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "testing/input_files.h"

namespace weir::testing {
namespace {

struct Store {
  explicit Store(const std::string& path, const std::string& stream = "orders") {
    Result<std::shared_ptr<StateFolder>> opened = StateFolder::open(path);
    INFO((opened.ok() ? std::string() : opened.error().message));
    REQUIRE(opened.ok());
    folder = *opened;
    Result<std::unique_ptr<SnapshotFile>> made = SnapshotFile::open(folder, stream);
    REQUIRE(made.ok());
    file = std::move(*made);
  }
  std::vector<Snapshot> restore(const Partition& partition) {
    Result<std::vector<Snapshot>> found = file->restore(partition, troubles);
    INFO((found.ok() ? std::string() : found.error().message));
    REQUIRE(found.ok());
    return std::move(*found);
  }
  std::shared_ptr<StateFolder> folder;
  std::unique_ptr<SnapshotFile> file;
  std::vector<Trouble> troubles;
};

Partition orders(std::int32_t number) {
  return {.topic = "orders", .number = number};
}

/// A state that says which one it is, and differs on every page.
std::string state_of(const Partition& partition, std::uint64_t epoch, std::size_t size = 40'000) {
  std::string state = partition.topic + std::to_string(partition.number) + " " + std::to_string(epoch) + " ";
  std::minstd_rand random(static_cast<unsigned>(epoch * 31 + static_cast<std::uint64_t>(partition.number)));
  while (state.size() < size) state.push_back(static_cast<char>(random()));
  return state;
}

Snapshot snapshot(std::int32_t number, std::uint64_t epoch, std::size_t size = 40'000) {
  const Partition partition = orders(number);
  return {.partition = partition,
          .epoch = epoch,
          .next_offset = static_cast<std::int64_t>(epoch * 100) + number,
          .state = state_of(partition, epoch, size)};
}

std::vector<std::uint64_t> epochs(const std::vector<Snapshot>& snapshots) {
  std::vector<std::uint64_t> out;
  for (const Snapshot& found : snapshots) out.push_back(found.epoch);
  return out;
}

using Epochs = std::vector<std::uint64_t>;

Status save(Store& store, const std::vector<Snapshot>& snapshots) {
  return store.file->save(snapshots);
}

bool is_whole(const Snapshot& found) {
  const Snapshot saved = snapshot(found.partition.number, found.epoch, found.state.size());
  return found.next_offset == saved.next_offset && found.state == saved.state;
}

TEST_CASE("the newest snapshot and the one before it come back, newest first") {
  const Folder folder;
  const std::string path = folder.path("state");
  {
    Store store(path);
    CHECK(store.restore(orders(0)).empty());
    for (std::uint64_t epoch = 1; epoch <= 5; ++epoch) {
      const std::vector<Snapshot> both = {snapshot(0, epoch), snapshot(1, epoch * 2)};
      REQUIRE(store.file->save(both).ok());
    }
  }
  Store store(path);
  const std::vector<Snapshot> found = store.restore(orders(0));
  REQUIRE(epochs(found) == Epochs{5, 4});
  CHECK(is_whole(found[0]));
  CHECK(is_whole(found[1]));
  CHECK(epochs(store.restore(orders(1))) == Epochs{10, 8});
  CHECK(store.restore(orders(2)).empty());
  CHECK(store.restore({.topic = "other", .number = 0}).empty());
  CHECK(Store(folder.path("second")).restore(orders(0)).empty());
  CHECK(store.troubles.empty());
  CHECK_FALSE(store.file->in_transaction());
}

TEST_CASE("an epoch that is saved again replaces it and all later ones, and the one before stays") {
  const Folder folder;
  Store store(folder.path("state"));
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) REQUIRE(save(store, {snapshot(0, epoch)}).ok());
  Snapshot again = snapshot(0, 3);
  again.state = "begun anew";
  REQUIRE(store.file->save({&again, 1}).ok());
  std::vector<Snapshot> found = store.restore(orders(0));
  REQUIRE(epochs(found) == Epochs{3, 2});
  CHECK(found[0].state == "begun anew");
  again.epoch = 2;
  REQUIRE(store.file->save({&again, 1}).ok());
  CHECK(epochs(store.restore(orders(0))) == Epochs{2});
}

TEST_CASE("an empty state and one with zeros in it are states; two streams do not see each other") {
  const Folder folder;
  const std::string path = folder.path("state");
  {
    Store store(path);
    const std::vector<Snapshot> both = {
        {.partition = orders(0), .epoch = 1, .next_offset = 7, .state = ""},
        {.partition = orders(1), .epoch = 1, .next_offset = 8, .state = std::string("\0a\0", 3)}};
    REQUIRE(store.file->save(both).ok());
    CHECK(store.restore(orders(0)).at(0).state.empty());
    CHECK(store.restore(orders(1)).at(0).state == std::string("\0a\0", 3));
    Result<std::unique_ptr<SnapshotFile>> other = SnapshotFile::open(store.folder, "payments");
    REQUIRE(other.ok());
    CHECK((*other)->restore(orders(0), store.troubles)->empty());
    REQUIRE((*other)->save(std::vector{snapshot(0, 9)}).ok());
    CHECK(epochs(store.restore(orders(0))) == Epochs{1});
    CHECK((*other)->id() == store.file->id());
  }
}

TEST_CASE("all partitions of a save or none: an epoch out of range in the last undoes the first") {
  const Folder folder;
  Store store(folder.path("state"));
  REQUIRE(save(store, {snapshot(0, 1)}).ok());
  Snapshot wrong = snapshot(1, 1);
  wrong.epoch = ~std::uint64_t{0};
  const std::vector<Snapshot> both = {snapshot(0, 2), wrong};
  CHECK_FALSE(store.file->save(both).ok());
  CHECK(epochs(store.restore(orders(0))) == Epochs{1});
  REQUIRE(save(store, {snapshot(0, 2)}).ok());
  CHECK(epochs(store.restore(orders(0))) == Epochs{2, 1});
}

TEST_CASE("a process that is killed in the middle of saving leaves the last save whole, on all partitions alike") {
  const Folder folder;
  const std::string path = folder.path("state");
  (void)Store(path);
  std::minstd_rand random(1);
  std::uint64_t last = 0;
  for (int round = 0; round < 25; ++round) {
    int said[2];
    REQUIRE(::pipe(said) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      Result<std::shared_ptr<StateFolder>> state = StateFolder::open(path);
      if (!state) ::_exit(1);
      Result<std::unique_ptr<SnapshotFile>> file = SnapshotFile::open(*state, "orders");
      if (!file) ::_exit(1);
      for (std::uint64_t epoch = last + 1;; ++epoch) {
        const std::vector<Snapshot> both = {snapshot(0, epoch), snapshot(1, epoch)};
        if (!(*file)->save(both)) ::_exit(1);
        if (::write(said[1], &epoch, sizeof epoch) != sizeof epoch) ::_exit(1);
      }
    }
    ::close(said[1]);
    std::uint64_t acknowledged = 0;
    REQUIRE(::read(said[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged);
    ::usleep(static_cast<useconds_t>(random() % 5'000));
    ::kill(child, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    for (std::uint64_t next = 0; ::read(said[0], &next, sizeof next) == sizeof next;) acknowledged = next;
    ::close(said[0]);

    Store store(path);
    const std::vector<Snapshot> first = store.restore(orders(0));
    const std::vector<Snapshot> second = store.restore(orders(1));
    REQUIRE(!first.empty());
    CHECK(first[0].epoch >= acknowledged);
    CHECK(first[0].epoch <= acknowledged + 1);
    CHECK(epochs(first) == epochs(second));
    for (const Snapshot& found : first) CHECK(is_whole(found));
    for (const Snapshot& found : second) CHECK(is_whole(found));
    CHECK(store.troubles.empty());
    last = first[0].epoch;
  }
}

TEST_CASE("a page that is lost costs one snapshot, never gives a wrong one, and is said") {
  const Folder folder;
  const std::string path = folder.path("state");
  {
    Store store(path);
    for (std::uint64_t epoch = 1; epoch <= 4; ++epoch) {
      const std::vector<Snapshot> both = {snapshot(0, epoch), snapshot(1, epoch)};
      REQUIRE(store.file->save(both).ok());
    }
  }
  const std::string whole = read_file(path + "/state.db");
  REQUIRE(whole.size() > 160'000);
  std::size_t damaged = 0;
  std::size_t unread = 0;
  for (std::size_t page = 4'096; page + 4'096 <= whole.size(); page += 4'096) {
    for (const char fill : {'\0', '\x5a'}) {
      std::string bytes = whole;
      bytes.replace(page, 4'096, std::string(4'096, fill));
      std::ofstream(path + "/state.db", std::ios::binary | std::ios::trunc) << bytes;
      const Result<std::shared_ptr<StateFolder>> state = StateFolder::open(path);
      Result<std::unique_ptr<SnapshotFile>> file =
          state ? SnapshotFile::open(*state, "orders") : Result<std::unique_ptr<SnapshotFile>>(state.error());
      if (!file) {
        ++unread;
        continue;
      }
      for (const std::int32_t number : {0, 1}) {
        std::vector<Trouble> troubles;
        const Result<std::vector<Snapshot>> found = (*file)->restore(orders(number), troubles);
        if (!found) {
          ++unread;
          continue;
        }
        for (const Snapshot& one : *found) CHECK(is_whole(one));
        damaged += troubles.size();
        for (const Trouble& trouble : troubles) {
          CHECK(trouble.event == "snapshot_damaged");
          CHECK(trouble.message.find("is damaged and left out") != std::string::npos);
        }
      }
    }
  }
  CHECK(damaged > 40);  // the states fill most pages
  CHECK(unread < 30);   // the few pages of the index and of the tables' names
}

/// Files of at most so many bytes: a write beyond that fails as on a full disk.
class SmallDisk {
 public:
  explicit SmallDisk(std::uint64_t size) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{size, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST_CASE("a full disk is an error in words; what was saved stays, and later saves work again") {
  const Folder folder;
  const std::string path = folder.path("state");
  Store store(path);
  for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
    REQUIRE(save(store, {snapshot(0, epoch), snapshot(1, epoch)}).ok());
  }
  {
    const SmallDisk disk(400'000);
    for (std::uint64_t attempt = 0; attempt < 3; ++attempt) {
      const Status saved = save(store, {snapshot(0, 4), snapshot(1, 4, 3'000'000)});
      REQUIRE_FALSE(saved.ok());
      INFO(saved.error().message);
      CHECK((saved.error().message.find("File too large") != std::string::npos ||
             saved.error().message.find("no space left") != std::string::npos));
      CHECK(saved.error().message.find("state.db") != std::string::npos);
      CHECK(epochs(store.restore(orders(0))) == Epochs{3, 2});
    }
  }
  REQUIRE(save(store, {snapshot(0, 4), snapshot(1, 4, 3'000'000)}).ok());
  for (const std::int32_t number : {0, 1}) {
    const std::vector<Snapshot> found = store.restore(orders(number));
    REQUIRE(epochs(found) == Epochs{4, 3});
    CHECK(is_whole(found[0]));
    CHECK(is_whole(found[1]));
  }
  CHECK(store.troubles.empty());
}

}  // namespace
}  // namespace weir::testing
