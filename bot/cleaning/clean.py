"""Dirty text in, clean text out, with every line and fragment that was removed and the rule that removed it.

Two steps, because a reader of metadata wants repaired lines before boilerplate goes: `repair` puts characters right
line by line, `strip_lines` takes away what is not the text. `clean` is both. Pure; linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from bot.cleaning.boilerplate import find_boilerplate
from bot.cleaning.characters import tidy_characters
from bot.cleaning.lost_characters import drop_lost_characters
from bot.cleaning.mojibake import (
    Misreading,
    find_misreading,
    is_garbled,
    is_suspicious,
    mark_unreadable,
    read_again,
    repair_mojibake,
)
from bot.cleaning.paragraphs import split_list, wrapped_blocks
from bot.cleaning.pinyin import has_annotation, may_be_annotated, strip_pinyin
from bot.cleaning.spam import find_spam, find_suspects
from bot.cleaning.spam_fragments import trim_spam
from bot.models import CutLine
from bot.text.escapes import read_escapes
from bot.text.markup import strip_markup
from bot.text.normalise import to_simplified

LONGEST_LINE = 10_000
"""Longer lines are cut at a stop or a space before any pattern sees them."""

HAN = re.compile("[\u3400-\u9fff]")
KANA = re.compile("[\u3041-\u30ff]")
KANA_SIGNS = frozenset(map(chr, range(0x3041, 0x3100)))
KANA_SHARE = 0.2
"""A text with more kana among its Han characters is Japanese, not traditional Chinese that quotes some."""

SPACE_RUN = re.compile(r" {2,}")
WORD = re.compile(r"\w")

Repair = Callable[[str], tuple[str, tuple[str, ...]]]

STOPS = "。！？.!? ,，"
QUARANTINE = frozenset({"adult-spam", "gambling-spam", "advert-spam", "link-farm-line", "spam-block"})
"""The rules whose lines must never be searched, quoted or sent."""


@dataclass(frozen=True, slots=True)
class Line:
    """A repaired line, or a part of an over-long one, with its number in the document (from 1)."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text whose characters are right, line by line, and the fragments that were dropped for it."""

    lines: tuple[Line, ...]
    cut: tuple[CutLine, ...]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The paragraphs that a reader gets with their line numbers, and what was cut, in the document's order."""

    lines: tuple[str, ...]
    numbers: tuple[int, ...]
    cut: tuple[CutLine, ...]

    @property
    def text(self) -> str:
        """The paragraphs, one a line."""
        return "\n".join(self.lines)

    def without(self, places: Collection[int], rule: str) -> Cleaned:
        """The same without the paragraphs at `places`, which are cut by `rule`."""
        cut = [CutLine(self.numbers[at], self.lines[at], rule) for at in sorted(places)]
        kept = [at for at in range(len(self.lines)) if at not in places]
        return Cleaned(
            tuple(self.lines[at] for at in kept),
            tuple(self.numbers[at] for at in kept),
            _ordered([*self.cut, *cut]),
        )


def clean(text: str) -> Cleaned:
    """`text` repaired, without boilerplate and spam."""
    return strip_lines(repair(text))


def repair(text: str) -> Repaired:
    """`text` with its characters put right; what is lost for good, annotations and stray tags are cut out."""
    text = (
        text.replace("\r\n", "\n").replace("\r", "\n").replace("\xad\n", "\u2010\n")
    )  # a soft hyphen that shows
    alphabet = frozenset(text)
    numbers, lines = _numbered(text)
    cut: list[CutLine] = []
    read = _read(lines, numbers, alphabet, cut)
    text = "\n".join(read)
    alphabet = alphabet if read is lines else frozenset(text)
    text = tidy_characters(text, alphabet)
    lines = text.split("\n")
    if may_be_annotated(text):
        annotated = any(has_annotation(line) for line in lines)
        lines = _each(partial(strip_pinyin, annotated=annotated), lines, numbers, "pinyin-annotation", cut)
    if not _is_japanese(text, alphabet):
        lines = to_simplified("\n".join(lines)).split("\n")
    lines = _each(drop_lost_characters, lines, numbers, "lost-characters", cut)
    lines = [SPACE_RUN.sub(" ", line).strip() if "  " in line else line.strip() for line in lines]
    return Repaired(tuple(Line(numbers[at], line) for at, line in wrapped_blocks(lines)), tuple(cut))


def _read(
    lines: list[str], numbers: Sequence[int], alphabet: AbstractSet[str], cut: list[CutLine]
) -> list[str]:
    """Return `lines` with escapes, wrong encodings and entities read and without stray tags; `lines` if there are none."""
    if "\\" in alphabet or "%" in alphabet:
        lines = [_one_line(read_escapes(line)) for line in lines]
    if is_suspicious(alphabet):
        decoded = partial(_decoded, misreading=find_misreading(lines))
        lines = _each(decoded, lines, numbers, "lost-characters", cut)
    if "<" in alphabet or "&" in alphabet:
        lines = _each(strip_markup, lines, numbers, "markup-remains", cut)
    return lines


def strip_lines(repaired: Repaired) -> Cleaned:
    """The text of `repaired` lines: without boilerplate and spam."""
    texts = [line.text for line in repaired.lines]
    suspects = find_suspects(texts)
    spam = find_spam(texts, suspects)
    rules = find_boilerplate(texts, frozenset(spam)) | spam
    kept: list[tuple[int, str]] = []
    cut = list(repaired.cut)
    for at, line in enumerate(repaired.lines):
        rule = rules.get(at) or ("no-words" if line.text and WORD.search(line.text) is None else "")
        if rule:
            cut.append(CutLine(line.number, line.text, rule))
            continue
        text, fragments = trim_spam(line.text, suspects[at]) if at in suspects else (line.text, ())
        cut += [CutLine(line.number, fragment, name) for fragment, name in fragments]
        kept += [(line.number, part) for part in split_list(text) if part]
    return Cleaned(tuple(text for _, text in kept), tuple(number for number, _ in kept), _ordered(cut))


def _ordered(cut: Iterable[CutLine]) -> tuple[CutLine, ...]:
    """`cut` by line number, those of one line in the order in which they were cut."""
    return tuple(sorted(cut, key=attrgetter("number")))


def _decoded(line: str, misreading: Misreading | None) -> tuple[str, tuple[str, ...]]:
    """Return `line` as it was meant before a wrong decoding; a line that cannot be put right goes as a whole."""
    text, rest = read_again(line, misreading)
    repaired = repair_mojibake(text)
    if is_garbled(repaired):
        return "", (repaired,)
    return mark_unreadable(repaired), (rest,) if rest else ()


def _one_line(text: str) -> str:
    """Return `text` without line breaks: what a repair reads out of one line stays one line."""
    return text.replace("\n", " ").replace("\r", " ")


def _numbered(text: str) -> tuple[list[int], list[str]]:
    """The lines of `text` and their numbers from 1; an over-long line is several with one number."""
    numbers: list[int] = []
    lines: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        for part in _parts(line.strip(" \t")):
            numbers.append(number)
            lines.append(part)
    return numbers, lines


def _parts(line: str) -> list[str]:
    """`line`, or its parts of at most LONGEST_LINE characters, cut behind a stop or a space where there is one."""
    parts: list[str] = []
    while len(line) > LONGEST_LINE:
        window = line[LONGEST_LINE - 1000 : LONGEST_LINE]
        cut = next((at for stop in STOPS if (at := window.rfind(stop)) >= 0), len(window) - 1)
        end = LONGEST_LINE - len(window) + cut + 1
        parts.append(line[:end])
        line = line[end:]
    return [*parts, line]


def _each(
    repair_line: Repair, lines: Sequence[str], numbers: Sequence[int], rule: str, cut: list[CutLine]
) -> list[str]:
    """`lines` repaired one by one; what a line lost for it is one entry of `cut`."""
    repaired: list[str] = []
    for number, line in zip(numbers, lines, strict=True):
        text, removed = repair_line(line)
        repaired.append(_one_line(text))
        if removed:
            cut.append(CutLine(number, " ".join(removed), rule))
    return repaired


def _is_japanese(text: str, alphabet: AbstractSet[str]) -> bool:
    """Whether kana are more than a quotation in `text`; its characters are then not traditional Chinese."""
    if alphabet.isdisjoint(KANA_SIGNS):
        return False
    kana = len(KANA.findall(text))
    return kana > KANA_SHARE * (kana + len(HAN.findall(text)))
