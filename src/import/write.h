// SPDX-License-Identifier: Apache-2.0
// A draft as the text of a rule file: fields in the order of the suite, then records, then windows; what is said otherwise and
// what is left out stands as a comment where the rule would be.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "import/draft.h"

namespace weir {

struct WrittenDraft {
  std::string text;
  std::vector<std::vector<std::size_t>> rules;  // by line, from 0: the rules of the draft that it holds
};

/// How the file names its origin: "weir import gx", "orders.json".
struct SuiteOrigin {
  std::string command;
  std::string file;
};

/// `together` puts several plain checks of a field on one line, as people write them; otherwise each has a line of its own,
/// so that a fault can be told of the one that it lies in.
WrittenDraft write_draft(const Draft& draft, const SuiteOrigin& origin, bool together);

}  // namespace weir
