// SPDX-License-Identifier: Apache-2.0
// The part of RE2's syntax that a byte table can run, as a tree.
//
// RE2 stays the judge of what is a regular expression: it has accepted the text before it comes here. What this parser does
// not know (\b, \p{..}, \C, (?m), octal escapes, letters beyond ASCII under (?i)) makes it give up, and RE2 runs the pattern.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace weir {

struct CodePointRange {
  char32_t first = 0;
  char32_t last = 0;
  bool operator==(const CodePointRange&) const = default;
};

/// A set of code points: ascending ranges that neither overlap nor touch.
class CodePointSet {
 public:
  static constexpr char32_t kLast = 0x10FFFF;

  CodePointSet() = default;
  CodePointSet(std::initializer_list<CodePointRange> ranges);
  void add(CodePointRange range);
  void add(const CodePointSet& other);
  /// Adds the other case of every letter; false when the set holds code points whose cases are not known here.
  [[nodiscard]] bool fold_case();
  [[nodiscard]] CodePointSet complement() const;
  [[nodiscard]] const std::vector<CodePointRange>& ranges() const noexcept { return ranges_; }

 private:
  std::vector<CodePointRange> ranges_;
};

struct SyntaxNode {
  enum class Kind : std::uint8_t {
    Set,        // one code point out of `set`
    Sequence,   // all parts, one behind the other; none is the empty text
    Choice,     // one of the parts
    Repeat,     // parts[0], least to most times
    TextBegin,  // nothing, but only at the beginning of the text
    TextEnd,    // nothing, but only at its end
  };
  static constexpr int kNoLimit = -1;

  Kind kind = Kind::Sequence;
  CodePointSet set = {};
  std::vector<SyntaxNode> parts = {};
  int least = 0;
  int most = kNoLimit;
};

/// Nothing when the pattern holds something that only RE2 can run.
[[nodiscard]] std::optional<SyntaxNode> parse_pattern(std::string_view text);

}  // namespace weir
