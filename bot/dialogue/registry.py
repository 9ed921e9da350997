"""Registry of all commands in `commands/`, by name, word and button type.

The router, the handlers, the menus, /help, the README and the tests all read it.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any, get_args

from bot.dialogue import commands
from bot.dialogue.context import Command, Context
from bot.dialogue.reply import Reply
from bot.messages import Press
from bot.models import Language
from bot.rendering.callbacks import decode
from bot.rendering.renderer import Renderer, TemplateProblem


class IncompleteCommand(Exception):
    """Raised when a module of `commands/` has no usable COMMAND; the text says what to add."""


def find_commands() -> tuple[Command, ...]:
    """Return every COMMAND in menu order. Raises IncompleteCommand."""
    listed = [_command(module.name) for module in pkgutil.iter_modules(commands.__path__)]
    return tuple(sorted(listed, key=lambda command: command.order))


def _command(name: str) -> Command:
    try:
        command = import_module(f"{commands.__name__}.{name}").COMMAND
    except (AttributeError, TypeError) as error:
        raise IncompleteCommand(
            f"bot/dialogue/commands/{name}.py has no complete COMMAND: {error}"
        ) from error
    if not isinstance(command, Command):
        raise IncompleteCommand(f"bot/dialogue/commands/{name}.py: COMMAND is no Command.")
    return command


COMMANDS = find_commands()

BY_NAME = {command.name: command for command in COMMANDS}
"""Commands by name."""

BY_WORD = {word: command for command in COMMANDS for word in command.words}
"""Commands by Chinese word."""

BUTTONS: dict[type[Press], Callable[[Context, Any], Reply]] = {
    kind: handle for command in COMMANDS for kind, handle in (command.buttons or {}).items()
}
"""The handler of each button type."""

KINDS = {kind.code: kind for kind in BUTTONS}
"""Button types by their code in callback data."""


def decode_press(data: str) -> Press | None:
    """Decode callback data into a press, or return None if no button has produced it."""
    return decode(data, KINDS)


def missing_parts(listed: Iterable[Command], renderer: Renderer) -> list[str]:
    """Return one sentence per missing part of a command: what to add, and where."""
    listed = list(listed)
    return [*_repeated(listed), *(sentence for command in listed for sentence in _missing(command, renderer))]


def _missing(command: Command, renderer: Renderer) -> Iterator[str]:
    where = f"bot/dialogue/commands/{command.name}.py"
    if not command.words:
        yield f"{where}: give COMMAND at least one plain Chinese word in words=(…)."
    if len(inspect.signature(command.handle).parameters) != 2:
        yield f"{where}: handle must take the context and what follows the command."
    for language in get_args(Language):
        try:
            description = renderer.word(f"command_{command.name}", language)
        except TemplateProblem:
            description = ""
        if not description:
            yield f"templates/{language}/words.html: add the macro command_{command.name}(), a line of /help and of the menu."


def _repeated(listed: list[Command]) -> Iterator[str]:
    claims = Counter(
        claim
        for command in listed
        for claim in (
            f"the name {command.name}",
            f"the order {command.order}",
            *(f"the word {word}" for word in command.words),
            *(f"the button code {kind.code!r}" for kind in command.buttons or {}),
        )
    )
    for claim, count in claims.items():
        if count > 1:
            yield f"{count} commands claim {claim}; each must be unique."
