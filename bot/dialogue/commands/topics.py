"""/topics: what the library covers, with the number of reports on each topic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OpenView, Reply
from bot.dialogue.pages import HIGHEST_PAGE, OpenTopic, edited, page_rows, rows_of
from bot.messages import Button, Message, Press, Rights

_TOPICS = 24
_PER_ROW = 2


@dataclass(frozen=True, slots=True)
class TopicPage(Press):
    """Another page of topics, from 0."""

    page: int

    code: ClassVar[str] = "tp"


def _answer(context: Context, _: str) -> Reply:
    view = context.new_view()
    message = _page(context, 0, view.id) or context.message("library_empty")
    return Reply(message, effects=(OpenView(view),))


def _turn(context: Context, press: TopicPage) -> Reply:
    return edited(context, _page(context, press.page, press.view))


def _page(context: Context, page: int, view: str) -> Message | None:
    """A page of the topics that the library holds something on, None when there is no such page."""
    if page > HIGHEST_PAGE:
        return None
    topics, language = context.services.glossary.topics, context.language
    counts = context.services.library.topic_reports()
    covered = sorted((topic for topic in counts if topic in topics), key=lambda id_: (-counts[id_], id_))
    shown = covered[page * _TOPICS : (page + 1) * _TOPICS]
    if not shown:
        return None
    buttons = [
        Button(f"{topics[topic].names[language]} · {counts[topic]}", OpenTopic(view, language, topic))
        for topic in shown
    ]
    more = len(covered) > (page + 1) * _TOPICS
    following = page_rows(context, page, lambda number: TopicPage(view, language, number), more=more)
    return Message(context.notice("topics_heading", len(covered)), (*rows_of(buttons, _PER_ROW), *following))


COMMAND = Command(
    name="topics",
    words=("主题", "话题"),
    handle=_answer,
    order=30,
    rights=Rights.ANYONE,
    buttons={TopicPage: _turn},
)
