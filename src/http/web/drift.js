// SPDX-License-Identifier: Apache-2.0
// Of each field and segment the newest window: both distributions over each other, and what moved, in words.
import {badge, distributions} from './charts.js';
import {DRIFT, WORDS, gravity, isBroken, withoutSince} from './model.js';
import {code, link, matches, most, none, table} from './parts.js';
import {h} from './tree.js';
import {clock, count, counted, figure, segment, sentence, span, visible} from './words.js';

const probability = (p) => (typeof p !== 'number' ? '–' : p < 1e-4 ? '< 0.0001' : figure(p));

function arithmetic(drift) {
  return h('details', {}, h('summary', {}, `Arithmetic of ${counted(drift.tests.length, 'test', 'tests')}`), h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Tests'}, table('Tests', [{name: 'Test'}, {name: 'Outcome'}, {name: 'Effect', num: true}, {name: 'Tolerance', num: true}, {name: 'p', num: true}, {name: 'p adjusted', num: true}, {name: 'Remark', whole: true}],
    drift.tests.map((t) => ({key: t.test, cells: [code(t.test, 40), badge(t.outcome, WORDS[t.outcome]), figure(t.effect), figure(t.tolerance), probability(t.p_value), probability(t.p_adjusted), visible([t.cause, t.resolution].filter(Boolean).join('; '), 200)]})), {lead: 0, hide: true})));
}

function card(one, many, now_text) {
  const drift = one.drift;
  const segment_name = segment(one.segment);
  const state = one.outcome;
  const moved = isBroken(state);
  const summary = withoutSince(sentence(drift?.summary || one.cause || 'nothing moved beyond its tolerance', 400, now_text));
  const findings = (drift?.findings ?? []).slice(0, 6).map((f) => sentence(f.text, 240, now_text)).filter((text) => !summary.includes(text));
  return h('li', {key: `${one.stream}\n${one.rule}\n${segment_name}`, class: `card ${state}`},
    h('div', {class: 'top'}, badge(state, state === 'fail' ? 'drift' : state === 'warn' ? 'drift (warning)' : state === 'pass' ? 'as before' : WORDS[state]),
      h('h3', {}, many ? h('span', {class: 'soft'}, `${visible(one.stream, 60)} / `) : null, link(`#/rule/${encodeURIComponent(one.stream)}/${encodeURIComponent(one.rule)}${segment_name ? `?segment=${encodeURIComponent(segment_name)}` : ''}`, one.rule), segment_name ? h('span', {class: 'soft'}, ` ${segment_name}`) : null),
      h('span', {class: 'since'}, drift?.since ? `since ${clock(drift.since, now_text, false)} ` : null, h('small', {}, span(one.window, now_text)))),
    h('div', {class: moved ? 'side' : null}, distributions(drift?.picture, visible(one.field ?? one.rule, 60)),
      h('div', {}, h('p', {class: moved ? 'summary' : null}, summary), findings.length > 0 ? h('ul', {class: 'moved'}, findings.map((text) => h('li', {}, text))) : null,
        drift ? h('p', {class: 'soft'}, `${counted(drift.reference_values, 'value', 'values')} before, ${count(drift.current_values)} now${drift.picked ? `; ${visible(drift.picked, 160)}` : ''}`) : null,
        drift?.tests?.length > 0 ? arithmetic(drift) : null)));
}

export function driftPage({feed, answer, query}) {
  const found = feed.data(DRIFT);
  if (!found) return [h('h1', {}, 'Drift'), none('Reading …')];
  const told = new Set();
  const newest = found.drift.filter((one) => {
    const name = `${one.stream}\n${one.rule}\n${segment(one.segment)}`;
    return !told.has(name) && told.add(name);
  });
  const seen = newest.filter((one) => matches(query, one.stream, one.rule, one.field ?? '', one.test, segment(one.segment), one.outcome, one.drift?.summary ?? '')).sort((a, b) => gravity(a.outcome) - gravity(b.outcome) || (b.drift?.severity ?? 0) - (a.drift?.severity ?? 0));
  const [shown, more] = most(seen, 120, 'fields');
  const moved = newest.filter((one) => isBroken(one.outcome)).length;
  const cards = (name, id, list, kind) => (list.length === 0 ? null : h('section', {key: id, 'aria-labelledby': id}, h('h2', {id}, `${name} `, h('span', {class: 'n'}, count(list.length))), h('ul', {class: `cards ${kind}`}, list.map((one) => card(one, answer.streams.length > 1, answer.now)))));
  return [h('h1', {}, 'Drift'), h('p', {class: 'lead'}, newest.length === 0 ? 'No drift rule has judged a window yet.' : moved === 0 ? `None of ${counted(newest.length, 'field', 'fields')} drifts.` : `${moved} of ${counted(newest.length, 'field drifts', 'fields drift')}.`),
    cards('Moved', 'moved', shown.filter((one) => isBroken(one.outcome)), 'apart'), cards(moved > 0 ? 'Others' : 'Fields', 'still', shown.filter((one) => !isBroken(one.outcome)), 'apart grid'), more];
}
driftPage.needs = () => [DRIFT];
