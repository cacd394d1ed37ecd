// SPDX-License-Identifier: Apache-2.0
// What instances answer, as the examples of docs/http.md have it, for the tests of `weir top`.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "app/top_model.h"
#include "base/timestamp.h"

namespace weir::testing {

inline JsonValue json(const std::string& text) {
  Result<JsonValue> parsed = parse_json(text);
  REQUIRE(parsed.ok());
  return *std::move(parsed);
}

inline Instant noon(int seconds = 0) {
  return *parse_timestamp("2026-01-31T12:00:00Z") + std::chrono::seconds(seconds);
}

/// An instance that is up, with the stream `orders`; `rules` is the inside of a list.
inline TopLook look_of(const std::string& instance, const std::string& rules, int records = 1000, int lag = 58) {
  TopLook look;
  look.url = "http://" + instance + ":8947";
  REQUIRE(read_streams(json(R"({"version":"1.2.3","pipeline":"shop","group":"weir-shop","instance":")" + instance +
                            R"(","started":"2026-01-31T11:00:00Z","now":"2026-01-31T12:00:00Z","streams":[
      {"stream":"orders","phase":"running","ready":true,"not_ready":[],"topics":["orders"],"partitions":2,"lag":)" +
                            std::to_string(lag) + R"(,"records":)" + std::to_string(records) +
                            R"(,"undecodable":2,"quarantined":3,"kept_out":0,"late":4,"future":0,"untimed":0,
      "watermark":"2026-01-31T11:59:50Z","rebalances":0,"state_bytes":0,"samples_per_rule":1,"troubles":[]}]})"),
                       look)
              .ok());
  REQUIRE(read_rules(json("{\"rules\":[" + rules + "]}"), look).ok());
  return look;
}

inline TopLook away(const std::string& url, const std::string& fault) {
  TopLook look;
  look.url = url;
  look.fault = fault;
  look.away_since = noon(-120);
  return look;
}

/// `alerts` is the inside of a list.
inline TopLook with_alerts(TopLook look, const std::string& alerts, int left_out = 0) {
  REQUIRE(
      read_alerts(json("{\"alerts\":[" + alerts + "],\"receivers\":[],\"left_out\":" + std::to_string(left_out) + "}"),
                  look)
          .ok());
  return look;
}

inline std::string alert(const std::string& fingerprint, const std::string& rule, const std::string& more = "") {
  return R"({"fingerprint":")" + fingerprint + R"(","state":"firing","stream":"orders","rule":")" + rule +
         R"(","segment":{"country":"DE"},"severity":"error","starts_at":"2026-01-31T11:58:00Z","silenced":false,
      "silenced_why":null,"told":[{"receiver":"hook","state":"firing","at":"2026-01-31T11:58:01Z"}])" +
         more + "}";
}

inline std::string record_rule(const std::string& id, const std::string& outcome, int failed,
                               const std::string& last_failed = "2026-01-31T11:59:58Z") {
  const std::string time = failed > 0 ? "\"" + last_failed + "\"" : "null";
  return R"({"stream":"orders","id":")" + id + R"(","kind":"record","field":"amount","check":"max","severity":"error",
      "on_fail":"quarantine","outcome":")" +
         outcome + R"(","evaluated":998,"failed":)" + std::to_string(failed) + R"(,"skipped":0,"quarantined":)" +
         std::to_string(failed) + R"(,"last_failed":)" + time + R"(,"failing_since":)" + time +
         R"(,"expected":"<= 100000","when":null,"description":null,"runbook":null,
      "tags":[]})";
}

/// `end`: of its newest window, a minute of 11 o'clock.
inline std::string window_rule(const std::string& id, const std::string& outcome, int end, int observed) {
  const std::string minute = (end < 10 ? "0" : "") + std::to_string(end);
  const std::string before = (end < 11 ? "0" : "") + std::to_string(end - 1);
  return R"({"stream":"orders","id":")" + id + R"(","kind":"window","field":null,"check":"must","severity":"error",
      "on_fail":null,"outcome":")" +
         outcome + R"(","evaluated":2,"failed":1,"warned":0,"no_data":0,"inconclusive":0,
      "errors":0,"failing_since":"2026-01-31T11:)" +
         before + R"(:00Z","newest":{"window":{"start":"2026-01-31T11:)" + before + R"(:00Z","end":"2026-01-31T11:)" +
         minute + R"(:00Z"},"segment":{"country":"DE"},"outcome":")" + outcome + R"(","observed":)" +
         std::to_string(observed) + R"(,"expected":">= 100","by_clock":true},
      "expected":"row_count >= 100","when":null,"description":null,"runbook":null,"tags":[]})";
}

}  // namespace weir::testing
