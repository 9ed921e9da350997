"""The commands that show what readers get: an answer, a digest, a recap."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from bot.clock import utc_now
from bot.console.terminal import DONE, FAILED, CommandFailed, evening_of, opened, print_message, progress
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.app import App
    from bot.dialogue.events import TextEvent
    from bot.dialogue.reply import Reply
    from bot.dialogue.router import Router
    from bot.messages import Message

# A preview has no account: its deep links name a placeholder that the reader must replace.
PREVIEW_USERNAME = "your_bot"
# No real user's id. Not 0, which would mean a writer in the name of a channel.
_READER = 1


def ask(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot ask`: puts TEXT through the real conversation; `-` asks each line of standard input."""
    from bot.rendering.renderer import TemplateProblem

    text = " ".join(arguments.text)
    with opened(settings, arguments.as_of) as app:
        conversation = app.router(None if arguments.chat == "private" else PREVIEW_USERNAME)
        arguments.now = evening_of(arguments.as_of, settings) if arguments.as_of else None
        if text == "-":
            return _ask_lines(conversation, arguments)
        try:
            reply = conversation.answer(_event(text, arguments), arguments.now or utc_now())
            messages = _messages(reply)
            for message in messages:
                print_message(message, as_json=arguments.json)
            if app.rewriter and reply:
                _print_retold(app, conversation, reply, arguments)
        except TemplateProblem as error:
            raise CommandFailed(error.advice) from error
    if not messages:
        print(
            "The bot stays silent: in a group it answers commands and mentions, such as /trend compute.",
            file=sys.stderr,
        )
    return DONE


def _print_retold(app: App, conversation: Router, reply: Reply, arguments: argparse.Namespace) -> None:
    """Print the answer again in the language model's words, where it gives any."""
    import asyncio

    if (
        app.rewriter is None
        or reply.retell is None
        or asyncio.run(app.rewriter.retell(reply.retell.material, _READER)) is None
    ):
        return
    text = " ".join(arguments.text)
    retold = conversation.retold(reply, _event(text, arguments), arguments.now or utc_now())
    if retold:
        sys.stdout.write("" if arguments.json else "\n")
        print_message(retold, as_json=arguments.json)


def _ask_lines(conversation: Router, arguments: argparse.Namespace) -> int:
    """Print exactly one JSON value per line of standard input, in order; a failed question gives a value with `error`."""
    from bot.rendering.preview import joined_value

    code = DONE
    for line in sys.stdin:
        query = line.rstrip("\r\n")
        try:
            value = joined_value(_answer(conversation, query, arguments))
        except Exception as error:  # noqa: BLE001  # one question that fails is named, the others are answered
            value, code = {"error": f"{type(error).__name__}: {error}"}, FAILED
        print(json.dumps({"query": query, **value}, ensure_ascii=False), flush=True)
    return code


def _answer(conversation: Router, text: str, arguments: argparse.Namespace) -> tuple[Message, ...]:
    """Return the messages that a reader would get; empty where the bot stays silent."""
    return _messages(conversation.answer(_event(text, arguments), arguments.now or utc_now()))


def _event(text: str, arguments: argparse.Namespace) -> TextEvent:
    from bot.dialogue.events import TextEvent

    private = arguments.chat == "private"
    return TextEvent(
        chat_id=0 if private else -1, user_id=_READER, text=text, private=private, chosen=arguments.lang
    )


def _messages(reply: Reply | None) -> tuple[Message, ...]:
    return (reply.message, *reply.more) if reply and reply.message else ()


def digest(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot digest --preview`: prints the digest that a subscription would have brought."""
    from bot.console.digest_preview import digest_preview

    with opened(settings) as app:
        queries = tuple(query.strip() for query in (arguments.topics or "").split(",") if query.strip())
        language = arguments.lang or settings.language
        preview = digest_preview(app, queries, language, arguments.date, utc_now())
    for message in preview:
        print_message(message, as_json=arguments.json)
        if not arguments.json:
            print()
    if not preview:
        print("Nothing would be sent: no new report on this, and nothing in the library.", file=sys.stderr)
    return DONE


def recap(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot recap`: recaps a chat exported by Telegram Desktop; in an account's export, the chat named by --chat."""
    from bot.recaps.export import ExportError, newest_messages
    from bot.recaps.message import recap_message, recap_value
    from bot.recaps.reading import EXPORTED

    language = arguments.lang or settings.language
    try:
        with _exported(arguments.file, shown=not arguments.json and sys.stderr.isatty()) as (file, read):
            messages, total = newest_messages(file, read, arguments.chat)
    except (ExportError, OSError) as error:
        raise CommandFailed(f"{arguments.file}: {getattr(error, 'strerror', None) or error}") from error
    with opened(settings) as app:
        recap = app.recap_briefer().recap(
            messages, language, total=total, budget=EXPORTED, characters=arguments.chars
        )
        if arguments.json:
            print(json.dumps(recap_value(recap, total), ensure_ascii=False))
        elif recap is None:
            print(app.renderer.word("recap_nothing", language, total))
        else:
            print_message(recap_message(app.renderer, recap, language, lambda _: None, None), as_json=False)
    return DONE


@contextmanager
def _exported(name: str, *, shown: bool) -> Iterator[tuple[BinaryIO, Callable[[int], None]]]:
    """Open a file or standard input so that it can be read twice; also yield the callback for bytes read."""
    if name == "-":
        yield BytesIO(sys.stdin.buffer.read()), lambda _count: None
        return
    path = Path(name)
    bar = progress(path.stat().st_size, "Reading") if shown else nullcontext(lambda _count: None)
    with path.open("rb") as file, bar as read:
        yield file, read
