// SPDX-License-Identifier: Apache-2.0
// /metrics as a whole: what docs/metrics.md promises, in a form that Prometheus takes.
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "metrics_series.h"

namespace weir {

namespace {

using testing::fill;
using testing::kNow;
using testing::series_of;

}  // namespace

TEST_CASE("The process says what it costs") {
  MetricsRegistry registry({});
  auto series = series_of(registry);
  CHECK(series.at("process_resident_memory_bytes") > 1'000'000);
  CHECK(series.at("process_virtual_memory_bytes") >= series.at("process_resident_memory_bytes"));
  CHECK(series.at("process_open_fds") >= 3);
  CHECK(series.at("process_open_fds") <= series.at("process_max_fds"));
  const double started = series.at("process_start_time_seconds");
  const auto now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  CHECK(started > now - 3600);
  CHECK(started <= now + 2);
  const double before = series.at("process_cpu_seconds_total");
  std::uint64_t work = 1;
  while (series_of(registry).at("process_cpu_seconds_total") <= before && work < 20'000) ++work;
  CHECK(work < 20'000);
}

TEST_CASE("docs/metrics.md lists every metric with its type, labels and meaning") {
  constexpr std::string_view kTypes[] = {"counter", "gauge", "histogram"};
  std::set<std::string> wanted;
  for (const MetricSpec& spec : kMetrics) {
    wanted.insert("| `" + std::string(spec.name) + "` | " + std::string(kTypes[static_cast<std::size_t>(spec.type)]) +
                  " | " + std::string(spec.labels) + (spec.labels.empty() ? "" : " ") + "| " + std::string(spec.help) +
                  " |");
  }
  std::ifstream page(std::string(WEIR_SOURCE_DIR) + "/docs/metrics.md");
  REQUIRE(page);
  std::set<std::string> written;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `weir_") || line.starts_with("| `process_")) written.insert(line);
  }
  for (const std::string& line : wanted) CHECK_THAT(written.contains(line) ? "" : line, Catch::Matchers::Equals(""));
  for (const std::string& line : written) CHECK_THAT(wanted.contains(line) ? "" : line, Catch::Matchers::Equals(""));
}

TEST_CASE("Every exported series has the labels that its page says, and every metric is exported") {
  MetricsRegistry registry({.version = "1", .librdkafka = "2"});
  StreamMetrics metrics(registry, {.stream = "shop"});
  fill(registry, metrics);
  const auto series = series_of(registry);
  for (const MetricSpec& spec : kMetrics) {
    std::set<std::string> wanted;
    std::istringstream names{std::string(spec.labels)};
    for (std::string name; names >> name;) wanted.insert(name.substr(0, name.find(',')));
    bool found = false;
    for (const auto& [key, value] : series) {
      const std::size_t brace = std::min(key.find('{'), key.size());
      const std::string suffix = spec.type == MetricType::Histogram ? "_count" : "";
      if (key.substr(0, brace) != std::string(spec.name) + suffix) continue;
      found = true;
      std::set<std::string> labels;
      for (std::size_t at = brace; (at = key.find("=\"", at)) != std::string::npos; ++at) {
        const std::size_t begin = key.find_last_of("{,", at) + 1;
        labels.insert(key.substr(begin, at - begin));
      }
      INFO(key);
      CHECK(labels == wanted);
    }
    INFO(spec.name);
    CHECK(found);
  }
}

TEST_CASE("promtool has nothing to say against it") {
  const auto is_program = [](const std::filesystem::path& path) { return ::access(path.c_str(), X_OK) == 0; };
  std::istringstream folders(std::getenv("PATH") == nullptr ? "" : std::getenv("PATH"));
  std::filesystem::path promtool;
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (promtool.empty() && is_program(std::filesystem::path(folder) / "promtool"))
      promtool = std::filesystem::path(folder) / "promtool";
  }
  if (promtool.empty()) SKIP("promtool is not installed; deploy/setup.sh installs it");
  MetricsRegistry registry({.version = "1", .librdkafka = "2"});
  StreamMetrics metrics(registry, {.stream = "a\"b\\c\n\xFF"});
  fill(registry, metrics);
  const std::string path =
      (std::filesystem::temp_directory_path() / ("weir-metrics-" + std::to_string(::getpid()))).string();
  std::ofstream(path) << registry.text(kNow);
  CHECK(std::system((promtool.string() + " check metrics < " + path + " > " + path + ".said 2>&1").c_str()) == 0);
  std::ostringstream said;
  said << std::ifstream(path + ".said").rdbuf();
  CHECK(said.str().empty());
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".said");
}

}  // namespace weir
