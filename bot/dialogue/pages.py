"""Message parts shared by commands: topic buttons, what is said where nothing is found, paging, cited passages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from bot.dialogue.context import Context
from bot.dialogue.reply import Reply
from bot.library.query import MAX_CHARACTERS, Query
from bot.library.terms import term_of
from bot.messages import Button, Link, Message, Press, Rows
from bot.models import Topic
from bot.rendering.callbacks import rows_of
from bot.rendering.renderer import deep_links, fits
from bot.trends.passages import cited_passage
from bot.trends.spelling import meant_by
from bot.trends.topics import names_held, nearest_topics, richest_topics

HIGHEST_PAGE = 100_000
"""Upper bound for page and result numbers, since a forged press may claim any."""

_OFFERED = 6
# What a button can carry of a name, see rendering/callbacks.
_IN_BUTTON = re.compile("[A-Za-z0-9_-]{2,24}")


class OpenTopic(Press, frozen=True):
    """Button: shows the briefing on a topic."""

    topic: str

    code: ClassVar[str] = "t"


def edited(context: Context, message: Message | None) -> Reply:
    """Return a reply that edits the pressed message, or says that the button is out of date if `message` is None."""
    return Reply(message, edit=True) if message else context.refuse("stale")


def topic_rows(
    context: Context, topics: Iterable[Topic], view: str, counts: Mapping[str, int] | None = None
) -> Rows:
    """Return topic buttons, labelled with report counts if `counts` is given."""
    language = context.language
    numbers = {topic: f" {count}" for topic, count in (counts or {}).items()}
    return rows_of(
        [
            Button(topic.names[language] + numbers.get(topic.id, ""), OpenTopic(view, language, topic.id))
            for topic in topics
        ]
    )


def offered_topics(context: Context, name: str, view: str) -> Message:
    """Return the sentence `name` with buttons for the topics that have the most reports."""
    topics = richest_topics(context.services.library, context.services.glossary, _OFFERED)
    return Message(context.notice(name), topic_rows(context, topics, view))


def did_you_mean(context: Context, words: Iterable[str], view: str) -> Message | None:
    """Ask whether other names were meant than those typed, with a button for each that reports have; None if probably not."""
    meant = meant_by(words, context.services.library)
    buttons = [_name_button(context, name, view) for name in dict.fromkeys((*meant.values(), *meant))]
    shown = [button for button, count in buttons if count]
    return Message(context.notice("did_you_mean", ", ".join(meant)), rows_of(shown)) if shown else None


def _name_button(context: Context, folded: str, view: str) -> tuple[Button, int]:
    """Return the button that opens the briefing on a name, and the number of reports that have it."""
    services = context.services
    topic, term = services.glossary.forms.named(folded), term_of(folded)
    count = services.library.topic_reports().get(topic, 0) if topic else 0
    count = count or len(services.library.term_days(term) if term else ())
    name = services.glossary.topics[topic].names[context.language] if topic else folded.capitalize()
    return Button(f"{name} {count}", OpenTopic(view, context.language, topic or folded)), count


def nothing_found(context: Context, query: Query, view: str) -> Message:
    """Say that the library holds nothing on `query`, with the names in it and the nearest topics as buttons.

    If a word of it is probably misspelled, ask so instead. Also say so if it ends before the period that was asked for.
    """
    services = context.services
    if asked := did_you_mean(context, query.words, view):
        return asked
    names = [
        Button(f"{name} {count}", OpenTopic(view, context.language, name.lower()))
        for name, count in names_held(query, services.library).items()
        if _IN_BUTTON.fullmatch(name)
    ]
    near = nearest_topics(query, services.library, services.glossary, _OFFERED)
    held = services.library.coverage()
    is_over = query.period and held.last and held.last < query.period.days(context.today)[0]
    said = context.notice(
        "nothing_found",
        query.text[: MAX_CHARACTERS // 4],
        held.reports,
        bool(near or names),
        held.last if is_over else None,
    )
    offered = near or (() if names else richest_topics(services.library, services.glossary, _OFFERED))
    return Message(
        said, (*rows_of(names), *topic_rows(context, offered, view, services.library.topic_reports()))
    )


def page_rows(context: Context, page: int, target: Callable[[int], Press], *, more: bool) -> Rows:
    """Return the buttons to the previous and next page of `page` (from 0); empty for a single page."""
    row = []
    if page:
        row.append(context.button(target(page - 1), "button_previous"))
    if more:
        row.append(context.button(target(page + 1), "button_next"))
    return (tuple(row),) if row else ()


def citation_buttons(
    context: Context, passages: Mapping[int, str], target: Callable[[int], Press]
) -> list[Button]:
    """Return numbered buttons that open passages: in place in private, by deep link in a group."""
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
    """Return a cited passage in its context, or None if it no longer exists.

    `back` is the press of the back button, `onward` holds further rows of buttons.
    """
    cited = cited_passage(context.services.library, passage_id)
    if cited is None:
        return None
    text = context.services.renderer.message("citation", context.language, c=cited, number=number)
    return Message(text, (*onward, (context.button(back, "button_back"),)) if back else onward)


def longest_fitting(shown: Callable[[int], Message], count: int) -> Message:
    """Return the message with the most of `count` items that fits Telegram's limits."""
    while True:
        message = shown(count)
        if fits(message) or count <= 1:
            return message
        count -= 1
