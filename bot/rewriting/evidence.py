"""A quoted text that a language model may retell, as a frozen value. Imports nothing of what verifies it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a model may retell: the text behind the citation `number`, and the id of the passage it is of."""

    number: int
    text: str
    language: str
    passage: str = ""
