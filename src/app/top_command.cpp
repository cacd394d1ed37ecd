// SPDX-License-Identifier: Apache-2.0
// weir top: what running instances see. In a terminal a screen that keys move; anywhere else a look is some lines.
#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <variant>

#include "app/interrupt.h"
#include "app/rule_file.h"
#include "app/top_plain.h"
#include "app/top_poller.h"
#include "app/top_view.h"
#include "base/timestamp.h"
#include "net/secret_file.h"
#include "net/url.h"
#include "terminal/raw_terminal.h"

namespace weir {
namespace {

constexpr Duration kEvery = std::chrono::seconds(2);
constexpr Duration kLeastEvery = std::chrono::milliseconds(200);
constexpr Duration kMostEvery = std::chrono::hours(1);
constexpr std::size_t kMostInstances = 200;
constexpr std::size_t kMostBytes = 32U << 20;  // of one answer: ten thousand rules are some 10 MB
constexpr std::string_view kHere = "http://127.0.0.1:8947";
constexpr std::string_view kPort = ":8947";
constexpr std::chrono::milliseconds kEscapePatience(60);  // for the rest of a key that begins like Escape
constexpr std::chrono::milliseconds kTick(1000);

struct TopSettings {
  std::vector<std::string> urls;
  HttpCall call;
  Duration every = kEvery;
  std::size_t sort = 0;
  std::string filter;
};

/// `kafka-3` is http://kafka-3:8947.
std::string whole_url(std::string url) {
  const bool bare = url.find("://") == std::string::npos;
  if (bare && url.find_first_of(":/") == std::string::npos) url += kPort;
  if (bare) url.insert(0, "http://");
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Result<std::size_t> sort_of(const std::string& name) {
  const TopTable table = table_of({}, TopTab::Rules);
  std::string all;
  for (std::size_t i = 0; i < sorts_of(table); ++i) {
    std::string word;
    for (const char c : name_of_sort(table, i)) word += static_cast<char>(c - 'A' + 'a');
    if (word == name) return i;
    all += (all.empty() ? "" : ", ") + word;
  }
  return Error{.message = "`--sort` wants a column, not " + in_quotes(name), .help = "one of " + all};
}

Result<TopSettings> settings_of(const Arguments& arguments) {
  TopSettings settings;
  for (const std::string& operand : arguments.operands()) {
    std::string url = whole_url(operand);
    if (const Status fine = check_url(url); !fine) return fine.error();
    settings.urls.push_back(std::move(url));
  }
  if (settings.urls.empty()) settings.urls.emplace_back(kHere);
  if (settings.urls.size() > kMostInstances)
    return Error{.message = "more than " + std::to_string(kMostInstances) + " instances",
                 .help = "Prometheus and deploy/'s dashboards are made for that many"};
  if (const std::optional<std::string> every = arguments.text("every")) {
    const std::optional<Duration> duration = parse_duration(*every);
    if (!duration || *duration < kLeastEvery || *duration > kMostEvery)
      return Error{.message = "`--every` wants a time from 200ms to 1h, not " + in_quotes(*every)};
    settings.every = *duration;
  }
  const Result<std::size_t> sort = sort_of(arguments.text("sort", "state"));
  if (!sort) return sort.error();
  settings.sort = *sort;
  settings.filter = arguments.text("filter", "");
  settings.call.user = arguments.text("user", "");
  settings.call.ca_file = arguments.text("ca-file", "");
  settings.call.connect_timeout = std::chrono::seconds(2);
  settings.call.timeout = std::chrono::seconds(4);
  settings.call.most_bytes = kMostBytes;
  const std::optional<std::string> password_file = arguments.text("password-file");
  if (password_file.has_value() != !settings.call.user.empty())
    return Error{.message = "`--user` and `--password-file` go together"};
  if (password_file) {
    Result<std::string> password = read_secret(*password_file);
    if (!password) return password.error();
    settings.call.password = *std::move(password);
  }
  return settings;
}

/// Waits, unless a signal comes.
void wait_for(Duration time) {
  // In small pieces: a signal that came a moment before the call would not end it.
  constexpr Duration kPiece = std::chrono::milliseconds(100);
  for (; time > Duration::zero() && InterruptGuard::signal() == 0; time -= kPiece)
    poll(nullptr, 0, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(std::min(time, kPiece)).count()));
}

int look_in_lines(const TopSettings& settings, TopAsker& asker, const Arguments& arguments,
                  Surroundings& surroundings) {
  const InterruptGuard guard;
  const bool once = arguments.on("once");
  std::vector<TopLook> looks;
  std::optional<TopOverview> before;
  for (;;) {
    asker.ask({}, looks);
    if (const int signal = InterruptGuard::signal(); signal != 0) return 128 + signal;
    TopOverview overview = put_together(looks, surroundings.wall_clock(), before ? &*before : nullptr);
    print(surroundings.out,
          arguments.on("json") ? json_line(overview) : plain_lines(overview, settings.sort, settings.filter));
    const bool arrived = std::fflush(surroundings.out) == 0 && std::ferror(surroundings.out) == 0;
    if (once) return exit_of(overview);
    if (!arrived) return ExitCode::kHolds;  // nobody reads on
    before = std::move(overview);
    wait_for(settings.every);
    if (const int signal = InterruptGuard::signal(); signal != 0) return 128 + signal;
  }
}

/// The screen, the keys and the thread that asks.
class LiveTop {
 public:
  LiveTop(RawTerminal& terminal, TopView& view, TopPoller& poller, Painter::Options look, Surroundings& surroundings)
      : terminal_(terminal), view_(view), poller_(poller), painter_(look), surroundings_(surroundings) {}

  int run() {
    paint();
    for (;;) {
      const RawTerminal::Event event = terminal_.wait(decoder_.waits() ? kEscapePatience : kTick, poller_.descriptor());
      if (event.signal != 0) return 128 + event.signal;
      if (event.repaint) painter_.forget();
      std::vector<KeyPress> keys;
      if (event.bytes.empty() && decoder_.waits()) decoder_.settle(keys);
      decoder_.feed(event.bytes, keys);
      for (const KeyPress& key : keys) {
        if (const std::optional<int> exit = press(key)) return *exit;
      }
      if (event.woken) take_news();
      poller_.wish(view_.wish());
      if (event.woken || event.repaint || !keys.empty()) paint();
    }
  }

 private:
  std::optional<int> press(const KeyPress& key) {
    switch (view_.press(key)) {
      case TopAct::Quit: return ExitCode::kHolds;
      case TopAct::Interrupt: return ExitCode::kInterrupted;
      case TopAct::Suspend: terminal_.suspend(); [[fallthrough]];
      case TopAct::Redraw: painter_.forget(); break;
      case TopAct::None: break;
    }
    return std::nullopt;
  }

  void take_news() {
    std::optional<std::vector<TopLook>> looks = poller_.take();
    if (!looks) return;
    TopOverview now = put_together(*std::move(looks), surroundings_.wall_clock(), before_ ? &*before_ : nullptr);
    before_ = now;
    view_.show(std::move(now));
  }

  void paint() {
    const RawTerminal::Size size = terminal_.size();
    Canvas canvas(size.columns, size.rows);
    view_.paint(canvas);
    terminal_.write(painter_.paint(canvas));
  }

  RawTerminal& terminal_;
  TopView& view_;
  TopPoller& poller_;
  Painter painter_;
  Surroundings& surroundings_;
  KeyDecoder decoder_;
  std::optional<TopOverview> before_;
};

bool has_screen(const Arguments& arguments, const Surroundings& surroundings) {
  if (arguments.on("once") || arguments.on("json")) return false;
  const std::string kind = surroundings.environment("TERM").value_or("");
  return surroundings.in_is_terminal && surroundings.out_is_terminal && !kind.empty() && kind != "dumb";
}

}  // namespace

int run_top(const Arguments& arguments, Surroundings& surroundings) {
  const Result<TopSettings> settings = settings_of(arguments);
  if (!settings) return refuse_usage(surroundings, settings.error());
  TopAsker asker(settings->urls, settings->call, surroundings.wall_clock);
  if (!has_screen(arguments, surroundings)) return look_in_lines(*settings, asker, arguments, surroundings);
  const Result<std::unique_ptr<RawTerminal>> terminal = RawTerminal::open(STDIN_FILENO, fileno(surroundings.out));
  if (!terminal) return look_in_lines(*settings, asker, arguments, surroundings);
  const Painter::Options look{.color = color_of_out(arguments, surroundings),
                              .unicode = shows_unicode(arguments, surroundings)};
  TopView view({.instances = settings->urls.size(),
                .sort = settings->sort,
                .filter = settings->filter,
                .unicode = look.unicode});
  TopPoller poller(asker, settings->every);
  return LiveTop(**terminal, view, poller, look, surroundings).run();
}

}  // namespace weir
