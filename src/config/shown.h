// SPDX-License-Identifier: Apache-2.0
// Every setting with its value and the place that it came from: for people who ask why weir does what it does.
//
// What there is to show is read off the tables of keys, so that a key which is added there is shown without anybody's
// doing; the places are those of the tree that the settings were read from. The tree is read once more, with the names of
// variables in place of what the environment holds: what was never read cannot be shown.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "config/load_config.h"

namespace weir {

struct ShownSetting {
  std::string key;    // "web.listen"; of a stream "stream.from"
  std::string value;  // as it has effect; `none` where there is none; `$env:NAME` where it comes from there
  GivenBy by = GivenBy::Default;
  SourceSpan where = {};
  int stream = -1;  // index of Config::streams
};

/// In the order of the tables. `config` is what the request gave. Properties of the Kafka client stand where `kafka` does,
/// with their values as they were written: who shows them masks those that are secret.
[[nodiscard]] std::vector<ShownSetting> shown_config(const ConfigRequest& request, const Config& config);

/// Whether it is known what has effect where a key is not given: for the test that goes through all keys.
[[nodiscard]] bool has_shown_value(const std::string& key);

/// "weir.yml:7", "--brokers", "WEIR_BROKERS", "default".
[[nodiscard]] std::string origin_of(GivenBy by, const SourceSpan& where);

}  // namespace weir
