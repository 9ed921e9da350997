"""Which buttons stand under a message. Decides no words and no rights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.models import Button, Language, Link, Press, Rows, Topic
from bot.rendering.callbacks import NO_VIEW
from bot.rendering.renderer import Renderer, deep_links
from bot.trends.briefing import POINTS, Briefing
from bot.trends.results import RESULTS

VIEWS = ("more", "figures", "sources")
_PER_ROW = 3
_COUNTED_PER_ROW = 2


class Keyboards:
    """Builds rows of buttons in a reader's language."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer

    def briefing(
        self, briefing: Briefing, view: str, language: Language, shown: str, links_for: str | None
    ) -> Rows:
        """Under a briefing, of which `shown` is open ("first" or one of VIEWS).

        Citations open in place, or by deep link to the bot `links_for` where others read along.
        """
        other: Language = "en" if language == "zh" else "zh"
        rows: list[Sequence[Button]] = [
            self._citations(briefing.citations[:POINTS], view, language, links_for)
        ]
        if shown == "first":
            rows.append([self._press(f"button_{name}", view, language, name) for name in VIEWS])
            rows.extend(_rows(self._topics(briefing.related, view, language)))
            row = [self._press("button_other_language", view, language, "first", told=other)]
            if links_for is None:  # in private; a group is configured by its admins
                row.append(self._press("button_daily", view, language, "daily"))
            rows.append(row)
        else:
            others = [name for name in VIEWS if name != shown]
            rows.append([self._press(f"button_{name}", view, language, name) for name in others])
            rows.append(
                [
                    self._press("button_back", view, language, "first"),
                    self._press("button_other_language", view, language, shown, told=other),
                ]
            )
        return tuple(tuple(row) for row in rows if row)

    def back(self, view: str, name: str, language: Language) -> Rows:
        """The way back from a passage that was opened in place; `name` is the press that leads there."""
        return ((self._press("button_back", view, language, name),),)

    def topics(self, topics: Iterable[Topic], view: str, language: Language) -> Rows:
        """Topics to pick from."""
        return tuple(tuple(row) for row in _rows(self._topics(topics, view, language)))

    def start(self, topics: Iterable[Topic], view: str, language: Language) -> Rows:
        """Topics to begin with, and the way to a digest."""
        daily = (self._press("button_daily_digest", view, language, "daily"),)
        return (*self.topics(topics, view, language), daily)

    def counted_topics(
        self,
        topics: Iterable[Topic],
        counts: Mapping[str, int],
        page: int,
        view: str,
        language: Language,
        *,
        more: bool,
    ) -> Rows:
        """A page of topics with their numbers of reports."""
        buttons = [
            Button(f"{topic.names[language]} · {counts[topic.id]}", Press(view, language, f"t:{topic.id}"))
            for topic in topics
        ]
        rows = [buttons[i : i + _COUNTED_PER_ROW] for i in range(0, len(buttons), _COUNTED_PER_ROW)]
        return (*(tuple(row) for row in rows), *self.pages("tp", page, view, language, more=more))

    def results(
        self,
        passages: Sequence[str],
        page: int,
        view: str,
        language: Language,
        links_for: str | None,
        *,
        more: bool,
    ) -> Rows:
        """Under a page of search results: each opens in place, or by deep link where others read along."""
        links = deep_links(links_for, passages)
        first = page * RESULTS
        numbers = tuple(
            Button(str(first + n + 1), Link(links[n]) if links else Press(view, language, f"h:{first + n}"))
            for n in range(len(passages))
        )
        return (numbers, *self.pages("s", page, view, language, more=more))

    def pages(self, name: str, page: int, view: str, language: Language, *, more: bool) -> Rows:
        """The ways to the page before and after; none on a single page."""
        row = []
        if page:
            row.append(self._press("button_previous", view, language, f"{name}:{page - 1}"))
        if more:
            row.append(self._press("button_next", view, language, f"{name}:{page + 1}"))
        return (tuple(row),) if row else ()

    def languages(self, language: Language) -> Rows:
        """The choice of the bot's language."""
        names: tuple[tuple[str, Language], ...] = (("English", "en"), ("中文", "zh"))
        return (tuple(Button(text, Press(NO_VIEW, language, f"lang:{code}")) for text, code in names),)

    def _citations(
        self, passages: Sequence[str], view: str, language: Language, links_for: str | None
    ) -> list[Button]:
        links = deep_links(links_for, passages)
        return [
            Button(str(n), Link(links[n - 1]) if links else Press(view, language, f"c:{n}"))
            for n in range(1, len(passages) + 1)
        ]

    def _topics(self, topics: Iterable[Topic], view: str, language: Language) -> list[Button]:
        return [Button(topic.names[language], Press(view, language, f"t:{topic.id}")) for topic in topics]

    def _press(
        self, word: str, view: str, language: Language, name: str, told: Language | None = None
    ) -> Button:
        return Button(self._renderer.word(word, language), Press(view, told or language, name))


def _rows(buttons: Sequence[Button]) -> list[Sequence[Button]]:
    return [buttons[i : i + _PER_ROW] for i in range(0, len(buttons), _PER_ROW)]
