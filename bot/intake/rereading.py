"""Reads kept originals again by today's rules, and gives each document the report id that its original has.

for each kept file, by name:
    read its documents one by one
    the n-th document is the edition that was n-th before: its id stays, whatever its title or language is now
    originals of an older version have no numbers: match by key and language, else by the text in the old library
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.intake.defaults import Defaults
from bot.intake.identity import keys_of, new_report_id
from bot.intake.originals import OriginalFiles
from bot.intake.reading import Beside, documents_in
from bot.intake.storing import Ingested, ParsedDocument, failed
from bot.library.library import Library
from bot.models import Document, Problem
from bot.state.originals import Original, Originals

if TYPE_CHECKING:
    from bot.intake.readers import Parser

# Smallest share of equal lines at which two texts count as versions of one.
_LEAST_LIKENESS = 0.3


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
