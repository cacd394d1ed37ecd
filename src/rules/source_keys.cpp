// SPDX-License-Identifier: Apache-2.0
#include "rules/source_keys.h"

#include "rules/key_names.h"

namespace weir {
namespace {

constexpr KeySpec kSource[] = {
    {.name = "topic", .shape = Shape::Text, .summary = "The Kafka topic that this file is about."},
    {.name = "format",
     .shape = Shape::Choice,
     .summary = "How the records are written; `auto` looks at the data.",
     .choices = kFormats},
    {.name = "schema",
     .shape = Shape::Text,
     .summary = "A file with the schema of the records: .avsc, .proto, or a FileDescriptorSet (.desc)."},
    {.name = "message", .shape = Shape::Text, .summary = "The full name of the Protobuf message type."},
    {.name = "envelope",
     .shape = Shape::Choice,
     .summary = "What stands around each record; `auto` looks at the record.",
     .choices = kEnvelopes},
    {.name = "framing",
     .shape = Shape::Choice,
     .summary = "Whether a schema's id stands in front of each record, as serializers with a registry write it.",
     .choices = kFramings},
    {.name = "unknown_schema",
     .shape = Shape::Choice,
     .summary =
         "What happens to a record whose schema the registry has not told: its partition waits, or it goes aside.",
     .choices = kUnknownSchema},
    {.name = "key_format",
     .shape = Shape::Choice,
     .summary = "How the keys of messages are written; `auto` looks at the key.",
     .choices = kKeyFormats},
    {.name = "key_schema", .shape = Shape::Text, .summary = "A file with the schema of the keys."},
    {.name = "time", .shape = Shape::Path, .summary = "The field that holds the event time."},
    {.name = "key", .shape = Shape::Path, .summary = "The field by which the topic is partitioned."},
    {.name = "out_of_order", .shape = Shape::Duration, .summary = "How far behind the newest event one may come in."},
    {.name = "time_error",
     .shape = Shape::Choice,
     .summary = "What becomes of a record whose time cannot be read.",
     .choices = kTimeErrors},
    {.name = "idle_after", .shape = Shape::Duration, .summary = "A partition that is silent for so long is idle."},
    {.name = "max_future",
     .shape = Shape::Duration,
     .summary = "An event time further ahead of now does not move the watermark."},
    {.name = "zone", .shape = Shape::Text, .summary = "The time zone of times that name none."},
};

}  // namespace

constinit const Keys kSourceKeys{.name = "`source`", .keys = kSource};

}  // namespace weir
