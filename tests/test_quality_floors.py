"""Quality floors of fuzzy features on generated data, so that a drop is noticed without public test sets."""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot_process import trendbot
from library_kit import Shelf
from talk_kit import OFFICE, START

from bot.cleaning.clean import clean
from bot.library.glossary import Glossary
from bot.settings import packaged
from bot.text.segment import Segmenter

LINES = Path(__file__).parent / "golden" / "lines"
WORDS = {
    "en": (
        (
            "Norvale",
            "Tessaro",
            "Quillon",
            "Birkmark",
            "Ostrava Systems",
            "Lindqvist",
            "Hanamoto",
            "Delacroix",
        ),
        (
            "excavators",
            "satellites",
            "wind turbines",
            "tramways",
            "greenhouses",
            "ferries",
            "kilns",
            "cranes",
        ),
        ("Portugal", "Chile", "Kenya", "Norway", "Vietnam", "Oman"),
        "{company} delivered {number} {thing} to {place} last year. Rivals lost the tender. The work took two years.",
        "how many {thing} did {company} deliver?",
    ),
    "zh": (
        ("晨岭", "泰沃", "科麟", "博克曼", "奥斯达", "林克维", "花本", "德拉瓦"),
        ("挖掘机", "卫星", "风电机组", "有轨电车", "温室", "渡轮", "窑炉", "起重机"),
        ("葡萄牙", "智利", "肯尼亚", "挪威", "越南", "阿曼"),
        "{company}去年向{place}交付了{number}台{thing}。其他企业没有中标。整个工程用了两年。",
        "{company}交付了多少{thing}？",
    ),
}
"""For each language: companies, their products, places, a report and a question that only it answers."""


def facts(language: str) -> Iterator[tuple[str, str]]:
    """Yield reports with their questions: every company and every thing recurs, no pair of them does."""
    chance = random.Random(7)  # noqa: S311  # Reproducible, not a secret
    companies, things, places, report, question = WORDS[language]
    for company, thing in itertools.product(companies, things):
        values = {"company": company, "thing": thing, "place": chance.choice(places)}
        yield report.format(number=chance.randrange(20, 900), **values), question.format(**values)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_that_answers_is_found_first(
    language: str, tmp_path: Path, glossary: Glossary, segmenter: Segmenter
) -> None:
    shelf = Shelf(tmp_path / "shelf", glossary, segmenter)
    pairs = list(facts(language))
    reports = [shelf.put(f"{language}{n}", text, language) for n, (text, _) in enumerate(pairs)]
    firsts = [shelf.search.by_report(shelf.query(question), 3) for _, question in pairs]
    right = sum(
        bool(hits) and hits[0][0].report_id == report for hits, report in zip(firsts, reports, strict=True)
    )
    shelf.close()
    assert len(pairs) == 64
    assert right >= 62


def test_spam_between_the_lines_of_a_report_goes_and_the_report_stays() -> None:
    chance = random.Random(11)  # noqa: S311  # Reproducible, not a secret
    spam = (LINES / "spam.txt").read_text("utf-8").splitlines()
    kept = removed = body = planted = 0
    for path in sorted(packaged("seeds").glob("*.md")):
        lines = [line for line in path.read_text("utf-8").split("---", 2)[-1].splitlines() if line.strip()]
        dirty = list(lines)
        foreign = chance.sample(spam, 5)
        for line in foreign:
            dirty.insert(chance.randrange(1, len(dirty)), line)
        text = clean("\n\n".join(dirty)).text
        kept += sum(line.lstrip("# ").strip() in text for line in lines)
        removed += sum(line.strip() not in text for line in foreign)
        body, planted = body + len(lines), planted + len(foreign)
    assert body > 200
    assert kept >= 0.99 * body
    assert removed >= 0.95 * planted


# The lines of the talk that an absent colleague needs to know.
TOLD = (
    "每月花两万八", "35% utilisation", "batch jobs should move", "挪到凌晨两点", "int8 quantisation", "0.6 points",
    "先用int8跑两周", "let's go with int8", "卡在权限审批", "scoped token", "按任务发令牌", "只存在他们自己的机房",
    "先给三家客户做私有日志", "液冷机柜十二月到货", "80 kW", "配电容量和电价",
)  # fmt: skip  # The beginning identifies a line.


def test_a_recap_tells_what_mattered_and_no_spam(seeded: Path, tmp_path: Path) -> None:
    lines = [line.split(": ", 1) for line in OFFICE.split("\n")]
    people = {name: f"user{number}" for number, name in enumerate(dict.fromkeys(name for name, _ in lines))}
    messages = [
        {"id": n, "type": "message", "date_unixtime": str(START + 70 * n), "from": name, "from_id": people[name], "text": words}
        for n, (name, words) in enumerate(lines, 100)
    ]  # fmt: skip  # A message per line.
    export = tmp_path / "result.json"
    export.write_text(
        json.dumps({"name": "Office", "type": "private_group", "id": 1, "messages": messages}), "utf-8"
    )
    done = trendbot(seeded, "recap", "--json", "--chars", "400", str(export))
    assert done.returncode == 0, done.stderr
    told = [point["text"] for point in json.loads(done.stdout)["points"]]
    assert told
    assert not any("t.me/" in text for text in told)
    mattering = sum(any(mark in text for mark in TOLD) for text in told)
    assert mattering >= 0.75 * len(told)
