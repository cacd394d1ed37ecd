// SPDX-License-Identifier: Apache-2.0
// judge RULES < RECORDS: which lines of NDJSON break which rules, and what the windows come to. All of it in this process: the rules
// are compiled once, blocks of records go through an engine, verdicts come back as values.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "weir/engine.h"
#include "weir/rules/load.h"

namespace {

// The core opens no file by itself: whoever embeds it says what a path means.
weir::Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return weir::Error{.message = "`" + path + "` cannot be read"};
  return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Lines as the engine takes them: views into one stretch of memory that readable bytes follow, the first of them zero.
struct Block {
  std::string bytes;
  std::vector<std::pair<std::size_t, std::size_t>> lines;  // where each begins, and its length

  void add(const std::string& line) {
    lines.emplace_back(bytes.size(), line.size());
    bytes += line + "\n";
  }
  weir::Messages messages() {
    const std::size_t size = bytes.size();
    bytes.resize(size + weir::Messages::kPadding);
    const std::string_view all(bytes);
    weir::Messages messages;
    for (const auto& [begin, length] : lines) {
      messages.items.push_back(
          {.bytes = all.substr(begin, length), .line = messages.items.size() + 1, .offset = begin});
    }
    messages.block = all.substr(0, size);
    return messages;
  }
};

const char* word(weir::Verdict verdict) {
  const char* words[] = {"pass", "warn", "fail", "no data", "inconclusive", "error"};
  return words[static_cast<int>(verdict)];
}

void tell(const weir::Plan& plan, const weir::Outcome& outcome) {
  for (const weir::FailingRecord& record : outcome.failing) {
    for (const weir::Violation& violation : record.violations) {
      std::cout << "line " << record.line << ": " << plan.rules[violation.rule].info.id << ": " << violation.message
                << "\n";
    }
  }
  for (const weir::WindowVerdict& verdict : outcome.windows.verdicts) {
    std::cout << plan.window_rules[verdict.rule].info.id << ": " << word(verdict.verdict) << "\n";
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return std::fputs("usage: judge RULES < RECORDS\n", stderr), 2;
  const weir::Loaded rules = weir::load_rules(arguments[1], {.read_file = read_file});
  std::cerr << weir::render(rules.diagnostics, rules.sources, false);
  if (!rules.plan) return 2;

  const auto now = std::chrono::floor<weir::Duration>(std::chrono::system_clock::now());
  weir::Engine engine(rules.plan, {.failing_records = true, .now = now});
  constexpr std::size_t block_lines = 4096;  // fewer cost more a record, more save nothing
  std::uint64_t records = 0;
  weir::Outcome all;
  const auto judge = [&](Block& block) {
    weir::Outcome outcome = engine.step(block.messages(), now);
    tell(*rules.plan, outcome);
    records += outcome.records;
    all.merge(std::move(outcome));
    block = {};
  };
  Block block;
  for (std::string line; std::getline(std::cin, line);) {
    block.add(line);
    if (block.lines.size() == block_lines) judge(block);
  }
  if (!block.lines.empty()) judge(block);
  weir::Outcome end = engine.finish();
  tell(*rules.plan, end);
  all.merge(std::move(end));

  bool failed = false;
  for (std::size_t i = 0; i < all.rules.size(); ++i) {
    failed = failed || (all.rules[i].failed > 0 && rules.plan->rules[i].info.severity == weir::Severity::Error);
  }
  for (std::size_t i = 0; i < all.windows.rules.size(); ++i) {
    failed = failed || all.windows.rules[i].failed > all.windows.rules[i].warned;
  }
  std::cout << records << " records: " << (failed ? "fail" : "pass") << "\n";
  return failed ? 1 : 0;
}
