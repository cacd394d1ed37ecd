// SPDX-License-Identifier: Apache-2.0
// Numbers of trade: most carry a check digit, and it is checked.
#include <algorithm>
#include <array>

#include "checks/formats.h"

namespace weir {

namespace {

using namespace scan;

bool all_digits(std::string_view text) noexcept {
  return all(text, [](char c) { return is_digit(c); });
}
bool is_upper_or_digit(char c) noexcept {
  return is_upper(c) || is_digit(c);
}

// Digits (and letters) with single blanks or hyphens between them, as people print long numbers.
struct Compact {
  std::array<char, 40> bytes{};
  std::size_t size = 0;
  bool good = false;
  std::string_view text() const noexcept { return {bytes.data(), size}; }
};

Compact compact(std::string_view text) noexcept {
  Compact out;
  bool separator = true;  // none may stand here
  for (const char c : text) {
    const bool is_separator = c == '-' || c == ' ';
    if (is_separator ? separator : !is_alnum(c) || out.size == out.bytes.size()) return out;
    separator = is_separator;
    if (!is_separator) out.bytes[out.size++] = c;
  }
  out.good = !separator;
  return out;
}

// Letters count as 10 to 35; the number is divided by 97 as if written out.
unsigned remainder_97(std::string_view text, unsigned rest = 0) noexcept {
  for (const char c : text) {
    rest = is_digit(c) ? (rest * 10 + static_cast<unsigned>(c - '0')) % 97
                       : (rest * 100 + static_cast<unsigned>(c - 'A' + 10)) % 97;
  }
  return rest;
}

// Weights 3 and 1 from the right, as GS1 and ISBN-13 have them.
bool passes_gs1(std::string_view digits) noexcept {
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto digit = static_cast<unsigned>(digits[digits.size() - 1 - i] - '0');
    sum += i % 2 == 0 ? digit : 3 * digit;
  }
  return sum % 10 == 0;
}

// Weights size, size - 1 … 1, sum a multiple of 11; the last may be an X for ten.
bool passes_mod_11(std::string_view text) noexcept {
  unsigned sum = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool ten = text[i] == 'X' && i + 1 == text.size();
    if (!ten && !is_digit(text[i])) return false;
    sum += static_cast<unsigned>(text.size() - i) * (ten ? 10U : static_cast<unsigned>(text[i] - '0'));
  }
  return sum % 11 == 0;
}

// Country and length of the account numbers in the IBAN registry.
struct IbanCountry {
  char code[3];
  unsigned char size;
};
constexpr IbanCountry kIbanCountries[] = {
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22},
    {"BI", 27}, {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DJ", 27},
    {"DK", 18}, {"DO", 28}, {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18}, {"FO", 18}, {"FR", 27},
    {"GB", 22}, {"GE", 22}, {"GI", 23}, {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HN", 28}, {"HR", 21}, {"HU", 28},
    {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26}, {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28},
    {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22},
    {"MK", 19}, {"MN", 20}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28}, {"NL", 18}, {"NO", 15}, {"OM", 23},
    {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22}, {"RU", 33}, {"SA", 24},
    {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25}, {"SV", 28},
    {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30},
};

}  // namespace

bool passes_luhn(std::string_view text) noexcept {
  unsigned sum = 0;
  std::size_t digits = 0;
  for (std::size_t i = text.size(); i > 0; --i) {
    const char c = text[i - 1];
    if (c == ' ' || c == '-') continue;
    if (!is_digit(c)) return false;
    const auto digit = static_cast<unsigned>(c - '0');
    const unsigned doubled = digit * 2;
    sum += digits % 2 == 0 ? digit : doubled - (doubled > 9 ? 9 : 0);
    ++digits;
  }
  return digits >= 2 && sum % 10 == 0;
}

bool is_iban(std::string_view text) noexcept {
  if (text.size() < 15 || !is_digit(text[2]) || !is_digit(text[3]) || !all(text, is_upper_or_digit)) return false;
  for (const IbanCountry& country : kIbanCountries) {
    if (text.substr(0, 2) != country.code) continue;
    return text.size() == country.size && remainder_97(text.substr(0, 4), remainder_97(text.substr(4))) == 1;
  }
  return false;
}

// Four letters or digits of the party, the country, two of the place, perhaps three of the branch.
bool is_bic(std::string_view text) noexcept {
  if (text.size() != 8 && text.size() != 11) return false;
  return all(text, is_upper_or_digit) && (is_country_code(text.substr(4, 2)) || text.substr(4, 2) == "XK");
}

bool is_isbn(std::string_view text) noexcept {
  const Compact number = compact(text);
  if (!number.good) return false;
  if (number.size == 10) return passes_mod_11(number.text());
  const bool book = number.text().starts_with("978") || number.text().starts_with("979");
  return number.size == 13 && book && all_digits(number.text()) && passes_gs1(number.text());
}

bool is_issn(std::string_view text) noexcept {
  if (text.size() != 9 || text[4] != '-') return false;
  const Compact number = compact(text);
  return number.good && number.size == 8 && passes_mod_11(number.text());
}

// Two letters, nine letters or digits, one check digit: Luhn over the number with its letters written as 10 to 35.
bool is_isin(std::string_view text) noexcept {
  if (text.size() != 12 || !is_upper(text[0]) || !is_upper(text[1]) || !is_digit(text[11]) ||
      !all(text, is_upper_or_digit))
    return false;
  std::array<char, 24> digits{};
  std::size_t size = 0;
  for (const char c : text) {
    const int value = is_digit(c) ? c - '0' : c - 'A' + 10;
    if (value >= 10) digits[size++] = static_cast<char>('0' + value / 10);
    digits[size++] = static_cast<char>('0' + value % 10);
  }
  return passes_luhn({digits.data(), size});
}

bool is_lei(std::string_view text) noexcept {
  return text.size() == 20 && all(text, is_upper_or_digit) && is_digit(text[18]) && is_digit(text[19]) &&
         remainder_97(text) == 1;
}

bool is_gtin(std::string_view text) noexcept {
  const bool size = text.size() == 8 || text.size() == 12 || text.size() == 13 || text.size() == 14;
  return size && all_digits(text) && passes_gs1(text);
}

bool is_imei(std::string_view text) noexcept {
  return text.size() == 15 && all_digits(text) && passes_luhn(text);
}

bool is_credit_card(std::string_view text) noexcept {
  const Compact number = compact(text);
  return number.good && number.size >= 12 && number.size <= 19 && number.bytes[0] != '0' && all_digits(number.text()) &&
         passes_luhn(number.text());
}

// 17 letters and digits without I, O and Q. The check digit is American only and is left alone.
bool is_vin(std::string_view text) noexcept {
  return text.size() == 17 &&
         all(text, [](char c) { return is_upper_or_digit(c) && c != 'I' && c != 'O' && c != 'Q'; });
}

// What people write: digits with blanks, dots, hyphens and one pair of brackets, perhaps a plus in front.
bool is_phone(std::string_view text) noexcept {
  std::size_t digits = 0;
  int open = 0;
  bool bracketed = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_digit(c)) {
      ++digits;
    } else if (c == '(') {
      if (bracketed) return false;
      bracketed = true;
      ++open;
    } else if (c == ')') {
      if (open-- != 1) return false;
    } else if (c == '+' ? i != 0 : c != ' ' && c != '-' && c != '.' && c != '/') {
      return false;
    }
  }
  return open == 0 && digits >= 7 && digits <= 15 && (is_digit(text.back()) || text.back() == ')') &&
         text.front() != '-' && text.front() != ' ' && text.front() != '.' && text.front() != '/';
}

bool is_e164(std::string_view text) noexcept {
  return text.size() >= 8 && text.size() <= 16 && text[0] == '+' && text[1] != '0' && all_digits(text.substr(1));
}

// Area 000, 666 and 9xx, group 00 and serial 0000 are never given out.
bool is_us_ssn(std::string_view text) noexcept {
  if (text.size() != 11 || text[3] != '-' || text[6] != '-') return false;
  const std::string_view area = text.substr(0, 3);
  const std::string_view group = text.substr(4, 2);
  const std::string_view serial = text.substr(7);
  if (!all_digits(area) || !all_digits(group) || !all_digits(serial)) return false;
  return area != "000" && area != "666" && area[0] != '9' && group != "00" && serial != "0000";
}

bool is_us_zip(std::string_view text) noexcept {
  if (text.size() == 5) return all_digits(text);
  return text.size() == 10 && text[5] == '-' && all_digits(text.substr(0, 5)) && all_digits(text.substr(6));
}

}  // namespace weir
