// SPDX-License-Identifier: Apache-2.0
#include "app/file_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <utility>

namespace weir {
namespace {

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_MOVED_FROM;

std::string folder_of(const std::string& file) {
  const std::string folder = std::filesystem::path(file).parent_path().string();
  return folder.empty() ? "." : folder;
}

}  // namespace

Result<FileWatch> FileWatch::make() {
  const int descriptor = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) return Error{.message = std::string("cannot watch files: ") + std::strerror(errno)};
  return FileWatch(descriptor);
}

FileWatch::FileWatch(FileWatch&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), names_(std::move(other.names_)) {}

FileWatch::~FileWatch() {
  if (descriptor_ >= 0) close(descriptor_);
}

Status FileWatch::watch(const std::vector<std::string>& files) {
  std::map<int, std::set<std::string>> names;
  Status status = Done{};
  for (const std::string& file : files) {
    const std::string folder = folder_of(file);
    // The same folder gives the same number again.
    const int watched = inotify_add_watch(descriptor_, folder.c_str(), kEvents);
    if (watched < 0) {
      status = Error{.message = "cannot watch the folder `" + folder + "`: " + std::strerror(errno),
                     .help = "after a change, send SIGHUP"};
      continue;
    }
    names[watched].insert(std::filesystem::path(file).filename().string());
  }
  for (const auto& [watched, unused] : names_) {
    if (!names.contains(watched)) inotify_rm_watch(descriptor_, watched);
  }
  names_ = std::move(names);
  return status;
}

/// What begins with two dots is Kubernetes's: `..data` leads to the present version of a mounted ConfigMap.
bool FileWatch::concerns(int folder, const std::string& name) const {
  const auto watched = names_.find(folder);
  if (watched == names_.end()) return false;
  return name.starts_with("..") || watched->second.contains(name);
}

bool FileWatch::take_changes() {
  bool concerned = false;
  alignas(inotify_event) char buffer[4096];
  for (ssize_t size = 0; (size = read(descriptor_, buffer, sizeof buffer)) > 0;) {
    for (ssize_t at = 0; at < size;) {
      inotify_event event;
      std::memcpy(&event, buffer + at, offsetof(inotify_event, name));
      const char* const name = buffer + at + offsetof(inotify_event, name);
      const bool overflowed = (event.mask & IN_Q_OVERFLOW) != 0;
      concerned = concerned || overflowed || (event.len > 0 && concerns(event.wd, name));
      at += static_cast<ssize_t>(offsetof(inotify_event, name) + event.len);
    }
  }
  return concerned;
}

}  // namespace weir
