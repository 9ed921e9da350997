"""The messages of the bot: what each command shows, with its buttons. Decides no rights and keeps nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot import __version__
from bot.dialogue.commands import COMMANDS
from bot.dialogue.events import BotProfile
from bot.dialogue.keyboards import Keyboards
from bot.library.glossary import Glossary
from bot.library.library import Library
from bot.library.query import MAX_CHARACTERS, Query, understand
from bot.library.search import Search
from bot.models import Language, Message, Topic
from bot.rendering.renderer import Renderer, deep_links, fits
from bot.text.normalise import fold
from bot.text.segment import Segmenter
from bot.trends.briefing import Briefing, TrendBriefer
from bot.trends.citation import cited_passage
from bot.trends.nearest import nearest_topics, richest_topics
from bot.trends.results import RESULTS, search_results

_OFFERED = 6
_FIRST_OFFERED = 2
_FORMS = 3
_TOPICS = 24
_REPORTS = 6


class Answers:
    """Builds messages from one library. `view` is the id that the buttons of a message carry."""

    def __init__(
        self,
        library: Library,
        glossary: Glossary,
        segmenter: Segmenter,
        search: Search,
        briefer: TrendBriefer,
        renderer: Renderer,
        profile: BotProfile,
    ) -> None:
        self._library = library
        self._glossary = glossary
        self._segmenter = segmenter
        self._search = search
        self._briefer = briefer
        self._renderer = renderer
        self._keyboards = Keyboards(renderer)
        self._profile = profile

    def understand(self, text: str) -> Query:
        """What a reader typed, as the library understands it."""
        return understand(text, self._glossary, self._segmenter)

    # -- briefings -------------------------------------------------------------------------------------

    def briefing(self, query: Query, language: Language, today: date) -> Briefing | None:
        """The briefing on a query, None when the library holds nothing on it."""
        return None if query.empty else self._briefer.brief(query, language, today)

    def told(
        self, briefing: Briefing, view: str, language: Language, shown: str, *, private: bool
    ) -> Message:
        """A briefing as a message, of which `shown` is open: "first", "more", "figures" or "sources".

        Lines that one message cannot hold are left to its other views, the least important first.
        """
        links_for = None if private else self._profile.username
        rows = self._keyboards.briefing(briefing, view, language, shown, links_for)
        while True:
            message = Message(self._briefing_text(briefing, language, shown), rows)
            shorter = briefing.shortened()
            if fits(message) or shorter is None:
                return message
            briefing = shorter

    def _briefing_text(self, briefing: Briefing, language: Language, shown: str) -> str:
        return self._renderer.message(
            "briefing" if shown == "first" else shown,
            language,
            b=briefing,
            heading=self._heading(briefing, language),
            links=deep_links(self._profile.username, briefing.citations),
            forms=_forms(briefing, language),
            beside=[*briefing.query.phrases, *briefing.query.words],
            first_citations=max(
                [p.citation for p in briefing.points] + [f.citation for f in briefing.figures]
            ),
        )

    def _heading(self, briefing: Briefing, language: Language) -> str:
        if len(briefing.topics) != 1 or not briefing.query.plain:
            return briefing.query.text
        return self._renderer.word("topic_heading", language, dict(briefing.topics[0].names))

    # -- passages --------------------------------------------------------------------------------------

    def passage(
        self, passage_id: str, language: Language, number: int = 0, back: tuple[str, str] | None = None
    ) -> Message | None:
        """A cited passage in its context; `back` is the view and the press that lead back from it."""
        cited = cited_passage(self._library, passage_id)
        if cited is None:
            return None
        text = self._renderer.message("citation", language, c=cited, number=number)
        return Message(text, self._keyboards.back(*back, language) if back else ())

    def results(
        self, query: Query, page: int, view: str, language: Language, *, private: bool
    ) -> Message | None:
        """A page (from 0) of search results, None when there is no such page."""
        found = search_results(self._search, self._library, query, page, language)
        if not found.hits:
            return None
        ids = [hit.passage_id for hit in found.hits]
        links_for = None if private else self._profile.username

        def showing(hits: int) -> Message:
            text = self._renderer.message(
                "search",
                language,
                query=query.text,
                hits=found.hits[:hits],
                first=page * RESULTS,
                links=deep_links(self._profile.username, ids),
            )
            rows = self._keyboards.results(ids[:hits], page, view, language, links_for, more=found.more)
            return Message(text, rows)

        return _fitting(showing, len(ids))

    def result(self, query: Query, number: int, view: str, language: Language) -> Message | None:
        """The search result `number` (from 0 over all pages) in its context."""
        page, place = divmod(number, RESULTS)
        hits = search_results(self._search, self._library, query, page, language).hits
        if place >= len(hits):
            return None
        return self.passage(hits[place].passage_id, language, number + 1, (view, f"s:{page}"))

    # -- the library -----------------------------------------------------------------------------------

    def topics(self, page: int, view: str, language: Language) -> Message | None:
        """A page (from 0) of the topics that the library holds something on, with their reports."""
        counts = self._library.topic_reports()
        known = sorted((t for t in counts if t in self._glossary.topics), key=lambda t: (-counts[t], t))
        shown = [self._glossary.topics[topic] for topic in known[page * _TOPICS : (page + 1) * _TOPICS]]
        if not shown:
            return None
        text = self.notice("topics_heading", language, len(known))
        more = len(known) > (page + 1) * _TOPICS
        return Message(text, self._keyboards.counted_topics(shown, counts, page, view, language, more=more))

    def reports(self, page: int, view: str, language: Language) -> Message | None:
        """A page (from 0) of the library's reports, newest first."""
        ids = self._library.report_ids(limit=_REPORTS + 1, offset=page * _REPORTS)
        if not ids:
            return None
        found = self._library.reports(ids[:_REPORTS])
        shown = [found[report] for report in ids[:_REPORTS] if report in found]

        rows = self._keyboards.pages("rp", page, view, language, more=len(ids) > _REPORTS)
        coverage = self._library.coverage()

        def showing(count: int) -> Message:
            text = self._renderer.message("library", language, reports=shown[:count], coverage=coverage)
            return Message(text, rows)

        return _fitting(showing, len(shown))

    # -- about the bot ---------------------------------------------------------------------------------

    def start(self, view: str, language: Language) -> Message:
        """The first message of a chat."""
        text = self._renderer.message("start", language, coverage=self._library.coverage())
        offered = richest_topics(self._library, self._glossary, _FIRST_OFFERED)
        return Message(text, self._keyboards.start(offered, view, language))

    def help(self, language: Language, *, private: bool) -> Message:
        """What can be sent here."""
        listed = [command for command in COMMANDS if command.listed and (private or command.groups)]
        return Message(self._renderer.message("help", language, commands=listed, private=private))

    def about(self, user_id: int, language: Language) -> Message:
        """Version, coverage, and the number by which an operator knows the reader."""
        coverage = self._library.coverage()
        return Message(
            self._renderer.message("about", language, version=__version__, coverage=coverage, user_id=user_id)
        )

    def languages(self, name: str, language: Language) -> Message:
        """The choice of languages under the sentence `name`."""
        return Message(self.notice(name, language), self._keyboards.languages(language))

    # -- sentences -------------------------------------------------------------------------------------

    def nothing(self, text: str, view: str, language: Language) -> Message:
        """That the library holds nothing on `text`, with the nearest topics as buttons."""
        near = nearest_topics(text, self._library, self._glossary, _OFFERED)
        said = self.notice("nothing_found", language, text[: MAX_CHARACTERS // 4])
        return Message(said, self._keyboards.topics(near, view, language))

    def offer(self, name: str, view: str, language: Language) -> Message:
        """The sentence `name` with topics to pick from."""
        topics = richest_topics(self._library, self._glossary, _OFFERED)
        return Message(self.notice(name, language), self._keyboards.topics(topics, view, language))

    def say(self, name: str, language: Language, *values: object) -> Message:
        """The sentence `name` as a message."""
        return Message(self.notice(name, language, *values))

    def notice(self, name: str, language: Language, *values: object) -> str:
        """The sentence `name` as HTML."""
        return self._renderer.notice(name, language, *values)

    def word(self, name: str, language: Language, *values: object) -> str:
        """The sentence `name` as plain text, for a notice over a pressed button."""
        return self._renderer.word(name, language, *values)


def _fitting(showing: Callable[[int], Message], count: int) -> Message:
    """A message of as many of `count` items as Telegram takes."""
    while True:
        message = showing(count)
        if fits(message) or count <= 1:
            return message
        count -= 1


def _forms(briefing: Briefing, language: Language) -> list[list[str]]:
    """For each topic the written forms that were matched: the most usual of each language, and those typed."""
    query = briefing.query
    return [_topic_forms(topic, language, {*query.typed}, {*query.dropped}) for topic in briefing.topics]


def _topic_forms(topic: Topic, language: Language, typed: set[str], dropped: set[str]) -> list[str]:
    usual = {form for forms in topic.forms.values() for form in forms[:_FORMS]}
    shown: dict[str, str] = {}
    for form in topic.written(language):
        folded = fold(form)
        if folded not in dropped and (form in usual or folded in typed):
            shown.setdefault(folded, form)
    return list(shown.values())
