// SPDX-License-Identifier: Apache-2.0
#include "app/log.h"

#include <chrono>
#include <optional>
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
constexpr std::size_t kMessageBytes = 2'000;

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

std::string json_line(Instant now, LogLevel level, std::string_view event, std::string_view about,
                      std::string_view message, std::span<const LogField> fields) {
  JsonWriter json;
  json.begin_object();
  json.field("ts", time_of(now)).field("level", name_of(level)).field("event", event);
  if (!about.empty()) json.field("about", about);
  json.field("message", message);
  for (const LogField& field : fields) {
    json.key(field.name);
    field.bare ? json.raw(field.value) : json.value(std::string_view(field.value));
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
  if (!about.empty()) line += " " + shorten(about, 200);
  line += ": " + shorten(message, kMessageBytes);
  for (const LogField& field : fields) line += " " + field.name + "=" + shorten(field.value, 200);
  return line + "\n";
}

}  // namespace

std::string log_line(bool json, Instant now, LogLevel level, std::string_view event, std::string_view about,
                     std::string_view message, std::span<const LogField> fields) {
  return json ? json_line(now, level, event, about, message, fields)
              : text_line(now, level, event, about, message, fields);
}

std::optional<std::uint64_t> Log::admit(std::string_view event, std::string_view about, Instant now) {
  const std::string key = std::string(event) + " " + std::string(about);
  if (kinds_.size() >= kMostKinds && !kinds_.contains(key)) kinds_.clear();
  Kind& kind = kinds_[key];
  // A clock that goes back begins a new period, too.
  if (now - kind.since >= kPeriod || now < kind.since) {
    kind.since = now;
    kind.written = 0;
  }
  if (kind.written >= kLinesAPeriod) {
    ++kind.held_back;
    return std::nullopt;
  }
  ++kind.written;
  return std::exchange(kind.held_back, 0);
}

void Log::write(LogLevel level, std::string_view event, std::string_view about, std::string_view message,
                std::span<const LogField> fields) {
  if (level < options_.least) return;
  const Instant now = options_.clock();
  const std::scoped_lock lock(mutex_);
  const std::optional<std::uint64_t> held_back = admit(event, about, now);
  if (!held_back) return;
  std::vector<LogField> all(fields.begin(), fields.end());
  if (*held_back > 0) all.emplace_back("held_back", *held_back);
  print(file_, log_line(options_.json, now, level, event, about, message, all));
  std::fflush(file_);
}

}  // namespace weir
