// SPDX-License-Identifier: Apache-2.0
// What the API says, asked again and again: only what the view in front of somebody needs, only while it is in front, and more
// seldom the longer an answer takes or the longer there is none. What has not changed comes as 304, without a body.

const SOON = 2000;
const SELDOM = 30_000;
const PATIENCE = 15_000;
const KEPT = 60; // readings of the rate

export class Feed {
  constructor(changed) {
    this.changed = changed;
    this.kept = new Map(); // by path: {etag, data, missing}
    this.wanted = () => [];
    this.rates = new Map(); // by stream: {at, records, rate, past}
    this.shares = new Map(); // by rule for records: {evaluated, failed, past}
    this.fault = null;
    this.faults = 0;
    this.heard = 0; // when all was answered last
    this.paused = false;
    this.timer = 0;
    this.turn = 0;
    document.addEventListener('visibilitychange', () => this.soon());
  }

  data(path) {
    return this.kept.get(path)?.data ?? null;
  }

  missing(path) {
    return this.kept.get(path)?.missing === true;
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.poll(), 0);
  }

  async poll() {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    if (document.hidden || this.paused) return;
    const began = performance.now();
    try {
      const found = await Promise.all(this.wanted().map((path) => this.first(path)));
      if (turn !== this.turn) return;
      this.fault = null;
      this.faults = 0;
      this.heard = Date.now();
      this.count();
      this.changed(found.some(Boolean));
    } catch (fault) {
      if (turn !== this.turn) return;
      this.fault = fault.words ?? 'no answer';
      this.faults += 1;
      this.changed(true);
    }
    if (turn !== this.turn) return;
    const took = performance.now() - began;
    const wait = this.fault ? SOON * 2 ** Math.min(this.faults - 1, 4) : Math.max(SOON, 10 * took);
    this.timer = setTimeout(() => this.poll(), Math.min(wait, SELDOM) * (0.9 + 0.2 * Math.random()));
  }

  /// What nobody has seen yet is shown at once, without waiting for the other answers.
  async first(path) {
    const known = this.kept.has(path);
    const found = await this.ask(path);
    if (!known) this.changed(true);
    return found;
  }

  /// True: there is something new.
  async ask(path) {
    const before = this.kept.get(path);
    if (before?.missing && Date.now() - before.at < 60_000) return false;
    const answer = await fetch(path, {
      cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE), headers: before?.etag ? {'If-None-Match': before.etag} : {},
    });
    if (answer.status === 304) return false;
    if (answer.status === 404) {
      this.kept.set(path, {missing: true, at: Date.now()});
      return before?.missing !== true;
    }
    if (!answer.ok) throw Object.assign(new Error(), {words: answer.status === 401 ? 'a password is wanted: load the page again' : `answer ${answer.status}`});
    this.kept.set(path, {etag: answer.headers.get('ETag'), data: await answer.json()});
    return true;
  }

  /// Records a second, from the counts of two answers and the server's own clock.
  count() {
    const answer = this.data('/api/v1/streams');
    if (!answer) return;
    const at = Date.parse(answer.now) / 1000;
    for (const stream of answer.streams) {
      const before = this.rates.get(stream.stream);
      if (before && at <= before.at && stream.records === before.records) continue;
      const past = before && stream.records >= before.records ? before.past : [];
      const rate = before && at > before.at && stream.records >= before.records ? (stream.records - before.records) / (at - before.at) : null;
      if (rate !== null) past.push({value: rate});
      if (past.length > KEPT) past.shift();
      this.rates.set(stream.stream, {at, records: stream.records, rate, past});
    }
    for (const rule of this.data('/api/v1/rules')?.rules ?? []) if (rule.kind === 'record') this.shareOf(rule);
  }

  /// Which part of the records between two answers failed a rule.
  shareOf(rule) {
    const name = `${rule.stream}\n${rule.id}`;
    const before = this.shares.get(name);
    if (before && rule.evaluated === before.evaluated) return;
    const on = before && rule.evaluated > before.evaluated && rule.failed >= before.failed;
    const past = on ? before.past : [];
    if (on) past.push({value: (rule.failed - before.failed) / (rule.evaluated - before.evaluated), outcome: ''});
    if (past.length > KEPT) past.shift();
    this.shares.set(name, {evaluated: rule.evaluated, failed: rule.failed, past});
  }
}
