// SPDX-License-Identifier: Apache-2.0
#include "testing/hostile_text.h"

namespace weir::testing {

const std::string& hostile_text() {
  static const std::string text =
      std::string("</script><script>alert(1)</script><!--\"'&]]>|`**@all** #1 %0A::error::x\n\r\t") +
      std::string("\0", 1) +
      "\x1b[31mred\x7f\xc2\x9b"
      "1m\xff\xc0\x80\xed\xa0\x80\xe2\x80\xae"
      "drow\xef\xbf\xbf$(rm)\\|";
  return text;
}

}  // namespace weir::testing
