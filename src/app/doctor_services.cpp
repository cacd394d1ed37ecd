// SPDX-License-Identifier: Apache-2.0
// The servers beside the brokers: the registry, each of its URLs, and weir's own web server, which is there already when
// a weir runs.
#include <algorithm>
#include <variant>

#include "app/doctor_probes.h"
#include "app/rule_file.h"
#include "base/text.h"
#include "config/values.h"
#include "http/listen.h"
#include "net/http_call.h"
#include "registry/registry_caller.h"

namespace weir {
namespace {

constexpr Duration kShort = std::chrono::seconds(2);
constexpr Duration kLong = std::chrono::seconds(5);
constexpr std::size_t kMostLines = 40;

DoctorFinding finding(std::string subject, DoctorVerdict verdict, std::string message, std::string remedy = "") {
  return {
      .subject = std::move(subject), .verdict = verdict, .message = std::move(message), .remedy = std::move(remedy)};
}

std::string remedy_of(RegistryFault fault) {
  switch (fault) {
    case RegistryFault::Login: return "check `user` and `password_file`, or `token_file`, of `registry`";
    case RegistryFault::Tls: return "check `ca_file`, and the name in the registry's certificate";
    case RegistryFault::Answer: return "check the URL of `registry`";
    default: return "is it up, and is its URL right? Records that need a schema wait for it";
  }
}

/// A small question that every registry of this kind answers, and only to whom it lets in.
RegistryAnswer ask_registry(const RegistrySettings& settings) {
  RegistryCaller caller(settings);
  RegistryAnswer answer = caller.ask_shortly("schemas/types");
  if (answer.kind == RegistryAnswer::Kind::NoPath) answer = caller.ask_shortly("config");
  return answer;
}

struct ListenPlace {
  std::string host;
  std::string port;
};

ListenPlace place_to_ask(const HostPort& listen) {
  const bool every = listen.host.empty() || listen.host == "0.0.0.0" || listen.host == "::";
  return {.host = every ? "127.0.0.1" : listen.host, .port = std::to_string(listen.port)};
}

/// Lines of `/readyz?verbose`: "[+] orders/loop ok", "[-] orders/broker: kafka:9092 does not answer", "ready".
void add_readiness(const std::string& listen, const std::string& body, DoctorFindings& out) {
  std::vector<std::string> missing;
  std::size_t fine = 0;
  for (std::size_t begin = 0; begin < body.size();) {
    const std::size_t end = std::min(body.find('\n', begin), body.size());
    const std::string line = body.substr(begin, end - begin);
    begin = end + 1;
    if (line.starts_with("[+] ")) ++fine;
    if (line.starts_with("[-] ") && missing.size() < kMostLines) missing.push_back(line.substr(4));
  }
  if (missing.empty()) {
    out.push_back(finding("web", DoctorVerdict::Ok,
                          listen + ": a weir that runs answers: ready, " + counted(fine, "thing") + " looked at"));
    return;
  }
  for (const std::string& line : missing)
    out.push_back(finding("web", DoctorVerdict::Bad, listen + ": the weir that runs is not ready: " + line,
                          "see `/readyz?verbose` and its log"));
}

/// What listens there; whether it is a weir is seen by its answer.
void ask_listener(const DoctorCase& of, const std::string& listen, const ListenPlace& place, DoctorFindings& out) {
  const std::string host = place.host.find(':') == std::string::npos ? place.host : "[" + place.host + "]";
  HttpCall call{.connect_timeout = kShort, .timeout = kShort};
  call.url = (of.settings.web.tls ? "https://" : "http://") + host + ":" + place.port + "/readyz?verbose";
  // Its own certificate vouches for it here: this is asked of the machine that weir runs on.
  if (of.settings.web.tls) call.ca_file = of.settings.web.tls->cert_file;
  HttpCaller caller;
  const HttpOutcome outcome = caller.call(call);
  if (const HttpFailure* const failure = std::get_if<HttpFailure>(&outcome)) {
    const bool tls = failure->fault == HttpFault::Tls && of.settings.web.tls;
    out.push_back(finding("web", tls ? DoctorVerdict::Skipped : DoctorVerdict::Bad,
                          listen + ": something listens there" +
                              (tls ? ", and could not be asked over TLS: " : ", and it is no weir: ") +
                              failure->error.message,
                          tls ? "ask it yourself: `curl https://HOST:PORT/readyz?verbose`"
                              : "another address: `--web.listen HOST:PORT`, or `--web.listen off`"));
    return;
  }
  const HttpAnswer& answer = std::get<HttpAnswer>(outcome);
  const bool is_weir = answer.body.find("[+] ") != std::string::npos || answer.body.find("[-] ") != std::string::npos;
  if (is_weir) {
    add_readiness(listen, answer.body, out);
  } else if (answer.status == 401 && !of.settings.web.users.empty()) {
    out.push_back(finding("web", DoctorVerdict::Ok, listen + ": a server with a password answers, as weir's would"));
  } else {
    out.push_back(
        finding("web", DoctorVerdict::Bad,
                listen + ": another server has this address (it answers " + std::to_string(answer.status) + ")",
                "another address: `--web.listen HOST:PORT`, or `--web.listen off`"));
  }
}

}  // namespace

DoctorFindings look_at_registry(const DoctorCase& of) {
  DoctorFindings out;
  const RegistrySettings& registry = of.settings.config.registry.value;
  if (registry.urls.empty()) {
    out.push_back(finding("registry", DoctorVerdict::Ok, "none is configured"));
    return out;
  }
  std::vector<TimedQuestion<RegistryAnswer>> asked;
  for (const std::string& url : registry.urls) {
    RegistrySettings one = registry;
    one.urls = {url};
    asked.emplace_back([one] { return ask_registry(one); });
  }
  const auto end = std::chrono::steady_clock::now() + kLong;
  std::vector<RegistryAnswer> answers;
  for (TimedQuestion<RegistryAnswer>& one : asked) {
    answers.push_back(one.wait_until(end).value_or(
        RegistryAnswer{.reason = "no answer within 5 s", .fault = RegistryFault::Timeout}));
  }
  const auto answered = [](const RegistryAnswer& answer) {
    return answer.kind == RegistryAnswer::Kind::Found || answer.kind == RegistryAnswer::Kind::Unknown;
  };
  const bool any = std::any_of(answers.begin(), answers.end(), answered);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answered(answers[i])) {
      out.push_back(finding("registry", DoctorVerdict::Ok, registry.urls[i] + " answers, and lets weir in"));
    } else {
      const std::string& reason = answers[i].reason;
      out.push_back(
          finding("registry", any ? DoctorVerdict::Warn : DoctorVerdict::Bad,
                  (reason.find(registry.urls[i]) == std::string::npos ? registry.urls[i] + ": " : "") + reason,
                  remedy_of(answers[i].fault)));
    }
  }
  return out;
}

DoctorFindings look_at_web(const DoctorCase& of) {
  DoctorFindings out;
  const std::string& listen = of.settings.config.web.listen.value;
  if (listen == "off") {
    out.push_back(finding("web", DoctorVerdict::Ok, "off: no metrics, no health"));
    return out;
  }
  const std::optional<HostPort> parsed = parse_host_port(listen);
  if (!parsed) return out;  // told by the configuration
  const ListenPlace place = place_to_ask(*parsed);
  if (parsed->port != 0 && try_connect(place.host, place.port, kShort)) {
    ask_listener(of, listen, place, out);
    return out;
  }
  const Result<ListenAddress> address = parse_listen_address(listen);
  const Status bound = !address ? Status(address.error()) : [&]() -> Status {
    const Result<Descriptor> socket = listen_on(*address);  // given back at once
    return socket ? Status(Done{}) : Status(socket.error());
  }();
  if (bound) {
    out.push_back(finding("web", DoctorVerdict::Ok, listen + " is free: no weir runs there yet"));
  } else {
    out.push_back(
        finding("web", DoctorVerdict::Bad, bound.error().message,
                bound.error().help.empty() ? "another address: `--web.listen HOST:PORT`" : bound.error().help));
  }
  return out;
}

}  // namespace weir
