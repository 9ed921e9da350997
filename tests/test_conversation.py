"""The bot's answers to texts and presses, over the library of the seeds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from golden.rewrite import FOLDER, LANGUAGES, TEXTS, reply_to
from library_kit import NOW
from msgspec.structs import replace

from bot.app import App
from bot.dialogue.effects import ChooseLanguage, OpenView
from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.pages import OpenTopic
from bot.dialogue.registry import decode_press
from bot.dialogue.reply import Reply
from bot.dialogue.router import Router
from bot.messages import Button, Link, Message, Press
from bot.models import Language
from bot.rendering.callbacks import encode
from bot.rendering.renderer import plain_text
from bot.state.state import State
from bot.state.views import View

CHAT, GROUP, ASKER, STRANGER = 10, -100, 7, 8


@pytest.fixture
def own_app(app: App, tmp_path: Path) -> Iterator[App]:
    """The bot with a state of the test's own over the shared library."""
    own = replace(app, state=State(tmp_path / "state.db"))
    yield own
    own.state.close()


def private(text: str, **changes: Any) -> TextEvent:
    return replace(TextEvent(CHAT, ASKER, text, private=True), **changes)


def in_group(text: str, **changes: Any) -> TextEvent:
    return replace(TextEvent(GROUP, ASKER, text, private=False, admin=False), **changes)


def message_of(reply: Reply | None) -> Message:
    assert reply is not None
    assert reply.message is not None
    return reply.message


def text_of(reply: Reply | None) -> str:
    return plain_text(message_of(reply).html)


def buttons_of(reply: Reply | None) -> list[Button]:
    return [button for row in message_of(reply).buttons for button in row]


def names_of(reply: Reply | None) -> list[str]:
    """Return the encoded presses of the buttons under a message, without version, view and language."""
    presses = [button.action for button in buttons_of(reply) if isinstance(button.action, Press)]
    return [encode(press).split(".", 3)[3] for press in presses]


def opened(app: App, text: str, **changes: Any) -> tuple[Router, Reply, View]:
    """Return a conversation in which the asker just got a briefing, the reply, and its view."""
    conversation = app.router("trend_bot")
    asked = replace(private(text), **changes)
    reply = conversation.answer(asked, NOW)
    assert reply is not None
    (effect,) = reply.effects
    assert isinstance(effect, OpenView)
    app.state.views.put(effect.view, int(NOW.timestamp()))
    return conversation, reply, effect.view


def press(name: str, view: View, language: Language = "en", **changes: Any) -> ButtonEvent:
    data = f"1.{view.id}.{language}.{name}"
    return replace(ButtonEvent(view.chat_id, view.user_id, data, private=view.chat_id > 0), **changes)


# -- golden replies ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_the_first_replies_read_as_they_are_kept(name: str, language: Language, conversation: Router) -> None:
    """After an intended change run `python tests/golden/rewrite.py` and read the diff."""
    kept = (FOLDER / f"{name}.{language}.txt").read_text("utf-8")
    assert reply_to(conversation, TEXTS[name], language) == kept


# -- who is answered -----------------------------------------------------------------------------------


def test_in_private_the_topic_alone_is_enough(conversation: Router) -> None:
    assert text_of(conversation.answer(private("compute"), NOW)) == text_of(
        conversation.answer(private("/trend compute"), NOW)
    )


def test_in_a_group_only_commands_and_mentions_of_this_bot_are_answered(conversation: Router) -> None:
    for text in (
        "compute",
        "趋势 算力",
        "@trend_bots compute",
        "/trend@other_bot compute",
        "/weather",
        "/weather@trend_bot",
        "/",
        "/@trend_bot",
    ):
        assert conversation.answer(in_group(text), NOW) is None, text
    expected = text_of(conversation.answer(in_group("/trend compute"), NOW))
    for text in (
        "/trend@trend_bot compute",
        "/TREND@Trend_Bot  compute",
        "/trend\ncompute",
        "@Trend_Bot compute",
    ):
        assert text_of(conversation.answer(in_group(text), NOW)) == expected, text


def test_an_unknown_command_in_private_is_answered_with_help(conversation: Router) -> None:
    assert "/trend" in text_of(conversation.answer(private("/weather"), NOW))


@pytest.mark.parametrize("text", ["/trend", "/trend the", "what is this?", "-compute", "？"])
def test_a_question_about_nothing_is_met_with_topics_to_pick(text: str, conversation: Router) -> None:
    reply = conversation.answer(private(text), NOW)
    assert "Which topic?" in text_of(reply) or "想看哪个主题" in text_of(reply)
    assert all(name.startswith("t:") for name in names_of(reply))
    assert len(names_of(reply)) == 6


def test_no_hit_offers_the_nearest_topics(conversation: Router) -> None:
    for typed, topic in (("robotz", "t:robots"), ("算力纲", "t:computing-network")):
        reply = conversation.answer(private(typed), NOW)
        assert typed in text_of(reply)
        assert topic in names_of(reply)


def test_quotation_marks_that_were_typed_are_not_doubled(conversation: Router) -> None:
    reply = conversation.answer(private("“天气”"), NOW)
    assert text_of(reply).startswith("库里5份报告都没有“天气”的内容。")


def test_letters_shared_by_chance_make_no_topic_near(conversation: Router) -> None:
    reply = conversation.answer(private("volcanoes"), NOW)
    assert names_of(reply) == names_of(conversation.answer(private("/trend"), NOW))
    assert "Nearest" not in text_of(reply)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "what happened in AI last month?",
            "The newest report is of 26 Feb 2026, before the time you ask about.",
        ),
        ("上个月AI有什么大事", "最新的一份报告是2026-02-26的，早于你问的时间。"),
    ],
)
def test_a_time_after_the_newest_report_is_said_to_be_too_late(
    text: str, said: str, conversation: Router
) -> None:
    assert said in text_of(conversation.answer(private(text), NOW))
    assert said not in text_of(conversation.answer(private("robotz in January 2026"), NOW))


def test_what_the_library_lacks_is_said_first_with_the_nearest_topics_and_their_reports(own_app: App) -> None:
    counts = own_app.library.topic_reports()
    for text, first in (
        ("robotz", "Nothing on robotz in 5 reports."),
        (
            "did Apple partner with Alibaba?",
            "Nothing in 5 reports answers “did Apple partner with Alibaba?”.",
        ),
        ("苹果和阿里合作了吗", "库里5份报告都没有回答“苹果和阿里合作了吗”。"),
        ("算力纲", "库里5份报告都没有“算力纲”的内容。"),
    ):
        conversation, reply, view = opened(own_app, text)
        assert text_of(reply).split("\n")[0] == first
        for button in buttons_of(reply):
            assert isinstance(button.action, OpenTopic)
            assert button.text.endswith(f" {counts[button.action.topic]}")
    opened_topic = conversation.press(press(names_of(reply)[0], view, "zh"), NOW)
    back = next(b for b in buttons_of(opened_topic) if b.text == "返回")
    assert isinstance(back.action, Press)
    again = conversation.press(replace(press("first", view), data=encode(back.action)), NOW)
    assert text_of(again) == text_of(reply)


def test_a_month_and_its_dots_stay_on_one_line(conversation: Router) -> None:
    line = next(
        line for line in text_of(conversation.answer(private("compute"), NOW)).split("\n") if "●" in line
    )
    assert all("\u00a0●" in part for part in line.split("  "))
    assert " ●" not in line


# -- the reader's language -----------------------------------------------------------------------------


def test_the_language_is_the_chosen_one_then_that_of_the_text_then_telegrams_then_the_bots(
    own_app: App,
) -> None:
    conversation = own_app.router("trend_bot")

    def spoken(text: str, code: str | None) -> str:
        return (
            "zh" if "来源" in text_of(conversation.answer(private(text, language_code=code), NOW)) else "en"
        )

    assert spoken("compute", None) == "en"
    assert spoken("compute", "fr") == "en"
    assert spoken("compute", "zh-hant") == "zh"
    assert spoken("算力", "en") == "zh"
    own_app.state.chats.set_language(CHAT, "en")
    assert spoken("算力", "zh") == "en"
    own_app.state.chats.set_language(CHAT, "zh")
    assert spoken("compute", "en") == "zh"


def test_lang_is_a_choice_of_the_chat(conversation: Router) -> None:
    codes: dict[str, Language] = {"zh": "zh", "en": "en", "中文": "zh", "zh-TW": "zh", "English": "en"}
    for code, language in codes.items():
        reply = conversation.answer(private(f"/lang {code}"), NOW)
        assert reply is not None
        assert reply.effects == (ChooseLanguage(CHAT, language),), code
    for text in ("/lang", "/lang fr"):
        reply = conversation.answer(private(text), NOW)
        assert names_of(reply) == ["lang:en", "lang:zh"]
        assert reply is not None
        assert reply.effects == ()


def test_in_a_group_only_an_admin_chooses_the_language(conversation: Router) -> None:
    refused = conversation.answer(in_group("/lang zh"), NOW)
    assert refused is not None
    assert refused.effects == ()
    assert "admin" in text_of(refused)
    allowed = conversation.answer(in_group("/lang zh", admin=True), NOW)
    assert allowed is not None
    assert allowed.effects == (ChooseLanguage(GROUP, "zh"),)


def test_a_pressed_language_is_a_choice_too_but_not_for_a_groups_members(conversation: Router) -> None:
    chosen = conversation.press(ButtonEvent(CHAT, ASKER, "1.0.en.lang:zh", private=True), NOW)
    assert chosen.effects == (ChooseLanguage(CHAT, "zh"),)
    assert text_of(chosen) == "好，我用中文回答。"
    refused = conversation.press(ButtonEvent(GROUP, ASKER, "1.0.en.lang:zh", private=False), NOW)
    assert (refused.message, refused.effects) == (None, ())
    by_admin = conversation.press(ButtonEvent(GROUP, ASKER, "1.0.en.lang:zh", private=False, admin=True), NOW)
    assert by_admin.effects == (ChooseLanguage(GROUP, "zh"),)


# -- deep links ----------------------------------------------------------------------------------------


def test_a_deep_link_asks_for_a_topic(conversation: Router) -> None:
    asked = text_of(conversation.answer(private("/trend compute"), NOW))
    assert text_of(conversation.answer(private("/start trend_compute"), NOW)) == asked


def test_a_deep_link_opens_the_cited_passage(conversation: Router, app: App) -> None:
    group = conversation.answer(in_group("/trend compute"), NOW)
    links = [button.action.url for button in buttons_of(group) if isinstance(button.action, Link)]
    assert len(links) == 5
    assert all(link.startswith("https://t.me/trend_bot?start=p_") for link in links)
    payload = links[0].partition("start=")[2]
    passage = app.library.passage(payload.removeprefix("p_"))
    assert passage is not None
    reply = conversation.answer(private(f"/start {payload}"), NOW)
    assert passage.text in text_of(reply)


def test_a_passage_opened_by_a_link_leads_on_to_its_topics_and_to_the_reports(own_app: App) -> None:
    group = own_app.router("trend_bot").answer(in_group("/trend liquid cooling"), NOW)
    link = next(button.action.url for button in buttons_of(group) if isinstance(button.action, Link))
    conversation, reply, view = opened(own_app, f"/start {link.partition('start=')[2]}")
    assert "t:liquid-cooling" in names_of(reply)
    for name in names_of(reply):
        assert conversation.press(press(name, view), NOW).message, name
    assert names_of(reply)[-1] == "rp:0"


@pytest.mark.parametrize("payload", ["p_", "p_0000000000000000", "p_%"])
def test_a_link_to_a_passage_that_is_gone_says_so(payload: str, conversation: Router) -> None:
    assert "no longer in the library" in text_of(conversation.answer(private(f"/start {payload}"), NOW))


@pytest.mark.parametrize("payload", ["", "x", "trend", "P_1"])
def test_an_unknown_deep_link_begins_the_conversation(payload: str, conversation: Router) -> None:
    assert "Send me a topic" in text_of(conversation.answer(private(f"/start {payload}"), NOW))


def test_the_first_message_offers_two_topics_that_are_seldom_told_together(conversation: Router) -> None:
    assert names_of(conversation.answer(private("/start"), NOW))[:2] == ["t:compute", "t:agents"]


# -- buttons -------------------------------------------------------------------------------------------


def test_every_button_of_a_briefing_edits_its_message_and_back_leads_back(own_app: App) -> None:
    conversation, first, view = opened(own_app, "/trend compute")
    names = [name for name in names_of(first) if name != "daily"]  # It opens a panel beside the briefing.
    assert names[:8] == ["c:1", "c:2", "c:3", "c:4", "c:5", "more", "figures", "sources"]
    seen = {text_of(first)}
    for name in (name for name in names if name != "first"):
        reply = conversation.press(press(name, view), NOW)
        assert reply.edit, name
        assert reply.notice == ""
        seen.add(text_of(reply))
        assert "first" in names_of(reply)
    assert len(seen) == len(names), "two buttons show the same"
    assert text_of(conversation.press(press("first", view), NOW)) == text_of(first)


def test_a_citation_opens_its_passage_between_its_neighbours(own_app: App) -> None:
    conversation, first, view = opened(own_app, "/trend compute")
    lead = text_of(first).split("\n")[1].partition(" [1]")[0]
    reply = conversation.press(press("c:1", view), NOW)
    html = message_of(reply).html
    quoted = plain_text(html[html.index("<blockquote>") : html.index("</blockquote>")])
    assert lead in quoted
    assert text_of(reply).startswith("[1] ")
    assert names_of(reply) == ["first"]


def test_an_opened_citation_begins_with_what_can_be_cited_and_ends_with_what_its_source_leaves_open(
    own_app: App,
) -> None:
    conversation, _, view = opened(own_app, "/trend Wuhan")
    lines = text_of(conversation.press(press("c:1", view), NOW)).splitlines()
    assert lines[0] == "[1] AI Computing Center White Paper 2.0 (2025)"
    assert lines[1].startswith("Publisher and date unknown, p. ")
    assert lines[1].endswith("; Trendbot's brief")
    assert lines[-3].startswith("About the source: Trendbot read an English summary")
    assert lines[-1] == "No public link known."


def test_the_other_language_is_one_press_away(own_app: App) -> None:
    conversation, first, view = opened(own_app, "/trend compute")
    chinese = conversation.press(press("first", view, "zh"), NOW)
    assert text_of(chinese) == text_of(conversation.answer(private("/trend compute", chosen="zh"), NOW))
    back = next(b for b in buttons_of(chinese) if b.text == "English")
    assert isinstance(back.action, Press)
    again = conversation.press(replace(press("first", view), data=encode(back.action)), NOW)
    assert text_of(again) == text_of(first)


def test_a_related_topic_is_a_question_of_its_own(own_app: App) -> None:
    conversation, first, view = opened(own_app, "/trend compute")
    related = next(name for name in names_of(first) if name.startswith("t:"))
    reply = conversation.press(press(related, view), NOW)
    (effect,) = reply.effects
    assert isinstance(effect, OpenView)
    assert effect.view.id != view.id
    assert (effect.view.chat_id, effect.view.user_id) == (CHAT, ASKER)
    topic = own_app.glossary.topics[related.removeprefix("t:")]
    assert text_of(reply).startswith(topic.names["en"])


def test_a_related_topic_leads_back_to_the_briefing_it_was_opened_from(own_app: App) -> None:
    conversation, first, view = opened(own_app, "/trend compute")
    related = next(name for name in names_of(first) if name.startswith("t:"))
    reply = conversation.press(press(related, view), NOW)
    (effect,) = reply.effects
    assert isinstance(effect, OpenView)
    own_app.state.views.put(effect.view, int(NOW.timestamp()))
    more = conversation.press(press("more", effect.view), NOW)
    assert text_of(conversation.press(press("first", effect.view), NOW)) == text_of(reply)
    for message in (reply, conversation.press(press("first", effect.view), NOW)):
        back = next(b.action for b in buttons_of(message) if b.text == "Back")
        assert isinstance(back, Press)
        assert back.view == view.id
        pressed = replace(press("first", view), data=encode(back))
        assert text_of(conversation.press(pressed, NOW)) == text_of(first)
    own = next(b.action for b in buttons_of(more) if b.text == "Back")
    assert isinstance(own, Press)
    assert own.view == effect.view.id, "from More one comes back to the briefing itself"


@pytest.mark.parametrize("part", ["more", "figures"])
def test_a_citation_leads_back_to_the_part_that_it_was_opened_from(own_app: App, part: str) -> None:
    conversation, _, view = opened(own_app, "/trend compute")
    shown = conversation.press(press(part, view), NOW)
    cited = next(name for name in names_of(shown) if name.startswith("ci:"))
    passage = conversation.press(press(cited, view), NOW)
    assert text_of(passage).startswith(f"[{cited.rpartition(':')[2]}] ")
    assert names_of(passage) == [part]
    assert text_of(conversation.press(press(part, view), NOW)) == text_of(shown)


def test_an_offered_topic_belongs_to_whoever_was_offered_it(own_app: App) -> None:
    conversation, offered, view = opened(own_app, "/trend robotz", chat_id=GROUP, private=False)
    name = names_of(offered)[0]
    stranger = conversation.press(press(name, view, user_id=STRANGER), NOW)
    assert (stranger.message, stranger.effects) == (None, ())
    asker = conversation.press(press(name, view), NOW)
    assert text_of(asker).startswith(own_app.glossary.topics[name.removeprefix("t:")].names["en"])


# -- rights --------------------------------------------------------------------------------------------


def test_in_a_group_only_the_asker_and_admins_press(own_app: App) -> None:
    conversation, _, view = opened(own_app, "/trend compute", chat_id=GROUP, private=False)
    for name in ("more", "figures", "sources", "first", "c:1", "t:chips"):
        asker = conversation.press(press(name, view), NOW)
        stranger = conversation.press(press(name, view, user_id=STRANGER), NOW)
        admin = conversation.press(press(name, view, user_id=STRANGER, admin=True), NOW)
        assert asker.message, name
        assert admin.message, name
        assert (stranger.message, stranger.effects) == (None, ())
        assert stranger.notice.startswith("Only the person who asked")


def test_forged_stale_and_foreign_presses_do_nothing(own_app: App) -> None:
    conversation, reply, view = opened(own_app, "/trend compute", chat_id=GROUP, private=False)
    chance = random.Random(5)  # noqa: S311  # The same presses each time.
    genuine = [encode(b.action) for b in buttons_of(reply) if isinstance(b.action, Press)]
    genuine += [f"1.{view.id}.en.lang:zh", "1.0.zh.lang:en", "1.0.en.first", "1.0.en.c:1"]
    for _ in range(1_000):
        data = chance.choice(genuine)
        kind = chance.randrange(4)
        if "lang:" in data and kind in {0, 2}:
            continue  # The choice of a language belongs to no view.
        if kind == 0:  # Another chat, whose own admin presses.
            pressed = ButtonEvent(chance.choice([CHAT, GROUP - 1]), ASKER, data, private=False, admin=True)
        elif kind == 1:  # Another member.
            pressed = ButtonEvent(GROUP, STRANGER, data, private=False)
        elif kind == 2:  # A view that does not exist, or no longer.
            stale = data.replace(view.id, "".join(chance.choices("abcXYZ019", k=12)))
            pressed = ButtonEvent(GROUP, ASKER, stale, private=False)
        else:  # Nonsense.
            characters = list(data)
            for _ in range(chance.randint(1, 4)):
                characters[chance.randrange(len(characters))] = chance.choice("aZ0.:_-\0é算\ud800 ")
            pressed = ButtonEvent(GROUP, STRANGER, "".join(characters), private=False)
        answer = conversation.press(pressed, NOW)
        assert (answer.message, answer.effects) == (None, ()), pressed
        assert answer.notice


@pytest.mark.parametrize(
    "name",
    ["c:0", "c:99", "c:", "c:x", "c:1:2", "t:", "nothing", "lang:fr"]
    + [f"{kind}:{9 * 10**30}" for kind in ("c", "s", "h", "tp", "rp")],
)
def test_a_press_that_this_version_does_not_make_says_that_it_is_old(name: str, own_app: App) -> None:
    conversation, _, view = opened(own_app, "/trend compute")
    reply = conversation.press(press(name, view), NOW)
    assert (reply.message, reply.effects) == (None, ())
    assert reply.notice == "This button is too old. Send the topic again."


def test_every_button_under_every_reply_can_be_read_back(conversation: Router) -> None:
    for text in ("/start", "/lang", "/trend", "/trend compute", "/trend robotz", "/trend AI"):
        for button in buttons_of(conversation.answer(private(text), NOW)):
            assert isinstance(button.action, Press)
            assert decode_press(encode(button.action)) == button.action


# -- what was typed is only text -----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["<b>x</b>", "&amp;", "a</blockquote>", "<a href='tg://user?id=1'>x</a>"])
def test_what_was_typed_is_shown_and_never_markup(text: str, conversation: Router) -> None:
    for typed in (f"/trend {text}", f'/trend compute "{text}"'):
        assert text in text_of(conversation.answer(private(typed), NOW))


@pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\ud800", "\x07", "\x00"])
def test_what_turns_or_breaks_the_text_around_it_is_not_repeated(hidden: str, conversation: Router) -> None:
    reply = conversation.answer(private(f"/trend zzz{hidden}qqq compute"), NOW)
    assert hidden not in message_of(reply).html
    assert reply is not None
    for effect in reply.effects:
        assert isinstance(effect, OpenView)
        assert hidden not in effect.view.query


def test_a_failure_is_told_in_the_chats_language(own_app: App) -> None:
    conversation = own_app.router(None)
    assert "a1b2c3" in conversation.apology(private("compute"), "a1b2c3").html
    own_app.state.chats.set_language(CHAT, "zh")
    assert "请再试一次" in conversation.apology(private("compute"), "a1b2c3").html


@pytest.mark.parametrize("text", ["/start", "开始"])
def test_the_first_message_has_three_buttons(text: str, conversation: Router) -> None:
    assert len(names_of(conversation.answer(private(text), NOW))) == 3


def test_a_search_result_says_whose_words_it_shows(conversation: Router) -> None:
    found = text_of(conversation.answer(private("/search liquid cooling"), NOW))
    assert "CWW, 23 Dec 2024; Trendbot's brief" in found
