"""Reads kept originals again by today's rules, and gives each document the report id that its original has.

for each kept file, by name:
    read its documents one by one
    the n-th document is the edition that was n-th before: its id stays, whatever its title or language is now
    originals of an older version have no numbers: match by key and language, else by the text in the old library

To rebuild a library:
read the packaged seeds, each under the id that its file had
read the kept originals again
record each original without a stored document as missing, with the reason
replace the keys that identify reports with those of today
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.intake.defaults import Defaults
from bot.intake.identity import keys_of, new_report_id
from bot.intake.originals import OriginalFiles
from bot.intake.reading import Beside, beside, documents_in, files_in
from bot.intake.storing import Ingested, ParsedDocument, Storing, failed
from bot.library.library import Library
from bot.models import Document, Problem
from bot.state.originals import Original, Originals
from bot.state.state import State

if TYPE_CHECKING:
    from bot.intake.readers import Parser


# Smallest share of equal lines at which two texts count as versions of one.
_LEAST_LIKENESS = 0.3


_log = logging.getLogger(__name__)

PACKAGED = "packaged:"
"""Prefix of the key of a packaged file, before its name."""


class Rereading:
    """One rereading of some originals; `originals` must hold all originals of each report.

    Afterwards `read` maps each original that was read to its record of now, `problems` maps others to the reason, and
    `keys` maps every key that was met to its report.
    """

    def __init__(
        self,
        originals: Sequence[Original],
        records: Originals,
        library: Library,
        files: OriginalFiles,
        parser: Parser,
        digest: Callable[[str], str | None],
    ) -> None:
        """`digest` returns the hash of the kept file with a given name, None if there is none."""
        self._originals = originals
        self._records = records
        self._library = library
        self._files = files
        self._parser = parser
        self._digest = digest
        self._of_report: dict[str, list[Original]] = defaultdict(list)
        for original in originals:
            self._of_report[original.report_id].append(original)
        self.keys: dict[str, str] = {}
        self.read: dict[Original, Original] = {}
        self.problems: dict[Original, Problem] = {}

    def documents(self, today: date) -> Iterator[ParsedDocument | Ingested]:
        """Yield every document of the originals, or the failure in its place. Raises StorageError."""
        files: dict[tuple[str, str], list[Original]] = defaultdict(list)
        for original in self._originals:
            files[original.name, original.sha256].append(original)
        for (name, digest), originals in sorted(files.items()):
            yield from self._file(name, digest, originals, today)

    def missing(self, stored: set[tuple[str, str]]) -> Iterator[tuple[Original, Problem]]:
        """Yield each original whose (report, language) is not in `stored`, with the reason."""
        for original in self._originals:
            now = self.read.get(original, original)
            if (now.report_id, now.language) not in stored:
                yield original, self.problems.get(original, Problem("not_found_again"))

    def blame(self, report: str, language: str, problem: Problem) -> None:
        """Record why an edition that was read could not be stored."""
        for original, now in self.read.items():
            if (now.report_id, now.language) == (report, language):
                self.problems.setdefault(original, problem)

    def report_of(self, document: Document) -> str:
        """Return the id of the report with this document's key, as known so far, else a new id."""
        key = document.source_key
        return self.keys.get(key) or self._records.report_id(key) or new_report_id(key)

    def record_keys(self, document: Document, report: str) -> None:
        """Record a document's present keys for a report; a key that another report has too stays with its old owner."""
        for key in keys_of(document):
            if self._records.report_id(key) == report:
                self.keys[key] = report
            else:
                self.keys.setdefault(key, report)

    def _beside(self, name: str) -> Beside:
        """Return a function that returns the bytes of the kept file that was beside `name`, by its file name."""

        def original(other: str) -> bytes | None:
            digest = self._digest(str(Path(name).parent / other))
            path = self._files.file(digest) if digest else None
            return path.read_bytes() if path else None

        return original

    def _file(
        self, name: str, digest: str, originals: list[Original], today: date
    ) -> Iterator[ParsedDocument | Ingested]:
        path = self._files.file(digest)
        if path is None:
            problem = Problem("source_missing", (str(self._files.path(digest)), name))
            self.problems.update(dict.fromkeys(originals, problem))
            yield failed(name, problem)
            return
        waiting = {o.position: o for o in originals if o.position is not None}
        unnumbered = [o for o in originals if o.position is None]
        unclaimed: list[tuple[int, Document]] = []
        with path.open("rb") as file:
            documents = documents_in(self._parser, name, file, self._beside(name), today, name)
            for position, document in enumerate(documents):
                if isinstance(document, Ingested):
                    concerned = [waiting[position]] if position in waiting else unnumbered
                    for one in concerned:
                        self.problems.setdefault(one, document.error or Problem("not_found_again"))
                    yield document
                elif position in waiting:
                    yield from self._identified(waiting[position], document, position)
                elif (same := self._same_key(document, unnumbered)) is not None:
                    unnumbered.remove(same)
                    yield from self._identified(same, document, position)
                elif unnumbered:
                    unclaimed.append((position, document))
        for one in unnumbered:
            if (same_text := self._same_text(one, unclaimed, alone=len(unnumbered) == 1)) is not None:
                unclaimed.remove(same_text)
                yield from self._identified(one, same_text[1], same_text[0])

    def _same_key(self, document: Document, originals: Iterable[Original]) -> Original | None:
        """Return the unnumbered original with this document's report and language, None if there is none."""
        report = self.report_of(document)
        return next((o for o in originals if (o.report_id, o.language) == (report, document.language)), None)

    def _same_text(
        self, original: Original, documents: list[tuple[int, Document]], *, alone: bool
    ) -> tuple[int, Document] | None:
        """Return the document most similar to an original's text in the old library, None if none is similar enough.

        `alone`: the original is the only one left; then a single document needs no similarity.
        """
        if alone and len(documents) == 1:
            return documents[0]
        lines = set((self._library.text(original.report_id, original.language) or "").splitlines()) - {""}

        def likeness(one: tuple[int, Document]) -> float:
            own = set(one[1].text.splitlines()) - {""}
            return len(lines & own) / max(1, len(lines | own))

        best = max(documents, key=likeness, default=None)
        return best if best is not None and likeness(best) >= _LEAST_LIKENESS else None

    def _identified(
        self, original: Original, document: Document, position: int
    ) -> Iterator[ParsedDocument | Ingested]:
        """Yield a document under its original's id, or a failure if another edition of the report has its language."""
        document = Defaults.from_json(original.defaults).applied(document)
        now = replace(original, language=document.language, position=position)
        for other in self._of_report[now.report_id]:
            if other is not original and self.read.get(other, other).language == now.language:
                problem = Problem("language_taken", (now.language,))
                self.problems[original] = problem
                yield failed(original.name, problem, original.report_id, original.language)
                return
        self.read[original] = now
        self.record_keys(document, now.report_id)
        yield ParsedDocument(document, original.name, report_id=now.report_id)


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
