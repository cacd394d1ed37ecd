// SPDX-License-Identifier: Apache-2.0
#include "app/reference_file.h"

#include <utility>

#include "app/record_profile.h"
#include "files/detect.h"

namespace weir {

Result<Baseline> profile_reference(const ProfileRequest& request) {
  // Nothing in a file of Protobuf messages says that it is one.
  const bool bare = request.format == Format::Protobuf && format_of_ending(request.path) == Format::Auto;
  PayloadForm payload = request.payload;
  payload.framing = WireForm::Auto;  // of messages
  Result<RecordInput> input = RecordInput::of_files({request.path}, bare ? Format::Protobuf : Format::Auto, payload);
  if (!input) return input.error();
  const Result<SeenFields> seen = input->discover();
  if (!seen) return seen.error();
  RecordProfiling profiling;
  profiling.fields = request.fields;
  profiling.payload = std::move(payload);
  for (std::uint32_t column = 0; column < request.fields.size(); ++column) {
    profiling.wanted.push_back({.column = column});
    // A cell of a table is what it reads as where nobody says what it is.
    if (column >= request.declared.size() || request.declared[column] != FieldType::Any) continue;
    for (std::size_t i = 0; i < seen->paths.size(); ++i) {
      if (seen->paths[i] == request.fields[column].path) profiling.fields[column].cell_type = seen->types[i];
    }
  }
  for (const std::vector<std::string>& paths : request.together) {
    std::vector<std::uint32_t> columns;
    for (const std::string& text : paths) {
      const Result<FieldPath> path = FieldPath::parse(text);
      if (!path) return path.error();
      columns.push_back(profiling.fields.add(*path));
    }
    profiling.together.push_back(std::move(columns));
  }
  const Result<RecordProfile> profile = profile_records(*input, profiling);
  if (!profile) return profile.error();
  Baseline baseline = baseline_of(*profile, profiling);
  baseline.path = request.path;
  return baseline;
}

}  // namespace weir
