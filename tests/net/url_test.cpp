// SPDX-License-Identifier: Apache-2.0
#include "net/url.h"

#include <catch2/catch_test_macros.hpp>

namespace weir {
namespace {

std::string fault_of(std::string_view url) {
  const Status status = check_url(url);
  return status ? "" : status.error().message;
}

TEST_CASE("a URL of a server is one of HTTP, with a host and perhaps a path") {
  CHECK(fault_of("http://localhost:8081").empty());
  CHECK(fault_of("https://registry.example/apis/ccompat/v7/").empty());
  CHECK(fault_of("HTTP://[::1]:8081").empty());
  CHECK(fault_of("localhost:8081") == "a URL begins with http:// or https://, not like `localhost:8081`");
  CHECK(fault_of("ftp://localhost/x") == "a URL begins with http:// or https://, not like `ftp://localhost/x`");
  CHECK(fault_of("file:///etc/passwd") == "a URL begins with http:// or https://, not like `file:///etc/passwd`");
  CHECK(fault_of("") == "a URL begins with http:// or https://, not like ``");
  CHECK(fault_of("http://") == "a URL begins with http:// or https://, not like `http://`");
  CHECK(fault_of("http:///schemas") == "`http:///schemas` is no URL");
  CHECK(fault_of("http://host:99999") == "`http://host:99999` is no URL");
  CHECK(fault_of("http://host\r\nX: y") == "`http://host\\r\\nX: y` is no URL");
  CHECK(fault_of("http://host/a b") == "`http://host/a b` is no URL");
  CHECK(fault_of("http://host/x?y=1") ==
        "the URL of a server ends with its path, without `?` and `#`: `http://host/x?...`");
  CHECK(fault_of("http://host/#x") ==
        "the URL of a server ends with its path, without `?` and `#`: `http://host/#...`");
}

TEST_CASE("a URL with credentials in it is refused, and they are not shown") {
  for (const char* const url : {"https://weir:s3cret@registry/", "http://s3cret@host", "ftp://weir:s3cret@host",
                                "https://weir:s3c\x01ret@host", "weir:s3cret@host:80"}) {
    const Status status = check_url(url);
    REQUIRE_FALSE(status);
    CHECK(status.error().message == "a URL has no user and no password in it");
    CHECK(status.error().help.find("password_file") != std::string::npos);
    CHECK(status.error().help.find("s3c") == std::string::npos);
  }
  CHECK(check_url("http://host/a@b"));  // in a path it is nobody's name
}

TEST_CASE("servers are the same by scheme, host and port, however they are written") {
  CHECK(parse_url("HTTP://Host/x")->server == "http://host:80");
  CHECK(parse_url("http://host:80")->server == "http://host:80");
  CHECK(parse_url("https://host")->server == "https://host:443");
  CHECK(parse_url("https://host:8443/a/b")->path == "/a/b");
}

TEST_CASE("a step of a path stays one step") {
  CHECK(url_step("orders-value") == "orders-value");
  CHECK(url_step("a/b c?#%") == "a%2Fb%20c%3F%23%25");
  CHECK(url_step(":.ctx:orders") == "%3A.ctx%3Aorders");
  CHECK(url_step("..") == "%2E%2E");
  CHECK(url_step("\xc3\xa9") == "%C3%A9");
}

}  // namespace
}  // namespace weir
