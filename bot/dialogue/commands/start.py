"""/start: greets a new chat, or opens the target of a deep link: a topic, a passage, a group's recap."""

from __future__ import annotations

from bot.dialogue.commands import recap, trend
from bot.dialogue.commands.sources import ReportPage
from bot.dialogue.context import Command, Context
from bot.dialogue.effects import OpenView
from bot.dialogue.feed_pages import channel_offer
from bot.dialogue.pages import passage_message, topic_rows
from bot.dialogue.panel import StartSubscription
from bot.dialogue.reply import Reply
from bot.library.topic_forms import outermost
from bot.messages import Message, Rights, Rows
from bot.state.state import State
from bot.text.normalise import fold
from bot.trends.topics import topics_in, unlike_topics

_OFFERED, _CHANNELS = 2, 3
_TOPIC, _PASSAGE = "trend_", "p_"


def _answer(context: Context, payload: str) -> Reply:
    if payload.startswith(_TOPIC):
        return trend.answer(context, payload.removeprefix(_TOPIC))
    if payload.startswith(_PASSAGE):
        return _passage(context, payload.removeprefix(_PASSAGE))
    if _is_recap(payload):
        return recap.open_link(context, payload)
    return _first_message(context)


def _passage(context: Context, passage_id: str) -> Reply:
    """Show the passage of a deep link, with buttons to its topics and to the library."""
    view = context.new_view()
    message = passage_message(context, passage_id, onward=_onward(context, passage_id, view.id))
    return Reply(message, effects=(OpenView(view),)) if message else context.say("passage_gone")


def _onward(context: Context, passage_id: str, view: str) -> Rows:
    services = context.services
    passage = services.library.passage(passage_id)
    folded = fold(passage.text) if passage else ""
    mentions = services.glossary.forms.find(folded, lambda: services.segmenter.words(folded))
    topics = topics_in(outermost(mentions), services.library, services.glossary, _OFFERED)
    reports = context.button(ReportPage(view, context.language, 0), "button_library")
    return (*topic_rows(context, topics, view), (reports,))


def _first_message(context: Context) -> Reply:
    services, view = context.services, context.new_view()
    text = services.renderer.message("start", context.language, coverage=services.library.coverage())
    topics = unlike_topics(services.library, services.glossary)
    daily = context.button(StartSubscription(view.id, context.language), "button_daily_digest")
    message = Message(text, (*topic_rows(context, topics, view.id), (daily,)))
    return Reply(message, effects=(OpenView(view),), more=_channel_offers(context))


def _channel_offers(context: Context) -> tuple[Message, ...]:
    """Return the offers of channels that await an operator: until they press Start, Telegram lets no bot ask them."""
    services, event = context.services, context.event
    if not event.private or event.user_id not in services.operators:
        return ()
    offered = [one for one in services.state.sources.all() if one.state == "offered"]
    return tuple([channel_offer(services.renderer, context.language, one) for one in offered[:_CHANNELS]])


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
