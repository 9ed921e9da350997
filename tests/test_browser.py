"""The page of `trendbot demo` in a real browser: what a user sees and presses, and cannot break."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from page_kit import FORUM, GROUP, NARROW, WIDE, DemoProcess, Visitor, a_browser, a_visit, axe_source
from playwright.sync_api import Browser, FilePayload, expect

from bot.playground.stage import CHANNEL as CHANNEL_ID
from bot.playground.stage import GROUP as GROUP_ID
from bot.playground.stage import YOU

SIZES = {"wide": WIDE, "narrow": NARROW}
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>&amp;'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for the whole module."""
    with a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoProcess]:
    """A demo shared by several tests, one after another."""
    with DemoProcess(tmp_path_factory.mktemp("demo")) as demo:
        demo.saying("The bot is up")
        yield demo
        assert demo.stop() == 0
        assert "Traceback" not in demo.logged


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[DemoProcess]:
    """A demo of the test's own."""
    with DemoProcess(tmp_path) as demo:
        yield demo


@pytest.fixture
def visitor(browser: Browser, demo: DemoProcess) -> Iterator[Visitor]:
    """An English-speaking user at a wide screen; the browser must report no problem."""
    with a_visit(browser, demo.url) as visitor:
        yield visitor
        assert visitor.problems == []


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("narrow", "dark")])
def test_a_question_is_answered_and_every_button_works(
    browser: Browser, demo: DemoProcess, size: str, scheme: Any
) -> None:
    with a_visit(browser, demo.url, viewport=SIZES[size], color_scheme=scheme) as visitor:
        visitor.open("Trendbot")
        answer = visitor.ask("/trend 算力")
        expect(answer.locator("strong").first).to_have_text(re.compile("算力"))
        first = answer.inner_text()
        assert len(visitor.labels(answer)) > 8
        for citation in ("1", "3"):
            visitor.press(answer, citation)
            visitor.press(answer, "返回")
            assert answer.inner_text() == first
        for view in ("更多 10", "数字 7", "来源 5"):
            visitor.press(answer, view)
            visitor.press(answer, "返回")
        visitor.press(answer, "English")
        expect(answer).to_contain_text("Compute")
        visitor.press(answer, "中文")
        assert answer.inner_text() == first
        for topic in ("数据中心", "大模型"):
            other = visitor.ask("/trend 算力")
            visitor.press(other, topic)
        width = visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0
        assert visitor.problems == []


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_a_chart_is_shown_whole_and_its_words_are_what_a_screen_reader_says(
    browser: Browser, demo: DemoProcess, size: str
) -> None:
    with a_visit(browser, demo.url, viewport=SIZES[size]) as visitor:
        visitor.open("Trendbot")
        answer = visitor.ask("/chart compute")
        picture = answer.locator("img.photo")
        expect(picture).to_have_attribute("alt", re.compile(r"^Compute .*Reports a month", re.DOTALL))
        loaded = "(image) => image.complete && image.naturalWidth === 960 && image.clientWidth <= innerWidth"
        visitor.page.wait_for_function(loaded, arg=picture.element_handle())
        visitor.press(answer, "By language")
        expect(picture).to_have_attribute("alt", re.compile("English and Chinese"))
        assert visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert visitor.problems == []


def test_the_page_and_the_bot_follow_the_language(visitor: Visitor) -> None:
    page = visitor.page
    expect(page.locator("#local")).to_contain_text("stand-in")
    page.locator("#text").fill("/")
    expect(page.get_by_role("option", name="/topics")).to_contain_text("library")
    page.locator("#language").click()
    expect(page.locator("#local")).to_contain_text("模拟")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.locator("#text").fill("/topi")
    expect(page.get_by_role("option", name="/topics")).to_contain_text("主题")
    page.locator("#text").fill("")
    expect(visitor.ask("/help")).to_contain_text("出处")
    page.locator("#language").click()
    expect(visitor.ask("/help")).to_contain_text("topic")


def test_the_colours_follow_the_system_until_somebody_chooses(browser: Browser, demo: DemoProcess) -> None:
    back = "getComputedStyle(document.body).backgroundColor"
    with a_visit(browser, demo.url, color_scheme="dark") as visitor:
        dark = visitor.page.evaluate(back)
        visitor.page.locator("#theme").click()
        light = visitor.page.evaluate(back)
        assert light != dark
        visitor.page.reload()
        visitor.page.locator(".chat").first.wait_for()
        assert visitor.page.evaluate(back) == light
        assert visitor.problems == []


def test_on_a_phone_chats_and_conversation_are_two_screens(browser: Browser, demo: DemoProcess) -> None:
    with a_visit(browser, demo.url, viewport=NARROW) as visitor:
        page = visitor.page
        expect(page.locator("#conversation")).to_be_hidden()
        visitor.open(GROUP)
        expect(page.locator("#side")).to_be_hidden()
        page.locator("#back").click()
        expect(page.locator(".chat", has_text=GROUP)).to_be_focused()
        visitor.open(GROUP)
        page.go_back()
        expect(page.locator("#side")).to_be_visible()
        assert visitor.problems == []


def test_every_word_of_the_page_is_there_in_both_languages(visitor: Visitor) -> None:
    shapes = visitor.page.evaluate(
        """async () => {
             const { wordsOf } = await import("/page/words.js");
             const shape = (words) => Object.entries(words).map(([name, value]) =>
               typeof value === "object" ? [name, shape(value)] : [name, typeof value, value.length > 0]);
             return [shape(wordsOf("en")), shape(wordsOf("zh"))];
           }"""
    )
    assert len(shapes[0]) > 40
    assert shapes[0] == shapes[1]


def test_what_is_long_to_write_is_seen_whole_and_covers_nothing(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask("/trend compute")
    page.locator("#newest").click()
    keys = page.locator("#log .message").last.locator(".key").last
    expect(keys).to_be_in_viewport(ratio=1)
    line = page.locator("#text")
    low = line.evaluate("text => text.offsetHeight")
    line.fill("A long paragraph without any line break in it. " * 5)
    assert line.evaluate("text => text.offsetHeight > 40 && text.scrollHeight <= text.offsetHeight")
    expect(keys).to_be_in_viewport(ratio=1)
    line.fill("")
    assert line.evaluate("text => text.offsetHeight") == low


def test_who_reads_further_up_stays_there(visitor: Visitor) -> None:
    page = visitor.page
    for question in ("/trend compute", "/trend chips"):
        visitor.ask(question)
    log = page.locator("#log")
    log.evaluate("log => { log.scrollTop = 40; }")
    expect(page.locator("#newest")).to_be_visible()
    for shown in ("机器人", "bot"):
        page.locator("#language").click()
        expect(page.locator("#head-status")).to_have_text(shown)
        assert log.evaluate("log => log.scrollTop") == 40
    page.locator("#newest").click()
    expect(page.locator("#newest")).to_be_hidden()


def test_the_keyboard_reaches_the_line_and_leaves_the_panel(browser: Browser, demo: DemoProcess) -> None:
    with a_visit(browser, demo.url, viewport=NARROW) as visitor:
        page = visitor.page
        visitor.open(GROUP)
        page.locator("#log").focus()
        page.keyboard.type("chips")
        expect(page.locator("#text")).to_have_value("chips")
        page.locator("#text").fill("")
        page.locator("#panel-toggle-narrow").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Close the network panel").last).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#panel")).to_be_hidden()
        expect(page.locator("#panel-toggle-narrow")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#text")).to_be_focused()
        assert visitor.problems == []


def test_commands_are_completed_by_keyboard(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#text").focus()
    page.keyboard.type("/")
    expect(page.get_by_role("option").nth(5)).to_be_visible()
    page.keyboard.press("ArrowDown")
    chosen = page.locator('[role="option"][aria-selected="true"]')
    expect(page.locator("#text")).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    page.keyboard.type("tre")
    page.keyboard.press("Tab")
    expect(page.locator("#text")).to_have_value("/trend ")
    page.keyboard.type("compute")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#text")).to_have_value("/trend compute\n")
    number = visitor.newest()
    page.keyboard.press("Enter")
    expect(page.locator("#log .own").last).to_contain_text("/trend compute")
    expect(visitor.answer_after(number)).to_contain_text("Compute")
    visitor.open(GROUP)
    page.locator("#text").fill("/")
    expect(page.get_by_role("option", name="/trend")).to_be_visible()
    expect(page.get_by_role("option", name="/about")).to_have_count(0)


def test_a_card_of_the_bot_is_found_by_its_name_and_sent_into_a_group(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(GROUP)
    page.locator("#text").fill("@trendtest_bot compute")
    expect(page.get_by_role("option").first).to_contain_text("Briefing: compute", timeout=20_000)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    sent = page.locator("#log .own").last
    expect(sent).to_contain_text("via @trendtest_bot")
    expect(sent.locator("a").first).to_have_text("[1]")
    expect(page.locator("#text")).to_have_value("")


def test_an_operator_adds_a_report_by_dropping_it(visitor: Visitor) -> None:
    page = visitor.page
    text = (
        "---\ntitle: Immersion cooling at sea\npublisher: Harbour Review\npublished: 2026-11-01\n---\n\n"
        "Barges moored off Rotterdam now cool their racks by immersion. The operators report that pumps fail less often.\n"
    )
    dropped = page.evaluate_handle(
        """(text) => {
             const transfer = new DataTransfer();
             transfer.items.add(new File([text], "barges.md", { type: "text/markdown" }));
             return transfer;
           }""",
        text,
    )
    number = visitor.newest()
    page.dispatch_event("#log", "dragenter", {"dataTransfer": dropped})
    expect(page.locator("#dropzone")).to_be_visible()
    page.dispatch_event("#log", "drop", {"dataTransfer": dropped})
    expect(page.locator(".file").last).to_contain_text("barges.md")
    expect(visitor.answer_after(number)).to_contain_text("Immersion cooling at sea")
    expect(visitor.ask("/search barges Rotterdam")).to_contain_text("immersion")
    with page.expect_download() as download:
        page.locator(".file").last.click()
    assert Path(download.value.path()).read_text("utf-8") == text


def test_the_posts_of_a_channel_come_in_once_its_operator_says_so(visitor: Visitor) -> None:
    page = visitor.page
    channel, private = (page.locator(f'[data-chat="{chat}"]') for chat in (CHANNEL_ID, YOU))
    visitor.ask("/help")
    number = visitor.newest()
    channel.click()
    expect(page.locator("#log")).to_contain_text("Your channel.")
    visitor.write("Basalt cools nothing yet.")
    private.click()
    visitor.press(visitor.answer_after(number), "Take its posts")
    channel.click()
    visitor.write("Geothermal halls\nA well in Iceland cools forty racks of the new hall.")
    expect(page.locator("#log .message").last).to_contain_text("forty racks")
    private.click()
    for _ in range(20):
        found = visitor.ask("/search Iceland racks").inner_text()
        if "forty racks" in found:
            break
    assert "@compute_wire" in found
    channel.click()
    post = page.locator("#log .message").last
    post.hover()
    post.get_by_role("button", name="Edit").click()
    expect(page.locator("#text")).to_have_value(re.compile("forty racks of the new hall"))
    visitor.write("Geothermal halls\nA well in Iceland cools fifty racks of the new hall.")
    expect(post).to_contain_text("edited")
    expect(page.locator("#reply-bar")).to_be_hidden()
    page.locator("#file").set_input_files(files=FilePayload(name="a.txt", mimeType="text/plain", buffer=b"x"))
    expect(page.locator("#log .message").last.locator(".author")).to_have_text("Compute Wire")
    expect(page.locator("#log").get_by_role("button", name="Reply")).to_have_count(0)
    expect(page.locator("#menu")).to_be_hidden()
    private.click()
    for _ in range(20):
        found = visitor.ask("/search Iceland racks").inner_text()
        if "fifty racks" in found:
            break
    assert "forty racks" not in found
    assert "Basalt" not in visitor.ask("/search basalt cools").locator(".body").inner_text().replace(
        "Search: ", ""
    )


def test_an_edit_is_left_by_escape_and_another_chat_and_is_no_draft(visitor: Visitor) -> None:
    page = visitor.page
    visitor.ask("/help")
    own = page.locator("#log .own").last
    line = page.locator("#text")
    leaves: tuple[Callable[[], object], ...] = (
        lambda: page.keyboard.press("Escape"),
        lambda: visitor.open(GROUP),
    )
    for leave in leaves:
        own.hover()
        own.get_by_role("button", name="Edit").click()
        expect(line).to_have_value("/help")
        leave()
        expect(line).to_have_value("")
    visitor.open("Trendbot")
    expect(line).to_have_value("")
    expect(own).not_to_contain_text("edited")


def test_in_a_group_an_admin_may_press_anybodys_buttons_and_a_member_their_own(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(GROUP)
    visitor.speak_as("Lin Lan")
    answer = visitor.ask("/trend compute")
    quoted = answer.locator(".answered")
    expect(quoted).to_contain_text("/trend compute")
    visitor.speak_as("Ben")
    answer.locator(".key", has_text="Figures").click()
    expect(page.locator("#alert")).to_be_visible()
    page.locator("#alert-ok").click()
    own = visitor.ask("/trend compute")
    visitor.press(own, "Figures 7")
    visitor.speak_as("Lin Lan")
    visitor.press(own, "Back")


def test_a_link_from_a_group_opens_the_passage_in_the_private_chat(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(GROUP)
    answer = visitor.ask("/trend compute")
    answer.locator("a.key").first.click()
    expect(page.locator("#head-title")).to_have_text("Trendbot")
    expect(page.locator("#start")).to_be_focused()
    before = page.locator("#log .message").count()
    page.keyboard.press("Enter")
    expect(page.locator("#log .message")).to_have_count(before + 2)
    expect(page.locator("#log .other").last.locator("blockquote")).to_be_visible()
    expect(page.locator("#start")).to_be_hidden()


def test_a_forums_topics_are_kept_apart(visitor: Visitor) -> None:
    page = visitor.page
    visitor.open(FORUM)
    page.locator(".topic", has_text="Compute").click()
    expect(visitor.ask("/trend compute")).to_contain_text("Compute")
    page.locator(".topic", has_text="Papers").click()
    expect(page.locator("#log .message")).to_have_count(0)


def test_somebody_replies_to_a_message(visitor: Visitor) -> None:
    page = visitor.page
    answer = visitor.ask("/trend compute")
    answer.hover()
    answer.get_by_role("button", name="Reply to Trendbot").click()
    expect(page.locator("#reply-bar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#reply-bar")).to_be_hidden()
    answer.get_by_role("button", name="Reply to Trendbot").click()
    expect(visitor.ask("chips")).to_contain_text("Chips")
    expect(page.locator("#log .own").last.locator(".answered")).to_contain_text("Compute")


def test_what_people_write_never_becomes_markup(visitor: Visitor) -> None:
    page = visitor.page
    title = page.title()
    answer = visitor.ask(HOSTILE)
    expect(page.locator("#log .own").last).to_contain_text(HOSTILE)
    expect(answer).to_contain_text("<img")
    page.locator("#file").set_input_files(
        files=FilePayload(
            name="<img src=x onerror=alert(1)>.md", mimeType="text/html", buffer=b"<script>1</script>"
        )
    )
    expect(page.locator(".file").last).to_contain_text("<img src=x")
    assert page.locator("#log img:not(.photo), #log script, #chats img").count() == 0
    assert page.title() == title


def test_every_kind_of_entity_is_shown_and_no_address_runs_a_script(visitor: Visitor) -> None:
    """Offsets count UTF-16 units: the emoji before the bold word takes two."""
    parts: list[tuple[str, dict[str, Any]]] = [
        ("bold", {}),
        ("italic", {}),
        ("underline", {}),
        ("strikethrough", {}),
        ("code", {}),
        ("pre", {"language": "python"}),
        ("spoiler", {}),
        ("text_link", {"url": "https://example.org/"}),
        ("text_link", {"url": "javascript:document.title=3"}),
        ("blockquote", {}),
        ("expandable_blockquote", {}),
    ]
    text = "\N{GRINNING FACE} "
    entities: list[dict[str, Any]] = []
    for number, (kind, more) in enumerate(parts):
        word = f"word{number}"
        start = len(text.encode("utf-16-le")) // 2
        entities.append({"type": kind, "offset": start, "length": len(word)} | more)
        text += f"{word} "
    entities.append({"type": "italic", "offset": entities[0]["offset"] + 1, "length": 2})
    page = visitor.page
    page.evaluate(
        """async ([text, entities]) => {
             const { rendered } = await import("/page/entities.js");
             const { wordsOf } = await import("/page/words.js");
             const place = document.createElement("div");
             place.id = "shown";
             place.className = "text";
             place.append(...rendered(text, entities, wordsOf("en"), { link: () => false, command: () => {} }));
             document.getElementById("log").replaceChildren(place);
           }""",
        [text, entities],
    )
    shown = page.locator("#shown")
    for tag, number in [("strong", 0), ("em", 1), ("u", 2), ("s", 3), ("pre > code", 5), ("a", 7)]:
        expect(shown.locator(tag, has_text=f"word{number}")).to_have_text(f"word{number}")
    expect(shown.locator("strong > em")).to_have_text("or")
    expect(shown.locator("a")).to_have_count(1)
    expect(shown.get_by_role("button", name="Hidden text")).to_have_count(1)
    shown.get_by_role("button", name="Hidden text").click()
    expect(shown.locator(".spoiler.shown")).to_have_text("word6")
    toggle = shown.get_by_role("button", name="Show all of the quote")
    toggle.click()
    expect(shown.locator("blockquote.open")).to_have_text("word10")
    expect(shown.get_by_role("button", name="Show less of the quote")).to_have_attribute(
        "aria-expanded", "true"
    )


def test_the_network_does_what_its_panel_says(browser: Browser, fresh: DemoProcess) -> None:
    with a_visit(browser, fresh.url) as visitor:
        page = visitor.page
        visitor.ask("/start")

        page.locator('[data-tool="flood"]').click()
        expect(page.locator(".pending")).to_contain_text("429")
        expect(visitor.ask("/trend compute")).to_contain_text("Compute")
        expect(page.locator(".call.bad").first).to_contain_text("429")
        expect(page.locator(".pending")).to_be_empty()

        page.locator('[data-tool="drop"]').click()
        before = page.locator("#log .other").count()
        visitor.write("/topics")
        expect(page.locator("#log .other")).to_have_count(before + 2)  # Sent again: silence would be worse.

        page.locator('[data-tool="block"]').click()
        expect(page.locator("#start")).to_have_text("Unblock")
        expect(page.locator("#text")).to_be_hidden()
        page.locator("#start").click()
        expect(page.locator("#start")).to_be_hidden()
        expect(page.locator("#text")).to_be_focused()
        expect(visitor.ask("/topics")).to_be_visible()

        asked = visitor.ask("/subscribe compute 8:00")
        asked.locator(".key", has_text="UTC").click()
        expect(asked).to_contain_text("08:00")
        before = page.locator("#log .other").count()
        page.locator('[data-tool="forward"]').click()
        expect(page.locator(".clock")).to_contain_text("08:00")
        expect(page.locator("#log .other")).to_have_count(before + 1)
        expect(page.locator("#log .other").last).to_contain_text("Compute")

        visitor.open(GROUP)
        visitor.speak_as("Lin Lan")
        expect(visitor.ask("/trend chips")).to_contain_text("Chips")
        page.locator('[data-tool="migrate"]').click()
        expect(page.locator("#log .service").last).to_contain_text("supergroup")
        expect(page.locator("#log .past").last).to_contain_text("Chips")
        expect(page.locator("#speaker option:checked")).to_contain_text("Lin Lan")
        expect(visitor.ask("/trend compute")).to_contain_text("Compute")
        expect(page.locator(".chat", has_text=GROUP)).to_have_count(1)
        assert visitor.problems == []


def test_polls_do_not_push_other_calls_out_of_the_panel(browser: Browser, fresh: DemoProcess) -> None:
    fresh.saying("The bot is up")
    with a_visit(browser, fresh.url) as visitor:
        page = visitor.page
        visitor.ask("/start")
        polls = page.locator("#panel input")
        polls.check()
        newest = page.locator(".call").first
        first = int(str(newest.get_attribute("data-call")))
        while int(str(newest.get_attribute("data-call"))) < first + 150:
            act(fresh, "say", chat=GROUP_ID, user=YOU, text="What a group says brings a poll, no other call.")
        polls.uncheck()
        for _ in range(2):
            expect(page.locator(".call .method", has_text="sendMessage").first).to_be_visible()
            expect(page.locator(".call .method", has_text="getUpdates")).to_have_count(0)
            page.reload()
            page.locator(".chat").first.wait_for()
        assert visitor.problems == []


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's script."""
    return axe_source(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_is_accessible(
    browser: Browser, demo: DemoProcess, axe: str, size: str, scheme: Any
) -> None:
    with a_visit(browser, demo.url, viewport=SIZES[size], color_scheme=scheme) as visitor:
        page = visitor.page
        page.evaluate(axe)
        found = {"chats": _serious(visitor)}
        visitor.open("Trendbot")
        visitor.ask("/trend compute")
        found["briefing"] = _serious(visitor)
        page.locator("#text").fill("/")
        found["commands"] = _serious(visitor)
        page.locator("#text").fill("")
        visitor.open(GROUP)
        visitor.ask("/trend compute")
        found["group"] = _serious(visitor)
        if page.locator("#panel").is_hidden():
            page.locator("#panel-toggle-narrow:visible, #panel-toggle:visible").click()
        found["panel"] = _serious(visitor)
        assert found == {state: [] for state in found}


def _serious(visitor: Visitor) -> list[str]:
    result = visitor.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['impact']} {one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in result["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


JSON = {"Content-Type": "application/json"}


def asked(demo: DemoProcess, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
    """Return the status of an answer of the page's server, and its content security policy."""
    request = urllib.request.Request(demo.url.rstrip("/") + path, data, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return answer.status, answer.headers.get("Content-Security-Policy", "")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


def act(demo: DemoProcess, name: str, **fields: Any) -> None:
    """Do what the page does when a user presses a button."""
    assert asked(demo, f"/api/{name}", json.dumps(fields).encode(), **JSON)[0] == 200


def test_the_page_answers_only_itself(demo: DemoProcess) -> None:
    """Another site must not write in the user's name, nor read by another host name of this machine."""
    status, policy = asked(demo, "/")
    assert status == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    body = json.dumps({"language": "en"}).encode()
    assert asked(demo, "/api/language", body, **JSON)[0] == 200
    assert asked(demo, "/api/language", body, **JSON, Origin="http://example.org")[0] == 403
    assert asked(demo, "/", Host="example.org")[0] == 403
    assert asked(demo, "/api/language", body, **{"Content-Type": "text/plain"})[0] == 404
    assert asked(demo, "/page/../web.py")[0] == 404
    assert asked(demo, "/page/%2e%2e%2fweb.py")[0] == 404


@pytest.mark.parametrize(
    "body", [b"", b"[1]", b"\xff", b"{}", b'{"chat": "x"}', b'{"chat": 1e999}', b"[" * 100_000], ids=repr
)
def test_the_page_refuses_what_it_cannot_read(demo: DemoProcess, body: bytes) -> None:
    assert asked(demo, "/api/say", body, **JSON)[0] == 400


def test_a_taken_port_is_named_and_the_next_one_used(fresh: DemoProcess, tmp_path: Path) -> None:
    port = int(fresh.url.rstrip("/").rpartition(":")[2])
    beside = tmp_path / "beside"
    beside.mkdir()
    with DemoProcess(beside, "--port", str(port)) as second:
        second.saying(rf"Port {port} is taken")
        assert f":{port}/" not in second.url
        second.saying("The bot is up")
        assert second.stop() == 0


@pytest.mark.parametrize("moment", [r"http://", "The bot is up"], ids=["while it starts", "when it is up"])
def test_ctrl_c_stops_everything_and_leaves_nothing_behind(
    fresh: DemoProcess, browser: Browser, moment: str
) -> None:
    with a_visit(browser, fresh.url) as visitor:
        fresh.saying(moment)
        assert fresh.stop() == 0
        expect(visitor.page.locator("#local")).to_contain_text("trendbot demo")
        visitor.write("nobody gets this")
        expect(visitor.page.locator("#toast")).to_contain_text("trendbot demo")
        expect(visitor.page.locator("#text")).to_have_value("nobody gets this")
    assert fresh.kept == []
    assert "Traceback" not in fresh.logged


@pytest.mark.parametrize("kind", ["flood", "drop"])
def test_ctrl_c_does_not_wait_for_a_telegram_that_holds_the_bot_up(fresh: DemoProcess, kind: str) -> None:
    fresh.saying("The bot is up")
    for _ in range(20):
        act(fresh, "fault", kind=kind)
    act(fresh, "start", user=YOU)
    assert fresh.stop() == 0
    assert fresh.kept == []
    assert "Traceback" not in fresh.logged
