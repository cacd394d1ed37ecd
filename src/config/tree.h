// SPDX-License-Identifier: Apache-2.0
// The configuration as one tree: the nodes of the file, with those of flags laid over them.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "config/load_config.h"
#include "rules/findings.h"
#include "rules/yaml.h"

namespace weir {

class ConfigTree {
 public:
  explicit ConfigTree(Findings& findings) : findings_(findings) {}
  ConfigTree(const ConfigTree&) = delete;
  ConfigTree& operator=(const ConfigTree&) = delete;

  /// Reads the file and puts in what it takes from the environment (`$env:NAME`).
  void read(const ConfigRequest& request);
  /// A flag wins over what the file says.
  void lay_over(const Given& given);

  /// A map; null when the file is none.
  [[nodiscard]] YamlNode* root() const { return root_; }
  [[nodiscard]] const std::map<std::string, std::string>& sources() const { return sources_; }

 private:
  void replace_environment(YamlNode& node, const ConfigRequest& request);
  void lay_over_state(const Given& given);
  void lay_over_registry(const Given& given);
  void lay_over_quarantine(YamlNode& stream, const Given& given);
  YamlNode* only_stream(const Given& given);
  YamlNode* child_map(YamlNode& map, std::string_view key);
  YamlNode* new_node(YamlNode::Kind kind, const std::string& flag, std::string text = "");
  YamlNode* value_of(const Given& given);
  void set(YamlNode& map, std::string_view key, YamlNode* value);

  Findings& findings_;
  std::unique_ptr<YamlDocument> document_;
  std::deque<YamlNode> nodes_;     // of flags
  std::deque<std::string> flags_;  // what nodes_ name as their file
  YamlNode* root_ = nullptr;
  std::map<std::string, std::string> sources_;
};

/// Where a value stands that `node` holds.
[[nodiscard]] GivenBy giver_of(const YamlNode& node);

}  // namespace weir
