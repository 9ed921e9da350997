"""Reads the charset that a page declares in a meta element or an XML declaration. Decodes nothing.

Only text that begins with markup can declare one; a note that quotes such a line does not.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from bot.text.rule_data import read_table

HEAD = 4096
"""Bytes searched for a declaration. The standard says 1024, but real pages have longer heads."""

DECLARATION = re.compile(
    rb"<\?xml\b[^<>]{0,200}?\bencoding\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})"
    rb"|<meta\b[^<>]{0,400}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})",
    re.IGNORECASE,
)


def declared_charset(raw: bytes) -> str:
    """Return the label of the charset that `raw` declares, "" for none or an unknown one."""
    head = raw[:HEAD].lstrip()
    match = DECLARATION.search(head) if head.startswith(b"<") else None
    label = (match[1] or match[2]).decode("ascii").lower() if match else ""
    return label if label in _codecs() else ""


def codec_of(charset: str) -> str:
    """Return Python's codec for a charset label; an unknown label is returned as it is."""
    return _codecs().get(charset.lower(), charset)


@cache
def _codecs() -> dict[str, str]:
    """Return the table from charset labels to Python's codecs."""
    return read_table(Path(__file__).with_name("charset_labels.tsv"))
