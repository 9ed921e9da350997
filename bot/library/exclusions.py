"""Exclusions of a question: `-x`, `!x`, `–x`, `NOT x`, "without x", 不含x, 除了x以外. Parses them; searches nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from bot.library.glossary import Glossary
from bot.models import Mention
from bot.text.normalise import has_han
from bot.text.rule_data import read_table
from bot.text.segment import Segmenter
from bot.text.stopwords import STOPWORDS

_NOT = re.compile(r"(?<!\S)(?:(?:AND|BUT) )?NOT[ :]+(?=[^\s:])")
_BARE_NOT = re.compile(r"(?<=\S)(?:[ ,(]+not +|, *no +|[\s,(]+非)(?=\S)")
_NAMED_BEFORE = re.compile(r"除外|例外(?![情])")
_QUOTED = re.compile(r'["“「『]([^"“”「」『』]{1,80})["“”」』]')
# Phones turn a typed -- into a dash; ! excludes a word in the filters of news readers.
_SIGN = re.compile(r"(?<![^\s,，、;；])(?:-{1,2}|[–—−‐]|!(?=[\w\"“「『]))(\S{1,80})")
_BESIDES = re.compile(
    r"(?<![删解清免扣废拆消根去开排移铲破切撤剪])除(?!了|此|非|以)(?:(?=[^，。,\s]{1,20}?外)|(?<=[(（]除))"
)
# "Besides x, what else?" excludes nothing: its answer is mentioned beside x, often in the same sentence.
_ELSE = re.compile(
    r"还|也|又|什么|哪|谁|其[他它余]|别的|另|几|多少|\b(?:else|also|what|which|who|whom|other(?! than))\b"
)
_LEAD = re.compile(
    r"[\s:：]*(?:(?:for|in|of|on|from|the|any|those|anything|things|about|有关|关于|任何|那些|所有)(?![a-z])\s*)*"
)
_JOINT = re.compile(r"\s*(?:、|/|\b(?:and|or|nor)\b|和|或者?|与|以?及|还有|跟)\s*")
_TAIL = re.compile(r"\s*(?:之外|以外|外)?(?:的|，|,)?")
_LATIN = re.compile(r"[^\s,，、;；。!?！？\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fffa-z0-9]*[\u3400-\u9fff][\u3400-\u9fffa-z0-9]*")
_OUTSIDE = frozenset({"外", "之外", "以外", "还有"})
_EDGES = "-,.;:!?()，。；：！？、（）"


def mark_operators(text: str) -> str:
    """Return the question with `NOT x` written as `-x`, since folding would lose its capitals."""
    if text.isupper() and len(text.split()) > 3:  # a sentence in capitals: NOT is a word of it
        return text
    return _NOT.sub("-", text)


def split_exclusions(folded: str, glossary: Glossary, segmenter: Segmenter) -> tuple[str, tuple[str, ...]]:
    """Return the folded question without its exclusions, and the excluded words and phrases."""
    excluded: list[str] = []

    def phrase(match: re.Match[str]) -> str:
        excluded.append(match[1])
        return " "

    def word(match: re.Match[str]) -> str:
        excluded.append(match[1].strip(_EDGES))
        return " "

    text = re.sub(rf"(?<!\S)[-!–—−‐]{_QUOTED.pattern}", phrase, folded)
    text, before = _before_words(text, glossary, segmenter)
    text, named = _after_words(text, glossary, segmenter)
    text = _SIGN.sub(word, text)
    kept = (" ".join(item.split()) for item in (*excluded, *before, *named))
    return " ".join(text.split()), tuple(dict.fromkeys(item for item in kept if item))


def _before_words(text: str, glossary: Glossary, segmenter: Segmenter) -> tuple[str, list[str]]:
    """Return `text` without the topics that precede 除外 or 例外, and these."""
    excluded: list[str] = []
    if not _NAMED_BEFORE.search(text):
        return text, excluded
    starts = {m.end: m.start for m in glossary.forms.find(text, lambda: segmenter.words(text))}
    for match in reversed(list(_NAMED_BEFORE.finditer(text))):
        if match.start() in starts:
            start = starts[match.start()]
            excluded.append(text[start : match.start()])
            text = f"{text[:start]} {text[match.end() :]}"
    return text, excluded


def _after_words(text: str, glossary: Glossary, segmenter: Segmenter) -> tuple[str, list[str]]:
    """Return `text` without the exclusions that follow a word such as "without" or 不含, and what they exclude."""
    operators = list(_operators(text, glossary, segmenter))
    if not operators:
        return text, []
    mentions = list(glossary.forms.find(text, lambda: segmenter.words(text)))
    parts: list[str] = []
    excluded: list[str] = []
    end = 0
    for start, after, besides in operators:
        if start < end:
            continue
        stop, items = _objects(text, after, mentions, segmenter)
        if items and besides and _asks_for_all(f"{text[:start]} {text[stop:]}", segmenter):
            return "", items
        if items and not (besides and _ELSE.search(text, start)):
            parts.append(text[end:start])
            excluded += items
            end = stop
    return " ".join([*parts, text[end:]]), excluded


def _asks_for_all(rest: str, segmenter: Segmenter) -> bool:
    """Return whether `rest`, a question without its exclusions, names nothing and only asks what else there is."""
    kinds = _kinds()
    return _ELSE.search(rest) is not None and all(
        word in STOPWORDS or kinds.get(word) == "else"
        for word, _, _ in segmenter.words(rest)
        if word.strip().strip(_EDGES)
    )


def _operators(text: str, glossary: Glossary, segmenter: Segmenter) -> Iterator[tuple[int, int, bool]]:
    """Yield the start and end of each exclusion operator, from the left, and whether it may ask what else there is."""
    kinds = _kinds()
    operators = [
        (*m.span(), kinds[m[0]] == "besides") for m in _words().finditer(text) if kinds[m[0]] != "kept"
    ]
    operators += [(*m.span(), True) for m in _BESIDES.finditer(text)]
    if _BARE_NOT.search(text):
        starts = {m.start for m in glossary.forms.find(text, lambda: segmenter.words(text))}
        for match in _BARE_NOT.finditer(text):
            word = _LATIN.match(text, match.end())
            if match.end() in starts or (word and glossary.forms.named(word[0].strip(_EDGES))):
                operators.append((*match.span(), False))
    yield from sorted(operators)


def _objects(
    text: str, start: int, mentions: Iterable[Mention], segmenter: Segmenter
) -> tuple[int, list[str]]:
    """Return where the exclusion from `start` on ends, and its items: one, or several joined by words such as "and"."""
    items: list[str] = []
    longest = {m.start: m.end for m in sorted(mentions, key=lambda m: m.end)}
    place = stop = start
    while True:
        lead = _LEAD.match(text, place)
        begin = lead.end() if lead else place
        end, item = _object(text, begin, longest, segmenter)
        if not item:
            return _past_tail(text, place), items
        if items and _ELSE.match(item):  # 除了算力还有什么: "and what" is not a second item
            return _past_tail(text, stop), items
        items.append(item)
        stop = end
        joint = _JOINT.match(text, end)
        if joint is None:
            return _past_tail(text, end), items
        place = joint.end()


def _past_tail(text: str, place: int) -> int:
    tail = _TAIL.match(text, place)
    return tail.end() if tail else place


def _object(text: str, start: int, longest: dict[int, int], segmenter: Segmenter) -> tuple[int, str]:
    """Return the end and the text of the phrase, topic or word that begins at `start`; an empty text if none does."""
    if quoted := _QUOTED.match(text, start):
        return quoted.end(), quoted[1]
    topic_end = longest.get(start, start)
    if han := _HAN.match(text, start):
        end = _han_end(text, start, han.end(), longest, segmenter)
        return end, text[start : topic_end if topic_end > start else end]
    if topic_end > start:
        return topic_end, text[start:topic_end]
    latin = _LATIN.match(text, start)
    return (latin.end(), latin[0].strip(_EDGES)) if latin else (start, "")


def _han_end(text: str, start: int, end: int, longest: dict[int, int], segmenter: Segmenter) -> int:
    """Return where a run of Chinese stops naming one thing: before a stop word, 以外, or another topic."""
    first = longest.get(start, start)
    others = [place for place in longest if first <= place < end and place > start]
    if others:
        end = min(others)
    place = max(start, first)
    for word, begin, _ in sorted(segmenter.words(text[place:end]), key=lambda cut: (cut[1], -cut[2])):
        if has_han(word) and (word in STOPWORDS or word in _OUTSIDE) and place + begin > start:
            return place + begin
    return end


@cache
def _kinds() -> dict[str, str]:
    return read_table(Path(__file__).with_name("exclusion_words.tsv"))


@cache
def _words() -> re.Pattern[str]:
    """Return the pattern of the operators in the list, the longest first."""
    operators = (word for word, kind in _kinds().items() if kind != "else")
    words = sorted(operators, key=lambda word: (-len(word), word))
    han = "|".join(word for word in words if has_han(word))
    latin = "|".join(word for word in words if not has_han(word))
    return re.compile(rf"{han}|(?<![\w-])(?:{latin})(?![\w-])")
