// SPDX-License-Identifier: Apache-2.0
// Partitions, alerts, and what changed: schemas and rules.
import {badge} from './charts.js';
import {ALERTS, ASSIGNMENTS, RELOADS, SCHEMAS} from './model.js';
import {code, facts, link, matches, most, none, outward, table} from './parts.js';
import {h} from './tree.js';
import {age, brief, bytes, clock, count, counted, seconds, sentence, short, visible} from './words.js';

/// To a power of ten: rows keep their places while figures change.
const behind = (p) => (p.lag >= 1000 ? Math.floor(Math.log10(p.lag)) : 0);

export function partitions({feed, answer, query}) {
  const found = feed.data(ASSIGNMENTS);
  if (!found) return [h('h1', {}, 'Partitions'), none('Reading …')];
  const now = seconds(answer.now);
  const parts = [h('h1', {}, 'Partitions and lag')];
  for (const stream of answer.streams) {
    const all = found.assignments.filter((p) => p.stream === stream.stream && matches(query, p.stream, `${p.topic}/${p.partition}`, p.paused ? 'paused' : '', p.idle ? 'idle' : '', p.caught_up ? 'caught up' : ''));
    const [shown, more] = most(all.sort((a, b) => behind(b) - behind(a) || (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition)), 500, 'partitions');
    parts.push(h('section', {key: stream.stream}, h('h2', {}, visible(stream.stream, 100)),
      h('div', {class: 'sheet'}, facts(['State', stream.phase], ['Lag', stream.lag === null ? 'unknown' : short(stream.lag), 'records'], ['Rebalances', count(stream.rebalances)], ['Late records', count(stream.late)], ['Window state', bytes(stream.state_bytes)]),
      shown.length === 0 ? none('This instance has no partition here.') : table('Partitions', [{name: 'Partition'}, {name: 'Lag', num: true}, {name: 'Judged up to', num: true}, {name: 'Committed', num: true}, {name: 'Event time', num: true}, {name: 'Saved', num: true}, {name: 'Remarks', whole: true}],
        shown.map((p) => ({key: `${p.topic}/${p.partition}`, cells: [code(`${p.topic}/${p.partition}`, 160), p.lag === null ? '–' : count(p.lag), count(p.next_offset), p.committed === null ? '–' : count(p.committed),
          p.watermark ? `${age(now - seconds(p.watermark))} ago` : '–', p.snapshot_at ? `${age(now - seconds(p.snapshot_at))} ago` : '–',
          [p.caught_up && 'caught up', p.paused && 'paused', p.idle && 'idle', p.partial && 'partial', p.waiting > 0 && `${count(p.waiting)} waiting`].filter(Boolean).join(', ')]})), {lead: 0, hide: true})), more));
  }
  return parts;
}
partitions.needs = () => [ASSIGNMENTS];

const pairs = (segment) => (Array.isArray(segment) ? segment : Object.entries(segment ?? {})).map(([k, v]) => `${visible(k, 40)}=${v === null ? 'null' : visible(v, 60)}`).join(', ');

export function alerts({feed, answer, query}) {
  const found = feed.data(ALERTS);
  if (!found) return [h('h1', {}, 'Alerts'), none(feed.missing(ALERTS) ? 'This instance tells nobody.' : 'Reading …')];
  const all = (found.alerts ?? []).filter((a) => matches(query, a.stream, a.rule, a.state, a.severity, pairs(a.segment), a.cause ?? ''));
  const rank = (a) => (a.state === 'firing' ? 0 : 1);
  const grave = (a) => (a.severity === 'warn' ? 1 : 0);
  const [shown, more] = most(all.sort((a, b) => rank(a) - rank(b) || grave(a) - grave(b) || seconds(b.starts_at) - seconds(a.starts_at)), 200, 'alerts');
  const firing = all.filter((a) => a.state === 'firing').length;
  const part = (name, id, list) => (list.length === 0 ? null : h('section', {key: id, 'aria-labelledby': id}, h('h2', {id}, `${name} `, h('span', {class: 'n'}, count(list.length))), h('ul', {class: 'cards'}, list.map((a) => alert(a, answer.now)))));
  return [h('h1', {}, 'Alerts'), h('p', {class: 'lead'}, firing === 0 ? 'Nothing fires.' : `${counted(firing, 'alert fires', 'alerts fire')}.`),
    part('Firing', 'firing', shown.filter((a) => rank(a) === 0)), part('Over', 'over', shown.filter((a) => rank(a) === 1)), more, found.left_out > 0 ? none(`${count(found.left_out)} more alerts were beyond the bound of one stream and are not told.`) : null, receivers(found.receivers ?? [], answer)];
}

function alert(a, now_text) {
  const state = a.state !== 'firing' ? 'pass' : a.severity === 'warn' ? 'warn' : 'fail';
  const where = pairs(a.segment);
  return h('li', {key: a.fingerprint ?? `${a.stream}\n${a.rule}\n${where}\n${a.starts_at}`, class: `card ${state}`},
    h('div', {class: 'top'}, badge(state, a.state), h('h3', {}, h('span', {class: 'soft'}, `${visible(a.stream, 60)} / `), link(`#/rule/${encodeURIComponent(a.stream)}/${encodeURIComponent(a.rule)}`, a.rule), where ? h('span', {class: 'soft'}, ` ${where}`) : null),
      a.starts_at ? h('span', {class: 'since'}, a.ends_at ? `over since ${clock(a.ends_at, now_text)}` : `for ${age(seconds(now_text) - seconds(a.starts_at))}`, h('small', {}, ` since ${clock(a.starts_at, now_text)}`)) : null),
    h('div', {class: 'told'}, h('div', {}, h('p', {}, [a.observed && brief(a.observed, 80), a.expected && `expected ${visible(a.expected, 120)}`].filter(Boolean).join(', '), a.cause ? ` (${sentence(a.cause, 300, now_text)})` : ''),
      a.samples?.length > 0 ? h('p', {class: 'soft'}, 'Such as ', a.samples.slice(0, 5).map((value, i) => [i > 0 ? ', ' : '', code(value, 48)])) : null,
      a.description ? h('p', {class: 'soft'}, visible(a.description, 400)) : null,
      a.silenced ? h('p', {}, `Silenced by a maintenance window${a.silenced_why ? `: ${visible(a.silenced_why, 300)}` : ''}.`) : null,
      a.runbook ? h('p', {}, 'What to do: ', outward(a.runbook)) : null,
      h('p', {class: 'soft'}, a.told?.length > 0 ? `Told: ${a.told.slice(0, 20).map((t) => `${visible(t.receiver, 60)} (${visible(t.state, 20)}, ${clock(t.at, now_text)})`).join(', ')}` : a.state === 'firing' ? 'Nobody has been told yet.' : 'Nobody was told.'))));
}

function receivers(all, answer) {
  if (all.length === 0) return null;
  return h('section', {}, h('h2', {}, 'Receivers'), h('div', {class: 'sheet'}, table('Receivers', [{name: 'State'}, {name: 'Receiver'}, {name: 'Last failure', whole: true}, {name: 'Waiting', num: true}, {name: 'Sent', num: true}, {name: 'Away', num: true}, {name: 'Refused', num: true}, {name: 'Next try', num: true}],
    all.map((r) => ({key: r.name, cells: [badge(r.up ? 'pass' : 'warn', r.up ? 'reached' : 'away'), visible(r.name, 80), visible(r.last_failure ?? '', 200), count(r.waiting), short(r.sent), count(r.away), count(r.refused), clock(r.next_try, answer.now)]})), {hide: true})));
}
alerts.needs = () => [ALERTS];

function reload(one, answer) {
  const line = (word, list, show) => (list ?? []).slice(0, 50).map((r) => h('li', {}, badge(word, word), ' ', show(r)));
  const left = (one.added?.length ?? 0) + (one.removed?.length ?? 0) + (one.changed?.length ?? 0) === 0;
  return h('li', {key: `${one.stream} ${one.at}`, class: 'card'}, h('div', {class: 'top'}, badge('past', 'read anew'), h('h3', {}, visible(one.stream, 60)), h('span', {class: 'since'}, `${age(seconds(answer.now) - seconds(one.at))} ago`, h('small', {}, ` ${clock(one.at, answer.now)}`))),
    left ? h('p', {}, 'Nothing in the rules is different.') : h('ul', {class: 'moved'}, line('added', one.added, (r) => [code(r.id), ' ', visible(r.expected, 120)]), line('removed', one.removed, (r) => [code(r.id), ' ', visible(r.expected, 120)]),
      line('changed', one.changed, (r) => [code(r.id), ' ', (r.changes ?? []).map((c) => `${visible(c.what, 40)}: ${visible(c.from || 'nothing', 120)} → ${visible(c.to || 'nothing', 120)}`).join('; ')]),
      one.more > 0 ? h('li', {}, `and ${count(one.more)} more`) : null));
}

/// Line by line, for a schema has lines and nothing else that is unseen.
const schemaText = (schema) => h('pre', {tabindex: 0, 'aria-label': `Schema ${visible(schema.subject ?? schema.key, 60)} ${schema.version ?? ''}`, role: 'region'}, schema.text.slice(0, 16_000).split('\n').slice(0, 400).map((line) => visible(line, 4000)).join('\n'), schema.cut || schema.text.length > 16_000 ? ' …' : '');

export function changes({feed, answer, query}) {
  const schemas = (feed.data(SCHEMAS)?.schemas ?? []).filter((s) => matches(query, s.stream, s.topic, s.schema.subject ?? '', ...(s.change?.differences ?? [])));
  const reloads = (feed.data(RELOADS)?.reloads ?? []).filter((r) => matches(query, r.stream, ...(r.added ?? []).map((x) => x.id), ...(r.removed ?? []).map((x) => x.id), ...(r.changed ?? []).map((x) => x.id)));
  const [shown, more] = most(schemas, 100, 'schemas');
  const word = {full: 'pass', backward: 'pass', forward: 'warn', none: 'fail'};
  return [h('h1', {}, 'What changed'),
    feed.missing(RELOADS) ? null : h('section', {}, h('h2', {}, 'Rules'), reloads.length === 0 ? none('The rules are those of the start.') : h('ul', {class: 'cards'}, reloads.map((one) => reload(one, answer)))),
    h('section', {}, h('h2', {}, 'Schemas'), shown.length === 0 ? none('No record named a schema.') : h('ul', {class: 'cards'}, shown.map((s) => h('li', {key: `${s.stream} ${s.topic} ${s.part} ${s.schema.key}`, class: 'card'},
      h('div', {class: 'top'}, s.change ? badge(word[s.change.compatible] ?? 'inconclusive', s.change.compatible === 'none' ? 'breaks' : s.change.compatible === 'unknown' ? 'unknown' : 'fits') : badge('no_data', 'first'),
        h('h3', {}, visible(s.topic, 80), h('span', {class: 'soft'}, ` ${s.part} · ${visible(s.schema.subject ?? s.schema.key, 80)}${s.schema.version ? ` version ${s.schema.version}` : ''}${s.change && s.change.compatible !== 'unknown' ? ` · ${s.change.compatible === 'none' ? 'compatible neither way' : s.change.compatible === 'full' ? 'compatible both ways' : `${s.change.compatible} compatible`}` : ''}`)),
        h('span', {class: 'since'}, `${age(seconds(answer.now) - seconds(s.seen))} ago`, h('small', {}, ` partition ${s.partition}, offset ${count(s.offset)}`))),
      s.change ? [h('ul', {class: 'moved'}, s.change.differences.slice(0, 20).map((d) => h('li', {}, visible(d, 240))), s.change.more > 0 ? h('li', {}, `and ${count(s.change.more)} more`) : null),
        s.change.not_backward ? h('p', {class: 'soft'}, `Not backward: ${visible(s.change.not_backward, 300)}`) : null, s.change.not_forward ? h('p', {class: 'soft'}, `Not forward: ${visible(s.change.not_forward, 300)}`) : null] : null,
      h('details', {}, h('summary', {}, 'The schema', s.change ? 's' : ''), s.change ? schemaText(s.change.from) : null, schemaText(s.schema))))), more)];
}
changes.needs = () => [SCHEMAS, RELOADS];
