// SPDX-License-Identifier: Apache-2.0
// A reference page of a check as the tests read it: rule blocks, the cases that follow each, and the generated table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::docs {

/// One line of a cases block: `fail {"amount": 101} -- 101 is above 100`.
struct Case {
  std::string verb;     // pass, fail, skip, error, now
  std::string subject;  // a record, a rule file without its first line, or a time
  std::string message;  // after ` -- `, or empty
  std::size_t line = 0;
};

/// A yaml block and the cases behind it; without cases it is an example that has to load.
struct Block {
  std::string rules;
  std::vector<Case> cases;
  std::size_t line = 0;
};

struct Page {
  std::string path;
  std::string text;
  std::vector<Block> blocks;
  std::vector<std::string> faults;  // what of the page cannot be read
};

/// Reads `docs/<path>`; a missing page has empty text.
Page read_page(const std::string& path);

/// What stands between `<!-- begin: name -->` and `<!-- end: name -->`, or nothing.
std::string generated_part(std::string_view text, std::string_view name);
/// Puts `content` there in the file when WEIR_UPDATE_PAGES is set, so that nobody writes such tables by hand.
void update_page(const Page& page, std::string_view name, const std::string& content);

}  // namespace weir::docs
