// SPDX-License-Identifier: Apache-2.0
#include "suggest/text_pattern.h"

#include <algorithm>

namespace weir {

namespace {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

std::string escaped(std::string_view text) {
  constexpr std::string_view kSpecial = R"(\.+*?()|[]{}^$)";
  std::string out;
  for (const char c : text) {
    if (kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

TextPattern::Runs TextPattern::runs_of(std::string_view text, bool coarse) {
  Runs runs;
  for (const char c : text) {
    Class kind = is_digit(c) ? Class::Digits : is_upper(c) ? Class::Upper : is_lower(c) ? Class::Lower : Class::Other;
    if (coarse && kind != Class::Other) kind = Class::Alphanumeric;
    if (kind == Class::Other || runs.empty() || runs.back().kind != kind) {
      if (runs.size() > kMaxRuns) return runs;
      runs.push_back({.kind = kind, .text = {}, .fixed = true, .shortest = 0, .longest = 0});
    }
    Run& run = runs.back();
    run.text += c;
    run.shortest = run.longest = run.text.size();
  }
  return runs;
}

bool TextPattern::merge(Runs& into, const Runs& other) {
  if (into.size() != other.size()) return false;
  for (std::size_t i = 0; i < into.size(); ++i) {
    if (into[i].kind != other[i].kind) return false;
    if (into[i].kind == Class::Other && into[i].text != other[i].text) return false;
  }
  for (std::size_t i = 0; i < into.size(); ++i) {
    Run& run = into[i];
    run.shortest = std::min(run.shortest, other[i].shortest);
    run.longest = std::max(run.longest, other[i].longest);
    if (run.fixed && run.text != other[i].text) {
      run.fixed = false;
      run.text.clear();
    }
  }
  return true;
}

void TextPattern::add(std::string_view text) {
  ++texts_;
  if (!fine_holds_ && !coarse_holds_) return;
  if (text.empty() || text.size() > 256) {
    fine_holds_ = coarse_holds_ = false;
    return;
  }
  const auto take = [&](Runs& runs, bool& holds, bool coarse) {
    if (!holds) return;
    Runs these = runs_of(text, coarse);
    if (these.size() > kMaxRuns) {
      holds = false;
    } else if (texts_ == 1) {
      runs = std::move(these);
    } else {
      holds = merge(runs, these);
    }
  };
  take(fine_, fine_holds_, false);
  take(coarse_, coarse_holds_, true);
}

// Words and names vary in ways that no sample shows; identifiers have digits, or a sign that stands in every one.
bool TextPattern::says_something(const Runs& runs) {
  if (runs.empty()) return false;
  bool digits = false;
  bool sign = false;
  bool varies = false;
  for (const Run& run : runs) {
    if (run.kind == Class::Other && (static_cast<unsigned char>(run.text[0]) >= 0x80 || run.text == " ")) return false;
    sign = sign || run.kind == Class::Other;
    digits = digits || run.kind == Class::Digits ||
             (run.kind == Class::Alphanumeric && run.shortest == run.longest && run.shortest >= 4);
    varies = varies || !run.fixed;
  }
  const bool one_code = runs.size() == 1 && runs[0].kind == Class::Upper && runs[0].shortest == runs[0].longest;
  return varies && ((digits && (sign || runs.size() > 1 || runs[0].shortest == runs[0].longest)) || one_code);
}

std::string TextPattern::written(const Runs& runs) {
  std::string out = "^";
  for (const Run& run : runs) {
    // Digits that were the same in all are as often the day or the version as a part of the name.
    if (run.fixed && run.kind != Class::Digits) {
      out += escaped(run.text);
      continue;
    }
    switch (run.kind) {
      case Class::Digits: out += "\\d"; break;
      case Class::Upper: out += "[A-Z]"; break;
      case Class::Lower: out += "[a-z]"; break;
      default: out += "[A-Za-z0-9]"; break;
    }
    if (run.shortest != run.longest) {
      out += '+';
    } else if (run.longest > 1) {
      out += '{' + std::to_string(run.longest) + '}';
    }
  }
  return out + '$';
}

std::string TextPattern::expression() const {
  if (texts_ == 0) return "";
  if (fine_holds_ && says_something(fine_)) return written(fine_);
  if (coarse_holds_ && says_something(coarse_)) return written(coarse_);
  return "";
}

}  // namespace weir
