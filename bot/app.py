"""The composition root: builds every part from the settings and keeps the library up to date."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bot.clock import utc_now
from bot.intake.box.box import Box
from bot.intake.ingest import Ingest
from bot.intake.upkeep import Upkeep, opened
from bot.library.glossary import Glossary, read_topics
from bot.library.library import Library
from bot.library.query import Query, understand
from bot.library.search import Search
from bot.library.topic_forms import GlossaryError
from bot.library.topic_sources import TopicSources
from bot.rendering.renderer import Renderer
from bot.settings import TOPICS, Settings, packaged
from bot.sqlite.errors import StorageError
from bot.state.state import State
from bot.state.stored_files import clear_unfinished
from bot.text.segment import Segmenter

if TYPE_CHECKING:
    from bot.alerts.due import DueAlerts
    from bot.dialogue.router import Router
    from bot.digests.prepare import Digests
    from bot.intake.fetch.client import Fetcher
    from bot.intake.sources.adding import Found
    from bot.intake.sources.check import Check
    from bot.outbox.fence import Fence
    from bot.recaps.compose import RecapBriefer
    from bot.recaps.due import Recaps
    from bot.rewriting.rewriter import Rewriter
    from bot.trends.briefer import TrendBriefer

_OUTDATED = (
    "There is no library that this version can read; trendbot ask compute, or a start of the bot, builds it."
)


class App(Struct, frozen=True):
    """The parts that every command works with."""

    settings: Settings
    library: Library
    state: State
    glossary: Glossary
    segmenter: Segmenter
    box: Box
    ingest: Ingest
    upkeep: Upkeep
    search: Search
    renderer: Renderer
    rewriter: Rewriter | None = None
    topics: TopicSources | None = None

    def router(self, username: str | None) -> Router:
        """Return the router that answers texts and presses for the bot called `username`."""
        # Imported here: with every command, which ingesting does not need.
        from bot.dialogue.context import Services
        from bot.dialogue.events import BotProfile
        from bot.dialogue.router import Router

        return Router(
            Services(
                library=self.library,
                glossary=self.glossary,
                segmenter=self.segmenter,
                search=self.search,
                briefer=self.briefer,
                renderer=self.renderer,
                state=self.state,
                recaps=self.recaps(username),
                digests=self.digests(username),
                operators=self.settings.operators,
                profile=BotProfile(self.settings.language, self.settings.timezone, username),
                find_source=self.find_source,
                retellings=self.rewriter,
            )
        )

    @property
    def briefer(self) -> TrendBriefer:
        """The composer of briefings and answers."""
        from bot.trends.briefer import TrendBriefer  # imported here: a tenth of a second that no ingest needs

        return TrendBriefer(self.library, self.glossary, self.search)

    def recaps(self, username: str | None) -> Recaps:
        """Return the group recaps of the bot called `username`."""
        from bot.recaps.due import Recaps

        return Recaps(self.state, self.recap_briefer, self.renderer, username, self.rewriter)

    def recap_briefer(self) -> RecapBriefer:
        """Return the composer of recaps, whatever the source of the messages."""
        from bot.recaps.compose import RecapBriefer  # imported here: its patterns serve no other question

        return RecapBriefer(self.library, self.glossary, self.segmenter)

    def digests(self, username: str | None) -> Digests:
        """Return the composer of digests for the bot called `username`."""
        from bot.digests.compose import DigestBriefer
        from bot.digests.prepare import Digests

        briefer = DigestBriefer(self.library, self.glossary, self.segmenter, self.search)
        return Digests(self.state, self.library, briefer, self.renderer, username, self.rewriter)

    def alerts(self, username: str | None, fence: Fence) -> DueAlerts:
        """Return the queue of alerts for the bot called `username`; `fence` guards its transactions."""
        from bot.alerts.due import AlertFinder, DueAlerts  # imported here: no question needs it
        from bot.alerts.matches import Matches
        from bot.alerts.verdict_evidence import VerdictEvidence

        matches = Matches(self.library, self.glossary, self.segmenter, self.search)
        evidence = VerdictEvidence(self.library, self.glossary, self.search)
        finder = AlertFinder(self.library, matches, evidence, self.glossary, self.segmenter)
        return DueAlerts(self.state, finder, self.renderer, fence, self.settings.timezone.key, username)

    def understand(self, text: str) -> Query:
        """Parse a typed text as a query, with the library's glossary."""
        return understand(text, self.glossary, self.segmenter)

    def fetcher(self) -> Fetcher:
        """Return the HTTP client for feeds and pages, configured from the settings."""
        from bot.intake.fetch.addresses import FetchPolicy  # imported here: aiohttp, which no question needs
        from bot.intake.fetch.client import Fetcher
        from bot.telegram.proxy import parse_proxy, proxy_connector

        proxy = self.settings.proxy
        return Fetcher(
            FetchPolicy(self.settings.allow, self.settings.rsshub),
            partial(proxy_connector, parse_proxy(proxy), 0.0) if proxy else None,
        )

    def find_source(self, given: str, now: int) -> Found:
        """Return the source that an address leads to; `now` in UTC seconds. Raises NotFetched with the reason for none."""
        import asyncio

        from bot.intake.sources.adding import find_source

        return asyncio.run(find_source(self.fetcher(), self.ingest, given, now))

    def refresh_topics(self) -> None:
        """Apply and count the topics that operators added, changed or removed. Raises StorageError."""
        if self.topics:
            self.topics.refresh(self.glossary, self.segmenter, self.library)

    def source_check(self) -> Check:
        """Return the checker of feeds, pages and folders."""
        from bot.intake.sources.check import Check

        return Check(self.fetcher(), self.ingest, self.state, random.Random().random)  # noqa: S311  # jitter, not a secret

    def close(self) -> None:
        """Close the databases and stop the processes that parse documents."""
        self.box.close()
        self.library.close()
        self.state.close()


def open_app(settings: Settings) -> App:
    """Return every part, with a library that contains at least the seeds.

    Raises StorageError, GlossaryError or TemplateProblem with one sentence that says what to do.
    """
    data = settings.data
    compiled = data / "compiled-templates"
    compiled.mkdir(parents=True, exist_ok=True)
    seeds = packaged("seeds")
    renderer = _renderer(settings, compiled)
    state = State(settings.state)
    topics = TopicSources(seeds, data, state.added_topics)
    try:
        glossary = topics.glossary()
    except GlossaryError:
        state.close()
        raise
    segmenter = Segmenter(glossary.forms.words, cache=data)
    clear_unfinished(data / "sources")
    app = _app(settings, glossary, segmenter, renderer, opened(data), state)
    app.upkeep.refresh(int(utc_now().timestamp()))
    app.library.count_own_topics(glossary.own)
    return replace(app, rewriter=_rewriter(app), topics=topics)


class NoLibrary(Exception):
    """No library exists that this version can read; the message says what to do."""


@contextmanager
def open_library(settings: Settings, like: App | None = None) -> Iterator[App]:
    """Open every part on the existing library, read-only, with an empty temporary state.

    Shares glossary, segmenter and templates with `like` where given. Raises NoLibrary, GlossaryError or
    TemplateProblem.
    """
    seeds = packaged("seeds")
    with TemporaryDirectory(prefix="trendbot-") as folder:
        own = Path(folder)
        renderer = like.renderer if like else _renderer(settings, None)
        try:
            library = Library(settings.data / "library.db", read_only=True)
        except StorageError:
            raise NoLibrary(_OUTDATED) from None
        glossary = like.glossary if like else _counted_glossary(seeds, library)
        segmenter = like.segmenter if like else Segmenter(glossary.forms.words, cache=own)
        app = _app(
            replace(settings, data=own), glossary, segmenter, renderer, library, State(own / "state.db")
        )
        try:
            if not app.upkeep.current(library):
                raise NoLibrary(_OUTDATED)
            yield replace(app, settings=settings)
        finally:
            app.close()


def _counted_glossary(seeds: Path, library: Library) -> Glossary:
    """Return the packaged topics and those of operators that the library has counted."""
    return Glossary(read_topics((seeds / TOPICS).read_text("utf-8")), library.own_topics())


def _renderer(settings: Settings, compiled: Path | None) -> Renderer:
    renderer = Renderer(packaged("templates"), settings.templates, cache=compiled)
    if settings.templates:
        renderer.check()
    return renderer


def _app(
    settings: Settings,
    glossary: Glossary,
    segmenter: Segmenter,
    renderer: Renderer,
    library: Library,
    state: State,
) -> App:
    box = Box()
    ingest = Ingest(library, state, glossary, segmenter, settings.data / "sources", box)
    return App(
        settings=settings,
        library=library,
        state=state,
        glossary=glossary,
        segmenter=segmenter,
        box=box,
        ingest=ingest,
        upkeep=Upkeep(library, ingest, glossary, segmenter.name, packaged("seeds"), settings.data),
        search=Search(library, glossary, segmenter),
        renderer=renderer,
    )


def _rewriter(app: App) -> Rewriter | None:
    """Return the rewriter, or None without a configured model; nothing of it is imported then."""
    if app.settings.model is None:
        return None
    from bot.rewriting.client import ModelClient
    from bot.rewriting.rewriter import Rewriter

    client = ModelClient(*app.settings.model)
    return Rewriter(client, app.state.model_use, app.glossary, app.segmenter, utc_now)
