// SPDX-License-Identifier: Apache-2.0
// What every command says in the same way: what stood in its way, whatever names and values are in it; and whether anybody
// still listens.
#pragma once

#include <cstdio>
#include <string_view>

#include "app/surroundings.h"
#include "weir/result.h"

namespace weir {

/// `weir: MESSAGE`, and its help on a line of its own.
void tell(Surroundings& surroundings, const Error& error);
/// The same with `weir: ERROR exit=3 (WHY)` below; returns the exit code.
int refuse(Surroundings& surroundings, const Error& error, int exit, std::string_view why);

/// Whether nobody is left at the other end of a pipe: `weir top | head`. Such a reader has seen enough, which is no fault.
[[nodiscard]] bool reader_left(std::FILE* stream);

}  // namespace weir
