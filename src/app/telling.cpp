// SPDX-License-Identifier: Apache-2.0
#include "app/telling.h"

#include <poll.h>

#include <string>

#include "base/escape.h"

namespace weir {

void tell(Surroundings& surroundings, const Error& error) {
  print(surroundings.err, "weir: " + visible(error.message) + "\n");
  if (!error.help.empty()) print(surroundings.err, "  " + visible(error.help) + "\n");
}

int refuse(Surroundings& surroundings, const Error& error, int exit, std::string_view why) {
  tell(surroundings, error);
  print(surroundings.err, "weir: ERROR exit=" + std::to_string(exit) + " (" + std::string(why) + ")\n");
  return exit;
}

bool reader_left(std::FILE* stream) {
  pollfd watched{.fd = fileno(stream), .events = 0, .revents = 0};
  return watched.fd >= 0 && poll(&watched, 1, 0) == 1 && (watched.revents & POLLERR) != 0;
}

}  // namespace weir
