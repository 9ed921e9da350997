"""Removes invisible characters and controls and unifies spaces. Leaves visible characters alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet

from bot.text.normalise import TWIN, fold_twins

SPACES = frozenset("\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u202f\u205f\u2028\u2029\u3000\ue5e5") | frozenset(
    map(chr, range(0x2000, 0x200B))
)
"""Replaced by a plain space. U+E5E5 is what GB18030 decoders produce for a damaged ideographic space."""

JOINERS = "\u200c\u200d"
"""Invisible, but part of emoji and of words in some scripts: removed only next to Chinese or Latin letters."""

STRAY_JOINER = re.compile(rf"(?<=[\w\s])[{JOINERS}]+|[{JOINERS}]+(?=[\w\s]|$)|^[{JOINERS}]+", re.MULTILINE)

PILED_MARKS = re.compile(r"([\u0300-\u036f]{3})[\u0300-\u036f]+")
"""More accents than any language puts on one letter; normalising a long run takes quadratic time."""

MARKS = frozenset(map(chr, range(0x300, 0x370)))
HARMLESS = frozenset(
    map(chr, (*range(0x20, 0x7F), *range(0x3001, 0x3030), *range(0x4E00, 0xA000), *range(0xFF01, 0xFF5F)))
)
"""Characters common in Chinese and English, which need no individual check."""

CONTROLS_AS_SIGNS = {
    control: sign
    for control in map(chr, range(0x80, 0xA0))
    if control != "\x85" and (sign := control.encode("latin-1").decode("cp1252", "ignore"))
}
"""C1 controls as windows-1252 characters, as browsers decode them; nobody writes the controls."""

FEW = 24
"""Up to so many distinct characters, single replacements are faster."""


def tidy_characters(text: str, alphabet: AbstractSet[str]) -> str:
    """Return `text` with plain spaces and without invisible characters. `alphabet` is the set of its characters."""
    if TWIN.search("".join(alphabet)):
        text = fold_twins(text)
    for space in alphabet & SPACES:
        text = text.replace(space, " ")
    for control in alphabet & CONTROLS_AS_SIGNS.keys():
        text = text.replace(control, CONTROLS_AS_SIGNS[control])
    unwanted = [c for c in alphabet - HARMLESS - SPACES if _is_unwanted(c)]
    if len(unwanted) > FEW:
        text = text.translate(dict.fromkeys(map(ord, unwanted)))
    else:
        for char in unwanted:
            text = text.replace(char, "")
    if not alphabet.isdisjoint(JOINERS):
        text = STRAY_JOINER.sub("", text)
    if not alphabet.isdisjoint(MARKS):
        text = unicodedata.normalize("NFC", PILED_MARKS.sub(r"\1", text))
    return text


def _is_unwanted(char: str) -> bool:
    """Return whether `char` is a control, format mark (bidi, zero width), surrogate, private or non-character.

    Unassigned characters are kept: Python's tables may predate new emoji and Han characters.
    """
    if char == "\n" or char in JOINERS:
        return False
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"} or char in "\ufffe\uffff"
