// SPDX-License-Identifier: Apache-2.0
// Window conditions over measures that give lists: `values`, `top`, `schema`.
#include <catch2/catch_test_macros.hpp>

#include "expr/judge.h"

namespace weir::testing {
namespace {

// The letter of the verdict over the countries of a window: pass, fail, inconclusive, no data, error.
char over(std::string_view condition, const std::vector<std::string>& countries, bool complete = true) {
  const Measured list = list_of(countries, complete);
  const Judgement judgement = judge(condition, {{"values(c)", list}, {"top(c)", list}, {"top(c, 2)", list}});
  return "pwfniE"[static_cast<std::size_t>(judgement.verdict)];
}

TEST_CASE("values() is a set: order and repetition do not matter") {
  CHECK(over(R"(values(c) == ["DE", "FR"])", {"DE", "FR"}) == 'p');
  CHECK(over(R"(values(c) == ["FR", "DE", "FR"])", {"DE", "FR"}) == 'p');
  CHECK(over(R"(["FR", "DE"] == values(c))", {"DE", "FR"}) == 'p');
  CHECK(over(R"(values(c) == ["DE"])", {"DE", "FR"}) == 'f');
  CHECK(over(R"(values(c) == ["DE", "FR", "IT"])", {"DE", "FR"}) == 'f');
  CHECK(over(R"(values(c) != ["DE"])", {"DE", "FR"}) == 'p');
  CHECK(over(R"(values(c).filter(v, v != "IT") == ["FR", "DE"])", {"DE", "IT", "FR"}) == 'p');
  CHECK(over("values(c) == []", {}) == 'p');
}

TEST_CASE("contains, within and the like") {
  CHECK(over(R"("DE" in values(c))", {"DE", "FR"}) == 'p');
  CHECK(over(R"(!("IT" in values(c)))", {"DE", "FR"}) == 'p');
  CHECK(over(R"(values(c).containsAll(["DE"]))", {"DE", "FR"}) == 'p');
  CHECK(over(R"(values(c).containsAll(["DE", "IT"]))", {"DE", "FR"}) == 'f');
  CHECK(over(R"(["DE", "FR", "IT"].containsAll(values(c)))", {"DE", "FR"}) == 'p');
  CHECK(over(R"(["DE", "IT"].containsAll(values(c)))", {"DE", "FR"}) == 'f');
  CHECK(over(R"(values(c).all(v, v in ["DE", "FR"]))", {"DE"}) == 'p');
  CHECK(over(R"(values(c).all(v, v in ["DE", "FR"]))", {"DE", "IT"}) == 'f');
  CHECK(over(R"(["DE", "FR"].all(v, v in values(c)))", {"FR", "DE", "IT"}) == 'p');
  CHECK(over(R"(values(c).exists(v, v.startsWith("D")))", {"DE", "FR"}) == 'p');
  CHECK(over(R"(values(c).exists_one(v, v.matches("^[A-Z]{3}$")))", {"DEU", "FR"}) == 'p');
  CHECK(over(R"(values(c).containsAll(values(c).filter(v, v != "FR")))", {"DE", "FR"}) == 'p');
  CHECK(over("size(values(c)) == 2", {"DE", "FR"}) == 'p');
  CHECK(over("values(c).size() <= 1", {"DE", "FR"}) == 'f');
  CHECK(over(R"(values(c).map(v, v.lowerAscii()) == ["fr", "de"])", {"DE", "FR"}) == 'p');
}

TEST_CASE("top() keeps its order") {
  CHECK(over(R"(top(c, 2) == ["DE", "FR"])", {"DE", "FR"}) == 'p');
  CHECK(over(R"(top(c, 2) == ["FR", "DE"])", {"DE", "FR"}) == 'f');
  CHECK(over(R"(top(c)[0] in ["DE", "FR"])", {"DE", "IT"}) == 'p');
  CHECK(over(R"(top(c)[0] == "IT")", {"DE", "IT"}) == 'f');
  CHECK(over(R"(top(c).all(v, v in ["DE", "IT"]))", {"DE", "IT"}) == 'p');
  CHECK(over(R"("DE" in top(c))", {"DE", "IT"}) == 'p');
  CHECK(over(R"(top(c)[5] == "DE")", {"DE"}) == 'E');
}

TEST_CASE("numbers of a list compare by value, texts stay texts") {
  CHECK(over("values(c) == [1, 2]", {"1", "2.0"}) == 'p');
  CHECK(over("1.0 in values(c)", {"1"}) == 'p');
  CHECK(over("9007199254740993 in values(c)", {"9007199254740992"}) == 'f');
  CHECK(over(R"("1" in values(c))", {"1"}) == 'f');
  CHECK(over("values(c).all(v, v > 0 && v < 9)", {"1", "2"}) == 'p');
  CHECK(over("values(c).all(v, v > 0)", {"1", "a"}) == 'E');
  CHECK(over(R"("2026-01-01T00:00:00Z" in values(c))", {"2026-01-01T00:00:00Z"}) == 'p');
  CHECK(window_fault("2026-01-01 in values(c)").find("a measure lists texts and numbers, and this is a timestamp") !=
        std::string::npos);
}

TEST_CASE("a list that could not be kept whole decides only what is certain") {
  CHECK(over(R"("DE" in values(c))", {"DE"}, false) == 'p');
  CHECK(over(R"("IT" in values(c))", {"DE"}, false) == 'i');
  CHECK(over(R"(values(c).containsAll(["DE"]))", {"DE", "FR"}, false) == 'p');
  CHECK(over(R"(values(c).containsAll(["DE", "IT"]))", {"DE"}, false) == 'i');
  CHECK(over(R"(["DE"].containsAll(values(c)))", {"DE", "IT"}, false) == 'f');
  CHECK(over(R"(["DE"].containsAll(values(c)))", {"DE"}, false) == 'i');
  CHECK(over(R"(values(c) == ["DE"])", {"DE", "IT"}, false) == 'f');
  CHECK(over(R"(values(c) != ["DE"])", {"DE", "IT"}, false) == 'p');
  CHECK(over(R"(values(c) == ["DE", "IT"])", {"DE"}, false) == 'i');
  CHECK(over(R"(values(c).all(v, v in ["DE"]))", {"DE", "IT"}, false) == 'f');
  CHECK(over(R"(values(c).all(v, v in ["DE"]))", {"DE"}, false) == 'i');
  CHECK(over(R"(values(c).exists(v, v == "DE"))", {"DE"}, false) == 'p');
  CHECK(over(R"(values(c).exists_one(v, v == "DE"))", {"DE"}, false) == 'i');
  CHECK(over(R"(values(c).filter(v, v == "DE") == ["DE", "FR"])", {"DE"}, false) == 'i');
  CHECK(over("size(values(c)) < 5", {"DE"}, false) == 'i');
  CHECK(over(R"(top(c)[0] == "DE")", {"DE"}, false) == 'i');
  CHECK(over(R"("DE" in top(c))", {"DE"}, false) == 'i');
  CHECK(over(R"(top(c) == ["DE"])", {"DE"}, false) == 'i');
  CHECK(over(R"(top(c) != null)", {"DE"}, false) == 'p');
  CHECK(over(R"("IT" in values(c) || "DE" in values(c))", {"DE"}, false) == 'p');
  Measured part = list_of({"DE"}, false);
  part.error = "1,024 of them";
  CHECK(verdict(R"("IT" in values(c))", {{"values(c)", part}}) ==
        "inconclusive [DE, … others] because values(c) = [DE, … others], not all values could be kept (1,024 of them)");
}

TEST_CASE("what no list of a measure holds is refused") {
  CHECK(window_fault("values(c) == [true]").find("this is a boolean |  | write it as a text, in quotes") !=
        std::string::npos);
  CHECK(window_fault("[\"DE\"] in values(c)").find("containsAll") != std::string::npos);
  CHECK(window_fault("values(c).containsAll([1h])").find("this is a duration") != std::string::npos);
  CHECK(window_fault("values(c) == \"DE\"").find("asked with `in`") != std::string::npos);
  CHECK(window_fault("values(c) >= 3").find("size(...)") != std::string::npos);
  CHECK(window_fault("values(c).containsAll(3)").find("does not take an integer") != std::string::npos);
}

TEST_CASE("macros go over lists and not over fields, and measures are the same for every element") {
  CHECK(window_fault("items.all(i, i > 0)").find("a window condition is about many records") != std::string::npos);
  CHECK(window_fault("values(c).all(v, v.name == 1)").find("have no fields") != std::string::npos);
  CHECK(window_fault("values(c).all(v, null_rate(v) < 5%)").find("`v` is an element of a list") != std::string::npos);
  CHECK(window_fault("values(c).all(v, rate(x == v) < 5%)").find("`v` is an element of a list") != std::string::npos);
  CHECK(window_fault("values(c).all(v, size(v) < 5 && row_count > 1)") == "");
  CHECK(window_fault("values(c).all(v, values(d).exists(w, w == v))") == "");
  CHECK(judge("values(c).all(v, values(d).exists(w, w == v))",
              {{"values(c)", list_of({"a"})}, {"values(d)", list_of({"b", "a"})}})
            .verdict == Verdict::Pass);
}

TEST_CASE("two lists of hostile size end in an error and not in a minute") {
  std::vector<std::string> many;
  for (int i = 0; i < 20000; ++i) many.push_back("x" + std::to_string(i));
  CHECK(judge("values(c) == values(d)", {{"values(c)", list_of(many)}, {"values(d)", list_of(many)}}).cause ==
        "`values(c) == values(d)`: this needs too much work");
  CHECK(
      judge("values(c).containsAll(values(d))", {{"values(c)", list_of(many)}, {"values(d)", list_of(many)}}).verdict ==
      Verdict::Error);
}

// How the cells of the first call's columns are read.
std::string cells(std::string_view condition) {
  std::string out;
  for (const auto& call : compile_window(condition).cell_types) {
    for (const CellType type : call) out += type == CellType::Number ? 'N' : type == CellType::Boolean ? 'B' : 'T';
    out += ' ';
  }
  return out;
}

TEST_CASE("cells of a CSV file are read as what the condition compares them with") {
  CHECK(cells("min(x) < 5") == "N ");
  CHECK(cells("5 > abs(max(x))") == "N ");
  CHECK(cells("max(x) < 2030-01-01") == "T ");
  CHECK(cells("mean(x) < 5") == "N ");
  CHECK(cells("distinct(x) < 5") == "T ");
  CHECK(cells("change(max(x), last) < 5%") == "N  ");
  CHECK(cells("max(x) <= last") == "N  ");
  CHECK(cells("values(x) == [1, 2]") == "N ");
  CHECK(cells("values(x) == [\"a\"]") == "T ");
  CHECK(cells("size(values(x)) == 5") == "T ");
  CHECK(cells("3 in values(x)") == "N ");
  CHECK(cells("values(x).all(v, v in [1, 2])") == "N ");
  CHECK(cells("values(x).all(v, v in [\"1\"])") == "T ");
  CHECK(cells("top(x)[0] == 1") == "N ");
  CHECK(cells("mean(x) - min(x) < 5") == "N N ");
  CHECK(cells("correlation(x, y) > 0.5") == "NN ");
  CHECK(cells("rate(x > 5 && y == \"a\") > 1%") == "NT ");
  CHECK(cells("min(x) > 5 && min(x) != \"a\"") == "N ");
}

TEST_CASE("a declared field gives its measures a type") {
  const std::vector<FieldOf> fields = {{"at", {"null"}, FieldType::Timestamp}, {"n", {"null"}, FieldType::Integer}};
  const CompiledCondition compiled = compile_window("max(at) < \"2030-01-01\" && min(n) > 5", fields);
  CHECK(compiled.calls[0].declared == std::vector<FieldType>{FieldType::Timestamp});
  CHECK(compiled.calls[1].columns == std::vector<std::uint32_t>{1});
  const std::vector<Measured> values = {Measured::of(Instant()), Measured::of(std::int64_t{6})};
  CHECK(compiled.condition->judge(values).verdict == Verdict::Pass);
  const CompiledCondition flag = compile_window("max(ok)", {{"ok", {"null"}, FieldType::Boolean}});
  const std::vector<Measured> is_true = {text_of("true")};
  CHECK(flag.condition->judge(is_true).verdict == Verdict::Pass);
  const std::vector<Measured> is_count = {Measured::of(std::int64_t{1})};
  CHECK(flag.condition->judge(is_count).cause == "it is an integer");
}

}  // namespace
}  // namespace weir::testing
