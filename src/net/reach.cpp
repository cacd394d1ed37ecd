// SPDX-License-Identifier: Apache-2.0
#include "net/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

namespace weir {
namespace {

using Bytes = std::array<unsigned char, 16>;

/// IPv4 as IPv6 writes it (::ffff:a.b.c.d): one table of ranges is enough for both.
constexpr Bytes kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

struct AddressRange {
  Bytes first;
  int bits;
};

constexpr Bytes four(unsigned char a, unsigned char b = 0) {
  Bytes bytes = kMapped;
  bytes[12] = a;
  bytes[13] = b;
  return bytes;
}

constexpr Bytes six(unsigned char a, unsigned char b) {
  return {a, b};
}

constexpr std::array kLinkLocal = {AddressRange{four(169, 254), 96 + 16}, AddressRange{six(0xFE, 0x80), 10}};

// RFC 6890 and its kin: this host, loopback, private, shared by carriers, benchmarks, multicast and what is reserved.
constexpr std::array kNotPublic = {
    AddressRange{four(0), 96 + 8},        AddressRange{four(10), 96 + 8},       AddressRange{four(100, 64), 96 + 10},
    AddressRange{four(127), 96 + 8},      AddressRange{four(172, 16), 96 + 12}, AddressRange{four(192, 168), 96 + 16},
    AddressRange{four(198, 18), 96 + 15}, AddressRange{four(224), 96 + 3},      AddressRange{six(0, 0), 80 + 15},
    AddressRange{six(0xFC, 0x00), 7},     AddressRange{six(0xFF, 0x00), 8}};

bool is_in(const Bytes& address, const AddressRange& range) {
  for (int bit = 0; bit < range.bits; ++bit) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const unsigned mask = 0x80U >> static_cast<unsigned>(bit % 8);
    if ((address[at] & mask) != (range.first[at] & mask)) return false;
  }
  return true;
}

bool is_in_one_of(const Bytes& address, std::span<const AddressRange> ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const AddressRange& range) { return is_in(address, range); });
}

/// False: of another family.
bool bytes_of(const sockaddr& address, Bytes& bytes) {
  if (address.sa_family == AF_INET) {
    sockaddr_in given{};
    std::memcpy(&given, &address, sizeof given);
    bytes = kMapped;
    std::memcpy(&bytes[12], &given.sin_addr, 4);
    return true;
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 given{};
    std::memcpy(&given, &address, sizeof given);
    std::memcpy(bytes.data(), &given.sin6_addr, 16);
    return true;
  }
  return false;
}

/// NAT64 (64:ff9b::/96) and 6to4 (2002::/16) have an IPv4 address within them, which is the one that counts.
Bytes inner_of(const Bytes& address) {
  constexpr Bytes kNat64 = {0x00, 0x64, 0xFF, 0x9B};
  Bytes inner = kMapped;
  if (is_in(address, {kNat64, 96})) {
    std::copy_n(address.begin() + 12, 4, inner.begin() + 12);
    return inner;
  }
  if (is_in(address, {six(0x20, 0x02), 16})) {
    std::copy_n(address.begin() + 2, 4, inner.begin() + 12);
    return inner;
  }
  return address;
}

}  // namespace

bool is_within(Reach reach, const sockaddr& address) {
  if (reach == Reach::Anywhere) return true;
  Bytes bytes{};
  if (!bytes_of(address, bytes)) return false;
  bytes = inner_of(bytes);
  if (is_in_one_of(bytes, kLinkLocal)) return false;
  return reach != Reach::Public || !is_in_one_of(bytes, kNotPublic);
}

std::string written_address(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.sa_family == AF_INET) {
    sockaddr_in given{};
    std::memcpy(&given, &address, sizeof given);
    inet_ntop(AF_INET, &given.sin_addr, text.data(), text.size());
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 given{};
    std::memcpy(&given, &address, sizeof given);
    inet_ntop(AF_INET6, &given.sin6_addr, text.data(), text.size());
  }
  return text.data();
}

}  // namespace weir
