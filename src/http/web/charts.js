// SPDX-License-Identifier: Apache-2.0
// Small drawings. Each says in words what it shows, or is hidden from those who hear the words beside it anyway.
import {h} from './tree.js';
import {clock, figure, measured, rough, share, visible} from './words.js';

const round = (n) => Math.round(n * 10) / 10;

const OUTCOMES = {
  pass: 'M3 8.5l3.2 3.2L13 4.8', fail: 'M4 4l8 8M12 4l-8 8', error: 'M4 4l8 8M12 4l-8 8', warn: 'M8 3v6M8 12v.6',
  inconclusive: 'M5.6 6a2.4 2.4 0 1 1 3.4 2.2c-.7.3-1 .7-1 1.5M8 12.4v.4', no_data: 'M4 8h8', past: 'M8 4.2V8l2.6 1.8M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12',
  added: 'M8 3v10M3 8h10', removed: 'M3.5 8h9', changed: 'M3 5.5h10M3 10.5h10',
};

/// A state is a word and a shape before it is a colour.
export function badge(outcome, word) {
  return h('span', {class: `word ${outcome}`},
    h('svg', {class: 'i', viewBox: '0 0 16 16', 'aria-hidden': 'true'}, h('path', {d: OUTCOMES[outcome] ?? OUTCOMES.no_data})), word ?? outcome.replace('_', ' '));
}

const BROKEN = new Set(['fail', 'warn', 'error']);

/// A line without length and with round ends: round however the drawing is stretched.
const dot = (outcome, x, y) => h('path', {class: `mark ${outcome}`, d: `M${x} ${y}h0`});

/// `points`: {value, outcome}, oldest first; null: no data. `limits`: numbers to draw a line at. `from`: what the scale holds anyway.
export function sparkline(points, limits, {width = 120, height = 28, words = null, from = []} = {}) {
  const known = points.filter((p) => typeof p.value === 'number' && Number.isFinite(p.value));
  if (known.length === 0) return null;
  const values = known.map((p) => p.value).concat(limits, from);
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (low === high) [low, high] = [low - 1, high + 1];
  const pad = 3;
  const x = (i) => round(points.length < 2 ? width / 2 : pad + ((width - 2 * pad) * i) / (points.length - 1));
  const y = (v) => round(pad + (height - 2 * pad) * (1 - (v - low) / (high - low)));
  let path = '';
  let pen = 'M';
  const marks = [];
  points.forEach((p, i) => {
    if (typeof p.value !== 'number' || !Number.isFinite(p.value)) return void (pen = 'M');
    path += `${pen}${x(i)} ${y(p.value)}`;
    pen = 'L';
    if (BROKEN.has(p.outcome) && marks.length < 60) marks.push(dot(p.outcome, x(i), y(p.value)));
  });
  const last = points.findLastIndex((p) => typeof p.value === 'number' && Number.isFinite(p.value));
  return h('svg', {class: 'spark', viewBox: `0 0 ${width} ${height}`, width, height, preserveAspectRatio: 'none', ...(words ? {role: 'img', 'aria-label': words} : {'aria-hidden': 'true'})},
    limits.map((v) => h('path', {class: 'limit', d: `M0 ${y(v)}H${width}`})),
    h('path', {class: 'line', d: path}), marks,
    BROKEN.has(points[last].outcome) ? null : dot('', x(last), y(points[last].value)));
}

/// The windows of one segment, oldest first, with their bound and the times below. `expected`: what the numbers are said as.
export function timeline(windows, limits, now, words, expected) {
  const width = 640;
  const height = 150;
  const chart = sparkline(windows.map((w) => ({value: w.observed, outcome: w.outcome})), limits, {width, height, words});
  if (!chart) return null;
  const values = windows.map((w) => w.observed).filter((v) => typeof v === 'number').concat(limits);
  const first = windows[0].window;
  const last = windows.at(-1).window;
  return h('figure', {class: 'timeline'},
    h('div', {class: 'scale', 'aria-hidden': 'true'}, h('span', {}, measured(Math.max(...values), expected, rough)), h('span', {}, measured(Math.min(...values), expected, rough))), chart,
    h('figcaption', {}, h('span', {}, first ? clock(first.start, now, false) : ''),
      limits.length > 0 ? h('span', {class: 'key'}, h('svg', {class: 'spark', width: 22, height: 8, 'aria-hidden': 'true'}, h('path', {class: 'limit', d: 'M0 4H22'})), ` bound ${limits.map((v) => measured(v, expected)).join(', ')}`) : null,
      h('span', {}, last ? clock(last.end, now, false) : '')));
}

const steps = (shares, x, y) => shares.map((s, i) => `${i === 0 ? `M${x(0)} ${y(s)}` : `V${y(s)}`}H${x(i + 1)}`).join('');

/// Both distributions over each other: the reference an area, the current one a line.
export function distributions(picture, about, small = false) {
  const cells = Math.min(picture?.reference?.length ?? 0, picture?.current?.length ?? 0);
  if (cells === 0) return null;
  const width = 340;
  const height = 110;
  const most = Math.max(...picture.reference, ...picture.current);
  if (!(most > 0)) return null;
  const x = (i) => round((width * i) / cells);
  const y = (s) => round(2 + (height - 2) * (1 - s / most));
  let moved = 0;
  const by = (i) => Math.abs(picture.current[i] - picture.reference[i]);
  for (let i = 1; i < cells; ++i) if (by(i) > by(moved)) moved = i;
  const labels = [];
  const put = (at, anchor, text) => labels.push(h('text', {x: round(at), y: height + 13, 'text-anchor': anchor}, visible(text, 11)));
  if (picture.starts?.length > cells) {
    put(0, 'start', figure(picture.starts[0]));
    put(x(cells >> 1), 'middle', figure(picture.starts[cells >> 1]));
    put(width, 'end', figure(picture.starts[cells]));
  } else {
    const step = Math.ceil(cells / 5);
    for (let i = 0; i < cells; i += step) put((x(i) + x(i + 1)) / 2, 'middle', picture.labels?.[i] ?? '');
  }
  const name = picture.labels?.[moved];
  const drawn = [h('path', {class: 'area', d: `${steps(picture.reference, x, y)}V${height}H0Z`}), h('path', {class: 'now', d: steps(picture.current, x, y)}), h('path', {class: 'floor', d: `M0 ${height}H${width}`})];
  if (small) return h('svg', {class: 'mini', viewBox: `0 0 ${width} ${height + 1}`, preserveAspectRatio: 'none', 'aria-hidden': 'true'}, drawn);
  const words = `${about}: reference as an area, current as a line.${name ? ` The most moved ${visible(name, 60)}, from ${share(picture.reference[moved], 1)} to ${share(picture.current[moved], 1)}.` : ''}`;
  return h('figure', {class: 'pair'},
    h('svg', {viewBox: `0 0 ${width} ${height + 18}`, role: 'img', 'aria-label': words},
      drawn, labels),
    h('figcaption', {}, h('span', {class: 'key'}, h('svg', {width: 22, height: 10, 'aria-hidden': 'true'}, h('path', {class: 'area', d: 'M0 0H22V10H0Z'})), ' reference'),
      h('span', {class: 'key'}, h('svg', {width: 22, height: 10, 'aria-hidden': 'true'}, h('path', {class: 'now', d: 'M0 8H8V2H22'})), ' current'), h('span', {}, `highest ${share(most, 1)}`)));
}

/// How many windows held, from the oldest that is kept to now: a column for each stretch of time.
export function strip(course, words) {
  const [wide, high] = [6, 36];
  const width = course.columns.length * wide;
  const rect = (i, kind, y, height) => h('rect', {class: kind, x: i * wide, y: round(y), width: wide - 1.5, height: round(height), rx: 1});
  return h('svg', {class: 'strip', viewBox: `0 0 ${width} ${high}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': words}, course.columns.map((column, i) => {
    if (column.all === 0) return rect(i, 'gap', high - 2, 2);
    const broken = column.broken === 0 ? 0 : Math.max(7, (high * column.broken) / column.all);
    return [broken < high ? rect(i, 'pass', 0, high - broken - (broken > 0 ? 1 : 0)) : null, broken > 0 ? rect(i, column.worst, high - broken, broken) : null];
  }));
}

/// A part of a whole, as a bar.
export function bar(part, all) {
  const width = all > 0 ? Math.max(part > 0 ? 1 : 0, (100 * part) / all) : 0;
  return h('svg', {class: 'bar', viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true'}, h('rect', {width: round(width), height: 6}));
}
