"""A chart counts each origin once, uses letters that its font has, stays inside its frame, and names what it cannot draw."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from bot.charts.drawing import draw
from bot.charts.layout import COLOURS, HEIGHT, WIDTH, Labels, lay_out
from bot.charts.letters import MISSING, clipped, drawable, width
from bot.charts.picture import picture_of
from bot.library.counts import MentioningReport
from bot.rendering.renderer import Renderer
from bot.settings import packaged
from bot.trends.charts import OTHERS, Chart, Mark, Series, beside, stacked
from bot.trends.history import (
    History,
    Unit,
    bins,
    charted_from,
    counted,
    fitting_unit,
    history_of,
    latest_weeks,
    place_of,
)

LAST = date(2025, 1, 28)
DAYS = st.dates(date(1995, 1, 1), date(2030, 12, 31))


def told(
    name: str, day: date | None, publisher: str = "A", origin: str = "", language: str = "en"
) -> MentioningReport:
    return MentioningReport(
        name, origin or name, None if day is None else day.toordinal(), {language: publisher}
    )


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(packaged("templates"))


# -- histories -----------------------------------------------------------------------------------------------


def test_an_origin_counts_once_on_its_first_day_and_the_undated_are_apart() -> None:
    history = history_of(
        [
            told("late", date(2025, 1, 9), "B", "x"),
            told("first", date(2025, 1, 7), "A", "x"),
            told("undated reprint", None, "C", "x"),
            told("alone", None),
            told("after the end", date(2025, 3, 1)),
        ],
        "en",
        LAST,
    )
    assert [(o.report, o.day, o.publisher) for o in history.origins] == [
        ("first", date(2025, 1, 7), "A"),
        ("after the end", LAST, "A"),
    ]
    assert history.undated == 1


def test_a_publisher_is_called_as_in_the_readers_language() -> None:
    pair = MentioningReport("r", "r", LAST.toordinal(), {"zh": "通信世界", "en": "CWW"})
    assert history_of([pair], "en", LAST).origins[0].publisher == "CWW"
    assert history_of([pair], "zh", LAST).origins[0].publisher == "通信世界"
    assert history_of([pair], "fr", LAST).origins[0].publisher == "通信世界"
    assert history_of([pair], "en", LAST).origins[0].languages == ("en", "zh")


@given(DAYS, DAYS, st.sampled_from(["week", "month", "quarter", "year"]), st.integers(1, 40))
def test_bins_follow_each_other_and_hold_every_day_of_their_span(
    one: date, other: date, unit: Unit, least: int
) -> None:
    first, last = sorted((one, other))
    starts = bins(first, last, unit, least)
    assert len(starts) >= least
    assert place_of(first, starts) in {0, len(starts) - 1} or len(bins(first, last, unit)) > 1
    assert place_of(last, starts) == len(starts) - 1
    assert all(before < after for before, after in pairwise(starts))
    day = first + (last - first) / 2
    assert counted([first, day, last], starts).count(0) >= len(starts) - 3
    assert sum(counted([first, day, last], starts)) == 3
    assert counted([starts[0] - timedelta(days=1)], starts) == (0,) * len(starts)


def test_a_long_history_is_shown_by_month_without_a_few_early_reports() -> None:
    recent = [told(f"r{n}", date(2024, 1, 1) + timedelta(days=n)) for n in range(99)]
    history = history_of([told("early", date(2012, 5, 1)), *recent], "en", LAST)
    assert fitting_unit(charted_from(history, LAST), LAST) == "month"
    old = history_of(
        [told(f"o{n}", date(2012, 1, 1) + timedelta(days=40 * n)) for n in range(99)], "en", LAST
    )
    assert charted_from(old, LAST) == date(2012, 1, 1)
    assert fitting_unit(date(2012, 1, 1), LAST) == "year"


def test_weeks_are_the_latest_that_tell_of_anything() -> None:
    for newest, last in (
        (LAST, LAST),
        (LAST - timedelta(days=100), LAST),
        (date(2020, 5, 1), date(2020, 5, 1)),
    ):
        found = latest_weeks([history_of([told("a", newest)], "en", LAST), History(())], LAST)
        assert found[1] == last
        starts = bins(*found, "week")
        assert len(starts) == 26
        assert starts[0].weekday() == 0
        assert place_of(newest, starts) >= 0


def test_a_chart_without_a_count_is_an_empty_frame(renderer: Renderer) -> None:
    empty = stacked(History(()), bins(LAST, LAST, "month"), "month", "publisher")
    assert empty.totals == (0,)
    assert empty.peak is None
    draw(picture_of(renderer, empty, "t", [], ["x"]).image)


def test_the_most_frequent_have_colours_and_all_others_share_one() -> None:
    names = [name for place, name in enumerate("ABCDEFGH") for _ in range(9 - place)]
    history = history_of([told(f"r{n}", LAST, name) for n, name in enumerate(names)], "en", LAST)
    chart = stacked(history, bins(LAST, LAST, "month"), "month", "publisher")
    assert [(s.key, sum(s.counts)) for s in chart.series] == [
        ("A", 9), ("B", 8), ("C", 7), ("D", 6), ("E", 5), (OTHERS, 9),
    ]  # fmt: skip
    assert chart.totals == (44,)
    assert chart.peak == (date(2025, 1, 1), 44)
    assert len(chart.series) <= len(COLOURS)


def test_languages_are_stacked_and_a_translated_report_is_in_both() -> None:
    history = history_of(
        [
            told("zh", LAST, language="zh"),
            told("en", LAST),
            MentioningReport("both", "both", LAST.toordinal(), {"zh": "甲", "en": "A"}),
        ],
        "en",
        LAST,
    )
    chart = stacked(history, bins(LAST, LAST, "month"), "month", "language")
    assert sorted(series.key for series in chart.series) == ["en", "en+zh", "zh"]


# -- letters -------------------------------------------------------------------------------------------------


def test_the_widths_are_those_of_the_font() -> None:
    import chart_font

    font = TTFont(packaged("fonts") / "trendbot-sans.otf")
    written = (packaged("fonts") / "advances.tsv").read_text("utf-8")
    assert written == chart_font.HEADER + "".join(chart_font.advances(font))
    assert "SIL OPEN FONT LICENSE" in (packaged("fonts") / "OFL.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "shown", "missing"),
    [
        ("DeepSeek（深度求索）", "DeepSeek（深度求索）", ""),
        ("趨勢與運算", "趋势与运算", ""),
        ("Ｆｕｌｌ　ｗｉｄｔｈ ①", "Ｆｕｌｌ ｗｉｄｔｈ 1", ""),
        ("cafe\u0301 Ångström Žižek", "café Ångström Zizek", ""),
        ("\u202eturned\x00 \u200bround\ufe0f", "turned round", ""),
        ("rocket 🚀 ไทย", f"rocket {MISSING} {MISSING * 3}", "🚀ไทย"),
        ("𠮷野家", f"{MISSING}野家", "𠮷"),
        ("نص", MISSING * 2, "نص"),
        ("\ue000\U0010ffff", MISSING * 2, "\ue000\U0010ffff"),
    ],
)
def test_a_letter_that_the_font_lacks_is_replaced_and_named(text: str, shown: str, missing: str) -> None:
    assert drawable(text) == (shown, frozenset(missing))


@given(st.text(max_size=60), st.floats(10, 400))
def test_what_is_drawable_has_only_letters_of_the_font_and_fits_where_it_is_clipped(
    text: str, most: float
) -> None:
    shown = drawable(text).text
    assert all(width(character, 1000) > 0 for character in shown)
    assert width(clipped(shown, 20, most), 20) <= max(most, width("…", 20))


# -- layout --------------------------------------------------------------------------------------------------


def chart_of(*counts: tuple[int, ...], stacked_: bool = True, marks: tuple[Mark, ...] = ()) -> Chart:
    starts = bins(date(2024, 1, 1), date(2024, 1, 1) + timedelta(days=31 * len(counts[0])), "month")
    series = tuple(Series(str(n), own) for n, own in enumerate(counts))
    return Chart("month", starts[: len(counts[0])], series, marks, stacked_)


COUNTS = st.integers(1, 36).flatmap(
    lambda n: st.lists(
        st.lists(st.integers(0, 5_000), min_size=n, max_size=n).map(tuple), min_size=1, max_size=6
    )
)


@given(COUNTS, st.booleans(), st.lists(st.integers(0, 35), max_size=8))
def test_everything_stands_inside_the_picture_and_bars_are_as_high_as_their_counts(
    counts: list[tuple[int, ...]], side_by_side: bool, events: list[int]
) -> None:
    marks = tuple(Mark(place % len(counts[0]), n) for n, place in enumerate(events, 1))
    chart = chart_of(*counts, stacked_=not side_by_side, marks=marks)
    labels = Labels("算力" * 30, ("A long publisher's name",) * len(counts), ("Jan 2024",) * len(counts[0]))
    layout = lay_out(chart, labels)
    for r in layout.rectangles:
        assert -0.01 <= r.x <= r.x + r.width <= WIDTH + 0.01
        assert -0.01 <= r.y <= r.y + r.height <= HEIGHT + 0.01
    for c in layout.circles:
        assert 0 <= c.x <= WIDTH
        assert 0 <= c.y <= HEIGHT
    for t in layout.texts:
        wide = width(t.text, t.size)
        left = t.x - {"start": 0, "middle": wide / 2, "end": wide}[t.anchor]
        assert left >= -0.01
        assert left + wide <= WIDTH + 0.01
    highest = max(chart.totals) if chart.stacked else max(max(own) for own in counts)
    swatches = len(counts)
    bars = [r for r in layout.rectangles[swatches:] if r.colour in COLOURS]
    if highest:
        unit = sum(r.height for r in bars) / sum(sum(own) for own in counts)
        assert unit * highest <= HEIGHT
        assert len(bars) == sum(1 for own in counts for count in own if count)


def test_no_two_labels_overlap_and_the_last_bin_has_one() -> None:
    chart = chart_of((1,) * 36)
    labels = Labels("t", ("a",), tuple(f"Sep {2000 + n}" for n in range(36)))
    shown = [t for t in lay_out(chart, labels).texts if t.text.startswith("Sep")]
    spans = sorted((t.x - width(t.text, t.size) / 2, t.x + width(t.text, t.size) / 2) for t in shown)
    assert all(a[1] < b[0] for a, b in pairwise(spans))
    assert any(t.text == "Sep 2035" for t in shown)


def test_events_of_one_bar_stand_beside_each_other() -> None:
    chart = chart_of((3, 9, 4), marks=tuple(Mark(1, n) for n in range(1, 6)))
    circles = lay_out(chart, Labels("t", ("a",), ("x",) * 3)).circles
    assert len(circles) == 5
    assert all(
        abs(a.x - b.x) >= 2 * a.radius or abs(a.y - b.y) >= 2 * a.radius
        for a in circles for b in circles if a is not b
    )  # fmt: skip


# -- pictures ------------------------------------------------------------------------------------------------

HOSTILE = '</text><image href="file:///etc/passwd"/>&#x41;"\'<script>]]>'


def test_a_title_is_text_and_never_markup(renderer: Renderer) -> None:
    found = picture_of(renderer, chart_of((1, 2)), HOSTILE, [HOSTILE], ["a", "b"])
    root = ET.fromstring(found.image.svg)  # noqa: S314  # Our own document.
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names == {"svg", "rect", "text"}
    assert any((element.text or "").startswith("</text><image") for element in root.iter())
    draw(found.image)


def test_missing_letters_are_told_of_every_text(renderer: Renderer) -> None:
    found = picture_of(renderer, chart_of((1, 2)), "🚀", ["ไ"], ["𠮷", "b"])
    assert found.missing == tuple(sorted("🚀ไ𠮷"))
    assert found.image.svg.count(MISSING) == 3


def test_equal_charts_are_equal_pictures(renderer: Renderer) -> None:
    pictures = {picture_of(renderer, chart_of((1, 2)), "t", ["a"], ["x", "y"]).image for _ in range(3)}
    assert len(pictures) == 1
    assert not re.search(r"\d\.\d{3}", next(iter(pictures)).svg), "no noise of floating point"


def test_two_histories_stand_side_by_side() -> None:
    one = history_of([told("a", LAST)], "en", LAST)
    chart = beside([("0", one), ("1", History(()))], bins(LAST, LAST, "month"), "month")
    assert [s.counts for s in chart.series] == [(1,), (0,)]
    assert not chart.stacked
