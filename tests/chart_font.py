"""Makes fonts/trendbot-sans.otf, the font of charts, from the font in Debian's package fonts-noto-cjk.

It keeps Latin, Greek, Cyrillic, kana, punctuation and the 6,763 characters of GB 2312. Their widths are written beside
the font, so that a chart can be laid out and checked for missing letters without a library that reads fonts.

    PYTHONPATH=. python tests/chart_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FOLDER: Final = Path(__file__).parents[1] / "fonts"
FAMILY: Final = "Trendbot Sans"
SOURCE: Final = "Noto Sans CJK SC"
HEADER: Final = """\
# Runs of characters that trendbot-sans.otf draws, by their code points (hexadecimal), with their width in 1/1000 em.
# Belongs here: what tests/chart_font.py reads from the font
# Does not: lines of our own
"""
_RANGES = (
    (0x20, 0x7E),
    (0xA1, 0x17F),
    (0x391, 0x3C9),
    (0x401, 0x451),
    (0x2010, 0x2027),
    (0x2030, 0x203B),
    (0x20A0, 0x20BF),
    (0x2190, 0x2193),
    (0x25A0, 0x25CF),
    (0x3001, 0x301F),
    (0x3041, 0x30FF),
    (0xFF01, 0xFF5E),
)


def wanted() -> set[int]:
    """Return the code points of the ranges above and of GB 2312, rows 16 to 87."""
    rows = (bytes([row + 0xA0, cell + 0xA0]) for row in range(16, 88) for cell in range(1, 95))
    characters = "".join(pair.decode("gb2312", "ignore") for pair in rows)
    return {*map(ord, characters), *chain.from_iterable(range(a, b + 1) for a, b in _RANGES)}


def subset(font: TTFont) -> None:
    """Remove everything unwanted from a font: glyphs, hints, layout rules, and names but its own, its copyright and licence."""
    options = Options(
        hinting=False, layout_features=[], notdef_outline=True, name_IDs=[0, 1, 2, 4, 6, 13, 14]
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted())
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in {1, 4}:
            record.string = FAMILY
        elif record.nameID == 6:
            record.string = FAMILY.replace(" ", "")
    (inner,) = font["CFF "].cff.topDictIndex
    inner.FamilyName = inner.FullName = FAMILY


def advances(font: TTFont) -> Iterable[str]:
    """Return a line for each run of code points of equal width."""
    widths = {
        code: round(font["hmtx"][glyph][0] * 1000 / font["head"].unitsPerEm)
        for code, glyph in font.getBestCmap().items()
    }
    first = last = -1
    for code in [*sorted(widths), -1]:
        if first >= 0 and (code != last + 1 or widths[code] != widths[first]):
            yield f"{first:05x}\t{last:05x}\t{widths[first]}\n"
            first = -1
        first, last = (code if first < 0 else first), code


def main() -> None:
    """Write the font and its widths."""
    (path,) = sys.argv[1:]
    fonts = TTCollection(path, lazy=True).fonts
    font = next(one for one in fonts if one["name"].getDebugName(4) == SOURCE)
    subset(font)
    font.save(FOLDER / "trendbot-sans.otf")
    (FOLDER / "advances.tsv").write_text(HEADER + "".join(advances(font)), "utf-8")


if __name__ == "__main__":
    main()
