// SPDX-License-Identifier: Apache-2.0
// How a schema registry is reached: what `registry:` of the configuration says. Plain data; src/config fills it in,
// src/registry acts on it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "weir/time.h"

namespace weir {

struct RegistrySettings {
  std::vector<std::string> urls = {};  // tried in turn, the one that answered last first; empty: there is no registry
  std::string user = {};               // of basic authentication; empty: none
  std::string password = {};           // from the environment: shown nowhere
  std::string password_file = {};      // its first line, read again for each call
  std::string token = {};              // a bearer token from the environment: shown nowhere
  std::string token_file = {};         // read again for each call: something else keeps it fresh
  std::string ca_file = {};            // who vouches for the registry; empty: whom the system trusts
  std::string cert_file = {};          // our own certificate, for a registry that wants one, and its key
  std::string key_file = {};
  std::string proxy = {};  // empty: none, whatever the environment says
  Duration timeout = std::chrono::seconds(10);
  Duration refused_for =
      std::chrono::seconds(60);  // a schema that the registry did not know is asked for again after it
};

}  // namespace weir
