// SPDX-License-Identifier: Apache-2.0
// What the answers of the API come to: the state of a rule, of everything, and why, in words.
import {age, clock, count, counted, observed, seconds, segment, sentence, share, span, visible} from './words.js';

export const STREAMS = '/api/v1/streams';
export const RULES = '/api/v1/rules';
export const WINDOWS = '/api/v1/windows?limit=1000';
export const DRIFT = '/api/v1/drift?limit=500';
export const DRIFTING = '/api/v1/drift?limit=100'; // enough for what drifts now
export const QUARANTINE = '/api/v1/quarantine';
export const ASSIGNMENTS = '/api/v1/assignments';
export const SCHEMAS = '/api/v1/schemas';
export const RELOADS = '/api/v1/reloads';
export const ALERTS = '/api/v1/alerts';

const QUIET = 300; // seconds without a failure, then a record rule is well again

export const WORDS = {
  fail: 'failing', error: 'error', warn: 'warning', inconclusive: 'unsure', past: 'quiet', no_data: 'no data', pass: 'holds',
};
const GRAVITY = ['error', 'fail', 'warn', 'inconclusive', 'past', 'no_data', 'pass'];
export const gravity = (state) => GRAVITY.indexOf(state);
export const isBroken = (state) => state === 'error' || state === 'fail' || state === 'warn';

export function stateOf(rule, now) {
  if (rule.kind === 'record' && rule.last_failed && now - seconds(rule.last_failed) > QUIET) return 'past';
  return rule.outcome;
}

/// Every rule with its state: the gravest first and of these the newest; of those that hold, first what has failed before.
export function ranked(rules, now) {
  return rules
    .map((rule) => ({rule, state: stateOf(rule, now), since: seconds(rule.failing_since)}))
    .sort((a, b) => gravity(a.state) - gravity(b.state) || (isBroken(a.state) ? (b.since || 0) - (a.since || 0) : (b.rule.failed > 0) - (a.rule.failed > 0)));
}

export const addressOf = (rule) => `#/rule/${encodeURIComponent(rule.stream)}/${encodeURIComponent(rule.id)}`;

export function remarks(one) {
  const said = [];
  if (one.by_clock) said.push('closed by the clock, for the stream was silent');
  if (one.windows > 1) said.push(`${count(one.windows)} windows in a row`);
  if (one.partial) said.push('not all of its records were seen');
  if (one.revised) said.push('judged again after late records');
  if (one.warming) said.push('the rule was changed while it was open');
  if (one.backfill) said.push('history');
  return said.join('; ');
}

/// A window in words: "7, expected >= 100".
export function verdict(one, now_text) {
  if (one.drift || one.test) return sentence(one.drift?.summary || one.cause || `${observed(one)}, expected ${one.expected}`, 300, now_text);
  const cause = one.cause ? ` (${sentence(one.cause, 200, now_text)})` : '';
  return `${observed(one)}, expected ${visible(one.expected, 120)}${cause}`;
}

/// Since when it drifts stands beside it already.
export const withoutSince = (text) => text.replace(/, since [-\d: ]+$/, '');

export function whyOf(rule, state, now_text) {
  const expected = visible(rule.expected, 160);
  if (rule.kind === 'record') {
    const part = `${count(rule.failed)} of ${counted(rule.evaluated, 'record', 'records')} (${share(rule.failed, rule.evaluated)})`;
    const name = rule.field ? `${visible(rule.field, 80)} ` : '';
    if (state === 'past') return `quiet since ${clock(rule.last_failed, now_text)}; ${part} failed: ${name}${expected}`;
    if (rule.failed > 0) return `${part} fail; demanded: ${name}${expected}`;
    return rule.evaluated > 0 ? `${name}${expected}` : 'no record yet';
  }
  const newest = rule.newest;
  if (!newest) return 'no window yet';
  const where = newest.segment ? ` for ${segment(newest.segment)}` : '';
  const said = remarks(newest);
  const told = rule.kind === 'drift' && newest.cause ? withoutSince(sentence(newest.cause, 300, now_text)) : verdict(newest, now_text);
  return `${told}${where}, ${span(newest.window, now_text)}${said ? `; ${said}` : ''}`;
}

/// Everything in a word, with the sentence that goes with it.
export function overall(answer, list) {
  const streams = answer?.streams ?? [];
  const now = seconds(answer?.now);
  const gone = streams.filter((s) => s.phase === 'failed');
  const unready = streams.filter((s) => !s.ready);
  const broken = list.filter((r) => isBroken(r.state));
  const grave = broken.filter((r) => r.state !== 'warn');
  const judged = list.filter((r) => r.state !== 'no_data');
  const oldest = broken.reduce((first, r) => (r.since < first ? r.since : first), Infinity);
  const since = Number.isFinite(oldest) ? `, the longest for ${age(now - oldest)}` : '';
  const of_rules = broken.length > 0 ? `${broken.length} of ${counted(list.length, 'rule is', 'rules are')} broken${since}` : '';
  if (gone.length > 0) return {state: 'error', word: 'Stopped', text: `${gone.map((s) => visible(s.stream, 60)).join(', ')}: the stream has failed`};
  if (grave.length > 0) return {state: 'fail', word: 'Failing', text: of_rules};
  if (unready.length > 0) return {state: 'warn', word: 'Not ready', text: [`${counted(unready.length, 'stream does', 'streams do')} not take part`, of_rules].filter(Boolean).join('; ')};
  if (broken.length > 0) return {state: 'warn', word: 'Warning', text: of_rules};
  if (judged.length === 0) return {state: 'no_data', word: 'Waiting', text: 'nothing has been judged yet'};
  const unsure = list.filter((r) => r.state === 'inconclusive').length;
  const held = list.filter((r) => r.state === 'pass' || r.state === 'past').length;
  return {state: 'pass', word: 'Healthy', text: `${held === list.length ? `all ${counted(list.length, 'rule holds', 'rules hold')}` : `${count(held)} of ${counted(list.length, 'rule holds', 'rules hold')}`}${unsure > 0 ? `, ${unsure} unsure` : ''}, none is broken`};
}

/// Windows by their segment, each oldest first.
export function bySegment(windows) {
  const all = new Map();
  for (const one of windows) {
    const name = segment(one.segment);
    if (!all.has(name)) all.set(name, []);
    all.get(name).push(one);
  }
  for (const list of all.values()) list.reverse();
  return all;
}

export const key = (rule) => `${rule.stream}\n${rule.id ?? rule.rule}`;

/// Of each rule the windows that are there, the gravest segment of each, oldest first: what a sparkline shows.
const trendsOf = new WeakMap();
export function trends(windows) {
  if (trendsOf.has(windows)) return trendsOf.get(windows);
  const rules = new Map();
  for (const one of windows) {
    const name = key(one);
    if (!rules.has(name)) rules.set(name, new Map());
    const ends = rules.get(name);
    const end = one.window?.end ?? '';
    const kept = ends.get(end);
    if (!kept || gravity(one.outcome) < gravity(kept.outcome)) ends.set(end, one);
  }
  const found = new Map();
  for (const [name, ends] of rules) {
    found.set(name, [...ends.values()].slice(0, 60).reverse().map((one) => ({value: one.observed, outcome: one.outcome})));
  }
  trendsOf.set(windows, found);
  return found;
}

/// The windows that are kept, in columns of equal time: how many were judged and how many broke their rule; null where they are
/// too few to see a course in.
const coursesOf = new WeakMap();
export function course(windows) {
  if (coursesOf.has(windows)) return coursesOf.get(windows);
  const judged = windows.filter((one) => one.window && one.outcome !== 'no_data').map((one) => ({one, end: seconds(one.window.end)}));
  const ends = new Set(judged.map(({end}) => end));
  let found = null;
  if (ends.size >= 8) {
    const sorted = [...ends].sort((a, b) => a - b);
    const [first, last] = [sorted[0], sorted.at(-1)];
    const columns = Array.from({length: Math.min(60, ends.size)}, () => ({all: 0, broken: 0, worst: 'pass'}));
    let held = 0;
    for (const {one, end} of judged) {
      const column = columns[Math.min(columns.length - 1, Math.floor((columns.length * (end - first)) / (last - first)))];
      ++column.all;
      held += isBroken(one.outcome) ? 0 : 1;
      if (!isBroken(one.outcome)) continue;
      ++column.broken;
      if (column.worst === 'pass' || gravity(one.outcome) < gravity(column.worst)) column.worst = one.outcome;
    }
    found = {columns, held, all: judged.length, for: last - first};
  }
  coursesOf.set(windows, found);
  return found;
}

/// Of a rule the segments whose newest window is broken, but for one that is told already.
export function alsoBroken(windows, rule) {
  const told = segment(rule.newest?.segment);
  const names = new Set();
  const seen = new Set();
  for (const one of windows) {
    if (one.stream !== rule.stream || one.rule !== rule.id || !one.segment) continue;
    const name = segment(one.segment);
    if (!seen.has(name) && isBroken(one.outcome) && name !== told) names.add(name);
    seen.add(name);
  }
  return [...names];
}
