"""What a person sends and presses about digests, over the library of the seeds."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from library_kit import NOW
from msgspec.structs import replace

from bot.app import App
from bot.dialogue.commands import digest, pause, subscribe, subscriptions, unsubscribe
from bot.dialogue.commands.pause import pause_of
from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.panel import LIMIT
from bot.dialogue.reply import Reply
from bot.inbound.apply import apply
from bot.messages import Button, Press, Rights
from bot.models import Language, Subscription
from bot.rendering.callbacks import encode
from bot.rendering.renderer import fits, plain_text
from bot.state.state import State

COMMANDS = (digest, pause, subscribe, subscriptions, unsubscribe)
ME, GROUP = 7, -100
SECOND = int(NOW.timestamp())
LINE = "/subscribe 08:00 compute agents weekdays Asia/Shanghai"


class Chat:
    """A person in a chat who types and presses; effects of replies are applied as the handlers apply them."""

    def __init__(self, app: App, chat_id: int = ME, user_id: int = ME, language: Language = "en") -> None:
        self.app = app
        self.chat_id = chat_id
        self.user_id = user_id
        self.language = language
        self.admin = True
        self.thread_id = 0
        self.now = NOW
        self.conversation = app.router("trend_bot")
        self.reply = Reply()

    @property
    def kept(self) -> list[Subscription]:
        return self.app.state.subscriptions.of_chat(self.chat_id)

    @property
    def text(self) -> str:
        """The text that the person sees: the message, or else the notice."""
        return plain_text(self.reply.message.html) if self.reply.message else self.reply.notice

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.reply.message.buttons for button in row] if self.reply.message else []

    def say(self, text: str) -> str:
        asked = TextEvent(
            self.chat_id,
            self.user_id,
            text,
            private=self.chat_id > 0,
            admin=self.admin,
            chosen=self.language,
            thread_id=self.thread_id,
        )
        reply = self.conversation.answer(asked, self.now)
        assert reply is not None
        return self._take(reply)

    def press(self, label: str) -> str:
        button = next(button for button in self.buttons if label in button.text)
        assert isinstance(button.action, Press)
        return self.claim(encode(button.action))

    def claim(self, data: str) -> str:
        private = self.chat_id > 0
        pressed = ButtonEvent(
            self.chat_id, self.user_id, data, private=private, admin=self.admin, thread_id=self.thread_id
        )
        return self._take(self.conversation.press(pressed, self.now))

    def _take(self, reply: Reply) -> str:
        with self.app.state.transaction():
            for effect in reply.effects:
                apply(effect, self.app.state, int(self.now.timestamp()))
        self.reply = reply
        for message in (reply.message, *reply.more):
            assert message is None or fits(message)
        assert len(reply.notice) <= 200, "Bot API, answerCallbackQuery"
        return self.text


@pytest.fixture
def own_app(app: App, tmp_path: Path) -> Iterator[App]:
    """The bot with a state of the test's own over the shared library."""
    own = replace(app, state=State(tmp_path / "state.db"))
    yield own
    own.state.close()


@pytest.fixture
def chat(own_app: App) -> Chat:
    return Chat(own_app)


# -- one line ------------------------------------------------------------------------------------------


def test_one_line_subscribes_and_tells_the_next_run(chat: Chat) -> None:
    text = chat.say(LINE)
    (kept,) = chat.kept
    assert (kept.queries, kept.minute, kept.days) == (("compute", "agents"), 480, 0b11111)
    assert (kept.timezone, kept.language, kept.silent, kept.news_only) == ("Asia/Shanghai", "en", True, False)
    assert (kept.created, kept.since) == (SECOND, SECOND)
    assert "Next: Mon 08:00 Asia/Shanghai, in 12 h." in text
    assert "The first digest:" in text, "what it will bring, before it comes"


def test_one_line_in_chinese(own_app: App) -> None:
    chat = Chat(own_app, language="zh")
    text = chat.say("订阅 早上8点 算力 北京")
    (kept,) = chat.kept
    assert (kept.queries, kept.minute, kept.timezone, kept.language) == (
        ("算力",),
        480,
        "Asia/Shanghai",
        "zh",
    )
    assert "下次：周一 08:00（上海时间），12小时后。" in text


def test_the_zone_is_asked_once_and_remembered(chat: Chat) -> None:
    assert "Where are you?" in chat.say("/subscribe 8 pm compute")
    assert chat.kept == []
    assert "21:00" in next(b.text for b in chat.buttons if "Tokyo" in b.text), "the clock there, now"
    assert "Next: Mon 20:00 Asia/Tokyo" in chat.press("Tokyo")
    chat.say("/subscribe 07:30 chips")
    assert {(s.minute, s.timezone) for s in chat.kept} == {(20 * 60, "Asia/Tokyo"), (450, "Asia/Tokyo")}
    chat.say("/subscribe 09:00 power London")
    chat.say("/subscribe 10:00 robots")
    assert {s.timezone for s in chat.kept if s.minute == 600} == {"Europe/London"}, "and it can be changed"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "words",
    [
        "25:00 compute",
        "08:00 20:00 compute",
        "8 compute",
        "Asia/Foo compute",
        "UTC UTC+8 compute",
        "compute tonight",
        "every 6 hours compute",
        "08:00 weekends except weekends compute",
        "08:00 compute local time",
    ],
)
def test_what_is_not_understood_is_answered_with_an_example(
    own_app: App, words: str, language: Language
) -> None:
    chat = Chat(own_app, language=language)
    text = chat.say(f"/subscribe {words}")
    assert re.search(r"/subscribe (?:08:00|21:00) compute|/subscribe (?:早上8|晚上9)点 算力", text)
    assert chat.reply.effects == ()


def test_a_query_keeps_its_exclusions(chat: Chat) -> None:
    chat.say('/subscribe 08:00 compute -"general AI", "liquid cooling" UTC')
    assert chat.kept[0].queries == ('compute -"general AI"', '"liquid cooling"')


def test_a_query_that_the_library_does_not_know_is_named(chat: Chat) -> None:
    assert "The library holds nothing on “volcanoes” yet" in chat.say(
        "/subscribe 08:00 volcanoes, compute UTC"
    )
    assert len(chat.kept) == 1


def test_a_chat_has_so_many_digests_and_no_more(chat: Chat) -> None:
    for minute in range(LIMIT):
        chat.say(f"/subscribe 08:{minute:02} compute UTC")
    assert len(chat.kept) == LIMIT
    assert f"This chat has {LIMIT} digests" in chat.say("/subscribe 09:00 compute")
    assert f"This chat has {LIMIT} digests" in chat.say("/subscribe")
    chat.say("/trend compute")
    assert f"This chat has {LIMIT} digests" in chat.press("Daily")
    assert len(chat.kept) == LIMIT
    assert chat.say("/subscriptions").count("Next: ") == LIMIT


# -- the panel -----------------------------------------------------------------------------------------


def test_the_panel_sets_everything_and_ends_with_the_truth(chat: Chat) -> None:
    assert "Topics: none yet" in chat.say("/subscribe")
    assert not any(b.text == "Subscribe" for b in chat.buttons), "a digest on nothing cannot be saved"
    chat.press("Topics")
    chat.press("Compute")
    chat.press("AI agents")
    chat.press("✓ Compute")
    chat.press("Back")
    chat.press("Time")
    chat.press("21:00")
    chat.press("Days")
    chat.press("Weekends")
    chat.press("In Chinese")
    chat.press("Only when there is news")
    assert "silence; a line after each quiet week" in chat.press("Tell me when a week was quiet")
    chat.press("Time zone")
    text = chat.press("Tokyo")
    assert "Topics: AI agents" in text
    assert "at weekends at 21:00, Asia/Tokyo" in text
    assert "Next: Sat 28 Nov, 21:00 Asia/Tokyo, in 6 days." in text or "Next: Sat 21:00 Asia/Tokyo" in text
    assert chat.kept == []
    chat.now += timedelta(minutes=5)
    chat.press("Subscribe")
    assert chat.reply.edit
    (kept,) = chat.kept
    assert (kept.queries, kept.minute, kept.days) == (("AI agents",), 21 * 60, 0b1100000)
    assert (kept.language, kept.news_only, kept.timezone) == ("zh", True, "Asia/Tokyo")
    assert kept.says_quiet
    assert kept.since == SECOND + 300, "news is what comes after subscribing, not after opening the panel"


def test_every_page_of_the_panel_edits_itself(chat: Chat) -> None:
    chat.say("/subscribe compute UTC")
    for page in ("Topics", "Time", "Days", "Time zone"):
        before = chat.text
        chat.press(page)
        assert chat.reply.edit
        assert chat.text != before
        chat.press("Back")
        assert chat.text == before


def test_a_panel_survives_a_restart_and_typed_words_go_into_it(own_app: App, tmp_path: Path) -> None:
    first = Chat(own_app)
    first.say("/subscribe compute UTC")
    first.press("Days")
    first.press("Weekdays")
    second = Chat(replace(own_app, state=State(tmp_path / "state.db")))
    assert "Topics: compute, chips" in second.say("/subscribe chips")
    second.say("/subscribe 07:30")
    second.press("Subscribe")
    (kept,) = second.kept
    assert (kept.queries, kept.minute, kept.days) == (("compute", "chips"), 450, 0b11111)
    second.app.state.close()


def test_what_is_typed_while_the_panel_is_open_belongs_to_it(chat: Chat) -> None:
    chat.say("/subscribe")
    assert "at what time?" in chat.say("every evening"), "half of a time is asked back"
    assert "07:30" in chat.say("07:30")
    assert "America/New_York" in chat.say("New York")
    assert "AI agents" in chat.say("AI agents")
    assert "except" not in chat.say("except weekends")
    assert not chat.kept, "nothing is saved before it is pressed"
    chat.press("Subscribe")
    (kept,) = chat.kept
    assert (kept.minute, kept.timezone, kept.days) == (450, "America/New_York", 31)
    assert [understood.lower() for understood in kept.queries] == ["ai agents"]


def test_a_topic_typed_in_the_other_language_is_not_there_twice(chat: Chat) -> None:
    chat.say("/subscribe compute")
    chat.say("算力")
    chat.say("07:30 UTC")
    chat.press("Subscribe")
    (kept,) = chat.kept
    assert kept.queries == ("compute",)


@pytest.mark.parametrize("rhythm", ["every other day", "twice a week", "每隔一天", "biweekly"])
def test_a_rhythm_that_no_digest_has_is_asked_back_while_the_panel_is_open(chat: Chat, rhythm: str) -> None:
    chat.say("/subscribe compute")
    assert "I know no other rhythm" in chat.say(rhythm)


def test_a_question_typed_while_the_panel_is_open_is_answered(chat: Chat) -> None:
    chat.say("/subscribe")
    assert "robots" in chat.say("How many robots did China install?")


def test_a_panel_that_was_closed_takes_nothing(chat: Chat) -> None:
    chat.say("/subscribe")
    chat.press("Cancel")
    assert "A new digest" not in chat.say("07:30"), "the panel was closed"


def test_a_chat_has_one_zone(own_app: App) -> None:
    chat = Chat(own_app)
    chat.say(LINE)
    chat.say("/subscribe 09:00 power Berlin")
    assert {s.timezone for s in chat.kept} == {"Europe/Berlin"}


def test_a_chinese_reader_is_offered_shanghai_first(own_app: App) -> None:
    chat = Chat(own_app, language="zh")
    chat.say("/subscribe 早上8点 算力")
    assert chat.buttons[0].text.startswith("上海")


def test_words_typed_much_later_begin_anew(chat: Chat) -> None:
    chat.say("/subscribe compute UTC")
    chat.now += timedelta(hours=2)
    assert "Topics: chips" in chat.say("/subscribe chips")


def test_saving_twice_saves_once(chat: Chat) -> None:
    chat.say("/subscribe compute UTC")
    (save,) = (b.action for b in chat.buttons if b.text == "Subscribe")
    assert isinstance(save, Press)
    chat.claim(encode(save))
    assert "too old" in chat.claim(encode(save))
    assert len(chat.kept) == 1


def test_cancelling_leaves_nothing(chat: Chat) -> None:
    chat.say("/subscribe compute UTC")
    assert chat.press("Cancel") == "Nothing was changed."
    assert chat.kept == []


def test_the_last_day_cannot_be_taken_away(chat: Chat) -> None:
    chat.say("/subscribe compute Mon UTC")
    chat.press("Days")
    chat.press("✓ Mon")
    assert any(b.text == "✓ Mon" for b in chat.buttons)


def test_a_changed_digest_keeps_its_name_and_what_it_has_sent(chat: Chat) -> None:
    chat.say(LINE)
    (old,) = chat.kept
    chat.app.state.subscriptions.record_outcome(old.id, "news", SECOND + 60, since=SECOND + 60)
    chat.say("/subscriptions")
    chat.press("Change")
    chat.press("Time")
    chat.press("09:00")
    chat.press("Save")
    (new,) = chat.kept
    assert (new.id, new.minute, new.since, new.outcome) == (old.id, 540, SECOND + 60, "news")


@pytest.mark.parametrize(("text", "label"), [("/trend compute", "Daily"), ("/start", "Daily digest")])
def test_a_digest_begins_beside_a_briefing_and_at_the_start(chat: Chat, text: str, label: str) -> None:
    chat.say(text)
    chat.press(label)
    assert not chat.reply.edit, "the briefing stays"
    if label == "Daily":
        chat.press("Shanghai")
        chat.press("Subscribe")
        assert [s.queries for s in chat.kept] == [("compute",)]
    else:
        assert "Which topics?" in chat.text


# -- the list, pauses and ends -------------------------------------------------------------------------


def test_the_list_tells_the_last_outcome_and_the_next_run(chat: Chat) -> None:
    assert "No digest here yet. /subscribe" in chat.say("/subscriptions")
    chat.say(LINE)
    assert "Not sent yet. Next: Mon 08:00 Asia/Shanghai, in 12 h." in chat.say("/subscriptions")
    monday = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    chat.app.state.subscriptions.record_outcome(chat.kept[0].id, "nothing", int(monday.timestamp()))
    chat.now = monday + timedelta(hours=1)
    text = chat.say("/subscriptions")
    assert "Last, Mon 08:00: nothing new. Next: Tue 08:00 Asia/Shanghai, in 23 h." in text


def test_a_later_time_on_a_day_that_had_its_digest_means_tomorrow(chat: Chat) -> None:
    chat.say("/subscribe 08:00 compute UTC")
    chat.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    state = chat.app.state
    assert state.slots.claim(chat.kept[0].id, chat.now.date(), int(chat.now.timestamp()) - 7_200)
    chat.say("/subscriptions")
    chat.press("Change")
    chat.press("Time")
    chat.press("20:00")
    assert "Next: Tue 20:00 UTC, in 34 h." in chat.text, "in the panel"
    assert "Next: Tue 20:00 UTC, in 34 h." in chat.press("Save")
    assert "Next: Tue 20:00 UTC, in 34 h." in chat.say("/subscriptions")
    assert "Tue 20:00" in chat.say("/digest"), "in the closing line"


def test_a_pause_ends_by_itself_or_by_a_button(chat: Chat) -> None:
    chat.say(LINE)
    assert "Paused until Sun 29 Nov, 20:00 Asia/Shanghai." in chat.say("/pause 7d")
    assert chat.kept[0].paused_until == SECOND + 7 * 86_400
    assert "Paused until" in chat.say("/subscriptions")
    chat.press("Resume")
    assert [kept.paused_until for kept in chat.kept] == [None]
    chat.press("Pause 7 days")
    assert chat.kept[0].paused_until == SECOND + 7 * 86_400
    assert chat.say("/pause off") == "The digest goes on."
    assert [kept.paused_until for kept in chat.kept] == [None]
    chat.say("/pause 3天")
    chat.press("Resume")
    assert chat.kept[0].paused_until is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("7d", 168),
        ("2 weeks", 336),
        ("12h", 12),
        ("三天", 72),
        ("十五天", 360),
        ("两周", 336),
        ("1个月", 720),
        ("半天", 12),
    ],
)
def test_a_span_is_read_as_people_write_it(text: str, hours: int) -> None:
    assert pause_of(text) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "soon", "0d", "7", "9999d", "-3d", "d"])
def test_what_is_no_span_is_asked_again(chat: Chat, text: str) -> None:
    assert pause_of(text) is None
    if text:
        chat.say(LINE)
        assert "/pause 2 weeks" in chat.say(f"/pause {text}")


def test_a_single_digest_ends_at_once_and_several_are_offered(chat: Chat) -> None:
    chat.say(LINE)
    assert "The digest has ended." in chat.say("/unsubscribe")
    assert chat.kept == []
    chat.say(LINE)
    chat.say("/subscribe 09:00 chips")
    assert chat.say("/unsubscribe") == "Which digest should end?"
    assert chat.press("chips") == "No more digests on chips."
    assert [s.queries for s in chat.kept] == [("compute", "agents")]
    chat.say("/subscribe 09:00 chips")
    chat.say("/unsubscribe")
    chat.press("Remove all")
    assert chat.kept == []


def test_a_digest_now_counts_as_sent_and_is_not_sent_again(chat: Chat) -> None:
    chat.say(LINE)
    points = {line for line in chat.say("/digest").split("\n") if line.startswith("•")}
    again = {line for line in chat.say("/digest").split("\n") if line.startswith("•")}
    bare = [{line.split(" [")[0] for line in lines} for lines in (points, again)]
    assert bare[0]
    assert not bare[0] & bare[1]
    assert chat.kept[0].outcome == "library"


# -- under a digest ------------------------------------------------------------------------------------


def test_the_buttons_under_a_digest(chat: Chat) -> None:
    chat.say(LINE)
    (kept,) = chat.kept
    chat.say("/digest")
    digest = chat.reply
    assert "compute, agents, on weekdays at 08:00, Asia/Shanghai" in chat.press("Why")
    chat.reply = digest
    assert "Nothing more on “compute” before 29 Nov 2026." in chat.press("Mute compute")
    assert chat.app.state.mutes.of_reader(kept.reader, SECOND) == {"compute": SECOND + 7 * 86_400}
    chat.reply = digest
    chat.press("News only")
    assert chat.kept[0].news_only
    chat.reply = digest
    chat.press("Unsubscribe")
    assert chat.kept == []
    chat.reply = digest
    assert chat.press("Unsubscribe") == "This digest has ended."


# -- rights --------------------------------------------------------------------------------------------


def test_what_is_muted_is_said_where_it_matters_and_can_be_undone(chat: Chat) -> None:
    chat.say("/subscribe 08:00 compute, chips UTC")
    (kept,) = chat.kept
    chat.claim(f"1.0.en.dm:{kept.id}:0")
    assert "Nothing more on “compute” before 29 Nov 2026." in chat.say("/subscriptions")
    assert [b.text for b in chat.buttons][-1:] == ["Unmute compute"]
    assert "Compute (算力)" not in chat.say("/digest"), "the digest leaves it out"
    assert "Compute (算力)" in chat.say("/digest compute"), "who asks for it gets it"
    chat.claim(f"1.0.en.dm:{kept.id}:1")
    said = chat.say("/digest")
    assert "Nothing new" not in said
    assert "“compute”" in said
    assert "“chips”" in said
    assert "“chips”" not in chat.press("Unmute chips")
    assert list(chat.app.state.mutes.of_reader(kept.reader, SECOND)) == ["compute"]
    chat.press("Unmute compute")
    assert "Unmute" not in " ".join(b.text for b in chat.buttons)
    assert "Compute (算力)" in chat.say("/digest")


def test_in_a_group_members_read_and_admins_configure(own_app: App) -> None:
    chat = Chat(own_app, GROUP)
    chat.thread_id = 5
    chat.say(LINE)
    assert [s.reader for s in chat.kept] == [(GROUP, 5)], "it posts in the topic that it was asked in"
    chat.say("/subscriptions")
    listing = chat.reply
    chat.admin = False
    for label in ("Change", "Pause", "Remove"):
        chat.reply = listing
        assert chat.press(label) == "In a group, only an admin can change this."
        assert chat.reply.effects == ()
    for command in ("/subscribe", "/unsubscribe", "/pause"):
        assert chat.say(command) == "In a group, only an admin can change this."
    assert "1 digest here" in chat.say("/subscriptions")
    assert "from the library" in chat.say("/digest"), "what is new is for all who are there"
    (kept,) = chat.kept
    assert "Set up on 22 Nov 2026" in chat.claim(f"1.0.en.dw:{kept.id}")
    assert len(chat.kept) == 1


def test_each_forum_topic_has_digests_of_its_own(own_app: App) -> None:
    general, topic = Chat(own_app, GROUP), Chat(own_app, GROUP)
    topic.thread_id = 5
    general.say("/subscribe 08:00 compute UTC")
    for words in ("chips", "agents"):
        topic.say(f"/subscribe 09:00 {words} UTC")
    assert "1 digest here" in general.say("/subscriptions")
    assert "2 digests here" in topic.say("/subscriptions")
    topic.press("Pause")
    assert "compute" not in topic.text
    topic.say("/pause 7d")
    assert {s.thread_id for s in topic.kept if s.paused_until} == {5}
    general.say("/pause 7d")
    topic.thread_id = 0  # Telegram does not tell the topic of a message that has become inaccessible
    topic.press("Resume")
    assert {s.thread_id for s in topic.kept if s.paused_until} == {0}
    topic.thread_id = 5
    topic.say("/unsubscribe")
    assert not any("compute" in button.text for button in topic.buttons)
    topic.thread_id = 0
    topic.press("Remove all")
    assert [s.queries for s in topic.kept] == [("compute",)]
    assert "The digest has ended." in general.say("/unsubscribe")


@pytest.mark.parametrize("thread", ["", ":", "x", "-1", "\u0661", "07", "9" * 30])
def test_a_forged_topic_ends_nothing(chat: Chat, thread: str) -> None:
    chat.say(LINE)
    assert "too old" in chat.claim(f"1.0.en.sx:all:{thread}")
    assert len(chat.kept) == 1


def test_a_topic_that_is_not_there_ends_nothing(chat: Chat) -> None:
    chat.say(LINE)
    assert chat.claim(f"1.0.en.sx:all:{'9' * 11}") == "This digest has ended."
    assert len(chat.kept) == 1


def test_a_demoted_admin_no_longer_uses_their_own_panel(own_app: App) -> None:
    chat = Chat(own_app, GROUP)
    chat.say("/subscribe compute UTC")
    chat.admin = False
    chat.press("Subscribe")
    assert chat.kept == []
    assert "only an admin" in chat.text


def test_forged_stale_and_foreign_presses_do_nothing(own_app: App) -> None:
    """Each button of every page, pressed from other chats, by members, after the subscription's end, and mutated."""
    owner = Chat(own_app, GROUP)
    owner.say("/subscribe 08:00 compute chips UTC")
    (kept,) = owner.kept
    owner.say("/subscribe agents")
    genuine = []
    for page in ("Topics", "Time", "Days", "Time zone"):
        owner.press(page)
        genuine += [encode(b.action) for b in owner.buttons if isinstance(b.action, Press)]
        owner.press("Back")
    genuine += [encode(b.action) for b in owner.buttons if isinstance(b.action, Press)]
    genuine += [f"1.0.en.{kind}:{kept.id}" for kind in ("se", "sp", "sg", "sx", "du", "dn")]
    report = own_app.library.report_ids()[0]
    genuine += [
        f"1.0.zh.dm:{kept.id}:0",
        f"1.0.en.dl:{kept.id}:{report}",
        "1.0.en.sx:all:0",
        "1.0.en.sg:all:0",
        f"1.0.en.su:{kept.id}:0",
    ]
    kinds = {kind for module in COMMANDS for kind in module.COMMAND.buttons or {}}
    codes = {kind.code.partition(":")[0] for kind in kinds if kind.rights is Rights.ADMIN}
    assert {data.split(".")[3].partition(":")[0] for data in genuine} >= codes - {"daily", "py"}
    own_app.state.subscriptions.put(replace(kept, id="private", chat_id=8, user_id=8))
    before = own_app.state.subscriptions.all()
    chance = random.Random(7)  # noqa: S311  # The same presses each time.
    member, stranger = Chat(own_app, GROUP, 9), Chat(own_app, -200, 9)
    member.admin = False
    for _ in range(1_000):
        data = chance.choice(genuine)
        kind = chance.randrange(3)
        if kind == 0:  # Another chat, whose own admin presses.
            stranger.claim(data)
            assert stranger.reply.effects == (), data
        elif kind == 1:  # A member without rights.
            member.claim(data)
            assert (member.reply.message, member.reply.effects) == (None, ()), data
        else:  # Nonsense from an admin, who could do as much by pressing: never an error.
            characters = list(data)
            for _ in range(chance.randint(1, 4)):
                characters[chance.randrange(len(characters))] = chance.choice("aZ09.:_-\0é算\ud800 ")
            member.claim("".join(characters))
            assert member.reply.effects == ()
    assert own_app.state.subscriptions.all() == before


@pytest.mark.parametrize(
    "name",
    [
        "pp:other",
        "pq:nothing",
        "pr:99",
        "pt:1440",
        "pt:9999999999",
        "pd:0",
        "pd:129",
        "pw:7",
        "pz:no:where",
        "px",
    ],
)
def test_a_press_that_no_page_makes_says_that_it_is_old(chat: Chat, name: str) -> None:
    chat.say("/subscribe compute UTC")
    (save,) = (b.action for b in chat.buttons if b.text == "Subscribe")
    assert isinstance(save, Press)
    assert "too old" in chat.claim(f"1.{save.view}.en.{name}")
    assert chat.reply.effects == ()


# -- both languages ------------------------------------------------------------------------------------


def test_every_page_is_in_the_readers_language(own_app: App) -> None:
    chat = Chat(own_app, language="zh")
    chat.say("/subscribe")
    assert "主题：还没选" in chat.text
    for label, words in (
        ("主题", "订阅哪些主题"),
        ("时间", "几点发给你"),
        ("哪几天", "哪几天发"),
        ("时区", "你在哪里"),
    ):
        assert words in chat.press(label)
        labels = [b.text for b in chat.buttons if not b.text.startswith(("UTC", "✓ UTC"))]
        assert all(any("\u4e00" <= c <= "\u9fff" for c in label) or ":" in label for label in labels), labels
        chat.press("返回") if any(b.text == "返回" for b in chat.buttons) else chat.press("上海")
