"""Reads again what came in, so that the library can be filled anew: every original keeps the id it was given.

the packaged seeds, each by the id that its file had
for each kept file, by name:
    read its documents with the rules of today, one by one
    the n-th is the edition that was the n-th before: its id stays, whatever title or language it has now
    an older version kept no numbers: then by key and language, else by the text that the old library has
what no document was read for, or could not be indexed, is missing: named with its reason
the keys by which reports are known become those of today
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.intake.defaults import loaded
from bot.intake.identity import keys_of
from bot.intake.originals import Sources
from bot.intake.reading import Beside, beside, documents_in, files_in
from bot.intake.storing import Arrived, Ingested, Storing, failed
from bot.library.indexing import new_report_id
from bot.library.library import Library
from bot.models import Document, Problem
from bot.state.originals import Original
from bot.state.state import State

if TYPE_CHECKING:
    from bot.intake.readers import Parser

_log = logging.getLogger(__name__)

PACKAGED = "packaged:"
"""How the key of a packaged file begins: its name follows."""
# A share of equal lines below which two texts are not versions of one.
_ALIKE = 0.3


class Rebuild:
    """Fills the library once, from the packaged seeds and the originals of the state."""

    def __init__(
        self, library: Library, state: State, storing: Storing, sources: Sources, parser: Parser
    ) -> None:
        self._library = library
        self._state = state
        self._storing = storing
        self._sources = sources
        self._parser = parser
        self._originals = state.originals.all()
        self._keys: dict[str, str] = {}
        self._read: dict[Original, Original] = {}
        self._problems: dict[Original, Problem] = {}

    def run(self, seeds: Path, now: int, today: date, parts: dict[str, str]) -> Iterator[Ingested]:
        """Fills the library in one transaction; what could not be taken in is recorded there. Raises StorageError."""
        with self._library.rebuilding(parts, now):
            stored: set[tuple[str, str]] = set()
            for arrivals in (self._packaged(seeds, today), self._again(today)):
                for outcome in self._storing.store(arrivals, now):
                    if outcome.status != "failed":
                        stored.add((outcome.id, outcome.language))
                    elif outcome.id and outcome.error:
                        self._blame(outcome.id, outcome.language, outcome.error)
                    yield outcome
            self._record(stored)

    def _record(self, stored: set[tuple[str, str]]) -> None:
        """Names what is missing, and keeps what is known now of the originals that were read."""
        for original in self._originals:
            now = self._read.get(original, original)
            if (now.report_id, now.language) not in stored:
                problem = self._problems.get(original, Problem("not_found_again"))
                self._library.put_missing(original.report_id, original.language, original.name, problem)
                _log.warning(
                    "%s (report %s) could not be taken in again: %s.",
                    *(original.name, original.report_id, problem.name),
                )
        missing = [original for original in self._originals if original not in self._read]
        self._state.originals.replace(self._keys, [*self._read.values(), *missing])

    def _blame(self, report: str, language: str, problem: Problem) -> None:
        for original, now in self._read.items():
            if (now.report_id, now.language) == (report, language):
                self._problems.setdefault(original, problem)

    # -- packaged --------------------------------------------------------------------------------------

    def _packaged(self, seeds: Path, today: date) -> Iterator[Arrived | Ingested]:
        from bot.intake.readers import HERE  # with all its rules: nothing that a question needs

        for path in files_in(seeds):
            with path.open("rb") as file:
                for document in documents_in(HERE, path.name, file, beside(path), today, path.name):
                    if isinstance(document, Ingested):
                        yield document
                        continue
                    key = f"{PACKAGED}{path.name}"
                    report = self._state.originals.report_id(key) or self._known(document)
                    self._name(document, report)
                    self._keys[key] = report
                    yield Arrived(document, path.name, report_id=report)

    # -- kept ------------------------------------------------------------------------------------------

    def _again(self, today: date) -> Iterator[Arrived | Ingested]:
        files: dict[tuple[str, str], list[Original]] = defaultdict(list)
        for original in self._originals:
            files[original.name, original.sha256].append(original)
        digests = {original.name: original.sha256 for original in self._originals}
        for (name, digest), originals in sorted(files.items()):
            yield from self._file(name, digest, originals, self._beside(name, digests), today)

    def _beside(self, name: str, digests: dict[str, str]) -> Beside:
        """What finds the bytes of a file that was beside `name`."""

        def original(other: str) -> bytes | None:
            digest = digests.get(str(Path(name).parent / other))
            path = self._sources.path(digest) if digest else None
            return path.read_bytes() if path and path.is_file() else None

        return original

    def _file(
        self,
        name: str,
        digest: str,
        originals: list[Original],
        original: Beside,
        today: date,
    ) -> Iterator[Arrived | Ingested]:
        path = self._sources.path(digest)
        if not path.is_file():
            problem = Problem("source_missing", (str(path), name))
            self._problems.update(dict.fromkeys(originals, problem))
            yield failed(name, problem)
            return
        waiting = {o.position: o for o in originals if o.position is not None}
        unnumbered = [o for o in originals if o.position is None]
        unclaimed: list[tuple[int, Document]] = []
        with path.open("rb") as file:
            for position, document in enumerate(
                documents_in(self._parser, name, file, original, today, name)
            ):
                if isinstance(document, Ingested):
                    concerned = [waiting[position]] if position in waiting else unnumbered
                    for one in concerned:
                        self._problems.setdefault(one, document.error or Problem("not_found_again"))
                    yield document
                elif position in waiting:
                    yield from self._arrived(waiting[position], document, position)
                elif (same := self._same_key(document, unnumbered)) is not None:
                    unnumbered.remove(same)
                    yield from self._arrived(same, document, position)
                elif unnumbered:
                    unclaimed.append((position, document))
        for one in unnumbered:
            if (same_text := self._same_text(one, unclaimed, alone=len(unnumbered) == 1)) is not None:
                unclaimed.remove(same_text)
                yield from self._arrived(one, same_text[1], same_text[0])

    def _same_key(self, document: Document, originals: Iterable[Original]) -> Original | None:
        """The original, of an older version, that this document's key and language name."""
        report = self._known(document)
        return next((o for o in originals if (o.report_id, o.language) == (report, document.language)), None)

    def _same_text(
        self, original: Original, documents: list[tuple[int, Document]], *, alone: bool
    ) -> tuple[int, Document] | None:
        """The document that is most like what the old library has of an original; the only one needs no likeness."""
        if alone and len(documents) == 1:
            return documents[0]
        lines = set((self._library.text(original.report_id, original.language) or "").splitlines()) - {""}

        def likeness(one: tuple[int, Document]) -> float:
            own = set(one[1].text.splitlines()) - {""}
            return len(lines & own) / max(1, len(lines | own))

        best = max(documents, key=likeness, default=None)
        return best if best is not None and likeness(best) >= _ALIKE else None

    def _arrived(self, original: Original, document: Document, position: int) -> Iterator[Arrived | Ingested]:
        """A document under the id of its original, unless another edition of the same report has its language."""
        document = loaded(original.defaults).applied(document)
        now = replace(original, language=document.language, position=position)
        for other in self._originals:
            if other is not original and other.report_id == now.report_id:
                taken = self._read.get(other, other)
                if taken.language == now.language:
                    problem = Problem("language_taken", (now.language,))
                    self._problems[original] = problem
                    yield failed(original.name, problem, original.report_id, original.language)
                    return
        self._read[original] = now
        self._name(document, now.report_id)
        yield Arrived(document, original.name, report_id=now.report_id)

    def _known(self, document: Document) -> str:
        """The report with this document's key, as it is known so far."""
        key = document.source_key
        return self._keys.get(key) or self._state.originals.report_id(key) or new_report_id(key)

    def _name(self, document: Document, report: str) -> None:
        """Makes a report known by the keys of today; one that another is known by too stays with whom it belonged to."""
        for key in keys_of(document):
            if self._state.originals.report_id(key) == report:
                self._keys[key] = report
            else:
                self._keys.setdefault(key, report)
