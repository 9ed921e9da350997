"""/chart, /compare and /timeline count the library's dated origins, and their words say what the picture shows."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from library_kit import NOW, TODAY, open_folder
from msgspec.structs import replace

from bot.app import App
from bot.charts.drawing import draw
from bot.dialogue.commands.compare import OpenComparedEvent, ShowComparison
from bot.dialogue.effects import OpenView
from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.histories import ShowChart, ShowTimeline
from bot.dialogue.reply import Reply
from bot.dialogue.router import Router
from bot.messages import Button, Link, Message, Press
from bot.models import Language
from bot.rendering.callbacks import encode
from bot.rendering.preview import as_text, as_value
from bot.rendering.renderer import fits, plain_text

ME = 7
NAMES = {"DeepSeek": "深度求索", "Qwen": "通义千问"}


def report(name: str, day: date, number: int, publisher: str, title: str = "") -> dict[str, str]:
    """Return a report with one sentence that names `name`."""
    return {
        "title": title or f"Notes of {day} on machine number {number}",
        "publisher": publisher,
        "published": day.isoformat(),
        "language": "en",
        "text": f"Engineers tested {name} on task {number} and found that it passed {number} of the checks. "
        f"The {number} others were run by hand at laboratory {number * 7}, in room {number * 3}.",
    }


def reports() -> Iterator[dict[str, str]]:
    """Yield a year of DeepSeek, which overtakes Qwen in the last three months; one report names both."""
    for number in range(48):
        day = TODAY - timedelta(days=7 * number + 2)
        yield report("Qwen", day, 100 + number, ("Daily", "Weekly", "Gazette")[number % 3])
        if number > 24:
            continue
        for copy in range(3 if number < 12 else 1):
            yield report("DeepSeek", day, 200 + 60 * copy + number, ("Herald", "Courier")[number % 2])
    yield report(
        "DeepSeek", TODAY - timedelta(days=30), 400, "Post", "DeepSeek opens its weights to everybody"
    )
    yield report(
        "DeepSeek", TODAY - timedelta(days=100), 401, "Post", "DeepSeek halves what its answers cost"
    )
    yield report("DeepSeek and Qwen", TODAY - timedelta(days=60), 402, "Post")


@pytest.fixture(scope="module")
def app(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The bot over the seeds and a year of reports."""
    app = open_folder(shutil.copytree(seeded, tmp_path_factory.mktemp("year"), dirs_exist_ok=True))
    lines = "\n".join(json.dumps(one) for one in reports())
    taken = list(
        app.ingest.content("year.jsonl", lines.encode(), int(NOW.timestamp()) - 5_000, lambda _: None)
    )
    assert {result.status for result in taken} == {"added"}
    yield app
    app.close()


class Chat:
    """A person's private chat, whose views are stored."""

    def __init__(self, app: App, router: Router) -> None:
        self.app, self.router, self.now = app, router, NOW

    def say(self, text: str, language: Language = "en", user: int = ME, *, private: bool = True) -> Message:
        self.now += timedelta(seconds=60)
        chat = user if private else -user
        reply = self.router.answer(TextEvent(chat, user, text, private=private, chosen=language), self.now)
        return self._kept(reply)

    def press(self, press: Press, user: int = ME) -> Reply:
        event = ButtonEvent(user, user, encode(press), private=True, picture=True)
        return self.router.press(event, self.now)

    def _kept(self, reply: Reply | None) -> Message:
        assert reply is not None
        assert reply.message is not None
        for effect in reply.effects:
            if isinstance(effect, OpenView):
                self.app.state.views.put(effect.view, int(self.now.timestamp()))
        return reply.message


@pytest.fixture
def chat(app: App) -> Chat:
    return Chat(app, app.router("trend_bot"))


def button(message: Message, label: str) -> Button:
    return next(b for row in message.buttons for b in row if b.text == label)


def pressed(chat: Chat, message: Message, label: str) -> Message:
    action = button(message, label).action
    assert isinstance(action, Press)
    reply = chat.press(action)
    assert reply.message is not None, reply.notice
    return reply.message


def words(message: Message) -> str:
    return plain_text(message.html)


def count(pattern: str, message: Message) -> int:
    found = re.search(pattern, words(message))
    assert found, words(message)
    return int(found[1])


# -- /chart --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_chart_has_a_picture_and_its_caption_says_what_it_shows(chat: Chat, language: Language) -> None:
    message = chat.say("/chart DeepSeek", language)
    assert message.image is not None
    draw(message.image)
    assert as_value(message)["photo"] is True
    assert as_text(message).startswith("[picture]\nDeepSeek")
    assert fits(message)
    text = words(message)
    assert text.startswith("DeepSeek")
    assert "Herald" in text
    assert "opens its weights to everybody" in text
    shown = re.findall(r">([^<]+)</text>", message.image.svg)
    assert {"Herald", "Courier", "Post", "1", "2"} <= set(shown)


def test_a_chart_counts_what_the_verdict_counts(chat: Chat, app: App) -> None:
    query = app.understand("DeepSeek")
    briefing = app.briefer.brief(query, "en", TODAY)
    assert briefing is not None
    assert briefing.verdict.dated == count(r"(\d+) dated reports", chat.say("/chart DeepSeek"))
    assert "Most in Oct 2026: " in words(chat.say("/chart DeepSeek"))


def test_a_press_stacks_by_language_and_shows_weeks(chat: Chat) -> None:
    message = chat.say("/chart DeepSeek")
    by_language = pressed(chat, message, "By language")
    assert "English 52" in words(by_language)
    assert by_language.image != message.image
    weekly = pressed(chat, message, "By week")
    assert words(weekly).startswith("DeepSeek\nReports a week, 25 May 2026")
    chinese = pressed(chat, weekly, "中文")
    assert "每周报告数" in words(chinese)
    assert any(b.text == "按月" for row in chinese.buttons for b in row)


def test_weeks_of_what_was_last_told_of_long_ago_are_those_of_then(chat: Chat) -> None:
    weekly = pressed(chat, chat.say("/chart liquid cooling"), "By week")
    assert re.search(r"Reports a week, .* 20\d\d – .* 20\d\d", words(weekly))
    assert count(r"(\d+) dated", weekly) > 0


def test_events_open_their_passages(chat: Chat) -> None:
    message = chat.say("/chart DeepSeek")
    numbers = re.findall(r"^\[(\d)\]", words(message), re.MULTILINE)
    assert numbers == [b.text for b in message.buttons[0]]
    opened = pressed(chat, message, numbers[0])
    assert "DeepSeek" in words(opened)
    assert opened.image is None


def test_a_group_gets_links_and_no_daily_button(chat: Chat) -> None:
    message = chat.say("/chart@trend_bot DeepSeek", user=99, private=False)
    assert message.image is not None
    assert all(isinstance(b.action, Link) for b in message.buttons[0])


def test_a_period_is_the_charts_own(chat: Chat) -> None:
    message = chat.say("/chart DeepSeek in October 2026")
    assert "Reports a month" in words(message)
    assert count(r"(\d+) dated", message) < count(r"(\d+) dated", chat.say("/chart DeepSeek"))
    assert not any(b.text == "By week" for row in message.buttons for b in row)


def test_a_chart_of_what_was_asked_last(chat: Chat) -> None:
    chat.say("DeepSeek", user=55)
    assert words(chat.say("/chart", user=55)).startswith("DeepSeek")
    assert "Which topic?" in words(chat.say("/chart", user=56))


def test_nothing_is_said_to_be_nothing(chat: Chat) -> None:
    for command in ("chart", "timeline"):
        message = chat.say(f"/{command} volcanoes")
        assert message.image is None
        assert words(message).startswith("Nothing on volcanoes")


def test_a_letter_that_the_picture_lacks_is_said_in_the_caption(own_app: App) -> None:
    lines = json.dumps(report("Qwen", TODAY, 900, "Ежедневник 🚀"))
    assert list(own_app.ingest.content("x.jsonl", lines.encode(), int(NOW.timestamp()), lambda _: None))
    message = Chat(own_app, own_app.router(None)).say("/chart Qwen")
    assert "letters that its font lacks: 🚀" in words(message)


def test_a_briefing_leads_to_its_chart_and_timeline(chat: Chat) -> None:
    briefing = chat.say("DeepSeek")
    assert pressed(chat, briefing, "Chart").image is not None
    assert words(pressed(chat, briefing, "Timeline")).startswith("DeepSeek")
    few = chat.say("liquid cooling")
    assert not [b for row in few.buttons for b in row if b.text in {"Chart", "Timeline"}], "too few to draw"


def test_a_briefing_shows_every_month_in_one_line(chat: Chat) -> None:
    text = words(chat.say("DeepSeek"))
    line = re.search(r"^[▁-█]+ (.*)$", text, re.MULTILINE)
    assert line, text
    assert "First mentioned on " in text
    most = count(r"Most in Oct 2026: (\d+)", chat.say("/chart DeepSeek"))
    assert f"Most in Oct 2026: {most}." in text


# -- /compare ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "/compare DeepSeek vs Qwen",
        "/compare DeepSeek and Qwen",
        "/compare DeepSeek, Qwen",
        "/compare DeepSeek Qwen",
        "/compare 深度求索和通义千问",
        "对比 DeepSeek 和 Qwen",
        "DeepSeek vs Qwen",
        "DeepSeek vs. Qwen?",
        "DeepSeek VERSUS Qwen",
        "DeepSeek对比Qwen",
        "compare DeepSeek with Qwen",
        "DeepSeek 和 Qwen 对比",
        "深度求索与通义千问哪个好",
        "深度求索跟通义千问到底差在哪",
        "DeepSeek和Qwen哪个强",
        "DeepSeek和Qwen的差距有多大",
        "请问深度求索和通义千问有哪些不同？",
        "用DeepSeek还是Qwen",
        "DeepSeek和Qwen哪个更便宜",
        "帮我对比DeepSeek和Qwen",
        "DeepSeek与Qwen孰优孰劣",
        "DeepSeek compared to Qwen",
        "what's the difference between DeepSeek and Qwen?",
        "What are the differences between DeepSeek and Qwen",
        "difference between DeepSeek and Qwen",
        "How is DeepSeek different from Qwen?",
        "how does DeepSeek compare to Qwen",
        "how do DeepSeek and Qwen differ?",
        "Is DeepSeek better than Qwen?",
        "DeepSeek or Qwen?",
        "Which is better, DeepSeek or Qwen?",
        "Should I use DeepSeek or Qwen?",
    ],
)
def test_two_are_compared_however_it_is_asked(chat: Chat, asked: str) -> None:
    message = chat.say(asked)
    assert message.image is not None, words(message)
    text = words(message)
    assert "DeepSeek" in text.splitlines()[0]
    assert "Qwen" in text.splitlines()[0]
    assert "reports name both" in text


@pytest.mark.parametrize(
    "asked",
    [
        "DeepSeek and Qwen",
        "what did DeepSeek and Qwen publish?",
        "how are DeepSeek and Qwen",
        "DeepSeek和Qwen发布了什么",
        "DeepSeek还是最强的吗",
        "is DeepSeek better than volcanoes?",
        "how much does DeepSeek or Qwen cost?",
        "how much does compute cost in China compared with Nvidia?",
        "DeepSeek vs volcanoes",
        "DeepSeek vs DeepSeek",
    ],
)
def test_a_question_is_no_comparison(chat: Chat, asked: str) -> None:
    assert chat.say(asked).image is None


def test_who_leads_and_since_when_is_said(chat: Chat) -> None:
    text = words(chat.say("/compare Qwen vs DeepSeek"))
    assert "DeepSeek has been in more reports since Aug 2026." in text
    chinese = words(chat.say("/compare Qwen vs DeepSeek", "zh"))
    assert "2026-08起，DeepSeek的报告一直更多。" in chinese
    assert "同时提到两者的有2份" in chinese


def test_a_comparison_is_pressed_into_weeks_and_its_points_open(chat: Chat) -> None:
    message = chat.say("/compare DeepSeek vs Qwen")
    assert "Reports a week" in words(pressed(chat, message, "By week"))
    assert "每月报告数" in words(pressed(chat, message, "中文"))
    opened = pressed(chat, message, message.buttons[0][0].text)
    assert "DeepSeek" in words(opened)
    assert pressed(chat, message, "Qwen").image is None


def test_each_side_is_told_by_a_point_of_its_own_before_what_both_share(chat: Chat) -> None:
    lines = words(chat.say("DeepSeek vs Qwen")).splitlines()
    points = [line for line in lines if line.startswith("• ")]
    own = [line for line in points if line.startswith("• DeepSeek")]
    assert own[0].endswith("DeepSeek opens its weights to everybody [1]")
    assert points[: len(own)] == own
    assert all(line.startswith("• Qwen") and "DeepSeek" not in line for line in points[len(own) :])
    assert lines.index(points[-1]) < next(n for n, line in enumerate(lines) if "name both" in line)


@pytest.mark.parametrize(
    ("asked", "one", "other"),
    [
        ("DeepSeek和Qwen的成本对比", "DeepSeek", "Qwen"),
        ("深度求索与通义千问的成本哪个更好", "深度求索", "通义千问"),
        ("DeepSeek跟Qwen的成本谁更强", "DeepSeek", "Qwen"),
        ("/compare DeepSeek和Qwen的成本", "DeepSeek", "Qwen"),
    ],
)
def test_what_is_said_of_both_behind_the_second_is_compared_of_each(
    own_app: App, asked: str, one: str, other: str
) -> None:
    lines = (
        json.dumps(
            report(f"{name} and its costs", TODAY - timedelta(days=9 * back + 1), 700 + 10 * back + n, "Post")
        )
        for back in range(3)
        for n, name in enumerate(NAMES)
    )
    content = "\n".join(lines).encode()
    assert (
        len(list(own_app.ingest.content("n.jsonl", content, int(NOW.timestamp()) - 50, lambda _: None))) == 6
    )
    lines_said = words(Chat(own_app, own_app.router(None)).say(asked, "zh")).splitlines()
    assert lines_said[0] == f"{one}的成本对比{other}的成本"
    points = [line for line in lines_said if line.startswith("• ")]
    assert points
    assert all(line.partition("：")[2].count("DeepSeek") == line.startswith(f"• {one}") for line in points)


@pytest.mark.parametrize(
    "asked", ["DeepSeek和Qwen哪个更强", "DeepSeek与Qwen的差距", "Which is better, DeepSeek or Qwen?"]
)
def test_what_reports_say_of_both_answers_which_is_better_before_any_count(own_app: App, asked: str) -> None:
    said = "In maths DeepSeek outperforms Qwen by far."
    line = json.dumps(report("Maths", TODAY - timedelta(days=3), 900, "Post") | {"text": said})
    assert list(own_app.ingest.content("n.jsonl", line.encode(), int(NOW.timestamp()) - 50, lambda _: None))
    chat = Chat(own_app, own_app.router(None))
    answer = chat.say(asked)
    assert answer.image is None
    assert said in words(answer)
    assert chat.say("DeepSeek vs Qwen").image is not None, "what asks for no more is counted"


def test_what_a_maker_has_behind_the_second_name_is_not_compared_of_the_first(chat: Chat) -> None:
    assert chat.say("DeepSeek和阿里巴巴的通义千问哪个好", "zh").image is None


def test_words_that_are_no_names_are_asked_about_and_not_compared(app: App) -> None:
    chat = Chat(app, app.router(None))
    for question in ("agents vs humans", "智能体和人类谁更强"):
        assert "4 times as high as human experts" in words(chat.say(question))


def test_names_that_are_no_topics_are_compared_too(own_app: App) -> None:
    lines = (
        json.dumps(report(name, TODAY - timedelta(days=9 * back + 1), 700 + 10 * back + n, "Post"))
        for back in range(3)
        for n, name in enumerate(("Zorbax", "Quimbly"))
    )
    taken = own_app.ingest.content(
        "n.jsonl", "\n".join(lines).encode(), int(NOW.timestamp()) - 50, lambda _: None
    )
    assert len(list(taken)) == 6
    text = words(Chat(own_app, own_app.router(None)).say("Zorbax vs Quimbly"))
    assert text.startswith("Zorbax and Quimbly")
    assert "• Quimbly, " in text


def test_what_cannot_be_compared_is_named(chat: Chat) -> None:
    assert words(chat.say("/compare volcanoes vs Qwen")).startswith("Nothing on volcanoes")
    assert words(chat.say("/compare Qwen vs glaciers")).startswith("Nothing on glaciers")
    assert words(chat.say("/compare DeepSeek")).startswith("Which two topics?")
    assert words(chat.say("/compare DeepSeek vs 深度求索")).startswith("Which two topics?")
    assert words(chat.say("/compare")).startswith("Which two topics?")


# -- /timeline -----------------------------------------------------------------------------------------------


def test_a_timeline_has_dated_lines_the_earliest_first(chat: Chat) -> None:
    text = words(chat.say("/timeline DeepSeek"))
    days = re.findall(r"^(?:● )?(\d+ \w+ \d{4}): ", text, re.MULTILINE)
    assert 6 <= len(days) <= 10
    assert "DeepSeek opens its weights to everybody [" in text
    assert "●" not in text, "nobody has looked before"


def test_what_came_in_since_the_reader_looked_is_marked(own_app: App) -> None:
    lines = "\n".join(json.dumps(one) for one in reports())
    assert list(own_app.ingest.content("y.jsonl", lines.encode(), int(NOW.timestamp()) - 50, lambda _: None))
    reader = Chat(own_app, own_app.router(None))
    reader.say("深度求索")
    late = report("DeepSeek", TODAY, 990, "Post", "DeepSeek is asked by a school")
    moment = int(reader.now.timestamp()) + 30
    assert list(own_app.ingest.content("z.jsonl", json.dumps(late).encode(), moment, lambda _: None))
    other = words(reader.say("/timeline DeepSeek", user=ME + 1))
    assert "●" not in other, "it is not new to who never looked"
    message = reader.say("/timeline DeepSeek")
    assert "● 22 Nov 2026: DeepSeek is asked by a school" in words(message)
    assert words(message).count("●") == 2, "the line and what the mark means"
    assert "● 2026-11-22：" in words(pressed(reader, message, "中文")), "a press shows it as it was"
    again = words(reader.say("/timeline DeepSeek"))
    assert "●" not in again


def test_a_line_opens_its_passage_and_leads_back(chat: Chat) -> None:
    message = chat.say("/timeline DeepSeek")
    opened = pressed(chat, message, "1")
    assert words(pressed(chat, opened, "Back")) == words(message)
    assert pressed(chat, message, "Chart").image is not None
    assert words(pressed(chat, message, "Briefing")).startswith("DeepSeek")


def test_forged_numbers_are_stale(chat: Chat) -> None:
    message = chat.say("/compare DeepSeek vs Qwen")
    press = button(message, "By week").action
    assert isinstance(press, ShowComparison)
    for forged in (OpenComparedEvent(press.view, "en", 99), ShowChart("0" * 12, "en", "publisher", "week")):
        assert chat.press(forged).message is None
    story = button(chat.say("/timeline DeepSeek"), "中文").action
    assert isinstance(story, ShowTimeline)
    assert chat.press(replace(story, view="none")).message is None
