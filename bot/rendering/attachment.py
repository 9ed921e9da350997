"""A file sent with a message, as a value; templates write its text. No logic."""

from __future__ import annotations

from msgspec import Struct


class Attachment(Struct, frozen=True):
    """A named text file."""

    name: str
    text: str
