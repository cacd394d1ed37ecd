// SPDX-License-Identifier: Apache-2.0
// What went aside: by rule, with the newest values that failed, where the configuration lets them be seen.
import {badge, bar} from './charts.js';
import {QUARANTINE} from './model.js';
import {code, facts, matches, most, none, table} from './parts.js';
import {h} from './tree.js';
import {clock, count, share, short, visible} from './words.js';

export function samplesTable(samples, answer, stream, of_one) {
  const shown_at_all = answer.streams.some((s) => s.stream === stream && s.samples_per_rule > 0);
  if (samples.length === 0) {
    return none(shown_at_all ? 'No failing value has been kept.'
      : 'Failing values are not shown here: whoever reaches this page may have no right to read the topic. With --web.samples N the newest N of each rule are, redacted as everywhere.');
  }
  const [shown, more] = most([...samples].sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : b.offset - a.offset)), 300, 'samples');
  const columns = [{name: 'Judged'}, {name: 'Rule'}, {name: 'Value'}, {name: 'Reason', whole: true}, {name: 'Where'}].filter((c) => !of_one || c.name !== 'Rule');
  return h('div', {class: 'sheet'}, table('Failing values', columns, shown.map((s) => {
    const cells = [h('time', {}, clock(s.at, answer.now)), code(s.rule, 80), code(s.value, 160), visible(s.reason, 200), code(`${s.topic}/${s.partition}/${s.offset}`, 120)];
    if (of_one) cells.splice(1, 1);
    return {key: `${s.topic}/${s.partition}/${s.offset} ${s.rule}`, cells};
  }), {hide: true}), more);
}

export function quarantine({feed, answer, query, place}) {
  const found = feed.data(QUARANTINE);
  if (!found) return [h('h1', {}, 'Quarantine'), none('Reading …')];
  const parts = [h('h1', {}, 'Quarantine')];
  for (const stream of found.quarantine) {
    const state = answer.streams.find((s) => s.stream === stream.stream);
    const rules = stream.rules.filter((r) => matches(query, stream.stream, r.id)).sort((a, b) => b.records - a.records);
    const samples = stream.samples.filter((s) => (!place.rule || s.rule === place.rule) && matches(query, stream.stream, s.rule, s.value ?? '', s.reason ?? '', s.topic));
    const [shown, more] = most(rules, 200, 'rules');
    const here = (rule) => `#/quarantine${rule ? `?rule=${encodeURIComponent(rule)}` : ''}`;
    parts.push(h('section', {key: stream.stream}, h('h2', {}, visible(stream.stream, 100)),
      h('div', {class: 'sheet'}, facts(['Records put aside', count(stream.records), share(stream.records, state?.records)], stream.kept_out > 0 ? ['Kept out by storm control', count(stream.kept_out)] : null, ['Undecodable', count(state?.undecodable)]),
      shown.length === 0 ? none(stream.records > 0 && !query ? 'No rule of today has put them there.' : 'Nothing was put aside.')
        : table('By rule', [{name: 'Rule'}, {name: 'Share'}, {name: 'Records', num: true}], shown.map((r) => ({key: r.id, state: r.id === place.rule ? 'chosen' : '', cells: [
          h('a', {class: 'go', href: here(r.id === place.rule ? '' : r.id), 'aria-current': r.id === place.rule ? 'true' : null}, visible(r.id, 120)), [bar(r.records, stream.records), ' ', share(r.records, stream.records)], short(r.records)]})), {lead: 0, hide: true})), more,
      stream.records > 0 || samples.length > 0 ? [h('h3', {}, 'Newest failing values', place.rule ? [' of ', code(place.rule, 80), ' ', h('a', {href: here('')}, 'show all')] : null), samplesTable(samples, answer, stream.stream, false)] : null));
  }
  return parts.length > 1 ? parts : [...parts, badge('no_data', 'no stream')];
}
quarantine.needs = () => [QUARANTINE];
