# SPDX-License-Identifier: Apache-2.0
"""The books find what they are there to find: each way in which a record can go wrong, made by hand."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "scripts"))
from accounting import BAD, GOOD, UNDECODABLE, Books, headers_of, key_of, kind_of, records, value_of, window_faults
from contents import Record
from weir_process import Checks

checks = Checks()
books = Books("orders", 2000, 4)
numbers = {kind: [n for n in range(2000) if kind_of(n) == kind] for kind in (GOOD, BAD, UNDECODABLE)}


def clean(number, **changed):
    return Record(number % 4, number, key_of(number), value_of(number), headers_of(number), 0, 1)._replace(**changed)


def aside(number, **changed):
    stage = b"decode" if kind_of(number) == UNDECODABLE else b"record"
    ours = [("__weir.id", books.id_of(number).encode()), ("__weir.stage", stage)]
    return clean(number, headers=headers_of(number) + ours)._replace(**changed)


passed = [clean(n) for n in numbers[GOOD]]
kept = [aside(n) for n in numbers[BAD] + numbers[UNDECODABLE]]
bad = numbers[BAD][0]


def finds(what, words, passed_now, kept_now, exactly_once=True):
    faults, _ = books.faults(passed_now, kept_now, exactly_once)
    checks.true(f"{what}: one fault, which says so", len(faults) == 1 and words in faults[0], faults[:3])


checks.equal("there is enough of each kind", [len(numbers[k]) > 8 for k in (GOOD, BAD, UNDECODABLE)], [True] * 3)
checks.equal("a record's offset is where the producer puts it", [r[0] for r in records(0, 5, 4)], [0, 1, 2, 3, 0])
checks.equal("all well", books.faults(passed, kept, True), ([], 0))
checks.equal("a copy is counted, and no fault at least once", books.faults(passed + passed[:2], kept + kept[:1], False), ([], 3))
finds("a copy", "more than once", passed, kept + kept[:1])
finds("a copy of a clean record", "more than once", passed + passed[:1], kept)
finds("a lost good record", "is lost", passed[1:], kept)
finds("a lost bad record", "is lost", passed, kept[1:])
finds("a lost record, and a copy of another", "is lost", passed[1:] + passed[1:2], kept, exactly_once=False)
finds("a good record put aside too", "is good and in the quarantine", passed, kept + [aside(numbers[GOOD][0])])
finds("a bad record let through too", "clean: 'bad' and not 'good'", passed + [clean(bad)], kept)
finds("changed bytes", "value", [passed[0]._replace(value=passed[0].value + b" ")] + passed[1:], kept)
finds("a changed key", "key", [passed[0]._replace(key=b"")] + passed[1:], kept)
finds("a header added to a clean record", "headers", [passed[0]._replace(headers=passed[0].headers + [("x", b"")])] + passed[1:], kept)
finds("the id of another record", "quarantine id", passed,
      [kept[0]._replace(headers=headers_of(bad) + [("__weir.id", b"orders-0-0"), ("__weir.stage", b"record")])] + kept[1:])
finds("a record from nowhere", "no number", passed + [passed[0]._replace(headers=[])], kept)
finds("a number that was not written", "never written", passed + [clean(2003)], kept)

wanted = {("live.count", "a", "b"): 10, ("live.count", "b", "c"): 12}
checks.equal("windows as they should be", window_faults(wanted, {("live.count", "a", "b"): [10, 10], ("live.count", "b", "c"): [12]}), [])
checks.equal("one that is not there", len(window_faults(wanted, {("live.count", "a", "b"): [10]})), 1)
checks.equal("one that counted twice", len(window_faults(wanted, {("live.count", "a", "b"): [10, 11], ("live.count", "b", "c"): [12]})), 1)
checks.equal("one too many", len(window_faults(wanted, {("live.count", "a", "b"): [10], ("live.count", "b", "c"): [12], ("x", "a", "b"): [0]})), 1)
checks.finish()
