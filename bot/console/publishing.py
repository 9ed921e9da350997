"""`trendbot publish`: writes the digests on some topics as feeds and pages in a folder."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bot.clock import utc_now
from bot.console.terminal import DONE, CommandFailed, opened
from bot.languages import LANGUAGES, Language
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App


def _name(app: App, text: str, language: Language) -> str:
    """Return a query's display name: its topic's name in the language if it is exactly one topic, else its text."""
    from bot.library.query import understand

    query = understand(text, app.glossary, app.segmenter)
    one = query.plain and len(query.topics) == 1
    return app.glossary.topics[query.topics[0]].names[language] if one else query.text


def publish(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot publish`: prints a line for each new or changed file."""
    from bot.digests.archive import issues
    from bot.digests.compose import DigestBriefer
    from bot.publishing.site import Site
    from bot.trends.topics import richest_topics

    with opened(settings) as app:
        today = utc_now().astimezone(settings.timezone).date()
        typed = [query.strip() for query in (arguments.topics or "").split(",") if query.strip()]
        richest = [] if typed else richest_topics(app.library, app.glossary, 3)
        briefer = DigestBriefer(app.library, app.glossary, app.segmenter, app.search)
        queries = typed or [topic.id for topic in richest]
        names = {code: [_name(app, query, code) for query in queries] for code in LANGUAGES}
        made = {code: issues(app.library, briefer, queries, code, today) for code in LANGUAGES}
        site = Site(app.renderer, queries, arguments.url or "")
        try:
            written = site.write(arguments.folder, made, names)
        except OSError as error:
            raise CommandFailed(
                f"{arguments.folder} cannot be written ({error.strerror or error}); name a folder that can."
            ) from error
    print(*written, sep="\n", end="\n" if written else "")
    return DONE
