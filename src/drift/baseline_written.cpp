// SPDX-License-Identifier: Apache-2.0
// A baseline as JSON: one line a field.
//
// The salt is a hash of the content as it would be without salt, and of the secret where there is one: the same records give
// the same file, and nobody without the secret can try guesses on the salt.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "base/timestamp.h"
#include "drift/baseline.h"
#include "drift/baseline_form.h"
#include "drift/edges.h"

namespace weir {

namespace {

using baseline_form::hex_of;

constexpr std::size_t kSaltDigits = 32;

struct Hashing {
  std::string salt;  // empty: hashes stay as they are
  std::string secret;
  bool reveal = false;
};

// ---- what may be said

/// Whether fewer numbers than the floor lie beside the common ones. The mean and the sums of powers are equations: with the
/// common numbers and their counts known, they would give those few away.
bool few_beside_atoms(const Profile& profile, std::uint64_t floor) {
  if (profile.edges == nullptr) return false;
  std::uint64_t beside = profile.finite;
  for (std::size_t cell = 0; cell < profile.cells.size(); ++cell) {
    if (is_atom_cell(*profile.edges, cell) && profile.cells[cell] >= floor) beside -= profile.cells[cell];
  }
  return beside > 0 && beside < floor;
}

void put_on_edges(Profile& profile, std::uint64_t floor) {
  if (profile.edges == nullptr || profile.has_raw() || !profile.sketch.empty()) {
    const std::uint64_t cells =
        std::clamp<std::uint64_t>(profile.finite / std::max<std::uint64_t>(1, floor), 1, kDriftCells);
    Profile::Edges edges = profile.edges;
    if (edges == nullptr) {
      edges = std::make_shared<const std::vector<double>>(
          learn_edges(profile, static_cast<std::size_t>(cells), std::max<std::uint64_t>(2, floor)));
    }
    profile = profile.compact(edges);
  }
  if (profile.edges == nullptr) return;
  if (few_beside_atoms(profile, floor))
    profile.m2 = std::numeric_limits<double>::infinity();  // not told, nor is the mean
  // An atom is a value of the data: of a redacted field none is shown.
  const std::uint64_t least_of_atom = profile.redacted ? std::numeric_limits<std::uint64_t>::max() : floor;
  const std::vector<double> kept = coarsened(*profile.edges, profile.cells, floor, least_of_atom);
  if (kept == *profile.edges) return;
  std::vector<std::uint64_t> cells(kept.size() + 1);
  // Every edge that was kept is one of those before, so cells are only added up.
  std::size_t from = 0;
  for (std::size_t cell = 0; cell < profile.cells.size(); ++cell) {
    cells[from] += profile.cells[cell];
    if (from < kept.size() && cell < profile.edges->size() && kept[from] == (*profile.edges)[cell] &&
        is_atom_cell(kept, from) == is_atom_cell(*profile.edges, cell)) {
      ++from;
    }
  }
  profile.cells = std::move(cells);
  profile.edges = std::make_shared<const std::vector<double>>(kept);
}

void leave_out_rare(Profile& profile, std::uint64_t floor) {
  std::uint64_t most = 0;
  std::erase_if(profile.categories, [&](const Category& category) {
    if (category.count >= floor) return false;
    profile.other += category.count;
    most = std::max(most, category.count);
    return true;
  });
  if (most == 0) return;
  profile.exact = false;
  profile.category_error = std::max(profile.category_error, most);
}

// ---- the text

void write_count(JsonWriter& out, std::string_view name, std::uint64_t count) {
  if (count > 0) out.field(name, count);
}

void write_share(JsonWriter& out, std::string_view name, double share) {
  if (share > 0 && std::isfinite(share)) out.field(name, share);
}

template <class Values>
void write_array(JsonWriter& out, std::string_view name, const Values& values) {
  out.key(name).begin_array();
  for (const auto& value : values) out.value(value);
  out.end_array();
}

void write_numbers(JsonWriter& out, const Profile& profile, std::uint64_t floor) {
  out.key("numbers").begin_object();
  out.field("count", profile.finite);
  // The mean of one value is that value.
  if (profile.finite >= floor && std::isfinite(profile.mean) && std::isfinite(profile.m2)) {
    out.field("mean", profile.mean).field("m2", profile.m2);
    if (std::isfinite(profile.m3)) out.field("m3", profile.m3);
  }
  if (profile.edges != nullptr && !profile.cells.empty()) {
    write_array(out, "edges", *profile.edges);
    write_array(out, "cells", profile.cells);
    write_share(out, "cell_error", profile.cell_error);
  }
  out.end_object();
}

void write_categories(JsonWriter& out, const Profile& profile, const Hashing& hashing) {
  std::vector<Category> categories = profile.categories;
  for (Category& category : categories) {
    if (!hashing.salt.empty()) {
      category.hash = baseline_form::category_hash(hashing.salt, hashing.secret, category.hash);
    }
    if (!hashing.reveal || profile.redacted) category.label.clear();
  }
  std::sort(categories.begin(), categories.end(), [](const Category& a, const Category& b) { return a.hash < b.hash; });
  out.key("categories").begin_array();
  for (const Category& category : categories) {
    out.begin_array().value(hex_of(category.hash)).value(category.count);
    if (!category.label.empty()) out.value(category.label);
    out.end_array();
  }
  out.end_array();
}

std::string field_text(const BaselineField& field, const Hashing& hashing, std::uint64_t floor) {
  const Profile& profile = field.profile;
  JsonWriter out;
  out.begin_object().field("path", field.path).field("elements", profile.elements);
  write_count(out, "absent", profile.odd.absent);
  write_count(out, "null", profile.odd.null);
  write_count(out, "nan", profile.odd.nan);
  write_count(out, "infinity", profile.odd.positive_infinity);
  write_count(out, "minus_infinity", profile.odd.negative_infinity);
  write_count(out, "boolean", profile.types.boolean);
  write_count(out, "integer", profile.types.integer);
  write_count(out, "fraction", profile.types.fraction);
  write_count(out, "text", profile.types.text);
  write_count(out, "array", profile.types.array);
  write_count(out, "object", profile.types.object);
  if (profile.redacted) out.field("redacted", true);
  if (profile.finite > 0) write_numbers(out, profile, floor);
  write_categories(out, profile, hashing);
  write_count(out, "other", profile.other);
  if (!profile.exact) out.field("exact", false);
  write_count(out, "category_error", profile.category_error);
  write_share(out, "distinct", profile.distinct);
  write_share(out, "distinct_error", profile.distinct_error);
  if (profile.texts > 0) write_array(out, "lengths", profile.lengths);
  if (profile.windows != 1) out.field("windows", profile.windows);
  if (profile.design_effect) out.field("design_effect", *profile.design_effect);
  write_count(out, "design_windows", profile.design_windows);
  out.end_object();
  return out.take();
}

std::string joint_text(const JointProfile& joint) {
  JsonWriter out;
  out.begin_object();
  write_array(out, "paths", joint.paths);
  out.field("rows", joint.rows);
  if (joint.windows != 1) out.field("windows", joint.windows);
  write_array(out, "means", joint.means);
  out.key("comoments").begin_array();
  const std::size_t d = joint.paths.size();
  for (std::size_t a = 0; a < d; ++a) {
    for (std::size_t b = a; b < d; ++b) out.value(joint.comoments[a * d + b]);
  }
  out.end_array();
  // No number stands for what is not known or beyond all doubles.
  const auto write_known = [&](std::string_view name, const std::vector<double>& sums) {
    if (sums.size() != d) return;
    if (std::all_of(sums.begin(), sums.end(), [](double sum) { return std::isfinite(sum); }))
      write_array(out, name, sums);
  };
  write_known("m3", joint.m3);
  write_known("m4", joint.m4);
  out.end_object();
  return out.take();
}

std::string head_text(const Baseline& baseline, const Hashing& hashing, std::uint64_t floor, bool keyed) {
  JsonWriter out;
  out.begin_object().field("weir", baseline.weir);
  const auto time = [&](std::string_view name, const std::optional<Instant>& instant) {
    if (instant) out.field(name, format_timestamp(*instant));
  };
  time("made", baseline.made);
  time("from", baseline.from);
  time("to", baseline.to);
  out.field("records", baseline.records).field("floor", floor).field("salt", hashing.salt);
  if (keyed) out.field("secret", hex_of(baseline_form::secret_check(hashing.salt, hashing.secret)));
  out.end_object();
  std::string text = out.take();
  text.pop_back();  // it goes on
  return text;
}

std::string list_text(const std::vector<std::string>& items, std::string_view between) {
  std::string text;
  for (const std::string& item : items) {
    if (!text.empty()) text += ',';
    text += between;
    text += item;
  }
  return text;
}

struct Content {
  std::string head;
  std::vector<std::string> fields;
  std::vector<std::string> joints;

  [[nodiscard]] std::string text(std::string_view between) const {
    std::string text = head + ",\"fields\":[" + list_text(fields, between);
    text += std::string(between) + "],\"joints\":[" + list_text(joints, between);
    return text + std::string(between) + "]}";
  }
};

}  // namespace

std::string write_baseline(const Baseline& baseline, const BaselineWriting& options) {
  std::vector<BaselineField> fields = baseline.fields;
  std::sort(fields.begin(), fields.end(),
            [](const BaselineField& a, const BaselineField& b) { return a.path < b.path; });
  for (BaselineField& field : fields) {
    put_on_edges(field.profile, options.floor);
    leave_out_rare(field.profile, options.floor);
  }
  Content content;
  const auto has_no_mean = [&](const std::string& path) {
    return std::any_of(fields.begin(), fields.end(), [&](const BaselineField& field) {
      return field.path == path && !std::isfinite(field.profile.m2);
    });
  };
  for (const JointProfile& joint : baseline.joints) {
    const bool told = std::none_of(joint.paths.begin(), joint.paths.end(), has_no_mean);
    if (told && joint.rows >= options.floor && joint.rows > 0) content.joints.push_back(joint_text(joint));
  }
  const auto write_fields = [&](const Hashing& hashing) {
    content.fields.clear();
    for (const BaselineField& field : fields) content.fields.push_back(field_text(field, hashing, options.floor));
  };
  // One that was read has its hashes already.
  const bool hashed = !baseline.salt.empty();
  const bool keyed = hashed ? baseline.keyed : !options.secret.empty() && !options.reveal;
  Hashing hashing{.salt = "", .secret = "", .reveal = options.reveal};
  write_fields(hashing);
  if (hashed) {
    hashing.salt = baseline.salt;
    hashing.secret = options.secret.empty() ? baseline.secret : options.secret;
  } else {
    hashing.secret = keyed ? options.secret : "";
    SummaryWriter seed;
    seed.text(hashing.secret);
    seed.text(content.text(""));
    hashing.salt = sha256_hex(seed.bytes()).substr(0, kSaltDigits);
    write_fields(hashing);
  }
  content.head = head_text(baseline, hashing, options.floor, keyed);
  JsonWriter front;
  front.begin_object().field("format", baseline_form::kFormat).field("version", Baseline::kVersion);
  front.field("checksum", baseline_form::checksum_of(content.text(""))).end_object();
  std::string text = front.take();
  text.pop_back();
  return text + ",\n\"content\":" + content.text("\n") + "}\n";
}

}  // namespace weir
