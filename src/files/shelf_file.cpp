// SPDX-License-Identifier: Apache-2.0
// First fit among the gaps: panes of one plan are of much the same size.
#include "files/shelf_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <iterator>
#include <system_error>
#include <utility>

namespace weir {

ShelfFile::~ShelfFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Error ShelfFile::fail(const std::string& what, int reason) {
  Error error{.message = "cannot " + what + " windows in `" + folder_ + "`: " + std::generic_category().message(reason),
              .help = "TMPDIR names another folder"};
  if (!fault_) fault_ = error;
  return error;
}

Status ShelfFile::open() {
  if (descriptor_ >= 0) return Done{};
  std::string name = folder_ + "/weir-panes-XXXXXX";
  descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) return fail("keep", errno);
  ::unlink(name.c_str());
  return Done{};
}

ShelfFile::Place ShelfFile::find_room(std::uint64_t size) {
  for (auto gap = room_.begin(); gap != room_.end(); ++gap) {
    if (gap->second < size) continue;
    const Place place{.offset = gap->first, .size = size};
    const std::uint64_t rest = gap->second - size;
    room_.erase(gap);
    if (rest > 0) room_.emplace(place.offset + size, rest);
    return place;
  }
  const Place place{.offset = end_, .size = size};
  end_ += size;
  return place;
}

/// Joins the place with the gaps beside it.
void ShelfFile::give_back(Place place) {
  if (place.size == 0) return;
  auto after = room_.lower_bound(place.offset);
  if (after != room_.end() && place.offset + place.size == after->first) {
    place.size += after->second;
    after = room_.erase(after);
  }
  if (after != room_.begin()) {
    const auto before = std::prev(after);
    if (before->first + before->second == place.offset) {
      before->second += place.size;
      return;
    }
  }
  room_.emplace(place.offset, place.size);
}

Result<std::uint64_t> ShelfFile::put(std::string_view bytes) {
  if (fault_) return *fault_;
  if (const Status opened = open(); !opened) return opened.error();
  const Place place = find_room(bytes.size());
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n =
        ::pwrite(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(place.offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail("keep", n == 0 ? ENOSPC : errno);
    done += static_cast<std::size_t>(n);
  }
  shelved_.emplace(next_, place);
  return next_++;
}

Result<std::string> ShelfFile::take(std::uint64_t number) {
  const auto found = shelved_.find(number);
  if (found == shelved_.end()) return fail("find", ENOENT);
  const Place place = found->second;
  std::string bytes(place.size, '\0');
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n =
        ::pread(descriptor_, bytes.data() + done, bytes.size() - done, static_cast<off_t>(place.offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return fail("read back", n == 0 ? EIO : errno);
    done += static_cast<std::size_t>(n);
  }
  shelved_.erase(found);
  give_back(place);
  return bytes;
}

}  // namespace weir
