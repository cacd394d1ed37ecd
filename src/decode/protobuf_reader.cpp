// SPDX-License-Identifier: Apache-2.0
// Protobuf records by a schema: which type a record is, a check of all of its bytes (decode/protobuf_check.h), then what the rules
// name goes into columns (decode/protobuf_rows.h). Bytes are walked by the descriptors; no message object is ever made.
#include <algorithm>

#include "decode/protobuf_check.h"
#include "decode/protobuf_rows.h"
#include "decode/protobuf_schema.h"
#include "decode/typed_reader.h"

namespace weir {

namespace {

class ProtobufReader final : public TypedReader {
 public:
  ProtobufReader(const TypedRequest& request, std::shared_ptr<const ProtobufSchema> schema,
                 const ProtobufSchema::Message* message)
      : schema_(std::move(schema)),
        message_(message),
        indexed_(request.indexed),
        record_max_bytes_(request.plan.record_max_bytes),
        check_(types_, request.plan.max_depth),
        rows_(request.plan, request.tree, types_) {}

  void begin(Batch& batch) override { rows_.begin(batch); }

  bool read(std::uint32_t row, std::string_view bytes) override {
    const ProtobufType* const type = checked(bytes);
    if (type == nullptr) return false;
    rows_.json().limit(most_json(bytes));
    return rows_.put(row, *type, bytes) || refuse_large(bytes);
  }

  bool json(std::string_view bytes, std::string& out) override {
    const ProtobufType* const type = checked(bytes);
    if (type == nullptr) return false;
    out.clear();
    rows_.json().limit(most_json(bytes));
    rows_.json().record(*type, bytes, arena_, out);
    arena_.clear();
    return !rows_.json().over() || refuse_large(bytes);
  }

  [[nodiscard]] const DecodeFailure& fault() const override { return fault_; }

  [[nodiscard]] std::vector<std::string> names() const override {
    std::vector<std::string> out;
    const ProtobufSchema::Message* const message = message_ != nullptr ? message_ : schema_->at({0});
    for (int i = 0; message != nullptr && i < message->field_count(); ++i) out.push_back(message->field(i)->name());
    return out;
  }

 private:
  static constexpr std::size_t kJsonToRecords = 16;  // the longest JSON is so many times the longest record
  static constexpr std::size_t kJsonToBytes = 1024;  // and no longer than the record so many times
  static constexpr std::size_t kJsonAlways = 1U << 20;

  [[nodiscard]] std::size_t most_json(std::string_view bytes) const {
    return std::min(kJsonToRecords * record_max_bytes_, kJsonAlways + kJsonToBytes * bytes.size());
  }

  bool refuse_large(std::string_view bytes) {
    refuse(0, "too_large", "as JSON it would be longer than " + std::to_string(most_json(bytes)) + " bytes");
    return false;
  }

  /// The type of the record, its bytes being sound; the indexes in front are taken off. Null: fault_ says why.
  const ProtobufType* checked(std::string_view& bytes) {
    const char* const record = bytes.data();
    const ProtobufSchema::Message* message = message_;
    if (indexed_ && (message = indexed(bytes)) == nullptr) return nullptr;
    const ProtobufType& type = types_.of(*message);
    if (check_.run(type, bytes, record)) return &type;
    fault_ = check_.fault();
    return nullptr;
  }

  /// As registries' serializers write them: how many (0 stands for the one index 0), then each, in zigzag varints.
  const ProtobufSchema::Message* indexed(std::string_view& bytes) {
    WireCursor cursor(bytes);
    std::uint64_t bits = 0;
    indexes_.clear();
    bool good = cursor.varint(bits) == WireFault::None;
    const std::int64_t count = zigzag(bits);
    good = good && count >= 0 && count <= static_cast<std::int64_t>(ProtobufSchema::kMostDepth);
    for (std::int64_t i = 0; good && i < count; ++i) {
      good = cursor.varint(bits) == WireFault::None && zigzag(bits) >= 0 && zigzag(bits) <= INT32_MAX;
      indexes_.push_back(static_cast<std::uint32_t>(zigzag(bits)));
    }
    if (!good)
      return refuse(cursor.at() - bytes.data(), "syntax", "the message indexes in front of the record are none");
    if (indexes_.empty()) indexes_.push_back(0);
    const ProtobufSchema::Message* const found = schema_->at(indexes_);
    if (found == nullptr) {
      std::string shown;
      for (const std::uint32_t index : indexes_) shown += (shown.empty() ? "" : ".") + std::to_string(index);
      return refuse(0, "schema", "it says that it is message " + shown + " of its schema, which has none there");
    }
    if (message_ != nullptr && found != message_) {
      return refuse(0, "schema", "it is a message `" + found->full_name() + "`, not `" + message_->full_name() + "`");
    }
    bytes.remove_prefix(static_cast<std::size_t>(cursor.at() - bytes.data()));
    return found;
  }

  const ProtobufSchema::Message* refuse(std::ptrdiff_t at, std::string_view code, std::string reason) {
    fault_ = {.row = 0, .at = static_cast<std::uint32_t>(at), .code = code, .reason = std::move(reason)};
    return nullptr;
  }

  std::shared_ptr<const ProtobufSchema> schema_;
  const ProtobufSchema::Message* message_;  // null: the record says
  bool indexed_;
  std::size_t record_max_bytes_;
  ProtobufTypes types_;
  ProtobufCheck check_;
  ProtobufRows rows_;
  Arena arena_;
  std::vector<std::uint32_t> indexes_;
  DecodeFailure fault_;
};

}  // namespace

Result<std::unique_ptr<TypedReader>> make_protobuf_reader(const TypedRequest& request) {
  Result<std::shared_ptr<const ProtobufSchema>> schema = ProtobufSchema::make(request.schema);
  if (!schema) return schema.error();
  const ProtobufSchema::Message* message = nullptr;
  if (!request.indexed || !request.message.empty()) {
    Result<const ProtobufSchema::Message*> found = (*schema)->message(request.message);
    if (!found) return found.error();
    message = *found;
  }
  return std::unique_ptr<TypedReader>(std::make_unique<ProtobufReader>(request, std::move(*schema), message));
}

}  // namespace weir
