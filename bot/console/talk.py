"""The commands that show what readers get: an answer, a digest, a recap."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

from bot.clock import utc_now
from bot.console.terminal import DONE, CommandFailed, opened, print_message, progress
from bot.settings import Settings

# A preview has no account: its deep links name one that the reader must replace.
PREVIEW_USERNAME = "your_bot"
# Nobody's id, but not 0: whoever has that writes in the name of a channel.
_READER = 1


def ask(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot ask`: TEXT through the real conversation."""
    from bot.dialogue.events import TextEvent
    from bot.rendering.renderer import TemplateProblem

    private = arguments.chat == "private"
    asked = TextEvent(
        chat_id=0 if private else -1,
        user_id=_READER,
        text=" ".join(arguments.text),
        private=private,
        chosen=arguments.lang,
    )
    with opened(settings) as app:
        try:
            reply = app.conversation(None if private else PREVIEW_USERNAME).answer(asked, utc_now())
        except TemplateProblem as error:
            raise CommandFailed(error.advice) from error
    if reply is None or reply.message is None:
        print(
            "The bot stays silent: in a group it answers commands and mentions, such as /trend compute.",
            file=sys.stderr,
        )
        return DONE
    for message in (reply.message, *reply.more):
        print_message(message, as_json=arguments.json)
    return DONE


def digest(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot digest --preview`."""
    with opened(settings) as app:
        queries = tuple(query.strip() for query in (arguments.topics or "").split(",") if query.strip())
        preview = app.digest_preview(queries, arguments.lang or settings.language, arguments.date, utc_now())
    for message in preview:
        print_message(message, as_json=arguments.json)
        if not arguments.json:
            print()
    if not preview:
        print("Nothing would be sent: no new report on this, and nothing in the library.", file=sys.stderr)
    return DONE


def recap(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot recap`: a chat exported by Telegram Desktop."""
    from bot.recaps.export import ExportError, newest_messages
    from bot.recaps.message import recap_message, recap_value

    language = arguments.lang or settings.language
    try:
        with _exported(arguments.file, shown=not arguments.json and sys.stderr.isatty()) as (file, read):
            messages = newest_messages(file, read)
    except (ExportError, OSError) as error:
        raise CommandFailed(f"{arguments.file}: {getattr(error, 'strerror', None) or error}") from error
    with opened(settings) as app:
        recap = app.recap_briefer().recap(messages, language, utc_now().date(), characters=arguments.chars)
        if arguments.json:
            print(json.dumps(recap_value(recap, len(messages)), ensure_ascii=False))
        elif recap is None:
            print(app.renderer.word("recap_nothing", language, len(messages)))
        else:
            print_message(recap_message(app.renderer, recap, language, lambda _: None, None), as_json=False)
    return DONE


@contextmanager
def _exported(name: str, *, shown: bool) -> Iterator[tuple[BinaryIO, Callable[[int], None]]]:
    """A file or standard input, open to be read, and what to call with the bytes that were."""
    if name == "-":
        yield sys.stdin.buffer, lambda _count: None
        return
    path = Path(name)
    bar = progress(path.stat().st_size, "Reading") if shown else nullcontext(lambda _count: None)
    with path.open("rb") as file, bar as read:
        yield file, read
