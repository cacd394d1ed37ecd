// SPDX-License-Identifier: Apache-2.0
// Tests of windows: which rules a test is about, where its records are, and what each rule is to come to.
#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <map>

#include "rules/codes.h"
#include "rules/read_rules.h"

namespace weir {
namespace {

constexpr std::size_t kNone = ~std::size_t{0};
constexpr std::array<std::string_view, 6> kVerdicts = {"pass", "warn", "fail", "no_data", "inconclusive", "error"};

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Whether `part` stands in `text` and no word goes on at its borders: `null_rate` in `null_rate(email) <= 5%`.
bool holds_word(std::string_view text, std::string_view part) {
  for (std::size_t at = text.find(part); !part.empty() && at != std::string_view::npos; at = text.find(part, at + 1)) {
    const bool begins = at == 0 || !is_word(text[at - 1]) || !is_word(part.front());
    const std::size_t end = at + part.size();
    if (begins && (end == text.size() || !is_word(text[end]) || !is_word(part.back()))) return true;
  }
  return false;
}

/// How exactly a name fits a rule: its id, its text, the measure that it begins with, a measure within it.
int fit_of(const WrittenWindowRule& rule, const std::string& name) {
  if (rule.info.id == name) return 4;
  if (rule.drift >= 0) return rule.info.field == name ? 3 : 0;
  int best = 0;
  for (const YamlNode* said : {rule.must, rule.should}) {
    if (said == nullptr) continue;
    const std::string text = one_line(said->text);
    if (text == name) best = std::max(best, 3);
    if (holds_word(text, name)) best = std::max(best, text.starts_with(name) ? 2 : 1);
  }
  return best;
}

class WindowTestReader {
 public:
  WindowTestReader(RuleReading& reading, const Section& test, const YamlNode& node, RuleTest& out)
      : reading_(reading), test_(test), node_(node), out_(out) {}

  bool read() {
    out_.expect = RuleTest::Expect::Window;
    for (const std::string_view key : {"records", "expect"}) {
      if (test_.has(key)) continue;
      refuse(node_, "a test of `window` without `" + std::string(key) + "`",
             "{window: \"windows[0]\", records: [{amount: 1}], expect: {row_count: fail}}");
      return false;
    }
    return read_rules() && read_records() && read_expected();
  }

 private:
  void refuse(const YamlNode& at, std::string message, std::string help = "") {
    reading_.findings.error(codes::kTest, at.where(), std::move(message), {.label = {}, .help = std::move(help)});
  }
  [[nodiscard]] const std::vector<WrittenWindowRule>& all() const { return reading_.out.window_rules; }

  /// `windows[0]`, `drift[0]`, the id of a rule, or what a block is called in ids: `10m`, `all`.
  bool read_rules() {
    const YamlNode& target = *test_.node("window");
    const std::vector<WrittenBlock>& blocks = reading_.out.windows;
    std::size_t index = kNone;
    const std::string& text = target.text;
    if (text.starts_with("windows[") && text.ends_with("]"))
      std::from_chars(text.data() + 8, text.data() + text.size() - 1, index);
    std::size_t entry = kNone;
    if (text.starts_with("drift[") && text.ends_with("]"))
      std::from_chars(text.data() + 6, text.data() + text.size() - 1, entry);
    const auto extent = [&](const WrittenBlock& block) { return !block.drift && block.block.extent == text; };
    if (index == kNone && std::count_if(blocks.begin(), blocks.end(), extent) == 1)
      index = static_cast<std::size_t>(std::find_if(blocks.begin(), blocks.end(), extent) - blocks.begin());
    for (const WrittenWindowRule& rule : all()) {
      const bool of_entry = rule.drift < 0 ? rule.block == index
                                           : reading_.out.drift[static_cast<std::size_t>(rule.drift)].entry == entry;
      if (rule.info.id == text || of_entry) rules_.push_back(&rule);
    }
    out_.at_once = std::all_of(rules_.begin(), rules_.end(), [&](const WrittenWindowRule* rule) {
      return rule->drift >= 0 && !reading_.out.drift[static_cast<std::size_t>(rule->drift)].file.empty();
    });
    if (!rules_.empty()) return true;
    std::vector<std::string_view> ids;
    for (const WrittenWindowRule& rule : all()) ids.push_back(rule.info.id);
    reading_.findings.error(codes::kTestRule, target.where(), "there is no window " + backquoted(text),
                            {.label = did_you_mean(text, ids),
                             .help = "write windows[0] or drift[0] for the first block, or the id of a window rule"});
    return false;
  }

  bool read_records() {
    const YamlNode& records = *test_.node("records");
    if (records.is_list()) {
      for (const YamlNode* record : records.items) out_.records.push_back(record_json(*record));
      return true;
    }
    const YamlNode* const file = records.is_map() ? records.find("file") : nullptr;
    if (file == nullptr || !file->is_scalar() || records.members.size() != 1) {
      refuse(records, "`records` is a list of records or a file of them", "records: {file: tests/quiet-minute.ndjson}");
      return false;
    }
    if (!stays_inside(file->text)) {
      reading_.findings.error(codes::kOutside, file->where(),
                              "records outside the directory of the file: " + backquoted(file->text),
                              {.label = "name a file beside this one or below it", .help = {}});
      return false;
    }
    out_.file = relative_to(*file->file, file->text);
    return true;
  }

  bool read_expected() {
    const YamlNode& expect = *test_.node("expect");
    if (!expect.is_map() || expect.members.empty()) {
      refuse(expect, "`expect` is a map from rules to verdicts", "expect: {row_count: fail}");
      return false;
    }
    bool right = true;
    for (const YamlNode::Member& member : expect.members) right = read_verdict(*member.key, *member.value) && right;
    return right;
  }

  bool read_verdict(const YamlNode& name, const YamlNode& verdict) {
    const std::optional<Scalar> word =
        read_choice(reading_.findings, verdict, "the verdict on " + backquoted(name.text), kVerdicts);
    if (!word) return false;
    int best = 0;
    for (const WrittenWindowRule* rule : rules_) best = std::max(best, fit_of(*rule, one_line(name.text)));
    std::vector<const WrittenWindowRule*> meant;
    for (const WrittenWindowRule* rule : rules_) {
      if (best > 0 && fit_of(*rule, one_line(name.text)) == best) meant.push_back(rule);
    }
    if (meant.size() != 1) {
      std::vector<std::string_view> ids;
      for (const WrittenWindowRule* rule : meant.empty() ? rules_ : meant) ids.push_back(rule->info.id);
      const std::string listing = listed(ids);
      reading_.findings.error(codes::kTestRule, name.where(),
                              meant.empty()
                                  ? "no rule of this window is called " + backquoted(name.text)
                                  : backquoted(name.text) + " fits " + std::to_string(meant.size()) + " rules",
                              {.label = meant.empty() ? did_you_mean(name.text, ids) : "",
                               .help = listing.empty() ? "" : "the rules are " + listing});
      return false;
    }
    if (!meant[0]->enabled) {
      reading_.findings.error(codes::kTestRule, name.where(),
                              "the rule " + backquoted(meant[0]->info.id) + " is switched off", {});
      return false;
    }
    const auto at = std::find(kVerdicts.begin(), kVerdicts.end(), word->text) - kVerdicts.begin();
    out_.wanted.push_back({.written = name.text, .rule = meant[0]->info.id, .verdict = static_cast<Verdict>(at)});
    return true;
  }

  RuleReading& reading_;
  const Section& test_;
  const YamlNode& node_;
  RuleTest& out_;
  std::vector<const WrittenWindowRule*> rules_;
};

}  // namespace

bool read_window_test(RuleReading& reading, const Section& test, const YamlNode& node, RuleTest& out) {
  return WindowTestReader(reading, test, node, out).read();
}

}  // namespace weir
