// SPDX-License-Identifier: Apache-2.0
// One file of a Protobuf schema, in whichever form it came, as libprotobuf describes it: bounded, and cut down to the shape of
// its messages.
#pragma once

#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.pb.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/result.h"

namespace weir {

struct ProtobufFile {
  /// On the heap: the places are known by the addresses of its parts.
  std::unique_ptr<google::protobuf::FileDescriptorProto> shape;
  std::unique_ptr<google::protobuf::compiler::SourceLocationTable> places;  // null: was never text
  std::vector<std::string> missing;                                         // imports that were let go
};

/// The files that `text` holds: one, or those of a FileDescriptorSet. A file that has no name of its own gets `path`. Takes what it
/// holds off `declarations`, which is how many there may still be.
[[nodiscard]] Result<std::vector<ProtobufFile>> read_protobuf_files(std::string_view text, const std::string& path,
                                                                    std::size_t& declarations);

/// A fault of a schema as libprotobuf words it, with the place: "line 3, column 7: expected ;". Lines count from 0, below 0: no
/// place.
[[nodiscard]] std::string schema_fault(int line, int column, std::string_view words);

}  // namespace weir
