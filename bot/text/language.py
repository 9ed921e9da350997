"""Detects the language of a text (en, zh or other) by its script and function words. Knows no other vocabulary."""

from __future__ import annotations

import re
from pathlib import Path

from bot.languages import CHINESE, ENGLISH, Language
from bot.text.normalise import has_han
from bot.text.rule_data import read_words

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
LATIN = re.compile(r"[A-Za-zÀ-ɏ]+")
KANA = re.compile(r"[\u3041-\u30ff]+")
OTHER = re.compile(r"[\u0370-\u1fff\uac00-\ud7a3]+")
ENGLISH_WORDS = frozenset(
    "the of and to in a is that for on with as are by this be it from at was an or which its has have will not".split()
)

SAMPLE = 20_000
LETTERS_PER_HAN = 4.0
"""Latin letters that carry as much as one Han character."""

KANA_SHARE = 0.1
"""Minimum share of kana among kana and Han characters in Japanese."""

ENGLISH_SHARE, ENOUGH_WORDS = 0.12, 30
"""Minimum share of function words in an English text of this many words. Running English has a third, tables and lists
of names less, other languages almost none.
"""

FOREIGN_SHARE = 0.04
"""Share of other languages' function words, or of words with accents, above which a text is in another language."""

FOREIGN_WORDS = read_words(Path(__file__).with_name("foreign_words.txt"))


def detect_language(text: str) -> str:
    """Return "zh", "en" or "other"; for a mixed text, the language of most of it."""
    sample = text[:SAMPLE]
    han, kana, other = (sum(map(len, script.findall(sample))) for script in (HAN, KANA, OTHER))
    words = LATIN.findall(sample)
    latin = sum(map(len, words)) / LETTERS_PER_HAN
    if not han and not words:
        return "other"
    if other > max(han, latin) or (kana > KANA_SHARE * (han + kana) and kana + han > latin):
        return "other"
    if han >= latin:
        return "zh"
    known = sum(word.lower() in ENGLISH_WORDS for word in words)
    if len(words) < ENOUGH_WORDS or known >= ENGLISH_SHARE * len(words):
        return "en"
    foreign = sum(word.lower() in FOREIGN_WORDS or not word.isascii() for word in words)
    return "other" if foreign > max(known, FOREIGN_SHARE * len(words)) else "en"


def is_in_foreign_script(text: str) -> bool:
    """Return whether a text has letters of no language that readers use: kana, Hangul, Cyrillic, Greek and others."""
    return KANA.search(text) is not None or OTHER.search(text) is not None


def language_by_script(text: str) -> Language:
    """Return the language whose rules segment `text`: Chinese where it has Chinese characters, else English."""
    return CHINESE.code if has_han(text) else ENGLISH.code
