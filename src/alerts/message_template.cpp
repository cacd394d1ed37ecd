// SPDX-License-Identifier: Apache-2.0
#include "alerts/message_template.h"

#include <algorithm>
#include <array>
#include <optional>

#include "alerts/receiver_words.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/timestamp.h"

namespace weir {
namespace {

struct Name {
  std::string_view name;
  std::string_view summary;
  std::string (*value)(const Notification&, const Alert&);
};

using N = const Notification&;
using A = const Alert&;

constexpr std::array kNames = {
    Name{"stream", "the stream", [](N n, A) { return n.stream; }},
    Name{"pipeline", "the pipeline", [](N n, A) { return n.pipeline; }},
    Name{"instance", "the process that tells it", [](N n, A) { return n.instance; }},
    Name{"status", "`firing` or `resolved`", [](N, A a) { return std::string(status_of(a.state)); }},
    Name{"severity", "`error` or `warn`", [](N, A a) { return a.severity; }},
    Name{"rule", "the id of the rule", [](N, A a) { return a.rule; }},
    Name{"kind", "`window` or `drift`", [](N, A a) { return a.kind; }},
    Name{"field", "the field of a drift rule", [](N, A a) { return a.field; }},
    Name{"segment", "`country=DE, shop=7`; empty where rules know no segments", [](N, A a) { return segment_of(a); }},
    Name{"observed", "what was measured: `12.4 %`", [](N, A a) { return a.observed; }},
    Name{"expected", "what the rule wants: `<= 5 %`", [](N, A a) { return a.expected; }},
    Name{"cause", "what moved, or why nothing could be said", [](N, A a) { return a.cause; }},
    Name{"window", "the newest window that decided: from, to", [](N, A a) { return window_of(a); }},
    Name{"windows", "how many windows broke the rule since it began", [](N, A a) { return std::to_string(a.windows); }},
    Name{"since", "when it began", [](N, A a) { return format_timestamp(a.starts_at); }},
    Name{"until", "when it was over; empty while it fires",
         [](N, A a) { return a.ends_at ? format_timestamp(*a.ends_at) : std::string(); }},
    Name{"samples", "failing values, redacted, where `samples` asks for them", [](N, A a) { return samples_of(a); }},
    Name{"description", "why the rule is there", [](N, A a) { return a.description; }},
    Name{"runbook", "the link of the rule's runbook", [](N, A a) { return a.runbook; }},
    Name{"page", "the link of the status page", [](N n, A) { return n.page; }},
    Name{"tags", "the rule's tags", [](N, A a) { return tags_of(a); }},
    Name{"fingerprint", "the same for this rule and segment in every message", [](N, A a) { return a.fingerprint; }},
    Name{"headline", "what weir itself would say in one line", [](N n, A a) { return headline_of(n, a); }},
    Name{"count", "how many alerts the message has", [](N n, A) { return std::to_string(n.alerts.size()); }},
    Name{"still_firing", "how many others of the stream fire on",
         [](N n, A) { return std::to_string(n.still_firing); }},
};

constexpr std::size_t kMostValue = 500;  // code points

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

SourceSpan place_in(std::string_view text, std::size_t at, std::size_t length) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return {.file = {},
          .line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          .column = static_cast<int>(at - line_begin) + 1,
          .length = static_cast<int>(std::max<std::size_t>(length, 1))};
}

std::string quoted(std::string_view written) {
  return "`" + visible(written, 60) + "`";
}

Error unknown(std::string_view written, SourceSpan where) {
  Error error{.message = quoted(written) + " is no name that a template knows", .where = std::move(where)};
  std::vector<std::string_view> names;
  std::string all;
  for (const Name& name : kNames) {
    names.push_back(name.name);
    all += (all.empty() ? "" : ", ") + std::string(name.name);
  }
  const bool one_name = std::all_of(written.begin(), written.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (written.empty()) {
    error.message = "`{{ }}` has no name in it";
  } else if (!one_name) {
    error.help = "a name and nothing else: no filters, no conditions, no loops";
  } else if (const std::string_view meant = nearest(written, names); !meant.empty()) {
    error.label = "did you mean `" + std::string(meant) + "`?";
  }
  if (error.help.empty()) error.help = "there are: " + all;
  return error;
}

/// `{stream}`, `${stream}`, `{% if ... %}`: other tools' ways to write it, which here would be told as they stand.
std::optional<Error> other_tools_braces(std::string_view text) {
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    if (text.substr(at, 2) == "{{") {
      at = text.find_first_not_of('{', at) - 1;
      continue;
    }
    const std::size_t close = std::min(text.find('}', at), text.size());
    const std::string_view written = text.substr(at + 1, close - at - 1);
    const std::string_view inner = trimmed(written);
    if (text.substr(at, 2) == "{%")
      return Error{.message = "`{%` means nothing in a template",
                   .where = place_in(text, at, 2),
                   .help = "it has names in `{{ }}`: no filters, no conditions, no loops"};
    const bool known = std::any_of(kNames.begin(), kNames.end(), [&](const Name& name) { return name.name == inner; });
    if (known && close < text.size())
      return Error{.message = "`{" + std::string(inner) + "}` is no name: two braces make one",
                   .where = place_in(text, at, written.size() + 2),
                   .label = "write `{{ " + std::string(inner) + " }}`"};
  }
  return std::nullopt;
}

std::string with_breaks(std::string_view markup) {
  std::string out;
  for (const char c : markup) {
    if (c == '\n') out += "<br>";
    out += c;
  }
  return out;
}

/// What the operator wrote: of Slack it may be markup.
std::string scripted_text(const std::string& text, Script script) {
  if (script != Script::Html) return text;
  std::string out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += escape_markup(std::string_view(text).substr(begin, end - begin));
    if (end < text.size()) out += '\n';
    begin = end + 1;
  }
  return with_breaks(out);
}

std::string slack_text(std::string_view value, std::size_t code_points) {
  std::string out;
  for (const char c : visible(value, code_points)) {
    switch (c) {
      // Slack's three signs: without them there is no mention, no link and no command.
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      // Nothing escapes a backtick; one that looks like it cannot end a span of code.
      case '`': out += "\xCB\x8B"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace

std::string scripted(std::string_view value, Script script, std::size_t code_points) {
  switch (script) {
    case Script::Html: return escape_markup(value, code_points);
    case Script::Slack: return slack_text(value, code_points);
    case Script::Text: break;
  }
  return visible(value, code_points);
}

Result<MessageTemplate> MessageTemplate::parse(std::string_view text) {
  if (text.size() > kMostText)
    return Error{.message = "a template is at most " + human_bytes(kMostText) + " long",
                 .where = place_in(text, kMostText, 1)};
  if (!is_valid_utf8(text))
    return Error{.message = "the template is not UTF-8", .where = place_in(text, first_invalid_utf8(text), 1)};
  if (std::optional<Error> mistaken = other_tools_braces(text)) return *std::move(mistaken);
  MessageTemplate made;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = text.find("{{", at);
    if (open != at) made.pieces_.push_back({.text = std::string(text.substr(at, open - at))});
    if (open == std::string_view::npos) break;
    const std::size_t close = text.find("}}", open + 2);
    if (close == std::string_view::npos || text.substr(open + 2, close - open - 2).find("{{") != std::string_view::npos)
      return Error{.message = "`{{` is not closed", .where = place_in(text, open, 2), .label = "`}}` is missing"};
    const std::string_view written = trimmed(text.substr(open + 2, close - open - 2));
    const auto* const name =
        std::find_if(kNames.begin(), kNames.end(), [&](const Name& known) { return known.name == written; });
    if (name == kNames.end()) return unknown(written, place_in(text, open, close + 2 - open));
    made.pieces_.push_back({.text = {}, .name = static_cast<std::size_t>(name - kNames.begin())});
    at = close + 2;
  }
  return made;
}

std::string MessageTemplate::write(const Notification& notification, const Alert& alert, Script script) const {
  std::string out;
  for (const Piece& piece : pieces_) {
    if (piece.name == Piece::kText) {
      out += scripted_text(piece.text, script);
    } else {
      out += scripted(kNames[piece.name].value(notification, alert), script, kMostValue);
    }
  }
  return out;
}

std::vector<TemplateName> template_names() {
  std::vector<TemplateName> names;
  for (const Name& name : kNames) names.push_back({.name = name.name, .summary = name.summary});
  return names;
}

}  // namespace weir
