"""The one list of commands: handlers, /help, menus and the README all read it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command. `admins` says that in a group only an admin may use it; `listed`, that /help shows it."""

    name: str
    admins: bool = False
    listed: bool = True


COMMANDS = (
    Command("trend"),
    Command("lang", admins=True),
    Command("help"),
    Command("start", listed=False),
)

BY_NAME = {command.name: command for command in COMMANDS}


def without_mention(text: str, username: str | None) -> str | None:
    """What else a text says that mentions @username, None for one that does not."""
    if not username:
        return None
    # A name that goes on is somebody else's; Han characters beside it are not part of it.
    mention = rf"(?<![A-Za-z0-9_])@{re.escape(username)}(?![A-Za-z0-9_])"
    rest, found = re.subn(mention, " ", text, flags=re.IGNORECASE)
    return " ".join(rest.split()) if found else None
