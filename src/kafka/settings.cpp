// SPDX-License-Identifier: Apache-2.0
#include "kafka/settings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "kafka/handles.h"
#include "kafka/property_table.h"

namespace weir {

namespace {

using kafka::AllowedProperty;
using kafka::kSkipCertificate;
using kafka::kSkipHostname;
using kafka::kTokenFile;
using kafka::secret_in_file;
using Property = KafkaSettings::Property;

using kafka::kFileSuffix;

std::string quoted(std::string_view text) {
  return "`" + shorten(text, 80) + "`";
}

bool is_secret(const Property& property) {
  const AllowedProperty* const row = kafka::find_allowed(property.name);
  return row != nullptr && row->secret;
}

std::optional<Error> check_name(const Property& property) {
  const std::string& name = property.name;
  if (const kafka::RefusedProperty* const refused = kafka::find_refused(name)) {
    return Error{.message = "`" + name + "` " + std::string(refused->reason), .where = property.name_where};
  }
  if (kafka::find_allowed(name) != nullptr || secret_in_file(name) != nullptr) return std::nullopt;
  Error error{.message = "unknown property " + quoted(name) + " of the Kafka client", .where = property.name_where};
  if (name.ends_with(kFileSuffix)) {
    const std::string_view bare = std::string_view(name).substr(0, name.size() - kFileSuffix.size());
    if (kafka::find_allowed(bare) != nullptr) {
      error.message = "`" + std::string(bare) + "` is no secret and is not read from a file";
      return error;
    }
  }
  std::vector<std::string_view> names;
  std::vector<std::string> of_files;
  for (const AllowedProperty& row : kafka::allowed_properties()) {
    names.push_back(row.name);
    if (row.secret) of_files.push_back(std::string(row.name) + std::string(kFileSuffix));
  }
  names.insert(names.end(), of_files.begin(), of_files.end());
  if (const std::string_view meant = nearest(name, names); !meant.empty()) {
    error.label = "did you mean `" + std::string(meant) + "`?";
  }
  return error;
}

std::optional<bool> as_bool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<Error> check_value(const Property& property) {
  const std::string& name = property.name;
  const auto wrong = [&](std::string message) { return Error{.message = std::move(message), .where = property.where}; };
  if (name == kSkipCertificate || name == kSkipHostname) {
    if (!as_bool(property.value)) return wrong("`" + name + "` is true or false");
    return std::nullopt;
  }
  if (name == "enable.ssl.certificate.verification" && property.value == "false") {
    return wrong("brokers whose certificate nobody checks may be anybody: `" + name +
                 ": false` is only taken under the name `" + std::string(kSkipCertificate) + ": true`");
  }
  if (name == "ssl.endpoint.identification.algorithm" && property.value == "none") {
    return wrong("`" + name + ": none` is only taken under the name `" + std::string(kSkipHostname) + ": true`");
  }
  if (name == kTokenFile || secret_in_file(name) != nullptr) {
    if (property.value.empty()) return wrong("`" + name + "` names no file");
    return std::nullopt;
  }
  const kafka::Owned<rd_kafka_conf_t> scratch(rd_kafka_conf_new());
  std::array<char, 512> reason{};
  if (rd_kafka_conf_set(scratch.get(), name.c_str(), property.value.c_str(), reason.data(), reason.size()) ==
      RD_KAFKA_CONF_OK) {
    return std::nullopt;
  }
  // The reason repeats the value, which must not be shown when it is a secret.
  if (is_secret(property)) return wrong("the value of `" + name + "` is not one that the Kafka client takes");
  return wrong("`" + name + "`: " + shorten(reason.data(), 300));
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

/// What the properties say together.
class Together {
 public:
  Together(const KafkaSettings& settings, std::vector<Error>& errors) : settings_(settings), errors_(errors) {}

  void check() {
    protocol_ = lower(value_of("security.protocol").value_or("plaintext"));
    mechanism_ = upper(value_of("sasl.mechanism").value_or(std::string(value_of("sasl.mechanisms").value_or(""))));
    check_twice();
    check_effect();
    if (protocol_.starts_with("sasl")) check_mechanism();
  }

 private:
  [[nodiscard]] const Property* find(std::string_view name) const {
    const auto found = std::ranges::find(settings_.properties, name, &Property::name);
    return found == settings_.properties.end() ? nullptr : &*found;
  }
  [[nodiscard]] std::optional<std::string> value_of(std::string_view name) const {
    const Property* const property = find(name);
    return property == nullptr ? std::nullopt : std::optional(property->value);
  }
  [[nodiscard]] bool has(std::string_view name) const {
    return find(name) != nullptr || find(std::string(name) + std::string(kFileSuffix)) != nullptr;
  }

  void check_twice() {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSame = {{
        {"sasl.mechanism", "sasl.mechanisms"},
        {"compression.type", "compression.codec"},
        {"linger.ms", "queue.buffering.max.ms"},
        {"fetch.message.max.bytes", "max.partition.fetch.bytes"},
        {kTokenFile, "sasl.oauthbearer.method"},
    }};
    std::map<std::string_view, const Property*> seen;
    for (const Property& property : settings_.properties) {
      if (!seen.emplace(property.name, &property).second) {
        errors_.push_back({.message = "`" + property.name + "` is given twice", .where = property.name_where});
      }
    }
    for (const auto& [one, other] : kSame) {
      if (!seen.contains(one) || !seen.contains(other)) continue;
      errors_.push_back(
          {.message = "`" + std::string(one) + "` and `" + std::string(other) + "` say the same thing: keep one",
           .where = seen[other]->name_where});
    }
    for (const Property& property : settings_.properties) {
      const AllowedProperty* const row = secret_in_file(property.name);
      if (row == nullptr || !seen.contains(row->name)) continue;
      errors_.push_back({.message = "`" + std::string(row->name) + "` and `" + property.name + "`: keep one",
                         .where = property.name_where});
    }
  }

  /// A password that goes nowhere because the connection is plain is a mistake that must not pass in silence.
  void check_effect() {
    for (const Property& property : settings_.properties) {
      const bool sasl = property.name.starts_with("sasl.") || property.name.starts_with("enable.sasl.");
      const bool ssl = property.name.starts_with("ssl.") || property.name.starts_with("enable.ssl.") ||
                       property.name.starts_with("dangerously_");
      const bool idle = (sasl && !protocol_.starts_with("sasl")) || (ssl && !protocol_.ends_with("ssl"));
      if (!idle) continue;
      errors_.push_back(
          {.message = "`" + property.name + "` does nothing while `security.protocol` is `" + protocol_ + "`",
           .where = property.name_where,
           .help = std::string("set `security.protocol` to ") +
                   (ssl ? "`ssl` or `sasl_ssl`" : "`sasl_ssl` (or `sasl_plaintext`)")});
      return;  // once is enough
    }
  }

  void check_mechanism() {
    const SourceSpan where = find("security.protocol")->where;
    if (mechanism_.empty()) {
      errors_.push_back({.message = "`security.protocol: " + protocol_ + "` needs `sasl.mechanism`",
                         .where = where,
                         .help = "PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER"});
    } else if (mechanism_ == "PLAIN" || mechanism_.starts_with("SCRAM-")) {
      if (!has("sasl.username")) {
        errors_.push_back({.message = "`sasl.mechanism: " + mechanism_ + "` needs `sasl.username`", .where = where});
      }
      if (!has("sasl.password")) {
        errors_.push_back(
            {.message = "`sasl.mechanism: " + mechanism_ + "` needs `sasl.password_file` (or `sasl.password`)",
             .where = where});
      }
    } else if (mechanism_ == "OAUTHBEARER") {
      if (!has(kTokenFile) && !has("sasl.oauthbearer.method") && !has("enable.sasl.oauthbearer.unsecure.jwt")) {
        errors_.push_back({.message = "`sasl.mechanism: OAUTHBEARER` needs `" + std::string(kTokenFile) +
                                      "`, or `sasl.oauthbearer.method: oidc`",
                           .where = where});
      }
    } else if (mechanism_ == "GSSAPI") {
      const kafka::Owned<rd_kafka_conf_t> scratch(rd_kafka_conf_new());
      std::array<char, 512> features{};
      std::size_t size = features.size();
      rd_kafka_conf_get(scratch.get(), "builtin.features", features.data(), &size);
      if (std::string_view(features.data()).find("sasl_gssapi") == std::string_view::npos) {
        errors_.push_back({.message = "this weir is built without Kerberos (`sasl.mechanism: GSSAPI`)",
                           .where = where,
                           .help = "build it against a librdkafka with Cyrus SASL (-DWEIR_SYSTEM_RDKAFKA=ON)"});
      }
    }
  }

  const KafkaSettings& settings_;
  std::vector<Error>& errors_;
  std::string protocol_;
  std::string mechanism_;
};

}  // namespace

std::string kafka_client_version() {
  return rd_kafka_version_str();
}

std::vector<Error> check_settings(const KafkaSettings& settings) {
  std::vector<Error> errors;
  if (settings.brokers.find_first_not_of(" ,") == std::string::npos) {
    errors.push_back({.message = "no brokers are named", .help = "brokers: host:9092"});
  }
  for (const Property& property : settings.properties) {
    std::optional<Error> error = check_name(property);
    if (!error) error = check_value(property);
    if (error) errors.push_back(std::move(*error));
  }
  if (errors.empty()) Together(settings, errors).check();
  return errors;
}

std::vector<std::pair<std::string, std::string>> shown_settings(const KafkaSettings& settings) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Property& property : settings.properties) {
    // A name that nobody knows may be a secret with a slip of the pen in it.
    const AllowedProperty* const row = kafka::find_allowed(property.name);
    const bool open = (row != nullptr && !row->secret) || secret_in_file(property.name) != nullptr;
    out.emplace_back(property.name, open ? property.value : "********");
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace weir
