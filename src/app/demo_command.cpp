// SPDX-License-Identifier: Apache-2.0
// weir demo: for somebody who has five minutes. A Kafka in the process or a real one, a shop whose orders go wrong on
// schedule, and beside it the very process that `weir run` is, with a configuration and rules that lie in a folder. What
// is told was found by it and by nothing else.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "app/command.h"
#include "app/demo_findings.h"
#include "app/demo_place.h"
#include "app/demo_rules.h"
#include "app/demo_show.h"
#include "app/demo_story.h"
#include "app/progress.h"
#include "app/rule_file.h"
#include "app/run_process.h"
#include "app/run_settings.h"
#include "app/telling.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"
#include "http/listen.h"
#include "kafka/embedded_cluster.h"
#include "kafka/kafka_out.h"
#include "kafka/topics.h"

namespace weir {
namespace {

constexpr const char* kTopic = "weir.demo.orders";
constexpr const char* kQuarantine = "weir.demo.orders.quarantine";
constexpr const char* kUsualListen = "127.0.0.1:8947";
constexpr int kPartitions = 3;
constexpr std::string_view kOurConfiguration = "# What the demo runs weir by: weir run -c weir.yml\n";
constexpr Duration kReach = std::chrono::seconds(10);

/// Not started: what stood in the way.
int refuse_start(Surroundings& surroundings, const Error& error) {
  return refuse(surroundings, error, ExitCode::kUnjudged, "the demo did not start");
}

/// As a single-quoted text of YAML.
std::string yaml_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

/// The Kafka of the demo: its brokers, and the embedded one where it is that.
struct DemoCluster {
  std::string brokers;
  std::unique_ptr<EmbeddedCluster> embedded;
  std::vector<std::string> made;  // topics of a real cluster that were missing
};

Result<DemoCluster> embedded_cluster() {
  Result<std::unique_ptr<EmbeddedCluster>> cluster = EmbeddedCluster::start();
  if (!cluster) return cluster.error();
  for (const char* const topic : {kTopic, kQuarantine}) {
    if (const Status made = (*cluster)->create_topic(topic, kPartitions); !made) return made.error();
  }
  DemoCluster demo;
  demo.brokers = (*cluster)->brokers();
  demo.embedded = *std::move(cluster);
  return demo;
}

/// A topic that was just made is not known to every broker at once; the demo need not begin with trouble about that. What is
/// amiss after a while the run itself will say.
void await_topics(KafkaTopics& topics, const std::vector<std::string>& names) {
  constexpr auto kPause = std::chrono::milliseconds(200);
  constexpr int kLooks = 25;
  for (int look = 0; look < kLooks; ++look) {
    const Result<std::vector<TopicFacts>> facts = topics.describe(names);
    const bool all_there = facts && std::all_of(facts->begin(), facts->end(), [](const TopicFacts& topic) {
                             return topic.exists && topic.leaderless == 0;
                           });
    if (all_there) return;
    std::this_thread::sleep_for(kPause);
  }
}

Result<DemoCluster> real_cluster(const std::string& brokers) {
  DemoCluster demo{.brokers = brokers, .embedded = nullptr, .made = {}};
  Result<std::unique_ptr<KafkaTopics>> topics = KafkaTopics::connect({.brokers = brokers}, kReach);
  if (!topics) return topics.error();
  const std::vector<std::string> names = {kTopic, kQuarantine};
  const Result<std::vector<TopicFacts>> facts = (*topics)->describe(names);
  if (!facts) return facts.error();
  for (const TopicFacts& topic : *facts) {
    if (topic.exists) continue;
    if (const Status made = (*topics)->create({.name = topic.name, .partitions = kPartitions}); !made)
      return made.error();
    demo.made.push_back(topic.name);
  }
  if (!demo.made.empty()) await_topics(**topics, demo.made);
  return demo;
}

/// The usual address, or any free port where somebody else has it.
std::string free_listen() {
  const Result<ListenAddress> usual = parse_listen_address(kUsualListen);
  const bool is_free = usual && listen_on(*usual);
  return is_free ? kUsualListen : "127.0.0.1:0";
}

std::string configuration(const DemoCluster& cluster, const std::string& run, const std::string& listen, Instant now) {
  std::string text(kOurConfiguration);
  text += "brokers: " + yaml_text(cluster.brokers) + "\n";
  text += "pipeline: weir-demo\n";
  text += "group: weir-demo-" + run + "\n";
  text += "state: {dir: state-" + run + "}\n";
  text += "snapshot_every: 5s\n";
  text += "web: {listen: " + yaml_text(listen) + ", samples: 5}\n";
  text += "log: {format: text}\n";
  text += "streams:\n";
  text += "  - topics: " + std::string(kTopic) + "\n";
  text += "    rules: rules.yml\n";
  // The orders of an earlier demo on the same cluster are none of this one's.
  if (cluster.embedded == nullptr) text += "    from: " + yaml_text(format_timestamp(now)) + "\n";
  return text;
}

/// A folder that was named may hold somebody's own configuration, which lies nowhere else.
Status check_folder(const DemoPlace& place) {
  if (!place.has("weir.yml")) return Done{};
  const Result<std::string> there = read_whole_file(place.path("weir.yml"));
  if (there && there->starts_with(kOurConfiguration)) return Done{};
  return Error{.message = place.path("weir.yml") + " is there, and is not the demo's: it is left as it is",
               .help = "--dir DIR: name another folder"};
}

/// The settings of a `weir run -c` with that file. Variables of the environment are meant for other runs. What is wrong with
/// rules that somebody changed is shown with its place.
Result<RunSettings> settings_of(const std::string& config, Surroundings& surroundings) {
  const Result<Arguments> arguments =
      Arguments::parse(*find_command("run"), {"--config", config}, [](const std::string&) { return std::nullopt; });
  if (!arguments) return arguments.error();
  FoundFaults faults;
  Result<std::optional<RunSettings>> settings = read_run_settings(*arguments, surroundings, faults);
  if (!settings) return settings.error();
  if (!*settings) {
    print(surroundings.err, render(faults.diagnostics, faults.sources, false));
    return Error{.message = "the rules or the configuration hold mistakes"};
  }
  return **std::move(settings);
}

std::string head(const DemoPlaces& places, const DemoCluster& cluster, const DemoPlace& place, bool own_rules) {
  std::string text = "weir demo: the orders of a shop, a Kafka, and weir beside it\n\n";
  text += "  kafka  " + visible(cluster.brokers) + (cluster.embedded != nullptr ? "  (in this process)\n" : "\n");
  for (const std::string& topic : cluster.made) text += "         the topic " + topic + " was missing and is made\n";
  text += "  topic  " + places.topic + ", failing records to " + places.quarantine + "\n";
  text += "  rules  " + visible(places.rules) + (own_rules ? "  (as they were there)\n" : "\n");
  text += "  log    " + visible(places.log) + "\n";
  if (place.is_new()) text += "         (its folder goes with the demo; --dir DIR keeps it)\n";
  return text + "\nCtrl-C ends it.\n\n";
}

/// How one types the name of this program: found by the shell, or else by its path.
std::string program_of(const Surroundings& surroundings) {
  std::error_code fault;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", fault);
  const std::string searched = ":" + surroundings.environment("PATH").value_or("") + ":";
  if (fault || searched.find(":" + self.parent_path().string() + ":") != std::string::npos) return "weir";
  const std::string near = std::filesystem::proximate(self, fault).string();
  return fault || near.starts_with("..") || near.find('/') == std::string::npos ? self.string() : near;
}

/// The last words, and the exit code.
int sum_up(const DemoShow& show, const DemoFindings& findings, const DemoPlaces& places, const DemoStyle& style,
           bool timed, int signal, Surroundings& surroundings) {
  const DemoScore::Counts counts = show.score().counts(show.seconds());
  print(surroundings.out, "\nWhat was to be seen\n\n" + show.score().table(show.seconds(), style) + "\n  " +
                              counted(findings.judged_records(), "record") + " judged, " +
                              with_commas(findings.set_aside()) + " put aside\n\n" +
                              demo_last_steps(places, timed, style));
  std::fflush(surroundings.out);
  const std::string seen = std::to_string(counts.seen) + " seen, " + std::to_string(counts.missing) + " missing, " +
                           std::to_string(counts.to_come) + " not begun";
  if (timed && signal != 0) {
    const int exit = 128 + signal;
    print(surroundings.err, "weir: ERROR exit=" + std::to_string(exit) + " (ended early: " + seen + ")\n");
    return exit;
  }
  const bool all = counts.missing == 0 && counts.seen > 0;
  const int exit = !timed || all ? ExitCode::kHolds : ExitCode::kFailed;
  print(surroundings.err, std::string("weir: ") + (exit == ExitCode::kHolds ? "PASS" : "FAIL") +
                              " exit=" + std::to_string(exit) + " (" + seen + ")\n");
  return exit;
}

struct DemoWishes {
  std::optional<std::string> brokers;
  std::optional<std::string> listen;
  std::optional<std::string> dir;
  std::optional<std::uint64_t> seconds;
};

int show_it(const DemoWishes& wishes, const DemoStyle& style, Surroundings& surroundings) {
  Result<DemoCluster> cluster = wishes.brokers ? real_cluster(*wishes.brokers) : embedded_cluster();
  if (!cluster) return refuse_start(surroundings, cluster.error());
  const Instant now = surroundings.wall_clock();
  char run[24] = {};
  std::snprintf(run, sizeof run, "%llx",
                static_cast<unsigned long long>(
                    std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count()));
  const std::string temporary = surroundings.environment("TMPDIR").value_or("");
  Result<std::unique_ptr<DemoPlace>> made = DemoPlace::make(wishes.dir, temporary.empty() ? "/tmp" : temporary, run);
  if (!made) return refuse_start(surroundings, made.error());
  DemoPlace& place = **made;
  if (const Status fits = check_folder(place); !fits) return refuse_start(surroundings, fits.error());
  const bool own_rules = place.has("rules.yml");
  if (!own_rules) {
    if (const Status written = place.write("rules.yml", demo_rules()); !written)
      return refuse_start(surroundings, written.error());
  }
  const std::string listen = wishes.listen ? *wishes.listen : free_listen();
  if (const Status written = place.write("weir.yml", configuration(*cluster, run, listen, now)); !written)
    return refuse_start(surroundings, written.error());
  Result<RunSettings> settings = settings_of(place.path("weir.yml"), surroundings);
  if (!settings) return refuse_start(surroundings, settings.error());
  settings->ask_about_outputs = cluster->embedded == nullptr;
  Result<std::unique_ptr<KafkaOut>> shop = KafkaOut::make({.brokers = cluster->brokers});
  if (!shop) return refuse_start(surroundings, shop.error());

  const DemoPlaces places{.brokers = cluster->brokers,
                          .topic = kTopic,
                          .quarantine = kQuarantine,
                          .page = "",
                          .rules = place.path("rules.yml"),
                          .config = place.path("weir.yml"),
                          .log = place.log_path(),
                          .program = program_of(surroundings)};
  print(surroundings.out, head(places, *cluster, place, own_rules));

  DemoFindings findings;
  std::unique_ptr<DemoShow> show;
  Surroundings of_run = surroundings;
  of_run.err = place.log();
  of_run.err_is_terminal = false;
  bool started = false;
  std::string host = listen.substr(0, listen.rfind(':'));
  if (host.empty() || host == "0.0.0.0" || host == "[::]") host = "127.0.0.1";
  RunCompany company{.observer = &findings,
                     .started =
                         [&](std::uint16_t port) {
                           started = true;
                           show->sidecar_started(port == 0 ? "" : "http://" + host + ":" + std::to_string(port));
                         },
                     .reloaded =
                         [&](bool successful) {
                           if (!successful) show->rules_refused();
                         },
                     .ends_with_terminal = true};
  RunProcess process(*settings, of_run, std::move(company));
  show = std::make_unique<DemoShow>(DemoShow::Options{.out = surroundings.out,
                                                      .style = style,
                                                      .places = places,
                                                      .seconds = wishes.seconds,
                                                      .wall_clock = surroundings.wall_clock,
                                                      .stopwatch = surroundings.stopwatch,
                                                      .end = [&process] { process.end(); }},
                                    *std::move(shop), findings);
  show->start();
  const int exit = process.run();
  show->stop();
  if (exit != ExitCode::kHolds) {
    place.keep();
    print(surroundings.err, place.end_of_log());
    print(surroundings.err, "weir: ERROR exit=3 (" + std::string(started ? "weir ended" : "the demo did not start") +
                                "; the log is " + visible(places.log) + ")\n");
    return ExitCode::kUnjudged;
  }
  return sum_up(*show, findings, places, style, wishes.seconds.has_value(), process.signal(), surroundings);
}

}  // namespace

int run_demo(const Arguments& arguments, Surroundings& surroundings) {
  DemoWishes wishes{.brokers = arguments.text("brokers"),
                    .listen = arguments.text("web.listen"),
                    .dir = arguments.text("dir"),
                    .seconds = std::nullopt};
  if (arguments.on("seconds")) wishes.seconds = arguments.count("seconds", 0);
  if (wishes.listen && *wishes.listen != "off") {
    if (const Result<ListenAddress> address = parse_listen_address(*wishes.listen); !address)
      return refuse_usage(surroundings, address.error());
  }
  DemoStyle style{.color = color_of_out(arguments, surroundings), .width = 80};
  if (surroundings.out_is_terminal)
    style.width = std::clamp<std::size_t>(static_cast<std::size_t>(terminal_width(surroundings)), 40, 100);
  return show_it(wishes, style, surroundings);
}

}  // namespace weir
