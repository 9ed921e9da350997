"""Writes an effect into the state: the one place where a conversation changes what is kept."""

from __future__ import annotations

from bot.chat.turn import ChooseLanguage, Effect, Forget, OpenView
from bot.storage.state import State


def keep(effect: Effect, state: State, now: int) -> None:
    """Writes one effect at `now` (UTC seconds), in the transaction that its caller has open."""
    match effect:
        case ChooseLanguage(chat_id, language):
            state.set_language(chat_id, language)
        case OpenView(view):
            state.put_view(view, now)
        case Forget(user_id):
            state.forget(user_id)
