"""The contents of each reader's digest: news first, else the library, nothing twice, and nothing that was not asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from digest_kit import Subscribers, points_of, subscription, text_of
from golden.rewrite import DIGESTS, FOLDER, LANGUAGES, digest_of
from library_kit import NOW, write
from msgspec.structs import replace

from bot.app import App
from bot.dialogue.registry import decode_press
from bot.digests.digest import Prepared
from bot.messages import Link, Press
from bot.models import Language
from bot.rendering.callbacks import encode
from bot.rendering.preview import as_text
from bot.rendering.renderer import fits

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)

Bring = Callable[..., None]


@pytest.fixture
def bring(own_app: App, tmp_path: Path) -> Bring:
    """A function that ingests a report at a moment: bring(at, name, text, **front matter)."""

    def report(at: datetime, name: str, text: str, **matter: str) -> None:
        path = write(tmp_path / "in", name, text, **matter)
        statuses = [result.status for result in own_app.ingest.path(path, int(at.timestamp()))]
        assert statuses in (["added"], ["replaced"])

    return report


def one(readers: Subscribers, now: datetime) -> Prepared:
    """Return the digest of the only subscriber."""
    (prepared,) = readers.day(now).values()
    return prepared


CHIPS = (
    "Nvidia says that demand for its newest AI chips is far above what its factories can deliver this year."
)
ROBOTS = "Factories in Shenzhen have put twelve thousand humanoid robots to work on their assembly lines."


def test_news_comes_before_the_library_and_only_once(own_app: App, bring: Bring) -> None:
    readers = Subscribers(own_app, subscription("s", ("chips", "robots"), NOW))
    assert one(readers, NOW + _DAY).outcome == "library"
    bring(NOW + _DAY + _HOUR, "news.md", f"{CHIPS}\n\n{ROBOTS}", title="The day", published="2026-11-23")
    prepared = one(readers, NOW + 2 * _DAY)
    assert prepared.outcome == "news"
    assert points_of(prepared) == [CHIPS, ROBOTS]
    assert one(readers, NOW + 3 * _DAY).outcome == "library"
    assert not {CHIPS, ROBOTS} & set(points_of(one(readers, NOW + 4 * _DAY)))


@pytest.mark.parametrize("ahead", [_HOUR, 5 * _DAY, 365 * _DAY], ids=["an hour", "five days", "a year"])
def test_news_is_told_although_the_last_digest_was_made_by_a_clock_that_was_ahead(
    own_app: App, bring: Bring, ahead: timedelta
) -> None:
    readers = Subscribers(own_app, subscription("s", ("chips",), NOW))
    own_app.state.slots.claim("s", NOW.date(), int(NOW.timestamp()))
    assert one(readers, NOW + ahead).outcome == ("library" if ahead < 7 * _DAY else "nothing")
    bring(NOW + timedelta(minutes=1), "news.md", CHIPS, title="The day", published="2026-11-23")
    prepared = one(readers, NOW + timedelta(minutes=2))
    assert prepared.outcome == "news"
    assert points_of(prepared) == [CHIPS]
    assert one(readers, NOW + timedelta(minutes=4)).outcome == "library", "told once"


def test_what_was_packaged_is_never_news(own_app: App) -> None:
    """Not even for a reader who subscribed before the library was filled."""
    readers = Subscribers(own_app, subscription("s", ("compute",), NOW - 400 * _DAY, news_only=True))
    prepared = one(readers, NOW + _DAY)
    assert (prepared.outcome, prepared.parts, prepared.sentence_ids) == ("nothing", (), ())


def test_a_translation_that_comes_later_is_no_news(own_app: App, bring: Bring) -> None:
    bring(NOW + _HOUR, "day.zh.md", "英伟达表示，最新AI芯片今年的需求远远超过工厂的供货能力。", title="芯片")
    readers = Subscribers(own_app, subscription("s", ("芯片",), NOW, "zh", news_only=True))
    assert one(readers, NOW + _DAY).outcome == "news"
    bring(NOW + _DAY + _HOUR, "day.en.md", CHIPS, title="Chips", translation_of="day.zh.md", language="en")
    assert one(readers, NOW + 2 * _DAY).outcome == "nothing"


def test_an_item_retold_in_nearly_the_same_words_is_no_news(own_app: App, bring: Bring) -> None:
    bring(NOW + _HOUR, "a.md", CHIPS, title="A")
    readers = Subscribers(own_app, subscription("s", ("chips",), NOW, news_only=True))
    assert points_of(one(readers, NOW + _DAY)) == [CHIPS]
    retold = CHIPS.replace("says that", "said") + f"\n\n{ROBOTS}"
    bring(NOW + _DAY + _HOUR, "b.md", retold, title="B")
    assert one(readers, NOW + 2 * _DAY).outcome == "nothing"


def test_after_the_first_week_there_is_silence_until_there_is_news(own_app: App, bring: Bring) -> None:
    readers = Subscribers(own_app, subscription("s", ("compute",), NOW))
    assert text_of(one(readers, NOW + 6 * _DAY)).startswith(
        "No new report since 26 Feb 2026. To begin with, from the library:"
    )
    assert one(readers, NOW + 7 * _DAY).parts == ()
    bring(NOW + 7 * _DAY + _HOUR, "a.md", "Compute in Norway will cost a third less from May on.", title="A")
    assert one(readers, NOW + 8 * _DAY).outcome == "news"
    assert one(readers, NOW + 9 * _DAY).parts == ()


def test_two_queries_with_the_same_sentence_show_it_once(own_app: App, bring: Bring) -> None:
    bring(NOW + _HOUR, "a.md", CHIPS, title="A")
    readers = Subscribers(own_app, subscription("s", ("chips", "Nvidia"), NOW))
    prepared = one(readers, NOW + _DAY)
    assert points_of(prepared) == [CHIPS]
    assert "Mute chips 7 days" in text_of(prepared)
    assert "Mute Nvidia" not in text_of(prepared)


def test_a_reader_of_two_subscriptions_at_one_time_is_told_nothing_twice(own_app: App, bring: Bring) -> None:
    bring(NOW + _HOUR, "a.md", f"{CHIPS}\n\n{ROBOTS}", title="A")
    first = subscription("s", ("chips",), NOW)
    second = replace(first, id="t", queries=("Nvidia", "robots"))
    told = Subscribers(own_app, first, second).day(NOW + _DAY)
    assert points_of(told["s"]) == [CHIPS]
    assert points_of(told["t"]) == [ROBOTS]


def test_an_exclusion_holds_in_digests(own_app: App, bring: Bring) -> None:
    bring(NOW + _HOUR, "a.md", CHIPS, title="A")
    readers = Subscribers(own_app, subscription("s", ("chips -Nvidia",), NOW, news_only=True))
    assert one(readers, NOW + _DAY).outcome == "nothing"


def test_a_muted_query_is_left_out_until_its_end(own_app: App, bring: Bring) -> None:
    bring(NOW + _HOUR, "a.md", f"{CHIPS}\n\n{ROBOTS}", title="A")
    s = subscription("s", ("chips", "robots"), NOW)
    readers = Subscribers(own_app, s)
    own_app.state.mutes.put(s.reader, "chips", int((NOW + 2 * _DAY).timestamp()))
    assert points_of(one(readers, NOW + _DAY)) == [ROBOTS]
    own_app.state.mutes.put(s.reader, "robots", int((NOW + 3 * _DAY).timestamp()))
    own_app.state.mutes.put(s.reader, "chips", int((NOW + 3 * _DAY).timestamp()))
    assert one(readers, NOW + 2 * _DAY).outcome == "muted"
    assert one(readers, NOW + 4 * _DAY).parts


def test_the_end_of_the_library_is_not_said_for_what_is_muted(own_app: App) -> None:
    """The remaining points of a muted query come when it is no longer muted."""
    readers = Subscribers(own_app, subscription("s", ("liquid cooling", "agents"), NOW))
    (one,) = readers.all()
    own_app.state.mutes.put(one.reader, "agents", int((NOW + 6 * _DAY).timestamp()))
    told = [readers.day(NOW + day * _DAY)["s"] for day in range(1, 6)]
    assert told[0].outcome == "library"
    assert {prepared.outcome for prepared in told[3:]} == {"nothing"}
    assert not any(prepared.spent for prepared in told)
    after = readers.day(NOW + 6 * _DAY + _HOUR)["s"]
    assert "AI agents" in text_of(after)


def test_a_query_that_the_library_knows_nothing_of_is_answered_once(own_app: App) -> None:
    readers = Subscribers(own_app, subscription("s", ("zeppelin mooring masts",), NOW))
    prepared = one(readers, NOW + _DAY)
    assert prepared.outcome == "end"
    assert "The library holds nothing on zeppelin mooring masts yet. I will write" in text_of(prepared)
    assert one(readers, NOW + 2 * _DAY).outcome == "nothing"


def test_after_the_end_a_report_is_still_told(own_app: App, bring: Bring) -> None:
    readers = Subscribers(own_app, subscription("s", ("zeppelin mooring masts",), NOW))
    assert one(readers, NOW + _DAY).spent
    told = "A new zeppelin mooring mast was raised beside the lake at Friedrichshafen on Monday."
    bring(NOW + _DAY + _HOUR, "z.md", told, title="Z")
    assert points_of(one(readers, NOW + 2 * _DAY)) == [told]


def test_a_late_digest_says_so_and_holds_all_that_was_missed(own_app: App, bring: Bring) -> None:
    bring(NOW + _HOUR, "a.md", CHIPS, title="A")
    bring(NOW + 2 * _DAY, "b.md", ROBOTS, title="B")
    readers = Subscribers(own_app, subscription("s", ("chips", "robots"), NOW))
    prepared = readers.day(NOW + 3 * _DAY + _HOUR, late=frozenset({"s"}))["s"]
    assert text_of(prepared).startswith(
        "This digest was due Wed 25 Nov, 08:00, but I could not send it then."
    )
    assert points_of(prepared) == [CHIPS, ROBOTS]


def test_the_last_line_is_the_next_run(own_app: App) -> None:
    readers = Subscribers(own_app, subscription("s", ("compute",), NOW))
    assert "\nNext: Tue 08:00 Asia/Shanghai\n" in text_of(one(readers, NOW + _DAY))
    weekly = subscription("w", ("compute",), NOW, days=1)
    (prepared,) = readers.digests.prepare([weekly], datetime(2026, 11, 23, 0, 0, 1, tzinfo=NOW.tzinfo))
    assert "\nNext: Mon 30 Nov, 08:00 Asia/Shanghai\n" in text_of(prepared)


def test_buttons_name_the_subscription_and_citations_open_in_the_bot(own_app: App) -> None:
    s = subscription("abcdefgh", ("compute", "no such thing at all", "agents"), NOW)
    (prepared,) = own_app.digests("trend_bot").prepare([s], NOW + _DAY)
    presses = [b.action for row in prepared.parts[-1].buttons for b in row]
    assert not any(isinstance(press, Link) for press in presses)
    assert all(decode_press(encode(press)) == press for press in presses if isinstance(press, Press))
    names = [encode(press).split(".", 3)[3] for press in presses if isinstance(press, Press)]
    leads = ["db:abcdefgh:0", "db:abcdefgh:2", "dc:abcdefgh:0"]
    assert names == [*leads, "dm:abcdefgh:0", "dm:abcdefgh:2", "dn:abcdefgh", "dw:abcdefgh", "du:abcdefgh"]
    links = re.findall(r'href="https://t\.me/trend_bot\?start=p_([0-9a-f]{16})"', prepared.parts[0].html)
    assert links
    assert all(own_app.library.passage(passage) for passage in links)


def test_news_only_offers_no_button_for_it(own_app: App, bring: Bring) -> None:
    bring(NOW + _HOUR, "a.md", CHIPS, title="A")
    assert "[News only]" not in text_of(
        one(Subscribers(own_app, subscription("s", ("chips",), NOW)), NOW + _DAY)
    )


def test_what_one_message_cannot_hold_is_cut_between_queries(own_app: App, bring: Bring) -> None:
    topics = ("chips", "robots", "data centres", "liquid cooling")
    for number, topic in enumerate(topics * 2):
        # Words that no other sentence has, so that no sentence counts as a repetition of another.
        padding = ", ".join(f"hall{number}x{word} and yard{number}x{word}" for word in range(22))
        bring(NOW + _HOUR, f"{number}.md", f"Of {topic} there is news from {padding}.", title="Long")
    prepared = one(Subscribers(own_app, subscription("s", topics, NOW)), NOW + _DAY)
    assert len(prepared.parts) > 1
    assert all(fits(part) for part in prepared.parts)
    assert [bool(part.buttons) for part in prepared.parts] == [False] * (len(prepared.parts) - 1) + [True]
    assert len(points_of(prepared)) == 2 * len(topics)
    assert text_of(prepared).count("Your digest") == text_of(prepared).count("Next:") == 1


def test_equal_digests_are_equal_for_many_readers_and_differ_for_who_has_had_some(own_app: App) -> None:
    many = [
        replace(subscription(f"m{number}", ("compute",), NOW), chat_id=1000 + number, user_id=1000 + number)
        for number in range(300)
    ]
    digests = own_app.digests("trend_bot")
    (first,) = digests.prepare(many[:1], NOW + _DAY)
    own_app.state.delivered.put(many[7].reader, first.sentence_ids, int(NOW.timestamp()))
    found = {p.subscription_id: p for p in digests.prepare(many, NOW + _DAY)}
    assert len(found) == len(many)
    assert not set(points_of(found["m7"])) & set(points_of(first))
    assert {p.parts[0].html for own, p in found.items() if own != "m7"} == {first.parts[0].html}


def test_a_preview_marks_nothing_and_has_no_buttons(own_app: App) -> None:
    s = subscription("s", ("compute",), NOW)
    digests = own_app.digests("trend_bot")
    preview = digests.preview(s, NOW)
    assert preview.digests is None
    assert preview.intro == (
        "The library holds only the reports that it came with, so there is nothing to look back on. "
        "The first digest:"
    )
    assert preview == digests.preview(s, NOW)
    assert not any(part.buttons for part in preview.parts)
    (prepared,) = digests.prepare([s], NOW + _DAY)
    assert points_of(prepared) == points_of(replace(prepared, parts=preview.parts))


def test_a_preview_looks_back_over_thirty_days(own_app: App, bring: Bring) -> None:
    """It counts the digests that the news would have made, and shows the latest as it would have been."""
    now = NOW + 60 * _DAY
    bring(
        now - 50 * _DAY,
        "old.md",
        "Chips of an older kind are sold for less than a tenth of their price.",
        title="Old",
    )
    bring(now - 20 * _DAY, "a.md", CHIPS, title="A")
    bring(now - 10 * _DAY, "b.md", CHIPS.replace("says that", "said"), title="B")
    latest = "Chips for cars and sensors will come from a third factory that is being built in Dresden."
    bring(now - 5 * _DAY, "c.md", latest, title="C")
    preview = own_app.digests("trend_bot").preview(subscription("s", ("chips",), now), now)
    assert preview.digests == 2
    assert preview.intro == "In the last 30 days this would have sent 2 digests with news. The latest:"
    assert points_of(Prepared("s", preview.parts, (), "news", spent=False)) == [latest]


def test_news_is_what_a_report_is_about_under_its_headline(own_app: App, bring: Bring) -> None:
    items = [f"Town {n} bought {n} buses, and chips for them came late." for n in range(12)]
    bring(NOW + _HOUR, "daily.md", "\n\n".join(items), title="A day of buses")
    bring(NOW + _HOUR, "chips.md", CHIPS, title="Chips become cheaper abroad")
    (digest,) = own_app.digests("trend_bot").prepare([subscription("s", ("chips",), NOW)], NOW + _DAY)
    (part,) = digest.parts
    news = [line for line in as_text(part).splitlines() if line.startswith("•")]
    assert news[0].startswith(f"• “Chips become cheaper abroad” · {CHIPS}")


def test_a_digest_without_a_subscription_has_no_buttons(own_app: App, bring: Bring) -> None:
    bring(NOW + _HOUR, "a.md", CHIPS, title="A")
    (unstored,) = own_app.digests("trend_bot").prepare([subscription("", ("chips",), NOW)], NOW + _DAY)
    assert points_of(unstored) == [CHIPS]
    assert not unstored.parts[-1].buttons


@pytest.mark.parametrize("name", DIGESTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_digests_are_kept_word_for_word(own_app: App, name: str, language: Language) -> None:
    """After an intended change run `python tests/golden/rewrite.py` and read the diff."""
    kept = (FOLDER / f"{name}.{language}.txt").read_text("utf-8")
    assert digest_of(own_app, name, language) == kept
