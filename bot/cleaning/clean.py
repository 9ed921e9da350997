"""Cleans a document and lists every removed line and fragment with the rule that removed it. Pure; linear time.

There are two steps, because metadata is read from repaired lines with boilerplate still in place: `repair` fixes
characters line by line, `strip_boilerplate` removes what is not text. `clean` does both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import groupby
from operator import attrgetter

from msgspec import Struct

from bot.blocks import Block
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
from bot.cleaning.spam import find_spam, find_suspects, is_clean_page
from bot.cleaning.spam_fragments import trim_spam
from bot.models import CutLine
from bot.text.escapes import read_escapes
from bot.text.markup import has_forum_tags, read_forum_tags, read_links, strip_markup
from bot.text.normalise import to_simplified
from bot.text.plain_blocks import lines_of

LONGEST_LINE = 10_000
"""Longer lines are split at a full stop or space before any pattern is applied."""

HAN = re.compile("[\u3400-\u9fff]")
KANA = re.compile("[\u3041-\u30ff]")
KANA_SIGNS = frozenset(map(chr, range(0x3041, 0x3100)))
KANA_SHARE = 0.2
"""A text with a larger share of kana is Japanese, not traditional Chinese that quotes Japanese."""

SPACE_RUN = re.compile(r" {2,}")
WORD = re.compile(r"\w")

Repair = Callable[[str], tuple[str, tuple[str, ...]]]

STOPS = "。！？.!? ,，"
QUARANTINE = frozenset({"adult-spam", "gambling-spam", "advert-spam", "link-farm-line", "spam-block"})
"""Rules whose lines must never be searched, quoted or sent."""


class Repaired(Struct, frozen=True):
    """Blocks with repaired characters, over-long ones split, and the fragments removed by the repair."""

    blocks: tuple[Block, ...]
    cut: tuple[CutLine, ...]


class Cleaned(Struct, frozen=True):
    """The blocks that readers get, and what was cut, in document order."""

    blocks: tuple[Block, ...]
    cut: tuple[CutLine, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The blocks' texts."""
        return tuple(block.text for block in self.blocks)

    @property
    def text(self) -> str:
        """The blocks' texts, one per line."""
        return "\n".join(self.lines)

    def without(self, places: Collection[int], rule: str) -> Cleaned:
        """Return a copy without the blocks at `places`, recorded as cut by `rule`."""
        cut = [CutLine(self.blocks[index].line, self.blocks[index].text, rule) for index in sorted(places)]
        kept = tuple(block for index, block in enumerate(self.blocks) if index not in places)
        return Cleaned(kept, _ordered([*self.cut, *cut]))


def clean(source: str | Iterable[Block]) -> Cleaned:
    """Return `source` repaired, without boilerplate and spam."""
    return strip_boilerplate(repair(source))


def repair(source: str | Iterable[Block]) -> Repaired:
    """Return `source` with repaired characters, without damaged clauses, pinyin annotations and stray tags."""
    blocks = [
        part for block in (lines_of(source) if isinstance(source, str) else source) for part in _parts(block)
    ]
    if not blocks:
        return Repaired((), ())
    numbers, lines = [block.line for block in blocks], [block.text for block in blocks]
    text = "\n".join(lines)
    alphabet = frozenset(text)
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
    repaired = [block.with_text(text) for text, block in zip(lines, blocks, strict=True)]
    return Repaired(tuple(_unwrapped(repaired) if len(repaired) > 1 else repaired), tuple(cut))


def _unwrapped(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield `blocks` with hard-wrapped plain lines joined; other blocks are complete already."""
    for plain, group in groupby(blocks, lambda block: block.kind == "line"):
        run = list(group)
        if plain:
            lines = [block.text for block in run]
            yield from (run[index].with_text(text) for index, text in wrapped_blocks(lines))
        else:
            yield from run


def _read(
    lines: list[str], numbers: Sequence[int], alphabet: AbstractSet[str], cut: list[CutLine]
) -> list[str]:
    """Return `lines` with escapes, mojibake and entities decoded and stray tags removed."""
    if "\\" in alphabet or "%" in alphabet:
        lines = [_one_line(read_escapes(line)) for line in lines]
    if is_suspicious(alphabet):
        decoded = partial(_decoded, misreading=find_misreading(lines))
        lines = _each(decoded, lines, numbers, "lost-characters", cut)
    if "<" in alphabet or "&" in alphabet:
        lines = _each(strip_markup, lines, numbers, "markup-remains", cut)
    if "[" in alphabet:
        if has_forum_tags("\n".join(lines)):
            lines = [read_forum_tags(line) for line in lines]
        lines = [read_links(line) for line in lines]
    return lines


def strip_boilerplate(repaired: Repaired) -> Cleaned:
    """Return `repaired` without boilerplate and spam."""
    # Code counts as neither boilerplate nor spam, whatever words it contains.
    texts = ["" if block.kind == "code" else block.shown for block in repaired.blocks]
    suspects = find_suspects(texts)
    spam = find_spam(texts, suspects)
    rules = find_boilerplate(texts, frozenset(spam)) | spam
    clean_page = is_clean_page(sum(map(bool, texts)), len(spam))
    kept: list[Block] = []
    cut = list(repaired.cut)
    for index, block in enumerate(repaired.blocks):
        line = block.text
        rule = rules.get(index) or ("no-words" if line and WORD.search(line) is None else "")
        if rule:
            cut.append(CutLine(block.line, line, rule))
            continue
        text, fragments = (
            trim_spam(line, suspects[index], on_clean_page=clean_page) if index in suspects else (line, ())
        )
        cut += [CutLine(block.line, fragment, name) for fragment, name in fragments]
        kept += [block.with_text(part) for part in split_list(text) if part]
    return Cleaned(tuple(kept), _ordered(cut))


def _ordered(cut: Iterable[CutLine]) -> tuple[CutLine, ...]:
    """Return `cut` sorted by line number, stable within a line."""
    return tuple(sorted(cut, key=attrgetter("number")))


def _decoded(line: str, misreading: Misreading | None) -> tuple[str, tuple[str, ...]]:
    """Return `line` with mojibake repaired, and what was removed; an unrepairable line is removed whole."""
    if line.isascii():
        return line, ()
    text, rest = read_again(line, misreading)
    repaired = repair_mojibake(text)
    if is_garbled(repaired):
        return "", (repaired,)
    return mark_unreadable(repaired), (rest,) if rest else ()


def _one_line(text: str) -> str:
    """Return `text` on one line: a repair must not split a line."""
    return text.replace("\n", " ").replace("\r", " ")


def _parts(block: Block) -> Iterator[Block]:
    """Yield `block`, split into parts of at most LONGEST_LINE characters, after a full stop or space where possible."""
    line = block.text.strip(" \t")
    while len(line) > LONGEST_LINE:
        window = line[LONGEST_LINE - 1000 : LONGEST_LINE]
        cut = next((index for stop in STOPS if (index := window.rfind(stop)) >= 0), len(window) - 1)
        end = LONGEST_LINE - len(window) + cut + 1
        yield block.with_text(line[:end])
        line = line[end:]
    yield block.with_text(line)


def _each(
    repair_line: Repair, lines: Sequence[str], numbers: Sequence[int], rule: str, cut: list[CutLine]
) -> list[str]:
    """Return `lines` repaired one by one, and record what each lost in `cut`."""
    repaired: list[str] = []
    for number, line in zip(numbers, lines, strict=True):
        text, removed = repair_line(line)
        repaired.append(_one_line(text))
        if removed:
            cut.append(CutLine(number, " ".join(removed), rule))
    return repaired


def _is_japanese(text: str, alphabet: AbstractSet[str]) -> bool:
    """Return whether `text` has too many kana to be traditional Chinese that quotes Japanese."""
    if alphabet.isdisjoint(KANA_SIGNS):
        return False
    kana = len(KANA.findall(text))
    return kana > KANA_SHARE * (kana + len(HAN.findall(text)))
