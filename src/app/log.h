// SPDX-License-Identifier: Apache-2.0
// What a running weir says on stderr: a line an event, as JSON for collectors and as text on a terminal. Each event has a
// stable id (docs/logs.md). Never a record or a part of one.
//
// An event that repeats is not repeated here: after the first few within ten seconds the others are counted. When the ten
// seconds are over the newest of them is written, and says how many stand behind it. A broker that is away for a night costs
// some lines and not a disk.
//
// Whatever a message is made of (the name of a topic, the words of a broker, a rule file), its line stays one line of valid
// UTF-8 below 16 KiB, which is where collectors cut, and has nothing in it that a terminal would act on.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"
#include "weir/time.h"

namespace weir {

/// What a line says beside its message.
struct LogField {
  LogField(std::string_view field, std::string_view text) : name(field), value(text) {}
  LogField(std::string_view field, const char* text) : name(field), value(text) {}
  LogField(std::string_view field, const std::string& text) : name(field), value(text) {}
  LogField(std::string_view field, std::uint64_t number) : name(field), value(std::to_string(number)), bare(true) {}

  std::string name;
  std::string value;
  bool bare = false;  // a number
};

class Log {
 public:
  struct Options {
    bool json = true;
    LogLevel least = LogLevel::Info;
    std::function<Instant()> clock;
  };
  Log(std::FILE* file, Options options) : file_(file), options_(std::move(options)) {}

  /// Whose ten seconds are over, or all of them: at the end.
  enum class Held : std::uint8_t { Due, All };

  /// Any thread. Lines of one `event` and `about` (a stream, a rule) are counted together.
  void write(LogLevel level, std::string_view event, std::string_view about, std::string_view message,
             std::span<const LogField> fields = {});
  void debug(std::string_view event, std::string_view about, std::string_view message,
             std::initializer_list<LogField> fields = {}) {
    write(LogLevel::Debug, event, about, message, {fields.begin(), fields.size()});
  }
  void info(std::string_view event, std::string_view about, std::string_view message,
            std::initializer_list<LogField> fields = {}) {
    write(LogLevel::Info, event, about, message, {fields.begin(), fields.size()});
  }
  void warn(std::string_view event, std::string_view about, std::string_view message,
            std::initializer_list<LogField> fields = {}) {
    write(LogLevel::Warn, event, about, message, {fields.begin(), fields.size()});
  }
  void error(std::string_view event, std::string_view about, std::string_view message,
             std::initializer_list<LogField> fields = {}) {
    write(LogLevel::Error, event, about, message, {fields.begin(), fields.size()});
  }
  /// Writes the newest of those that were held back, a kind each. Any thread; to be called now and then.
  void tell_held_back(Held which = Held::Due);

 private:
  struct Kind {
    Instant since{};  // the present ten seconds began
    unsigned written = 0;
    std::uint64_t held_back = 0;
    // The newest of those, with its fields.
    LogLevel level = LogLevel::Info;
    std::string message = {};
    std::vector<LogField> fields = {};
  };
  using KindName = std::pair<std::string, std::string>;  // event, about

  Kind& kind_of(std::string_view event, std::string_view about);
  void write_line(LogLevel level, const KindName& name, std::string_view message, std::vector<LogField> fields,
                  std::uint64_t held_back, Instant now);

  std::FILE* file_;
  Options options_;
  std::mutex mutex_;
  std::map<KindName, Kind> kinds_;
};

/// One line, with its end. What is too long for it is cut.
[[nodiscard]] std::string log_line(bool json, Instant now, LogLevel level, std::string_view event,
                                   std::string_view about, std::string_view message, std::span<const LogField> fields);

}  // namespace weir
