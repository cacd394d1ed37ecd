// SPDX-License-Identifier: Apache-2.0
// A registry that knows what a test tells it, and fails as a test tells it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "testing/http_peer.h"
#include "weir/registry_settings.h"

namespace weir::testing {

/// What a schema is registered with.
struct Registered {
  std::string text;
  std::string type = {};  // empty: AVRO, as the API writes it
  struct Reference {
    std::string name, subject;
    int version = 1;
  };
  std::vector<Reference> references = {};
};

class FakeRegistry {
 public:
  explicit FakeRegistry(std::uint16_t port = 0);

  /// A version of the subject, under an id that may be there already. Under `guid` as well, when there is one.
  void add(std::uint32_t id, const std::string& subject, int version, const Registered& schema,
           const std::string& guid = "");
  /// Asked before everything else; nothing: go on.
  void fail_by(std::function<std::optional<PeerReply>(const PeerRequest&, bool& handled)> fault);
  /// From now on what is asked is answered with this; status 0: as it should be.
  void always(int status, std::string body = "", std::string type = "application/json", std::string headers = "");
  /// What an Authorization has to say.
  void require(std::string authorization);

  [[nodiscard]] RegistrySettings settings() const { return {.urls = {peer_.url()}}; }
  [[nodiscard]] std::vector<std::string> asked() const;
  [[nodiscard]] std::string url() const { return peer_.url(); }
  [[nodiscard]] std::uint16_t port() const { return peer_.port(); }

 private:
  std::optional<PeerReply> answer(const PeerRequest& request);

  mutable std::mutex mutex_;
  std::map<std::string, std::string> documents_;  // path -> body
  std::map<std::uint32_t, std::string> versions_;
  std::map<std::string, int> newest_;
  std::function<std::optional<PeerReply>(const PeerRequest&, bool&)> fault_;
  std::optional<PeerReply> always_;
  std::string authorization_;
  HttpPeer peer_;
};

}  // namespace weir::testing
