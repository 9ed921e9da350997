"""Turns a post of a Telegram channel into a file of one JSON line, which is ingested and kept as its original. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

_LONGEST_TITLE: Final = 120
# The Bot API puts this before the id of a supergroup or channel; links leave it out.
_CHANNEL: Final = "-100"


@dataclass(frozen=True, slots=True)
class Post:
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
        "published": datetime.fromtimestamp(post.at, zone).date().isoformat(),
    }
    return f"{post.url}#items.jsonl", json.dumps(line, ensure_ascii=False).encode("utf-8", "replace")
