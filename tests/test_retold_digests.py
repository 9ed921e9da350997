"""A digest that a language model may retell: requested before it is due, never waited for, with the sources' words below."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot_process import BotProcess
from digest_kit import subscription
from library_kit import write
from model_kit import OTHERWISE, SPEAKING, ModelServer
from msgspec.structs import replace
from test_rewriter import model_variables, rewriter_of

from bot.app import App
from bot.digests.due import DigestsAhead, DueDigests
from bot.models import Language
from bot.outbox.fence import Fence
from bot.playground.server import LocalTelegram
from bot.rewriting.ahead import RetellingsAhead
from bot.rewriting.rewriter import Rewriter

DUE = datetime(2026, 11, 23, tzinfo=UTC)
BEFORE = DUE - timedelta(seconds=30)
READER = 41


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """A model server that is honest until told otherwise."""
    with ModelServer() as model:
        yield model


def subscribed(own_app: App, language: Language = "en") -> None:
    own_app.state.subscriptions.put(subscription("daily", ("compute",), DUE - timedelta(days=2), language))


def sent(own_app: App, rewriter: Rewriter | None) -> str:
    """Return the only part of the digest that is due, after what is retold ahead of it."""
    (html,) = parts_sent(own_app, rewriter)
    return html


def parts_sent(own_app: App, rewriter: Rewriter | None) -> list[str]:
    """Return every part of the digest that is due, after what is retold ahead of it."""
    app = replace(own_app, rewriter=rewriter)
    digests = app.digests("trend_bot")

    async def before() -> None:
        if rewriter:
            loop = asyncio.get_running_loop()
            ahead = RetellingsAhead(rewriter, loop, [DigestsAhead(app.state, digests)])
            await asyncio.to_thread(ahead.tick, BEFORE)
            await asyncio.gather(*map(asyncio.wrap_future, ahead._under_way))

    asyncio.run(before())
    fence = Fence(app.state, lambda: DUE, "here")
    assert fence.acquire()
    assert DueDigests(app.state, digests, fence).queue(DUE) == 1
    rows = app.state.database.read().execute("SELECT payload FROM outbox ORDER BY part").fetchall()
    return [str(json.loads(payload)["html"]) for (payload,) in rows]


@pytest.mark.parametrize(("language", "line"), [("en", "Rewritten by stand-in"), ("zh", "由stand-in改写")])
def test_what_is_due_is_retold_before_and_sent_with_the_sources_own_words(
    own_app: App, model: ModelServer, language: Language, line: str
) -> None:
    subscribed(own_app, language)
    html = sent(own_app, rewriter_of(own_app, model))
    assert line in html
    above, original = html.split("<blockquote expandable>")
    assert original.count("• ") == 3
    assert all(re.sub(r"<[^>]+>", "", point)[:20] in above for point in original.split("• ")[1:])
    assert len(model.asked) == 1


@pytest.mark.parametrize("behaviour", [name for name in OTHERWISE if name != "slow"])
def test_a_digest_is_as_without_a_model_where_that_gives_nothing(
    own_app: App, model: ModelServer, behaviour: str
) -> None:
    model.behaviour = behaviour
    subscribed(own_app)
    html = sent(own_app, rewriter_of(own_app, model, seconds=2.0))
    assert "Rewritten by" not in html
    assert "blockquote" not in html


@pytest.mark.parametrize("behaviour", [name for name in SPEAKING if name != "honest"])
def test_nothing_that_is_not_verified_is_in_a_digest(
    own_app: App, model: ModelServer, behaviour: str
) -> None:
    model.behaviour = behaviour
    subscribed(own_app)
    html = sent(own_app, rewriter_of(own_app, model))
    above, _, original = html.partition("<blockquote expandable>")
    told = re.sub(r"<[^>]+>", "", above.split("from the library:")[1])
    for sentence in re.split(r"\[\d\]", told.split("\nRewritten by")[0]):
        assert re.sub(r"\s+", " ", sentence).strip() in original if original else "Rewritten" not in html


def test_a_digest_of_several_parts_is_retold_above_the_first(
    own_app: App, model: ModelServer, tmp_path: Path
) -> None:
    topics = ("chips", "robots", "data centres", "liquid cooling", "power", "AI agents")
    for number, topic in enumerate(topics * 2):
        # Words that no other sentence has; the sentences of the last topics fill a message.
        count = 5 if topic in topics[:2] else 22
        padding = ", ".join(f"hall{number}x{word} and yard{number}x{word}" for word in range(count))
        report = write(tmp_path, f"{number}.md", f"Of {topic} there is news from {padding}.", title="Long")
        assert [one.status for one in own_app.ingest.path(report, int(BEFORE.timestamp()))] == ["added"]
    own_app.state.subscriptions.put(subscription("daily", topics, BEFORE - timedelta(hours=1)))
    first, *others = parts_sent(own_app, rewriter_of(own_app, model))
    above, _, folded = first.partition("<blockquote expandable>")
    assert others
    assert "Rewritten by stand-in" in above
    assert "hall0x1" in above
    assert "hall0x1" in folded
    assert not any("Rewritten by" in other for other in others)


def test_a_digest_that_was_asked_for_comes_at_once_and_is_rewritten_in_its_place(
    data: Path, model: ModelServer
) -> None:
    with LocalTelegram() as telegram, BotProcess(data, telegram, **model_variables(model)) as bot:
        bot.listening()
        telegram.say(READER, READER, "/digest compute")
        message = telegram.edited(telegram.reply(READER))
        assert "Rewritten by stand-in-7b, 3 of 3 sentences verified" in message["text"]
        assert [e["type"] for e in message["entities"] if "quote" in e["type"]] == ["expandable_blockquote"]
        assert telegram.refused == []
        assert bot.end(signal.SIGTERM) == 0
