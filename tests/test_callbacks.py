"""Callback data: encoded presses decode to themselves, other data decode to nothing, and all fit Telegram's limit."""

from __future__ import annotations

import random
import re
from typing import ClassVar, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.pages import OpenTopic
from bot.dialogue.registry import BUTTONS, KINDS, decode_press
from bot.library.glossary import Glossary
from bot.messages import Press, Rights
from bot.models import Language
from bot.rendering.callbacks import MAX_BYTES, decode, encode

LANGUAGES: tuple[Language, ...] = ("en", "zh")
VIEW = "aZ09aZ09aZ09"
WORDS = st.from_regex(r"\A[a-z0-9_-]{1,18}\Z")


def values_of(kind: type[Press]) -> list[st.SearchStrategy[object]]:
    """Return strategies for the fields that a type of button adds."""
    hints = get_type_hints(kind)
    own = [hints[name] for name in kind.__struct_fields__][2:]
    return [
        st.integers(0, 10**12 - 1)
        if hint is int
        else st.sampled_from(get_args(hint))
        if get_origin(hint) is Literal
        else WORDS
        for hint in own
    ]


PRESSES = st.sampled_from(sorted(BUTTONS, key=lambda kind: kind.code)).flatmap(
    lambda kind: st.builds(
        kind,
        st.from_regex(r"\A[0-9A-Za-z_-]{1,12}\Z"),
        st.sampled_from(LANGUAGES),
        *values_of(kind),
    )
)


@given(PRESSES)
def test_every_press_of_every_type_is_read_back(press: Press) -> None:
    data = encode(press)
    assert decode_press(data) == press
    assert len(data.encode()) <= MAX_BYTES == 64


def test_every_type_of_button_says_who_may_press_it() -> None:
    assert len(KINDS) == len(BUTTONS) > 30, "no two types share a code"
    for kind in BUTTONS:
        assert isinstance(kind.rights, Rights)
        assert kind.needs_view or kind.rights in {Rights.ADMIN, Rights.ANYONE, Rights.OPERATOR}, (
            "only a view tells who asked"
        )


def test_a_press_on_every_topic_fits(glossary: Glossary) -> None:
    for topic in glossary.topics:
        for language in LANGUAGES:
            assert len(encode(OpenTopic(VIEW, language, topic)).encode()) <= MAX_BYTES


# Data of buttons sent before buttons were typed values, with "v" and "s" as the ids of a view and a subscription.
SENT_BEFORE = (
    "first more figures sources c:1 c:24 s:9 h:49 tp:15 rp:125 t:compute lang:en lang:zh daily "
    "cap:24 cap:720 cap:off r:h24 r:me r:last r:t1795000000 rd:540 rd:off "
    "pp:main pp:zone pq:compute pr:0 pt:480 pd:127 pw:6 pz:asia:shanghai py:america:argentina:buenos_aires pl pn ps pc "
    "se:s sx:s sx:all:0 sp:s sg:s sg:all:77 su:s:1 dw:s dm:s:2 du:s dn:s"
).split()


@pytest.mark.parametrize("name", SENT_BEFORE)
def test_a_button_under_a_message_sent_before_is_still_understood(name: str) -> None:
    press = decode_press(f"1.{VIEW}.en.{name}")
    assert press is not None
    assert encode(press) == f"1.{VIEW}.en.{name}"


@pytest.mark.parametrize(
    "press",
    [
        OpenTopic("", "en", "x"),
        OpenTopic("a" * 17, "en", "x"),
        OpenTopic("a.b", "en", "x"),
        OpenTopic("a", "en", ""),
        OpenTopic("a", "en", "x" * 39),
        OpenTopic("a", "en", "X"),
        OpenTopic("a", "en", "算力"),
        OpenTopic("a", "fr", "x"),  # type: ignore[arg-type]  # No language of ours.
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
        "1.a.en.c",
        "1.a.en.c:01",
        "1.a.en.c:x",
        "1.a.en.pp:other",
        "1.a.en.dm:s",
        "1.a.en.pl:1",
        "\ud800",
    ],
)
def test_what_no_button_carries_is_nothing(data: str) -> None:
    assert decode_press(data) is None


@given(st.text())
def test_nothing_raises(data: str) -> None:
    press = decode_press(data)
    assert press is None or encode(press) == data


def test_mutated_data_are_nothing_or_exactly_what_they_say() -> None:
    """No two data mean the same press, so changed data are another press or none."""
    chance = random.Random(3)  # noqa: S311  # The same mutations each time.
    genuine = [f"1.{VIEW}.{language}.{name}" for language in LANGUAGES for name in SENT_BEFORE]
    characters = "aZ09._:-\0\n\u200b算é\ud800 \U0001f600"
    nothing = 0
    for _ in range(10_000):
        data = list(chance.choice(genuine))
        for _ in range(chance.randint(1, 4)):
            index = chance.randrange(len(data) + 1)
            match chance.randrange(3):
                case 0:
                    data[index : index + 1] = [chance.choice(characters)]
                case 1:
                    data[index:index] = [chance.choice(characters)] * chance.choice([1, 1, 60])
                case _:
                    del data[index : index + chance.randint(1, 3)]
        mutated = "".join(data)
        press = decode_press(mutated)
        nothing += press is None
        assert press is None or encode(press) == mutated
        assert press is None or re.fullmatch(r"[\x21-\x7e]+", mutated)
    assert nothing > 3_000


class Rated(Press, frozen=True):
    """A type of button that only this test has."""

    stars: Literal["one", "two"]
    place: int
    note: str

    code: ClassVar[str] = "rate"


def test_fields_are_read_by_their_types_and_the_last_may_hold_colons() -> None:
    press = Rated("v", "zh", "two", 7, "a:b")
    assert encode(press) == "1.v.zh.rate:two:7:a:b"
    assert decode("1.v.zh.rate:two:7:a:b", {"rate": Rated}) == press
    for wrong in ("rate:three:7:a", "rate:two:x:a", "rate:two:7", "rate", "other:two:7:a"):
        assert decode(f"1.v.zh.{wrong}", {"rate": Rated}) is None
