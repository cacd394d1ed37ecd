// SPDX-License-Identifier: Apache-2.0
// Names and passwords.
#include "http/login.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <latch>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "http/passwords.h"

namespace weir {
namespace {

using testing::basic;
using testing::bcrypt;

Login login(std::map<std::string, std::string> users) {
  Result<Login> made = Login::make(std::move(users));
  REQUIRE(made.ok());
  return std::move(*made);
}

TEST_CASE("base64 is read as RFC 4648 writes it") {
  CHECK(decode_base64("") == "");
  CHECK(decode_base64("Zg==") == "f");
  CHECK(decode_base64("Zm8=") == "fo");
  CHECK(decode_base64("Zm9v") == "foo");
  CHECK(decode_base64("Zm9vYmFy") == "foobar");
  CHECK(decode_base64("//79") == "\xff\xfe\xfd");
  for (const char* bad : {"Zg", "Zg=", "Zg= =", "====", "Z===", "Zm9v\n", "Z\x80==", "=Zm9", "Zm=v"}) {
    INFO(bad);
    CHECK_FALSE(decode_base64(bad));
  }
}

TEST_CASE("the right password opens, everything else does not") {
  Login door = login({{"ada", bcrypt("correct horse")}, {"bob", bcrypt("p:with:colons")}});
  for (int twice = 0; twice < 2; ++twice) {  // computed, then remembered
    CHECK(door.check(basic("ada", "correct horse")) == Login::Answer::Yes);
    CHECK(door.check(basic("bob", "p:with:colons")) == Login::Answer::Yes);
    CHECK(door.check(basic("ada", "wrong")) == Login::Answer::No);
    CHECK(door.check(basic("bob", "correct horse")) == Login::Answer::No);
    CHECK(door.check(basic("eve", "correct horse")) == Login::Answer::No);
    CHECK(door.check(basic("", "")) == Login::Answer::No);
  }
  CHECK(door.check("") == Login::Answer::No);
  CHECK(door.check("Basic") == Login::Answer::No);
  CHECK(door.check("Basic !!!!") == Login::Answer::No);
  CHECK(door.check("Bearer abc") == Login::Answer::No);
  CHECK(door.check(basic("ada", std::string("correct horse\0x", 15))) == Login::Answer::No);
  CHECK(door.check(basic("ada", std::string(5000, 'x'))) == Login::Answer::No);
}

TEST_CASE("what is remembered, and what is no password at all, wants no thinking") {
  Login door = login({{"ada", bcrypt("correct horse")}});
  for (const char* password : {"correct horse", "wrong"}) {
    CHECK(door.has_to_think(basic("ada", password)));
    (void)door.check(basic("ada", password));
    CHECK_FALSE(door.has_to_think(basic("ada", password)));
  }
  CHECK_FALSE(door.has_to_think(""));
  CHECK_FALSE(door.has_to_think("Bearer abc"));
  CHECK_FALSE(login({}).has_to_think(basic("ada", "correct horse")));
}

TEST_CASE("without users everybody comes in") {
  Login door = login({});
  CHECK_FALSE(door.needed());
  CHECK(door.check("") == Login::Answer::Yes);
}

TEST_CASE("many wrong passwords do not make weir forget the right one") {
  Login door = login({{"ada", bcrypt("right")}});
  CHECK(door.check(basic("ada", "right")) == Login::Answer::Yes);
  for (int i = 0; i < 400; ++i) CHECK(door.check(basic("ada", std::to_string(i))) == Login::Answer::No);
  // While somebody keeps every place before bcrypt, what is remembered still opens.
  std::vector<std::thread> others;
  for (int i = 0; i < 4; ++i) {
    others.emplace_back([&door, i] {
      for (int k = 0; k < 20; ++k) static_cast<void>(door.check(basic("x" + std::to_string(i), std::to_string(k))));
    });
  }
  for (int i = 0; i < 200; ++i) CHECK(door.check(basic("ada", "right")) == Login::Answer::Yes);
  for (std::thread& other : others) other.join();
}

TEST_CASE("no more than two requests wait for bcrypt, the others are told to come again") {
  Login door = login({{"ada", bcrypt("right", 8)}});
  std::atomic<int> busy = 0;
  std::latch all_there(12);
  std::vector<std::thread> clients;
  for (int i = 0; i < 12; ++i) {
    clients.emplace_back([&, i] {
      all_there.arrive_and_wait();
      busy += door.check(basic("ada", std::to_string(i))) == Login::Answer::Busy ? 1 : 0;
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(busy > 0);
  CHECK(door.check(basic("ada", "right")) == Login::Answer::Yes);
}

TEST_CASE("a hash that bcrypt cannot check is an error that names the user and not the hash") {
  for (const char* bad : {"", "secret", "$1$abc$def", "$2y$10$short", "$2x$04$abcdefghijklmnopqrstuuRzJg0m1",
                          "$2y$99$abcdefghijklmnopqrstuuKtJmEJ0rWkIsJ5p0V9V6a0yqYBXr1vy"}) {
    const Result<Login> made = Login::make({{"ada", bad}});
    REQUIRE_FALSE(made.ok());
    CHECK(made.error().message.find("`ada`") != std::string::npos);
    CHECK((*bad == '\0' || made.error().message.find(bad) == std::string::npos));
  }
}

}  // namespace
}  // namespace weir
