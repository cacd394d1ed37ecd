// SPDX-License-Identifier: Apache-2.0
#include "decode/envelope_sight.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace weir {

namespace {

bool is_white(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// What the keys of an object say. A key with an escape in it is nobody's here.
struct Members {
  std::size_t count = 0;
  char op = '\0';
  bool before = false;
  bool after = false;
  bool source = false;
  bool time = false;
  bool database = false;
  bool ddl = false;
  bool status = false;
  bool id = false;
  bool event_count = false;
  bool collections = false;
  bool marked = false;  // `__op`, `__deleted`
  bool specversion = false;
  bool typed = false;  // `type`: of a schema
  bool heartbeat = false;
  std::size_t schema = 0;  // places of the values among the positions; 0: none
  std::size_t payload = 0;
};

std::string_view text_at(const IndexedJson& json, std::size_t place) {
  const char* const begin = json.text.data() + json.positions[place] + 1;
  const std::size_t next = place + 1 < json.positions.size() ? json.positions[place + 1] : json.text.size();
  const char* end = json.text.data() + next - 1;
  while (end > begin && is_white(*end)) --end;
  return end >= begin ? std::string_view(begin, static_cast<std::size_t>(end - begin)) : std::string_view{};
}

/// Behind the value at `place`.
std::size_t behind(const IndexedJson& json, std::size_t place) {
  std::size_t depth = 0;
  for (; place < json.positions.size(); ++place) {
    const char c = json.text[json.positions[place]];
    if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return place;
      --depth;
    }
    if (depth == 0) return place + 1;
  }
  return place;
}

void note(const IndexedJson& json, std::string_view key, std::size_t value, Members& out) {
  const char c = json.text[json.positions[value]];
  const bool text = c == '"';
  if (key == "op") {
    const std::string_view op = text ? text_at(json, value) : std::string_view{};
    if (op.size() == 1 && std::string_view("curdtm").find(op[0]) != std::string_view::npos) out.op = op[0];
  } else if (key == "before") {
    out.before = c == '{' || c == 'n';
  } else if (key == "after") {
    out.after = c == '{' || c == 'n';
  } else if (key == "source") {
    out.source = c == '{';
  } else if (key == "ts_ms") {
    out.time = true;
  } else if (key == "databaseName") {
    out.database = true;
  } else if (key == "ddl" || key == "tableChanges") {
    out.ddl = true;
  } else if (key == "status") {
    const std::string_view status = text ? text_at(json, value) : std::string_view{};
    out.status = status == "BEGIN" || status == "END";
  } else if (key == "id") {
    out.id = text;
  } else if (key == "event_count") {
    out.event_count = true;
  } else if (key == "data_collections") {
    out.collections = true;
  } else if (key == kFlatOp || key == kFlatDeleted) {
    out.marked = true;
  } else if (key == "specversion") {
    out.specversion = text;
  } else if (key == "type") {
    out.typed = text;
  } else if (key == "name") {
    out.heartbeat = text && text_at(json, value) == "io.debezium.connector.common.Heartbeat";
  } else if (key == "schema") {
    out.schema = c == '{' || c == 'n' ? value : 0;
  } else if (key == "payload") {
    out.payload = value;
  }
}

/// Of the object at `place`; nothing counts where it is none.
Members members_at(const IndexedJson& json, std::size_t place) {
  Members out;
  const std::size_t size = json.positions.size();
  const auto at = [&json](std::size_t i) { return json.text[json.positions[i]]; };
  if (place >= size || at(place) != '{') return out;
  for (++place; place + 2 < size && at(place) == '"' && at(place + 1) == ':';) {
    note(json, text_at(json, place), place + 2, out);
    ++out.count;
    place = behind(json, place + 2);
    if (place >= size || at(place) != ',') break;
    ++place;
  }
  return out;
}

bool is_change(const Members& members, bool certain) {
  if (members.op == '\0') return false;
  if (certain) return members.before || members.after || members.source;
  return members.source && (members.before || members.after || members.op == 't' || members.op == 'm');
}

bool is_notice(const Members& members, bool certain) {
  if (members.source && members.database && members.ddl) return true;
  if (members.status && members.id && members.event_count && members.collections) return true;
  return certain && members.time && members.count == 1;
}

constexpr std::string_view kNoChange =
    "it is no change event: it has no `op` with `before`, `after` or `source`, and no `__op` or `__deleted`";
constexpr std::string_view kNoConnect = "it is no message with its schema: it is not made of `schema` and `payload`";
constexpr std::string_view kNoCloudEvent = "it is no CloudEvent: it has no `specversion`";

/// What an object is to Debezium. `outer` is its shape when it is none of them.
Sight look_for_change(const Members& members, Wrapping wanted, bool connect, Wrapping outer) {
  const bool certain = wanted == Wrapping::Debezium;
  if (is_change(members, certain))
    return {.shape = connect ? EnvelopeShape::ConnectDebezium : EnvelopeShape::Debezium,
            .wrapping = Wrapping::Debezium};
  const EnvelopeShape plain = connect ? EnvelopeShape::ConnectPlain : EnvelopeShape::Plain;
  if (is_notice(members, certain)) return {.shape = plain, .wrapping = Wrapping::Debezium, .notice = true};
  if (certain && !members.marked) return {.shape = plain, .wrapping = outer, .fault = kNoChange};
  return {.shape = plain, .wrapping = members.marked ? Wrapping::Debezium : outer};
}

template <std::size_t size>
bool begins(const char* at, const char (&key)[size]) {
  return std::memcmp(at, key, size - 1) == 0;
}

}  // namespace

bool begins_wrapped(const char* from, const char* to) {
  while (from < to && is_white(*from)) ++from;
  if (from == to || *from != '{') return false;
  for (++from; from < to && is_white(*from);) ++from;
  if (to - from < 5 || *from++ != '"') return false;
  switch (*from) {
    case 'a': return begins(from, "after\"");
    case 'b': return begins(from, "before\"");
    case 'd': return begins(from, "databaseName\"") || begins(from, "ddl\"");
    case 'o': return begins(from, "op\"");
    case 'p': return begins(from, "payload\"");
    case 's': return begins(from, "schema\"") || begins(from, "source\"") || begins(from, "status\"");
    case 't': return begins(from, "ts_") || begins(from, "transaction\"");
    default: return false;
  }
}

Sight look_at_json(const IndexedJson& json, Wrapping wanted) {
  if (wanted == Wrapping::None) return {};
  const Members members = members_at(json, 0);
  if (wanted == Wrapping::CloudEvents) {
    Sight out{.shape = EnvelopeShape::CloudEvents, .wrapping = Wrapping::CloudEvents};
    if (!members.specversion) out.fault = kNoCloudEvent;
    return out;
  }
  const bool both = members.count == 2 && members.schema != 0 && members.payload != 0;
  if (!both) {
    if (wanted == Wrapping::Connect) return {.fault = kNoConnect};
    return look_for_change(members, wanted, false, Wrapping::None);
  }
  const bool no_schema = json.text[json.positions[members.schema]] == 'n';
  const Members schema = members_at(json, members.schema);
  if (!no_schema && !schema.typed) {
    if (wanted == Wrapping::Auto) return {};
    return {.fault = wanted == Wrapping::Connect ? "its `schema` is no schema: it has no `type`" : kNoChange};
  }
  if (no_schema && wanted == Wrapping::Auto) return {};
  Sight out;
  if (wanted == Wrapping::Connect) {
    out = {.shape = EnvelopeShape::ConnectPlain, .wrapping = Wrapping::Connect};
  } else {
    out = look_for_change(members_at(json, members.payload), wanted, true, Wrapping::Connect);
    if (schema.heartbeat) out = {.shape = EnvelopeShape::ConnectPlain, .wrapping = Wrapping::Debezium, .notice = true};
  }
  if (json.text[json.positions[members.payload]] == 'n') {
    out.notice = true;
    out.fault = {};
  }
  const std::size_t from = json.positions[members.schema];
  const std::size_t end = behind(json, members.schema);
  if (!no_schema && end > 0) out.schema = json.text.substr(from, json.positions[end - 1] + 1 - from);
  return out;
}

Sight look_at_names(const std::vector<std::string>& names, Wrapping wanted) {
  if (wanted == Wrapping::None) return {};
  const auto has = [&names](std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  Members members;
  members.count = names.size();
  members.op = has("op") ? 'c' : '\0';
  members.before = has("before");
  members.after = has("after");
  members.source = has("source");
  members.time = has("ts_ms");
  members.database = has("databaseName");
  members.ddl = has("ddl") || has("tableChanges");
  members.status = has("status");
  members.id = has("id");
  members.event_count = has("event_count");
  members.collections = has("data_collections");
  members.marked = has(kFlatOp) || has(kFlatDeleted);
  switch (wanted) {
    case Wrapping::Connect: return {.fault = kNoConnect};
    case Wrapping::CloudEvents: return {.fault = kNoCloudEvent};
    default: return look_for_change(members, wanted, false, Wrapping::None);
  }
}

}  // namespace weir
