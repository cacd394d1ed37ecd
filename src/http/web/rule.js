// SPDX-License-Identifier: Apache-2.0
// One rule: what it demands, what it found, window by window, and what to do.
import {badge, distributions, sparkline, timeline} from './charts.js';
import {QUARANTINE, WORDS, bySegment, gravity, isBroken, remarks, stateOf, verdict, whyOf} from './model.js';
import {code, facts, matches, most, none, outward, table} from './parts.js';
import {h} from './tree.js';
import {age, bounds, clock, count, observed, seconds, share, span, visible} from './words.js';
import {samplesTable} from './quarantine.js';

const pathOf = (rule) => `/api/v1/${rule.kind === 'drift' ? 'drift' : 'windows'}?limit=1000&rule=${encodeURIComponent(rule.id)}`;

function demands(rule) {
  const line = (name, value) => (value ? h('div', {key: name}, h('dt', {}, name), h('dd', {}, value)) : null);
  // Of a window it is not the field that is held against the bound, but what was measured of it.
  const measured = rule.kind === 'window' ? [code(rule.check), rule.field ? ' of ' : ' '] : [];
  return h('dl', {class: 'demands'},
    line('Demands', h('span', {}, ...measured, rule.field ? [code(rule.field), ' '] : null, visible(rule.expected, 600))), line('Only where', rule.when ? code(rule.when, 600) : null),
    line('Check', h('span', {}, code(rule.check), ` on ${rule.kind === 'record' ? 'each record' : 'windows'}`)), line('When broken', `${rule.severity}${rule.on_fail ? `; the record goes to: ${rule.on_fail}` : ''}`),
    line('Why', rule.description ? visible(rule.description, 1000) : null), line('What to do', rule.runbook ? outward(rule.runbook) : null),
    line('Tags', rule.tags?.length > 0 ? rule.tags.slice(0, 20).map((t) => visible(t, 60)).join(', ') : null));
}

function counts(rule, now, now_text) {
  if (rule.kind === 'record') {
    return facts(['Records judged', count(rule.evaluated)], ['Failed', count(rule.failed), share(rule.failed, rule.evaluated)], ['Not meant', count(rule.skipped)], ['Quarantined', count(rule.quarantined)],
      ['Last failed', rule.last_failed ? `${age(now - seconds(rule.last_failed))} ago` : 'never', rule.last_failed ? clock(rule.last_failed, now_text) : null]);
  }
  return facts(['Windows judged', count(rule.evaluated)], ['Failed', count(rule.failed), share(rule.failed, rule.evaluated)], rule.warned > 0 ? ['Of these warnings', count(rule.warned)] : null,
    ['Unsure', count(rule.inconclusive)], ['No data', count(rule.no_data)], rule.errors > 0 ? ['Errors', count(rule.errors)] : null);
}

function segmentTable(all, chosen, place, now_text, query) {
  const rows = [...all].filter(([name]) => matches(query, name))
    .map(([name, list]) => ({name, list, newest: list.at(-1)})).sort((a, b) => gravity(a.newest.outcome) - gravity(b.newest.outcome) || (a.name < b.name ? -1 : 1));
  const [shown, more] = most(rows, 200, 'segments');
  return h('section', {'aria-labelledby': 'segments'}, h('h2', {id: 'segments'}, 'Segments ', h('span', {class: 'n'}, count(rows.length))),
    h('div', {class: 'sheet'}, table('Segments', [{name: 'State'}, {name: 'Segment'}, {name: 'Newest', num: true}, {name: 'Trend'}, {name: 'Window', num: true}], shown.map(({name, list, newest}) => ({
      key: name, state: name === chosen ? 'chosen' : '', cells: [badge(newest.outcome, WORDS[newest.outcome]),
        h('a', {class: 'go', href: `${place}?segment=${encodeURIComponent(name)}`, 'aria-current': name === chosen ? 'true' : null}, name || 'all records'), observed(newest),
        sparkline(list.slice(-60).map((w) => ({value: w.observed, outcome: w.outcome})), bounds(newest.expected)), span(newest.window, now_text)]})), {hide: true})), more);
}

function failing(windows, now_text) {
  const broken = windows.filter((w) => isBroken(w.outcome));
  const [shown, more] = most(broken, 50, 'broken windows');
  return h('section', {'aria-labelledby': 'failing'}, h('h2', {id: 'failing'}, 'Windows that broke it ', h('span', {class: 'n'}, count(broken.length))),
    shown.length === 0 ? none(`None of the ${count(windows.length)} windows that are kept.`)
      : h('ol', {class: 'told windows'}, shown.map((w) => h('li', {key: `${w.window?.end} ${JSON.stringify(w.segment)}`}, h('span', {class: 'when'}, span(w.window, now_text)), badge(w.outcome, WORDS[w.outcome]),
        h('span', {class: 'what'}, w.segment ? h('strong', {}, `${Object.entries(w.segment).map(([k, v]) => `${visible(k, 40)}=${v === null ? 'null' : visible(v, 60)}`).join(', ')}: `) : null, verdict(w, now_text),
          remarks(w) ? h('span', {class: 'soft'}, ` · ${remarks(w)}`) : null)))), more);
}

export function rulePage({feed, place, answer, rules, query}) {
  const now = seconds(answer.now);
  const rule = rules.find((r) => r.stream === place.stream && r.id === place.rule);
  if (!rule) return [h('h1', {}, 'No such rule'), none(`There is no rule ${visible(place.rule, 100)} in ${visible(place.stream, 60)}. It may have gone with a reload.`), h('p', {}, h('a', {href: '#/'}, 'All rules'))];
  const state = stateOf(rule, now);
  const parts = [h('header', {class: `hero rule ${state}`},
    h('div', {class: 'look'}, h('p', {class: 'crumb'}, h('a', {href: '#/'}, 'Rules'), ` / ${visible(rule.stream, 60)}`), h('div', {class: 'say'}, h('h1', {class: 'id'}, visible(rule.id, 200)), badge(state, WORDS[state]),
      isBroken(state) && rule.failing_since ? h('span', {class: 'since'}, `for ${age(now - seconds(rule.failing_since))}, since ${clock(rule.failing_since, answer.now)}`) : null),
    h('p', {class: 'lead'}, whyOf(rule, state, answer.now))), counts(rule, now, answer.now)), h('section', {class: 'sheet pad'}, demands(rule))];
  if (rule.kind === 'record') {
    const samples = (feed.data(QUARANTINE)?.quarantine ?? []).filter((s) => s.stream === rule.stream).flatMap((s) => s.samples).filter((s) => s.rule === rule.id);
    parts.push(h('section', {'aria-labelledby': 'samples'}, h('h2', {id: 'samples'}, 'Failing values ', h('span', {class: 'n'}, count(samples.length))), samplesTable(samples, answer, rule.stream, true)));
    return parts;
  }
  const found = feed.data(pathOf(rule));
  const windows = (found?.windows ?? found?.drift ?? []).filter((w) => w.stream === rule.stream);
  if (!found) return [...parts, none('Reading its windows …')];
  if (windows.length === 0) return [...parts, none('No window of it has been judged yet.')];
  const all = bySegment(windows);
  const broke = (list) => list.some((w) => isBroken(w.outcome));
  const gravest = [...all].sort(([x, a], [y, b]) => gravity(a.at(-1).outcome) - gravity(b.at(-1).outcome) || broke(b) - broke(a) || (x < y ? -1 : 1))[0][0];
  const chosen = place.segment !== undefined && all.has(place.segment) ? place.segment : gravest;
  const list = all.get(chosen);
  const newest = list.at(-1);
  const words = `${count(list.length)} windows of ${visible(rule.id, 80)}${chosen ? ` for ${chosen}` : ''}; the newest is ${observed(newest)}, expected ${visible(newest.expected, 80)}`;
  const chart = timeline(list.slice(-240), bounds(newest.expected), answer.now, words, newest.expected);
  const here = `#/rule/${encodeURIComponent(rule.stream)}/${encodeURIComponent(rule.id)}`;
  parts.push(h('section', {class: 'sheet pad', 'aria-labelledby': 'course'}, h('h2', {id: 'course'}, 'Window by window', chosen ? h('span', {class: 'n'}, ` ${chosen}`) : null),
    h('p', {class: 'lead'}, badge(newest.outcome, WORDS[newest.outcome]), ` ${span(newest.window, answer.now)}: ${verdict(newest, answer.now)}`), chart, distributions(newest.drift?.picture, visible(rule.field ?? rule.id, 60))));
  if (all.size > 1) parts.push(segmentTable(all, chosen, here, answer.now, query));
  parts.push(failing(windows, answer.now));
  return parts;
}
rulePage.needs = ({place, rules}) => {
  const rule = rules.find((r) => r.stream === place.stream && r.id === place.rule);
  return !rule ? [] : rule.kind === 'record' ? [QUARANTINE] : [pathOf(rule)];
};
