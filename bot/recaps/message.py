"""Renders a recap as one Telegram message, shortened by whole items until it fits, or as JSON data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from msgspec.structs import asdict

from bot.messages import Button, Message, Press, Rights, Rows
from bot.models import Language
from bot.rendering.renderer import Renderer, deep_links, fits

if TYPE_CHECKING:
    from bot.recaps.compose import Recap, RecapBriefer
    from bot.recaps.quotes import Quote
    from bot.rewriting.material import Material, Retelling

_CHATS = 20
# A single quotation is not retold.
_LEAST = 2


class RecapStretch(Press, frozen=True):
    """Button: shows the recap of the view's group for a window, given by its code; in a group in six lines."""

    window: str

    code: ClassVar[str] = "r"
    rights: ClassVar[Rights] = Rights.MEMBER
    heavy: ClassVar[bool] = True


class RecapWhole(Press, frozen=True):
    """Button: shows all lines of the recap of the same window."""

    window: str

    code: ClassVar[str] = "rw"
    rights: ClassVar[Rights] = Rights.MEMBER
    heavy: ClassVar[bool] = True


class RecapPassage(Press, frozen=True):
    """Button: shows a passage that the recap cites in a pop-up to the person who presses it."""

    passage: str

    code: ClassVar[str] = "rq"
    rights: ClassVar[Rights] = Rights.ANYONE


def recap_rows(
    renderer: Renderer, recap: Recap, view: str, language: Language, span: str, *, brief: bool
) -> Rows:
    """Return the buttons of a recap: its numbered citations, and the whole recap or back to six lines.

    `span` is the code of the recap's window.
    """
    shown = recap.brief if brief else recap
    numbers = tuple(
        Button(f"[{number}]", RecapPassage(view, language, passage))
        for number, passage in enumerate(shown.citations, 1)
    )
    rows = [numbers] if numbers else []
    if recap.exceeds_its_brief:
        press = RecapWhole(view, language, span) if brief else RecapStretch(view, language, span)
        word = renderer.word("button_recap_more" if brief else "button_recap_less", language)
        rows.append((Button(word, press),))
    return tuple(rows)


def recap_message(
    renderer: Renderer,
    recap: Recap,
    language: Language,
    link: Callable[[int], str | None],
    username: str | None,
    *,
    brief: bool = False,
    retelling: Retelling | None = None,
    zone: ZoneInfo | None = None,
    about: str = "",
) -> Message:
    """Return a recap as a message, with as many lines as fit or, if `brief`, in six.

    A `retelling` replaces the six lines. The heading gives the first and last moment in `zone`, only the days (UTC)
    without a zone, and the subject or person (@name) that the recap is `about`.

    `link` returns a message's URL by its id, None if it has none. `username` is the bot's, for links that open a cited
    passage; None if there is no bot.
    """
    if brief:
        recap = recap.brief
    # Message ids by number in the prompt, taken before the lines are shortened below.
    messages = _quoted_messages(recap) if retelling else []
    while True:
        message = Message(
            renderer.message(
                "recap",
                language,
                r=recap,
                brief=brief,
                first=_minute(recap.since, zone),
                last=_minute(recap.until, zone),
                timed=zone is not None,
                about=about,
                link=link,
                links=deep_links(username, recap.citations),
                retelling=retelling,
                messages=messages,
            )
        )
        if fits(message) or (shorter := recap.shortened()) is None:
            return message
        recap = shorter


def _quoted_messages(recap: Recap) -> list[int]:
    """Return the ids of the messages that a recap quotes, in the order in which a language model was given them."""
    # Imported here: it needs what only a language model needs.

    return [quote.message_id for quote in quotes_of(recap)]


def _minute(second: int, zone: ZoneInfo | None) -> datetime:
    return datetime.fromtimestamp(second, zone or UTC).replace(second=0)


def message_link(chat_id: int, message_id: int) -> str | None:
    """Return a message's URL, None if it has none: outside supergroups, or from before the group became one.

    A supergroup's id is -100 followed by the number used in its links (Telegram, message links).
    """
    number = str(chat_id).removeprefix("-100")
    if number == str(chat_id) or message_id <= 0:
        return None
    return f"https://t.me/c/{number}/{message_id}"


class ExportedRecaps:
    """Makes recaps of exported chats sent as a file. Stores nothing of them."""

    def __init__(self, renderer: Renderer, briefer: Callable[[], RecapBriefer], username: str | None) -> None:
        self._renderer = renderer
        self._briefer = briefer
        self._username = username

    def recap(self, raw: bytes, language: Language, chat: str = "") -> Message:
        """Return the recap of a Telegram Desktop export, or a notice why there is none; `chat` names an account's chat."""
        # Imported here: they load patterns and tables of encodings, which answering questions does not need.
        from bot.recaps.export import ExportError, ManyChats, newest_messages
        from bot.recaps.reading import EXPORTED

        try:
            exported = newest_messages(BytesIO(raw), lambda _count: None, chat)
        except ManyChats as error:
            return Message(self._renderer.notice("many_chats", language, error.names[:_CHATS]))
        except ExportError:
            return Message(self._renderer.notice("not_an_export", language))
        recap = self._briefer().recap(exported.messages, language, total=exported.total, budget=EXPORTED)
        if recap is None:
            return Message(self._renderer.notice("recap_nothing", language, exported.total))
        return recap_message(self._renderer, recap, language, lambda _: None, self._username)


def recap_value(recap: Recap | None, messages: int) -> dict[str, Any]:
    """Return a recap as JSON data; its points and other quotations carry the ids of their messages.

    `messages` is the number of messages in the talk. None, for too small a talk, gives empty lists.
    """
    if recap is None:
        empty: dict[str, Any] = {
            name: [] for name in ("points", "decisions", "tasks", "answered", "questions")
        }
        return {**empty, "messages": messages, "counted": 0}
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
        "tasks": [{**_point(q), "who": q.who, "due": q.due} for q in recap.tasks],
        "answered": [_point(quote) for quote in recap.answered],
        "questions": [_point(quote) for quote in recap.questions],
        "links": [{"url": s.url, "title": s.title, "message_ids": [s.message_id]} for s in recap.links],
        "people": [{"name": person.name, "messages": person.messages} for person in recap.people],
        "known": [
            {"topic": known.topic.id, "reports": known.reports, "passage": known.passage_id}
            for known in recap.evidence
        ],
        "messages": messages,
        "read": recap.read,
        "counted": recap.messages,
    }


def _point(quote: Quote) -> dict[str, Any]:
    point: dict[str, Any] = {"text": quote.text, "author": quote.author, "message_ids": [quote.message_id]}
    if quote.forwarded:
        point["forwarded"] = True
    if quote.poll is not None:
        point["poll"] = asdict(quote.poll)
    if quote.agreed:
        point["agreed"] = quote.agreed
    if quote.tally is not None:
        point["yes"], point["no"], point["people"] = quote.tally.yes, quote.tally.no, quote.tally.people
    for name, other in (("answer", quote.answer), ("asked", quote.asked)):
        if other is not None:
            point[name] = other.text
            point["message_ids"].append(other.message_id)
    return point


def recap_material(recap: Recap, language: Language) -> Material | None:
    """Return the quotations of a recap with their authors, numbered from 1; None if there are fewer than two."""
    # Imported here: they load what only a language model needs.
    from bot.rewriting.material import Evidence, Material
    from bot.text.language import language_by_script

    texts = [
        "\n".join(f"{author}: {text}" for author, text in _spoken_parts(quote)) for quote in quotes_of(recap)
    ]
    if len(texts) < _LEAST:
        return None
    evidence = (Evidence(n, text, language_by_script(text)) for n, text in enumerate(texts, 1))
    authors = (author for quote in quotes_of(recap) for author, _ in _spoken_parts(quote))
    return Material("", language, tuple(evidence), tuple((one,) for one in dict.fromkeys(authors)), talk=True)


def quotes_of(recap: Recap) -> tuple[Quote, ...]:
    """Return the quotations of a recap in the order of their numbers in the prompt."""
    return (*recap.decisions, *recap.tasks, *recap.answered, *recap.points, *recap.questions)


def _spoken_parts(quote: Quote) -> Iterator[tuple[str, str]]:
    """Yield (author, text) of what a quote settles or answers, of the quote, and of its answer."""
    for one in (quote.asked, quote, quote.answer):
        if one is not None:
            yield one.author, one.text
