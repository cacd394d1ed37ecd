// SPDX-License-Identifier: Apache-2.0
#include "registry/fake_registry.h"

#include <utility>

namespace weir::testing {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string members_of(const Registered& schema) {
  std::string out = "\"schema\":" + quoted(schema.text);
  if (!schema.type.empty()) out += ",\"schemaType\":" + quoted(schema.type);
  if (schema.references.empty()) return out;
  out += ",\"references\":[";
  for (const Registered::Reference& reference : schema.references) {
    if (!out.ends_with('[')) out += ',';
    out += "{\"name\":" + quoted(reference.name) + ",\"subject\":" + quoted(reference.subject) +
           ",\"version\":" + std::to_string(reference.version) + "}";
  }
  return out + "]";
}

}  // namespace

FakeRegistry::FakeRegistry(std::uint16_t port)
    : peer_([this](const PeerRequest& request) { return answer(request); }, port) {}

void FakeRegistry::add(std::uint32_t id, const std::string& subject, int version, const Registered& schema,
                       const std::string& guid) {
  const std::scoped_lock lock(mutex_);
  const std::string body = members_of(schema);
  documents_["/schemas/ids/" + std::to_string(id)] = "{" + body + "}";
  if (!guid.empty()) documents_["/schemas/guids/" + guid] = "{" + body + ",\"guid\":" + quoted(guid) + "}";
  if (subject.empty()) return;
  const std::string place = "\"subject\":" + quoted(subject) + ",\"version\":" + std::to_string(version);
  const std::string whole = "{" + place + ",\"id\":" + std::to_string(id) + "," + body + "}";
  const std::string versions = "/subjects/" + subject + "/versions/";
  documents_[versions + std::to_string(version)] = whole;
  if (newest_[subject] <= version) documents_[versions + "latest"] = whole;
  newest_[subject] = std::max(newest_[subject], version);
  std::string& all = versions_[id];
  all += (all.empty() ? "{" : ",{") + place + "}";
  documents_["/schemas/ids/" + std::to_string(id) + "/versions"] = "[" + all + "]";
}

void FakeRegistry::fail_by(std::function<std::optional<PeerReply>(const PeerRequest&, bool&)> fault) {
  const std::scoped_lock lock(mutex_);
  fault_ = std::move(fault);
}

void FakeRegistry::always(int status, std::string body, std::string type, std::string headers) {
  const std::scoped_lock lock(mutex_);
  always_ = status == 0 ? std::nullopt : std::optional(http_reply(status, body, type, headers));
}

void FakeRegistry::require(std::string authorization) {
  const std::scoped_lock lock(mutex_);
  authorization_ = std::move(authorization);
}

std::vector<std::string> FakeRegistry::asked() const {
  std::vector<std::string> targets;
  for (const PeerRequest& request : peer_.requests()) targets.push_back(request.target);
  return targets;
}

std::optional<PeerReply> FakeRegistry::answer(const PeerRequest& request) {
  const std::scoped_lock lock(mutex_);
  if (!authorization_.empty() && request.header("Authorization") != authorization_)
    return http_reply(401, R"({"error_code":401,"message":"who are you?"})");
  if (fault_) {
    bool handled = false;
    std::optional<PeerReply> reply = fault_(request, handled);
    if (handled) return reply;
  }
  if (always_) return always_;
  const auto found = documents_.find(request.target);
  if (found != documents_.end()) return http_reply(200, found->second, "application/vnd.schemaregistry.v1+json");
  if (request.target.starts_with("/schemas/ids/"))
    return http_reply(404, R"({"error_code":40403,"message":"Schema not found"})");
  if (request.target.starts_with("/schemas/guids/"))
    return http_reply(404, R"({"error_code":40403,"message":"Schema not found"})");
  if (request.target.starts_with("/subjects/"))
    return http_reply(404, R"({"error_code":40401,"message":"Subject not found"})");
  return http_reply(404, R"({"error_code":404,"message":"HTTP 404 Not Found"})");
}

}  // namespace weir::testing
