"""The quoted text that a language model may retell, as a frozen value. Independent of the code that verifies it."""

from __future__ import annotations

from msgspec import Struct


class Evidence(Struct, frozen=True):
    """A quoted text that a model may retell: `number` is its citation, `passage` the id of the passage quoted."""

    number: int
    text: str
    language: str
    passage: str = ""
