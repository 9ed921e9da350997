"""Unpacks the body of a response as it arrives, and never keeps more bytes than its limit."""

from __future__ import annotations

import zlib
from typing import Final

from bot.intake.fetch.addresses import NotFetched

ACCEPTED: Final = "gzip, deflate"
"""Value of Accept-Encoding in requests (RFC 9110)."""

_GZIP_OR_ZLIB: Final = 32 + zlib.MAX_WBITS
_STEP: Final = 1 << 18


class Body:
    """Collector of a response's body.

    `limit` is in unpacked bytes; `pdf_limit` holds for a file that begins as a PDF.
    """

    def __init__(self, encoding: str, limit: int, pdf_limit: int) -> None:
        """Raise NotFetched for a Content-Encoding that was not requested."""
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise NotFetched("fetch_encoding", name[:40])
        self._packed = name not in ("", "identity")
        self._unpacker: zlib._Decompress | None = None
        self._limit, self._pdf_limit = limit, pdf_limit
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, chunk: bytes) -> None:
        """Add a chunk of the response. Raises NotFetched if the body exceeds its limit or cannot be unpacked."""
        if not self._packed:
            self._keep(chunk)
            return
        try:
            self._unpack(chunk)
        except zlib.error:
            raise NotFetched("fetch_broken") from None

    def whole(self) -> bytes:
        """Return the whole body. Raises NotFetched if a packed body is incomplete."""
        if self._unpacker is not None and not self._unpacker.eof:
            raise NotFetched("fetch_broken")
        return b"".join(self._parts)

    def _unpack(self, chunk: bytes) -> None:
        while chunk:
            if self._unpacker is None or self._unpacker.eof:
                # Several gzip members may follow each other; old servers send deflate without zlib's header.
                bare = not self._parts and chunk[0] & 0x0F != 8 and chunk[:1] != b"\x1f"
                self._unpacker = zlib.decompressobj(-zlib.MAX_WBITS if bare else _GZIP_OR_ZLIB)
            self._keep(self._unpacker.decompress(chunk, _STEP))
            chunk = self._unpacker.unconsumed_tail or self._unpacker.unused_data

    def _keep(self, part: bytes) -> None:
        if not part:
            return
        self._parts.append(part)
        self._size += len(part)
        if self._size > self._limit:
            most = self._pdf_limit if b"%PDF-" in self._parts[0][:1024] else self._limit
            if self._size > most:
                raise NotFetched("fetch_too_large", most)
