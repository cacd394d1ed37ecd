// SPDX-License-Identifier: Apache-2.0
// What several views are put together from.
import {h} from './tree.js';
import {visible} from './words.js';

/// Tables are laid out as cards where there is no room, which takes their meaning away unless roles say it.
/// `columns`: {name, num: figures, whole: a line of its own where there is no room, less: none there}; `rows`: {key, cells, state}; a cell is a child or a list of them. The second of `lead` heads its row.
export function table(caption, columns, rows, {lead = 1, hide = false} = {}) {
  return h('table', {role: 'table', 'aria-label': caption},
    hide ? null : h('caption', {}, caption),
    h('thead', {role: 'rowgroup'}, h('tr', {role: 'row'}, columns.map((c) => h('th', {role: 'columnheader', scope: 'col', class: c.num ? 'num' : null}, c.name)))),
    h('tbody', {role: 'rowgroup'}, rows.map((row) => h('tr', {role: 'row', key: row.key, class: row.state ? `row ${row.state}` : 'row'},
      row.cells.map((cell, i) => h(i === lead ? 'th' : 'td', {
        role: i === lead ? 'rowheader' : 'cell', scope: i === lead ? 'row' : null, class: columns[i].num ? (columns[i].less ? 'num less' : 'num') : columns[i].whole ? 'whole' : null, 'data-l': columns[i].name,
      }, cell))))));
}

export const facts = (...pairs) => h('dl', {class: 'facts'}, pairs.filter(Boolean).map(([name, value, more]) => h('div', {key: name}, h('dt', {}, name), h('dd', {}, value, more ? h('small', {}, more) : null))));

/// Short ones are not broken in two.
export const code = (text, most = 120) => h('code', {class: String(text).length <= 28 ? 'tight' : null}, visible(text, most));
export const link = (href, text, most = 120) => h('a', {href, class: 'go'}, visible(text, most));
export const none = (text) => h('p', {class: 'none'}, text);

/// A link that somebody wrote into a rule: only where it leads to a page.
export function outward(address) {
  const text = String(address ?? '');
  let url = null;
  try {
    url = new URL(text);
  } catch {
    return code(text, 300);
  }
  const fine = url.protocol === 'https:' || url.protocol === 'http:';
  return fine ? h('a', {href: url.href, rel: 'noopener noreferrer', target: '_blank'}, visible(text, 200)) : code(text, 300);
}

/// Whether a row has every word that is looked for.
export function matches(query, ...texts) {
  if (!query) return true;
  const text = texts.join(' ').toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/// As many as are worth showing, and a word on the others.
export function most(list, limit, what) {
  if (list.length <= limit) return [list, null];
  return [list.slice(0, limit), h('p', {class: 'none'}, `${list.length - limit} more ${what}; the filter finds them.`)];
}
