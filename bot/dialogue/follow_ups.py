"""Resolves follow-up questions: "and in China?" after "AI investment", 那英伟达呢 after 算力. Pure.

The new concept replaces the one of the same kind (place, name, year, subject) in the last question. Names and places
also replace each other, since both answer "of whom". If there is nothing to replace, the concept is added.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

from bot.library.glossary import places
from bot.models import Mention, Topic
from bot.text.normalise import fold, has_han
from bot.text.rule_data import read_words
from bot.text.stopwords import STOPWORDS

Kind = Literal["place", "name", "year", "subject", "word"]
FindTopics = Callable[[str], list[Mention]]
"""Finds the topics in folded text from left to right, without overlaps."""

_HERE = Path(__file__).parent
_OF_WHOM = ("place", "name")
_SLOT = "<concept>"
_LONGEST = 60
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_ENDS = " .,!?。，！？"


class _Concept(Struct, frozen=True):
    kind: Kind
    start: int
    end: int


class FollowUps:
    """Resolver of follow-up questions over the glossary's `topics`, which `find` locates in folded text."""

    def __init__(self, topics: Mapping[str, Topic], find: FindTopics) -> None:
        self._topics = topics
        self._find = find

    def continued(self, text: str, last: str) -> str | None:
        """Return the question that `text` asks as a follow-up to `last`, or None if it is complete by itself.

        A text with more than one new concept, or with other content words, is complete by itself.
        """
        said = _said(text)
        if said is None:
            return None
        concepts = self._concepts(said)
        start, end = (concepts[0].start, concepts[0].end) if concepts else _without_stop_words(said)
        beside = said[:start] + " " + said[end:]
        nothing_new = not concepts and _only_stop_words(said[start:end])
        if len(concepts) > 1 or nothing_new or not _only_stop_words(beside):
            return None
        kind = concepts[0].kind if concepts else "place" if start else "word"
        asked = _comparable(last).rstrip(_ENDS)
        return self._replaced(asked, kind, said[start:end], said) + _comparable(last)[len(asked) :]

    def _replaced(self, last: str, kind: Kind, new: str, said: str) -> str:
        """Return the last question with its concept of this kind replaced by `new`, or with `said` appended."""
        concepts = self._concepts(last)
        same = [concept for concept in concepts if concept.kind == kind]
        if not same and kind in _OF_WHOM and any(concept.kind == "subject" for concept in concepts):
            same = [concept for concept in concepts if concept.kind in _OF_WHOM]
        if not same:
            return f"{last} {said}"
        # The subject comes last in an English question and first in a Chinese one.
        old = same[0] if has_han(last) else same[-1]
        return last[: old.start] + _spaced(last[: old.start], new) + last[old.end :]

    def _concepts(self, text: str) -> list[_Concept]:
        """Return the topics and years of a text from left to right."""
        topics = [_Concept(self._kind(m.topic), m.start, m.end) for m in self._find(fold(text))]
        years = [_Concept("year", *match.span()) for match in _YEAR.finditer(text)]
        apart = [year for year in years if not any(t.start < year.end and year.start < t.end for t in topics)]
        return sorted([*topics, *apart], key=lambda concept: concept.start)

    def _kind(self, topic: str) -> Kind:
        if topic in places():
            return "place"
        return "name" if self._topics[topic].proper else "subject"


def is_follow_up(text: str) -> bool:
    """Return whether a text has the form of a follow-up question, whatever it follows."""
    return _said(text) is not None


def _said(text: str) -> str | None:
    """Return the text inside a follow-up frame ("what about …"), or None if there is no such frame."""
    match = _frames().fullmatch(_comparable(text).strip(_ENDS))
    said = next((group for group in match.groups() if group), "").strip(_ENDS) if match else ""
    return said if 0 < len(said) <= _LONGEST else None


def _comparable(text: str) -> str:
    """Return `text` if its offsets equal those of its folded form, otherwise the folded form."""
    text = " ".join(text.split())
    return text if len(fold(text)) == len(text) else fold(text)


def _without_stop_words(said: str) -> tuple[int, int]:
    """Return the span of `said` without its leading stop words (in, for, with)."""
    start = 0
    for word in re.finditer(r"[A-Za-z]+ ", said):
        if word.start() != start or word[0].strip().lower() not in STOPWORDS:
            break
        start = word.end()
    return start, len(said)


def _only_stop_words(text: str) -> bool:
    return all(word in STOPWORDS for word in re.findall(r"\w+", fold(text)))


def _spaced(before: str, new: str) -> str:
    """Return `new` with a leading space where two Latin words would otherwise run together."""
    return f" {new}" if before and before[-1].isascii() and before[-1].isalnum() and new[0].isascii() else new


@cache
def _frames() -> re.Pattern[str]:
    frames = sorted(read_words(_HERE / "follow_up_frames.txt"), key=lambda frame: (-len(frame), frame))
    return re.compile("|".join(re.escape(frame).replace(_SLOT, "(.+)") for frame in frames), re.IGNORECASE)
