// SPDX-License-Identifier: Apache-2.0
// What `weir run` was told to do: plain data, complete and consistent, every value with the place that it came from.
//
// A value is taken from a flag, else from the environment, else from the configuration file, else it is the default.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "weir/alert_settings.h"
#include "weir/lineage_settings.h"
#include "weir/plan.h"
#include "weir/registry_settings.h"
#include "weir/result.h"
#include "weir/time.h"

namespace weir {

enum class GivenBy : std::uint8_t { Default, File, Environment, Flag };

/// A value and where it came from. `where.file` is the file, `--topic` or `WEIR_TOPIC`; empty for a default.
template <class T>
struct Setting {
  T value{};
  GivenBy by = GivenBy::Default;
  SourceSpan where = {};

  [[nodiscard]] bool given() const noexcept { return by != GivenBy::Default; }
};

enum class Delivery : std::uint8_t { AtLeastOnce, ExactlyOnce };

/// A place for records: a topic, or a file.
struct Place {
  enum class Kind : std::uint8_t { Topic, File };
  Kind kind = Kind::Topic;
  std::string name;  // an empty topic: `<topic of the record>.quarantine`
  bool operator==(const Place&) const = default;
};

/// Where reading begins when neither a snapshot nor a committed offset says it.
struct Start {
  enum class Kind : std::uint8_t { Earliest, Latest, Time, Ago };
  Kind kind = Kind::Earliest;
  Instant time{};  // of Time
  Duration ago{};  // of Ago: so long before weir started
  bool operator==(const Start&) const = default;
};

/// A property of the Kafka client, as it was written, but for paths, which are resolved. Which properties there are is
/// known to src/kafka alone.
struct KafkaProperty {
  std::string name;
  std::string value;
  bool secret = false;  // from the environment: shown nowhere
  SourceSpan name_where;
  SourceSpan where;
};

/// What happens to the records that exceed a limit of the quarantine.
enum class Overflow : std::uint8_t { Pause, Count };

struct QuarantineConfig {
  Setting<Place> place;
  std::uint32_t max_per_second = 0;  // 0: no limit
  std::uint32_t budget = 0;          // so many a day; 0: no limit
  Overflow overflow = Overflow::Pause;
  bool connect_headers = false;       // also the header names of Kafka Connect
  bool confluent_headers = false;     // also those of Confluent's dead letter queues
  std::uint64_t rotate_bytes = 0;     // of a file; 0: never
  std::uint32_t keep = kKeepRotated;  // so many rotated files
  static constexpr std::uint32_t kKeepRotated = 5;
};

struct RedactConfig {
  std::vector<std::string> paths;
  std::optional<Redaction> how;  // nothing: what the rule file says
};

struct StreamConfig {
  Setting<std::string> name;
  std::string group;  // the group of the pipeline; where there are several streams, with the stream's name behind it
  Setting<std::vector<std::string>> topics;  // names, and patterns that begin with ^
  std::vector<SourceSpan> topic_places;      // by index of `topics`
  Setting<std::string> rules;                // a path
  Setting<Start> from;
  QuarantineConfig quarantine;
  std::optional<Setting<Place>> clean;  // there: weir is a gate
  Setting<Duration> idle_after;         // a default: what the rule file says
  RedactConfig redact;
};

/// Where snapshots are kept.
struct StatePlace {
  enum class Kind : std::uint8_t { Folder, Topic };
  Kind kind = Kind::Folder;
  std::string name;
  bool operator==(const StatePlace&) const = default;
};

enum class LogFormat : std::uint8_t { Auto, Json, Text };
enum class LogLevel : std::uint8_t { Debug, Info, Warn, Error };

struct WebSettings {
  Setting<std::string> listen;       // host:port
  Setting<std::string> config_file;  // TLS and passwords; empty: none
  Setting<bool> enable_lifecycle;
  Setting<std::uint32_t> samples;  // failing values that are kept and shown of each rule
};

struct Config {
  Setting<std::string> pipeline;
  Setting<std::string> brokers;
  Setting<std::string> group;
  Setting<std::string> instance;  // empty: made of the host and the place of the state
  Setting<Delivery> delivery;
  std::vector<KafkaProperty> kafka;
  Setting<RegistrySettings> registry;  // not given: there is none
  Setting<StatePlace> state;
  Setting<Duration> snapshot_every;
  Setting<std::string> panes_topic;  // empty: none
  WebSettings web;
  Setting<LogFormat> log_format;
  Setting<LogLevel> log_level;
  Setting<bool> watch;  // the rule files, for changes
  AlertSettings alerts;
  LineageSettings lineage;
  std::vector<StreamConfig> streams;
};

/// 8947: beyond the ports that exporters are given (9100 to 9999) and free in IANA's register.
inline constexpr const char* kDefaultListen = "127.0.0.1:8947";

}  // namespace weir
