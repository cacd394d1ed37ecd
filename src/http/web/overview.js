// SPDX-License-Identifier: Apache-2.0
// The first look: a word for everything, what is broken and why, then what is fine.
import {badge, sparkline} from './charts.js';
import {STREAMS, WINDOWS, WORDS, addressOf, isBroken, key, overall, trends, whyOf} from './model.js';
import {facts, link, matches, most, none, table} from './parts.js';
import {h} from './tree.js';
import {age, bounds, clock, count, figure, observed, seconds, share, short, visible} from './words.js';

const sum = (list, of) => list.reduce((all, one) => (of(one) === null || of(one) === undefined ? all : (all ?? 0) + of(one)), null);

function troubles(streams, now_text) {
  const all = streams.flatMap((s) => [
    ...(s.not_ready ?? []).map((one) => ({stream: s.stream, text: `not ready: ${one.name}: ${one.reason}`})),
    ...(s.troubles ?? []).filter((one) => seconds(now_text) - seconds(one.at) < 900).slice(0, 5)
      .map((one) => ({stream: s.stream, text: `${clock(one.at, now_text)} ${one.event}: ${one.message}${one.times > 1 ? ` (${count(one.times)} times)` : ''}`})),
  ]);
  return all.slice(0, 12).map((one) => h('p', {class: 'note'}, h('strong', {}, visible(one.stream, 60)), ' ', visible(one.text, 400)));
}

function figures(streams, list, feed, now) {
  const rates = streams.map((s) => feed.rates.get(s.stream));
  const rate = sum(rates, (r) => r?.rate ?? null);
  const past = streams.length === 1 ? rates[0]?.past ?? [] : [];
  const lag = sum(streams, (s) => s.lag);
  const records = sum(streams, (s) => s.records);
  const aside = sum(streams, (s) => s.quarantined);
  const kept_out = sum(streams, (s) => s.kept_out);
  const judged = list.filter((r) => r.state !== 'no_data').length;
  const hold = list.filter((r) => r.state === 'pass' || r.state === 'past').length;
  const marks = streams.map((s) => seconds(s.watermark)).filter(Number.isFinite);
  return facts(
    ['Records/s', rate === null ? '…' : figure(rate >= 10 ? Math.round(rate) : rate), sparkline(past, [], {width: 90, height: 22})],
    ['Lag', lag === null ? 'unknown' : short(lag), lag === null ? null : 'records behind'],
    ['Rules that hold', judged > 0 ? share(hold, judged) : '–', `${count(hold)} of ${count(judged)} judged`],
    ['Quarantined', short(aside ?? 0), kept_out > 0 ? `${short(kept_out)} kept out` : share(aside ?? 0, records)],
    ['Records judged', short(records ?? 0), null],
    marks.length > 0 ? ['Event time', `${age(now - Math.min(...marks))} ago`, 'watermark'] : null);
}

function streamTable(streams, feed, list, now) {
  return table('Streams', [{name: 'State'}, {name: 'Stream'}, {name: 'Broken rules', num: true}, {name: 'Records/s', num: true}, {name: 'Lag', num: true}, {name: 'Quarantined', num: true}, {name: 'Event time', num: true}],
    streams.map((s) => {
      const broken = list.filter((r) => r.rule.stream === s.stream && isBroken(r.state)).length;
      const rate = feed.rates.get(s.stream)?.rate;
      return {key: s.stream, cells: [badge(s.phase === 'failed' ? 'error' : s.ready ? 'pass' : 'warn', s.ready ? s.phase : s.phase === 'running' ? 'not ready' : s.phase),
        h('a', {class: 'go', href: `#/?q=${encodeURIComponent(s.stream)}`}, visible(s.stream, 80)), count(broken), rate === null || rate === undefined ? '…' : figure(Math.round(rate)), s.lag === null ? '–' : short(s.lag),
        short(s.quarantined), s.watermark ? `${age(now - seconds(s.watermark))} ago` : '–']};
    }));
}

/// A broken rule: what, why, since when.
function card(one, many, now, now_text, points) {
  const {rule, state, since} = one;
  return h('li', {key: key(rule), class: `card ${state}`},
    h('div', {class: 'top'}, badge(state, WORDS[state]), h('h3', {}, many ? h('span', {class: 'soft'}, `${visible(rule.stream, 60)} / `) : null, link(addressOf(rule), rule.id)),
      Number.isFinite(since) ? h('span', {class: 'since'}, `for ${age(now - since)}`, h('small', {}, ` since ${clock(rule.failing_since, now_text)}`)) : null),
    h('div', {class: 'told'}, h('p', {}, whyOf(rule, state, now_text)), sparkline(points ?? [], bounds(rule.newest?.expected ?? rule.expected), {width: 160, height: 34})));
}

function value(rule) {
  if (rule.kind === 'record') return rule.evaluated > 0 ? share(rule.failed, rule.evaluated) : '–';
  return rule.newest ? observed(rule.newest) : '–';
}

export function overview({feed, query, list, answer}) {
  const now = seconds(answer.now);
  const streams = answer.streams;
  const state = overall(answer, list);
  const many = streams.length > 1;
  const lines = trends(feed.data(WINDOWS)?.windows ?? []);
  const seen = list.filter(({rule, state: s}) => matches(query, rule.stream, rule.id, rule.field ?? '', rule.check, rule.expected, s, WORDS[s], rule.kind, ...(rule.tags ?? [])));
  const [broken, more_broken] = most(seen.filter((r) => isBroken(r.state)), 100, 'broken rules');
  const [others, more] = most(seen.filter((r) => !isBroken(r.state)), 1000, 'rules');
  return [
    h('section', {class: `hero ${state.state}`, 'aria-labelledby': 'state'},
      h('div', {class: 'say'}, badge(state.state, ''), h('h1', {id: 'state'}, state.word), h('p', {}, state.text)), figures(streams, list, feed, now)),
    troubles(streams, answer.now),
    many ? h('section', {class: 'sheet'}, streamTable(streams, feed, list, now)) : null,
    broken.length > 0 ? h('section', {'aria-labelledby': 'broken'}, h('h2', {id: 'broken'}, 'Broken ', h('span', {class: 'n'}, count(broken.length))),
      h('ul', {class: 'cards'}, broken.map((one) => card(one, many, now, answer.now, lines.get(key(one.rule))))), more_broken) : null,
    h('section', {'aria-labelledby': 'others'}, h('h2', {id: 'others'}, broken.length > 0 || query ? 'Other rules ' : 'Rules ', h('span', {class: 'n'}, count(others.length))),
      others.length === 0 ? none(query ? `No other rule matches “${visible(query, 60)}”.` : 'There are no other rules.')
        : h('div', {class: 'sheet'}, table('Rules', [{name: 'State'}, {name: 'Rule'}, {name: 'Demanded'}, {name: 'Failed or value', num: true}, {name: 'Trend'}, {name: 'Judged', num: true}],
          others.map(({rule, state: s}) => ({key: key(rule), cells: [
            badge(s, WORDS[s]), [many ? h('span', {class: 'soft'}, `${visible(rule.stream, 40)} / `) : null, link(addressOf(rule), rule.id)], visible(rule.expected, 90), value(rule),
            rule.kind === 'record' ? null : sparkline(lines.get(key(rule)) ?? [], bounds(rule.newest?.expected)), short(rule.evaluated)]})), {hide: true})), more),
  ];
}
overview.needs = () => [STREAMS, WINDOWS];
