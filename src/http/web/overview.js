// SPDX-License-Identifier: Apache-2.0
// The first look: a word for everything, what is broken and why, then what is fine.
import {badge, distributions, sparkline, strip} from './charts.js';
import {DRIFTING, QUARANTINE, STREAMS, WINDOWS, WORDS, addressOf, alsoBroken, course, isBroken, key, overall, trends, whyOf} from './model.js';
import {facts, link, matches, most, none, table} from './parts.js';
import {h} from './tree.js';
import {age, bounds, clock, count, counted, figure, observed, seconds, segment, share, short, visible} from './words.js';

const EXAMPLES = 3;

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
    ['Rules that hold', judged > 0 ? share(hold, judged) : '–', `${count(hold)} of ${count(judged)} judged`],
    ['Records a second', rate === null ? '…' : figure(rate >= 10 ? Math.round(rate) : rate), past.length > 2 ? sparkline(past, [], {width: 90, height: 20}) : 'since the last look'],
    ['Lag', lag === null ? 'unknown' : short(lag), lag === null ? null : lag === 1 ? 'record behind' : 'records behind'],
    ['Quarantined', short(aside ?? 0), kept_out > 0 ? `${short(kept_out)} kept out` : records > 0 ? `${share(aside ?? 0, records)} of the records` : null],
    ['Records judged', short(records ?? 0), 'since the start'],
    marks.length > 0 ? ['Event time', `${age(now - Math.min(...marks))} ago`, 'watermark'] : null);
}

function history(windows) {
  const found = course(windows);
  if (!found) return null;
  const text = `${share(found.held, found.all)} of ${counted(found.all, 'window', 'windows')} held`;
  return h('figure', {class: 'course'}, strip(found, `${text} in the last ${age(found.for)}; each column is a stretch of time, what broke at its foot`),
    h('figcaption', {}, h('span', {}, `${age(found.for)} ago`), h('span', {}, text), h('span', {}, 'now')));
}

function streamTable(streams, feed, list, now) {
  return table('Streams', [{name: 'State'}, {name: 'Stream'}, {name: 'Broken rules', num: true}, {name: 'Records a second', num: true}, {name: 'Lag', num: true}, {name: 'Quarantined', num: true}, {name: 'Event time', num: true}],
    streams.map((s) => {
      const broken = list.filter((r) => r.rule.stream === s.stream && isBroken(r.state)).length;
      const rate = feed.rates.get(s.stream)?.rate;
      return {key: s.stream, cells: [badge(s.phase === 'failed' ? 'error' : s.ready ? 'pass' : 'warn', s.ready ? s.phase : s.phase === 'running' ? 'not ready' : s.phase),
        h('a', {class: 'go', href: `#/?q=${encodeURIComponent(s.stream)}`}, visible(s.stream, 80)), count(broken), rate === null || rate === undefined ? '…' : figure(Math.round(rate)), s.lag === null ? '–' : short(s.lag),
        short(s.quarantined), s.watermark ? `${age(now - seconds(s.watermark))} ago` : '–']};
    }), {hide: true});
}

/// Of a rule for windows what they came to; of one for records which part failed, since the page was opened.
function trend(rule, feed, lines, size) {
  if (rule.kind !== 'record') {
    const points = lines.get(key(rule)) ?? [];
    return points.length > 2 ? sparkline(points, bounds(rule.newest?.expected ?? rule.expected), size) : null;
  }
  const points = feed.shares.get(key(rule))?.past ?? [];
  return points.length > 2 && points.some((p) => p.value > 0) ? sparkline(points, [], {...size, from: [0]}) : null;
}

/// The newest values that failed, or the segments that are broken as well.
function evidence(rule, feed) {
  if (rule.kind === 'record') {
    const kept = (feed.data(QUARANTINE)?.quarantine ?? []).find((s) => s.stream === rule.stream)?.samples.filter((s) => s.rule === rule.id) ?? [];
    const values = [...new Set([...kept].sort((a, b) => (a.at < b.at ? 1 : -1)).map((s) => visible(s.value, 48)))].slice(0, EXAMPLES);
    return values.length > 0 ? h('p', {class: 'soft'}, 'Such as ', values.map((value, i) => [i > 0 ? ', ' : '', h('code', {}, value)])) : null;
  }
  const also = alsoBroken(feed.data(WINDOWS)?.windows ?? [], rule);
  return also.length > 0 ? h('p', {class: 'soft'}, `Also ${also.slice(0, 6).join('; ')}${also.length > 6 ? ` and ${count(also.length - 6)} more` : ''}`) : null;
}

function drawing(rule, feed, lines) {
  if (rule.kind === 'drift') {
    const where = segment(rule.newest?.segment);
    const one = rule.newest && (feed.data(DRIFTING)?.drift ?? []).find((d) => d.stream === rule.stream && d.rule === rule.id && segment(d.segment) === where && d.window?.end === rule.newest.window?.end && d.drift?.picture);
    if (one?.drift) return distributions(one.drift.picture, '', true);
  }
  return trend(rule, feed, lines, {width: 160, height: 34});
}

/// A broken rule: what, why, since when.
function card(one, many, now, now_text, feed, lines) {
  const {rule, state, since} = one;
  return h('li', {key: key(rule), class: `card ${state}`},
    h('div', {class: 'top'}, badge(state, WORDS[state]), h('h3', {}, many ? h('span', {class: 'soft'}, `${visible(rule.stream, 60)} / `) : null, link(addressOf(rule), rule.id)),
      Number.isFinite(since) ? h('span', {class: 'since'}, `for ${age(now - since)}`, h('small', {}, ` since ${clock(rule.failing_since, now_text)}`)) : null),
    h('div', {class: 'told'}, h('div', {}, h('p', {}, whyOf(rule, state, now_text)), evidence(rule, feed)), drawing(rule, feed, lines)));
}

export function overview({feed, query, list, answer}) {
  const now = seconds(answer.now);
  const streams = answer.streams;
  const state = overall(answer, list);
  const many = streams.length > 1;
  const windows = feed.data(WINDOWS)?.windows ?? [];
  const lines = trends(windows);
  const seen = list.filter(({rule, state: s}) => matches(query, rule.stream, rule.id, rule.field ?? '', rule.check, rule.expected, s, WORDS[s], rule.kind, ...(rule.tags ?? [])));
  const [broken, more_broken] = most(seen.filter((r) => isBroken(r.state)), 100, 'broken rules');
  const [others, more] = most(seen.filter((r) => !isBroken(r.state)), 1000, 'rules');
  return [
    h('section', {class: `hero ${state.state}`, 'aria-labelledby': 'state'},
      h('div', {class: 'look'}, h('div', {class: 'say'}, badge(state.state, ''), h('h1', {id: 'state'}, state.word), h('p', {}, state.text)), history(windows)), figures(streams, list, feed, now)),
    troubles(streams, answer.now),
    broken.length > 0 ? h('section', {'aria-labelledby': 'broken'}, h('h2', {id: 'broken'}, 'Broken ', h('span', {class: 'n'}, count(broken.length))),
      h('ul', {class: 'cards'}, broken.map((one) => card(one, many, now, answer.now, feed, lines))), more_broken) : null,
    many ? h('section', {'aria-labelledby': 'streams'}, h('h2', {id: 'streams'}, 'Streams ', h('span', {class: 'n'}, count(streams.length))), h('div', {class: 'sheet'}, streamTable(streams, feed, list, now))) : null,
    h('section', {'aria-labelledby': 'others'}, h('h2', {id: 'others'}, broken.length > 0 || query ? 'Other rules ' : 'Rules ', h('span', {class: 'n'}, count(others.length))),
      others.length === 0 ? none(query ? `No other rule matches “${visible(query, 60)}”.` : 'There are no other rules.')
        : h('div', {class: 'sheet'}, table('Rules', [{name: 'State'}, {name: 'Rule'}, {name: 'Demanded', whole: true}, {name: 'Newest', num: true}, {name: 'Judged', num: true, less: true}, {name: 'Failed', num: true}, {name: 'Trend'}],
          others.map(({rule, state: s}) => ({key: key(rule), cells: [
            badge(s, WORDS[s]), [many ? h('span', {class: 'soft'}, `${visible(rule.stream, 40)} / `) : null, link(addressOf(rule), rule.id)], visible(rule.expected, 90),
            rule.kind === 'record' || !rule.newest ? null : observed(rule.newest), short(rule.evaluated), rule.failed > 0 ? short(rule.failed) : h('span', {class: 'soft zero'}, '0'),
            trend(rule, feed, lines, {})]})), {hide: true})), more),
  ];
}
overview.needs = ({rules}) => {
  const broken = (kind) => rules.some((rule) => rule.kind === kind && isBroken(rule.outcome));
  return [STREAMS, WINDOWS, ...(broken('record') ? [QUARANTINE] : []), ...(broken('drift') ? [DRIFTING] : [])];
};
