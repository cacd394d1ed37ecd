// SPDX-License-Identifier: Apache-2.0
#include "app/lineage_target.h"

#include <algorithm>
#include <utility>

#include "alerts/receiver_post.h"
#include "files/rotating_file.h"
#include "net/url.h"

namespace weir {
namespace {

/// What a server says of an event that it will not take however often it is asked. Anything else that it refuses (a login, a
/// path) is mended at its end or in the configuration, and the event is as good then as now.
constexpr int kStatusOfBadEvents[] = {400, 413, 415, 422};
constexpr Duration kWaitForAPerson = std::chrono::seconds(10);

class LineageServer final : public LineageTarget {
 public:
  explicit LineageServer(const LineageSettings& settings) : url_(settings.url), poster_(settings.access) {}

  Told send(const std::string& event) override {
    Told told = poster_.post(url_, event);
    const bool is_bad_event = std::find(std::begin(kStatusOfBadEvents), std::end(kStatusOfBadEvents), told.status) !=
                              std::end(kStatusOfBadEvents);
    if (told.how == Told::How::Refused && !is_bad_event) {
      told.how = Told::How::Later;
      told.not_before = kWaitForAPerson;
    }
    return told;
  }
  void interrupt() override { poster_.interrupt(); }
  [[nodiscard]] std::string name() const override {
    const Result<UrlParts> server = parse_url(url_);
    return server ? server->server : "the server";
  }

 private:
  std::string url_;
  Poster poster_;
};

class LineageFile final : public LineageTarget {
 public:
  LineageFile(std::string path, std::unique_ptr<RotatingFile> file) : path_(std::move(path)), file_(std::move(file)) {}

  Told send(const std::string& event) override {
    // A line that could not be written still waits there, to be written at the same place.
    const bool waits = file_->appended() > file_->durable();
    if (!waits || event != last_) {
      if (waits) {
        if (const Status synced = file_->sync(); !synced) return later(synced.error());
      }
      if (!file_->append(event + "\n")) return later(Error{.message = "cannot write `" + path_ + "`"});
      last_ = event;
    }
    const Status synced = file_->sync();
    return synced ? Told{} : later(synced.error());
  }
  [[nodiscard]] std::string name() const override { return path_; }

 private:
  static Told later(const Error& error) { return {.how = Told::How::Later, .why = error.message, .not_before = {}}; }

  std::string path_;
  std::unique_ptr<RotatingFile> file_;
  std::string last_;
};

}  // namespace

Result<std::unique_ptr<LineageTarget>> make_lineage_target(const LineageSettings& settings) {
  if (!settings.url.empty()) return std::unique_ptr<LineageTarget>(std::make_unique<LineageServer>(settings));
  Result<std::unique_ptr<RotatingFile>> file = RotatingFile::open(settings.file, {.max_bytes = 0});
  if (!file) return file.error();
  return std::unique_ptr<LineageTarget>(std::make_unique<LineageFile>(settings.file, *std::move(file)));
}

}  // namespace weir
