// SPDX-License-Identifier: Apache-2.0
// Programs that are made of programs (&&, ||, !), and the one that evaluates row by row.
#include "expr/program.h"

#include <algorithm>

#include "expr/run.h"

namespace weir {

namespace {

void size_and_clear(Truth& truth, std::size_t rows) {
  truth.yes.assign(rows, false);
  truth.unknown.assign(rows, false);
  truth.error.assign(rows, false);
}

class RowProgram final : public Program {
 public:
  explicit RowProgram(const Node& node) : node_(node) {}

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    Scratch scratch;
    RowFields fields(subject);
    Frame frame{.fields = fields, .scratch = scratch};
    open.each([&](std::size_t row) {
      fields.move_to(row);
      frame.work = 0;
      const Value value = evaluate(node_, frame);
      if (value.is_true()) {
        out.yes.set(row);
      } else if (value.is_null()) {
        out.unknown.set(row);
      } else if (!value.is_false()) {
        out.error.set(row);  // an error, or no boolean
      }
      scratch.clear();
    });
  }
  [[nodiscard]] int cost() const override { return 60; }

 private:
  const Node& node_;
};

class NotProgram final : public Program {
 public:
  explicit NotProgram(std::unique_ptr<const Program> inner) : inner_(std::move(inner)) {}

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    inner_->run(subject, open, out);
    auto& yes = out.yes.words();
    for (std::size_t w = 0; w < yes.size(); ++w) yes[w] = ~(yes[w] | out.unknown.words()[w] | out.error.words()[w]);
    out.yes.trim();
  }
  [[nodiscard]] int cost() const override { return inner_->cost(); }

 private:
  std::unique_ptr<const Program> inner_;
};

// && and ||. A row that one part has decided (false for &&, true for ||) is closed for the parts behind it.
class ChainProgram final : public Program {
 public:
  ChainProgram(std::vector<std::unique_ptr<const Program>> parts, bool all) : parts_(std::move(parts)), all_(all) {}

  void run(const Subject& subject, const Mask& open, Truth& out) const override {
    Mask undecided = open;
    Truth part;
    for (const auto& program : parts_) {
      size_and_clear(part, open.size());
      program->run(subject, undecided, part);
      for (std::size_t w = 0; w < undecided.words().size(); ++w) {
        std::uint64_t& rows = undecided.words()[w];
        const std::uint64_t unknown = part.unknown.words()[w] & rows;
        const std::uint64_t error = part.error.words()[w] & rows;
        const std::uint64_t yes = part.yes.words()[w] & rows;
        const std::uint64_t no = rows & ~(unknown | error | yes);
        out.unknown.words()[w] |= unknown;
        out.error.words()[w] |= error;
        out.yes.words()[w] |= all_ ? 0 : yes;
        rows &= all_ ? ~no : ~yes;
      }
    }
    for (std::size_t w = 0; w < undecided.words().size(); ++w) {
      const std::uint64_t rows = undecided.words()[w];
      const std::uint64_t unknown = out.unknown.words()[w] &= rows;
      const std::uint64_t error = out.error.words()[w] &= rows & ~unknown;
      if (all_) out.yes.words()[w] = rows & ~(unknown | error);
    }
  }
  [[nodiscard]] int cost() const override {
    int sum = 0;
    for (const auto& part : parts_) sum += part->cost();
    return sum;
  }

 private:
  std::vector<std::unique_ptr<const Program>> parts_;
  bool all_;
};

std::unique_ptr<const Program> make_chain(const Node& node) {
  std::vector<std::unique_ptr<const Program>> parts;
  for (const Node& child : node.children) parts.push_back(make_program(child));
  std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a->cost() < b->cost(); });
  return std::make_unique<ChainProgram>(std::move(parts), node.op == Op::And);
}

}  // namespace

std::unique_ptr<const Program> make_row_program(const Node& node) {
  return std::make_unique<RowProgram>(node);
}

std::unique_ptr<const Program> make_program(const Node& node) {
  if (node.op == Op::And || node.op == Op::Or) return make_chain(node);
  if (node.op == Op::Not) return std::make_unique<NotProgram>(make_program(node.children[0]));
  std::unique_ptr<const Program> loop = make_column_program(node);
  return loop != nullptr ? std::move(loop) : make_row_program(node);
}

ExpressionPredicate::ExpressionPredicate(Expression expression)
    : expression_(std::move(expression)), program_(make_program(expression_.root)) {}

void ExpressionPredicate::decide(const Subject& subject, Truth& out) const {
  const std::size_t rows = subject.columns.empty() ? subject.batch.size() : subject.column().size();
  size_and_clear(out, rows);
  program_->run(subject, Mask(rows, true), out);
}

std::string ExpressionPredicate::explain(const Subject& subject, std::size_t row) const {
  return explain_row(expression_, subject, row);
}

bool ExpressionPredicate::is_type_error(const Subject& subject, std::size_t row) const {
  Scratch scratch;
  RowFields fields(subject);
  fields.move_to(row);
  Frame frame{.fields = fields, .scratch = scratch};
  const Value value = evaluate(expression_.root, frame);
  return value.is_error() ? value.wrong_type : value.type != ValueType::Boolean && !value.is_null();
}

}  // namespace weir
