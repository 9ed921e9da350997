"""Every verdict with its counts, at the edges of its windows; only dated origins count, each once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.trends.verdict import EARLIER_DAYS, MIN_ORIGINS, RECENT_DAYS, Verdict, judge, windows

TODAY = date(2026, 11, 22)
NOW = TODAY.toordinal()
ORIGINS = st.lists(
    st.tuples(st.sampled_from("abcdefghijklmnop"), st.none() | st.integers(NOW - 900, NOW + 30))
)


def aged(*ages: int) -> list[tuple[str, int | None]]:
    """An origin for each age in days."""
    return [(f"o{number}", NOW - age) for number, age in enumerate(ages)]


def verdict(origins: Iterable[tuple[str, int | None]], recent: int = 100, earlier: int = 400) -> Verdict:
    """The verdict in a library that grows evenly."""
    return judge(origins, (recent, earlier), TODAY)


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


def test_seven_origins_are_too_little_and_eight_are_enough() -> None:
    assert MIN_ORIGINS == 8
    assert verdict(aged(*range(7))).name == "too_little"
    assert verdict(aged(*range(8))).name == "new"


def test_ninety_days_run_back_from_today() -> None:
    assert (RECENT_DAYS, EARLIER_DAYS) == (90, 360)
    earlier = range(100, 108)
    assert verdict(aged(89, *earlier)).recent == 1
    told = verdict(aged(90, *earlier))
    assert (told.name, told.recent, told.earlier, told.newest_age) == ("too_little", 0, 9, 90)


def test_the_earlier_window_is_the_360_days_before() -> None:
    told = verdict(aged(0, 90, 449, 450))
    assert (told.recent, told.earlier, told.dated) == (1, 2, 4)
    assert windows(TODAY) == ((NOW - 89, NOW), (NOW - 449, NOW - 90))


def test_reprints_count_once_on_their_first_day() -> None:
    told = verdict([("same", NOW - 3), ("same", NOW - 200), ("same", None), ("same", NOW)])
    assert (told.dated, told.undated, told.recent, told.earlier) == (1, 0, 0, 1)
    assert told.months == (((2026, 5), 1),)


def test_seven_origins_reprinted_are_still_too_little() -> None:
    assert verdict(aged(*range(7)) * 3).name == "too_little"


def test_undated_origins_are_told_and_never_counted() -> None:
    told = verdict([*aged(*range(7)), ("x", None), ("y", None)])
    assert (told.name, told.dated, told.undated) == ("too_little", 7, 2)
    nothing = verdict([("x", None)])
    assert (nothing.name, nothing.dated, nothing.newest_age, nothing.months) == ("too_little", 0, None, ())


def test_a_day_in_the_future_counts_as_today() -> None:
    told = verdict(aged(-1, -400, *range(100, 107)))
    assert (told.recent, told.newest_age, told.months[-1]) == (2, 0, ((2026, 11), 2))


def test_months_are_counted_in_order() -> None:
    told = verdict(aged(0, 1, 40, 400))
    assert told.months == (((2025, 10), 1), ((2026, 10), 1), ((2026, 11), 2))


@pytest.mark.parametrize(("recent", "earlier"), [(0, 0), (8, 0), (0, 8), (1, 1)])
def test_a_library_smaller_than_its_topic_is_taken_as_large(recent: int, earlier: int) -> None:
    assert verdict(aged(*range(8), *range(100, 108)), recent, earlier).name == "steady"


def test_a_library_that_holds_nothing_older_tells_no_trend() -> None:
    told = verdict(aged(*range(40)), recent=71, earlier=MIN_ORIGINS - 1)
    assert (told.name, told.incomparable, told.dated, told.recent) == ("too_little", True, 40, 40)
    told = verdict(aged(*range(40)), recent=71, earlier=MIN_ORIGINS)
    assert (told.name, told.incomparable) == ("new", False)
    assert not verdict(aged(1, 2), recent=2, earlier=0).incomparable


@given(ORIGINS, st.integers(0, 500), st.integers(0, 500))
def test_counts_always_add_up(origins: list[tuple[str, int | None]], recent: int, earlier: int) -> None:
    told = verdict(origins, recent, earlier)
    assert told.dated + told.undated == len({origin for origin, _ in origins})
    assert told.recent + told.earlier <= told.dated == sum(count for _, count in told.months)
    assert (told.newest_age is None) == (told.dated == 0)
    assert (told.name == "too_little") == (told.dated < MIN_ORIGINS or not told.recent)


@given(ORIGINS, st.randoms())
def test_the_order_of_the_origins_does_not_matter(
    origins: list[tuple[str, int | None]], chance: object
) -> None:
    shuffled = list(origins)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert verdict(shuffled) == verdict(origins)


@given(ORIGINS, st.integers(1, 400))
def test_time_that_passes_makes_nothing_newer(origins: list[tuple[str, int | None]], days: int) -> None:
    past = [(origin, day if day is None else min(day, NOW)) for origin, day in origins]
    later = judge(past, (100, 400), TODAY + timedelta(days=days))
    assert later.recent <= verdict(past).recent
    assert later.dated == verdict(past).dated
