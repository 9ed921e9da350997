"""Holds what is known of a file besides its bytes: publisher and language of files that do not declare theirs.

An operator gives them for whole folders (a trendbot.toml in the folder or above it) or with an ingest; of a channel's
file its post says them, with title and day. They are kept with the originals, so that a rebuild applies them again.
"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict, replace

from bot.languages import is_language, language_named
from bot.models import Document
from bot.text.unreadable import Unreadable

FILE: Final = "trendbot.toml"
LARGEST: Final = 64 * 1024
"""Bytes of a trendbot.toml that are read."""

_DECLARED: Final = "declared"
_OF_A_FOLDER: Final = ("publisher", "language")


class Defaults(Struct, frozen=True):
    """Metadata for documents that do not declare them; "" means no default.

    `title` and `published` (an ISO date) only complete what a document says nowhere.
    """

    publisher: str = ""
    language: str = ""
    title: str = ""
    published: str = ""

    def merged_with(self, others: Defaults) -> Defaults:
        """Return these defaults, with publisher and language completed from `others`."""
        return replace(
            self, publisher=self.publisher or others.publisher, language=self.language or others.language
        )

    def applied(self, document: Document) -> Document:
        """Return the document with these defaults, which replace what its text suggests, not what it declares."""
        provenance = document.provenance
        if self.publisher and provenance.publisher != _DECLARED:
            document = replace(document, publisher=self.publisher)
            provenance = replace(provenance, publisher="operator")
        if self.language and provenance.language != _DECLARED:
            document = replace(document, language=language_named(self.language) or "other")
            provenance = replace(provenance, language="operator")
        if self.title and provenance.title in {"", "name"}:
            document = replace(document, title=self.title, name="")
            provenance = replace(provenance, title="name")
        if self.published and document.published is None:
            document = replace(document, published=date.fromisoformat(self.published), remarks=())
            provenance = replace(provenance, published=_DECLARED)
        return document if provenance is document.provenance else replace(document, provenance=provenance)

    def to_json(self) -> str:
        """Return the defaults as JSON for from_json(); "" if there are none."""
        said = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(said, ensure_ascii=False) if said else ""

    @classmethod
    def from_json(cls, text: str) -> Defaults:
        """Return the defaults that to_json() wrote; `text` "" stands for none."""
        return cls(**json.loads(text)) if text else cls()


UNSAID: Final = Defaults()


class FolderDefaults:
    """Cache of files' defaults by folder; those given with the ingest precede those of a folder."""

    def __init__(self, given: Defaults) -> None:
        self._given = given
        self._folders: dict[Path, Defaults] = {}

    def of(self, path: Path) -> Defaults:
        """Return the defaults of a file. Raises Unreadable for a trendbot.toml that cannot be used."""
        return self._given.merged_with(self._nearest(path.absolute().parent))

    def _nearest(self, folder: Path) -> Defaults:
        """Return the defaults in the nearest trendbot.toml, in the folder or above it. Raises Unreadable."""
        if folder not in self._folders:
            above = folder.parent
            file = folder / FILE
            if file.is_file():
                self._folders[folder] = _read(file)
            else:
                self._folders[folder] = Defaults() if above == folder else self._nearest(above)
        return self._folders[folder]


def _read(file: Path) -> Defaults:
    try:
        with file.open("rb") as opened:
            values = tomllib.loads(opened.read(LARGEST).decode())
    except (OSError, ValueError) as error:
        raise Unreadable("bad_defaults", str(file), str(error).split("\n", maxsplit=1)[0]) from error
    unknown = [name for name in values if name not in _OF_A_FOLDER]
    wrong = [name for name, value in values.items() if not isinstance(value, str)]
    if not unknown and not wrong and values.get("language") and not is_language(values["language"]):
        raise Unreadable("bad_defaults", str(file), f"language = {values['language']!r}; en, zh-CN, ja, …")
    if unknown or wrong:
        known = ", ".join(_OF_A_FOLDER)
        raise Unreadable("bad_defaults", str(file), f"{(unknown or wrong)[0]}; {known}")
    return Defaults(**{name: " ".join(value.split()) for name, value in values.items()})
