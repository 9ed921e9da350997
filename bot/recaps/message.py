"""A recap as one Telegram message, cut on its data until it fits. Chooses nothing of what is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.models import Language, Message
from bot.recaps.compose import Recap
from bot.recaps.quotes import Quote
from bot.rendering.renderer import Renderer, deep_links, fits


def recap_message(
    renderer: Renderer,
    recap: Recap,
    language: Language,
    link: Callable[[int], str | None],
    username: str | None,
) -> Message:
    """The recap with as many of its lines as one message holds.

    `link` gives the address of a message by its number, None where it has none; `username` is the bot's, for the
    links that open a cited passage, None where there is no bot.
    """
    while True:
        links = deep_links(username, recap.citations)
        message = Message(renderer.message("recap", language, r=recap, link=link, links=links))
        shorter = recap.shortened()
        if fits(message) or shorter is None:
            return message
        recap = shorter


def recap_value(recap: Recap | None, messages: int) -> dict[str, Any]:
    """A recap for JSON: its points with the ids of their messages, and the rest of what it holds.

    `messages` is how many were read; a talk that is too small has no points.
    """
    if recap is None:
        return {"points": [], "messages": messages, "counted": 0}
    return {
        "points": [_point(quote) for quote in recap.points],
        "subjects": [
            {
                "words": list(s.words),
                "messages": s.messages,
                "people": s.people,
                "points": [_point(q) for q in s.quotes],
            }
            for s in recap.subjects
        ],
        "decisions": [_point(quote) for quote in recap.decisions],
        "questions": [_point(quote) for quote in recap.questions],
        "links": [{"url": s.url, "title": s.title, "message_ids": [s.message_id]} for s in recap.links],
        "people": [{"name": person.name, "messages": person.messages} for person in recap.people],
        "known": [
            {"topic": known.topic.id, "reports": known.reports, "passage": known.passage_id}
            for known in recap.known
        ],
        "messages": messages,
        "counted": recap.messages,
    }


def _point(quote: Quote) -> dict[str, Any]:
    point: dict[str, Any] = {"text": quote.text, "author": quote.author, "message_ids": [quote.message_id]}
    for name, other in (("answer", quote.answer), ("asked", quote.asked)):
        if other is not None:
            point[name] = other.text
            point["message_ids"].append(other.message_id)
    return point
