// SPDX-License-Identifier: Apache-2.0
#include "decode/envelope_cloudevents.h"

#include <cstring>
#include <optional>
#include <string>

#include "base/base64.h"
#include "base/text.h"

namespace weir {

namespace {

constexpr std::string_view kStructured = "application/cloudevents";

bool begins_with(std::string_view text, std::string_view lower) {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    const char c = text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != lower[i]) return false;
  }
  return true;
}

bool is_json_type(std::string_view type) {
  return type.empty() || begins_with(type, "application/json") || begins_with(type, "text/json") ||
         type.find("+json") != std::string_view::npos;
}

/// The members of a document's own object whose value is a text without escapes: where the key begins, the value's content.
struct TextMember {
  std::size_t key_at = 0;
  std::size_t end = 0;  // behind the value
  std::string_view value;
};

std::optional<TextMember> text_member(std::string_view json, std::string_view wanted) {
  std::size_t depth = 0;
  std::size_t key_at = 0;
  std::string_view key;
  bool is_value = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '{' || c == '[') {
      ++depth;
      is_value = false;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return std::nullopt;
      --depth;
    } else if (c == ':') {
      is_value = true;
    } else if (c == ',') {
      is_value = false;
    } else if (c == '"') {
      const std::size_t begin = i + 1;
      for (++i; i < json.size() && json[i] != '"'; ++i) {
        if (json[i] == '\\') ++i;
      }
      if (i >= json.size()) return std::nullopt;
      if (depth != 1) continue;
      const std::string_view text = json.substr(begin, i - begin);
      if (!is_value) {
        key = text;
        key_at = begin - 1;
      } else if (key == wanted) {
        return TextMember{.key_at = key_at, .end = i + 1, .value = text};
      }
    }
  }
  return std::nullopt;
}

}  // namespace

CloudMessage cloud_message(const Envelope& envelope) {
  CloudMessage out;
  for (const auto& [name, value] : envelope.headers) {
    if (name == "content-type" && begins_with(value, kStructured)) {
      const std::string_view rest = value.substr(kStructured.size());
      const std::string_view form = rest.substr(0, rest.find_first_of("; "));
      if (begins_with(form, "-batch"))
        return {.form = CloudForm::Refused,
                .fault = "it holds a batch of CloudEvents: weir reads one event in a message"};
      if (!form.empty() && !begins_with(form, "+json"))
        return {.form = CloudForm::Refused,
                .fault = "it is a CloudEvent in a format that weir does not read: only JSON is"};
      return {.form = CloudForm::Structured};
    }
    if (name == "ce_specversion") out.form = CloudForm::Binary;
  }
  return out;
}

bool read_cloud_headers(const FieldTable& fields, const Envelope& envelope, std::uint32_t row, Batch& batch) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::vector<FieldPath::Step>& steps = fields[i].path.steps();
    if (steps.size() != 2 || steps[0].name != "ce" || steps[1].every) continue;
    const bool type = steps[1].name == "datacontenttype";
    const std::string wanted = "ce_" + steps[1].name;
    for (const auto& [header, value] : envelope.headers) {
      if (header != wanted && !(type && header == "content-type")) continue;
      if (value.data() == nullptr) continue;
      if (!is_valid_utf8(value)) return false;
      Column& column = batch.columns[i];
      column.kinds[row] = Kind::Text;
      column.cells[row] =
          Cell{.number = 0, .data = value.data(), .size = static_cast<std::uint32_t>(value.size()), .scale = 0};
    }
  }
  return true;
}

std::string_view plain_data(std::string_view event, Arena& arena, std::string_view& fault) {
  constexpr std::string_view kKey = R"("data":)";
  const std::optional<TextMember> data = text_member(event, "data_base64");
  if (!data) return event;
  const std::optional<TextMember> type = text_member(event, "datacontenttype");
  if (type && !is_json_type(type->value)) {
    fault = "the data of the CloudEvent is not JSON by its `datacontenttype`";
    return {};
  }
  const std::optional<std::string> decoded = from_base64(data->value);
  if (!decoded) {
    fault = "the `data_base64` of the CloudEvent is no base64";
    return {};
  }
  std::string out(event.substr(0, data->key_at));
  out += kKey;
  out += *decoded;
  out += event.substr(data->end);
  return arena.keep(out);
}

}  // namespace weir
