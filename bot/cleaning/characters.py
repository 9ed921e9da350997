"""Characters that no reader should get: invisible ones, controls, odd spaces. Leaves every visible one alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set as AbstractSet

from bot.text.normalise import TWIN, fold_twins

SPACES = frozenset("\t\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u202f\u205f\u2028\u2029\u3000\ue5e5") | frozenset(
    map(chr, range(0x2000, 0x200B))
)
"""Shown as one plain space. U+E5E5 is what GB18030 decoders make of a broken wide space."""

JOINERS = "\u200c\u200d"
"""Invisible, but part of an emoji or of a word in some scripts: dropped only beside Chinese or Latin letters."""

STRAY_JOINER = re.compile(rf"(?<=[\w\s])[{JOINERS}]+|[{JOINERS}]+(?=[\w\s]|$)|^[{JOINERS}]+", re.MULTILINE)

PILED_MARKS = re.compile(r"([\u0300-\u036f]{3})[\u0300-\u036f]+")
"""More accents than any language stacks on one letter; normalising a long pile takes quadratic time."""

MARKS = frozenset(map(chr, range(0x300, 0x370)))
HARMLESS = frozenset(
    map(chr, (*range(0x20, 0x7F), *range(0x3001, 0x3030), *range(0x4E00, 0xA000), *range(0xFF01, 0xFF5F)))
)
"""What most Chinese and English texts are written with: never unwanted, so not asked for one by one."""

CONTROLS_AS_SIGNS = {
    control: sign
    for control in map(chr, range(0x80, 0xA0))
    if control != "\x85" and (sign := control.encode("latin-1").decode("cp1252", "ignore"))
}
"""What a control of Latin-1 is in windows-1252, for which it was taken; nobody writes the control. As browsers read them."""

FEW = 24
"""Up to so many characters it is quicker to replace them one by one."""


def tidy_characters(text: str, alphabet: AbstractSet[str]) -> str:
    """`text` with plain spaces and ordinary characters, without invisible ones. `alphabet` is the set of its characters."""
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
    """Whether `char` is a control, a format mark (bidi, zero width), a lone surrogate, private or no character.

    Unassigned characters stay: Python's tables are older than the newest emoji and Han characters.
    """
    if char == "\n" or char in JOINERS:
        return False
    return unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co"} or char in "\ufffe\uffff"
