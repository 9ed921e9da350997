"""The sandbox as the rest of the bot sees it: a Parser that starts nothing before its first document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.intake.box.pool import Pool
    from bot.intake.document import RawFile
    from bot.intake.formats.feed import Feed
    from bot.intake.readers import Format, Lines, Outcome
    from bot.text.unreadable import Unreadable


class Box:
    """Parser that reads documents in sandboxed processes (see pool), started on first use. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pool: Pool | None = None

    def siblings(self, form: Format, name: str, raw: bytes) -> tuple[str, ...]:
        """See readers.Parser."""
        return self._started().siblings(form, name, raw)

    def file(self, form: Format, file: RawFile, siblings: Mapping[str, bytes]) -> Iterator[Outcome]:
        """See readers.Parser."""
        return self._started().file(form, file, siblings)

    def encoding(self, form: Format, sample: bytes) -> str | Unreadable:
        """See readers.Parser."""
        return self._started().encoding(form, sample)

    def lines(self, batch: Lines) -> Iterator[Outcome]:
        """See readers.Parser."""
        return self._started().lines(batch)

    def feed(self, raw: bytes, charset: str) -> Feed | Unreadable:
        """See readers.Parser."""
        return self._started().feed(raw, charset)

    def close(self) -> None:
        """End every process of the sandbox; the next use starts them again."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _started(self) -> Pool:
        with self._lock:
            if self._pool is None:
                from bot.intake.box.pool import Pool  # loads every rule of every format

                self._pool = Pool()
            return self._pool
