// SPDX-License-Identifier: Apache-2.0
// How a report says things to people, the same in the terminal, on a page and in a pull request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace weir {

/// "FAIL", "WARN", "PASS", "SKIP" (no data), "UNSURE" (inconclusive), "ERROR".
std::string_view label_of(Verdict verdict);

/// The rules that people have to look at first come first, then in the order of the rule file.
std::vector<const RuleReport*> by_gravity(const Report& report);
inline bool is_broken(const RuleReport& rule) {
  return rule.outcome == Verdict::Fail || rule.outcome == Verdict::Warn;
}

/// "0.58%". Never "0%" when something failed, never "100%" when something held; "" when nothing was judged.
std::string share_of(std::uint64_t part, std::uint64_t whole);
/// "7 of 119,990", "3 of 60 windows", "got 3" for a rule over the whole input, "no data", or "not judged".
std::string failed_of(const RuleReport& rule);
/// failed_of() as a share of what was judged; empty where there is none.
std::string failed_share_of(const RuleReport& rule);
/// "record", "windows", "segments": what a rule judges.
std::string_view unit_of(const RuleReport& rule, std::uint64_t n);
/// "1 record", "1,200 records".
std::string counted(std::uint64_t n, std::string_view one, std::string_view many);
/// What records were found in, a sentence for each envelope: "1,000 records are Debezium change events (20 deletions): rules
/// read `after`". Nothing where none has one.
std::vector<std::string> envelope_words(const EnvelopeCounts& counts);
/// "0.06 s", "3 min 20 s".
std::string spent(double seconds);

/// "line 17", or "b.ndjson:17" when there are several inputs. Not escaped.
std::string place_of(const Report& report, const Sample& sample);
/// "orders.yml:14:3"; empty for a rule that is built in. Not escaped.
std::string place_of(const SourceSpan& where);
/// The reason, with the value where the reason does not name it. Not escaped.
std::string evidence_of(const Sample& sample);
/// A failing record or window: where it is, and what is wrong with it. Not escaped.
struct Evidence {
  std::string place;
  std::string reason;
};
std::size_t samples_of(const RuleReport& rule);
/// How many failures are not among the first `shown` samples; one sample may stand for many empty windows.
std::uint64_t unshown_of(const RuleReport& rule, std::size_t shown);
Evidence evidence_of(const Report& report, const RuleReport& rule, std::size_t sample);

/// "standard input" for "-".
std::string name_of(const InputReport& input);
/// Why an input could not be read, with its name: "a.gz: compressed data is cut short". Not escaped.
std::string fault_of(const InputReport& input);

std::uint64_t records_of(const Report& report);
std::uint64_t bytes_of(const Report& report);

/// What a reader has to know beside the rules, one sentence each: unread inputs, an early end, rules that are not judged
/// yet, the caller's warnings. Not escaped.
std::vector<std::string> notices_of(const Report& report);

/// "7 of 119,990 records fail, expected <= 100000". Not escaped.
std::string headline_of(const RuleReport& rule);

}  // namespace weir
