"""A group that mentions the bot in plain words gets what it asked for: a recap, a command, a follow-up or an answer."""

from __future__ import annotations

import pytest
from library_kit import NOW

from bot.app import App
from bot.dialogue.commands.trend import ShowBriefing
from bot.dialogue.effects import OpenView
from bot.dialogue.events import TextEvent
from bot.dialogue.parse import mentioned, recap_argument
from bot.dialogue.reply import Reply
from bot.inbound.updates import read
from bot.rendering.callbacks import encode
from bot.rendering.preview import as_text

GROUP, ANN = -1_001_234, 31


@pytest.mark.parametrize(
    ("said", "argument"),
    [
        ("recap", ""),
        ("recap please", ""),
        ("Recap the last 2 hours", "last 2 hours"),
        ("summarise the last 2 hours", "last 2 hours"),
        ("can you sum up the discussion?", ""),
        ("sum up today", "today"),
        ("what did I miss?", ""),
        ("what did we decide about the racks?", "about the racks"),
        ("recap of @Ann", "@ann"),
        ("总结一下", ""),
        ("总结一下吧", ""),
        ("帮我总结一下今天的聊天", "今天"),
        ("回顾2小时", "2小时"),
        ("总结一下最近三小时的讨论", "最近三小时"),
        ("刚才聊了什么？", ""),
        ("總結一下", ""),
        ("总结下关于定价的讨论", "关于定价"),
    ],
)
def test_a_recap_asked_for_in_words_is_one(said: str, argument: str) -> None:
    assert recap_argument(said) == argument


@pytest.mark.parametrize(
    "said",
    [
        "sum up DeepSeek",
        "summary of Nvidia's results",
        "总结一下DeepSeek的进展",
        "总结经验",
        "recaptcha",
        "what did Nvidia say about the racks?",
        "compute",
        "2 hours",
    ],
)
def test_a_question_about_a_subject_asks_for_no_recap(said: str) -> None:
    assert recap_argument(said) is None


@pytest.mark.parametrize(
    ("said", "name", "argument"),
    [
        ("hey recap", "recap", ""),
        ("subscribe to compute", "subscribe", "compute"),
        ("订阅 算力", "subscribe", "算力"),
        ("help", "help", ""),
        ("hi, what is compute?", "", "what is compute?"),
        ("请问算力还在涨吗", "", "算力还在涨吗"),
        ("high bandwidth memory", "", "high bandwidth memory"),
        ("compute", "", "compute"),
    ],
)
def test_what_stands_beside_the_bots_name_is_a_command_in_words_or_a_question(
    said: str, name: str, argument: str
) -> None:
    command, rest = mentioned(said)
    assert (command.name, rest) == (name, argument)


def answer(app: App, text: str, *, admin: bool = False) -> Reply:
    """Return the reply to a text that mentions the bot in a group, with its views stored."""
    event = TextEvent(GROUP, ANN, f"@trend_bot {text}", private=False, admin=admin)
    reply = app.router("trend_bot").answer(event, NOW)
    assert reply is not None
    return reply


def test_who_may_not_configure_a_group_cannot_subscribe_it_in_words(own_app: App) -> None:
    reply = answer(own_app, "subscribe to compute")
    assert reply.message is not None
    assert "only an admin" in as_text(reply.message)
    assert not reply.effects


def test_a_mention_goes_on_from_the_groups_last_question(own_app: App) -> None:
    first = answer(own_app, "compute in 2024")
    for effect in first.effects:
        if isinstance(effect, OpenView):
            own_app.state.views.put(effect.view, int(NOW.timestamp()))
    reply = answer(own_app, "and chips?")
    assert reply.message is not None
    assert as_text(reply.message).startswith("chips in 2024") or "Chips" in as_text(reply.message)[:20]


@pytest.mark.parametrize("said", ["thanks!", "谢谢", "ok"])
def test_a_courtesy_to_the_bot_is_answered_in_one_line(own_app: App, said: str) -> None:
    reply = answer(own_app, said)
    assert reply.message is not None
    assert "\n" not in as_text(reply.message).strip()


def reply_to_bot(app: App, text: str, view: str = "") -> Reply | None:
    """Return the bot's answer to a text that replies to its message with this view's buttons; None for silence."""
    update = {
        "message": {
            "message_id": 9,
            "date": 1,
            "chat": {"id": GROUP, "type": "supergroup", "title": "Racks"},
            "from": {"id": ANN, "is_bot": False, "first_name": "Ann"},
            "text": text,
            "reply_to_message": {
                "message_id": 8,
                "from": {"id": 1, "is_bot": True, "username": "Trend_Bot"},
                "reply_markup": {
                    "inline_keyboard": [
                        [{"text": "More", "callback_data": encode(ShowBriefing(view, "en", "more"))}]
                    ]
                },
            },
        }
    }
    event = read(update, "trend_bot")
    return app.router("trend_bot").answer(event, NOW) if isinstance(event, TextEvent) else None


def asked(app: App, text: str) -> str:
    """Ask a question an hour before NOW and return the id of its view."""
    (view,) = (e.view for e in answer(app, text).effects if isinstance(e, OpenView))
    app.state.views.put(view, int(NOW.timestamp()) - 3_600)
    return view.id


@pytest.mark.parametrize(
    ("said", "head"),
    [
        ("and chips?", "chips in 2024"),
        ("那芯片呢", "芯片"),
        ("What is NVIDIA doing there?", ""),
        ("sources", "Sources"),
        ("more please", ""),
        ("how much does compute cost", ""),
    ],
)
def test_a_reply_to_the_bot_that_asks_goes_on_from_what_it_replies_to(
    own_app: App, said: str, head: str
) -> None:
    view = asked(own_app, "compute in 2024")
    asked(own_app, "privacy")
    reply = reply_to_bot(own_app, said, view)
    assert reply is not None
    assert reply.message is not None
    assert head.casefold() in as_text(reply.message)[:40].casefold()


@pytest.mark.parametrize(
    "said",
    [
        "thanks!",
        "ok",
        "谢谢",
        "好的",
        "lol",
        "really?",
        "真的吗？",
        "and I believe it",
        "那就这样吧",
        "compute is overrated",
        "why?",
        "@bob what do you think of compute?",
        "哈哈哈",
        "为什么？",
    ],
)
def test_a_reply_to_the_bot_that_is_said_to_the_others_is_left_alone(own_app: App, said: str) -> None:
    assert reply_to_bot(own_app, said, asked(own_app, "compute in 2024")) is None
