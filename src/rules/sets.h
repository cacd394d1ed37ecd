// SPDX-License-Identifier: Apache-2.0
// Lists of values by name or from files: `$currency`, {file: refs/skus.csv, column: sku}.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/bundle.h"
#include "rules/findings.h"
#include "rules/load.h"
#include "weir/spec.h"

namespace weir {

using Values = std::vector<Scalar>;

class SetReader {
 public:
  SetReader(Bundle& bundle, const LoadOptions& options, Findings& findings)
      : bundle_(bundle), options_(options), findings_(findings) {}

  /// A list of literals, `$set`, or {file, column}; nothing when it is wrong and told.
  std::optional<Values> read(const YamlNode& node, std::string_view what);
  /// The name and the content of each file of one or a list; nothing when one cannot be read, which is told.
  std::optional<Values> read_files(const YamlNode& node, std::string_view what);
  /// Looks at every named set, so that one that nobody uses is judged too.
  void check_all();

 private:
  std::optional<Values> by_name(const YamlNode& node);
  std::optional<Values> from_file(const YamlNode& node);
  std::optional<Values> definition(const YamlNode& node, std::string_view what);

  Bundle& bundle_;
  const LoadOptions& options_;
  Findings& findings_;
  std::map<std::pair<std::string, std::string>, std::optional<Values>> files_;  // by path and column: each is read once
};

/// One column of a CSV text (RFC 4180, first record is the header), or each line when `column` is empty.
[[nodiscard]] Result<Values> read_column(std::string_view text, std::string_view column);

}  // namespace weir
