"""Turns a post of a Telegram channel into files to ingest: its text as a JSON line, and its document. Pure."""

from __future__ import annotations

import json
from datetime import datetime, tzinfo
from pathlib import PurePath
from typing import Final

from msgspec import Struct

from bot.intake.dated_places import title_of_name
from bot.intake.defaults import Defaults

_LONGEST_TITLE: Final = 120
# The Bot API puts this before the id of a supergroup or channel; links leave it out.
_CHANNEL: Final = "-100"


class Post(Struct, frozen=True):
    """A post: its channel's id, title and public name ("" for none), its message id, text and UTC second."""

    channel_id: int
    title: str
    username: str
    number: int
    text: str
    at: int

    @property
    def url(self) -> str:
        """The post's link; in a private channel, only members can open it."""
        channel = self.username or f"c/{str(self.channel_id).removeprefix(_CHANNEL)}"
        return f"https://t.me/{channel}/{self.number}"

    @property
    def publisher(self) -> str:
        """The channel's public name, else its title."""
        return f"@{self.username}" if self.username else self.title

    def day(self, zone: tzinfo) -> str:
        """Return its day in `zone`, as an ISO date."""
        return datetime.fromtimestamp(self.at, zone).date().isoformat()


def post_file(post: Post, zone: tzinfo) -> tuple[str, bytes]:
    """Return the name and the bytes of a post's file; its day is that in `zone`. An edited post keeps its name."""
    title, _, rest = post.text.strip().partition("\n")
    titled = bool(rest.strip()) and len(title) <= _LONGEST_TITLE
    line = {
        "source_key": post.url,
        "title": title if titled else "",
        "text": rest if titled else post.text,
        "url": post.url,
        "publisher": post.publisher,
        "published": post.day(zone),
    }
    return f"{post.url}#items.jsonl", json.dumps(line, ensure_ascii=False).encode("utf-8", "replace")


def attached(post: Post, file_name: str, zone: tzinfo) -> tuple[str, Defaults]:
    """Return the full name of the document of a post, and what the post says about it.

    The name holds no part of `file_name` but its ending, so that a document that replaces another in an edited post
    replaces its report. Its link is the post's with "?single": the post's own identifies the report of its caption.
    """
    name = PurePath(file_name)
    given = Defaults(post.publisher, title=title_of_name(name.stem), published=post.day(zone))
    return f"{post.url}?single#file{name.suffix.lower()}", given
