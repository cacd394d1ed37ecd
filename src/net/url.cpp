// SPDX-License-Identifier: Apache-2.0
#include "net/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "base/text.h"

namespace weir {
namespace {

constexpr std::size_t kMostShown = 200;

using Parsed = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(const Parsed& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK || text == nullptr) return "";
  std::string out(text);
  curl_free(text);
  return out;
}

bool begins_with_scheme(std::string_view url, std::string_view scheme) {
  return url.size() > scheme.size() && std::equal(scheme.begin(), scheme.end(), url.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

std::string quoted(std::string_view url) {
  return "`" + shorten(url, kMostShown) + "`";
}

}  // namespace

Result<UrlParts> parse_url(std::string_view url) {
  // Looked at first and by hand: what else is wrong with the URL, the message about it must not show a password.
  const std::size_t slashes = url.find("//");
  const std::string_view authority = slashes == std::string_view::npos ? url : url.substr(slashes + 2);
  if (authority.substr(0, authority.find_first_of("/?#")).find('@') != std::string_view::npos) {
    return Error{.message = "a URL has no user and no password in it",
                 .help = "it is written to logs: give them by themselves, `user` and `password_file`"};
  }
  if (!begins_with_scheme(url, "http://") && !begins_with_scheme(url, "https://"))
    return Error{.message = "a URL begins with http:// or https://, not like " + quoted(url),
                 .help = slashes == std::string_view::npos ? "put `http://` or `https://` before it" : ""};
  const Parsed parsed(curl_url(), curl_url_cleanup);
  const bool has_control =
      std::any_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= ' '; });
  const bool has_host = url.substr(url.find("//") + 2).find_first_of("/?#") != 0;
  if (has_control || !has_host || curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0) != CURLUE_OK)
    return Error{.message = quoted(url) + " is no URL",
                 .help = "it is written http://HOST:PORT/PATH, without blanks, the port at most 65535"};
  UrlParts parts{.server = {},
                 .scheme = part_of(parsed, CURLUPART_SCHEME),
                 .host = part_of(parsed, CURLUPART_HOST),
                 .port = part_of(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT),
                 .path = part_of(parsed, CURLUPART_PATH),
                 .has_query = !part_of(parsed, CURLUPART_QUERY).empty(),
                 .has_fragment = !part_of(parsed, CURLUPART_FRAGMENT).empty()};
  std::transform(parts.host.begin(), parts.host.end(), parts.host.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  parts.server = parts.scheme + "://" + parts.host + ":" + parts.port;
  return parts;
}

Status check_url(std::string_view url) {
  const Result<UrlParts> parts = parse_url(url);
  if (!parts) return parts.error();
  if (parts->has_query || parts->has_fragment)
    // What stands behind it may be a secret.
    return Error{.message = "the URL of a server ends with its path, without `?` and `#`: " +
                            quoted(std::string(url.substr(0, url.find_first_of("?#") + 1)) + "...")};
  return Done{};
}

std::string resolve_url(const std::string& url, const std::string& location) {
  const Parsed parsed(curl_url(), curl_url_cleanup);
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK ||
      curl_url_set(parsed.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK)
    return "";
  return part_of(parsed, CURLUPART_URL);
}

std::string url_step(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[static_cast<unsigned char>(c) >> 4];
      out += kDigits[static_cast<unsigned char>(c) & 15U];
    }
  }
  // A step of dots alone would lead somewhere else.
  if (out == "." || out == "..") return out == "." ? "%2E" : "%2E%2E";
  return out;
}

}  // namespace weir
