"""A recap that a language model may retell: only while the group's admin agrees to that too, and forgotten with the talk."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from library_kit import NOW
from model_kit import SPEAKING, ModelServer
from msgspec.structs import replace
from talk_kit import OFFICE, talk
from test_rewriter import rewriter_of

from bot.app import App
from bot.dialogue.events import TextEvent
from bot.dialogue.reply import Reply
from bot.dialogue.router import Router
from bot.inbound.apply import apply
from bot.rendering.renderer import plain_text
from bot.rewriting.rewriter import Rewriter
from bot.state.captures import Capture
from bot.state.recap_schedules import RecapSchedule

GROUP, ADMIN = -1_001_234_567_890, 7
BEGAN = int((NOW - timedelta(hours=2)).timestamp())


class Group:
    """A group whose talk is captured, with a bot that may have a model."""

    def __init__(self, app: App, rewriter: Rewriter | None) -> None:
        self.app = replace(app, rewriter=rewriter)
        self.rewriter = rewriter
        self.router: Router = self.app.router("trend_bot")
        app.state.captures.turn_on(Capture(GROUP, 72, ADMIN, BEGAN), BEGAN)
        messages = talk(OFFICE)
        for message in messages:
            moment = BEGAN + message.at - messages[0].at
            app.state.captures.keep(GROUP, replace(message, at=moment))
        self.say("/lang en")

    def say(self, text: str) -> Reply:
        reply = self.router.answer(self._event(text), NOW)
        assert reply
        for effect in reply.effects:
            apply(effect, self.app.state, int(NOW.timestamp()))
        return reply

    def retold(self, reply: Reply) -> str | None:
        """Return the message with the model's retelling, None if there is none."""
        assert self.rewriter
        assert reply.retell
        asyncio.run(self.rewriter.retell(reply.retell.material, GROUP))
        message = self.router.retold(reply, self._event("/recap 24h"), NOW)
        return plain_text(message.html) if message else None

    def _event(self, text: str) -> TextEvent:
        return TextEvent(GROUP, ADMIN, text, private=False, admin=True)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """A model server that is honest until told otherwise."""
    with ModelServer() as model:
        yield model


@pytest.fixture
def group(own_app: App, model: ModelServer) -> Group:
    return Group(own_app, rewriter_of(own_app, model))


def test_nothing_of_the_talk_goes_to_a_model_until_an_admin_agrees(group: Group, model: ModelServer) -> None:
    assert group.say("/recap 24h").retell is None
    assert list(group.app.recaps(None).ahead(NOW)) == []
    notice = group.say("/capture model on").message
    assert notice
    assert "From now on recaps here may be rewritten by stand-in." in plain_text(notice.html)
    assert "Where: 127.0.0.1:" in plain_text(notice.html)
    assert group.say("/recap 24h").retell is not None
    group.say("/capture model off")
    assert group.say("/recap 24h").retell is None
    assert model.asked == []


def test_consent_ends_with_the_keeping_of_talk(group: Group) -> None:
    group.say("/capture model on")
    group.say("/capture off")
    group.say("/capture on")
    capture = group.app.state.captures.of_chat(GROUP)
    assert capture
    assert not capture.model


def test_without_a_model_nobody_is_asked_for_consent(own_app: App) -> None:
    group = Group(own_app, None)
    panel = group.say("/capture").message
    assert panel
    assert not any("rewrite" in button.text for row in panel.buttons for button in row)
    assert group.say("/recap 24h").retell is None


def test_a_recap_is_retold_from_its_own_lines_with_a_link_to_each(group: Group, model: ModelServer) -> None:
    group.say("/capture model on")
    reply = group.say("/recap 24h")
    before = reply.message
    assert before
    text = group.retold(reply)
    assert text
    assert "Rewritten by stand-in, " in text
    (asked,) = model.asked
    evidence = json.loads(asked["messages"][-1]["content"])["evidence"]
    said = {(message.author, message.text) for message in talk(OFFICE)}
    for line in "\n".join(item["text"] for item in evidence).split("\n"):
        author, _, words = line.partition(": ")
        assert any(author == name and words in text for name, text in said), line
    assert all(item.keys() == {"id", "text"} for item in evidence)
    assert reply.retell
    message = group.router.retold(reply, group._event("/recap 24h"), NOW)
    assert message
    assert message.html.count("https://t.me/c/1234567890/") >= len(evidence) - 1
    assert message.buttons == before.buttons, "the whole recap is one press away"


@pytest.mark.parametrize("behaviour", [name for name in SPEAKING if name != "honest"])
def test_nothing_that_nobody_said_is_in_a_recap(group: Group, model: ModelServer, behaviour: str) -> None:
    model.behaviour = behaviour
    group.say("/capture model on")
    text = group.retold(group.say("/recap 24h")) or ""
    told = text.split("\n\nRewritten by")[0] if "Rewritten by" in text else ""
    said = {(message.author, message.text) for message in talk(OFFICE)}
    start = re.compile(rf"\n| (?=(?:{'|'.join({author for author, _ in said})}): )")
    for line in filter(None, start.split(told.partition("\n\n")[2])):
        author, _, words = line.replace("↗", "").strip().partition(": ")
        assert any(author == name and words in text for name, text in said), line


def test_what_was_retold_is_forgotten_with_what_was_said(group: Group) -> None:
    group.say("/capture model on")
    reply = group.say("/recap 24h")
    group.retold(reply)
    assert group.rewriter
    assert reply.retell
    assert group.rewriter.known(reply.retell.material)
    group.rewriter.forget_talk()
    assert group.rewriter.known(reply.retell.material) is None


def test_a_daily_recap_is_retold_before_it_is_due(group: Group) -> None:
    group.say("/capture model on")
    due = NOW.hour * 60 + NOW.minute
    created = BEGAN - 86_400
    group.app.state.recaps.put(RecapSchedule("r", GROUP, 0, ADMIN, due, "UTC", "en", True, 5, created))
    recaps = group.app.recaps("trend_bot")
    ((material, chat),) = recaps.ahead(NOW)
    assert chat == GROUP
    assert group.rewriter
    asyncio.run(group.rewriter.retell(material, chat))
    assert recaps.tick(NOW) == 1
    ((payload,),) = group.app.state.database.read().execute("SELECT payload FROM outbox").fetchall()
    assert "Rewritten by stand-in" in json.loads(payload)["html"]
