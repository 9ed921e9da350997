"""Where the metadata of a document were found. Pure data."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class Provenance(Struct, frozen=True):
    """Where each metadata field of a document was found, "" for an unknown one.

    The values: declared (by its source, in fields), operator (by the person who ingests it), name, folder, address,
    heading, line, pictures, weekday (a weekly's, inferred from its newest pictures), text.
    """

    title: str = ""
    publisher: str = ""
    published: str = ""
    language: str = ""


UNKNOWN: Final = Provenance()
