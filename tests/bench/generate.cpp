// SPDX-License-Identifier: Apache-2.0
//
// Makes the data of the bench: orders of twelve fields, about 260 bytes each as NDJSON.
//
//   generate RECORDS OUTPUT [SEED] [ndjson|csv]
//
// Record i is a function of the seed and of i alone, so a shorter file is a prefix of a longer one, and the same
// arguments give the same bytes on every platform: no library distribution, no floating point, no locale.
//
// One record in a thousand breaks each rule of rules20.yml, and never two rules of one field at once. How often each rule
// was broken is written to OUTPUT.expected, so that whoever counts failures is held against the truth and not only
// against the others. As many values lie exactly on a bound, are null where null is allowed, or are longer in bytes than
// in code points: a counter that is fast because it is sloppy shows.

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <string_view>

#include "record_writer.h"

namespace {

using bench::Format;
using bench::RecordWriter;
using std::string_view;

constexpr uint64_t kOdds = 1000;                       // one record in so many breaks a given rule
constexpr uint64_t kCustomers = 10'000;                // also the number of segments in the row about segments
constexpr uint64_t kFirstInstant = 1'767'225'600'000;  // 2026-01-01T00:00:00Z in milliseconds
constexpr uint64_t kMillisecondsApart = 100;           // ten orders a second
constexpr uint64_t kJitter = 3000;                     // so that event time is not sorted

constexpr std::array<string_view, 20> kRules = {"order_id.required",
                                                "order_id.match",
                                                "customer_id.required",
                                                "customer_id.min",
                                                "amount.required",
                                                "amount.min",
                                                "amount.max",
                                                "currency.required",
                                                "currency.in",
                                                "country.in",
                                                "status.in",
                                                "email.match",
                                                "created_at.required",
                                                "created_at.type",
                                                "qty.min",
                                                "qty.max",
                                                "weight.above",
                                                "score.min",
                                                "score.max",
                                                "note.max_length"};

constexpr auto kCurrencies =
    std::to_array<string_view>({"EUR", "USD", "GBP", "JPY", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK"});
constexpr auto kCountries = std::to_array<string_view>({"DE", "FR", "IT", "ES", "NL", "BE", "AT", "CH", "SE", "NO",
                                                        "DK", "FI", "PL", "CZ", "PT", "IE", "GB", "US", "CA", "JP",
                                                        "KR", "AU", "NZ", "BR", "MX", "IN", "SG", "ZA", "GR", "HU"});
constexpr auto kStatuses = std::to_array<string_view>({"new", "paid", "packed", "shipped", "delivered", "returned"});
constexpr auto kFirstNames =
    std::to_array<string_view>({"anna", "ben", "clara", "david", "emma", "felix", "greta", "hugo", "ida", "jonas",
                                "klara", "leon", "mia", "noah", "olga", "paul"});
constexpr auto kLastNames =
    std::to_array<string_view>({"adler", "berg", "costa", "dubois", "evans", "fischer", "garcia", "hansen", "ito",
                                "jensen", "kowalski", "larsen", "moreau", "novak", "olsen", "perez"});
constexpr auto kDomains = std::to_array<string_view>(
    {"example.com", "example.org", "example.net", "mail.example.com", "shop.example.org", "post.example.net"});
// UTF-8 as it is: escapes are added by the format's own writer.
constexpr auto kNotes = std::to_array<string_view>(
    {"leave at the door", "ring twice please", "gift, no invoice", "call before delivery", "second floor, left",
     "handle with care", "deliver after 18:00", "no substitutes", "neighbour may accept", "fragile",
     "return label enclosed", "to the reception desk", "Grüße an alle", "für Zoë, 2. Stock",
     "contact \"facility\" first", "path C:\\dock\\4"});
constexpr string_view kFiller =
    "abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwxyz abcdefghijklmnop";
constexpr size_t kNoteLimit = 60;  // code points; `max_length` of the rule file

// SplitMix64 (Steele, Lea, Flood 2014): one multiplication chain a number, any state is a good state.
class Random {
 public:
  explicit Random(uint64_t state) : state_(state) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  // The bias of the multiplication is below 2^-32: nobody counts that here.
  uint64_t below(uint64_t bound) { return ((next() >> 32) * bound) >> 32; }
  string_view pick(std::span<const string_view> words) { return words[below(words.size())]; }

 private:
  uint64_t state_;
};

void put_digits(char* at, uint64_t value, int width) {
  for (int i = width; i-- > 0; value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

// 2026-03-14T09:26:53.123Z; the civil calendar after Howard Hinnant's days algorithms.
std::array<char, 24> timestamp(uint64_t milliseconds) {
  const uint64_t day = milliseconds / 86'400'000 + 719'468, inside = milliseconds % 86'400'000;
  const uint64_t era = day / 146'097, doe = day % 146'097;
  const uint64_t yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
  const uint64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
  const uint64_t month = mp < 10 ? mp + 3 : mp - 9;
  std::array<char, 24> out{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                           '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
  put_digits(&out[0], yoe + era * 400 + (month <= 2), 4);
  put_digits(&out[5], month, 2);
  put_digits(&out[8], doy - (153 * mp + 2) / 5 + 1, 2);
  put_digits(&out[11], inside / 3'600'000, 2);
  put_digits(&out[14], inside / 60'000 % 60, 2);
  put_digits(&out[17], inside / 1000 % 60, 2);
  put_digits(&out[20], inside % 1000, 3);
  return out;
}

// One method a field: draws a slot of kOdds, the first of which break a rule or lie on the edge of one.
class Orders {
 public:
  Orders(RecordWriter& out, uint64_t seed) : out_(out), seed_(seed) {}

  void write(uint64_t index) {
    Random random(Random(seed_ ^ (index * 0xD1342543DE82EF95u)).next());
    out_.begin();
    order_id(random, index);
    customer_id(random);
    amount(random);
    one_of(random, "currency", kCurrencies, "currency.required", "currency.in");
    one_of(random, "country", kCountries, {}, "country.in");
    one_of(random, "status", kStatuses, {}, "status.in");
    email(random);
    created_at(random, index);
    qty(random);
    weight(random);
    score(random);
    note(random);
    out_.end();
  }

  void write_expected(std::FILE* file) const {
    for (size_t i = 0; i < kRules.size(); ++i)
      std::fprintf(file, "%.*s %llu\n", static_cast<int>(kRules[i].size()), kRules[i].data(),
                   static_cast<unsigned long long>(broken_[i]));
  }

 private:
  void breaks(string_view rule) {
    for (size_t i = 0; i < kRules.size(); ++i)
      if (kRules[i] == rule) {
        ++broken_[i];
        return;
      }
    std::fprintf(stderr, "generate: no rule %.*s\n", static_cast<int>(rule.size()), rule.data());
    std::exit(1);
  }
  void missing(Random& random, string_view key, string_view rule) {
    breaks(rule);
    if (random.below(2) == 0)
      out_.absent();
    else
      out_.null(key);
  }

  void order_id(Random& random, uint64_t index) {
    char text[11] = {'O', '-'};
    put_digits(text + 2, index % 100'000'000, 8);
    text[10] = 'x';
    const uint64_t slot = random.below(kOdds);
    if (slot == 0) return missing(random, "order_id", "order_id.required");
    if (slot != 1) return out_.text("order_id", string_view(text, 10));
    breaks("order_id.match");
    const uint64_t way = random.below(3);
    if (way == 0) text[0] = 'X';
    out_.text("order_id", string_view(text, way == 1 ? 9 : way == 2 ? 11 : 10));
  }
  void customer_id(Random& random) {
    const uint64_t slot = random.below(kOdds);
    if (slot == 0) return missing(random, "customer_id", "customer_id.required");
    if (slot == 1) breaks("customer_id.min");
    out_.number("customer_id", slot == 1 ? -static_cast<int64_t>(random.below(2))
                                         : static_cast<int64_t>(1 + random.below(kCustomers)));
  }
  void amount(Random& random) {
    const uint64_t slot = random.below(kOdds);
    if (slot == 0) return missing(random, "amount", "amount.required");
    int64_t cents =
        static_cast<int64_t>(random.below(uint64_t{1} << (8 + random.below(13))));  // most below 100, a few near 10 000
    if (slot == 1) {
      breaks("amount.min");
      cents = -1 - cents;
    }
    if (slot == 2) {
      breaks("amount.max");
      cents = 10'000'001 + cents;
    }
    if (slot == 3) cents = 10'000'000;  // on the bound: passes
    if (slot == 4) cents = 0;
    out_.number("amount", cents, 2);
  }
  void one_of(Random& random, string_view key, std::span<const string_view> words, string_view required,
              string_view in) {
    const uint64_t slot = random.below(kOdds);
    if (slot == 0 && !required.empty()) return missing(random, key, required);
    if (slot == 0) return out_.null(key);  // allowed, and skipped by `in`
    if (slot == 1) breaks(in);
    out_.text(key, slot == 1 ? (random.below(2) == 0 ? "??" : "unknown") : random.pick(words));
  }
  void email(Random& random) {
    const uint64_t slot = random.below(kOdds);
    if (slot == 0) return out_.null("email");
    if (slot == 1) breaks("email.match");
    const uint64_t way = slot == 1 ? random.below(3) : 3;
    text_.assign(random.pick(kFirstNames))
        .append(".")
        .append(random.pick(kLastNames))
        .append(std::to_string(random.below(1000)));
    text_.append(way == 0 ? "" : "@");
    if (way == 2) text_.append("at@");
    text_.append(way == 1 ? "localhost" : random.pick(kDomains));
    out_.text("email", text_);
  }
  void created_at(Random& random, uint64_t index) {
    const uint64_t slot = random.below(kOdds);
    if (slot == 0) return missing(random, "created_at", "created_at.required");
    auto text = timestamp(kFirstInstant + index * kMillisecondsApart + random.below(kJitter));
    string_view value(text.data(), text.size());
    if (slot == 1) {
      breaks("created_at.type");
      const uint64_t way = random.below(4);
      if (way == 0) put_digits(&text[5], 2, 2), put_digits(&text[8], 30, 2);  // 30 February
      if (way == 1) put_digits(&text[5], 13, 2);                              // a thirteenth month
      if (way == 2) put_digits(&text[11], 25, 2);                             // after midnight
      if (way == 3) value = "yesterday";
    }
    out_.text("created_at", value);
  }
  void qty(Random& random) {
    const uint64_t slot = random.below(kOdds);
    int64_t count = static_cast<int64_t>(1 + random.below(1 + random.below(40)));
    if (slot == 0) {
      breaks("qty.min");
      count = 0;
    }
    if (slot == 1) {
      breaks("qty.max");
      count += 1000;
    }
    if (slot == 2) count = 1000;
    out_.number("qty", count);
  }
  void weight(Random& random) {
    const uint64_t slot = random.below(kOdds);
    int64_t grams = static_cast<int64_t>(1 + random.below(uint64_t{1} << (6 + random.below(10))));
    if (slot == 0) {
      breaks("weight.above");
      grams = random.below(2) == 0 ? 0 : -grams;
    }
    out_.number("weight", grams, 3);
  }
  void score(Random& random) {
    const uint64_t slot = random.below(kOdds);
    int64_t millionths = static_cast<int64_t>(random.below(1'000'001));
    if (slot == 0) {
      breaks("score.min");
      millionths = -1 - millionths;
    }
    if (slot == 1) {
      breaks("score.max");
      millionths += 1'000'001;
    }
    if (slot == 2) millionths = 1'000'000;
    out_.number("score", millionths, 6);
  }
  void note(Random& random) {
    const uint64_t slot = random.below(kOdds);
    if (slot == 0) return out_.null("note");
    if (slot == 1) breaks("note.max_length");
    if (slot == 1) return out_.text("note", kFiller.substr(0, kNoteLimit + 1 + random.below(30)));
    if (slot == 2) return out_.text("note", kFiller.substr(0, kNoteLimit));
    text_.assign(random.pick(kNotes));
    if (slot == 3)
      while (text_.size() <= kNoteLimit) text_.append("é");  // more bytes than the limit, fewer code points
    if (slot > 3 && random.below(4) == 0) text_.append("; ").append(random.pick(kNotes));
    out_.text("note", text_);
  }

  RecordWriter& out_;
  uint64_t seed_;
  std::string text_;
  std::array<uint64_t, kRules.size()> broken_{};
};

std::FILE* open(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) std::perror(path.c_str()), std::exit(1);
  return file;
}

}  // namespace

int main(int argc, char** argv) {
  const string_view format = argc > 4 ? argv[4] : "ndjson";
  if (argc < 3 || (format != "ndjson" && format != "csv")) {
    std::fputs("usage: generate RECORDS OUTPUT [SEED] [ndjson|csv]\n", stderr);
    return 2;
  }
  const uint64_t records = std::strtoull(argv[1], nullptr, 10);
  std::FILE* file = open(argv[2]);
  RecordWriter writer(file, format == "csv" ? Format::csv : Format::ndjson);
  Orders orders(writer, argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1);
  writer.header();
  for (uint64_t i = 0; i < records; ++i) orders.write(i);
  writer.flush();
  if (std::fclose(file) != 0) return std::perror("generate"), 1;
  std::FILE* expected = open(std::string(argv[2]) + ".expected");
  orders.write_expected(expected);
  return std::fclose(expected) == 0 ? 0 : 1;
}
