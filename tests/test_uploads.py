"""Files sent to the bot: only from operators, only readable ones, and never the text that was cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from library_kit import NOW, Shelf
from talk_kit import MIXED, talk

from bot.app import App
from bot.inbound.uploads import MAX_BYTES, Uploads
from bot.intake.readers import read_documents
from bot.intake.sources.opml import Outline, write_opml
from bot.languages import LANGUAGES
from bot.library.glossary import Glossary
from bot.models import Problem
from bot.recaps.message import ExportedRecaps
from bot.rendering.renderer import Renderer, plain_text
from bot.settings import packaged
from bot.text.segment import Segmenter

OPERATOR, STRANGER = 1, 2
AT = int(NOW.timestamp())


@pytest.fixture
def own_shelf(tmp_path: Path, glossary: Glossary, segmenter: Segmenter) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path, glossary, segmenter)
    yield shelf
    shelf.close()


@pytest.fixture
def uploads(app: App, own_shelf: Shelf) -> Uploads:
    renderer = Renderer(packaged("templates"))
    exported = ExportedRecaps(renderer, app.recap_briefer, "trend_bot")
    parts = (own_shelf.ingest, own_shelf.library, own_shelf.state, renderer, exported)
    return Uploads(*parts, frozenset({OPERATOR}), ZoneInfo("UTC"))


def test_a_stranger_is_told_their_id_and_nothing_is_taken(uploads: Uploads) -> None:
    refusal = uploads.refusal(STRANGER, "report.md", 100, "en")
    assert refusal is not None
    assert f"Your user id is {STRANGER}." in refusal.html


@pytest.mark.parametrize("name", ["report.exe", "report"])
def test_what_cannot_be_read_is_refused_with_what_can(uploads: Uploads, name: str) -> None:
    refusal = uploads.refusal(OPERATOR, name, 10, "zh")
    assert refusal is not None
    assert ".jsonl" in refusal.html


def test_a_file_that_telegram_keeps_from_bots_is_refused_with_its_size_and_the_other_way(
    uploads: Uploads,
) -> None:
    english, chinese = (
        uploads.refusal(OPERATOR, "report.md", MAX_BYTES + (10 << 20), language) for language in LANGUAGES
    )
    assert english is not None
    assert english.html.startswith("report.md has 30 MB; Telegram hands a bot files of up to 20 MB.")
    assert chinese is not None
    assert "report.md 有30 MB" in chinese.html


def test_an_operators_file_is_found_by_the_next_search(uploads: Uploads, own_shelf: Shelf) -> None:
    assert uploads.refusal(OPERATOR, "note.md", 100, "en") is None
    told = uploads.take("note.md", b"Liquid cooling saved the plant 12% of its power.", "en", AT)
    assert plain_text(told.html) == "Read: note, date unknown, 1 passage."
    assert own_shelf.texts("liquid cooling") == {"Liquid cooling saved the plant 12% of its power."}


def test_a_file_of_the_same_name_takes_the_place_of_the_earlier_one(
    uploads: Uploads, own_shelf: Shelf
) -> None:
    uploads.take("../../note.md", b"Liquid cooling is rare in this town today.", "en", AT)
    told = uploads.take("note.md", b"Liquid cooling is common in this town today.", "en", AT)
    assert "Read again, in place of the earlier version" in plain_text(told.html)
    assert own_shelf.texts("liquid cooling") == {"Liquid cooling is common in this town today."}


def test_an_exported_chat_is_recapped_and_kept_nowhere(
    uploads: Uploads, own_shelf: Shelf, tmp_path: Path
) -> None:
    talked = [
        {
            "id": message.id,
            "type": "message",
            "date_unixtime": str(message.at),
            "from": message.author,
            "from_id": f"user{message.author_id}",
            "text": message.text,
        }
        for message in talk(MIXED)
    ]
    assert uploads.refusal(OPERATOR, "result.json", 100, "en") is None
    assert uploads.refusal(STRANGER, "result.json", 100, "en") is not None
    told = uploads.take("result.json", json.dumps({"messages": talked}).encode(), "en", AT)
    assert plain_text(told.html).startswith("Recap: ")
    assert "国产卡" in told.html
    assert "start=p_" in told.html, "what reports hold opens its passage"
    assert own_shelf.texts("国产卡") == set()
    said = "国产卡".encode()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and said in path.read_bytes()]


@pytest.mark.parametrize(("raw", "word"), [(b"{}", "Export chat history"), (b"\xff{", "Export chat history")])
def test_a_json_that_is_no_exported_chat_is_said_to_be_none(uploads: Uploads, raw: bytes, word: str) -> None:
    assert word in uploads.take("data.json", raw, "en", AT).html


def test_the_operator_reads_which_lines_were_cut_and_never_what_stood_there(uploads: Uploads) -> None:
    body = "算力中心的建设在2025年继续加快，东部和西部都有新的项目开工。" * 3
    spam = "澳门新葡京赌场官网 | 3天前 |\n真人荷官在线发牌 | 5天前 |\n成人视频免费在线看 | 1天前 |\n"
    told = uploads.take("page.txt", f"算力新闻\n\n{body}\n\n{spam * 3}".encode(), "zh", AT)
    assert "删去9行（赌博广告" in told.html
    assert "葡京" not in told.html
    assert "荷官" not in told.html


def test_every_problem_that_code_can_name_has_words_in_both_languages() -> None:
    sources = (Path(__file__).parents[1] / "bot").rglob("*.py")
    raised = r'(?:NotFetched|Unreadable|UnreadableEncoding|LineTooLong|Problem)\(\s*"([a-z_]+)"'
    names = {name for path in sources for name in re.findall(raised, path.read_text("utf-8"))}
    renderer, inner = Renderer(packaged("templates")), Problem("empty")
    assert len(names) > 15
    for name in names:
        values = (
            (1, inner)
            if name in {"line", "bad_original"}
            else ("de", 2, 3)
            if name == "language_taken"
            else (1, 2, 3)
        )
        english, chinese = (renderer.word("problem", language, name, values) for language in ("en", "zh"))
        assert english.endswith(".")
        assert chinese.endswith("。")


def test_every_rule_that_cuts_in_the_dirty_pages_has_words_in_both_languages() -> None:
    dirty = sorted((Path(__file__).parent / "golden").glob("*/dirty.*"))
    documents = [one for path in dirty for one in read_documents(path.name, path.read_bytes())]
    rules = {line.rule for document in documents for line in document.cut} | {"page-head", "contents"}
    renderer = Renderer(packaged("templates"))
    assert len(rules) > 15
    for rule in rules:
        for language in ("en", "zh"):
            assert renderer.word("cut_rule", language, rule) not in ("", rule)


def test_a_reprint_is_told_with_what_it_is_a_reprint_of(uploads: Uploads) -> None:
    sentences = [
        f"Hall {n} of the operator in the north saved {n + 10} per cent of its power." for n in range(12)
    ]
    text = " ".join(sentences)
    first = f"---\ntitle: Power in halls\npublisher: Energy Weekly\ndate: 2025-03-04\n---\n{text}"
    again = f"---\ntitle: Halls save\npublisher: The Mirror\ndate: 2025-03-06\n---\nCopied here. {text}"
    assert "reprint" not in uploads.take("a.md", first.encode(), "en", AT).html
    english = uploads.take("b.md", again.encode(), "en", AT).html
    assert "A reprint of “Power in halls” (Energy Weekly)" in english
    assert (
        "与《Power in halls》（Energy Weekly）内容相同" in uploads.take("b.md", again.encode(), "zh", AT).html
    )
    assert "reprint" not in uploads.take("a.md", first.encode(), "en", AT).html, "the older one is none"


def test_a_bad_line_is_named_and_the_good_ones_are_taken(uploads: Uploads) -> None:
    lines = [
        json.dumps({"title": "One", "text": "Chips were cheaper in 2025 than the year before."}),
        "{broken",
    ]
    told = plain_text(uploads.take("items.jsonl", "\n".join(lines).encode(), "en", AT).html)
    assert "Read: One, date unknown, 1 passage." in told
    assert "Line 2: " in told


def test_a_list_of_feeds_is_added_and_a_broken_one_is_said_to_be_none(
    uploads: Uploads, own_shelf: Shelf
) -> None:
    raw = write_opml([Outline("A", "https://a.example/feed"), Outline("B", "https://b.example/feed")])
    assert uploads.refusal(OPERATOR, "mine.opml", 100, "en") is None
    assert "2 feeds added" in uploads.take("mine.opml", raw.encode(), "en", AT).html
    assert [one.title for one in own_shelf.state.sources.all()] == ["A", "B"]
    again = write_opml([Outline("B", "https://b.example/feed"), Outline("C", "https://c.example/feed")])
    assert "1 feed added, 1 known already" in uploads.take("mine.opml", again.encode(), "en", AT).html
    assert (
        "All 2 feeds of the list are among the sources" in uploads.take("m.opml", raw.encode(), "en", AT).html
    )
    assert "names no feed" in uploads.take("mine.opml", write_opml([]).encode(), "en", AT).html
    assert "no list of feeds" in uploads.take("mine.opml", b"<rss/>", "en", AT).html
