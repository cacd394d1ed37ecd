// SPDX-License-Identifier: Apache-2.0
// Code lists of ISO 3166-1, ISO 4217 and ISO 639-1, each as one bit for every possible code: a look-up is a shift.
#include <array>
#include <cstdint>

#include "checks/formats.h"

namespace weir {

namespace {

constexpr std::size_t kLetters = 26;

// The place of a code of `kSize` letters from `first` on among all such codes, or kNone.
constexpr std::size_t kNone = ~std::size_t{0};
template <std::size_t kSize>
constexpr std::size_t place_of(std::string_view code, char first) {
  if (code.size() != kSize) return kNone;
  std::size_t place = 0;
  for (const char c : code) {
    if (c < first || c >= first + static_cast<int>(kLetters)) return kNone;
    place = place * kLetters + static_cast<std::size_t>(c - first);
  }
  return place;
}

template <std::size_t kSize>
class CodeSet {
 public:
  constexpr CodeSet(std::string_view list, char first) : first_(first) {
    for (std::size_t i = 0; i + kSize <= list.size(); i += kSize + 1) {
      const std::size_t place = place_of<kSize>(list.substr(i, kSize), first);
      bits_[place / 64] |= std::uint64_t{1} << (place % 64);
    }
  }
  [[nodiscard]] constexpr bool contains(std::string_view code) const noexcept {
    const std::size_t place = place_of<kSize>(code, first_);
    return place != kNone && ((bits_[place / 64] >> (place % 64)) & 1U) != 0;
  }

 private:
  static constexpr std::size_t kCodes = kSize == 2 ? kLetters * kLetters : kLetters * kLetters * kLetters;
  std::array<std::uint64_t, kCodes / 64 + 1> bits_{};
  char first_;
};

constexpr CodeSet<2> kCountries(
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR "
    "CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ "
    "GR GS GT GU GW GY HK HM HN HR HT HU "
    "ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC "
    "MD ME MF MG MH MK ML MM MN MO MP MQ "
    "MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE "
    "RO RS RU RW SA SB SC SD SE SG SH SI "
    "SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE "
    "VG VI VN VU WF WS YE YT ZA ZM ZW",
    'A');

constexpr CodeSet<3> kCountries3(
    "AFG ALA ALB DZA ASM AND AGO AIA ATA ATG ARG ARM ABW AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BMU BTN BOL BES "
    "BIH BWA BVT BRA IOT BRN BGR BFA BDI "
    "CPV KHM CMR CAN CYM CAF TCD CHL CHN CXR CCK COL COM COG COD COK CRI CIV HRV CUB CUW CYP CZE DNK DJI DMA DOM ECU "
    "EGY SLV GNQ ERI EST SWZ ETH FLK FRO "
    "FJI FIN FRA GUF PYF ATF GAB GMB GEO DEU GHA GIB GRC GRL GRD GLP GUM GTM GGY GIN GNB GUY HTI HMD VAT HND HKG HUN "
    "ISL IND IDN IRN IRQ IRL IMN ISR ITA "
    "JAM JPN JEY JOR KAZ KEN KIR PRK KOR KWT KGZ LAO LVA LBN LSO LBR LBY LIE LTU LUX MAC MDG MWI MYS MDV MLI MLT MHL "
    "MTQ MRT MUS MYT MEX FSM MDA MCO MNG "
    "MNE MSR MAR MOZ MMR NAM NRU NPL NLD NCL NZL NIC NER NGA NIU NFK MKD MNP NOR OMN PAK PLW PSE PAN PNG PRY PER PHL "
    "PCN POL PRT PRI QAT REU ROU RUS RWA "
    "BLM SHN KNA LCA MAF SPM VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SXM SVK SVN SLB SOM ZAF SGS SSD ESP LKA SDN SUR "
    "SJM SWE CHE SYR TWN TJK TZA THA TLS "
    "TGO TKL TON TTO TUN TUR TKM TCA TUV UGA UKR ARE GBR USA UMI URY UZB VUT VEN VNM VGB VIR WLF ESH YEM ZMB ZWE",
    'A');

constexpr CodeSet<3> kCurrencies(
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE "
    "CHF CHW CLF CLP CNY COP COU CRC CUP "
    "CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD "
    "IRR ISK JMD JOD JPY KES KGS KHR KMF "
    "KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN "
    "NIO NOK NPR NZD OMR PAB PEN PGK PHP "
    "PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP "
    "TRY TTD TWD TZS UAH UGX USD USN UYI "
    "UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR "
    "ZMW ZWG",
    'A');

constexpr CodeSet<2> kLanguages(
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo "
    "es et eu fa ff fi fj fo fr fy ga gd "
    "gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv "
    "kw ky la lb lg li ln lo lt lu lv mg "
    "mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc "
    "sd se sg si sk sl sm sn so sq sr ss "
    "st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu",
    'a');

}  // namespace

bool is_country_code(std::string_view text) noexcept {
  return kCountries.contains(text);
}
bool is_country_code_3(std::string_view text) noexcept {
  return kCountries3.contains(text);
}
bool is_currency_code(std::string_view text) noexcept {
  return kCurrencies.contains(text);
}
bool is_language_code(std::string_view text) noexcept {
  return kLanguages.contains(text);
}

}  // namespace weir
