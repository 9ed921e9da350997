"""/rising and `trendbot trends`: what a reader sees of a rise, and where its buttons lead."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from library_kit import NOW, TODAY, open_folder, write
from msgspec.structs import replace

from bot import cli
from bot.app import App
from bot.dialogue.commands.rising import BriefOnRise, OpenRiseSource, ShowRising
from bot.dialogue.effects import OpenView
from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.reply import Reply
from bot.dialogue.router import Router
from bot.messages import Button, Press
from bot.models import Language
from bot.rendering.callbacks import encode
from bot.rendering.renderer import plain_text


def taken_in(folder: Path, data: Path) -> Path:
    """Ingest all documents of a folder into `data`, and return it."""
    app = open_folder(data)
    assert {r.status for r in app.ingest.paths(sorted(folder.iterdir()), int(NOW.timestamp()))} == {"added"}
    app.close()
    return data


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with sixty days of a daily, whose last five issues are about Zorbax."""
    folder = tmp_path_factory.mktemp("harbour")
    for back in range(60):
        told = (
            "## Zorbax lands\n\nPeople of the port see what Zorbax can do."
            if back < 5
            else "## Rain\n\nIt rained."
        )
        text = f"# Harbour of day {back}\n\n## Boats\n\nThe harbour of Town{back} was calm.\n\n{told}"
        day = TODAY - timedelta(days=back)
        write(folder, f"day{back}.md", text, date=day.isoformat(), publisher="Harbour Watch")
    return taken_in(folder, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def harbour_app(harbour: Path) -> App:
    return open_folder(harbour)


@pytest.fixture(scope="module")
def quiet_harbour_app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The bot over a hundred days of a daily with two items on Zorbax a day, except the last eight."""
    folder = tmp_path_factory.mktemp("quiet")
    for back in range(100):
        head, told = ("Zorbax sails", "see what Zorbax can do") if back > 7 else ("Rain", "saw the rain")
        items = (
            f"## {head} {side}\n\nPeople of {side}port{back} {told} on morning {back} at pier {n}{back}."
            for n, side in enumerate(("North", "South"))
        )
        text = "\n\n".join([f"# Harbour of day {back}", *items])
        day = TODAY - timedelta(days=back)
        write(folder, f"day{back}.md", text, date=day.isoformat(), publisher="Harbour Watch")
    return open_folder(taken_in(folder, tmp_path_factory.mktemp("data")))


class Chat:
    """A private chat, and the message in it."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.router = app.router("trend_bot")
        self.reply: Reply | None = None

    def send(self, text: str, language: Language = "en") -> str:
        return self._took(self.router.answer(TextEvent(1, 1, text, private=True, chosen=language), NOW))

    def press(self, kind: type[Press], text: str = "") -> str:
        button = next(b for b in self.buttons if isinstance(b.action, kind) and text in b.text)
        assert isinstance(button.action, Press)
        event = ButtonEvent(1, 1, encode(button.action), private=True, message_id=5)
        return self._took(self.router.press(event, NOW))

    @property
    def buttons(self) -> list[Button]:
        assert self.reply
        assert self.reply.message
        return [button for row in self.reply.message.buttons for button in row]

    def _took(self, reply: Reply | None) -> str:
        assert reply
        assert reply.message
        self.reply = reply
        for effect in reply.effects:
            if isinstance(effect, OpenView):
                self.app.state.views.put(effect.view, int(NOW.timestamp()))
        return plain_text(reply.message.html)


@pytest.fixture
def chat(harbour_app: App) -> Chat:
    return Chat(harbour_app)


@pytest.mark.parametrize("text", ["/rising", "What is rising?", "top trends", "/rising this week"])
def test_what_rises_is_told_with_its_counts_and_the_words_that_say_why(chat: Chat, text: str) -> None:
    told = chat.send(text)
    assert "1. Zorbax ▁▁▁█ 5 items, none before, since 18 Nov 2026\n“Zorbax lands” [1]" in told
    assert "2." not in told
    assert "16 Nov 2026 to 22 Nov 2026: 7 reports, 14 items in them" in told


@pytest.mark.parametrize(
    "text",
    [
        "/rising",
        "最近有什么热点",
        "热点",
        "有什么热点？",
        "本周热点",
        "最近有什么大事",
        "这周发生了什么？",
        "这周有什么重大事件",
    ],
)
def test_the_same_in_chinese(chat: Chat, text: str) -> None:
    assert "Zorbax ▁▁▁█ 5条，此前没有，2026-11-18起" in chat.send(text, "zh")


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("本周", "本周热点"), ("今日", "上升的内容。2026-11-22："), ("今天？", "2026-11-22："), ("本月", "没有明显上升"),
        ("this week", "Rising this week"), ("Today?", "stands out: 22 Nov 2026:"),
    ],
)  # fmt: skip
def test_days_typed_alone_ask_what_rises_in_them(chat: Chat, text: str, heading: str) -> None:
    assert heading in chat.send(text, "en" if text.isascii() else "zh")


@pytest.mark.parametrize(
    "text",
    ["What's new in AI this week?", "Biggest AI stories of the week", "What did I miss this week", "weekly summary",
     "本周AI大事", "AI圈最近有什么大事", "总结一下这周的AI新闻", "盘点本周AI", "AI周报"],
)  # fmt: skip
def test_the_news_of_the_whole_field_is_what_rises(chat: Chat, text: str) -> None:
    assert "1. Zorbax ▁▁▁█" in chat.send(text, "en" if text.isascii() else "zh")


@pytest.mark.parametrize("text", ["AI", "Zorbax weekly", "AI in March 2026", "AI chips this week"])
def test_a_subject_is_not_the_news_at_large(chat: Chat, text: str) -> None:
    assert "Rising this week" not in chat.send(text)


def test_a_day_without_a_rise_is_followed_by_its_week(chat: Chat) -> None:
    told = chat.send("today")
    assert told.index("Nothing stands out: 22 Nov 2026: 1 report") < told.index("Rising this week")


def test_days_behind_a_topic_still_ask_for_the_topic(chat: Chat) -> None:
    assert "Rising this week" not in chat.send("Zorbax this week")


def test_a_day_and_a_month_are_windows_of_their_own(chat: Chat) -> None:
    assert "22 Nov 2026: 1 report" in chat.send("/rising today")
    assert "Nothing stands out: 24 Oct 2026 to 22 Nov 2026: 30 reports" in chat.send("/rising this month")
    assert "Rising this week" in chat.press(ShowRising, "Week")


def test_buttons_lead_to_the_briefing_the_source_and_the_other_language(chat: Chat) -> None:
    chat.send("/rising")
    assert "Zorbax can do" in chat.press(BriefOnRise, "1 Zorbax")
    chat.send("/rising")
    assert "People of the port see what Zorbax can do." in chat.press(OpenRiseSource, "1")
    assert "1. Zorbax" in chat.press(ShowRising, "Back")
    assert "此前没有" in chat.press(ShowRising, "中文")


def test_what_fades_is_named_with_its_counts(quiet_harbour_app: App) -> None:
    chat = Chat(quiet_harbour_app)
    assert "Fading: Zorbax (no items, about 14 expected)" in chat.send("/rising")
    assert "降温：Zorbax（没有，照此前约14条）" in chat.send("/rising", "zh")
    assert "Fading" not in chat.send("/rising today")


def test_where_nothing_fades_nothing_is_said_of_it(chat: Chat) -> None:
    assert "Fading" not in chat.send("/rising")


def test_a_press_for_what_does_not_rise_any_more_says_so(chat: Chat) -> None:
    chat.send("/rising")
    (press,) = [b.action for b in chat.buttons if isinstance(b.action, BriefOnRise)]
    forged = [
        replace(press, term=7),
        replace(press, days=0),
        replace(press, last=0),
        replace(press, last=10**9),
    ]
    for one in forged:
        reply = chat.router.press(ButtonEvent(1, 1, encode(one), private=True, message_id=5), NOW)
        assert reply.notice
        assert reply.message is None


def test_a_library_of_a_few_seeds_says_that_it_has_too_little_to_compare(conversation: Router) -> None:
    told = conversation.answer(TextEvent(1, 1, "what is rising?", private=True, chosen="en"), NOW)
    assert told
    assert told.message
    assert told.message.html.startswith("Too little data")


def test_the_console_prints_each_rise_as_a_json_line_with_the_arithmetic(
    harbour: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRENDBOT_DATA", str(harbour))
    assert cli.main(["trends", "--json", "--explain", "--as-of", TODAY.isoformat()]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["term"], told["topic"], told["verdict"], told["count"]) == ("Zorbax", None, "new", 5)
    assert (told["origins"], len(told["reports"]), told["headline"]) == (5, 5, "Zorbax lands")
    assert told["tail"] < 1e-4 < told["mean"]
    assert cli.main(["trends", "--days", "1", "--as-of", (TODAY - timedelta(days=30)).isoformat()]) == 0
    assert "Nothing stands out" in capsys.readouterr().out
