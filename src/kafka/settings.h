// SPDX-License-Identifier: Apache-2.0
// What a person says of the connection -> the properties that librdkafka is made with.
//
// A person may set what is about the network, about trust and about sizes. What decides whether records are lost, doubled
// or read twice is weir's to set, and saying it is an error that names weir's own key for it. A secret may stand in a
// file (`sasl.password_file`), which is read when a client is made, and is shown nowhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "weir/result.h"

namespace weir {

struct KafkaSettings {
  struct Property {
    std::string name = {};  // of librdkafka, or `<secret>_file`
    std::string value = {};
    SourceSpan name_where = {};
    SourceSpan where = {};
  };
  std::string brokers = {};   // host:port, separated by commas
  std::string group = {};     // empty: partitions are read without one
  std::string instance = {};  // empty: the member has no lasting name
  std::vector<Property> properties = {};
};

/// The version of librdkafka that runs.
[[nodiscard]] std::string kafka_client_version();

/// All that is wrong with the settings, without looking at a file or a network.
[[nodiscard]] std::vector<Error> check_settings(const KafkaSettings& settings);

/// The settings as they may be shown: sorted by name, secrets masked.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> shown_settings(const KafkaSettings& settings);

namespace kafka {

enum class Role : std::uint8_t {
  Consumer,
  Producer,       // idempotent
  Transactional,  // a producer whose records appear with offsets, or not at all
  Admin,          // asks about topics and makes them
};

struct ClientProperties {
  std::vector<std::pair<std::string, std::string>> values;  // secrets in clear: for librdkafka only
  std::string token_file;                                   // read again whenever the broker wants a new token
  bool oauth = false;
};

/// The first thing that is wrong, or what a client of that role is made with. Reads the files of secrets.
[[nodiscard]] Result<ClientProperties> client_properties(const KafkaSettings& settings, Role role);

/// What weir itself sets for a client of that role, sorted by name, but for the names of its members: nothing of it is
/// secret. What the person set instead is left out.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> set_by_weir(const KafkaSettings& settings, Role role);

/// How long the coordinator waits for a transaction that nobody ends.
[[nodiscard]] int transaction_timeout_ms(const ClientProperties& properties);

}  // namespace kafka

}  // namespace weir
