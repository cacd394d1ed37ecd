// SPDX-License-Identifier: Apache-2.0
// weir quarantine ls | show | stats: what was put aside, and why.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "app/interrupt.h"
#include "app/quarantine_input.h"
#include "app/quarantine_listing.h"
#include "app/quarantine_statistics.h"
#include "app/quarantine_view.h"
#include "app/rule_file.h"
#include "app/telling.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"

namespace weir {
namespace {

constexpr std::size_t kListed = 20;

int refuse_input(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "the quarantine could not be read");
}

/// One of the three words, over one quarantine.
class QuarantineCommand {
 public:
  QuarantineCommand(const Arguments& arguments, Surroundings& surroundings, QuarantineInput input)
      : arguments_(arguments),
        surroundings_(surroundings),
        input_(std::move(input)),
        progress_(surroundings, surroundings.err_is_terminal) {}

  int run(std::string_view word) {
    const int code = word == "ls" ? list() : word == "show" ? show() : count();
    std::fflush(surroundings_.out);
    print(surroundings_.err, last_line_);
    return code;
  }

 private:
  int list();
  int show();
  int count();

  /// Calls `take` with each record and mark. Nothing: all of it was read, or the exit code.
  template <class Take>
  std::optional<int> read(const Take& take) {
    const Status whole = read_quarantine(input_, progress_, counts_, take);
    if (InterruptGuard::signal() != 0) return ExitCode::kInterrupted;
    if (!whole) return refuse_input(surroundings_, whole.error());
    if (counts_.is_none()) return refuse_input(surroundings_, no_quarantine(input_, counts_));
    return std::nullopt;
  }
  int write_lines();
  int write_newest(std::vector<NewestRecords::Kept> shown);
  /// What could not be read, and the exit code that says so.
  int end(std::FILE* stream);
  [[nodiscard]] bool is_filtered() const;
  [[nodiscard]] std::string total_words(std::uint64_t records, std::uint64_t sent, std::uint64_t twice) const;
  [[nodiscard]] std::string nothing_words() const;
  [[nodiscard]] std::string next_command(const std::string& word) const;
  [[nodiscard]] std::string hint(const std::string& what, const std::string& command,
                                 const std::string& more = "") const;
  void say_bound(std::uint64_t forgotten);

  const Arguments& arguments_;
  Surroundings& surroundings_;
  QuarantineInput input_;
  ProgressLine progress_;
  QuarantineCounts counts_;
  std::string last_line_;  // names the exit code where it is not 0
};

bool QuarantineCommand::is_filtered() const {
  const QuarantineFilter& filter = input_.filter;
  return !filter.rules.empty() || !filter.ids.empty() || !filter.stages.empty() || filter.from || filter.to;
}

std::string QuarantineCommand::next_command(const std::string& word) const {
  return "weir quarantine " + word + " " + input_.given;
}

/// A command to type next: beside what it shows, below it where that is too wide, at last in two lines as a shell takes them.
std::string QuarantineCommand::hint(const std::string& what, const std::string& command,
                                    const std::string& more) const {
  const std::size_t width = width_of_out(surroundings_);
  const std::string beside = what + " " + command + more;
  if (display_width(beside) <= width) return beside + "\n";
  const std::string below = "  " + command + more;
  if (more.empty() || display_width(below) <= width) return what + "\n" + below + "\n";
  return what + "\n  " + command + " \\\n   " + more + "\n";
}

/// "1,204 records, 23 of them sent back; 3 were put aside twice and count once".
std::string QuarantineCommand::total_words(std::uint64_t records, std::uint64_t sent, std::uint64_t twice) const {
  std::string words = counted(records, "record");
  if (is_filtered()) words += " of " + with_commas(counts_.records) + (input_.filter.from ? " read" : "");
  words += sent == 0 ? ", none sent back" : ", " + with_commas(sent) + " of them sent back";
  if (twice > 0)
    words += "; " + with_commas(twice) +
             (twice == 1 ? " lies there twice and counts once" : " lie there twice and count once");
  return words;
}

std::string QuarantineCommand::nothing_words() const {
  if (counts_.records == 0) return "nothing was put aside: " + visible(input_.name) + " is empty\n";
  return "none of the " + counted(counts_.records, "record") + " of " + visible(input_.name) + " fits the filter\n";
}

void QuarantineCommand::say_bound(std::uint64_t forgotten) {
  if (forgotten == 0) return;
  print(surroundings_.err, "weir: the ids of the first " + with_commas(SeenIds::kMost) +
                               " are remembered; of the others it is not known whether they lie there twice or were "
                               "sent back\n");
}

int QuarantineCommand::end(std::FILE* stream) {
  const std::vector<std::string> unread = unread_words(counts_);
  for (const std::string& words : unread) print(stream, words + "\n");
  if (unread.empty()) return ExitCode::kHolds;
  const std::uint64_t all = counts_.strangers + counts_.newer;
  last_line_ = "weir: ERROR exit=3 (" + with_commas(all) + " of " + with_commas(counts_.read) + " could not be read)\n";
  return ExitCode::kUnjudged;
}

/// All of it, as it is read: memory does not grow with it. Marks go along, so that the copy says the same.
int QuarantineCommand::write_lines() {
  NewestRecords seen(0, NewestRecords::Keep::Facts);
  const std::optional<int> broken = read([&](QuarantineEntry& entry) {
    const std::string line = entry.line();
    if (seen.add(entry)) print(surroundings_.out, line);
    return true;
  });
  if (broken) return *broken;
  print(surroundings_.err, "weir: " + total_words(seen.records(), seen.sent(), seen.twice()) + "\n");
  say_bound(seen.forgotten());
  return end(surroundings_.err);
}

int QuarantineCommand::write_newest(std::vector<NewestRecords::Kept> shown) {
  for (const NewestRecords::Kept& kept : shown) print(surroundings_.out, kept.line);
  return end(surroundings_.err);
}

int QuarantineCommand::list() {
  const bool json = arguments_.on("json");
  if (json && !arguments_.on("last")) return write_lines();
  NewestRecords newest(arguments_.count("last", kListed),
                       json ? NewestRecords::Keep::Line : NewestRecords::Keep::Facts);
  const std::optional<int> broken = read([&newest](QuarantineEntry& entry) {
    newest.add(entry);
    return true;
  });
  if (broken) return *broken;
  const std::vector<NewestRecords::Kept> shown = newest.take();
  if (json) return write_newest(shown);
  if (shown.empty()) {
    print(surroundings_.out, nothing_words());
    return end(surroundings_.out);
  }
  std::string text = quarantine_table(shown, newest, input_.now, width_of_out(surroundings_)) + "\n";
  if (shown.size() < newest.records()) text += "the newest " + with_commas(shown.size()) + " of ";
  text += total_words(newest.records(), newest.sent(), newest.twice()) + "\n";
  print(surroundings_.out, text);
  const int code = end(surroundings_.out);
  const auto named =
      std::find_if(shown.rbegin(), shown.rend(), [](const auto& kept) { return !kept.record.id.empty(); });
  const std::string one = named == shown.rend() ? "" : " --id " + shell_word(visible(named->record.id));
  print(surroundings_.out,
        hint("one of them whole:", next_command("show"), one) + hint("by rule and over time:", next_command("stats")));
  say_bound(newest.forgotten());
  return code;
}

int QuarantineCommand::show() {
  const bool json = arguments_.on("json");
  const std::size_t ids = input_.filter.ids.size();
  NewestRecords newest(arguments_.count("last", ids == 0 ? 1 : ids),
                       json ? NewestRecords::Keep::Line : NewestRecords::Keep::Record);
  const std::optional<int> broken = read([&newest](QuarantineEntry& entry) {
    newest.add(entry);
    return true;
  });
  if (broken) return *broken;
  const std::vector<NewestRecords::Kept> shown = newest.take();
  if (shown.empty() && ids > 0 && counts_.records > 0) {
    return refuse_usage(
        surroundings_,
        {.message = "there is no record " + in_quotes(input_.filter.ids.front()) + " in " + visible(input_.name) +
                    (arguments_.on("rule") || arguments_.on("stage") ? " that fits the filter" : ""),
         .help = next_command("ls") + " lists the newest"});
  }
  if (json) return write_newest(shown);
  if (shown.empty()) {
    print(surroundings_.out, nothing_words());
    return end(surroundings_.out);
  }
  QuarantineViewOptions options;
  options.schemas = input_.topic ? input_.topic->schemas : std::make_shared<SchemaBook>();
  if (input_.topic) {
    options.brokers = input_.topic->kafka.brokers;
    const std::string trouble = fetch_schemas(shown, input_.topic->registry, options.schemas);
    if (!trouble.empty()) print(surroundings_.err, "weir: " + visible(trouble) + "\n");
  }
  std::string text;
  for (const NewestRecords::Kept& kept : shown) {
    options.sent = newest.sent_back(kept.record);
    text += (text.empty() ? "" : "\n") + quarantine_view(kept.record, options);
  }
  print(surroundings_.out, text);
  if (shown.size() < newest.records()) {
    print(surroundings_.out, "\nthe newest" + (shown.size() > 1 ? " " + with_commas(shown.size()) : std::string()) +
                                 " of " + total_words(newest.records(), newest.sent(), newest.twice()) + "\n");
  }
  return end(surroundings_.out);
}

int QuarantineCommand::count() {
  std::optional<Duration> every;
  if (const std::optional<std::string> written = arguments_.text("every")) {
    every = parse_duration(*written);
    if (!every || *every < std::chrono::milliseconds(1)) {
      return refuse_usage(surroundings_, {.message = "`--every` wants a time such as 10m, not " + in_quotes(*written)});
    }
  }
  QuarantineTally tally(every);
  const std::optional<int> broken = read([&tally](QuarantineEntry& entry) {
    entry.is_mark() ? tally.mark(entry.record) : tally.add(entry.record);
    return true;
  });
  if (broken) return *broken;
  tally.finish();
  if (tally.has_too_many_steps()) {
    return refuse_usage(surroundings_, {.message = "`--every " + *arguments_.text("every") + "` gives more than " +
                                                   with_commas(QuarantineTally::kAskedSteps) + " steps",
                                        .help = "--from and --to take a part of it"});
  }
  if (arguments_.on("json")) {
    print(surroundings_.out, statistics_json(tally, input_, counts_));
    say_bound(tally.forgotten());
    return end(surroundings_.err);
  }
  if (tally.all().records == 0) {
    print(surroundings_.out, nothing_words());
    return end(surroundings_.out);
  }
  const StatisticsOptions options{.now = input_.now,
                                  .width = width_of_out(surroundings_),
                                  .unicode = shows_unicode(arguments_, surroundings_),
                                  .all_steps = every.has_value()};
  print(surroundings_.out, visible(input_.name) + ": " +
                               total_words(tally.all().records, tally.all().sent, tally.twice()) + "\n\n" +
                               statistics_text(tally, options));
  say_bound(tally.forgotten());
  return end(surroundings_.out);
}

}  // namespace

int run_quarantine(const Arguments& arguments, Surroundings& surroundings) {
  const std::string& word = arguments.operands().front();
  if (arguments.on("every") && word != "stats")
    return refuse_usage(surroundings, {.message = "`--every` goes with stats"});
  if (arguments.on("last") && word == "stats")
    return refuse_usage(surroundings, {.message = "`--last` goes with ls and show"});
  Result<QuarantineInput> input = quarantine_input_of(arguments, surroundings, 1);
  if (!input) return refuse_usage(surroundings, input.error());
  const InterruptGuard interrupts;
  return QuarantineCommand(arguments, surroundings, *std::move(input)).run(word);
}

}  // namespace weir
