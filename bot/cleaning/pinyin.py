"""Removes pinyin annotations, `趨勢(shì)`, which broken character converters leave behind. Other parentheses stay.

Parentheses are an annotation if they follow a Han character and contain valid pinyin: an initial and final of the
Hanyu Pinyin scheme in lower case with one tone mark (GB/T 16159), or with tone digits, `綠(lv4)`, at least twice.
Toneless syllables, `子(zi)`, look like abbreviations, so they need a tone mark elsewhere in the text, and `能(ai)`
needs a character with that reading.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from bot.text.rule_data import read_table

OPENING = "(（[［【"
ANNOTATION = re.compile(
    r"[(（\[［【]\s?([a-zà-üāēěīńňōūǎǐǒǔǖǘǚǜǹḿếềêɑɡ\u0300-\u030c'’ ]{1,40}[1-5]?)\s?[)）\]］】]"
)
NUMBERED = re.compile("([a-zü]{1,6})[1-5]")

BEFORE = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]\s?$")

SYLLABLES = frozenset(
    (initial + final).removeprefix("-") + r_coloured
    for initial, finals in read_table(Path(__file__).with_name("pinyin_finals.tsv")).items()
    for final in finals.split()
    for r_coloured in ("", "r")
)
LONGEST_SYLLABLE = 7

TONES = frozenset("\u0300\u0301\u0304\u030c")
OTHER_MARKS = str.maketrans({"\u0302": "", "ɑ": "a", "ɡ": "g"})

ABBREVIATIONS = read_table(Path(__file__).with_name("pinyin_words.tsv"))
NEUTRAL = read_table(Path(__file__).with_name("pinyin_neutral.tsv"))

LONGEST_WORD = 6
"""Most syllables in one annotation."""


def may_be_annotated(text: str) -> bool:
    """Return whether `text` contains a parenthesis: a cheap test."""
    return any(bracket in text for bracket in OPENING)


def has_annotation(text: str) -> bool:
    """Return whether `text` has an annotation with a tone mark."""
    return any(_syllables(match[1]) == "toned" for match in _candidates(text))


def _candidates(text: str) -> list[re.Match[str]]:
    """Return the parentheses after a Han character that contain only lower-case letters."""
    return [m for m in ANNOTATION.finditer(text) if BEFORE.search(text, max(0, m.start() - 2), m.start())]


def strip_pinyin(line: str, *, annotated: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return `line` without its annotations, and these. `annotated`: other lines of the text have tone marks."""
    if not may_be_annotated(line):
        return line, ()
    annotations: list[str] = []
    matches = [(match, _syllables(match[1])) for match in _candidates(line)]
    kinds = [kind for _, kind in matches]
    marked = annotated or "toned" in kinds or kinds.count("numbered") > 1
    pieces: list[str] = []
    end = 0
    for match, kind in matches:
        before = line[max(0, match.start() - 2) : match.start()].rstrip()[-1]
        if (
            kind == "toned"
            or (kind == "numbered" and marked)
            or (
                kind == "toneless"
                and match[0][0] in "(（"
                and _is_reading(before, match[1].strip(), marked=marked)
            )
        ):
            pieces.append(line[end : match.start()].rstrip(" "))
            annotations.append(match[0].strip())
            end = match.end()
    return "".join([*pieces, line[end:]]), tuple(annotations)


def _is_reading(char: str, syllable: str, *, marked: bool) -> bool:
    """Return whether a toneless `syllable` is the reading of `char`, not a word or abbreviation."""
    if NEUTRAL.get(char) == syllable:
        return True
    return marked and char in ABBREVIATIONS.get(syllable, char)


@lru_cache(maxsize=2048)
def _syllables(content: str) -> str:
    """Return the kind of pinyin in parentheses, "toned", "numbered" (lv4) or "toneless", or "" for anything else."""
    if content[-1].isdigit():
        match = NUMBERED.fullmatch(content)
        return "numbered" if match and match[1].replace("ü", "v") in SYLLABLES else ""
    letters = unicodedata.normalize("NFD", content).translate(OTHER_MARKS)
    tones = sum(letter in TONES for letter in letters)
    bare = "".join(letter for letter in letters if letter not in TONES).replace("u\u0308", "v")
    parts = bare.replace("'", " ").replace("’", " ").split()
    if not tones:
        return "toneless" if len(parts) == 1 and parts[0] in SYLLABLES else ""
    if len(parts) == 1 and parts[0] not in SYLLABLES:
        return "toned" if 1 < tones == _count(parts[0]) <= LONGEST_WORD else ""
    return "toned" if parts and len(parts) <= LONGEST_WORD and SYLLABLES.issuperset(parts) else ""


def _count(part: str) -> int:
    """Return the fewest syllables that spell `part`; 0 if it is not pinyin."""
    reached = {0: 0}
    for start in range(len(part)):
        if start not in reached:
            continue
        for end in range(start + 1, min(len(part), start + LONGEST_SYLLABLE) + 1):
            if end not in reached and part[start:end] in SYLLABLES:
                reached[end] = reached[start] + 1
    return reached.get(len(part), 0)
