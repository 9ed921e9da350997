"""What several commands show alike: topics to pick from, ways to other pages, a cited passage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from bot.dialogue.context import Context
from bot.dialogue.effects import Reply
from bot.messages import Button, Link, Message, Press, Rows
from bot.models import Topic
from bot.rendering.renderer import deep_links, fits
from bot.trends.passages import cited_passage
from bot.trends.topics import richest_topics

HIGHEST_PAGE = 100_000
"""Of pages and results: a forged press may claim any."""

_PER_ROW = 3
_OFFERED = 6


@dataclass(frozen=True, slots=True)
class OpenTopic(Press):
    """A topic to be briefed on."""

    topic: str

    code: ClassVar[str] = "t"


def edited(context: Context, message: Message | None) -> Reply:
    """The pressed message changed into `message`; without one the button leads nowhere any more."""
    return Reply(message, edit=True) if message else context.refuse("stale")


def rows_of(buttons: Sequence[Button], per_row: int = _PER_ROW) -> Rows:
    """Buttons in rows of equal length."""
    return tuple(tuple(buttons[i : i + per_row]) for i in range(0, len(buttons), per_row))


def topic_rows(
    context: Context, topics: Iterable[Topic], view: str, counts: Mapping[str, int] | None = None
) -> Rows:
    """Topics to pick from, with their numbers of reports where `counts` are given."""
    language = context.language
    numbers = {topic: f" {count}" for topic, count in (counts or {}).items()}
    return rows_of(
        [
            Button(topic.names[language] + numbers.get(topic.id, ""), OpenTopic(view, language, topic.id))
            for topic in topics
        ]
    )


def offered_topics(context: Context, name: str, view: str) -> Message:
    """The sentence `name` with the topics that the library holds most on."""
    topics = richest_topics(context.services.library, context.services.glossary, _OFFERED)
    return Message(context.notice(name), topic_rows(context, topics, view))


def page_rows(context: Context, page: int, target: Callable[[int], Press], *, more: bool) -> Rows:
    """The ways to the pages before and after `page` (from 0); none on a single page."""
    row = []
    if page:
        row.append(context.button(target(page - 1), "button_previous"))
    if more:
        row.append(context.button(target(page + 1), "button_next"))
    return (tuple(row),) if row else ()


def citation_buttons(
    context: Context, passages: Mapping[int, str], target: Callable[[int], Press]
) -> list[Button]:
    """Numbers that open their passages: in place, or by link to the bot where others read along."""
    links = (
        []
        if context.event.private
        else deep_links(context.services.profile.username, list(passages.values()))
    )
    return [
        Button(str(number), Link(links[place]) if links else target(number))
        for place, number in enumerate(passages)
    ]


def passage_message(
    context: Context, passage_id: str, number: int = 0, back: Press | None = None, onward: Rows = ()
) -> Message | None:
    """A cited passage in its context. None when it is gone.

    `back` is the press that leads back from it, `onward` what else it leads to.
    """
    cited = cited_passage(context.services.library, passage_id)
    if cited is None:
        return None
    text = context.services.renderer.message("citation", context.language, c=cited, number=number)
    return Message(text, (*onward, (context.button(back, "button_back"),)) if back else onward)


def longest_fitting(shown: Callable[[int], Message], count: int) -> Message:
    """A message of as many of `count` items as Telegram takes."""
    while True:
        message = shown(count)
        if fits(message) or count <= 1:
            return message
        count -= 1
