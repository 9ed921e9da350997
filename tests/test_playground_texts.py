"""The local Telegram parses HTML, cleans texts and marks entities as Telegram's server does."""

from __future__ import annotations

import pytest

from bot.playground.cleaning import clean, trimmed, units
from bot.playground.content import found_entities, read_text
from bot.playground.markup import parse


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>a</b> &lt;&gt;&amp;&quot;&#34;&#x27;&#39; &", "a <>&\"\"'' &"),
        ('<a href="https://x.org/?a=1&amp;b">x</a>', "x"),
        ("<BLOCKQUOTE expandable>x<b>y</b></blockquote>", "xy"),
        ('<pre><code class="language-py">x</code></pre>', "x"),
        ('<span class="tg-spoiler">x</span><tg-spoiler>y</>', "xy"),
        ("&lt &#60 a > b", "< < a > b"),
    ],
)
def test_html_that_telegram_reads(markup: str, text: str) -> None:
    assert parse(markup).text == text
    assert parse(markup).lost == ()


@pytest.mark.parametrize(
    "markup",
    [
        "a&nbsp;b",
        "&mdash;",
        '<a href="javascript:x">y</a>',
        "<a>y</a>",
        "<b><code>x</code></b>",
        "<code>x<b>y</b></code>",
        "<blockquote>x<blockquote>y</blockquote></blockquote>",
        '<a href="https://x.org">x<a href="https://y.org">y</a></a>',
        "<b>x</b>" * 101,
    ],
)
def test_markup_that_telegram_drops_without_an_error(markup: str) -> None:
    assert len(parse(markup).lost) == 1


def test_entities_count_in_utf_16_units_and_the_outer_comes_first() -> None:
    parsed = parse('😀<b>算<i>力</i></b><a href="https://x.org/?a=1&amp;b=2">x</a><b></b>')
    assert parsed.text == "😀算力x"
    assert parsed.entities == (
        {"type": "bold", "offset": 2, "length": 2},
        {"type": "italic", "offset": 3, "length": 1},
        {"type": "text_link", "offset": 4, "length": 1, "url": "https://x.org/?a=1&b=2"},
    )


@pytest.mark.parametrize(
    ("markup", "entity"),
    [
        ("<blockquote expandable>x</blockquote>", {"type": "expandable_blockquote"}),
        ('<pre><code class="language-py">x</code></pre>', {"type": "pre", "language": "py"}),
        ("<pre>x</pre>", {"type": "pre"}),
        ('<tg-emoji emoji-id="5">x</tg-emoji>', {"type": "custom_emoji", "custom_emoji_id": "5"}),
        ('<tg-time unix="1700000000">x</tg-time>', {"type": "date_time", "unix_time": 1_700_000_000}),
        (
            '<a href="tg://user?id=7">x</a>',
            {"type": "text_mention", "user": {"id": 7, "is_bot": False, "first_name": ""}},
        ),
    ],
)
def test_entities_that_carry_something(markup: str, entity: dict[str, object]) -> None:
    assert parse(markup).entities == ({"offset": 0, "length": 1} | entity,)


def test_no_more_than_a_hundred_entities_are_kept() -> None:
    assert len(parse("<b>x</b>" * 101).entities) == 100


def test_dirty_text_is_cleaned_before_it_is_counted() -> None:
    assert clean("a\tb\r\nc\u2028d\u202ee\x00f") == "a b\ncde f"
    assert clean("plain 算力\n") == "plain 算力\n"
    lost: list[str] = []
    text, entities = read_text({"text": " \n\r<b> \ta</b>b ", "parse_mode": "html"}, lost)
    assert (text, entities) == ("ab", [{"type": "bold", "offset": 0, "length": 1}])
    assert lost == []


def test_entities_move_with_what_is_trimmed() -> None:
    entities = [{"type": "bold", "offset": 0, "length": 2}, {"type": "code", "offset": 4, "length": 3}]
    assert trimmed("  ab c ", entities) == ("ab c", [{"type": "code", "offset": 2, "length": 2}])


def test_lengths_are_utf_16_units_after_the_tags() -> None:
    assert units("算😀") == 3
    longest = "😀" * 2048
    assert read_text({"text": f"<b>{longest}</b>", "parse_mode": "HTML"}, [])[0] == longest


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/trend@bot_name x", {"bot_command": "/trend@bot_name"}),
        ("see /help, please", {"bot_command": "/help"}),
        ("a/b c/help/d", {}),
        ("ask @linlan today", {"mention": "@linlan"}),
        ("a@b.org", {}),
        ("read https://x.org/a_(b)?c=d. Then", {"url": "https://x.org/a_(b)?c=d"}),
        ("读 https://x.org/a，再说", {"url": "https://x.org/a"}),
        ("#算力 grows, #1 does not", {"hashtag": "#算力"}),
    ],
)
def test_telegram_finds_these_by_itself(text: str, found: dict[str, str]) -> None:
    raw = text.encode("utf-16-le")
    entities = {
        e["type"]: raw[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le")
        for e in found_entities(text)
    }
    assert entities == found
