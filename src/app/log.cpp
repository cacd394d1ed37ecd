// SPDX-License-Identifier: Apache-2.0
#include "app/log.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "app/surroundings.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/timestamp.h"

namespace weir {
namespace {

constexpr Duration kPeriod = std::chrono::seconds(10);
constexpr unsigned kLinesAPeriod = 5;
constexpr std::size_t kMostKinds = 10'000;  // what they are about is bounded by streams and rules; this bounds mistakes
// In all less than 8 KiB, and JSON at most doubles a byte.
constexpr std::size_t kAboutBytes = 300;
constexpr std::size_t kMessageBytes = 2'000;
constexpr std::size_t kFieldBytes = 1'000;
constexpr std::size_t kAllFieldsBytes = 4'500;

std::string_view name_of(LogLevel level) {
  switch (level) {
    case LogLevel::Debug: return "debug";
    case LogLevel::Info: return "info";
    case LogLevel::Warn: return "warn";
    case LogLevel::Error: return "error";
  }
  return "info";
}

/// Always with three digits behind the second, so that lines stand below each other.
std::string time_of(Instant now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  std::string text = format_timestamp(second);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(now - second).count();
  const std::string digits = std::to_string(1000 + milliseconds).substr(1);
  return text.insert(text.size() - 1, "." + digits);
}

/// The values of the fields, each cut to what is left for it.
std::vector<std::string> values_of(std::span<const LogField> fields) {
  std::vector<std::string> values;
  std::size_t left = kAllFieldsBytes;
  for (const LogField& field : fields) {
    values.push_back(shorten(field.value, std::min(kFieldBytes, left)));
    left -= values.back().size();
  }
  return values;
}

std::string json_line(Instant now, LogLevel level, std::string_view event, std::string_view about,
                      std::string_view message, std::span<const LogField> fields) {
  JsonWriter json;
  json.begin_object();
  json.field("ts", time_of(now)).field("level", name_of(level)).field("event", event);
  if (!about.empty()) json.field("about", shorten(about, kAboutBytes));
  json.field("message", shorten(message, kMessageBytes));
  const std::vector<std::string> values = values_of(fields);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    json.key(fields[i].name);
    fields[i].bare ? json.raw(fields[i].value) : json.value(values[i]);
  }
  json.end_object();
  return json.take() + "\n";
}

std::string text_line(Instant now, LogLevel level, std::string_view event, std::string_view about,
                      std::string_view message, std::span<const LogField> fields) {
  std::string line = time_of(now) + " ";
  std::string name(name_of(level));
  name.resize(5, ' ');
  line += name + " " + std::string(event);
  if (!about.empty()) line += " " + shorten(about, kAboutBytes);
  line += ": " + shorten(message, kMessageBytes);
  const std::vector<std::string> values = values_of(fields);
  for (std::size_t i = 0; i < fields.size(); ++i) line += " " + fields[i].name + "=" + values[i];
  return line + "\n";
}

}  // namespace

std::string log_line(bool json, Instant now, LogLevel level, std::string_view event, std::string_view about,
                     std::string_view message, std::span<const LogField> fields) {
  return json ? json_line(now, level, event, about, message, fields)
              : text_line(now, level, event, about, message, fields);
}

Log::Kind& Log::kind_of(std::string_view event, std::string_view about) {
  KindName name{event, about};
  // What has no place any more is counted with all that its event is about.
  if (kinds_.size() >= kMostKinds && !kinds_.contains(name)) name.second.clear();
  return kinds_[std::move(name)];
}

void Log::write_line(LogLevel level, const KindName& name, std::string_view message, std::vector<LogField> fields,
                     std::uint64_t held_back, Instant now) {
  if (held_back > 0) fields.emplace_back("held_back", held_back);
  print(file_, log_line(options_.json, now, level, name.first, name.second, message, fields));
  std::fflush(file_);
}

void Log::write(LogLevel level, std::string_view event, std::string_view about, std::string_view message,
                std::span<const LogField> fields) {
  if (level < options_.least) return;
  const Instant now = options_.clock();
  const std::scoped_lock lock(mutex_);
  Kind& kind = kind_of(event, about);
  // A clock that goes back begins a new period, too.
  if (now - kind.since >= kPeriod || now < kind.since) {
    kind.since = now;
    kind.written = 0;
  }
  if (kind.written >= kLinesAPeriod) {
    ++kind.held_back;
    kind.level = level;
    kind.message = shorten(message, kMessageBytes);
    kind.fields.assign(fields.begin(), fields.end());
    return;
  }
  ++kind.written;
  write_line(level, {std::string(event), std::string(about)}, message, {fields.begin(), fields.end()},
             std::exchange(kind.held_back, 0), now);
}

void Log::tell_held_back(Held which) {
  const Instant now = options_.clock();
  const std::scoped_lock lock(mutex_);
  for (auto& [name, kind] : kinds_) {
    if (kind.held_back == 0) continue;
    if (which == Held::Due && now - kind.since < kPeriod && now >= kind.since) continue;
    kind.since = now;
    kind.written = 1;
    write_line(kind.level, name, kind.message, std::exchange(kind.fields, {}), std::exchange(kind.held_back, 0) - 1,
               now);
  }
}

}  // namespace weir
