"""A group agrees before anything is kept, its members may opt out, and only members read its recaps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from library_kit import NOW
from msgspec.structs import replace

from bot.app import App
from bot.dialogue.events import ButtonEvent, MemberEvent, TextEvent
from bot.dialogue.recap_windows import RecapRequest, RecapWindow, parse_recap_request
from bot.dialogue.registry import decode_press
from bot.dialogue.reply import Reply
from bot.dialogue.router import Router
from bot.inbound.apply import apply
from bot.messages import Button, Link, Message, Press, Rights
from bot.rendering.callbacks import encode
from bot.rendering.renderer import plain_text
from bot.state.captures import MOST_MESSAGES, Capture
from bot.state.state import State
from bot.talk import ChatMessage

GROUP, OTHER, ADMIN, MEMBER, BO = -1_001_234, -1_005_678, 7, 8, 9
SECOND = int(NOW.timestamp())
TALK = [
    "How much does computing power cost us this quarter?",
    "The GPU cluster is fully booked, training waits three days.",
    "We decided to rent compute for two more months.",
    "Inference costs fell by half since spring, says the vendor.",
    "Should the agents team move to the smaller model?",
    "The smaller model answers as well as the large one in our tests.",
    "Power supply limits the new data centre, not the chips.",
    "Who books the meeting room for Monday?",
    "I asked the vendor about liquid cooling for the racks.",
    "Liquid cooling pays off above forty kilowatts per rack.",
    "The report on power says the same about data centres.",
    "Then we decided: the order goes out on Friday.",
]


class Group:
    """A group and its people; effects of replies are applied as the service applies them."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.state = app.state
        self.conversation: Router = app.router("trend_bot")

    def say(self, text: str, user: int = ADMIN, now: datetime = NOW, **changes: Any) -> Reply:
        asked = TextEvent(GROUP, user, text, private=False, language_code="en", admin=user == ADMIN)
        return self.keep(self.conversation.answer(replace(asked, **changes), now), now)

    def whisper(self, text: str, user: int = MEMBER, member_of: int | None = None) -> Reply:
        asked = TextEvent(user, user, text, private=True, language_code="en", member_of=member_of)
        return self.keep(self.conversation.answer(asked, NOW), NOW)

    def press(self, button: Button, user: int = ADMIN, **changes: Any) -> Reply:
        assert isinstance(button.action, Press)
        pressed = ButtonEvent(GROUP, user, encode(button.action), private=False, admin=user == ADMIN)
        return self.keep(self.conversation.press(replace(pressed, **changes), NOW), NOW)

    def keep(self, reply: Reply | None, now: datetime) -> Reply:
        assert reply is not None
        for effect in reply.effects:
            apply(effect, self.state, int(now.timestamp()))
        return reply

    def talk(
        self, chat: int = GROUP, thread: int = 0, lines: list[str] = TALK, hours_ago: float = 0.5
    ) -> None:
        start = SECOND - int(hours_ago * 3_600)
        for number, text in enumerate(lines):
            author = (MEMBER, BO)[number % 2]
            message = ChatMessage(
                100 + number + thread * 1_000,
                author,
                f"P{author}",
                text,
                start + number * 60,
                thread_id=thread,
            )
            self.state.captures.keep(chat, message)


@pytest.fixture
def group(app: App, tmp_path: Path) -> Iterator[Group]:
    own = replace(app, state=State(tmp_path / "state.db"))
    yield Group(own)
    own.state.close()


@pytest.fixture
def talking(group: Group) -> Group:
    """A group with capture on in which people have talked."""
    group.say("/capture on")
    group.talk()
    return group


def text_of(reply: Reply) -> str:
    assert reply.message is not None, reply
    return plain_text(reply.message.html)


def buttons_of(message: Message | None) -> dict[str, Button]:
    assert message is not None
    return {button.text: button for row in message.buttons for button in row}


# -- consent -------------------------------------------------------------------------------------------


def test_before_an_admin_agrees_nothing_is_kept_and_recap_says_so(group: Group) -> None:
    group.talk()
    assert "Nothing said in this group is kept" in text_of(group.say("/recap", MEMBER))
    assert "only an admin" in text_of(group.say("/capture on", MEMBER))
    assert group.state.captures.since(GROUP, 0, 0) == []
    assert group.state.captures.of_chat(GROUP) is None


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("on", 72),
        ("开", 72),
        ("72h", 72),
        ("24h", 24),
        ("7d", 168),
        ("on 7 days", 168),
        ("3天", 72),
        ("48小时", 48),
        ("30d", 720),
    ],
)
def test_an_admin_agrees_in_one_line_and_everybody_reads_what_that_means(
    said: str, hours: int, group: Group
) -> None:
    group.state.chats.set_language(GROUP, "en")
    notice = text_of(group.say(f"/capture {said}"))
    capture = group.state.captures.of_chat(GROUP)
    assert capture == Capture(GROUP, hours, ADMIN, SECOND)
    for way_out in ("/optout", "/forgetme", "/capture off", "/purge"):
        assert way_out in notice
    assert f"How long: {hours // 24} days" in notice or "How long: 24 hours" in notice


@pytest.mark.parametrize("said", ["12h", "31d", "0", "9999", "maybe", "721h", "23"])
def test_no_other_time_is_agreed_to(said: str, group: Group) -> None:
    assert "from 1 to 30 days" in text_of(group.say(f"/capture {said}"))
    assert group.state.captures.of_chat(GROUP) is None


def test_the_panel_agrees_and_ends_it_for_admins_alone(group: Group) -> None:
    panel = group.say("/capture").message
    buttons = buttons_of(panel)
    assert list(buttons) == ["24 hours", "3 days", "7 days", "30 days"]
    assert group.press(buttons["7 days"], MEMBER).notice.startswith("In a group, only an admin")
    assert group.press(buttons["7 days"], ADMIN, admin=False).notice.startswith("In a group, only an admin")
    assert group.state.captures.of_chat(GROUP) is None
    agreed = group.press(buttons["7 days"])
    assert not agreed.edit, "the notice is a message for all to see"
    assert "From now on I keep" in text_of(agreed)
    assert group.state.captures.of_chat(GROUP) == Capture(GROUP, 168, ADMIN, SECOND)
    group.talk()
    panel = group.say("/capture").message
    assert "kept for 7 days, since 22 Nov 2026" in plain_text(panel.html if panel else "")
    assert "erased" in text_of(group.press(buttons_of(panel)["Stop and erase"]))
    assert group.state.captures.of_chat(GROUP) is None
    assert group.state.captures.since(GROUP, 0, 0) == []


def test_a_bot_that_is_not_shown_the_talk_says_how_to_change_that(group: Group) -> None:
    step = "Administrators › Add Administrator"
    assert step not in text_of(group.say("/capture on"))
    assert step in text_of(group.say("/capture on", sees=False))
    for sees in (True, False):
        hello = group.conversation.hello(_added("Team"), sees=sees).html
        assert (step in hello) == (not sees)
        assert "/capture on" in hello
        assert "keep nothing" in hello
    assert "大家好" in group.conversation.hello(_added("算力群"), sees=True).html
    assert "大家好" in group.conversation.hello(_added("Team", "zh-hans"), sees=True).html


def _added(title: str, language_code: str = "en") -> MemberEvent:
    """Return the event of adding the bot to the group."""
    return MemberEvent(
        GROUP,
        ADMIN,
        group=True,
        title=title,
        was_present=False,
        present=True,
        admin=False,
        language_code=language_code,
    )


def test_what_is_erased_is_told_with_what_a_backup_still_holds(talking: Group) -> None:
    for text, user in (("/optout", MEMBER), ("/forgetme", BO), ("/purge", ADMIN), ("/capture off", ADMIN)):
        reply = talking.say(text, user)
        assert ("the last of them on 29 Nov 2026" in text_of(reply)) == (text == "/forgetme")
        assert reply.otherwise is not None
        assert plain_text(reply.otherwise.html).startswith(text_of(reply))
        assert "still in use" in reply.otherwise.html


def test_a_member_leaves_and_comes_back(talking: Group) -> None:
    talking.whisper("/optout")
    assert {m.author_id for m in talking.state.captures.since(GROUP, 0, 0)} == {BO}
    assert "opted out" in text_of(talking.whisper("/privacy"))
    talking.say("/optin", MEMBER)
    assert "No message of yours in a group is kept" in text_of(talking.whisper("/privacy"))
    talking.talk()
    assert "6 messages of yours are kept" in text_of(talking.whisper("/privacy"))
    assert "kept for 3 days, since 22 Nov 2026" in text_of(talking.say("/privacy", MEMBER))


def test_nobody_opts_out_in_the_name_of_a_group_or_channel(talking: Group) -> None:
    for text in ("/optout", "/optin", "/forgetme"):
        for nobody in (GROUP, -1_009_999):
            reply = talking.say(text, nobody)
            assert reply.effects == ()
            assert "under your own name" in text_of(reply)


# -- recaps --------------------------------------------------------------------------------------------


def test_the_offer_opens_every_stretch_in_place(talking: Group) -> None:
    offer = talking.say("/recap", MEMBER).message
    buttons = buttons_of(offer)
    assert list(buttons) == [
        "1 h", "4 h", "12 h", "24 h", "Since I last wrote", "Since the last recap", "Send it to me privately",
    ]  # fmt: skip
    for name in ("1 h", "4 h", "12 h", "24 h"):
        reply = talking.press(buttons[name], MEMBER)
        assert reply.edit
        assert text_of(reply).startswith("Recap: ")
        assert "P8" in text_of(reply)
        assert any(line in text_of(reply) for line in TALK)


def test_more_and_shorter_are_pressed_by_anyone_in_the_group(talking: Group) -> None:
    brief = talking.say("/recap 24h", ADMIN)
    assert text_of(brief).count("•") <= 8, "six lines, and two of the library"
    assert "Who wrote" not in text_of(brief)
    whole = talking.press(buttons_of(brief.message)["More"], BO, admin=False)
    assert whole.edit
    assert "Who wrote" in text_of(whole)
    shorter = talking.press(buttons_of(whole.message)["Shorter"], MEMBER, admin=False)
    assert text_of(shorter) == text_of(brief)


def test_what_a_recap_cites_is_quoted_over_the_button_to_anyone(talking: Group) -> None:
    brief = talking.say("/recap 24h", ADMIN)
    quoted = talking.press(buttons_of(brief.message)["[1]"], BO, admin=False)
    assert quoted.message is None
    assert quoted.notice.startswith("“")
    assert len(quoted.notice) <= 200


def test_a_recap_is_about_what_is_asked_for_or_of_whom_is_named(talking: Group) -> None:
    cooling = text_of(talking.say("/recap about liquid cooling", MEMBER))
    assert "iquid cooling" in cooling
    assert "rent compute" not in cooling
    ann = text_of(talking.say("/recap @P8", MEMBER))
    assert "(P8" in ann
    assert "(P9" not in ann
    assert text_of(talking.say("/recap today about robots", MEMBER)) == (
        "Nothing on robots was kept from that time."
    )
    assert "没有P99的发言" in text_of(talking.say("/recap 今天 @P99", MEMBER))
    asked = talking.say("/recap today about liquid cooling", MEMBER)
    whole = talking.press(buttons_of(asked.message)["More"], BO, admin=False)
    assert "rent compute" not in text_of(whole), "More tells more of the same"


def test_since_i_last_wrote_and_since_the_last_recap_begin_there(talking: Group) -> None:
    buttons = buttons_of(talking.say("/recap", MEMBER).message)
    # BO's last line is the last one: nothing comes after it, so the offer stays.
    mine = talking.press(buttons["Since I last wrote"], MEMBER)
    assert mine.message is None
    assert mine.notice.startswith("Too little to recap: 1 message")
    assert "no message of yours" in talking.press(buttons["Since I last wrote"], ADMIN).notice
    assert text_of(talking.press(buttons["Since the last recap"], MEMBER)).startswith("Recap: 12 messages")
    later = NOW + timedelta(minutes=5)
    assert talking.state.recaps.covered_until(GROUP, 0) == SECOND
    offer = buttons_of(talking.say("/recap", MEMBER, later).message)
    assert "nothing was kept" in talking.press(offer["Since the last recap"], MEMBER).notice


def test_experts_type_the_stretch(talking: Group) -> None:
    talking.talk(lines=["An older line about chips from yesterday."] * 1, hours_ago=20)
    for typed in ("6h", "1d", "12", "12条", "6小时", "200 messages"):
        assert text_of(talking.say(f"/recap {typed}", MEMBER)).startswith(("Recap: ", "回顾：")), typed
    for typed in ("x", "0", "0h", "-5", "1e9", "6h 7h"):
        assert "/recap 6h" in text_of(talking.say(f"/recap {typed}", MEMBER)), typed


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("since Monday", 23),
        ("since wednesday", 25),
        ("since Thursday", 19),
        ("从周一开始", 23),
        ("周日以来", 22),
        ("today", 25),
        ("this week", 23),
    ],
)
def test_a_stretch_may_begin_with_a_day_of_the_last_seven(typed: str, day: int) -> None:
    wednesday = datetime(2026, 11, 25, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    asked = parse_recap_request(f"{typed} about pricing", wednesday)
    assert asked is not None
    begins = datetime(2026, 11, day, tzinfo=wednesday.tzinfo)
    assert asked == (RecapWindow("t", int(begins.timestamp())), "pricing")


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("last 2 days", 48),
        ("the past week", 168),
        ("last three hours", 3),
        ("half a day", 12),
        ("三天", 72),
        ("最近两小时", 2),
        ("过去半天", 12),
        ("2个星期", 336),
    ],
)
def test_the_latest_stretch_may_be_said_in_words(typed: str, hours: int) -> None:
    now = datetime(2026, 11, 25, 10, tzinfo=UTC)
    assert parse_recap_request(typed, now) == RecapRequest(RecapWindow("h", hours))
    assert parse_recap_request(f"{typed}关于价格", now) == RecapRequest(RecapWindow("h", hours), "价格")


def test_each_topic_and_each_group_has_its_own_recap(talking: Group) -> None:
    talking.talk(thread=5, lines=[f"{line} And robots?" for line in TALK])
    talking.state.captures.turn_on(Capture(OTHER, 72, ADMIN, SECOND), SECOND)
    talking.talk(OTHER, lines=[f"{line} OTHERWORDS." for line in TALK])
    main = text_of(talking.say("/recap 24h", MEMBER))
    robots = text_of(talking.say("/recap 24h", MEMBER, thread_id=5))
    assert "robots" in robots
    assert "robots" not in main
    assert "OTHERWORDS" not in main + robots
    assert any(line in main for line in TALK)


def test_a_line_leads_to_its_message_in_a_supergroup(talking: Group) -> None:
    reply = talking.say("/recap 24h", MEMBER)
    assert reply.message is not None
    assert f'href="https://t.me/c/{str(GROUP).removeprefix("-100")}/' in reply.message.html


def test_privately_it_goes_to_members_alone(talking: Group) -> None:
    for message in (talking.say("/recap", MEMBER).message, talking.say("/recap 24h", MEMBER).message):
        link = buttons_of(message)["Send it to me privately"].action
        assert isinstance(link, Link)
        payload = link.url.partition("?start=")[2]
        assert link.url.startswith("https://t.me/trend_bot?start=r_")
        assert len(payload) <= 64
        asked = TextEvent(BO, BO, f"/start {payload}", private=True)
        route = talking.conversation.route(asked)
        assert route is not None
        assert route.group == GROUP, "the service asks Telegram about this group"
        for stranger in (None, OTHER):
            refused = talking.whisper(f"/start {payload}", BO, stranger)
            assert text_of(refused) == "Only members of that group can read its recaps."
            assert refused.effects == ()
        answer = talking.whisper(f"/start {payload}", BO, GROUP)
        if "Which" in text_of(answer) or "How far back" in text_of(answer):
            button = buttons_of(answer.message)["24 h"]
            assert isinstance(button.action, Press)
            pressed = ButtonEvent(BO, BO, encode(button.action), private=True)
            view = talking.conversation.route_press(pressed).view
            assert view is not None
            assert view.group_id == GROUP
            there = {"chat_id": BO, "private": True, "admin": True}
            left = talking.press(button, BO, **there)
            assert (left.message, left.notice) == (None, "Only members of that group can read its recaps.")
            answer = talking.press(button, BO, **there, member_of=GROUP)
        assert text_of(answer).startswith("Recap: 12 messages")
    unknown = talking.conversation.route(TextEvent(BO, BO, "/start r_nothing", private=True))
    assert unknown is not None
    assert unknown.group is None
    assert "too old" in text_of(talking.whisper("/start r_nothing", BO, GROUP))


def test_who_reads_privately_changes_nothing_in_the_group_whatever_they_press(talking: Group) -> None:
    link = buttons_of(talking.say("/recap", MEMBER).message)["Send it to me privately"].action
    assert isinstance(link, Link)
    answer = talking.whisper(f"/start {link.url.partition('?start=')[2]}", BO, GROUP)
    own = buttons_of(answer.message)["24 h"].action
    assert isinstance(own, Press)
    for name in ("rd:540", "rd:off", "cap:72", "cap:off"):
        forged = ButtonEvent(BO, BO, f"1.{own.view}.en.{name}", private=True, admin=True, member_of=GROUP)
        refused = talking.conversation.press(forged, NOW)
        assert (refused.message, refused.effects) == (None, ()), name
        assert refused.notice
    assert talking.state.recaps.all() == []


# -- daily recaps --------------------------------------------------------------------------------------


def test_admins_schedule_recaps_as_words_or_by_buttons(group: Group) -> None:
    group.say("/capture on")
    assert "only an admin" in text_of(group.say("/recap daily 21:00", MEMBER))
    routes = [
        group.conversation.route(TextEvent(GROUP, MEMBER, text, private=False))
        for text in ("/recap daily 21:00", "/recap 每天21:00", "/recap 6h", "/recap")
    ]
    assert [route and route.rights for route in routes] == [
        Rights.ADMIN,
        Rights.ADMIN,
        Rights.ANYONE,
        Rights.ANYONE,
    ]
    said = text_of(group.say("/recap daily 21:00 9:30 silent min 50"))
    assert "09:30, 21:00" in said
    found = group.state.recaps.all(GROUP)
    assert [(s.minute, s.silent, s.least, s.thread_id) for s in found] == [
        (570, True, 50, 0),
        (1260, True, 50, 0),
    ]
    group.say("/recap 每天 12：00 至少5", thread_id=4)
    assert [(s.minute, s.silent, s.least) for s in group.state.recaps.all(GROUP) if s.thread_id] == [
        (720, False, 5)
    ]
    buttons = buttons_of(group.say("/recap daily").message)
    assert group.press(buttons["18:00"], ADMIN, admin=False).effects == ()
    group.press(buttons["18:00"])
    assert [s.minute for s in group.state.recaps.all(GROUP) if not s.thread_id] == [1080]
    group.press(buttons_of(group.say("/recap daily").message)["None"])
    group.say("/recap daily off", thread_id=4)
    assert group.state.recaps.all(GROUP) == []


def test_a_daily_recap_comes_at_the_hour_of_the_groups_zone(group: Group) -> None:
    group.say("/capture on")
    asked = group.say("/recap daily 09:00")
    assert "Which clock do you mean?" in text_of(asked)
    shanghai = next(b for name, b in buttons_of(asked.message).items() if name.startswith("Shanghai"))
    assert "09:00 (Asia/Shanghai)" in text_of(group.press(shanghai))
    assert [(s.minute, s.timezone) for s in group.state.recaps.all(GROUP)] == [(540, "Asia/Shanghai")]
    assert "Which clock" not in text_of(group.say("/recap daily 21:00"))
    group.say("/recap 每天 早上九点 东京")
    assert [(s.minute, s.timezone) for s in group.state.recaps.all(GROUP)] == [(540, "Asia/Tokyo")]
    assert "do not understand" in text_of(group.say("/recap daily 09:00 please whenever"))


def test_subscriptions_list_the_recaps_too(group: Group) -> None:
    group.say("/capture on")
    group.say("/recap daily 09:00 21:00 Shanghai")
    listed = group.say("/subscriptions")
    assert "A recap of this group each day at 09:00, 21:00 (Asia/Shanghai)." in text_of(listed)
    group.press(buttons_of(listed.message)["End recaps"])
    assert group.state.recaps.all(GROUP) == []


def test_a_daily_recap_comes_once_a_day_with_enough_said_and_never_hours_late(group: Group) -> None:
    group.say("/capture on", now=NOW - timedelta(days=1))
    group.say("/recap daily 12:00 min 10", now=NOW - timedelta(days=1))
    recaps, state = group.app.recaps("trend_bot"), group.state
    (schedule,) = state.recaps.all(GROUP)
    noon = NOW.replace(hour=12) if schedule.timezone == "UTC" else None
    assert noon, "the tests' bot lives in UTC"
    assert recaps.tick(noon - timedelta(minutes=1)) == 0
    group.talk(lines=TALK[:9])
    assert recaps.tick(noon) == 0, "too little was said"
    group.talk(hours_ago=-23)
    tomorrow = noon + timedelta(days=1)
    assert recaps.tick(tomorrow + timedelta(minutes=2)) == 1
    assert recaps.tick(tomorrow + timedelta(minutes=3)) == 0
    (part,) = state.outbox.next(int(tomorrow.timestamp()) + 600, 10)
    assert part.chat_id == GROUP
    assert not part.silent
    assert any(line in part.payload for line in TALK)
    state.erase.person(MEMBER)
    assert state.outbox.next(int(tomorrow.timestamp()) + 600, 10) == [], (
        "nor does it wait there after /forgetme"
    )
    group.talk(hours_ago=-47)
    assert recaps.tick(tomorrow + timedelta(days=1, hours=5)) == 0, "five hours late"


# -- forged and stale presses --------------------------------------------------------------------------


def test_a_thousand_forged_stale_and_foreign_presses_do_nothing(talking: Group) -> None:
    chance = random.Random(11)  # noqa: S311  # The same presses each time.
    messages = [talking.say(text).message for text in ("/capture", "/recap", "/recap daily", "/recap 24h")]
    genuine = [
        encode(button.action)
        for message in messages
        for button in buttons_of(message).values()
        if isinstance(button.action, Press)
    ]
    trend = talking.say("/trend compute").message
    (other, *_) = [b.action for b in buttons_of(trend).values() if isinstance(b.action, Press)]
    stolen = [
        f"1.{other.view}.en.{name}" for name in ("cap:72", "cap:off", "r:h24", "r:n9", "rd:540", "rd:off")
    ]
    recap = next(d for d in genuine if ".r:" in d).split(".")[1]
    stolen += [f"1.{recap}.en.cap:off", f"1.{recap}.en.cap:72"]
    wrong = [
        f"1.{recap}.en.{name}" for name in ("r:x", "r:", "r:h", "rd:1", "rd:", "r:t", "r:h9999999999999")
    ]
    assert len(genuine) >= 14
    for number in range(1_000):
        data, kind = chance.choice(genuine), number % 6
        pressed = ButtonEvent(GROUP, ADMIN, data, private=False, admin=True)
        if kind == 0:  # Another chat, whose own admin presses.
            pressed = replace(pressed, chat_id=chance.choice([OTHER, ADMIN]))
        elif kind == 1:  # Another member, who may not configure.
            data = chance.choice([d for d in genuine if "cap:" in d or "rd:" in d])
            pressed = replace(pressed, data=data, user_id=MEMBER, admin=False)
        elif kind == 2:  # A view that does not exist, or no longer.
            view = "".join(chance.choices("abcXYZ019", k=12))
            pressed = replace(pressed, data=f"1.{view}.en.{data.split('.', 3)[3]}")
        elif kind == 3:  # In private, by an asker who has left the group.
            pressed = replace(pressed, chat_id=ADMIN, private=True, member_of=chance.choice([None, OTHER]))
        elif kind == 4:  # The buttons of one question on the view of another.
            pressed = replace(pressed, data=chance.choice(stolen + wrong))
        else:  # An asker who is no longer an admin.
            data = chance.choice([d for d in genuine if "cap:" in d or "rd:" in d])
            pressed = replace(pressed, data=data, admin=False)
        answer = talking.conversation.press(pressed, NOW)
        assert (answer.message, answer.effects) == (None, ()), pressed
        assert answer.notice
    assert talking.state.captures.of_chat(GROUP) is not None
    assert len(talking.state.captures.since(GROUP, 0, 0)) == len(TALK)


def test_every_new_button_can_be_read_back(talking: Group) -> None:
    for text in ("/capture", "/recap", "/recap daily", "/recap 24h"):
        for button in buttons_of(talking.say(text).message).values():
            if isinstance(button.action, Press):
                assert decode_press(encode(button.action)) == button.action


def test_a_recap_of_a_flood_says_that_it_is_of_the_newest(talking: Group) -> None:
    chance = random.Random(2)  # noqa: S311  # The same talk each time.
    words = sorted({word for line in TALK for word in line.split()})
    for number in range(MOST_MESSAGES + 5):
        author, text = chance.choice([MEMBER, BO]), " ".join(chance.sample(words, 9))
        line = ChatMessage(10_000 + number, author, f"P{author}", text, SECOND - 6_000 + number)
        talking.state.captures.keep(GROUP, line)
    assert f"only the last {MOST_MESSAGES:,} of " in text_of(talking.say("/recap 9h", MEMBER))
    assert "covers only" not in text_of(talking.say("/recap 50", MEMBER))


# -- people who opted out and still ask ---------------------------------------------------------------


def test_a_question_of_somebody_who_opted_out_is_answered_and_not_kept(group: Group) -> None:
    group.say("/optout", MEMBER)
    for text in ("/trend compute", "/search liquid cooling", "@trend_bot 算力"):
        reply = group.say(text, MEMBER)
        assert text_of(reply)
        assert reply.effects == ()
        actions = [button.action for button in buttons_of(reply.message).values()]
        assert actions, "citations still open in the bot"
        assert not [action for action in actions if isinstance(action, Press)], (
            "a button would need the question"
        )
    assert group.say("/trend compute", BO).effects, "others are answered as ever"
    group.say("/optin", MEMBER)
    assert group.say("/trend compute", MEMBER).effects


def test_opting_out_erases_what_was_asked_in_groups_before(group: Group) -> None:
    group.say("/trend compute", MEMBER)
    group.whisper("/trend chips", MEMBER)
    group.say("/trend agents", BO)
    group.say("/optout", MEMBER)
    later = int(NOW.timestamp()) + 1
    kept = {
        (user, chat): [query for query, _ in group.state.views.questions(chat, user, later)]
        for user in (MEMBER, BO)
        for chat in (GROUP, MEMBER)
    }
    assert kept == {
        (MEMBER, GROUP): [],
        (MEMBER, MEMBER): ["chips"],
        (BO, GROUP): ["agents"],
        (BO, MEMBER): [],
    }
