"""Whole lines that were read in a wrong encoding: finds which one the document proves, and reads its lines again.

One line may be too short to be sure (2025Äê6ÔÂ3ÈÕ); its neighbours tell. What the encodings lost is not restored here.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from itertools import product

from bot.text.plausible import plausibility

SHOWN = (
    "latin-1",
    "sloppy-windows-1252",
    "sloppy-windows-1250",
    "sloppy-windows-1251",
    "sloppy-windows-1254",
    "iso8859-2",
    "iso8859-15",
    "koi8-r",
    "mac-roman",
)
"""What bytes are wrongly read as; the sloppy ones are ftfy's, which leave no byte out."""
MEANT = ("utf-8", "gb18030", "big5", "shift_jis", "euc-kr")

ONE_BYTE = "\x80-\u024f\u02c6-\u02dd\u0400-\u045f\u2013-\u203a\u20ac\u2116\u2122\u2202-\u2265\u2320\u2321\u2500-\u25ca\ufb01\ufb02"
"""Characters that one-byte encodings show for what is not ASCII."""
PROOF = re.compile(f"[{ONE_BYTE}]{{4,}}")
LONG_RUN = re.compile(f"[{ONE_BYTE}]{{6,}}")
"""Proof enough by itself, in a line that is right otherwise: three Chinese characters."""
RUN = re.compile(f"[{ONE_BYTE}]{{2,}}")

MOST_PROOFS = 50
"""Lines that are read in every way before one is chosen."""
SURE, BETTER, FITTING = 0.8, 0.1, 0.6
"""The plausibility that proves a reading, by how much it must beat the line as it is, and that of other lines."""

LETTER = re.compile("[\xc0-\xd6\xd8-\xf6\xf8-\u024f]")
FEW_LETTERS, MANY_LETTERS = 2, 6
"""Accented letters that with signs among them, or alone, are written one after the other by no language."""

Misreading = tuple[str, str]
"""The codec that was taken, and the one that was meant."""


def find_misreading(lines: Sequence[str]) -> Misreading | None:
    """Return the wrong reading that most lines prove, None where no line does."""
    proofs: Counter[Misreading] = Counter()
    suspects = [line for line in lines if PROOF.search(line)][:MOST_PROOFS]
    runs = [run for line in suspects for run in LONG_RUN.findall(line) if run != line]
    for line in (*suspects, *runs[:MOST_PROOFS]):
        now = plausibility(line)
        scores = {
            (shown, meant): plausibility(again[0])
            for shown, meant in product(SHOWN, MEANT)
            if (again := _read(line, shown, meant)) is not None
        }
        best = max(scores.values(), default=0.0)
        if best >= SURE and best - now >= BETTER:
            proofs.update(pair for pair, score in scores.items() if score == best)
    return max(proofs, key=lambda pair: proofs[pair], default=None)


def read_again(line: str, misreading: Misreading | None) -> tuple[str, str]:
    """Return `line` as it was meant, and the rest of a character that was cut at its end."""
    if misreading is None or line.isascii():
        return line, ""
    again = _read(line, *misreading)
    if again is None:
        return RUN.sub(lambda run: _fitting(run[0], misreading), line), ""
    return again if again[0] and plausibility(again[0]) >= FITTING else (line, "")


def mark_unreadable(line: str) -> str:
    """Return `line` with U+FFFD for each run of signs that no language writes: its clause goes with what is lost."""
    return PROOF.sub(lambda run: "\ufffd" if _is_unreadable(run[0]) else run[0], line)


def _is_unreadable(run: str) -> bool:
    """Return whether a run of characters outside ASCII holds letters as no word does."""
    letters = len(LETTER.findall(run))
    return letters >= (FEW_LETTERS if letters < len(run) else MANY_LETTERS)


def _fitting(run: str, misreading: Misreading) -> str:
    """Return `run`, a part of a line, as it was meant, where that is text."""
    again = _read(run, *misreading)
    return again[0] if again and not again[1] and plausibility(again[0]) >= FITTING else run


def _read(line: str, shown: str, meant: str) -> tuple[str, str] | None:
    """Return `line`, shown in one codec, in the one meant, and the cut end; None where the bytes are not that."""
    import ftfy.bad_codecs  # noqa: F401 -- makes the sloppy codecs known

    try:
        raw = line.encode(shown)
        decoder = codecs.getincrementaldecoder(meant)("strict")
        text = decoder.decode(raw, final=False)
    except UnicodeError:
        return None
    pending = len(decoder.getstate()[0])
    return text, raw[len(raw) - pending :].decode(shown) if pending else ""
