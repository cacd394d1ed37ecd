// SPDX-License-Identifier: Apache-2.0
#include "alerts/receiver_email.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <mutex>
#include <set>
#include <sstream>
#include <thread>

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

/// A mail server that takes what it is given, but for one recipient whose mailbox is full. One client at a time.
class MailPeer {
 public:
  explicit MailPeer(std::string full) : full_(std::move(full)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(bind(listener_, reinterpret_cast<sockaddr*>(&at), size) == 0);
    REQUIRE(listen(listener_, 8) == 0);
    REQUIRE(getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] {
      while (true) {
        const int client = accept(listener_, nullptr, nullptr);
        if (client < 0) return;
        serve(client);
        close(client);
      }
    });
  }
  /// Whoever was its client has gone by then.
  ~MailPeer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// How many mails the recipient got.
  std::size_t got(const std::string& recipient) {
    const std::scoped_lock lock(mutex_);
    return got_.count(recipient);
  }

 private:
  static void say(int client, const std::string& words) {
    (void)!send(client, (words + "\r\n").data(), words.size() + 2, MSG_NOSIGNAL);
  }
  void serve(int client) {
    std::string line;
    std::string to;
    bool in_mail = false;
    say(client, "220 mail.example");
    for (char c = 0; recv(client, &c, 1, 0) == 1;) {
      line += c;
      if (!line.ends_with("\r\n")) continue;
      const std::string said = std::exchange(line, "");
      if (in_mail) {
        if (said != ".\r\n") continue;
        in_mail = false;
        const std::scoped_lock lock(mutex_);
        got_.insert(to);
      } else if (said.starts_with("RCPT TO:<")) {
        to = said.substr(9, said.find('>') - 9);
        if (to == full_) {
          say(client, "452 the mailbox is full");
          continue;
        }
      } else if (said.starts_with("DATA")) {
        in_mail = true;
        say(client, "354 go on");
        continue;
      }
      say(client, "250 well");
    }
  }

  std::string full_;
  int listener_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::multiset<std::string> got_;
  std::thread thread_;
};

TEST_CASE("while one mailbox is full the others do not get the mail again with each window") {
  MailPeer peer("boss@shop.example");
  ReceiverSettings settings;
  settings.kind = ReceiverSettings::Kind::Email;
  settings.email = kEmail;
  settings.email.host = "127.0.0.1";
  settings.email.port = peer.port();
  settings.email.security = EmailSettings::Security::None;
  EmailReceiver receiver(settings, {});
  Notification notification = testing::told_notification();
  for (int i = 0; i < 5; ++i) {
    CHECK(receiver.tell(notification, minute(4 + i)).how == Told::How::Later);
    notification.alerts[1].windows += 1;
    notification.alerts[1].window_end = minute(4 + i);
  }
  CHECK(peer.got("team@shop.example") == 1);
  CHECK(peer.got("boss@shop.example") == 0);
  notification.alerts[1].state = Alert::State::Resolved;  // which is news
  const Told told = receiver.tell(notification, minute(10));
  CHECK(told.how == Told::How::Later);
  CHECK(told.why.find("boss@shop.example") != std::string::npos);
  CHECK(peer.got("team@shop.example") == 2);
}

TEST_CASE("dates are written as mail wants them") {
  CHECK(mail_date(Instant{}) == "Thu, 01 Jan 1970 00:00:00 +0000");
  CHECK(mail_date(minute(64)) == "Sun, 01 Mar 2026 11:04:00 +0000");
}

}  // namespace
}  // namespace weir
