// SPDX-License-Identifier: Apache-2.0
#include "app/demo_place.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "app/rule_file.h"

namespace weir {
namespace {

constexpr std::size_t kLogTail = 2000;  // bytes

Error cannot(const std::string& what, int fault) {
  return {.message = "cannot " + what + ": " + std::strerror(fault),
          .help = "--dir DIR names a folder for rules, state and log"};
}

}  // namespace

Result<std::unique_ptr<DemoPlace>> DemoPlace::make(const std::optional<std::string>& dir, const std::string& temporary,
                                                   const std::string& run) {
  std::unique_ptr<DemoPlace> place(new DemoPlace);
  if (dir) {
    std::error_code fault;
    std::filesystem::create_directories(*dir, fault);
    if (fault) return cannot("make the folder " + *dir, fault.value());
    place->dir_ = *dir;
  } else {
    std::string name = temporary + "/weir-demo-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) return cannot("make a folder in " + temporary, errno);
    place->dir_ = name;
    place->new_ = true;
  }
  place->log_name_ = dir ? "weir-" + run + ".log" : "weir.log";
  place->log_ = std::fopen(place->log_path().c_str(), "we");
  if (place->log_ == nullptr) return cannot("write " + place->log_path(), errno);
  std::setvbuf(place->log_, nullptr, _IOLBF, BUFSIZ);
  return place;
}

DemoPlace::~DemoPlace() {
  if (log_ != nullptr) std::fclose(log_);
  std::error_code fault;
  if (new_ && !keep_) std::filesystem::remove_all(dir_, fault);
}

Status DemoPlace::write(std::string_view name, std::string_view text) const {
  std::FILE* const file = std::fopen(path(name).c_str(), "we");
  if (file == nullptr) return cannot("write " + path(name), errno);
  const bool written = std::fwrite(text.data(), 1, text.size(), file) == text.size();
  if (std::fclose(file) != 0 || !written) return cannot("write " + path(name), errno);
  return Done{};
}

bool DemoPlace::has(std::string_view name) const {
  std::error_code fault;
  return std::filesystem::exists(path(name), fault);
}

std::string DemoPlace::end_of_log() const {
  std::fflush(log_);
  const Result<std::string> text = read_whole_file(log_path());
  if (!text) return "";
  const std::size_t from = text->size() > kLogTail ? text->find('\n', text->size() - kLogTail) + 1 : 0;
  return text->substr(from);
}

}  // namespace weir
