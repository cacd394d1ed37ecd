// SPDX-License-Identifier: Apache-2.0
// A folder with small files that goes when the test does.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace weir::testing {

class SecretFolder {
 public:
  SecretFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "weir-secrets-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) path_ = name;
  }
  SecretFolder(const SecretFolder&) = delete;
  SecretFolder& operator=(const SecretFolder&) = delete;
  ~SecretFolder() {
    if (!path_.empty()) std::filesystem::remove_all(path_);
  }

  [[nodiscard]] std::string path(std::string_view name) const { return path_ + "/" + std::string(name); }
  [[nodiscard]] std::string write(std::string_view name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

 private:
  std::string path_;
};

}  // namespace weir::testing
