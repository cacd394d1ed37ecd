// SPDX-License-Identifier: Apache-2.0
#include "net/reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch_test_macros.hpp>
#include <cstring>
#include <string>

#include "net/http_call.h"
#include "net/mail_call.h"
#include "testing/http_peer.h"

namespace weir {
namespace {

bool reaches(Reach reach, const std::string& text) {
  sockaddr_storage storage{};
  if (text.find(':') == std::string::npos) {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    REQUIRE(inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1);
    std::memcpy(&storage, &four, sizeof four);
  } else {
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    REQUIRE(inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1);
    std::memcpy(&storage, &six, sizeof six);
  }
  return is_within(reach, reinterpret_cast<const sockaddr&>(storage));
}

TEST_CASE("link-local addresses are out of reach, however they are written") {
  for (const char* const address : {"169.254.169.254", "169.254.0.1", "fe80::1", "febf::1", "::ffff:169.254.169.254",
                                    "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1"}) {
    CAPTURE(address);
    CHECK_FALSE(reaches(Reach::NotLinkLocal, address));
    CHECK_FALSE(reaches(Reach::Public, address));
    CHECK(reaches(Reach::Anywhere, address));
  }
}

TEST_CASE("private addresses are reached unless only public ones are wanted") {
  for (const char* const address :
       {"127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "2002:0a00:0001::1"}) {
    CAPTURE(address);
    CHECK(reaches(Reach::NotLinkLocal, address));
    CHECK_FALSE(reaches(Reach::Public, address));
  }
  for (const char* const address : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2001:db8::1", "::ffff:8.8.8.8"}) {
    CAPTURE(address);
    CHECK(reaches(Reach::Public, address));
  }
}

TEST_CASE("a call ends before it connects where the address is out of its reach") {
  testing::HttpPeer peer([](const testing::PeerRequest&) { return testing::http_reply(200, "{}"); });
  HttpCaller caller;
  // A connection that was made when it was allowed is not taken for one that is not.
  CHECK(std::holds_alternative<HttpAnswer>(caller.call({.url = peer.url()})));
  const HttpOutcome outcome = caller.call({.url = peer.url(), .reach = Reach::Public});
  REQUIRE(std::holds_alternative<HttpFailure>(outcome));
  CHECK(std::get<HttpFailure>(outcome).fault == HttpFault::Reach);
  CHECK(std::get<HttpFailure>(outcome).error.message == peer.url() + " is at 127.0.0.1, which is not connected to");
  CHECK(peer.requests().size() == 1);
}

TEST_CASE("an answer may be cut where only its status counts") {
  testing::HttpPeer peer([](const testing::PeerRequest&) { return testing::http_reply(500, std::string(5000, 'x')); });
  HttpCaller caller;
  const HttpOutcome outcome = caller.call({.url = peer.url(), .most_bytes = 10, .cut_answer = true});
  REQUIRE(std::holds_alternative<HttpAnswer>(outcome));
  CHECK(std::get<HttpAnswer>(outcome).status == 500);
  CHECK(std::get<HttpAnswer>(outcome).body == "xxxxxxxxxx");
}

TEST_CASE("a mail address is a name and a host, and nothing that could end it") {
  for (const char* const address : {"a@b", "team.data+weir@mail.shop.example", "o'neil@shop.example"})
    CHECK(check_mail_address(address));
  for (const std::string& address :
       {std::string("a"), std::string("@b"), std::string("a@"), std::string("a b@c"), std::string("<a@b>"),
        std::string("a@b>"), std::string("a@b\r\nRCPT TO:<c@d>"), std::string("a@b,c@d"), std::string("a@b@c d"),
        std::string("\"a b\"@c"), std::string("a@-b"), std::string("a@b..c"), std::string(".a@b"),
        std::string("a@b\0c", 5), std::string("\xC3\xA4@b"), std::string(65, 'a') + "@b",
        "a@" + std::string(300, 'b')}) {
    CAPTURE(address);
    CHECK_FALSE(check_mail_address(address));
  }
}

TEST_CASE("a mail that could say more than it should is not sent") {
  MailCaller caller;
  const MailCall call{.host = "127.0.0.1", .port = 1, .from = "a@b.example", .to = "c@d.example", .message = "x\r\n"};
  const auto refused = [&](MailCall wrong) {
    const MailOutcome outcome = caller.call(wrong);
    REQUIRE(std::holds_alternative<MailFailure>(outcome));
    CHECK_FALSE(std::get<MailFailure>(outcome).may_pass);
    return std::get<MailFailure>(outcome).error.message;
  };
  MailCall wrong = call;
  wrong.user = "weir";
  wrong.password = "s3cret";
  wrong.tls = MailTls::None;
  CHECK(refused(wrong) == "a password is not sent without TLS");
  wrong = call;
  wrong.to = "c@d.example>\r\nDATA";
  CHECK(refused(wrong).find("is no mail address") != std::string::npos);
  wrong = call;
  wrong.host = "mail.example/x?y";
  CHECK(refused(wrong) == "`mail.example/x?y` is no host");
  const MailOutcome nobody = caller.call(call);
  REQUIRE(std::holds_alternative<MailFailure>(nobody));
  CHECK(std::get<MailFailure>(nobody).may_pass);
  CHECK(std::get<MailFailure>(nobody).error.message == "cannot connect to 127.0.0.1:1: Connection refused");
}

}  // namespace
}  // namespace weir
