"""A recap says who is to do what and by when, and how many answered a question with yes or no."""

from __future__ import annotations

import pytest
from talk_kit import talk

from bot.app import App
from bot.recaps.answers import tallies
from bot.recaps.lines import cut_lines
from bot.recaps.reactions import Reactions
from bot.recaps.reading import LIVE, read_talk
from bot.recaps.tasks import find_tasks


def tasks(app: App, said: str) -> list[tuple[str, str]]:
    """Return the tasks in a talk: who is to do something, and by when."""
    reading = read_talk(talk(said), 0, LIVE)
    lines = cut_lines(reading.messages, app.segmenter)
    return [
        (task.who, task.due)
        for task in find_tasks(
            lines, reading.messages, Reactions(lines, reading.messages, reading.courtesies)
        )
    ]


@pytest.mark.parametrize(
    ("said", "who", "due"),
    [
        ("Omar: I will ask the vendor for a quote by Friday.", "Omar", "by Friday"),
        ("Omar: I'll send the minutes to everybody", "Omar", ""),
        ("Omar: I'll renew the licence at 5,000 yuan per month", "Omar", ""),
        ("Omar: I'll send the vendor's offer next month", "Omar", "next month"),
        ("Ann: Omar will update the status page tomorrow\nOmar: ok", "Omar", "tomorrow"),
        (
            "Omar: the quote came\nAnn: Omar, can you renew the licence by 12 December?\nOmar: sure",
            "Omar",
            "by 12 December",
        ),
        ("小雨: 报价到了\n李雷: 小雨负责整理周五的材料\n小雨: 好的", "小雨", "周五"),
        ("Omar: I'll send the vendor's examples after today", "Omar", ""),
        ("Omar: I'll send the vendor's offer after lunch, by Friday", "Omar", "by Friday"),
        ("陈浩: 我来写会议纪要，周五之后发出来", "陈浩", ""),
        ("陈浩: 我下午去联系物业", "陈浩", ""),
        ("陈浩: 我来部署接口，周三前弄好", "陈浩", "周三前"),
        ("陈浩: 好，我今天改会议室的模板", "陈浩", "今天"),
        ("陈浩: 我明天把报价单发给供应商", "陈浩", "明天"),
        ("陈浩: 我来写会议纪要，周五前发出来", "陈浩", "周五前"),
        ("小雨: 报价到了\n李雷: 麻烦小雨把报价单整理一下，下周三之前\n小雨: 收到", "小雨", "下周三之前"),
        ("陈浩: 可以，隐私政策我周五前跟法务过一遍", "陈浩", "周五前"),
        ("陈浩: 停服公告我来写，周五上午发", "陈浩", "周五上午"),
        ("陈浩: 行，我来讲，幻灯片月底前给大家", "陈浩", "月底前"),
        ("Omar: the quote came\nAnn: Omar executes the order over two weeks\nOmar: will do", "Omar", ""),
        ("Ann: TODO: Omar: order the new badges before Monday", "Omar", "before Monday"),
    ],
)
def test_who_takes_something_on_has_a_task(app: App, said: str, who: str, due: str) -> None:
    assert tasks(app, said) == [(who, due)]


FRIDAY = "Omar: I'll order the badges by Friday.\n"
QUOTE = "陈浩: 报价单我周五前发给供应商\n"


@pytest.mark.parametrize(
    ("said", "due"),
    [
        (FRIDAY + "Ann: can you make it Thursday?\nOmar: sure", "Thursday"),
        (FRIDAY + "Cem: the lift is broken\nOmar: badges will be Monday, the shop is closed", "Monday"),
        (FRIDAY + "Bob: no, Monday is better\nOmar: ok, Monday", "Monday"),
        (FRIDAY + "Ann: great\nOmar: I'll order the badges on Wednesday then", "on Wednesday"),
        (FRIDAY + "Ann: Friday is too late, Wednesday?\nOmar: ok", "Wednesday"),
        (QUOTE + "李雷: 周五太晚了，周三行吗\n陈浩: 行，那周三", "周三"),
        (QUOTE + "小雨: 周一有台风\n陈浩: 报价单推迟到下周二", "下周二"),
        (QUOTE + "李雷: 周五来得及吗\n陈浩: 来不及，报价单改成下周一吧，今天没空", "下周一"),
    ],
)
def test_a_task_that_is_moved_has_the_day_agreed_on_last(app: App, said: str, due: str) -> None:
    assert [day for _, day in tasks(app, said)] == [due]


REPORT = "Omar: the crane is late\nAnn: Omar will write the report on the outage\n"
OFFER = "陈浩: 报价到了\n李雷: 陈浩周五前整理报价单\n"


@pytest.mark.parametrize(
    ("said", "task"),
    [
        (FRIDAY + "Ann: no, Carol takes it\nCarol: ok", ("Carol", "by Friday")),
        (FRIDAY + "Carol: I'll take it instead", ("Carol", "by Friday")),
        (FRIDAY + "Cem: the crane is late\nAnn: Cem takes the badges", ("Cem", "by Friday")),
        (REPORT + "Dan: actually let Carol do it\nCarol: sure", ("Carol", "")),
        (REPORT + "Dan: give it to Carol\nCarol: sure", ("Carol", "")),
        (REPORT + "Dan: wait, Carol is going to do that one instead\nCarol: yes", ("Carol", "")),
        (REPORT + "Carol: I'll take that one\nCarol: by Monday then", ("Carol", "by Monday")),
        (OFFER + "陈浩: 好\n李雷: 还是小雨来吧\n小雨: 好的", ("小雨", "周五前")),
        (OFFER + "李雷: 改由小雨负责\n小雨: 收到", ("小雨", "周五前")),
        (OFFER + "小雨: 不，我来吧", ("小雨", "周五前")),
        (OFFER + "李雷: 交给小雨吧\n小雨: 收到", ("小雨", "周五前")),
        (OFFER + "陈浩: 行，周三\n李雷: 换小雨做\n小雨: 收到", ("小雨", "周三")),
    ],
)
def test_a_task_that_another_person_takes_over_is_theirs(app: App, said: str, task: tuple[str, str]) -> None:
    assert tasks(app, said) == [task]


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (FRIDAY + "Ann: Carol takes the train to Paris\nCarol: the crane is late", "Omar"),
        (FRIDAY + "Bob: who takes it to the board?\nAnn: the board takes it", "Omar"),
        (FRIDAY + "Carol: should I take it?", "Omar"),
        (FRIDAY + "Bob: somebody has to mend the fence\nCarol: I'll do it", "Omar"),
        (OFFER + "李雷: 围栏坏了要修\n小雨: 我来吧", "陈浩"),
        (OFFER + "小雨: 我去吃饭了", "陈浩"),
        (OFFER + "小雨: 我做饭", "陈浩"),
    ],
)
def test_who_takes_something_else_takes_over_no_task(app: App, said: str, who: str) -> None:
    assert [person for person, _ in tasks(app, said)] == [who]


@pytest.mark.parametrize(
    "said",
    [
        FRIDAY + "Omar: the crane comes on Monday",
        FRIDAY + "Ann: no need to hurry",
        FRIDAY + "Ann: the badges of Monday are missing, can you look?\nOmar: sure",
        FRIDAY + "Ann: badges by Wednesday please\nOmar: can't, Friday",
        QUOTE + "李雷: 不用急了，他们下周才看\n陈浩: 好",
        QUOTE + "小雨: 周三的会谁去\n陈浩: 我去",
    ],
)
def test_a_task_that_is_not_moved_keeps_its_day(app: App, said: str) -> None:
    ((_, due),) = tasks(app, said)
    assert due in {"by Friday", "周五前"}


@pytest.mark.parametrize(
    "said",
    [
        FRIDAY + "Ann: no need, they are already here",
        FRIDAY + "Cem: the lift is broken\nOmar: we don't need the badges any more",
        FRIDAY + "Ann: great\nAnn: actually we can skip the badges, we meet online",
        QUOTE + "李雷: 报价单不用发了，他们自己来拿",
        QUOTE + "李雷: 周三行吗\n陈浩: 行，那周三\n李雷: 报价单不需要了",
    ],
)
def test_a_task_that_is_dropped_is_not_told(app: App, said: str) -> None:
    assert tasks(app, said) == []


@pytest.mark.parametrize(
    "said",
    [
        "Omar: I'll be at home by six",
        "陈浩: 周五我来不了，会议室你们先用",
        "陈浩: 我周五在飞机上，会议室你们先用",
        "Omar: the quote came\nAnn: Omar writes very long emails to the vendor",
        "Omar: I'll think about the offer of the vendor",
        "Omar: maybe I'll send the minutes tonight",
        "Omar: will I have to send the minutes by Friday?",
        "Ann: Omar, can you renew the licence by Friday?\nCem: he is on holiday",
        "Ann: the vendor will deliver the racks by Friday",
        "Omar: I'll book the crane for Thursday\nAnn: no, that is off the table",
        "陈浩: 我会不会要写会议纪要？",
        "陈浩: 我今天改了三遍会议室的模板",
        "陈浩: 我今天写不完会议纪要",
        "陈浩: 我晚上去看供应商的展览",
        "陈浩: 我去过物业了，没人",
        "李雷: 麻烦小雨把报价单整理一下\n陈浩: 她请假了",
    ],
)
def test_a_wish_a_question_or_somebody_elses_work_is_no_task(app: App, said: str) -> None:
    assert tasks(app, said) == []


def counted(app: App, said: str) -> list[tuple[str, int, int, int]]:
    reading = read_talk(talk(said, gap=20), 0, LIVE)
    lines = cut_lines(reading.messages, app.segmenter)
    found = tallies(lines, reading.messages, Reactions(lines, reading.messages, reading.courtesies))
    return [(lines[tally.line].text, tally.yes, tally.no, tally.people) for tally in found]


def test_answers_that_agree_are_counted(app: App) -> None:
    asked = "Ann: is anybody worried about agents taking jobs?"
    answers = [
        "No",
        "nope, we hired two more",
        "not at all",
        "No way",
        "a bit",
        "nah",
        "not really",
        "we'll see in spring",
    ]
    said = "\n".join([asked, *(f"P{n}: {answer}" for n, answer in enumerate(answers))])
    assert counted(app, said) == [("is anybody worried about agents taking jobs?", 1, 6, 8)]


def test_answers_are_counted_by_the_words_of_the_question_too(app: App) -> None:
    answers = ["不焦虑", "没有", "有点焦虑", "不焦虑，活多得很", "还好", "不"]
    said = "\n".join(["王敏: 大家最近焦虑吗？", *(f"组员{n}: {answer}" for n, answer in enumerate(answers))])
    assert counted(app, said) == [("大家最近焦虑吗？", 1, 5, 6)]


@pytest.mark.parametrize(
    "said",
    [
        "Ann: who is worried about the deadline?\n" + "\n".join(f"P{n}: me" for n in range(6)),
        "Ann: are you worried about the deadline?\nBob: no\nCem: no\nAnn: fine",
        "Ann: are the racks there?\n"
        + "\n".join(f"P{n}: the crane number {n} is in the yard" for n in range(8)),
    ],
)
def test_few_answers_or_answers_of_another_kind_are_not_counted(app: App, said: str) -> None:
    assert counted(app, said) == []


def test_answers_in_the_same_words_are_counted_although_they_are_quoted_nowhere(app: App) -> None:
    answers = ["没有", "不焦虑", "没有", "没有", "不焦虑", "没有", "有点", "没有"]
    said = "\n".join(["王敏: 大家最近焦虑吗？", *(f"组员{n}: {answer}" for n, answer in enumerate(answers))])
    assert counted(app, said) == [("大家最近焦虑吗？", 1, 7, 8)]
