"""Text in ASCII alone that stands for other characters, as mail has it: HZ, ISO-2022, UTF-7 and quoted-printable UTF-8."""

from __future__ import annotations

import quopri
import re
from collections.abc import Callable
from functools import partial
from typing import Final

from bot.text.plausible import WIDE, plausibility


def _decoded(raw: bytes, encoding: str) -> str:
    """Return `raw` in `encoding`, what is broken replaced."""
    return raw.decode(encoding, "replace")


def _unquoted(raw: bytes) -> str:
    """Return quoted-printable `raw` as the UTF-8 that it stands for, what is broken replaced."""
    return quopri.decodestring(raw).decode("utf-8", "replace")


READINGS: Final[tuple[tuple[re.Pattern[str], Callable[[bytes], str]], ...]] = (
    (re.compile(r"~\{(?:[!-w][!-~])+~\}"), partial(_decoded, encoding="hz")),
    (re.compile(r"\x1b\$[@BA(]"), partial(_decoded, encoding="iso2022_jp_2")),
    (re.compile(r"\x1b\$\)C"), partial(_decoded, encoding="iso2022_kr")),
    (re.compile(r"\+[A-Za-z0-9+/]{3,}"), partial(_decoded, encoding="utf-7")),
    (re.compile(r"(?:=[0-9A-F]{2}){2}"), _unquoted),
)
"""What an encoding writes between ASCII, and its reading (RFC 1843, 1468 and 1554, 1557, 2152, 2045)."""

PLAUSIBLE: Final = 0.8
FEW: Final = 2
"""Characters outside ASCII that prove a reading, at least; one may come of a sum or a path by chance."""


def read_seven_bit(text: str) -> str:
    """Return `text`, all of it ASCII, as it was meant; unchanged where it is in none of these encodings."""
    for sign, reading in READINGS:
        if sign.search(text) is None:
            continue
        read = reading(text.encode("ascii"))
        if len("".join(WIDE.findall(read))) >= FEW and plausibility(read) >= PLAUSIBLE:
            return read
    return text
