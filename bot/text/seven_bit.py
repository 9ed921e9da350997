"""Decodes ASCII that encodes other characters, as in mail: HZ, ISO-2022, UTF-7 and quoted-printable UTF-8."""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable
from functools import partial
from typing import Final

from bot.text.plausible import WIDE, plausibility


def _decoded(raw: bytes, encoding: str) -> str:
    """Return `raw` decoded, broken bytes replaced."""
    return raw.decode(encoding, "replace")


def _unquoted(raw: bytes) -> str:
    """Return quoted-printable `raw` decoded as UTF-8, broken bytes replaced."""
    return quopri.decodestring(raw).decode("utf-8", "replace")


READINGS: Final[tuple[tuple[re.Pattern[str], Callable[[bytes], str]], ...]] = (
    (re.compile(r"~\{(?:[!-w][!-~])+~\}"), partial(_decoded, encoding="hz")),
    (re.compile(r"\x1b\$[@BA(]"), partial(_decoded, encoding="iso2022_jp_2")),
    (re.compile(r"\x1b\$\)C"), partial(_decoded, encoding="iso2022_kr")),
    (re.compile(r"\+[A-Za-z0-9+/]{3,}"), partial(_decoded, encoding="utf-7")),
    (re.compile(r"(?:=[0-9A-F]{2}){2}"), _unquoted),
)
"""The sign of each encoding and its decoder (RFC 1843, 1468 and 1554, 1557, 2152, 2045)."""

PLAUSIBLE: Final = 0.8
FEW: Final = 2
"""Minimum non-ASCII characters that prove an encoding; a single one may result by chance from a formula or a path."""


def read_seven_bit(text: str) -> str:
    """Return ASCII `text` decoded; unchanged where it is in none of these encodings."""
    for sign, reading in READINGS:
        if sign.search(text) is None:
            continue
        read = reading(text.encode("ascii"))
        if len("".join(WIDE.findall(read))) >= FEW and plausibility(read) >= PLAUSIBLE:
            return read
    return text
