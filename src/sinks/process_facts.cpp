// SPDX-License-Identifier: Apache-2.0
#include "sinks/process_facts.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace weir {

namespace {

std::string read_first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// When the system started, in seconds since 1970.
std::optional<double> boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;) {
    double seconds = 0;
    if (word == "btime" && file >> seconds) return seconds;
  }
  return std::nullopt;
}

}  // namespace

ProcessFacts read_process_facts() {
  ProcessFacts facts;
  const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  // The name of the program, in brackets, may hold anything; the fields are counted from behind it.
  const std::string stat = read_first_line("/proc/self/stat");
  if (const std::size_t close = stat.rfind(')'); close != std::string::npos && ticks > 0) {
    constexpr int kState = 3;
    constexpr int kUserTime = 14;
    constexpr int kSystemTime = 15;
    constexpr int kStart = 22;
    constexpr int kVirtual = 23;
    constexpr int kResidentPages = 24;
    std::istringstream fields(stat.substr(close + 1));
    std::string word;
    double cpu = 0;
    for (int i = kState; fields >> word && i <= kResidentPages; ++i) {
      if (i < kUserTime) continue;
      const double number = std::strtod(word.c_str(), nullptr);
      if (i == kUserTime || i == kSystemTime) cpu += number / ticks;
      if (i == kSystemTime) facts.cpu_seconds = cpu;
      if (i == kVirtual) facts.virtual_bytes = number;
      if (i == kResidentPages) facts.resident_bytes = number * static_cast<double>(::sysconf(_SC_PAGESIZE));
      if (i == kStart) {
        if (const auto boot = boot_time()) facts.start_time = *boot + number / ticks;
      }
    }
  }
  std::error_code failed;
  double open = 0;
  for (std::filesystem::directory_iterator at("/proc/self/fd", failed), end; !failed && at != end;
       at.increment(failed)) {
    ++open;
  }
  if (!failed && open > 0) facts.open_files = open - 1;  // without the one that reads the folder
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) facts.max_files = static_cast<double>(limit.rlim_cur);
  return facts;
}

}  // namespace weir
