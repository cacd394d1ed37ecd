// SPDX-License-Identifier: Apache-2.0
// Runs a whole command line in this process and keeps what a user would have seen. The clock stands still.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/cli.h"
#include "base/timestamp.h"

namespace weir::testing {

struct Ran {
  int exit = 0;
  std::string out;
  std::string err;

  [[nodiscard]] std::string last_line() const {
    const std::size_t end = err.find_last_not_of('\n');
    if (end == std::string::npos) return "";
    const std::size_t begin = err.rfind('\n', end);
    return err.substr(begin == std::string::npos ? 0 : begin + 1,
                      end - (begin == std::string::npos ? 0 : begin + 1) + 1);
  }
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

inline std::string read_back(std::FILE* file) {
  std::string text;
  std::rewind(file);
  char buffer[4096];
  while (const std::size_t n = std::fread(buffer, 1, sizeof buffer, file)) text.append(buffer, n);
  return text;
}

/// Lets descriptor 0 be a file while it lives.
class StandardInput {
 public:
  explicit StandardInput(const std::string& path) : kept_(dup(STDIN_FILENO)) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file >= 0) dup2(file, STDIN_FILENO);
    if (file > STDIN_FILENO) close(file);
  }
  ~StandardInput() {
    dup2(kept_, STDIN_FILENO);
    close(kept_);
  }
  StandardInput(const StandardInput&) = delete;
  StandardInput& operator=(const StandardInput&) = delete;

 private:
  int kept_;
};

using Variables = std::map<std::string, std::string>;

struct Invocation {
  std::vector<std::string> args;
  Variables variables = {};
  std::string standard_input = "/dev/null";
  bool terminal = false;  // stdout and stderr say that they are terminals
};

inline Ran run(const Invocation& invocation) {
  const File out(std::tmpfile());
  const File err(std::tmpfile());
  const StandardInput input(invocation.standard_input);
  Surroundings surroundings;
  surroundings.out = out.get();
  surroundings.err = err.get();
  surroundings.out_is_terminal = invocation.terminal;
  surroundings.err_is_terminal = invocation.terminal;
  surroundings.environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = invocation.variables.find(name);
    return found == invocation.variables.end() ? std::nullopt : std::optional(found->second);
  };
  surroundings.wall_clock = [] { return *parse_timestamp("2026-01-01T12:00:00Z"); };
  surroundings.stopwatch = [] { return 0.0; };
  Ran ran;
  ran.exit = run_cli(invocation.args, surroundings);
  ran.out = read_back(out.get());
  ran.err = read_back(err.get());
  return ran;
}

inline Ran run(std::vector<std::string> args, Variables variables = {}) {
  return run(Invocation{.args = std::move(args), .variables = std::move(variables)});
}

}  // namespace weir::testing
