"""Where the metadata of a document was read. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where what is known of a document stands; "" for what is unknown.

    declared (by its source, in fields), operator (who took it in), name, folder, address, heading, line, pictures, weekday (of a
    weekly, after its newest pictures), text.
    """

    title: str = ""
    publisher: str = ""
    published: str = ""
    language: str = ""


UNKNOWN: Final = Provenance()
