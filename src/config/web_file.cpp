// SPDX-License-Identifier: Apache-2.0
#include "config/web_file.h"

#include <algorithm>

#include "rules/bundle.h"
#include "rules/codes.h"
#include "rules/findings.h"
#include "rules/section.h"
#include "rules/yaml.h"

namespace weir {
namespace {

using Names = std::string_view[];

constexpr Names kClientAuths = {"NoClientCert", "RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven",
                                "RequireAndVerifyClientCert"};
constexpr Names kVersions = {"TLS12", "TLS13"};

constexpr KeySpec kTls[] = {
    {.name = "cert_file", .shape = Shape::Text, .summary = "The certificate of the server, PEM.", .required = true},
    {.name = "key_file", .shape = Shape::Text, .summary = "Its key, PEM.", .required = true},
    {.name = "client_auth_type",
     .shape = Shape::Choice,
     .summary = "Whether clients show a certificate.",
     .choices = kClientAuths},
    {.name = "client_ca_file", .shape = Shape::Text, .summary = "Who signs the certificates of clients, PEM."},
    {.name = "client_allowed_sans", .shape = Shape::Texts, .summary = "Names of clients that may come."},
    {.name = "min_version", .shape = Shape::Choice, .summary = "The oldest TLS.", .choices = kVersions},
    {.name = "max_version", .shape = Shape::Choice, .summary = "The newest TLS.", .choices = kVersions},
    {.name = "cipher_suites", .shape = Shape::Texts, .summary = "Of TLS 1.2."},
    {.name = "prefer_server_cipher_suites", .shape = Shape::Boolean, .summary = "What servers have done for long."},
};
constexpr Keys kTlsTable{.name = "`tls_server_config`", .keys = kTls};

constexpr KeySpec kHttp[] = {
    {.name = "http2", .shape = Shape::Boolean, .summary = "weir speaks HTTP/1.1 either way."},
    {.name = "headers", .shape = Shape::Anything, .summary = "Headers of every answer."},
};
constexpr Keys kHttpTable{.name = "`http_server_config`", .keys = kHttp};

constexpr KeySpec kTop[] = {
    {.name = "tls_server_config", .shape = Shape::Section, .summary = "TLS.", .table = &kTlsTable},
    {.name = "http_server_config", .shape = Shape::Section, .summary = "HTTP.", .table = &kHttpTable},
    {.name = "basic_auth_users", .shape = Shape::Anything, .summary = "Names and bcrypt hashes."},
};
constexpr Keys kTopTable{.name = "the web configuration", .keys = kTop};

class WebFileReader {
 public:
  WebFileReader(Findings& findings, const ReadFile& read_file, const std::string& path)
      : findings_(findings), read_file_(read_file), path_(path) {}

  WebConfig read(const YamlNode& root) {
    WebConfig config;
    const Section top(findings_, root, kTopTable);
    if (const YamlNode* const tls = top.node("tls_server_config")) config.tls = read_tls(*tls);
    if (const YamlNode* const users = top.node("basic_auth_users")) read_users(*users, config);
    if (const YamlNode* const http = top.node("http_server_config")) {
      const Section section(findings_, *http, kHttpTable);
      if (const YamlNode* const headers = section.node("headers")) read_headers(*headers, config);
    }
    return config;
  }

 private:
  /// The file has to be there; what it holds is for who uses it.
  std::string file_of(const Section& section, std::string_view key) {
    const YamlNode* const node = section.node(key);
    if (node == nullptr) return "";
    std::string file = relative_to(path_, node->text);
    if (const Result<std::string> text = read_file_(file); !text)
      findings_.error(codes::kCannotRead, node->where(), text.error().message, {});
    return file;
  }

  WebTls read_tls(const YamlNode& node) {
    const Section section(findings_, node, kTlsTable);
    WebTls tls;
    tls.cert_file = file_of(section, "cert_file");
    tls.key_file = file_of(section, "key_file");
    tls.client_ca_file = file_of(section, "client_ca_file");
    const std::string auth = section.text("client_auth_type", "NoClientCert");
    tls.client_auth = static_cast<ClientAuth>(std::find(std::begin(kClientAuths), std::end(kClientAuths), auth) -
                                              std::begin(kClientAuths));
    tls.client_allowed_sans = section.texts("client_allowed_sans");
    if (section.text("min_version") == "TLS13") tls.min_version = TlsVersion::Tls13;
    if (section.text("max_version") == "TLS12") tls.max_version = TlsVersion::Tls12;
    tls.cipher_suites = section.texts("cipher_suites");
    if (tls.min_version > tls.max_version)
      findings_.error(codes::kContradiction, section.node("max_version")->where(),
                      "`max_version` lies below `min_version`", {});
    const bool verifies = tls.client_auth == ClientAuth::VerifyClientCertIfGiven ||
                          tls.client_auth == ClientAuth::RequireAndVerifyClientCert;
    if (verifies && !section.has("client_ca_file"))
      findings_.error(codes::kMissingKey, section.node("client_auth_type")->where(),
                      "`" + auth + "` needs a `client_ca_file`", {});
    if (!verifies && (section.has("client_ca_file") || section.has("client_allowed_sans")))
      findings_.error(codes::kPlace,
                      section.has("client_ca_file") ? section.key("client_ca_file")->where()
                                                    : section.key("client_allowed_sans")->where(),
                      "nothing verifies the certificates of clients",
                      {.label = {}, .help = "say `client_auth_type: RequireAndVerifyClientCert`"});
    return tls;
  }

  void read_users(const YamlNode& node, WebConfig& config) {
    if (!node.is_map()) {
      wrong_shape(findings_, node, "`basic_auth_users`", "a map", "names and bcrypt hashes of passwords");
      return;
    }
    for (const YamlNode::Member& member : node.members) {
      if (!read_scalar(findings_, *member.value, backquoted(member.key->text))) continue;
      const std::string& hash = member.value->text;
      if (!is_bcrypt(hash)) {
        // Its line is not shown: the password may stand there.
        findings_.error(codes::kRefused, {.file = path_},
                        "the password of " + backquoted(member.key->text) + " in line " +
                            std::to_string(member.value->line) + " is no bcrypt hash",
                        {.label = {}, .help = "make one with:  htpasswd -nBC 10 '' | tr -d ':\\n'"});
      } else if (member.key->text.find(':') != std::string::npos) {
        findings_.error(codes::kRefused, member.key->where(), "a name cannot hold a colon", {});
      } else {
        config.users[member.key->text] = hash;
      }
    }
  }

  /// $2a$, $2b$ or $2y$, the cost, and 53 letters. More than 2^16 rounds would take seconds for each request.
  static bool is_bcrypt(std::string_view hash) {
    if (hash.size() != 60 || !hash.starts_with("$2") || hash[3] != '$' || hash[6] != '$') return false;
    const std::string_view kinds = "aby";
    const int cost = (hash[4] - '0') * 10 + (hash[5] - '0');
    const auto is_letter = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
    };
    return kinds.find(hash[2]) != std::string_view::npos && cost >= 4 && cost <= 16 &&
           std::all_of(hash.begin() + 7, hash.end(), is_letter);
  }

  void read_headers(const YamlNode& node, WebConfig& config) {
    constexpr std::string_view kKnown[] = {"Strict-Transport-Security", "X-Content-Type-Options", "X-Frame-Options",
                                           "X-XSS-Protection", "Content-Security-Policy"};
    if (!node.is_map()) {
      wrong_shape(findings_, node, "`headers`", "a map");
      return;
    }
    for (const YamlNode::Member& member : node.members) {
      const std::string& name = member.key->text;
      if (std::find(std::begin(kKnown), std::end(kKnown), name) == std::end(kKnown)) {
        unknown_key(findings_, *member.key, "`headers`", {std::begin(kKnown), std::end(kKnown)});
        continue;
      }
      if (!read_scalar(findings_, *member.value, backquoted(name))) continue;
      const std::string& text = member.value->text;
      if (std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
        findings_.error(codes::kRefused, member.value->where(), "a header cannot hold a line break", {});
        continue;
      }
      config.headers.emplace_back(name, text);
    }
  }

  Findings& findings_;
  const ReadFile& read_file_;
  const std::string& path_;
};

}  // namespace

LoadedWebConfig load_web_config(const std::string& path, const ReadFile& read_file) {
  LoadedWebConfig loaded;
  Findings findings;
  const Result<std::string> text = read_file(path);
  if (!text) {
    findings.error(codes::kUnreadable, {.file = path}, text.error().message, {});
    loaded.diagnostics = std::move(findings).sorted();
    return loaded;
  }
  const std::string& source = loaded.sources[path] = without_mark(*text);
  const std::unique_ptr<YamlDocument> document = parse_yaml(path, source);
  for (const Error& error : document->errors) findings.error(error, codes::kSyntax, {.file = path});
  WebConfig config;  // of an empty file: nothing is protected, as exporters take it
  if (document->root != nullptr) config = WebFileReader(findings, read_file, path).read(*document->root);
  if (!findings.any_errors()) loaded.config = std::move(config);
  loaded.diagnostics = std::move(findings).sorted();
  return loaded;
}

}  // namespace weir
