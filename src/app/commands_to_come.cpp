// SPDX-License-Identifier: Apache-2.0
#include "app/command.h"

namespace weir {


}  // namespace weir
