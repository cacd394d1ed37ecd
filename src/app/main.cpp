// SPDX-License-Identifier: Apache-2.0
// The program: everything it does is in run_cli(), so that tests can do it too.
#include <csignal>
#include <string>
#include <vector>

#include "app/cli.h"

int main(int argc, char** argv) {
  // A reader that goes away and a limit on file sizes are told by the write, and no sudden death.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  weir::Surroundings surroundings = weir::process_surroundings();
  return weir::run_cli(std::vector<std::string>(argv + 1, argv + argc), surroundings);
}
