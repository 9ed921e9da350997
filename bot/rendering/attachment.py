"""What goes with a message as a file, as a value: written by templates like any other text. No logic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file by its name."""

    name: str
    text: str
