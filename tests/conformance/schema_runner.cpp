// SPDX-License-Identifier: Apache-2.0
// Runs the JSON Schema Test Suite through weir's validator, prints how many cases agree for each draft, and holds those that do
// not against the list of the ones that are meant: one that is not on the list fails, and so does one that is on it and agrees.
// The suite's optional cases are counted and decide nothing.
//
//   schema_runner SUITE METASCHEMAS DIFFERENCES.txt
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/json_value.h"
#include "checks/json_schema_compile.h"
#include "checks/json_schema_judge.h"

namespace weir {
namespace {

namespace fs = std::filesystem;

struct Draft {
  std::string folder;
  std::string uri;
};
const std::array<Draft, 5> kDrafts = {{{"draft4", "http://json-schema.org/draft-04/schema#"},
                                       {"draft6", "http://json-schema.org/draft-06/schema#"},
                                       {"draft7", "http://json-schema.org/draft-07/schema#"},
                                       {"draft2019-09", "https://json-schema.org/draft/2019-09/schema"},
                                       {"draft2020-12", "https://json-schema.org/draft/2020-12/schema"}}};

struct Count {
  std::size_t cases = 0;
  std::size_t agree = 0;
  std::size_t differ = 0;
};

std::string read_file(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

JsonValue text_of(const std::string& text) {
  JsonValue out;
  out.type = JsonValue::Type::Text;
  out.text = text;
  return out;
}

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

// The schemas of schemas under their own names, and what the suite keeps on a server.
std::vector<SchemaFile> given_files(const fs::path& suite, const fs::path& metaschemas, const std::string& draft) {
  std::vector<SchemaFile> out;
  for (const fs::path& path : files_below(metaschemas)) {
    const Result<JsonValue> value = parse_json(read_file(path));
    if (!value || path.string().find("draft3") != std::string::npos) continue;
    const JsonValue* id = value->find("$id");
    if (id == nullptr) id = value->find("id");
    if (id != nullptr) out.push_back({.name = id->text, .text = read_file(path)});
  }
  for (const fs::path& path : files_below(suite / "remotes")) {
    const std::string name = fs::relative(path, suite / "remotes").string();
    if (name.starts_with("draft") && !name.starts_with(draft + "/")) continue;
    out.push_back({.name = "http://localhost:1234/" + name, .text = read_file(path)});
  }
  return out;
}

class Suite {
 public:
  Suite(const fs::path& suite, const fs::path& metaschemas, const fs::path& differences)
      : suite_(suite), metaschemas_(metaschemas) {
    std::ifstream file(differences);
    for (std::string line; std::getline(file, line);) {
      const std::size_t tab = line.find('\t');
      if (!line.empty() && line[0] != '#' && tab != std::string::npos)
        differences_[line.substr(0, tab)] = line.substr(tab + 1);
    }
  }

  int run() {
    std::printf(
        "| draft | cases | agree | differ, see the list | optional cases | agree |\n|---|---|---|---|---|---|\n");
    for (const Draft& draft : kDrafts) run_draft(draft);
    std::printf("%s", surprises_.c_str());
    for (const auto& [name, reason] : differences_)
      if (!met_[name]) std::printf("on the list and not met: %s\n", name.c_str());
    bool all_met = true;
    for (const auto& [name, reason] : differences_) all_met = all_met && met_[name];
    constexpr std::size_t kFewest = 4000;  // fewer cases mean that the package was not read right
    return surprises_.empty() && all_met && cases_ >= kFewest ? 0 : 1;
  }

 private:
  void run_draft(const Draft& draft) {
    given_ = given_files(suite_, metaschemas_, draft.folder);
    Count needed;
    Count optional;
    for (const fs::path& path : files_below(suite_ / "tests" / draft.folder)) {
      const std::string name = fs::relative(path, suite_ / "tests").string();
      const bool is_optional = name.find("/optional/") != std::string::npos;
      run_file(draft, path, name, is_optional, is_optional ? optional : needed);
    }
    cases_ += needed.cases;
    std::printf("| %s | %zu | %zu | %zu | %zu | %zu |\n", draft.folder.c_str(), needed.cases, needed.agree,
                needed.differ, optional.cases, optional.agree);
  }

  void run_file(const Draft& draft, const fs::path& path, const std::string& name, bool optional, Count& count) {
    const Result<JsonValue> groups = parse_json(read_file(path), 512);
    if (!groups) {
      surprises_ += name + " cannot be read: " + groups.error().message + "\n";
      return;
    }
    for (const JsonValue& group : groups->items) {
      JsonValue schema = *group.find("schema");
      if (schema.type == JsonValue::Type::Object && schema.find("$schema") == nullptr)
        schema.members.emplace_back("$schema", text_of(draft.uri));
      std::vector<SchemaFile> files(1);
      append_json(files[0].text, schema);
      files.insert(files.end(), given_.begin(), given_.end());
      const auto compiled = JsonSchema::compile(files, {.formats = name.find("optional/format/") != std::string::npos});
      for (const JsonValue& test : group.find("tests")->items) {
        const std::string what =
            name + " / " + group.find("description")->text + " / " + test.find("description")->text;
        std::string answer = compiled ? "" : "refused: " + compiled.error().message;
        if (compiled) answer = judge(**compiled, *test.find("data"), test.find("valid")->boolean);
        note(what, answer, optional, count);
      }
    }
  }

  // Empty where weir agrees.
  static std::string judge(const JsonSchema& schema, const JsonValue& data, bool valid) {
    std::string text;
    append_json(text, data);
    JsonTape tape;
    if (!tape.read(text)) return "the value cannot be read";
    SchemaFault fault;
    const SchemaJudge::Answer quick = SchemaJudge(schema).judge(tape);
    const SchemaJudge::Answer told = SchemaJudge(schema).judge(tape, &fault);
    if (quick != told) return "with a reason it is judged in another way";
    if (quick == SchemaJudge::Answer::TooMuchWork) return "too much work";
    if (quick == SchemaJudge::Answer::Invalid && !fault.found) return "invalid without a reason";
    if ((quick == SchemaJudge::Answer::Valid) == valid) return "";
    return quick == SchemaJudge::Answer::Valid ? "valid" : "invalid: " + fault.message;
  }

  void note(const std::string& what, const std::string& answer, bool optional, Count& count) {
    ++count.cases;
    if (answer.empty()) ++count.agree;
    if (optional) {
      if (!answer.empty() && std::getenv("WEIR_SHOW_OPTIONAL") != nullptr)
        std::printf("optional: %s\n  weir: %s\n", what.c_str(), answer.c_str());
      return;
    }
    const auto listed = differences_.find(what);
    if (listed != differences_.end()) met_[what] = true;
    const bool expected = listed != differences_.end();
    if (expected && !answer.empty()) ++count.differ;
    if (expected == !answer.empty()) return;
    surprises_ +=
        (answer.empty() ? "agrees now, take it off the list: " : "differs: ") + what + "\n  weir: " + answer + "\n";
  }

  fs::path suite_;
  fs::path metaschemas_;
  std::map<std::string, std::string> differences_;
  std::map<std::string, bool> met_;
  std::vector<SchemaFile> given_;
  std::string surprises_;
  std::size_t cases_ = 0;
};

}  // namespace
}  // namespace weir

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: schema_runner SUITE METASCHEMAS DIFFERENCES.txt\n");
    return 2;
  }
  return weir::Suite(argv[1], argv[2], argv[3]).run();
}
