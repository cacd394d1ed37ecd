# SPDX-License-Identifier: Apache-2.0
"""weir compare as its users meet it: an engineer who asks whether features moved, CI that reads exit codes and JSON, a person
who opens the page, and whoever gives it the wrong thing."""
import gzip
import json
import os
import random
import re

from weir_process import Checks, Workplace, run

RECORDS = 3000


def records(seed, scale=1.0, countries=("DE", "FR", "IT"), weights=(5, 3, 2), nulls=0.02):
    draw = random.Random(seed)
    for _ in range(RECORDS):
        yield {"amount": None if draw.random() < nulls else round(draw.lognormvariate(3, 0.6) * scale, 2),
               "country": draw.choices(countries, weights)[0], "age": draw.randrange(18, 90), "ok": draw.random() < 0.9}


def ndjson(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def csv(rows):
    rows = list(rows)
    lines = [",".join(rows[0])] + [",".join("" if v is None else str(v).lower() if isinstance(v, bool) else str(v)
                                            for v in row.values()) for row in rows]
    return "\n".join(lines) + "\n"


checks = Checks()
files = {
    "train.ndjson": ndjson(records(1)), "fresh.ndjson": ndjson(records(2)), "cents.ndjson": ndjson(records(3, scale=100)),
    "more.ndjson": ndjson(records(4, countries=("DE", "FR", "IT", "ES"), weights=(2, 3, 2, 3))),
    "train.csv": csv(records(1)), "cents.csv": csv(records(3, scale=100)), "nulls.ndjson": ndjson(records(5, nulls=0.4)),
    "few.ndjson": ndjson(list(records(6))[:12]), "empty.ndjson": "", "broken.ndjson": "{\n{\n",
    "text.ndjson": ndjson({**row, "amount": "n/a"} for row in records(7)),
    "other.ndjson": '{"a": 1}\n' * 50,
    "nested.ndjson": ndjson([{"customer": {"tier": "gold-%d" % (i % 3)}} for i in range(200)]),
    "nested-text.ndjson": ndjson([{"customer": '{"tier": "gold-%d"}' % (i % 3)} for i in range(200)]),
}
with Workplace(**files) as folder:
    def compare(*args, **more):
        return run("compare", *args, cwd=folder, **more)

    def fields_of(*args):
        ran = compare(*args, "--report", "json=out.json")
        with open(os.path.join(folder, "out.json"), encoding="utf-8") as file:
            report = json.load(file)
        checks.equal(f"{args}: the report has the exit code", report["exit"], ran.exit)
        return ran, {field["field"]: field for field in report["fields"]}, report

    # Nothing moved.
    ran, fields, report = fields_of("train.ndjson", "fresh.ndjson")
    checks.equal("fresh data: exit", ran.exit, 0)
    checks.equal("fresh data: outcomes", {field["outcome"] for field in fields.values()}, {"pass"})
    checks.true("fresh data: decision", ran.last_line.startswith("weir: PASS exit=0 ("), ran.last_line)
    checks.equal("nothing on stdout", ran.out, b"")
    checks.equal("every field", sorted(fields), ["age", "amount", "country", "ok"])
    checks.equal("sides", (report["reference"]["records"], report["current"]["records"]), (RECORDS, RECORDS))
    checks.true("one line for what is fine", b"4 fields are as before: " in ran.err, ran.err)

    # A unit changed.
    ran, fields, _ = fields_of("train.ndjson", "cents.ndjson")
    checks.equal("cents: exit", ran.exit, 1)
    checks.equal("cents: only amount", [f for f, v in fields.items() if v["outcome"] == "fail"], ["amount"])
    checks.true("cents: in words", any("100" in found["text"] for found in fields["amount"]["findings"]), fields["amount"])
    checks.true("cents: on the terminal", b"FAIL" in ran.err and b"amount" in ran.err and b"scaled by 100" in ran.err, ran.err)
    checks.true("cents: decision", ran.last_line.startswith("weir: FAIL exit=1 (1 error, 0 warn, 3 pass"), ran.last_line)
    checks.equal("--fail-on never", compare("train.ndjson", "cents.ndjson", "--fail-on", "never").exit, 0)
    # The same out of tables, compressed, from standard input, and with a mixture of formats.
    checks.equal("csv", compare("train.csv", "cents.csv").exit, 1)
    ran, fields, _ = fields_of("train.csv", "cents.ndjson")
    checks.equal("csv against ndjson", [f for f, v in fields.items() if v["outcome"] == "fail"], ["amount"])
    with open(os.path.join(folder, "cents.ndjson.gz"), "wb") as file:
        file.write(gzip.compress(files["cents.ndjson"].encode()))
    checks.equal("gzip", compare("train.ndjson", "cents.ndjson.gz").exit, 1)
    checks.equal("standard input", compare("train.ndjson", "-", stdin=files["cents.ndjson"].encode()).exit, 1)
    checks.equal("several files", fields_of("train.ndjson", "fresh.ndjson", "train.ndjson")[2]["current"]["records"],
                 2 * RECORDS)

    # Categories, nulls, types.
    ran, fields, _ = fields_of("train.ndjson", "more.ndjson")
    checks.equal("a new country", fields["country"]["outcome"], "fail")
    checks.true("is named", any("ES" in found["text"] for found in fields["country"]["findings"]), fields["country"])
    ran = compare("train.ndjson", "more.ndjson", "--redact", "country", "--report", "html=-", "--report", "json=o.json")
    with open(os.path.join(folder, "o.json"), encoding="utf-8") as file:
        checks.true("unless it is redacted", "ES" not in json.dumps(json.load(file)["fields"]) and b">ES<" not in ran.out
                    and b"ES " not in ran.err, ran.err)
    for redacted in ("customer", "customer.tier"):
        ran = compare("nested.ndjson", "nested-text.ndjson", "--redact", redacted, "--all-fields", "--report", "json=-")
        checks.true("what lies within a redacted field is hidden, and what it lies within", b"gold" not in ran.out + ran.err,
                    (redacted, ran.out, ran.err))
    checks.equal("nulls", fields_of("train.ndjson", "nulls.ndjson")[1]["amount"]["outcome"], "fail")
    checks.equal("another type", fields_of("train.ndjson", "text.ndjson")[1]["amount"]["outcome"], "fail")

    # What was asked for, and nothing else.
    ran, fields, _ = fields_of("train.ndjson", "cents.ndjson", "--fields", "age,amount", "--test", "ks,psi")
    checks.equal("only these fields", list(fields), ["age", "amount"])
    checks.equal("exactly these tests", [test["test"] for test in fields["amount"]["tests"]], ["ks", "psi"])
    ran, fields, _ = fields_of("train.ndjson", "cents.ndjson", "--fields", "amount", "--test", "ks", "--tolerance", "ks=1")
    checks.equal("a tolerance", (ran.exit, fields["amount"]["tests"][0]["tolerance"]), (0, 1))

    # No answer is no "fine".
    ran, fields, _ = fields_of("train.ndjson", "fresh.ndjson", "--fields", "amount,nobody")
    checks.equal("a field that nobody has", (ran.exit, fields["nobody"]["outcome"]), (0, "no_data"))
    checks.true("says so", b"no record on either side has this field" in ran.err, ran.err)
    checks.equal("nothing else to compare", compare("train.ndjson", "fresh.ndjson", "--fields", "nobody").exit, 3)
    checks.equal("other records", compare("train.ndjson", "other.ndjson").exit, 3)
    ran, fields, _ = fields_of("train.ndjson", "few.ndjson")
    checks.equal("too few", {field["outcome"] for field in fields.values()}, {"inconclusive"})

    # Bad input.
    for args, code in ((("train.ndjson",), 2), ((), 2), (("train.ndjson", "cents.ndjson", "--test", "kz"), 2),
                       (("train.ndjson", "cents.ndjson", "--tolerance", "ks"), 2),
                       (("train.ndjson", "cents.ndjson", "--tolerance", "ks=-1"), 2),
                       (("train.ndjson", "cents.ndjson", "--report", "junit=x"), 2),
                       (("train.ndjson", "cents.ndjson", "--report", "json=train.ndjson"), 2),
                       (("train.ndjson", "cents.ndjson", "--test", "correlation"), 2),
                       (("train.ndjson", "cents.ndjson", "--fields", "a..b"), 2),
                       (("missing.ndjson", "cents.ndjson"), 3), (("train.ndjson", "missing.ndjson"), 3),
                       (("train.ndjson", "empty.ndjson"), 3), (("empty.ndjson", "train.ndjson"), 3),
                       (("train.ndjson", "broken.ndjson"), 3),
                       (("train.ndjson", "fresh.ndjson", "--report", "json=no/such/dir.json"), 4)):
        ran = compare(*args)
        checks.equal(f"{args}: exit", ran.exit, code)
        checks.true(f"{args}: decision", f"exit={code} (" in ran.last_line or code == 2, ran.last_line)
    checks.true("a wrong test is answered with the right one", b"did you mean" in compare(
        "train.ndjson", "cents.ndjson", "--test", "chi_sqare").err)

    # The page.
    pages = [compare("train.ndjson", "more.ndjson", "--report", "html=-", "-q").out.decode() for _ in range(2)]
    page = pages[0]
    checks.equal("the page is the same each time", pages[0], pages[1])
    checks.true("the page is one small file", len(page) < 300_000 and "<script" not in page and "http" not in page.replace(
        "http-equiv", ""), len(page))
    checks.true("it draws both sides", "<svg" in page and "reference" in page and "current" in page)
    checks.true("it says what it shows without colours", ">Drift<" in page and ">As before<" in page)
    balanced = all(page.count(f"<{tag}") == page.count(f"</{tag}>") for tag in ("table", "article", "main", "ul", "figure"))
    checks.true("its elements are closed", balanced)
    checks.true("markdown", re.search(r"\| FAIL \| .country. \|", compare(
        "train.ndjson", "more.ndjson", "--report", "md=-", "-q").out.decode()) is not None)

    # Many fields: the page stays small and nobody is forgotten.
    wide = [{f"field_{i:03d}": random.Random(row * 1000 + i).random() for i in range(300)} for row in range(60)]
    moved = [{name: value + 1 for name, value in row.items()} for row in wide]
    with open(os.path.join(folder, "wide.ndjson"), "w", encoding="utf-8") as file:
        file.write(ndjson(wide))
    with open(os.path.join(folder, "moved.ndjson"), "w", encoding="utf-8") as file:
        file.write(ndjson(moved))
    page = compare("wide.ndjson", "moved.ndjson", "--report", "html=-", "-q").out.decode()
    checks.true("a page of 300 fields", len(page) < 300_000 and "field_299" in page, len(page))
checks.finish()
