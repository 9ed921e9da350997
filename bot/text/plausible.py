"""Scores how plausible a text is, to tell running text from bytes decoded in a wrong encoding. Repairs nothing."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.text.normalise import to_simplified
from bot.text.rule_data import read_words

SAMPLE = 4000
"""Maximum non-ASCII stretches that are examined."""

WIDE = re.compile(r"[A-Za-z]?[^\x00-\x7f]+[A-Za-z]{0,2}")
CONTROLS = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f]")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
SIGNS = re.compile(
    r"[\xa0-\xbf\xd7\xf7\u02c6\u02dc\u2000-\u22ff\u2460-\u24ff\u25a0-\u27bf\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]+"
)
"""Punctuation and symbols of any script."""
KANA = re.compile(r"[\u3041-\u30ff]+")
HANGUL = re.compile(r"[\uac00-\ud7a3]+")
KANA_SHARE = 0.4
"""Minimum ratio of kana to Han characters in Japanese; headlines have about 1, running text 2."""
NO_TEXT = re.compile(r"[\ufffd\ue000-\uf8ff]+")
"""Replacement and private-use characters: they count against a text."""
LATIN = re.compile(
    r"(?<![^\x00-\x7f\xa0\xab\xbb\xbf\xa1\u2010-\u201f\u2026])"
    r"(?:[\xc0-\xd6\xd8-\xf6\xf8-\u024f]{1,2}|[\xdf-\xf6\xf8-\xff\u0105-\u017e]{3,4})"
    r"(?![^\x00-\x7f\xa0\xab\xbb\u2010-\u201f\u2026])"
)
"""Accented letters, two in a row as in créée or four small ones as in väčší; more, or symbols beside them, are bytes."""
OTHER = re.compile(r"[\u0370-\u052f]{2,}|[\u0590-\u06ff]{2,}|[\u0e00-\u0e7f]{2,}")
"""Words in Greek and Cyrillic, Hebrew and Arabic, Thai."""
CAPITALS = "".join(char for char in map(chr, range(0x100, 0x180)) if char.isupper())
ODD = re.compile(
    rf"(?<=[a-z\xdf-\xf6\xf8-\xff])[\xc0-\xd6\xd8-\xde{CAPITALS}]|(?<=[\u0430-\u045f])[\u0400-\u042f]"
    r"|(?<=[A-Z])[\xc0-\xd6\xd8-\xde](?=[a-z])|[\xc0-\xd6\xd8-\xde](?=[A-Z][a-z])"
    r"|(?<![^\W_])[\xd0-\xd5\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192](?![^\W_])"
)
"""A capital after a small letter (itÕs) or before another, or alone and no word: a sign of another encoding."""
MISPLACED = re.compile(
    r"[\u201a\u201e\u02c6\u02dc\xa1\xa4\xbf\u2030](?<=[A-Za-z\xc0-\u024f].)"
    r"|[\xa2-\xac\xae-\xb6\xb8-\xbb\u201c-\u201e\u2020\u2021\u2030-\u2038\u203b-\u22ff\u2500-\u25ff]"
    r"(?<=[a-z\xdf-\u024f].)[\xa2-\xbf\u201c-\u201e\u2020\u2021]?(?=[a-z\xdf-\u024f])"
)
"""An opening mark after a letter (caf‚) or a symbol inside a word (h”ren): a letter of another encoding."""

_ALPHABETS = re.compile(r"[\xc0-\u06ff\u0e00-\u0e7f]")
"""A letter of an alphabet, without which LATIN, OTHER and ODD match nothing."""


def plausibility(text: str) -> float:
    """Return the share, 0 to 1, of non-ASCII and control characters that running text would contain; 1 for ASCII alone."""
    pieces = WIDE.findall(text[: 250 * SAMPLE])[:SAMPLE]
    sample = "\n".join(pieces)
    wide = len(sample) - len(sample.encode("ascii", "ignore"))
    wide += len(CONTROLS.findall(text[:SAMPLE]))
    if not wide:
        return 1.0
    good = (
        _east_asian(sample)
        + count_in(SIGNS, sample)
        - count_in(NO_TEXT, sample)
        - len(MISPLACED.findall(sample))
    )
    if _ALPHABETS.search(sample):  # one look that spares most Chinese three
        good += count_in(LATIN, sample) + count_in(OTHER, sample) - len(ODD.findall(sample))
    return max(0.0, good) / wide


def count_in(pattern: re.Pattern[str], text: str) -> int:
    """Return how many characters of `text` the matches of a pattern take up."""
    return sum(map(len, pattern.findall(text)))


def _east_asian(sample: str) -> int:
    """Return the number of frequent Han characters, plus kana and frequent Hangul, in `sample`.

    Kana count only in Japanese, where they are many, and Hangul only in Korean, which hardly uses Han characters.
    """
    han, kana, hangul = ("".join(pattern.findall(sample)) for pattern in (HAN, KANA, HANGUL))
    good = count_in(_frequent_han(), to_simplified(han))
    if len(kana) >= KANA_SHARE * len(han):
        good += len(kana)
    if len(hangul) >= len(han):
        good += count_in(_frequent_hangul(), hangul)
    return good


@cache
def _frequent_han() -> re.Pattern[str]:
    """Return a pattern of the characters that make up most of running Chinese."""
    return _any_of("frequent_han.txt")


@cache
def _frequent_hangul() -> re.Pattern[str]:
    """Return a pattern of the syllables that make up most of running Korean."""
    return _any_of("frequent_hangul.txt")


def _any_of(name: str) -> re.Pattern[str]:
    return re.compile(f"[{''.join(sorted(read_words(Path(__file__).with_name(name))))}]+")
