"""Test kit for the library: a fixed day, an empty library to fill, and documents to fill it with."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from bot.app import App, open_app
from bot.blocks import Block
from bot.intake.box.box import Box
from bot.intake.identity import new_report_id
from bot.intake.ingest import Ingest
from bot.intake.storing import Ingested
from bot.library.glossary import Glossary
from bot.library.indexing import index_document
from bot.library.library import Library
from bot.library.query import Query, understand
from bot.library.search import Search
from bot.models import Document, IndexedEdition, Language, Problem
from bot.rendering.renderer import Renderer
from bot.settings import Settings, packaged
from bot.state.state import State
from bot.text.plain_blocks import judged, lines_of
from bot.text.segment import Segmenter
from bot.trends.briefer import TrendBriefer
from bot.trends.briefing import Briefing

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = NOW.date()
BOX = Box()
"""The parser process that all tests share."""
atexit.register(BOX.close)


def settings_of(folder: Path, **variables: str) -> Settings:
    """Return settings for a data folder, with nothing from the environment."""
    return Settings.from_env({"TRENDBOT_DATA": str(folder), **variables})


def open_folder(folder: Path) -> App:
    """Open the bot on a data folder, which receives the seeds if it has no library."""
    return open_app(settings_of(folder))


def in_words(problem: Problem) -> str:
    """Return a problem's message in English."""
    return Renderer(packaged("templates")).word("problem", "en", problem.name, problem.values)


def said(result: Ingested) -> str:
    """Return why a document was not ingested, "" if it was."""
    return in_words(result.error) if result.error else ""


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the blocks of a clean text."""
    return tuple(judged(line for line in lines_of(text) if line.text))


class Shelf:
    """A library without seeds, with its search, briefer and ingest."""

    def __init__(
        self, folder: Path, glossary: Glossary, segmenter: Segmenter, state: State | None = None
    ) -> None:
        self.folder = folder
        self.glossary = glossary
        self.segmenter = segmenter
        self.library = Library(folder / "library.db")
        self.state = state or State(folder / "state.db")
        self.search = Search(self.library, glossary, segmenter)
        self.briefer = TrendBriefer(self.library, glossary, self.search)
        self.ingest = Ingest(self.library, self.state, glossary, segmenter, folder / "sources", BOX)

    def close(self) -> None:
        """Close both databases."""
        self.library.close()
        self.state.close()

    def index(
        self, key: str, text: str, language: str = "en", published: date | None = None, title: str = ""
    ) -> IndexedEdition:
        """Return an edition of the report `key`, indexed and ready to be stored."""
        document = Document(
            key, title or f"Title of {key}", blocks_of(text), language, "Publisher", published
        )
        return index_document(document, new_report_id(key), self.glossary, self.segmenter)

    def put(
        self, key: str, text: str, language: str = "en", published: date | None = None, title: str = ""
    ) -> str:
        """Store an edition of the report `key` and return the report's id."""
        self.library.put(self.index(key, text, language, published, title))
        return new_report_id(key)

    def take(self, path: Path) -> Ingested:
        """Ingest a file of one document and return the result."""
        (result,) = self.ingest.path(path, int(NOW.timestamp()))
        return result

    def query(self, text: str) -> Query:
        """Return the query that `text` means."""
        return understand(text, self.glossary, self.segmenter)

    def texts(self, text: str) -> set[str]:
        """Return the texts of the passages that a briefing on `text` may quote."""
        return {found.passage.text for found in self.search.evidence(self.query(text)).values()}

    def brief(self, text: str, language: Language = "en") -> Briefing | None:
        """Return the briefing on `text`, or None if there is none."""
        return self.briefer.brief(self.query(text), language, TODAY)


def assert_answers_by_day(
    shelf: Shelf, question: str, language: Language, day: date, told: str, other: str
) -> None:
    """Store `told` and `other` as of `day`; assert that `told` leads the answer, with its day, and `other` is not in it."""
    shelf.put("new", told, language, day)
    shelf.put("other", other, language, day)
    briefing = shelf.brief(question, language)
    assert briefing
    assert briefing.by_day
    assert (briefing.points[0].text, briefing.points[0].published) == (told, day)
    assert other not in {point.text for point in briefing.points}


def write(folder: Path, name: str, text: str, **matter: str) -> Path:
    """Write a Markdown file, with `matter` as its front matter, and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "".join(f"{key}: {value}\n" for key, value in matter.items())
    path.write_text(f"---\n{head}---\n\n{text}\n" if matter else text, "utf-8")
    return path


def editions(library: Library) -> Iterator[tuple[str, str, str]]:
    """Yield the (report id, language, text) of every edition in the library."""
    ids = library.report_ids()
    for report in library.reports(ids).values():
        for edition in report.editions:
            yield report.id, edition.language, library.text(report.id, edition.language) or ""
