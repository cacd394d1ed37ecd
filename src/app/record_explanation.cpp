// SPDX-License-Identifier: Apache-2.0
#include "app/record_explanation.h"

#include <algorithm>
#include <utility>

#include "app/record_explanation_windows.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "decode/datum_json.h"
#include "decode/redact.h"
#include "decode/wire.h"
#include "expr/expression.h"
#include "sinks/quarantine_record.h"
#include "weir/engine.h"

namespace weir {
namespace {

constexpr std::size_t kElementsShown = 3;
constexpr std::size_t kHeaderShown = 200;

class RecordExplainer {
 public:
  RecordExplainer(std::shared_ptr<const Plan> plan, const FoundRecord& record, Instant now)
      : plan_(std::move(plan)), record_(record), now_(now) {}

  RecordExplanation explain() {
    RecordJudge(plan_, record_.format).judge(record_.messages, now_, judged_);
    Engine engine(plan_, {.samples_per_rule = 1,
                          .failing_records = true,
                          .format = record_.format,
                          .now = now_,
                          .as_stream = true,
                          .partition = true});
    outcome_ = engine.step(record_.messages, now_);
    if (!outcome_.failing.empty()) failing_ = &outcome_.failing[0];
    out_.place = record_.place;
    out_.bytes = record_.messages.items[0].bytes.size();
    out_.decoded = judged_.batch.decoded[0];
    show_record();
    show_envelope();
    show_time();
    for (std::uint32_t i = 0; i < plan_->rules.size(); ++i) explain_rule(i);
    out_.windows = explain_windows(*plan_, judged_, failing_ != nullptr && failing_->action >= OnFail::Drop);
    out_.fails = failing_ != nullptr;
    out_.fate = fate();
    return std::move(out_);
  }

 private:
  [[nodiscard]] bool tells_of_no_row() const { return judged_.batch.notices.size() > 0 && judged_.batch.notices[0]; }

  [[nodiscard]] const Violation* violation_of(std::uint32_t rule) const {
    if (failing_ == nullptr) return nullptr;
    const auto at = std::find_if(failing_->violations.begin(), failing_->violations.end(),
                                 [rule](const Violation& one) { return one.rule == rule; });
    return at == failing_->violations.end() ? nullptr : &*at;
  }

  void show_record() {
    if (!out_.decoded) {
      if (const Violation* const broken = violation_of(plan_->decode_rule)) out_.why_not = broken->message;
    }
    if (record_.tombstone) {
      out_.withheld = "null: it takes its key out of a compacted topic";
      return;
    }
    const bool redacts = has_redacted(plan_->fields);
    const Message& message = record_.messages.items[0];
    DatumJson writer(*plan_);
    std::optional<std::string> text;
    if (record_.messages.columns != nullptr) {
      text = record_.messages.columns->json(message.line);
    } else if (const auto json = writer.write(record_.messages, 0, record_.format)) {
      text = std::string(*json);
    } else if (!redacts) {
      text = std::string(message.bytes);
    }
    const bool is_table = record_.format == Format::Csv || record_.format == Format::Tsv;
    if (!redacts) {
      out_.json = std::move(text);
    } else if (out_.decoded && !is_table && text) {
      out_.json = redact_json(*text, plan_->fields, plan_->redaction);
    }
    if (!out_.json) out_.withheld = "not shown: nobody can find the redacted fields in it";
  }

  void show_envelope() {
    if (record_.messages.envelopes.empty()) return;
    const Envelope& envelope = record_.messages.envelopes[0];
    const Message& message = record_.messages.items[0];
    DatumJson writer(*plan_);
    const FailingRecord as_it_is;
    const OwnRecord shown = quarantine_record(
        as_it_is,
        {.partition = record_.partition, .offset = message.offset, .value = std::nullopt, .envelope = envelope}, *plan_,
        {}, now_, has_redacted(plan_->fields) ? &writer : nullptr);
    const auto add = [this](std::string name, std::string value) {
      out_.envelope.emplace_back(std::move(name), shorten(value, kHeaderShown));
    };
    if (envelope.timestamp_type != TimestampType::None)
      add("timestamp",
          format_timestamp(envelope.timestamp) +
              (envelope.timestamp_type == TimestampType::Create ? " (of the producer)" : " (of the broker)"));
    if (envelope.has_key) add("key", shown.key.value_or("(withheld)"));
    for (const auto& [name, value] : shown.headers) {
      if (!name.starts_with("__weir.")) add("header " + name, value.value_or("(null)"));
    }
    const WireFrame frame = wire_frame(message.bytes, &envelope, MessagePart::Value);
    if (!frame.key.empty()) add("schema", std::string(frame.key));
  }

  void show_time() {
    if (plan_->windows.empty() && plan_->time_rule == Plan::kNoRule) return;
    const std::string from = plan_->time.column == EventTime::kNone
                                 ? "the time of its message"
                                 : "`" + plan_->fields[static_cast<std::size_t>(plan_->time.column)].path.text() + "`";
    const bool known = judged_.timed.size() > 0 && judged_.timed[0];
    out_.time = known ? format_timestamp(judged_.times[0]) + ", " + from : "not known, by " + from;
  }

  /// The fields that the rule reads, each once.
  void add_values(const RecordRule& rule, ExplainedRule& out) const {
    const Subject subject{.batch = judged_.batch,
                          .fields = plan_->fields,
                          .columns = rule.columns,
                          .now = judged_.now,
                          .memory = nullptr};
    for (std::size_t c = 0; c < rule.columns.size(); ++c) {
      const Column& column = subject.column(c);
      std::string text;
      for (std::size_t i = 0; i < column.size() && i < kElementsShown; ++i)
        text += (i == 0 ? "" : ", ") + show(subject, i, c);
      if (column.repeated()) {
        if (column.size() > kElementsShown) text += ", … " + std::to_string(column.size()) + " in all";
        text = "[" + text + "]";
      }
      out.values.emplace_back(plan_->fields[rule.columns[c]].path.text(), std::move(text));
    }
  }

  /// Why the rule has nothing to say.
  [[nodiscard]] std::string why_skipped(const RecordRule& rule) const {
    if (!out_.decoded) return "the record could not be read";
    if (rule.when != nullptr) {
      const Subject subject{.batch = judged_.batch,
                            .fields = plan_->fields,
                            .columns = rule.when_columns,
                            .now = judged_.now,
                            .memory = nullptr};
      Truth truth;
      rule.when->decide(subject, truth);
      if (!truth.yes[0]) return "its `when`: " + rule.when->explain(subject, 0);
    }
    if (tells_of_no_row()) return record_.tombstone ? "its value is null" : "it tells of no row";
    if (judged_.batch.removals.size() > 0 && judged_.batch.removals[0]) return "it says that a row is gone";
    for (const std::uint32_t index : rule.columns) {
      const Column& column = judged_.batch.columns[index];
      const std::string name = plan_->fields[index].path.text();
      if (column.size() == 0) return name + " has no elements";
      const auto missing = std::find_if(column.kinds.begin(), column.kinds.end(), is_missing);
      if (missing != column.kinds.end()) return name + (*missing == Kind::Null ? " is null" : " is absent");
    }
    if (rule.check != nullptr) {
      if (const Predicate* const written = predicate_of(*rule.check)) return written->explain(subject_of(rule), 0);
    }
    return "it has nothing to say of such a value";
  }

  [[nodiscard]] Subject subject_of(const RecordRule& rule) const {
    return {.batch = judged_.batch,
            .fields = plan_->fields,
            .columns = rule.columns,
            .now = judged_.now,
            .memory = nullptr};
  }

  void explain_rule(std::uint32_t index) {
    const RecordRule& rule = plan_->rules[index];
    ExplainedRule out{.info = &rule.info};
    if (out_.decoded) add_values(rule, out);
    const Violation* const broken = violation_of(index);
    const RuleCounts& counts = outcome_.rules[index];
    if (broken != nullptr) {
      out.says = RuleSays::Fails;
      out.why = broken->message;
    } else if (counts.evaluated == 0) {
      out.says = RuleSays::Skipped;
      out.why = why_skipped(rule);
    } else if (rule.ordered) {
      out.says = RuleSays::Depends;
      out.why = "`" + rule.info.check + "` compares it with the records before it, which are not looked at here";
    } else if (index == plan_->late_rule) {
      out.says = RuleSays::Depends;
      out.why = "how far its partition was when it came is not looked at here";
    }
    if (rule.check != nullptr && out.says != RuleSays::Skipped) {
      if (const Predicate* const written = predicate_of(*rule.check))
        out.parts = explain_parts(*written, subject_of(rule), 0);
    }
    out_.rules.push_back(std::move(out));
  }

  [[nodiscard]] std::string fate() const {
    const bool depends = std::any_of(out_.rules.begin(), out_.rules.end(), [](const ExplainedRule& rule) {
      return rule.says == RuleSays::Depends && rule.info->on_fail >= OnFail::Tag;
    });
    if (failing_ == nullptr) return depends ? "it passes, if the rules hold that look at other records" : "it passes";
    switch (failing_->action) {
      case OnFail::Count: return "it is counted as failing, and goes on";
      case OnFail::Tag: return "it goes on with a header that names the rules it broke";
      case OnFail::Drop: return "it is dropped: it goes neither on nor to the quarantine";
      case OnFail::Quarantine: return "it goes to the quarantine";
      case OnFail::Halt: return "it goes to the quarantine, and the stream halts";
    }
    return "";
  }

  std::shared_ptr<const Plan> plan_;
  const FoundRecord& record_;
  Instant now_;
  Judged judged_;
  Outcome outcome_;
  const FailingRecord* failing_ = nullptr;
  RecordExplanation out_;
};

}  // namespace

std::string_view word_of(RuleSays says) {
  constexpr std::string_view kWords[] = {"holds", "fails", "skipped", "depends"};
  return kWords[static_cast<std::size_t>(says)];
}

RecordExplanation explain_record(const std::shared_ptr<const Plan>& plan, const FoundRecord& record, Instant now) {
  return RecordExplainer(plan, record, now).explain();
}

}  // namespace weir
