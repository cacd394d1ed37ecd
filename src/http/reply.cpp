// SPDX-License-Identifier: Apache-2.0
#include "http/reply.h"

#include <algorithm>
#include <cctype>

namespace weir {

namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

void add(std::string& text, const WebHeaders& headers) {
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
}

}  // namespace

WebHeaders headers_of_every_answer(const WebConfig& config) {
  WebHeaders headers = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
       "trusted-types 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Cache-Control", std::string(kKeepNothing)},
  };
  for (const auto& [name, value] : config.headers) {
    const auto found = std::find_if(headers.begin(), headers.end(),
                                    [&name = name](const auto& header) { return same_name(header.first, name); });
    if (found == headers.end()) {
      headers.emplace_back(name, value);
    } else {
      found->second = value;
    }
  }
  return headers;
}

std::string_view phrase_of(int status) noexcept {
  switch (status) {
    case 200: return "OK";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 421: return "Misdirected Request";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

std::string plain_answer(int status, std::string_view text, const WebHeaders& headers, const WebHeaders& extra) {
  std::string answer = "HTTP/1.1 " + std::to_string(status) + " " + std::string(phrase_of(status)) + "\r\n";
  add(answer, headers);
  add(answer, extra);
  answer += "Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: " +
            std::to_string(text.size() + 1) + "\r\n\r\n";
  answer += text;
  answer += '\n';
  return answer;
}

}  // namespace weir
