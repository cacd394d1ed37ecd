# SPDX-License-Identifier: Apache-2.0
"""What a terminal shows, as an SVG: letters stay letters, colours are those of a dark terminal.

tmux tells a screen as text with escape sequences for colours (`Terminal.painted`). Each run of letters of one look becomes one <text>, put
at its column and stretched to its width, so that columns stand below each other whatever font the reader's browser takes."""
import re
import unicodedata
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 8.0, 17.0  # of one cell, in pixels
SIZE = 13.3                # of the letters: 0.6 of it is as wide as a cell in nearly every fixed-width font
BORDER = 14
FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"
BACK, FRONT, DIM = "#0f1419", "#d6dbe1", "#8a94a0"
# The sixteen colours of terminals, each at least 4.5 : 1 against BACK but for black.
COLOURS = ["#3a424c", "#ff7b72", "#6fd08c", "#e3b341", "#79b8ff", "#d2a8ff", "#76d9e6", "#d6dbe1",
           "#8a94a0", "#ffa198", "#8ddb8c", "#f2cc60", "#a5d6ff", "#e2c5ff", "#9be9f2", "#ffffff"]
SEQUENCE = re.compile(r"\x1b\[([\d;:]*)m|\x1b[()].|\x0e|\x0f")


@dataclass(frozen=True)
class Look:
    front: str | None = None
    back: str | None = None
    bold: bool = False
    dim: bool = False
    underlined: bool = False
    reversed: bool = False

    def colours(self):
        front, back = self.front or (DIM if self.dim else FRONT), self.back
        return (back or BACK, front) if self.reversed else (front, back)


def palette(number):
    """Colour `number` of 256."""
    if number < 16:
        return COLOURS[number]
    if number >= 232:
        level = 8 + 10 * (number - 232)
        return f"#{level:02x}{level:02x}{level:02x}"
    cube = [0, 95, 135, 175, 215, 255]
    number -= 16
    return f"#{cube[number // 36]:02x}{cube[number // 6 % 6]:02x}{cube[number % 6]:02x}"


def after(look, codes):
    """The look after a sequence with these numbers."""
    rest = [int(one or 0) for one in re.split("[;:]", codes)]
    while rest:
        code = rest.pop(0)
        if code == 0:
            look = Look()
        elif code in (1, 2, 4, 7):
            look = replace(look, **{{1: "bold", 2: "dim", 4: "underlined", 7: "reversed"}[code]: True})
        elif code == 22:
            look = replace(look, bold=False, dim=False)
        elif code in (24, 27):
            look = replace(look, **{{24: "underlined", 27: "reversed"}[code]: False})
        elif 30 <= code <= 37 or 90 <= code <= 97:
            look = replace(look, front=COLOURS[code - 30 if code < 90 else code - 82])
        elif 40 <= code <= 47 or 100 <= code <= 107:
            look = replace(look, back=COLOURS[code - 40 if code < 100 else code - 92])
        elif code in (38, 48) and rest:
            kind = rest.pop(0)
            colour = palette(rest.pop(0)) if kind == 5 else "#%02x%02x%02x" % tuple(rest.pop(0) for _ in range(3))
            look = replace(look, **{"front" if code == 38 else "back": colour})
        elif code == 39:
            look = replace(look, front=None)
        elif code == 49:
            look = replace(look, back=None)
    return look


def cells(text):
    """How many columns a text takes."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def runs(line, look):
    """The runs of one look in a line, as (column, text, look), and the look in which the next line begins."""
    found, column, at = [], 0, 0
    for sequence in [*SEQUENCE.finditer(line), None]:
        text = line[at:sequence.start() if sequence else len(line)]
        if text:
            found.append((column, text, look))
            column += cells(text)
        if sequence:
            at = sequence.end()
            if sequence.group(1) is not None:
                look = after(look, sequence.group(1))
    return found, look


def drawn(column, row, text, look):
    """A run as SVG: what is behind it, and its words. Blanks of two or more part it, so that nothing is stretched over them."""
    front, back = look.colours()
    if back:
        yield (f'<rect x="{BORDER + column * WIDTH:g}" y="{BORDER + row * HEIGHT:g}" width="{cells(text) * WIDTH:g}" '
               f'height="{HEIGHT:g}" fill="{back}"/>')
    style = (' font-weight="bold"' if look.bold else "") + (' text-decoration="underline"' if look.underlined else "")
    for words in re.finditer(r"\S+(?: \S+)*", text):
        x = BORDER + (column + cells(text[:words.start()])) * WIDTH
        fill = "" if front == FRONT else f' fill="{front}"'
        yield (f'<text x="{x:g}" y="{BORDER + (row + 0.76) * HEIGHT:g}" textLength="{cells(words.group()) * WIDTH:g}"{fill}{style}>'
               f"{escape(words.group())}</text>")


def svg(painted, columns, title):
    """`painted`: lines with escape sequences, without empty ones at the end. `title` is what a screen reader says."""
    lines = painted.rstrip("\n").split("\n")
    width, height = columns * WIDTH + 2 * BORDER, len(lines) * HEIGHT + 2 * BORDER
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" role="img">',
           f"<title>{escape(title)}</title>", f'<rect width="{width:g}" height="{height:g}" rx="8" fill="{BACK}"/>',
           f'<g font-family="{FONT}" font-size="{SIZE}" fill="{FRONT}" xml:space="preserve">']
    look = Look()
    for row, line in enumerate(lines):
        found, look = runs(line, look)
        for column, text, one in found:
            out.extend(drawn(column, row, text, one))
    return "\n".join([*out, "</g>", "</svg>"]) + "\n"
