// SPDX-License-Identifier: Apache-2.0
// Each format with texts that are one and texts that are none. Cases that people argue about are on the page of
// `format`.
#include "checks/formats.h"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace weir {
namespace {

struct Texts {
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

const std::map<std::string, Texts>& texts() {
  static const std::map<std::string, Texts> all = {
      {"email",
       {{"joe@example.com", "a.b+c@mail.example.co", "te~st@example.com", "\"joe bloggs\"@example.com",
         "\"joe@home\"@example.com", "joe@[127.0.0.1]", "joe@[IPv6:::1]", "x@localhost", "\"a\\\"b\"@example.com"},
        {"", "joe", "@example.com", "joe@", ".joe@example.com", "joe.@example.com", "a..b@example.com",
         "joe@-example.com", "joe@exa_mple.com", "joe@[127.0.0.300]", "joe@example.com, ann@example.com",
         "joe bloggs@example.com", "joe@example..com", "\"joe\"x@example.com", std::string(65, 'a') + "@example.com",
         "j\xc3\xb6@example.com", "\"a\"b\"@example.com"}}},
      {"hostname",
       {{"a", "example.com", "1host", "host-1.example", "xn--nxasmq6b", std::string(63, 'a')},
        {"", ".", ".example", "example.", "a..b", "-a", "a-", "a_b", "ab--cd", "xn--", std::string(64, 'a'), "a b",
         std::string(254, 'a')}}},
      {"domain", {{"example.com", "a.b.museum"}, {"localhost", "example.c", "example.123", "127.0.0.1", ".com"}}},
      {"ipv4",
       {{"0.0.0.0", "192.168.0.1", "255.255.255.255"},
        {"", "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4 ", "0x7f.0.0.1", "1.2.3.", "127.1"}}},
      {"ipv6",
       {{"::", "::1", "1::", "2001:db8::7", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "1:2:3:4:5:6:1.2.3.4", "1::8",
         "1:2:3:4:5:6:7::"},
        {"", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g",
         "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "::1.2.3", "fe80::1%eth0", "1:2:3:4:5:6:7:1.2.3.4",
         "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8"}}},
      {"ip", {{"127.0.0.1", "::1"}, {"localhost", "1.2.3", ""}}},
      {"cidr",
       {{"10.0.0.0/8", "::/0", "2001:db8::/32"},
        {"10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "/8", "10.0.0.0/08"}}},
      {"port", {{"0", "80", "65535"}, {"", "65536", "080", "-1", "8080x", "99999999999"}}},
      {"mac",
       {{"00:1b:44:11:3a:b7", "00-1B-44-11-3A-B7", "001b.4411.3ab7"},
        {"00:1b:44:11:3a", "00:1b-44:11:3a:b7", "00:1g:44:11:3a:b7", "001b44113ab7", "00.1b.44.11.3a.b7", ""}}},
      {"uri",
       {{"http://foo.bar/?baz=qux#quux", "mailto:joe@example.com", "urn:oasis:names:tc", "tel:+1-816-555-1212",
         "ldap://[2001:db8::7]/c=GB?objectClass?one", "http://-.~_!$&'()*+,;=:%40:80%2f::::::@example.com",
         "file:///etc/hosts", "a:", "http://[v1.x]/", "http://host:"},
        {"", "/abc", "//foo/bar", "abc", ":// fail", "http:// no.com", "1http://x", "http://a b", "http://[::1",
         "http://host:8a", "http://x/%zz", "http://x/<>", "http://x/\\", "http://x/#a#b", "http://x/{a}",
         "https://[@example.org/", "http://\xc3\xbc.de/"}}},
      {"url",
       {{"https://example.com", "ftp://host/x", "HTTP://example.com"},
        {"mailto:joe@example.com", "https:///path", "urn:x", "javascript:alert(1)", ""}}},
      {"mime-type",
       {{"text/plain", "application/vnd.api+json; charset=utf-8", "text/plain;a=\"b c\""},
        {"text", "text/", "/plain", "text/pl ain", "text/plain;", "text/plain; x"}}},
      {"json-pointer", {{"", "/", "/a/b~0c~1d", "/0"}, {"a", "/~", "/~2", "#/a"}}},
      {"date-time",
       {{"2026-01-01T00:00:00Z", "1998-12-31T23:59:60Z", "2026-01-01t00:00:00.5+02:00"},
        {"2026-01-01 00:00:00Z", "2026-01-01", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00", ""}}},
      {"date", {{"2026-01-31", "2024-02-29"}, {"2026-02-29", "2026-1-1", "01.02.2026", "2026-13-01", "20260131", ""}}},
      {"time",
       {{"08:30:06Z", "23:59:60Z", "01:29:60+01:30", "08:30:06.283185Z", "15:59:60-08:00"},
        {"08:30:06", "24:00:00Z", "22:59:60Z", "08:30Z", "08:30:06 PST", "01:01:01,1Z", "", "8:30:06Z"}}},
      {"duration",
       {{"P4DT12H30M5S", "P1Y", "PT0S", "P2W", "P1M", "PT1M", "PT36H", "PT1.5S"},
        {"", "P", "PT", "P1", "P1YT", "P1D2H", "P2D1Y", "P2S", "PT1D", "P1Y2W", "4DT1H", "P1.5D", "P2WT1H", "-P1D",
         "PT1.S"}}},
      {"uuid",
       {{"2eb8aa08-aa98-11ea-b4aa-73b441d16380", "2EB8AA08-AA98-11EA-B4AA-73B441D16380",
         "00000000-0000-0000-0000-000000000000"},
        {"2eb8aa08aa9811eab4aa73b441d16380", "2eb8aa08-aa98-11ea-b4aa-73b441d1638",
         "2eb8aa08-aa98-11ea-b4ga-73b441d16380", "{2eb8aa08-aa98-11ea-b4aa-73b441d1638}",
         "2eb8-aa08-aa98-11ea-b4aa73b44-1d16380", ""}}},
      {"ulid",
       {{"01ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5fav"},
        {"81ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01ARZ3NDEKTSV4RRFFQ69G5FAU", ""}}},
      {"object-id", {{"507f1f77bcf86cd799439011"}, {"507f1f77bcf86cd79943901", "507f1f77bcf86cd79943901g"}}},
      {"md5", {{"d41d8cd98f00b204e9800998ecf8427e"}, {"d41d8cd98f00b204e9800998ecf8427", ""}}},
      {"sha1", {{"da39a3ee5e6b4b0d3255bfef95601890afd80709"}, {"da39a3ee5e6b4b0d3255bfef95601890afd8070x"}}},
      {"sha256", {{std::string(64, 'a')}, {std::string(63, 'a'), std::string(65, 'a')}}},
      {"sha512", {{std::string(128, '0')}, {std::string(64, '0')}}},
      {"hex", {{"0", "deadBEEF"}, {"", "0x1", "g"}}},
      {"hex-color", {{"#fff", "#ffff", "#A1B2C3", "#a1b2c3d4"}, {"", "#", "fff", "#ff", "#fffff", "#ggg"}}},
      {"base32", {{"", "MZXW6===", "MZXW6YTB"}, {"MZXW6", "mzxw6===", "MZXW6==1", "======="}}},
      {"base64", {{"", "aGk=", "aGVsbG8h", "YQ=="}, {"aGk", "a===", "aG=k", "a-_=", "aGk=\n"}}},
      {"base64url", {{"aGk", "aGk=", "a-_b", ""}, {"a", "a+/b", "aGk=="}}},
      {"jwt",
       {{"eyJhbGciOiJub25lIn0.eyJhIjoxfQ.", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"},
        {"", "a.b.c", "eyJh.eyJh", "eyJh..c2ln", "eyJh.eyJh.c2ln.x", "eyJh.ey+h.c2ln"}}},
      {"json", {{"{}", "[1]", "1", "\"x\"", "null"}, {"", "{", "{a:1}", "[1,]", "nul"}}},
      {"semver",
       {{"1.2.3", "0.0.0", "1.0.0-alpha.1", "1.0.0-0A.is.legal", "1.0.0+build.01", "1.0.0-rc.1+b"},
        {"1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3+", "v1.2.3", "1.2.3-a..b", ""}}},
      {"slug", {{"a", "hello-world-2"}, {"", "-a", "a-", "a--b", "Hello", "a_b"}}},
      {"traceparent",
       {{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
        {"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
         "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
         "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", ""}}},
      {"iban",
       {{"GB82WEST12345698765432", "DE89370400440532013000", "NO9386011117947"},
        {"GB82WEST12345698765433", "DE8937040044053201300", "XX82WEST12345698765432", "gb82west12345698765432",
         "GB82 WEST 1234 5698 7654 32", ""}}},
      {"bic", {{"DEUTDEFF", "DEUTDEFF500", "NEDSZAJJXXX"}, {"DEUTDEF", "DEUTZZFF", "deutdeff", "DEUTDEFF50", ""}}},
      {"credit-card",
       {{"4111111111111111", "4111 1111 1111 1111", "378282246310005", "5500-0000-0000-0004"},
        {"4111111111111112", "411111111111", "4111  1111 1111 1111", "0000000000000000", "-4111111111111111", ""}}},
      {"isin", {{"US0378331005", "AU0000XVGZA3"}, {"US0378331006", "us0378331005", "US037833100", "U10378331005"}}},
      {"lei", {{"5493001KJTIIGC8Y1R12"}, {"5493001KJTIIGC8Y1R13", "5493001KJTIIGC8Y1R1", ""}}},
      {"isbn",
       {{"978-3-16-148410-0", "9783161484100", "0-306-40615-2", "080442957X"},
        {"9783161484101", "977-3-16-148410-3", "0306406153", "08044X9570", "978--3161484100", ""}}},
      {"issn", {{"0378-5955", "2434-561X"}, {"03785955", "0378-5954", "0378-595"}}},
      {"gtin",
       {{"4006381333931", "96385074", "036000291452", "00012345600012"},
        {"4006381333932", "400638133393", "x006381333931"}}},
      {"imei", {{"490154203237518"}, {"490154203237519", "49015420323751", "49-015420-323751-8"}}},
      {"vin", {{"1M8GDM9AXKP042788"}, {"1M8GDM9AXKP04278", "1M8GDM9AXKP04278I", "1m8gdm9axkp042788"}}},
      {"phone",
       {{"+1 (816) 555-1212", "030/1234567", "+49 30 123456", "5551212"},
        {"", "+", "12345", "555-CALL", "(816 5551212", "5551212-", "1234567890123456", "+1+2345678", "816) 5551212",
         "((816)) 5551212"}}},
      {"e164",
       {{"+14155552671", "+442071838750"},
        {"14155552671", "+0415555267", "+1415555267112345", "+1 4155552671", "+12345", ""}}},
      {"us-ssn",
       {{"123-45-6789"}, {"000-45-6789", "666-45-6789", "900-45-6789", "123-00-6789", "123-45-0000", "123456789"}}},
      {"us-zip", {{"12345", "12345-6789"}, {"1234", "123456", "12345-", "12345-678"}}},
      {"country-code", {{"DE", "US", "ZW", "AD"}, {"de", "XX", "DEU", "", "UK", "D"}}},
      {"country-code-3", {{"DEU", "USA", "AFG", "ZWE"}, {"DE", "XXX", "deu", ""}}},
      {"currency-code", {{"EUR", "USD", "AED", "ZWG"}, {"EU", "eur", "EUX", "", "BTC"}}},
      {"language-code", {{"en", "de", "aa", "zu"}, {"EN", "xx", "eng", "en-US", ""}}},
  };
  return all;
}

TEST_CASE("every format takes what is one and refuses what is none") {
  for (const TextFormat& format : formats()) {
    const auto found = texts().find(std::string(format.name));
    INFO("format " << format.name);
    REQUIRE(found != texts().end());
    for (const std::string& text : found->second.good) {
      INFO("good: " << text);
      CHECK(format.holds(text));
    }
    for (const std::string& text : found->second.bad) {
      INFO("bad: " << text);
      CHECK_FALSE(format.holds(text));
    }
  }
}

TEST_CASE("the code lists have as many codes as the standards") {
  const auto count = [](bool (*holds)(std::string_view) noexcept, std::size_t size, char first) {
    std::size_t codes = 0;
    std::string code(size, first);
    std::size_t all = 1;
    for (std::size_t i = 0; i < size; ++i) all *= 26;
    for (std::size_t n = 0; n < all; ++n) {
      std::size_t rest = n;
      for (std::size_t i = 0; i < size; ++i, rest /= 26)
        code[i] = static_cast<char>(first + static_cast<int>(rest % 26));
      codes += holds(code) ? 1U : 0U;
    }
    return codes;
  };
  CHECK(count(is_country_code, 2, 'A') == 249);
  CHECK(count(is_country_code_3, 3, 'A') == 249);
  CHECK(count(is_language_code, 2, 'a') == 183);
  CHECK(count(is_currency_code, 3, 'A') == 178);
}

TEST_CASE("no scanner reads beyond a text, however it is cut") {
  // The sanitizers are the judge: every prefix of every text, in memory of exactly its size.
  for (const TextFormat& format : formats()) {
    for (const auto& [name, both] : texts()) {
      for (const std::string& text : both.good) {
        for (std::size_t size = 0; size <= text.size(); ++size) {
          const std::vector<char> exact(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size));
          (void)format.holds({exact.data(), exact.size()});
        }
      }
    }
  }
  SUCCEED();
}

}  // namespace
}  // namespace weir
