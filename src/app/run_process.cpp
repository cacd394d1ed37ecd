// SPDX-License-Identifier: Apache-2.0
#include "app/run_process.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "app/command.h"
#include "app/decision.h"
#include "app/progress.h"
#include "app/rule_file.h"
#include "app/telling.h"
#include "base/escape.h"
#include "base/text.h"
#include "http/listen.h"
#include "http/routes.h"
#include "kafka/settings.h"

namespace weir {
namespace {

constexpr double kSettleSeconds = 1;     // editors write a file in several steps
constexpr double kDrainSeconds = 25;     // Kubernetes kills after 30
constexpr double kPatienceSeconds = 30;  // of --until-end, with what only a person mends
constexpr int kLookMilliseconds = 1000;

Log::Options log_options(const RunSettings& settings, const Surroundings& surroundings) {
  const LogFormat format = settings.config.log_format.value;
  // A run that ends with a report is read by a person, or by CI.
  const bool text = surroundings.err_is_terminal || settings.until_end;
  return {.json = format == LogFormat::Json || (format == LogFormat::Auto && !text),
          .least = settings.config.log_level.value,
          .clock = surroundings.wall_clock};
}

/// What weighs most when several streams end differently: as where several reasons apply to one run.
int graver(int a, int b) {
  constexpr int kOrder[] = {ExitCode::kUsage, ExitCode::kUnjudged, ExitCode::kNotWritten, ExitCode::kFailed};
  for (const int code : kOrder) {
    if (a == code || b == code) return code;
  }
  return std::max(a, b);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

}  // namespace

RunProcess::RunProcess(const RunSettings& settings, Surroundings& surroundings, RunCompany company)
    : settings_(settings),
      surroundings_(surroundings),
      company_(std::move(company)),
      started_(surroundings.stopwatch()),
      started_at_(surroundings.wall_clock()),
      log_(surroundings.err, log_options(settings, surroundings)),
      metrics_({.version = WEIR_VERSION, .librdkafka = kafka_client_version()}),
      reports_(settings.reports, surroundings),
      schemas_(settings.config.registry.value, settings.load_options.schemas),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

RunProcess::~RunProcess() {
  web_.reset();  // its threads look at what follows
  threads_.clear();
  if (wake_ >= 0) close(wake_);
}

void RunProcess::wake() {
  const std::uint64_t one = 1;
  (void)!write(wake_, &one, sizeof one);
}

void RunProcess::end() {
  asked_to_end_ = true;
  wake();
}

int RunProcess::refuse(const Error& error, int exit) {
  return weir::refuse(surroundings_, error, exit, "not started");
}

Status RunProcess::open_streams() {
  const Config& config = settings_.config;
  std::shared_ptr<StateFolder> folder;
  if (config.state.value.kind == StatePlace::Kind::Folder) {
    Result<std::shared_ptr<StateFolder>> opened = StateFolder::open(config.state.value.name);
    if (!opened) return opened.error();
    folder = *std::move(opened);
  }
  if (const Status opened = open_alerts(folder); !opened) return opened;
  if (const Status opened = open_lineage(folder); !opened) return opened;
  for (std::size_t i = 0; i < config.streams.size(); ++i) {
    const std::string& name = config.streams[i].name.value;
    Watchers& watchers = watchers_.emplace_back();
    watchers.board = std::make_shared<StatusBoard>(
        StatusBoard::Options{.stream = name, .samples_per_rule = config.web.samples.value});
    watchers.metrics = std::make_unique<StreamMetrics>(metrics_, StreamMetricsOptions{.stream = name});
    watchers.log = std::make_unique<LogObserver>(log_, name);
    std::vector<StreamObserver*> all = {watchers.board.get(), watchers.metrics.get(), watchers.log.get()};
    if (settings_.until_end) {
      watchers.bytes = std::make_unique<ByteCount>();
      all.push_back(watchers.bytes.get());
    }
    Result<StreamAlerts> alerts = open_alerts_of(name, watchers, folder);
    if (!alerts) return alerts.error();
    if (watchers.alerts != nullptr) all.push_back(watchers.alerts.get());
    std::function<Status()> save_lineage = open_lineage_of(i, watchers);
    if (watchers.lineage != nullptr) all.push_back(watchers.lineage.get());
    if (company_.observer != nullptr) all.push_back(company_.observer);
    watchers.all = std::make_unique<StreamObservers>(std::move(all));
    Result<std::unique_ptr<StreamWorld>> world =
        StreamWorld::make(settings_, i, folder, schemas_, *watchers.all, surroundings_.wall_clock, *std::move(alerts),
                          std::move(save_lineage));
    if (!world) return world.error();
    threads_.push_back(
        std::make_unique<StreamThread>(name, *std::move(world), surroundings_.wall_clock, [this] { wake(); }));
  }
  return Done{};
}

void RunProcess::open_reload() {
  std::vector<RuleReload::Target> targets;
  for (const std::unique_ptr<StreamThread>& thread : threads_) {
    targets.push_back(
        {.can_use = [&thread = *thread](const Plan& plan) { return thread.can_use(plan); },
         .use = [&thread = *thread](std::shared_ptr<const Plan> plan) { thread.reload(std::move(plan)); }});
  }
  reload_ = std::make_unique<RuleReload>(settings_, std::move(targets), log_, [this](bool successful) {
    metrics_.reloaded(successful, surroundings_.wall_clock());
    if (company_.reloaded) company_.reloaded(successful);
  });
  metrics_.reloaded(true, surroundings_.wall_clock());
  if (!settings_.config.watch.value || settings_.until_end) return;
  Result<FileWatch> watch = FileWatch::make();
  if (!watch) {
    log_.warn("watch_failed", "", watch.error().message);
    return;
  }
  watch_.emplace(*std::move(watch));
  watch_files();
}

void RunProcess::watch_files() {
  watched_generation_ = reload_->generation();
  if (const Status watching = watch_->watch(reload_->files()); !watching)
    log_.warn("watch_failed", "", watching.error().message + "; " + watching.error().help);
}

Status RunProcess::open_web() {
  const WebSettings& web = settings_.config.web;
  if (web.listen.value == "off" || (settings_.until_end && !web.listen.given())) return Done{};
  const Result<ListenAddress> address = parse_listen_address(web.listen.value);
  if (!address) return address.error();
  WebSource source;
  for (const Watchers& watchers : watchers_) source.streams.push_back(watchers.board);
  source.metrics = [this] {
    show_alerts();
    if (schemas_.has_registry()) metrics_.schemas(schemas_.counts());
    if (lineage_ != nullptr) metrics_.lineage(lineage_->counts());
    return metrics_.text(surroundings_.wall_clock());
  };
  if (alerts_ != nullptr) source.alerts = [this] { return alerts_->json(); };
  if (web.enable_lifecycle.value) {
    source.reload = [this] { return reload_->reload(); };
    source.quit = [] {
      kill(getpid(), SIGTERM);  // as anybody else asks for it
    };
  }
  source.now = surroundings_.wall_clock;
  source.version = WEIR_VERSION;
  source.pipeline = settings_.config.pipeline.value;
  source.group = settings_.config.group.value;
  source.instance = settings_.config.instance.value;
  source.started = started_at_;
  HttpServerOptions options;
  options.address = *address;
  options.web = settings_.web;
  options.lifecycle = web.enable_lifecycle.value;
  // Beyond the loopback interface it is called by names that only the network knows.
  if (!is_loopback(*address)) options.hosts = {"*"};
  options.probes = probe_paths();
  Result<std::unique_ptr<HttpServer>> server = HttpServer::start(std::move(options), make_routes(std::move(source)));
  if (!server) {
    Error error = server.error();
    if (error.help.empty())
      error.help = "choose another address with --web.listen HOST:PORT, or none with --web.listen off";
    return error;
  }
  web_ = *std::move(server);
  if (!is_loopback(*address) && settings_.web.users.empty() && !settings_.web.tls)
    log_.warn("web_open", "", "the web server listens beyond this machine, without a password and in clear",
              {{"listen", web.listen.value}});
  return Done{};
}

bool RunProcess::have_all_ended() const {
  return std::all_of(threads_.begin(), threads_.end(), [](const auto& thread) { return thread->has_ended(); });
}

void RunProcess::begin_to_stop(const std::string& why) {
  if (stop_at_) return;
  log_.info("stopping", "", why + ": what was judged is saved now");
  stop_at_ = surroundings_.stopwatch() + kDrainSeconds;
  signals_.let_through();
  for (const std::unique_ptr<StreamThread>& thread : threads_) thread->stop();
}

void RunProcess::handle_signals() {
  while (const int number = signals_.take()) {
    if (number == SIGHUP && !company_.ends_with_terminal) {
      (void)reload_->reload();
    } else if (!stop_at_) {
      signal_ = number;
      begin_to_stop(number == SIGINT ? "interrupted" : "asked to stop");
    }
  }
}

/// A change is taken up when nothing has changed for a moment.
void RunProcess::handle_changes() {
  if (!watch_) return;
  const double now = surroundings_.stopwatch();
  if (watch_->take_changes()) changed_at_ = now;
  if (changed_at_ && now - *changed_at_ >= kSettleSeconds) {
    changed_at_.reset();
    reload_->reload_if_changed();
  }
  if (watched_generation_ != reload_->generation()) watch_files();
}

/// One stream that fails ends them all: a supervisor starts them again together.
void RunProcess::look_at_threads() {
  for (const std::unique_ptr<StreamThread>& thread : threads_) {
    if (!thread->has_ended() || thread->end().end == Stream::End::Finished) continue;
    const bool halted = thread->end().end == Stream::End::Halted;
    const std::string why = halted ? ": a rule with `on_fail: halt` failed" : "";
    if (!stop_at_) begin_to_stop("the stream " + thread->name() + " has ended" + why);
  }
}

/// A run that is to end waits for a topic or a permission only so long: somebody waits for its answer.
void RunProcess::look_for_a_beginning() {
  if (!settings_.until_end || stop_at_ || surroundings_.stopwatch() - started_ < kPatienceSeconds) return;
  for (const Watchers& watchers : watchers_) {
    const std::optional<std::string> standing = watchers.log->standing();
    if (!standing) continue;
    no_beginning_ = *standing;
    begin_to_stop("nothing could be read");
    return;
  }
}

/// A thread that does not come back cannot be ended, only left.
void RunProcess::give_up() {
  log_.error("drain_timeout", "", "not everything was saved in time; what is missing is judged again after the start");
  std::fflush(nullptr);
  _exit(ExitCode::kUnjudged);
}

int RunProcess::next_timeout() const {
  return changed_at_ ? kLookMilliseconds / 4 : kLookMilliseconds;
}

void RunProcess::wait_for_the_end() {
  while (!have_all_ended()) {
    pollfd ready[] = {{.fd = wake_, .events = POLLIN, .revents = 0},
                      {.fd = signals_.descriptor(), .events = POLLIN, .revents = 0},
                      {.fd = watch_ ? watch_->descriptor() : -1, .events = POLLIN, .revents = 0}};
    poll(ready, std::size(ready), next_timeout());
    std::uint64_t woken = 0;
    (void)!read(wake_, &woken, sizeof woken);
    handle_signals();
    if (asked_to_end_) begin_to_stop("it is over");
    handle_changes();
    look_at_threads();
    look_for_a_beginning();
    log_.tell_held_back();
    if (stop_at_ && surroundings_.stopwatch() > *stop_at_ && !have_all_ended()) give_up();
  }
}

int RunProcess::run() {
  const Config& config = settings_.config;
  if (const Status opened = open_streams(); !opened) return refuse(opened.error(), ExitCode::kUnjudged);
  open_reload();
  if (const Status opened = open_web(); !opened) return refuse(opened.error(), ExitCode::kUsage);
  std::vector<std::string> topics;
  for (const StreamConfig& stream : config.streams)
    topics.insert(topics.end(), stream.topics.value.begin(), stream.topics.value.end());
  log_.info("started", "", "weir " WEIR_VERSION,
            {{"pipeline", config.pipeline.value},
             {"brokers", config.brokers.value},
             {"topics", joined(topics)},
             {"group", config.group.value},
             {"instance", config.instance.value},
             {"delivery", config.delivery.value == Delivery::ExactlyOnce ? "exactly_once" : "at_least_once"},
             {"state", config.state.value.name},
             {"web", web_ ? std::to_string(web_->port()) : "off"}});
  if (alerts_ != nullptr) alerts_->start();
  if (lineage_ != nullptr) lineage_->start();
  for (const std::unique_ptr<StreamThread>& thread : threads_) thread->start();
  if (company_.started) company_.started(web_ ? web_->port() : std::uint16_t{0});
  wait_for_the_end();
  stop_alerts();
  stop_lineage();
  return finish();
}

Report RunProcess::report_of(std::size_t index) {
  const StreamConfig& stream = settings_.config.streams[index];
  const Stream& judged = threads_[index]->stream();
  const Outcome& outcome = judged.outcome();
  InputReport input{.path = joined(stream.topics.value)};
  input.records = outcome.records;
  input.undecodable = outcome.undecodable;
  input.envelopes = outcome.envelopes;
  input.bytes = watchers_[index].bytes->bytes();
  ReportOptions options;
  options.fail_on = settings_.fail_on;
  // Nothing new since the last time is no fault; a topic without a single record is one.
  options.allow_empty = settings_.allow_empty || judged.holds_records();
  options.rules_file = stream.rules.value;
  options.seconds = surroundings_.stopwatch() - started_;
  if (threads_[index]->end().failure) options.faults.push_back(threads_[index]->end().failure->message);
  return make_report(*judged.plan(), outcome, {input}, options);
}

/// What explains the first rule that failed.
std::string RunProcess::next_command(const Report& report, const std::string& rules_file) {
  for (const RuleReport& rule : report.rules) {
    if (rule.counts.failed > 0 && rule.info.where.line > 0)
      return "weir explain " + shell_word(rules_file) + " " + shell_word(rule.info.id);
  }
  return "";
}

int RunProcess::report() {
  std::optional<Report> gravest;
  bool all_written = true;
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    Report report = report_of(i);
    WriteOptions shown;
    shown.next = next_command(report, settings_.config.streams[i].rules.value);
    all_written = reports_.write(report, shown) && all_written;
    shown.color = color_;
    shown.width = terminal_width(surroundings_);
    print(surroundings_.err, write_text(report, shown));
    if (!gravest || graver(report.exit_code, gravest->exit_code) != gravest->exit_code) gravest = std::move(report);
  }
  return decide(surroundings_, *std::move(gravest), all_written);
}

int RunProcess::finish() {
  log_.tell_held_back(Log::Held::All);
  int exit = ExitCode::kHolds;
  bool finished = settings_.until_end;
  bool saved = true;
  for (const std::unique_ptr<StreamThread>& thread : threads_) {
    const StreamEnd& end = thread->end();
    if (end.refused) {
      log_.error("refused", thread->name(), end.refused->message, {{"exit", std::uint64_t{ExitCode::kUsage}}});
      return settings_.until_end ? refuse(*end.refused, ExitCode::kUsage) : ExitCode::kUsage;
    }
    finished = finished && (end.end == Stream::End::Finished || end.end == Stream::End::Halted);
    if (end.end == Stream::End::Halted) exit = graver(exit, ExitCode::kFailed);
    if (end.end == Stream::End::Stopped) saved = saved && !thread->stream().left_unsaved();
    if (end.end != Stream::End::Failed) continue;
    const std::string why = end.failure ? end.failure->message : "not everything could be saved";
    log_.error(end.failure ? end.failure->event : "not_saved", thread->name(), why);
    exit = graver(exit, ExitCode::kUnjudged);
  }
  if (finished) return report();
  if (!no_beginning_.empty()) return refuse({.message = no_beginning_}, ExitCode::kUnjudged);
  if (settings_.until_end && signal_ != 0 && exit == ExitCode::kHolds) exit = 128 + signal_;
  log_.info("stopped", "", saved && exit == ExitCode::kHolds ? "everything is saved" : "ended",
            {{"exit", static_cast<std::uint64_t>(exit)}});
  if (settings_.until_end)
    print(surroundings_.err, "weir: ERROR exit=" + std::to_string(exit) + " (ended before the end of the topic)\n");
  return exit;
}

}  // namespace weir
