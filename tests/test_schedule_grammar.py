"""A schedule is saved as it was written, or asked back: never half understood."""

from __future__ import annotations

import random

import pytest
from schedule_kit import compose, reading

from bot.dialogue.schedule_text import ScheduleParser, ScheduleRequest
from bot.digests.schedule import month_day
from bot.library.glossary import Glossary
from bot.library.query import understand
from bot.rendering.moments import clock_of, day_names
from bot.text.segment import Segmenter


@pytest.fixture(scope="session")
def parser(glossary: Glossary, segmenter: Segmenter) -> ScheduleParser:
    return ScheduleParser(glossary, segmenter, lambda text: understand(text, glossary, segmenter))


def days_of(request: ScheduleRequest) -> str:
    return " ".join(day_names(request.days or 0b1111111, "en"))


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8:30 in the evening compute Berlin", "20:30"),
        ("compute at 9 tonight Berlin", "21:00"),
        ("every day at 5 in the afternoon compute Berlin", "17:00"),
        ("10 at night compute Berlin", "22:00"),
        ("every night at 9 compute Berlin", "21:00"),
        ("compute nightly at 11:15 Berlin", "23:15"),
        ("weekday mornings at 7 compute Berlin", "07:00"),
        ("every evening compute Berlin at 8", "20:00"),
        ("12 noon compute Berlin", "12:00"),
        ("12:30 in the afternoon compute Berlin", "12:30"),
        ("half past eight in the evening compute Berlin", "20:30"),
        ("quarter to nine pm compute Berlin", "20:45"),
        ("at eight in the morning compute Berlin", "08:00"),
        ("20:30 in the evening compute Berlin", "20:30"),
        ("每晚九点 算力 柏林", "21:00"),
        ("每天傍晚6点 算力 柏林", "18:00"),
        ("晚上0点 算力 柏林", "00:00"),
        ("晚上1点 算力 柏林", "01:00"),
        ("深夜11点半 算力 柏林", "23:30"),
        ("大清早6点 算力 柏林", "06:00"),
    ],
)
def test_a_part_of_the_day_says_which_hour_is_meant(text: str, clock: str, parser: ScheduleParser) -> None:
    request = parser.parse(text)
    assert (clock_of(request.minute or 0), request.trouble) == (clock, None)
    assert request.queries in (("compute",), ("算力",))


def test_an_hour_after_midnight_of_an_evening_is_on_the_next_day(parser: ScheduleParser) -> None:
    def saved(text: str) -> tuple[int | None, int | None]:
        request = parser.parse(text)
        assert request.trouble is None
        return request.minute, request.days

    assert saved("礼拜天晚上十二点 算力") == (0, 0b0000001)
    assert saved("周五夜里一点半 算力") == (90, 0b0100000)
    assert saved("compute Friday night at 1") == (60, 0b0100000)
    assert saved("周日凌晨一点 算力") == (60, 0b1000000)
    assert saved("周日零点 算力") == (0, 0b1000000)
    assert saved("周日晚上八点 算力") == (20 * 60, 0b1000000)
    assert saved("每天晚上十二点 算力") == (0, 0b1111111)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("compute tonight", "which_hour"),
        ("compute every evening Berlin", "which_hour"),
        ("每天早上 算力", "which_hour"),
        ("8 pm in the morning compute", "no_such_time"),
        ("12 in the morning compute", "no_such_time"),
        ("早上20点 算力", "no_such_time"),
        ("晚上4点 算力", "no_such_time"),
        ("8 in the morning and 9 in the evening compute", "two_times"),
        ("between 8 and 9 compute", "unclear_words"),
        ("8-9pm compute", "unclear_words"),
        ("after 8pm compute", "unclear_words"),
        ("08:00Z compute", "unclear_words"),
        ("20h compute", "unclear_words"),
        ("8点之后 算力", "unclear_words"),
        ("08:00 compute 8", "unclear_words"),
        ("compute 2030", "unclear_words"),
        ("08:00 time series", "unclear_words"),
        ("08:00 compute -weekends", "unclear_words"),
    ],
)
def test_what_is_left_over_of_a_command_is_never_the_topic(
    text: str, trouble: str, parser: ScheduleParser
) -> None:
    assert parser.parse(text).trouble == trouble


@pytest.mark.parametrize(
    "text",
    [
        '"time series" 08:00',
        "Llama 3 08:00",
        "GPT 5 at 8:30",
        '8点 "时间序列"',
        "08:00 5G",
        "08:00 3D printing",
    ],
)
def test_a_name_with_a_number_and_quoted_words_are_topics(text: str, parser: ScheduleParser) -> None:
    request = parser.parse(text)
    assert (request.trouble, len(request.queries)) == (None, 1)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("08:00 except weekends compute Berlin", "Mon Tue Wed Thu Fri"),
        ("08:00 every day except Sunday compute Berlin", "Mon Tue Wed Thu Fri Sat"),
        ("08:00 daily but not on Fridays compute", "Mon Tue Wed Thu Sat Sun"),
        ("08:00 weekdays without Wednesday compute", "Mon Tue Thu Fri"),
        ("08:00 daily apart from weekends compute", "Mon Tue Wed Thu Fri"),
        ("08:00 every day except Sat and Sun compute", "Mon Tue Wed Thu Fri"),
        ("08:00 Mon-Fri, but not Tue, compute", "Mon Wed Thu Fri"),
        ("08:00 no weekends compute", "Mon Tue Wed Thu Fri"),
        ("08:00 weekly on Friday compute", "Fri"),
        ("08:00 daily Mon to Wed compute", "Mon Tue Wed"),
        ("07:00 compute don't send on weekends", "Mon Tue Wed Thu Fri"),
        ("07:00 compute, I don’t want it on Sundays", "Mon Tue Wed Thu Fri Sat"),
        ("07:00 compute, won't need it on Sunday", "Mon Tue Wed Thu Fri Sat"),
        ("07:00 daily, Sundays not included, compute", "Mon Tue Wed Thu Fri Sat"),
        ("07:00 daily w/o Sunday compute", "Mon Tue Wed Thu Fri Sat"),
        ("07:00 daily !Sunday compute", "Mon Tue Wed Thu Fri Sat"),
        ("8点 非周末 算力", "Mon Tue Wed Thu Fri"),
        ("8点 周五非农数据", "Fri"),
        ("8点 周五 停电", "Fri"),
        ("8点 周五 暂停键公司", "Fri"),
        ("08:00 pay-off of compute Friday", "Fri"),
        ("8点 别在周末发 算力", "Mon Tue Wed Thu Fri"),
        ("8点 每天发，礼拜天不用 算力", "Mon Tue Wed Thu Fri Sat"),
        ("8点 周末免打扰 算力", "Mon Tue Wed Thu Fri"),
        ("8点 除了周末 算力", "Mon Tue Wed Thu Fri"),
        ("8点 除周日外每天 算力", "Mon Tue Wed Thu Fri Sat"),
        ("8点 除周一和周三外的每天 算力", "Tue Thu Fri Sat Sun"),
        ("8点 每天 周六周日除外 算力", "Mon Tue Wed Thu Fri"),
        ("8点 工作日，不含周五 算力", "Mon Tue Wed Thu"),
        ("8点 周末不要 算力", "Mon Tue Wed Thu Fri"),
    ],
)
def test_days_that_are_left_out_are_left_out(text: str, days: str, parser: ScheduleParser) -> None:
    request = parser.parse(text)
    assert (days_of(request), request.trouble, len(request.queries)) == (days, None, 1)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("08:00 weekends except Sat and Sun compute", "no_day_left"),
        ("8点 每天除了每天 算力", "no_day_left"),
        ("08:00 Monday or Friday compute", "unclear_words"),
        ("08:00 not every Monday compute", "unclear_words"),
        ("08:00 daily compute, I'm away on Sundays", "unclear_words"),
        ("08:00 except weekends, Monday compute", "unclear_words"),
        ("08:00 compute excluding holidays", "unclear_words"),
        ("8点 除了节假日 算力", "unclear_words"),
        ("芯片 过年期间 8点", "unclear_words"),
        ("芯片 三天后 8点", "no_such_rhythm"),
        ("芯片 8点 两个月之后", "no_such_rhythm"),
        ("8点 周一 周日除外 算力", "unclear_words"),
    ],
)
def test_days_that_can_be_meant_in_two_ways_are_asked_back(
    text: str, trouble: str, parser: ScheduleParser
) -> None:
    assert parser.parse(text).trouble == trouble


@pytest.mark.parametrize(
    ("text", "queries"),
    [
        ("08:00 compute without GPU Berlin", ("compute without GPU",)),
        ("08:00 compute, agents not GPU", ("compute", "agents not GPU")),
        ("08:00 without GPU, compute", ("compute without GPU",)),
        ("08:00 compute, -GPU", ("compute -GPU",)),
        ("8点 算力 不含英伟达", ("算力 不含英伟达",)),
        ("8点 除了芯片 算力 工作日", ("除了芯片 算力",)),
    ],
)
def test_a_topic_that_is_left_out_is_never_asked_for(
    text: str, queries: tuple[str, ...], parser: ScheduleParser
) -> None:
    request = parser.parse(text)
    assert (request.trouble, request.queries) == (None, queries)
    understood = [parser.understand(query) for query in request.queries]
    assert any(query.excluded for query in understood)
    assert not any({"gpu", "nvidia", "chips"} & set(query.topics) for query in understood)


@pytest.mark.parametrize(
    "text",
    [
        "08:00 compute except birthdays",
        "8点 算力 除了生日",
        "8点 算力 除了节假日",
        "08:00 compute without GPU and chips",
        "每天早晚8点 算力",
        "早九晚五8点 算力",
        "08:00 weeknights compute",
        "08:00 compute Paris, Texas",
        "08:00 compute UTC+5¾",
        "compute not GPU 8-9pm",
        "compute UTC 8 nightly",
    ],
)
def test_the_rest_of_a_word_or_of_a_place_is_asked_back(text: str, parser: ScheduleParser) -> None:
    assert parser.parse(text).trouble in ("unclear_words", "no_such_zone")


@pytest.mark.parametrize(
    "text",
    [
        "every 6 hours compute Berlin",
        "9:00 first Monday of the month compute Berlin",
        "08:00 compute now and then",
        "08:00 compute on even days",
        "逢五逢十 早上8点 算力",
        "初一十五 早上8点 算力",
        "偶数日早上8点 算力",
        "9:00 every other day compute",
        "9:00 fortnightly compute",
        "9:00 on the 1st compute",
        "twice a day compute",
        "hourly compute",
        "9:00 next Monday compute",
        "9am tomorrow compute",
        "9:00 compute until Friday",
        "9:00 12/24 compute",
        "每两小时 算力",
        "隔天早上8点 算力",
        "双周一早上8点 算力",
        "下周一早上8点 算力",
        "8点 每周三次 算力",
        "12月5日早上8点 算力",
        "每半小时 算力",
    ],
)
def test_a_rhythm_that_no_digest_has_is_said(text: str, parser: ScheduleParser) -> None:
    assert parser.parse(text).trouble == "no_such_rhythm"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("每月1号早上9点 算力 柏林", 1),
        ("每个月的十五号 9点 算力", 15),
        ("每月三十一日 9点 算力", 31),
        ("每月最后一天 9点 算力", 31),
        ("monthly on the 1st at 9am compute", 1),
        ("9:00 compute, on the 22nd of every month", 22),
        ("first of the month compute 9:00", 1),
        ("9:00 the last day of each month compute", 31),
        ("monthly on day 3, 9am, compute", 3),
    ],
)
def test_a_day_of_each_month_is_read(text: str, day: int, parser: ScheduleParser) -> None:
    request = parser.parse(text)
    assert (month_day(request.days or 0), request.minute, request.trouble) == (day, 540, None)
    assert request.queries in (("compute",), ("算力",))


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("9:00 monthly compute", "which_month_day"),
        ("每月 9点 算力", "which_month_day"),
        ("每月底 9点 算力", "which_month_day"),
        ("monthly except the 1st 9:00 compute", "which_month_day"),
        ("每月1号除外 9点 算力", "which_month_day"),
        ("每月1号和15号 9点 算力", "which_month_day"),
        ("每月1号到5号 9点 算力", "which_month_day"),
        ("每月32号 9点 算力", "which_month_day"),
        ("1st and 15th of each month 9:00 compute", "no_such_rhythm"),
        ("after the 15th of each month 9:00 compute", "no_such_rhythm"),
        ("monthly on the first Monday 9am compute", "unclear_words"),
        ("每月1号 每周一 9点 算力", "unclear_words"),
        ("from Monday 9:00 compute", "unclear_words"),
        ("从周一 9点 算力", "unclear_words"),
        ("9:00 compute Central", "no_such_zone"),
    ],
)
def test_a_month_or_a_week_that_is_half_said_is_asked_back(
    text: str, trouble: str, parser: ScheduleParser
) -> None:
    assert parser.parse(text).trouble == trouble


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Australian Eastern Time", "Australia/Sydney"),
        ("UTC+5.30", "Asia/Kolkata"),
        ("UTC+5.5", "Asia/Kolkata"),
        ("UTC 8", "Etc/GMT-8"),
        ("+5:30", "Asia/Kolkata"),
        ("-05:00", "Etc/GMT+5"),
        ("Indian Standard Time", "Asia/Kolkata"),
        ("Eastern European Time", "Europe/Athens"),
        ("UK time", "Europe/London"),
        ("MSK", "Europe/Moscow"),
        ("NZST", "Pacific/Auckland"),
        ("BRT", "America/Sao_Paulo"),
        ("New York City", "America/New_York"),
        ("London, UK", "Europe/London"),
        ("Tel Aviv", "Asia/Jerusalem"),
        ("Berlin timezone", "Europe/Berlin"),
        ("日本东京", "Asia/Tokyo"),
        ("东5区半", "Asia/Kolkata"),
        ("澳大利亚东部时间", "Australia/Sydney"),
        ("格林尼治标准时间", "UTC"),
        ("北京时区", "Asia/Shanghai"),
        ("阿联酋时间", "Asia/Dubai"),
    ],
)
def test_a_zone_is_read_whole(zone: str, name: str, parser: ScheduleParser) -> None:
    assert parser.parse(f"09:00 compute {zone}") == ScheduleRequest(540, None, name, ("compute",))


@pytest.mark.parametrize(
    "zone",
    ["CST", "IST", "US time", "UTC+5.7", "UTC+25", "utc8", "local time", "Samoan Eastern Time", "美国时间",
     "东十九区", "美国中西部时间", "UTC+8小时", "GMT plus 8"],
)  # fmt: skip
def test_a_zone_that_is_read_in_part_is_asked_back(zone: str, parser: ScheduleParser) -> None:
    assert parser.parse(f"09:00 compute {zone}").trouble in ("no_such_zone", "unclear_words")


def test_composed_phrases_are_saved_as_they_were_meant_or_asked_back(parser: ScheduleParser) -> None:
    """A small run of tests/bench/schedules.py."""
    chance = random.Random(7)  # noqa: S311 -- a test, repeatable
    phrases = [compose(chance) for _ in range(600)]
    supported = [phrase for phrase in phrases if phrase.supported]
    readings = {phrase: reading(parser.parse(phrase.text)) for phrase in phrases}
    wrong = {p.text: saved for p, saved in readings.items() if saved is not None and saved != p}
    assert wrong == {}
    right = sum(readings[phrase] == phrase for phrase in supported)
    assert len(supported) > 250
    assert right >= 0.85 * len(supported)
