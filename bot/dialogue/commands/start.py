"""/start: the first message of a chat, or what a link to the bot opens: a topic, a passage, a group's recap."""

from __future__ import annotations

from bot.dialogue.commands import recap, trend
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OpenView, Reply
from bot.dialogue.pages import passage_message, topic_rows
from bot.dialogue.panel import StartSubscription
from bot.models import Message, Rights
from bot.state.state import State
from bot.trends.topics import richest_topics

_OFFERED = 2
_TOPIC, _PASSAGE = "trend_", "p_"


def _answer(context: Context, payload: str) -> Reply:
    if payload.startswith(_TOPIC):
        return trend.answer(context, payload.removeprefix(_TOPIC))
    if payload.startswith(_PASSAGE):
        passage = passage_message(context, payload.removeprefix(_PASSAGE))
        return Reply(passage) if passage else context.say("passage_gone")
    if _is_recap(payload):
        return recap.open_link(context, payload)
    return _first_message(context)


def _first_message(context: Context) -> Reply:
    services, view = context.services, context.new_view()
    text = services.renderer.message("start", context.language, coverage=services.library.coverage())
    topics = richest_topics(services.library, services.glossary, _OFFERED)
    daily = context.button(StartSubscription(view.id, context.language), "button_daily_digest")
    return Reply(Message(text, (*topic_rows(context, topics, view.id), (daily,))), effects=(OpenView(view),))


def _membership(state: State, payload: str) -> int | None:
    return recap.linked_group(state, payload) if _is_recap(payload) else None


def _is_recap(payload: str) -> bool:
    return payload.startswith(recap.PAYLOAD)


COMMAND = Command(
    name="start",
    words=("开始",),
    handle=_answer,
    order=210,
    rights=Rights.ANYONE,
    listed=False,
    takes=False,
    membership=_membership,
    heavy_for=_is_recap,
)
