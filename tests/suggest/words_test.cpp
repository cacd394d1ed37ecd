// SPDX-License-Identifier: Apache-2.0
#include "suggest/words.h"

#include <catch2/catch_test_macros.hpp>

namespace weir {
namespace {

TEST_CASE("bounds are numbers that a person would write, and never tighter than asked") {
  CHECK(nice_above(137) == 150);
  CHECK(nice_above(100) == 100);
  CHECK(plain_number(nice_above(0.0021)) == "0.0025");
  CHECK(nice_below(137) == 100);
  CHECK(nice_below(-137) == -150);
  CHECK(nice_above(-137) == -100);
  CHECK(nice_above(0) == 0);
  for (double value = 1e-9; value < 1e12; value *= 1.37) {
    CHECK(nice_above(value) >= value);
    CHECK(nice_above(value) <= 2 * value);
    CHECK(nice_below(value) <= value);
    CHECK(nice_above(-value) >= -value);
    CHECK(nice_below(-value) <= -value);
  }
}

TEST_CASE("numbers are written without what arithmetic left behind") {
  CHECK(plain_number(0.1 + 0.2) == "0.3");
  CHECK(plain_number(1500) == "1500");
  CHECK(plain_number(1e15) == "1000000000000000");
  CHECK(plain_number(-2.5) == "-2.5");
  CHECK(plain_number(rounded(123456)) == "123000");
  CHECK(share_in_words(0.0213) == "2.1%");
  CHECK(percent_above(0.0213) == "2.2%");
  CHECK(percent_above(0) == "0%");
}

TEST_CASE("texts come back from YAML as they were") {
  CHECK(yaml_scalar("EUR") == "EUR");
  CHECK(yaml_scalar("NO") == "'NO'");
  CHECK(yaml_scalar("it's") == "'it''s'");
  CHECK(yaml_scalar("12") == "'12'");
  CHECK(yaml_scalar("") == "''");
  CHECK(yaml_scalar("a\nb\"") == R"("a\x0ab\"")");
}

TEST_CASE("a path becomes a word of an id") {
  CHECK(id_of("created_at") == "created_at");
  CHECK(id_of("\"@timestamp\"") == "timestamp");
  CHECK(id_of("a.b[]") == "a-b");
}

}  // namespace
}  // namespace weir
