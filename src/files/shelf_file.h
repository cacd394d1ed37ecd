// SPDX-License-Identifier: Apache-2.0
// Panes that nobody touched for a while, in a temporary file without a name: it goes with the process, however that ends.
// Room that a pane leaves behind is used again, so the file grows to what lies in it at one time and no further.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "weir/result.h"
#include "weir/shelf.h"

namespace weir {

class ShelfFile final : public Shelf {
 public:
  /// The file is made in `folder` when the first pane comes.
  explicit ShelfFile(std::string folder) : folder_(std::move(folder)) {}
  ~ShelfFile() override;
  ShelfFile(const ShelfFile&) = delete;
  ShelfFile& operator=(const ShelfFile&) = delete;

  Result<std::uint64_t> put(std::string_view bytes) override;
  Result<std::string> take(std::uint64_t number) override;
  /// The first thing that went wrong: from then on windows lack what could not be kept.
  [[nodiscard]] const std::optional<Error>& fault() const noexcept { return fault_; }
  /// How long the file is.
  [[nodiscard]] std::uint64_t size() const noexcept { return end_; }

 private:
  struct Place {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };
  Error fail(const std::string& what, int reason);
  Status open();
  Place find_room(std::uint64_t size);
  void give_back(Place place);

  std::string folder_;
  int descriptor_ = -1;
  std::uint64_t end_ = 0;
  std::uint64_t next_ = 1;
  std::map<std::uint64_t, Place> shelved_;       // by number
  std::map<std::uint64_t, std::uint64_t> room_;  // offset -> size; no two touch
  std::optional<Error> fault_;
};

}  // namespace weir
