// SPDX-License-Identifier: Apache-2.0
// Folders that weir writes into: of its state, and of the files that records go to.
#include <filesystem>

#include "app/doctor_probes.h"
#include "app/rule_file.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "files/folder_look.h"

namespace weir {
namespace {

constexpr std::uint64_t kNoSpace = 16 << 20;
constexpr std::uint64_t kLittleSpace = 512 << 20;

void say(DoctorFindings& out, std::string subject, DoctorVerdict verdict, std::string message,
         std::string remedy = "") {
  out.push_back(
      {.subject = std::move(subject), .verdict = verdict, .message = std::move(message), .remedy = std::move(remedy)});
}

void add_space(const std::string& subject, const std::string& path, const FolderLook& look, DoctorFindings& out) {
  if (!look.bytes_free || *look.bytes_free >= kLittleSpace) return;
  const bool full = *look.bytes_free < kNoSpace;
  say(out, subject, full ? DoctorVerdict::Bad : DoctorVerdict::Warn,
      path + ": " + human_bytes(*look.bytes_free) + " are free on its file system",
      full ? "make room: judging goes on, positions stay until it can be saved" : "make room before it is full");
}

std::string space_words(const FolderLook& look) {
  return look.bytes_free ? ", " + human_bytes(*look.bytes_free) + " free" : "";
}

void add_snapshots(const std::string& path, const StateLook& state, Instant now, DoctorFindings& out) {
  if (state.unreadable) {
    say(out, "state", DoctorVerdict::Bad, state.unreadable->message,
        state.unreadable->help.empty()
            ? "move it aside: weir begins at the group's position then, windows are `partial`"
            : state.unreadable->help);
    return;
  }
  if (!state.has_state || state.streams.empty()) {
    say(out, "state", DoctorVerdict::Ok, path + ": no snapshots yet");
    return;
  }
  std::string words;
  for (const StateLook::Stream& stream : state.streams) {
    words += (words.empty() ? "" : ", ") + stream.name + " (" +
             counted(static_cast<std::size_t>(stream.partitions), "partition") + ")";
  }
  if (state.saved_at) {
    const Duration age = std::max(now - *state.saved_at, Duration::zero());
    words += ", written " + format_duration(std::chrono::floor<std::chrono::seconds>(age)) + " ago";
  }
  say(out, "state", DoctorVerdict::Ok, path + ": snapshots of " + words);
}

void add_state(const std::string& path, Instant now, DoctorFindings& out) {
  const FolderLook look = look_at_folder(path);
  if (!look.why_not_writable.empty()) {
    const bool fits = look.exists;
    say(out, "state", DoctorVerdict::Bad, path + (fits ? ": " : " cannot be made: ") + look.why_not_writable,
        "give weir a folder of its own: `--state DIR`, or StateDirectory= of the unit");
    return;
  }
  if (!look.exists) {
    say(out, "state", DoctorVerdict::Ok, path + ": not there yet, weir makes it" + space_words(look));
    add_space("state", path, look, out);
    return;
  }
  const StateLook state = look_at_state(path);
  say(out, "state", DoctorVerdict::Ok,
      path + ": can be written to" + space_words(look) +
          (state.used_by.empty() ? "" : "; in use by a weir that runs: " + state.used_by));
  add_space("state", path, look, out);
  add_snapshots(path, state, now, out);
}

void add_file(const std::string& subject, const std::string& file, DoctorFindings& out) {
  if (const std::optional<Error> why = why_no_file(file)) {
    say(out, subject, DoctorVerdict::Bad, file + ": " + why->message, why->help);
    return;
  }
  const std::string above = std::filesystem::path(file).parent_path().string();
  const FolderLook look = look_at_folder(above.empty() ? "." : above);
  say(out, subject, DoctorVerdict::Ok, file + ": can be written" + space_words(look));
  add_space(subject, file, look, out);
}

}  // namespace

DoctorFindings look_at_folders(const DoctorCase& of) {
  DoctorFindings out;
  const Config& config = of.settings.config;
  if (config.state.value.kind == StatePlace::Kind::Folder) add_state(config.state.value.name, of.now, out);
  for (const StreamConfig& stream : config.streams) {
    if (stream.quarantine.place.value.kind == Place::Kind::File)
      add_file("quarantine", stream.quarantine.place.value.name, out);
    if (stream.clean && stream.clean->value.kind == Place::Kind::File) add_file("clean", stream.clean->value.name, out);
  }
  if (!config.lineage.file.empty()) add_file("lineage", config.lineage.file, out);
  return out;
}

}  // namespace weir
