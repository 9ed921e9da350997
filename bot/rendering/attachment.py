"""A file sent with a message, as a value; templates write its text. No logic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A named text file."""

    name: str
    text: str
