// SPDX-License-Identifier: Apache-2.0
#include "net/transfer.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace weir {
namespace {

// How long one look at the connection lasts at most; interrupt() wakes it.
constexpr int kLookMs = 1000;

void know_curl() {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(kReady);
}

long milliseconds(Duration time) {
  return std::max<long>(1, static_cast<long>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()));
}

}  // namespace

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; });
}

Transfer::Transfer()
    : multi_((know_curl(), curl_multi_init()), curl_multi_cleanup), easy_(curl_easy_init(), curl_easy_cleanup) {}

void Transfer::reset(Reach reach) {
  curl_easy_reset(easy());
  out_of_reach_.clear();
  // A connection that is kept was allowed by the reach of its own time.
  several_reaches_ = several_reaches_ || (reach_ && *reach_ != reach);
  if (several_reaches_) curl_easy_setopt(easy(), CURLOPT_FRESH_CONNECT, 1L);
  reach_ = reach;
  curl_easy_setopt(easy(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy(), CURLOPT_QUICK_EXIT, 1L);  // a name that is still looked up holds up nobody
  if (reach == Reach::Anywhere) return;
  curl_easy_setopt(easy(), CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
  curl_easy_setopt(easy(), CURLOPT_OPENSOCKETDATA, this);
}

curl_socket_t Transfer::open_socket(void* self, curlsocktype /*purpose*/, curl_sockaddr* address) {
  Transfer& transfer = *static_cast<Transfer*>(self);
  if (!is_within(transfer.reach_.value_or(Reach::Public), address->addr)) {
    transfer.out_of_reach_ = written_address(address->addr);
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void Transfer::set_tls(const TlsPapers& papers) {
  curl_easy_setopt(easy(), CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy(), CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(easy(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!papers.ca_file.empty()) {
    curl_easy_setopt(easy(), CURLOPT_CAINFO, papers.ca_file.c_str());
    curl_easy_setopt(easy(), CURLOPT_CAPATH, nullptr);  // these and nobody else
  }
  if (!papers.cert_file.empty()) curl_easy_setopt(easy(), CURLOPT_SSLCERT, papers.cert_file.c_str());
  if (!papers.key_file.empty()) curl_easy_setopt(easy(), CURLOPT_SSLKEY, papers.key_file.c_str());
}

void Transfer::set_time(Duration connect, Duration whole) {
  curl_easy_setopt(easy(), CURLOPT_CONNECTTIMEOUT_MS, milliseconds(std::min(connect, whole)));
  curl_easy_setopt(easy(), CURLOPT_TIMEOUT_MS, milliseconds(whole));
}

CURLcode Transfer::perform() {
  CURLcode result = CURLE_ABORTED_BY_CALLBACK;
  if (curl_multi_add_handle(multi_.get(), easy()) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
  int running = 1;
  while (!interrupted_) {
    if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) {
      result = CURLE_OUT_OF_MEMORY;
      break;
    }
    if (running == 0) {
      int more = 0;
      if (const CURLMsg* const said = curl_multi_info_read(multi_.get(), &more)) result = said->data.result;
      break;
    }
    curl_multi_poll(multi_.get(), nullptr, 0, kLookMs, nullptr);
  }
  curl_multi_remove_handle(multi_.get(), easy());
  return result;
}

void Transfer::interrupt() {
  interrupted_ = true;
  curl_multi_wakeup(multi_.get());
}

}  // namespace weir
