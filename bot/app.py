"""The composition root: builds every part from the settings and keeps the library up to date."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from bot.analysis.search import Search
from bot.briefings.trend import TrendBriefer
from bot.chat.answers import Answers
from bot.chat.conversation import Conversation
from bot.chat.turn import Voice
from bot.clock import utc_now
from bot.rendering.renderer import Renderer
from bot.reports.indexing import fingerprint
from bot.reports.ingest import Ingest
from bot.reports.topics import Glossary
from bot.settings import Settings, packaged
from bot.storage.library import Library
from bot.storage.state import State
from bot.text.segment import Segmenter

GLOSSARY = "topics.toml"


@dataclass(frozen=True, slots=True)
class App:
    """The parts that every command works with."""

    settings: Settings
    library: Library
    state: State
    glossary: Glossary
    segmenter: Segmenter
    ingest: Ingest
    search: Search
    briefer: TrendBriefer
    renderer: Renderer

    def conversation(self, username: str | None) -> Conversation:
        """The conversation of the bot called `username`."""
        voice = Voice(self.settings.language, self.settings.timezone, username)
        answers = Answers(
            self.library, self.glossary, self.segmenter, self.search, self.briefer, self.renderer, voice
        )
        return Conversation(answers, self.state, voice)

    def close(self) -> None:
        """Closes the databases."""
        self.library.close()
        self.state.close()


def open_app(settings: Settings) -> App:
    """Every part, with a library that holds at least the seeds.

    Raises StorageError, GlossaryError or TemplateProblem with one sentence that says what to do.
    """
    data = settings.data
    data.mkdir(parents=True, exist_ok=True)
    seeds = packaged("seeds")
    glossary = Glossary.parse((seeds / GLOSSARY).read_text("utf-8"))
    segmenter = Segmenter(glossary.words, cache=data)
    library = Library(data / "library.db")
    state = State(data / "state.db")
    search = Search(library, glossary, segmenter)
    app = App(
        settings=settings,
        library=library,
        state=state,
        glossary=glossary,
        segmenter=segmenter,
        ingest=Ingest(library, state, glossary, segmenter, data / "sources"),
        search=search,
        briefer=TrendBriefer(library, glossary, search),
        renderer=Renderer(packaged("templates"), settings.templates),
    )
    _refresh(app, seeds)
    return app


def _refresh(app: App, seeds: Path) -> None:
    """Builds the library again when the seeds, the glossary or the rules it was built with have changed."""
    wanted = f"{fingerprint(app.glossary, app.segmenter.name)}.{_digest(seeds)}"
    if app.library.fingerprint() == wanted:
        return
    with FileLock(app.settings.data / "library.lock"):
        if app.library.fingerprint() != wanted:
            for _ in app.ingest.rebuild(seeds, int(utc_now().timestamp()), wanted):
                pass


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.md")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
