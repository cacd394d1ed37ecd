# SPDX-License-Identifier: Apache-2.0
"""docs/logs.md against the source, in both directions: every event that can be logged is there with its levels and fields, and nothing
that cannot. The troubles are those of the table from which weir_troubles_total has its series."""
import os
import re

from log_page import ROOT, page, source_events
from weir_process import Checks

checks = Checks()
written = page()
found, dynamic = source_events()

# Where an event is no literal it comes from one of the others: from the table of librdkafka's errors, or of a Trouble that is passed on.
KNOWN = {
    ("src/kafka/troubles.cpp", "std::string(words.event)"),
    ("src/stream/stream.cpp", "fenced.error().code"),  # broker_silent
    ("src/app/stream_observers.cpp", "trouble.event"),
}
checks.equal("events that are no literal are those that are known", set(dynamic), KNOWN)
checks.true("the source was read", len(found) > 50, len(found))
checks.equal("every event of the source is in docs/logs.md", sorted(set(found) - set(written)), [])
checks.equal("docs/logs.md has no event that the source has not", sorted(set(written) - set(found)), [])
for name in sorted(set(found) & set(written)):
    there, here = found[name], written[name]
    checks.equal(f"{name}: levels", sorted(here.levels), sorted(there.levels))
    checks.equal(f"{name}: fields", sorted(here.fields), sorted(there.fields))
    checks.equal(f"{name}: it stands among the troubles", here.trouble, there.trouble)
    checks.true(f"{name}: the page says what it is", len(here.words) > 20 and here.words.endswith("."), here.words)

with open(os.path.join(ROOT, "src", "sinks", "trouble_table.h"), encoding="utf-8") as file:
    listed = re.findall(r'^ +"([a-z_]+)",$', file.read(), re.MULTILINE)
checks.equal("the table of troubles has none twice", len(listed), len(set(listed)))
checks.equal("the table of troubles is that of the source", sorted(listed), sorted(name for name, one in found.items() if one.trouble))

with open(os.path.join(ROOT, "docs", "logs.md"), encoding="utf-8") as file:
    text = file.read()
for target, anchor in re.findall(r"\]\(([a-z]+\.md)#([a-z0-9_-]+)\)", text):
    with open(os.path.join(ROOT, "docs", target), encoding="utf-8") as file:
        titles = re.findall(r"^#+ (.*)$", file.read(), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-") for title in titles}
    checks.true(f"{target} has #{anchor}", anchor in anchors, sorted(anchors))
checks.finish()
