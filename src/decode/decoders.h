// SPDX-License-Identifier: Apache-2.0
// One decoder for everything that stands in messages and files of records, and one for CSV.
#pragma once

#include <memory>

#include "weir/decoder.h"
#include "weir/plan.h"

namespace weir {

/// What the source turned out to be; of messages Auto and Json are the same, and the plan says more. The plan must outlive
/// the decoder.
std::unique_ptr<Decoder> make_decoder(Format format, const Plan& plan);

std::unique_ptr<Decoder> make_json_decoder(const Plan& plan);                 // payload.cpp
std::unique_ptr<Decoder> make_csv_decoder(const Plan& plan, char separator);  // csv.cpp
std::unique_ptr<Decoder> make_column_decoder(const Plan& plan);               // column_rows.cpp

}  // namespace weir
