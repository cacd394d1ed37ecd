// SPDX-License-Identifier: Apache-2.0
#include "import/regex.h"

#include <algorithm>
#include <array>
#include <utility>

namespace weir {
namespace {

bool is_hex(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kProperties = {{
    {"Letter", "L"},
    {"Lowercase_Letter", "Ll"},
    {"Uppercase_Letter", "Lu"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"Punctuation", "P"},
    {"Symbol", "S"},
    {"Mark", "M"},
    {"Separator", "Z"},
}};

class Adaptation {
 public:
  explicit Adaptation(std::string_view pattern) : pattern_(pattern) {}

  std::string adapt() {
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      if (c == '\\') {
        escape();
      } else if (in_class_) {
        within_class(c);
      } else if (c == '[') {
        open_class();
      } else if (pattern_.substr(at_).starts_with("(?<") && at_ + 3 < pattern_.size() && pattern_[at_ + 3] != '=' &&
                 pattern_[at_ + 3] != '!') {
        out_ += "(?P<";
        at_ += 3;
      } else {
        out_ += c;
        ++at_;
      }
    }
    return out_;
  }

 private:
  void open_class() {
    in_class_ = true;
    after_set_ = false;
    if (pattern_.substr(at_).starts_with("[^]")) {
      out_ += "[\\s\\S]";
      at_ += 3;
      in_class_ = false;
      return;
    }
    out_ += '[';
    ++at_;
    if (at_ < pattern_.size() && pattern_[at_] == '^') {
      out_ += '^';
      ++at_;
    }
    if (at_ < pattern_.size() && pattern_[at_] == ']') {
      out_ += "\\]";
      ++at_;
    }
  }

  void within_class(char c) {
    if (c == ']') in_class_ = false;
    // `[\w-.]`: a dash beside a set stands for itself; RE2 wants to be told.
    const std::string_view rest = pattern_.substr(at_ + 1);
    const bool before_set =
        rest.size() > 1 && rest[0] == '\\' && std::string_view("wdsWDSpP").find(rest[1]) != std::string_view::npos;
    if (c == '-' && (after_set_ || before_set) && !rest.starts_with(']')) {
      out_ += "\\-";
    } else if (c == '[' && !rest.starts_with(':')) {
      out_ += "\\[";
    } else {
      out_ += c;
    }
    after_set_ = false;
    ++at_;
  }

  void escape() {
    const std::string_view rest = pattern_.substr(at_ + 1);
    after_set_ = false;
    if (rest.empty()) {
      out_ += '\\';
      ++at_;
      return;
    }
    const char c = rest[0];
    if (c == 'u' && rest.starts_with("u{")) {
      const std::size_t close = rest.find('}');
      if (close != std::string_view::npos && is_hex(rest.substr(2, close - 2)))
        return replace("\\x{" + std::string(rest.substr(2, close - 2)) + "}", close + 2);
    }
    if (c == 'u' && rest.size() >= 5 && is_hex(rest.substr(1, 4)))
      return replace("\\x{" + std::string(rest.substr(1, 4)) + "}", 6);
    if (c == 'Z') return replace("\\z", 2);
    if (c == 'p' || c == 'P') {
      for (const auto& [theirs, ours] : kProperties) {
        const std::string written = "{" + std::string(theirs) + "}";
        if (rest.substr(1).starts_with(written))
          return replace("\\" + std::string(1, c) + "{" + std::string(ours) + "}", 2 + written.size());
      }
    }
    after_set_ = in_class_ && std::string_view("wdsWDSpP").find(c) != std::string_view::npos;
    // Letters that mean nothing to RE2 stand for themselves in ECMAScript; what is beyond ASCII needs no backslash.
    constexpr std::string_view kThemselves = "_<>/#%&,:;=@'\"~` !";
    if (kThemselves.find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80)
      return replace(std::string(1, c), 2);
    replace({'\\', c}, 2);
  }

  void replace(const std::string& written, std::size_t length) {
    out_ += written;
    at_ += length;
  }

  std::string_view pattern_;
  std::string out_;
  std::size_t at_ = 0;
  bool in_class_ = false;
  bool after_set_ = false;
};

}  // namespace

std::string regex_for_re2(std::string_view pattern) {
  return Adaptation(pattern).adapt();
}

}  // namespace weir
