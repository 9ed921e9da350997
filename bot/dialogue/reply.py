"""The result of a handler: messages and files to send, effects to commit, a retelling to ask for. No logic."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.dialogue.effects import Effect
from bot.messages import Message, Press
from bot.rendering.attachment import Attachment

if TYPE_CHECKING:
    from bot.rewriting.material import Material


class Retell(Struct, frozen=True):
    """A request for a language model's retelling: its material, and the press or message that shows the result."""

    material: Material
    shown: Press | Callable[[], Message | None]


class Reply(Struct, frozen=True):
    """A handler's result: send `message` (or edit the pressed one) and `more`, show `notice`, commit `effects`.

    `otherwise` replaces `message` if erased data still remains in the write-ahead log. `retell` asks for a retelling
    that replaces the message later; `files` are sent after it.
    """

    message: Message | None = None
    edit: bool = False
    notice: str = ""
    effects: tuple[Effect, ...] = ()
    otherwise: Message | None = None
    more: tuple[Message, ...] = ()
    retell: Retell | None = None
    files: tuple[Attachment, ...] = ()
