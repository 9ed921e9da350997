"""Repairs mojibake where the original bytes can be restored. Drops nothing (see lost_characters).

A single line may be too short to be sure (2025Äê6ÔÂ3ÈÕ), so the wrong decoding is first detected over the whole text
and then undone in each line. After that, each line is repaired by itself: ftfy handles UTF-8 decoded as a Western code
page; UTF-8 decoded as GBK (人 -> 浜) is handled here.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import islice, product

from bot.text.normalise import has_han
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
    "cp437",
    "cp850",
    "cp866",
)
"""Codecs that bytes are wrongly decoded with; the "sloppy" ones are ftfy's, which decode every byte."""
MEANT = ("utf-8", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr")

ONE_BYTE = (
    "\x80-\u024f\u02c6-\u02dd\u0393-\u03c6\u0400-\u045f\u2013-\u203a\u207f\u20a7\u20ac\u2116\u2122\u2202-\u2265\u2310\u2320\u2321"
    "\u2500-\u25ca\ufb01\ufb02"
)
"""Characters that single-byte encodings show for bytes above ASCII."""
PROOF = re.compile(f"[{ONE_BYTE}]{{4,}}|(?:ÔÇ|тА|Б─|ΓÇ)[{ONE_BYTE}]")
"""Evidence of mojibake: two Chinese characters, or an English quotation mark or dash, as three bytes each."""
LONG_RUN = re.compile(f"[{ONE_BYTE}]{{6,}}")
"""Sufficient evidence in an otherwise intact line: three Chinese characters."""
RUN = re.compile(f"[{ONE_BYTE}]{{2,}}")

MOST_PROOFS, SAMPLE = 50, 300
"""Lines that are decoded in every way before one is chosen, and the characters of each."""
SURE, BETTER, FITTING = 0.8, 0.1, 0.6
"""Plausibility that proves a decoding, its least gain over the line as it is, and the bar for the other lines."""

ACCENTED = re.compile("[\xc0-\xd6\xd8-\xf6\xf8-\u024f]")
LOST = 0.1
"""Share of characters that a UTF-8 repair may lose, since UTF-8 resynchronises after a broken one."""
CUT = re.compile("\ufffd+(?=[.…\\s]*$)")
"""A character cut off at the end of a line, possibly followed by an ellipsis."""
FEW_LETTERS, MANY_LETTERS = 2, 6
"""So many consecutive accented letters, with symbols among them or alone, occur in no language."""

Misreading = tuple[str, str]
"""The codec used by mistake, and the right one."""


def find_misreading(lines: Sequence[str]) -> Misreading | None:
    """Return the wrong decoding that most lines prove, or None if no line does."""
    proofs: Counter[Misreading] = Counter()
    suspects = list(
        islice(
            (line[:SAMPLE] for line in lines if not line.isascii() and PROOF.search(line, 0, SAMPLE)),
            MOST_PROOFS,
        )
    )
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
    """Return `line` decoded correctly, and the rest of a character cut off at its end."""
    if misreading is None or line.isascii():
        return line, ""
    again = _read(line, *misreading)
    if again is None:
        return RUN.sub(lambda run: _fitting(run[0], misreading), line), ""
    return again if again[0] and plausibility(again[0]) >= FITTING else (line, "")


def mark_unreadable(line: str) -> str:
    """Return `line` with U+FFFD for each run that no language writes, so that its clause is dropped as lost."""
    return PROOF.sub(lambda run: "\ufffd" if _is_unreadable(run[0]) else run[0], line)


def _is_unreadable(run: str) -> bool:
    """Return whether a run of non-ASCII characters has more letters in a row than any word."""
    letters = len(ACCENTED.findall(run))
    return letters >= (FEW_LETTERS if letters < len(run) else MANY_LETTERS)


def _fitting(run: str, misreading: Misreading) -> str:
    """Return `run`, a part of a line, decoded correctly if the result is plausible."""
    again = _read(run, *misreading)
    return again[0] if again and not again[1] and plausibility(again[0]) >= FITTING else run


def _read(line: str, shown: str, meant: str) -> tuple[str, str] | None:
    """Return `line` re-decoded from `shown` to `meant`, and its cut-off end; None if the bytes do not fit."""
    import ftfy.bad_codecs  # noqa: F401 -- makes the sloppy codecs known

    try:
        raw = line.encode(shown)
        decoder = codecs.getincrementaldecoder(meant)("replace" if meant == "utf-8" else "strict")
        text = decoder.decode(raw, final=False)
    except UnicodeError:
        return None
    if text.count("\ufffd") > LOST * len(text):
        return None
    pending = len(decoder.getstate()[0])
    rest = raw[len(raw) - pending :].decode(shown) if pending else ""
    whole = CUT.sub("", text)
    return whole, rest or "\ufffd" * (len(text) - len(whole))


LATIN = re.compile("[\xc2-\xf4][^\x00-\x7f]|[\u0420-\u0444√‚‰][^\x00-\x7f\u0400-\u04ff]|вЂ")
"""The start of a UTF-8 sequence decoded as cp1252, Latin-1, cp1251 or Mac Roman."""

UTF8_AS_GBK = frozenset(
    "锛銆鈥鐨涓鍦鏄鍜鍙鍥鏉浜鏈澶鎴鍒瀹缁绛鏂鏁鍏鎶鏅鑳鍔鍚鍛鍗鎵鎷鎹鏃鏋鐢鐩鐜鐮缃缂缇鍖鍓鍘"
)
"""Characters that GBK shows for the first bytes of common UTF-8 Han characters; rare in other texts."""
SUSPICIOUS = (
    UTF8_AS_GBK
    | frozenset(map(chr, (*range(0x80, 0x250), *range(0x400, 0x460), *range(0x2550, 0x2594))))
    | frozenset("√‚‰")
)
GATE = re.compile(f"[{''.join(sorted(UTF8_AS_GBK))}]")

LATIN_AS_GBK = re.compile(
    r"(?<=[A-Za-z])[\u4e00-\u9fff]{1,2}(?=[a-z\s,.;:!?)]|$)|(?<![^\x00-\x7f])(?:鈥|拢)[\u4e00-\u9fff]?(?=[A-Za-z\d])"
)
"""Han characters in or before an English word: an accent or quotation mark in UTF-8 decoded as GBK."""

LETTERS_AS_GBK = frozenset(chr(letter).encode().decode("gbk") for letter in range(0xC0, 0x100))
"""What GBK shows for accented letters in UTF-8: ordinary Han characters, so they only count in texts with few others."""
MANY = 200
"""More distinct characters than any Latin text has."""

ENOUGH_MARKS = 2
GARBLED_MARKS, GARBLED = 3, 0.1
"""Number of marks, and their share of wide characters, that only garbled text reaches."""

TOLERATED = 0.2
"""Largest share of characters that a repair may lose."""


def is_suspicious(alphabet: AbstractSet[str]) -> bool:
    """Return whether a text with this alphabet may contain mojibake: a cheap test."""
    return not alphabet.isdisjoint(SUSPICIOUS) or (
        len(alphabet) < MANY and not alphabet.isdisjoint(LETTERS_AS_GBK)
    )


def repair_mojibake(line: str) -> str:
    """Return `line` decoded correctly as far as its bytes can be restored; the rest becomes U+FFFD or stays."""
    if has_han(line):
        if len(GATE.findall(line)) >= ENOUGH_MARKS:
            line = _from_gbk(line)
        line = LATIN_AS_GBK.sub(lambda run: _latin_from_gbk(run[0]), line)
    if "â€\ufffd" in line:
        # Code page 1252 has no 0x9D, the last byte of this quotation mark alone.
        line = line.replace("â€\ufffd", "”")
    if LATIN.search(line):
        from ftfy import fix_encoding

        line = fix_encoding(line)
    return line


def is_garbled(line: str) -> bool:
    """Return whether `line` is still mojibake: many of its Han characters are UTF-8 decoded as GBK."""
    marks = len(GATE.findall(line))
    return marks >= GARBLED_MARKS and marks >= GARBLED * sum(char > "\u2e7f" for char in line)


def _from_gbk(line: str) -> str:
    """Decode GBK-decoded UTF-8 correctly. Code page 936 shows a lone 0x80 as the euro sign."""
    parts = (lost.split("€") for lost in line.split("\ufffd"))
    raw = b"\xff".join(b"\x80".join(half.encode("gb18030", "replace") for half in part) for part in parts)
    text = raw.decode("utf-8", errors="replace")
    wide = sum(c > "\x7f" for c in text)
    lost = text.count("\ufffd")
    return text if wide and lost <= TOLERATED * wide and _common_share(text) > _common_share(line) else line


def _latin_from_gbk(run: str) -> str:
    """Return the Western letter or sign whose UTF-8 was decoded as GBK; `run` if it is none."""
    try:
        text = run.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return run
    return text if all(char < "\u0100" or "\u2010" <= char <= "\u203a" for char in text) else run


def _common_share(text: str) -> float:
    """Return the share of common Han characters and punctuation among the non-ASCII characters."""
    wide = [c for c in text if c > "\x7f"]
    return (
        sum(c in common_han() or c in "，。、；：？！“”‘’（）《》—…" for c in wide) / len(wide)
        if wide
        else 0.0
    )


@cache
def common_han() -> frozenset[str]:
    """Return level 1 of GB 2312: the 3,755 most common Han characters."""
    codes = (bytes((hi, lo)) for hi in range(0xB0, 0xD8) for lo in range(0xA1, 0xFF))
    return frozenset(b"".join(codes).decode("gb2312", "ignore"))
