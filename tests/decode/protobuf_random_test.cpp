// SPDX-License-Identifier: Apache-2.0
// Random messages as libprotobuf writes and reads them, against the reader that walks over bytes.
#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>
#include <array>
#include <bit>
#include <catch2/catch_test_macros.hpp>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "base/json_writer.h"
#include "decode/decoders.h"
#include "decode/protobuf_records.h"

namespace weir {
namespace {

namespace pb = google::protobuf;
using testing::proto;

constexpr const char* kThird = R"(syntax = "proto3"; package t;
  enum E { ZERO = 0; ONE = 1; MINUS = -5; }
  message M {
    int32 i32 = 1; int64 i64 = 2; uint32 u32 = 3; uint64 u64 = 4; sint32 s32 = 5; sint64 s64 = 6; fixed32 f32 = 7;
    fixed64 f64 = 8; sfixed32 sf32 = 9; sfixed64 sf64 = 10; float r = 11; double d = 12; bool b = 13; string s = 14;
    bytes raw = 15; E e = 16; M m = 17; optional int32 oi = 18; optional string os = 19; optional E oe = 20;
    repeated int32 ri = 21; repeated sint64 rs = 22 [packed = false]; repeated double rd = 23; repeated string rt = 24;
    repeated M rm = 25; repeated E re = 26; repeated bool rb = 27; repeated fixed32 rf = 28; repeated bytes rr = 29;
    map<string, int32> ms = 30; map<int32, M> mi = 31; map<bool, E> mb = 32; map<fixed64, bytes> mf = 33;
    oneof one { int32 oa = 34; M om = 35; string ot = 36; double od = 4000; }
    float far = 100000;
  })";
constexpr const char* kSecond = R"(syntax = "proto2"; package t;
  enum E { ONE = 1; TWO = 2; }
  message M {
    optional int32 a = 1 [default = 5]; optional E e = 2; repeated int32 ri = 3; repeated int64 rp = 4 [packed = true];
    optional group G = 5 { optional string s = 1; repeated group H = 2 { optional M m = 1; } }
    repeated group R = 6 { optional sint32 n = 1; } optional M m = 7; repeated M rm = 8; optional float f = 9;
    oneof one { bool b = 10; group O = 11 { optional uint64 u = 1; } } map<string, M> mm = 12; extensions 500 to max;
  })";

/// libprotobuf's own view of a schema.
class Library {
 public:
  explicit Library(const char* text) {
    pb::io::ArrayInputStream input(text, static_cast<int>(std::string_view(text).size()));
    pb::io::Tokenizer tokens(&input, nullptr);
    pb::FileDescriptorProto file;
    pb::compiler::Parser parser;
    REQUIRE(parser.Parse(&tokens, &file));
    file.set_name("t.proto");
    REQUIRE(pool_.BuildFile(file) != nullptr);
    type_ = pool_.FindMessageTypeByName("t.M");
  }
  [[nodiscard]] std::unique_ptr<pb::Message> make() {
    return std::unique_ptr<pb::Message>(factory_.GetPrototype(type_)->New());
  }

 private:
  pb::DescriptorPool pool_;
  const pb::Descriptor* type_ = nullptr;
  pb::DynamicMessageFactory factory_;
};

class Filler {
 public:
  explicit Filler(std::uint64_t seed) : random_(seed) {}

  void fill(pb::Message& message, int depth) {
    const pb::Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const pb::FieldDescriptor& field = *type.field(i);
      const bool deep = field.cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE && !field.is_map();
      if (below(10) >= (deep ? 3U : 6U) || (depth > 2 && deep)) continue;
      if (field.is_map() && depth > 1) continue;
      const std::uint64_t times = field.is_repeated() ? below(4) : 1;
      for (std::uint64_t n = 0; n < times; ++n) put(message, field, depth);
    }
  }

 private:
  std::uint64_t below(std::uint64_t n) { return random_() % n; }

  void put(pb::Message& message, const pb::FieldDescriptor& field, int depth) {
    const pb::Reflection& r = *message.GetReflection();
    const bool many = field.is_repeated();
    const auto set = [&](auto one, auto more, auto value) {
      if (many) {
        (r.*more)(&message, &field, value);
      } else {
        (r.*one)(&message, &field, value);
      }
    };
    const std::uint64_t bits = below(3) == 0 ? below(3) : random_() >> below(64);
    using R = pb::Reflection;
    switch (field.cpp_type()) {
      case pb::FieldDescriptor::CPPTYPE_INT32: return set(&R::SetInt32, &R::AddInt32, static_cast<std::int32_t>(bits));
      case pb::FieldDescriptor::CPPTYPE_INT64: return set(&R::SetInt64, &R::AddInt64, static_cast<std::int64_t>(bits));
      case pb::FieldDescriptor::CPPTYPE_UINT32:
        return set(&R::SetUInt32, &R::AddUInt32, static_cast<std::uint32_t>(bits));
      case pb::FieldDescriptor::CPPTYPE_UINT64: return set(&R::SetUInt64, &R::AddUInt64, bits);
      case pb::FieldDescriptor::CPPTYPE_DOUBLE: return set(&R::SetDouble, &R::AddDouble, number<double>());
      case pb::FieldDescriptor::CPPTYPE_FLOAT: return set(&R::SetFloat, &R::AddFloat, number<float>());
      case pb::FieldDescriptor::CPPTYPE_BOOL: return set(&R::SetBool, &R::AddBool, bits % 2 == 1);
      case pb::FieldDescriptor::CPPTYPE_ENUM: {
        const bool open = field.file()->syntax() == pb::FileDescriptor::SYNTAX_PROTO3;
        const int known =
            field.enum_type()
                ->value(static_cast<int>(below(static_cast<std::uint64_t>(field.enum_type()->value_count()))))
                ->number();
        return set(&R::SetEnumValue, &R::AddEnumValue, open && below(4) == 0 ? static_cast<int>(bits) : known);
      }
      case pb::FieldDescriptor::CPPTYPE_STRING: {
        static const std::array<std::string, 6> kTexts = {"", "a", "h\xC3\xA9\"\n", "\xF0\x9F\x8C\x8A", "b\\/", "0"};
        std::string text = kTexts[below(kTexts.size())];
        if (field.type() == pb::FieldDescriptor::TYPE_BYTES) text += static_cast<char>(bits);
        if (many) return r.AddString(&message, &field, text);
        return r.SetString(&message, &field, text);
      }
      case pb::FieldDescriptor::CPPTYPE_MESSAGE:
        return fill(many ? *r.AddMessage(&message, &field) : *r.MutableMessage(&message, &field), depth + 1);
    }
  }

  template <class Float>
  Float number() {
    if (below(2) == 0) return static_cast<Float>(static_cast<std::int64_t>(below(2'000'000)) - 1'000'000) / 1000;
    const std::uint64_t bits = random_();
    const auto any = sizeof(Float) == 4 ? static_cast<Float>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
                                        : static_cast<Float>(std::bit_cast<double>(bits));
    return std::isfinite(any) ? any : Float(0);
  }

  std::mt19937_64 random_;
};

std::string in_base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  std::uint32_t bits = 0;
  int have = 0;
  for (const char c : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(c);
    for (have += 8; have >= 6; have -= 6) out += kDigits[bits >> static_cast<unsigned>(have - 6) & 63U];
  }
  if (have > 0) out += kDigits[bits << static_cast<unsigned>(6 - have) & 63U];
  while (out.size() % 4 != 0) out += '=';
  return out;
}

/// A message as JSON by libprotobuf's reflection: slow, and by another way.
std::string written(const pb::Message& message);

std::string written(const pb::Message& message, const pb::FieldDescriptor& field, int index) {
  const pb::Reflection& r = *message.GetReflection();
  const bool many = index >= 0;
  const auto exact = [](auto value) {
    std::array<char, 64> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific);
    std::string all(text.data(), end.ptr);
    // Whole numbers of up to 18 digits without an exponent, zeros behind the shortest digits.
    const std::size_t mark = all.find('e');
    const int places = std::atoi(all.c_str() + mark + 1);
    std::string whole = all.substr(0, mark);
    std::erase(whole, '.');
    const int count = static_cast<int>(whole.size()) - (whole[0] == '-' ? 1 : 0);
    if (places < count - 1 || places > 17) return all;
    return whole + std::string(static_cast<std::size_t>(places - count + 1), '0');
  };
  const auto digits = [](auto value) {
    std::array<char, 64> text{};
    return std::string(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
  };
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return digits(many ? r.GetRepeatedInt32(message, &field, index) : r.GetInt32(message, &field));
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return digits(many ? r.GetRepeatedInt64(message, &field, index) : r.GetInt64(message, &field));
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return digits(many ? r.GetRepeatedUInt32(message, &field, index) : r.GetUInt32(message, &field));
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return digits(many ? r.GetRepeatedUInt64(message, &field, index) : r.GetUInt64(message, &field));
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      return exact(many ? r.GetRepeatedDouble(message, &field, index) : r.GetDouble(message, &field));
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
      return exact(many ? r.GetRepeatedFloat(message, &field, index) : r.GetFloat(message, &field));
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return (many ? r.GetRepeatedBool(message, &field, index) : r.GetBool(message, &field)) ? "true" : "false";
    case pb::FieldDescriptor::CPPTYPE_ENUM: {
      const int number = many ? r.GetRepeatedEnumValue(message, &field, index) : r.GetEnumValue(message, &field);
      const pb::EnumValueDescriptor* const known = field.enum_type()->FindValueByNumber(number);
      return known == nullptr ? digits(number) : json_quote(known->name());
    }
    case pb::FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = many ? r.GetRepeatedString(message, &field, index) : r.GetString(message, &field);
      return json_quote(field.type() == pb::FieldDescriptor::TYPE_BYTES ? in_base64(text) : text);
    }
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return written(many ? r.GetRepeatedMessage(message, &field, index) : r.GetMessage(message, &field));
  }
  return {};
}

std::string written(const pb::Message& message) {
  const pb::Descriptor& type = *message.GetDescriptor();
  const pb::Reflection& r = *message.GetReflection();
  std::string out = "{";
  for (int i = 0; i < type.field_count(); ++i) {
    const pb::FieldDescriptor& field = *type.field(i);
    if (!field.is_repeated() && field.has_presence() && !r.HasField(message, &field)) continue;
    if (out.size() > 1) out += ',';
    out += json_quote(field.name()) + ":";
    if (!field.is_repeated()) {
      out += written(message, field, -1);
      continue;
    }
    if (!field.is_map()) {
      out += '[';
      for (int n = 0; n < r.FieldSize(message, &field); ++n) out += (n > 0 ? "," : "") + written(message, field, n);
      out += ']';
      continue;
    }
    // What was parsed keeps entries of the same key until somebody asks for it as a map; the last one counts.
    std::map<std::string, std::string> entries;
    for (int n = 0; n < r.FieldSize(message, &field); ++n) {
      const pb::Message& entry = r.GetRepeatedMessage(message, &field, n);
      const std::string key = written(entry, *entry.GetDescriptor()->field(0), -1);
      entries[key[0] == '"' ? key : '"' + key + '"'] = written(entry, *entry.GetDescriptor()->field(1), -1);
    }
    out += '{';
    for (const auto& [key, value] : entries) out += (out.ends_with('{') ? "" : ",") + key + ":" + value;
    out += '}';
  }
  return out + "}";
}

/// One form for what is the same: members by name, numbers by value.
void settle(JsonValue& value) {
  if (value.type == JsonValue::Type::Number && value.text.find_first_of(".e") != std::string::npos) {
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%.17g", std::strtod(value.text.c_str(), nullptr));
    value.text = text.data();
  }
  if (value.text == "-0") value.text = "0";
  for (JsonValue& item : value.items) settle(item);
  for (auto& [name, member] : value.members) settle(member);
  std::stable_sort(value.members.begin(), value.members.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
}

JsonValue settled(const std::string& json) {
  Result<JsonValue> value = parse_json(json, 200);
  INFO(json);
  REQUIRE(value.ok());
  settle(*value);
  return *value;
}

/// Where two documents differ first; empty: nowhere.
std::string difference(const JsonValue& left, const JsonValue& right, const std::string& path) {
  if (left == right) return {};
  if (left.members.size() != right.members.size() || left.items.size() != right.items.size()) return path + ": size";
  for (std::size_t i = 0; i < left.members.size(); ++i) {
    const auto& [name, value] = left.members[i];
    if (name != right.members[i].first) return path + ": " + name + " and " + right.members[i].first;
    if (value != right.members[i].second) return difference(value, right.members[i].second, path + "." + name);
  }
  for (std::size_t i = 0; i < left.items.size(); ++i) {
    if (left.items[i] != right.items[i])
      return difference(left.items[i], right.items[i], path + "[" + std::to_string(i) + "]");
  }
  return path + ": " + left.text + " and " + right.text;
}

bool knows_not_all(const pb::Message& message) {
  const pb::Reflection& r = *message.GetReflection();
  if (!r.GetUnknownFields(message).empty()) return true;
  std::vector<const pb::FieldDescriptor*> fields;
  r.ListFields(message, &fields);
  return std::any_of(fields.begin(), fields.end(), [&](const pb::FieldDescriptor* field) {
    if (field->cpp_type() != pb::FieldDescriptor::CPPTYPE_MESSAGE) return false;
    if (!field->is_repeated()) return knows_not_all(r.GetMessage(message, field));
    for (int i = 0; i < r.FieldSize(message, field); ++i) {
      if (knows_not_all(r.GetRepeatedMessage(message, field, i))) return true;
    }
    return false;
  });
}

struct Subject {
  const char* schema;
  bool open;  // its enums: proto3
  std::vector<std::string> paths;
};

const std::vector<Subject>& subjects() {
  static const std::vector<Subject> all = {
      {kThird,
       true,
       {"i32",
        "u64",
        "s64",
        "f64",
        "sf32",
        "r",
        "d",
        "b",
        "s",
        "raw",
        "e",
        "oi",
        "os",
        "oe",
        "m",
        "m.d",
        "m.m.s",
        "m.ri[]",
        "ri",
        "ri[]",
        "rs[]",
        "rd[]",
        "rt[]",
        "rm",
        "rm[]",
        "rm[].s",
        "rm[].rm[].i64",
        "rm[].rt[]",
        "re[]",
        "rb[]",
        "rf",
        "rr[]",
        "ms",
        "ms.a",
        "mi",
        "mi.\"0\".s",
        "mi.\"1\".rt[]",
        "mb.true",
        "mf",
        "oa",
        "om",
        "om.s",
        "om.rm[].e",
        "ot",
        "od",
        "far",
        "no",
        "no[].x",
        "s.x",
        "s[]",
        "ri.x",
        "m[].x"}},
      {kSecond,
       false,
       {"a", "e", "ri[]", "rp", "g", "g.s", "g.h[].m.a", "r", "r[].n", "m.a", "m.m.f", "rm[].m.a", "rm[].rp[]", "f",
        "b", "o.u", "mm", "mm.a.e", "mm.\"\".ri[]"}},
  };
  return all;
}

std::string shown(const Column& column, std::uint32_t row) {
  std::string out;
  for (std::size_t i = 0; i < column.size(); ++i) {
    if (column.row_of(i) != row) continue;
    // Digits beyond what one word holds are a Number where they were read as text.
    const Kind kind = column.kinds[i] == Kind::Number ? Kind::Decimal : column.kinds[i];
    out += std::to_string(static_cast<int>(kind)) + ":" + written_text(column.kinds[i], column.cells[i]) + ";";
  }
  return out;
}

/// The record read in both ways, its columns against those of its JSON.
void compare(const Subject& subject, Library& library, testing::ProtobufDecoder& decoder, const Plan& plan,
             Decoder& by_json, const std::string& bytes) {
  const std::unique_ptr<pb::Message> read = library.make();
  const bool sound = read->ParsePartialFromString(bytes);
  std::string json;
  const bool ours = decoder.reader().json(bytes, json);
  const bool limited = !ours && decoder.reader().fault().code == "too_deep";
  const bool text = !ours && decoder.reader().fault().code == "utf8";
  // In proto2 libprotobuf takes any bytes for a text.
  if (limited || (text && !subject.open)) return;
  INFO((ours ? json : decoder.reader().fault().reason + " at " + std::to_string(decoder.reader().fault().at)));
  INFO(in_base64(bytes));
  REQUIRE(ours == sound);
  if (!ours) {
    CHECK(decoder.reader().fault().at <= bytes.size());
    return;
  }
  // A number that an enum of proto2 does not know is a field that libprotobuf does not know; here it stays that number.
  if (subject.open || !knows_not_all(*read))
    REQUIRE(difference(settled(json), settled(written(*read)), "record") == "");

  Batch batch;
  batch.clear(plan.fields.size());
  const testing::MessageBlock message({bytes}, testing::Layout::Apart);
  decoder.decode(message.messages(), batch);
  REQUIRE(batch.failures.empty());
  Batch other;
  other.clear(plan.fields.size());
  const testing::MessageBlock document({json});
  by_json.decode(document.messages(), other);
  REQUIRE(other.failures.empty());
  for (std::size_t i = 0; i < plan.fields.size(); ++i) {
    INFO(plan.fields[i].path.text());
    CHECK(shown(batch.columns[i], 0) == shown(other.columns[i], 0));
  }
}

TEST_CASE("random protobuf messages read as libprotobuf reads them, and as their own JSON") {
  for (const Subject& subject : subjects()) {
    Library library(subject.schema);
    const Plan plan = testing::plan_of(subject.paths);
    testing::ProtobufDecoder decoder(plan, proto(subject.schema));
    REQUIRE(decoder.fault().empty());
    const std::unique_ptr<Decoder> by_json = make_json_decoder(plan);
    std::string before;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
      Filler filler(seed);
      const std::unique_ptr<pb::Message> message = library.make();
      filler.fill(*message, 0);
      std::string bytes = message->SerializePartialAsString();
      compare(subject, library, decoder, plan, *by_json, bytes);
      // Two messages behind each other are one: everything singular comes twice, what is nested is merged.
      compare(subject, library, decoder, plan, *by_json, before + bytes);
      before = std::move(bytes);
    }
  }
}

TEST_CASE("protobuf messages that are cut off or changed are refused where libprotobuf refuses them") {
  for (const Subject& subject : subjects()) {
    Library library(subject.schema);
    const Plan plan = testing::plan_of(subject.paths);
    testing::ProtobufDecoder decoder(plan, proto(subject.schema));
    const std::unique_ptr<Decoder> by_json = make_json_decoder(plan);
    std::mt19937_64 random(7);
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      const std::unique_ptr<pb::Message> message = library.make();
      Filler(seed).fill(*message, 1);
      const std::string bytes = message->SerializePartialAsString();
      for (std::size_t size = 0; size < std::min<std::size_t>(bytes.size(), 150); ++size)
        compare(subject, library, decoder, plan, *by_json, bytes.substr(0, size));
      for (int i = 0; i < 60 && !bytes.empty(); ++i) {
        std::string changed = bytes;
        for (std::uint64_t n = 0; n <= random() % 3; ++n)
          changed[random() % changed.size()] = static_cast<char>(random());
        compare(subject, library, decoder, plan, *by_json, changed);
      }
    }
  }
}

}  // namespace
}  // namespace weir
