"""In which charset bytes are that declare none, or another: chardet ranks charsets, and how their readings look decides.

chardet drops a charset at its first broken byte, so Chinese ones are tried whatever it says. Where two readings look
like text alike and chardet does not set them apart, the bytes are refused.
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
"""Bytes looked at when a charset must be guessed; every candidate's unit is 1, 2 or 4 bytes long."""

PLAUSIBLE, SURE = 0.6, 0.8
"""The plausibility that a guessed charset needs, and one that few texts are in; running text has over 0.8."""

MARGIN: Final = 0.3
"""By how much less plausible every other reading must be; a few characters that may be either are refused."""

DOUBTFUL: Final = 0.1
"""The confidence below which chardet knows no language of another script in the bytes; of damaged text it has under 0.06."""

UNKNOWN: Final = 0.065
"""The confidence below which chardet knows no language of Latin letters in the bytes."""

RIVAL, NEAR = 0.6, 0.97
"""The share of the first charset's score below which chardet is sure that it is not another, and above which it does not
tell them apart."""

FEW_BROKEN, BROKEN = 2, 0.05
"""UTF-8 with so many broken places, or with this share of its characters outside ASCII broken, is still UTF-8."""

SUPERSETS: Final = {"big5": ("cp950", "big5hkscs")}
"""What vendors added to a standard under the same name: tried in turn where the standard cannot read the bytes."""

UTF16: Final = ("utf-16-le", "utf-16-be")
CHINESE: Final = ("gb18030", "big5")
OTHERS: Final = ("euc-kr", "shift_jis", "euc-jp")
"""Tried where nothing else looks like text."""
EAST_ASIAN: Final = (*CHINESE, *OTHERS)

MULTIBYTE: Final = ("gb18030", "big5", "big5hkscs", "cp950", "cp949", "cp932", "euc_jp", "johab", "utf-8")

WINDOWS: Final = "windows-1252"
USUAL: Final = {WINDOWS: 1 / NEAR, "macroman": 1.0, "cp850": NEAR}
"""What English with a few accents or curly quotes is in, and its weight: most often Windows's, else a Mac's or DOS's."""

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
"""Charsets that hardly any text was written in, and that read other charsets' bytes well."""

LATIN: Final = re.compile(
    r"windows-125[02478]|iso-?8859-(?:1|2|3|4|9|1[0345])$|cp(?:437|775|85[0278]|86[0135])|mac(?:intosh|roman|latin2|turkish)"
)
"""The labels of Western text."""

WIDE: Final = re.compile(rb"[\x80-\xff]")
RUN: Final = re.compile(rb"[\x80-\xff]{3,}")
"""Bytes outside ASCII one after another: words of another script, hardly ever accents."""

TYPESET: Final = re.compile(
    r"[\x00-\x7f\u2018\u2019\u201c\u201d\u2013\u2014\u2022\u20ac\xa3\xa7\xa9\xae\u2122]+"
)
"""English with the signs of a word processor, and no letter outside ASCII."""

WIDE_WORD: Final = re.compile(rb"[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*")

TAG: Final = re.compile(rb"<[^<>]{0,4000}>|&\w+;")
WORD: Final = re.compile(rb"(?<![\x80-\xff])[A-Za-z]+(?![\x80-\xff])")
WORDS_PER_STOP_WORD: Final = 5
"""Frequent words are more than one in so many words of English text."""

FEW: Final = 16
"""Bytes outside ASCII that are too few to tell a third language from Chinese, or English from its neighbours."""


def detected_charset(raw: bytes) -> str:
    """Return the label of the charset that `raw` reads best in. Raises UnreadableEncoding where none looks like text."""
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
    """Return whether `raw`, which declares `charset`, is far likelier to be in another one.

    Only a charset of single bytes is doubted: it can read anything, while text that reads well in another is in that.
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
    """Return the labels of the charsets that `sample` can be in, likeliest first, with chardet's confidence in each."""
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
    """Return the one of `charsets` in which `raw` looks like text, "" where none does, or several do."""
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
    """Return what chardet takes `raw` for, a text of another script or a Western one, and what to compare it with."""
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
    """Return the charset that `raw`, which is mostly ASCII, reads best in by chardet's confidence and by what is usual."""
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
    """Return the words of `sample` that are not ASCII, without a page's markup that hides their language from chardet."""
    return b" ".join(WIDE_WORD.findall(sample))


def _is_english(sample: bytes) -> bool:
    """Return whether frequent English words are as many among the words of `sample` as in running text."""
    words = WORD.findall(TAG.sub(b" ", sample))
    frequent = sum(len(word) > 1 and word.decode("ascii").lower() in STOPWORDS for word in words)
    return len(words) <= WORDS_PER_STOP_WORD * frequent


def is_multibyte(charset: str) -> bool:
    """Return whether `charset` writes a character in several bytes, of which not every sequence is one."""
    return codec_of(charset) in MULTIBYTE or charset in UTF16


def is_latin(charset: str) -> bool:
    """Return whether `charset` is one of Western text."""
    return LATIN.match(charset.lower()) is not None


def sampled(raw: bytes, charset: str) -> str:
    """Return the first bytes of `raw` in `charset`, broken ones replaced; the end may be cut anywhere."""
    codec = codec_of(charset)
    decoder = codecs.getincrementaldecoder(SUPERSETS.get(codec, (codec,))[-1])(errors="replace")
    return decoder.decode(raw[:SAMPLE])


def utf8_places(raw: bytes) -> tuple[int, int]:
    """Return how many characters of two bytes and more are well-formed in `raw` as UTF-8, by their bytes after the
    first, and how many places are broken."""
    text = codecs.getincrementaldecoder("utf-8")(errors="replace").decode(raw[:SAMPLE])
    wide = [char for char in text if char > "\x7f" and char != "\ufffd"]
    return len("".join(wide).encode()) - len(wide) - sum(char < "\u0800" for char in wide), text.count(
        "\ufffd"
    )
