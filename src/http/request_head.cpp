// SPDX-License-Identifier: Apache-2.0
#include "http/request_head.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace weir {

namespace {

constexpr std::string_view kLineEnd = "\r\n";

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return lower(c); });
  return out;
}

/// RFC 9110, `tchar`.
bool is_token_char(char c) noexcept {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || kMarks.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_header_value_char(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return c == '\t' || (byte >= 0x20 && byte != 0x7F);
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

HeadRead refused(int status, std::string_view reason) {
  return {.refused = status, .reason = std::string(reason), .head = {}};
}

/// Takes a line off the front, without its end; nothing when it has none.
std::optional<std::string_view> take_line(std::string_view& text) noexcept {
  const std::size_t end = text.find(kLineEnd);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + kLineEnd.size());
  return line;
}

HeadRead read_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : line.find(' ', first + 1);
  if (second == std::string_view::npos) return refused(400, "the request line needs a method, a target and a version");
  const std::string_view method = line.substr(0, first);
  const std::string_view target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);
  if (!is_token(method)) return refused(400, "the method is no name");
  if (target.size() > kTargetBytes) return refused(414, "the target is longer than 4 KiB");
  if (!target.starts_with('/')) return refused(400, "the target has to begin with a slash");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return refused(505, "HTTP/1.1 or HTTP/1.0, please");
  const bool plain = std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (!plain || target.find('#') != std::string_view::npos) return refused(400, "the target holds a forbidden byte");
  HeadRead read;
  read.head.method = std::string(method);
  read.head.target = std::string(target);
  return read;
}

/// Adds one header line; a reason to refuse it, or empty.
std::string_view add_header(RequestHead& head, std::string_view line) {
  if (head.headers.size() == kHeaders) return "more than 64 headers";
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return "a header without a colon";
  if (!is_token(line.substr(0, colon))) return "a header whose name is no name";
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!std::all_of(value.begin(), value.end(), is_header_value_char)) return "a header with a control character";
  head.headers.emplace_back(lower(line.substr(0, colon)), std::string(value));
  return {};
}

std::size_t count_of(const RequestHead& head, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(head.headers.begin(), head.headers.end(),
                                                [name](const auto& header) { return header.first == name; }));
}

/// The length of the body, or nothing when it is no number.
std::optional<std::size_t> body_bytes_of(std::string_view digits) noexcept {
  std::size_t bytes = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
  if (fault == std::errc::result_out_of_range) return static_cast<std::size_t>(-1);
  if (fault != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return bytes;
}

HeadRead with_body(HeadRead read) {
  RequestHead& head = read.head;
  if (count_of(head, "transfer-encoding") > 0) return refused(501, "a body has to come with a Content-Length");
  const std::size_t lengths = count_of(head, "content-length");
  if (lengths == 0) return read;
  if (lengths > 1) return refused(400, "more than one Content-Length");
  const std::optional<std::size_t> bytes = body_bytes_of(head.header("content-length"));
  if (!bytes) return refused(400, "the Content-Length is no number");
  const bool may_have = head.method == "POST" || head.method == "PUT";
  if (*bytes > (may_have ? kBodyBytes : 0)) return refused(413, "a body of that size is not taken here");
  head.body_bytes = *bytes;
  return read;
}

bool is_lifecycle(std::string_view path) noexcept {
  return path == "/-/reload" || path == "/-/quit";
}

}  // namespace

std::string_view RequestHead::header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [name](const auto& header) { return header.first == name; });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::size_t end_of_head(std::string_view received, std::size_t from) noexcept {
  constexpr std::string_view kBlank = "\r\n\r\n";
  const std::size_t at = received.find(kBlank, from < kBlank.size() ? 0 : from - kBlank.size() + 1);
  return at == std::string_view::npos ? at : at + kBlank.size();
}

HeadRead read_head(std::string_view text, bool lifecycle) {
  const std::optional<std::string_view> first = take_line(text);
  if (!first) return refused(400, "the request has no line");
  HeadRead read = read_request_line(*first);
  if (read.refused != 0) return read;
  for (;;) {
    const std::optional<std::string_view> line = take_line(text);
    if (!line) return refused(400, "the headers have no end");
    if (line->empty()) break;
    const std::string_view fault = add_header(read.head, *line);
    if (!fault.empty()) return refused(read.head.headers.size() == kHeaders ? 431 : 400, fault);
  }
  const std::size_t hosts = count_of(read.head, "host");
  if (hosts > 1 || (hosts == 0 && first->ends_with("1.1"))) return refused(400, "one Host header, please");
  read.head.host = std::string(read.head.header("host"));
  const std::string& method = read.head.method;
  const bool posts = (method == "POST" || method == "PUT") && lifecycle && is_lifecycle(read.head.path());
  if (method != "GET" && method != "HEAD" && !posts) return refused(405, "GET and HEAD only");
  return with_body(std::move(read));
}

bool accepts_gzip(std::string_view accept_encoding) noexcept {
  while (!accept_encoding.empty()) {
    const std::size_t comma = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view item = trimmed(accept_encoding.substr(0, comma));
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    if (trimmed(item.substr(0, semicolon)) != "gzip") continue;
    const std::string_view weight = semicolon == item.size() ? "" : trimmed(item.substr(semicolon + 1));
    return !weight.starts_with("q=0") || weight.find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

}  // namespace weir
