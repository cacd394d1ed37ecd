// SPDX-License-Identifier: Apache-2.0
// format: the text is an e-mail address, an IBAN, a UUID … The scanners are in formats_*.cpp.
#include <array>

#include "base/text.h"
#include "base/timestamp.h"
#include "checks/formats.h"
#include "checks/loop.h"
#include "checks/reasons.h"
#include "checks/registry.h"

namespace weir {

namespace {

constexpr std::array kFormats = {
    TextFormat{"email", "an e-mail address", is_email},
    TextFormat{"uuid", "a UUID", is_uuid},
    TextFormat{"date-time", "an RFC 3339 date-time", is_date_time},
    TextFormat{"date", "a date", is_date},
    TextFormat{"time", "an RFC 3339 time", is_time},
    TextFormat{"duration", "an ISO 8601 duration", is_iso_duration},
    TextFormat{"uri", "a URI", is_uri},
    TextFormat{"url", "a URL", is_url},
    TextFormat{"hostname", "a host name", is_hostname},
    TextFormat{"domain", "a domain name", is_domain},
    TextFormat{"ip", "an IP address", is_ip},
    TextFormat{"ipv4", "an IPv4 address", is_ipv4},
    TextFormat{"ipv6", "an IPv6 address", is_ipv6},
    TextFormat{"cidr", "a block of IP addresses", is_cidr},
    TextFormat{"port", "a port number", is_port},
    TextFormat{"mac", "a MAC address", is_mac},
    TextFormat{"country-code", "an ISO 3166 country code of two letters", is_country_code},
    TextFormat{"country-code-3", "an ISO 3166 country code of three letters", is_country_code_3},
    TextFormat{"currency-code", "an ISO 4217 currency code", is_currency_code},
    TextFormat{"language-code", "an ISO 639-1 language code", is_language_code},
    TextFormat{"iban", "an IBAN", is_iban},
    TextFormat{"bic", "a BIC", is_bic},
    TextFormat{"credit-card", "a card number", is_credit_card},
    TextFormat{"isin", "an ISIN", is_isin},
    TextFormat{"lei", "an LEI", is_lei},
    TextFormat{"isbn", "an ISBN", is_isbn},
    TextFormat{"issn", "an ISSN", is_issn},
    TextFormat{"gtin", "a GTIN or EAN", is_gtin},
    TextFormat{"imei", "an IMEI", is_imei},
    TextFormat{"vin", "a vehicle identification number", is_vin},
    TextFormat{"phone", "a phone number", is_phone},
    TextFormat{"e164", "an E.164 phone number", is_e164},
    TextFormat{"us-ssn", "a US social security number", is_us_ssn},
    TextFormat{"us-zip", "a US ZIP code", is_us_zip},
    TextFormat{"ulid", "a ULID", is_ulid},
    TextFormat{"object-id", "an object id of 24 hexadecimal digits", is_object_id},
    TextFormat{"md5", "an MD5 digest", is_md5},
    TextFormat{"sha1", "a SHA-1 digest", is_sha1},
    TextFormat{"sha256", "a SHA-256 digest", is_sha256},
    TextFormat{"sha512", "a SHA-512 digest", is_sha512},
    TextFormat{"hex", "hexadecimal", is_hex},
    TextFormat{"hex-color", "a hexadecimal colour", is_hex_color},
    TextFormat{"base32", "base 32", is_base32},
    TextFormat{"base64", "base 64", is_base64},
    TextFormat{"base64url", "base 64 for URLs", is_base64url},
    TextFormat{"jwt", "a JSON web token", is_jwt},
    TextFormat{"json", "JSON", is_json},
    TextFormat{"json-pointer", "a JSON pointer", is_json_pointer},
    TextFormat{"mime-type", "a media type", is_mime_type},
    TextFormat{"semver", "a semantic version", is_semver},
    TextFormat{"slug", "a slug", is_slug},
    TextFormat{"traceparent", "a W3C trace parent", is_traceparent},
};

// Names that people know for the same thing.
struct Alias {
  std::string_view alias;
  std::string_view name;
};
constexpr Alias kAliases[] = {{"timestamp", "date-time"},
                              {"datetime", "date-time"},
                              {"date_time", "date-time"},
                              {"e-mail", "email"},
                              {"guid", "uuid"},
                              {"ean", "gtin"},
                              {"swift", "bic"},
                              {"country", "country-code"},
                              {"currency", "currency-code"},
                              {"language", "language-code"},
                              {"idn-hostname", "hostname"},
                              {"ip-address", "ip"}};

constexpr auto kNames = [] {
  std::array<std::string_view, kFormats.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kFormats[i].name;
  return names;
}();

const TextFormat* find_format(std::string_view name) {
  for (const TextFormat& format : kFormats) {
    if (format.name == name) return &format;
  }
  return nullptr;
}

class FormatCheck final : public Check {
 public:
  explicit FormatCheck(std::vector<const TextFormat*> formats) : formats_(std::move(formats)) {}

  void judge(const Subject& subject, Mask& evaluated, Mask& failing) const override {
    if (formats_.size() == 1) {
      mark_texts(subject.column(), evaluated, failing, formats_.front()->holds);
      return;
    }
    mark_texts(subject.column(), evaluated, failing, [this](std::string_view text) {
      for (const TextFormat* format : formats_) {
        if (format->holds(text)) return true;
      }
      return false;
    });
  }

  Reason explain(const Subject& subject, std::size_t element) const override {
    if (subject.column().kinds[element] != Kind::Text) return wrong_type(subject, element, "a text");
    return reason(subject, element, "format", quoted(subject, element) + " is not " + in_words());
  }

  std::string expected() const override { return in_words(); }

 private:
  std::string in_words() const {
    std::string words;
    for (std::size_t i = 0; i < formats_.size(); ++i) {
      if (i > 0) words += i + 1 == formats_.size() ? " or " : ", ";
      words += formats_[i]->in_words;
    }
    return words;
  }

  std::vector<const TextFormat*> formats_;
};

Result<std::unique_ptr<const Check>> make_format(const Params& params) {
  const std::vector<Scalar>& written = *params.get<std::vector<Scalar>>("value");
  if (written.empty()) return params.error("value", "`format` has an empty list");
  std::vector<const TextFormat*> wanted;
  for (const Scalar& scalar : written) {
    const TextFormat* const format = find_format(scalar.text);
    if (format == nullptr) {
      Error error{.message = "unknown format `" + scalar.text + "`",
                  .where = scalar.where,
                  .help = "`weir explain format` lists all of them"};
      std::string_view meant = nearest(scalar.text, kNames);
      for (const Alias& alias : kAliases) {
        if (alias.alias == scalar.text) meant = alias.name;
      }
      if (!meant.empty()) error.label = "did you mean `" + std::string(meant) + "`?";
      return error;
    }
    wanted.push_back(format);
  }
  return std::unique_ptr<const Check>(new FormatCheck(std::move(wanted)));
}

constexpr ParamSpec kFormatParams[] = {{.name = "value",
                                        .type = ParamType::Texts,
                                        .summary = "The name of a format; of a list, one is enough.",
                                        .required = true,
                                        .choices = kNames}};
constexpr std::string_view kFormatSynonyms[] = {"valid_format",         "valid format",  "within_spec",
                                                "col_vals_within_spec", "semantic_type", "is_email"};

}  // namespace

std::span<const TextFormat> formats() {
  return kFormats;
}

const CheckSpec kFormatCheck{
    .name = "format",
    .summary = "The text is an e-mail address, a UUID, an IBAN or another of many known forms.",
    .domain = Domain::Text,
    .params = kFormatParams,
    .synonyms = kFormatSynonyms,
    .make = make_format};

}  // namespace weir
