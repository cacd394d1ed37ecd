// SPDX-License-Identifier: Apache-2.0
#include "decode/wrapped_rows.h"

#include <algorithm>

#include "decode/decoders.h"
#include "testing/decoded_rows.h"

namespace weir::testing {

namespace {

/// Passes a batch on, and keeps what is known of its rows.
class Watched final : public Decoder {
 public:
  explicit Watched(Decoder& inner) : inner_(inner) {}
  void decode(const Messages& messages, Batch& batch) override {
    inner_.decode(messages, batch);
    kinds.assign(batch.size(), "row");
    const auto name = [this](const Mask& mask, const char* kind) {
      mask.each([&](std::size_t row) { kinds[row] = kind; });
    };
    name(batch.removals, "removal");
    name(batch.notices, "notice");
    name(batch.snapshots, "snapshot");
    wrapped = batch.wrapped;
  }
  std::vector<std::string> kinds;
  std::array<std::uint64_t, kWrappings> wrapped{};

 private:
  Decoder& inner_;
};

void read(Decoder& decoder, const Plan& plan, const Messages& messages, WrappedRows& out) {
  Watched watched(decoder);
  const std::vector<DecodedRow> rows = decode(watched, plan, messages);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string line = rows[i].decoded ? watched.kinds[i] : rows[i].code + ": " + rows[i].reason;
    for (const std::string& value : rows[i].values) line += rows[i].decoded ? " | " + value : "";
    for (const std::string& name : rows[i].extra) line += " + " + name;
    for (const std::string& field : rows[i].seen) line += " ~ " + field;
    out.lines.push_back(std::move(line));
  }
  for (std::size_t i = 0; i < out.wrapped.size(); ++i) out.wrapped[i] += watched.wrapped[i];
}

}  // namespace

WrappedRows read_topic(const Plan& plan, const std::vector<WrappedMessage>& messages, std::size_t cut) {
  const std::unique_ptr<Decoder> decoder = make_decoder(plan.format, plan);
  WrappedRows out;
  if (cut == 0) cut = messages.size();
  for (std::size_t from = 0; from < messages.size(); from += cut) {
    const std::size_t to = std::min(from + cut, messages.size());
    std::vector<std::string> values;
    for (std::size_t i = from; i < to; ++i) values.push_back(messages[i].value);
    MessageBlock block(values, Layout::Apart);
    for (std::size_t i = from; i < to; ++i) {
      Envelope envelope;
      envelope.topic = "t";
      envelope.has_key = !messages[i].key.empty();
      envelope.key = messages[i].key;
      for (const auto& [name, value] : messages[i].headers) envelope.headers.emplace_back(name, value);
      block.messages().envelopes.push_back(std::move(envelope));
    }
    read(*decoder, plan, block.messages(), out);
  }
  return out;
}

WrappedRows read_topic(const Plan& plan, const std::vector<std::string>& values) {
  std::vector<WrappedMessage> messages;
  for (const std::string& value : values) messages.push_back({.value = value});
  return read_topic(plan, messages);
}

WrappedRows read_file(const Plan& plan, const std::vector<std::string>& values) {
  const std::unique_ptr<Decoder> decoder = make_decoder(Format::Json, plan);
  const MessageBlock block(values);
  WrappedRows out;
  read(*decoder, plan, block.messages(), out);
  return out;
}

}  // namespace weir::testing
