// SPDX-License-Identifier: Apache-2.0
// Any pattern on any text: the byte tables and RE2 answer alike. The input is the pattern, a zero byte, and the text.
#include <re2/re2.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t zero = input.find('\0');
  const std::string_view text = input.substr(0, zero);
  const std::string_view subject = zero == std::string_view::npos ? std::string_view() : input.substr(zero + 1);

  const weir::Result<weir::Pattern> pattern = weir::Pattern::compile(text);
  if (!pattern) {
    const weir::SourceSpan& where = pattern.error().where;
    const bool inside =
        where.column >= 0 && where.length >= 1 && static_cast<std::size_t>(where.column + where.length) <= text.size();
    if (pattern.error().message.empty() || !inside) std::abort();
    return 0;
  }
  if (!pattern->has_table()) return 0;
  RE2::Options quiet;
  quiet.set_log_errors(false);
  const RE2 re2(re2::StringPiece(text.data(), text.size()), quiet);
  const bool expected = RE2::PartialMatch(re2::StringPiece(subject.data(), subject.size()), re2);
  if (pattern->matches(subject) != expected) {
    std::fprintf(stderr, "RE2 says %d\n", expected ? 1 : 0);
    std::abort();
  }
  return 0;
}
