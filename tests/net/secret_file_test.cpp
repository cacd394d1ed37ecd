// SPDX-License-Identifier: Apache-2.0
#include "net/secret_file.h"

#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace weir {
namespace {

/// A folder that is gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "weir-secret-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    root_ = name;
  }
  ~Folder() { std::filesystem::remove_all(root_); }
  [[nodiscard]] std::string path(const std::string& name) const { return root_ + "/" + name; }
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    return path(name);
  }

 private:
  std::string root_;
};

TEST_CASE("a secret is the first line of its file, whatever it is that can be read there") {
  const Folder folder;
  CHECK(*read_secret(folder.write("plain", "s3cret \t\r\nsecond line\n")) == "s3cret");
  CHECK(read_secret(folder.write("none", "\nx")).error().message ==
        "the first line of `" + folder.path("none") + "` is empty");
  CHECK(read_secret(folder.write("huge", std::string(70'000, 'x'))).error().message ==
        "`" + folder.path("huge") + "` is larger than 65.5 kB");
  CHECK(read_secret(folder.path("nowhere")).error().message == "cannot read `" + folder.path("nowhere") + "`");
  CHECK_FALSE(read_secret(folder.path("")));  // a folder
  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&pipe] { std::ofstream(pipe) << "through a pipe\n"; });
  CHECK(*read_secret(pipe) == "through a pipe");
  writer.join();
}

TEST_CASE("a pipe into which nobody writes holds up nobody") {
  const Folder folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const auto began = std::chrono::steady_clock::now();
  CHECK(read_secret(pipe).error().message == "cannot read `" + pipe + "`: what is there gives nothing within 2 s");
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
}

}  // namespace
}  // namespace weir
