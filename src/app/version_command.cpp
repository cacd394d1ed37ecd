// SPDX-License-Identifier: Apache-2.0
// weir version: "weir 1.2.3", then what this one was built with.
#include "app/command.h"
#include "app/surroundings.h"
#include "files/parquet_source.h"

namespace weir {

int run_version(const Arguments& /*arguments*/, Surroundings& surroundings) {
  const std::string library = parquet_library();
  print(surroundings.out,
        "weir " WEIR_VERSION "\n" +
            (library.empty() ? "Parquet: no, this weir was built without Parquet\n" : "Parquet: " + library + "\n"));
  return ExitCode::kHolds;
}

}  // namespace weir
