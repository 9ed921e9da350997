"""Numbers in Chinese numerals mean what they say, however they are written."""

from __future__ import annotations

import pytest

from bot.text.han_numbers import han_value, small_number

DIGITS = "零一二三四五六七八九"


def by_place(number: int) -> str:
    """Return `number`, from 1 to 999, as it is spoken: 105 is 一百零五."""
    hundreds, below = divmod(number, 100)
    tens, ones = divmod(below, 10)
    said = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += f"{DIGITS[tens] if tens > 1 or hundreds else ''}十"
    elif hundreds and ones:
        said += "零"
    return said + (DIGITS[ones] if ones else "")


@pytest.mark.parametrize(
    "formal", [str.maketrans({}), str.maketrans("一二三四五六七八九十", "壹贰叁肆伍陆柒捌玖拾")]
)
def test_every_number_below_a_thousand_is_read_by_place(formal: dict[int, int]) -> None:
    said = {number: by_place(number).translate(formal) for number in range(1, 1000)}
    assert {number: small_number(text) for number, text in said.items()} == {n: n for n in said}


def test_the_two_readings_agree_on_what_both_read() -> None:
    said = [by_place(number) for number in range(1, 1000)]
    assert [han_value(text) for text in said] == [str(small_number(text)) for text in said]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("廿四", 24), ("卅", 30), ("卅一", 31), ("一一四", 114), ("二〇二五", 2025), ("二0二五", 2025), ("04", 4),
        ("百零三", 103), ("零五", 5), ("两百", 200), ("0", 0),
    ],
)  # fmt: skip
def test_short_and_old_forms_are_read(text: str, number: int) -> None:
    assert small_number(text) == number


@pytest.mark.parametrize("text", ["", "几", "十十", "半", "三点", "twelve", "一万", "-1", "1.5"])
def test_what_is_no_small_number_is_refused(text: str) -> None:
    assert small_number(text) is None
