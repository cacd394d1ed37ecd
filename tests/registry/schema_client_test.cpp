// SPDX-License-Identifier: Apache-2.0
#include "registry/schema_client.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "registry/fake_registry.h"

namespace weir {
namespace {

using testing::FakeRegistry;
using testing::http_reply;
using testing::PeerReply;
using testing::PeerRequest;

constexpr const char* kGuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
const std::string kGuidKey("\x0f\x8f\xad\x5b\xd9\xcb\x46\x9f\xa1\x65\x70\x86\x77\x28\x95\x0e", 16);

SchemaReply ask(const FakeRegistry& registry, std::uint32_t id) {
  SchemaClient client(registry.settings());
  return client.ask(schema_key(id));
}

std::vector<std::string> names_of(const SchemaText& text) {
  std::vector<std::string> names;
  for (const SchemaText::Reference& reference : text.references) names.push_back(reference.name + "=" + reference.text);
  return names;
}

std::string write_file(const std::string& name, const std::string& text) {
  const std::string path = std::filesystem::temp_directory_path() / ("weir-registry-" + name);
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST_CASE("a schema comes with its language, its subject and its version") {
  FakeRegistry registry;
  registry.add(7, "orders-value", 3, {.text = R"({"type":"string","doc":"\"x\""})"});
  registry.add(8, "", 0, {.text = "syntax = \"proto3\";", .type = "PROTOBUF"});
  registry.add(9, "b", 2, {.text = "{}", .type = "JSON"});
  registry.add(9, "a", 5, {.text = "{}", .type = "JSON"});
  const SchemaReply avro = ask(registry, 7);
  REQUIRE(avro.kind == SchemaReply::Kind::Known);
  CHECK(avro.id == 7);
  CHECK(avro.text->language == SchemaLanguage::Avro);
  CHECK(avro.text->text == R"({"type":"string","doc":"\"x\""})");
  CHECK(avro.text->subject == "orders-value");
  CHECK(avro.text->version == 3);
  CHECK(avro.text->name == "orders-value version 3 (id 7)");
  CHECK(avro.text->references.empty());
  const SchemaReply nameless = ask(registry, 8);
  REQUIRE(nameless.kind == SchemaReply::Kind::Known);
  CHECK(nameless.text->language == SchemaLanguage::Protobuf);
  CHECK(nameless.text->text == "syntax = \"proto3\";");
  CHECK(nameless.text->name == "schema id 8");
  // One schema under two subjects is called by the first of their names, whatever order they come in.
  CHECK(ask(registry, 9).text->name == "a version 5 (id 9)");
  CHECK(registry.asked()[0] == "/schemas/ids/7");
}

TEST_CASE("a Protobuf file in its binary form becomes a set of one file") {
  FakeRegistry registry;
  const std::string file(
      "\x0a\x08"
      "as.proto",
      10);
  registry.add(1, "p", 1, {.text = "Cghhcy5wcm90bw==", .type = "PROTOBUF"});
  registry.add(2, "p", 2, {.text = "message", .type = "PROTOBUF"});  // base64 as well, and no descriptor
  CHECK(ask(registry, 1).text->text == "\x0a\x0a" + file);
  CHECK(ask(registry, 2).text->text == "message");
}

TEST_CASE("what a schema refers to comes with it, those first that others name") {
  FakeRegistry registry;
  registry.add(1, "a", 1, {.text = "A"});
  registry.add(2, "b", 4, {.text = "B", .references = {{"n.A", "a"}}});
  registry.add(3, "c", 1, {.text = "C", .references = {{"n.A", "a"}, {"n.B", "b", 4}}});
  registry.add(4, "d", 1, {.text = "D", .references = {{"n.C", "c"}, {"n.B", "b", 4}}});
  const SchemaReply reply = ask(registry, 4);
  REQUIRE(reply.kind == SchemaReply::Kind::Known);
  CHECK(names_of(*reply.text) == std::vector<std::string>{"n.A=A", "n.B=B", "n.C=C"});
  const std::vector<std::string> asked = registry.asked();
  CHECK(std::count(asked.begin(), asked.end(), "/subjects/a/versions/1") == 1);
  CHECK(asked.size() == 5);  // the schema, three references, its versions
}

TEST_CASE("cyclic references are refused with the way round") {
  FakeRegistry registry;
  registry.add(1, "a", 1, {.text = "A", .references = {{"n.B", "b"}}});
  registry.add(2, "b", 1, {.text = "B", .references = {{"n.A", "a"}}});
  registry.add(3, "c", 1, {.text = "C", .references = {{"n.C", "c"}}});
  const SchemaReply two = ask(registry, 1);
  CHECK(two.kind == SchemaReply::Kind::Refused);
  CHECK(two.reason == "the schema with the id 1 has cyclic references: b version 1 -> a version 1 -> b version 1");
  CHECK(ask(registry, 3).reason == "the schema with the id 3 has cyclic references: c version 1 -> c version 1");
}

TEST_CASE("references are bounded in number, depth and bytes") {
  FakeRegistry registry;
  testing::Registered wide{.text = "W"};
  for (int i = 0; i < 201; ++i) {
    const std::string name = "w" + std::to_string(i);
    registry.add(1000U + static_cast<std::uint32_t>(i), name, 1, {.text = "x"});
    wide.references.push_back({name, name});
  }
  registry.add(1, "wide", 1, wide);
  wide.references.pop_back();
  registry.add(2, "less", 1, wide);
  for (int i = 0; i < 40; ++i) {
    testing::Registered deep{.text = "D"};
    if (i > 0) deep.references.push_back({"d" + std::to_string(i - 1), "d" + std::to_string(i - 1)});
    registry.add(2000U + static_cast<std::uint32_t>(i), "d" + std::to_string(i), 1, deep);
  }
  const std::string large(std::size_t{4} << 20, 'x');
  testing::Registered heavy{.text = "H"};
  for (int i = 0; i < 6; ++i) {
    registry.add(3000U + static_cast<std::uint32_t>(i), "h" + std::to_string(i), 1, {.text = large});
    heavy.references.push_back({"h" + std::to_string(i), "h" + std::to_string(i)});
  }
  registry.add(3, "heavy", 1, heavy);
  const std::string limit = " refers to more than 200 others, or more than 32 deep";
  CHECK(ask(registry, 1).reason == "the schema with the id 1" + limit);
  CHECK(ask(registry, 2).text->references.size() == 200);
  CHECK(ask(registry, 2039).reason == "the schema with the id 2039" + limit);
  CHECK(ask(registry, 2032).kind == SchemaReply::Kind::Known);
  CHECK(ask(registry, 3).reason == "the schema with the id 3 and what it refers to are larger than 21.0 MB");
  CHECK(ask(registry, 3).kind == SchemaReply::Kind::Refused);
}

TEST_CASE("a schema that nobody registered is refused, and so is one that refers to it") {
  FakeRegistry registry;
  registry.add(1, "a", 1, {.text = "A", .references = {{"n.B", "b", 3}}});
  const SchemaReply unknown = ask(registry, 7);
  CHECK(unknown.kind == SchemaReply::Kind::Refused);
  CHECK(unknown.reason == "the registry knows no schema with the id 7");
  const SchemaReply broken = ask(registry, 1);
  CHECK(broken.kind == SchemaReply::Kind::Refused);
  CHECK(broken.reason == "the registry does not know `n.B` (b version 3), which the schema with the id 1 refers to");
  CHECK(ask(registry, 0xffffffff).reason == "the registry knows no schema with the id 4294967295");
}

TEST_CASE("a GUID is asked for as one, and a registry that knows none is said so") {
  FakeRegistry registry;
  registry.add(7, "orders-value", 3, {.text = "A"}, kGuid);
  SchemaClient client(registry.settings());
  const SchemaReply reply = client.ask(kGuidKey);
  REQUIRE(reply.kind == SchemaReply::Kind::Known);
  CHECK(reply.text->text == "A");
  CHECK(registry.asked()[0] == "/schemas/guids/" + std::string(kGuid));
  std::string other = kGuidKey;
  other[0] = 'x';
  CHECK(client.ask(other).reason == "the registry knows no schema with the guid 788fad5b-d9cb-469f-a165-70867728950e");
  for (const int status : {404, 405}) {
    registry.always(status, "no such path", "text/plain");
    const SchemaReply without = client.ask(kGuidKey);
    CHECK(without.kind == SchemaReply::Kind::Refused);
    CHECK(without.reason ==
          "the registry cannot be asked for schemas by GUID, and a message names the guid " + std::string(kGuid));
  }
  CHECK(client.ask("abc").kind == SchemaReply::Kind::Refused);
}

TEST_CASE("the newest schema of a subject is found by its name") {
  FakeRegistry registry;
  registry.add(7, "orders-value", 3, {.text = "old"});
  registry.add(9, "orders-value", 4, {.text = "new"});
  SchemaClient client(registry.settings());
  const SchemaReply reply = client.latest("orders-value");
  REQUIRE(reply.kind == SchemaReply::Kind::Known);
  CHECK(reply.id == 9);
  CHECK(reply.text->text == "new");
  CHECK(reply.text->name == "orders-value version 4 (id 9)");
  CHECK(client.latest("../config").reason == "the registry knows no subject `../config`");
  CHECK(registry.asked().back() == "/subjects/..%2Fconfig/versions/latest");
}

TEST_CASE("what may pass is never a refusal") {
  FakeRegistry registry;
  registry.add(7, "a", 1, {.text = "A"});
  struct Case {
    int status;
    const char* body;
    const char* type;
    RegistryFault fault;
    bool standing;
    const char* words;
  };
  constexpr const char* kJson = "application/json";
  for (const Case& c : std::initializer_list<Case>{
           {500, R"({"error_code":50001,"message":"store"})", kJson, RegistryFault::Server, false,
            "failed (500: store)"},
           {503, "", "text/plain", RegistryFault::Server, false, "failed (503)"},
           {429, "", kJson, RegistryFault::Busy, false, "has too much to do (429)"},
           {401, R"({"error_code":401,"message":"Unauthorized"})", kJson, RegistryFault::Login, true,
            "refuses the login (401: Unauthorized)"},
           {403, "<html>", "text/html", RegistryFault::Login, true, "refuses the login (403)"},
           {404, "<html>", "text/html", RegistryFault::Answer, true, "is the URL complete?"},
           {404, R"({"error_code":0,"message":"no path"})", kJson, RegistryFault::Answer, true, "is the URL complete?"},
           {200, "<html>log in</html>", "text/html", RegistryFault::Answer, true, "is it a schema registry?"},
           {418, "", kJson, RegistryFault::Answer, true, "answered 418"},
           {200, "{\"schema\":\"A", kJson, RegistryFault::Garbled, false, "answered with JSON that is none"},
           {200, "[1]", kJson, RegistryFault::Garbled, false, "sent an answer without a schema in it"},
           {200, "{\"schema\":7}", kJson, RegistryFault::Garbled, false, "sent an answer without a schema in it"},
           {200, "{\"schema\":\"A\",\"references\":{}}", kJson, RegistryFault::Garbled, false, "without a schema"},
           {200, "{\"schema\":\"A\",\"references\":[{\"name\":\"x\"}]}", kJson, RegistryFault::Garbled, false,
            "a reference that lacks"}}) {
    registry.always(c.status, c.body, c.type, "Retry-After: 3\r\n");
    const SchemaReply reply = ask(registry, 7);
    INFO(c.status << " " << c.body << " " << reply.reason);
    CHECK(reply.kind == SchemaReply::Kind::Away);
    CHECK(reply.fault == c.fault);
    CHECK(reply.standing == c.standing);
    CHECK(reply.reason.find(c.words) != std::string::npos);
    CHECK(reply.wait.has_value() == (c.status == 429 || c.status >= 500));
  }
  registry.always(0);
  CHECK(ask(registry, 7).kind == SchemaReply::Kind::Known);
}

TEST_CASE("a schema that nobody can use is refused") {
  FakeRegistry registry;
  registry.add(1, "x", 1, {.text = "<x/>", .type = "XML"});
  registry.add(2, "big", 1, {.text = std::string(RegistryCaller::kMostAnswer, 'x')});
  registry.add(3, "mixed", 1, {.text = "A", .references = {{"p.proto", "p"}}});
  registry.add(4, "p", 1, {.text = "syntax", .type = "PROTOBUF"});
  CHECK(ask(registry, 1).reason ==
        "the schema with the id 1 is a schema in the language `XML`, which weir does not read");
  CHECK(ask(registry, 2).reason == "the schema with the id 2 is larger than 5.2 MB");
  CHECK(ask(registry, 3).reason ==
        "`p.proto` (p version 1), which the schema with the id 3 refers to, is written in another language");
  for (const std::uint32_t id : {1U, 2U, 3U}) CHECK(ask(registry, id).kind == SchemaReply::Kind::Refused);
}

TEST_CASE("a connection that is cut, a server that is slow, and nobody there") {
  FakeRegistry registry;
  registry.add(7, "a", 1, {.text = "A"});
  registry.fail_by([](const PeerRequest&, bool& handled) -> std::optional<PeerReply> {
    handled = true;
    return PeerReply{"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", true};
  });
  CHECK(ask(registry, 7).fault == RegistryFault::Unreachable);
  registry.fail_by([](const PeerRequest&, bool& handled) -> std::optional<PeerReply> {
    handled = true;
    return std::nullopt;
  });
  RegistrySettings slow = registry.settings();
  slow.timeout = std::chrono::milliseconds(50);
  const SchemaReply late = SchemaClient(slow).ask(schema_key(7));
  CHECK(late.fault == RegistryFault::Timeout);
  CHECK(late.reason == registry.url() + " did not answer within 50 ms");
  SchemaClient nobody({.urls = {"http://127.0.0.1:" + std::to_string(testing::silent_port())}});
  CHECK(nobody.ask(schema_key(7)).fault == RegistryFault::Unreachable);
  CHECK_FALSE(nobody.ask(schema_key(7)).standing);
  CHECK(nobody.calls() == 2);
}

TEST_CASE("a schema whose versions nobody can tell is known all the same") {
  FakeRegistry registry;
  registry.add(7, "a", 1, {.text = "A"});
  registry.fail_by([](const PeerRequest& request, bool& handled) -> std::optional<PeerReply> {
    handled = request.target.ends_with("/versions");
    return http_reply(500, "");
  });
  const SchemaReply reply = ask(registry, 7);
  REQUIRE(reply.kind == SchemaReply::Kind::Known);
  CHECK(reply.text->name == "schema id 7");
}

TEST_CASE("of several URLs the first that answers is asked, and asked first from then on") {
  FakeRegistry one;
  FakeRegistry two;
  for (FakeRegistry* registry : {&one, &two}) registry->add(7, "a", 1, {.text = "A"});
  one.always(500);
  SchemaClient client(
      {.urls = {"http://127.0.0.1:" + std::to_string(testing::silent_port()), one.url(), two.url() + "/"}});
  CHECK(client.ask(schema_key(7)).kind == SchemaReply::Kind::Known);
  CHECK(one.asked().size() == 1);
  CHECK(client.ask(schema_key(7)).kind == SchemaReply::Kind::Known);
  CHECK(one.asked().size() == 1);
  two.always(503);
  one.always(401);
  const SchemaReply reply = client.ask(schema_key(7));
  CHECK(reply.fault == RegistryFault::Server);  // of the one that should have answered
  CHECK_FALSE(reply.standing);                  // it may come back
  one.always(0);
  CHECK(client.ask(schema_key(7)).kind == SchemaReply::Kind::Known);
}

TEST_CASE("credentials are read for each call, so that what is renewed is used") {
  FakeRegistry registry;
  registry.add(7, "a", 1, {.text = "A"});
  registry.require("Basic d2VpcjpzM2NyZXQ=");
  RegistrySettings settings = registry.settings();
  CHECK(SchemaClient(settings).ask(schema_key(7)).fault == RegistryFault::Login);
  settings.user = "weir";
  settings.password = "wrong";
  const SchemaReply wrong = SchemaClient(settings).ask(schema_key(7));
  CHECK(wrong.fault == RegistryFault::Login);
  CHECK(wrong.reason.find("wrong") == std::string::npos);
  settings.password_file = write_file("password", "s3cret\r\nnot this\n");
  SchemaClient client(settings);
  CHECK(client.ask(schema_key(7)).kind == SchemaReply::Kind::Known);
  write_file("password", "other");
  CHECK(client.ask(schema_key(7)).fault == RegistryFault::Login);

  registry.require("Bearer second");
  RegistrySettings bearer = registry.settings();
  bearer.token_file = write_file("token", "first\n");
  SchemaClient with_token(bearer);
  CHECK(with_token.ask(schema_key(7)).fault == RegistryFault::Login);
  write_file("token", "second\n");
  CHECK(with_token.ask(schema_key(7)).kind == SchemaReply::Kind::Known);
  write_file("token", "\n");
  const SchemaReply empty = with_token.ask(schema_key(7));
  CHECK(empty.fault == RegistryFault::Login);
  CHECK(empty.reason == "the first line of `" + bearer.token_file + "` is empty");
  std::filesystem::remove(bearer.token_file);
  CHECK(with_token.ask(schema_key(7)).reason == "cannot read `" + bearer.token_file + "`");
  std::filesystem::remove(settings.password_file);
}

TEST_CASE("a registry that redirects elsewhere gets no credentials there") {
  FakeRegistry registry;
  FakeRegistry other;
  other.add(7, "a", 1, {.text = "A"});
  registry.always(302, "", "text/plain", "Location: " + other.url() + "/schemas/ids/7\r\n");
  RegistrySettings settings = registry.settings();
  settings.user = "weir";
  settings.password = "s3cret";
  const SchemaReply reply = SchemaClient(settings).ask(schema_key(7));
  CHECK(reply.fault == RegistryFault::Answer);
  CHECK(reply.standing);
  CHECK(other.asked().empty());
}

}  // namespace
}  // namespace weir
