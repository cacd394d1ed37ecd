// SPDX-License-Identifier: Apache-2.0
// Avro: the two trees are walked side by side for what is different, and once in each direction for who can read whom, by the
// rules of resolution. A pair of types that is being looked at already is taken as alike, which ends recursion; each pair is
// looked at once, so the work is bounded by the product of the nodes that belong together.
#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "decode/avro_schema.h"
#include "decode/schema_change.h"

namespace weir {
namespace {

// Pairs of types that are looked at: far beyond what schemas of people hold.
constexpr std::size_t kMostPairs = 100'000;
constexpr std::size_t kDeepest = 200;
constexpr std::size_t kShown = 40;

std::string_view word_of(AvroLogical logical) {
  constexpr std::string_view kWords[] = {"",
                                         "decimal",
                                         "uuid",
                                         "date",
                                         "time-millis",
                                         "time-micros",
                                         "timestamp-millis",
                                         "timestamp-micros",
                                         "timestamp-nanos",
                                         "local-timestamp-millis",
                                         "local-timestamp-micros",
                                         "local-timestamp-nanos",
                                         "duration"};
  return kWords[static_cast<std::size_t>(logical)];
}

std::string shown(const JsonValue& value) {
  switch (value.type) {
    case JsonValue::Type::Null: return "null";
    case JsonValue::Type::Boolean: return value.boolean ? "true" : "false";
    case JsonValue::Type::Number: return value.text.substr(0, kShown);
    case JsonValue::Type::Text: return "\"" + value.text.substr(0, kShown) + "\"";
    case JsonValue::Type::Array: return value.items.empty() ? "[]" : "[…]";
    case JsonValue::Type::Object: return value.members.empty() ? "{}" : "{…}";
  }
  return "";
}

std::string type_in_words(const AvroSchema& schema, std::uint32_t index, bool inside = false) {
  const AvroNode& node = schema.nodes[index];
  std::string words(weir::word_of(node.type));
  switch (node.type) {
    case AvroType::Record:
    case AvroType::Enum:
    case AvroType::Fixed: words += " " + node.name; break;
    case AvroType::Array:
    case AvroType::Map:
      if (!inside) words += " of " + type_in_words(schema, node.below.front(), true);
      break;
    case AvroType::Union: {
      if (inside) break;
      words.clear();
      for (const std::uint32_t branch : node.below) {
        words += (words.empty() ? "" : " | ") + type_in_words(schema, branch, true);
        if (words.size() > 200) return words + " | …";
      }
      break;
    }
    default: break;
  }
  if (node.type == AvroType::Fixed) words += " of " + std::to_string(node.size) + " bytes";
  if (node.logical == AvroLogical::Decimal) {
    words += " (decimal " + std::to_string(node.precision) + "," + std::to_string(node.scale) + ")";
  } else if (node.logical != AvroLogical::None) {
    words += " (" + std::string(word_of(node.logical)) + ")";
  }
  return words;
}

std::string_view unqualified(std::string_view name) {
  return name.substr(name.rfind('.') + 1);  // npos + 1 is 0
}

/// Whether a reader takes a type of that name for its own.
bool same_name(const AvroNode& writer, const AvroNode& reader) {
  if (unqualified(writer.name) == unqualified(reader.name)) return true;
  return std::find(reader.aliases.begin(), reader.aliases.end(), writer.name) != reader.aliases.end();
}

const AvroField* find_field(const AvroNode& record, std::string_view name) {
  const auto at = std::find_if(record.fields.begin(), record.fields.end(),
                               [&](const AvroField& field) { return field.name == name; });
  return at == record.fields.end() ? nullptr : &*at;
}

/// The field of the writer that a field of the reader is filled from.
const AvroField* written_for(const AvroField& field, const AvroNode& writer) {
  if (const AvroField* const same = find_field(writer, field.name)) return same;
  for (const std::string& alias : field.aliases) {
    if (const AvroField* const same = find_field(writer, alias)) return same;
  }
  return nullptr;
}

std::string below(const std::string& path, std::string_view step) {
  return path.empty() || step.starts_with('[') ? path + std::string(step) : path + "." + std::string(step);
}

std::string at_path(const std::string& path) {
  return path.empty() ? "the record" : named(path);
}

/// Whether one schema reads everything that can be written with the other one. That is more than reading a given record needs
/// (decode/avro_resolve.h): there, a branch of a union that fits nowhere matters only to the records that hold it.
class Reads {
 public:
  Reads(const AvroSchema& writer, const AvroSchema& reader) : writer_(writer), reader_(reader) {}

  /// Why not; nothing: it does.
  std::optional<std::string> why_not() { return look(writer_.root, reader_.root, "", 0); }

 private:
  using Answer = std::optional<std::string>;

  Answer mismatch(std::uint32_t w, std::uint32_t r, const std::string& path) const {
    return at_path(path) + ": " + type_in_words(writer_, w) + " cannot be read as " + type_in_words(reader_, r);
  }

  Answer look(std::uint32_t w, std::uint32_t r, const std::string& path, std::size_t depth) {
    if (!seen_.insert({w, r}).second) return std::nullopt;
    if (seen_.size() > kMostPairs || depth > kDeepest) return at_path(path) + ": the schemas are too large to compare";
    const AvroNode& writer = writer_.nodes[w];
    const AvroNode& reader = reader_.nodes[r];
    if (writer.type == AvroType::Union) {
      for (const std::uint32_t branch : writer.below) {
        if (Answer no = look(branch, r, path, depth + 1)) return no;
      }
      return std::nullopt;
    }
    if (reader.type == AvroType::Union) return look_in_union(w, reader, r, path, depth);
    if (writer.type == reader.type) return look_at_same(w, r, path, depth);
    return promotes(writer.type, reader.type) ? std::nullopt : mismatch(w, r, path);
  }

  static bool promotes(AvroType from, AvroType to) {
    using enum AvroType;
    switch (from) {
      case Int: return to == Long || to == Float || to == Double;
      case Long: return to == Float || to == Double;
      case Float: return to == Double;
      case String: return to == Bytes;
      case Bytes: return to == String;
      default: return false;
    }
  }

  /// The first branch that takes it; of a named type the one of that name.
  Answer look_in_union(std::uint32_t w, const AvroNode& reader, std::uint32_t r, const std::string& path,
                       std::size_t depth) {
    const AvroNode& writer = writer_.nodes[w];
    for (const std::uint32_t branch : reader.below) {
      const AvroNode& candidate = reader_.nodes[branch];
      if (candidate.type != writer.type) continue;
      if (!writer.name.empty() && !same_name(writer, candidate)) continue;
      return look(w, branch, path, depth + 1);
    }
    for (const std::uint32_t branch : reader.below) {
      if (promotes(writer.type, reader_.nodes[branch].type)) return std::nullopt;
    }
    return mismatch(w, r, path);
  }

  Answer look_at_same(std::uint32_t w, std::uint32_t r, const std::string& path, std::size_t depth) {
    const AvroNode& writer = writer_.nodes[w];
    const AvroNode& reader = reader_.nodes[r];
    const bool decimals = writer.logical == AvroLogical::Decimal && reader.logical == AvroLogical::Decimal;
    if (decimals && (writer.scale != reader.scale || writer.precision != reader.precision)) return mismatch(w, r, path);
    switch (writer.type) {
      case AvroType::Record: return look_at_record(w, r, path, depth);
      case AvroType::Array: return look(writer.below.front(), reader.below.front(), below(path, "[]"), depth + 1);
      case AvroType::Map: return look(writer.below.front(), reader.below.front(), below(path, "*"), depth + 1);
      case AvroType::Fixed:
        if (writer.size != reader.size || !same_name(writer, reader)) return mismatch(w, r, path);
        return std::nullopt;
      case AvroType::Enum:
        if (!same_name(writer, reader)) return mismatch(w, r, path);
        if (reader.fallback) return std::nullopt;
        for (const std::string& symbol : writer.symbols) {
          if (std::find(reader.symbols.begin(), reader.symbols.end(), symbol) == reader.symbols.end())
            return at_path(path) + ": the reader does not know " + named(symbol) + " and has no default for it";
        }
        return std::nullopt;
      default: return std::nullopt;
    }
  }

  Answer look_at_record(std::uint32_t w, std::uint32_t r, const std::string& path, std::size_t depth) {
    const AvroNode& writer = writer_.nodes[w];
    const AvroNode& reader = reader_.nodes[r];
    if (!same_name(writer, reader)) return mismatch(w, r, path);
    for (const AvroField& field : reader.fields) {
      const std::string inside = below(path, field.name);
      const AvroField* const from = written_for(field, writer);
      if (from == nullptr && !field.fallback) return named(inside) + " is not written and has no default";
      if (from == nullptr) continue;
      if (Answer no = look(from->node, field.node, inside, depth + 1)) return no;
    }
    return std::nullopt;
  }

  const AvroSchema& writer_;
  const AvroSchema& reader_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
};

class Differences {
 public:
  Differences(const AvroSchema& from, const AvroSchema& to, SchemaDifference& out) : from_(from), to_(to), list_(out) {}

  void look() { look(from_.root, to_.root, "", 0); }

 private:
  void look(std::uint32_t f, std::uint32_t t, const std::string& path, std::size_t depth) {
    if (depth > kDeepest || seen_.size() > kMostPairs || !seen_.insert({f, t}).second) return;
    const AvroNode& from = from_.nodes[f];
    const AvroNode& to = to_.nodes[t];
    if (from.type == AvroType::Union || to.type == AvroType::Union) {
      look_at_unions(f, t, path, depth);
      return;
    }
    const bool renamed = from.name != to.name;
    if (from.type != to.type) {
      list_.add(at_path(path) + ": " + type_in_words(from_, f) + " -> " + type_in_words(to_, t));
      return;
    }
    switch (from.type) {
      case AvroType::Record:
        if (renamed) list_.add(at_path(path) + ": record " + from.name + " -> " + to.name);
        look_at_fields(from, to, path, depth);
        return;
      case AvroType::Enum:
        if (renamed) list_.add(at_path(path) + ": enum " + from.name + " -> " + to.name);
        look_at_symbols(from, to, path);
        return;
      case AvroType::Array: look(from.below.front(), to.below.front(), below(path, "[]"), depth + 1); return;
      case AvroType::Map: look(from.below.front(), to.below.front(), below(path, "*"), depth + 1); return;
      default: break;
    }
    const std::string was = type_in_words(from_, f);
    const std::string is = type_in_words(to_, t);
    if (was != is) list_.add(at_path(path) + ": " + was + " -> " + is);
  }

  static bool has_null(const AvroSchema& schema, std::uint32_t index) {
    const AvroNode& node = schema.nodes[index];
    if (node.type == AvroType::Null) return true;
    return node.type == AvroType::Union && std::any_of(node.below.begin(), node.below.end(), [&](std::uint32_t branch) {
             return schema.nodes[branch].type == AvroType::Null;
           });
  }

  static std::vector<std::uint32_t> branches(const AvroSchema& schema, std::uint32_t index) {
    const AvroNode& node = schema.nodes[index];
    std::vector<std::uint32_t> out = node.type == AvroType::Union ? node.below : std::vector<std::uint32_t>{index};
    std::erase_if(out, [&](std::uint32_t branch) { return schema.nodes[branch].type == AvroType::Null; });
    return out;
  }

  void look_at_unions(std::uint32_t f, std::uint32_t t, const std::string& path, std::size_t depth) {
    const bool was = has_null(from_, f);
    const bool is = has_null(to_, t);
    if (!was && is) list_.add(at_path(path) + " may be null now");
    if (was && !is) list_.add(at_path(path) + " may no longer be null");
    const std::vector<std::uint32_t> before = branches(from_, f);
    std::vector<std::uint32_t> after = branches(to_, t);
    if (before.size() == 1 && after.size() == 1) {
      look(before.front(), after.front(), path, depth + 1);
      return;
    }
    for (const std::uint32_t branch : before) {
      const AvroNode& node = from_.nodes[branch];
      const auto same = std::find_if(after.begin(), after.end(), [&](std::uint32_t other) {
        const AvroNode& candidate = to_.nodes[other];
        return candidate.type == node.type && (node.name.empty() || same_name(node, candidate));
      });
      if (same == after.end()) {
        list_.add(at_path(path) + " is no longer " + type_in_words(from_, branch));
        continue;
      }
      look(branch, *same, path, depth + 1);
      after.erase(same);
    }
    for (const std::uint32_t branch : after)
      list_.add(at_path(path) + " may be " + type_in_words(to_, branch) + " now");
  }

  void look_at_fields(const AvroNode& from, const AvroNode& to, const std::string& path, std::size_t depth) {
    std::set<std::string_view> taken;
    for (const AvroField& field : to.fields) {
      const std::string inside = below(path, field.name);
      const AvroField* const before = written_for(field, from);
      const std::string fallback = field.fallback ? "default " + shown(*field.fallback) : "without default";
      if (before == nullptr) {
        list_.add(named(inside) + " added, " + type_in_words(to_, field.node) + ", " + fallback);
        continue;
      }
      taken.insert(before->name);
      if (before->name != field.name) {
        list_.add(named(below(path, before->name)) + " is called " + named(inside) + " now, by an alias");
      }
      look(before->node, field.node, inside, depth + 1);
      if (before->fallback != field.fallback) {
        const std::string was = before->fallback ? "default " + shown(*before->fallback) : "without default";
        list_.add(named(inside) + ": " + was + " -> " + fallback);
      }
      for (const std::string& alias : field.aliases) {
        const bool known = std::find(before->aliases.begin(), before->aliases.end(), alias) != before->aliases.end();
        if (!known && alias != before->name) list_.add(named(inside) + ": alias " + named(alias) + " added");
      }
    }
    for (const AvroField& field : from.fields) {
      if (taken.contains(field.name)) continue;
      list_.add(named(below(path, field.name)) + " removed, was " + type_in_words(from_, field.node));
    }
  }

  void look_at_symbols(const AvroNode& from, const AvroNode& to, const std::string& path) {
    const std::set<std::string_view> before(from.symbols.begin(), from.symbols.end());
    const std::set<std::string_view> after(to.symbols.begin(), to.symbols.end());
    for (const std::string& symbol : to.symbols) {
      if (!before.contains(symbol)) list_.add(at_path(path) + ": symbol " + named(symbol) + " added");
    }
    for (const std::string& symbol : from.symbols) {
      if (!after.contains(symbol)) list_.add(at_path(path) + ": symbol " + named(symbol) + " removed");
    }
    if (from.fallback != to.fallback) {
      list_.add(at_path(path) + ": default symbol " + from.fallback.value_or("none") + " -> " +
                to.fallback.value_or("none"));
    }
  }

  const AvroSchema& from_;
  const AvroSchema& to_;
  DifferenceList list_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
};

}  // namespace

SchemaDifference compare_avro(const SchemaText& from, const SchemaText& to) {
  SchemaDifference out;
  const Result<AvroSchema> before = parse_avro_schema(from);
  const Result<AvroSchema> after = parse_avro_schema(to);
  if (!before || !after) {
    const Error& error = before ? after.error() : before.error();
    DifferenceList(out).add(std::string(before ? "the new" : "the old") + " schema cannot be read: " + error.message);
    return out;
  }
  Differences(*before, *after, out).look();
  const std::optional<std::string> backward = Reads(*before, *after).why_not();
  const std::optional<std::string> forward = Reads(*after, *before).why_not();
  out.why_not_backward = backward.value_or("");
  out.why_not_forward = forward.value_or("");
  out.compatibility = backward ? (forward ? Compatibility::None : Compatibility::Forward)
                               : (forward ? Compatibility::Backward : Compatibility::Full);
  return out;
}

}  // namespace weir
