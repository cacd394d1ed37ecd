// SPDX-License-Identifier: Apache-2.0
#include "kafka/state_topic_records.h"

#include <zstd.h>

#include <array>
#include <charconv>
#include <memory>

#include "summary/codec.h"

namespace weir::kafka {

namespace {

constexpr std::uint8_t kLayout = 1;
constexpr int kLevel = 3;
constexpr std::size_t kMostUuid = 64;
constexpr std::array<std::string_view, 3> kKinds = {"head", "chunk", "claim"};

/// The part before the next slash, which goes; nothing is left for the last one.
std::string_view next_part(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view part = rest.substr(0, slash);
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return part;
}

/// A number as it is written here: digits alone, no zero in front.
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return value;
}

}  // namespace

std::string prefix_of(std::string_view stream, const Partition& partition) {
  return std::string(stream) + "/" + partition.topic + "/" + std::to_string(partition.number) + "/";
}

std::string write_key(std::string_view prefix, const StateKey& key) {
  std::string out(prefix);
  out += kKinds.at(static_cast<std::size_t>(key.kind));
  out += "/" + std::to_string(key.incarnation) + "/";
  if (key.kind == StateKey::Kind::Claim) return out + key.uuid;
  out += std::to_string(key.save);
  if (key.kind == StateKey::Kind::Chunk) out += "/" + std::to_string(key.chunk);
  return out;
}

std::optional<StateKey> read_key(std::string_view prefix, std::string_view key) {
  if (!key.starts_with(prefix)) return std::nullopt;
  std::string_view rest = key.substr(prefix.size());
  StateKey out;
  const std::string_view kind = next_part(rest);
  std::size_t index = 0;
  while (index < kKinds.size() && kKinds.at(index) != kind) ++index;
  if (index == kKinds.size()) return std::nullopt;
  out.kind = static_cast<StateKey::Kind>(index);
  const std::optional<std::uint64_t> incarnation = number(next_part(rest));
  if (!incarnation) return std::nullopt;
  out.incarnation = *incarnation;
  if (out.kind == StateKey::Kind::Claim) {
    out.uuid = rest;
    if (rest.empty() || rest.size() > kMostUuid) return std::nullopt;
  } else {
    const std::optional<std::uint64_t> save = number(next_part(rest));
    if (!save) return std::nullopt;
    out.save = *save;
    if (out.kind == StateKey::Kind::Chunk) {
      const std::optional<std::uint64_t> chunk = number(next_part(rest));
      if (!chunk) return std::nullopt;
      out.chunk = *chunk;
    }
  }
  // Only what is written exactly so: another spelling would be another key to the broker.
  if (write_key(prefix, out) != key) return std::nullopt;
  return out;
}

std::string write_head(const StateHead& head) {
  SummaryWriter writer;
  writer.u8(kLayout);
  writer.varint(head.epoch);
  writer.signed_varint(head.next_offset);
  writer.varint(head.chunks);
  writer.varint(head.bytes);
  return std::move(writer).bytes();
}

Result<StateHead> read_head(std::string_view written) {
  SummaryReader reader(written);
  const std::uint8_t layout = reader.u8();
  if (reader.ok() && layout != kLayout) {
    return Error{.message = "it was written by another version of weir (layout " + std::to_string(layout) + ")"};
  }
  StateHead head;
  head.epoch = reader.varint();
  head.next_offset = reader.signed_varint();
  head.chunks = reader.at_most(kLargestState, "number of chunks");
  head.bytes = reader.at_most(kLargestState, "size");
  reader.require(reader.at_end(), "more than a head");
  if (!reader.ok()) return reader.error();
  return head;
}

Result<std::string> compress_state(std::string_view state) {
  if (state.size() > kLargestState) return Error{.message = "a state of more than a gigabyte cannot be saved"};
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
  if (context == nullptr) return Error{.message = "cannot compress a state: out of memory"};
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(state.size()), '\0');
  const std::size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), state.data(), state.size());
  if (ZSTD_isError(size) != 0)
    return Error{.message = std::string("cannot compress a state: ") + ZSTD_getErrorName(size)};
  out.resize(size);
  return out;
}

Result<std::string> decompress_state(std::string_view compressed, std::uint64_t bytes) {
  // The frame says its size, too; nothing is allocated for a head that promises another one.
  if (bytes > kLargestState || ZSTD_getFrameContentSize(compressed.data(), compressed.size()) != bytes) {
    return Error{.message = "its parts are not those that its head names"};
  }
  std::string out(bytes, '\0');
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), compressed.data(), compressed.size());
  if (ZSTD_isError(size) != 0) return Error{.message = ZSTD_getErrorName(size)};
  if (size != bytes) return Error{.message = "it is cut short"};
  return out;
}

}  // namespace weir::kafka
