"""The operator's command line: parses arguments and runs one command of `console`."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TypeAlias

from bot import __version__
from bot.console import assistant, documents, feeds, publishing, talk, trends, upkeep
from bot.console.terminal import FAILED, CommandFailed
from bot.languages import LANGUAGES, is_language
from bot.logs import configure_logging
from bot.settings import Settings, SettingsError
from bot.sqlite.errors import StorageError

DEMO_PORT = 8081

_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001  # argparse has no public name for it


def main(argv: list[str] | None = None) -> int:
    """Run one command. Return 0 when done, 1 for a failure that was named, 2 for wrong usage, 130 after Ctrl-C."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # read by python-telegram-bot; the old behaviour warns
    _tolerate_bytes()
    arguments = _parser().parse_args(argv)
    try:
        settings = Settings.from_env(os.environ)
        # Warnings and uncaught exceptions, with secrets masked; run and ingest then log at the operator's level.
        configure_logging("WARNING", settings.secrets, sys.stderr)
        command: Callable[[Settings, argparse.Namespace], int] = arguments.command
        outcome = command(settings, arguments)
        sys.stdout.flush()
        return outcome  # noqa: TRY300  # an else would say no more
    except (SettingsError, CommandFailed, StorageError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output is gone; nobody is left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _tolerate_bytes() -> None:
    """Make input and output tolerant: invalid bytes are replaced, and characters that cannot be printed are escaped."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trendbot", description="A Telegram bot that answers about trends from a library of reports."
    )
    parser.add_argument("--version", action="version", version=f"trendbot {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    _add_operation(commands)
    _add_previews(commands)
    _add_library(commands)
    _add_openings(commands)
    return parser


def _add_operation(commands: _Commands) -> None:
    """Add the commands that run and maintain the bot."""
    run = commands.add_parser("run", help="start the bot; needs TRENDBOT_TOKEN")
    run.set_defaults(command=upkeep.run_bot)

    demo = commands.add_parser("demo", help="try the bot in a browser: no token, no account, no network")
    demo.add_argument("--port", type=_port, default=DEMO_PORT, metavar="N", help="where the page is served")
    demo.set_defaults(command=upkeep.run_demo, own_data=bool(os.environ.get("TRENDBOT_DATA")))

    backup = commands.add_parser("backup", help="copy what cannot be built again; the bot may be running")
    backup.add_argument(
        "folder", metavar="DIR", type=Path, help="where the backup is put, in a folder of its own"
    )
    backup.set_defaults(command=upkeep.backup)

    restore = commands.add_parser("restore", help="put a backup in the place of the present data")
    restore.add_argument("file", metavar="FILE", type=Path, help="a backup, or the state.db in it")
    restore.set_defaults(command=upkeep.restore_backup)

    state = commands.add_parser("state", help="move the state into PostgreSQL, or back into its file")
    moves = state.add_subparsers(required=True, metavar="copy")
    copy = moves.add_parser(
        "copy", help="copy the state of the data folder to TRENDBOT_STATE; stop the bot first"
    )
    copy.add_argument(
        "--back", action="store_true", help="the other way: from TRENDBOT_STATE to the data folder"
    )
    copy.set_defaults(command=upkeep.copy_state)

    doctor = commands.add_parser("doctor", help="check the installation and say what to do")
    doctor.add_argument("--health", action="store_true", help="only whether a running bot hears Telegram")
    doctor.set_defaults(command=upkeep.doctor)


def _add_openings(commands: _Commands) -> None:
    """Add the commands that open the library to other programs."""
    mcp = commands.add_parser(
        "mcp",
        help="serve the library to an assistant over standard input and output (Model Context Protocol)",
    )
    mcp.set_defaults(command=assistant.serve)

    publish = commands.add_parser(
        "publish",
        help="write the digests on some topics into a folder, as feeds and pages for any web server",
    )
    publish.add_argument("folder", metavar="DIR", type=Path, help="where the files are put")
    publish.add_argument(
        "--topics", metavar="A,B", help="queries as after /trend; by default the richest topics"
    )
    publish.add_argument("--url", type=_address, metavar="URL", help="where DIR is served, for feeds' links")
    publish.set_defaults(command=publishing.publish)


def _add_previews(commands: _Commands) -> None:
    """Add the commands that show what readers get."""
    ask = commands.add_parser("ask", help="show what the bot would answer to TEXT")
    ask.add_argument("--as", dest="chat", choices=("private", "group"), default="private")
    ask.add_argument("--lang", choices=tuple(LANGUAGES), default=None)
    ask.add_argument(
        "--as-of",
        type=_day,
        metavar="DATE",
        help="answer as on that day, from what was published until then",
    )
    ask.add_argument("--json", action="store_true", help="print the message as one JSON value")
    ask.add_argument(
        "text", metavar="TEXT", nargs="+", help="a question; - answers each line of standard input in JSON"
    )
    ask.set_defaults(command=talk.ask)

    digest = commands.add_parser(
        "digest", help="show what a daily digest would bring; nothing counts as sent"
    )
    digest.add_argument("--preview", action="store_true", required=True, help="print it, send nothing")
    digest.add_argument(
        "--topics", metavar="A,B", help="queries as after /trend; by default the richest topics"
    )
    digest.add_argument(
        "--date",
        type=_day,
        metavar="DATE",
        help="the digest of that day, 08:00, from what was published before it",
    )
    digest.add_argument("--lang", choices=tuple(LANGUAGES), default=None)
    digest.add_argument("--json", action="store_true", help="print one JSON value per message")
    digest.set_defaults(command=talk.digest)

    recap = commands.add_parser("recap", help="sum up a chat exported by Telegram Desktop")
    recap.add_argument("--json", action="store_true", help="print one JSON value")
    recap.add_argument(
        "--chars", type=_up_to(100_000), default=None, metavar="N", help="characters to quote in all"
    )
    recap.add_argument(
        "--chat", metavar="NAME", default="", help="the chat to recap of a whole account's export"
    )
    recap.add_argument("--lang", choices=tuple(LANGUAGES), default=None)
    recap.add_argument(
        "file", metavar="FILE", help="its result.json or messages.html; - reads one from standard input"
    )
    recap.set_defaults(command=talk.recap)


def _add_library(commands: _Commands) -> None:
    """Add the commands on the library."""
    ingest = commands.add_parser("ingest", help="take documents into the library")
    ingest.add_argument("--json", action="store_true", help="print one JSON value per document")
    ingest.add_argument(
        "--publisher", metavar="NAME", default="", help="who publishes what declares no publisher"
    )
    ingest.add_argument(
        "--language", type=_language, metavar="TAG", default="", help="the language of what declares none"
    )
    ingest.add_argument(
        "paths", metavar="PATH", nargs="+", help="a file, a folder or an address; - reads JSON lines"
    )
    ingest.set_defaults(command=documents.ingest)

    sources = commands.add_parser("feeds", help="feeds, pages and folders that reports come from")
    sources.add_argument(
        "action",
        nargs="?",
        choices=feeds.ACTIONS,
        default="list",
        metavar="ACTION",
        help=f"{', '.join(feeds.ACTIONS)}; list by default",
    )
    sources.add_argument(
        "targets", nargs="*", metavar="WHAT", help="addresses, folders, ids, all, or a file to import"
    )
    sources.add_argument("--json", action="store_true", help="print one JSON value per source")
    sources.add_argument(
        "--yes", action="store_true", help="import the feeds that Trendbot ships with unasked"
    )
    sources.set_defaults(command=feeds.feeds)

    show = commands.add_parser("show", help="print a cleaned report, or what was cut from it")
    show.add_argument("--cut", action="store_true", help="print each removed line with its rule")
    show.add_argument(
        "--story", action="store_true", help="list the reports of the same event, and why they are one story"
    )
    show.add_argument("--json", action="store_true", help="print one JSON value per edition, or per report")
    show.add_argument("id", metavar="ID", help="a report's id, or the beginning of one")
    show.set_defaults(command=documents.show)

    search = commands.add_parser("search", help="find passages")
    search.add_argument("--json", action="store_true", help="print one JSON value per query")
    search.add_argument("--limit", type=_up_to(1_000), default=10, metavar="N")
    search.add_argument("query", metavar="QUERY", nargs="+", help="what to find; - reads a query per line")
    search.set_defaults(command=documents.search)

    rising = commands.add_parser("trends", help="show what rises, by counts of sources and items")
    rising.add_argument("--json", action="store_true", help="print one JSON value per term")
    rising.add_argument("--as-of", type=_day, metavar="DATE", help="from what was published until then")
    rising.add_argument(
        "--days", type=_up_to(366), default=7, metavar="N", help="days looked at; 7 by default"
    )
    rising.add_argument("--limit", type=_up_to(1_000), default=10, metavar="N")
    rising.add_argument("--lang", choices=tuple(LANGUAGES), default=None)
    rising.add_argument(
        "--explain", action="store_true", help="also print the mean, dispersion and tail that decided"
    )
    rising.set_defaults(command=trends.trends)


def _up_to(most: int) -> Callable[[str], int]:
    """Return a parser of whole numbers from 1 to `most`."""

    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text) or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"takes a number from 1 to {most}")
        return int(text)

    return read


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"takes a day such as 2025-02-28, not {text}") from error


def _language(text: str) -> str:
    if text and not is_language(text):  # the default is empty
        raise argparse.ArgumentTypeError(f"takes a language such as en, zh-CN or ja, not {text}")
    return text


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65_515:
        raise argparse.ArgumentTypeError("takes a port from 1 to 65515, or 0 for any that is free")
    return value


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(?:/[^\s?#]*)?", text):
        raise argparse.ArgumentTypeError("takes an address such as https://example.org/trends")
    return text


def _fail(message: str) -> int:
    print(f"trendbot: {message}", file=sys.stderr)
    return FAILED
