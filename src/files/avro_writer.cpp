// SPDX-License-Identifier: Apache-2.0
// The sync marker of a file is drawn from its schema and not from chance, so that the same records give the same bytes. Readers
// that start in the middle of a file look for it; that data hold it by chance is as unlikely as with any other marker.
#include "files/avro_writer.h"

#include "base/sha256.h"
#include "files/avro_container.h"

namespace weir {

namespace {

constexpr std::size_t kBlockBytes = 64 * 1024;      // as other writers have it
constexpr std::uint64_t kBlockRecords = 64 * 1024;  // data of no bytes fill none

void put_long(std::uint64_t value, std::string& out) {
  value <<= 1;  // zigzag of what is not negative
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void put_text(std::string_view text, std::string& out) {
  put_long(text.size(), out);
  out += text;
}

std::string sync_of(std::string_view schema) {
  const std::string digits = sha256_hex(schema);
  const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
  std::string sync;
  for (std::size_t i = 0; i < kAvroSync; ++i)
    sync += static_cast<char>(value(digits[2 * i]) * 16 + value(digits[2 * i + 1]));
  return sync;
}

}  // namespace

void AvroWriter::begin(std::string_view schema, std::string& out) {
  sync_ = sync_of(schema);
  out += kAvroMagic;
  put_long(2, out);
  put_text("avro.schema", out);
  put_text(schema, out);
  put_text("avro.codec", out);
  put_text("null", out);
  put_long(0, out);
  out += sync_;
}

void AvroWriter::add(std::string_view datum, std::string& out) {
  data_ += datum;
  ++count_;
  if (data_.size() >= kBlockBytes || count_ >= kBlockRecords) finish(out);
}

void AvroWriter::finish(std::string& out) {
  if (count_ == 0) return;
  put_long(count_, out);
  put_long(data_.size(), out);
  out += data_;
  out += sync_;
  data_.clear();
  count_ = 0;
}

}  // namespace weir
