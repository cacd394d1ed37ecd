// SPDX-License-Identifier: Apache-2.0
// What the page loads, how it is kept, and what is not sent twice. What it does in a browser: tests/web.
#include <catch2/catch_test_macros.hpp>
#include <string>

#include "http/board.h"
#include "http/client.h"
#include "http/page_files.h"
#include "http/routes.h"
#include "http/server.h"

namespace weir {
namespace {

struct Visited {
  testing::StandingClock clock;
  std::shared_ptr<StatusBoard> board = testing::orders_board(clock);
  std::unique_ptr<HttpServer> server;

  explicit Visited(WebConfig web = {}) {
    WebSource source;
    source.streams = {board};
    source.now = [] { return testing::at("2026-01-31T12:03:00Z"); };
    auto started = HttpServer::start({.web = std::move(web)}, make_routes(std::move(source)));
    REQUIRE(started.ok());
    server = std::move(*started);
  }
  testing::Answer get(const std::string& path, const std::string& headers = "") const {
    return testing::get(server->port(), path, headers);
  }
};

std::string path_of(std::string_view name) {
  return "/web/" + std::string(page_files_version()) + "/" + std::string(name);
}

TEST_CASE("everything that the page loads is there under a name that says which version it is, to be kept for ever") {
  const Visited site;
  const std::string page = site.get("/").body;
  for (const char* name : {"main.js", "page.css", "icon.svg"})
    CHECK(page.find("\"" + path_of(name) + "\"") != std::string::npos);
  CHECK(page.find("http://") == page.find("http://www.w3.org"));  // nothing from elsewhere
  REQUIRE(page_files().size() >= 10);
  for (const PageFile& file : page_files()) {
    INFO(file.name);
    const testing::Answer answer = site.get(path_of(file.name));
    CHECK(answer.status == 200);
    CHECK(answer.body == file.text);
    CHECK(answer.header("Content-Type") == file.content_type);
    CHECK(answer.header("Cache-Control") == "max-age=31536000, immutable");
    CHECK(answer.header("X-Content-Type-Options") == "nosniff");
  }
}

TEST_CASE("of another version, or beside them, there is nothing") {
  const Visited site;
  for (const std::string& path : {std::string("/web/0000000000000000/main.js"), std::string("/web/main.js"),
                                  path_of(""), path_of("../main.js"), path_of("embed.cmake"), path_of("main.js/")}) {
    INFO(path);
    CHECK(site.get(path).status == 404);
  }
  CHECK(testing::ask(site.server->port(),
                     "POST " + path_of("main.js") + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            .status >= 403);
}

TEST_CASE("scripts come from the server itself, and no text becomes markup") {
  const Visited site;
  for (const std::string& path :
       {std::string("/"), std::string("/api/v1/rules"), path_of("main.js"), std::string("/nothing")}) {
    const std::string policy = site.get(path).header("Content-Security-Policy");
    for (const char* part : {"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
                             "img-src 'self' data:", "frame-ancestors 'none'", "require-trusted-types-for 'script'"}) {
      CHECK(policy.find(part) != std::string::npos);
    }
    CHECK(policy.find("unsafe") == std::string::npos);
  }
}

TEST_CASE("an answer that a client has is not sent again, and one that changed is") {
  const Visited site;
  const testing::Answer first = site.get("/api/v1/rules");
  const std::string tag = first.header("ETag");
  REQUIRE(tag.size() > 10);
  CHECK(first.header("Cache-Control") == "no-store");
  const testing::Answer again = site.get("/api/v1/rules", "If-None-Match: " + tag + "\r\n");
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(again.header("ETag") == tag);
  CHECK(again.header("Content-Length").empty());
  Outcome outcome;
  outcome.rules = {{.evaluated = 1, .failed = 1, .skipped = 0}, {}};
  site.board->judged({}, outcome, testing::at("2026-01-31T12:02:59Z"));
  const testing::Answer changed = site.get("/api/v1/rules", "If-None-Match: " + tag + "\r\n");
  CHECK(changed.status == 200);
  CHECK(changed.header("ETag") != tag);
  CHECK(site.get("/api/v1/rules", "If-None-Match: nonsense\r\n").status == 200);
  CHECK(site.get("/api/v1/windows?limit=x", "If-None-Match: " + tag + "\r\n").status == 400);
}

TEST_CASE("how long things are kept is the operator's to say") {
  WebConfig web;
  web.headers = {{"Cache-Control", "private"}};
  const Visited site(web);
  CHECK(site.get(path_of("main.js")).header("Cache-Control") == "private");
}

}  // namespace
}  // namespace weir
