"""Renders values as the text of a message with jinja2 templates and CLDR dates. Does not decide what is said."""

from __future__ import annotations

import html
import re
import traceback
from collections.abc import Container, Iterable, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache, partial
from operator import methodcaller
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
from msgspec.structs import replace

from bot.languages import entry_of
from bot.messages import Message
from bot.models import Language, Report, Topic
from bot.rendering.moments import clock_of, day_names, moment_of, next_run_of, short_day_of, weekday_of
from bot.rendering.timelines import bar_line, bars
from bot.rendering.zones import zone_name
from bot.trends.quotes import Cited

MAX_UNITS, MAX_CAPTION = 4096, 1024
"""Maximum UTF-16 units of a text and a caption, counted after entities are parsed (Bot API, sendMessage, sendPhoto)."""

_TAG = re.compile(r"<[^<>]*>")
# Characters that a report or a question may contain but that would reverse the text around them or cannot be sent.
_UNSENT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Characters of a title or a name, which leave room for the rest of the message.
_SHORT = 200
# A notice over a button has 200 in all (Bot API, answerCallbackQuery).
_BRIEF = 60
# Every exception that an operator's template can raise.
_TEMPLATE_ERRORS = (TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError)


class TemplateProblem(ValueError):
    """A template that cannot be used; the message names the file and line."""

    @property
    def advice(self) -> str:
        """The message with what the operator can do, as one sentence."""
        return f"{self}; mend it or unset TRENDBOT_TEMPLATES."


class _CompiledTemplates(FileSystemBytecodeCache):
    """jinja2's bytecode cache; where its files cannot be read or written, templates are compiled without it."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


class Renderer:
    """Renderer of the templates in `folder`; a file of the same name in `overrides` takes precedence."""

    def __init__(self, folder: Path, overrides: Path | None = None, cache: Path | None = None) -> None:
        """`cache` is the folder for compiled templates, None for none: compiling takes a third of a first answer's time.

        Raises TemplateProblem when the folder `overrides` does not exist.
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
            short=partial(clipped, most=_SHORT),
            briefly=partial(clipped, most=_BRIEF),
            citing=_citing,
            all_briefs=_all_briefs,
            clock_of=clock_of,
            day_names=day_names,
            weekday_of=weekday_of,
            moment_of=moment_of,
            zone_name=zone_name,
            language_names=_language_names,
            next_run_of=next_run_of,
            within_sentence=_within_sentence,
            bars=bars,
            bar_line=bar_line,
            clipped=clipped,
            short_day_of=short_day_of,
            unbroken=methodcaller("replace", " ", "\u00a0"),
        )
        self._words: dict[str, TemplateModule] = {}

    def message(self, template: str, language: Language, /, **context: Any) -> str:
        """Return the HTML of `templates/<template>.html`, which uses the words of `language` as `w`.

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
        """Return the text of `templates/<file>`, which is not HTML: values appear unescaped. Raises TemplateProblem."""
        try:
            text = self._environment.get_template(file).render(
                w=self._module(language), language=language, **context
            )
        except _TEMPLATE_ERRORS as error:
            raise _problem(error, file) from error
        return html.unescape(_tidy(text)) + "\n"

    def document(self, file: str, /, **context: Any) -> str:
        """Return the text of `templates/<file>`, an XML document without translated words. Raises TemplateProblem."""
        try:
            return _UNSENT.sub("", self._environment.get_template(file).render(**context))
        except _TEMPLATE_ERRORS as error:
            raise _problem(error, file) from error

    def notice(self, name: str, language: Language, *values: object) -> str:
        """Return one macro of the words as HTML. Raises TemplateProblem."""
        return self.message("notice", language, name=name, values=values)

    def word(self, name: str, language: Language, *values: object) -> str:
        """Return one macro of the words as plain text, for buttons and notices (no markup). Raises TemplateProblem."""
        try:
            return _UNSENT.sub("", plain_text(getattr(self._module(language), name)(*values)))
        except _TEMPLATE_ERRORS as error:
            raise _problem(error, f"{language}/words") from error

    def check(self) -> None:
        """Compile every template and check an operator's overrides against what the bot needs.

        Raises TemplateProblem for the first that cannot be used.
        """
        try:
            for name in self._environment.list_templates(extensions=["html", "md", "svg"]):
                self._environment.get_template(name)
        except _TEMPLATE_ERRORS as error:
            raise _problem(error, name.removesuffix(".html")) from error
        if self._overrides is not None:
            # Imported here, because few installations have overrides.
            from bot.rendering.overrides import problems

            for problem in problems(self._environment, self._overrides):
                raise TemplateProblem(problem)

    def _module(self, language: Language) -> TemplateModule:
        if language not in self._words:
            self._words[language] = self._environment.get_template(f"{language}/words.html").module
        return self._words[language]


def plain_text(markup: str) -> str:
    """Return what a reader sees of our own HTML: no tags, character references decoded."""
    return html.unescape(_TAG.sub("", markup))


def fits(message: Message) -> bool:
    """Return whether the message is within Telegram's limit of length."""
    most = MAX_CAPTION if message.image else MAX_UNITS
    return len(plain_text(message.html).encode("utf-16-le")) // 2 <= most


def safe_link(url: str) -> str | None:
    """Return `url` if it is http or https and has a host, else None: a report cannot introduce another scheme."""
    return url if _host(url) else None


def _host(url: str) -> str:
    """Return the host that `url` leads to, without userinfo before an @; "" for an unsafe link."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return host if parts.scheme in {"http", "https"} and not re.search(r"[\s\\]", url) else ""


def clipped(text: str, most: int) -> str:
    """Return `text` shortened to `most` characters; an ellipsis, counted among them, marks the cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _tidy(text: str) -> str:
    """Return the text without unsendable characters, trailing or outer white space, or consecutive empty lines."""
    lines = [line.rstrip() for line in _UNSENT.sub("", text).strip().split("\n")]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept)


def _problem(error: Exception, template: str) -> TemplateProblem:
    """Return the problem of `template`, or of a template it uses, with file and line from jinja2's traceback frames."""
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


def _language_names(
    codes: Iterable[str], language: Language, written: dict[str, str], other: str
) -> list[str]:
    """Return the names of `codes` by the Unicode CLDR, each once, the bot's own languages first and `other` last.

    `written` names languages by their own word for text (中文 where CLDR has 汉语); `other` stands for unknown ones.
    """
    from babel import Locale

    names = Locale(language).languages
    ordered = sorted(sorted(codes, reverse=True), key=lambda code: code not in written)
    named = [written.get(code) or names.get(code.split("-")[0].lower()) or other for code in ordered]
    return sorted(dict.fromkeys(named), key=lambda name: name == other)


def _citing(sources: Iterable[Cited], shown: int) -> list[Cited]:
    """Return the sources of the first `shown` citations."""
    return cited_by(sources, range(1, shown + 1))


def cited_by(sources: Iterable[Cited], numbers: Container[int]) -> list[Cited]:
    """Return the sources with a citation in `numbers`, each with only those numbers."""
    kept = (replace(source, numbers=tuple(n for n in source.numbers if n in numbers)) for source in sources)
    return [source for source in kept if source.numbers]


def _within_sentence(heading: Topic | str, language: Language) -> str:
    """Return a topic's name as written inside a sentence: without a capital that only begins a button."""
    if isinstance(heading, str):
        return clipped(heading, _SHORT)
    name = heading.names[language]
    return name if heading.proper or not name[1:2].islower() else name[0].lower() + name[1:]


def _all_briefs(reports: Iterable[Report], language: str) -> bool:
    return all(report.edition(language).brief for report in reports)


def deep_links(username: str | None, passages: Sequence[str]) -> list[str]:
    """Return a link for each passage that opens it in a private chat with the bot; empty without a username."""
    return [f"https://t.me/{username}?start=p_{passage}" for passage in passages] if username else []
