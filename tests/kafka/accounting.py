# SPDX-License-Identifier: Apache-2.0
"""Numbered records, and where each of them has to be found after weir was killed as often as one likes.

What record number n is follows from n alone: its bytes, its partition, its offset, and whether it is good, breaks a rule or is
no JSON. So nothing has to be remembered while it is written, and the books can be checked from the topics alone.
"""
import collections
import datetime

BEGIN = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
STEP_MS = 10  # event time from one record to the next
WINDOW_S = 30

# Every window fails, so that a report lists every one of them with what was observed.
# What the drift rules compare with: amounts half as large as those that come, so that each window drifts.
BASELINE_OF = b"".join(b'{"amount":%d}\n' % (n % 500) for n in range(5000))
RULES = f"""weir: 1
source: {{time: at, out_of_order: 0s}}
fields:
  seq:    {{type: integer, required: true}}
  amount: {{type: integer, required: true, min: 0, max: 1000}}
windows:
  - every: {WINDOW_S}s
    lateness: 0s
    rules:
      - {{id: live.count, must: row_count < 0}}
      - {{id: live.sum, must: sum(seq) < 0}}
  - every: 365d
    rules:
      - {{id: all.count, must: row_count < 0}}
      - {{id: all.sum, must: sum(seq) < 0}}
drift:
  - id: live.drift
    fields: [amount]
    every: {WINDOW_S}s
    lateness: 0s
    over: all
    reference: {{file: amounts.baseline.json}}
    test: [ks, psi]
    alert_after: 1 of 1
"""
GOOD, BAD, UNDECODABLE = "good", "bad", "undecodable"


def kind_of(number):
    if number % 211 == 7:
        return UNDECODABLE
    return BAD if number % 53 == 3 else GOOD


def key_of(number):
    return None if number % 5 == 0 else b"key-%d" % (number % 1000)


def value_of(number):
    kind = kind_of(number)
    if kind == UNDECODABLE:
        return b'{"seq":%d,broken' % number
    at = BEGIN + datetime.timedelta(milliseconds=STEP_MS * number)
    amount = -1 if kind == BAD else number % 1000
    return b'{"seq":%d,"at":"%s","amount":%d,"text":"record number %d"}' % (number, at.strftime("%Y-%m-%dT%H:%M:%S.%fZ").encode(), amount, number)


def headers_of(number):
    return [("number", b"%d" % number)]


def records(first, end, partitions):
    """As Cluster.produce takes them."""
    return [(n % partitions, key_of(n), value_of(n), headers_of(n)) for n in range(first, end)]


class Books:
    """`count` records in `partitions` partitions of `topic`, in order and by one producer, so that number n is at offset n // partitions."""

    def __init__(self, topic, count, partitions):
        self.topic, self.count, self.partitions = topic, count, partitions

    def id_of(self, number):
        return f"{self.topic}-{number % self.partitions}-{number // self.partitions}"

    def faults(self, clean, quarantined, exactly_once):
        """What does not add up, and how many records were there more than once. Both lists as Cluster.read gives them."""
        faults = []
        passed, aside = collections.Counter(), collections.Counter()
        for record in clean:
            number = self._number(record, faults, "clean")
            if number is not None:
                passed[number] += 1
                self._expect(faults, number, "clean", kind_of(number), GOOD)
                self._expect(faults, number, "clean headers", record.headers, headers_of(number))
        for record in quarantined:
            number = self._number(record, faults, "quarantine")
            if number is not None:
                aside[number] += 1
                if kind_of(number) == GOOD:
                    faults.append(f"number {number} is good and in the quarantine")
                self._expect(faults, number, "quarantine id", record.header("__weir.id"), self.id_of(number).encode())
                self._expect(faults, number, "quarantine stage", record.header("__weir.stage"),
                             b"decode" if kind_of(number) == UNDECODABLE else b"record")
        for number in range(self.count):
            found = passed if kind_of(number) == GOOD else aside
            if not found[number]:
                faults.append(f"number {number} ({kind_of(number)}, {self.id_of(number)}) is lost")
        again = sum(times - 1 for found in (passed, aside) for times in found.values())
        if exactly_once and again:
            twice = [self.id_of(n) for found in (passed, aside) for n, times in sorted(found.items()) if times > 1]
            faults.append(f"{again} records came more than once: {', '.join(twice[:5])}")
        return faults, again

    def _number(self, record, faults, place):
        """Found by a header of ours, and held against every byte of the record."""
        try:
            number = int(next(value for name, value in record.headers if name == "number"))
        except (StopIteration, TypeError, ValueError):
            faults.append(f"a record in {place} at {record.partition}/{record.offset} has no number")
            return None
        if not 0 <= number < self.count:
            faults.append(f"number {number} in {place} was never written")
            return None
        self._expect(faults, number, f"{place} key", record.key, key_of(number))
        self._expect(faults, number, f"{place} value", record.value, value_of(number))
        return number

    @staticmethod
    def _expect(faults, number, what, got, wanted):
        if got != wanted:
            faults.append(f"number {number}, {what}: {got!r} and not {wanted!r}")


def windows_of(report):
    """{(rule, start, end): observed} of a JSON report of check or run: of all windows if it lists them, else of those it shows;
    not of those that say that they miss records."""
    found = {}
    for rule in report["rules"]:
        for one in rule.get("windows") or rule["samples"]:
            if one.get("window") and not one.get("partial"):
                found[rule["id"], one["window"]["start"], one["window"]["end"]] = one["observed"]
    return found


def window_faults(wanted, seen, all_of_them=True, kept=()):
    """`seen`: {(rule, start, end): [observed, ...]}, each time that it was judged. Every window has to have come to the same
    whenever it was judged, and to be there, or in what was `kept`, if `all_of_them` have to."""
    faults = [f"window {key} was never judged" for key in wanted if all_of_them and not seen.get(key) and key not in kept]
    for key, found in seen.items():
        if key not in wanted:
            faults.append(f"window {key} exists for weir run alone: {found}")
        elif any(value != wanted[key] for value in found):
            faults.append(f"window {key}: {found} and not {wanted[key]}")
    return faults

