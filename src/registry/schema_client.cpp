// SPDX-License-Identifier: Apache-2.0
#include "registry/schema_client.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/text.h"
#include "net/url.h"
#include "registry/schema_answer.h"

namespace weir {
namespace {

constexpr std::size_t kMostWords = 200;

SchemaReply refuse(std::string reason) {
  SchemaReply reply;
  reply.kind = SchemaReply::Kind::Refused;
  reply.reason = std::move(reason);
  return reply;
}

SchemaReply away(RegistryAnswer&& answer) {
  SchemaReply reply;
  reply.kind = SchemaReply::Kind::Away;
  reply.reason = std::move(answer.reason);
  reply.fault = answer.fault;
  reply.standing = answer.standing;
  reply.wait = answer.wait;
  return reply;
}

SchemaReply garbled(std::string reason) {
  SchemaReply reply;
  reply.kind = SchemaReply::Kind::Away;
  reply.reason = std::move(reason);
  reply.fault = RegistryFault::Garbled;
  return reply;
}

SchemaReply too_large(std::string_view what) {
  return refuse(std::string(what) + " is larger than " + human_bytes(RegistryCaller::kMostAnswer));
}

std::string in_ticks(std::string_view text) {
  return "`" + shorten(text, kMostWords) + "`";
}

std::string version_text(const WrittenReference& reference) {
  return shorten(reference.subject, kMostWords) + " version " +
         (reference.version < 1 ? "latest" : std::to_string(reference.version));
}

std::string version_path(const WrittenReference& reference) {
  return "subjects/" + url_step(reference.subject) + "/versions/" +
         (reference.version < 1 ? "latest" : std::to_string(reference.version));
}

/// Everything that a schema refers to, over however many others; depth first, so that what others name comes before them.
/// One name has one text: the first that is met, as the serializers of the registry have it.
class References {
 public:
  explicit References(RegistryCaller& caller) : caller_(caller) {}

  /// Nothing: all is well.
  std::optional<SchemaReply> follow(const WrittenSchema& schema, std::string_view asked) {
    bytes_ += schema.text.size();
    for (const WrittenReference& reference : schema.references) {
      if (std::optional<SchemaReply> fault = follow(reference, schema.language, asked)) return fault;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::vector<SchemaText::Reference> take() { return std::move(found_); }

 private:
  std::optional<SchemaReply> follow(const WrittenReference& reference, SchemaLanguage language,
                                    std::string_view asked) {
    const std::string version = version_text(reference);
    if (std::find(path_.begin(), path_.end(), version) != path_.end()) return cycle(version, asked);
    if (!names_.insert(reference.name).second) return std::nullopt;
    if (names_.size() > SchemaClient::kMostReferences || path_.size() >= SchemaClient::kMostDepth)
      return refuse(std::string(asked) + " refers to more than " + std::to_string(SchemaClient::kMostReferences) +
                    " others, or more than " + std::to_string(SchemaClient::kMostDepth) + " deep");
    RegistryAnswer answer = caller_.ask(version_path(reference));
    const std::string what =
        in_ticks(reference.name) + " (" + version + "), which " + std::string(asked) + " refers to,";
    switch (answer.kind) {
      case RegistryAnswer::Kind::Found: break;
      case RegistryAnswer::Kind::Unknown:
        return refuse("the registry does not know " + what.substr(0, what.size() - 1));
      case RegistryAnswer::Kind::TooLarge: return too_large(what);
      case RegistryAnswer::Kind::NoPath:
      case RegistryAnswer::Kind::Away: return away(std::move(answer));
    }
    Result<WrittenSchema> schema = read_schema(answer.document);
    if (!schema && schema.error().code == "language") return refuse(what + " is " + schema.error().message);
    if (!schema) return garbled("asked for " + what + " the registry sent " + schema.error().message);
    if (schema->language != language) return refuse(what + " is written in another language");
    if (bytes_ + schema->text.size() > SchemaClient::kMostBytes)
      return refuse(std::string(asked) + " and what it refers to are larger than " +
                    human_bytes(SchemaClient::kMostBytes));
    path_.push_back(version);
    if (std::optional<SchemaReply> fault = follow(*schema, asked)) return fault;
    path_.pop_back();
    found_.push_back({.name = reference.name, .text = std::move(schema->text)});
    return std::nullopt;
  }

  SchemaReply cycle(const std::string& back_to, std::string_view asked) const {
    std::string words = std::string(asked) + " has cyclic references: ";
    for (auto at = std::find(path_.begin(), path_.end(), back_to); at != path_.end(); ++at) words += *at + " -> ";
    return refuse(words + back_to);
  }

  RegistryCaller& caller_;
  std::set<std::string> names_;
  std::vector<std::string> path_;  // what is being followed
  std::vector<SchemaText::Reference> found_;
  std::size_t bytes_ = 0;
};

}  // namespace

std::string_view registry_fault_name(RegistryFault fault) {
  constexpr std::string_view kNames[kRegistryFaults] = {"unreachable", "timeout", "tls",    "login",
                                                        "busy",        "server",  "answer", "garbled"};
  return kNames[static_cast<std::size_t>(fault)];
}

/// `asked`: "the schema with the id 7", "the newest schema of `orders-value`".
SchemaReply SchemaClient::finish(const JsonValue& document, std::string_view asked, std::uint32_t id) {
  Result<WrittenSchema> schema = read_schema(document);
  if (!schema && schema.error().code == "language") return refuse(std::string(asked) + " is " + schema.error().message);
  if (!schema) return garbled("asked for " + std::string(asked) + " the registry sent " + schema.error().message);
  References references(caller_);
  if (std::optional<SchemaReply> fault = references.follow(*schema, asked)) return *std::move(fault);
  if (id == 0) id = schema->id;
  if (schema->subject.empty() || schema->version == 0) {
    SubjectVersion found;
    if (id != 0) {
      const RegistryAnswer answer = caller_.ask_shortly("schemas/ids/" + std::to_string(id) + "/versions");
      if (answer.kind == RegistryAnswer::Kind::Found) found = read_versions(answer.document);
    }
    schema->subject = found.subject;
    schema->version = found.version;
  }
  SchemaText text{.language = schema->language,
                  .text = std::move(schema->text),
                  .references = references.take(),
                  .subject = schema->subject,
                  .version = schema->version,
                  .name = {}};
  const std::string number = id == 0 ? "" : "id " + std::to_string(id);
  if (!text.subject.empty()) {
    text.name = shorten(text.subject, kMostWords) + " version " + std::to_string(text.version) +
                (number.empty() ? "" : " (" + number + ")");
  } else {
    text.name = number.empty() ? std::string(asked) : "schema " + number;
  }
  SchemaReply reply;
  reply.kind = SchemaReply::Kind::Known;
  reply.id = id;
  reply.text = std::make_shared<const SchemaText>(std::move(text));
  return reply;
}

SchemaReply SchemaClient::ask(std::string_view key) {
  constexpr std::size_t kIdBytes = 4;
  constexpr std::size_t kGuidBytes = 16;
  if (key.size() != kIdBytes && key.size() != kGuidBytes) return refuse("a key of a schema has 4 bytes, or 16");
  const std::string words = schema_key_text(key);  // "id 7", "guid 0f8fad5b-..."
  const bool by_id = key.size() == kIdBytes;
  const std::string value = words.substr(words.find(' ') + 1);
  const std::string asked = "the schema with the " + words;
  RegistryAnswer answer = caller_.ask((by_id ? "schemas/ids/" : "schemas/guids/") + value);
  std::uint32_t id = 0;
  for (const char c : key.substr(0, by_id ? kIdBytes : 0)) id = id << 8 | static_cast<unsigned char>(c);
  switch (answer.kind) {
    case RegistryAnswer::Kind::Found: return finish(answer.document, asked, id);
    case RegistryAnswer::Kind::Unknown: return refuse("the registry knows no schema with the " + words);
    case RegistryAnswer::Kind::TooLarge: return too_large(asked);
    case RegistryAnswer::Kind::NoPath:
      if (!by_id) return refuse("the registry cannot be asked for schemas by GUID, and a message names the " + words);
      return away(std::move(answer));
    case RegistryAnswer::Kind::Away: break;
  }
  return away(std::move(answer));
}

SchemaReply SchemaClient::latest(std::string_view subject) {
  const std::string asked = "the newest schema of " + in_ticks(subject);
  RegistryAnswer answer = caller_.ask("subjects/" + url_step(subject) + "/versions/latest");
  switch (answer.kind) {
    case RegistryAnswer::Kind::Found: return finish(answer.document, asked, 0);
    case RegistryAnswer::Kind::Unknown: return refuse("the registry knows no subject " + in_ticks(subject));
    case RegistryAnswer::Kind::TooLarge: return too_large(asked);
    case RegistryAnswer::Kind::NoPath:
    case RegistryAnswer::Kind::Away: break;
  }
  return away(std::move(answer));
}

}  // namespace weir
