"""`trendbot mcp`: serves the library to assistants by the Model Context Protocol, over standard input and output.

Runs as a separate process that opens the library read-only and never opens the bot's state: chats, subscriptions and
people's questions are out of reach.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.clock import utc_now
from bot.console.terminal import DONE, CommandFailed
from bot.languages import DEFAULT, Language
from bot.settings import Settings

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

    from bot.app import App

_MOST_HITS = 50
_INSTRUCTIONS = (
    "Answers about trends from a library of reports, in English and Chinese. Every sentence is quoted from a report and "
    "has a citation; the library says nothing where it holds nothing. Verdicts come with their counts."
)


def serve(settings: Settings, _arguments: argparse.Namespace) -> int:
    """`trendbot mcp`."""
    from bot.app import NoLibrary, open_library

    try:
        from mcp.server.mcpserver import MCPServer
    except ModuleNotFoundError:
        raise CommandFailed('This needs one more package: pip install "trendbot[mcp]".') from None
    try:
        with open_library(settings) as app:
            server: MCPServer[Any] = MCPServer("trendbot", instructions=_INSTRUCTIONS, log_level="WARNING")
            tools = Tools(app)
            for tool in (tools.search, tools.brief, tools.trends, tools.compare, tools.report, tools.digest):
                _add(server, tool)
            server.run("stdio")
    except NoLibrary as error:
        raise CommandFailed(str(error)) from error
    return DONE


def _add(server: MCPServer[Any], tool: Callable[..., dict[str, Any]]) -> None:
    from mcp_types import ToolAnnotations

    read_only = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
    server.tool(annotations=read_only)(tool)


class Tools:
    """Tools of the MCP server. An assistant reads their docstrings as descriptions."""

    def __init__(self, app: App) -> None:
        from bot.console import answers

        self._app = app
        self._values = answers

    def search(self, query: str, limit: int = 10) -> dict[str, Any]:
        """Find the passages that answer a query, best first: the best one of each report, at most 50."""
        app = self._app
        with app.library.snapshot():
            hits = app.search.by_report(self._app.understand(query), max(1, min(limit, _MOST_HITS)))
            reports = app.library.reports(passage.report_id for passage, _ in hits)
            entries = [
                self._values.passage_value(passage, reports[passage.report_id], score)
                for passage, score in hits
            ]
        return {"query": query, "hits": entries}

    def brief(self, question: str, language: Language = DEFAULT.code) -> dict[str, Any]:
        """Brief on a topic or answer a question: quoted sentences, figures and a verdict, each with its citations."""
        return self._briefed(question, language) or {"query": question, "points": [], "citations": []}

    def trends(self, verdict: str = "", limit: int = 20, language: Language = DEFAULT.code) -> dict[str, Any]:
        """List topics with their verdicts and the counts behind them, those that change most first.

        `verdict` keeps one kind: new, rising, steady, fading or too_little; by default all but the last.
        """
        from bot.trends.query_verdict import topic_verdicts

        judged = topic_verdicts(self._app.library, self._app.glossary, self._today())
        kept = [
            (topic, one)
            for topic, one in judged
            if (one.name == verdict if verdict else one.name != "too_little")
        ]
        rows = [
            self._values.topic_value(topic, one, language) for topic, one in kept[: max(1, min(limit, 200))]
        ]
        return {"topics": rows}

    def compare(self, first: str, second: str, language: Language = DEFAULT.code) -> dict[str, Any]:
        """Compare two topics or questions: the verdict, the months and the cited sentences of each."""
        both = [self._briefed(query, language) for query in (first, second)]
        return {"first": both[0], "second": both[1]}

    def report(self, id: str, language: Language = DEFAULT.code) -> dict[str, Any]:  # noqa: A002  # what callers know it as
        """Read a whole report by its id, as search and brief give it."""
        with self._app.library.snapshot():
            report = self._app.library.reports([id]).get(id)
            if report is None:
                raise ValueError(f"No report has the id {id}.")
            return self._values.report_value(report, self._app.library, language)

    def digest(
        self, topics: list[str], day: date | None = None, language: Language = DEFAULT.code
    ) -> dict[str, Any]:
        """Write the digest that a daily subscription to these topics would bring on a day, today by default.

        It knows nothing that was published on that day or later.
        """
        from bot.app import open_library
        from bot.console.digest_preview import digest_preview
        from bot.rendering.preview import as_text

        day = day or self._today()
        # A separate library object: what is hidden for that day stays visible to all others.
        with open_library(self._app.settings, self._app) as app:
            parts = digest_preview(app, tuple(topics), language, day, self._now())
        return {
            "day": day.isoformat(),
            "topics": topics,
            "text": "\n\n".join(as_text(part) for part in parts),
        }

    def _briefed(self, text: str, language: Language) -> dict[str, Any] | None:
        query = self._app.understand(text)
        with self._app.library.snapshot():
            briefing = self._app.briefer.brief(query, language, self._today())
            return self._values.briefing_value(briefing, self._app.library, language) if briefing else None

    def _now(self) -> datetime:
        return utc_now()

    def _today(self) -> date:
        return self._now().astimezone(self._app.settings.timezone).date()
