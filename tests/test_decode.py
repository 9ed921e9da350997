"""Bytes of unknown encoding become text, or are refused in one sentence."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.decode import UnreadableEncoding, decode

SIMPLIFIED = "面向2025年，算力规模快速提升，智能体应用随之增多。"
TRADITIONAL = "面向2025年，算力規模快速提升，智慧應用隨之增多。"
ENGLISH = "The demand for computing power grows in 2025."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "utf-8-sig"),
        (SIMPLIFIED, "utf-16"),
        (SIMPLIFIED, "utf-16-le"),
        (SIMPLIFIED, "utf-16-be"),
        (ENGLISH, "utf-16-le"),
        (ENGLISH, "utf-16-be"),
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "gbk"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "big5"),
        ("算力", "gb18030"),
        ("算力規模", "big5"),
        ("", "utf-8"),
    ],
)
def test_text_is_read_in_the_encoding_it_was_written_in(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_mark_decides_and_is_not_part_of_the_text() -> None:
    assert decode(codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be")) == SIMPLIFIED


def test_a_cut_end_costs_one_character_only() -> None:
    assert decode(SIMPLIFIED.encode()[:-1]).rstrip("\ufffd") == SIMPLIFIED[:-1]
    assert decode((SIMPLIFIED * 9).encode("gb18030")[:-1]).startswith(SIMPLIFIED * 8)


@pytest.mark.parametrize(
    "raw",
    [
        b"abc\0def",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 8,
        bytes(range(1, 32)) * 20,
        b"\xff\xfe\x00\x00\x01\x00",
    ],
)
def test_binary_data_is_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(UnreadableEncoding) as refused:
        decode(raw)
    assert refused.value.problem.name in {"binary", "not_text", "broken_text"}


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(raw: bytes) -> None:
    try:
        text = decode(raw)
    except UnreadableEncoding:
        return
    assert "\0" not in text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff", exclude_categories=["Cc"])))
def test_any_text_survives_utf8(text: str) -> None:
    assert decode(text.encode()) == text
