// SPDX-License-Identifier: Apache-2.0
// The status page, alive: what is in front stands in the address behind `#`, so that it can be sent to somebody; the keyboard does
// all that the pointer does.
import {driftPage} from './drift.js';
import {Feed} from './feed.js';
import {ALERTS, RULES, STREAMS, isBroken, overall, ranked} from './model.js';
import {alerts, changes, partitions} from './others.js';
import {overview} from './overview.js';
import {none} from './parts.js';
import {quarantine} from './quarantine.js';
import {rulePage} from './rule.js';
import {fill, h} from './tree.js';
import {age, seconds, visible} from './words.js';

const VIEWS = {'': overview, rule: rulePage, drift: driftPage, quarantine, partitions, alerts, changes};
const TABS = [['', 'Overview'], ['drift', 'Drift'], ['quarantine', 'Quarantine'], ['partitions', 'Partitions'], ['alerts', 'Alerts'], ['changes', 'Changes']];
const KEYS = [['/', 'filter'], ['j  k', 'next, previous'], ['Enter', 'open'], ['Esc', 'clear the filter, go back'], ['1 … 6', 'the views above'], ['p', 'pause and go on'], ['?', 'this list']];

const LOGO = new URL('./icon.svg', import.meta.url).pathname;
const root = document.getElementById('live');
const dialog = document.createElement('dialog');
let place = where();
let said = '';

/// What the address asks for: {view, stream, rule, query, …}.
function where() {
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?');
  const asked = new URLSearchParams(search ?? '');
  const parts = path.split('/').map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  const view = Object.hasOwn(VIEWS, parts[0]) ? parts[0] : '';
  const found = {view, query: asked.get('q') ?? ''};
  if (view === 'rule') Object.assign(found, {stream: parts[1] ?? '', rule: parts[2] ?? '', segment: asked.has('segment') ? asked.get('segment') : undefined});
  else if (asked.has('rule')) found.rule = asked.get('rule');
  return found;
}

function search(query) {
  const [path, rest] = (location.hash || '#/').split('?');
  const asked = new URLSearchParams(rest ?? '');
  if (query) asked.set('q', query);
  else asked.delete('q');
  const text = asked.toString();
  history.replaceState(null, '', text ? `${path}?${text}` : path);
  place = where();
  render();
}

const rules = () => feed.data(RULES)?.rules ?? [];
const feed = new Feed(() => render());
feed.wanted = () => [...new Set([STREAMS, RULES, ALERTS, ...(VIEWS[place.view].needs?.({place, rules: rules()}) ?? [])])];

function live(answer) {
  if (feed.paused) return h('span', {class: 'live'}, 'paused');
  if (feed.fault) return h('span', {class: 'live bad'}, `${feed.fault}, trying again`);
  return h('span', {class: 'live'}, h('svg', {class: 'i', viewBox: '0 0 16 16', 'aria-hidden': 'true'}, h('circle', {cx: 8, cy: 8, r: 4})), answer ? `live, ${answer.now.slice(11, 19)} UTC` : 'asking');
}

function head(answer, list) {
  const firing = feed.data(ALERTS)?.alerts?.filter((a) => a.state === 'firing').length ?? 0;
  const marks = {'': list.filter((r) => isBroken(r.state)).length, drift: list.filter((r) => r.rule.kind === 'drift' && isBroken(r.state)).length, alerts: firing};
  const tabs = TABS.filter(([name]) => name !== 'alerts' || !feed.missing(ALERTS));
  const current = place.view === 'rule' ? '' : place.view;
  return h('header', {class: 'head', key: 'head'}, h('a', {class: 'skip', href: '#view', onclick: (event) => { event.preventDefault(); document.getElementById('view').focus(); }}, 'To the content'),
    h('div', {class: 'brand'}, h('a', {href: '#/', class: 'name'}, h('img', {src: LOGO, alt: '', width: 22, height: 22}), 'weir'), answer ? h('span', {class: 'soft who'}, [answer.pipeline, answer.instance].filter(Boolean).map((t) => visible(t, 60)).join(' · ')) : null, live(answer),
      h('button', {type: 'button', onclick: pause, 'aria-pressed': feed.paused ? 'true' : 'false'}, feed.paused ? 'Go on' : 'Pause'), h('button', {type: 'button', onclick: help, 'aria-label': 'Keys'}, '?')),
    h('nav', {'aria-label': 'Views'}, tabs.map(([name, text]) => h('a', {key: name, href: `#/${name}`, 'aria-current': name === current ? 'page' : null}, text, marks[name] > 0 ? h('b', {}, ` ${marks[name]}`, h('span', {class: 'unseen'}, name === 'alerts' ? ' firing' : ' broken')) : null))),
    h('div', {class: 'filter', role: 'search'}, h('input', {id: 'filter', type: 'search', placeholder: 'Filter  ( / )', 'aria-label': 'Filter what is shown', autocomplete: 'off', spellcheck: 'false', oninput: (event) => search(event.target.value)})));
}

function body(answer, list) {
  if (!answer || !feed.data(RULES)) return feed.fault ? [h('p', {class: 'note'}, `weir does not answer: ${feed.fault}.`)] : [none('Asking …')];
  return VIEWS[place.view]({feed, place, answer, list, rules: rules(), query: place.query});
}

function render() {
  const answer = feed.data(STREAMS);
  const list = answer ? ranked(rules(), seconds(answer.now)) : [];
  const state = answer && feed.data(RULES) ? overall(answer, list) : null;
  const stale = feed.fault && answer ? h('p', {class: 'note', key: 'stale'}, `No answer for ${age((Date.now() - feed.heard) / 1000)}: what is below is from ${answer.now.slice(11, 19)} UTC.`) : null;
  const place_key = [place.view, place.stream ?? '', place.rule && place.view === 'rule' ? place.rule : ''].join('\n');
  const focused = document.activeElement;
  fill(root, [head(answer, list), h('main', {id: 'view', tabindex: '-1', key: place_key, 'aria-busy': feed.wanted().every((path) => feed.kept.has(path)) ? null : 'true'}, stale, body(answer, list)),
    h('p', {class: 'unseen', role: 'status', key: 'said'}, state ? `${state.word}: ${said === state.word ? said_text : (said_text = state.text)}` : ''),
    h('footer', {key: 'foot'}, answer ? `weir ${visible(answer.version, 40)}, up for ${age(seconds(answer.now) - seconds(answer.started))}. Times are UTC. ` : null, h('a', {href: '/metrics'}, 'metrics'), ' ', h('a', {href: '/readyz?verbose'}, 'readiness'), ' ', h('a', {href: RULES}, 'rules as JSON'))]);
  // A row that moves takes the focus with it.
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({preventScroll: true});
  if (state) {
    said = state.word;
    document.title = `${state.word}${place.view === 'rule' ? ` · ${visible(place.rule, 60)}` : ''} · weir`;
    document.getElementById('tables')?.remove();
  }
  const box = document.getElementById('filter');
  if (box && document.activeElement !== box && box.value !== place.query) box.value = place.query;
}
let said_text = '';

function pause() {
  feed.paused = !feed.paused;
  if (!feed.paused) feed.soon();
  render();
}

function help() {
  fill(dialog, [h('h2', {}, 'Keys'), h('dl', {class: 'keys'}, KEYS.map(([key, text]) => h('div', {}, h('dt', {}, key.split('  ').map((k, i) => [i > 0 ? ' ' : '', h('kbd', {}, k)])), h('dd', {}, text)))), h('button', {type: 'button', onclick: () => dialog.close()}, 'Close')]);
  if (!dialog.open) dialog.showModal();
}

/// From row to row: those that lead somewhere.
function step(by) {
  const rows = [...document.querySelectorAll('#view a.go')];
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  next.focus();
  next.scrollIntoView({block: 'nearest'});
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  const box = document.getElementById('filter');
  if (event.key === 'Escape') {
    if (place.query) {
      box.value = '';
      search('');
    } else if (document.activeElement !== box && place.view !== '') {
      location.hash = '#/';
    }
    if (document.activeElement === box) box.blur();
    return;
  }
  if (event.target === box) {
    if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    return step(1);
  }
  if (event.key === '/') {
    event.preventDefault();
    box?.focus();
    box?.select();
  } else if (event.key === 'j' || event.key === 'k') {
    step(event.key === 'j' ? 1 : -1);
  } else if (event.key === '?') {
    help();
  } else if (event.key === 'p') {
    pause();
  } else if (/^[1-6]$/.test(event.key)) {
    const tab = document.querySelectorAll('nav a')[Number(event.key) - 1];
    if (tab) location.hash = tab.getAttribute('href');
  }
});

window.addEventListener('hashchange', () => {
  const before = place;
  place = where();
  render();
  if (before.view !== place.view || (place.view === 'rule' && (before.rule !== place.rule || before.stream !== place.stream))) {
    scrollTo(0, 0);
    if (document.activeElement === document.body || !document.activeElement?.isConnected) document.getElementById('view').focus({preventScroll: true});
  }
  feed.soon();
});

document.body.append(dialog);
document.documentElement.classList.add('alive');
render();
feed.poll();
