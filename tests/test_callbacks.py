"""Callback data: what is written is read back, what was not written is nothing, and it always fits."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.library.glossary import Glossary
from bot.models import Language, Press
from bot.rendering.callbacks import MAX_BYTES, decode, encode

LANGUAGES: tuple[Language, ...] = ("en", "zh")
VIEW = "aZ09aZ09aZ09"
NAMES = (
    "first",
    "more",
    "figures",
    "sources",
    "c:1",
    "c:24",
    "h:49",
    "s:9",
    "tp:15",
    "rp:125",
    "lang:en",
    "t:compute",
)
PRESSES = st.builds(
    Press,
    st.from_regex(r"\A[0-9A-Za-z_-]{1,16}\Z"),
    st.sampled_from(LANGUAGES),
    st.from_regex(r"\A[a-z0-9:_-]{1,40}\Z"),
)


@given(PRESSES)
def test_every_press_is_read_back(press: Press) -> None:
    data = encode(press)
    assert decode(data) == press
    assert len(data.encode()) <= MAX_BYTES == 64


def test_a_press_on_every_topic_fits(glossary: Glossary) -> None:
    for topic in glossary.topics:
        for language in LANGUAGES:
            assert len(encode(Press(VIEW, language, f"t:{topic}")).encode()) <= MAX_BYTES


@pytest.mark.parametrize(
    "press",
    [
        Press("", "en", "first"),
        Press("a" * 17, "en", "first"),
        Press("a.b", "en", "first"),
        Press("a", "en", ""),
        Press("a", "en", "t:" + "x" * 39),
        Press("a", "en", "T:x"),
        Press("a", "en", "t:算力"),
        Press("a", "fr", "first"),  # type: ignore[arg-type]
    ],
)
def test_a_press_that_could_not_be_read_back_is_refused(press: Press) -> None:
    with pytest.raises(ValueError, match="does not fit into callback data"):
        encode(press)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "1",
        "1...",
        "2.a.en.first",
        "1.a.en.first\n",
        " 1.a.en.first",
        "1.a.de.first",
        "1.a.en.é",
        "\ud800",
    ],
)
def test_what_this_version_did_not_write_is_nothing(data: str) -> None:
    assert decode(data) is None


@given(st.text())
def test_nothing_raises(data: str) -> None:
    press = decode(data)
    assert press is None or encode(press) == data


def test_mutated_data_are_nothing_or_exactly_what_they_say() -> None:
    """Two data never mean the same press, so a changed byte is another claim or none."""
    chance = random.Random(3)  # noqa: S311  # the same mutations each time
    genuine = [encode(Press(VIEW, language, name)) for language in LANGUAGES for name in NAMES]
    characters = "aZ09._:-\0\n\u200b算é\ud800 \U0001f600"
    nothing = 0
    for _ in range(10_000):
        data = list(chance.choice(genuine))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data) + 1)
            match chance.randrange(3):
                case 0:
                    data[at : at + 1] = [chance.choice(characters)]
                case 1:
                    data[at:at] = [chance.choice(characters)] * chance.choice([1, 1, 60])
                case _:
                    del data[at : at + chance.randint(1, 3)]
        mutated = "".join(data)
        press = decode(mutated)
        nothing += press is None
        assert press is None or encode(press) == mutated
        assert press is None or re.fullmatch(r"[\x21-\x7e]+", mutated)
    assert nothing > 3_000
