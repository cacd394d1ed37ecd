// SPDX-License-Identifier: Apache-2.0
// Figures, times and texts as people read them.

// Control characters and what Unicode has to turn, join or hide text: a record must not be able to forge what is read.
const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|[\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;
const SHORT = {'\n': '\\n', '\r': '\\r', '\t': '\\t'};

/// A text that somebody else wrote: every character seen, cut after so many.
export function visible(text, most = 200) {
  const whole = String(text);
  // Two units at most a character: enough to cut by, without taking a megabyte apart.
  let points = [...whole.slice(0, 2 * most + 2)];
  const cut = points.length > most;
  if (cut) points = points.slice(0, most);
  const seen = points.join('').replace(
    UNSEEN, (c) => SHORT[c] ?? (c > '\uffff' ? '\\U' : '\\u') + c.codePointAt(0).toString(16).padStart(c > '\uffff' ? 8 : 4, '0'));
  return cut ? seen + '…' : seen;
}

const whole = new Intl.NumberFormat('en-US', {maximumFractionDigits: 0});
const four = new Intl.NumberFormat('en-US', {maximumSignificantDigits: 4});
const two = new Intl.NumberFormat('en-US', {maximumSignificantDigits: 2});
const compact = new Intl.NumberFormat('en-US', {notation: 'compact', maximumSignificantDigits: 3});

export const count = (n) => (typeof n === 'number' && Number.isFinite(n) ? whole.format(n) : '–');
export const figure = (n) => (typeof n !== 'number' || !Number.isFinite(n) ? '–' : n !== 0 && Math.abs(n) < 1e-4 ? n.toExponential(1) : (Math.abs(n) < 1000 ? four : whole).format(n));
/// A value that came as a text: "4.761905%" → "4.762 %".
export function brief(text, most) {
  const found = /^(-?\d+\.\d+)(%?)$/.exec(text);
  return found ? figure(Number(found[1])) + (found[2] ? ' %' : '') : visible(text, most);
}
/// Of a scale, where a glance is enough.
export const rough = (n) => (typeof n === 'number' && Math.abs(n) < 10 && Math.abs(n) >= 1e-4 ? two.format(n) : figure(n));
/// 1,234 as it is, 12,345,678 as 12.3M.
export const short = (n) => (typeof n !== 'number' || !Number.isFinite(n) ? '–' : Math.abs(n) < 1e6 ? whole.format(n) : compact.format(n));
export const counted = (n, one, many) => `${count(n)} ${n === 1 ? one : many}`;

export function share(part, all) {
  if (!(all > 0)) return '–';
  const percent = (100 * part) / all;
  if (part === 0) return '0 %';
  if (part > 0 && percent < 0.01) return '< 0.01 %';
  if (part < all && percent > 99.99) return '> 99.99 %';
  return `${percent < 1 || (percent > 99 && percent < 100) ? percent.toFixed(2) : percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`;
}

/// 70 → "1 min", 8000 → "2 h 13 min".
export function age(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86400)} d`;
}

export const bytes = (n) => {
  if (!(n >= 0)) return '–';
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  for (; n >= 1024 && at < names.length - 1; ++at) n /= 1024;
  return `${at === 0 || n >= 100 ? Math.round(n) : n.toFixed(1)} ${names[at]}`;
};

/// Seconds since 1970 of a time of the API, or NaN.
export const seconds = (time) => (time ? Date.parse(time) / 1000 : NaN);
/// "2026-01-31T12:02:03Z" → "12:02:03", with the day when it is another than today's; UTC, as everything here.
export function clock(time, now, wants_seconds = true) {
  if (!time) return '–';
  const text = String(time);
  const at = text.slice(11, wants_seconds ? 19 : 16);
  return now && text.slice(0, 10) === String(now).slice(0, 10) ? at : `${text.slice(0, 10)} ${at}`;
}

/// A sentence of the judge: times in it as everywhere on the page.
export const sentence = (text, most, now) => visible(text, most).replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (time) => clock(time, now));

/// A window: "12:01–12:02".
export function span(window, now) {
  if (!window) return 'the whole input';
  const fine = !/:00(\.0+)?Z$/.test(window.start) || !/:00(\.0+)?Z$/.test(window.end);
  const end = clock(window.end, window.start.slice(0, 10) === window.end.slice(0, 10) ? window.start : null, fine);
  return `${clock(window.start, now, fine)}–${end}`;
}

/// Names a segment among those of a rule.
export function segment(values) {
  if (!values) return '';
  return Object.entries(values)
    .map(([field, value]) => `${visible(field, 60)}=${value === null ? 'null' : value === '__other__' ? 'all others' : visible(value, 60)}`)
    .join(', ');
}

/// What a window came to: "512", "4.2 %", "no data".
export function observed(one) {
  const value = one.observed;
  if (value === null || value === undefined) return 'no data';
  if (typeof value === 'number') return unitOf(one.expected) === '%' ? share(value, 1) : measured(value, one.expected);
  return visible(Array.isArray(value) ? `[${value.slice(0, 20).join(', ')}]` : value, 80);
}
/// In what a bound is written: "<= 5%" → "%", "10 to 20 min" → "min".
function unitOf(expected) {
  const text = String(expected ?? '').slice(0, 200);
  const found = /^(?:[a-z_0-9.()]+ )?[<>=!]*\s*-?[\d.,]+(?:e-?\d+)?\s*(%|ms|s|min|m|h|d)(?![a-z])/i.exec(text) ?? /\s(?:to|and)\s+-?[\d.]+\s*(%|ms|s|min|m|h|d)$/i.exec(text);
  return found?.[1];
}

/// A number as its bound is written: 0.01 of "<= 5%" is "1 %", 90 of "< 2 min" is "90 s".
export function measured(value, expected, number = figure) {
  const unit = unitOf(expected);
  return unit === '%' ? `${number(100 * value)} %` : unit ? `${number(value)} s` : number(value);
}

const UNITS = {'': 1, '%': 0.01, ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86400};

/// The bounds that a text like ">= 100", "<= 5%" or "10 to 20" names, as numbers to draw a line at.
export function bounds(expected) {
  const found = [];
  const text = String(expected ?? '').slice(0, 200);
  const one = /^(?:[a-z_0-9.()]+ )?(<=|>=|<|>|==|=)\s*(-?[\d.,]+(?:e-?\d+)?)\s*(%|ms|s|min|m|h|d)?$/i.exec(text);
  if (one) found.push([one[2], one[3]]);
  const two = /(?:^|between |from )(-?[\d.]+)\s*(%|ms|s|min|m|h|d)?\s+(?:to|and)\s+(-?[\d.]+)\s*(%|ms|s|min|m|h|d)?$/i.exec(text);
  if (two) found.push([two[1], two[2] ?? two[4]], [two[3], two[4]]);
  return found.map(([digits, unit]) => Number(digits.replaceAll(',', '')) * UNITS[unit ?? '']).filter(Number.isFinite);
}
