"""Telegram's error answers: their statuses and wording."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"

WEBHOOK_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class CannotDo(ValueError):
    """An action that Telegram's app would not let a user take; the text says why."""


class Refused(Exception):
    """An error answer of the server: its `status`, and its description in str().

    `parameters` holds the answer's retry_after or migrate_to_chat_id.
    """

    def __init__(self, status: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.parameters = parameters

    @property
    def body(self) -> Json:
        """Return the JSON body of the answer."""
        body: Json = {"ok": False, "error_code": self.status, "description": str(self)}
        return body | {"parameters": self.parameters} if self.parameters else body


def bad(reason: str) -> Refused:
    """Return a 400 in Telegram's form, its first letter in lower case unless the reason is a code in capitals."""
    if not reason[:2].isupper():
        reason = reason[:1].lower() + reason[1:]
    return Refused(400, f"Bad Request: {reason}")


def own_refusal(reason: str) -> Refused:
    """Return a 400 whose wording is not Telegram's, and which says so."""
    return Refused(400, f"Bad Request: {reason} (local)")


def forbidden(reason: str) -> Refused:
    """Return a 403."""
    return Refused(403, f"Forbidden: {reason}")


def too_many(seconds: int) -> Refused:
    """Return a 429 that names the seconds to wait."""
    return Refused(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
