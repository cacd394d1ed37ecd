// SPDX-License-Identifier: Apache-2.0
// A message posted to a URL, and what the answer means for it: taken, later, or never.
//
// What is sent goes to the server that was named and nowhere else: no redirect is followed, no link-local address is
// connected to. No secret is in what is said about it: of a URL only scheme, host and port are named, and what a server writes
// into a refusal is looked through for what it was sent.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/receiver.h"
#include "net/http_call.h"
#include "weir/alert_settings.h"

namespace weir {

class Poster {
 public:
  static constexpr Duration kLongestRetryAfter = std::chrono::hours(1);

  explicit Poster(ReceiverAccess access) : access_(std::move(access)) {}

  /// `secrets`: what must not be shown, besides the credentials and the URL's path. `limit`: where there is less time than the
  /// access has.
  [[nodiscard]] Told post(const std::string& url, const std::string& body, std::span<const std::string> secrets = {});
  [[nodiscard]] Told post(const std::string& url, const std::string& body, std::span<const std::string> secrets,
                          Duration limit);
  [[nodiscard]] Duration limit() const { return access_.timeout; }
  void interrupt() { http_.interrupt(); }

 private:
  ReceiverAccess access_;
  HttpCaller http_;
};

/// The URL of a receiver that has one: what stands in `url_file`, read again each time, or the first of `urls`.
[[nodiscard]] Result<std::string> url_of(const ReceiverSettings& settings);
/// A fault that stands before the call: a file that is not there may be there later.
[[nodiscard]] Told not_told(const Error& error);

/// What a server says of a refusal, in one short line; empty: nothing that helps, or something that was sent.
[[nodiscard]] std::string harmless_piece(std::string_view answer, std::string_view sent,
                                         std::span<const std::string> secrets);

}  // namespace weir
