// SPDX-License-Identifier: Apache-2.0
#include "kafka/token_file.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "kafka/secret_folder.h"

namespace weir::testing {
namespace {

using kafka::parse_token;

constexpr Instant kNow = Instant(std::chrono::seconds(1'700'000'000));

TEST_CASE("a web token says who it is for and how long it lasts") {
  // {"alg":"none"} . {"sub":"svc-weir","exp":1700000600}
  const auto token = parse_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdmMtd2VpciIsImV4cCI6MTcwMDAwMDYwMH0.sig\n", kNow);
  REQUIRE(token.ok());
  CHECK(token->principal == "svc-weir");
  CHECK(token->expires == kNow + std::chrono::seconds(600));
  CHECK(token->text.ends_with(".sig"));
}

TEST_CASE("a token that has run out is refused") {
  CHECK(
      parse_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdmMtd2VpciIsImV4cCI6MTcwMDAwMDYwMH0.", kNow + std::chrono::hours(1))
          .error()
          .message == "the token has expired");
}

TEST_CASE("a token of another kind is taken for a minute") {
  for (const char* const text : {"opaque", "a.b", "a.b.c", "..", "a.!!!!.c", "eyJhbGciOiJub25lIn0.W10.x"}) {
    const auto token = parse_token(text, kNow);
    REQUIRE(token.ok());
    CHECK(token->principal == "weir");
    CHECK(token->expires == kNow + std::chrono::minutes(1));
  }
}

TEST_CASE("what is no token is refused") {
  for (const char* const text : {"", "\n", "two words", "two\nlines"}) CHECK_FALSE(parse_token(text, kNow).ok());
  // {"exp":"soon"}, {"exp":-1}, {"exp":1e300}
  CHECK(parse_token("x.eyJleHAiOiJzb29uIn0.x", kNow).ok());
  CHECK_FALSE(parse_token("x.eyJleHAiOi0xfQ.x", kNow).ok());
  CHECK_FALSE(parse_token("x.eyJleHAiOjFlMzAwfQ.x", kNow).ok());
}

TEST_CASE("a token file that is missing or too large is told by its name") {
  const SecretFolder folder;
  const auto missing = kafka::read_token(folder.path("none"), kNow);
  REQUIRE_FALSE(missing.ok());
  CHECK(missing.error().message.find(folder.path("none")) != std::string::npos);
  CHECK_FALSE(kafka::read_token(folder.write("large", std::string(100'000, 'x')), kNow).ok());
  CHECK_FALSE(kafka::read_token(folder.path(""), kNow).ok());
  CHECK(kafka::read_token(folder.write("good", "opaque\n"), kNow)->text == "opaque");
}

}  // namespace
}  // namespace weir::testing
