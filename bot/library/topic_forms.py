"""Written forms of a set of topics, and a matcher that finds them in folded text. Immutable; stores nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bot.models import Mention, Topic
from bot.text.normalise import fold, has_han

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

_ALIKE = 0.6
_ALIKE_HAN = 0.35
# Two adjacent Latin words; those of a short name are other words by chance (x ai).
_APART = re.compile(r"(?<![A-Za-z])([A-Za-z]+) (?=([A-Za-z]+)(?![A-Za-z]))")
_SHORTEST_APART = 6
_HAN_NAME = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,8}")

Words = Iterable[tuple[str, int, int]]


class GlossaryError(ValueError):
    """Topics that cannot be used; the message says which and why."""


class TopicForms:
    """Topics by id, and a matcher for their forms."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        """Raises GlossaryError when two topics share a form, or a topic is related to an unknown one."""
        self.topics: Mapping[str, Topic] = {topic.id: topic for topic in topics}
        self._by_form: dict[str, str] = {}
        for topic in self.topics.values():
            for form in topic.written():
                owner = self._by_form.setdefault(fold(form), topic.id)
                if owner != topic.id:
                    raise GlossaryError(f"topics.toml: {form!r} is a form of both {owner} and {topic.id}.")
            if unknown := [
                t for t in (*topic.related, *topic.narrower, *topic.joins) if t not in self.topics
            ]:
                raise GlossaryError(f"topics.toml: {topic.id} is related to {unknown[0]}, which is no topic.")
        self.words = tuple(self._by_form)
        """The folded forms, which the segmenter keeps whole."""
        self._bars: dict[str, set[str]] = {}
        for topic in self.topics.values():
            for word in topic.not_inside:
                self._bars.setdefault(fold(word), set()).add(topic.id)
        self._capitals = {form: topic for topic in self.topics.values() for form in topic.capitals}
        self._patterns = tuple(dict.fromkeys((*self.words, *self._bars)))
        # Each pattern's topic, the topics that are not found inside it, and whether it begins and ends in Han.
        self._pattern_topics = tuple(
            (self._by_form.get(one), self._bars.get(one), has_han(one[:1]), has_han(one[-1:]))
            for one in self._patterns
        )

    def named(self, folded: str) -> str | None:
        """Return the topic that has exactly this folded form or this id, None if there is none."""
        return self._by_form.get(folded) or (folded if folded in self.topics else None)

    def is_form(self, term: str) -> bool:
        """Return whether a term of folded words, with spaces between Latin ones, is a form but for its hyphens."""
        return term in self._spaced

    def spelled(self, term: str) -> str:
        """Return the form that equals a term but for its hyphens, else the term itself."""
        return term if term in self._by_form else self._spaced.get(term, term)

    @cached_property
    def _spaced(self) -> dict[str, str]:
        return {form.replace("-", " "): form for form in self.words}

    def find(self, folded: str, words: Callable[[], Words]) -> Iterator[Mention]:
        """Yield the mentions of topics in folded text, overlapping ones too.

        A Latin form must not touch a Latin letter or digit. A Han form must begin and end where a word of `words`
        (called only if needed) does, so 智算 is not in 理智算法. A form inside a word of its topic's `not_inside` does not
        count, so 机器人 is not in 聊天机器人.
        """
        hits = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        bars = [(bar, start, end) for index, start, end in hits if (bar := self._pattern_topics[index][1])]
        edges: _Edges | None = None
        for index, start, end in hits:
            topic, _, begins_in_han, ends_in_han = self._pattern_topics[index]
            if topic is None or (
                bars and any(topic in bar and s <= start and end <= e for bar, s, e in bars)
            ):
                continue
            if edges is None and (begins_in_han or ends_in_han):
                edges = _edges(words())
            begins = (
                start in edges.starts if edges and begins_in_han else not _latin(folded[start - 1 : start])
            )
            if begins and (end in edges.ends if edges and ends_in_han else not _latin(folded[end : end + 1])):
                yield Mention(topic, self._patterns[index], start, end)

    def topics_of(self, text: str, folded: str, words: Callable[[], Words]) -> frozenset[str]:
        """Return the topics of a sentence, by its words and by its capitals; `folded` is `text` folded."""
        topics = {mention.topic for mention in self.find(folded, words)}
        topics.update(self._capitals[match[0]].id for match in self._capital_matches(text))
        return frozenset(topics.union(t.id for t in self._joining if topics.issuperset(t.joins)))

    def spelled_out(self, text: str) -> str:
        """Return a question with names that are written apart joined (deep seek), and with those that only capitals reveal.

        These are replaced by a full name: United States for US.
        """
        text = _APART.sub(lambda m: m[1] if self._is_name_apart(m[1], m[2]) else m[0], text)
        for match in reversed(list(self._capital_matches(text))) if not self.named(fold(text)) else ():
            name = self._capitals[match[0]].written()[0]
            text = text[: match.start()] + name + text[match.end() :]
        return text

    def _is_name_apart(self, one: str, other: str) -> bool:
        """Return whether two words are a proper topic's form of one word, cut in two."""
        form = fold(one + other)
        topic = self._by_form.get(form)
        if topic is None or len(form) < _SHORTEST_APART or not self.topics[topic].proper:
            return False
        return fold(f"{one} {other}") not in self._spaced

    def _capital_matches(self, text: str) -> Iterator[re.Match[str]]:
        """Return matches of the forms that only capitals reveal; none in a line that is all capitals."""
        stand = any(form in text for form in self._capitals) and not (text.isupper() and " " in text)
        return self._capital_forms.finditer(text) if stand else iter(())

    def misspelt(self, folded: str) -> list[str]:
        """Return the proper topics with a form in Han that differs from `folded` in one character: 深度求所 for 深度求索."""
        if not _HAN_NAME.fullmatch(folded):
            return []
        alike = (form for form in self.words if len(form) == len(folded) and _HAN_NAME.fullmatch(form))
        forms = (form for form in alike if sum(map(str.__ne__, form, folded)) == 1)
        topics = dict.fromkeys(self._by_form[form] for form in forms)
        return [topic for topic in topics if self.topics[topic].proper]

    def nearest(self, folded: str) -> list[str]:
        """Return topics whose forms share pairs of characters with `folded`, the most similar first.

        By Dice's coefficient (1945) over pairs of adjacent characters. A lower one is enough for Han: a pair of Han
        characters is often a word, whereas letters pair by chance (regulation and distillation have 0.53).
        """
        pairs = _pairs(folded)
        by_pair, sizes = self._form_pairs
        shared = Counter(form for pair in pairs for form in by_pair.get(pair, ()))
        best: dict[str, float] = {}
        for form, common in shared.items():
            score = 2 * common / (len(pairs) + sizes[form])
            topic = self._by_form[form]
            best[topic] = max(score, best.get(topic, 0.0))
        least = _ALIKE_HAN if has_han(folded) else _ALIKE
        alike = [topic for topic, score in best.items() if score >= least]
        return sorted(alike, key=lambda topic: (-best[topic], topic))

    @cached_property
    def _form_pairs(self) -> tuple[dict[str, list[str]], dict[str, int]]:
        by_pair: dict[str, list[str]] = {}
        sizes: dict[str, int] = {}
        for form in self.words:
            pairs = _pairs(form)
            sizes[form] = len(pairs)
            for pair in pairs:
                by_pair.setdefault(pair, []).append(form)
        return by_pair, sizes

    @cached_property
    def _capital_forms(self) -> re.Pattern[str]:
        forms = "|".join(map(re.escape, self._capitals)) or r"(?!)"
        return re.compile(rf"(?<![A-Za-z0-9.&-])(?:{forms})(?![A-Za-z0-9&$-])")

    @cached_property
    def _joining(self) -> list[Topic]:
        return [topic for topic in self.topics.values() if topic.joins]

    @cached_property
    def _automaton(self) -> AhoCorasick:
        from ahocorasick_rs import AhoCorasick

        return AhoCorasick(list(self._patterns))


class _Edges(NamedTuple):
    """Starts and ends of words."""

    starts: AbstractSet[int]
    ends: AbstractSet[int]


def _edges(words: Words) -> _Edges:
    spans = [(start, end) for _, start, end in words]
    return _Edges({start for start, _ in spans}, {end for _, end in spans})


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)} or {text}


def _latin(character: str) -> bool:
    return character.isalnum() and (character.isascii() or not has_han(character))


def outermost(mentions: Iterable[Mention]) -> list[Mention]:
    """Return mentions from the left, the longest first, none inside or overlapping another."""
    outermost: list[Mention] = []
    end = 0
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if mention.start >= end:
            outermost.append(mention)
            end = mention.end
    return outermost
