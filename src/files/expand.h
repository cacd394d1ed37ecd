// SPDX-License-Identifier: Apache-2.0
// From the arguments of a command line to the inputs that they name.
#pragma once

#include <string>
#include <vector>

#include "weir/result.h"

namespace weir {

/// A name of something that exists stands for itself, a directory for the data files right in it (by their endings, compressed or
/// not) and for the Parquet files at any depth below it, a pattern (`*`, `?`, `[a-z]`) for what it matches, "-" for standard input. Each argument's files are sorted; the order
/// of the arguments stays. A pattern or directory that gives nothing is an error; a plain name that does not exist is left to the
/// one who opens it.
Result<std::vector<std::string>> expand_inputs(const std::vector<std::string>& arguments);

}  // namespace weir
