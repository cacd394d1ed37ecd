// SPDX-License-Identifier: Apache-2.0
// What it takes to be let in by a server: the keys that a schema registry and the receivers of alerts have in common.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/read_config.h"

namespace weir {

/// `http://one:8081,http://two:8081`, or a list of them; `what` has no more than 16.
std::vector<std::string> read_urls(ConfigReading& reading, const YamlNode& node, std::string_view what,
                                   const std::string& help = "");
/// A secret that stands in the file itself is one that many people read: it comes from the environment.
std::string read_secret_text(ConfigReading& reading, const Section& section, std::string_view key);
/// A file whose first line is a secret; looked at, and not kept.
std::string read_secret_path(ConfigReading& reading, const Section& section, std::string_view key);
std::string read_path(ConfigReading& reading, const Section& section, std::string_view key);
/// A file of a certificate or of its key: looked at, and not kept.
std::string read_certificate_path(ConfigReading& reading, const Section& section, std::string_view key);
/// A URL without credentials, or empty.
std::string read_proxy(ConfigReading& reading, const Section& section);
/// At least 10ms, at most 10m.
Duration read_timeout(ConfigReading& reading, const Section& section, Duration otherwise);

void need(ConfigReading& reading, const Section& section, std::string_view key, std::string_view other);
void exclude(ConfigReading& reading, const Section& section, std::string_view place, std::string_view key,
             std::string_view other);
/// Which of `user`, `password` and `token` go together.
void check_credentials(ConfigReading& reading, const Section& section, std::string_view place);

/// `place` as messages call it: "`registry`".
template <class Settings>
void read_access(ConfigReading& reading, const Section& section, std::string_view place, Settings& settings) {
  settings.user = section.text("user");
  settings.password = read_secret_text(reading, section, "password");
  settings.token = read_secret_text(reading, section, "token");
  settings.password_file = read_secret_path(reading, section, "password_file");
  settings.token_file = read_secret_path(reading, section, "token_file");
  settings.ca_file = read_certificate_path(reading, section, "ca_file");
  settings.cert_file = read_certificate_path(reading, section, "cert_file");
  settings.key_file = read_certificate_path(reading, section, "key_file");
  settings.proxy = read_proxy(reading, section);
  settings.timeout = read_timeout(reading, section, settings.timeout);
  check_credentials(reading, section, place);
}

}  // namespace weir
