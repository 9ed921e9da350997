"""What a language model may retell, and what came of it, as frozen values. No logic beyond a key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from bot.models import Language
from bot.rewriting.verification import Evidence


@dataclass(frozen=True, slots=True)
class Material:
    """Evidence on `subject`, already chosen, to be retold in `language`. `names` are those of its publishers, each in
    every language.
    """

    subject: str
    language: Language
    evidence: tuple[Evidence, ...]
    names: tuple[tuple[str, ...], ...] = ()

    def key(self, model: str) -> str:
        """The same for what the same model would be asked about the same evidence: 64 hexadecimal digits."""
        parts = [model, self.subject, self.language, [(e.number, e.text) for e in self.evidence]]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


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
