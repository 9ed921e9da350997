"""A briefing on a topic with many reports: the latest first, all its days, and the main subject of each report."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from library_kit import TODAY, Shelf, blocks_of

from bot.blocks import Block
from bot.intake.identity import new_report_id
from bot.library.indexing import index_document
from bot.models import Document, Language
from bot.trends.briefing import Briefing
from bot.trends.evidence import Evidence
from bot.trends.ranking import rank
from bot.trends.salience import WeighedReport, new_words, newness, sources_of, spread
from bot.trends.statements import statements

THINGS = ("robots", "prices", "schools", "courts", "farms", "ships", "films", "banks", "trains", "clinics")


def _put(shelf: Shelf, key: str, title: str, text: str, published: date | None, language: str = "en") -> None:
    document = Document(key, title, blocks_of(text), language, "AI Wire", published)
    shelf.library.put(index_document(document, new_report_id(key), shelf.glossary, shelf.segmenter))


SAID = (
    "Zorblax hired a cook from Lyon.",
    "Farmers near Turin rent pumps that Zorblax made.",
    "A court in Bonn told Zorblax to pay its taxes.",
    "Old films are shown in the hall of Zorblax.",
    "Children drew the blue tower which Zorblax paints each spring.",
    "Nobody knows why Zorblax left the harbour union.",
    "The bank lends Zorblax money for trains.",
    "Doctors praise gloves by Zorblax.",
    "Every second ship carries engines from Zorblax across the Baltic.",
    "Teachers read aloud what Zorblax wrote about volcanoes.",
)
CHINESE = (
    "Zorblax在杭州建了工厂。",
    "医院买了Zorblax的手套。",
    "孩子们画了Zorblax的蓝色高塔。",
    "银行借钱给Zorblax修铁路。",
    "法院要求Zorblax补缴税款。",
    "没人知道Zorblax为何退出港口联盟。",
)


def _daily(shelf: Shelf, days: int) -> None:
    """Store a daily whose every issue mentions Zorblax somewhere."""
    for number in range(days):
        day = TODAY - timedelta(days=number + 1)
        items = [f"Item {number}.{n} tells of {THINGS[n]} in town {number}." for n in range(10)]
        text = "\n\n".join([*items, SAID[number % len(SAID)]])
        _put(shelf, f"daily{number}", f"Daily {number}", text, day)


def _briefing(shelf: Shelf, text: str, language: Language = "en") -> Briefing:
    told = shelf.brief(text, language)
    assert told
    return told


def _cited_days(told: Briefing) -> list[date | None]:
    by_number = {number: source.report.published for source in told.sources for number in source.numbers}
    return [by_number[point.citation] for point in told.points]


def test_the_news_of_the_day_is_told_first_whatever_was_said_before(shelf: Shelf) -> None:
    _daily(shelf, 60)
    news = "Zorblax opened its first quarry in Oslo and showed the machine."
    _put(shelf, "news", "A quarry in Oslo", news, TODAY)
    told = _briefing(shelf, "Zorblax")
    assert told.points[0].text == news
    assert told.points[0].headline == "A quarry in Oslo"


def test_a_report_has_one_point_and_the_points_have_several_weeks(shelf: Shelf) -> None:
    _daily(shelf, 80)
    told = _briefing(shelf, "Zorblax")
    days = [day for day in _cited_days(told) if day]
    assert len(told.points) == len(set(days)) == 5
    assert (max(days) - min(days)).days > 30


def test_a_report_that_is_about_the_topic_is_told_before_its_neighbours_that_mention_it(shelf: Shelf) -> None:
    _daily(shelf, 80)
    text = "Zorblax bought the mill at Ghent for nine million."
    _put(shelf, "about", "Zorblax buys a mill", text, TODAY - timedelta(days=30))
    assert text in [point.text for point in _briefing(shelf, "Zorblax").points]


def test_what_a_title_of_the_last_month_is_about_leads_before_the_latest_mention(shelf: Shelf) -> None:
    _daily(shelf, 40)
    _put(
        shelf, "about", "Zorblax buys a mill", "Zorblax bought a mill near Lyon.", TODAY - timedelta(days=20)
    )
    _put(shelf, "old", "Zorblax buys a ship", "Zorblax bought a ship in Kiel.", TODAY - timedelta(days=50))
    told = _briefing(shelf, "Zorblax")
    assert _cited_days(told)[0] == TODAY - timedelta(days=20)


def test_news_of_the_month_leads_before_talk_of_the_latest_days(shelf: Shelf) -> None:
    for number in range(40):
        text = f"In town {number} people sold {THINGS[number % 10]} for hours beside the gate of Zorblax."
        _put(shelf, f"d{number}", f"Daily {number}", text, TODAY - timedelta(days=number))
    talk = "Zorblax is something that people argue about, asking whether it matters."
    _put(shelf, "talk", "Notes", talk, TODAY)
    news = "Zorblax acquired a mill near Lyon for $90 million."
    _put(shelf, "news", "Mills of the month", news, TODAY - timedelta(days=20))
    assert _briefing(shelf, "Zorblax").points[0].text == news


def test_a_title_that_only_ends_with_the_name_does_not_lead(shelf: Shelf) -> None:
    _daily(shelf, 40)
    title = "Mills near Lyon are sold again after a year, one of them to Zorblax"
    _put(shelf, "about", title, "One of the mills went to Zorblax.", TODAY - timedelta(days=20))
    assert _cited_days(_briefing(shelf, "Zorblax"))[0] != TODAY - timedelta(days=20)


def test_each_month_of_the_window_has_a_point(shelf: Shelf) -> None:
    _daily(shelf, 90)
    ages = [(TODAY - day).days for day in _cited_days(_briefing(shelf, "Zorblax")) if day]
    assert {age // 30 for age in ages} >= {0, 1, 2}


def test_a_sentence_about_the_name_is_told_before_one_that_ends_with_it(shelf: Shelf) -> None:
    _daily(shelf, 40)
    for key, text in (
        ("ends", "A long line of people waited in the rain before the new shop of Zorblax."),
        ("begins", "Zorblax opened a new shop before which a long line of people waited for hours."),
    ):
        _put(
            shelf, key, "Rain, pumps, ferries, Kiel, cranes, ropes, sails, coal, tides", text, TODAY
        )  # One word of the title is rain.
    assert _briefing(shelf, "Zorblax").points[0].text.startswith("Zorblax opened")


def test_what_is_undated_never_leads(shelf: Shelf) -> None:
    _daily(shelf, 30)
    _put(
        shelf,
        "undated",
        "Zorblax and Zorblax",
        "Zorblax is the name of Zorblax, of which much is told.",
        None,
    )
    assert _cited_days(_briefing(shelf, "Zorblax"))[0] is not None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_points_are_in_the_readers_language_where_there_are_any(shelf: Shelf, language: Language) -> None:
    _daily(shelf, 30)
    for number, text in enumerate(CHINESE):
        _put(shelf, f"zh{number}", f"第{number}期", text, TODAY - timedelta(days=9 * number), "zh")
    told = _briefing(shelf, "Zorblax", language)
    assert len(told.points) == 5
    assert not any(point.foreign for point in told.points)


def test_of_few_reports_that_say_much_the_one_in_the_readers_language_leads(shelf: Shelf) -> None:
    many = [f"Zorblax built the {thing} of town {n}." for n in range(10) for thing in THINGS]
    _put(shelf, "en", "Towns", "\n\n".join(many), TODAY)
    _put(shelf, "zh", "城镇", "\n\n".join(f"Zorblax在第{n}座城里建了工厂。" for n in range(100)), TODAY, "zh")
    languages: tuple[Language, ...] = ("en", "zh")
    for language in languages:
        told = _briefing(shelf, "Zorblax", language)
        assert not told.points[0].foreign


def test_a_name_of_two_scripts_is_told_by_the_reports_that_say_it_not_by_those_that_have_both_words(
    shelf: Shelf,
) -> None:
    for number in range(30):
        between = "\n\n".join(
            f"{thing}在这座城里有很长的历史，人们常常说起它们，也写过不少书。" for thing in THINGS * 3
        )
        text = f"第{number}期谈到了Zorblax的楼房。\n\n{between}\n\n最后一段讲的是核桃的内核。"
        _put(shelf, f"apart{number}", f"第{number}期", text, TODAY - timedelta(days=number), "zh")
    told_of = (
        "新版 Zorblax 内核支持打印机。",
        "学校改用 Zorblax 内核教课。",
        "法院判决 Zorblax 内核可以免费分发。",
    )
    for number, text in enumerate(told_of):
        _put(shelf, f"kernel{number}", f"版本{number}", text, TODAY - timedelta(days=100 + number), "zh")
    told = _briefing(shelf, "Zorblax 内核", "zh")
    assert {point.text for point in told.points} == set(told_of)


def test_equal_questions_have_equal_answers(shelf: Shelf) -> None:
    _daily(shelf, 40)
    assert len({repr(_briefing(shelf, "Zorblax").points) for _ in range(5)}) == 1


# -- salience ------------------------------------------------------------------------------------------


def test_what_is_as_much_about_it_and_newer_comes_first() -> None:
    reports = [("old", 100, True), ("new", 190, True), ("undated", None, True), ("foreign", 199, False)]
    assert [s.report_id for s in sources_of(reports, {}, 200, 3)] == ["new", "foreign", "undated", "old"]
    assert sources_of(reports, {"old": 20.0}, 200, 3)[0].report_id == "old"


def test_reports_that_are_never_compared_change_no_source() -> None:
    reports = [(f"r{n}", None if n % 11 == 0 else 200 - n % 130, n % 3 > 0) for n in range(3_000)]
    salience = {f"r{n}": n % 4 for n in range(0, 3_000, 7)}
    some, every = (sources_of(reports, salience, 200, count) for count in (18, len(reports)))
    assert len(some) < len(every) == len(reports)
    assert spread(some, 18, 200) == spread(every, 18, 200)


def test_days_that_were_told_lower_their_neighbours() -> None:
    week = [WeighedReport(f"w{day}", 100 + day, 1.0) for day in range(4)]
    assert [s.report_id for s in spread([*week, WeighedReport("before", 60, 0.7)], 3, 200)] == [
        "w0",
        "before",
        "w1",
    ]


def test_words_of_the_latest_days_alone_rise() -> None:
    latest = [frozenset({"sora", "video", "the"}), frozenset({"sora", "model", "the"}), frozenset({"model"})]
    earlier = [frozenset({"model", "price"})] * 10
    rises = new_words(latest, earlier)
    assert rises.keys() == {"sora"}
    assert newness({"sora", "price"}, rises) > newness({"model"}, rises) == 0


def test_a_narrower_form_of_a_topic_is_told_by_the_reports_that_use_it(shelf: Shelf) -> None:
    for number in range(30):
        day = TODAY - timedelta(days=number + 1)
        thing = THINGS[number % 10]
        _put(shelf, f"jobs{number}", f"Jobs {number}", f"The job market for {thing} grew in {number}.", day)
        cut = f"A maker of {thing} in town {number} announced layoffs of {number + 40} people."
        _put(shelf, f"cuts{number}", f"Cuts {number}", cut, day - timedelta(days=40))
    assert all("layoffs" in point.text for point in _briefing(shelf, "layoffs").points)
    assert "job market" in _briefing(shelf, "employment").points[0].text


def test_a_form_that_its_own_language_lacks_is_told_by_its_topic(shelf: Shelf) -> None:
    for number in range(30):
        day = TODAY - timedelta(days=number + 1)
        cut = f"A maker of {THINGS[number % 10]} announced layoffs of {number + 40} people."
        _put(shelf, f"cuts{number}", f"Cuts {number}", cut, day)
        _put(
            shelf,
            f"jobs{number}",
            f"就业{number}",
            f"第{number}个城市的就业市场在增长，新增{number + 3}万人。",
            day,
            "zh",
        )
    assert any("就业" in point.text for point in _briefing(shelf, "裁员", "zh").points)
    assert all("layoffs" in point.text for point in _briefing(shelf, "layoffs").points)


def test_what_leans_on_a_sentence_that_is_not_quoted_gives_way_to_what_stands_alone(shelf: Shelf) -> None:
    _daily(shelf, 90)
    _put(shelf, "leaning", "Zorblax and Lyon", "This decision of Zorblax surprised the cooks of Lyon.", TODAY)
    told = _briefing(shelf, "Zorblax")
    assert len(told.points) == 5
    assert not any(point.text.startswith("This decision") for point in told.points)


def _compilation(shelf: Shelf, items: list[tuple[str, str]]) -> None:
    """Store today's issue of a compilation: a heading and a sentence for each item."""
    blocks = [
        block
        for heading, sentence in items
        for block in (Block("heading", heading, level=2), Block("paragraph", sentence))
    ]
    document = Document("today", "Not much happened today", tuple(blocks), "en", "AI Wire", TODAY)
    shelf.library.put(index_document(document, new_report_id("today"), shelf.glossary, shelf.segmenter))


_TALK = [
    (f"Room {n}", f"Visitor {n} asked in room {n} whether Zorblax sells {thing}.")
    for n, thing in enumerate(THINGS)
]


def test_the_news_of_a_compilation_is_told_wherever_it_stands_among_its_items(shelf: Shelf) -> None:
    _daily(shelf, 40)
    news = "Zorblax opened its first quarry in Oslo and showed the machine."
    again = "The first quarry of Zorblax in Oslo has a machine that digs alone."
    _compilation(shelf, [*_TALK, ("Quarries", news), ("Machines", again)])
    assert _briefing(shelf, "Zorblax").points[0].text in {news, again}


def test_two_events_of_one_compilation_are_both_told(shelf: Shelf) -> None:
    _daily(shelf, 40)
    events = [
        "Zorblax opened its first quarry in Oslo and showed the machine.",
        "Zorblax dismissed the head of its clinics after a quarrel about wages.",
    ]
    _compilation(shelf, [("Quarries", events[0]), ("Clinics", events[1])])
    assert {point.text for point in _briefing(shelf, "Zorblax").points} >= set(events)


@pytest.mark.parametrize(
    ("event", "passing"),
    [
        ("Zorblax launched a tower of glass in Oslo.", "Zorblax shirts hang in the hall near the old harbour of Bonn."),
        ("Zorblax opened its first quarry in Oslo.", "Zorblax fans sat in rows and sang of the blue sea for hours."),
        ("Zorblax signed a treaty with Peru.", "Zorblax is one of many firms along the wide road to the town hall."),
    ],
)  # fmt: skip  # a pair a line
def test_an_event_of_the_window_leads_before_a_newer_mention_in_passing(
    shelf: Shelf, event: str, passing: str
) -> None:
    _daily(shelf, 40)
    _put(shelf, "event", "Wire", event, TODAY - timedelta(days=2))
    _compilation(shelf, [("Sights", passing)])
    assert _briefing(shelf, "Zorblax").points[0].text in {event, SAID[0]}


@pytest.mark.parametrize(
    ("text", "language", "begins"),
    [
        ("Zorblax发布了第一座玻璃塔。", "zh", True),
        ("诺维尔旗下的Zorblax发布了玻璃塔。", "zh", True),
        ("昨日，Zorblax发布了第一座玻璃塔。", "zh", True),
        ("观众要求主办方展出更多Zorblax的作品。", "zh", False),
        ("Norwell's subsidiary Zorblax opened a tower of glass.", "en", True),
        ("Visitors to the hall asked for more of Zorblax.", "en", False),
    ],
)
def test_a_name_comes_first_within_half_as_many_han_characters(
    shelf: Shelf, text: str, language: Language, begins: bool
) -> None:
    _put(shelf, "one", "News", text, TODAY, language)
    query = shelf.query("Zorblax")
    passages = shelf.search.evidence(query)
    reports = shelf.library.reports(one.passage.report_id for one in passages.values())
    (told,) = rank(statements(passages.values(), reports, query, language))
    assert Evidence(passages, reports, forms=("zorblax",)).begins_with_it(told) is begins


def test_one_event_in_two_items_of_a_compilation_is_told_once(shelf: Shelf) -> None:
    _daily(shelf, 40)
    told = [
        "Zorblax opened its first quarry in Oslo and showed the machine.",
        "Zorblax opened a first quarry in Oslo, where the machine was shown to guests.",
    ]
    _compilation(shelf, [("Quarries", told[0]), ("Oslo", told[1])])
    assert len({point.text for point in _briefing(shelf, "Zorblax").points}.intersection(told)) == 1


def test_an_older_title_does_not_lead_on_a_day_that_says_much(shelf: Shelf) -> None:
    _daily(shelf, 40)
    _put(
        shelf, "about", "Zorblax buys a mill", "Zorblax bought a mill near Lyon.", TODAY - timedelta(days=20)
    )
    _compilation(shelf, _TALK)
    assert _cited_days(_briefing(shelf, "Zorblax"))[0] != TODAY - timedelta(days=20)


@pytest.mark.parametrize("together", [6, 30])
def test_two_topics_are_told_from_what_says_both_together_not_from_reports_with_each_somewhere(
    shelf: Shelf, together: int
) -> None:
    for number in range(40):
        items = [
            f"{SAID[number % len(SAID)]} Nvidia sells card {number}." * 3,
            f"China builds road {number}. " * 20,
        ]
        day = TODAY - timedelta(days=number)
        document = Document(
            f"d{number}", f"Daily {number}", blocks_of("\n\n".join(items)), "en", "AI Wire", day
        )
        shelf.library.put(
            index_document(document, new_report_id(f"d{number}"), shelf.glossary, shelf.segmenter)
        )
    for number in range(together):
        text = SAID[number % len(SAID)].replace("Zorblax", "Nvidia in China")
        _put(shelf, f"both{number}", f"Note {number}", text, TODAY - timedelta(days=50 + number))
    told = _briefing(shelf, "Nvidia in China")
    assert len(told.points) == 5
    assert all("China" in point.text and "Nvidia" in point.text for point in told.points)
    assert (told.verdict.dated, told.counts_together) == (
        min(together, len(SAID)),
        True,
    )  # the others are reprints
    assert len(shelf.library.reports_mentioning(("nvidia", "china"), None)) == together


def test_two_topics_that_no_passage_has_together_are_counted_nowhere(shelf: Shelf) -> None:
    _put(shelf, "apart", "Two notes", "Nvidia sells cards.\n\n" + "China builds roads. " * 60, TODAY)
    assert shelf.library.topic_days(("nvidia", "china")) == []
    assert not shelf.library.is_mentioned(("nvidia", "china"), None)


def test_topics_of_which_one_stands_in_the_heading_above_a_passage_are_together_in_it(shelf: Shelf) -> None:
    document = Document(
        "item",
        "Daily",
        (
            Block("heading", "Nvidia"),
            Block("item", "China buys cards."),
        ),
        "en",
        "AI Wire",
        TODAY,
    )
    shelf.library.put(index_document(document, new_report_id("item"), shelf.glossary, shelf.segmenter))
    assert len(shelf.library.topic_days(("nvidia", "china"))) == 1
