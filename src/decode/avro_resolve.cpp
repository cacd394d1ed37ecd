// SPDX-License-Identifier: Apache-2.0
// Pairs of types are worked off from a list, each pair once, so types may hold themselves and no schema exhausts the stack.
#include "decode/avro_resolve.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/escape.h"
#include "decode/avro_default.h"

namespace weir {

namespace {

constexpr std::size_t kMostWork = 1'000'000;  // types and fields of both schemas, paired
constexpr std::size_t kMostPool = 16U << 20;  // bytes of names and defaults
constexpr std::size_t kBytesAsWork = 64;      // so many bytes of defaults count as one
constexpr std::uint32_t kLargest = 1U << 30;  // that `least` counts to
constexpr std::size_t kShown = 80;            // code points of a name in a message
constexpr std::uint32_t kNobody = ~std::uint32_t{0};

std::string_view last_part(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

std::string describe(const AvroNode& node) {
  std::string out(word_of(node.type));
  if (!node.name.empty()) out += " `" + visible(node.name, kShown) + "`";
  if (node.type == AvroType::Fixed) out += " of " + std::to_string(node.size) + " bytes";
  return out;
}

bool is_promoted(AvroType from, AvroType to) {
  if (from == AvroType::String) return to == AvroType::Bytes;
  if (from == AvroType::Bytes) return to == AvroType::String;
  return from >= AvroType::Int && from < to && to <= AvroType::Double;
}

bool same_name(const AvroNode& writer, const AvroNode& reader) {
  return writer.name == reader.name ||
         std::find(reader.aliases.begin(), reader.aliases.end(), writer.name) != reader.aliases.end();
}

/// How well a type that was written fits one to read it with, as far as can be seen without looking below.
enum class Fit : std::uint8_t { None, Promoted, Alike, Same };

Fit fit_of(const AvroNode& writer, const AvroNode& reader) {
  if (writer.type != reader.type) return is_promoted(writer.type, reader.type) ? Fit::Promoted : Fit::None;
  if (writer.name.empty()) return Fit::Same;
  if (writer.type == AvroType::Fixed && writer.size != reader.size) return Fit::None;
  if (same_name(writer, reader)) return Fit::Same;
  const std::string_view name = last_part(writer.name);
  if (name == last_part(reader.name)) return Fit::Alike;
  const bool alias = std::any_of(reader.aliases.begin(), reader.aliases.end(),
                                 [name](const std::string& known) { return last_part(known) == name; });
  return alias ? Fit::Alike : Fit::None;
}

AvroForm form_of(AvroType type) {
  switch (type) {
    case AvroType::Null: return AvroForm::Null;
    case AvroType::Boolean: return AvroForm::Boolean;
    case AvroType::Int: return AvroForm::Int;
    case AvroType::Long: return AvroForm::Long;
    case AvroType::Float: return AvroForm::Float;
    case AvroType::Double: return AvroForm::Double;
    case AvroType::Bytes:
    case AvroType::String: return AvroForm::Bytes;
    case AvroType::Record: return AvroForm::Record;
    case AvroType::Enum: return AvroForm::Enum;
    case AvroType::Array: return AvroForm::Array;
    case AvroType::Map: return AvroForm::Map;
    case AvroType::Union: return AvroForm::Union;
    case AvroType::Fixed: return AvroForm::Fixed;
  }
  return AvroForm::Null;
}

AvroOutput output_of(AvroType type, AvroLogical logical) {
  switch (logical) {
    case AvroLogical::None: break;
    case AvroLogical::Decimal: return AvroOutput::Decimal;
    case AvroLogical::Uuid: return type == AvroType::Fixed ? AvroOutput::Uuid : AvroOutput::Text;
    case AvroLogical::Date: return AvroOutput::Date;
    case AvroLogical::TimeMillis: return AvroOutput::TimeMillis;
    case AvroLogical::TimeMicros: return AvroOutput::TimeMicros;
    case AvroLogical::TimestampMillis: return AvroOutput::TimestampMillis;
    case AvroLogical::TimestampMicros: return AvroOutput::TimestampMicros;
    case AvroLogical::TimestampNanos: return AvroOutput::TimestampNanos;
    case AvroLogical::LocalTimestampMillis: return AvroOutput::LocalTimestampMillis;
    case AvroLogical::LocalTimestampMicros: return AvroOutput::LocalTimestampMicros;
    case AvroLogical::LocalTimestampNanos: return AvroOutput::LocalTimestampNanos;
    case AvroLogical::Duration: return AvroOutput::Duration;
  }
  switch (type) {
    case AvroType::Float: return AvroOutput::Float;
    case AvroType::Double: return AvroOutput::Double;
    case AvroType::String: return AvroOutput::Text;
    case AvroType::Bytes:
    case AvroType::Fixed: return AvroOutput::Base64;
    default: return AvroOutput::Plain;
  }
}

class Resolver {
 public:
  Resolver(const AvroSchema& writer, const AvroSchema* reader);
  Result<AvroShapes> resolve();

 private:
  struct Task {
    std::uint32_t writer;
    std::uint32_t reader;
    std::uint32_t parent;  // the shape that holds it
    std::string step;      // from there: "amount", "[]"
  };

  std::uint32_t shape_of(std::uint32_t writer, std::uint32_t reader, std::uint32_t parent, std::string step);
  void fill(std::uint32_t index);
  void scalar(AvroShape& shape, const AvroNode& writer, const AvroNode& reader);
  void enumeration(AvroShape& shape, const AvroNode& writer, const AvroNode& reader);
  void record(std::uint32_t index, std::uint32_t writer, std::uint32_t reader);
  [[nodiscard]] std::vector<std::uint32_t> sources(const AvroNode& writer, const AvroNode& reader) const;
  void mismatch(std::uint32_t index, std::string why);
  AvroText keep(const std::string& text);
  void find_least();
  [[nodiscard]] std::optional<Error> find_fault() const;
  [[nodiscard]] Error error_at(std::uint32_t index, const std::string& why) const;

  std::vector<AvroNode> nodes_;  // of both schemas
  std::uint32_t writer_root_;
  std::uint32_t reader_root_;
  AvroShapes shapes_;
  std::vector<Task> tasks_;  // one a shape
  std::unordered_map<std::uint64_t, std::uint32_t> pairs_;
  std::unordered_map<std::string, AvroText> kept_;
  std::size_t work_ = 0;
};

Resolver::Resolver(const AvroSchema& writer, const AvroSchema* reader)
    : nodes_(writer.nodes), writer_root_(writer.root), reader_root_(writer.root) {
  if (reader == nullptr) return;
  const auto offset = static_cast<std::uint32_t>(nodes_.size());
  nodes_.insert(nodes_.end(), reader->nodes.begin(), reader->nodes.end());
  reader_root_ = reader->root + offset;
  for (std::size_t i = offset; i < nodes_.size(); ++i) {
    for (std::uint32_t& below : nodes_[i].below) below += offset;
    for (AvroField& field : nodes_[i].fields) field.node += offset;
  }
}

Result<AvroShapes> Resolver::resolve() {
  shapes_.root = shape_of(writer_root_, reader_root_, kNobody, "");
  for (std::uint32_t next = 0; next < tasks_.size(); ++next) {
    fill(next);
    if (work_ > kMostWork || shapes_.pool.size() > kMostPool)
      return Error{.message = "the schemas are too large to be brought together"};
  }
  find_least();
  if (std::optional<Error> fault = find_fault()) return *std::move(fault);
  return std::move(shapes_);
}

std::uint32_t Resolver::shape_of(std::uint32_t writer, std::uint32_t reader, std::uint32_t parent, std::string step) {
  const auto next = static_cast<std::uint32_t>(tasks_.size());
  const auto [pair, added] = pairs_.emplace(std::uint64_t{writer} << 32 | reader, next);
  if (!added) return pair->second;
  ++work_;
  shapes_.all.emplace_back();
  tasks_.push_back({.writer = writer, .reader = reader, .parent = parent, .step = std::move(step)});
  return next;
}

void Resolver::fill(std::uint32_t index) {
  const std::uint32_t writer_index = tasks_[index].writer;
  std::uint32_t reader_index = tasks_[index].reader;
  const AvroNode& writer = nodes_[writer_index];
  const bool same = writer_index == reader_index;
  if (writer.type == AvroType::Union) {
    shapes_.all[index].form = AvroForm::Union;
    for (const std::uint32_t branch : writer.below) {
      const std::uint32_t below = shape_of(branch, same ? branch : reader_index, index, "");
      shapes_.all[index].below.push_back(below);
    }
    return;
  }
  if (nodes_[reader_index].type == AvroType::Union) {
    Fit best = Fit::None;
    for (const std::uint32_t branch : nodes_[tasks_[index].reader].below) {
      const Fit fit = fit_of(writer, nodes_[branch]);
      if (fit <= best) continue;
      best = fit;
      reader_index = branch;
    }
    if (best == Fit::None) {
      mismatch(index, "written as " + describe(writer) + ", which no branch of the union to read it with takes");
      return;
    }
  }
  const AvroNode& reader = nodes_[reader_index];
  if (!same && fit_of(writer, reader) == Fit::None) {
    mismatch(index, "written as " + describe(writer) + ", to be read as " + describe(reader));
    return;
  }
  AvroShape& shape = shapes_.all[index];
  shape.form = form_of(writer.type);
  switch (writer.type) {
    case AvroType::Array:
    case AvroType::Map: {
      const std::uint32_t below =
          shape_of(writer.below[0], reader.below[0], index, writer.type == AvroType::Array ? "[]" : "{}");
      shapes_.all[index].below.push_back(below);
      break;
    }
    case AvroType::Enum: enumeration(shape, writer, reader); break;
    case AvroType::Record: record(index, writer_index, reader_index); break;
    default: scalar(shape, writer, reader); break;
  }
}

void Resolver::scalar(AvroShape& shape, const AvroNode& writer, const AvroNode& reader) {
  const bool keeps = writer.logical != AvroLogical::None && reader.logical != AvroLogical::None;
  const AvroNode& meaning = keeps ? writer : reader;
  shape.output = output_of(meaning.type, meaning.logical);
  shape.scale = meaning.scale;
  shape.size = writer.size;
}

void Resolver::enumeration(AvroShape& shape, const AvroNode& writer, const AvroNode& reader) {
  std::unordered_map<std::string_view, bool> known;
  for (const std::string& symbol : reader.symbols) known.emplace(symbol, true);
  for (const std::string& symbol : writer.symbols) {
    if (known.contains(symbol)) {
      shape.symbols.push_back(keep(symbol));
    } else {
      shape.symbols.push_back(reader.fallback ? keep(*reader.fallback) : AvroText{});
    }
  }
  work_ += writer.symbols.size() + reader.symbols.size();
}

/// Of each field to read the one that was written for it.
std::vector<std::uint32_t> Resolver::sources(const AvroNode& writer, const AvroNode& reader) const {
  std::vector<std::uint32_t> out(reader.fields.size(), kNobody);
  std::unordered_map<std::string_view, std::uint32_t> free;
  for (std::uint32_t i = 0; i < writer.fields.size(); ++i) free.emplace(writer.fields[i].name, i);
  const auto take = [&free](std::uint32_t& source, const std::string& name) {
    const auto found = source == kNobody ? free.find(name) : free.end();
    if (found == free.end()) return;
    source = found->second;
    free.erase(found);
  };
  for (std::size_t i = 0; i < out.size(); ++i) take(out[i], reader.fields[i].name);
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (const std::string& alias : reader.fields[i].aliases) take(out[i], alias);
  }
  return out;
}

void Resolver::record(std::uint32_t index, std::uint32_t writer_index, std::uint32_t reader_index) {
  const AvroNode& writer = nodes_[writer_index];
  const AvroNode& reader = nodes_[reader_index];
  work_ += writer.fields.size() + reader.fields.size();
  const std::vector<std::uint32_t> from = sources(writer, reader);
  std::vector<std::int32_t> member_of(writer.fields.size(), AvroShape::kNowhere);
  std::vector<AvroShape::Member> members;
  bool in_order = true;
  std::uint32_t behind = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const AvroField& field = reader.fields[i];
    AvroShape::Member member{.name = keep(field.name), .shape = 0, .fallback = {}};
    if (from[i] != kNobody) {
      in_order = in_order && from[i] >= behind;
      behind = from[i];
      member_of[from[i]] = static_cast<std::int32_t>(i);
    } else {
      std::string datum;
      if (!field.fallback) {
        mismatch(index, "the field `" + visible(field.name, kShown) + "` was not written and has no default");
        return;
      }
      if (!write_avro_default(nodes_, field.node, *field.fallback, datum)) {
        mismatch(index, "the default of the field `" + visible(field.name, kShown) + "` does not fit its type");
        return;
      }
      work_ += datum.size() / kBytesAsWork;
      if (work_ > kMostWork || shapes_.pool.size() > kMostPool) return;
      in_order = false;
      member.fallback = keep(datum);
      member.shape = shape_of(field.node, field.node, index, field.name);
    }
    members.push_back(member);
  }
  std::vector<AvroShape::Written> written;
  for (std::size_t i = 0; i < writer.fields.size(); ++i) {
    const AvroField& field = writer.fields[i];
    const std::int32_t member = member_of[i];
    const std::uint32_t target =
        member == AvroShape::kNowhere ? field.node : reader.fields[static_cast<std::size_t>(member)].node;
    const std::uint32_t shape = shape_of(field.node, target, index, field.name);
    if (member != AvroShape::kNowhere) members[static_cast<std::size_t>(member)].shape = shape;
    written.push_back({.name = keep(field.name), .shape = shape, .member = member});
  }
  AvroShape& shape = shapes_.all[index];
  shape.in_order = in_order;
  shape.written = std::move(written);
  shape.members = std::move(members);
}

void Resolver::mismatch(std::uint32_t index, std::string why) {
  shapes_.all[index].form = AvroForm::Mismatch;
  shapes_.all[index].fault = std::move(why);
}

AvroText Resolver::keep(const std::string& text) {
  const AvroText added{.at = static_cast<std::uint32_t>(shapes_.pool.size()),
                       .size = static_cast<std::uint32_t>(text.size())};
  const auto [kept, is_new] = kept_.emplace(text, added);
  if (is_new) shapes_.pool += text;
  return kept->second;
}

/// Counts up from nothing: every round is a lower bound already, so a few of them do where types hold themselves.
void Resolver::find_least() {
  constexpr int kRounds = 8;
  const auto round = [this](AvroShape& shape) -> std::uint64_t {
    switch (shape.form) {
      case AvroForm::Null:
      case AvroForm::Mismatch: return 0;
      case AvroForm::Float: return sizeof(float);
      case AvroForm::Double: return sizeof(double);
      case AvroForm::Fixed: return shape.size;
      case AvroForm::Record: {
        std::uint64_t sum = 0;
        for (const AvroShape::Written& field : shape.written) sum += shapes_.all[field.shape].least;
        return sum;
      }
      default: return 1;
    }
  };
  for (int i = 0; i < kRounds; ++i) {
    for (std::size_t at = shapes_.all.size(); at-- > 0;)
      shapes_.all[at].least = static_cast<std::uint32_t>(std::min<std::uint64_t>(round(shapes_.all[at]), kLargest));
  }
}

/// What cannot be read whatever the data are: a mismatch that is reached without passing a branch of a union, or that all
/// branches of one are.
std::optional<Error> Resolver::find_fault() const {
  std::vector<bool> seen(shapes_.all.size(), false);
  std::vector<std::uint32_t> open{shapes_.root};
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    if (seen[at]) continue;
    seen[at] = true;
    const AvroShape& shape = shapes_.all[at];
    if (shape.form == AvroForm::Mismatch) return error_at(at, shape.fault);
    if (shape.form == AvroForm::Union) {
      const bool none = std::all_of(shape.below.begin(), shape.below.end(), [this](std::uint32_t branch) {
        return shapes_.all[branch].form == AvroForm::Mismatch;
      });
      if (none) return error_at(shape.below[0], shapes_.all[shape.below[0]].fault);
      continue;
    }
    open.insert(open.end(), shape.below.begin(), shape.below.end());
    for (const AvroShape::Written& field : shape.written) open.push_back(field.shape);
  }
  return std::nullopt;
}

Error Resolver::error_at(std::uint32_t index, const std::string& why) const {
  std::string path;
  for (std::uint32_t at = index; at != kNobody; at = tasks_[at].parent) {
    const std::string& step = tasks_[at].step;
    if (step.empty()) continue;
    path = path.empty() || path[0] == '[' || path[0] == '{' ? step + path : step + "." + path;
  }
  return Error{.message = path.empty() ? why : "`" + visible(path, 2 * kShown) + "`: " + why};
}

}  // namespace

Result<AvroShapes> resolve_avro(const AvroSchema& writer, const AvroSchema* reader) {
  return Resolver(writer, reader).resolve();
}

}  // namespace weir
