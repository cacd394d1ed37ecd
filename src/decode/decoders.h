// SPDX-License-Identifier: Apache-2.0
// One decoder a format.
#pragma once

#include <memory>

#include "weir/decoder.h"
#include "weir/plan.h"

namespace weir {

/// `format` is never Auto. The plan must outlive the decoder.
std::unique_ptr<Decoder> make_decoder(Format format, const Plan& plan);

std::unique_ptr<Decoder> make_json_decoder(const Plan& plan);                 // json.cpp
std::unique_ptr<Decoder> make_csv_decoder(const Plan& plan, char separator);  // csv.cpp
std::unique_ptr<Decoder> make_column_decoder(const Plan& plan);               // column_rows.cpp

}  // namespace weir
