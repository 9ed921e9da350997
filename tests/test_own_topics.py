"""An operator's topics.toml: its topics are counted in existing reports, only if they changed, and found in new ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from library_kit import NOW, TODAY, open_folder, write

from bot.app import App
from bot.library.query import understand
from bot.library.topic_forms import GlossaryError
from bot.models import NAMED_IN_HEAD, NAMED_IN_TITLE
from bot.settings import packaged

TOPIC = '[quarries]\nen = "Quarries"\nzh = "采石场"\naliases_en = ["quarry", "Steinbruch"]\n'


def _take(app: App, folder: Path, name: str, text: str) -> None:
    path = write(folder, f"{name}.md", f"# {name}\n\n{text}", date=TODAY.isoformat(), publisher="Stone News")
    assert [result.status for result in app.ingest.path(path, int(NOW.timestamp()))] == ["added"]


@pytest.fixture
def stones(data: Path, tmp_path: Path) -> Path:
    """A data folder with the seeds and three reports, two of them on quarries."""
    app = open_folder(data)
    _take(app, tmp_path, "one", "A quarry opened in Oslo. OpenAI was not there.")
    _take(app, tmp_path, "two", "奥斯陆的采石场已经开业。")
    _take(app, tmp_path, "three", "A stone fell into a pit.")
    app.close()
    return data


def test_a_topic_that_is_added_is_counted_in_what_the_library_holds(stones: Path) -> None:
    (stones / "topics.toml").write_text(TOPIC, "utf-8")
    app = open_folder(stones)
    assert app.library.topic_reports()["quarries"] == 2
    assert app.library.topic_counts()["quarries"] == 2
    for text in ("quarries", "采石场", "Steinbruch"):
        query = understand(text, app.glossary, app.segmenter)
        assert query.topics == ("quarries",)
        told = app.briefer.brief(query, "en", TODAY)
        assert told
        assert told.points[0].text == "A quarry opened in Oslo."
    app.close()


@pytest.mark.parametrize("alias", ["quarry -", "- quarry", "stone--pit", "C -"])
def test_what_it_is_can_be_asked_of_a_name_with_hyphens(stones: Path, alias: str) -> None:
    (stones / "topics.toml").write_text(
        f'[quarries]\nen = "Quarries"\naliases_en = ["quarry", "{alias}"]\n', "utf-8"
    )
    app = open_folder(stones)
    told = app.briefer.brief(understand("what is a quarry?", app.glossary, app.segmenter), "en", TODAY)
    assert told
    assert told.points[0].text == "A quarry opened in Oslo."
    app.close()


def test_what_comes_in_later_has_it_too_and_a_rebuild_keeps_it(stones: Path, tmp_path: Path) -> None:
    (stones / "topics.toml").write_text(TOPIC, "utf-8")
    app = open_folder(stones)
    _take(app, tmp_path, "four", "Bergen closed its quarries.")
    assert app.library.topic_reports()["quarries"] == 3
    list(app.ingest.rebuild(packaged("seeds"), int(NOW.timestamp()), {}))
    assert app.library.topic_reports()["quarries"] == 3
    app.close()


def test_counting_a_topic_finds_where_it_is_named_as_indexing_does(stones: Path, tmp_path: Path) -> None:
    app = open_folder(stones)
    far = "The sea was calm that day. " * 60
    _take(app, tmp_path, "A quarry closes", "Nobody works there now. The quarry was deep.")
    _take(app, tmp_path, "Quarries of Norway", "They are many.")
    _take(app, tmp_path, "five", f"{far}\n\nA quarry was seen.")
    app.close()
    (stones / "topics.toml").write_text(TOPIC, "utf-8")
    app = open_folder(stones)
    places = (NAMED_IN_HEAD, NAMED_IN_TITLE)
    counted = [app.library.naming(["quarries"], None, place) for place in places]
    assert [len(reports) for reports in counted] == [3, 2]
    list(app.ingest.rebuild(packaged("seeds"), int(NOW.timestamp()), {}))
    assert [app.library.naming(["quarries"], None, place) for place in places] == counted
    app.close()


def test_only_what_changed_is_counted_anew(stones: Path) -> None:
    (stones / "topics.toml").write_text(TOPIC + '[pits]\nen = "Pits"\n', "utf-8")
    app = open_folder(stones)
    before = {
        topic: n for topic, n in app.library.topic_counts().items() if topic not in {"quarries", "pits"}
    }
    assert app.library.topic_reports()["pits"] == 1
    assert app.library.count_own_topics(app.glossary.own) == []
    app.close()
    (stones / "topics.toml").write_text(TOPIC.replace("采石场", "花岗岩"), "utf-8")
    app = open_folder(stones)
    assert app.library.topic_reports()["quarries"] == 1
    assert "pits" not in app.library.topic_reports()
    counts = app.library.topic_counts()
    assert {topic: n for topic, n in counts.items() if topic != "quarries"} == before
    app.close()


def test_a_form_that_another_topic_has_is_named(stones: Path) -> None:
    (stones / "topics.toml").write_text('[mine]\nen = "OpenAI"\n', "utf-8")
    with pytest.raises(GlossaryError, match="'OpenAI' is a form of both openai and mine"):
        open_folder(stones)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[mine]\nen = 3\n", "en of mine is not a name"),
        ('[mine]\nen = " "\n', "en of mine is not a name"),
        ('[mine]\nen = "Pit"\naliases_en = "shaft"\n', "aliases_en of mine is not a list of words"),
        ('[mine]\nen = "Pit"\naliases_zh = [3]\n', "aliases_zh of mine is not a list of words"),
        (
            '[mine]\nen = "Pit"\naliases = ["shaft"]\n',
            "mine has aliases, which no topic has; it may have en, zh",
        ),
        ('[mine]\nen = "Pit"\nproper = "yes"\n', "proper of mine is not true or false"),
        ('mine = "Pit"\n', r"mine is no topic, which begins with \[mine\]"),
    ],
)
def test_a_topic_that_is_written_wrong_is_named_with_what_is_wrong(
    text: str, said: str, stones: Path
) -> None:
    (stones / "topics.toml").write_text(text, "utf-8")
    with pytest.raises(GlossaryError, match=said):
        open_folder(stones)
