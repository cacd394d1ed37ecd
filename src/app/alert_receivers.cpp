// SPDX-License-Identifier: Apache-2.0
#include "app/alert_receivers.h"

namespace weir {

Result<std::unique_ptr<Receiver>> make_receiver(const ReceiverSettings& settings, const Config& /*config*/) {
  return Error{.message = "this version of weir has no receiver of this kind", .where = settings.where};
}

}  // namespace weir
