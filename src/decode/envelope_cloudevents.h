// SPDX-License-Identifier: Apache-2.0
// CloudEvents as their binding to Kafka puts them into messages.
//
//   binary       headers `ce_specversion`, `ce_type` … stand beside a value that is the data as it is
//   structured   `content-type: application/cloudevents+json`: the value is the whole event; its data stands in `data` as JSON,
//                or in `data_base64`
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/batch.h"
#include "weir/fields.h"
#include "weir/messages.h"

namespace weir {

enum class CloudForm : std::uint8_t { None, Binary, Structured, Refused };

struct CloudMessage {
  CloudForm form = CloudForm::None;
  std::string_view fault = {};  // of Refused
};

[[nodiscard]] CloudMessage cloud_message(const Envelope& envelope);

/// Fills the columns of `ce.NAME` from the headers of a message. False: one is no UTF-8.
bool read_cloud_headers(const FieldTable& fields, const Envelope& envelope, std::uint32_t row, Batch& batch);

/// A structured event whose data stands in base64, with the data as JSON in its place: the same text, where there is none.
/// Without data() when it cannot be read, and `fault` says why.
[[nodiscard]] std::string_view plain_data(std::string_view event, Arena& arena, std::string_view& fault);

}  // namespace weir
