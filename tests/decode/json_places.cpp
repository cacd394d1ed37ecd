// SPDX-License-Identifier: Apache-2.0
#include "decode/json_places.h"

#include <catch2/catch_test_macros.hpp>

namespace weir {

using testing::DecodedRow;
using testing::Layout;
using testing::MessageBlock;

JsonPlaces::JsonPlaces()
    : plan_(testing::plan_of({"id", "a", "b", "a.b", "items[].x"})), decoder_(make_json_decoder(plan_)) {}

DecodedRow JsonPlaces::read_everywhere(std::string_view document) {
  const std::string text(document);
  const std::string left = R"({"id":1,"a":"left","items":[{"x":1}]})";
  const std::string right = R"({"id":2,"a":"right","items":[{"x":2}]})";
  const MessageBlock alone({text});
  const DecodedRow expected = testing::decode(*decoder_, plan_, alone.messages())[0];
  INFO("alone: " << testing::show(expected));
  for (const Layout layout : {Layout::OneBlock, Layout::Apart}) {
    const MessageBlock apart({text}, layout);
    CHECK(testing::show(testing::decode(*decoder_, plan_, apart.messages())[0]) == testing::show(expected));
    for (const std::string_view separator : {"\n", "\r\n", " ", "\t\n "}) {
      const MessageBlock between({left, text, right}, layout, separator);
      const std::vector<DecodedRow> rows = testing::decode(*decoder_, plan_, between.messages());
      CHECK(testing::show(rows[1]) == testing::show(expected));
      CHECK(testing::show(rows[0]) == "decoded | integer 1 1 | text left | absent | absent | [integer 1 1]");
      CHECK(testing::show(rows[2]) == "decoded | integer 2 2 | text right | absent | absent | [integer 2 2]");
    }
  }
  return expected;
}

}  // namespace weir
