// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_email.h"

#include <catch2/catch_test_macros.hpp>
#include <set>
#include <sstream>

#include "alerts/receiver_email_message.h"
#include "alerts/told_notification.h"
#include "base/base64.h"
#include "testing/hostile_text.h"

namespace weir {
namespace {

using testing::minute;

const EmailSettings kEmail{.host = "mail.shop.example",
                           .port = 587,
                           .from = "weir@shop.example",
                           .to = {"team@shop.example", "boss@shop.example"}};

std::string message_of(const Notification& notification) {
  return mail_message(mail_text(notification, {}), kEmail, "0123", "4567", minute(4));
}

/// The lines before the first empty one.
std::vector<std::string> headers_of(const std::string& message) {
  std::vector<std::string> lines;
  std::istringstream text(message.substr(0, message.find("\r\n\r\n")));
  for (std::string line; std::getline(text, line);) {
    while (line.ends_with('\r')) line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

TEST_CASE("a mail has the headers that programs look for, and no line that is too long") {
  const std::string message = message_of(testing::told_notification());
  const std::vector<std::string> headers = headers_of(message);
  CHECK(headers[0] == "From: weir <weir@shop.example>");
  CHECK(headers[1] == "To: team@shop.example,");
  CHECK(headers[2] == " boss@shop.example");
  CHECK(message.find("\r\nDate: Sun, 01 Mar 2026 10:04:00 +0000\r\n") != std::string::npos);
  CHECK(message.find("\r\nMessage-ID: <0123@shop.example>\r\n") != std::string::npos);
  CHECK(message.find("\r\nReferences: <4567@shop.example>\r\n") != std::string::npos);
  CHECK(message.find("\r\nAuto-Submitted: auto-generated\r\n") != std::string::npos);
  for (std::size_t begin = 0; begin < message.size();) {
    const std::size_t end = message.find('\n', begin);
    REQUIRE(end != std::string::npos);
    CHECK(message[end - 1] == '\r');
    CHECK(end - begin <= 79);
    begin = end + 1;
  }
}

TEST_CASE("text and page of a mail say the same, with what has to be known") {
  const MailText mail = mail_text(testing::told_notification(), {});
  CHECK(mail.subject ==
        "[FIRING] orders: amount.null_rate (address.country=DE) (shop=7) is 12.4 %, expected <= 5 % (and 1 more)");
  for (const char* const fact : {"12.4 %", "2026-03-01T10:02:00Z to 2026-03-01T10:03:00Z", "2026-03-01T10:01:00Z",
                                 "null, -1", "Finance books what it sees.", "https://weir.example:8947/", "RESOLVED",
                                 "address.country=DE, shop=7", "2 others of this stream fire on.", "weir-0"}) {
    CAPTURE(fact);
    CHECK(mail.text.find(fact) != std::string::npos);
    CHECK(mail.html.find(fact) != std::string::npos);
  }
  CHECK(mail.html.find("<a href=\"https://wiki.example/runbooks/amount?a=1&amp;b=2\">") != std::string::npos);
  CHECK(mail.html.find("&lt;= 5 %") != std::string::npos);
}

TEST_CASE("no text can add a header, end a part, or be markup") {
  const std::vector<std::string> texts = {testing::hostile_text(),     "x\r\nBcc: evil@evil.example\r\n\r\nbody",
                                          "=?UTF-8?B?QmNjOiBl?=",      "--weir-0123--",
                                          std::string(2000, 'x'),      "\xC3\xA4\xE2\x82\xAC",
                                          "<script>alert(1)</script>", "\r\n.\r\nQUIT\r\n"};
  const std::vector<std::string> names = {"From",         "To",          "Subject",        "Date",
                                          "Message-ID",   "References",  "Auto-Submitted", "X-Auto-Response-Suppress",
                                          "MIME-Version", "Content-Type"};
  for (const std::string& text : texts) {
    CAPTURE(text.substr(0, 60));
    const Notification notification = testing::hostile_notification(text);
    const std::string message = message_of(notification);
    std::vector<std::string> found;
    for (const std::string& line : headers_of(message)) {
      CHECK(line.size() <= 998);
      if (!line.starts_with(' ')) found.push_back(line.substr(0, line.find(':')));
      for (const char c : line) CHECK((c >= ' ' && c <= '~'));
    }
    CHECK(found == names);
    CHECK(message.find("\r\n.\r\n") == std::string::npos);
    CHECK(mail_text(notification, {}).html.find("<script") == std::string::npos);
  }
}

TEST_CASE("a mail that could go nowhere is found at the start") {
  CHECK(check_email(kEmail));
  EmailSettings email = kEmail;
  email.from = "weir";
  CHECK(check_email(email).error().message == "`weir` is no mail address");
  email = kEmail;
  email.to = {};
  CHECK_FALSE(check_email(email));
  email.to = {"a@b.example", "Boss <boss@shop.example>"};
  CHECK_FALSE(check_email(email));
  email = kEmail;
  email.host.clear();
  CHECK_FALSE(check_email(email));
}

TEST_CASE("dates are written as mail wants them") {
  CHECK(mail_date(Instant{}) == "Thu, 01 Jan 1970 00:00:00 +0000");
  CHECK(mail_date(minute(64)) == "Sun, 01 Mar 2026 11:04:00 +0000");
}

}  // namespace
}  // namespace weir
