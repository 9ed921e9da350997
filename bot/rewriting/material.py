"""What a language model may retell, and what came of it, as frozen values. Asks no model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.models import Language, Report
from bot.rewriting.evidence import Evidence

_LEAST = 2
"""So many quoted sentences are worth a text of their own; one is where it is in another language."""


@dataclass(frozen=True, slots=True)
class Material:
    """Evidence on `subject`, already chosen, to be retold in `language`. `names` are those of its publishers, each in
    every language. It is of people's `talk`, or of reports.
    """

    subject: str
    language: Language
    evidence: tuple[Evidence, ...]
    names: tuple[tuple[str, ...], ...] = ()
    talk: bool = False

    def key(self, model: str) -> str:
        """The same for what the same model would be asked about the same evidence: 64 hexadecimal digits."""
        parts = [model, self.subject, self.language, [(e.number, e.text) for e in self.evidence]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class Quoted(Protocol):
    """A sentence of a report, quoted under a citation; `foreign` where it is in another language than the reader's."""

    @property
    def text(self) -> str: ...
    @property
    def citation(self) -> int: ...
    @property
    def language(self) -> str: ...
    @property
    def foreign(self) -> bool: ...


def material_of(
    subject: str,
    language: Language,
    quoted: Sequence[Quoted],
    passages: Sequence[str],
    reports: Iterable[Report],
) -> Material | None:
    """What is quoted, by citation; None where there is nothing to retell. [1] cites the first of `passages`."""
    if len(quoted) < _LEAST and not any(one.foreign for one in quoted):
        return None
    texts: dict[int, list[str]] = {}
    for one in quoted:
        texts.setdefault(one.citation, []).append(one.text)
    languages = {one.citation: one.language for one in quoted}
    evidence = tuple(
        Evidence(number, "\n".join(own), languages[number], passages[number - 1])
        for number, own in sorted(texts.items())
    )
    named = (tuple(e.publisher for e in report.editions if e.publisher) for report in reports)
    return Material(subject, language, evidence, tuple(dict.fromkeys(own for own in named if own)))


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model wrote it, with the numbers that it cites."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RetoldSentence:
    """A sentence that may be shown. Not `verified`: it is the source's own, in `language`."""

    text: str
    numbers: tuple[int, ...]
    verified: bool
    language: str


@dataclass(frozen=True, slots=True)
class Retelling:
    """A short text on the evidence by `model`: of `total` sentences that it wrote, `verified` say what their sources say."""

    model: str
    sentences: tuple[RetoldSentence, ...]
    verified: int
    total: int


class KnownRetellings(Protocol):
    """What a language model has retold before. `model` is its name, `host` whose machine it runs on."""

    @property
    def model(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def left_out(self) -> tuple[str, ...]:
        """The passages, the newest last, that are in no prompt since they speak to language models."""
        ...

    def known(self, material: Material) -> Retelling | None:
        """The retelling of `material`, None without one that can be shown."""
