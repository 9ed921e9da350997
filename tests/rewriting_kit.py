"""Makes sentences as a language model might: faithful ones, and ones with a single error, from known sources.

The faithful ones are paraphrases written by hand (tests/rewriting). In a wrong one, one number, name, citation,
negation or fact of a source or a paraphrase is changed. The changes are defined here, independently of the rules that
must notice them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from bot.languages import other_language
from bot.models import Language
from bot.rewriting.material import Evidence
from bot.rewriting.reading import Reader
from bot.rewriting.verification import Fault, Verifier
from bot.settings import packaged
from bot.text.sentences import sentence_spans

HERE = Path(__file__).parent / "rewriting"
SEED = 7
_NEAR = 6
_NUMBER = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\w.-])\d+(?:\.\d+)?(?![\w-])|(?<![A-Za-z\d.-])\d+(?:\.\d+)?(?=[年月亿万个篇件项倍台%人分款所])"
)
_LIST = re.compile(r"(?:, |, and | and |、|和)+")
PUBLISHERS = (("CWW", "通信世界"), ("QbitAI", "量子位"), ("Zhidx", "智东西"), ("CAICT", "信通院"))
_UNDENIED: dict[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"\b(is|are|was|were|has|have|had|will|would|could|should|may|might) not\b", r"\1"),
        (r"\b(?:do|does|did) not ", ""),
        (r"\bcannot\b", "can"),
        (r"\b(is|are|was|were|has|have|do|does|did|would|could|ca|wo)n['’]t\b", r"\1"),
        (r"\bnever ", "always "),
        (r"\bno longer ", ""),
        (r"\bwithout\b", "with"),
        (r"\bhardly ", ""),
        (r", not ", ", "),
    ),
    "zh": (
        ("不会", "会"), ("无法", "可以"), ("不能", "能"), ("尚未", "已经"), ("难以", "容易"), ("并非", "是"),
        ("不是", "是"), ("没有", "有"), ("缺乏", "拥有"), ("不再", "再次"), ("从未", "一直"), ("未能", "得以"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A sentence as a model might write it, which cites the items `cited` of `evidence`."""

    sentence: str
    cited: tuple[int, ...]
    evidence: tuple[Evidence, ...]

    def fault(self, reader: Reader) -> Fault | None:
        """Return the fault that verification finds in it, or None."""
        return Verifier(reader, self.evidence).fault(self.sentence, self.cited)


def lines(name: str) -> list[str]:
    """Return the lines of a file in tests/rewriting, with their spaces."""
    return (HERE / name).read_text("utf-8").splitlines()


def paraphrases(language: Language) -> list[tuple[str, str]]:
    """Return each (source, paraphrase), in the order of the reports."""
    return [
        (source, told) for source, told in (line.split("\t") for line in lines(f"paraphrases.{language}.tsv"))
    ]


def translations(language: Language) -> list[tuple[str, str]]:
    """Return each seed sentence in the other language, paired with its translation in the edition in `language`."""
    pairs = []
    other = other_language(language)
    for path in sorted(packaged("seeds").glob(f"*.{other}.md")):
        own = _paragraphs(path.with_name(path.name.replace(f".{other}.", f".{language}.")), language)
        for sources, told in zip(_paragraphs(path, other), own, strict=False):
            pairs += list(zip(sources, told, strict=True)) if len(sources) == len(told) else []
    return pairs


def _paragraphs(path: Path, language: Language) -> list[list[str]]:
    """Return the sentences of each paragraph of a seed, without headings and page marks."""
    body = path.read_text("utf-8").split("---", 2)[2]
    lines = [re.sub(r"\s?(?:\[\d+\])+", "", line) for line in body.splitlines() if line and line[0] != "#"]
    return [[line[a:b].strip() for a, b in sentence_spans(line, language)] for line in lines]


class Maker:
    """Makes the sentences in one language; deterministic."""

    def __init__(self, language: Language, more: Sequence[str] = (), *, translated: bool = False) -> None:
        """Take `more` sources that have no paraphrase, such as those of public data.

        With `translated`, the sentences are translations of sources in the other language.
        """
        self.language = language
        self._of_sources = other_language(language) if translated else language
        self.pairs = translations(language) if translated else paraphrases(language)
        self.sources = [source for source, _ in self.pairs]
        self.more = list(more)
        self._random = random.Random(SEED)  # noqa: S311  # seeded for repeatable tests, no secret

    def evidence(self, number: int, sources: Sequence[str] = ()) -> tuple[Evidence, ...]:
        """Return the evidence that a model would get: the source at `number` as [1], then its neighbours."""
        all_of = list(sources or self.sources)
        near = [i for i in range(number - _NEAR // 2, number + _NEAR // 2 + 1) if 0 <= i < len(all_of)]
        order = [number, *(i for i in near if i != number)]
        return tuple(Evidence(k, all_of[i], self._of_sources) for k, i in enumerate(order, 1))

    def honest(self) -> Iterator[Made]:
        """Yield every paraphrase with the right citation."""
        for i, (_, told) in enumerate(self.pairs):
            yield Made(told, (1,), self.evidence(i))

    def _each(self, change: Callable[[str, str], Iterator[str]]) -> Iterator[Made]:
        """Yield the sentences that `change(text, source)` makes of each paraphrase and of each source itself."""
        for i, (source, told) in enumerate(self.pairs):
            for text in dict.fromkeys((told, source) if self._of_sources == self.language else (told,)):
                yield from (Made(wrong, (1,), self.evidence(i)) for wrong in change(text, source))
        for i, source in enumerate(self.more):
            yield from (Made(wrong, (1,), self.evidence(i, self.more)) for wrong in change(source, source))

    def invented_numbers(self) -> Iterator[Made]:
        """Yield sentences in which one number is replaced by one that the source lacks."""

        def change(text: str, source: str) -> Iterator[str]:
            for match in _NUMBER.finditer(text):
                digits = match[0].replace(",", "")
                number = float(digits) + self._random.choice((1, 2, 3, 7, 10))
                new = f"{number:.{len(digits.partition('.')[2])}f}"
                if new not in source.replace(",", ""):
                    yield text[: match.start()] + new + text[match.end() :]

        yield from self._each(change)

    def exchanged_numbers(self) -> Iterator[Made]:
        """Yield sentences in which two numbers are exchanged."""

        def change(text: str, _: str) -> Iterator[str]:
            yield from _exchanged(text, [m.span() for m in _NUMBER.finditer(text)])

        yield from self._each(change)

    def exchanged_names(self) -> Iterator[Made]:
        """Yield sentences in which two names are exchanged."""
        pattern = self._names()

        def change(text: str, _: str) -> Iterator[str]:
            yield from _exchanged(text, [m.span() for m in pattern.finditer(text)])

        yield from self._each(change)

    def wrong_names(self) -> Iterator[Made]:
        """Yield sentences in which one name is replaced by one that the source lacks."""
        names, pattern = lines(f"names.{self.language}.txt"), self._names()

        def change(text: str, source: str) -> Iterator[str]:
            for match in pattern.finditer(text):
                others = [
                    n for n in names if n not in source and match[0] not in n and not _same(n, match[0])
                ]
                other = self._random.choice(others)
                yield text[: match.start()] + other + text[match.end() :]

        yield from self._each(change)

    def _names(self) -> re.Pattern[str]:
        names = sorted(lines(f"names.{self.language}.txt"), key=len, reverse=True)
        return re.compile(
            "|".join(rf"\b{re.escape(n)}\b" if self.language == "en" else re.escape(n) for n in names)
        )

    def wrong_ids(self) -> Iterator[Made]:
        """Yield paraphrases that cite another passage, or one that does not exist."""
        for i, (source, told) in enumerate(self.pairs):
            evidence = self.evidence(i)
            for text in dict.fromkeys((told, source) if self._of_sources == self.language else (told,)):
                yield Made(text, (self._random.randint(2, len(evidence)),), evidence)
            yield Made(told, (len(evidence) + 1,), evidence)

    def dropped_negations(self) -> Iterator[Made]:
        """Yield sentences from which a negation is removed."""

        def change(text: str, _: str) -> Iterator[str]:
            for pattern, instead in _UNDENIED[self.language]:
                for match in re.finditer(pattern, text):
                    yield text[: match.start()] + match.expand(instead) + text[match.end() :]

        yield from self._each(change)

    def added_facts(self) -> Iterator[Made]:
        """Yield sentences with an invented fact, or half of another source's sentence, added at the end."""
        yield from self._ended_with(lines(f"added.{self.language}.txt"))

    def added_words(self) -> Iterator[Made]:
        """Yield sentences with one to five unsupported words added at the end: "illegally", "after a lawsuit"."""
        yield from self._ended_with(lines(f"added_in_a_word.{self.language}.txt"))

    def _ended_with(self, added: Sequence[str]) -> Iterator[Made]:
        def change(text: str, _: str) -> Iterator[str]:
            yield _ended(text, self._random.choice(added))

        yield from self._each(change)


def _same(one: str, other: str) -> bool:
    """Return whether one name is the adjective of the other, such as Chinese and China."""
    return {one, other} == {"China", "Chinese"}


def _exchanged(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Yield `text` with each pair of spans exchanged, except within one list, whose order carries no meaning."""
    for (a, b), (c, d) in combinations(spans, 2):
        between = "".join(text[i] for i in range(b, c) if not any(s <= i < e for s, e in spans))
        if text[a:b] != text[c:d] and not _LIST.fullmatch(between):
            yield text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]


def _ended(text: str, addition: str) -> str:
    """Return `text` with `addition` inserted before its full stop."""
    return text[:-1] + addition + text[-1] if text[-1:] in ".。" else text + addition
