"""Every verdict with its counts, at the edges of its windows; only dated origins count, each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.trends.verdict import EARLIER_DAYS, MIN_ORIGINS, RECENT_DAYS, Verdict, judge, published

TODAY = date(2026, 11, 22)
NOW = TODAY.toordinal()
ORIGINS = st.lists(
    st.tuples(st.sampled_from("abcdefghijklmnop"), st.none() | st.integers(NOW - 900, NOW + 30))
)


def aged(*ages: int) -> list[tuple[str, int | None]]:
    """Return an origin for each age in days."""
    return [(f"o{number}", NOW - age) for number, age in enumerate(ages)]


def filled(
    origins: Iterable[tuple[str, int | None]], recent: int, earlier: int
) -> list[tuple[str, str, int]]:
    """Return a library's dated origins of one publisher: these, and others up to `recent` and `earlier` in each window."""
    own: dict[str, int] = {}
    for origin, day in origins:
        if day is not None:
            own[origin] = min(day, own.get(origin, day), NOW)
    now = sum(day > NOW - RECENT_DAYS for day in own.values())
    before = sum(NOW - 450 < day <= NOW - RECENT_DAYS for day in own.values())
    ages = [*(n % 90 for n in range(recent - now)), *(90 + n * 7 % 360 for n in range(earlier - before))]
    held = [(origin, "Daily", day) for origin, day in own.items()]
    return held + [(f"other {n}", "Daily", NOW - age) for n, age in enumerate(ages)]


def verdict(origins: Iterable[tuple[str, int | None]], recent: int = 100, earlier: int = 400) -> Verdict:
    """Return the verdict in a library that grows evenly."""
    own = list(origins)
    return judge(own, published(filled(own, recent, earlier), TODAY))


def test_all_in_the_last_ninety_days_is_new() -> None:
    told = verdict(aged(*range(0, 80, 10)))
    assert (told.name, told.dated, told.recent, told.earlier) == ("new", 8, 8, 0)


def test_a_growing_share_is_rising() -> None:
    told = verdict(aged(*range(1, 21), *range(100, 110)))
    assert (told.name, told.dated, told.recent, told.earlier) == ("rising", 30, 20, 10)


def test_an_even_share_is_steady() -> None:
    told = verdict(aged(*range(1, 11), *range(100, 140)))
    assert (told.name, told.recent, told.earlier) == ("steady", 10, 40)


def test_a_shrinking_share_is_fading() -> None:
    told = verdict(aged(5, *range(100, 180)))
    assert (told.name, told.recent, told.earlier) == ("fading", 1, 80)


def test_a_library_that_grows_does_not_make_a_topic_rise() -> None:
    origins = aged(*range(1, 21), *range(100, 110))
    assert verdict(origins, recent=100, earlier=400).name == "rising"
    assert verdict(origins, recent=800, earlier=400).name == "steady"
    assert verdict(origins, recent=4_000, earlier=400).name == "fading"


def test_two_origins_are_too_little_and_three_are_enough() -> None:
    assert MIN_ORIGINS == 3
    assert verdict(aged(0, 1)).name == "too_little"
    assert verdict(aged(0, 1, 2)).name == "new"


def test_one_that_is_told_as_often_as_before_is_steady_though_its_reports_are_few() -> None:
    assert verdict(aged(1, 100, 200)).name == "steady"


def test_ninety_days_run_back_from_today() -> None:
    assert (RECENT_DAYS, EARLIER_DAYS) == (90, 360)
    earlier = range(100, 103)
    assert verdict(aged(89, *earlier)).recent == 1
    told = verdict(aged(90, *earlier))
    assert (told.name, told.recent, told.earlier, told.newest_age) == ("too_little", 0, 4, 90)


def test_what_was_told_often_and_is_told_no_more_is_fading() -> None:
    told = verdict(aged(*range(100, 180)))
    assert (told.name, told.recent, told.earlier) == ("fading", 0, 80)


def test_the_earlier_window_is_the_360_days_before() -> None:
    told = verdict(aged(0, 90, 449, 450))
    assert (told.recent, told.earlier, told.dated) == (1, 2, 4)


def test_reprints_count_once_on_their_first_day() -> None:
    told = verdict([("same", NOW - 3), ("same", NOW - 200), ("same", None), ("same", NOW)])
    assert (told.dated, told.undated, told.recent, told.earlier) == (1, 0, 0, 1)
    assert told.months == (((2026, 5), 1),)


def test_two_origins_reprinted_are_still_too_little() -> None:
    assert verdict(aged(*range(2)) * 3).name == "too_little"


def test_undated_origins_are_told_and_never_counted() -> None:
    told = verdict([*aged(*range(2)), ("x", None), ("y", None)])
    assert (told.name, told.dated, told.undated) == ("too_little", 2, 2)
    nothing = verdict([("x", None)])
    assert (nothing.name, nothing.dated, nothing.newest_age, nothing.months) == ("too_little", 0, None, ())


def test_a_day_in_the_future_counts_as_today() -> None:
    told = verdict(aged(-1, -400, *range(100, 107)))
    assert (told.recent, told.newest_age, told.months[-1]) == (2, 0, ((2026, 11), 2))


def test_months_are_counted_in_order() -> None:
    told = verdict(aged(0, 1, 40, 400))
    assert told.months == (((2025, 10), 1), ((2026, 10), 1), ((2026, 11), 2))


def test_a_library_that_holds_nothing_older_tells_no_trend() -> None:
    told = verdict(aged(*range(40)), recent=71, earlier=0)
    assert (told.name, told.dated, told.recent, told.expected) == ("too_little", 40, 40, None)


def test_what_is_in_every_report_is_steady_and_what_comes_into_every_report_rises() -> None:
    always = aged(*(n % 90 for n in range(60)), *(90 + n * 7 % 360 for n in range(240)))
    assert verdict(always, 60, 240).name == "steady"
    now_always = aged(*(n % 90 for n in range(60)), *(90 + n * 7 % 360 for n in range(180)))
    assert verdict(now_always, 60, 240).name == "rising"


@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("days", [30, 90])
@pytest.mark.parametrize("ages", [range(40), [*range(20), *range(100, 110)], range(100, 180)])
def test_a_publisher_that_is_new_changes_no_verdict_however_much_it_tells(
    ages: Iterable[int], days: int, tells: bool
) -> None:
    own = aged(*ages)
    held = filled(own, 100, 400)
    copies = [(f"copy {n}", "Another", NOW - n % days) for n in range(700)]
    of_it = [*own, *((origin, day) for origin, _, day in copies)] if tells else own
    before, after = judge(own, published(held, TODAY)), judge(of_it, published([*held, *copies], TODAY))
    assert before.name != "too_little"
    assert (after.comparable, after.expected) == (before.comparable, before.expected)
    assert after.name == before.name or {before.name, after.name} == {"fading", "too_little"}


@pytest.mark.parametrize("ages", [range(40), [*range(20), *range(100, 110)], range(100, 180)])
def test_a_daily_that_never_tells_of_a_topic_changes_no_verdict_on_it(ages: Iterable[int]) -> None:
    own = aged(*ages)
    held = filled(own, 100, 400)
    daily = [(f"issue {n}", "Another", NOW - n) for n in range(700)]
    assert judge(own, published([*held, *daily], TODAY)).name == judge(own, published(held, TODAY)).name


def test_a_short_window_is_compared_with_four_weeks() -> None:
    own = aged(*range(7), 10)
    told = judge(own, published(filled(own, 100, 400), TODAY, 1))
    assert (told.recent, told.earlier, told.earlier_days) == (1, 7, 28)


@given(ORIGINS, st.integers(0, 500), st.integers(0, 500))
def test_counts_always_add_up(origins: list[tuple[str, int | None]], recent: int, earlier: int) -> None:
    told = verdict(origins, recent, earlier)
    assert told.dated + told.undated == len({origin for origin, _ in origins})
    assert told.recent + told.earlier <= told.dated == sum(count for _, count in told.months)
    assert (told.newest_age is None) == (told.dated == 0)
    assert told.name == "too_little" or told.dated >= MIN_ORIGINS
    assert (told.expected is None) == (told.name == "too_little")


@given(ORIGINS, st.randoms())
def test_the_order_of_the_origins_does_not_matter(
    origins: list[tuple[str, int | None]], chance: Random
) -> None:
    shuffled = list(origins)
    chance.shuffle(shuffled)
    assert verdict(shuffled) == verdict(origins)


@given(ORIGINS, st.integers(1, 400))
def test_time_that_passes_makes_nothing_newer(origins: list[tuple[str, int | None]], days: int) -> None:
    past = [(origin, day if day is None else min(day, NOW)) for origin, day in origins]
    later = judge(past, published(filled(past, 100, 400), TODAY + timedelta(days=days)))
    assert later.recent <= verdict(past).recent
    assert later.dated == verdict(past).dated
