"""Lines that a wrong encoding spoiled: put right where the bytes are still there. Drops nothing (see lost_characters).

UTF-8 read as a Western code page is ftfy's field; UTF-8 read as GBK (人 -> 浜) is not in it. Lines that were misread
as a whole, as GBK read as Latin-1, are put right before (see misreading).
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import cache

LATIN = re.compile("[\xc2-\xf4][^\x00-\x7f]|[\u0420-\u0444√‚‰][^\x00-\x7f\u0400-\u04ff]")
"""The first byte of a UTF-8 sequence read as cp1252, Latin-1, cp1251 or Mac Roman, and something after it."""

UTF8_AS_GBK = frozenset(
    "锛銆鈥鐨涓鍦鏄鍜鍙鍥鏉浜鏈澶鎴鍒瀹缁绛鏂鏁鍏鎶鏅鑳鍔鍚鍛鍗鎵鎷鎹鏃鏋鐢鐩鐜鐮缃缂缇鍖鍓鍘"
)
"""Characters that GBK shows for the first bytes of common Chinese ones in UTF-8; rare in any other text."""
SUSPICIOUS = UTF8_AS_GBK | frozenset(map(chr, (*range(0x80, 0x250), *range(0x400, 0x460)))) | frozenset("√‚‰")
GATE = re.compile(f"[{''.join(sorted(UTF8_AS_GBK))}]")

ENOUGH_MARKS = 2
GARBLED_MARKS, GARBLED = 3, 0.1
"""Marks, and their share of the wide characters, that no other text has."""

TOLERATED = 0.2
"""The share of characters that may be lost for a repair to count as one."""


def is_suspicious(alphabet: AbstractSet[str]) -> bool:
    """Whether a text of these characters may hold mojibake at all."""
    return not alphabet.isdisjoint(SUSPICIOUS)


def repair_mojibake(line: str) -> str:
    """`line` as it was meant, as far as its bytes can be known; what cannot becomes U+FFFD or stays."""
    if len(GATE.findall(line)) >= ENOUGH_MARKS:
        line = _from_gbk(line)
    if "â€\ufffd" in line:
        line = line.replace(
            "â€\ufffd", "”"
        )  # code page 1252 has no 0x9D, the last byte of this quotation mark alone
    if LATIN.search(line):
        from ftfy import fix_encoding

        line = fix_encoding(line)
    return line


def is_garbled(line: str) -> bool:
    """Whether `line` is still mojibake: many of its Han characters are what GBK makes of UTF-8."""
    marks = len(GATE.findall(line))
    return marks >= GARBLED_MARKS and marks >= GARBLED * sum(char > "\u2e7f" for char in line)


def _from_gbk(line: str) -> str:
    """UTF-8 that was read as GBK, read as UTF-8. Code page 936 shows a lone 0x80 as the euro sign."""
    parts = (lost.split("€") for lost in line.split("\ufffd"))
    raw = b"\xff".join(b"\x80".join(half.encode("gb18030", "replace") for half in part) for part in parts)
    text = raw.decode("utf-8", errors="replace")
    wide = sum(c > "\x7f" for c in text)
    lost = text.count("\ufffd")
    return text if wide and lost <= TOLERATED * wide and _common_share(text) > _common_share(line) else line


def _common_share(text: str) -> float:
    """The share of common Chinese characters and punctuation among what is not ASCII."""
    wide = [c for c in text if c > "\x7f"]
    return (
        sum(c in common_han() or c in "，。、；：？！“”‘’（）《》—…" for c in wide) / len(wide)
        if wide
        else 0.0
    )


@cache
def common_han() -> frozenset[str]:
    """The first level of GB 2312: the 3,755 characters in common use."""
    codes = (bytes((hi, lo)) for hi in range(0xB0, 0xD8) for lo in range(0xA1, 0xFF))
    return frozenset(b"".join(codes).decode("gb2312", "ignore"))
