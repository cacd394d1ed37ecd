// SPDX-License-Identifier: Apache-2.0
// Reads what write_baseline wrote, and trusts none of it: the checksum tells accidents, not intent.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <string>

#include "base/instant.h"
#include "base/json_value.h"
#include "drift/baseline.h"
#include "drift/baseline_form.h"
#include "summary/histogram.h"
#include "weir/summary.h"

namespace weir {

namespace {

using Type = JsonValue::Type;

constexpr std::size_t kHexDigits = 16;
constexpr std::size_t kLengths = 32;

// The first fault counts; after it every read gives zero.
class Reader {
 public:
  void fail(std::string why) {
    if (fault_.empty()) fault_ = place_.empty() ? std::move(why) : place_ + ": " + why;
  }
  void require(bool condition, const char* why) {
    if (!condition) fail(why);
  }
  void at(std::string place) { place_ = std::move(place); }
  [[nodiscard]] bool ok() const noexcept { return fault_.empty(); }
  [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

  std::uint64_t count(const JsonValue& value) {
    std::uint64_t count = 0;
    const char* const end = value.text.data() + value.text.size();
    const auto [stopped, error] = std::from_chars(value.text.data(), end, count);
    if (value.type == Type::Number && error == std::errc() && stopped == end && count <= baseline_form::kMostCount) {
      return count;
    }
    fail("a count is no whole number from 0 to 2^53");
    return 0;
  }
  double number(const JsonValue& value) {
    double number = 0;
    const char* const end = value.text.data() + value.text.size();
    const auto [stopped, error] = std::from_chars(value.text.data(), end, number);
    if (value.type == Type::Number && error == std::errc() && stopped == end && std::isfinite(number)) {
      return number + 0.0;
    }
    fail("a number is missing or out of range");
    return 0;
  }
  std::string text(const JsonValue& value) {
    if (value.type == Type::Text && value.text.size() <= baseline_form::kMostText) return value.text;
    fail("a text is missing or too long");
    return {};
  }
  std::uint64_t hash(const JsonValue& value) {
    std::uint64_t hash = 0;
    const char* const end = value.text.data() + value.text.size();
    const auto [stopped, error] = std::from_chars(value.text.data(), end, hash, static_cast<int>(kHexDigits));
    if (value.type == Type::Text && value.text.size() == kHexDigits && error == std::errc() && stopped == end)
      return hash;
    fail("a hash is not written as 16 hexadecimal digits");
    return 0;
  }
  bool boolean(const JsonValue& value) {
    require(value.type == Type::Boolean, "`true` or `false` was expected");
    return value.boolean;
  }
  const std::vector<JsonValue>& items(const JsonValue& value, std::size_t most) {
    static const std::vector<JsonValue> kNone;
    if (value.type == Type::Array && value.items.size() <= most) return value.items;
    fail("a list is missing or too long");
    return kNone;
  }

 private:
  std::string place_;
  std::string fault_;
};

class Members {
 public:
  Members(Reader& reader, const JsonValue& object) : reader_(reader), object_(object) {
    reader_.require(object.type == Type::Object, "an object was expected");
  }
  [[nodiscard]] const JsonValue* find(std::string_view name) const {
    return object_.type == Type::Object ? object_.find(name) : nullptr;
  }
  const JsonValue& get(std::string_view name) {
    static const JsonValue kNull;
    const JsonValue* const found = find(name);
    if (found == nullptr) reader_.fail("`" + std::string(name) + "` is missing");
    return found == nullptr ? kNull : *found;
  }
  // What is nothing is left out.
  std::uint64_t count(std::string_view name, std::uint64_t otherwise = 0) {
    const JsonValue* const found = find(name);
    return found == nullptr ? otherwise : reader_.count(*found);
  }
  double share(std::string_view name) {
    const JsonValue* const found = find(name);
    const double share = found == nullptr ? 0 : reader_.number(*found);
    reader_.require(share >= 0, "an error is negative");
    return share;
  }

 private:
  Reader& reader_;
  const JsonValue& object_;
};

void read_numbers(Reader& reader, const JsonValue& value, Profile& profile) {
  Members members(reader, value);
  profile.finite = reader.count(members.get("count"));
  if (members.find("mean") != nullptr) {
    profile.mean = reader.number(members.get("mean"));
    profile.m2 = members.share("m2");
    const JsonValue* const m3 = members.find("m3");
    profile.m3 = m3 == nullptr ? std::numeric_limits<double>::infinity() : reader.number(*m3);
  } else {
    profile.m2 = std::numeric_limits<double>::infinity();  // not told, which is not a mean of 0
  }
  if (members.find("edges") == nullptr) return;
  std::vector<double> edges;
  for (const JsonValue& item : reader.items(members.get("edges"), Histogram::kMostEdges)) {
    edges.push_back(reader.number(item));
    const std::size_t last = edges.size() - 1;
    reader.require(last < 1 || edges[last - 1] <= edges[last], "edges are not in order");
    reader.require(last < 2 || edges[last - 2] < edges[last], "an edge stands three times");
  }
  std::uint64_t sum = 0;
  for (const JsonValue& item : reader.items(members.get("cells"), edges.size() + 1)) {
    profile.cells.push_back(reader.count(item));
    sum += profile.cells.back();
  }
  reader.require(profile.cells.size() == edges.size() + 1, "there is not one cell more than edges");
  reader.require(sum == profile.finite, "the cells do not add up");
  profile.cell_error = members.share("cell_error");
  profile.edges = std::make_shared<const std::vector<double>>(std::move(edges));
}

void read_categories(Reader& reader, Members& members, Profile& profile) {
  std::uint64_t counted = profile.other;
  for (const JsonValue& item : reader.items(members.get("categories"), Profile::kMostCategories)) {
    const std::vector<JsonValue>& parts = reader.items(item, 3);
    reader.require(parts.size() >= 2, "a category has a hash and a count");
    if (!reader.ok()) return;
    Category category{reader.hash(parts[0]), reader.count(parts[1]), ""};
    if (parts.size() > 2) category.label = reader.text(parts[2]);
    counted += category.count;
    profile.categories.push_back(std::move(category));
  }
  std::sort(profile.categories.begin(), profile.categories.end(),
            [](const Category& a, const Category& b) { return a.hash < b.hash; });
  const auto twice = std::adjacent_find(profile.categories.begin(), profile.categories.end(),
                                        [](const Category& a, const Category& b) { return a.hash == b.hash; });
  reader.require(twice == profile.categories.end(), "a category stands twice");
  const Oddities& odd = profile.odd;
  const std::uint64_t oddities = odd.nan + odd.positive_infinity + odd.negative_infinity;
  reader.require(profile.missing() <= profile.elements && oddities <= profile.values(), "the counts do not add up");
  reader.require(!reader.ok() || counted == profile.values() - oddities, "the categories do not add up");
}

BaselineField read_field(Reader& reader, const JsonValue& value) {
  BaselineField field;
  Members members(reader, value);
  field.path = reader.text(members.get("path"));
  reader.at("field `" + field.path + "`");
  Profile& profile = field.profile;
  profile.elements = reader.count(members.get("elements"));
  profile.odd = {members.count("absent"), members.count("null"), members.count("nan"), members.count("infinity"),
                 members.count("minus_infinity")};
  profile.types = {members.count("boolean"), members.count("integer"), members.count("fraction"),
                   members.count("text"),    members.count("array"),   members.count("object")};
  profile.redacted = members.find("redacted") != nullptr && reader.boolean(members.get("redacted"));
  if (members.find("numbers") != nullptr) read_numbers(reader, members.get("numbers"), profile);
  profile.other = members.count("other");
  profile.exact = members.find("exact") == nullptr || reader.boolean(members.get("exact"));
  profile.category_error = members.count("category_error");
  read_categories(reader, members, profile);
  profile.distinct = members.share("distinct");
  profile.distinct_error = members.share("distinct_error");
  if (members.find("lengths") != nullptr) {
    const std::vector<JsonValue>& lengths = reader.items(members.get("lengths"), kLengths);
    reader.require(lengths.size() == kLengths, "there are not 32 cells of lengths");
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      profile.lengths[i] = reader.count(lengths[i]);
      profile.texts += profile.lengths[i];
    }
  }
  profile.windows = members.count("windows", 1);
  if (members.find("design_effect") != nullptr) {
    profile.design_effect = members.share("design_effect");
    reader.require(*profile.design_effect >= 1, "a design effect is below 1");
  }
  profile.design_windows = members.count("design_windows");
  const TypeCounts& types = profile.types;
  reader.require(profile.finite <= types.integer + types.fraction, "there are more numbers than the types say");
  reader.require(
      types.boolean + types.integer + types.fraction + types.text + types.array + types.object <= profile.elements,
      "there are more values than elements");
  return field;
}

JointProfile read_joint(Reader& reader, const JsonValue& value) {
  JointProfile joint;
  Members members(reader, value);
  for (const JsonValue& item : reader.items(members.get("paths"), ScatterSpec::kMostColumns)) {
    joint.paths.push_back(reader.text(item));
  }
  joint.rows = reader.count(members.get("rows"));
  joint.windows = members.count("windows", 1);
  const std::size_t d = joint.paths.size();
  for (const JsonValue& item : reader.items(members.get("means"), d)) joint.means.push_back(reader.number(item));
  const std::vector<JsonValue>& upper = reader.items(members.get("comoments"), d * (d + 1) / 2);
  reader.require(joint.means.size() == d && upper.size() == d * (d + 1) / 2, "fields together are not all there");
  if (!reader.ok()) return joint;
  joint.comoments.resize(d * d);
  std::size_t at = 0;
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t b = a; b < d; ++b) {
      joint.comoments[a * d + b] = reader.number(upper[at++]);
      joint.comoments[b * d + a] = joint.comoments[a * d + b];
    }
    reader.require(joint.comoments[a * d + a] >= 0, "a sum of squares is negative");
  }
  const auto sums = [&](std::string_view name) {
    if (members.find(name) == nullptr) return std::vector<double>(d, std::numeric_limits<double>::infinity());
    std::vector<double> read;
    for (const JsonValue& item : reader.items(members.get(name), d)) read.push_back(reader.number(item));
    reader.require(read.size() == d, "fields together are not all there");
    return read;
  };
  joint.m3 = sums("m3");
  joint.m4 = sums("m4");
  for (const double sum : joint.m4) reader.require(sum >= 0, "a sum of fourth powers is negative");
  return joint;
}

void read_times(Reader& reader, Members& members, Baseline& baseline) {
  const std::pair<std::string_view, std::optional<Instant>*> times[] = {
      {"made", &baseline.made}, {"from", &baseline.from}, {"to", &baseline.to}};
  for (const auto& [name, time] : times) {
    if (members.find(name) == nullptr) continue;
    *time = instant_of_text(reader.text(members.get(name)));
    reader.require(time->has_value(), "a time is not written as times are");
  }
}

Error refused(const std::string& path, const std::string& why) {
  return {.message = "cannot use the baseline `" + path + "`: " + why};
}

// What a person can do about what is wrong with the file as a whole; nothing when it is sound.
std::string fault_of_file(Reader& reader, const JsonValue& file) {
  Members front(reader, file);
  const std::uint64_t version = reader.count(front.get("version"));
  if (reader.ok() && version > static_cast<std::uint64_t>(Baseline::kVersion)) {
    return "it was made by a newer weir (format " + std::to_string(version) + "): update weir";
  }
  const std::string checksum = reader.text(front.get("checksum"));
  const JsonValue& content = front.get("content");
  if (!reader.ok()) return "it is damaged (" + reader.fault() + "): make it again with `weir baseline`";
  if (baseline_form::checksum_of(baseline_form::compact_json(content)) == checksum) return "";
  return "it was changed after it was made (its checksum is wrong): take the original, or make it again with `weir "
         "baseline`";
}

}  // namespace

Result<Baseline> read_baseline(std::string_view json, const std::string& path, const std::string& secret) {
  if (!is_baseline(json)) return refused(path, "this is no baseline: make one with `weir baseline`");
  if (json.size() > baseline_form::kMostBytes ||
      static_cast<std::size_t>(std::count(json.begin(), json.end(), ',')) > baseline_form::kMostValues) {
    return refused(path, "it is larger than a baseline can be: make one of fewer fields with `weir baseline`");
  }
  if (json.substr(0, 3) == "\xEF\xBB\xBF") json.remove_prefix(3);
  const Result<JsonValue> file = parse_json(json, baseline_form::kMostDepth);
  if (!file) return refused(path, "it is cut short or damaged: copy it again, or make it again with `weir baseline`");
  Reader reader;
  if (const std::string fault = fault_of_file(reader, *file); !fault.empty()) return refused(path, fault);

  Baseline baseline;
  baseline.path = path;
  Members content(reader, *file->find("content"));
  baseline.weir = reader.text(content.get("weir"));
  read_times(reader, content, baseline);
  baseline.records = reader.count(content.get("records"));
  baseline.salt = reader.text(content.get("salt"));
  reader.require(!baseline.salt.empty(), "it has no salt");
  baseline.keyed = content.find("secret") != nullptr;
  const std::uint64_t check = baseline.keyed ? reader.hash(content.get("secret")) : 0;
  for (const JsonValue& item : reader.items(content.get("fields"), baseline_form::kMostFields)) {
    if (!reader.ok()) break;
    baseline.fields.push_back(read_field(reader, item));
  }
  reader.at("");
  for (const JsonValue& item : reader.items(content.get("joints"), baseline_form::kMostJoints)) {
    if (!reader.ok()) break;
    baseline.joints.push_back(read_joint(reader, item));
  }
  for (std::size_t i = 1; i < baseline.fields.size(); ++i) {
    reader.require(baseline.fields[i - 1].path < baseline.fields[i].path, "its fields are not in order");
  }
  if (!reader.ok()) return refused(path, "it is damaged (" + reader.fault() + "): make it again with `weir baseline`");
  if (!baseline.keyed) return baseline;
  if (secret.empty()) return refused(path, "its hashes need the secret: set WEIR_BASELINE_SECRET");
  if (baseline_form::secret_check(baseline.salt, secret) != check) {
    return refused(path, "the secret in WEIR_BASELINE_SECRET is not the one that it was made with");
  }
  baseline.secret = secret;
  return baseline;
}

}  // namespace weir
