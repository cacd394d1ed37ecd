// SPDX-License-Identifier: Apache-2.0
// Fetches the schemas that somebody wants into the book, one after the other, in a thread of its own: whoever reads records
// says want() and goes on with other partitions.
//
// A schema that came stays. A refusal stays in the book as well, so that nothing that was decided turns undecided; who wants
// the key again after RegistrySettings::refused_for has it asked for again, and the answer replaces the refusal. While the
// registry is away the fetcher tries again after 100 ms, then twice as long each time up to 30 s, with jitter, and keys wait.
#pragma once

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include "registry/fetch_queue.h"
#include "registry/schema_source.h"
#include "weir/ports.h"
#include "weir/schemas.h"
#include "weir/time.h"

namespace weir {

/// How it is going: /readyz, metrics, logs.
struct RegistryStatus {
  std::uint64_t calls = 0;    // HTTP requests
  std::uint64_t fetched = 0;  // schemas that came
  std::uint64_t refused = 0;  // answers that there is no such schema, or none that can be used
  std::array<std::uint64_t, kRegistryFaults> failures{};  // by RegistryFault
  std::size_t known = 0;                                  // keys in the book, refused ones among them
  std::size_t waiting = 0;                                // keys that are wanted
  std::optional<Duration> away;                           // for so long; nothing: it answers, or was never asked
  std::optional<Duration> since_success;                  // nothing: it never answered
  std::string trouble;                                    // while away: one line, with the remedy
  bool standing = false;                                  // somebody has to do something about it
};

class SchemaFetcher {
 public:
  SchemaFetcher(std::unique_ptr<SchemaSource> source, std::shared_ptr<SchemaBook> book,
                Duration refused_for = std::chrono::seconds(60));
  ~SchemaFetcher();
  SchemaFetcher(SchemaFetcher&&) = delete;

  /// Asks for it unless it is known or asked for already. False: too many are wanted, say it again later. Never waits.
  bool want(std::string_view key);
  /// Wants them and waits until all are in the book, known or refused. False: the time is over, stop() was called, or there
  /// is a trouble that no waiting heals: status() says which.
  bool await(std::span<const std::string> keys, Duration timeout);
  /// Ends the thread, whatever it waits for. The book stays as it is.
  void stop();

  [[nodiscard]] RegistryStatus status() const;
  /// What /readyz says of it: "registry".
  [[nodiscard]] Readiness readiness() const;
  [[nodiscard]] const std::shared_ptr<SchemaBook>& book() const { return book_; }

 private:
  void run();
  void take(const std::string& key, SchemaReply reply);
  [[nodiscard]] static Duration now();

  std::unique_ptr<SchemaSource> source_;
  std::shared_ptr<SchemaBook> book_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  FetchQueue queue_;        // under mutex_, as everything below
  RegistryStatus counted_;  // the counts
  std::optional<Duration> answered_;
  std::uint64_t answers_ = 0;  // and failures
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace weir
