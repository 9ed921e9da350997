"""Sentences as people write them after /subscribe: each is saved as it was meant, or asked back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.dialogue.schedule_text import ScheduleParser, ScheduleRequest
from bot.digests.schedule import EVERY_DAY, month_day
from bot.library.glossary import Glossary
from bot.library.query import understand
from bot.rendering.moments import clock_of, day_names
from bot.text.segment import Segmenter

ASKED = "?"
# A sentence, and what is saved: time, days, zone (- for the chat's own), topics.
SENTENCES = """
08:00 compute Berlin | 08:00 daily Europe/Berlin compute
8:30 in the evening compute Berlin | 20:30 daily Europe/Berlin compute
compute at 9 tonight Berlin | 21:00 daily Europe/Berlin compute
every day at 5 in the afternoon compute Berlin | 17:00 daily Europe/Berlin compute
half past seven in the evening compute Madrid | 19:30 daily Europe/Madrid compute
quarter past 6 in the morning chips | 06:15 daily - chips
noon compute | 12:00 daily - compute
midnight compute | 00:00 daily - compute
at 8 compute in the evening | 20:00 daily - compute
every night at 9 compute London | 21:00 daily Europe/London compute
early in the morning at 6 chips Tokyo | 06:00 daily Asia/Tokyo chips
first thing in the morning at 7 compute | 07:00 daily - compute
7am weekdays compute, robots New York | 07:00 Mon,Tue,Wed,Thu,Fri America/New_York compute,robots
08:00 except weekends compute Berlin | 08:00 Mon,Tue,Wed,Thu,Fri Europe/Berlin compute
08:00 every day except Sunday compute Berlin | 08:00 Mon,Tue,Wed,Thu,Fri,Sat Europe/Berlin compute
every day but Sunday 08:00 compute | 08:00 Mon,Tue,Wed,Thu,Fri,Sat - compute
weekdays except Friday 07:30 chips | 07:30 Mon,Tue,Wed,Thu - chips
every evening at 7 except Saturdays compute London | 19:00 Mon,Tue,Wed,Thu,Fri,Sun Europe/London compute
Mon, Thu 08:00 compute | 08:00 Mon,Thu - compute
weekly Mon 08:00 compute | 08:00 Mon - compute
weekly on Monday at 8am compute Berlin | 08:00 Mon Europe/Berlin compute
once a week on Friday 17:00 chips Tokyo | 17:00 Fri Asia/Tokyo chips
every Monday at 8 in the morning compute, chips | 08:00 Mon - compute,chips
Tuesdays and Thursdays at 18:00 AI agents Paris | 18:00 Tue,Thu Europe/Paris AI agents
at a quarter to nine in the evening compute Berlin | 20:45 daily Europe/Berlin compute
sundays at noon AI chips Hawaii | 12:00 Sun Pacific/Honolulu AI chips
8am compute Texas | 08:00 daily America/Chicago compute
8am Mon, Thu robots British Columbia | 08:00 Mon,Thu America/Vancouver robots
Germany compute every day 8am | 08:00 daily - Germany,compute
8am compute Germany time | 08:00 daily Europe/Berlin compute
all week long except Wednesday 19:00 chips Paris | 19:00 Mon,Tue,Thu,Fri,Sat,Sun Europe/Paris chips
9 p.m. daily chips Nepal time | 21:00 daily Asia/Kathmandu chips
weekends at 10:30 robots Sydney | 10:30 Sat,Sun Australia/Sydney robots
all days save Monday 08:00 compute | 08:00 Tue,Wed,Thu,Fri,Sat,Sun - compute
every weekday evening at 7 compute | 19:00 Mon,Tue,Wed,Thu,Fri - compute
Saturday mornings at 9 compute | 09:00 Sat - compute
on the 31st of each month at 6 in the evening compute Berlin | 18:00 month:31 Europe/Berlin compute
12:30 am compute | 00:30 daily - compute
monthly on the 1st at 9am compute | 09:00 month:1 - compute
09:00 on the first of the month compute Berlin | 09:00 month:1 Europe/Berlin compute
on the 15th of every month at noon compute | 12:00 month:15 - compute
the last day of the month 18:00 compute | 18:00 month:31 - compute
08:00 compute Australian Eastern Time | 08:00 daily Australia/Sydney compute
08:00 compute UTC+5.30 | 08:00 daily Asia/Kolkata compute
08:00 compute UTC+5.5 | 08:00 daily Asia/Kolkata compute
08:00 compute UTC+5:45 | 08:00 daily Asia/Kathmandu compute
08:00 compute GMT+9.5 | 08:00 daily Australia/Darwin compute
08:00 compute +05:30 | 08:00 daily Asia/Kolkata compute
09:00 compute UTC 8 | 09:00 daily Etc/GMT-8 compute
08:00 compute India time | 08:00 daily Asia/Kolkata compute
08:00 compute Eastern European Time | 08:00 daily Europe/Athens compute
08:00 compute MSK | 08:00 daily Europe/Moscow compute
08:00 compute Singapore | 08:00 daily Asia/Singapore compute
08:00 compute, Singapore | 08:00 daily - compute,Singapore
Singapore 08:00 | 08:00 daily - Singapore
08:00 compute, Germany | 08:00 daily - compute,Germany
08:00 compute Beijing time | 08:00 daily Asia/Shanghai compute
每天早上8点 算力 | 08:00 daily - 算力
每晚九点 算力 柏林 | 21:00 daily Europe/Berlin 算力
晚上八点 算力 纽约时间 | 20:00 daily America/New_York 算力
早上7点45 芯片 东京 | 07:45 daily Asia/Tokyo 芯片
下午3点 智能体 东八区 | 15:00 daily Etc/GMT-8 智能体
凌晨2点 算力 | 02:00 daily - 算力
中午 算力 | 12:00 daily - 算力
傍晚六点半 算力 伦敦 | 18:30 daily Europe/London 算力
工作日 18:30 智能体 悉尼 | 18:30 Mon,Tue,Wed,Thu,Fri Australia/Sydney 智能体
每天8点 周末除外 算力 | 08:00 Mon,Tue,Wed,Thu,Fri - 算力
除了周日每天早上7点 算力 | 07:00 Mon,Tue,Wed,Thu,Fri,Sat - 算力
工作日除周三 8点 算力 | 08:00 Mon,Tue,Thu,Fri - 算力
每周一早上8点 算力、芯片 | 08:00 Mon - 算力,芯片
每周日晚上9点半 大模型 北京 | 21:30 Sun Asia/Shanghai 大模型
每周二、周四 18:00 机器人 上海 | 18:00 Tue,Thu Asia/Shanghai 机器人
每天8点 算力 新加坡 | 08:00 daily Asia/Singapore 算力
周一到周四晚上9点 算力 香港 | 21:00 Mon,Tue,Wed,Thu Asia/Hong_Kong 算力
晚上八点半 大模型 首尔 | 20:30 daily Asia/Seoul 大模型
工作日早上七点三刻 芯片 北京 | 07:45 Mon,Tue,Wed,Thu,Fri Asia/Shanghai 芯片
每月31号晚上六点 算力 | 18:00 month:31 - 算力
午夜十二点 算力 | 00:00 daily - 算力
逢周三 8点 算力 | 08:00 Wed - 算力
周六日 9点 算力 | 09:00 Sat,Sun - 算力
早上8点 算力 夏威夷 | 08:00 daily Pacific/Honolulu 算力
早上8点 算力 德国时间 | 08:00 daily Europe/Berlin 算力
德国 早上8点 | 08:00 daily - 德国
每月1号早上9点 算力 柏林 | 09:00 month:1 Europe/Berlin 算力
每个月十五号 9点 算力 | 09:00 month:15 - 算力
每月最后一天 18:00 算力 | 18:00 month:31 - 算力
"""
ASKED_BACK = """
every 6 hours compute Berlin
9:00 first Monday of the month compute Berlin
last Friday of every month 17:00 compute
1st and 15th of each month 9:00 compute
monthly compute 9:00
every other day 8:00 compute
every two weeks Mon 8:00 compute
fortnightly 8:00 compute
quarterly 8:00 compute
twice a day compute
from Monday 8:00 compute
8:00 compute until Friday
tomorrow 8:00 compute
every evening compute
morning and evening compute
at sunrise compute
8 in the morning and 9 in the evening compute
12 in the morning compute
8-9pm compute
08:00 compute BST
08:00 compute CST
08:00 compute Central
08:00 compute UTC+25
Monday or Friday 8:00 compute
every second Tuesday 9:00 compute
half eight in the evening compute
08:00 Singapore
every day 8am Germany
every day 8am compute Germany
8am compute Brazil
7:45 chips Georgia
08:00 Hawaii
早上8点 算力 德国
08:00 compute UTC-3:30
07:00 compute UTC plus 8
every 3 days at 8:00 compute
每两小时 算力
每隔两天 8点 算力
每月最后一个周五 17点 算力
每月初一 8点 算力
隔天 8点 算力
双周 8点 算力
每两周 周一 8点 算力
每月 9点 算力
每月底 9点 算力
每月1号和15号 9点 算力
每月第一个周一 9点 算力
从周一 8点 算力
早上 算力
早上8点和晚上8点 算力
晚上4点 算力
8点之后 算力
8点 算力 美国时间
"""


@pytest.fixture(scope="module")
def parser(glossary: Glossary, segmenter: Segmenter) -> ScheduleParser:
    return ScheduleParser(glossary, segmenter, lambda text: understand(text, glossary, segmenter))


def saved(request: ScheduleRequest) -> str:
    """Return what is saved of a request, in the form of the table; "?" if it is asked back."""
    if request.trouble or request.minute is None or not request.queries:
        return ASKED
    days = request.days or EVERY_DAY
    names = f"month:{month_day(days)}" if month_day(days) else ",".join(day_names(days, "en"))
    return f"{clock_of(request.minute)} {'daily' if days == EVERY_DAY else names} {request.timezone or '-'} {','.join(request.queries)}"


def rows() -> list[list[str]]:
    return [line.split(" | ") for line in SENTENCES.strip().splitlines()]


@pytest.mark.parametrize(("sentence", "meant"), rows())
def test_a_sentence_is_saved_as_it_was_meant(sentence: str, meant: str, parser: ScheduleParser) -> None:
    assert saved(parser.parse(sentence)) == meant


@pytest.mark.parametrize("sentence", ASKED_BACK.strip().splitlines())
def test_what_is_half_said_or_cannot_be_is_asked_back(sentence: str, parser: ScheduleParser) -> None:
    assert saved(parser.parse(sentence)) == ASKED


def test_the_public_cases_are_saved_right_or_asked_back(parser: ScheduleParser) -> None:
    if not (folder := os.environ.get("TRENDBOT_SHARED")):
        pytest.skip("TRENDBOT_SHARED names no folder")
    lines = [
        line.removeprefix("/subscribe ").split("\t")
        for number in ("07-", "08-", "09-", "10-")
        for case in Path(folder, "cases").glob(f"{number}*/input.txt")
        for line in case.read_text("utf-8").splitlines()
    ]
    assert len(lines) > 9
    for sentence, *columns in lines:
        meant = columns[0].replace("on weekdays", "Mon,Tue,Wed,Thu,Fri") if columns else "month:"
        found = saved(parser.parse(sentence))
        assert found == ASKED or meant in found, sentence
