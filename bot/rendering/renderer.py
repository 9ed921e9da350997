"""Turns values into the words of a message: jinja2, dates, and nothing that decides what is said."""

from __future__ import annotations

import html
import re
import traceback
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
)
from jinja2.bccache import Bucket
from jinja2.environment import TemplateModule

from bot.languages import entry_of
from bot.messages import Message
from bot.models import Language, Report, Topic
from bot.rendering.language_names import language_names
from bot.rendering.moments import clock_of, day_names, moment_of, next_run_of, short_day_of, weekday_of
from bot.rendering.timelines import bar_line, bars
from bot.rendering.zones import zone_name
from bot.trends.quotes import Cited, cited_by

MAX_UNITS, MAX_CAPTION = 4096, 1024
"""UTF-16 units of a text and of a picture's caption after their entities are parsed (Bot API, sendMessage, sendPhoto)."""

_TAG = re.compile(r"<[^<>]*>")
# What a report or a question may hold, and what would turn the words around it or cannot be sent at all.
_UNSENT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SHORT = 200
_BRIEF = 60
# Whatever a template that an operator has written can raise.
_TEMPLATE_ERRORS = (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError)


class TemplateProblem(ValueError):
    """A template that cannot be used; the text names the file and the line."""

    @property
    def advice(self) -> str:
        """The text with what an operator can do, as one sentence."""
        return f"{self}; mend it or unset TRENDBOT_TEMPLATES."


class _CompiledTemplates(FileSystemBytecodeCache):
    """jinja2's cache; where its files cannot be read or written, templates are compiled as without one."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


class Renderer:
    """Renders the templates of `folder`; a file of the same name in `overrides` goes before it."""

    def __init__(self, folder: Path, overrides: Path | None = None, cache: Path | None = None) -> None:
        """Keeps compiled templates in the folder `cache`, where there is one: compiling takes a third of a first answer.

        Raises TemplateProblem when there is no folder `overrides`.
        """
        if overrides is not None and not overrides.is_dir():
            raise TemplateProblem(f"TRENDBOT_TEMPLATES names {overrides}, and there is no such folder")
        self._overrides = overrides
        folders = [path for path in (overrides, folder) if path is not None]
        self._environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(path) for path in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            bytecode_cache=_CompiledTemplates(str(cache), "%s.template") if cache else None,
        )
        self._environment.filters.update(
            day_of=_day,
            month_of=_month,
            host=_host,
            safe_link=safe_link,
            short=_short,
            briefly=_briefly,
            citing=_citing,
            all_briefs=_all_briefs,
            clock_of=clock_of,
            day_names=day_names,
            weekday_of=weekday_of,
            moment_of=moment_of,
            zone_name=zone_name,
            language_names=language_names,
            next_run_of=next_run_of,
            within_sentence=_within_sentence,
            bars=bars,
            bar_line=bar_line,
            clipped=clipped,
            short_day_of=short_day_of,
            unbroken=_unbroken,
        )
        self._words: dict[str, TemplateModule] = {}

    def message(self, template: str, language: Language, /, **context: Any) -> str:
        """The HTML of `templates/<template>.html`; the words of `language` are its `w`.

        Raises TemplateProblem for a template that cannot be used.
        """
        try:
            text = self._environment.get_template(f"{template}.html").render(
                w=self._module(language), language=language, **context
            )
        except _TEMPLATE_ERRORS as error:
            raise _problem(error, template) from error
        return _tidy(text)

    def plain(self, file: str, language: Language, /, **context: Any) -> str:
        """The text of `templates/<file>`, which is no HTML: what it shows is written as it is. Raises TemplateProblem."""
        try:
            text = self._environment.get_template(file).render(
                w=self._module(language), language=language, **context
            )
        except _TEMPLATE_ERRORS as error:
            raise _problem(error, file) from error
        return html.unescape(_tidy(text)) + "\n"

    def document(self, file: str, /, **context: Any) -> str:
        """The text of `templates/<file>`, an XML document without words of its own. Raises TemplateProblem."""
        try:
            return _UNSENT.sub("", self._environment.get_template(file).render(**context))
        except _TEMPLATE_ERRORS as error:
            raise _problem(error, file) from error

    def notice(self, name: str, language: Language, *values: object) -> str:
        """One macro of the words as HTML."""
        return self.message("notice", language, name=name, values=values)

    def word(self, name: str, language: Language, *values: object) -> str:
        """One macro of the words as plain text, for buttons and notices, which take no markup."""
        try:
            return _UNSENT.sub("", plain_text(getattr(self._module(language), name)(*values)))
        except _TEMPLATE_ERRORS as error:
            raise _problem(error, f"{language}/words") from error

    def check(self) -> None:
        """Compiles every template, and looks whether those of an operator say what the bot has them say.

        Raises TemplateProblem for the first that cannot be used.
        """
        try:
            for name in self._environment.list_templates(extensions=["html", "md", "svg"]):
                self._environment.get_template(name)
        except _TEMPLATE_ERRORS as error:
            raise _problem(error, name.removesuffix(".html")) from error
        if self._overrides is not None:
            from bot.rendering.overrides import problems  # which few have

            for problem in problems(self._environment, self._overrides):
                raise TemplateProblem(problem)

    def _module(self, language: Language) -> TemplateModule:
        if language not in self._words:
            self._words[language] = self._environment.get_template(f"{language}/words.html").module
        return self._words[language]


def plain_text(markup: str) -> str:
    """What a reader sees of our own HTML: no tags, no references."""
    return html.unescape(_TAG.sub("", markup))


def fits(message: Message) -> bool:
    """Whether Telegram takes the message, by its length."""
    most = MAX_CAPTION if message.image else MAX_UNITS
    return len(plain_text(message.html).encode("utf-16-le")) // 2 <= most


def safe_link(url: str) -> str | None:
    """`url` if it is http or https and names a host, else None: reports do not choose other schemes."""
    return url if _host(url) else None


def _host(url: str) -> str:
    """The host that `url` leads to, without what may stand before an @; "" for what is no safe link."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return host if parts.scheme in {"http", "https"} and not re.search(r"[\s\\]", url) else ""


def clipped(text: str, most: int) -> str:
    """At most `most` characters of `text`; where more is left out, the last of them says so."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _short(text: str) -> str:
    """A title or a name that leaves room for the rest of the message."""
    return clipped(text, _SHORT)


def _unbroken(text: str) -> str:
    """`text` with spaces at which no line breaks."""
    return text.replace(" ", "\u00a0")


def _briefly(text: str) -> str:
    """What leaves room in a notice over a button, which takes 200 characters (Bot API, answerCallbackQuery)."""
    return clipped(text, _BRIEF)


def _tidy(text: str) -> str:
    """Nothing that cannot be sent, no white space at line ends or around, no two empty lines in a row."""
    lines = [line.rstrip() for line in _UNSENT.sub("", text).strip().split("\n")]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept)


def _problem(error: Exception, template: str) -> TemplateProblem:
    """What is wrong with `template`, or with one that it uses: jinja2 gives its frames their files and lines."""
    name, line = f"{template}.html", getattr(error, "lineno", None)
    for frame, number in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename.endswith(".html"):
            name, line = frame.f_code.co_filename, number
    name = getattr(error, "filename", None) or name
    return TemplateProblem(f"{name}{f', line {line}' if line else ''}: {error}")


@lru_cache(maxsize=4096)
def _day(day: date, language: str) -> str:
    from babel.dates import format_date

    return format_date(day, entry_of(language).day, locale=language)


@lru_cache(maxsize=4096)
def _month(year: int, month: int, language: str) -> str:
    from babel.dates import format_date

    return format_date(date(year, month, 1), entry_of(language).month, locale=language)


def _citing(sources: Iterable[Cited], shown: int) -> list[Cited]:
    """The sources of the first `shown` citations."""
    return cited_by(sources, range(1, shown + 1))


def _within_sentence(heading: Topic | str, language: Language) -> str:
    """A topic's name as it stands inside a sentence: without the capital letter that only begins a button."""
    if isinstance(heading, str):
        return _short(heading)
    name = heading.names[language]
    return name if heading.proper or not name[1:2].islower() else name[0].lower() + name[1:]


def _all_briefs(reports: Iterable[Report], language: str) -> bool:
    return all(report.edition(language).brief for report in reports)


def deep_links(username: str | None, passages: Sequence[str]) -> list[str]:
    """Addresses that open each passage in a private chat with the bot; none while it has no name."""
    return [f"https://t.me/{username}?start=p_{passage}" for passage in passages] if username else []
