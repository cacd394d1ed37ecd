# SPDX-License-Identifier: Apache-2.0
"""A painted screen becomes a picture that says the same: letters, colours, columns; and the pictures in docs/pictures are such."""
import glob
import os
import re
import sys
import xml.etree.ElementTree as xml

from painted import BACK, BORDER, COLOURS, FRONT, WIDTH, svg

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts"))
from weir_process import Checks  # noqa: E402

NAME = "{http://www.w3.org/2000/svg}"
LARGEST = 200_000
checks = Checks()


def texts(picture):
    """(column, letters, colour, bold) of every run."""
    for one in xml.fromstring(picture).iter(NAME + "text"):
        yield (float(one.get("x")) - BORDER) / WIDTH, one.text, one.get("fill", FRONT), one.get("font-weight") == "bold"


shown = svg("\x1b[1;31mFAIL\x1b[0m  a<b & c   \x1b[2mdim\x1b[22m\n\x1b[7mchosen\x1b[27m \x1b[38;5;196mred\x1b[39m \x1b[38;2;1;2;3mrgb\x1b[0m 日本 x\n", 40, "a title")
runs = list(texts(shown))
checks.equal("a colour and bold are kept, and columns", runs[0], (0.0, "FAIL", COLOURS[1], True))
checks.equal("what means something in XML is text", runs[1][:3], (6.0, "a<b & c", FRONT))
checks.equal("blanks of two and more part what is written", runs[2][:2], (16.0, "dim"))
checks.equal("reversed: the ground in the letters' colour", runs[3][:3], (0.0, "chosen", BACK))
checks.equal("one of 256 colours", runs[4][1:3], ("red", "#ff0000"))
checks.equal("any colour", runs[5][1:3], ("rgb", "#010203"))
checks.equal("a look goes on over the end of a line until it ends", list(texts(svg("\x1b[32mone\ntwo\x1b[0m", 10, "t")))[1][2], COLOURS[2])
wide = list(texts(svg("日本 x\x1b[31m!", 10, "t")))
checks.equal("wide letters take two columns", wide[1][0], 6.0)
checks.true("it says what it shows", "<title>a title</title>" in shown)

for path in glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "pictures", "terminal-*.svg")):
    with open(path, encoding="utf-8") as file:
        picture = file.read()
    name = os.path.basename(path)
    checks.true(f"{name} is small", len(picture.encode()) <= LARGEST)
    checks.true(f"{name} begins with what was typed, or with weir", re.match(r"(\$ )?weir ", next(texts(picture))[1]) is not None, next(texts(picture)))
    checks.true(f"{name} shows no prompt of the tests", "@>" not in picture)
checks.true("pictures were seen", checks.done >= 9 + 3 * 3)
checks.finish()
