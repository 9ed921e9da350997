"""Files that are sent to the bot: who may send them, what became of one. Talks to no Telegram."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath

from bot.intake.ingest import Ingest
from bot.intake.reading import READABLE
from bot.library.library import Library
from bot.models import Language, Message
from bot.recaps.export import SUFFIX
from bot.recaps.export_page import is_chat_page
from bot.recaps.message import ExportedRecaps
from bot.rendering.renderer import Renderer, fits

_LINES = 40
MAX_BYTES = 20 << 20
"""Bot API, getFile: bots can download files of up to 20 MB."""


class Uploads:
    """Takes operators' files into the library, and recaps the chats that they exported."""

    def __init__(
        self,
        ingest: Ingest,
        library: Library,
        renderer: Renderer,
        exported: ExportedRecaps,
        operators: frozenset[int],
    ) -> None:
        self._ingest = ingest
        self._library = library
        self._renderer = renderer
        self._exported = exported
        self._operators = operators

    def refusal(self, user_id: int, name: str, size: int, language: Language) -> Message | None:
        """Why a file is not taken, None when it is."""
        if user_id not in self._operators:
            return self._say("operators_only", language, user_id)
        if PurePath(name).suffix.lower() not in (*READABLE, SUFFIX) or size > MAX_BYTES:
            return self._say("not_readable", language)
        return None

    def take(self, name: str, raw: bytes, language: Language, now: int, caption: str = "") -> Message:
        """Recaps an exported chat, or ingests a file; the message names each document, and the lines cut from it.

        Their numbers and rules, never the text itself: what was found unfit to be read is not sent. A file of the
        same name takes the place of an earlier one. Of a whole account's chats the `caption` names one.
        """
        if PurePath(name).suffix.lower() == SUFFIX or is_chat_page(raw):
            return self._exported.recap(raw, language, caption.strip())
        results = []
        # The name is only a label: a sender's path must not lead anywhere.
        for one in self._ingest.content(f"upload/{PurePath(name).name}", raw, now, lambda _name: None):
            cut = self._library.cut_lines(one.id, one.language) if one.id else []
            results.append(asdict(one) | {"cut": cut, "error": one.error, "remarks": one.remarks})
        shown = len(results)
        while True:
            text = self._renderer.message(
                "ingested",
                language,
                results=results[:shown],
                total=len(results),
                lines=_LINES if shown < 4 else 0,
            )
            if fits(Message(text)) or shown <= 1:
                return Message(text)
            shown = shown * 3 // 4

    def busy(self, language: Language) -> Message:
        """Return what is said where too much is under way already."""
        return self._say("busy", language)

    def _say(self, name: str, language: Language, *values: object) -> Message:
        return Message(self._renderer.notice(name, language, *values))
