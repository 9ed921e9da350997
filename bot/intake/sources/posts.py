"""A post of a Telegram channel as a file of one JSON line: its original, and what is taken into the library. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

_LONGEST_TITLE: Final = 120
# A supergroup's or channel's id begins so in the Bot API, and without it in links.
_CHANNEL: Final = "-100"


@dataclass(frozen=True, slots=True)
class Post:
    """A post: its channel's id, title and public name ("" for none), its number there, its text and UTC second."""

    channel_id: int
    title: str
    username: str
    number: int
    text: str
    at: int

    @property
    def url(self) -> str:
        """Where it can be read; that of a private channel leads its members only."""
        channel = self.username or f"c/{str(self.channel_id).removeprefix(_CHANNEL)}"
        return f"https://t.me/{channel}/{self.number}"

    @property
    def publisher(self) -> str:
        """Who says it."""
        return f"@{self.username}" if self.username else self.title


def post_file(post: Post, zone: tzinfo) -> tuple[str, bytes]:
    """The name and the bytes of a post's file; its day is that of `zone`. An edited post has the name it had."""
    title, _, rest = post.text.strip().partition("\n")
    titled = bool(rest.strip()) and len(title) <= _LONGEST_TITLE
    line = {
        "source_key": post.url,
        "title": title if titled else "",
        "text": rest if titled else post.text,
        "url": post.url,
        "publisher": post.publisher,
        "published": datetime.fromtimestamp(post.at, zone).date().isoformat(),
    }
    return f"{post.url}#items.jsonl", json.dumps(line, ensure_ascii=False).encode("utf-8", "replace")
