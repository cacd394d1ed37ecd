// SPDX-License-Identifier: Apache-2.0
// Whole command lines against what they have to print. A case is a folder with
//
//   cmd               lines of `#` that say what it shows, then the command as one types it: words in quotes,
//                     NAME=value before it, `< file` after it; further commands after a `;`
//   expected.exit     the exit code of the last one
//   expected.stdout   left out when nothing is printed
//   expected.stderr
//   expected.files/   every file that the commands have to leave behind, and no other; of a state file (.db) and a
//                     summary (.weir) only that it is there
//
// and its inputs. WEIR_UPDATE_GOLDEN=1 writes what is expected; read the difference before you commit it.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "app/command_line.h"

namespace weir::testing {
namespace {

namespace fs = std::filesystem;

const fs::path kCases = fs::path(WEIR_SOURCE_DIR) / "tests" / "golden";

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void spill(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::vector<fs::path> cases() {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(kCases)) {
    if (fs::exists(entry.path() / "cmd")) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// Words of a command line: blanks separate, '…' and "…" join.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0 ? c == quote : c == '\'' || c == '"') {
      quote = quote != 0 ? '\0' : c;
      if (!in_word) words.emplace_back();
      in_word = true;
    } else if (quote == 0 && (c == ' ' || c == '\n')) {
      in_word = false;
    } else {
      if (!in_word) words.emplace_back();
      in_word = true;
      words.back() += c;
    }
  }
  return words;
}

Invocation invocation_of(const std::vector<std::string>& words) {
  Invocation invocation;
  std::size_t i = 0;
  for (; i < words.size() && words[i] != "weir"; ++i) {
    const std::size_t equals = words[i].find('=');
    REQUIRE(equals != std::string::npos);
    invocation.variables[words[i].substr(0, equals)] = words[i].substr(equals + 1);
  }
  REQUIRE(i < words.size());
  for (++i; i < words.size(); ++i) {
    if (words[i] == "<") {
      invocation.standard_input = words.at(++i);
    } else {
      invocation.args.push_back(words[i]);
    }
  }
  return invocation;
}

std::vector<Invocation> invocations_of(const fs::path& cmd) {
  std::istringstream text(slurp(cmd));
  std::string line;
  std::string command;
  while (std::getline(text, line)) {
    if (!line.starts_with('#')) command += line + "\n";
  }
  std::vector<Invocation> invocations;
  std::vector<std::string> words;
  for (const std::string& word : words_of(command + " ;")) {
    if (word != ";") {
      words.push_back(word);
    } else if (!words.empty()) {
      invocations.push_back(invocation_of(words));
      words.clear();
    }
  }
  REQUIRE_FALSE(invocations.empty());
  return invocations;
}

/// All that they print, and how the last one ends.
Ran run_all(const std::vector<Invocation>& invocations) {
  Ran all;
  for (const Invocation& invocation : invocations) {
    const Ran ran = run(invocation);
    all.exit = ran.exit;
    all.out += ran.out;
    all.err += ran.err;
  }
  return all;
}

/// Files whose bytes are the business of SQLite, or of the summaries' own tests.
bool is_opaque(const std::string& file) {
  return file.ends_with(".db") || file.ends_with(".weir");
}

std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> files;
  if (!fs::exists(folder)) return files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.insert(fs::relative(entry.path(), folder).string());
  }
  return files;
}

/// A copy of a case's inputs to work in, gone at the end.
class Workplace {
 public:
  explicit Workplace(const fs::path& golden) : before_(fs::current_path()) {
    std::string name = (fs::temp_directory_path() / "weir-golden-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    for (const fs::directory_entry& entry : fs::directory_iterator(golden)) {
      const std::string file = entry.path().filename().string();
      if (file == "cmd" || file.starts_with("expected.")) continue;
      fs::copy(entry.path(), folder_ / file, fs::copy_options::recursive);
    }
    inputs_ = files_below(folder_);
    fs::current_path(folder_);
  }
  ~Workplace() {
    fs::current_path(before_);
    fs::remove_all(folder_);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  [[nodiscard]] const fs::path& folder() const { return folder_; }
  [[nodiscard]] std::set<std::string> new_files() const {
    std::set<std::string> files = files_below(folder_);
    for (const std::string& input : inputs_) files.erase(input);
    return files;
  }

 private:
  fs::path before_;
  fs::path folder_;
  std::set<std::string> inputs_;
};

/// The number of the release changes; what is said beside it does not.
std::string without_version(std::string text) {
  static const std::string version = [] {
    const std::string line = run({"version"}).out;
    return line.substr(5, line.find('\n') - 5);
  }();
  for (std::size_t at = 0; (at = text.find(version, at)) != std::string::npos;)
    text.replace(at, version.size(), "VERSION");
  return text;
}

void update(const fs::path& golden, const Ran& ran, const Workplace& workplace) {
  const auto write_unless_empty = [](const fs::path& path, const std::string& text) {
    fs::remove(path);
    if (!text.empty()) spill(path, text);
  };
  spill(golden / "expected.exit", std::to_string(ran.exit) + "\n");
  write_unless_empty(golden / "expected.stdout", without_version(ran.out));
  write_unless_empty(golden / "expected.stderr", without_version(ran.err));
  fs::remove_all(golden / "expected.files");
  for (const std::string& file : workplace.new_files()) {
    const std::string content = is_opaque(file) ? "" : without_version(slurp(workplace.folder() / file));
    spill(golden / "expected.files" / file, content);
  }
}

void compare(const fs::path& golden, const Ran& ran, const Workplace& workplace) {
  CHECK(std::to_string(ran.exit) + "\n" == slurp(golden / "expected.exit"));
  CHECK(without_version(ran.out) == slurp(golden / "expected.stdout"));
  CHECK(without_version(ran.err) == slurp(golden / "expected.stderr"));
  CHECK(workplace.new_files() == files_below(golden / "expected.files"));
  for (const std::string& file : files_below(golden / "expected.files")) {
    INFO(file);
    if (is_opaque(file)) continue;
    CHECK(without_version(slurp(workplace.folder() / file)) == slurp(golden / "expected.files" / file));
  }
}

TEST_CASE("every golden command line prints, writes and decides what it always did") {
  const bool updating = std::getenv("WEIR_UPDATE_GOLDEN") != nullptr;
  const std::vector<fs::path> all = cases();
  REQUIRE(all.size() >= 25);
  for (const fs::path& golden : all) {
    DYNAMIC_SECTION(golden.filename().string()) {
      const Workplace workplace(golden);
      const Ran ran = run_all(invocations_of(golden / "cmd"));
      if (updating) {
        update(golden, ran, workplace);
      } else {
        compare(golden, ran, workplace);
      }
    }
  }
}

TEST_CASE("every golden command line ends with its exit code in the last line, when it is not 0") {
  for (const fs::path& golden : cases()) {
    const std::string exit = slurp(golden / "expected.exit");
    const std::string err = slurp(golden / "expected.stderr");
    INFO(golden.filename().string());
    if (exit == "0\n" || err.empty()) continue;
    const std::size_t last = err.rfind('\n', err.size() - 2);
    CHECK(err.substr(last == std::string::npos ? 0 : last + 1).find("exit=" + exit.substr(0, exit.size() - 1) + " ") !=
          std::string::npos);
  }
}

TEST_CASE("the verdicts of a golden command line depend neither on threads nor on batches") {
  for (const fs::path& golden : cases()) {
    std::vector<Invocation> invocations = invocations_of(golden / "cmd");
    const Invocation& first = invocations.front();
    if (first.args.empty() || first.args.front() != "check" || first.variables.contains("WEIR_THREADS")) continue;
    for (const char* batch : {"1", "3", "1000"}) {
      INFO(golden.filename().string() << " batch " << batch);
      for (Invocation& invocation : invocations) {
        invocation.variables["WEIR_BATCH"] = batch;
        invocation.variables["WEIR_THREADS"] = batch[0] == '3' ? "2" : "1";
      }
      const Workplace workplace(golden);
      const Ran ran = run_all(invocations);
      CHECK(without_version(ran.out) == slurp(golden / "expected.stdout"));
      CHECK(without_version(ran.err) == slurp(golden / "expected.stderr"));
    }
  }
}

}  // namespace
}  // namespace weir::testing
