"""Prepares pictures for Telegram: rendered in a thread, uploaded once, then referred to by Telegram's file id.

A file id that is lost, or that Telegram rejects, costs one upload and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from telegram.error import BadRequest

from bot.charts.drawing import CannotDraw, draw, key_of
from bot.messages import Image
from bot.sqlite.errors import StorageError
from bot.state.uploaded_pictures import UploadedPictures

FILE_NAME = "chart.png"

_log = logging.getLogger(__name__)


class Pictures:
    """Source of the photo argument for Telegram's methods."""

    def __init__(self, uploads: UploadedPictures, clock: Callable[[], datetime]) -> None:
        self._uploads = uploads
        self._clock = clock
        self._new: dict[str, str] = {}

    async def media(self, image: Image) -> str | bytes | None:
        """Return Telegram's file id of the picture if known, else a PNG to upload; None where it cannot be rendered."""
        return await asyncio.to_thread(self._media, image)

    def _media(self, image: Image) -> str | bytes | None:
        try:
            if known := self._new.get(key_of(image)) or self._uploads.file_id(key_of(image)):
                return known
        except StorageError as error:
            _log.warning("Which pictures Telegram has cannot be read: %s", error)
        try:
            return draw(image)
        except CannotDraw as error:
            # The text matters more than the picture.
            _log.error("A picture cannot be drawn (%s); its message is sent without it.", error)
            return None

    def remember(self, image: Image, photo: Any) -> None:
        """Note the file id of a picture that Telegram has accepted; `photo` is its message's field, a list of sizes."""
        if photo:
            largest = photo[-1]
            self._new[key_of(image)] = largest["file_id"] if isinstance(largest, dict) else largest.file_id

    async def keep(self) -> None:
        """Store the noted file ids. Called once the message is recorded, since the next one waits for that record."""
        for key, name in [*self._new.items()]:
            await asyncio.to_thread(self._write, partial(self._uploads.put, key, name, self._now()))
            self._new.pop(key, None)  # not before: the next reply may ask for it meanwhile

    async def drop_if_unknown(self, image: Image, error: BadRequest) -> bool:
        """Return whether `error` says that Telegram does not know the file id; if so, drop it, to upload it again."""
        text = str(error).casefold()
        if not any(sign in text for sign in ("file identifier", "file_id", "file reference", "file of type")):
            return False
        self._new.pop(key_of(image), None)
        await asyncio.to_thread(self._write, lambda: self._uploads.drop(key_of(image)))
        return True

    def _write(self, change: Callable[[], None]) -> None:
        try:
            change()
        except StorageError as error:
            _log.warning("What Telegram calls a picture cannot be kept: %s", error)

    def _now(self) -> int:
        return int(self._clock().timestamp())
