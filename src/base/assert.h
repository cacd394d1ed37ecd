// SPDX-License-Identifier: Apache-2.0
// The one macro: a bug in weir ends the process with its reason, in release builds too. Never for bad data.
#pragma once

#include <cstdio>
#include <cstdlib>

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): needs the text of the condition and the place
#define WEIR_ASSERT(condition, why)                                                               \
  do {                                                                                            \
    if (!(condition)) [[unlikely]] {                                                              \
      std::fprintf(stderr, "weir: bug at %s:%d: %s (%s)\n", __FILE__, __LINE__, #condition, why); \
      std::abort();                                                                               \
    }                                                                                             \
  } while (false)
