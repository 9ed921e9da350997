"""New views: the ids that buttons carry, which cannot be guessed."""

from __future__ import annotations

import secrets
import string

from bot.dialogue.events import TextEvent
from bot.state.state import View

_ID_CHARACTERS = string.ascii_letters + string.digits


def new_view(asked: TextEvent, query: str) -> View:
    """A view for the buttons under the answer to `asked`; `query` is what they are about."""
    return View(view_id(), asked.chat_id, asked.user_id, query)


def view_id() -> str:
    """Twelve characters that cannot be guessed (71 bits)."""
    return "".join(secrets.choice(_ID_CHARACTERS) for _ in range(12))
