"""Sources: a feed, a page and a folder are read as they change, when they are due, whatever their servers do."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from bench.feed_kills import measure
from feed_kit import START, Post, Reader, rss
from library_kit import NOW, Shelf, editions, in_words
from msgspec.structs import replace
from web_kit import Asked, Canary, Web, packed

from bot.intake.fetch.addresses import FetchPolicy, NotFetched
from bot.intake.fetch.client import Answer, Fetcher
from bot.intake.formats.feed import read_feed
from bot.intake.sources import outcome
from bot.intake.sources.check import Check
from bot.intake.sources.due import DueSources
from bot.intake.sources.outcome import LONGEST, SHORTEST, USUAL, next_check, next_try, spacing_of
from bot.library.glossary import Glossary
from bot.state.sources import Source, source_id
from bot.text.segment import Segmenter
from bot.text.unreadable import Unreadable

HOUR, DAY = 3_600, 86_400


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


@pytest.fixture
def reader(tmp_path: Path, glossary: Glossary, segmenter: Segmenter, web: Web) -> Iterator[Reader]:
    shelf = Shelf(tmp_path / "shelf", glossary, segmenter)
    yield Reader(shelf, web)
    shelf.close()


# -- when --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gaps", "spacing"),
    [
        *(([HOUR], HOUR // 2), ([4 * HOUR, 2 * HOUR, 9 * HOUR], HOUR), ([5 * 60], SHORTEST)),
        *(([30 * DAY], LONGEST), ([0, 0, 2 * HOUR], HOUR), ([], USUAL), ([20, 20, 6 * HOUR], 3 * HOUR)),
    ],
)
def test_a_feed_is_read_at_half_the_smallest_gap_between_its_posts(gaps: list[int], spacing: int) -> None:
    posts = [START - total for total in accumulate(gaps, initial=0)]
    assert spacing_of(posts) == spacing


def test_what_a_server_promises_to_keep_is_not_asked_for_sooner() -> None:
    assert spacing_of([START, START - HOUR], max_age=2 * HOUR) == 2 * HOUR
    assert spacing_of([], max_age=30 * DAY) == LONGEST


def test_checks_are_spread_by_a_tenth() -> None:
    assert next_check(0, 1_000, 0.0) == 900
    assert next_check(0, 1_000, 0.5) == 1_000
    assert next_check(0, 1_000, 1.0) == 1_100


def test_each_failure_doubles_the_wait_up_to_a_day_and_a_server_is_not_asked_before_it_said() -> None:
    waits = [next_try(0, HOUR, failures, None, 0.5) for failures in range(1, 8)]
    assert waits == [2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY, DAY, DAY]
    assert next_try(0, HOUR, 1, 3 * DAY, 0.5) == 3 * DAY
    assert next_try(0, HOUR, 1, 5, 0.5) == 2 * HOUR


def test_a_source_moves_after_three_equal_permanent_redirects() -> None:
    source = Source("a", "feed", "https://old.example/feed")
    here, there = (Answer("", b"", moved_to=f"https://{name}.example/feed") for name in ("new", "other"))
    for answer, address in ((here, "old"), (here, "old"), (there, "old"), (here, "old"), (here, "old")):
        source = outcome.unchanged(source, answer, START, 0.5)
        assert source.address == f"https://{address}.example/feed"
    assert outcome.unchanged(source, here, START, 0.5).address == "https://new.example/feed"
    assert outcome.unchanged(source, Answer("", b""), START, 0.5).moves == 0


def test_gone_retires_a_source_and_nothing_else_does() -> None:
    source = Source("a", "feed", "https://example.com/feed")
    assert outcome.failed(source, NotFetched("fetch_gone", status=410), START, 0.5).state == "retired"
    assert outcome.failed(source, NotFetched("fetch_status", 404, status=404), START, 0.5).state == "active"


# -- feeds -------------------------------------------------------------------------------------------------


def test_the_posts_of_a_feed_become_reports_with_its_name_their_days_and_their_links(
    reader: Reader, web: Web
) -> None:
    source = reader.add(web.serve("/feed", rss(Post("Cooling pays"), Post("Chips cost less"))))
    assert reader.read(source).added == 2
    (report,) = [
        report
        for report in reader.shelf.library.reports(reader.shelf.library.report_ids()).values()
        if report.editions[0].title == "Cooling pays"
    ]
    assert report.published == (NOW - timedelta(days=2)).date()
    assert report.url == "https://example.com/Cooling-pays"
    assert report.editions[0].publisher == "Compute News"
    kept = reader.now(source)
    assert (kept.title, kept.reports, kept.problem, kept.succeeded) == ("Compute News", 2, None, START)


def test_an_unchanged_feed_is_not_sent_again_and_its_validators_go_back_verbatim(
    reader: Reader, web: Web
) -> None:
    def conditional(asked: Asked) -> None:
        known = asked.headers.get("If-None-Match") == 'W/"1"'
        asked.say(304 if known else 200, b"" if known else rss(Post("Cooling pays")), ETag='W/"1"')

    web.answers["/feed"] = conditional
    source = reader.add(web.url("/feed"))
    reader.read(source)
    assert reader.read(source, START + HOUR).added == 0
    assert reader.now(source).etag == 'W/"1"'
    assert reader.now(source).succeeded == START + HOUR


def test_validators_that_change_at_each_answer_cost_no_second_reading(reader: Reader, web: Web) -> None:
    web.answers["/feed"] = lambda asked: asked.say(
        200, rss(Post("Cooling pays")), ETag=f'"{len(web.requests)}"'
    )
    source = reader.add(web.url("/feed"))
    reader.read(source)
    originals = len(list((reader.shelf.folder / "sources").iterdir()))
    assert reader.read(source).changed == 0
    assert len(list((reader.shelf.folder / "sources").iterdir())) == originals


def test_a_post_that_was_corrected_takes_the_place_of_the_earlier_one(reader: Reader, web: Web) -> None:
    source = reader.add(web.serve("/feed", rss(Post("Cooling pays", guid="7"))))
    reader.read(source)
    web.serve("/feed", rss(Post("Cooling pays twice", guid="7", link="https://example.com/moved")))
    assert (reader.read(source).changed, reader.titles()) == (1, ["Cooling pays twice"])


def test_a_post_that_was_corrected_before_a_crash_and_is_as_it_was_after_it_is_ingested_again(
    reader: Reader, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """What no code catches."""

    def killed(*_: object) -> None:
        raise Killed

    first, corrected = rss(Post("Cooling pays", guid="7")), rss(Post("Cooling pays twice", guid="7"))
    source = reader.add(web.serve("/feed", first))
    reader.read(source)
    web.serve("/feed", corrected)
    with monkeypatch.context() as crash:
        crash.setattr(Check, "_recorded", killed)
        with pytest.raises(Killed):
            reader.read(source)
    assert reader.titles() == ["Cooling pays twice"]
    web.serve("/feed", first)
    assert (reader.read(source).changed, reader.titles()) == (1, ["Cooling pays"])


def test_equal_numbers_of_two_feeds_are_two_posts(reader: Reader, web: Web) -> None:
    for path in ("/a", "/b"):
        reader.read(reader.add(web.serve(path, rss(Post(f"News of {path[1]}", guid="1")))))
    assert reader.titles() == ["News of a", "News of b"]


def test_a_feed_that_moves_keeps_its_posts(reader: Reader, web: Web) -> None:
    source = reader.add(web.serve("/old", rss(Post("Cooling pays", guid="7"))))
    reader.read(source)
    web.answers["/old"] = lambda asked: asked.say(301, Location="/new")
    web.serve("/new", rss(Post("Cooling pays", guid="7")))
    for _ in range(3):
        reader.read(source)
    assert reader.now(source).address == web.url("/new")
    web.serve("/new", rss(Post("Cooling pays twice", guid="7")))
    assert (reader.read(source).changed, reader.titles()) == (1, ["Cooling pays twice"])


def test_markup_of_titles_is_not_shown_and_links_may_be_relative(reader: Reader, web: Web) -> None:
    reader.read(
        reader.add(web.serve("/feed", rss(Post("A &lt;b&gt;bold&lt;/b&gt; claim, 1 &lt; 2", link="/news/1"))))
    )
    (report,) = reader.shelf.library.reports(reader.shelf.library.report_ids()).values()
    assert (report.editions[0].title, report.url) == ("A bold claim, 1 < 2", "https://example.com/news/1")


def test_nothing_that_a_post_points_to_is_fetched(reader: Reader, web: Web) -> None:
    with Canary() as canary:
        inside = f"http://127.0.0.1:{canary.port}/"
        post = Post(
            "Cooling pays",
            f"<img src='{inside}a.png'/><iframe src='{inside}b'></iframe> Cooling saved the plant 12% of its power.",
            link=f"{inside}c",
            more=f'<enclosure url="{inside}d.mp3" type="audio/mpeg" length="1"/><comments>{inside}e</comments>',
        )
        assert reader.read(reader.add(web.serve("/feed", rss(post)))).added == 1
        assert canary.touched == 0
        assert len(web.requests) == 1


def test_only_what_is_new_is_kept_as_an_original_and_a_rebuild_has_all(
    reader: Reader, web: Web, tmp_path: Path
) -> None:
    posts = [Post(f"News {number}") for number in range(20)]
    source = reader.add(web.serve("/feed", rss(*posts)))
    reader.read(source)
    web.serve("/feed", rss(Post("News 20"), *posts))
    reader.read(source)
    sizes = sorted(path.stat().st_size for path in (reader.shelf.folder / "sources").iterdir())
    assert len(sizes) == 2
    assert sizes[0] < sizes[1] / 10
    before = sorted(editions(reader.shelf.library))
    (tmp_path / "seeds").mkdir()
    list(reader.shelf.ingest.rebuild(tmp_path / "seeds", START, {}))
    assert sorted(editions(reader.shelf.library)) == before
    assert len(before) == 21


def test_one_bad_byte_in_a_chinese_feed_costs_one_character(reader: Reader, web: Web) -> None:
    text = "智算中心的液冷改造让整机房的用电下降了一成二，今年还会继续推进。"
    raw = rss(Post("液冷省电", text * 3), title="算力日报").replace(
        "继续".encode(), b"\xff" + "继续".encode(), 1
    )
    reader.read(reader.add(web.serve("/feed", raw)))
    ((_, language, stored),) = editions(reader.shelf.library)
    assert language == "zh"
    assert "智算中心的液冷改造" in stored


@pytest.mark.parametrize(
    ("written", "day"),
    [
        *(("2026年11月3日 08:00", "2026-11-03"), ("2026/11/03 08:00", "2026-11-03")),
        *(("2026.11.03", "2026-11-03"), ("1793635200", "2026-11-03")),
        ("Sat, 3 Oct 2026 12:53:46", "2026-10-03"),
    ],
)
def test_days_of_a_chinese_feed_are_read_as_they_are_written(
    written: str, day: str, reader: Reader, web: Web
) -> None:
    raw = rss(Post("液冷省电", "智算中心的液冷改造让用电下降了一成二。" * 5), title="算力日报")
    raw = raw.replace(format_datetime(NOW - timedelta(days=2)).encode(), written.encode())
    reader.read(reader.add(web.serve("/feed", raw)))
    (report,) = reader.shelf.library.reports(reader.shelf.library.report_ids()).values()
    assert str(report.published) == day


def test_a_json_feed_is_a_feed(reader: Reader, web: Web) -> None:
    values = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Compute News",
        "items": [
            {"id": "1", "url": "https://example.com/1", "title": "Cooling", "content_html": "<p>It pays.</p>"}
        ],
    }
    raw = json.dumps(values).encode()
    reader.read(reader.add(web.serve("/feed.json", raw, Content_Type="application/feed+json")))
    assert reader.titles() == ["Cooling"]


@pytest.mark.parametrize("raw", [b"<html><body>Sign in</body></html>", b"", b"{}", b"\x00\x01", b"[1]"])
def test_what_is_no_feed_is_said_and_tried_again_later(raw: bytes, reader: Reader, web: Web) -> None:
    source = reader.add(web.serve("/feed", raw))
    reader.read(source)
    kept = reader.now(source)
    assert kept.problem is not None
    assert in_words(kept.problem) == "There is no feed at this address."
    assert (kept.failures, kept.next_check) == (1, START + 2 * SHORTEST)
    with pytest.raises(Unreadable):
        read_feed(raw)


def test_a_feed_that_fails_keeps_what_it_has_given_and_recovers(reader: Reader, web: Web) -> None:
    source = reader.add(web.serve("/feed", rss(Post("Cooling pays"))))
    reader.read(source)
    for status in (500, 503, 429):
        web.serve("/feed", b"", status, Retry_After=str(3 * DAY))
        reader.read(source)
    kept = reader.now(source)
    assert kept.failures == 3
    assert kept.next_check == START + 3 * DAY
    web.serve("/feed", rss(Post("Cooling pays"), Post("Chips cost less")))
    assert reader.read(source).added == 1
    assert (reader.now(source).failures, reader.now(source).problem) == (0, None)


def test_a_bomb_and_a_loop_are_failures_of_their_feed_alone(reader: Reader, web: Web) -> None:
    web.serve("/bomb", packed(b"<rss>" + b" " * (100 << 20)), Content_Encoding="gzip")
    web.answers["/loop"] = lambda asked: asked.say(301, Location="/loop")
    for path, name in (("/bomb", "fetch_too_large"), ("/loop", "fetch_redirects")):
        source = reader.add(web.url(path))
        reader.read(source)
        problem = reader.now(source).problem
        assert problem is not None
        assert problem.name == name


# -- pages and folders -------------------------------------------------------------------------------------

PAGE = (
    "<!doctype html><html><head><title>Liquid cooling pays</title></head><body><article><h1>Liquid cooling pays"
    "</h1>{}</article></body></html>"
)
BODY = (
    "<p>The plant saved twelve percent of its power with liquid cooling in the last year, its owner says.</p>"
    * 4
)


def test_a_page_is_read_when_it_changes_and_its_address_is_its_link(reader: Reader, web: Web) -> None:
    source = reader.add(web.serve("/page", PAGE.format(BODY).encode()), "page")
    assert reader.read(source).added == 1
    assert reader.read(source).changed == 0
    web.serve(
        "/page",
        PAGE.format(BODY + "<p>Next year it wants to save as much again, it adds today.</p>").encode(),
    )
    assert reader.read(source).changed == 1
    (report,) = reader.shelf.library.reports(reader.shelf.library.report_ids()).values()
    assert report.url == web.url("/page")


def test_a_page_in_the_encoding_that_only_its_server_names_is_read_right_also_in_a_rebuild(
    reader: Reader, web: Web, tmp_path: Path
) -> None:
    text = PAGE.format("<p>智算中心的液冷改造让整机房的用电下降了一成二。</p>" * 5)
    web.serve("/page", text.encode("gb18030"), Content_Type="text/html; charset=gb2312")
    reader.read(reader.add(web.url("/page"), "page"))
    before = sorted(editions(reader.shelf.library))
    assert "智算中心" in before[0][2]
    (tmp_path / "seeds").mkdir()
    list(reader.shelf.ingest.rebuild(tmp_path / "seeds", START, {}))
    assert sorted(editions(reader.shelf.library)) == before


def test_a_page_that_its_site_closes_to_programs_is_not_asked_for(reader: Reader, web: Web) -> None:
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /page\n")
    source = reader.add(web.serve("/page", PAGE.format(BODY).encode()), "page")
    reader.read(source)
    assert web.asked("/page") == 0
    problem = reader.now(source).problem
    assert problem is not None
    assert problem.name == "fetch_robots"


def test_a_folder_gives_what_is_new_in_it(reader: Reader, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text("Liquid cooling saved the plant 12% of its power.", "utf-8")
    source = reader.add(str(folder), "folder")
    assert (reader.read(source).added, reader.read(source).added) == (1, 0)
    (folder / "b.txt").write_text("Chips were cheaper this year than the year before.", "utf-8")
    assert reader.read(source).added == 1
    assert reader.now(source).reports == 2


# -- which are due -----------------------------------------------------------------------------------------


def test_only_active_sources_whose_time_has_come_are_due(reader: Reader) -> None:
    sources = reader.shelf.state.sources
    changes: dict[str, dict[str, Any]] = {
        "late": {"next_check": START - 5},
        "now": {"next_check": START},
        "later": {"next_check": START + 1},
        "paused": {"state": "paused"},
        "channel": {"kind": "channel", "chat_id": -5},
    }
    for name, change in changes.items():
        sources.add(replace(Source(name, "feed", f"https://{name}.example/"), **change))
    assert [source.id for source in sources.due(START, 10)] == ["late", "now"]


def test_a_choice_that_was_made_during_a_check_stays(reader: Reader, web: Web) -> None:
    source = reader.add(web.serve("/feed", rss(Post("Cooling pays"))))
    before = reader.now(source)
    reader.shelf.state.sources.set_state(source.id, "paused", START)
    asyncio.run(reader.check.run(before, START))
    assert reader.now(source).state == "paused"
    assert reader.now(source).reports == 1


def test_a_source_that_was_removed_and_added_again_still_has_its_reports(reader: Reader, web: Web) -> None:
    address = web.serve("/feed", rss(Post("Cooling pays"), Post("Chips cost less")))
    reader.read(reader.add(address))
    reader.shelf.state.sources.remove(source_id(address))
    again = reader.add(address)
    assert (reader.read(again).added, reader.now(again).reports) == (0, 2)
    web.serve("/feed", rss(Post("Cooling pays"), Post("Chips cost less"), Post("Power is short")))
    reader.read(again, START + HOUR)
    assert reader.now(again).reports == 3


def test_a_slow_feed_delays_no_other_and_one_host_is_asked_once_at_a_time(reader: Reader) -> None:
    """Four sources are read at once: the slow one occupies only its own place."""
    with Web() as slow, Web() as quick:
        open_now, most = [0], [0]

        def hold(asked: Asked) -> None:
            open_now[0] += 1
            most[0] = max(most[0], open_now[0])
            time.sleep(0.6)
            open_now[0] -= 1
            asked.say(200, rss(Post(f"Slow {asked.path[1:]}")))

        for path in ("/a", "/b"):
            slow.answers[path] = hold
            reader.add(slow.url(path).replace("127.0.0.1", "localhost"))
        for number in range(6):
            reader.add(quick.serve(f"/{number}", rss(Post(f"Quick {number}"))))
        allowed = frozenset({("127.0.0.1", quick.port), ("localhost", slow.port)})
        check = Check(Fetcher(FetchPolicy(allowed)), reader.shelf.ingest, reader.shelf.state, lambda: 0.5)
        due = DueSources(check, reader.shelf.state, lambda: datetime.fromtimestamp(START, UTC))
        began = time.monotonic()
        due.start_due(NOW)
        quick_done = 0.0
        while time.monotonic() - began < 20 and len(reader.titles()) < 8:
            if not quick_done and sum(title.startswith("Quick") for title in reader.titles()) == 6:
                quick_done = time.monotonic() - began
            time.sleep(0.02)
        due.stop(5)
        assert len(reader.titles()) == 8
        assert most[0] == 1
        assert quick_done
        assert len([title for title in reader.titles() if title.startswith("Slow")]) == 2


def test_kills_while_feeds_are_read_lose_no_post_and_keep_none_twice() -> None:
    figures = measure(6, 3)
    assert figures.while_reading > 0, "the kills hit nothing"
    assert (figures.missing, figures.twice, figures.sound) == (0, 0, True)
