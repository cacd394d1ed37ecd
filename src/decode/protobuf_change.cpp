// SPDX-License-Identifier: Apache-2.0
// Protobuf: messages by their names, fields by their numbers. On the wire there are five kinds of values, so what one schema
// wrote another one reads as long as the numbers mean values of one kind: int32, int64, uint32, uint64, bool and enums; sint32
// and sint64; string and bytes; fixed32 and sfixed32; fixed64 and sfixed64. Names are for people.
#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "decode/protobuf_schema.h"
#include "decode/schema_change.h"

namespace weir {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr std::size_t kMostPairs = 100'000;
constexpr std::size_t kDeepest = 100;

std::vector<const Descriptor*> messages_of(const ProtobufSchema& schema) {
  std::vector<const Descriptor*> out;
  for (std::uint32_t i = 0;; ++i) {
    const Descriptor* const message = schema.at({i});
    if (message == nullptr) return out;
    out.push_back(message);
  }
}

std::string type_of(const FieldDescriptor& field) {
  std::string words = field.is_map()        ? "map"
                      : field.is_repeated() ? "repeated "
                      : field.is_required() ? "required "
                                            : "";
  if (field.is_map()) return words;
  if (field.message_type() != nullptr) return words + field.message_type()->full_name();
  if (field.enum_type() != nullptr) return words + field.enum_type()->full_name();
  return words + field.type_name();
}

/// Types that are read from the same bytes as the same value, or as near as it goes.
int kind_of(FieldDescriptor::Type type) {
  switch (type) {
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_UINT64:
    case FieldDescriptor::TYPE_BOOL:
    case FieldDescriptor::TYPE_ENUM: return 0;
    case FieldDescriptor::TYPE_SINT32:
    case FieldDescriptor::TYPE_SINT64: return 1;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES: return 2;
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32: return 3;
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64: return 4;
    default: return 100 + static_cast<int>(type);
  }
}

class Differences {
 public:
  explicit Differences(SchemaDifference& out) : out_(out), list_(out) {}

  void look(const ProtobufSchema& from, const ProtobufSchema& to) {
    std::map<std::string, const Descriptor*> after;
    for (const Descriptor* message : messages_of(to)) after.emplace(message->full_name(), message);
    for (const Descriptor* message : messages_of(from)) {
      const auto same = after.find(message->full_name());
      if (same == after.end()) {
        list_.add("message " + named(message->full_name()) + " removed");
        no_backward("there is no message " + named(message->full_name()) + " any more");
        continue;
      }
      look(*message, *same->second, "", 0);
      after.erase(same);
    }
    for (const auto& [name, message] : after) {
      list_.add("message " + named(name) + " added");
      no_forward("the old schema knows no message " + named(name));
    }
    out_.compatibility = !backward_ ? (!forward_ ? Compatibility::None : Compatibility::Forward)
                                    : (!forward_ ? Compatibility::Backward : Compatibility::Full);
  }

 private:
  void no_backward(const std::string& why) {
    if (std::exchange(backward_, false)) out_.why_not_backward = why;
  }
  void no_forward(const std::string& why) {
    if (std::exchange(forward_, false)) out_.why_not_forward = why;
  }

  void look(const Descriptor& from, const Descriptor& to, const std::string& path, std::size_t depth) {
    if (depth > kDeepest || seen_.size() > kMostPairs || !seen_.insert({&from, &to}).second) return;
    const auto below = [&](const FieldDescriptor& field) {
      return path.empty() ? field.name() : path + "." + field.name();
    };
    for (int i = 0; i < to.field_count(); ++i) {
      const FieldDescriptor& field = *to.field(i);
      if (from.FindFieldByNumber(field.number()) != nullptr) continue;
      list_.add(named(below(field)) + " added, " + type_of(field) + ", number " + std::to_string(field.number()));
      if (field.is_required()) no_backward(named(below(field)) + " is required and was not written");
    }
    for (int i = 0; i < from.field_count(); ++i) {
      const FieldDescriptor& before = *from.field(i);
      const FieldDescriptor* const after = to.FindFieldByNumber(before.number());
      if (after == nullptr) {
        list_.add(named(below(before)) + " removed, number " + std::to_string(before.number()));
        if (before.is_required()) no_forward(named(below(before)) + " is required and is not written any more");
        continue;
      }
      look_at_field(before, *after, below(before), below(*after), depth);
    }
  }

  void look_at_field(const FieldDescriptor& before, const FieldDescriptor& after, const std::string& was,
                     const std::string& is, std::size_t depth) {
    if (before.name() != after.name())
      list_.add(named(was) + " is called " + named(is) + " now, number " + std::to_string(after.number()));
    const std::string old_type = type_of(before);
    const std::string new_type = type_of(after);
    if (old_type != new_type) list_.add(named(is) + ": " + old_type + " -> " + new_type);
    if (before.is_repeated() != after.is_repeated() || before.is_map() != after.is_map() ||
        kind_of(before.type()) != kind_of(after.type())) {
      const std::string why = named(is) + ": " + old_type + " and " + new_type + " are not written alike";
      no_backward(why);
      no_forward(why);
      return;
    }
    if (!before.is_required() && after.is_required()) no_backward(named(is) + " is required and may not be written");
    if (before.is_required() && !after.is_required()) no_forward(named(is) + " is required and may not be written");
    if (before.message_type() != nullptr && after.message_type() != nullptr)
      look(*before.message_type(), *after.message_type(), is, depth + 1);
    if (before.enum_type() != nullptr && after.enum_type() != nullptr)
      look_at_values(*before.enum_type(), *after.enum_type(), is);
  }

  void look_at_values(const EnumDescriptor& from, const EnumDescriptor& to, const std::string& path) {
    for (int i = 0; i < to.value_count(); ++i) {
      const auto* const before = from.FindValueByNumber(to.value(i)->number());
      if (before == nullptr) {
        list_.add(named(path) + ": " + named(to.value(i)->name()) + " added");
      } else if (before->name() != to.value(i)->name() && from.FindValueByName(to.value(i)->name()) == nullptr) {
        list_.add(named(path) + ": " + named(before->name()) + " is called " + named(to.value(i)->name()) + " now");
      }
    }
    for (int i = 0; i < from.value_count(); ++i) {
      if (to.FindValueByNumber(from.value(i)->number()) == nullptr)
        list_.add(named(path) + ": " + named(from.value(i)->name()) + " removed");
    }
  }

  SchemaDifference& out_;
  DifferenceList list_;
  bool backward_ = true;
  bool forward_ = true;
  std::set<std::pair<const Descriptor*, const Descriptor*>> seen_;
};

}  // namespace

SchemaDifference compare_protobuf(const SchemaText& from, const SchemaText& to) {
  SchemaDifference out;
  const Result<std::shared_ptr<const ProtobufSchema>> before = ProtobufSchema::make(from);
  const Result<std::shared_ptr<const ProtobufSchema>> after = ProtobufSchema::make(to);
  if (!before || !after) {
    const Error& error = before ? after.error() : before.error();
    DifferenceList(out).add(std::string(before ? "the new" : "the old") + " schema cannot be read: " + error.message);
    return out;
  }
  Differences(out).look(**before, **after);
  return out;
}

std::string protobuf_kind(const SchemaText& schema) {
  const Result<std::shared_ptr<const ProtobufSchema>> made = ProtobufSchema::make(schema);
  const Descriptor* const first = made ? (*made)->at({0}) : nullptr;
  return first == nullptr ? std::string() : first->full_name();
}

}  // namespace weir
