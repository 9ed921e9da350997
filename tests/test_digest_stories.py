"""A digest reports events, not sentences: each once, by its headline, with its sources; and talk is no news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from digest_kit import Subscribers, points_of, subscription, text_of
from library_kit import write

from bot.app import App
from bot.models import Language
from bot.trends.news_value import LEAST, is_event, news_value

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NOW = datetime(2025, 3, 10, tzinfo=UTC)

PLANT = (
    (
        "Chipmaker Tarn raises $1.2 billion for a plant in Ohio",
        (
            "Tarn, which designs AI chips for inference, raised $1.2 billion led by Fenwick Capital. "
            "The money goes to a packaging plant near Dayton, Ohio, with 900 jobs."
        ),
    ),
    (
        "Tarn to build Ohio packaging plant after $1.2bn round",
        (
            "A $1.2 billion round led by Fenwick Capital pays for Tarn's first plant of its own near Dayton. "
            "It will package the AI chips that Tarn designs and employ 900 people."
        ),
    ),
    (
        "AI chipmaker Tarn raises $1.2 billion, builds plant in Ohio",
        "Fenwick Capital leads a round of $1.2 billion in Tarn, whose AI chips will be packaged near Dayton from 2027 on.",
    ),
)
OTHERS = (
    "Samsung started to sell AI chips for cars that were made in its factory in Texas.",
    "Huawei presented AI chips that need a fifth less power than those of last year.",
    "Intel closed its laboratory for AI chips in Dresden and moved ninety engineers to Oregon.",
)

Bring = Callable[..., None]


@pytest.fixture
def bring(own_app: App, tmp_path: Path) -> Bring:
    """A function that ingests a report: bring(at, name, title, text, publisher)."""

    def report(at: datetime, name: str, title: str, text: str, publisher: str) -> None:
        path = write(
            tmp_path, f"{name}.md", text, title=title, date=at.date().isoformat(), publisher=publisher
        )
        assert [one.status for one in own_app.ingest.path(path, int(at.timestamp()))] == ["added"]

    return report


def test_one_event_of_three_papers_is_one_line_with_the_title_most_of_them_share(
    own_app: App, bring: Bring
) -> None:
    for n, (title, text) in enumerate(PLANT):
        bring(NOW + HOUR, f"plant-{n}", title, text, f"Paper {n}")
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW))
    prepared = readers.day(NOW + DAY)["s"]
    first, *further = [line for line in text_of(prepared).split("\n") if "[" in line and "•" in line]
    assert first == f"• {PLANT[0][0]} [1] 3\u00a0sources"
    assert 1 <= len(further) <= 2
    assert "<blockquote expandable>" in prepared.parts[0].html


def test_what_goes_on_with_a_story_is_an_update(own_app: App, bring: Bring) -> None:
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW))
    bring(NOW + HOUR, "first", *PLANT[0], "Paper 0")
    assert "Update:" not in text_of(readers.day(NOW + DAY)["s"])
    bring(NOW + DAY + HOUR, "second", *PLANT[1], "Paper 1")
    told = text_of(readers.day(NOW + 2 * DAY)["s"])
    assert "• Update: " in told
    assert PLANT[0][0] not in told


def test_of_one_source_two_are_told_where_others_have_news(own_app: App, bring: Bring) -> None:
    for n, text in enumerate(OTHERS):
        bring(NOW + HOUR, f"own-{n}", f"Report {n}", text, "The Loud Daily")
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW))
    (alone,) = own_app.digests(None).prepare([subscription("x", ("AI chips",), NOW)], NOW + DAY)
    assert len(points_of(alone)) == 3
    quiet = "Nvidia opened a factory for AI chips in Arizona and hired two thousand people."
    bring(NOW + HOUR, "quiet", "Report", quiet, "The Quiet Weekly")
    told = points_of(readers.day(NOW + DAY)["s"])
    assert quiet in told
    assert len(set(told) & set(OTHERS)) == 2


@pytest.mark.parametrize(
    ("language", "topic", "narrower", "text"),
    [
        (
            "en",
            "large models",
            "Claude",
            "Anthropic released Claude 9 Sonnet, which writes half of its own code.",
        ),
        ("zh", "大模型", "Claude", "Anthropic 发布了 Claude 9 Sonnet，定价为每百万词元 3 美元。"),
        ("zh", "芯片", "英伟达", "英伟达的股价周一下跌 17%，市值蒸发 6000 亿美元。"),
    ],
)
def test_the_news_of_a_kind_maker_or_product_of_a_topic_is_news_on_the_topic(
    own_app: App, bring: Bring, language: Language, topic: str, narrower: str, text: str
) -> None:
    bring(NOW + HOUR, "one", "Report", text, "Paper")
    other = (
        "Unitree 发布了新款机器人 H9，售价 9 万元。"
        if language == "zh"
        else "Unitree released a robot for $9,000."
    )
    bring(NOW + HOUR, "two", "Other", other, "Paper")
    readers = Subscribers(
        own_app,
        subscription("s", (topic,), NOW, language),
        subscription("narrow", (narrower,), NOW, language),
    )
    prepared = readers.day(NOW + DAY)
    assert points_of(prepared["s"]) == points_of(prepared["narrow"]) == [text]


def test_what_a_sentence_begins_with_goes_before_what_it_compares(own_app: App, bring: Bring) -> None:
    compares = "Tarn released its T5 for $400, which answers two thousand clerks faster than Claude."
    is_about = "Claude reads maps and plans of towns since Anthropic released a new version on Monday."
    bring(NOW + HOUR, "one", "Report", f"{compares}\n\n{is_about}", "Paper")
    readers = Subscribers(own_app, subscription("s", ("large models",), NOW))
    assert points_of(readers.day(NOW + DAY)["s"]) == [is_about, compares]


def test_the_news_of_a_topic_is_no_news_on_a_narrower_one(own_app: App, bring: Bring) -> None:
    bring(NOW + HOUR, "one", "Report", OTHERS[0], "Paper")
    readers = Subscribers(own_app, subscription("s", ("Nvidia",), NOW, news_only=True))
    assert not readers.day(NOW + DAY)["s"].parts


def test_one_topic_does_not_take_all_that_a_source_may_tell(own_app: App, bring: Bring) -> None:
    robots = "A bakery in Lyon bought nine humanoid robots and closed its night shift."
    for n, text in enumerate((*OTHERS[:2], robots)):
        bring(NOW + HOUR, f"own-{n}", f"Report {n}", text, "The Loud Daily")
    bring(NOW + HOUR, "quiet", "Report", OTHERS[2], "The Quiet Weekly")
    readers = Subscribers(own_app, subscription("s", ("AI chips", "humanoid robots"), NOW))
    told = points_of(readers.day(NOW + DAY)["s"])
    assert robots in told
    assert OTHERS[2] in told
    assert len(set(told) & set(OTHERS[:2])) == 1


def test_an_item_of_a_compilation_is_no_update_of_the_story_in_its_title(own_app: App, bring: Bring) -> None:
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW))
    bring(NOW + HOUR, "first", *PLANT[0], "Paper 0")
    readers.day(NOW + DAY)
    title, lead = PLANT[2]
    filler = (f"## Item {n}\n\nThe town of Upper Ashby mended lamp number {n} on Monday." for n in range(90))
    bring(NOW + DAY + HOUR, "all", title, "\n\n".join((lead, *filler, OTHERS[0])), "Paper 1")
    told = text_of(readers.day(NOW + 2 * DAY)["s"])
    assert f"• {OTHERS[0]} [" in told
    assert "sources" not in next(line for line in told.split("\n") if OTHERS[0] in line)


def test_a_number_of_the_day_is_not_told_again_in_other_words(own_app: App, bring: Bring) -> None:
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW))
    days = (
        (
            *OTHERS,
            "Orla, a start-up from Cork, sold 40,000 AI chips for tractors to farmers in Kansas this winter.",
        ),
        (
            "Nvidia opened a factory for AI chips in Arizona and hired people from all over the county.",
            "Qualcomm bought a maker of AI chips for hearing aids from its founders in Denmark.",
            "A court in Munich banned the sale of AI chips by Zenlo because of a patent on their memory.",
            "The order of 40,000 AI chips for tractors in Kansas came from Orla, and the train was full.",
        ),
    )
    for n, texts in enumerate(days):
        bring(NOW + n * DAY + HOUR, f"{n}", f"Notes {'of'[n]}", "\n\n".join(texts), f"Paper {n}")
    assert "40,000" in text_of(readers.day(NOW + DAY)["s"])
    later = text_of(readers.day(NOW + 2 * DAY)["s"])
    assert "Numbers of the day" not in later


def daily(*items: str) -> str:
    """Return a compilation: each item under a heading of its own, among eight on other subjects."""
    others = (f"The town of Upper Ashby mended lamp number {n} on Monday." for n in range(8))
    return "\n\n".join(f"## Item {n}\n\n{item}" for n, item in enumerate((*others, *items)))


RECALL = (
    "Volvo recalls 90,000 trucks because AI chips in their brakes overheat.",
    "The AI chips in the brakes of 90,000 trucks overheat, so Volvo recalls them.",
    "Brakes with overheating AI chips: Volvo recalls 90,000 trucks in all.",
)


def test_what_many_items_of_a_daily_tell_goes_first(own_app: App, bring: Bring) -> None:
    bring(NOW + HOUR, "daily", "Notes of the day", daily(*OTHERS, *RECALL), "The Daily")
    told = points_of(Subscribers(own_app, subscription("s", ("AI chips",), NOW)).day(NOW + DAY)["s"])
    assert told[0] in RECALL
    assert len(set(told[:3]) & set(RECALL)) == 1


@pytest.mark.parametrize(
    ("language", "query", "lead", "same", "more"),
    [
        (
            "en",
            "AI chips",
            RECALL[0],
            "Volvo recalls 90,000 lorries after fires began in AI chips next to the wheels of older models.",
            "In Norway 300 Volvo trucks crashed on steep roads before drivers learned that AI chips in the brakes overheat.",
        ),
        (
            "zh",
            "芯片",
            "长风汽车宣布召回9万辆卡车，因为刹车里的芯片过热。",
            "9万辆卡车的车主获准到维修站免费更换刹车，长风汽车承认里面的芯片会烧坏。",
            "挪威有300辆卡车在山路上失控撞上护栏，长风汽车后来确认刹车里的芯片过热。",
        ),
    ],
)
def test_a_further_line_on_an_event_adds_a_name_or_number(
    own_app: App, bring: Bring, language: Language, query: str, lead: str, same: str, more: str
) -> None:
    bring(NOW + HOUR, "daily", "Notes of the day", f"{lead}\n\n{same}\n\n{more}", "The Daily")
    told = points_of(Subscribers(own_app, subscription("s", (query,), NOW, language)).day(NOW + DAY)["s"])
    assert len(told) == 2
    assert more in told


def test_a_title_is_no_headline_of_an_item_without_the_name_in_it(own_app: App, bring: Bring) -> None:
    lamps = (f"上阿什比镇周一修好了第{n}盏路灯，花了{n}天。" for n in range(2, 10))
    recall = "长风汽车宣布召回九万辆卡车，因为刹车里的芯片过热。"
    text = "\n\n".join(f"## 第{n}条\n\n{item}" for n, item in enumerate((*lamps, recall)))
    bring(NOW + HOUR, "daily", "Zenlo：芯片过热的卡车召回", text, "日报")
    told = text_of(Subscribers(own_app, subscription("s", ("芯片",), NOW, "zh")).day(NOW + DAY)["s"])
    assert recall in told
    assert "“Zenlo" not in told


def test_what_an_item_of_a_daily_only_describes_is_no_news(own_app: App, bring: Bring) -> None:
    described = "Tarnish is a small tool in Rust for drawing AI chips of the Zenlo family."
    bring(NOW + HOUR, "daily", "Notes of the day", daily(described, OTHERS[0]), "The Daily")
    told = points_of(Subscribers(own_app, subscription("s", ("AI chips",), NOW)).day(NOW + DAY)["s"])
    assert told == [OTHERS[0]]


def test_a_compilation_fills_places_that_others_leave(own_app: App, bring: Bring) -> None:
    quiet = "Nvidia opened a factory for AI chips in Arizona and hired two thousand people."
    robots = (
        "A bakery in Lyon bought nine humanoid robots and closed its night shift.",
        "A port in Oman rejected humanoid robots after a crane fell on two of them.",
        "Korea banned humanoid robots from kindergartens in all its provinces.",
    )
    bring(NOW + HOUR, "daily", "Notes of the day", daily(*OTHERS[:2], *robots), "The Daily")
    bring(NOW + HOUR, "quiet", "Report", quiet, "The Quiet Weekly")
    readers = Subscribers(own_app, subscription("s", ("AI chips", "humanoid robots"), NOW))
    assert {*points_of(readers.day(NOW + DAY)["s"])} == {quiet, *OTHERS[:2], *robots}


@pytest.mark.parametrize(
    ("later", "told"),
    [
        ("Tarn, say people from the county, will close its plant for AI chips near Dayton soon.", []),
        (
            "Tarn, say people from the county, will close its plant for AI chips near Dayton by 2031.",
            [
                "Update: Tarn, say people from the county, will close its plant for AI chips near Dayton by 2031."
            ],
        ),
    ],
)
def test_what_was_told_comes_again_only_with_a_new_name_or_number(
    own_app: App, bring: Bring, later: str, told: list[str]
) -> None:
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW, news_only=True))
    bring(
        NOW + HOUR,
        "first",
        "Notes",
        "Tarn closed a plant for AI chips near Dayton without a word.",
        "Paper 0",
    )
    assert len(points_of(readers.day(NOW + DAY)["s"])) == 1
    bring(NOW + DAY + HOUR, "second", "Report", later, "Paper 1")
    assert points_of(readers.day(NOW + 2 * DAY)["s"]) == told


SOFTWARE: dict[Language, tuple[str, str]] = {
    "en": (
        "Fenwick released the Harbor T5 for AI chips on Monday, which plans the fields of farms in a day.",
        "Fenwick sells AI chips with Harbor T5, a piece of software meant to keep the lives of growers simple.",
    ),
    "zh": (
        "Fenwick 周一发布了用于 AI芯片的 Harbor T5，一天就能规划农场的田地。",
        "里昂的两百家种植户和合作社购买了 Fenwick 的 Harbor T5，这款软件能在 AI芯片上运行，让春耕秋收更简单。",
    ),
}
"""An event, and again in other words with the same names."""


@pytest.mark.parametrize("language", SOFTWARE)
@pytest.mark.parametrize(("days", "is_told"), [(1, False), (20, True)])
def test_the_same_names_some_days_later_are_the_same_event_in_other_words(
    own_app: App, bring: Bring, language: Language, days: int, is_told: bool
) -> None:
    first, again = SOFTWARE[language]
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW, language, news_only=True))
    bring(NOW + HOUR, "first", "Notes", first, "Paper 0")
    assert points_of(readers.day(NOW + DAY)["s"]) == [first]
    bring(NOW + days * DAY + HOUR, "second", "Report", again, "Paper 1")
    assert bool(points_of(readers.day(NOW + (days + 1) * DAY)["s"])) == is_told


def test_one_event_in_other_words_with_the_same_names_is_one_line(own_app: App, bring: Bring) -> None:
    bring(NOW + HOUR, "report", "Notes", "\n\n".join(SOFTWARE["zh"]), "Paper")
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW, "zh"))
    assert len(points_of(readers.day(NOW + DAY)["s"])) == 1


def test_an_old_report_that_comes_in_now_is_no_news(own_app: App, tmp_path: Path) -> None:
    readers = Subscribers(own_app, subscription("s", ("AI chips",), NOW, news_only=True))
    for text, day in ((OTHERS[0], NOW - 30 * DAY), (OTHERS[1], NOW)):
        path = write(tmp_path, f"{day.date()}.md", text, title="Chips", date=day.date().isoformat())
        list(own_app.ingest.path(path, int((NOW + HOUR).timestamp())))
    assert points_of(readers.day(NOW + DAY)["s"]) == [OTHERS[1]]


@pytest.mark.parametrize(
    "text",
    [
        "Users of the forum discussed whether Tarn's chips are worth their price.",
        "A member asked for tips on how to cool Tarn's chips in summer.",
        "Chip prices: several users report that Tarn launched nothing for months.",
        "Is Tarn about to launch its own phone?",
        "Tarn releases its new chip (score: 412, comments: 88).",
        "Tarn will release the T5 chip on April 27, 2023.",
        "Tarn released the T4 chip in Sept. 2023 for $400.",
        "Tarn 将于2023年4月27日发布 T5 芯片。",
        "网友讨论了 Tarn 的芯片值不值这个价。",
        "Reviewers and commentators noted that Tarn released the T5 late.",
        "批评者提到 Tarn 发布的芯片比旧款慢。",
        "A reviewer emphasizes that chips by Tarn stay cool.",
        "Tarn launches the T5, prices of chips in Texas, a comparison with Zenlo, tips for cooling",
        "Tarn 发布 T5，德州芯片价格，与 Zenlo 的对比，散热经验",
        "诚邀各位参加 Tarn 的芯片发布见面会。",
        "Tarn opens a workshop on how to cool chips, with 40 places.",
        "一位成员询问夏天怎么给 Tarn 的芯片散热。",
        "目前，它在 Tarn 芯片排行榜上升至第7，售价2999元。",
        "根据 Tarn 的公告，该芯片已经发布，售价2999元。",
        "排查步骤包括确认使用最新的 T5 驱动，并更新 Tarn 的固件。",
        "为了获得最佳性能，建议给 Tarn 的 T5 芯片配备两个风扇。",
        "To cool the T5 that Tarn released, members recommend a second fan.",
        "作者在 Tarn 发布的 T5 芯片上测试了图像加速，速度达到旧款的两倍。",
        "散热测试：文中还把 Tarn 推出的 T5 与旧款做了对比。",
        "The authors tested the T5 chip that Tarn released in May.",
        "Guide to cooling the T5: Tarn released a fan that fits.",
        "The T5 lands hard: members were disappointed that Tarn raised its price to $400.",
        "Tarn opens orders: Several people noted that they registered and got no reply.",
        "T5 发布：用户对 Tarn 涨价三成感到失望。",
        "Tarn 融资：关于 Tarn 新一轮融资的更多讨论显示，各方看法不一。",
        "T5 功耗模式的含义：Tarn 的“静音模式”指的是把上调的频率降至 2.1GHz。",
    ],
)
def test_talk_questions_counters_and_past_forecasts_are_no_news(text: str) -> None:
    assert news_value(text, date(2025, 3, 10)) < LEAST


@pytest.mark.parametrize(
    "text",
    [
        "Tarn launched the T5 chip for $400.",
        "Tarn will release the T5 chip on April 27, 2025.",
        "Tarn released its Octocore 2024 chip for $400.",
        "Tarn 发布 T5 芯片，售价2999元。",
        "据彭博社报道，Tarn 发布 T5 芯片，售价2999元。",
        "为了扩大产能，Tarn 收购了三座芯片厂。",
        "To cut its costs, Tarn closed two factories in Texas.",
        "Factories in Shenzhen have put twelve thousand robots to work.",
        "Fenwick bought a third of Tarn, whose users were not asked.",
        "Tarn has shifted its inference to the T5, raising questions about Zenlo's chips.",
        "In May, Tarn launched the T5 for $400, and users complained.",
        "Tarn 以 2999 元发售 T5，用户表示失望。",
    ],
)
def test_what_happened_is_news(text: str) -> None:
    assert news_value(text, date(2025, 3, 10)) >= LEAST


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tarn 开源 T5 芯片的驱动。", True),
        ("Tarn 发布的 T5 芯片是给拖拉机用的。", False),
        ("这款开源模型可以在 T5 芯片上运行。", False),
        ("Tarn open-sourced the driver of the T5.", True),
        ("The T5 is meant for open-source models.", False),
        ("If Tarn releases the T5, its factory in Ohio is too small.", False),
        ("Its cost fell significantly behind that of Zenlo.", True),
        ("The T5 is significantly larger.", False),
    ],
)
def test_a_description_or_condition_tells_no_event(text: str, expected: bool) -> None:
    assert is_event(text) is expected


def test_an_item_is_told_without_its_number(own_app: App, bring: Bring) -> None:
    bring(NOW + HOUR, "daily", "The day", f"1. {OTHERS[0]}", "The Daily")
    prepared = Subscribers(own_app, subscription("s", ("AI chips",), NOW)).day(NOW + DAY)["s"]
    assert points_of(prepared) == [OTHERS[0]]
