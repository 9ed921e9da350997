"""Operators add, list, pause and remove sources in their chat and on their terminal; nobody else can."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_kit import Command, failure, values
from feed_kit import Post, rss
from library_kit import NOW, in_words, settings_of
from msgspec.structs import replace
from web_kit import Web

from bot.app import App, open_app
from bot.dialogue.events import ButtonEvent, TextEvent
from bot.dialogue.feed_pages import OpenFeed
from bot.dialogue.reply import Reply
from bot.inbound.apply import apply
from bot.intake.fetch.addresses import NotFetched
from bot.intake.sources.adding import feed_links
from bot.intake.sources.opml import Outline, read_opml, starter_feeds, write_opml
from bot.intake.sources.outcome import failed
from bot.messages import Message, Press
from bot.rendering.callbacks import encode
from bot.rendering.renderer import plain_text
from bot.state.sources import Source
from bot.text.unreadable import Unreadable

OPERATOR, STRANGER = 1, 2


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


class Chat:
    """A private chat with the bot; effects of replies are applied as the bot applies them."""

    def __init__(self, app: App, user: int) -> None:
        self._app, self._user = app, user
        self._router = app.router("trend_bot")

    def say(self, text: str) -> Reply:
        """Return the bot's answer."""
        return self._kept(self._router.answer(TextEvent(self._user, self._user, text, True), NOW))

    def press(self, press: Press) -> Reply:
        """Return the reply to a press."""
        event = ButtonEvent(self._user, self._user, encode(press), True, admin=True)
        return self._kept(self._router.press(event, NOW))

    def _kept(self, reply: Reply | None) -> Reply:
        assert reply is not None
        for effect in reply.effects:
            apply(effect, self._app.state, int(NOW.timestamp()))
        return reply


@pytest.fixture
def app(data: Path, web: Web) -> Iterator[App]:
    app = open_app(settings_of(data, TRENDBOT_OPERATORS=str(OPERATOR), TRENDBOT_ALLOW=web.allow))
    yield app
    app.close()


@pytest.fixture
def chat(app: App) -> Chat:
    return Chat(app, OPERATOR)


def shown(reply: Reply) -> str:
    assert reply.message is not None
    return plain_text(reply.message.html)


def button(message: Message | None, label: str) -> Press:
    assert message is not None
    (press,) = [b.action for row in message.buttons for b in row if re.fullmatch(label, b.text)]
    assert isinstance(press, Press)
    return press


# -- in the chat -------------------------------------------------------------------------------------------


def test_without_sources_the_shipped_feeds_are_offered_and_nothing_is_added_unasked(
    chat: Chat, app: App
) -> None:
    reply = chat.say("/feeds")
    assert "量子位" in shown(reply)
    assert app.state.sources.all() == []
    added = chat.press(button(reply.message, r"Add all \d+"))
    assert len(app.state.sources.all()) == len(starter_feeds()) == len(added.effects)
    assert chat.press(button(reply.message, r"Add all \d+")).effects == ()


def test_a_channel_that_came_before_its_operator_could_be_asked_is_offered_at_the_start(
    chat: Chat, app: App
) -> None:
    assert chat.say("/start").more == ()
    app.state.sources.add(Source("c" * 12, "channel", "https://t.me/wire", "Wire", "offered", chat_id=-5))
    (offer,) = chat.say("/start").more
    assert plain_text(offer.html) == (
        "I am an admin of the channel Wire now. Shall its posts come into the library?"
    )
    assert Chat(app, STRANGER).say("/start").more == ()
    chat.press(button(offer, "Take its posts"))
    assert chat.say("/start").more == ()


def test_an_address_is_looked_at_once_and_kept_with_its_own_name(chat: Chat, app: App, web: Web) -> None:
    address = web.serve("/feed", rss(Post("One"), Post("Two"), title="Compute & News"))
    reply = chat.say(f"/feeds add {address}")
    assert shown(reply) == "Added: Compute & News, a feed with 2 entries. I read it now."
    (source,) = app.state.sources.due(int(NOW.timestamp()), 9)
    assert (source.kind, source.address) == ("feed", address)
    assert "already" in shown(chat.say(f"/feeds {address}"))


def test_a_pages_feed_is_found_and_that_of_its_comments_is_not_taken_for_it(
    chat: Chat, app: App, web: Web
) -> None:
    web.serve("/comments.xml", rss(Post("First!")))
    web.serve("/news.xml", rss(Post("One"), title="Its news"))
    page = (
        "<html><head><link rel=alternate type='application/rss+xml' href='/comments.xml'>"
        '<link type="application/rss+xml" href="news.xml" rel="alternate"/></head><body>Hello</body></html>'
    )
    chat.say(f"/feeds add {web.serve('/', page.encode(), Content_Type='text/html')}")
    (source,) = app.state.sources.all()
    assert (source.address, source.title) == (web.url("/news.xml"), "Its news")


def test_a_page_without_a_feed_is_looked_at_itself(chat: Chat, app: App, web: Web) -> None:
    chat.say(f"/feeds add {web.serve('/page', b'<html><body>Hello</body></html>')}")
    assert [source.kind for source in app.state.sources.all()] == ["page"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("http://127.0.0.1:1/feed", "name it in TRENDBOT_ALLOW"),
        ("file:///etc/passwd", "must begin with http"),
        ("https://t.me/durov", "Make me an admin"),
        ("rsshub://telegram/channel/durov", "TRENDBOT_RSSHUB"),
        ("/etc", "must begin with http"),
        ("compute", "compute is no address"),
        ("compute news", "compute news is no address"),
    ],
)
def test_what_cannot_be_a_source_is_said_and_kept_nowhere(
    given: str, said: str, chat: Chat, app: App
) -> None:
    assert said in shown(chat.say(f"/feeds add {given}"))
    assert app.state.sources.all() == []


def test_a_source_is_paused_resumed_checked_and_removed_by_its_buttons(
    chat: Chat, app: App, web: Web
) -> None:
    chat.say(f"/feeds add {web.serve('/feed', rss(Post('One')))}")
    listed = chat.say("/feeds")
    assert "Not read yet." in shown(listed)
    one = chat.press(button(listed.message, "1"))
    paused = chat.press(button(one.message, "Pause"))
    assert "Paused" in shown(paused)
    assert app.state.sources.due(2**40, 9) == []
    resumed = chat.press(button(paused.message, "Resume"))
    assert len(app.state.sources.due(int(NOW.timestamp()), 9)) == 1
    assert chat.press(button(resumed.message, "Check now")).notice
    gone = shown(chat.press(button(resumed.message, "Remove")))
    assert gone.endswith(f"To have it back: /feeds add {web.url('/feed')}")
    assert app.state.sources.all() == []
    assert chat.press(button(one.message, "Pause")).message is None


def test_a_source_that_ended_and_is_resumed_no_longer_tells_why_it_ended(
    chat: Chat, app: App, web: Web
) -> None:
    chat.say(f"/feeds add {web.serve('/feed', rss(Post('One')))}")
    (source,) = app.state.sources.all()
    gone = NotFetched("fetch_gone", status=410)
    app.state.sources.record(failed(replace(source, succeeded=source.created), gone, source.created, 0.5))
    ended = chat.press(button(chat.say("/feeds").message, "1"))
    assert "gone for good" in shown(ended)
    resumed = chat.press(button(ended.message, "Resume"))
    assert "gone for good" not in shown(resumed)
    assert "gone for good" not in shown(chat.say("/feeds"))


def test_the_list_may_be_asked_for_by_its_name(chat: Chat, web: Web) -> None:
    chat.say(f"/feeds add {web.serve('/feed', rss(Post('One')))}")
    assert shown(chat.say("/feeds list")) == shown(chat.say("/feeds"))
    assert shown(chat.say("/feeds 列表")).startswith("1个来源")


def test_strangers_get_no_list_and_their_presses_change_nothing(app: App, chat: Chat, web: Web) -> None:
    address = web.serve("/feed", rss(Post("One")))
    chat.say(f"/feeds add {address}")
    (source,) = app.state.sources.all()
    stranger = Chat(app, STRANGER)
    assert address not in shown(stranger.say("/feeds"))
    asked = len(web.requests)
    stranger.say(f"/feeds add {web.url('/other')}")
    assert len(web.requests) == asked
    for label in ("Pause", "Remove", "Check now"):
        one = chat.press(OpenFeed("0", "en", source.id))
        refused = stranger.press(button(one.message, label))
        assert (refused.effects, refused.message) == ((), None)
    assert app.state.sources.all() == [source]


def test_the_list_tells_health_in_words_in_both_languages(chat: Chat, app: App, web: Web) -> None:
    chat.say(f"/feeds add {web.serve('/feed', rss(Post('One'), title='News'))}")
    web.serve("/feed", b"", 404)
    (source,) = app.state.sources.all()
    asyncio.run(app.source_check().run(source, int(NOW.timestamp())))
    assert "1 source, 1 fails" in shown(chat.say("/feeds"))
    assert "The server answers with 404 (not found). Failed once, next try" in shown(chat.say("/feeds"))
    assert "服务器返回 404（找不到）。已失败1次" in shown(chat.say("订阅源"))


def test_the_feeds_can_be_taken_elsewhere(chat: Chat, web: Web) -> None:
    address = web.serve("/feed?a=1&b=2", rss(Post("One"), title='A "quoted" <name>'))
    chat.say(f"/feeds add {address}")
    assert read_opml(shown(chat.say("/feeds export")).encode()) == [Outline('A "quoted" <name>', address)]


# -- lists of feeds ----------------------------------------------------------------------------------------


def test_about_forty_feeds_in_both_languages_are_shipped() -> None:
    feeds = starter_feeds()
    assert 38 <= len(feeds) <= 45
    assert sum(1 for title, _ in feeds if re.search("[一-鿿]", title)) >= 10
    assert len({address for _, address in feeds}) == len(feeds)


def test_a_list_is_read_as_it_was_written() -> None:
    outlines = [Outline("A & B", "https://a.example/?x=1&y=2"), Outline("丙", "http://c.example/rss")]
    assert read_opml(write_opml(outlines).encode()) == outlines


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<rss/>",
        b"no xml",
        b"<opml><body>" + b"<outline>" * 100 + b"</outline>" * 100 + b"</body></opml>",
        b'<!DOCTYPE o [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><outline text="&b;" xmlUrl="http://a.b/"/></opml>',
        b'<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><outline text="&a;" xmlUrl="http://a.b/"/></opml>',
        b"<opml>" + b" " * (1 << 20) + b"</opml>",
    ],
)
def test_what_is_no_list_or_declares_entities_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        read_opml(raw)
    assert in_words(error.value.problem).endswith(".")


def test_only_addresses_that_may_be_fetched_come_out_of_a_list() -> None:
    raw = b'<opml><body><outline xmlUrl="file:///etc/passwd"/><outline xmlUrl="javascript:alert(1)"/></body></opml>'
    assert read_opml(raw) == []


def test_links_of_a_page_are_read_in_any_way_they_are_written() -> None:
    page = (
        "<LINK REL='alternate home' TYPE=application/atom+xml HREF=/a><link rel=alternate type=text/css href=/b>"
        '<link href="https://x.example/c?a=1&amp;b=2" type="application/feed+json" rel="alternate">'
    )
    assert feed_links(page, "https://e.example/x/") == [
        "https://e.example/a",
        "https://x.example/c?a=1&b=2",
    ]


# -- on the terminal ---------------------------------------------------------------------------------------


def test_add_reads_at_once_and_list_gives_each_source_as_a_value(trendbot: Command, web: Web) -> None:
    address = web.serve("/feed", rss(Post("Zeppelins fly", "Zeppelins carried mail to Oslo."), title="Mail"))
    code, out, errors = trendbot("feeds", "add", address, "--json", TRENDBOT_ALLOW=web.allow)
    assert (code, errors) == (0, "")
    (added,) = values(out)
    assert (added["title"], added["added"], added["error"]) == ("Mail", 1, None)
    (listed,) = values(trendbot("feeds", "list", "--json")[1])
    assert set(listed) == {
        *("id", "kind", "title", "address", "state", "last_success", "next_check"),
        *("failures", "error", "reports"),
    }
    assert "Oslo" in trendbot("ask", "zeppelins")[1]


def test_check_says_what_failed_and_exits_with_one(trendbot: Command, web: Web) -> None:
    trendbot("feeds", "add", web.serve("/feed", rss(Post("One"))), TRENDBOT_ALLOW=web.allow)
    web.serve("/feed", b"", 500)
    code, out, _ = trendbot("feeds", "check", TRENDBOT_ALLOW=web.allow)
    assert code == 1
    assert "The server answers with 500 (server error)." in out


def test_a_source_is_named_by_the_beginning_of_its_id_or_its_address(trendbot: Command, web: Web) -> None:
    address = web.serve("/feed", rss(Post("One")))
    trendbot("feeds", "add", address, TRENDBOT_ALLOW=web.allow)
    (source,) = values(trendbot("feeds", "--json")[1])
    assert values(trendbot("feeds", "pause", source["id"][:5], "--json")[1])[0]["state"] == "paused"
    assert values(trendbot("feeds", "resume", address, "--json")[1])[0]["state"] == "active"
    assert "No feed has the id" in failure(trendbot("feeds", "pause", "nothing"))
    assert trendbot("feeds", "remove", "all")[0] == 0
    assert trendbot("feeds", "--json")[:2] == (0, "")
    for action in ("list", "check", "remove all"):
        code, out, errors = trendbot("feeds", *action.split())
        assert (code, out, errors.split(".")[0]) == (0, "", "No feeds yet")


def test_a_list_is_imported_and_the_shipped_one_only_on_a_yes(trendbot: Command, tmp_path: Path) -> None:
    path = tmp_path / "mine.opml"
    path.write_text(write_opml([Outline("A", "https://a.example/feed")]), "utf-8")
    assert trendbot("feeds", "import", str(path))[1].startswith("1 feed added.")
    assert trendbot("feeds", "import", str(path))[1] == "0 feeds added, 1 known already.\n"
    path.write_text(write_opml([]), "utf-8")
    assert "names no feed" in failure(trendbot("feeds", "import", str(path)))
    code, out, errors = trendbot("feeds", "import")
    assert (code, len(out.splitlines())) == (0, len(starter_feeds()))
    assert errors.startswith("Nothing was added.")
    assert len(values(trendbot("feeds", "--json")[1])) == 1
    trendbot("feeds", "import", "--yes")
    assert len(values(trendbot("feeds", "--json")[1])) == len(starter_feeds()) + 1
    assert len(read_opml(trendbot("feeds", "export")[1].encode())) == len(starter_feeds()) + 1


def test_a_folder_is_watched_from_the_terminal(trendbot: Command, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Zeppelins carried mail to Oslo.", "utf-8")
    (added,) = values(trendbot("feeds", "add", str(tmp_path / "in"), "--json")[1])
    assert (added["kind"], added["added"]) == ("folder", 1)


@pytest.mark.parametrize("given", ["absent", "absent/", "a.txt"])
def test_a_path_that_is_no_folder_is_said_to_be_none(given: str, trendbot: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Zeppelins carried mail to Oslo.", "utf-8")
    code, out, errors = trendbot("feeds", "add", f"{tmp_path}/{given}")
    assert (code, out) == (1, "")
    assert errors == f"{tmp_path}/{given}: There is no such folder; trendbot ingest reads single files.\n"


PAGE = "<!doctype html><html><head><title>Zeppelins</title></head><body><article>{}</article></body></html>"


def test_ingest_takes_a_page_by_its_address(trendbot: Command, web: Web) -> None:
    text = (
        "<p>Zeppelins carried mail to Oslo in the summer of that year, the post office said on Monday.</p>"
        * 3
    )
    address = web.serve("/page", PAGE.format(text).encode(), Content_Type="text/html")
    (taken,) = values(trendbot("ingest", "--json", address, TRENDBOT_ALLOW=web.allow)[1])
    assert (taken["status"], taken["error"]) == ("added", None)
    (again,) = values(trendbot("ingest", "--json", address, TRENDBOT_ALLOW=web.allow)[1])
    assert (again["id"], again["status"]) == (taken["id"], "unchanged")
    assert json.loads(trendbot("show", "--json", taken["id"])[1])["url"] == address


def test_ingest_names_what_cannot_be_fetched_and_goes_on(trendbot: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Zeppelins carried mail to Oslo.", "utf-8")
    code, out, _ = trendbot("ingest", "--json", "http://127.0.0.1/x", str(tmp_path / "a.txt"))
    failed, taken = values(out)
    assert (code, failed["status"], taken["status"]) == (1, "failed", "added")
    assert "private network" in failed["error"]


def test_doctor_counts_the_sources_that_fail(trendbot: Command, web: Web) -> None:
    trendbot("feeds", "add", web.serve("/feed", rss(Post("One"))), TRENDBOT_ALLOW=web.allow)
    assert "sources: 1 to read\n" in trendbot("doctor")[1]
    web.serve("/feed", b"", 500)
    trendbot("feeds", "check", TRENDBOT_ALLOW=web.allow)
    assert "1 fail; trendbot feeds says why" in trendbot("doctor")[1]
