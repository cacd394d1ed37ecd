// SPDX-License-Identifier: Apache-2.0
// A view is a tree of plain values; show() makes the document the same with as few changes as can be, so that focus,
// selection and scrolling stay where they are while figures change. Texts become text nodes and attributes, never markup.

const SVG = 'http://www.w3.org/2000/svg';

/// A node: h('p', {class: 'soft'}, 'text', other). Falsy children are left out; `key` names a child among its neighbours.
export function h(tag, attributes, ...children) {
  const kids = [];
  const add = (child) => {
    if (Array.isArray(child)) child.forEach(add);
    else if (child !== null && child !== undefined && child !== false && child !== '') kids.push(child);
  };
  children.forEach(add);
  return {tag, attributes: attributes ?? {}, kids};
}

const keyOf = (node) => (typeof node === 'object' ? node.attributes.key : undefined);

function make(node, ns) {
  if (typeof node !== 'object') return document.createTextNode(String(node));
  const inside = node.tag === 'svg' ? SVG : ns;
  const element = inside ? document.createElementNS(inside, node.tag) : document.createElement(node.tag);
  adorn(element, {}, node.attributes);
  for (const kid of node.kids) element.append(make(kid, inside));
  element.shown = node;
  return element;
}

function adorn(element, before, now) {
  for (const name in before) {
    if (name in now && now[name] !== false && now[name] !== null && now[name] !== undefined) continue;
    if (name.startsWith('on')) element[name] = null;
    else element.removeAttribute(name);
  }
  for (const name in now) {
    const value = now[name];
    if (name === 'key' || value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element[name] = value;
    else if (before[name] !== value) element.setAttribute(name, value === true ? '' : String(value));
  }
}

function same(element, node) {
  if (typeof node !== 'object') return element.nodeType === Node.TEXT_NODE;
  return element.shown !== undefined && element.shown.tag === node.tag && keyOf(element.shown) === keyOf(node);
}

function change(element, node) {
  if (typeof node !== 'object') {
    if (element.data !== String(node)) element.data = String(node);
    return;
  }
  const before = element.shown;
  if (before === node) return;
  adorn(element, before.attributes, node.attributes);
  fill(element, node.kids);
  element.shown = node;
}

/// Makes the children of `parent` be `kids`.
export function fill(parent, kids) {
  const named = new Map();
  const wanted = new Set(kids.map(keyOf));
  for (const child of [...parent.childNodes]) {
    const key = child.shown === undefined ? undefined : keyOf(child.shown);
    if (key === undefined) continue;
    if (wanted.has(key)) named.set(key, child);
    else child.remove();
  }
  const ns = parent.namespaceURI === SVG ? SVG : null;
  let at = parent.firstChild;
  for (const kid of kids) {
    const key = keyOf(kid);
    let child = key === undefined ? at : named.get(key);
    if (child && same(child, kid)) {
      if (child !== at) parent.insertBefore(child, at);
      else at = at.nextSibling;
      change(child, kid);
    } else {
      child = make(kid, ns);
      parent.insertBefore(child, at);
      // Without a key the old node in this place gives way; one with a key may be wanted further on.
      if (key === undefined && at && (at.shown === undefined || keyOf(at.shown) === undefined)) {
        const gone = at;
        at = at.nextSibling;
        gone.remove();
      }
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}
