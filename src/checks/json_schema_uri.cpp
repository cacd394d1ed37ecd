// SPDX-License-Identifier: Apache-2.0
#include "checks/json_schema_uri.h"

#include <cstddef>

namespace weir {

namespace {

struct Parts {
  std::string_view scheme;     // with its colon
  std::string_view authority;  // with its slashes
  std::string_view path;
  std::string_view query;     // with its question mark
  std::string_view fragment;  // with its hash
};

bool is_scheme_character(char c, bool first) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
}

Parts parts_of(std::string_view uri) {
  Parts out;
  const std::size_t hash = uri.find('#');
  if (hash != std::string_view::npos) {
    out.fragment = uri.substr(hash);
    uri = uri.substr(0, hash);
  }
  const std::size_t question = uri.find('?');
  if (question != std::string_view::npos) {
    out.query = uri.substr(question);
    uri = uri.substr(0, question);
  }
  std::size_t at = 0;
  while (at < uri.size() && is_scheme_character(uri[at], at == 0)) ++at;
  if (at > 0 && at < uri.size() && uri[at] == ':') {
    out.scheme = uri.substr(0, at + 1);
    uri = uri.substr(at + 1);
  }
  if (uri.starts_with("//")) {
    const std::size_t slash = uri.find('/', 2);
    out.authority = uri.substr(0, slash);
    uri = slash == std::string_view::npos ? std::string_view() : uri.substr(slash);
  }
  out.path = uri;
  return out;
}

std::string without_dots(std::string_view path) {
  std::vector<std::string_view> steps;
  const bool absolute = path.starts_with('/');
  if (absolute) path.remove_prefix(1);
  for (;;) {
    const std::size_t slash = path.find('/');
    const std::string_view step = path.substr(0, slash);
    const bool last = slash == std::string_view::npos;
    if (step == "..") {
      if (!steps.empty()) steps.pop_back();
      if (last) steps.emplace_back();
    } else if (step != "." || last) {
      steps.push_back(step == "." ? std::string_view() : step);
    }
    if (last) break;
    path = path.substr(slash + 1);
  }
  std::string out;
  for (const std::string_view step : steps) {
    if (!out.empty() || absolute) out += '/';
    out += step;
  }
  return out;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::string resolve_uri(std::string_view base, std::string_view reference) {
  const Parts r = parts_of(reference);
  const Parts b = parts_of(base);
  std::string out;
  const auto join = [&out](std::string_view scheme, std::string_view authority, const std::string& path,
                           std::string_view query, std::string_view fragment) {
    out += scheme;
    out += authority;
    out += path;
    out += query;
    if (fragment.size() > 1) out += fragment;
    return std::move(out);
  };
  if (!r.scheme.empty()) {
    const bool hierarchical = r.path.starts_with('/');
    return join(r.scheme, r.authority, hierarchical ? without_dots(r.path) : std::string(r.path), r.query, r.fragment);
  }
  if (!r.authority.empty()) return join(b.scheme, r.authority, without_dots(r.path), r.query, r.fragment);
  if (r.path.empty())
    return join(b.scheme, b.authority, std::string(b.path), r.query.empty() ? b.query : r.query, r.fragment);
  if (r.path.starts_with('/')) return join(b.scheme, b.authority, without_dots(r.path), r.query, r.fragment);
  const std::size_t slash = b.path.rfind('/');
  std::string path(slash == std::string_view::npos ? std::string_view() : b.path.substr(0, slash + 1));
  if (path.empty() && !b.authority.empty()) path = "/";
  path += r.path;
  return join(b.scheme, b.authority, without_dots(path), r.query, r.fragment);
}

SplitUri split_uri(std::string_view uri) {
  const std::size_t hash = uri.find('#');
  SplitUri out;
  out.document = uri.substr(0, hash);
  if (hash == std::string_view::npos) return out;
  const std::string_view coded = uri.substr(hash + 1);
  for (std::size_t i = 0; i < coded.size(); ++i) {
    if (coded[i] == '%' && i + 2 < coded.size() && hex(coded[i + 1]) >= 0 && hex(coded[i + 2]) >= 0) {
      out.fragment += static_cast<char>(hex(coded[i + 1]) * 16 + hex(coded[i + 2]));
      i += 2;
    } else {
      out.fragment += coded[i];
    }
  }
  return out;
}

std::vector<std::string> pointer_steps(std::string_view pointer) {
  std::vector<std::string> steps;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/') {
      steps.emplace_back();
    } else if (!steps.empty()) {
      const bool coded =
          pointer[i] == '~' && i + 1 < pointer.size() && (pointer[i + 1] == '0' || pointer[i + 1] == '1');
      steps.back() += coded ? (pointer[++i] == '0' ? '~' : '/') : pointer[i];
    }
  }
  return steps;
}

std::string pointer_to(const std::string& pointer, std::string_view step) {
  std::string out = pointer + '/';
  for (const char c : step) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace weir
