// SPDX-License-Identifier: Apache-2.0
// What every call over libcurl has: a handle, the connections that are kept for the next call, whom it believes, whose
// addresses it connects to, and an end that another thread can bring about.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/reach.h"
#include "weir/time.h"

namespace weir {

struct TlsPapers {
  std::string ca_file;  // empty: whom the system trusts
  std::string cert_file;
  std::string key_file;
};

/// Used by one thread at a time, but for interrupt().
class Transfer {
 public:
  Transfer();
  Transfer(Transfer&&) = delete;

  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  /// Forgets what was set for the call before. Connections stay, but where calls differ in reach.
  void reset(Reach reach);
  /// Certificates and host names are verified, by TLS 1.2 or later.
  void set_tls(const TlsPapers& papers);
  /// Of the whole transfer, and of connecting within it.
  void set_time(Duration connect, Duration whole);
  /// As curl_easy_perform(), but that interrupt() ends it.
  [[nodiscard]] CURLcode perform();
  /// Ends what is under way and every later transfer at once. Any thread.
  void interrupt();
  [[nodiscard]] bool interrupted() const { return interrupted_; }
  /// Why no connection was made: the address, where the reach does not cover it. Empty: that was not why.
  [[nodiscard]] const std::string& out_of_reach() const { return out_of_reach_; }

 private:
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);

  using Multi = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;
  using Easy = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
  Multi multi_;  // has the connections that are kept; outlives the handle
  Easy easy_;
  std::optional<Reach> reach_;
  bool several_reaches_ = false;
  std::string out_of_reach_;
  std::atomic<bool> interrupted_ = false;
};

/// What would write lines of a protocol that nobody asked for.
[[nodiscard]] bool has_control(std::string_view text);

}  // namespace weir
