"""Bytes to text. Knows encodings only; repairs nothing and reads no file.

In this order: a byte order mark; well-formed UTF-8, ASCII that stands for more among it; UTF-8 with windows-1252 in it;
what the page declares; UTF-16 without a mark; UTF-8 with a few broken bytes; what Firefox's detector (chardetng) takes
the bytes for. A reading that does not look like text is refused and named, since what is stored must be what the source
says.
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
"""Bytes looked at when an encoding must be guessed; every candidate's unit is 1, 2 or 4 bytes long."""

PLAUSIBLE, TRUSTED = 0.6, 0.3
"""The plausibility that a guessed encoding needs, and one that is declared; running text has over 0.8."""

FEW_BROKEN, BROKEN = 2, 0.05
"""UTF-8 with so many broken places, or with this share of its characters outside ASCII broken, is still UTF-8."""

DAMAGE = 0.01
"""A text with more characters than this share unreadable is not text in that encoding."""

_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

SUPERSETS = {"shift_jis": ("cp932",), "euc_kr": ("cp949",), "big5": ("cp950", "big5hkscs")}
"""What vendors added to a standard under the same name: tried in turn where the standard cannot read the bytes."""

UTF16 = ("utf-16-le", "utf-16-be")
CHINESE = ("gb18030", "big5")
"""Tried whatever the detector says, which drops an encoding at its first broken byte."""
OTHERS = ("euc-kr", "shift_jis", "euc-jp")
"""Tried where nothing else looks like text."""

EAST_ASIAN = (*CHINESE, *OTHERS)

SURE, BETTER = 0.8, 0.1
"""The plausibility of a declared encoding that is not doubted, and by how much another must read better to doubt it."""

FEW = 8
"""Han characters that are too few to tell a third language from Chinese."""

TRUSTED_MIX = 0.9
"""The plausibility that two encodings in one text need."""

MARGIN = 0.3
"""By how much less plausible every other reading must be; a few characters that may be either are refused."""

MACINTOSH = "macintosh"
"""Tried beside what the detector says, which does not know it. Text of DOS, whose accents lie elsewhere, half fits too."""

LATIN = (
    "windows-1250",
    "windows-1252",
    "windows-1254",
    "windows-1257",
    "windows-1258",
    "iso-8859-",
    MACINTOSH,
)
"""How the labels begin that chardetng gives Western text."""
WIDE, MOST_ACCENTS = re.compile(rb"[\x80-\xff]"), 0.3
"""No language of Latin letters has more than this share of bytes outside ASCII."""
ACCENTED, WORDS_PER_ACCENT = re.compile(rb"[\xc0-\xff]"), 10
"""Accented letters rarer than one in so many words are names and loan words in English."""


class UnreadableEncoding(Unreadable):
    """The bytes are not text in an encoding that Trendbot reads."""


def decode(raw: bytes) -> str:
    """Return the text of `raw`, without a byte order mark. A few broken bytes become U+FFFD for cleaning to drop.

    Raises UnreadableEncoding: `broken_text` with the encoding that most of the text is in, `binary` or `not_text`.
    """
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return _checked(_lenient(raw, encoding))
    text = _strict(raw, "utf-8")
    if "\0" not in text:  # English in UTF-16 is well-formed UTF-8 with a NUL beside each letter
        return _checked(_rather_declared(raw, text))
    return _checked(_mixed(raw) or _lenient(raw, _declared_or_detected(raw)))


def encoding_of(sample: bytes) -> str:
    """Return the encoding of a file that begins with `sample`, a whole file or its first bytes, cut anywhere.

    Raises UnreadableEncoding when it is no text.
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
    """Return `raw` in `encoding`, or one NUL where it is not well-formed."""
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return "\0"


def _lenient(raw: bytes, charset: str) -> str:
    """Return `raw` in `charset` with at most a small share of replaced bytes (a cut end, a broken disk block)."""
    codec = codec_of(charset)
    names = (codec, *SUPERSETS.get(codec, ()))
    text = next((text for name in names if (text := _strict(raw, name)) != "\0"), "")
    if raw and not text:
        text = raw.decode(names[-1], errors="replace")
        if text.count("\ufffd") > 1 + DAMAGE * len(text):
            raise UnreadableEncoding("broken_text", charset)
    return text


def _checked(text: str) -> str:
    """Return `text`, unless it carries what only binary data carries."""
    if "\0" in text:
        raise UnreadableEncoding("binary")
    sample = text[:SAMPLE]
    if len(_CONTROLS.findall(sample)) > 1 + DAMAGE * len(sample):
        raise UnreadableEncoding("binary")
    return text


def _rather_declared(raw: bytes, text: str) -> str:
    """Return `text`, read as UTF-8, unless `raw` looks more like text in the charset that it declares."""
    if text.isascii():
        return read_seven_bit(text)
    charset = declared_charset(raw)
    other = _strict(raw, codec_of(charset)) if charset else "\0"
    return other if other != "\0" and plausibility(other) > plausibility(text) else text


def _mixed(raw: bytes) -> str:
    """Return `raw` as UTF-8 in which other bytes are windows-1252, "" unless that is Western text: a page put together."""
    valid, broken = _utf8_places(raw)
    text = _strict_mixed(raw) if valid and broken else "\0"
    if "\0" in text or any(script.search(text) for script in (HAN, HANGUL, KANA)):
        return ""
    rival = max(plausibility(_sampled(raw, charset)) for charset in CHINESE)
    return text if plausibility(text) > max(TRUSTED_MIX, rival + MARGIN) else ""


def _strict_mixed(raw: bytes) -> str:
    """Return `raw` as UTF-8 with windows-1252 in it, or one NUL where a byte is neither."""
    try:
        return raw.decode("utf-8", errors="windows-1252")
    except UnicodeDecodeError:
        return "\0"


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Return what bytes that are not UTF-8 are in windows-1252, and where they end. Raises UnicodeDecodeError."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("windows-1252"), error.end


codecs.register_error("windows-1252", _as_windows_1252)


def _declared_or_detected(raw: bytes) -> str:
    """Return the charset of `raw`: the declared one unless its reading is no text, and the detected one is.

    Raises UnreadableEncoding where neither is, with the name of the declared one.
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
    """Return the label of the charset that `raw` reads best in. Raises UnreadableEncoding where none looks like text."""
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
    """Return the one of `charsets` in which `raw` looks like text, "" where none does, or several do."""
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
    """Return what chardetng takes `raw` for, and for Western text the encodings that it does not know or confuses."""
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
    """Return the first bytes of `raw` in `charset`, broken ones replaced; the end may be cut anywhere."""
    codec = codec_of(charset)
    decoder = codecs.getincrementaldecoder(SUPERSETS.get(codec, (codec,))[-1])(errors="replace")
    return decoder.decode(raw[:SAMPLE])


def _utf8_places(raw: bytes) -> tuple[int, int]:
    """Return how many characters of two bytes and more are well-formed in `raw` as UTF-8, by their bytes after the
    first, and how many places are broken."""
    text = codecs.getincrementaldecoder("utf-8")(errors="replace").decode(raw[:SAMPLE])
    wide = [char for char in text if char > "\x7f" and char != "\ufffd"]
    return len("".join(wide).encode()) - len(wide) - sum(char < "\u0800" for char in wide), text.count(
        "\ufffd"
    )
