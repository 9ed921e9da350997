"""What a person can do on the demo's page: write, press, post, and play the network's faults. Knows none of Telegram's rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from bot.playground.refusals import Json
from bot.playground.server import LocalTelegram

_INLINE_SECONDS = 8.0
"""How long the page waits for what the bot offers to somebody who types its name."""
_LISTED = ("id", "title", "description")
_FLOOD_SECONDS = 3
_LANGUAGES = {"en": "en", "zh": "zh-hans"}


class Clock(Protocol):
    """The bot's clock, as the page shows and advances it."""

    def now(self) -> datetime:
        """Return the current time, timezone-aware."""

    def forward(self) -> None:
        """Advance to the next time at which the bot has something to send."""


class Acts:
    """The actions by their names in the page's requests. Each takes a JSON object and returns what the page shows.

    They raise CannotDo, or KeyError, TypeError, ValueError or OverflowError for a request that makes no sense.
    """

    def __init__(self, telegram: LocalTelegram, you: int, clock: Clock) -> None:
        self._telegram = telegram
        self._you = you
        self._clock = clock
        self._language = "en"
        self.by_name: Mapping[str, Callable[[Json], object]] = {
            "say": self._say,
            "edit": self._edit,
            "press": self._press,
            "start": self._start,
            "inline": self._inline,
            "choose": self._choose,
            "menu": lambda given: telegram.menu(int(given["chat"]), int(given["user"])),
            "language": self._choose_language,
            "bot": lambda _: self.bot(),
            "block": self._block,
            "fault": self._fault,
            "migrate": lambda given: {"chat": telegram.migrate(int(given["chat"]))},
            "forward": self._forward,
        }

    def bot(self) -> Json:
        """Return how the bot introduces itself in the page's language."""
        told = self._telegram.introduction(_LANGUAGES[self._language][:2])
        return {
            "id": self._telegram.world.bot,
            "username": self._telegram.username,
            "first_name": told["name"],
            "description": told["description"],
        }

    def now(self) -> str:
        """Return the time on the bot's clock in ISO 8601, to the second."""
        return self._clock.now().isoformat(timespec="seconds")

    def _say(self, given: Json) -> Json:
        if self._telegram.is_channel(int(given["chat"])):
            return self._post(int(given["chat"]), str(given["text"]))
        where = {name: given[name] for name in ("thread", "reply_to") if given.get(name) is not None}
        return self._telegram.say(int(given["chat"]), int(given["user"]), str(given["text"]), **where)

    def _post(self, channel: int, text: str, file: tuple[str, bytes] | None = None) -> Json:
        """Post in one of your channels; the first post makes the bot its admin."""
        if not self._telegram.has_bot(channel):
            self._telegram.add_bot(channel, self._you)
        return self._telegram.post(channel, text, file)

    def _edit(self, given: Json) -> Json:
        """Edit a text: your channel's, or the one of the person who speaks."""
        message = self._message(given)
        author = self._you if message["chat"]["type"] == "channel" else message["from"]["id"]
        if "text" not in message or author != int(given["user"]):
            raise ValueError("only its author can edit a text")
        return self._telegram.edit_text(message, str(given["text"]))

    def send_file(self, where: Mapping[str, str], content: bytes) -> Json:
        """Send a file to a chat; in a channel it is a post. `where`: chat, user, name, and caption, thread, reply_to if any."""
        if self._telegram.is_channel(int(where["chat"])):
            return self._post(int(where["chat"]), where.get("caption", ""), (where["name"], content))
        thread, reply_to = (int(where[name]) if name in where else None for name in ("thread", "reply_to"))
        return self._telegram.upload(
            int(where["chat"]),
            int(where["user"]),
            where["name"],
            content,
            thread=thread,
            reply_to=reply_to,
            caption=where.get("caption", ""),
        )

    def _press(self, given: Json) -> Json:
        return {"query": self._telegram.press(self._message(given), str(given["data"]), int(given["user"]))}

    def _message(self, given: Json) -> Json:
        """Return the message that is named. Raises ValueError if there is none."""
        history = self._telegram.history(int(given["chat"]))
        message = next((m for m in history if m["message_id"] == int(given["message"])), None)
        if message is None:
            raise ValueError("there is no such message")
        return message

    def _inline(self, given: Json) -> Json:
        query = self._telegram.type_inline(int(given["user"]), str(given["text"]))
        offers = self._telegram.await_offers(query, _INLINE_SECONDS)
        return {"query": query, "offers": [{name: offer[name] for name in _LISTED} for offer in offers]}

    def _choose(self, given: Json) -> Json:
        return self._telegram.choose(
            int(given["chat"]), int(given["user"]), str(given["query"]), str(given["result"])
        )

    def _start(self, given: Json) -> Json:
        return self._telegram.start(int(given["user"]), str(given.get("payload", "")))

    def _choose_language(self, given: Json) -> Json:
        """Set the page's language, which is the person's language too, as with Telegram's apps."""
        self._language = given["language"] if given["language"] in _LANGUAGES else "en"
        self._telegram.add_user(self._you, language_code=_LANGUAGES[self._language])
        return self.bot()

    def _block(self, given: Json) -> Json:
        if given["block"]:
            self._telegram.block(self._you)
        else:
            self._telegram.unblock(self._you)
        return {}

    def _fault(self, given: Json) -> Json:
        if given["kind"] == "flood":
            self._telegram.fail_next("*", 429, retry_after=_FLOOD_SECONDS)
        else:
            self._telegram.drop_next("sendMessage")
        return {}

    def _forward(self, _: Json) -> Json:
        self._clock.forward()
        return {"now": self.now()}
