// SPDX-License-Identifier: Apache-2.0
// Writes and reads summaries of runs. A file is believed only when its checksum holds, and even then every number of it
// is looked at before it is used.
#include "app/summary_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "base/json_value.h"
#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/text.h"

namespace weir {
namespace {

constexpr std::string_view kMagic = "weir summary ";
constexpr std::string_view kLayout = "1";
constexpr std::size_t kDigest = 64;
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

void write_texts(JsonWriter& json, std::string_view key, const std::map<std::string, std::string>& texts) {
  json.key(key).begin_object();
  for (const auto& [name, text] : texts) json.field(name, text);
  json.end_object();
}

/// JSON holds texts; bytes that are none (a set in another character set) go as hexadecimal digits.
std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view digits) {
  std::string out;
  if (digits.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, fault] = std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    if (fault != std::errc() || end != digits.data() + i + 2) return std::nullopt;
    out += static_cast<char>(byte);
  }
  return out;
}

void write_files(JsonWriter& json, const std::map<std::string, std::string>& files) {
  std::map<std::string, std::string> texts;
  std::map<std::string, std::string> others;
  for (const auto& [path, content] : files) {
    is_valid_utf8(content) ? texts[path] = content : others[path] = to_hex(content);
  }
  write_texts(json, "files", texts);
  write_texts(json, "files_hex", others);
}

template <class List>
void write_list(JsonWriter& json, std::string_view key, const List& texts) {
  json.key(key).begin_array();
  for (const std::string& text : texts) json.value(text);
  json.end_array();
}

void write_samples(JsonWriter& json, const std::vector<Sample>& samples) {
  json.key("samples").begin_array();
  for (const Sample& sample : samples) {
    json.begin_object();
    json.field("rule", std::uint64_t{sample.rule}).field("input", std::uint64_t{sample.input});
    json.field("line", sample.line).field("offset", sample.offset);
    json.field("value", sample.value).field("reason", sample.reason);
    json.end_object();
  }
  json.end_array();
}

void write_inputs(JsonWriter& json, const std::vector<InputReport>& inputs) {
  json.key("inputs").begin_array();
  for (const InputReport& input : inputs) {
    json.begin_object();
    json.field("path", input.path).field("stream", input.stream);
    json.field("records", input.records).field("bytes", input.bytes).field("undecodable", input.undecodable);
    const EnvelopeCounts& found = input.envelopes;
    if (found.any() || found.notices > 0) {
      json.key("envelopes").begin_object();
      json.field("none", found.in(Wrapping::None)).field("debezium", found.in(Wrapping::Debezium));
      json.field("cloudevents", found.in(Wrapping::CloudEvents)).field("connect", found.in(Wrapping::Connect));
      json.field("removals", found.removals).field("snapshots", found.snapshots).field("notices", found.notices);
      json.end_object();
    }
    json.end_object();
  }
  json.end_array();
}

std::string header_of(const RunSummary& summary) {
  JsonWriter json;
  json.begin_object();
  json.field("ruleset", summary.ruleset).field("rules_file", summary.rules_file);
  write_files(json, summary.files);
  write_texts(json, "vars", summary.vars);
  write_texts(json, "environment", summary.environment);
  write_list(json, "redact", summary.redact);
  write_list(json, "selected", summary.selected);
  json.field("now", std::int64_t{summary.now.time_since_epoch().count()});
  write_inputs(json, summary.inputs);
  write_samples(json, summary.samples);
  write_list(json, "warnings", summary.warnings);
  write_list(json, "runs", summary.runs);
  json.end_object();
  return json.take();
}

/// Reads members of JSON objects; what is missing or of another type makes the whole of it wrong.
class Reader {
 public:
  [[nodiscard]] bool ok() const noexcept { return ok_; }

  const JsonValue& member(const JsonValue& object, std::string_view key, JsonValue::Type type) {
    static const JsonValue kNone;
    const JsonValue* const found = object.find(key);
    if (found != nullptr && found->type == type) return *found;
    ok_ = false;
    return kNone;
  }
  std::string text(const JsonValue& object, std::string_view key) {
    return member(object, key, JsonValue::Type::Text).text;
  }
  template <class Number>
  Number whole(const JsonValue& value) {
    Number number = 0;
    const char* const end = value.text.data() + value.text.size();
    const auto [read, fault] = std::from_chars(value.text.data(), end, number);
    ok_ = ok_ && value.type == JsonValue::Type::Number && fault == std::errc() && read == end;
    return number;
  }
  template <class Number>
  Number whole(const JsonValue& object, std::string_view key) {
    return whole<Number>(member(object, key, JsonValue::Type::Number));
  }
  std::map<std::string, std::string> texts(const JsonValue& object, std::string_view key) {
    std::map<std::string, std::string> out;
    for (const auto& [name, value] : member(object, key, JsonValue::Type::Object).members) {
      ok_ = ok_ && value.type == JsonValue::Type::Text;
      out[name] = value.text;
    }
    return out;
  }
  std::vector<std::string> list(const JsonValue& object, std::string_view key) {
    std::vector<std::string> out;
    for (const JsonValue& value : member(object, key, JsonValue::Type::Array).items) {
      ok_ = ok_ && value.type == JsonValue::Type::Text;
      out.push_back(value.text);
    }
    return out;
  }

  EnvelopeCounts envelopes(const JsonValue& found) {
    EnvelopeCounts out;
    constexpr std::pair<Wrapping, std::string_view> kNames[] = {{Wrapping::None, "none"},
                                                                {Wrapping::Debezium, "debezium"},
                                                                {Wrapping::CloudEvents, "cloudevents"},
                                                                {Wrapping::Connect, "connect"}};
    for (const auto& [wrapping, name] : kNames)
      out.wrapped[static_cast<std::size_t>(wrapping)] = whole<std::uint64_t>(found, name);
    out.removals = whole<std::uint64_t>(found, "removals");
    out.snapshots = whole<std::uint64_t>(found, "snapshots");
    out.notices = whole<std::uint64_t>(found, "notices");
    return out;
  }

  std::vector<InputReport> inputs(const JsonValue& header) {
    std::vector<InputReport> out;
    for (const JsonValue& value : member(header, "inputs", JsonValue::Type::Array).items) {
      InputReport& input = out.emplace_back();
      input.path = text(value, "path");
      input.stream = text(value, "stream");
      input.records = whole<std::uint64_t>(value, "records");
      input.bytes = whole<std::uint64_t>(value, "bytes");
      input.undecodable = whole<std::uint64_t>(value, "undecodable");
      if (const JsonValue* const found = value.find("envelopes")) input.envelopes = envelopes(*found);
    }
    return out;
  }

  std::vector<Sample> samples(const JsonValue& header, std::size_t inputs) {
    std::vector<Sample> out;
    for (const JsonValue& value : member(header, "samples", JsonValue::Type::Array).items) {
      Sample& sample = out.emplace_back();
      sample.rule = whole<std::uint32_t>(value, "rule");
      sample.input = whole<std::uint32_t>(value, "input");
      sample.line = whole<std::uint64_t>(value, "line");
      sample.offset = whole<std::uint64_t>(value, "offset");
      sample.value = text(value, "value");
      sample.reason = text(value, "reason");
      ok_ = ok_ && sample.input < inputs;
    }
    return out;
  }

 private:
  bool ok_ = true;
};

bool read_header(std::string_view written, RunSummary& out) {
  const Result<JsonValue> header = parse_json(written);
  if (!header) return false;
  Reader reader;
  out.ruleset = reader.text(*header, "ruleset");
  out.rules_file = reader.text(*header, "rules_file");
  out.files = reader.texts(*header, "files");
  for (const auto& [path, digits] : reader.texts(*header, "files_hex")) {
    std::optional<std::string> content = from_hex(digits);
    if (!content) return false;
    out.files[path] = std::move(*content);
  }
  out.vars = reader.texts(*header, "vars");
  out.environment = reader.texts(*header, "environment");
  out.redact = reader.list(*header, "redact");
  out.selected = reader.list(*header, "selected");
  out.now = Instant(Duration(reader.whole<std::int64_t>(*header, "now")));
  out.inputs = reader.inputs(*header);
  out.samples = reader.samples(*header, out.inputs.size());
  out.warnings = reader.list(*header, "warnings");
  for (std::string& run : reader.list(*header, "runs")) out.runs.insert(std::move(run));
  return reader.ok();
}

/// Takes a line off the front.
std::string_view take_line(std::string_view& bytes) {
  const std::size_t end = bytes.find('\n');
  const std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  return line;
}

}  // namespace

std::set<std::string> runs_of(const RunSummary& summary) {
  if (!summary.runs.empty()) return summary.runs;
  const bool empty = std::all_of(summary.inputs.begin(), summary.inputs.end(),
                                 [](const InputReport& input) { return input.records == 0; });
  return empty ? std::set<std::string>() : std::set<std::string>{summary.name};
}

std::string write_summary(const RunSummary& summary) {
  const std::string header = header_of(summary);
  std::string bytes = std::string(kMagic) + std::string(kLayout) + "\n" + std::to_string(header.size()) + "\n";
  bytes += header;
  bytes += '\n';
  bytes += summary.windows;
  return bytes + sha256_hex(bytes);
}

Result<RunSummary> read_summary(std::string_view bytes, const std::string& path) {
  const std::string name = "`" + path + "`";
  const Error damaged{.message = name + " is damaged or cut short", .help = "run the weir check that wrote it again"};
  if (bytes.substr(0, kMagic.size()) != kMagic) {
    if (bytes.empty() || kMagic.starts_with(bytes)) return damaged;
    return Error{.message = name + " is no summary of weir", .help = "weir check --summary-out FILE writes them"};
  }
  std::string_view rest = bytes;
  const std::string_view layout = take_line(rest).substr(kMagic.size());
  if (layout != kLayout && layout.size() < 8 && !rest.empty()) {
    return Error{.message = name + " was written by another version of weir (layout " + std::string(layout) +
                            ", this one reads " + std::string(kLayout) + ")"};
  }
  if (rest.size() < kDigest) return damaged;
  const std::string_view digest = bytes.substr(bytes.size() - kDigest);
  if (sha256_hex(bytes.substr(0, bytes.size() - kDigest)) != digest) return damaged;
  rest.remove_suffix(kDigest);
  const std::string_view size_text = take_line(rest);
  std::size_t size = 0;
  const auto [end, fault] = std::from_chars(size_text.data(), size_text.data() + size_text.size(), size);
  if (fault != std::errc() || end != size_text.data() + size_text.size() || size >= rest.size()) return damaged;
  RunSummary summary;
  if (rest[size] != '\n' || !read_header(rest.substr(0, size), summary)) return damaged;
  summary.windows = rest.substr(size + 1);
  summary.name = digest;
  return summary;
}

Result<RunSummary> load_summary(const std::string& path) {
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const auto fail = [&path](const char* why) { return Error{.message = "cannot read `" + path + "`: " + why}; };
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) return fail(std::strerror(errno));
  std::string bytes;
  std::string buffer(std::size_t{1} << 16, '\0');
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
    bytes.append(buffer, 0, n);
    if (bytes.size() > kMostBytes) return fail("it is larger than 1 GiB");
  }
  if (std::ferror(file.get()) != 0) return fail(std::strerror(errno));
  return read_summary(bytes, path);
}

}  // namespace weir
