// SPDX-License-Identifier: Apache-2.0
// The real web server over a scene: prints its port, obeys words on standard input and ends with it. Driven by page_test.py.
#include <poll.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <string>
#include <utility>

#include "http/routes.h"
#include "http/server.h"
#include "web/scenes.h"

namespace {

weir::Instant wall_clock() {
  return std::chrono::time_point_cast<weir::Duration>(std::chrono::system_clock::now());
}

constexpr int kTick = 200;  // milliseconds

}  // namespace

int main(int argc, char** argv) {
  const auto scene = weir::testing::make_scene(argc > 1 ? argv[1] : "shop", wall_clock());
  if (scene == nullptr) {
    std::fprintf(stderr, "usage: page_server [shop|calm|huge|hostile|empty] [PORT]\n");
    return 2;
  }
  weir::WebSource source;
  source.streams = scene->boards();
  source.metrics = [] { return std::string("# TYPE weir_up gauge\nweir_up 1\n"); };
  source.now = &wall_clock;
  source.version = "1.2.3";
  source.pipeline = "shop";
  source.group = "weir-shop";
  source.instance = "shop-0";
  source.started = wall_clock() - std::chrono::hours(30);
  weir::HttpServerOptions options;
  options.address = {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(argc > 2 ? std::stoi(argv[2]) : 0)};
  const auto server = weir::HttpServer::start(std::move(options), weir::make_routes(std::move(source)));
  if (!server.ok()) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  std::printf("%u\n", unsigned{(*server)->port()});
  std::fflush(stdout);
  std::string line;
  while (true) {
    scene->tick(wall_clock());
    pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
    if (poll(&input, 1, kTick) <= 0) continue;
    char text[256];
    const ssize_t read_bytes = read(STDIN_FILENO, text, sizeof text);
    if (read_bytes <= 0) return 0;
    line.append(text, static_cast<std::size_t>(read_bytes));
    for (std::size_t end = line.find('\n'); end != std::string::npos; end = line.find('\n')) {
      scene->command(line.substr(0, end), wall_clock());
      line.erase(0, end + 1);
    }
  }
}
