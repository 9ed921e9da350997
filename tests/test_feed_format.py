"""A feed is a file of many documents: every entry with its day, whatever its software did to bytes, labels and dates."""

from __future__ import annotations

import json
import os
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import feedparser
import pytest
from library_kit import in_words

from bot.intake.box.box import Box
from bot.intake.formats.feed import Feed, read_feed
from bot.intake.readers import IN_PROCESS, read_documents
from bot.models import Document
from bot.text.unreadable import Unreadable

TODAY = date(2026, 11, 28)
BODY = "Liquid cooling cut the power bill of the new hall by 18% in its first year, the operator said."
HAN = "算力需求在过去一年里继续增长，多家机构上调了预测，运营商表示今年还会追加投入。"


def rss(*items: str, encoding: str = "utf-8", title: str = "算力周报") -> bytes:
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    text = f'{head}<rss version="2.0"><channel><title>{title}</title><link>https://example.com/</link>{"".join(items)}</channel></rss>'
    return text.encode(encoding)


def item(number: int = 1, text: str = HAN, day: str = "Mon, 23 Nov 2026 08:00:00 +0800") -> str:
    return (
        f"<item><title>第{number}条</title><link>https://example.com/{number}</link><guid>https://example.com/{number}</guid>"
        f"<pubDate>{day}</pubDate><description><![CDATA[<p>{text}</p>]]></description></item>"
    )


def documents(raw: bytes, name: str = "feed.xml") -> list[Document]:
    return list(read_documents(name, raw, today=TODAY))


def test_every_entry_is_a_document_the_oldest_first() -> None:
    first, second = documents(rss(item(2, BODY), item(1)))
    assert (first.title, first.url, first.source_key) == (
        "第1条",
        "https://example.com/1",
        "https://example.com/1",
    )
    assert (first.text, first.publisher, first.published) == (HAN, "算力周报", date(2026, 11, 23))
    assert second.text == BODY


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026年11月23日 08:00", date(2026, 11, 23)),
        ("2026/11/23 08:00", date(2026, 11, 23)),
        ("2026.11.23", date(2026, 11, 23)),
        ("Sat, 3 Oct 2026 12:53:46", date(2026, 10, 3)),
        ("1795392000", date(2026, 11, 23)),
        ("2027-11-23", None),
        ("1970-01-01T00:00:00Z", None),
        ("soon", None),
    ],
)
def test_its_days_are_read_as_they_are_written(written: str, day: date | None) -> None:
    (document,) = documents(rss(item(day=written)))
    assert document.published == day


def test_one_broken_byte_costs_one_character() -> None:
    raw = rss(item()).replace("增长".encode(), "增长".encode() + b"\xff")
    (document,) = documents(raw)
    assert "算力需求在过去一年里继续增长" in document.text
    assert "多家机构上调了预测" in document.text


def test_gb2312_holds_the_characters_of_its_successors() -> None:
    raw = rss(item(text=f"朱镕基{HAN}"), encoding="gbk").replace(b'"gbk"', b'"gb2312"')
    assert "朱镕基" in documents(raw)[0].text


def test_json_feeds_are_read_too() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Weekly",
        "items": [
            {
                "id": "1",
                "url": "https://example.com/1",
                "title": "One",
                "content_html": f"<p>{BODY}</p>",
                "date_published": "2026-11-23T08:00:00Z",
            }
        ],
    }
    (document,) = documents(json.dumps(feed).encode(), "feed.json")
    assert (document.title, document.text, document.published) == ("One", BODY, date(2026, 11, 23))


@pytest.mark.parametrize(
    "before", ["", "\ufeff", "\n<!-- made by a program -->\n<?xml-stylesheet href='a.xsl'?>\n"]
)
@pytest.mark.parametrize("name", ["feed", "feed.html", "feed.txt"])
def test_first_bytes_tell_it_and_not_its_name(name: str, before: str) -> None:
    raw = rss(item()).decode()
    head, _, rest = raw.partition("?>")
    assert documents(
        f"{head}?>{before}{rest}".encode() if before != "\ufeff" else f"{before}{raw}".encode(), name
    )


def test_an_entry_that_says_nothing_costs_no_other_and_alone_is_said_to_be_none() -> None:
    silent = "<item><guid>https://example.com/7</guid></item>"
    assert [one.title for one in documents(rss(item(2), silent, item(1)))] == ["第1条", "第2条"]
    with pytest.raises(Unreadable) as refused:
        documents(rss(silent))
    assert in_words(refused.value.problem) == "The feed has no entry with a title or a text."


def test_an_entry_that_cannot_be_read_is_named_after_all_others() -> None:
    read = read_documents("feed.xml", rss(item(3), item(2, "锟斤拷" * 400), item(1)), today=TODAY)
    assert [next(read).title, next(read).title] == ["第1条", "第3条"]
    with pytest.raises(Unreadable):
        next(read)


def test_what_is_none_is_refused_in_words() -> None:
    with pytest.raises(Unreadable) as refused:
        documents(b"<?xml version='1.0'?><note>hello</note>")
    assert in_words(refused.value.problem).endswith(".")


@pytest.fixture
def box() -> Iterator[Box]:
    box = Box()
    yield box
    box.close()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
BOMBS = {
    "entities": f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]><rss version="2.0"><channel><title>&l11;</title>',
    "one entity": f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]><rss version="2.0"><channel><title>{"&a;" * 50_000}',
    "depth": '<rss version="2.0"><channel>' + "<item>" * 200_000,
    "attributes": f'<rss version="2.0" {" ".join(f"a{n}=1" for n in range(200_000))}><channel>',
    "one letter": "<" * (1 << 20),
    "spaces": '<rss version="2.0"><channel><title>' + " " * (4 << 20),
    "files": '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>&a;</title></channel></rss>',
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_a_feed_without_it_or_no_feed_within_30_seconds(bomb: str, box: Box) -> None:
    began = time.monotonic()
    outcome = box.feed(BOMBS[bomb].encode(), "")
    assert time.monotonic() - began < 30
    if isinstance(outcome, Unreadable):
        assert in_words(outcome.problem).endswith(".")
    else:
        assert len(outcome.title) <= 2_000
        assert "root:" not in outcome.title
    assert isinstance(box.feed(rss(item()), ""), Feed)


def test_the_public_suites_give_as_many_entries_in_the_box_as_feedparser_finds(box: Box) -> None:
    """Reads every eighth file; tests/bench/feeds.py reads all of them."""
    if "TRENDBOT_SHARED" not in os.environ:
        pytest.skip("TRENDBOT_SHARED names no folder of public test sets")
    fewer = []
    for suite in (Path(os.environ["TRENDBOT_SHARED"]) / "data" / "feeds").glob("feed*.zip"):
        with zipfile.ZipFile(suite) as archive:
            names = [name for name in sorted(archive.namelist()) if name.endswith((".xml", ".json"))]
            for name in names[::8]:
                raw = archive.read(name)
                outcome = box.feed(raw, "")
                ours = 0 if isinstance(outcome, Unreadable) else len(outcome.entries)
                if ours < len(
                    feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False).entries
                ):
                    fewer.append(name)
                assert isinstance(outcome, Feed) == isinstance(IN_PROCESS.feed(raw, ""), Feed), name
    assert fewer == []


def test_it_is_the_same_feed_in_the_box_and_outside(box: Box) -> None:
    raw = rss(item(1), item(2, BODY))
    assert box.feed(raw, "utf-8") == read_feed(raw, "utf-8")
