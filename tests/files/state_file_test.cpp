// SPDX-License-Identifier: Apache-2.0
// The history outlives the run, keeps to its bounds, survives two writers, and a file that is not a history is told apart
// from a history that is not there.
#include "files/state_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <barrier>
#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "testing/input_files.h"

namespace weir::testing {
namespace {

constexpr Instant kBegin = Instant(std::chrono::days(20'000));
constexpr Instant kEver = Instant(Duration(std::numeric_limits<std::int64_t>::max()));
constexpr Instant kNever = Instant(Duration(std::numeric_limits<std::int64_t>::min()));

Instant minute(std::int64_t n) {
  return kBegin + std::chrono::minutes(n);
}

std::unique_ptr<StateFile> opened(const std::string& path, const std::string& stream = "orders") {
  Result<std::unique_ptr<StateFile>> file = StateFile::open(path, {.stream = stream, .ruleset = "abc"});
  INFO((file.ok() ? std::string() : file.error().message));
  REQUIRE(file.ok());
  return std::move(*file);
}

std::string refusal(const std::string& path) {
  const Result<std::unique_ptr<StateFile>> file = StateFile::open(path, {.stream = "orders", .ruleset = "abc"});
  REQUIRE_FALSE(file.ok());
  return file.error().message;
}

/// Adds the values of minutes [from, to): the number of the minute.
void add(const std::string& path, const std::string& series, std::int64_t from, std::int64_t to) {
  const std::unique_ptr<StateFile> file = opened(path);
  for (std::int64_t i = from; i < to; ++i) file->add(series, {minute(i), static_cast<double>(i)});
  REQUIRE(file->commit().ok());
}

std::vector<double> numbers(const std::vector<PastValue>& values) {
  std::vector<double> out;
  for (const PastValue& value : values) out.push_back(value.value);
  return out;
}

using Numbers = std::vector<double>;

TEST_CASE("what one run added the next one finds, by series and time, oldest first") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  CHECK(opened(path)->is_new());
  add(path, "1m row_count", 0, 10);
  const std::unique_ptr<StateFile> file = opened(path);
  CHECK_FALSE(file->is_new());
  CHECK(numbers(file->past("1m row_count", kNever, kEver, 3)) == Numbers{7, 8, 9});
  CHECK(numbers(file->past("1m row_count", minute(2), minute(5), 100)) == Numbers{2, 3, 4});
  CHECK(numbers(file->past("1m row_count", kNever, minute(1), 100)) == Numbers{0});
  CHECK(file->past("1m row_count", minute(5), minute(5), 100).empty());
  CHECK(file->past("1m row_count", kNever, kEver, 0).empty());
  CHECK(file->past("another", kNever, kEver, 100).empty());
  CHECK_FALSE(file->fault().has_value());
}

TEST_CASE("a run sees its own values among those of earlier runs, and replaces an earlier one of the same instant") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  add(path, "s", 0, 5);
  const std::unique_ptr<StateFile> file = opened(path);
  file->add("s", {minute(3), 300});
  file->add("s", {minute(7), 7});
  file->add("s", {minute(6), 6});
  CHECK(numbers(file->past("s", kNever, kEver, 100)) == Numbers{0, 1, 2, 300, 4, 6, 7});
  CHECK(numbers(file->past("s", kNever, kEver, 2)) == Numbers{6, 7});
  CHECK(numbers(file->past("s", kNever, kEver, 3)) == Numbers{4, 6, 7});
  file->add("s", {minute(7), 70});
  CHECK(numbers(file->past("s", minute(7), kEver, 9)) == Numbers{70});
  REQUIRE(file->commit().ok());
  CHECK(numbers(opened(path)->past("s", kNever, kEver, 100)) == Numbers{0, 1, 2, 300, 4, 6, 70});
}

TEST_CASE("what was not committed was never there") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  opened(path)->add("s", {minute(0), 1});
  CHECK_FALSE(std::filesystem::exists(path));
  add(path, "s", 0, 3);
  const std::string before = read_file(path);
  opened(path)->add("s", {minute(9), 9});
  CHECK(read_file(path) == before);
}

TEST_CASE("a run without an end commits again and again, and goes on seeing its own values") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  const std::unique_ptr<StateFile> file = opened(path);
  for (std::int64_t n = 0; n < 30; ++n) {
    file->add("s", {minute(n), static_cast<double>(n)});
    if (n % 10 == 9) REQUIRE(file->commit().ok());
    CHECK(file->past("s", kNever, kEver, 100).size() == static_cast<std::size_t>(n) + 1);
    if (n == 24) CHECK(numbers(opened(path)->past("s", kNever, kEver, 2)) == Numbers{18, 19});
  }
  file->add("s", {minute(3), 300});  // the same window again after a crash
  CHECK(numbers(file->past("s", minute(2), minute(5), 9)) == Numbers{2, 300, 4});
  REQUIRE(file->commit().ok());
  CHECK(numbers(file->past("s", minute(2), minute(5), 9)) == Numbers{2, 300, 4});
  CHECK(numbers(opened(path)->past("s", kNever, kEver, 1)) == Numbers{29});
  CHECK(opened(path)->past("s", kNever, kEver, 100).size() == 30);
}

TEST_CASE("a run without values still begins the history") {
  const Folder folder;
  REQUIRE(opened(folder.path("state.db"))->commit().ok());
  CHECK_FALSE(opened(folder.path("state.db"))->is_new());
}

TEST_CASE("values are kept to the bit, infinities too; NaN is no value") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  const std::unique_ptr<StateFile> file = opened(path);
  const double infinity = std::numeric_limits<double>::infinity();
  file->add("s", {minute(0), 0.1});
  file->add("s", {minute(1), -infinity});
  file->add("s", {minute(2), std::numeric_limits<double>::quiet_NaN()});
  file->add("s", {minute(3), std::numeric_limits<double>::denorm_min()});
  REQUIRE(file->commit().ok());
  CHECK(numbers(opened(path)->past("s", kNever, kEver, 9)) ==
        Numbers{0.1, -infinity, std::numeric_limits<double>::denorm_min()});
}

TEST_CASE("two streams in one file do not see each other") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  add(path, "s", 0, 3);
  const std::unique_ptr<StateFile> other = opened(path, "payments");
  CHECK(other->past("s", kNever, kEver, 9).empty());
  other->add("s", {minute(1), 100});
  REQUIRE(other->commit().ok());
  CHECK(numbers(opened(path)->past("s", kNever, kEver, 9)) == Numbers{0, 1, 2});
  CHECK(opened(path)->series()->size() == 2);
}

TEST_CASE("a name may hold anything") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  const std::string name("a'; DROP TABLE value; --\0\xff\"", 28);
  add(path, name, 0, 2);
  CHECK(numbers(opened(path)->past(name, kNever, kEver, 9)) == Numbers{0, 1});
  CHECK(opened(path)->series()->at(0).name == name);
}

TEST_CASE("a series keeps its newest values") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  const auto most = static_cast<std::int64_t>(StateFile::kValuesOfSeries);
  add(path, "s", 0, most);
  add(path, "s", most, most + 5);
  const std::unique_ptr<StateFile> file = opened(path);
  const std::vector<PastValue> values = *file->values(file->series()->at(0), StateFile::kValuesOfSeries + 1);
  REQUIRE(values.size() == StateFile::kValuesOfSeries);
  CHECK(values.front() == PastValue{minute(5), 5});
  CHECK(values.back() == PastValue{minute(most + 4), static_cast<double>(most + 4)});
}

TEST_CASE("a run that adds more than a series keeps forgets its own oldest") {
  const Folder folder;
  const std::unique_ptr<StateFile> file = opened(folder.path("state.db"));
  const auto most = static_cast<std::int64_t>(StateFile::kValuesOfSeries);
  for (std::int64_t i = 0; i < 2 * most; ++i) file->add("s", {minute(i), static_cast<double>(i)});
  const std::vector<PastValue> values = file->past("s", kNever, kEver, 100 * StateFile::kValuesOfSeries);
  CHECK(values.size() <= StateFile::kValuesOfSeries * 5 / 4);
  CHECK(values.size() >= StateFile::kValuesOfSeries);
  CHECK(values.back().at == minute(2 * most - 1));
}

std::vector<std::string> texts(const std::vector<PastRecord>& records) {
  std::vector<std::string> out;
  for (const PastRecord& record : records) out.push_back(record.bytes);
  return out;
}

using Texts = std::vector<std::string>;

TEST_CASE("records of one run are found by the next, oldest first, replaced and dropped as values are") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  const std::string odd("\0\xff'", 3);
  {
    const std::unique_ptr<StateFile> file = opened(path);
    for (int i = 0; i < 5; ++i) file->add_record("orders.amount", {minute(i), "first " + std::to_string(i)});
    file->add_record(odd, {kNever, std::string("\0\0", 2)});
    CHECK(texts(file->past_records("orders.amount", minute(1), minute(3), 10)) == Texts{"first 1", "first 2"});
    REQUIRE(file->commit().ok());
    CHECK(texts(file->past_records("orders.amount", kNever, kEver, 2)) == Texts{"first 3", "first 4"});
  }
  {
    const std::unique_ptr<StateFile> file = opened(path);
    file->add_record("orders.amount", {minute(2), "second"});
    file->add_record("orders.amount", {minute(7), "new"});
    CHECK(texts(file->past_records("orders.amount", minute(1), kEver, 10)) ==
          Texts{"first 1", "second", "first 3", "first 4", "new"});
    CHECK(texts(file->past_records("orders.amount", minute(1), kEver, 2)) == Texts{"first 4", "new"});
    file->drop_records("orders.amount", minute(3));
    file->add_record("orders.amount", {minute(1), "again"});
    CHECK(texts(file->past_records("orders.amount", kNever, kEver, 10)) == Texts{"again", "first 3", "first 4", "new"});
    CHECK(file->past_records("orders.amount", minute(5), minute(5), 10).empty());
    REQUIRE(file->commit().ok());
  }
  const std::unique_ptr<StateFile> file = opened(path);
  CHECK(texts(file->past_records("orders.amount", kNever, kEver, 10)) == Texts{"again", "first 3", "first 4", "new"});
  CHECK(texts(file->past_records(odd, kNever, kEver, 10)) == Texts{std::string("\0\0", 2)});
  CHECK(file->past_records("another", kNever, kEver, 10).empty());
  CHECK(opened(path, "another stream")->past_records("orders.amount", kNever, kEver, 10).empty());
  CHECK(file->series()->empty());
  CHECK_FALSE(file->fault().has_value());
}

TEST_CASE("records that were not committed were never there") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  {
    const std::unique_ptr<StateFile> file = opened(path);
    file->add_record("s", {minute(0), "kept"});
    REQUIRE(file->commit().ok());
    file->add_record("s", {minute(1), "lost"});
    file->drop_records("s", minute(1));
    CHECK(texts(file->past_records("s", kNever, kEver, 9)) == Texts{"lost"});
  }
  CHECK(texts(opened(path)->past_records("s", kNever, kEver, 9)) == Texts{"kept"});
}

TEST_CASE("a file takes the table of records with the first of them, and keeps the values it has") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  add(path, "s", 0, 3);
  const auto layout = [&] {
    const auto database = SqliteDatabase::open(path, SqliteDatabase::Open::Existing);
    return *(*database)->ask("PRAGMA user_version");
  };
  CHECK(layout() == 1);  // as every version before wrote it
  {
    const std::unique_ptr<StateFile> one = opened(path);
    const std::unique_ptr<StateFile> other = opened(path);
    CHECK(other->past_records("r", kNever, kEver, 9).empty());
    one->add_record("r", {minute(0), "one"});
    other->add_record("r", {minute(1), "other"});
    REQUIRE(one->commit().ok());
    REQUIRE(other->commit().ok());
  }
  CHECK(layout() == 2);
  const std::unique_ptr<StateFile> file = opened(path);
  CHECK(numbers(file->past("s", kNever, kEver, 9)) == Numbers{0, 1, 2});
  CHECK(texts(file->past_records("r", kNever, kEver, 9)) == Texts{"one", "other"});
}

TEST_CASE("two processes that write at the same time both succeed, and no value is lost") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  constexpr int kProcesses = 4;
  constexpr int kRuns = 5;
  std::vector<pid_t> children;
  for (int process = 0; process < kProcesses; ++process) {
    const pid_t child = ::fork();
    if (child == 0) {
      bool written = true;
      for (int run = 0; run < kRuns && written; ++run) {
        Result<std::unique_ptr<StateFile>> file = StateFile::open(path, {.stream = "orders", .ruleset = "abc"});
        written = file.ok();
        for (std::int64_t i = 0; written && i < 200; ++i) {
          (*file)->add("shared", {minute(i * 100 + process * 10 + run), 1});
          (*file)->add("own " + std::to_string(process), {minute(run * 1000 + i), 2});
        }
        written = written && (*file)->commit().ok();
      }
      ::_exit(written ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
  const std::unique_ptr<StateFile> file = opened(path);
  CHECK(file->past("shared", kNever, kEver, 100'000).size() == kProcesses * kRuns * 200);
  for (int process = 0; process < kProcesses; ++process) {
    CHECK(file->past("own " + std::to_string(process), kNever, kEver, 100'000).size() == kRuns * 200);
  }
}

TEST_CASE("several streams of one process begin a history at the same moment") {
  constexpr int kStreams = 6;
  for (int round = 0; round < 5; ++round) {
    const Folder folder;
    const std::string path = folder.path("history.db");
    std::vector<std::unique_ptr<StateFile>> files;
    for (int i = 0; i < kStreams; ++i) files.push_back(opened(path, "stream-" + std::to_string(i)));
    std::vector<std::string> faults(kStreams);
    std::vector<std::thread> streams;
    std::barrier together(kStreams);
    for (int i = 0; i < kStreams; ++i) {
      streams.emplace_back([&, i] {
        files[static_cast<std::size_t>(i)]->add("1m row_count", {minute(i), 1.0});
        together.arrive_and_wait();
        const Status written = files[static_cast<std::size_t>(i)]->commit();
        if (!written) faults[static_cast<std::size_t>(i)] = written.error().message;
      });
    }
    for (std::thread& stream : streams) stream.join();
    CHECK(faults == std::vector<std::string>(kStreams));
    for (int i = 0; i < kStreams; ++i)
      CHECK(opened(path, "stream-" + std::to_string(i))->past("1m row_count", kNever, kEver, 10).size() == 1);
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()))
      CHECK(entry.path().filename().string().find(".tmp") == std::string::npos);
  }
}

TEST_CASE("a file that is no history is refused, and stays as it is") {
  const Folder folder;
  const std::string text = folder.write_raw("text.db", "order_id,amount\n1,2\n" + std::string(4096, 'x'));
  CHECK(refusal(text).find("is no state file of weir") != std::string::npos);
  CHECK(refusal(folder.write_raw("short.db", "x")).find("is no state file of weir") != std::string::npos);
  CHECK(refusal(folder.write_raw("empty.db", "")).find("is empty: no state file, or one that was cut short") !=
        std::string::npos);
  CHECK(refusal(folder.path("")).find("Is a directory") != std::string::npos);
  CHECK(refusal(folder.path("no/such/folder/state.db")).find("No such file or directory") != std::string::npos);
  CHECK(read_file(text).starts_with("order_id"));
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  CHECK(refusal(folder.path("pipe")).find("is no regular file") != std::string::npos);
}

TEST_CASE("a database of another program and one of another version are told apart") {
  const Folder folder;
  const std::string other = folder.path("other.db");
  {
    const auto database = SqliteDatabase::open(other, SqliteDatabase::Open::New);
    REQUIRE((*database)->execute("CREATE TABLE t (x)").ok());
  }
  CHECK(refusal(other).find("is a database of another program") != std::string::npos);
  const std::string newer = folder.path("newer.db");
  add(newer, "s", 0, 1);
  {
    const auto database = SqliteDatabase::open(newer, SqliteDatabase::Open::Existing);
    REQUIRE((*database)->execute("PRAGMA user_version = 3").ok());
  }
  CHECK(refusal(newer).find("was written by another version of weir (layout 3, this one reads up to 2)") !=
        std::string::npos);
}

TEST_CASE("a history that was cut short anywhere is refused, never begun anew") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  add(path, "s", 0, 5'000);
  const std::string whole = read_file(path);
  REQUIRE(whole.size() > 16'384);
  for (const std::size_t size : {std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{99}, std::size_t{100},
                                 std::size_t{511}, std::size_t{4'096}, std::size_t{8'192}, std::size_t{9'000},
                                 whole.size() / 2, whole.size() - 4'096, whole.size() - 1}) {
    INFO(size);
    const std::string message = refusal(folder.write_raw("cut.db", whole.substr(0, size)));
    CHECK((message.find("is damaged or cut short") != std::string::npos ||
           message.find("is no state file of weir") != std::string::npos));
  }
}

TEST_CASE("a history with a page overwritten is refused") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  add(path, "s", 0, 5'000);
  std::string bytes = read_file(path);
  for (std::size_t at = 8'192; at < 12'288; ++at) bytes[at] = static_cast<char>(at * 7);
  CHECK(refusal(folder.write_raw("bad.db", bytes)).find("is damaged or cut short") != std::string::npos);
}

TEST_CASE("a name that SQLite takes for something else is a file here") {
  const Folder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path(""));
  REQUIRE(opened(":memory:")->commit().ok());
  CHECK(std::filesystem::exists(":memory:"));
  std::filesystem::current_path(before);
}

TEST_CASE("a file that may not be written is refused before the run, and can still be looked at") {
  if (::geteuid() == 0) SKIP("root may write everything");
  const Folder folder;
  const std::string path = folder.path("state.db");
  add(path, "s", 0, 3);
  REQUIRE(::chmod(path.c_str(), 0400) == 0);
  CHECK(refusal(path).find("Permission denied") != std::string::npos);
  CHECK(StateFile::open_to_read(path)->get()->series()->size() == 1);
}

TEST_CASE("a full disk leaves the history as it was") {
  const Folder folder;
  const std::string path = folder.path("state.db");
  add(path, "s", 0, 100);
  const std::string before = read_file(path);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{before.size(), limit.rlim_max};
  const std::unique_ptr<StateFile> run = opened(path);
  for (std::int64_t i = 0; i < 20'000; ++i) run->add("t", {minute(i), 1});
  ::setrlimit(RLIMIT_FSIZE, &small);
  const Status written = run->commit();
  ::setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, handler);
  CHECK_FALSE(written.ok());
  {
    const std::unique_ptr<StateFile> file = opened(path);
    CHECK(file->series()->size() == 1);
    CHECK(file->past("s", kNever, kEver, 1'000).size() == 100);
  }
  REQUIRE(run->commit().ok());  // there is room again, and nothing that was added is lost
  CHECK(opened(path)->past("t", kNever, kEver, 100'000).size() == 20'000);
}

}  // namespace
}  // namespace weir::testing
