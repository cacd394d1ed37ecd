// SPDX-License-Identifier: Apache-2.0
// Protobuf messages one behind the other, each behind its length as a varint, as parsers called "delimited" read them.
//
// Nothing in such a file says where a message begins but the length of the one before. A length that is none, or a message that is
// cut off, is therefore a fault of the input as a whole; what lies before it is judged.
#include <algorithm>

#include "files/framing.h"

namespace weir {

namespace {

constexpr std::size_t kLongestVarint = 10;

class ProtobufFraming final : public Framing {
 public:
  explicit ProtobufFraming(std::uint32_t record_max_bytes) : record_max_bytes_(record_max_bytes) {}

  std::size_t frame(Block& block, bool at_end) override;
  std::size_t pass_over(std::string_view more) override;
  [[nodiscard]] Status state(bool at_end) const override;

 private:
  enum class Fault : std::uint8_t { None, NoLength, CutOff };
  struct Length {
    bool known = false;
    bool broken = false;
    std::size_t prefix = 0;
    std::uint64_t size = 0;
  };
  static Length length_at(std::string_view bytes);

  std::uint32_t record_max_bytes_;
  std::uint64_t records_ = 0;
  std::uint64_t left_ = 0;  // of the record that frame() could not finish, behind what it has seen
  Fault fault_ = Fault::None;
  std::uint64_t fault_at_ = 0;
};

ProtobufFraming::Length ProtobufFraming::length_at(std::string_view bytes) {
  Length out;
  for (std::size_t i = 0; i < std::min(bytes.size(), kLongestVarint); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out.size |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
    if (byte >= 0x80) continue;
    out.known = true;
    out.prefix = i + 1;
    // No message is longer: libraries count its bytes in 31 bits.
    out.broken = out.size > INT32_MAX;
    return out;
  }
  out.broken = bytes.size() >= kLongestVarint;
  return out;
}

std::size_t ProtobufFraming::frame(Block& block, bool at_end) {
  block.messages.items.clear();
  block.lines = 0;
  left_ = 0;
  const std::string_view all(block.buffer.data(), block.size);
  std::size_t at = 0;
  while (at < all.size() && fault_ == Fault::None) {
    const Length length = length_at(all.substr(at));
    const std::uint64_t whole = length.prefix + length.size;
    if (length.broken) {
      fault_ = Fault::NoLength;
    } else if (!length.known || whole > all.size() - at) {
      if (!at_end) {
        if (length.known) left_ = whole - (all.size() - at);
        break;
      }
      fault_ = Fault::CutOff;
    } else {
      const auto end = at + static_cast<std::size_t>(whole);
      add_message(block, at + length.prefix, end, ++block.lines, record_max_bytes_);
      at = end;
      continue;
    }
    fault_at_ = block.offset + at;
  }
  records_ += block.lines;
  return fault_ == Fault::None ? at : all.size();
}

std::size_t ProtobufFraming::pass_over(std::string_view more) {
  if (left_ <= more.size()) {
    const auto end = static_cast<std::size_t>(left_);
    left_ = 0;
    ++records_;
    return end;
  }
  left_ -= more.size();
  return kGoesOn;
}

Status ProtobufFraming::state(bool at_end) const {
  const std::string where = "byte " + std::to_string(fault_at_) + ", behind " + std::to_string(records_) + " records";
  if (fault_ == Fault::NoLength)
    return Error{.message = "no length of a Protobuf message stands at " + where,
                 .help = "each message has to stand behind its length as a varint"};
  if (fault_ == Fault::CutOff) return Error{.message = "it ends within the message at " + where};
  if (at_end && left_ > 0)
    return Error{.message = "it ends within a message, behind " + std::to_string(records_) + " records"};
  return Done{};
}

}  // namespace

std::unique_ptr<Framing> make_protobuf_framing(std::uint32_t record_max_bytes) {
  return std::make_unique<ProtobufFraming>(record_max_bytes);
}

}  // namespace weir
