// SPDX-License-Identifier: Apache-2.0
// A running `weir run`: a thread for each stream, the web server's own threads, and this one, which waits for signals,
// files that change and streams that end.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/alert_desk.h"
#include "app/file_watch.h"
#include "app/lineage_desk.h"
#include "app/log.h"
#include "app/report_files.h"
#include "app/rule_reload.h"
#include "app/run_settings.h"
#include "app/run_signals.h"
#include "app/schema_supply.h"
#include "app/stream_observers.h"
#include "app/stream_thread.h"
#include "app/surroundings.h"
#include "http/server.h"
#include "http/status_board.h"
#include "sinks/metrics_registry.h"
#include "sinks/stream_metrics.h"

namespace weir {

/// Who runs beside it in the same process: `weir demo`.
struct RunCompany {
  StreamObserver* observer = nullptr;               // of every stream
  std::function<void(std::uint16_t port)> started;  // of the web server; 0: there is none
  std::function<void(bool successful)> reloaded;    // from the thread that reloads
  bool ends_with_terminal = false;                  // SIGHUP asks for the end; else rules are read anew
};

class RunProcess {
 public:
  RunProcess(const RunSettings& settings, Surroundings& surroundings, RunCompany company = {});
  ~RunProcess();
  RunProcess(const RunProcess&) = delete;
  RunProcess& operator=(const RunProcess&) = delete;

  /// Until everything has ended; the exit code.
  int run();
  /// As a signal would; any thread.
  void end();
  /// The signal that asked for the end, or 0; once run() is back.
  [[nodiscard]] int signal() const noexcept { return signal_; }
  /// The colour of reports on stderr.
  void use_color(bool color) { color_ = color; }

 private:
  /// Who watches one stream.
  struct Watchers {
    std::shared_ptr<StatusBoard> board;
    std::unique_ptr<StreamMetrics> metrics;
    std::unique_ptr<LogObserver> log;
    std::unique_ptr<ByteCount> bytes;          // with --until-end
    std::unique_ptr<AlertBook> alerts;         // without
    std::unique_ptr<LineageObserver> lineage;  // where somebody is told of it
    std::unique_ptr<StreamObservers> all;
  };

  Status open_streams();
  Status open_alerts(const std::shared_ptr<StateFolder>& folder);
  Result<StreamAlerts> open_alerts_of(const std::string& stream, Watchers& watchers,
                                      const std::shared_ptr<StateFolder>& folder);
  void show_alerts();
  void stop_alerts();
  Status open_lineage(const std::shared_ptr<StateFolder>& folder);
  [[nodiscard]] std::function<Status()> open_lineage_of(std::size_t stream, Watchers& watchers);
  void stop_lineage();
  Status open_web();
  void open_reload();
  void wait_for_the_end();
  void handle_signals();
  void handle_changes();
  void watch_files();
  void begin_to_stop(const std::string& why);
  void look_at_threads();
  void look_for_a_beginning();
  void give_up();
  [[nodiscard]] bool have_all_ended() const;
  void wake();
  [[nodiscard]] int next_timeout() const;
  [[nodiscard]] int finish();
  [[nodiscard]] int report();
  [[nodiscard]] Report report_of(std::size_t index);
  [[nodiscard]] static std::string next_command(const Report& report, const std::string& rules_file);
  int refuse(const Error& error, int exit);

  const RunSettings& settings_;
  Surroundings& surroundings_;
  RunCompany company_;
  std::atomic<bool> asked_to_end_ = false;
  double started_;  // by the stopwatch
  Instant started_at_;
  bool color_ = false;
  RunSignals signals_;  // before any thread
  Log log_;
  MetricsRegistry metrics_;
  ReportFiles reports_;
  SchemaSupply schemas_;  // before the streams that use it
  int wake_ = -1;
  std::unique_ptr<AlertDesk> alerts_;     // before the books that tell it; none with --until-end, which has a report
  std::unique_ptr<LineageDesk> lineage_;  // before the observers that tell it
  std::vector<Watchers> watchers_;        // by index of Config::streams
  std::vector<std::unique_ptr<StreamThread>> threads_;  // by index of Config::streams
  std::unique_ptr<RuleReload> reload_;
  std::unique_ptr<HttpServer> web_;
  std::optional<FileWatch> watch_;
  std::uint64_t watched_generation_ = 0;
  std::optional<double> changed_at_;  // by the stopwatch: files changed, and may change more
  std::optional<double> stop_at_;     // by the stopwatch: when waiting for the end ends
  int signal_ = 0;                    // that asked for the end
  std::string no_beginning_;          // with --until-end: why nothing was ever read
};

}  // namespace weir
