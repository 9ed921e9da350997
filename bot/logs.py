"""Configures the process's log: one handler, which masks secrets.

It does not cover what bypasses logging: `print`, `sys.exit("text")`, and a crash of the interpreter.
"""

from __future__ import annotations

import functools
import json
import logging
import re
import sys
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

MASK = "<token>"

CHATTY = ("aiohttp.access", "apscheduler", "httpcore", "httpx")
"""Loggers that write lines for every request or job, some with its URL: limited to WARNING and above."""

SHORTEST_PART = 8
"""Minimum characters for the part after a secret's colon to be masked alone; a shorter one is too common a word.

A shorter secret is masked where it stands as a word of its own.
"""

# Of a database's errors, lines that quote the values of a row; of Telegram's, the id of a chat (Bot API, ResponseParameters).
_QUOTED_ROW = re.compile(r"^DETAIL: .*$", re.MULTILINE)
_CHAT_ID = re.compile(r"(?<=chat id: )-?\d+")

_log = logging.getLogger(__name__)


def redact(text: str, secrets: Sequence[str]) -> str:
    """Return `text` with "<token>" for every secret: verbatim, encoded, escaped or quoted, and the part after a colon.

    A bot token is "id:key", and the key alone is as good as the whole to anyone who knows the bot.
    """
    pattern = _pattern(tuple(secrets))
    return pattern.sub(MASK, text) if pattern else text


@functools.lru_cache(maxsize=8)
def _pattern(secrets: tuple[str, ...]) -> re.Pattern[str] | None:
    forms: set[str] = set()
    for secret in secrets:
        part = secret.partition(":")[2]
        for form in (secret, part if len(part) >= SHORTEST_PART else ""):
            # As in addresses, in Python's and JSON's texts, and as libpq quotes a value (name='value').
            quoted = form.replace("\\", "\\\\")
            forms |= {form, quote(form), quote(form, safe=""), quote_plus(form), ascii(form)[1:-1]}
            forms |= {quoted, quoted.replace("'", "\\'"), quoted.replace('"', '\\"')}
    forms.discard("")
    # Longest first: of two secrets with a common beginning, masking the shorter would leave the rest of the longer.
    # Percent-encoding exists in either case.
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(map(_anywhere, longest_first)), re.IGNORECASE) if forms else None


def _anywhere(form: str) -> str:
    """Return the pattern of a secret's form: anywhere, or as a word of its own where it is short."""
    pattern = re.escape(form)
    return pattern if len(form) >= SHORTEST_PART else rf"(?<![0-9A-Za-z_]){pattern}(?![0-9A-Za-z_])"


class Trouble:
    """Log of a lasting fault, such as a full disk: one record when it begins and one when it ends.

    `lasts` tells whether the fault was there at the last report.
    """

    def __init__(self, log: logging.Logger, begun: str, over: str) -> None:
        self._log = log
        self._begun = begun
        self._over = over
        self.lasts = False

    def report(self, error: Exception) -> None:
        """Report the fault; `error` says what to do."""
        if not self.lasts:
            self._log.error("%s: %s It is tried again until it works.", self._begun, error)
        self.lasts = True

    def clear(self) -> None:
        """Report that the fault is over, or that there is none."""
        if self.lasts:
            self._log.warning("%s.", self._over)
        self.lasts = False


class _Formatter(logging.Formatter):
    """Formatter that masks secrets, ids of chats and rows in the finished text: message, traceback and stack."""

    def __init__(
        self, secrets: Sequence[str], form: str = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    ) -> None:
        super().__init__(form, "%Y-%m-%d %H:%M:%S%z")
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        try:
            text = super().format(record)
        except Exception as error:  # noqa: BLE001 - whatever a record's arguments raise when they are shown
            text = f"ERROR {record.name}: unwritable log call ({type(error).__name__}) at {record.pathname}"
            text = f"{text}:{record.lineno}: {record.msg!s}"
        text = _CHAT_ID.sub("<chat>", _QUOTED_ROW.sub("DETAIL: <row>", text))
        return redact(text, self._secrets)


class _JsonFormatter(_Formatter):
    """Formatter for one line of JSON per record: time, level, logger, and text with any traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "text": super().format(record),
        }
        return json.dumps(line, ensure_ascii=False)


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Stay silent: logging's own report would print the record's arguments, unmasked, to stderr."""


def configure_logging(
    level: str, secrets: Sequence[str], stream: TextIO, *, json_lines: bool = False
) -> None:
    """Send every log record, warning and uncaught exception of the process to `stream`, with `secrets` masked.

    `level` is a name such as "INFO", in any case. `json_lines` writes each record as one line of JSON. Replaces the
    root logger's handlers, so it may be called again. At DEBUG, the libraries that log every request are included.
    Raises ValueError for an unknown level.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise ValueError(f"There is no log level {level!r}; use DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    handler = _Handler(stream)
    handler.setFormatter(_JsonFormatter(secrets, "%(message)s") if json_lines else _Formatter(secrets))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(number)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET if number <= logging.DEBUG else logging.WARNING)
    # At DEBUG it would log whole updates, and with them what people wrote.
    logging.getLogger("telegram").setLevel(logging.WARNING)
    # It warns about each run that a job skips because the last one is still working, which is intended.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    # It warns of each attempt to connect, two lines a second, while our own log says once that the database is away.
    logging.getLogger("psycopg.pool").setLevel(logging.NOTSET if number <= logging.DEBUG else logging.ERROR)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def _uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None, where: str = ""
) -> None:
    _log.critical("Uncaught exception%s", where, exc_info=(kind, error, traceback))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    # A thread that calls sys.exit() ends quietly, as without this hook.
    if args.exc_type is not SystemExit:
        name = args.thread.name if args.thread else "unknown"
        _uncaught(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback, f" in thread {name}")


def _unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    what = unraisable.err_msg or "Exception ignored in"
    error = unraisable.exc_value or unraisable.exc_type()
    _log.error(
        "%s: %r", what, unraisable.object, exc_info=(unraisable.exc_type, error, unraisable.exc_traceback)
    )
