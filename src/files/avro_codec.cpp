// SPDX-License-Identifier: Apache-2.0
// deflate is raw (RFC 1951: neither zlib's nor gzip's head); behind a snappy block stands the CRC-32 of what it unpacks to, big
// endian. Both are as the Avro specification says.
#include "files/avro_codec.h"

#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>

namespace weir {

namespace {

constexpr std::size_t kFirstRoom = 64 * 1024;

Error too_large(std::size_t most) {
  return Error{.message = "it unpacks to more than " + std::to_string(most >> 20) + " MiB"};
}

/// Grows `out`, which holds `used` bytes, at least by half; false: it would go beyond `most`.
bool make_room(std::string& out, std::size_t used, std::size_t most) {
  if (used < out.size()) return true;
  if (out.size() > most) return false;
  // One byte beyond the limit: whoever fills it unpacks to too much.
  out.resize(std::min(std::max(kFirstRoom, out.size() * 2), most + 1));
  return true;
}

Status inflate_raw(std::string_view packed, std::size_t most, std::string& out) {
  z_stream stream{};
  constexpr int kRaw = -15;  // largest window, no head
  if (::inflateInit2(&stream, kRaw) != Z_OK) return Error{.message = "no memory for zlib"};
  const std::unique_ptr<z_stream, decltype(&::inflateEnd)> ends(&stream, &::inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib does not write there
  stream.avail_in = static_cast<uInt>(packed.size());
  std::size_t used = 0;
  for (int state = Z_OK; state != Z_STREAM_END;) {
    if (!make_room(out, used, most)) return too_large(most);
    const std::size_t room = out.size() - used;
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    stream.avail_out = static_cast<uInt>(room);
    state = ::inflate(&stream, Z_NO_FLUSH);
    used += room - stream.avail_out;
    if (state == Z_BUF_ERROR || (state == Z_OK && stream.avail_in == 0 && stream.avail_out > 0))
      return Error{.message = "its deflate data is cut short"};
    if (state != Z_OK && state != Z_STREAM_END)
      return Error{.message =
                       "its deflate data is damaged: " + std::string(stream.msg ? stream.msg : "no reason given")};
  }
  if (used > most) return too_large(most);
  out.resize(used);
  return Done{};
}

Status unsnap(std::string_view packed, std::size_t most, std::string& out) {
  constexpr std::size_t kCheck = 4;
  if (packed.size() < kCheck) return Error{.message = "its snappy data is cut short"};
  const std::string_view data = packed.substr(0, packed.size() - kCheck);
  std::size_t size = 0;
  if (!snappy::GetUncompressedLength(data.data(), data.size(), &size))
    return Error{.message = "its snappy data is damaged"};
  if (size > most) return too_large(most);
  // No element of three bytes stands for more than 64: a size beyond that is a lie, told before memory is taken for it.
  if (size / 64 > data.size()) return Error{.message = "its snappy data is damaged"};
  out.resize(size);
  if (!snappy::RawUncompress(data.data(), data.size(), out.data()))
    return Error{.message = "its snappy data is damaged"};
  std::uint32_t wanted = 0;
  for (const char byte : packed.substr(data.size())) wanted = wanted << 8 | static_cast<unsigned char>(byte);
  const uLong found = ::crc32(0, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(size));
  if (found != wanted) return Error{.message = "its checksum is not that of its data"};
  return Done{};
}

Status unpack_zstd(std::string_view packed, std::size_t most, std::string& out) {
  const std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream(ZSTD_createDStream(), &ZSTD_freeDStream);
  if (!stream) return Error{.message = "no memory for zstd"};
  ZSTD_inBuffer in{.src = packed.data(), .size = packed.size(), .pos = 0};
  std::size_t used = 0;
  for (std::size_t state = 1; state != 0 || in.pos < in.size;) {
    if (!make_room(out, used, most)) return too_large(most);
    ZSTD_outBuffer room{.dst = out.data() + used, .size = out.size() - used, .pos = 0};
    const std::size_t before = in.pos;
    state = ZSTD_decompressStream(stream.get(), &room, &in);
    if (ZSTD_isError(state) != 0)
      return Error{.message = "its zstandard data is damaged: " + std::string(ZSTD_getErrorName(state))};
    used += room.pos;
    if (state != 0 && room.pos == 0 && in.pos == before) return Error{.message = "its zstandard data is cut short"};
  }
  if (used > most) return too_large(most);
  out.resize(used);
  return Done{};
}

}  // namespace

Result<AvroCodec> avro_codec(std::string_view name) {
  if (name.empty() || name == "null") return AvroCodec::Null;
  if (name == "deflate") return AvroCodec::Deflate;
  if (name == "snappy") return AvroCodec::Snappy;
  if (name == "zstandard") return AvroCodec::Zstandard;
  std::string shown;
  for (const char letter : name.substr(0, 32)) shown += letter >= ' ' && letter <= '~' ? letter : '?';
  return Error{.message = "its codec is `" + shown + "`; weir reads null, deflate, snappy and zstandard",
               .help = "write it anew with one of those, for example with `avro-tools recodec --codec zstandard`"};
}

Status unpack_avro(AvroCodec codec, std::string_view packed, std::size_t most, std::string& out) {
  out.clear();
  switch (codec) {
    case AvroCodec::Null:
      if (packed.size() > most) return too_large(most);
      out.assign(packed);
      return Done{};
    case AvroCodec::Deflate: return inflate_raw(packed, most, out);
    case AvroCodec::Snappy: return unsnap(packed, most, out);
    case AvroCodec::Zstandard: return unpack_zstd(packed, most, out);
  }
  return Done{};
}

}  // namespace weir
