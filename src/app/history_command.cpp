// SPDX-License-Identifier: Apache-2.0
// weir history: what a state file remembers, as a table with a sparkline for each series, and the values of a single one.
#include <fnmatch.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "app/progress.h"
#include "app/rule_file.h"
#include "app/telling.h"
#include "base/escape.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "files/state_file.h"
#include "report/columns.h"
#include "weir/measured.h"

namespace weir {
namespace {

constexpr std::size_t kListed = 20;  // values of a single series, unless --last says otherwise
constexpr std::size_t kSparkMost = 24;
constexpr std::size_t kSparkLeast = 8;
constexpr std::size_t kNameLeast = 20;

struct Shown {
  StoredSeries series;
  std::string name;
  std::vector<PastValue> values;  // oldest first
  double mean = 0;
  double least = 0;
  double most = 0;
};

/// A name may be given as it is or as a pattern.
bool fits(const std::string& name, const std::vector<std::string>& globs) {
  return globs.empty() || std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) {
           return glob == name || fnmatch(glob.c_str(), name.c_str(), 0) == 0;
         });
}

void sum_up(Shown& shown) {
  if (shown.values.empty()) return;
  shown.least = shown.most = shown.values.front().value;
  double sum = 0;
  for (const PastValue& value : shown.values) {
    shown.least = std::min(shown.least, value.value);
    shown.most = std::max(shown.most, value.value);
    sum += value.value / static_cast<double>(shown.values.size());
  }
  shown.mean = sum;
}

/// Of the newest values, as many as there are cells.
std::string sparkline_of(const std::vector<PastValue>& values, std::size_t cells, bool unicode) {
  std::vector<double> heights;
  for (std::size_t i = values.size() > cells ? values.size() - cells : 0; i < values.size(); ++i) {
    heights.push_back(values[i].value);
  }
  return sparkline(heights, unicode);
}

std::string number(double value) {
  return show(Measured::of(value));
}

/// The table within `width` columns: a name that is too long stands on a line of its own.
std::string table(const std::vector<Shown>& all, std::size_t width, bool unicode) {
  std::vector<std::vector<std::string>> rows = {{"LAST", "MEAN", "MIN", "MAX", "N"}};
  std::size_t name_cells = 6;
  for (const Shown& shown : all) {
    const bool any = !shown.values.empty();
    rows.push_back({any ? number(shown.values.back().value) : "", any ? number(shown.mean) : "",
                    any ? number(shown.least) : "", any ? number(shown.most) : "", with_commas(shown.values.size())});
    name_cells = std::max(name_cells, display_width(shown.name));
  }
  std::vector<std::size_t> cells(rows.front().size(), 0);
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) cells[i] = std::max(cells[i], display_width(row[i]));
  }
  std::size_t numbers = 0;
  for (const std::size_t cell : cells) numbers += cell + 2;
  const std::size_t free = width > numbers + 2 ? width - numbers - 2 : 0;
  name_cells = std::min(name_cells, free > kSparkLeast + kNameLeast ? free - kSparkLeast : kNameLeast);
  const std::size_t spark = free > name_cells ? std::min(free - name_cells, kSparkMost) : kSparkLeast;
  std::string out;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::string name = r == 0 ? "SERIES" : all[r - 1].name;
    const bool too_long = display_width(name) > name_cells;
    if (too_long) out += as_line(name);
    std::string line = pad_right(too_long ? "" : name, name_cells);
    for (std::size_t i = 0; i < cells.size(); ++i) line += "  " + pad_left(rows[r][i], cells[i]);
    out += as_line(line + "  " + (r == 0 ? "" : sparkline_of(all[r - 1].values, spark, unicode)));
  }
  return out;
}

/// Its values with their times, and a bar for each.
std::string listing(const Shown& shown, std::size_t most, bool unicode) {
  constexpr std::size_t kBar = 24;
  const std::size_t first = shown.values.size() > most ? shown.values.size() - most : 0;
  std::size_t cells = 5;
  std::size_t time_cells = 4;
  for (std::size_t i = first; i < shown.values.size(); ++i) {
    cells = std::max(cells, display_width(number(shown.values[i].value)));
    time_cells = std::max(time_cells, format_timestamp(shown.values[i].at).size());
  }
  const double top = std::max(std::abs(shown.least), std::abs(shown.most));
  std::string out = as_line(pad_right("TIME", time_cells) + "  " + pad_left("VALUE", cells));
  for (std::size_t i = first; i < shown.values.size(); ++i) {
    const PastValue& value = shown.values[i];
    const double share = top > 0 && std::isfinite(top) ? std::abs(value.value) / top : 0;
    out += as_line(pad_right(format_timestamp(value.at), time_cells) + "  " + pad_left(number(value.value), cells) +
                   "  " + bar(share, kBar, unicode));
  }
  return out;
}

std::string as_json(const std::string& path, const std::vector<Shown>& all, std::size_t listed) {
  JsonWriter json(true);
  json.begin_object();
  json.field("state", path);
  json.key("series").begin_array();
  for (const Shown& shown : all) {
    json.begin_object();
    json.field("stream", shown.series.stream).field("series", shown.series.name);
    json.field("ruleset", shown.series.ruleset);
    json.field("n", static_cast<std::uint64_t>(shown.values.size()));
    if (!shown.values.empty()) {
      json.field("last", shown.values.back().value).field("mean", shown.mean);
      json.field("min", shown.least).field("max", shown.most);
    }
    json.key("values").begin_array();
    const std::size_t first = shown.values.size() > listed ? shown.values.size() - listed : 0;
    for (std::size_t i = first; i < shown.values.size(); ++i) {
      json.begin_object();
      json.field("at", format_timestamp(shown.values[i].at)).field("value", shown.values[i].value);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().end_object();
  return json.take() + "\n";
}

Result<std::vector<Shown>> read_series(const StateFile& file, const std::vector<std::string>& globs, std::size_t last) {
  const Result<std::vector<StoredSeries>> stored = file.series();
  if (!stored) return stored.error();
  const bool one_stream = std::all_of(stored->begin(), stored->end(), [&](const StoredSeries& series) {
    return series.stream == stored->front().stream;
  });
  std::vector<Shown> all;
  for (const StoredSeries& series : *stored) {
    if (!fits(series.name, globs)) continue;
    Shown& shown = all.emplace_back();
    shown.series = series;
    shown.name = visible(one_stream ? series.name : series.stream + ": " + series.name);
    Result<std::vector<PastValue>> values = file.values(series, last);
    if (!values) return values.error();
    shown.values = std::move(*values);
    sum_up(shown);
  }
  return all;
}

int refuse_state(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "the history could not be read");
}

}  // namespace

int run_history(const Arguments& arguments, Surroundings& surroundings) {
  const std::string path = arguments.text("state", "");
  if (path.empty()) {
    return refuse_usage(surroundings,
                        {.message = "`weir history` wants --state FILE", .help = "see: weir history --help"});
  }
  const Result<std::unique_ptr<StateFile>> file = StateFile::open_to_read(path);
  if (!file) return refuse_state(surroundings, file.error());
  const bool all_values = !arguments.on("last");
  const std::size_t last = all_values ? StateFile::kValuesOfSeries : arguments.count("last", kListed);
  const std::size_t listed = all_values ? kListed : last;
  const Result<std::vector<Shown>> all = read_series(**file, arguments.operands(), last);
  if (!all) return refuse_state(surroundings, all.error());
  if (all->empty() && !arguments.operands().empty()) {
    return refuse_usage(surroundings,
                        {.message = "no series of `" + path + "` fits " + in_quotes(arguments.operands().front()),
                         .help = "weir history --state " + shell_word(path) + " names them all"});
  }
  if (arguments.on("json")) {
    print(surroundings.out, as_json(path, *all, listed));
    return ExitCode::kHolds;
  }
  const bool unicode = shows_unicode(arguments, surroundings);
  const std::size_t width = width_of_out(surroundings);
  std::string text = all->empty() ? "no values yet\n" : table(*all, width, unicode);
  if (all->size() == 1) text += "\n" + listing(all->front(), listed, unicode);
  print(surroundings.out, text);
  return ExitCode::kHolds;
}

}  // namespace weir
