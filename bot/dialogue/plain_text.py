"""Answers plain text, in a private chat or beside the bot's name in a group: a phrase, a follow-up, or a question.

In a private chat it also answers commands in words; in a group these are routed by their rights (mentions).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import cast

from bot.dialogue.commands import compare, trend
from bot.dialogue.commands.subscribe import typed_in_panel
from bot.dialogue.context import Command, Context
from bot.dialogue.events import TextEvent
from bot.dialogue.follow_ups import FollowUps
from bot.dialogue.phrases import opening_in, phrase_in
from bot.dialogue.registry import BY_NAME
from bot.dialogue.reply import Reply
from bot.library.topic_forms import outermost
from bot.messages import Rights
from bot.models import Mention
from bot.state.views import View
from bot.text.normalise import fold
from bot.text.periods import find_period
from bot.text.rule_data import read_words

_FIELD = "ai"
"""Topic of everything that the bot tells of."""

_SHORT = frozenset({"day", "week"})
"""Units of the periods whose news people ask for, rather than for how a subject fared in them."""

FOLLOWED_SECONDS = 600
"""Seconds after a question in which a text may be a follow-up to it."""


def _answer(context: Context, text: str) -> Reply:
    phrase = phrase_in(text)
    if phrase is None:
        typed = (typed_in_panel(context, text) or _command(context, text)) if context.private else None
        if asked := typed or compare.typed_alone(context, text):
            return asked
        continued = _continued(context, text)
        return trend.answer(context, continued) if continued else _answer_alone(context, text)
    if phrase.kind == "sentence":
        return context.say(phrase.name)
    return _part(context, cast("trend.Shown", phrase.name))


def _answer_alone(context: Context, text: str) -> Reply:
    """Answer a question that is no follow-up. What is in the news ("this week", 本月热点) is what is rising."""
    if _asks_for_news_at_large(context, text):
        return BY_NAME["rising"].handle(context, text)
    return trend.answer(context, text)


def _asks_for_news_at_large(context: Context, text: str) -> bool:
    """Return whether a text names no subject but AI itself, only a few days or words for what is in the news.

    AI alone is a subject like any other.
    """
    period = find_period(fold(text).strip(" ?!.？！。"))
    query = context.services.understand(period[1] if period else text)
    if query.phrases or query.excluded or not set(query.topics) <= {_FIELD}:
        return False
    asked = query.words or (period and (not query.topics or period[0].unit in _SHORT))
    return bool(asked) and all(word in _news_words() for word in query.words)


@cache
def _news_words() -> frozenset[str]:
    return read_words(Path(__file__).with_name("news_words.txt"))


def _command(context: Context, text: str) -> Reply | None:
    """Answer a command given in words, such as 订阅算力; None if the text is a question."""
    opening = opening_in(text)
    if opening is None:
        return None
    name, behind, parted = opening
    named = context.services.glossary.forms.named(fold(behind))
    return BY_NAME[name].handle(context, behind) if parted or named else None


def _part(context: Context, part: trend.Shown) -> Reply:
    """Show a part of the chat's last briefing; without one, the sources or topics to choose from."""
    last = _last_question(context)
    shown = trend.show_again(context, last, part) if last else None
    if shown:
        return shown
    return BY_NAME["sources"].handle(context, "") if part == "sources" else trend.answer(context, "")


def _last_question(context: Context, since: int = 0) -> View | None:
    """Return the question whose answer is replied to, however old; else the chat's newest from the second `since` on."""
    views, event = context.services.state.views, context.event
    replied = views.get(event.answers) if isinstance(event, TextEvent) and event.answers else None
    if replied is not None and replied.chat_id == event.chat_id and replied.query:
        return replied
    return views.last_question(event.chat_id, since)


def _continued(context: Context, text: str) -> str | None:
    """Return the full question if `text` is a follow-up to a recent one, otherwise None."""
    last = _last_question(context, context.seconds - FOLLOWED_SECONDS)
    if last is None:
        return None
    glossary, segmenter = context.services.glossary, context.services.segmenter

    def found(folded: str) -> list[Mention]:
        return outermost(glossary.forms.find(folded, lambda: segmenter.words(folded)))

    picked = glossary.topics.get(last.query)  # a pressed topic is asked for by its id
    name = picked.names[context.language] if picked else last.query
    asked = last.query if fold(name) == last.query else name
    return FollowUps(glossary.topics, found).continued(text, asked)


PLAIN_TEXT = Command(
    name="", words=(), handle=_answer, order=0, rights=Rights.ANYONE, takes=True, listed=False
)
"""Answers texts that are not commands; it has no name and appears in no menu."""
