r"""Decodes text that was written with escapes (`\u6db2\u51b7`, `didn\u2019t`) and never decoded.

Lines about escapes keep them: a line is decoded only if escapes make up a good part of it or stand inside words; in a
line with non-ASCII characters, only a long run of them is.
"""

from __future__ import annotations

import re

UNIT = r"(?:\\{1,4}u[0-9a-fA-F]{4}|\\{1,4}u\{[0-9a-fA-F]{1,6}\}|\\{1,4}U[0-9a-fA-F]{8}|%u[0-9a-fA-F]{4}|\\{1,4}x[0-9a-fA-F]{2})"
ESCAPE = re.compile(UNIT)
LONG_RUN = re.compile(rf"{UNIT}{{4,}}")
BREAK = re.compile(r"\\{1,4}[nrt]")
"""An escaped line break or tab; the escapes around it distinguish it from a path (C:\new)."""
QUOTE = re.compile(r"\\{1,4}([\"'/])")
GLUED = re.compile(
    rf"(?<=[A-Za-z]){UNIT}(?=[A-Za-z\s.,;:!?)\"]|$)|\\{{1,4}}u20(?:18|1[cC])(?=\w)|(?<=[\w.,;:!?])\\{{1,4}}u20(?:19|1[dD])"
)
"""An escape inside or at the end of a word, or a quotation mark beside one."""
RANGE = re.compile(rf"\[{UNIT}|{UNIT}-{UNIT}")
"""A character class in a regular expression: the line is about escapes."""
HEX = re.compile(r"[0-9a-fA-F]{2,8}")
BYTES = re.compile(r"(?:\\{1,4}x[0-9a-fA-F]{2})+")

ADDRESS_ESCAPES = re.compile(r"(?:%[0-9a-fA-F]{2}){2,}")
"""Percent-encoded text, as in URLs: %E6%B6%B2."""
MOST_OF_IT = 0.6
"""Minimum share of a line in percent-encoding for it to be a text and no address."""
SENTENCE_BREAK = re.compile(r"(?<=[.!?。！？;；:：”」])(?:\\{1,2}r)?(?:\\{1,2}n)+(?=[A-Z\u4e00-\u9fff“]|$)")
"""An escaped line break between two sentences, which occurs in neither paths nor code."""

GOOD_PART = 0.3
"""Minimum share of escapes among the characters of a line for it to count as escaped."""


def read_escapes(line: str) -> str:
    """Return `line` with its escapes decoded if it counts as escaped; line breaks become spaces, broken escapes stay."""
    if "\\" not in line and "%" not in line:
        return line
    line = SENTENCE_BREAK.sub(" ", line)
    if "%" in line and "://" not in line and _is_escaped_address(line):
        line = ADDRESS_ESCAPES.sub(_utf8, line)
    if ESCAPE.search(line) is None or RANGE.search(line):
        return line
    if not line.isascii():
        return LONG_RUN.sub(lambda run: _plain(run[0]), line)
    whole = sum(map(len, ESCAPE.findall(line))) >= GOOD_PART * len(line)
    if not whole and GLUED.search(line) is None:
        return line
    return _plain(QUOTE.sub(r"\1", BREAK.sub(" ", line)) if whole else line)


def _is_escaped_address(line: str) -> bool:
    """Return whether most of `line` is percent-encoded."""
    return sum(map(len, ADDRESS_ESCAPES.findall(line))) >= MOST_OF_IT * len(line)


def _plain(text: str) -> str:
    """Return `text` with its escapes decoded; surrogate pairs are joined, a lone surrogate becomes U+FFFD."""
    return join_surrogates(ESCAPE.sub(_character, BYTES.sub(_utf8, text)))


def join_surrogates(text: str) -> str:
    """Return `text` with surrogate pairs joined and lone surrogates replaced by U+FFFD, so that it can be stored."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _character(match: re.Match[str]) -> str:
    """Return the character of one escape, which may be half a surrogate pair; an invalid escape stays."""
    digits = HEX.search(match[0].lstrip("\\%uUx{"))
    code = int(digits[0], 16) if digits else 0
    if "x" in match[0][:6] and code > 0x7F:
        return match[0]
    return chr(code) if code <= 0x10FFFF else match[0]


def _utf8(match: re.Match[str]) -> str:
    r"""Return a run of escaped bytes (`\xe6\xb6\xb2`, `%E6%B6%B2`) decoded as UTF-8; unchanged where it is malformed."""
    try:
        return bytes.fromhex("".join(HEX.findall(match[0]))).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]
