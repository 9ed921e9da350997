"""Reports of several publishers on one event are one story; unclear, distant or serial reports stay apart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from cli_kit import Command, values
from library_kit import Shelf, blocks_of, write

from bot.app import App
from bot.intake.identity import new_report_id
from bot.library.indexing import index_document
from bot.library.stories import LIKE
from bot.models import Document

DAY = date(2025, 3, 10)

EVENTS: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (
        (
            "en",
            "Hartwell Motors recalls 41,000 electric vans over battery fires",
            (
                "Hartwell Motors said on Monday it was recalling 41,000 of its E-Porter electric vans after eleven battery fires. "
                "Owners were told to park the vans outside until dealers have replaced the cooling plate."
            ),
        ),
        (
            "en",
            "Battery fires force Hartwell to call back its E-Porter van",
            (
                "Eleven fires in six months have led Hartwell to recall every E-Porter it built last year, some 41,000 vans. "
                "The carmaker blames a cooling plate made by a supplier in Brno."
            ),
        ),
        (
            "zh",
            "Hartwell 因电池起火召回 4.1 万辆电动货车",
            "Hartwell Motors 周一宣布召回 41,000 辆 E-Porter 电动货车，此前半年发生 11 起电池起火。公司称原因是一家布尔诺供应商的冷却板。",
        ),
    ),
    (
        (
            "en",
            "Court in Oslo rules that Lumen must open its model's training data",
            (
                "A court in Oslo ruled on Tuesday that the AI company Lumen has to show authors which books its model Lumen-4 was "
                "trained on. Lumen said it would appeal the ruling."
            ),
        ),
        (
            "en",
            "Norwegian authors win against Lumen over training data",
            (
                "Authors who sued Lumen won in Oslo: the court wants a list of the books that Lumen-4 has read. "
                "An appeal is certain, the company's lawyer said."
            ),
        ),
    ),
    (
        (
            "en",
            "Chipmaker Tarn raises $1.2 billion for a plant in Ohio",
            (
                "Tarn, which designs accelerators for inference, raised $1.2 billion led by Fenwick Capital. "
                "The money goes to a packaging plant near Dayton, Ohio, with 900 jobs."
            ),
        ),
        (
            "en",
            "Tarn to build Ohio packaging plant after $1.2bn round",
            (
                "A $1.2 billion round led by Fenwick Capital pays for Tarn's first plant of its own near Dayton. "
                "It will package the company's inference accelerators and employ 900 people."
            ),
        ),
    ),
    (
        (
            "zh",
            "云岭科技发布开源大模型岭川-3，参数量2350亿",
            "云岭科技今天发布开源大模型岭川-3，总参数2350亿，每次激活220亿。公司称它在数学和代码评测上超过同类开源模型，权重以 MIT 许可证开放。",
        ),
        (
            "zh",
            "岭川-3开源：云岭科技新一代大模型激活220亿参数",
            "云岭科技的新一代大模型岭川-3今天开源。模型总参数2350亿、激活220亿，采用 MIT 许可证，可商用。",
        ),
    ),
    (
        (
            "zh",
            "江北智算中心一期投运，算力达3000P",
            "江北智算中心一期12日正式投运，算力规模达3000P，全部采用液冷机柜。二期计划明年底建成。",
        ),
        (
            "zh",
            "3000P算力上线：江北智算中心正式启用",
            "全液冷的江北智算中心12日启用一期，提供3000P算力，当地政府称二期明年底完工。",
        ),
    ),
)
ALONE = (
    (
        "en",
        "Hartwell Motors opens a showroom in Lisbon",
        (
            "Hartwell Motors opened its first showroom in Portugal on Friday, with a museum of its delivery vans. "
            "The mayor of Lisbon drove the first visitor round the block."
        ),
    ),
    (
        "en",
        "Lumen hires the head of its rival's speech team",
        (
            "Lumen has hired Ida Falk, who led speech research at a rival, to build a voice for its assistant. "
            "She starts in April."
        ),
    ),
    (
        "zh",
        "云岭科技任命新任首席财务官",
        "云岭科技宣布，原安永合伙人周岚出任首席财务官，即日生效。公司计划明年在香港上市。",
    ),
    (
        "zh",
        "江南数据交易所上线首批公共数据产品",
        "江南数据交易所今天上线26项公共数据产品，覆盖气象、交通和医疗。首日成交额达1800万元。",
    ),
)


@pytest.fixture
def shelf(tmp_path_factory: pytest.TempPathFactory, app: App) -> Iterator[Shelf]:
    shelf = Shelf(tmp_path_factory.mktemp("shelf"), app.glossary, app.segmenter)
    yield shelf
    shelf.close()


def put(
    shelf: Shelf,
    key: str,
    language: str,
    title: str,
    text: str,
    day: date | None = DAY,
    publisher: str | None = None,
) -> str:
    document = Document(
        key, title, blocks_of(text), language, f"Paper {key}" if publisher is None else publisher, day
    )
    shelf.library.put(index_document(document, new_report_id(key), shelf.glossary, shelf.segmenter))
    return new_report_id(key)


def fill(shelf: Shelf, *, backwards: bool = False) -> tuple[list[list[str]], list[str]]:
    """Store every report above, the reports of an event on consecutive days; return the ids per event, and the others' ids."""
    told = [
        (n, partial(put, shelf, f"e{n}-{m}", *row, DAY + timedelta(m)))
        for n, event in enumerate(EVENTS)
        for m, row in enumerate(event)
    ]
    ids: list[list[str]] = [[] for _ in EVENTS]
    for n, tell in reversed(told) if backwards else told:
        ids[n].append(tell())
    return ids, [put(shelf, f"alone-{n}", *row) for n, row in enumerate(ALONE)]


@pytest.mark.parametrize("backwards", [False, True])
def test_reports_of_one_event_are_one_story_whoever_came_first(shelf: Shelf, backwards: bool) -> None:
    events, alone = fill(shelf, backwards=backwards)
    known = shelf.library.stories_of([report for event in events for report in event])
    assert [sorted(known[event[0]].reports) for event in events] == [sorted(event) for event in events]
    assert shelf.library.stories_of(alone) == {}


def test_another_event_of_the_same_company_is_another_story(shelf: Shelf) -> None:
    fill(shelf)
    other = put(
        shelf,
        "later",
        "en",
        "Hartwell recalls 5,200 buses because of faulty doors",
        "Doors that open on the road have led Hartwell Motors to recall 5,200 city buses built in Turin. "
        "Nobody was hurt, the company said.",
    )
    assert shelf.library.stories_of([other]) == {}


def test_a_report_six_days_later_begins_another_story(shelf: Shelf) -> None:
    (first, second) = EVENTS[1]
    put(shelf, "first", *first)
    near = put(shelf, "near", *second, day=DAY + timedelta(5))
    far = put(shelf, "far", *second, day=DAY + timedelta(11))
    assert near in shelf.library.stories_of([near])
    assert shelf.library.stories_of([far]) == {}


def test_a_report_without_a_day_is_in_no_story(shelf: Shelf) -> None:
    put(shelf, "dated", *EVENTS[1][0])
    undated = put(shelf, "undated", *EVENTS[1][1], day=None)
    assert shelf.library.stories_of([undated]) == {}


@pytest.mark.parametrize("publisher", ["Tarn Weekly", ""])
def test_issues_of_a_series_are_no_story(shelf: Shelf, publisher: str) -> None:
    text = "We read 400 accounts and 30 servers for you. Tarn and Lumen are discussed, and Hartwell Motors is too."
    for n in range(4):
        put(shelf, f"issue-{n}", "en", f"Tarn Weekly No. {n}", text, DAY + timedelta(n), publisher)
    ids = [new_report_id(f"issue-{n}") for n in range(4)]
    assert shelf.library.stories_of(ids) == {}


def test_a_story_says_why_each_of_its_reports_is_in_it(shelf: Shelf) -> None:
    (first, second), *_ = fill(shelf)[0][1:]
    (joined,) = shelf.library.joined([first, second])
    assert (joined.report, joined.other) == (second, first)
    assert joined.score > LIKE


def test_a_report_that_is_taken_out_leaves_its_story(shelf: Shelf) -> None:
    first, second, third = fill(shelf)[0][0]
    shelf.library.remove(first)
    assert sorted(shelf.library.stories_of([second])[second].reports) == sorted([second, third])
    shelf.library.remove(second)
    assert shelf.library.stories_of([third]) == {}
    assert shelf.library.stories_of([first]) == {}


def test_as_of_a_day_a_story_has_the_reports_of_until_then(shelf: Shelf) -> None:
    first, second, _ = fill(shelf)[0][0]
    shelf.library.see_until(DAY + timedelta(1))
    assert shelf.library.stories_of([first])[first].reports == (first, second)


def test_what_was_ingested_again_is_still_in_its_story(shelf: Shelf) -> None:
    first, second = fill(shelf)[0][1]
    put(shelf, "e1-1", *EVENTS[1][1], day=DAY + timedelta(1))
    assert shelf.library.stories_of([first])[first].reports == (first, second)


def test_show_replays_why_reports_are_one_story(trendbot: Command, tmp_path: Path) -> None:
    for n, (_, title, text) in enumerate(EVENTS[2]):
        day = (DAY + timedelta(n)).isoformat()
        write(tmp_path / "in", f"{n}.md", text, title=title, date=day, publisher=f"Paper {n}")
    trendbot("ingest", str(tmp_path / "in"))
    (found,) = values(trendbot("search", "--json", "Tarn Fenwick Capital")[1])
    report = found["hits"][0]["report"]
    first, second = values(trendbot("show", report, "--story", "--json")[1])
    assert [first["title"], second["title"]] == [title for _, title, _ in EVENTS[2]]
    assert second["like"] == first["id"]
    assert second["score"] >= LIKE
    assert {"tarn", "ohio", "fenwick"} <= set(second["shared"])
    assert f"like {first['id']}" in trendbot("show", report, "--story")[1]
