"""The operator's commands. Reads arguments, prints results; what they mean is decided elsewhere."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from datetime import date
from io import TextIOWrapper
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from bot import __version__
from bot.clock import utc_now
from bot.settings import Settings, SettingsError
from bot.storage.errors import StorageError

if TYPE_CHECKING:
    from bot.app import App
    from bot.models import Message
    from bot.reports.ingest import Ingested

DONE, FAILED, USAGE = 0, 1, 2
# A preview has no account: its deep links name one that the reader must replace.
PREVIEW_USERNAME = "your_bot"
# Bytes of a single file that takes long enough to be watched.
_WORTH_A_BAR = 1 << 20
DEMO_PORT = 8081


class CommandFailed(Exception):
    """A command cannot go on; the text is one sentence that says what to do."""


def main(argv: list[str] | None = None) -> int:
    """Runs one command. Returns 0 when done, 1 when something failed and was named, 2 for wrong usage."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")  # read by python-telegram-bot; the old behaviour warns
    _tolerate_bytes()
    arguments = _parser().parse_args(argv)
    try:
        settings = Settings.from_env(os.environ)
        command: Callable[[Settings, argparse.Namespace], int] = arguments.command
        outcome = command(settings, arguments)
        sys.stdout.flush()
        return outcome  # noqa: TRY300  # an else would say no more
    except (SettingsError, CommandFailed, StorageError) as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _tolerate_bytes() -> None:
    """Reads and prints what is not valid in the terminal's encoding with marks in its place."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trendbot", description="A Telegram bot that answers about trends from a library of reports."
    )
    parser.add_argument("--version", action="version", version=f"trendbot {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="start the bot; needs TRENDBOT_TOKEN")
    run.set_defaults(command=_run)

    demo = commands.add_parser("demo", help="try the bot in a browser: no token, no account, no network")
    demo.add_argument("--port", type=_port, default=DEMO_PORT, metavar="N", help="where the page is served")
    demo.set_defaults(command=_demo)

    ask = commands.add_parser("ask", help="show what the bot would answer to TEXT")
    ask.add_argument("--as", dest="chat", choices=("private", "group"), default="private")
    ask.add_argument("--lang", choices=("en", "zh"), default=None)
    ask.add_argument("--json", action="store_true", help="print the message as one JSON value")
    ask.add_argument("text", metavar="TEXT", nargs="+")
    ask.set_defaults(command=_ask)

    ingest = commands.add_parser("ingest", help="take documents into the library")
    ingest.add_argument("--json", action="store_true", help="print one JSON value per document")
    ingest.add_argument("paths", metavar="PATH", nargs="+", help="a file or a folder; - reads JSON lines")
    ingest.set_defaults(command=_ingest)

    show = commands.add_parser("show", help="print a cleaned report, or what was cut from it")
    show.add_argument("--cut", action="store_true", help="print each removed line with its rule")
    show.add_argument("--json", action="store_true", help="print one JSON value per edition")
    show.add_argument("id", metavar="ID", help="a report's id, or the beginning of one")
    show.set_defaults(command=_show)

    search = commands.add_parser("search", help="find passages")
    search.add_argument("--json", action="store_true", help="print one JSON value per query")
    search.add_argument("--limit", type=_positive, default=10, metavar="N")
    search.add_argument("query", metavar="QUERY", nargs="+", help="what to find; - reads a query per line")
    search.set_defaults(command=_search)

    digest = commands.add_parser(
        "digest", help="show what a daily digest would bring; nothing counts as sent"
    )
    digest.add_argument("--preview", action="store_true", required=True, help="print it, send nothing")
    digest.add_argument(
        "--topics", metavar="A,B", help="queries as after /trend; by default the richest topics"
    )
    digest.add_argument(
        "--date", type=date.fromisoformat, metavar="DATE", help="the digest of that day, 08:00"
    )
    digest.add_argument("--lang", choices=("en", "zh"), default=None)
    digest.add_argument("--json", action="store_true", help="print one JSON value per message")
    digest.set_defaults(command=_digest)

    recap = commands.add_parser("recap", help="sum up a chat exported by Telegram Desktop")
    recap.add_argument("--json", action="store_true", help="print one JSON value")
    recap.add_argument(
        "--chars", type=_positive, default=None, metavar="N", help="characters to quote in all"
    )
    recap.add_argument("--lang", choices=("en", "zh"), default=None)
    recap.add_argument("file", metavar="FILE", help="its result.json; - reads one from standard input")
    recap.set_defaults(command=_recap)

    backup = commands.add_parser("backup", help="copy what cannot be built again; the bot may be running")
    backup.add_argument(
        "folder", metavar="DIR", type=Path, help="where the backup is put, in a folder of its own"
    )
    backup.set_defaults(command=_backup)

    restore = commands.add_parser("restore", help="put a backup in the place of the present data")
    restore.add_argument("file", metavar="FILE", type=Path, help="a backup, or the state.db in it")
    restore.set_defaults(command=_restore)

    doctor = commands.add_parser("doctor", help="check the installation and say what to do")
    doctor.add_argument("--health", action="store_true", help="only whether a running bot hears Telegram")
    doctor.set_defaults(command=_doctor)
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if not 1 <= value <= 1_000:
        raise argparse.ArgumentTypeError("takes a number from 1 to 1000")
    return value


def _port(text: str) -> int:
    value = int(text)
    if not 0 <= value <= 65_515:
        raise argparse.ArgumentTypeError("takes a port from 1 to 65515, or 0 for any that is free")
    return value


def _open(settings: Settings) -> App:
    from bot.app import open_app
    from bot.rendering.renderer import TemplateProblem
    from bot.reports.topics import GlossaryError

    try:
        return open_app(settings)
    except TemplateProblem as error:
        raise CommandFailed(f"{error}; mend it or unset TRENDBOT_TEMPLATES.") from error
    except (GlossaryError, FileNotFoundError) as error:
        raise CommandFailed(str(error)) from error
    except OSError as error:
        raise CommandFailed(
            f"{settings.data} cannot be used ({error.strerror or error}); set TRENDBOT_DATA to a folder that can."
        ) from error


@contextmanager
def _opened(settings: Settings) -> Iterator[App]:
    app = _open(settings)
    try:
        yield app
    finally:
        app.close()


def _run(settings: Settings, _arguments: argparse.Namespace) -> int:
    from bot.service import AlreadyRunning, CannotStart, run

    if not settings.token:
        raise CommandFailed(
            "TRENDBOT_TOKEN is not set. In Telegram, open @BotFather, send /newbot and follow it, then start with "
            "TRENDBOT_TOKEN=<the token it gives you> trendbot run. Without a token, trendbot demo lets you "
            "talk to the bot in a browser, and trendbot ask TEXT shows what it would answer."
        )
    with _opened(settings) as app:
        try:
            run(app)
        except (AlreadyRunning, CannotStart) as error:
            raise CommandFailed(str(error)) from error
    return DONE


def _demo(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.demo import NoPort, demo

    try:
        demo(settings, arguments.port, settings.data if os.environ.get("TRENDBOT_DATA") else None, _open)
    except NoPort as error:
        raise CommandFailed(str(error)) from error
    return DONE


def _ask(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.chat.turn import Asked
    from bot.rendering.renderer import TemplateProblem

    private = arguments.chat == "private"
    asked = Asked(
        chat_id=0 if private else -1,
        user_id=0,
        text=" ".join(arguments.text),
        private=private,
        chosen=arguments.lang,
    )
    with _opened(settings) as app:
        try:
            reply = app.conversation(None if private else PREVIEW_USERNAME).answer(asked, utc_now())
        except TemplateProblem as error:
            raise CommandFailed(f"{error}; mend it or unset TRENDBOT_TEMPLATES.") from error
    if reply is None or reply.message is None:
        print(
            "The bot stays silent: in a group it answers commands and mentions, such as /trend compute.",
            file=sys.stderr,
        )
        return DONE
    _print_message(reply.message, as_json=arguments.json)
    return DONE


def _print_message(message: Message, *, as_json: bool) -> None:
    from bot.rendering.preview import as_text, as_value

    print(json.dumps(as_value(message), ensure_ascii=False) if as_json else as_text(message))


def _ingest(settings: Settings, arguments: argparse.Namespace) -> int:
    with _opened(settings) as app:
        app.segmenter.load()
        worst = DONE
        for result in _ingested(app, arguments.paths, quiet=arguments.json):
            if result.status == "failed":
                worst = FAILED
            problem = result.error
            error = app.renderer.word("problem", "en", problem.name, problem.values) if problem else None
            if arguments.json:
                print(json.dumps(asdict(result) | {"error": error}, ensure_ascii=False), flush=True)
            elif error:
                print(f"{result.title}: {error}", file=sys.stderr)
            else:
                day = result.published or "date unknown"
                print(
                    f"{result.id}  {result.status:9}  {result.language}  {day}  {result.passages} passages, "
                    f"{result.cut} lines cut  {result.title}"
                )
        return worst


def _ingested(app: App, paths: Iterable[str], *, quiet: bool) -> Iterator[Ingested]:
    from bot.models import Problem
    from bot.reports.ingest import failed, files_in
    from bot.reports.readers import STREAM

    files: list[Path | None] = []
    for name in paths:
        if name == "-":
            files.append(None)
            continue
        path = Path(name)
        if not path.exists():
            yield failed(name, Problem("no_such_file"))
            continue
        found = files_in(path)
        if not found:
            yield failed(name, Problem("empty_folder"))
        files.extend(found)
    now = int(utc_now().timestamp())
    known = [file for file in files if file is not None]
    size = sum(file.stat().st_size for file in known)
    shown = not quiet and sys.stderr.isatty() and (len(known) > 1 or size > _WORTH_A_BAR)
    with _progress(size) if shown else nullcontext(lambda _bytes: None) as read:
        for is_stream, group in groupby(files, lambda file: file is None):
            if is_stream:
                yield from app.ingest.stream(STREAM, sys.stdin.buffer, now)
            else:
                yield from app.ingest.paths((file for file in group if file is not None), now, read)


@contextmanager
def _progress(size: int, doing: str = "Ingesting") -> Iterator[Callable[[int], None]]:
    """A bar on the terminal; what is yielded moves it by so many of the `size` bytes."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn(doing), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=size)
        yield lambda count: bar.advance(task, count)


def _show(settings: Settings, arguments: argparse.Namespace) -> int:
    with _opened(settings) as app:
        ids = app.library.report_ids(arguments.id)
        if not ids:
            raise CommandFailed(f"No report has the id {arguments.id}; trendbot search QUERY shows ids.")
        if len(ids) > 1:
            raise CommandFailed(
                f"{len(ids)} reports have ids that begin with {arguments.id}; give more of it."
            )
        report = app.library.reports(ids)[ids[0]]
        for edition in report.editions:
            text = app.library.text(report.id, edition.language) or ""
            cut = app.library.cut_lines(report.id, edition.language)
            published = report.published.isoformat() if report.published else None
            value: dict[str, Any] = {
                "id": report.id,
                "title": edition.title,
                "publisher": edition.publisher,
                "language": edition.language,
                "published": published,
                "url": report.url,
            }
            if arguments.json:
                body = {"cut": [asdict(line) for line in cut]} if arguments.cut else {"text": text}
                print(json.dumps(value | body, ensure_ascii=False))
                continue
            print(
                f"{edition.title}\n{edition.publisher or 'publisher unknown'}, {published or 'date unknown'}\n"
            )
            if arguments.cut:
                print(
                    "\n".join(f"{line.number:5}  {line.rule:18}  {line.text}" for line in cut)
                    or "Nothing was cut."
                )
            else:
                print(text)
            print()
        return DONE


def _search(settings: Settings, arguments: argparse.Namespace) -> int:
    with _opened(settings) as app:
        typed = " ".join(arguments.query)
        queries = (line.rstrip("\n") for line in sys.stdin) if typed == "-" else iter([typed])
        for query in queries:
            hits = _hits(app, query, arguments.limit)
            if arguments.json or typed == "-":
                print(json.dumps({"query": query, "hits": hits}, ensure_ascii=False), flush=typed != "-")
                continue
            for hit in hits:
                print(f"{hit['report']}  {hit['score']:6.2f}  {hit['text']}")
            if not hits:
                print("Nothing found.")
        return DONE


def _hits(app: App, text: str, limit: int) -> list[dict[str, Any]]:
    """The best passage of each report, best report first."""
    from bot.analysis.query import understand

    query = understand(text, app.glossary, app.segmenter)
    hits = app.search.by_report(query, limit)
    return [
        {"report": p.report_id, "passage": p.id, "score": round(score, 4), "text": p.text}
        for p, score in hits
    ]


def _digest(settings: Settings, arguments: argparse.Namespace) -> int:
    with _opened(settings) as app:
        queries = tuple(query.strip() for query in (arguments.topics or "").split(",") if query.strip())
        preview = app.digest_preview(queries, arguments.lang or settings.language, arguments.date, utc_now())
    for message in preview:
        _print_message(message, as_json=arguments.json)
        if not arguments.json:
            print()
    if not preview:
        print("Nothing would be sent: no new report on this, and nothing in the library.", file=sys.stderr)
    return DONE


def _recap(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.chat.export import ExportError, newest_messages
    from bot.rendering.recaps import recap_message, recap_value

    language = arguments.lang or settings.language
    try:
        with _exported(arguments.file, shown=not arguments.json and sys.stderr.isatty()) as (file, read):
            messages = newest_messages(file, read)
    except (ExportError, OSError) as error:
        raise CommandFailed(f"{arguments.file}: {getattr(error, 'strerror', None) or error}") from error
    with _opened(settings) as app:
        recap = app.recap_briefer().recap(messages, language, utc_now().date(), characters=arguments.chars)
        if arguments.json:
            print(json.dumps(recap_value(recap, len(messages)), ensure_ascii=False))
        elif recap is None:
            print(app.renderer.word("recap_nothing", language, len(messages)))
        else:
            _print_message(recap_message(app.renderer, recap, language, lambda _: None, None), as_json=False)
    return DONE


@contextmanager
def _exported(name: str, *, shown: bool) -> Iterator[tuple[BinaryIO, Callable[[int], None]]]:
    """A file or standard input, open to be read, and what to call with the bytes that were."""
    if name == "-":
        yield sys.stdin.buffer, lambda _count: None
        return
    path = Path(name)
    bar = _progress(path.stat().st_size, "Reading") if shown else nullcontext(lambda _count: None)
    with path.open("rb") as file, bar as read:
        yield file, read


def _backup(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.operations import back_up

    print(back_up(settings, arguments.folder, utc_now()))
    return DONE


def _restore(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.operations import CannotRestore, restore

    try:
        print(restore(settings, arguments.file, utc_now()))
    except CannotRestore as error:
        raise CommandFailed(str(error)) from error
    return DONE


def _doctor(settings: Settings, arguments: argparse.Namespace) -> int:
    from bot.doctor import examine, health

    sound = True
    for finding in [health(settings, utc_now())] if arguments.health else examine(settings, utc_now()):
        sound = sound and finding.ok
        print(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.subject}: {finding.text}")
    return DONE if sound else FAILED


def _fail(message: str) -> int:
    print(f"trendbot: {message}", file=sys.stderr)
    return FAILED
