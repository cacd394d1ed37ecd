// SPDX-License-Identifier: Apache-2.0
#include "http/routes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <initializer_list>
#include <utility>

#include "base/hash.h"
#include "base/json_writer.h"
#include "base/timestamp.h"
#include "http/api.h"
#include "http/page.h"
#include "http/page_files.h"

namespace weir {

namespace {

constexpr std::chrono::seconds kComesRound(10);  // a loop that has not for longer is stuck
constexpr std::chrono::minutes kStarts(5);       // before its first turn it restores what it remembers
constexpr std::chrono::minutes kDrains(1);       // at the end it waits for what it sent to be acknowledged
constexpr Duration kLongestAgo = std::chrono::hours(24 * 36500);  // a century

using Phase = StreamStatus::Phase;

WebReply json_reply(std::string body) {
  return {.status = 200, .content_type = std::string(kJson), .body = std::move(body)};
}

WebReply json_fault(int status, const std::string& message) {
  JsonWriter json;
  json.begin_object().field("error", message).end_object();
  return {.status = status, .content_type = std::string(kJson), .body = json.take() + "\n"};
}

WebReply text_reply(int status, std::string text) {
  return {.status = status, .content_type = std::string(kPlainText), .body = std::move(text)};
}

std::string silence_of(const StreamView& view) {
  if (view.status != nullptr && view.status->phase == Phase::Failed) return "the stream has failed";
  return "the stream has not come round for " + std::to_string(view.silent_for.count() / 1000) + " s";
}

class Routes {
 public:
  explicit Routes(WebSource source) : source_(std::move(source)) {}

  WebReply answer(const WebRequest& request) const {
    for (const Route& route : kRoutes) {
      if (route.path != request.path) continue;
      const std::string_view method = request.method == "PUT" ? "POST" : std::string_view(request.method);
      if (route.method != method) return text_reply(405, "only " + std::string(route.method) + " here\n");
      for (const auto& [name, value] : request.query) {
        const bool known = std::find(route.parameters.begin(), route.parameters.end(), name) != route.parameters.end();
        if (!known) return json_fault(400, "unknown parameter `" + name.substr(0, 64) + "`");
      }
      return unless_known((this->*route.answer)(request), request);
    }
    return file(request);
  }

 private:
  struct Route {
    std::string_view path;
    WebReply (Routes::*answer)(const WebRequest&) const;
    std::string_view method = "GET";
    std::array<std::string_view, 3> parameters = {};
  };
  static const std::array<Route, 18> kRoutes;

  std::vector<StreamView> views() const {
    std::vector<StreamView> all;
    for (const auto& board : source_.streams) all.push_back(board->view());
    return all;
  }

  std::vector<StreamView> pulses() const {
    std::vector<StreamView> all;
    for (const auto& board : source_.streams) all.push_back(board->pulse());
    return all;
  }

  std::vector<KeptWindows> windows() const {
    std::vector<KeptWindows> all;
    for (const auto& board : source_.streams) {
      auto [view, kept] = board->view_with_windows();
      all.push_back({std::move(view), std::move(kept)});
    }
    return all;
  }

  WebReply page(const WebRequest&) const {
    return {.status = 200,
            .content_type = "text/html; charset=utf-8",
            .body = status_page(windows(), source_.now(), source_.version)};
  }

  /// What a client has already need not be sent again: it told by which tag it knows it.
  static WebReply unless_known(WebReply reply, const WebRequest& request) {
    if (reply.status != 200 || reply.content_type != kJson) return reply;
    constexpr int kDigits = 16;
    char tag[kDigits + 8];
    const int size = std::snprintf(tag, sizeof tag, "W/\"%016" PRIx64 "\"", hash_text(reply.body, 0));
    reply.etag.assign(tag, static_cast<std::size_t>(size));
    if (request.if_none_match.find(reply.etag) == std::string::npos) return reply;
    reply.status = 304;
    reply.body.clear();
    return reply;
  }

  static WebReply sent(const PageFile& file, bool never_changes) {
    return {.status = 200,
            .content_type = std::string(file.content_type),
            .body = std::string(file.text),
            .never_changes = never_changes};
  }

  /// What the page loads: /web/<version>/<name>. Another version is not there, so that two never mix.
  static WebReply file(const WebRequest& request) {
    const std::string folder = "/web/" + std::string(page_files_version()) + "/";
    if (request.path.starts_with(folder)) {
      for (const PageFile& file : page_files()) {
        if (request.path.substr(folder.size()) != file.name) continue;
        return request.method == "GET" ? sent(file, true) : text_reply(405, "only GET here\n");
      }
    }
    return text_reply(404, "there is nothing here\n");
  }

  WebReply style(const WebRequest&) const {
    for (const PageFile& file : page_files()) {
      if (file.name == "page.css") return sent(file, false);
    }
    return text_reply(404, "there is no style\n");
  }

  WebReply metrics(const WebRequest&) const {
    if (!source_.metrics) return text_reply(404, "there are no metrics\n");
    return {.status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8", .body = source_.metrics()};
  }

  WebReply health(const WebRequest&) const {
    std::string stuck;
    for (const StreamView& view : pulses()) {
      if (!is_alive(view)) stuck += view.stream + ": " + silence_of(view) + "\n";
    }
    return stuck.empty() ? text_reply(200, "ok\n") : text_reply(503, std::move(stuck));
  }

  WebReply readiness(const WebRequest& request) const {
    bool ready = true;
    std::string list;
    const bool all = request.parameter("verbose") != nullptr;
    for (const StreamView& view : pulses()) {
      for (const Readiness& one : readiness_of(view)) {
        ready = ready && one.ok;
        if (one.ok && !all) continue;
        list += std::string(one.ok ? "[+] " : "[-] ") + view.stream + "/" + one.name +
                (one.ok ? " ok" : ": " + one.reason) + "\n";
      }
    }
    if (ready) return text_reply(200, all ? list + "ready\n" : "ready\n");
    return text_reply(503, list + "not ready\n");
  }

  WebReply rules(const WebRequest&) const { return json_reply(rules_json(windows())); }
  WebReply quarantine(const WebRequest&) const { return json_reply(quarantine_json(views())); }
  WebReply alerts(const WebRequest&) const {
    if (!source_.alerts) return json_fault(404, "nobody is told of anything here");
    return json_reply(source_.alerts());
  }
  WebReply schemas(const WebRequest&) const { return json_reply(schemas_json(views())); }
  WebReply reloads(const WebRequest&) const {
    JsonWriter json;
    json.begin_object().key("reloads").begin_array();
    for (const StreamView& view : views()) {
      for (auto one = view.reloads.rbegin(); one != view.reloads.rend(); ++one) {
        const Duration ago = std::chrono::duration_cast<Duration>(view.seen_at - (*one)->at);
        write_rule_changes(json, view.stream, **one, source_.now() - ago);
      }
    }
    json.end_array().end_object();
    return json_reply(json.take() + "\n");
  }
  WebReply streams(const WebRequest&) const {
    std::vector<ShownStream> all;
    for (StreamView& view : views()) {
      std::vector<Readiness> readiness = readiness_of(view);
      all.push_back({.view = std::move(view), .readiness = std::move(readiness)});
    }
    return json_reply(streams_json({.version = source_.version,
                                    .pipeline = source_.pipeline,
                                    .group = source_.group,
                                    .instance = source_.instance,
                                    .started = source_.started,
                                    .now = source_.now()},
                                   all));
  }
  WebReply assignments(const WebRequest&) const { return json_reply(assignments_json(views())); }
  WebReply judged_windows(const WebRequest& request) const { return filtered(request, RuleKind::Window); }
  WebReply drift(const WebRequest& request) const { return filtered(request, RuleKind::Drift); }

  WebReply filtered(const WebRequest& request, RuleKind kind) const {
    WindowFilter filter;
    if (const std::string* rule = request.parameter("rule")) filter.rule = *rule;
    if (const std::string* since = request.parameter("since")) {
      const std::optional<Duration> ago = parse_duration(*since);
      if (ago && *ago >= Duration(0) && *ago <= kLongestAgo) filter.since = source_.now() - *ago;
      if (!ago) filter.since = parse_timestamp(*since);
      if (!filter.since) return json_fault(400, "`since` wants a time such as 2026-01-31T12:00:00Z, or 1h");
    }
    if (const std::string* limit = request.parameter("limit")) {
      const char* const end = limit->data() + limit->size();
      const auto [stopped, fault] = std::from_chars(limit->data(), end, filter.limit);
      if (fault != std::errc() || stopped != end || filter.limit == 0 || filter.limit > kMostWindows) {
        return json_fault(400, "`limit` wants a number from 1 to " + std::to_string(kMostWindows));
      }
    }
    return json_reply(windows_json(windows(), filter, kind));
  }

  WebReply reload(const WebRequest&) const {
    if (!source_.reload) return text_reply(403, "not allowed\n");
    const Status status = source_.reload();
    if (status.ok()) return text_reply(200, "reloaded\n");
    const Error& error = status.error();
    std::string text;
    if (error.where.line > 0) {
      text =
          error.where.file + ":" + std::to_string(error.where.line) + ":" + std::to_string(error.where.column) + ": ";
    }
    text += (error.code.empty() ? "" : error.code + ": ") + error.message + "\n";
    if (!error.help.empty()) text += "help: " + error.help + "\n";
    return text_reply(400, text + "the rules of before stay in force\n");
  }

  WebReply quit(const WebRequest&) const {
    if (!source_.quit) return text_reply(403, "not allowed\n");
    source_.quit();
    return text_reply(200, "stopping\n");
  }

  WebSource source_;
};

const std::array<Routes::Route, 18> Routes::kRoutes = {{
    {"/", &Routes::page},
    {"/style.css", &Routes::style},
    {"/metrics", &Routes::metrics},
    {"/healthz", &Routes::health},
    {"/-/healthy", &Routes::health},
    {"/readyz", &Routes::readiness, "GET", {"verbose"}},
    {"/-/ready", &Routes::readiness, "GET", {"verbose"}},
    {"/api/v1/streams", &Routes::streams},
    {"/api/v1/rules", &Routes::rules},
    {"/api/v1/windows", &Routes::judged_windows, "GET", {"rule", "since", "limit"}},
    {"/api/v1/drift", &Routes::drift, "GET", {"rule", "since", "limit"}},
    {"/api/v1/quarantine", &Routes::quarantine},
    {"/api/v1/assignments", &Routes::assignments},
    {"/api/v1/schemas", &Routes::schemas},
    {"/api/v1/reloads", &Routes::reloads},
    {"/api/v1/alerts", &Routes::alerts},
    {"/-/reload", &Routes::reload, "POST"},
    {"/-/quit", &Routes::quit, "POST"},
}};

}  // namespace

bool is_alive(const StreamView& view) {
  const Phase phase = view.status == nullptr ? Phase::Starting : view.status->phase;
  switch (phase) {
    case Phase::Starting: return view.silent_for < kStarts;
    case Phase::Running: return view.silent_for < kComesRound;
    case Phase::Draining: return view.silent_for < kDrains;
    case Phase::Stopped: return true;
    case Phase::Failed: break;
  }
  return false;
}

std::vector<Readiness> readiness_of(const StreamView& view) {
  if (view.status == nullptr) return {{.name = "running", .ok = false, .reason = "the stream is starting"}};
  std::vector<Readiness> all = view.status->readiness;
  const bool all_ok = std::all_of(all.begin(), all.end(), [](const Readiness& one) { return one.ok; });
  if (all_ok && view.status->phase != Phase::Running) {
    all.push_back({.name = "running", .ok = false, .reason = "the stream does not run"});
  }
  all.push_back({.name = "loop", .ok = is_alive(view), .reason = silence_of(view)});
  return all;
}

const std::vector<std::string>& probe_paths() {
  static const std::vector<std::string> paths = {"/healthz", "/readyz", "/-/healthy", "/-/ready"};
  return paths;
}

WebHandler make_routes(WebSource source) {
  return [routes = std::make_shared<const Routes>(std::move(source))](const WebRequest& request) {
    return routes->answer(request);
  };
}

}  // namespace weir
