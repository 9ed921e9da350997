"""Decodes bytes to text. Knows encodings only; repairs nothing and reads no file.

Tried in this order: a byte order mark; well-formed UTF-8, including 7-bit encodings in it, as mail has them (HZ, ISO-2022,
UTF-7, quoted-printable UTF-8); UTF-8 mixed with windows-1252; the declared charset; UTF-16 without a mark; UTF-8 with a few
broken bytes; the guess of chardet. A result that does not look like text is refused with a reason, because stored text
must be what the source says.
"""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Callable
from functools import partial
from typing import Final

from bot.text.charset_detection import (
    CHINESE,
    EAST_ASIAN,
    MARGIN,
    PLAUSIBLE,
    SAMPLE,
    SUPERSETS,
    SURE,
    USUAL,
    detected_charset,
    doubted,
    is_multibyte,
    sampled,
    utf8_places,
)
from bot.text.declared_charset import codec_of, declared_charset
from bot.text.plausible import HAN, HANGUL, KANA, WIDE, plausibility
from bot.text.unreadable import UnreadableEncoding

_READABLE: Final = 0.8

_FEW: Final = 2
"""Minimum non-ASCII characters that prove an encoding; a single one may result by chance from a formula or a path."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

TRUSTED = 0.3
"""Minimum plausibility of a declared encoding; running text has over 0.8."""

DAMAGE = 0.01
"""Maximum share of unreadable characters in a text."""

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

BETTER = 0.1
"""The margin by which another encoding must beat a declared one whose plausibility is below SURE."""

TRUSTED_MIX = 0.9
"""Minimum plausibility of a text in two encodings."""


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


def read_seven_bit(text: str) -> str:
    """Return ASCII `text` decoded; unchanged where it is in none of these encodings."""
    for sign, reading in READINGS:
        if sign.search(text) is None:
            continue
        read = reading(text.encode("ascii"))
        if len("".join(WIDE.findall(read))) >= _FEW and plausibility(read) >= _READABLE:
            return read
    return text


def decode(raw: bytes) -> str:
    """Return the text of `raw` without its byte order mark. A few broken bytes become U+FFFD, which cleaning drops.

    Raises UnreadableEncoding: `broken_text` with the encoding of most of the text, `binary` or `not_text`.
    """
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return _checked(_lenient(raw, encoding))
    text = _strict(raw, "utf-8")
    if "\0" not in text:  # English in UTF-16 is also well-formed UTF-8, with a NUL beside each letter
        return _checked(_rather_declared(raw, text))
    return _checked(_mixed(raw) or _lenient(raw, _declared_or_detected(raw)))


def encoding_of(sample: bytes) -> str:
    """Return the encoding of a file from `sample`: the whole file or its first bytes, cut anywhere.

    Raises UnreadableEncoding when it is not text.
    """
    for mark, encoding in MARKS:
        if sample.startswith(mark):
            return {"utf-16": "utf_16"}.get(encoding, "utf-8")
    cut = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(cut)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" not in text:
        _checked(text)
        return "utf-8"
    return codec_of(detected_charset(cut)).replace("-", "_")


def _strict(raw: bytes, encoding: str) -> str:
    """Return `raw` decoded, or a single NUL where it is not well-formed in `encoding`."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return "\0"


def _lenient(raw: bytes, charset: str) -> str:
    """Return `raw` decoded in `charset`, replacing a small share of broken bytes (a cut end, a broken disk block).

    Raises UnreadableEncoding where more is broken.
    """
    codec = codec_of(charset)
    names = (codec, *SUPERSETS.get(codec, ()))
    text = next((text for name in names if (text := _strict(raw, name)) != "\0"), "")
    if raw and not text:
        text = raw.decode(names[-1], errors="replace")
        if text.count("\ufffd") > 1 + DAMAGE * len(text):
            raise UnreadableEncoding("broken_text", charset)
    return text


def _checked(text: str) -> str:
    """Return `text`; raise UnreadableEncoding where it has NULs or many control characters, as binary data does."""
    if "\0" in text:
        raise UnreadableEncoding("binary")
    sample = text[:SAMPLE]
    if len(_CONTROLS.findall(sample)) > 1 + DAMAGE * len(sample):
        raise UnreadableEncoding("binary")
    return text


def _rather_declared(raw: bytes, text: str) -> str:
    """Return `text`, decoded as UTF-8, unless the charset that `raw` declares gives more plausible text."""
    if text.isascii():
        return read_seven_bit(text)
    charset = declared_charset(raw)
    other = _strict(raw, codec_of(charset)) if charset else "\0"
    return other if other != "\0" and plausibility(other) > plausibility(text) else text


def _mixed(raw: bytes) -> str:
    """Return `raw` as UTF-8 with windows-1252 parts, as in pages put together from two; "" unless it is Western text."""
    valid, broken = utf8_places(raw)
    text = _strict_mixed(raw) if valid and broken else "\0"
    if "\0" in text or any(script.search(text) for script in (HAN, HANGUL, KANA)):
        return ""
    rival = max(plausibility(sampled(raw, charset)) for charset in CHINESE)
    return text if plausibility(text) > max(TRUSTED_MIX, rival + MARGIN) else ""


def _strict_mixed(raw: bytes) -> str:
    """Return `raw` decoded as UTF-8 with windows-1252 for other bytes, or a single NUL where a byte is neither."""
    try:
        return raw.decode("utf-8", errors="windows-1252")
    except UnicodeDecodeError:
        return "\0"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Return the offending bytes as windows-1252, and their end: a codecs error handler. Raises UnicodeDecodeError."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("windows-1252"), error.end


codecs.register_error("windows-1252", _as_windows_1252)


def _declared_or_detected(raw: bytes) -> str:
    """Return the charset of `raw`: the declared one if it is plausible and no other far likelier, else the detected one.

    Raises UnreadableEncoding where neither does, naming the declared one.
    """
    declared = declared_charset(raw)
    score = plausibility(sampled(raw, declared)) if declared and codec_of(declared) != "utf-8" else 0.0
    better = score < SURE and any(plausibility(sampled(raw, other)) > score + BETTER for other in EAST_ASIAN)
    believed = score >= TRUSTED and not better and not doubted(raw, declared)
    if believed and score >= PLAUSIBLE:
        return declared
    try:
        charset = detected_charset(raw)
    except UnreadableEncoding as error:
        if believed:
            return declared
        raise UnreadableEncoding("broken_text", declared) if declared else error from None
    if is_multibyte(declared) and not is_multibyte(charset) and charset not in USUAL:
        raise UnreadableEncoding("broken_text", declared)  # what is left of it reads like anything
    return charset
