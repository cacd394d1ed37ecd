// SPDX-License-Identifier: Apache-2.0
#include "drift/subject.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "drift/baseline.h"
#include "drift/frozen_edges.h"
#include "drift/season.h"
#include "drift/sequential.h"

namespace weir {

namespace {

std::vector<const Profile*> profiles_of(const std::vector<KeptWindow>& windows) {
  std::vector<const Profile*> out;
  for (const KeptWindow& window : windows) out.push_back(&window.profile);
  return out;
}

void use_file(WatchedSubject& out) {
  const Baseline* const baseline = out.rule->reference.baseline.get();
  if (baseline == nullptr) {
    out.cause = "the reference was not read";
    return;
  }
  if (out.joint()) {
    std::optional<JointProfile> found = baseline->find_together(out.rule->paths);
    if (!found) {
      out.cause = "the baseline " + baseline->path + " does not hold these fields together";
      return;
    }
    out.joint_reference = *std::move(found);
  } else {
    const BaselineField* const found = baseline->find(out.rule->paths.front());
    if (found == nullptr) {
      out.cause = "the baseline " + baseline->path + " has no field " + out.rule->paths.front();
      return;
    }
    out.reference = found->profile;
    rename_categories(out.current, *baseline);
    out.design_effect = found->profile.design_effect;
    if (out.sequential()) out.groups = make_groups(out.reference);
    out.reference_bytes = 8 * (2 * out.reference.cells.size() + 2 * out.reference.categories.size());
  }
  out.compares = true;
}

void learn(WatchedSubject& out, const std::vector<const Profile*>& windows) {
  auto edges = std::make_shared<const std::vector<double>>(learn_from(windows));
  out.state.groups = make_groups(pool_on(edges, windows));
  out.state.epochs.insert(out.state.epochs.begin(), std::move(edges));
  if (out.state.epochs.size() > KeptState::kEpochs) out.state.epochs.resize(KeptState::kEpochs);
  out.state_changed = true;
}

void pool(WatchedSubject& out, const std::vector<KeptWindow>& windows) {
  if (!out.joint()) {
    out.reference = pool_on(out.state.edges(), profiles_of(windows));
    return;
  }
  for (const KeptWindow& window : windows) {
    if (out.joint_reference.paths.empty()) {
      out.joint_reference = window.joint;
    } else {
      out.joint_reference.add(window.joint);
    }
  }
}

/// The spread between slots takes the place of a tolerance, where it is the larger one.
void use_slots(WatchedSubject& out, const std::vector<KeptWindow>& windows) {
  Slots slots;
  std::vector<Profile> compacted;
  for (const KeptWindow& window : windows) {
    if (out.joint()) {
      slots.joints.push_back(&window.joint);
    } else {
      compacted.push_back(window.profile.compact(out.state.edges()));
    }
  }
  for (const Profile& one : compacted) slots.profiles.push_back(&one);
  FieldPair pair;
  pair.path = out.path;
  pair.tests = out.rule->tests;
  pair.tolerance = out.tolerance;
  if (out.joint()) {
    pair.joint_reference = &out.joint_reference;
    pair.joint_current = &out.joint_current;
  } else {
    pair.reference = &out.reference;
    pair.current = &out.current;
  }
  out.tolerance = tolerances_of_slots(pair, slots, {});
}

void use_windows(WatchedSubject& out, const DriftWindow& window, History& history) {
  const Looking looking{
      .rule = *out.rule, .block = *out.block, .window = window, .series = out.series, .state = out.state};
  const ReferenceWindows found = find_windows(looking, history);
  // A rule can keep its id and look at other fields.
  const std::vector<std::string> together = out.joint() ? out.rule->paths : std::vector<std::string>();
  if (out.state.anchor && out.state.anchor->joint.paths != together) out.state.anchor.reset();
  out.anchor = out.state.anchor;
  out.reference_windows = found.windows.size();
  for (const KeptWindow& kept : found.windows) out.reference_bytes += kept.bytes;
  if (!out.joint() && !out.state.known()) {
    if (found.enough) {
      learn(out, profiles_of(found.windows));
    } else {
      const std::vector<KeptWindow> first = windows_to_learn_from(looking, history);
      if (first.size() >= kLearningWindows) learn(out, profiles_of(first));
    }
  }
  out.groups = out.state.groups;
  // An anchor is often older than what tells how dependent records are.
  if (out.anchor && !out.joint() && !out.anchor->design_effect) {
    out.anchor->design_effect = design_effect_of(out.votes, out.groups);
    if (out.anchor->design_effect) {
      out.state.anchor->design_effect = out.anchor->design_effect;
      out.state_changed = true;
    }
  }
  if (!found.enough) {
    out.cause = found.cause;
    return;
  }
  pool(out, found.windows);
  const bool nothing = out.joint() ? out.joint_reference.rows == 0 : out.reference.values() == 0;
  if (nothing) {
    out.cause = "the reference holds no value" +
                (out.joint() ? std::string() : ": " + with_commas(out.reference.elements) + " records, all null");
    return;
  }
  out.compares = true;
  if (out.rule->reference.kind == DriftReference::Kind::Same) {
    if (!out.empty()) use_slots(out, found.windows);
    return;  // slots differ by more than records depend on each other: no design effect
  }
  if (!out.joint()) {
    out.design_effect = design_effect_of(found.windows, out.groups);
    if (!out.design_effect) out.design_effect = design_effect_of(out.votes, out.groups);
  }
  if (out.rule->reference.kind == DriftReference::Kind::Rolling && found.full && !out.state.anchor) {
    out.state.anchor = Anchor{.from = found.windows.front().start,
                              .to = found.windows.back().end,
                              .design_effect = out.design_effect,
                              .profile = out.reference,
                              .joint = out.joint_reference};
    out.state_changed = true;
  }
}

/// Windows in a row, before this one, that fitted the edges badly.
std::size_t bad_before(const std::vector<KeptWindow>& windows, std::uint64_t epoch) {
  std::size_t out = 0;
  for (auto window = windows.rbegin(); window != windows.rend(); ++window, ++out) {
    if (!window->off_edge || window->epoch != epoch) break;
  }
  return out;
}

void keep_window(WatchedSubject& subject, const Looking& looking, bool set_aside, History& history) {
  const DriftWindow& window = looking.window;
  // Of windows that overlap one in a row is kept; of slots every one, because each is wanted a period later.
  if (window.has_span && subject.rule->reference.kind != DriftReference::Kind::Same) {
    const std::optional<KeptWindow> newest = newest_window(looking, history);
    if (newest && newest->end > window.start) return;
  }
  KeptWindow kept;
  kept.start = window.has_span ? window.start : window.at;
  kept.end = window.has_span ? window.end : window.at;
  kept.set_aside = set_aside;
  if (subject.joint()) {
    kept.joint = subject.joint_current;
  } else {
    kept.profile = subject.current;
    if (subject.state.known()) {
      const Profile::Edges edges = subject.state.edges();
      kept.epoch = epoch_of(*edges);
      kept.off_edge = fits_badly(kept.profile, *edges);
      kept.on_epoch = true;
      if (kept.off_edge) {
        const std::vector<KeptWindow> before = windows_to_learn_from(looking, history);
        const std::size_t bad = bad_before(before, kept.epoch) + 1;
        // Values are kept while edges may have to be made anew, and no longer when that would mend nothing.
        kept.on_epoch = bad > kBadWindows;
        std::vector<const Profile*> all = profiles_of(before);
        all.push_back(&subject.current);
        if (bad >= kBadWindows && fits_badly(pool_on(edges, all), *edges)) {
          learn(subject, all);
          kept.off_edge = false;
          kept.on_epoch = false;
          kept.epoch = epoch_of(*subject.state.edges());
        }
      }
      if (kept.on_epoch) kept.profile = kept.profile.compact(edges);
    }
    if (!kept.on_epoch) kept.profile = on_its_own(kept.profile);
  }
  history.add_record(subject.series.windows, {.at = window.at, .bytes = write_window(kept)});
  if (const std::optional<Instant> from = needed_from(looking, history))
    history.drop_records(subject.series.windows, *from);
}

}  // namespace

void rename_categories(Profile& current, const Baseline& baseline) {
  if (baseline.salt.empty()) return;
  for (Category& category : current.categories) category.hash = baseline_hash(baseline, category.hash, {});
  std::sort(current.categories.begin(), current.categories.end(),
            [](const Category& a, const Category& b) { return a.hash < b.hash; });
}

/// An e-detector has one reference: slots have one each, and several fields together have no groups.
bool WatchedSubject::sequential() const noexcept {
  return rule->sequential && !joint() && rule->reference.kind != DriftReference::Kind::Same;
}

VoteRule WatchedSubject::vote_rule() const noexcept {
  if (sequential()) return {.fire = 1, .of = 1, .clear = rule->clear};
  return {.fire = rule->fire, .of = rule->of, .clear = rule->clear};
}

WatchedSubject prepare(const Plan& plan, const DriftWindow& window, const DriftSubject& subject, History& history) {
  WatchedSubject out;
  out.rule = &plan.drift_rules[subject.rule];
  const WindowRule& written = plan.window_rules[out.rule->rule];
  out.info = &written.info;
  out.block = &plan.windows[written.block];
  for (const std::string& path : out.rule->paths) out.path += (out.path.empty() ? "" : ", ") + path;
  // A rule can keep its id and look at another field, whose windows are no reference for this one. Of several fields together
  // each window says which.
  const bool named = out.joint() || out.info->id == "drift." + out.path;
  out.series = kept_series(named ? out.info->id : out.info->id + "|" + out.path, *out.block, subject.segment_name);
  out.tolerance = out.rule->tolerance;
  if (subject.field != nullptr) out.current = profile_of(*subject.field);
  if (subject.scatter != nullptr) out.joint_current = profile_of(*subject.scatter, out.rule->paths);
  const std::size_t votes = std::max<std::size_t>(kCountedWindows, out.rule->of + out.rule->clear);
  out.votes = past_votes(history, out.series, window.at, votes);
  out.before = votes_after(out.votes, out.vote_rule());
  // Hours of silence are many windows: their references are not worth looking for.
  if (out.empty()) return out;
  if (out.rule->reference.kind == DriftReference::Kind::File) {
    use_file(out);
  } else {
    out.state = past_state(history, out.series, window.at);
    use_windows(out, window, history);
  }
  if (!out.joint() && !out.groups.empty()) out.counts = out.groups.count(out.current);
  return out;
}

void remember(WatchedSubject& subject, const DriftWindow& window, const KeptVote& vote, History& history) {
  if (window.partial) return;
  const Looking looking{.rule = *subject.rule,
                        .block = *subject.block,
                        .window = window,
                        .series = subject.series,
                        .state = subject.state};
  if (subject.rule->reference.kind != DriftReference::Kind::File && !subject.empty())
    keep_window(subject, looking, vote.set_aside, history);
  if (subject.state_changed)
    history.add_record(subject.series.state, {.at = window.at, .bytes = write_state(subject.state)});
  KeptVote kept = vote;
  if (!subject.groups.empty() && !subject.empty()) {
    kept.groups = subject.groups.name();
    kept.counts = subject.counts;
  }
  // Nor have they a vote, and a weekend of them would push all out that have; unless one takes the place of another.
  constexpr Duration kTick(1);
  const bool says_nothing =
      subject.empty() && history.past_records(subject.series.votes, window.at, window.at + kTick, 1).empty();
  if (subject.block->kind != WindowKind::Whole && !says_nothing)
    history.add_record(subject.series.votes, {.at = window.at, .bytes = write_vote(kept)});
}

}  // namespace weir
