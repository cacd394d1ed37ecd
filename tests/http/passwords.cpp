// SPDX-License-Identifier: Apache-2.0
#include "http/passwords.h"

#include <crypt.h>
#include <openssl/evp.h>

#include <memory>
#include <vector>

namespace weir::testing {

std::string bcrypt(const std::string& password, unsigned long cost) {
  const auto data = std::make_unique<crypt_data>();
  char salt[CRYPT_GENSALT_OUTPUT_SIZE];
  crypt_gensalt_rn("$2y$", cost, "0123456789abcdef", 16, salt, sizeof salt);
  return crypt_r(password.c_str(), salt, data.get());
}

std::string basic(std::string_view name, std::string_view password) {
  const std::string text = std::string(name) + ":" + std::string(password);
  std::vector<unsigned char> out(text.size() / 3 * 4 + 5);
  const int size =
      EVP_EncodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  return "Basic " + std::string(out.begin(), out.begin() + size);
}

}  // namespace weir::testing
