// SPDX-License-Identifier: Apache-2.0
// Which requests are taken, and which are sent away before the library sees them.
#include "http/request_head.h"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace weir {
namespace {

using namespace std::literals;

HeadRead read(std::string_view text, bool lifecycle = true) {
  return read_head(text, lifecycle);
}

/// A request with these header lines.
std::string with(std::string_view headers, std::string_view line = "GET / HTTP/1.1") {
  return std::string(line) + "\r\nHost: a\r\n" + std::string(headers) + "\r\n";
}

TEST_CASE("a plain request is taken with its parts") {
  const HeadRead got = read("GET /api/v1/windows?rule=a%20b HTTP/1.1\r\nHost: h:1\r\nX-Odd:  v w \t\r\n\r\n");
  REQUIRE(got.refused == 0);
  CHECK(got.head.method == "GET");
  CHECK(got.head.target == "/api/v1/windows?rule=a%20b");
  CHECK(got.head.path() == "/api/v1/windows");
  CHECK(got.head.host == "h:1");
  CHECK(got.head.header("x-odd") == "v w");
  CHECK(got.head.header("absent").empty());
}

TEST_CASE("only what a status server needs may be asked of it") {
  CHECK(read("HEAD / HTTP/1.0\r\n\r\n").refused == 0);
  for (const std::string_view method :
       {"PUT", "POST", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "PRI", "get"}) {
    CHECK(read(with("", std::string(method) + " / HTTP/1.1")).refused == 405);
  }
  CHECK(read(with("", "POST /-/reload HTTP/1.1")).refused == 0);
  CHECK(read(with("", "PUT /-/quit HTTP/1.1")).refused == 0);
  CHECK(read(with("", "POST /-/reload HTTP/1.1"), false).refused == 405);
  CHECK(read(with("", "POST /-/%72eload HTTP/1.1")).refused == 405);
  CHECK(read(with("", "DELETE /-/quit HTTP/1.1")).refused == 405);
}

TEST_CASE("a request line that cannot be meant well is refused") {
  const std::vector<std::pair<std::string, int>> lines = {
      {"GET", 400},
      {"GET /", 400},
      {"GET  / HTTP/1.1", 400},
      {"GET / HTTP/1.1 x", 505},
      {"GET / HTTP/2.0", 505},
      {"GET / http/1.1", 505},
      {" GET / HTTP/1.1", 400},
      {"G\tT / HTTP/1.1", 400},
      {"GET * HTTP/1.1", 400},
      {"GET http://a/ HTTP/1.1", 400},
      {"GET /\x80 HTTP/1.1", 400},
      {"GET /a#b HTTP/1.1", 400},
      {"GET /\0 HTTP/1.1"s, 400},
      {"", 400},
      {"GET /" + std::string(kTargetBytes, 'a') + " HTTP/1.1", 414},
      {"\x16\x03\x01\x02", 400},
  };
  for (const auto& [line, status] : lines) {
    INFO(line);
    CHECK(read(with("", line)).refused == status);
  }
}

TEST_CASE("what smuggles a second request past a proxy is refused") {
  for (const std::string_view headers : {"Content-Length: 3\r\nContent-Length: 3\r\n",
                                         "Content-Length: 3\r\nContent-Length: 4\r\n",
                                         "Content-Length: +3\r\n",
                                         "Content-Length: -1\r\n",
                                         "Content-Length: 0x3\r\n",
                                         "Content-Length: 3, 3\r\n",
                                         "Content-Length:\r\n",
                                         "Content-Length: 3 3\r\n",
                                         "Transfer-Encoding: chunked\r\n",
                                         "Transfer-Encoding: identity\r\n",
                                         "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                                         "Transfer-Encoding : chunked\r\n",
                                         "Content-Length : 3\r\n",
                                         " Content-Length: 3\r\n",
                                         "X: a\r\n b\r\n",
                                         "X: a\r\n\tContent-Length: 3\r\n",
                                         "X: a\nContent-Length: 3\r\n",
                                         "X: a\rb\r\n",
                                         "X\r\n",
                                         ": a\r\n",
                                         "X Y: a\r\n",
                                         "X: a\x01\r\n",
                                         "X: a\x7f\r\n",
                                         "X\x80: a\r\n",
                                         "Host: b\r\n"}) {
    INFO(headers);
    CHECK(read(with(headers, "POST /-/reload HTTP/1.1")).refused >= 400);
  }
  CHECK(read(with("X: a\0b\r\n"sv)).refused == 400);
  CHECK(read("GET / HTTP/1.1\r\n\r\n").refused == 400);
  CHECK(read("GET / HTTP/1.1\nHost: a\n\n").refused == 400);
}

TEST_CASE("a body comes with a POST alone, and is small") {
  const auto length = [](std::string_view bytes) { return with("Content-Length: " + std::string(bytes) + "\r\n"); };
  CHECK(read(length("0")).refused == 0);
  CHECK(read(length("1")).refused == 413);
  const auto posted = [](std::string_view bytes) {
    return read(with("Content-Length: " + std::string(bytes) + "\r\n", "POST /-/reload HTTP/1.1"));
  };
  CHECK(posted("65536").head.body_bytes == 65536);
  CHECK(posted("65537").refused == 413);
  CHECK(posted("18446744073709551616").refused == 413);
}

TEST_CASE("no more than 64 headers are read") {
  std::string headers;
  for (std::size_t i = 0; i + 1 < kHeaders; ++i) headers += "A: b\r\n";
  CHECK(read(with(headers)).refused == 0);
  CHECK(read(with(headers + "A: b\r\n")).refused == 431);
}

TEST_CASE("the end of the head is found wherever the pieces end") {
  const std::string text = with("A: b\r\n");
  for (std::size_t cut = 0; cut < text.size(); ++cut) {
    CHECK(end_of_head(text.substr(0, cut), 0) == std::string::npos);
    CHECK(end_of_head(text, cut) == text.size());
  }
}

TEST_CASE("gzip is given to those who take it") {
  CHECK(accepts_gzip("gzip"));
  CHECK(accepts_gzip("br, gzip;q=0.5"));
  CHECK_FALSE(accepts_gzip(""));
  CHECK_FALSE(accepts_gzip("br"));
  CHECK_FALSE(accepts_gzip("gzip;q=0"));
  CHECK_FALSE(accepts_gzip("gzip; q=0.000, br"));
  CHECK_FALSE(accepts_gzip("xgzip"));
}

TEST_CASE("bytes changed at random are read or refused, and what is read holds no forbidden byte") {
  std::mt19937 random(7);
  const std::string good = "POST /-/reload?a=b HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\nAccept: */*\r\n\r\n";
  const std::string marks = "\r\n\t :,;%#?/\0\x7f\x80GP1"s;
  std::size_t taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = good;
    for (unsigned n = random() % 4 + 1; n > 0; --n) {
      const std::size_t at = random() % text.size();
      if (random() % 3 == 0) {
        text.erase(at, 1);
      } else {
        text[at] = random() % 2 == 0 ? marks[random() % marks.size()] : static_cast<char>(random() % 256);
      }
    }
    const HeadRead got = read(text);
    if (got.refused != 0) {
      CHECK(!got.reason.empty());
      continue;
    }
    ++taken;
    CHECK(got.head.target.find_first_of("\r\n \0"sv) == std::string::npos);
    CHECK(got.head.target.front() == '/');
    CHECK(got.head.body_bytes <= kBodyBytes);
    for (const auto& [name, value] : got.head.headers) {
      CHECK((name + value).find_first_of("\r\n\0"sv) == std::string::npos);
    }
  }
  CHECK(taken > 100);
}

}  // namespace
}  // namespace weir
