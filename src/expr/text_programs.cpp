// SPDX-License-Identifier: Apache-2.0
// Loops for membership in a list of constants, and for tests of a text against a constant.
#include <algorithm>
#include <unordered_set>

#include "expr/column_programs.h"
#include "expr/rows.h"
#include "expr/text_search.h"

namespace weir {

namespace {

bool is_time(FieldType declared) {
  return declared == FieldType::Timestamp || declared == FieldType::Date;
}

// What evaluation says; for the kinds that a loop does not know.
std::uint32_t look_slowly(const Node& field, Kind kind, const Cell& cell, const Value& list, Scratch& scratch) {
  if (is_missing(kind)) return kUnknown;
  scratch.clear();
  const Value value = value_of_field(field.declared, kind, cell, scratch);
  return value.is_error() ? kFault : answer_of(test_in(value, list));
}

class TextMembershipProgram final : public Program {
 public:
  TextMembershipProgram(const Node& field, const Value& list) : field_(field) {
    for (const Value& item : list.list->items) texts_.insert(item.text());
  }

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    const Column& column = subject.column(field_.slot);
    ask_rows(open, out, [&, this](std::size_t row) {
      const Kind kind = column.kinds[row];
      if (kind == Kind::Text) return yes_if(texts_.contains(column.cells[row].text()));
      return std::uint32_t{is_missing(kind) ? kUnknown : kNo};  // only a text equals a text
    });
  }

 private:
  const Node& field_;
  std::unordered_set<std::string_view> texts_;
};

class IntegerMembershipProgram final : public Program {
 public:
  IntegerMembershipProgram(const Node& field, const Value& list) : field_(field), list_(list) {
    for (const Value& item : list.list->items) numbers_.push_back(item.integer);
    std::sort(numbers_.begin(), numbers_.end());
  }

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    const Column& column = subject.column(field_.slot);
    Scratch scratch;
    ask_rows(open, out, [&, this](std::size_t row) {
      const Kind kind = column.kinds[row];
      const Cell& cell = column.cells[row];
      if (kind == Kind::Integer) return yes_if(std::binary_search(numbers_.begin(), numbers_.end(), cell.number));
      return look_slowly(field_, kind, cell, list_, scratch);
    });
  }

 private:
  const Node& field_;
  Value list_;
  std::vector<std::int64_t> numbers_;
};

class MembershipProgram final : public Program {
 public:
  MembershipProgram(const Node& field, const Value& list) : field_(field), list_(list) {}

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    const Column& column = subject.column(field_.slot);
    Scratch scratch;
    ask_rows(open, out, [&, this](std::size_t row) {
      return look_slowly(field_, column.kinds[row], column.cells[row], list_, scratch);
    });
  }

 private:
  const Node& field_;
  Value list_;
};

// Test is called with the text; what is no text has no answer.
template <class Test>
class TextProgram final : public Program {
 public:
  TextProgram(const Node& field, Test test) : field_(field), test_(std::move(test)) {}

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    const Column& column = subject.column(field_.slot);
    ask_rows(open, out, [&, this](std::size_t row) {
      const Kind kind = column.kinds[row];
      if (kind == Kind::Text) return yes_if(test_(column.cells[row].text()));
      return std::uint32_t{is_missing(kind) ? kUnknown : kFault};
    });
  }

  [[nodiscard]] int cost() const override { return 15; }

 private:
  const Node& field_;
  Test test_;
};

template <class Test>
std::unique_ptr<const Program> make_test(const Node& field, Test test) {
  return std::make_unique<TextProgram<Test>>(field, std::move(test));
}

bool all_of_type(const Value& list, ValueType type) {
  return std::all_of(list.list->items.begin(), list.list->items.end(),
                     [type](const Value& item) { return item.type == type; });
}

}  // namespace

std::unique_ptr<const Program> make_membership_program(const Node& field, const Value& list) {
  if (list.type != ValueType::List) return nullptr;
  if (all_of_type(list, ValueType::Text) && !is_time(field.declared))
    return std::make_unique<TextMembershipProgram>(field, list);
  if (all_of_type(list, ValueType::Integer) && !is_time(field.declared))
    return std::make_unique<IntegerMembershipProgram>(field, list);
  return std::make_unique<MembershipProgram>(field, list);
}

std::unique_ptr<const Program> make_text_program(const Node& call) {
  const bool fits = call.children.size() == 2 && call.children[0].op == Op::Field &&
                    call.children[1].op == Op::Literal && call.children[1].literal.type == ValueType::Text &&
                    !is_time(call.children[0].declared);
  if (!fits) return nullptr;
  const Node& field = call.children[0];
  const std::string_view part = call.children[1].literal.text();
  if (call.pattern != nullptr)
    return make_test(field, [pattern = call.pattern](std::string_view text) { return pattern->matches(text); });
  if (call.name == "startsWith")
    return make_test(field, [part](std::string_view text) { return text.starts_with(part); });
  if (call.name == "endsWith") return make_test(field, [part](std::string_view text) { return text.ends_with(part); });
  if (call.name == "contains") {
    return make_test(field, [part](std::string_view text) { return find_text(text, part) != std::string_view::npos; });
  }
  return nullptr;
}

}  // namespace weir
