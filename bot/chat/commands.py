"""The one list of commands: handlers, /help, menus and the README all read it."""

from __future__ import annotations

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
