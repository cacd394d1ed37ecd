// SPDX-License-Identifier: Apache-2.0
// min_length, max_length, length: how many characters a text has, counted as Unicode code points.
//
// A code point takes one to four bytes, so the size in bytes settles nearly every text without looking into it.
#include "base/text.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

enum class Limit : std::uint8_t { Least, Most, Exact };

constexpr std::string_view name_of(Limit limit) {
  constexpr std::string_view names[] = {"min_length", "max_length", "length"};
  return names[static_cast<std::size_t>(limit)];
}

std::string in_words(Limit limit, std::size_t size) {
  constexpr std::string_view words[] = {"at least ", "at most ", "exactly "};
  return std::string(words[static_cast<std::size_t>(limit)]) + std::to_string(size);
}

std::string characters(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " character" : " characters");
}

constexpr std::size_t kMostBytes = 4;  // of a code point in UTF-8

bool holds(Limit limit, std::string_view text, std::size_t size) {
  if (limit == Limit::Most)
    return text.size() <= size || (text.size() <= size * kMostBytes && code_points(text) <= size);
  if (limit == Limit::Least)
    return text.size() >= size && (text.size() >= size * kMostBytes || code_points(text) >= size);
  return text.size() >= size && text.size() <= size * kMostBytes && code_points(text) == size;
}

class LengthCheck final : public Check {
 public:
  LengthCheck(Limit limit, std::size_t size) : limit_(limit), size_(size) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    const std::size_t size = size_;
    const auto judge_as = [&](auto limit) {
      mark_texts(subject.column(), evaluated, failing,
                 [size, limit](std::string_view text) { return holds(limit(), text, size); });
    };
    if (limit_ == Limit::Most) return judge_as([] { return Limit::Most; });
    if (limit_ == Limit::Least) return judge_as([] { return Limit::Least; });
    judge_as([] { return Limit::Exact; });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    const Column& column = subject.column();
    if (column.kinds[element] != Kind::Text) return wrong_type(subject, element, "a text");
    const std::string allowed = in_words(limit_, size_);
    if (is_redacted(subject)) return reason(subject, element, name_of(limit_), allowed + " characters allowed");
    return reason(subject, element, name_of(limit_),
                  characters(code_points(column.cells[element].text())) + ", " + allowed + " allowed");
  }

  std::string expected() const override {
    return in_words(limit_, size_) + (size_ == 1 ? " character" : " characters");
  }

 private:
  Limit limit_;
  std::size_t size_;
};

template <Limit kLimit>
Result<std::unique_ptr<const Check>> make_length(const Params& params) {
  const std::int64_t size = *params.get<std::int64_t>("value");
  // Longer than any record; also keeps size * 4 within 64 bits.
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  if (size > kMost) return params.error("value", "no record is that long");
  return std::unique_ptr<const Check>(new LengthCheck(kLimit, static_cast<std::size_t>(size)));
}

constexpr ParamSpec kMinParams[] = {
    {.name = "value", .type = ParamType::Count, .summary = "The fewest characters (code points).", .required = true}};
constexpr ParamSpec kMaxParams[] = {
    {.name = "value", .type = ParamType::Count, .summary = "The most characters (code points).", .required = true}};
constexpr ParamSpec kExactParams[] = {{.name = "value",
                                       .type = ParamType::Count,
                                       .summary = "The number of characters (code points).",
                                       .required = true}};
constexpr std::string_view kMinSynonyms[] = {"minLength",
                                             "min length",
                                             "valid_min_length",
                                             "valid min length",
                                             "hasMinLength",
                                             "str_length",
                                             "expect_column_value_lengths_to_be_between",
                                             "not_empty_string"};
constexpr std::string_view kMaxSynonyms[] = {"maxLength", "max length", "valid_max_length", "valid max length",
                                             "hasMaxLength"};
constexpr std::string_view kExactSynonyms[] = {"valid_length",
                                               "valid length",
                                               "len",
                                               "str_len",
                                               "col_vals_str_len",
                                               "size",
                                               "expect_column_value_lengths_to_equal"};

}  // namespace

const CheckSpec kMinLengthCheck{.name = "min_length",
                                .summary = "The text has at least so many characters.",
                                .domain = Domain::Text,
                                .params = kMinParams,
                                .synonyms = kMinSynonyms,
                                .make = make_length<Limit::Least>};
const CheckSpec kMaxLengthCheck{.name = "max_length",
                                .summary = "The text has at most so many characters.",
                                .domain = Domain::Text,
                                .params = kMaxParams,
                                .synonyms = kMaxSynonyms,
                                .make = make_length<Limit::Most>};
const CheckSpec kLengthCheck{.name = "length",
                             .summary = "The text has exactly so many characters.",
                             .domain = Domain::Text,
                             .params = kExactParams,
                             .synonyms = kExactSynonyms,
                             .make = make_length<Limit::Exact>};

}  // namespace weir
