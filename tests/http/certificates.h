// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

struct x509_st;
struct evp_pkey_st;

namespace weir::testing {

/// A key and a certificate for it, good for a day.
struct Certified {
  std::shared_ptr<x509_st> certificate;
  std::shared_ptr<evp_pkey_st> key;
};

/// Signed by itself, or by `issuer`. `san`: "DNS:localhost".
Certified certify(const std::string& name, const Certified* issuer = nullptr, const std::string& san = "DNS:localhost");
void write_pem(const Certified& certified, const std::string& certificate_file, const std::string& key_file);

}  // namespace weir::testing
