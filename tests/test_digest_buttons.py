"""The buttons under a digest lead to a topic's briefing and chart first, then to less of it and its end."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from digest_kit import Subscribers, subscription
from library_kit import NOW, write

from bot.app import App
from bot.dialogue.events import ButtonEvent
from bot.dialogue.reply import Reply
from bot.digests.buttons import BriefOnQuery
from bot.messages import Press
from bot.models import Language
from bot.rendering.callbacks import NO_VIEW, encode
from bot.rendering.preview import as_text

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
READER, NEIGHBOUR = 5, 6
GROUP = -77


def digest_buttons(app: App, folder: Path, language: Language = "en") -> list[list[tuple[str, Press]]]:
    """Return the buttons of a group's digest on AI chips and robots, with news on both."""
    group = subscription("s", ("AI chips", "humanoid robots"), NOW, language, chat_id=GROUP, user_id=READER)
    readers = Subscribers(app, group)
    for number, text in enumerate(
        (
            "Samsung started to sell AI chips for cars that were made in its factory in Texas.",
            "A bakery in Lyon bought nine humanoid robots and closed its night shift.",
        )
    ):
        path = write(folder, f"{number}.md", text, title=f"News {number}", publisher="The Daily")
        assert [one.status for one in app.ingest.path(path, int((NOW + HOUR).timestamp()))] == ["added"]
    rows = readers.day(NOW + DAY)["s"].parts[-1].buttons
    return [
        [(button.text, button.action) for button in row if isinstance(button.action, Press)] for row in rows
    ]


def press(app: App, action: Press) -> Reply:
    """Return the reply to a press by a member who is no admin and did not subscribe."""
    event = ButtonEvent(GROUP, NEIGHBOUR, encode(action), False, admin=False)
    return app.router("trend_bot").press(event, NOW + DAY)


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        (
            "en",
            [
                ["AI chips", "Humanoid robots", "Chart"],
                ["Mute AI chips 7 days", "Mute humanoid robots 7 days"],
                ["Less from The Daily"],
                ["Why did I get this?", "Unsubscribe"],
            ],
        ),
        (
            "zh",
            [
                ["AI芯片", "人形机器人", "图表"],
                ["AI芯片：停发7天", "人形机器人：停发7天"],
                ["少看“The Daily”"],
                ["为什么发给我", "退订"],
            ],
        ),
    ],
)
def test_what_leads_on_comes_before_what_leads_out(
    own_app: App, tmp_path: Path, language: Language, labels: list[list[str]]
) -> None:
    shown = [[label for label, _ in row] for row in digest_buttons(own_app, tmp_path, language)]
    assert shown == labels


def test_a_topic_opens_its_briefing_below_the_digest_for_every_member(own_app: App, tmp_path: Path) -> None:
    robots = digest_buttons(own_app, tmp_path)[0][1][1]
    reply = press(own_app, robots)
    assert reply.message is not None
    assert not reply.edit
    assert "nine humanoid robots" in as_text(reply.message)


def test_the_chart_of_the_first_topic_is_a_picture(own_app: App, tmp_path: Path) -> None:
    chart = digest_buttons(own_app, tmp_path)[0][2][1]
    reply = press(own_app, chart)
    assert reply.message is not None
    assert reply.message.image is not None
    assert "AI chips" in as_text(reply.message)


def test_a_topic_that_was_taken_out_since_is_said_to_be_out_of_date(own_app: App, tmp_path: Path) -> None:
    digest_buttons(own_app, tmp_path)
    reply = press(own_app, BriefOnQuery(NO_VIEW, "en", "s", 7))
    assert reply.message is None
    assert reply.notice
