"""Decides who may send documents to the bot, takes them in, and composes the result message. Knows no Telegram."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from zoneinfo import ZoneInfo

from msgspec.structs import asdict, replace

from bot.dialogue.commands.sources import report_buttons
from bot.dialogue.events import PostEvent, TextEvent
from bot.intake.fetch.addresses import as_address
from bot.intake.ingest import Ingest, ignore_progress, no_siblings
from bot.intake.reading import READABLE
from bot.intake.sources.opml import feeds_of, read_opml
from bot.intake.sources.page import feed_of
from bot.intake.sources.posts import Post, attached, post_file
from bot.intake.storing import Ingested, failed
from bot.library.library import Library
from bot.messages import Message, Rows
from bot.models import Language, Problem
from bot.recaps.export import SUFFIX
from bot.recaps.export_page import is_chat_page
from bot.recaps.message import ExportedRecaps
from bot.rendering.renderer import Renderer, fits
from bot.state.state import State
from bot.text.unreadable import Unreadable

MAX_BYTES = 20 << 20
"""Bot API, getFile: bots can download files of up to 20 MB."""

_LIST = ".opml"
_REASONS = 3
"""Number of rules that a message names for cut lines, the most frequent first."""

Progress = Callable[[int], None]
"""Called with the number of documents read so far."""


class Uploads:
    """Intake of operators' files, addresses and posts into the library, and recaps of chats that they exported."""

    def __init__(
        self,
        ingest: Ingest,
        library: Library,
        state: State,
        renderer: Renderer,
        exported: ExportedRecaps,
        operators: frozenset[int],
        zone: ZoneInfo,
    ) -> None:
        self._ingest = ingest
        self._library = library
        self._state = state
        self._renderer = renderer
        self._exported = exported
        self._operators = operators
        self._zone = zone

    def refusal(self, user_id: int, name: str, size: int, language: Language) -> Message | None:
        """Return why a file is refused, or None where it is accepted."""
        if user_id not in self._operators:
            return self._say("operators_only", language, user_id)
        if PurePath(name).suffix.lower() not in (*READABLE, SUFFIX, _LIST):
            return self._say("not_readable", language)
        if size > MAX_BYTES:
            return self._say("file_too_large", language, name, size, MAX_BYTES)
        return None

    def address(self, event: TextEvent) -> str | None:
        """Return the address that an operator wants read: a text in a private chat that is an address alone; else None."""
        if not event.private or event.user_id not in self._operators:
            return None
        return as_address(event.text)

    def wants(self, event: PostEvent) -> bool:
        """Return whether to take a post in: forwarded by an operator, or from a channel that one has approved."""
        if not event.direct:
            return event.user_id in self._operators
        source = self._state.sources.of_channel(event.channel_id)
        return source is not None and source.state == "active"

    def take(
        self,
        name: str,
        raw: bytes,
        language: Language,
        now: int,
        caption: str = "",
        progress: Progress = ignore_progress,
    ) -> Message:
        """Recap an exported chat, add a list of feeds, or ingest a file; return the result message.

        For a file, the message tells how many lines were cut from each document, but never shows them: they were judged
        unfit to read. A file of the same name replaces the earlier one. In the export of a whole account, `caption`
        names the chat.
        """
        suffix = PurePath(name).suffix.lower()
        if suffix == SUFFIX or is_chat_page(raw):
            return self._exported.recap(raw, language, caption.strip())
        if suffix == _LIST:
            return self._import(raw, language, now)
        return self.take_file(upload_name(name), raw, language, now, progress)

    def _import(self, raw: bytes, language: Language, now: int) -> Message:
        """Add the feeds of an OPML list as sources."""
        try:
            listed = feeds_of(read_opml(raw), now)
        except Unreadable as error:
            return self.problem(error.problem.name, error.problem.values, language)
        added = sum([self._state.sources.add(one) for one in listed])
        return self._say("feeds_imported", language, added, len(listed))

    def take_file(
        self, name: str, raw: bytes, language: Language, now: int, progress: Progress = ignore_progress
    ) -> Message:
        """Ingest a file identified by its full name, such as a fetched one.

        If its entries come from a feed that is not a source yet, the message offers to add that feed.
        """
        ingested = self.documents(name, raw, now, progress)
        feed = feed_of(name)
        known = bool(feed) and self._state.sources.by_address(feed) is not None
        return self.outcome(ingested, language, "" if known else feed)

    def documents(
        self, name: str, raw: bytes, now: int, progress: Progress = ignore_progress
    ) -> list[Ingested]:
        """Ingest a file identified by its full name; return what became of each document."""
        return list(_counted(self._ingest.content(name, raw, now, no_siblings), progress))

    def take_post(self, event: PostEvent, raw: bytes | Problem | None, now: int) -> list[Ingested]:
        """Ingest a post's text and its document; an edited post replaces its earlier version.

        `raw` holds the document's bytes, or why they could not be had; None if there is none. A failed outcome has the
        document's name as its title.
        """
        post = Post(event.channel_id, event.title, event.username, event.post_id, event.text, event.at)
        ingested: list[Ingested] = []
        if event.text.strip():
            ingested += self._ingest.content(*post_file(post, self._zone), now, no_siblings)
        if isinstance(raw, bytes):
            name, said = attached(post, event.file_name, self._zone)
            read = self._ingest.content(name, raw, now, no_siblings, said)
            ingested += [replace(one, title=event.file_name) if one.error else one for one in read]
        elif raw is not None:
            ingested.append(failed(event.file_name, raw))
        if (source := self._state.sources.of_channel(event.channel_id)) is not None:
            added = sum(one.status == "added" for one in ingested)
            self._state.sources.count_reports(source.id, added, now)
        return ingested

    def unread(self, event: PostEvent, errors: list[Ingested], language: Language) -> Message:
        """Return the message that tells an operator what of a channel's post could not be read."""
        post = Post(event.channel_id, event.title, event.username, event.post_id, event.text, event.at)
        return self._say("channel_unread", language, event.title, post.url, errors)

    def lines(self, ingested: Iterable[Ingested], language: Language) -> tuple[tuple[str, str], ...]:
        """Return a line of HTML about each document, with the id of its report, "" for one that was not read."""
        return tuple(
            (
                self._renderer.message(
                    "ingested", language, results=[self._told(one, language)], total=1, feed=""
                ),
                "" if one.error else one.id,
            )
            for one in ingested
        )

    def busy(self, language: Language) -> Message:
        """Return the notice for a full queue of heavy work."""
        return self._say("busy", language)

    def progress(self, language: Language, count: int) -> Message:
        """Return the progress notice; `count` documents have been read."""
        return self._say("ingest_progress", language, count)

    def problem(self, name: str, values: tuple[object, ...], language: Language) -> Message:
        """Return the message about why an address could not be read."""
        return self._say("problem", language, name, values)

    def outcome(self, ingested: list[Ingested], language: Language, feed: str = "") -> Message:
        """Return the result message for documents, shortened to fit; `feed` is the feed to offer, "" for none."""
        results = [self._told(one, language) for one in ingested]
        buttons: Rows = ()
        if len(ingested) == 1 and ingested[0].id:
            one = ingested[0]
            buttons = (tuple(report_buttons(self._renderer, language, one.id, cut=bool(one.cut))),)
        shown = len(results)
        while True:
            text = self._renderer.message(
                "ingested", language, results=results[:shown], total=len(results), feed=feed
            )
            message = Message(text, buttons)
            if fits(message) or shown <= 1:
                return message
            shown = shown * 3 // 4

    def _told(self, one: Ingested, language: Language) -> dict[str, object]:
        """Return the template's values for one document."""
        lines = self._library.cut_lines(one.id, one.language) if one.id and one.cut else []
        taken = one.id if one.id and not one.error else ""
        published = self._library.reports([taken])[taken].published if taken else None
        original = self._library.reprint_of(taken) if taken else None
        return asdict(one) | {
            "error": one.error,
            "remarks": one.remarks,
            "published": published,
            "original": original.edition(language) if original else None,
            "rules": [
                self._renderer.word("cut_rule", language, rule)
                for rule in _usual(line.rule for line in lines)
            ],
        }

    def _say(self, name: str, language: Language, *values: object) -> Message:
        return Message(self._renderer.notice(name, language, *values))


def upload_name(name: str) -> str:
    """Return the full name of a file that was sent: a path chosen by the sender must not lead anywhere."""
    return f"upload/{PurePath(name).name}"


def is_report(name: str, raw: bytes) -> bool:
    """Return whether a file is to be ingested: it is neither an exported chat nor a list of feeds."""
    return PurePath(name).suffix.lower() not in {SUFFIX, _LIST} and not is_chat_page(raw)


def _counted(ingested: Iterator[Ingested], progress: Progress) -> Iterator[Ingested]:
    for count, one in enumerate(ingested, 1):
        yield one
        progress(count)


def _usual(rules: Iterable[str]) -> list[str]:
    """Return up to three rules, the most frequent first."""
    counts: dict[str, int] = {}
    for rule in rules:
        counts[rule] = counts.get(rule, 0) + 1
    return sorted(counts, key=lambda rule: (-counts[rule], rule))[:_REASONS]
