"""The text after /subscribe is understood in one line, in both languages, or said to be unclear."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue.panel import MAX_QUERIES
from bot.dialogue.schedule_days import chosen_days, read_days
from bot.dialogue.schedule_text import ScheduleParser, ScheduleRequest
from bot.dialogue.times_of_day import read_times
from bot.digests.schedule import EVERY_DAY, WEEKDAYS, WEEKENDS
from bot.library.glossary import Glossary
from bot.library.query import understand
from bot.rendering.moments import clock_of, day_names
from bot.text.normalise import fold
from bot.text.segment import Segmenter

MINUTES = st.integers(0, 24 * 60 - 1)
MASKS = st.integers(1, EVERY_DAY)


@pytest.fixture(scope="session")
def parser(glossary: Glossary, segmenter: Segmenter) -> ScheduleParser:
    return ScheduleParser(glossary, segmenter, lambda text: understand(text, glossary, segmenter))


# -- times of day --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8am", "08:00"),
        ("8:30 pm", "20:30"),
        ("8.30 p.m.", "20:30"),
        ("12am", "00:00"),
        ("12 pm", "12:00"),
        ("at 8", "08:00"),
        ("7 o'clock", "07:00"),
        ("noon", "12:00"),
        ("midnight", "00:00"),
        ("早上8点", "08:00"),
        ("早上8:30", "08:30"),
        ("下午3点半", "15:30"),
        ("下午三点一刻", "15:15"),
        ("晚上9点", "21:00"),
        ("晚上九点四十五分", "21:45"),
        ("中午12点", "12:00"),
        ("中午1点", "13:00"),
        ("晚上12点", "00:00"),
        ("凌晨12点", "00:00"),
        ("半夜2点", "02:00"),
        ("二十点", "20:00"),
        ("8点钟", "08:00"),
        ("三点零五", "03:05"),
        ("正午", "12:00"),
        ("早8", "08:00"),
        ("晚9", "21:00"),
        ("0730", "07:30"),
        ("周五十点", "10:00"),
        ("周一三五八点", "08:00"),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(text: str, clock: str, parser: ScheduleParser) -> None:
    request = parser.parse(text)
    assert (clock_of(request.minute or 0), request.minute is None, request.queries) == (clock, False, ())


@given(MINUTES)
def test_every_minute_is_read_in_every_spelling(minute: int) -> None:
    hour, rest = divmod(minute, 60)
    half = "am" if hour < 12 else "pm"
    part = "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
    clock = (hour - 1) % 12 + 1
    for text in (
        f"{hour:02}:{rest:02}",
        f"{hour}:{rest:02}",
        f"{clock}:{rest:02}{half}",
        f"{clock}.{rest:02} {half}",
        f"{hour}点{rest}分",
        f"{part}{hour}点{rest:02}",
    ):
        reading = read_times(text)
        assert [time.value for time in reading.times] == [minute], text
        read = sorted((span.start, span.end) for span in (*reading.times, *reading.parts))
        assert "".join(text[start:end] for start, end in read) == text


@pytest.mark.parametrize(
    "text",
    ["24小时", "2025年", "2030 compute", "上午5家", "小时候", "1:2:3", "10.5", "3 amps", "monitor", "GPT-4"],
)
def test_what_is_no_time_stays_in_the_question(text: str) -> None:
    assert read_times(text).times == ()


@pytest.mark.parametrize("text", ["25:00", "8:75", "13 pm", "0am", "早上八十点", "25点", "8点75分"])
def test_a_time_that_does_not_exist_is_said(text: str, parser: ScheduleParser) -> None:
    request = parser.parse(f"{text} 算力")
    assert request.trouble == "no_such_time" or request.minute is not None, request
    assert request.trouble or text == "早上八十点"


# -- days ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mon,Wed", "Mon Wed"),
        ("mon wed fri", "Mon Wed Fri"),
        ("every Monday", "Mon"),
        ("Mondays and Thursdays", "Mon Thu"),
        ("Mon-Fri", "Mon Tue Wed Thu Fri"),
        ("Sat to Mon", "Mon Sat Sun"),
        ("周一三五", "Mon Wed Fri"),
        ("周一、周三", "Mon Wed"),
        ("周一、三、五", "Mon Wed Fri"),
        ("周一至周五", "Mon Tue Wed Thu Fri"),
        ("周五到一", "Mon Fri Sat Sun"),
        ("星期天", "Sun"),
        ("每周六日", "Sat Sun"),
        ("weekly", "Mon"),
        ("每周", "Mon"),
    ],
)
def test_days_are_read_as_people_write_them(text: str, names: str) -> None:
    mask = chosen_days(read_days(fold(text)))
    assert mask is not None
    assert " ".join(day_names(mask, "en")) == names


@pytest.mark.parametrize(
    ("words", "mask"),
    [
        ("daily|every day|each day|每天|每日|天天", EVERY_DAY),
        ("weekdays|on weekdays|every weekday|working days|工作日|每个工作日", WEEKDAYS),
        ("weekends|at weekends|weekend|周末|双休日", WEEKENDS),
    ],
)
def test_common_sets_of_days_have_names(words: str, mask: int) -> None:
    for text in words.split("|"):
        assert [span.mask for span in read_days(text)] == [mask], text


@given(MASKS)
def test_every_set_of_days_is_read_in_both_languages(mask: int) -> None:
    for text in (
        ",".join(day_names(mask, "en")),
        " and ".join(day_names(mask, "en")),
        "周" + "".join(day_names(mask, "zh")),
        "、".join(f"周{day}" for day in day_names(mask, "zh")),
    ):
        assert [span.mask for span in read_days(text.lower())] == [mask], text


# -- one line ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "08:00 compute agents weekdays Asia/Shanghai",
            ScheduleRequest(480, WEEKDAYS, "Asia/Shanghai", ("compute", "agents")),
        ),
        ("早上8点 算力", ScheduleRequest(480, None, None, ("算力",))),
        ("每天早上8点北京算力和智能体", ScheduleRequest(480, EVERY_DAY, "Asia/Shanghai", ("算力", "智能体"))),
        (
            "8am computing network, chips -GPU",
            ScheduleRequest(480, queries=("computing network", "chips -GPU")),
        ),
        (
            '下午3点半 算力、智能体 "液冷" -英伟达 北京时间',
            ScheduleRequest(930, None, "Asia/Shanghai", ("算力", '智能体 "液冷" -英伟达')),
        ),
        (
            'compute "liquid cooling" agents -GPU 08:00',
            ScheduleRequest(480, queries=('compute "liquid cooling"', "agents -GPU")),
        ),
        ("compute, -GPU 9:00", ScheduleRequest(540, queries=("compute -GPU",))),
        ("compute agents Brazil 8 pm", ScheduleRequest(1200, queries=("compute agents Brazil",))),
        ("compute New York 9am", ScheduleRequest(540, None, "America/New_York", ("compute",))),
        ("compute every day at 8 in Tokyo", ScheduleRequest(480, EVERY_DAY, "Asia/Tokyo", ("compute",))),
        ("算力 東京 晚上九點", ScheduleRequest(1260, None, "Asia/Tokyo", ("算力",))),
        ('"Sun Microsystems" 08:00', ScheduleRequest(480, queries=('"Sun Microsystems"',))),
        ("compute Singapore", ScheduleRequest(queries=("compute", "Singapore"))),
        ("compute Singapore time", ScheduleRequest(None, None, "Asia/Singapore", ("compute",))),
        ("compute, Compute, 算力", ScheduleRequest(queries=("compute",))),
        ("每天给我推送算力的新闻 8点", ScheduleRequest(480, EVERY_DAY, None, ("算力",))),
        ("GPT 5 at 8:30", ScheduleRequest(510, queries=("GPT 5",))),
        ("compute UTC+8", ScheduleRequest(None, None, "Etc/GMT-8", ("compute",))),
        ("UTC+5:30 compute", ScheduleRequest(None, None, "Asia/Kolkata", ("compute",))),
        ("7am compute GMT+05:30", ScheduleRequest(420, None, "Asia/Kolkata", ("compute",))),
        ("UTC+8:00 早上8点 算力", ScheduleRequest(480, None, "Etc/GMT-8", ("算力",))),
        ("UTC 8:00 compute", ScheduleRequest(480, None, "UTC", ("compute",))),
        ("07:30", ScheduleRequest(450)),
        ("daily", ScheduleRequest(None, EVERY_DAY)),
        ("", ScheduleRequest()),
    ],
)
def test_one_line_says_it_all(text: str, expected: ScheduleRequest, parser: ScheduleParser) -> None:
    assert parser.parse(text) == expected


@pytest.mark.parametrize(
    ("text", "trouble", "troubling"),
    [
        ("25:00 compute", "no_such_time", "25:00"),
        ("08:00 20:00 compute", "two_times", "20:00"),
        ("8 compute", "bare_hour", "8"),
        ("Asia/Foo 9:00 compute", "no_such_zone", "Asia/Foo"),
        ("compute UTC+25", "no_such_zone", "UTC+25"),
        ("compute CST 9:00", "no_such_zone", "CST"),
        ("compute Asia/Tokyo UTC+8", "two_zones", "UTC+8"),
    ],
)
def test_what_cannot_be_understood_is_named(
    text: str, trouble: str, troubling: str, parser: ScheduleParser
) -> None:
    request = parser.parse(text)
    assert (request.trouble, request.troubling) == (trouble, troubling)


def test_the_same_time_or_zone_twice_is_no_second_one(parser: ScheduleParser) -> None:
    assert parser.parse("08:00 早上8点 compute UTC Etc/UTC").trouble in (None, "two_zones")
    assert parser.parse("08:00 早上8点 compute").trouble is None


def test_a_digest_takes_so_many_topics_and_no_more(parser: ScheduleParser, glossary: Glossary) -> None:
    names = [topic.names["en"] for topic in list(glossary.topics.values())[: MAX_QUERIES + 1]]
    assert parser.parse("8:00 " + ", ".join(names[:-1])).trouble is None
    request = parser.parse("8:00 " + ", ".join(names))
    assert (request.trouble, request.troubling, len(request.queries)) == (
        "too_many_topics",
        names[-1],
        MAX_QUERIES,
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_name_of_every_topic_is_one_query(
    language: str, parser: ScheduleParser, glossary: Glossary
) -> None:
    """The longest name wins, and no name is taken for a day, a time or a place."""
    lines = {"en": "08:00 {} weekdays Asia/Tokyo", "zh": "早上8点 {} 工作日 东京时间"}
    expected = (480, WEEKDAYS, "Asia/Tokyo")
    wrong = {}
    for topic in glossary.topics.values():
        name = topic.names[language]
        request = parser.parse(lines[language].format(name))
        if (request.minute, request.days, request.timezone, request.queries) != (*expected, (name,)):
            wrong[name] = request
    assert wrong == {}


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_the_pieces_does_not_matter(parser: ScheduleParser, drawn: st.DataObject) -> None:

    minute, mask = drawn.draw(MINUTES), drawn.draw(MASKS)
    zone = drawn.draw(st.sampled_from(["Asia/Shanghai", "UTC+8", "New York", "纽约", "北京时间"]))
    topics = drawn.draw(st.sampled_from(['compute -"H20"', "智能体", "computing network", '"quoted 08:00"']))
    clock = drawn.draw(st.sampled_from([clock_of(minute), f"{minute // 60}点{minute % 60}分"]))
    pieces = [clock, "周" + "".join(day_names(mask, "zh")), zone, topics]
    request = parser.parse(" , ".join(drawn.draw(st.permutations(pieces))))
    assert (request.minute, request.days, request.trouble) == (minute, mask, None)
    assert request.queries == (topics,)
    assert request.timezone is not None


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.sampled_from('ab8:0点半周一三-"“”，, /\u202e\0+算力utc时间 MonTokyo'), max_size=60)
    | st.text()
)
def test_nothing_raises_and_what_is_understood_is_possible(parser: ScheduleParser, text: str) -> None:
    request = parser.parse(text)
    assert request.minute is None or 0 <= request.minute < 24 * 60
    assert request.days is None or 0 < request.days <= EVERY_DAY
    assert len(request.queries) <= MAX_QUERIES
    assert all(query.strip() for query in request.queries)
