// SPDX-License-Identifier: Apache-2.0
#include "config/shown.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/timestamp.h"
#include "config/keys.h"
#include "config/tree.h"
#include "rules/keys.h"

namespace weir {
namespace {

constexpr std::string_view kNone = "none";

std::string or_none(const std::string& text) {
  return text.empty() ? std::string(kNone) : text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return or_none(out);
}

std::string yes(bool on) {
  return on ? "true" : "false";
}

std::string start_words(const Start& start) {
  switch (start.kind) {
    case Start::Kind::Earliest: return "earliest";
    case Start::Kind::Latest: return "latest";
    case Start::Kind::Time: return format_timestamp(start.time);
    case Start::Kind::Ago: return "-" + format_duration(start.ago);
  }
  return "";
}

std::string limit(std::uint64_t most) {
  return most == 0 ? "no limit" : with_commas(most);
}

std::string place(const Place& place, Place::Kind kind) {
  if (place.kind != kind) return std::string(kNone);
  return place.name.empty() ? "TOPIC.quarantine" : place.name;
}

/// Without a name, the quarantine is named after each topic.
std::string quarantine_topic(const StreamConfig& stream) {
  const Place& to = stream.quarantine.place.value;
  if (to.kind != Place::Kind::Topic || !to.name.empty()) return place(to, Place::Kind::Topic);
  std::vector<std::string> names;
  for (const std::string& topic : stream.topics.value) names.push_back(topic + ".quarantine");
  return joined(names);
}

std::string compat(const QuarantineConfig& quarantine) {
  std::vector<std::string> words;
  if (quarantine.connect_headers) words.emplace_back("connect");
  if (quarantine.confluent_headers) words.emplace_back("confluent");
  return joined(words);
}

std::string redaction(const std::optional<Redaction>& how) {
  if (!how) return "as the rules say";
  return *how == Redaction::Hash ? "hash" : *how == Redaction::Drop ? "drop" : "mask";
}

std::string state(const Config& config, StatePlace::Kind kind) {
  return config.state.value.kind == kind ? config.state.value.name : std::string(kNone);
}

std::string log_format(LogFormat format) {
  return format == LogFormat::Json ? "json" : format == LogFormat::Text ? "text" : "auto";
}

std::string log_level(LogLevel level) {
  constexpr std::string_view kLevels[] = {"debug", "info", "warn", "error"};
  return std::string(kLevels[static_cast<std::size_t>(level)]);
}

std::string receivers(const AlertSettings& alerts) {
  std::vector<std::string> names;
  for (const ReceiverSettings& receiver : alerts.receivers) names.push_back(receiver.name);
  return joined(names);
}

/// What a setting comes to. Of a secret, that there is one.
struct InEffect {
  std::string_view key;
  std::string (*of)(const Config&);
};
struct InEffectOfStream {
  std::string_view key;
  std::string (*of)(const StreamConfig&);
};

const InEffect kOfAll[] = {
    {"pipeline", [](const Config& c) { return c.pipeline.value; }},
    {"brokers", [](const Config& c) { return c.brokers.value; }},
    {"group", [](const Config& c) { return c.group.value; }},
    {"instance", [](const Config& c) { return or_none(c.instance.value); }},
    {"delivery",
     [](const Config& c) {
       return std::string(c.delivery.value == Delivery::ExactlyOnce ? "exactly_once" : "at_least_once");
     }},
    {"kafka", [](const Config&) { return std::string(kNone); }},
    {"registry.url", [](const Config& c) { return joined(c.registry.value.urls); }},
    {"registry.user", [](const Config& c) { return or_none(c.registry.value.user); }},
    {"registry.password_file", [](const Config& c) { return or_none(c.registry.value.password_file); }},
    {"registry.password",
     [](const Config& c) { return std::string(c.registry.value.password.empty() ? kNone : "********"); }},
    {"registry.token_file", [](const Config& c) { return or_none(c.registry.value.token_file); }},
    {"registry.token",
     [](const Config& c) { return std::string(c.registry.value.token.empty() ? kNone : "********"); }},
    {"registry.ca_file",
     [](const Config& c) {
       return c.registry.value.ca_file.empty() ? "whom the system trusts" : c.registry.value.ca_file;
     }},
    {"registry.cert_file", [](const Config& c) { return or_none(c.registry.value.cert_file); }},
    {"registry.key_file", [](const Config& c) { return or_none(c.registry.value.key_file); }},
    {"registry.proxy", [](const Config& c) { return or_none(c.registry.value.proxy); }},
    {"registry.timeout", [](const Config& c) { return format_duration(c.registry.value.timeout); }},
    {"registry.refused_for", [](const Config& c) { return format_duration(c.registry.value.refused_for); }},
    {"state.dir", [](const Config& c) { return state(c, StatePlace::Kind::Folder); }},
    {"state.topic", [](const Config& c) { return state(c, StatePlace::Kind::Topic); }},
    {"snapshot_every", [](const Config& c) { return format_duration(c.snapshot_every.value); }},
    {"panes.topic", [](const Config& c) { return or_none(c.panes_topic.value); }},
    {"web.listen", [](const Config& c) { return c.web.listen.value; }},
    {"web.config", [](const Config& c) { return or_none(c.web.config_file.value); }},
    {"web.enable_lifecycle", [](const Config& c) { return yes(c.web.enable_lifecycle.value); }},
    {"web.samples", [](const Config& c) { return std::to_string(c.web.samples.value); }},
    {"log.format", [](const Config& c) { return log_format(c.log_format.value); }},
    {"log.level", [](const Config& c) { return log_level(c.log_level.value); }},
    {"alerts", [](const Config& c) { return receivers(c.alerts); }},
    {"maintenance",
     [](const Config& c) {
       return c.alerts.maintenance.empty() ? std::string(kNone) : with_commas(c.alerts.maintenance.size());
     }},
    {"lineage", [](const Config& c) { return or_none(c.lineage.url.empty() ? c.lineage.file : c.lineage.url); }},
    {"reload.watch", [](const Config& c) { return yes(c.watch.value); }},
};

const InEffectOfStream kOfStream[] = {
    {"stream.name", [](const StreamConfig& s) { return s.name.value; }},
    {"stream.topics", [](const StreamConfig& s) { return joined(s.topics.value); }},
    {"stream.rules", [](const StreamConfig& s) { return s.rules.value; }},
    {"stream.from", [](const StreamConfig& s) { return start_words(s.from.value); }},
    {"stream.quarantine.topic", quarantine_topic},
    {"stream.quarantine.file",
     [](const StreamConfig& s) { return place(s.quarantine.place.value, Place::Kind::File); }},
    {"stream.quarantine.max_per_second", [](const StreamConfig& s) { return limit(s.quarantine.max_per_second); }},
    {"stream.quarantine.budget", [](const StreamConfig& s) { return limit(s.quarantine.budget); }},
    {"stream.quarantine.overflow",
     [](const StreamConfig& s) { return std::string(s.quarantine.overflow == Overflow::Count ? "count" : "pause"); }},
    {"stream.quarantine.compat", [](const StreamConfig& s) { return compat(s.quarantine); }},
    {"stream.quarantine.rotate_bytes",
     [](const StreamConfig& s) {
       return s.quarantine.rotate_bytes == 0 ? "never" : human_bytes(s.quarantine.rotate_bytes);
     }},
    {"stream.quarantine.keep", [](const StreamConfig& s) { return with_commas(s.quarantine.keep); }},
    {"stream.split.clean", [](const StreamConfig& s) { return s.clean ? s.clean->value.name : std::string(kNone); }},
    {"stream.idle_after",
     [](const StreamConfig& s) {
       return s.idle_after.given() ? format_duration(s.idle_after.value) : "as the rules say";
     }},
    {"stream.redact.paths", [](const StreamConfig& s) { return joined(s.redact.paths); }},
    {"stream.redact.how", [](const StreamConfig& s) { return redaction(s.redact.how); }},
};

bool comes_from_environment(const YamlNode& node) {
  if (node.is_scalar()) return node.text.find("$env:") != std::string::npos;
  return std::any_of(node.items.begin(), node.items.end(),
                     [](const YamlNode* item) { return comes_from_environment(*item); });
}

std::string raw(const YamlNode& node) {
  if (node.is_scalar()) return node.text;
  std::vector<std::string> words;
  for (const YamlNode* const item : node.items) words.push_back(raw(*item));
  return joined(words);
}

class Walk {
 public:
  Walk(const Config& config, std::vector<ShownSetting>& out) : config_(config), out_(out) {}

  /// Each key of the table, given in `map` or not; `map` is null where the section is not there.
  void keys(const Keys& table, const YamlNode* map, const std::string& prefix, int stream) {
    for (const KeySpec& key : table.keys) {
      const YamlNode* const node = map == nullptr || !map->is_map() ? nullptr : map->find(key.name);
      const std::string name = prefix + std::string(key.name);
      if (key.shape == Shape::Sections && key.table != nullptr) {
        streams(*key.table, node);
      } else if (key.table != nullptr) {
        section(*key.table, node, name + ".", stream);
      } else if (name == "kafka" && node != nullptr && node->is_map()) {
        properties(*node);
      } else {
        add(name, node, stream);
      }
    }
  }

 private:
  void streams(const Keys& table, const YamlNode* list) {
    for (std::size_t i = 0; i < config_.streams.size(); ++i) {
      const bool there = list != nullptr && i < list->items.size();
      keys(table, there ? list->items[i] : nullptr, "stream.", static_cast<int>(i));
    }
  }

  /// `registry: URL` and `quarantine: NAME` are short for one key of the map.
  void section(const Keys& table, const YamlNode* node, const std::string& prefix, int stream) {
    const std::size_t first = out_.size();
    keys(table, node, prefix, stream);
    if (node == nullptr || node->is_map() || node->is_null()) return;
    for (std::size_t i = first; i < out_.size(); ++i) {
      const bool meant = prefix == "stream.quarantine." ? (i < first + 2 && out_[i].value != kNone) : i == first;
      if (!meant) continue;
      out_[i].by = giver_of(*node);
      out_[i].where = node->where();
      if (comes_from_environment(*node)) out_[i].value = raw(*node);
    }
  }

  void properties(const YamlNode& map) {
    for (const YamlNode::Member& member : map.members) {
      const auto known = std::find_if(config_.kafka.begin(), config_.kafka.end(),
                                      [&](const KafkaProperty& property) { return property.name == member.key->text; });
      const bool hidden = known == config_.kafka.end() || known->secret;
      out_.push_back({.key = "kafka." + member.key->text,
                      .value = hidden ? raw(*member.value) : known->value,
                      .by = giver_of(*member.value),
                      .where = member.value->where()});
    }
    if (map.members.empty()) add("kafka", nullptr, -1);
  }

  void add(const std::string& key, const YamlNode* node, int stream) {
    ShownSetting shown{.key = key, .value = value_of(key, stream), .stream = stream};
    if (node != nullptr) {
      shown.by = giver_of(*node);
      shown.where = node->where();
      if (shown.value.empty() || comes_from_environment(*node)) shown.value = raw(*node);
    } else if (key == "state.dir" && config_.state.by == GivenBy::Environment) {
      shown.by = GivenBy::Environment;  // of systemd
      shown.where = config_.state.where;
    }
    out_.push_back(std::move(shown));
  }

  [[nodiscard]] std::string value_of(const std::string& key, int stream) const {
    for (const InEffect& one : kOfAll) {
      if (one.key == key) return one.of(config_);
    }
    for (const InEffectOfStream& one : kOfStream) {
      if (one.key == key && stream >= 0) return one.of(config_.streams[static_cast<std::size_t>(stream)]);
    }
    return "";
  }

  const Config& config_;
  std::vector<ShownSetting>& out_;
};

}  // namespace

std::vector<ShownSetting> shown_config(const ConfigRequest& request, const Config& config) {
  ConfigRequest unread = request;
  unread.environment = [](const std::string& name) { return std::optional("$env:" + name); };
  Findings findings;
  ConfigTree tree(findings);
  tree.read(unread);
  for (const Given& given : request.given) tree.lay_over(given);
  std::vector<ShownSetting> out;
  Walk(config, out).keys(config_keys(), tree.root(), "", -1);
  return out;
}

bool has_shown_value(const std::string& key) {
  return std::any_of(std::begin(kOfAll), std::end(kOfAll), [&](const InEffect& one) { return one.key == key; }) ||
         std::any_of(std::begin(kOfStream), std::end(kOfStream),
                     [&](const InEffectOfStream& one) { return one.key == key; });
}

std::string origin_of(GivenBy by, const SourceSpan& where) {
  if (by == GivenBy::Default) return "default";
  if (by != GivenBy::File || where.line <= 0) return where.file;
  return where.file + ":" + std::to_string(where.line);
}

}  // namespace weir
