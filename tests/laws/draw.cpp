// SPDX-License-Identifier: Apache-2.0
#include "laws/draw.h"

namespace weir::testing {

namespace {

using Texts = std::vector<std::string>;

// As JSON, in many spellings of few values, so that equal ones meet.
const Texts kNumbers = {"0",
                        "-0",
                        "0.0",
                        "1",
                        "1.0",
                        "1e0",
                        "10e-1",
                        "-1",
                        "2",
                        "5",
                        "5.0",
                        "5.5",
                        "0.05",
                        "0.1",
                        "0.10",
                        "1e-1",
                        "0.3",
                        "19.99",
                        "19.995",
                        "99.9",
                        "100",
                        "1e2",
                        "100.0",
                        "100.5",
                        "1000",
                        "1E+3",
                        "-273.15",
                        "9007199254740992",
                        "9007199254740993",
                        "9223372036854775807",
                        "9223372036854775808",
                        "-9223372036854775808",
                        "-9223372036854775809",
                        "123456789012345678",
                        "123456789012345678901234567890",
                        "123456789012345678901234567890.5",
                        "0.1000000000000000000001",
                        "1e400",
                        "-1e400",
                        "1e-400",
                        "1.50",
                        "0.000000000000000001",
                        "12345.678"};
const Texts kSteps = {"1",
                      "2",
                      "3",
                      "3.0",
                      "4",
                      "5",
                      "2.5",
                      "-1",
                      "10",
                      "1e1",
                      "123456789012345678901234567890",
                      "0.1000000000000000000001"};
const Texts kWords = {R"("")",
                      R"("EUR")",
                      R"("USD")",
                      R"("eur")",
                      R"("\u0045UR")",
                      R"("N/A")",
                      R"("new")",
                      R"("paid")",
                      R"("A-1")",
                      R"("A-2")",
                      R"("A-22")",
                      R"("ä")",
                      R"("größer")",
                      R"("\u00e4")",
                      R"("e\u0301")",
                      R"("日本語")",
                      R"("😀")",
                      R"("\ud83d\ude00")",
                      R"("a longer text than sixteen bytes")",
                      R"("line\nbreak")",
                      R"("tab\t\"quote\"")",
                      R"("5")",
                      R"("true")",
                      R"("null")",
                      R"("50%")",
                      R"("x_y")",
                      R"("#a1B2c3")"};
const Texts kCodes = {R"("2eb8aa08-aa98-11ea-b4aa-73b441d16380")",
                      R"("2EB8AA08-AA98-11EA-B4AA-73B441D16380")",
                      R"("2eb8aa08")",
                      R"("192.168.0.1")",
                      R"("192.168.0.256")",
                      R"("1.2.3")",
                      R"("01.2.3.4")",
                      R"("#fff")",
                      R"("#ff00zz")",
                      R"("d41d8cd98f00b204e9800998ecf8427e")",
                      R"("42")",
                      R"("-1.5e3")",
                      R"("007")",
                      R"("+7")",
                      R"("false")",
                      R"("{\"a\":[1]}")",
                      R"("{a:1}")",
                      R"("")",
                      R"(" 1")"};
const Texts kTimes = {R"("2026-01-01T00:00:00Z")",
                      R"("2026-01-01t00:00:00z")",
                      R"("2026-01-01 00:00:00.5+02:00")",
                      R"("2024-02-29T23:59:59.999999999-11:30")",
                      R"("2026-02-29T00:00:00Z")",
                      R"("2026-01-01T24:00:00Z")",
                      R"("2026-01-01T00:00:00")",
                      R"("2026-01-01")",
                      R"("2024-02-29")",
                      R"("2026-02-29")",
                      R"("1900-02-29")",
                      R"("2026-13-01")",
                      R"("26-01-01")",
                      R"("soon")",
                      "1767225600"};
const Texts kFlags = {"true", "false"};
const Texts kLists = {"[]",
                      "[1]",
                      "[1,2]",
                      "[1, 1.0]",
                      R"(["a","b","a"])",
                      R"(["1",1])",
                      R"([{"a":1,"b":2},{"b":2.0,"a":1}])",
                      R"([null,null])",
                      R"([[1],[1]])",
                      R"(["x"])"};
const Texts kOdd = {"null",     "null", "null",  "true", "7", R"("x")", "[]", "[1,2]", "{}", R"({"a":1,"a":2})",
                    R"("N/A")", "-1",   R"("")", "1e400"};

const Texts kBounds = {"0",
                       "1",
                       "5",
                       "5.5",
                       "100",
                       "1e2",
                       "-1",
                       "0.1",
                       "0.30",
                       "9007199254740993",
                       "9223372036854775807",
                       "9223372036854775808",
                       "123456789012345678901234567890",
                       "1e400",
                       "-9223372036854775809",
                       "1e-400"};
const Texts kPatterns = {"^A-[0-9]+$",   "^[A-Z]{3}$",  "e",      "^$",         "^.$",          R"(\d)",
                         "(?i)eur",      "ä|ö",         "[^a-z]", R"(\bnew\b)", "^(new|paid)$", "^[^@ ]*$",
                         "(?s)^.{3,8}$", R"(\x{1F600})"};
const Texts kLikes = {"A-_", "A-%", "%e%", "_", "%", "___", "50%", "x_y", "größer", "日%", "%%ö%"};
const Texts kWordLiterals = {"EUR",    "USD", "new",  "paid", "A-1",      "ä",
                             "größer", "5",   "true", "N/A",  "null-ish", "a longer text than sixteen bytes",
                             "😀"};
const Texts kNumberLiterals = {
    "0", "1", "1.0", "5", "5.50", "100", "1e2", "9007199254740993", "123456789012345678901234567890", "0.1", "-1"};

}  // namespace

struct Draw::Field {
  std::string path;
  std::string name;  // of the record, or empty where the value lies deeper
  const Texts* usual = nullptr;
  Texts checks;  // besides those that fit everything
  Texts types;   // that it may be declared as
};

const std::vector<Draw::Field>& Draw::fields() {
  static const Texts number_checks = {"min",   "max",    "above", "below",  "multiple_of", "precision",
                                      "scale", "finite", "in",    "not_in", "unique"};
  static const Texts text_checks = {"match",      "match_all", "not_match", "like",   "min_length",
                                    "max_length", "length",    "in",        "not_in", "unique"};
  static const Texts code_checks = {"format", "parse", "format", "parse", "match"};
  static const Texts order_checks = {"increasing", "decreasing", "sequence"};
  static const Texts list_checks = {"min_items", "max_items", "unique_items", "unique"};
  static const std::vector<Field> all = {
      {"id", "id", &kWords, text_checks, {"string"}},
      {"n", "n", &kNumbers, number_checks, {"integer", "number", "decimal"}},
      {"amount", "amount", &kNumbers, number_checks, {"decimal", "number"}},
      {"status", "status", &kWords, text_checks, {"string"}},
      {"code", "code", &kCodes, code_checks, {"string", "uuid"}},
      {"at", "at", &kTimes, {"match", "in"}, {"timestamp", "date", "string"}},
      {"flag", "flag", &kFlags, {"in", "not_in"}, {"boolean"}},
      {"seq", "seq", &kSteps, order_checks, {"integer", "number"}},
      {"list", "list", &kLists, list_checks, {"array"}},
      {"list[]", "", nullptr, {"in", "min", "match", "unique"}, {}},
      {"items", "", nullptr, list_checks, {"array"}},
      {"items[].qty", "", nullptr, number_checks, {"integer", "number"}},
      {"items[].sku", "", nullptr, text_checks, {"string"}},
      {"user.name", "", nullptr, text_checks, {"string"}},
      {"user.address.zip", "", nullptr, text_checks, {"string"}},
      {"user", "", nullptr, {}, {"object"}},
      {"never there", "", nullptr, text_checks, {}},
  };
  return all;
}

// ---- rules

SlowRules Draw::rules() {
  SlowRules out;
  undeclared_.clear();
  next_id_ = 0;
  std::vector<const Field*> chosen;
  for (const Field& field : fields()) {
    if (chance(2)) chosen.push_back(&field);
  }
  for (const Field* const field : chosen) add_field_rules(*field, out);
  add_record_rules(out);
  for (SlowRule& rule : out.rules) add_options(rule);
  out.extra_fields = chance(4);
  out.duplicate_keys = chance(3);
  if (chance(12)) out.rules[below(out.rules.size())].halts = true;
  return out;
}

void Draw::add_field_rules(const Field& field, SlowRules& out) {
  static const Texts everywhere = {"required", "required", "null", "type"};
  const bool declares = !field.types.empty() && chance(2);
  const std::string declared = declares ? of(field.types) : "";
  const bool one_value = field.path.find('[') == std::string::npos && field.path.find(' ') == std::string::npos;
  if (!declares && one_value) undeclared_.push_back(field.path);
  if (declares) out.rules.push_back(field_rule(field, "type", declared));
  for (std::size_t count = below(4) + 1; count > 0; --count) {
    const std::string check = field.checks.empty() || chance(4) ? of(everywhere) : of(field.checks);
    if (check == "type") continue;
    // What a declared type has nothing to do with is refused when the file is loaded.
    const bool of_times = declared == "timestamp" || declared == "date" || declared == "uuid";
    if (of_times && (check == "in" || check == "not_in")) continue;
    out.rules.push_back(field_rule(field, check, declared));
  }
  if (chance(4))
    out.missing_values[field.path] = {of<std::string>({"", "N/A", "x"}), of<std::string>({"-1", "5", "true", "1e2"})};
}

SlowRule Draw::field_rule(const Field& field, const std::string& check, const std::string& declared) {
  SlowRule rule;
  rule.id = "r" + std::to_string(++next_id_);
  rule.check = check;
  rule.path = field.path;
  rule.declared = declared;
  const auto take = [&rule](std::string text, bool quoted) { rule.values.push_back({std::move(text), quoted}); };
  const auto take_list = [&](const Texts& texts) {
    rule.is_list = chance(2) || check == "match_all";
    for (std::size_t i = rule.is_list ? below(3) + 1 : 1; i > 0; --i) take(of(texts), true);
  };
  if (check == "type") take(declared, false);
  if (check == "required") take(chance(3) ? "present" : "true", false);
  if (check == "min" || check == "max" || check == "above" || check == "below") take(of(kBounds), false);
  if (check == "multiple_of") take(of<std::string>({"0.01", "5", "0.1", "1", "0.05", "1e1", "7"}), false);
  if (check == "precision") take(of<std::string>({"1", "3", "5", "18", "30"}), false);
  if (check == "scale") take(of<std::string>({"0", "1", "2", "5", "20"}), false);
  if (check == "match" || check == "match_all" || check == "not_match") take_list(kPatterns);
  if (check == "like") take(of(kLikes), true);
  if (check == "min_length" || check == "max_length" || check == "length")
    take(of<std::string>({"0", "1", "3", "5", "16"}), false);
  if (check == "min_items" || check == "max_items") take(of<std::string>({"0", "1", "2", "3"}), false);
  if (check == "format") take(of<std::string>({"date", "uuid", "ipv4", "md5", "hex-color"}), false);
  if (check == "parse") take(of<std::string>({"integer", "number", "boolean", "date", "timestamp", "json"}), false);
  if (check == "in" || check == "not_in") {
    rule.is_list = true;
    rule.values = literals(field, declared);
  }
  if (check == "increasing" || check == "decreasing" || check == "sequence") {
    rule.strict = check != "sequence" && chance(2);
    if (chance(2)) rule.by = of<std::string>({"status", "id"});
  }
  return rule;
}

std::vector<SlowLiteral> Draw::literals(const Field& field, const std::string& declared) {
  const bool numbers_only = declared == "integer" || declared == "number" || declared == "decimal";
  const bool likes_numbers = field.usual == &kNumbers || field.path == "items[].qty";
  std::vector<SlowLiteral> out;
  for (std::size_t i = below(5) + 1; i > 0; --i) {
    if (declared == "boolean" || (declared.empty() && chance(6))) {
      out.push_back({of(kFlags), false});
    } else if (numbers_only || (likes_numbers && !chance(6)) || (declared.empty() && chance(6))) {
      out.push_back({of(kNumberLiterals), false});
    } else {
      out.push_back({of(kWordLiterals), true});
    }
  }
  return out;
}

void Draw::add_options(SlowRule& rule) {
  const bool sees_nulls =
      rule.check == "required" || rule.check == "null" || rule.check == "any_of" || rule.check == "all_of";
  rule.nulls_fail = !sees_nulls && !rule.expression && rule.by.empty() && chance(6);
  if (!undeclared_.empty() && chance(4)) rule.when = expression(1);
}

void Draw::add_record_rules(SlowRules& out) {
  const auto add = [&](const std::string& check) {
    SlowRule& rule = out.rules.emplace_back();
    rule.id = "r" + std::to_string(++next_id_);
    rule.check = check;
    return &rule;
  };
  for (std::size_t i = below(3); i > 0 && !undeclared_.empty(); --i) add("expr")->expression = expression(2);
  static const std::vector<Texts> groups = {
      {"id", "n"}, {"status", "flag"}, {"id", "user.name", "amount"}, {"at", "never_there"}, {"list", "status"}};
  for (const std::string check : {"unique", "any_of", "all_of"}) {
    if (chance(3)) add(check)->paths = of(groups);
  }
  if (out.rules.empty()) add("any_of")->paths = groups[0];
}

SlowExpression Draw::expression(int depth) {
  if (depth == 0 || chance(3)) return comparison();
  SlowExpression out;
  out.kind = of<SlowExpression::Kind>({SlowExpression::Kind::And, SlowExpression::Kind::Or, SlowExpression::Kind::Not});
  const std::size_t children = out.kind == SlowExpression::Kind::Not ? 1 : 2 + below(2);
  for (std::size_t i = 0; i < children; ++i) out.children.push_back(expression(depth - 1));
  return out;
}

SlowExpression Draw::comparison() {
  using Kind = SlowExpression::Kind;
  static const Texts numbers = {"0", "5", "-1", "5.5", "100", "0.1", "1e2", "9007199254740993"};
  static const Texts texts = {R"("EUR")", R"("")", R"("new")", R"("größer")", R"("A-1")", R"("5")"};
  SlowExpression out;
  out.left.text = of(undeclared_);
  out.kind = of<Kind>(
      {Kind::Compare, Kind::Compare, Kind::Compare, Kind::In, Kind::IsNull, Kind::Has, Kind::Flag, Kind::StartsWith});
  out.op = of<std::string>({"==", "!=", "<", "<=", ">", ">="});
  const bool other_field = chance(4);
  out.right = {.is_field = other_field, .text = other_field ? of(undeclared_) : chance(2) ? of(numbers) : of(texts)};
  if (out.kind == Kind::StartsWith) out.literals = {of<std::string>({R"("E")", R"("A-")", R"("größ")"})};
  for (std::size_t i = below(3) + 1; out.kind == Kind::In && i > 0; --i)
    out.literals.push_back(chance(2) ? of(numbers) : of(texts));
  return out;
}

// ---- records

std::string Draw::space() {
  if (!chance(8)) return "";
  const std::string out = of<std::string>({" ", "\t", "  ", "\n", "\r\n"});
  return one_line_ && out.find('\n') != std::string::npos ? " " : out;
}

std::string Draw::key(const std::string& name) {
  if (!chance(25)) return '"' + name + '"';
  static const char* const hex = "0123456789abcdef";
  std::string out = "\"\\u00";
  out += hex[static_cast<unsigned char>(name[0]) / 16];
  out += hex[static_cast<unsigned char>(name[0]) % 16];
  return out + name.substr(1) + '"';
}

std::string Draw::anything() {
  return of(kOdd);
}
std::string Draw::value(const Field& field) {
  return chance(6) ? anything() : of(*field.usual);
}

std::string Draw::items() {
  if (chance(8)) return anything();
  std::string out;
  for (std::size_t i = below(4); i > 0; --i) {
    std::string item;
    if (!chance(5)) item += key("qty") + ":" + space() + (chance(6) ? anything() : of(kNumbers));
    if (!chance(5)) item += (item.empty() ? "" : ",") + key("sku") + ":" + (chance(6) ? anything() : of(kWords));
    if (chance(20)) item += (item.empty() ? "" : ",") + key("sku") + ":" + of(kWords);
    out += (out.empty() ? "" : ",") + (chance(10) ? anything() : "{" + item + "}");
  }
  return "[" + out + "]";
}

std::string Draw::user() {
  if (chance(8)) return anything();
  std::string out;
  if (!chance(5)) out += key("name") + ":" + (chance(6) ? anything() : of(kWords));
  if (!chance(4)) {
    const std::string address =
        chance(6) ? anything() : "{" + key("zip") + ":" + of(kWords) + "," + key("z") + ":[{}]}";
    out += (out.empty() ? "" : ",") + key("address") + ":" + address;
  }
  return "{" + out + "}";
}

std::string Draw::record(bool one_line) {
  one_line_ = one_line;
  if (chance(60)) return of<std::string>({"7", "null", "[]", R"("text")", R"([{"id":1}])", "true"});
  Texts members;
  const auto add = [&](const std::string& name, const std::string& json) {
    members.push_back(space() + key(name) + space() + ":" + space() + json + space());
  };
  for (const Field& field : fields()) {
    if (field.name.empty() || chance(8)) continue;
    add(field.name, value(field));
    if (chance(40)) add(field.name, value(field));
  }
  if (!chance(5)) add("items", items());
  if (chance(30)) add("items", items());
  if (!chance(5)) add("user", user());
  if (chance(30)) add("user", user());
  if (chance(10)) add(of<std::string>({"x", "extra", "an extra field with a long name", "Id", "n2"}), anything());
  for (std::size_t i = members.size(); i > 1 && chance(4); --i) std::swap(members[i - 1], members[below(i)]);
  std::string out;
  for (const std::string& member : members) out += (out.empty() ? "" : ",") + member;
  out = space() + "{" + out + "}" + space();
  return chance(30) ? damaged(std::move(out)) : out;
}

std::string Draw::damaged(std::string record) {
  const std::size_t at = below(record.size());
  switch (below(6)) {
    case 0: record.resize(at + 1); break;
    case 1: record.insert(at, of<std::string>({"\"", "\\", "}", "{", ",", "]", "x", "\t", "0"})); break;
    case 2: record.insert(at, of<std::string>({"\xFF", "\xC3", "\xED\xA0\x80", "\xE2\x82"})); break;
    case 3: record.erase(at, 1); break;
    case 4: record += of<std::string>({"}", "{}", "1", ",", "\""}); break;
    default: record = one_line_ ? "{" : ""; break;
  }
  // A line of white space is no record.
  const bool blank = record.find_first_not_of(" \t") == std::string::npos;
  return blank && one_line_ ? "x" : record;
}

std::vector<std::string> Draw::records(std::size_t count, bool one_line) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(record(one_line));
  return out;
}

}  // namespace weir::testing
