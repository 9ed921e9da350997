"""Decodes bytes to text. Knows encodings only; repairs nothing and reads no file.

Tried in this order: a byte order mark; well-formed UTF-8, including 7-bit encodings in it; UTF-8 mixed with
windows-1252; the declared charset; UTF-16 without a mark; UTF-8 with a few broken bytes; the guess of Firefox's
detector (chardetng). A result that does not look like text is refused with a reason, because stored text must be what
the source says.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

from bot.text.declared_charset import codec_of, declared_charset
from bot.text.plausible import HAN, HANGUL, KANA, plausibility
from bot.text.seven_bit import read_seven_bit
from bot.text.unreadable import Unreadable

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

SAMPLE = 64 * 1024
"""Bytes examined when an encoding must be guessed; a multiple of every candidate's unit (1, 2 or 4 bytes)."""

PLAUSIBLE, TRUSTED = 0.6, 0.3
"""Minimum plausibility of a guessed encoding, and of a declared one; running text has over 0.8."""

FEW_BROKEN, BROKEN = 2, 0.05
"""UTF-8 with up to this many broken places, or this share of its non-ASCII characters broken, still counts as UTF-8."""

DAMAGE = 0.01
"""Maximum share of unreadable characters in a text."""

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

SUPERSETS = {"shift_jis": ("cp932",), "euc_kr": ("cp949",), "big5": ("cp950", "big5hkscs")}
"""Vendors' extensions of a standard under the same name: tried in turn where the standard cannot decode the bytes."""

UTF16 = ("utf-16-le", "utf-16-be")
CHINESE = ("gb18030", "big5")
"""Tried whatever the detector says: it rejects an encoding at its first broken byte."""
OTHERS = ("euc-kr", "shift_jis", "euc-jp")
"""Tried where no other encoding gives plausible text."""

EAST_ASIAN = (*CHINESE, *OTHERS)

SURE, BETTER = 0.8, 0.1
"""Plausibility above which a declared encoding is trusted, and the margin by which another must beat a lower one."""

FEW = 8
"""Number of Han characters that is too small to tell a third language from Chinese."""

TRUSTED_MIX = 0.9
"""Minimum plausibility of a text in two encodings."""

MARGIN = 0.3
"""Margin by which the best reading must beat every different one; a few ambiguous characters are refused."""

MACINTOSH = "macintosh"
"""Tried beside the detector's guess, which never is this one. DOS text, with its accents elsewhere, half fits it too."""

LATIN = (
    "windows-1250",
    "windows-1252",
    "windows-1254",
    "windows-1257",
    "windows-1258",
    "iso-8859-",
    MACINTOSH,
)
"""Prefixes of the labels that chardetng gives Western text."""
WIDE, MOST_ACCENTS = re.compile(rb"[\x80-\xff]"), 0.3
"""Maximum share of non-ASCII bytes in any language of Latin letters."""
ACCENTED, WORDS_PER_ACCENT = re.compile(rb"[\xc0-\xff]"), 10
"""Words per accented letter in English, where only names and loan words have accents; other languages have fewer."""


class UnreadableEncoding(Unreadable):
    """The bytes are not text in an encoding that Trendbot supports."""


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
    return codec_of(_detected(cut)).replace("-", "_")


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
    valid, broken = _utf8_places(raw)
    text = _strict_mixed(raw) if valid and broken else "\0"
    if "\0" in text or any(script.search(text) for script in (HAN, HANGUL, KANA)):
        return ""
    rival = max(plausibility(_sampled(raw, charset)) for charset in CHINESE)
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
    """Return the charset of `raw`: the declared one if it gives plausible text, else the detected one.

    Raises UnreadableEncoding where neither does, naming the declared one.
    """
    declared = declared_charset(raw)
    score = plausibility(_sampled(raw, declared)) if declared and codec_of(declared) != "utf-8" else 0.0
    better = score < SURE and any(plausibility(_sampled(raw, other)) > score + BETTER for other in EAST_ASIAN)
    if score >= PLAUSIBLE and not better:
        return declared
    try:
        return _detected(raw)
    except UnreadableEncoding as error:
        if score >= TRUSTED and not better:
            return declared
        raise UnreadableEncoding("broken_text", declared) if declared else error from None


def _detected(raw: bytes) -> str:
    """Return the label of the most plausible charset for `raw`. Raises UnreadableEncoding where none is plausible."""
    valid, broken = _utf8_places(raw)
    mended = b"\0" not in raw and valid > broken and broken <= max(FEW_BROKEN, BROKEN * valid)
    if mended and plausibility(_sampled(raw, "utf-8")) > plausibility(_sampled(raw, "gb18030")):
        return "utf-8"
    likely = UTF16 if b"\0" in raw else (*CHINESE, *_guesses(raw), *UTF16)
    for candidates in (likely, () if b"\0" in raw else (*likely, *OTHERS)):
        best = _best_reading(raw, candidates)
        if best:
            return best
    if valid > broken:
        raise UnreadableEncoding("broken_text", "utf-8")
    raise UnreadableEncoding("binary" if b"\0" in raw else "not_text")


def _best_reading(raw: bytes, charsets: Sequence[str]) -> str:
    """Return the charset in which `raw` is clearly most plausible, "" where none is, or several are."""
    readings = {charset: _sampled(raw, charset) for charset in charsets}
    scores = {charset: plausibility(text) for charset, text in readings.items()}
    best = max(scores, key=lambda charset: scores[charset], default="")
    if not best or scores[best] < (SURE if best == MACINTOSH else PLAUSIBLE):
        return ""
    rivals = [c for c in scores if readings[c] != readings[best] and not (_is_latin(c) and _is_latin(best))]
    enough = len(WIDE.findall(raw[:SAMPLE])) > 2 * FEW
    known = enough or best in (*CHINESE, *UTF16) or _is_latin(best)
    return best if known and all(scores[best] - scores[rival] > MARGIN for rival in rivals) else ""


def _guesses(raw: bytes) -> tuple[str, ...]:
    """Return chardetng's guess for `raw`; for Western text, the encodings that it confuses or does not know."""
    from chardetng_py import EncodingDetector  # type: ignore[import-untyped]  # it ships no types

    detector = EncodingDetector()
    detector.feed(raw[:SAMPLE], last=False)
    guess = str(detector.guess(tld=None, allow_utf8=False)).lower()
    if not _is_latin(guess):
        return (guess,)
    if len(WIDE.findall(raw[:SAMPLE])) > MOST_ACCENTS * len(raw[:SAMPLE]):
        return ()
    accented = len(ACCENTED.findall(raw[:SAMPLE]))
    loanwords = accented * WORDS_PER_ACCENT <= len(raw[:SAMPLE].split())
    return ("windows-1252" if loanwords else guess, MACINTOSH)


def _is_latin(charset: str) -> bool:
    """Return whether `charset` is one of Western text."""
    return charset.startswith(LATIN)


def _sampled(raw: bytes, charset: str) -> str:
    """Return the first SAMPLE bytes of `raw` decoded, broken bytes replaced; the end may be cut anywhere."""
    codec = codec_of(charset)
    decoder = codecs.getincrementaldecoder(SUPERSETS.get(codec, (codec,))[-1])(errors="replace")
    return decoder.decode(raw[:SAMPLE])


def _utf8_places(raw: bytes) -> tuple[int, int]:
    """Return the continuation bytes of sound characters of three and four bytes in a UTF-8 sample, and broken places."""
    text = codecs.getincrementaldecoder("utf-8")(errors="replace").decode(raw[:SAMPLE])
    wide = [char for char in text if char > "\x7f" and char != "\ufffd"]
    return len("".join(wide).encode()) - len(wide) - sum(char < "\u0800" for char in wide), text.count(
        "\ufffd"
    )
