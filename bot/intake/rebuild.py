"""Rebuilds the library: the packaged seeds, then every kept original, each under the report id that it was given.

read the packaged seeds, each under the id that its file had
read the kept originals again                        # rereading
record each original without a stored document as missing, with the reason
replace the keys that identify reports with those of today
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.intake.originals import OriginalFiles
from bot.intake.reading import beside, documents_in, files_in
from bot.intake.rereading import Rereading
from bot.intake.storing import Ingested, ParsedDocument, Storing
from bot.library.library import Library
from bot.state.state import State

if TYPE_CHECKING:
    from bot.intake.readers import Parser

_log = logging.getLogger(__name__)

PACKAGED = "packaged:"
"""Prefix of the key of a packaged file, before its name."""


class Rebuild:
    """One rebuild of the library, from the packaged seeds and the originals in the state."""

    def __init__(
        self, library: Library, state: State, storing: Storing, files: OriginalFiles, parser: Parser
    ) -> None:
        self._library = library
        self._state = state
        self._storing = storing
        # Read the versions first: a change that another machine makes after this is then followed later.
        self._versions = state.originals.versions()
        self._known_keys = state.originals.keys()
        originals = state.originals.all()
        digests = {original.name: original.sha256 for original in originals}
        self._originals = Rereading(originals, state.originals, library, files, parser, digests.get)

    def run(self, seeds: Path, now: int, today: date, parts: dict[str, str]) -> Iterator[Ingested]:
        """Fill the library in one transaction, and record there what is missing; yield all outcomes.

        Raises StorageError.
        """
        with self._library.rebuilding(parts, now):
            stored: set[tuple[str, str]] = set()
            for arrivals in (self._packaged(seeds, today), self._originals.documents(today)):
                for outcome in self._storing.store(arrivals, now):
                    if outcome.status != "failed":
                        stored.add((outcome.id, outcome.language))
                    elif outcome.id and outcome.error:
                        self._originals.blame(outcome.id, outcome.language, outcome.error)
                    yield outcome
            self._record(stored)

    def _record(self, stored: set[tuple[str, str]]) -> None:
        """Record and log the missing originals; update the state's records of the originals that were read."""
        whole = dict(self._versions)
        for original, problem in self._originals.missing(stored):
            whole.pop(original.report_id, None)
            self._library.put_missing(original.report_id, original.language, original.name, problem)
            _log.warning(
                "%s (report %s) could not be taken in again: %s.",
                *(original.name, original.report_id, problem.name),
            )
        self._library.put_versions(whole)
        self._state.originals.replace(self._known_keys, self._originals.keys, self._originals.read)

    def _packaged(self, seeds: Path, today: date) -> Iterator[ParsedDocument | Ingested]:
        from bot.intake.readers import IN_PROCESS  # loads every rule, which a query does not need

        for path in files_in(seeds):
            with path.open("rb") as file:
                for document in documents_in(IN_PROCESS, path.name, file, beside(path), today, path.name):
                    if isinstance(document, Ingested):
                        yield document
                        continue
                    key = f"{PACKAGED}{path.name}"
                    report = self._state.originals.report_id(key) or self._originals.report_of(document)
                    self._originals.record_keys(document, report)
                    self._originals.keys[key] = report
                    yield ParsedDocument(document, path.name, report_id=report)
