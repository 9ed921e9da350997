"""Finds lines of spam. Removes nothing itself (see spam_fragments for parts of lines).

A word alone proves nothing: articles about gambling law use it too. A line is spam if words and structure agree:
several spam words, densely, outside a sentence, a quotation or the language of reports; or fewer words with a pipe at
the end, a symbol inside a word, an address or a call to buy; or `title | 9天前 |` by itself. A line with a single
sign is spam only on a page with more of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

from bot.cleaning.boilerplate_lists import WHEN_WORDS
from bot.cleaning.spam_evidence import (
    SYMBOLS,
    Evidence,
    Shape,
    Word,
    fold_signs,
    gather,
    may_hold_site,
    words_in,
)
from bot.text.lines import LABEL_WIDTH, is_heading, is_sentence, width
from bot.text.rule_data import AnyOfWords, read_words

PIPE = "|｜丨│¦"
AGO = re.compile(rf"[{PIPE}]\s*{WHEN_WORDS}\s*(?:[{PIPE}]|$)", re.IGNORECASE)
PIPE_END = re.compile(rf"^[^{PIPE}](?:.*[^{PIPE}\s])?\s*[{PIPE}]$")

SIGNS = re.compile(f"[{PIPE}@{SYMBOLS}]")
ADDRESSES = AnyOfWords(sorted(read_words(Path(__file__).with_name("spam_address_signs.txt"))))
"""Every address and handle contains one of these."""
SPACED = re.compile(r"(?:[ .*·_~+^/|\[\]【】()-]{1,2}[\u3400-\u9fff]){3}")
"""Characters spaced out to evade word filters."""

CALLS = re.compile("[ !！]|注册|点击|官网|充值|彩金|上门|免费|在线")
SHORT_LINE = 150
"""A longer line without a call, space or sign is running text without spam."""

CHUNK = 8000
"""Characters searched at once: enough to be fast, few enough that most spam words cannot occur."""

NEAR, BLOCK = 3, 4
"""Most lines between two spam lines that count as spam too; fewest lines of a spam block."""

PLACES, MANY = 2, 3
"""So many gaps between sentences make spam scattered; from so many spam lines on, a suspicious line needs no more proof."""

CLEAN_PAGE = 30
"""A page with more lines per spam line counts as clean: its subject may use spam words."""

FEW, NARROWEST, ACCIDENT = 2, 12, 6
"""Most short lines in a row, since more are a list; narrowest line judged by its words; one in so many words may
occur in the sentences by chance (公司)."""

EASTERN = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
WESTERN = re.compile("[a-z\u00df-\u04ff]{4,}")
LONGEST = 10_000
"""Most characters of a sentence that are searched for words."""

Suspects = Mapping[int, tuple[Word, ...]]
"""Line indexes, each with the spam words that the line may contain."""

Rules = dict[int, str]
"""Line indexes, each with the rule that quarantines it."""


def find_suspects(lines: Sequence[str]) -> Suspects:
    """Return the lines with a spam word or sign, each with the words that it may contain.

    Words are searched in many lines at once, which is fast; lines with signs are included without words too.
    """
    suspects: dict[int, tuple[Word, ...]] = {}
    chunk: list[tuple[int, str]] = []
    size = 0
    for i, line in enumerate(lines):
        if _has_sign(line):
            suspects[i] = ()
            chunk.append((i, f"{line.lower()}\n{fold_signs(line)}"))
        elif len(line) <= SHORT_LINE or CALLS.search(line):
            chunk.append((i, line.lower()))
        else:
            continue
        size += len(chunk[-1][1])
        if size > CHUNK:
            suspects.update(_with_words(chunk))
            chunk, size = [], 0
    suspects.update(_with_words(chunk))
    return suspects


def _has_sign(line: str) -> bool:
    """Return whether `line` has a sign of spam, apart from words."""
    return (
        SIGNS.search(line) is not None
        or ADDRESSES.occurs_in(line)
        or (not line.isascii() and SPACED.search(line) is not None)
    )


def _with_words(chunk: Sequence[tuple[int, str]]) -> Iterator[tuple[int, tuple[Word, ...]]]:
    """Yield the lines of a chunk that contain a spam word, with all spam words of the chunk."""
    text = "\n".join(line for _, line in chunk)
    words = words_in(text)
    sites = may_hold_site(text)
    for i, line in chunk if words or sites else ():
        if any(word.text in line for word in words) or (sites and may_hold_site(line)):
            yield i, words


def find_spam(lines: Sequence[str], suspects: Suspects) -> Rules:
    """Return the rule of each spam line by its index in `lines`; only `suspects` are examined."""
    filled = [i for i, line in enumerate(lines) if line]
    evidence = {
        i: gather(lines[i], piped=PIPE_END.search(lines[i]) is not None, among=words)
        for i, words in sorted(suspects.items(), key=itemgetter(0))
    }
    rules: Rules = {}
    single: set[int] = set()
    for i, proof in evidence.items():
        if not is_sentence(lines[i]) and AGO.search(lines[i]):
            rules[i] = f"{proof.kind}-spam" if proof.words else "link-farm-line"
        elif (rule := proof.rule(shape_of(lines[i]))) and not _is_table_row(lines, i):
            rules[i] = rule
            if not proof.converges(shape_of(lines[i])):
                single.add(i)
    if is_clean_page(len(filled), len(rules)):
        rules = {i: rule for i, rule in rules.items() if i not in single}
    if not evidence:
        return rules
    rules.update(_piped_neighbours(lines, filled, evidence, rules))
    if rules:
        rules.update(_blocks(lines, filled, evidence, rules))
        rules.update(_scattered(lines, frozenset(rules), lambda i: i in evidence and evidence[i].suspicious))
    return rules


def is_clean_page(filled: int, spam: int) -> bool:
    """Return whether a page has so few spam lines among its `filled` ones that a single sign is no proof."""
    return filled > CLEAN_PAGE * max(1, spam)


def shape_of(line: str) -> Shape:
    """Return a line's shape, which sets the burden of proof."""
    if not is_sentence(line) and not line.endswith(("。", "；", ";")):
        return "exclamation" if line.endswith(("!", "！", "?", "？", ".")) else "title"
    return "exclamation" if line.endswith(("!", "！")) else "statement"


def _is_table_row(lines: Sequence[str], i: int) -> bool:
    """Return whether a line ending in a pipe is a table row: several cells, and a neighbour with as many."""
    bars = lines[i].count("|")
    return (
        bars > 2
        and any(0 <= j < len(lines) and lines[j].count("|") == bars for j in (i - 1, i + 1))
        and (AGO.search(lines[i]) is None)
    )


def _piped_neighbours(
    lines: Sequence[str], filled: Sequence[int], evidence: dict[int, Evidence], rules: Rules
) -> Rules:
    """Return lines ending in a pipe on a page with spam, or near another such line; one alone may be a typo."""
    near = [
        i
        for i in filled
        if i in rules or (i in evidence and evidence[i].piped and not _is_table_row(lines, i))
    ]
    if rules:
        return {i: "link-farm-line" for i in near if i not in rules}
    places = {i: index for index, i in enumerate(filled)}
    hits: Rules = {}
    for before, after in pairwise(near):
        if places[after] - places[before] <= NEAR:
            hits.update(dict.fromkeys((before, after), "link-farm-line"))
    return hits


def _blocks(
    lines: Sequence[str], filled: Sequence[int], evidence: dict[int, Evidence], rules: Rules
) -> Rules:
    """Return lines between spam lines, and suspicious ones next to them. A sentence or heading ends a block."""
    hits: Rules = {}
    run: list[int] = []
    for i in [*filled, -1]:
        if i >= 0 and (i in rules or not (is_sentence(lines[i]) or is_heading(lines[i]))):
            run.append(i)
            continue
        marked = [index for index, j in enumerate(run) if j in rules]
        for before, after in pairwise(marked):
            if after - before <= NEAR + 1:
                hits.update(dict.fromkeys(run[before + 1 : after], "spam-block"))
        if marked:
            beside = [*reversed(run[: marked[0]][-NEAR:]), *run[marked[-1] + 1 :][: NEAR if i < 0 else 1]]
            hits.update({j: "spam-block" for j in beside if j in evidence and evidence[j].suspicious})
            if i < 0 and len(marked) >= BLOCK:
                hits.update(dict.fromkeys(run[marked[-1] + 1 :][:1], "spam-block"))
        run = []
    return hits


def _scattered(
    lines: Sequence[str], spam: frozenset[int], is_suspicious: Callable[[int], bool]
) -> dict[int, str]:
    """Return the rule of lines that belong to scattered spam, by their index in `lines`."""
    if len(spam) < PLACES:
        return {}
    gaps = _gaps(lines, spam)
    short = [i for gap in gaps for i in gap if i not in spam and not is_heading(lines[i])]
    hits = {i: "spam-block" for i in short if len(spam) >= MANY and is_suspicious(i)}
    if sum(any(i in spam for i in gap) for gap in gaps[1:-1]) < PLACES:
        return hits
    words = _words_of(line for i, line in enumerate(lines) if i not in spam and is_sentence(line))
    for gap in gaps[1:-1]:
        left = [i for i in gap if i not in spam and i not in hits]
        if len(left) <= FEW:
            hits.update({i: "spam-block" for i in left if i in short and _is_foreign(lines[i], words)})
    return hits


def _gaps(lines: Sequence[str], spam: frozenset[int]) -> list[list[int]]:
    """Return the filled lines before, between and after the sentences."""
    gaps: list[list[int]] = [[]]
    for i, line in enumerate(lines):
        if line and i not in spam and is_sentence(line):
            gaps.append([])
        elif line:
            gaps[-1].append(i)
    return gaps


def _words_of(texts: Iterable[str]) -> set[str]:
    """Return the East Asian character pairs and Western words of `texts`."""
    units: set[str] = set()
    for text in texts:
        read = text[:LONGEST].lower()
        units.update(run[index : index + 2] for run in EASTERN.findall(read) for index in range(len(run) - 1))
        units.update(WESTERN.findall(read))
    return units


def _is_foreign(line: str, words: set[str]) -> bool:
    """Return whether `line` is short and shares hardly any of its words with `words`."""
    own = _words_of([line]) if NARROWEST <= width(line) <= LABEL_WIDTH else set()
    return len(own) > 1 and len(own & words) * ACCIDENT <= len(own)
