// SPDX-License-Identifier: Apache-2.0
#include "decode/protobuf_schema.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/text.h"
#include "decode/protobuf_file.h"

namespace weir {

namespace pb = google::protobuf;

namespace {

constexpr std::size_t kMostShown = 10;  // names in a message
constexpr std::size_t kShownBytes = 200;
constexpr std::string_view kWellKnown = "google/protobuf/";

/// libprotobuf writes to standard error where nobody stops it.
void keep_silent() {
  static const bool once = [] {
    pb::SetLogHandler(nullptr);
    return true;
  }();
  static_cast<void>(once);
}

/// Keeps the first fault found while a file is linked, with its place where the file was text.
class LinkFaults final : public pb::DescriptorPool::ErrorCollector {
 public:
  explicit LinkFaults(const ProtobufFile& file) : file_(file) {}
  void AddError(const std::string&, const std::string& element, const pb::Message* part, ErrorLocation location,
                const std::string& message) override {
    if (text_) return;
    int line = -1;
    int column = -1;
    if (file_.places != nullptr) file_.places->Find(part, location, &line, &column);
    text_ = line >= 0 ? schema_fault(line, column, message) : "`" + element + "`: " + schema_fault(-1, -1, message);
  }
  [[nodiscard]] const std::optional<std::string>& text() const { return text_; }

 private:
  const ProtobufFile& file_;
  std::optional<std::string> text_;
};

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), kMostShown); ++i)
    out += (i == 0 ? "`" : ", `") + shorten(names[i], kShownBytes) + "`";
  if (names.size() > kMostShown) out += " and " + std::to_string(names.size() - kMostShown) + " more";
  return out;
}

void collect_names(const pb::Descriptor& type, std::vector<std::string>& names) {
  if (type.options().map_entry()) return;
  names.push_back(type.full_name());
  for (int i = 0; i < type.nested_type_count(); ++i) collect_names(*type.nested_type(i), names);
}

}  // namespace

/// Adds files to a pool, each behind those that it imports.
class ProtobufLinker {
 public:
  static Result<std::shared_ptr<const ProtobufSchema>> link(const SchemaText& text) {
    keep_silent();
    ProtobufLinker linker;
    try {
      if (Status status = linker.run(text); !status) return status.error();
      return std::shared_ptr<const ProtobufSchema>(std::move(linker.schema_));
    } catch (const pb::FatalException& fatal) {
      // What libprotobuf takes for a bug of its caller; its own builds throw so that a program can go on.
      return Error{.message = schema_fault(-1, -1, fatal.message())};
    }
  }

 private:
  enum class State : std::uint8_t { Waiting, Open, Linked };
  struct Entry {
    ProtobufFile file;
    State state = State::Waiting;
    bool imported = false;
    const pb::FileDescriptor* linked = nullptr;
  };

  Status run(const SchemaText& text) {
    if (text.references.size() >= ProtobufSchema::kMostFiles)
      return Error{.message = "it has more than " + std::to_string(ProtobufSchema::kMostFiles) + " references"};
    std::vector<std::string> roots;
    if (Status status = add(text.text, kMain, {}, &roots); !status) return status;
    for (const SchemaText::Reference& reference : text.references) {
      if (Status status = add(reference.text, reference.name, "reference " + listed({reference.name}) + ": ", nullptr);
          !status)
        return status;
    }
    for (const std::string& root : roots) {
      if (Status status = link_file(root, 0); !status) return status;
    }
    for (const std::string& root : roots) {
      const Entry& entry = entries_.at(root);
      if (entry.linked->message_type_count() > 0 && !entry.imported) schema_->files_.push_back(entry.linked);
    }
    if (schema_->files_.empty()) return Error{.message = "it has no message"};
    return Done{};
  }

  Status add(std::string_view text, const std::string& path, const std::string& where,
             std::vector<std::string>* names) {
    Result<std::vector<ProtobufFile>> files = read_protobuf_files(text, path, declarations_);
    if (!files) {
      Error error = files.error();
      error.message = where + error.message;
      return error;
    }
    for (ProtobufFile& file : *files) {
      const std::string name = file.shape->name();
      // What the well-known types are is not for a schema to say: they are read by what they mean.
      if (name.starts_with(kWellKnown) && pb::DescriptorPool::generated_pool()->FindFileByName(name) != nullptr)
        continue;
      if (names != nullptr && std::find(names->begin(), names->end(), name) == names->end()) names->push_back(name);
      // The first of a name counts: a reference may come again within a set.
      entries_.try_emplace(name, Entry{.file = std::move(file)});
    }
    if (entries_.size() > ProtobufSchema::kMostFiles)
      return Error{.message = "it has more than " + std::to_string(ProtobufSchema::kMostFiles) + " files"};
    return Done{};
  }

  /// Those that everybody has; false: not one of them.
  Result<bool> add_bundled(const std::string& path) {
    if (path.starts_with(kWellKnown)) {
      const pb::FileDescriptor* const known = pb::DescriptorPool::generated_pool()->FindFileByName(path);
      if (known == nullptr) return false;
      ProtobufFile file{.shape = std::make_unique<pb::FileDescriptorProto>(), .places = nullptr, .missing = {}};
      known->CopyTo(file.shape.get());
      entries_.try_emplace(path, Entry{.file = std::move(file)});
      return true;
    }
    const std::string_view text = bundled_proto(path);
    if (text.empty()) return false;
    if (Status status = add(text, path, {}, nullptr); !status) return status.error();
    return true;
  }

  Status link_file(const std::string& path, std::size_t depth) {
    Entry& entry = entries_.at(path);
    if (entry.state == State::Linked) return Done{};
    chain_.resize(depth);
    chain_.push_back(path);
    if (entry.state == State::Open) {
      const auto first = std::find(chain_.begin(), chain_.end(), path);
      return Error{.message = "files import each other in a circle: " + listed({first, chain_.end()})};
    }
    entry.state = State::Open;
    if (Status status = link_imports(entry, depth); !status) return status;
    LinkFaults faults(entry.file);
    entry.linked = schema_->pool_->BuildFileCollectingErrors(*entry.file.shape, &faults);
    if (entry.linked == nullptr) {
      const std::string where = path == kMain ? std::string() : "in " + listed({path}) + ", ";
      std::string message = where + faults.text().value_or("it cannot be linked");
      if (entry.file.missing.empty()) return Error{.message = std::move(message)};
      return Error{.message =
                       message + "; it imports " + listed(entry.file.missing) +
                       ", which did not come with it (`protoc --include_imports` takes along what a file imports)"};
    }
    entry.state = State::Linked;
    entry.file = {};
    return Done{};
  }

  /// An import that nobody has is let go: perhaps only options needed it. What is missed is told when the file is linked.
  Status link_imports(Entry& entry, std::size_t depth) {
    pb::FileDescriptorProto& shape = *entry.file.shape;
    pb::RepeatedPtrField<std::string> there;
    std::vector<int> place(static_cast<std::size_t>(shape.dependency_size()), -1);
    for (int i = 0; i < shape.dependency_size(); ++i) {
      const std::string& path = shape.dependency(i);
      if (!entries_.contains(path)) {
        Result<bool> found = add_bundled(path);
        if (!found) return found.error();
        if (!*found) {
          entry.file.missing.push_back(path);
          continue;
        }
      }
      entries_.at(path).imported = true;
      if (Status status = link_file(path, depth + 1); !status) return status;
      place[static_cast<std::size_t>(i)] = there.size();
      *there.Add() = path;
    }
    shape.mutable_dependency()->Swap(&there);
    pb::RepeatedField<pb::int32> passed_on;
    for (const int i : shape.public_dependency()) {
      const bool known = i >= 0 && static_cast<std::size_t>(i) < place.size();
      if (known && place[static_cast<std::size_t>(i)] >= 0) passed_on.Add(place[static_cast<std::size_t>(i)]);
    }
    shape.mutable_public_dependency()->Swap(&passed_on);
    return Done{};
  }

  static constexpr const char* kMain = "<schema>";  // no path that a file could import

  std::shared_ptr<ProtobufSchema> schema_{new ProtobufSchema};
  std::map<std::string, Entry, std::less<>> entries_;
  std::vector<std::string> chain_;
  std::size_t declarations_ = ProtobufSchema::kMostDeclarations;
};

ProtobufSchema::ProtobufSchema() : pool_(std::make_shared<pb::DescriptorPool>()) {}

Result<std::shared_ptr<const ProtobufSchema>> ProtobufSchema::make(const SchemaText& schema) {
  return ProtobufLinker::link(schema);
}

Result<const pb::Descriptor*> ProtobufSchema::message(std::string_view name) const {
  if (!name.empty()) {
    if (const pb::Descriptor* const found = pool_->FindMessageTypeByName(std::string(name))) return found;
    std::vector<std::string> names;
    for (const pb::FileDescriptor* const file : files_) {
      for (int i = 0; i < file->message_type_count(); ++i) collect_names(*file->message_type(i), names);
    }
    std::vector<std::string_view> candidates(names.begin(), names.end());
    const std::string last = "." + std::string(name);
    for (const std::string& full : names) {
      if (full.ends_with(last)) candidates = {full};
    }
    const std::string_view near = candidates.size() == 1 ? candidates[0] : nearest(name, candidates);
    std::string message = "there is no message `" + shorten(name, kShownBytes) + "`, only " + listed(names);
    if (!near.empty()) message += "; did you mean `" + std::string(near) + "`?";
    return Error{.message = std::move(message)};
  }
  std::vector<std::string> names;
  const pb::Descriptor* only = nullptr;
  for (const pb::FileDescriptor* const file : files_) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      only = file->message_type(i);
      names.push_back(only->full_name());
    }
  }
  if (names.size() == 1) return only;
  return Error{.message = "it has several messages, `source.message` has to name one: " + listed(names)};
}

const pb::Descriptor* ProtobufSchema::at(const std::vector<std::uint32_t>& indexes) const {
  const pb::Descriptor* found = nullptr;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    const int count = i == 0 ? files_.back()->message_type_count() : found->nested_type_count();
    if (indexes[i] >= static_cast<std::uint32_t>(count)) return nullptr;
    const auto index = static_cast<int>(indexes[i]);
    found = i == 0 ? files_.back()->message_type(index) : found->nested_type(index);
  }
  return found;
}

}  // namespace weir
