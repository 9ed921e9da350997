"""Less from a source: its news stays out of one reader's digests for a month, and returns after a second press."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from digest_kit import Subscribers, points_of, subscription
from library_kit import NOW, write

from bot.app import App
from bot.dialogue.events import ButtonEvent
from bot.dialogue.registry import decode_press
from bot.digests.buttons import MutePublisher
from bot.digests.digest import Prepared
from bot.inbound.apply import apply
from bot.messages import Press
from bot.rendering.callbacks import encode

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NEWS = (
    "Nvidia says that demand for its AI chips is far above what its factories can deliver this year.",
    "Samsung says that its AI chips will be made in Texas from the summer of next year on.",
    "Huawei says that its AI chips are sold out until the autumn of the year after next.",
)


def bring(app: App, folder: Path, at: datetime, number: int, publisher: str) -> None:
    """Ingest a report of a publisher."""
    path = write(folder, f"{number}.md", NEWS[number], title=f"News {number}", publisher=publisher)
    assert [one.status for one in app.ingest.path(path, int(at.timestamp()))] == ["added"]


def less_from(prepared: Prepared, label: str) -> Press:
    (press,) = [button.action for row in prepared.parts[-1].buttons for button in row if button.text == label]
    assert isinstance(press, Press)
    assert isinstance(decode_press(encode(press)), MutePublisher)
    return press


def press(app: App, press: Press, at: datetime) -> str:
    """Press a button, apply the reply's effects, and return its notice."""
    chat = app.state.subscriptions.all()[0].chat_id
    reply = app.router("trend_bot").press(ButtonEvent(chat, chat, encode(press), True, admin=True), at)
    for effect in reply.effects:
        apply(effect, app.state, int(at.timestamp()))
    return reply.notice


@pytest.fixture
def readers(own_app: App) -> Subscribers:
    readers = Subscribers(own_app, subscription("s", ("chips",), NOW))
    readers.day(NOW + DAY)
    return readers


def test_a_source_stays_out_of_the_digests_of_who_wants_less_of_it(
    own_app: App, readers: Subscribers, tmp_path: Path
) -> None:
    bring(own_app, tmp_path, NOW + DAY + HOUR, 0, "The Loud Daily")
    first = readers.day(NOW + 2 * DAY)["s"]
    notice = press(own_app, less_from(first, "Less from The Loud Daily"), NOW + 2 * DAY)
    assert (
        notice == "The Loud Daily is left out of your digests until 24 Dec 2026. Press again to have it back."
    )
    bring(own_app, tmp_path, NOW + 2 * DAY + HOUR, 1, "The Loud Daily")
    bring(own_app, tmp_path, NOW + 2 * DAY + HOUR, 2, "The Quiet Weekly")
    assert points_of(readers.day(NOW + 3 * DAY)["s"]) == [NEWS[2]]


def test_a_second_press_has_it_back(own_app: App, readers: Subscribers, tmp_path: Path) -> None:
    bring(own_app, tmp_path, NOW + DAY + HOUR, 0, "The Loud Daily")
    button = less_from(readers.day(NOW + 2 * DAY)["s"], "Less from The Loud Daily")
    press(own_app, button, NOW + 2 * DAY)
    assert press(own_app, button, NOW + 2 * DAY) == "The Loud Daily is back in your digests."
    bring(own_app, tmp_path, NOW + 2 * DAY + HOUR, 1, "The Loud Daily")
    assert points_of(readers.day(NOW + 3 * DAY)["s"]) == [NEWS[1]]


def test_another_reader_has_all_of_it(own_app: App, readers: Subscribers, tmp_path: Path) -> None:
    bring(own_app, tmp_path, NOW + DAY + HOUR, 0, "The Loud Daily")
    press(own_app, less_from(readers.day(NOW + 2 * DAY)["s"], "Less from The Loud Daily"), NOW + 2 * DAY)
    own_app.state.subscriptions.put(subscription("other", ("chips",), NOW + 2 * DAY))
    bring(own_app, tmp_path, NOW + 2 * DAY + HOUR, 1, "The Loud Daily")
    found = readers.day(NOW + 3 * DAY)
    assert points_of(found["other"]) == [NEWS[1]]
    assert NEWS[1] not in points_of(found["s"])
