// SPDX-License-Identifier: Apache-2.0
// `drift`: from each entry one rule for each of its fields, and one for each test that looks at all of them together. What
// can be told without opening the reference is told here; compile_drift.cpp does the rest.
#include <algorithm>
#include <array>
#include <unordered_set>

#include "base/decimal.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "drift/registry.h"
#include "rules/block_keys.h"
#include "rules/codes.h"
#include "rules/explain_windows.h"
#include "rules/keys.h"
#include "rules/read_reference.h"

namespace weir {
namespace {

constexpr Duration kDay = std::chrono::hours(24);
constexpr std::uint64_t kMostVotes = 100;

bool same_segments(const WrittenBlock& a, const WrittenBlock& b) {
  return std::equal(
      a.segment.begin(), a.segment.end(), b.segment.begin(), b.segment.end(),
      [](const WrittenSegment& x, const WrittenSegment& y) { return x.path == y.path && x.listed == y.listed; });
}

/// Whether both compare the same records at the same times: their rules are one family then.
bool same_windows(const WrittenBlock& a, const WrittenBlock& b) {
  return a.drift && b.drift && a.block.kind == b.block.kind && a.block.every == b.block.every &&
         a.block.lateness == b.block.lateness && a.block.late == b.block.late &&
         a.block.max_segments == b.block.max_segments && a.block.accepted_only == b.block.accepted_only &&
         same_segments(a, b);
}

/// `psi` and `chi_square` of categories have one effect, so `auto` takes a tolerance under either name.
constexpr std::array<std::string_view, 5> kAutoTests = {"ks", "chi_square", "psi", "null_share", "type_share"};

bool is_auto(std::string_view test) {
  return std::find(kAutoTests.begin(), kAutoTests.end(), test) != kAutoTests.end();
}

class DriftReader {
 public:
  DriftReader(RuleReading& reading, const YamlNode& node, std::size_t entry)
      : reading_(reading),
        node_(node),
        block_(reading.findings, node, drift_keys()),
        keys_(reading.findings, node, block_) {
    written_.entry = entry;
  }

  void read() {
    if (!node_.is_map()) return;
    read_fields();
    read_tests();
    WrittenBlock cut = read_cut();
    timed_ = cut.block.kind == WindowKind::Time;
    read_tolerance();
    if (const YamlNode* reference = block_.node("reference"))
      read_drift_reference(reading_, *reference, cut.block, written_);
    read_vote();
    written_.rule.any_dependence = block_.text("dependence") == "any";
    add_rules(place(std::move(cut)));
  }

 private:
  struct Named {
    FieldPath path;
    const YamlNode* at = nullptr;
  };

  void read_fields() {
    const YamlNode* const fields = block_.node("fields");
    if (fields == nullptr) return;
    std::unordered_set<std::string> known;
    const auto add = [&](const YamlNode& at) {
      Result<FieldPath> path = FieldPath::parse(at.text);
      if (!path) return;  // told by Section
      if (!known.insert(path->text()).second) {
        reading_.findings.error(codes::kContradiction, at.where(),
                                "the field " + backquoted(at.text) + " is named twice",
                                {.label = {}, .help = "a field is compared once by an entry"});
      } else {
        fields_.push_back({.path = *std::move(path), .at = &at});
      }
    };
    if (fields->is_scalar()) add(*fields);
    for (const YamlNode* field : fields->items) {
      if (fields_.size() <= kMostWindowRules) add(*field);
    }
    if (fields->is_list() && fields->items.empty())
      reading_.findings.error(codes::kMissingKey, fields->where(), "no field is named", {});
  }

  void read_tests() {
    const YamlNode* const tests = block_.node("test");
    if (tests == nullptr) {
      single_ = true;
      return;
    }
    std::vector<const YamlNode*> written(tests->items.begin(), tests->items.end());
    if (tests->is_scalar()) written = {tests};
    bool picks = written.empty();
    for (const YamlNode* test : written) {
      if (test->text == "auto") {
        picks = true;
        continue;
      }
      const DriftSpec* const spec = find_drift_test(test->text);
      if (spec == nullptr) continue;
      const bool twice =
          std::find(written_.rule.tests.begin(), written_.rule.tests.end(), spec) != written_.rule.tests.end() ||
          std::any_of(together_.begin(), together_.end(), [&](const auto& t) { return t.first == spec; });
      if (twice) {
        reading_.findings.error(codes::kContradiction, test->where(),
                                "the test " + backquoted(test->text) + " is named twice", {});
      } else if (spec->scope == DriftScope::SeveralFields) {
        together_.emplace_back(spec, test->where());
      } else {
        written_.rule.tests.push_back(spec);
        written_.test_places.push_back(test->where());
      }
    }
    if (picks && !written_.rule.tests.empty())
      reading_.findings.error(codes::kContradiction, tests->where(), "`auto` beside tests that are named",
                              {.label = {}, .help = "`auto` picks the tests of a field by itself"});
    single_ = picks || !written_.rule.tests.empty();
  }

  [[nodiscard]] bool made(std::string_view name) const {
    const auto named = [&](const DriftSpec* spec) { return spec->name == name; };
    if (std::any_of(together_.begin(), together_.end(), [&](const auto& test) { return named(test.first); }))
      return true;
    if (written_.rule.tests.empty()) return single_ && is_auto(name);
    return std::any_of(written_.rule.tests.begin(), written_.rule.tests.end(), named);
  }

  void read_tolerance() {
    const YamlNode* const tolerance = block_.node("tolerance");
    if (tolerance == nullptr) return;
    const std::span<const std::string_view> choices = drift_keys().find("test")->choices;
    std::vector<std::string_view> known(choices.begin() + 1, choices.end());  // but for `auto`
    for (const YamlNode::Member& member : tolerance->members) {
      const std::string& name = member.key->text;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        reading_.findings.error(codes::kUnknownKey, member.key->where(), "there is no drift test " + backquoted(name),
                                {.label = did_you_mean(name, known), .help = "docs/drift names them all"});
        continue;
      }
      const std::optional<Scalar> percent = read_percentage(*member.value);
      const std::optional<Decimal> number = Decimal::parse(percent ? percent->text : member.value->text);
      const double value = number ? number->to_double() / (percent ? 100 : 1) : 0;
      if (!(value >= 0 && value <= 1e9)) {
        reading_.findings.error(codes::kValue, member.value->where(), "a tolerance is a number from 0 on",
                                {.label = {}, .help = "0 tells of every change that is significant"});
        continue;
      }
      if (!made(name)) {
        reading_.findings.warning(codes::kDriftSetting, member.key->where(),
                                  "the test " + backquoted(name) + " is not made: this tolerance says nothing",
                                  {.label = {}, .help = "name it under `test`"});
        continue;
      }
      if (const DriftSpec* const spec = find_drift_test(name)) written_.rule.tolerance.emplace_back(spec, value);
    }
    take_over_psi();
  }

  /// Under `auto` the effect of chi_square is that of psi.
  void take_over_psi() {
    if (!written_.rule.tests.empty()) return;
    const auto find = [&](std::string_view name) {
      return std::find_if(written_.rule.tolerance.begin(), written_.rule.tolerance.end(),
                          [&](const auto& tolerance) { return tolerance.first->name == name; });
    };
    const auto psi = find("psi");
    const DriftSpec* const chi_square = find_drift_test("chi_square");
    if (psi == written_.rule.tolerance.end() || chi_square == nullptr ||
        find("chi_square") != written_.rule.tolerance.end())
      return;
    written_.rule.tolerance.emplace_back(chi_square, psi->second);
  }

  WrittenBlock read_cut() {
    WrittenBlock out;
    out.where = node_.where();
    out.drift = true;
    if (node_.find("every") != nullptr) {  // told where it is wrong; what needs it goes on with a day
      out.block.kind = WindowKind::Time;
      out.block.every = out.block.size = keys_.check_length("every") ? keys_.duration("every", kDay) : kDay;
      out.block.extent = length_in_words(out.block.every);
    } else {
      out.block.extent = "all";
      keys_.refuse_lateness("it belongs to an entry with `every`");
    }
    keys_.read_lateness(out.block);
    keys_.read_segments(out);
    const YamlNode* const reference = node_.find("reference");
    if (reading_.drift_at_once && reference != nullptr && reference->find("file") != nullptr) {
      out.block.kind = WindowKind::Whole;
      out.block.every = out.block.size = Duration::zero();
      out.block.extent = "all";
    }
    out.block.accepted_only = block_.text("over", "accepted") == "accepted";
    return out;
  }

  /// The block of windows of this entry: one that is there already, where it is the same.
  std::uint32_t place(WrittenBlock cut) {
    std::vector<WrittenBlock>& blocks = reading_.out.windows;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      if (same_windows(blocks[i], cut)) return static_cast<std::uint32_t>(i);
    }
    if (blocks.size() == kMostBlocks) {
      reading_.findings.error(codes::kLimit, node_.where(), "more than 256 blocks of windows and drift", {});
      return 0;
    }
    blocks.push_back(std::move(cut));
    return static_cast<std::uint32_t>(blocks.size() - 1);
  }

  void read_vote() {
    written_.rule.sequential = block_.text("mode") == "sequential";
    if (!timed_) {
      written_.rule.fire = written_.rule.of = written_.rule.clear = 1;
      for (const std::string_view key : {"alert_after", "clear_after"}) {
        if (block_.has(key) && !block_.has("every"))
          keys_.warning(codes::kDriftSetting, key, "`" + std::string(key) + "` says nothing without `every`",
                        "the whole input is compared once");
      }
      if (written_.rule.sequential && !block_.has("every"))
        keys_.error(codes::kPast, "mode", "`mode: sequential` needs `every`: evidence adds up over windows",
                    "say how long a window is");
      written_.rule.sequential = false;
      return;
    }
    if (block_.has("alert_after")) {
      const std::string vote = block_.text("alert_after");
      const std::size_t of = vote.find(" of ");
      const std::uint64_t fire = std::stoull(vote.substr(0, of));
      const std::uint64_t all = of == std::string::npos ? fire : std::stoull(vote.substr(of + 4));
      if (all > kMostVotes)
        return keys_.error(codes::kValue, "alert_after", "`alert_after` looks at more than 100 windows", "at most 100");
      written_.rule.fire = static_cast<std::uint32_t>(fire);
      written_.rule.of = static_cast<std::uint32_t>(all);
    }
    if (!block_.has("clear_after")) return;
    const std::uint64_t clear = std::stoull(block_.text("clear_after"));
    if (clear < 1 || clear > kMostVotes)
      return keys_.error(codes::kValue, "clear_after", "`clear_after` lies outside of 1 to 100 windows", "");
    written_.rule.clear = static_cast<std::uint32_t>(clear);
  }

  void add_rules(std::uint32_t block) {
    const std::size_t all = (single_ ? fields_.size() : 0) + together_.size();
    const bool given = block_.has("id");
    const auto id_of = [&](const std::string& part) {
      if (!given) return reading_.ids.automatic("drift." + part, block_.key("fields")->where());
      return reading_.ids.given(block_.text("id") + (all == 1 ? "" : "." + part), block_.node("id")->where());
    };
    for (const Named& field : fields_) {
      if (!single_) break;
      WrittenDrift drift = drift_of(written_.rule.tests, written_.test_places);
      drift.paths = {field.path};
      drift.places = {field.at->where()};
      check_field(field, drift);
      WrittenWindowRule& rule = add_rule(id_of(field.path.text()), block, std::move(drift), field.at->where());
      rule.info.field = field.path.text();
    }
    for (const auto& [spec, where] : together_) {
      WrittenDrift drift = drift_of({spec}, {where});
      for (const Named& field : fields_) {
        drift.paths.push_back(field.path);
        drift.places.push_back(field.at->where());
      }
      check_together(*spec, where);
      add_rule(id_of(std::string(spec->name)), block, std::move(drift), where);
    }
  }

  [[nodiscard]] WrittenDrift drift_of(std::vector<const DriftSpec*> tests, std::vector<SourceSpan> places) const {
    WrittenDrift out = written_;
    out.rule.tests = std::move(tests);
    out.test_places = std::move(places);
    return out;
  }

  WrittenWindowRule& add_rule(std::string id, std::uint32_t block, WrittenDrift drift, const SourceSpan& where) {
    WrittenWindowRule out;
    out.block = block;
    out.enabled = block_.flag("enabled", true);
    out.when = block_.node("when");
    const std::string on_empty = block_.text("on_empty", "pass");
    out.on_empty = on_empty == "fail" ? OnEmpty::Fail : on_empty == "warn" ? OnEmpty::Warn : OnEmpty::Pass;
    out.drift = static_cast<std::int32_t>(reading_.out.drift.size());
    RuleInfo& info = out.info;
    info.id = std::move(id);
    info.kind = RuleKind::Drift;
    for (const DriftSpec* spec : drift.rule.tests)
      info.check += (info.check.empty() ? "" : ", ") + std::string(spec->name);
    if (info.check.empty()) info.check = "auto";
    info.expected = "as in " + drift.rule.reference.text;
    info.severity = block_.has("severity") ? (block_.text("severity") == "warn" ? Severity::Warn : Severity::Error)
                                           : reading_.defaults.severity;
    info.on_fail = OnFail::Count;
    info.description = block_.text("description");
    info.runbook = block_.text("runbook", reading_.defaults.runbook);
    info.tags = reading_.defaults.tags;
    for (std::string& tag : block_.texts("tags")) info.tags.push_back(std::move(tag));
    info.where = where;
    reading_.out.drift.push_back(std::move(drift));
    reading_.out.window_rules.push_back(std::move(out));
    if (reading_.out.window_rules.size() == kMostWindowRules + 1)
      reading_.findings.error(codes::kLimit, node_.where(), "more than 4,096 rules of windows and drift", {});
    return reading_.out.window_rules.back();
  }

  /// A key has as many values as records: how they are distributed says nothing.
  void check_field(const Named& field, const WrittenDrift& drift) {
    const bool fits = !drift.rule.tests.empty() &&
                      std::none_of(drift.rule.tests.begin(), drift.rule.tests.end(),
                                   [](const DriftSpec* spec) { return spec->scope == DriftScope::Categories; });
    const bool unique = std::any_of(reading_.out.rules.begin(), reading_.out.rules.end(), [&](const WrittenRule& rule) {
      return rule.spec->name == "unique" && rule.options.enabled && rule.columns.size() == 1 &&
             rule.columns[0] == field.path;
    });
    if (fits || !unique) return;
    reading_.findings.warning(
        codes::kDriftAdvice, field.at->where(),
        backquoted(field.path.text()) + " is unique: no value comes back to be compared",
        {.label = {}, .help = "`test: [cardinality, null_share]` says what there is to say of a key"});
  }

  void check_together(const DriftSpec& spec, const SourceSpan& where) {
    const std::string name = backquoted(spec.name);
    const auto refuse = [&](const SourceSpan& at, std::string message, std::string help) {
      reading_.findings.error(codes::kDriftTest, at, std::move(message), {.label = {}, .help = std::move(help)});
    };
    if (fields_.size() < 2)
      return refuse(where, name + " compares several fields, and one is named", "name at least two");
    if (fields_.size() > ScatterSpec::kMostColumns)
      return refuse(where, name + " compares at most 64 fields", "write entries of fields that belong together");
    for (const Named& field : fields_) {
      if (field.path.repeated())
        refuse(field.at->where(), "a record has any number of " + backquoted(field.path.text()),
               name + " compares fields of which a record has one value each");
    }
  }

  RuleReading& reading_;
  const YamlNode& node_;
  Section block_;
  BlockKeys keys_;
  std::vector<Named> fields_;
  WrittenDrift written_;                                           // what the rules of this entry have in common
  std::vector<std::pair<const DriftSpec*, SourceSpan>> together_;  // tests of several fields
  bool single_ = false;                                            // there are tests of one field
  bool timed_ = false;
};

}  // namespace

void read_drift(RuleReading& reading, const YamlNode& drift) {
  for (std::size_t i = 0; i < drift.items.size(); ++i) {
    if (reading.out.window_rules.size() > kMostWindowRules) return;
    DriftReader(reading, *drift.items[i], i).read();
  }
  // Rules of one block stand together; within it they stay as they are written.
  std::stable_sort(reading.out.window_rules.begin(), reading.out.window_rules.end(),
                   [](const WrittenWindowRule& a, const WrittenWindowRule& b) { return a.block < b.block; });
}

}  // namespace weir
