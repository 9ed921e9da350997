"""What a language model may retell and what results from it, as frozen values. Asks no model."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from bot.models import Language, Report

_LEAST = 2
"""Minimum number of quoted sentences worth retelling. A single one is retold only from another language."""


class Evidence(Struct, frozen=True):
    """A quoted text that a model may retell: `number` is its citation, `passage` the id of the passage quoted."""

    number: int
    text: str
    language: str
    passage: str = ""


class Material(Struct, frozen=True):
    """Chosen evidence on `subject`, to be retold in `language`.

    `names` are the publishers' names, each in every language it is known in. With `talk`, the evidence is messages of
    people; otherwise it comes from reports.
    """

    subject: str
    language: Language
    evidence: tuple[Evidence, ...]
    names: tuple[tuple[str, ...], ...] = ()
    talk: bool = False

    def key(self, model: str) -> str:
        """Return the cache key: 64 hexadecimal digits, equal for the same model, subject, language and evidence."""
        parts = [model, self.subject, self.language, [(e.number, e.text) for e in self.evidence]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class Quoted(Protocol):
    """A sentence quoted from a report under a citation; `foreign` when it is not in the reader's language."""

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
    """Return the quoted sentences grouped by citation, or None where retelling is not worthwhile.

    Citation n refers to `passages[n - 1]`.
    """
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


class Draft(Struct, frozen=True):
    """A sentence as a model wrote it, with the citation numbers that it gave."""

    text: str
    numbers: tuple[int, ...]


class RetoldSentence(Struct, frozen=True):
    """A sentence that may be shown. When not `verified`, it is the source's own text, in the source's `language`."""

    text: str
    numbers: tuple[int, ...]
    verified: bool
    language: str


class Retelling(Struct, frozen=True):
    """A short text on the evidence, by `model`: it wrote `total` sentences, of which `verified` passed verification."""

    model: str
    sentences: tuple[RetoldSentence, ...]
    verified: int
    total: int


class KnownRetellings(Protocol):
    """Lookup of earlier retellings. `model` is the model's name, `host` the machine it runs on."""

    @property
    def model(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def left_out(self) -> tuple[str, ...]:
        """The ids of passages kept out of prompts because they address language models, newest last."""
        ...

    def known(self, material: Material) -> Retelling | None:
        """Return the retelling of `material`, or None where none can be shown."""
