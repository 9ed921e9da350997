"""/topics add and remove, and a changed topics.toml, take effect at once, count existing reports, and survive kills."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from bot_process import BotProcess
from library_kit import NOW, TODAY, blocks_of, settings_of, write

from bot.app import App, open_app, open_library
from bot.dialogue.events import TextEvent
from bot.dialogue.router import Router
from bot.inbound.apply import apply
from bot.intake.identity import new_report_id
from bot.library.indexing import index_document
from bot.models import Document, IndexedEdition
from bot.playground.server import LocalTelegram
from bot.rendering.renderer import plain_text
from bot.state.backup import back_up, restore

OPERATOR = 60_001


class Talk:
    """An operator's chat with a bot that refreshes its topics after each message."""

    def __init__(self, folder: Path) -> None:
        self.app: App = open_app(settings_of(folder, TRENDBOT_OPERATORS=str(OPERATOR)))
        self.router: Router = self.app.router("trend_bot")

    def say(self, text: str, user: int = OPERATOR) -> str:
        reply = self.router.answer(TextEvent(user, user, text, private=True, admin=True), NOW)
        assert reply
        assert reply.message
        for effect in reply.effects:
            apply(effect, self.app.state, int(NOW.timestamp()))
        self.app.refresh_topics()
        return plain_text(reply.message.html)

    def index(self, key: str, text: str, language: str = "en") -> IndexedEdition:
        document = Document(key, f"Title of {key}", blocks_of(text), language, "Stones", TODAY)
        return index_document(document, new_report_id(key), self.app.glossary, self.app.segmenter)

    def put(self, key: str, text: str, language: str = "en") -> None:
        self.app.library.put(self.index(key, text, language))

    def take(self, folder: Path, name: str, text: str) -> None:
        path = write(folder, f"{name}.md", f"# {name}\n\n{text}", date=TODAY.isoformat(), publisher="Stones")
        assert [one.status for one in self.app.ingest.path(path, int(NOW.timestamp()))] == ["added"]


@pytest.fixture
def talk(data: Path) -> Iterator[Talk]:
    """A chat with a bot that has the seeds and three reports, two of them on quarries."""
    talk = Talk(data)
    talk.say("/lang en")
    talk.put("one", "A quarry opened in Oslo. OpenAI was not there.")
    talk.put("two", "奥斯陆的采石场已经开业。", "zh")
    talk.put("three", "A stone fell into a pit.")
    yield talk
    talk.app.close()


def test_an_added_topic_is_counted_and_answers_under_each_of_its_words(talk: Talk) -> None:
    assert talk.say("/topics add Quarries = quarry, 采石场").startswith(
        "Added: Quarries (also quarry, 采石场)."
    )
    assert talk.app.library.topic_reports()["quarries"] == 2
    for asked in ("quarries", "采石场"):
        assert "A quarry opened in Oslo." in talk.say(asked)
    assert talk.app.glossary.topics["quarries"].names == {"en": "Quarries", "zh": "采石场"}


def test_the_words_may_be_chinese_and_so_may_the_command(talk: Talk) -> None:
    talk.say("/lang zh")
    assert talk.say("/topics 添加 采石场＝Steinbruch，quarry") == (
        "已添加：采石场（也叫Steinbruch、quarry）。正在库里统计，几秒钟就好。"
    )
    (topic,) = talk.app.state.added_topics.all()
    assert topic.isascii()
    assert talk.app.library.topic_reports()[topic] == 2
    assert talk.say("/topics 删除 采石场") == "已删除：采石场。这些词仍可照常搜索。"
    assert topic not in talk.app.library.topic_reports()


@pytest.mark.parametrize(
    ("text", "code", "answer"),
    [
        ("/topics add Zeppelin, 齐柏林", "en", "Added: Zeppelin (also 齐柏林)."),
        ("/topics add 石场 = 采石场", "en", "Added: 石场 (also 采石场)."),
        ("/topics remove 采石场", "en", "/topics add NAME = another word"),
        ("/topics add 石场 = quarry", "zh-hans", "已添加：石场（也叫quarry）。"),
        ("/topics 添加 石场 = quarry", "en", "已添加：石场（也叫quarry）。"),
        ("主题 添加 Zeppelin", "en", "已添加：Zeppelin。"),
        ("/topics remove Compute", "zh", "“算力”是自带的主题，不能删除。"),
    ],
)
def test_an_operators_names_do_not_choose_the_language(data: Path, text: str, code: str, answer: str) -> None:
    talk = Talk(data)
    event = TextEvent(OPERATOR, OPERATOR, text, private=True, admin=True, language_code=code)
    reply = talk.router.answer(event, NOW)
    assert reply
    assert reply.message
    assert plain_text(reply.message.html).startswith(answer)
    talk.app.close()


def test_what_comes_in_later_has_the_topic(talk: Talk, tmp_path: Path) -> None:
    talk.say("/topics add Quarries = quarry")
    talk.take(tmp_path, "four", "Bergen closed its quarries.")
    assert talk.app.library.topic_reports()["quarries"] == 2


def test_only_what_an_added_topic_touches_is_counted_anew(talk: Talk) -> None:
    before, built = talk.app.library.topic_counts(), talk.app.library.built()
    talk.say("/topics add Quarries = quarry")
    after = talk.app.library.topic_counts()
    assert {topic: count for topic, count in after.items() if topic != "quarries"} == before
    assert talk.app.library.built() == built
    talk.say("/topics remove quarry")
    assert talk.app.library.topic_counts() == before


def test_added_again_a_topic_has_the_words_of_then(talk: Talk) -> None:
    talk.say("/topics add Digging = quarry, 采石场, pit")
    assert talk.app.library.topic_reports()["digging"] == 3
    talk.say("/topics add Digging = pit")
    assert talk.app.state.added_topics.all() == {"digging": ("Digging", "pit")}
    assert talk.app.library.topic_reports()["digging"] == 1


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("/topics add Labs = OpenAI", "“OpenAI” already belongs to the topic OpenAI."),
        ("/topics add Compute", "“Compute” already belongs to the topic Compute."),
        ("/topics add Of = the", "“Of” cannot be searched for."),
        ("/topics add 12 = 13", "“12” cannot be searched for."),
        ("/topics add " + "x" * 61, "“" + "x" * 61 + "” cannot be searched for."),
        ("/topics add", "/topics add NAME = another word"),
        ("/topics add " + ",".join(f"word{n}" for n in range(21)), "/topics add NAME = another word"),
        ("/topics remove compute", "Compute is one of my own topics and stays."),
        ("/topics remove Nothing", "/topics add NAME = another word"),
    ],
)
def test_what_cannot_be_a_topic_is_said_and_changes_nothing(talk: Talk, text: str, answer: str) -> None:
    assert talk.say(text).startswith(answer)
    assert talk.app.state.added_topics.all() == {}


def test_only_operators_add_topics_and_everybody_looks_at_them(talk: Talk) -> None:
    assert "Added" not in talk.say("/topics add Quarries = quarry", user=7)
    assert talk.app.state.added_topics.all() == {}
    assert talk.say("/topics", user=7).startswith("The library covers")


def test_a_file_of_topics_is_read_again_when_it_changes(talk: Talk, data: Path) -> None:
    file = data / "topics.toml"
    file.write_text('[quarries]\nen = "Quarries"\nzh = "采石场"\naliases_en = ["quarry"]\n', "utf-8")
    talk.app.refresh_topics()
    assert talk.app.library.topic_reports()["quarries"] == 2
    assert talk.say("/topics remove quarries").startswith("Quarries stands in topics.toml")
    file.write_text('[quarries]\nen = "OpenAI"\n', "utf-8")
    talk.app.refresh_topics()
    assert talk.app.library.topic_reports()["quarries"] == 2, "a file that cannot be used changes nothing"
    file.unlink()
    talk.app.refresh_topics()
    assert "quarries" not in talk.app.library.topic_reports()


def test_a_topic_of_the_file_goes_before_one_that_was_added_with_the_same_word(
    talk: Talk, data: Path
) -> None:
    talk.say("/topics add Pits = quarry")
    (data / "topics.toml").write_text('[stones]\nen = "quarry"\n', "utf-8")
    talk.app.refresh_topics()
    assert [topic.id for topic in talk.app.glossary.own] == ["stones"]
    again = open_app(settings_of(data))
    assert [topic.id for topic in again.glossary.own] == ["stones"], "and the bot starts"
    again.close()


def test_a_report_that_was_read_before_a_topic_was_added_and_stored_after_is_counted(talk: Talk) -> None:
    app = talk.app
    edition, own_topics = talk.index("four", "Bergen closed its quarries."), app.glossary.own
    talk.say("/topics add Quarries = quarry")
    app.library.put_all([edition], own_topics)
    app.refresh_topics()
    assert app.library.topic_reports()["quarries"] == 2


def test_a_report_that_was_read_before_a_topic_was_taken_out_is_not_counted_for_it(talk: Talk) -> None:
    app = talk.app
    talk.say("/topics add Quarries = quarry")
    edition, own_topics = talk.index("four", "Bergen closed its quarries."), app.glossary.own
    talk.say("/topics remove Quarries")
    app.library.put_all([edition], own_topics)
    app.refresh_topics()
    assert "quarries" not in app.library.topic_reports()


def test_a_reader_of_the_library_alone_knows_what_it_has_counted(talk: Talk, data: Path) -> None:
    talk.say("/topics add Quarries = quarry, 采石场")
    with open_library(settings_of(data)) as app:
        assert app.glossary.own == talk.app.glossary.own
        assert app.briefer.brief(app.understand("采石场"), "en", TODAY)


def test_a_backup_holds_added_topics_and_the_file(talk: Talk, data: Path, tmp_path: Path) -> None:
    talk.say("/topics add Quarries = quarry")
    (data / "topics.toml").write_text('[pits]\nen = "pit"\n', "utf-8")
    backup = back_up(data, tmp_path / "backups", NOW)
    restore(backup, tmp_path / "other", NOW)
    other = open_app(settings_of(tmp_path / "other"))
    assert sorted(topic.id for topic in other.glossary.own) == ["pits", "quarries"]
    other.close()


def _eventually(what: Callable[[], bool], bot: BotProcess) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline, bot.err
        time.sleep(0.05)


def test_a_topic_that_was_confirmed_outlives_a_kill_and_a_running_bot_answers_on_it(data: Path) -> None:
    asked = iter(range(1, 100))

    def answer(text: str) -> str:
        telegram.say(OPERATOR, OPERATOR, text)
        return str(telegram.reply(OPERATOR, next(asked))["text"])

    with LocalTelegram() as telegram:
        with BotProcess(data, telegram, TRENDBOT_OPERATORS=str(OPERATOR)) as bot:
            bot.listening()
            assert answer("/topics add Efficiency = 能效比").startswith("Added: Efficiency")
            _eventually(lambda: bot.rows("SELECT id FROM added_topic") == [("efficiency",)], bot)
            bot.end(signal.SIGKILL)
        with BotProcess(data, telegram, TRENDBOT_OPERATORS=str(OPERATOR)) as bot:
            bot.listening()
            assert "Efficiency" in answer("能效比")
            (data / "topics.toml").write_text('[fibres]\nen = "fibre"\n', "utf-8")
            _eventually(lambda: "fibres" in counted(data), bot)
            assert bot.end(signal.SIGTERM) == 0


def counted(data: Path) -> str:
    """Return the library's record of the operator's topics that it has counted."""
    with closing(sqlite3.connect(f"{(data / 'library.db').as_uri()}?mode=ro", uri=True, timeout=10)) as db:
        return str(db.execute("SELECT value FROM meta WHERE key = 'own_topics'").fetchone())
