"""Detects the charset of bytes that declare none, or a wrong one: chardet ranks charsets, plausibility of the text decides.

chardet rejects a charset at its first broken byte, so Chinese charsets are always tried. If two decodings are equally
plausible and chardet does not separate them, the bytes are refused.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from bot.text.declared_charset import DECLARATION, codec_of
from bot.text.plausible import plausibility
from bot.text.stopwords import STOPWORDS
from bot.text.unreadable import UnreadableEncoding

SAMPLE: Final = 64 * 1024
"""Bytes examined to guess a charset; a multiple of every candidate's unit of 1, 2 or 4 bytes."""

PLAUSIBLE, SURE = 0.6, 0.8
"""Least plausibility of a guessed decoding, and that of running text, which scores over 0.8."""

MARGIN: Final = 0.3
"""Least lead in plausibility over every other decoding; short ambiguous bytes are refused."""

DOUBTFUL: Final = 0.1
"""chardet's confidence below which no non-Latin language was recognised; damaged text scores under 0.06."""

UNKNOWN: Final = 0.065
"""chardet's confidence below which no Latin-script language was recognised."""

RIVAL, NEAR = 0.6, 0.97
"""Shares of the best charset's score: below the first, chardet is sure that another is wrong; above the second, the two
count as equal."""

FEW_BROKEN, BROKEN = 2, 0.05
"""Bytes still count as UTF-8 with so many broken places, or with this share of non-ASCII characters broken."""

SUPERSETS: Final = {"big5": ("cp950", "big5hkscs")}
"""Vendor extensions of a standard with the same name, tried in turn if the standard cannot decode the bytes."""

UTF16: Final = ("utf-16-le", "utf-16-be")
CHINESE: Final = ("gb18030", "big5")
OTHERS: Final = ("euc-kr", "shift_jis", "euc-jp")
"""Tried if nothing else is plausible."""
EAST_ASIAN: Final = (*CHINESE, *OTHERS)

MULTIBYTE: Final = ("gb18030", "big5", "big5hkscs", "cp950", "cp949", "cp932", "euc_jp", "johab", "utf-8")

WINDOWS: Final = "windows-1252"
USUAL: Final = {WINDOWS: 1 / NEAR, "macroman": 1.0, "cp850": NEAR}
"""Charsets of English with a few accents or curly quotes, with their weights: mostly Windows, else Mac or DOS."""

RARE: Final = (
    "cp720",
    "cp856",
    "cp1006",
    "hp-roman8",
    "iso8859-16",
    "koi8-t",
    "kz1048",
    "mac-iceland",
    "ptcp154",
)
"""Charsets in which hardly any text exists, but which decode other charsets' bytes without error."""

LATIN: Final = re.compile(
    r"windows-125[02478]|iso-?8859-(?:1|2|3|4|9|1[0345])$|cp(?:437|775|85[0278]|86[0135])|mac(?:intosh|roman|latin2|turkish)"
)
"""Labels of Western charsets."""

WIDE: Final = re.compile(rb"[\x80-\xff]")
RUN: Final = re.compile(rb"[\x80-\xff]{3,}")
"""Consecutive non-ASCII bytes: words of a non-Latin script, hardly ever accents."""

TYPESET: Final = re.compile(
    r"[\x00-\x7f\u2018\u2019\u201c\u201d\u2013\u2014\u2022\u20ac\xa3\xa7\xa9\xae\u2122]+"
)
"""English with typographic punctuation, without non-ASCII letters."""

WIDE_WORD: Final = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")

TAG: Final = re.compile(rb"<[^<>]{0,4000}>|&\w+;")
WORD: Final = re.compile(rb"(?<![\x80-\xff])[A-Za-z]+(?![\x80-\xff])")
WORDS_PER_STOP_WORD: Final = 5
"""More than one in so many words of English text is a stop word."""

FEW: Final = 16
"""Up to so many non-ASCII bytes are too few to distinguish Chinese from other languages, or English from its neighbours."""


def detected_charset(raw: bytes) -> str:
    """Return the label of the best charset for `raw`. Raises UnreadableEncoding if no decoding is plausible."""
    valid, broken = utf8_places(raw)
    mended = b"\0" not in raw and valid > broken and broken <= max(FEW_BROKEN, BROKEN * valid)
    if mended and plausibility(sampled(raw, "utf-8")) > plausibility(sampled(raw, "gb18030")):
        return "utf-8"
    likely = UTF16 if b"\0" in raw else (*CHINESE, *_guesses(raw), *UTF16)
    for candidates in (likely, () if b"\0" in raw else (*likely, *OTHERS)):
        best = _best_reading(raw, candidates)
        if best:
            return best
    if valid > broken:
        raise UnreadableEncoding("broken_text", "utf-8")
    raise UnreadableEncoding("binary" if b"\0" in raw else "not_text")


def doubted(raw: bytes, charset: str) -> bool:
    """Return whether `raw`, which declares `charset`, is far more likely to be in another charset.

    Only single-byte charsets are doubted: they decode anything, while bytes rarely decode as multi-byte text by chance.
    """
    if is_multibyte(charset):
        return False
    meant = sampled(raw, charset)
    scores = ranking(raw[:SAMPLE])
    as_declared = [score for label, score in scores.items() if sampled(raw, label) == meant]
    least = RIVAL if plausibility(meant) >= SURE else NEAR
    return bool(as_declared) and max(as_declared) < least * max(scores.values())


@lru_cache(maxsize=4)
def ranking(sample: bytes) -> Mapping[str, float]:
    """Return the possible charsets of `sample`, most likely first, with chardet's confidence in each."""
    from chardet import EncodingEra, detect_all

    bare = DECLARATION.sub(b"", sample)  # chardet believes a declaration
    found = detect_all(
        bare,
        ignore_threshold=True,
        encoding_era=EncodingEra.ALL & ~EncodingEra.MAINFRAME,
        exclude_encodings=RARE,
    )
    return {str(one["encoding"]).lower(): one["confidence"] for one in found if one["encoding"]}


def _best_reading(raw: bytes, charsets: Sequence[str]) -> str:
    """Return the only one of `charsets` in which `raw` is plausible; "" if none or several are."""
    readings = {charset: sampled(raw, charset) for charset in charsets}
    scores = {charset: plausibility(text) for charset, text in readings.items()}
    best = max(scores, key=lambda charset: scores[charset], default="")
    if not best or scores[best] < PLAUSIBLE:
        return ""
    enough = len(WIDE.findall(raw[:SAMPLE])) > FEW
    confidence = ranking(raw[:SAMPLE])
    sure = RIVAL * confidence.get(best, 0.0) if enough else 0.0
    rivals = [c for c in scores if readings[c] != readings[best] and not (is_latin(c) and is_latin(best))]
    near = [c for c in rivals if scores[best] - scores[c] <= MARGIN and confidence.get(c, 0.0) >= sure]
    known = enough or best in (*CHINESE, *UTF16) or is_latin(best)
    return best if known and not near else ""


def _guesses(raw: bytes) -> Sequence[str]:
    """Return chardet's guess for `raw`, with the charsets to compare it with."""
    sample = raw[:SAMPLE]
    scores = ranking(sample)
    if 2 * sum(map(len, RUN.findall(sample))) > len(WIDE.findall(sample)):
        guess = next((label for label in scores if not is_latin(label)), "")
        if is_multibyte(guess):
            return (guess,)
        known = ranking(_wide_words(sample)).get(guess, 0.0) >= DOUBTFUL
        return (guess, *OTHERS) if known else OTHERS
    return _western_guess(raw)


def _western_guess(raw: bytes) -> Sequence[str]:
    """Return the best charset for mostly-ASCII `raw`, by chardet's confidence and the usual charsets; empty if none."""
    sample = raw[:SAMPLE]
    scores = ranking(sample)
    first = next(iter(scores), "")
    readings = {label: sampled(raw, label) for label in USUAL}
    typeset = [
        label for label, text in readings.items() if TYPESET.fullmatch(text) and plausibility(text) == 1.0
    ]
    if typeset:
        return typeset[:1]
    if is_multibyte(first):
        return (first,)
    weights = {label: score / scores[first] for label, score in scores.items() if is_latin(label)}
    if _is_english(sample) or max(scores.get(first, 0.0), *ranking(_wide_words(sample)).values()) < UNKNOWN:
        weights |= USUAL
    else:
        weights[WINDOWS] = weights.get(WINDOWS, 0.0) / NEAR
    texts = [label for label in weights if plausibility(sampled(raw, label)) >= PLAUSIBLE]
    return sorted(texts, key=lambda label: -weights[label])[:1]


def _wide_words(sample: bytes) -> bytes:
    """Return the non-ASCII words of `sample` alone, since markup would hide their language from chardet."""
    return b" ".join(WIDE_WORD.findall(sample))


def _is_english(sample: bytes) -> bool:
    """Return whether `sample` has as large a share of English stop words as running text."""
    words = WORD.findall(TAG.sub(b" ", sample))
    frequent = sum(len(word) > 1 and word.decode("ascii").lower() in STOPWORDS for word in words)
    return len(words) <= WORDS_PER_STOP_WORD * frequent


def is_multibyte(charset: str) -> bool:
    """Return whether `charset` is a multi-byte encoding, in which many byte sequences are invalid."""
    return codec_of(charset) in MULTIBYTE or charset in UTF16


def is_latin(charset: str) -> bool:
    """Return whether `charset` is a Western charset."""
    return LATIN.match(charset.lower()) is not None


def sampled(raw: bytes, charset: str) -> str:
    """Decode the first bytes of `raw` in `charset` with replacement; the last character may be cut off."""
    codec = codec_of(charset)
    decoder = codecs.getincrementaldecoder(SUPERSETS.get(codec, (codec,))[-1])(errors="replace")
    return decoder.decode(raw[:SAMPLE])


def utf8_places(raw: bytes) -> tuple[int, int]:
    """Return the continuation bytes of valid UTF-8 characters of three or more bytes in `raw`, and the number of broken
    places. Two-byte characters count nothing, since other charsets often contain such pairs by chance.
    """
    text = codecs.getincrementaldecoder("utf-8")(errors="replace").decode(raw[:SAMPLE])
    wide = [char for char in text if char > "\x7f" and char != "\ufffd"]
    return len("".join(wide).encode()) - len(wide) - sum(char < "\u0800" for char in wide), text.count(
        "\ufffd"
    )
