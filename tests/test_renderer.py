"""Every word a reader sees comes from a template, in both languages, and no text becomes markup."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import nodes
from msgspec.structs import replace

from bot.alerts.hours import NIGHT
from bot.dialogue.commands.rising import FadingTerm, RisingLine
from bot.dialogue.commands.status import DeadLetter
from bot.dialogue.commands.timeline import _Story
from bot.dialogue.histories import Charted
from bot.dialogue.registry import COMMANDS
from bot.digests.digest import Digest, Preview, Section, StoryPoint
from bot.digests.movement import ItemChange, Movement
from bot.library.ledger import LedgerRow
from bot.library.query import Query
from bot.library.rebuild import Missing
from bot.messages import Message
from bot.models import (
    Coverage,
    CutLine,
    Edition,
    Figure,
    Language,
    Passage,
    Problem,
    Report,
    Sentence,
    Subscription,
    Topic,
)
from bot.playground.cleaning import clean, units
from bot.playground.markup import parse
from bot.recaps.answers import Tally
from bot.recaps.compose import Person, Recap, Shared
from bot.recaps.quotes import Quote, Subject
from bot.rendering.moments import NextRun
from bot.rendering.preview import as_text
from bot.rendering.renderer import Renderer, TemplateProblem, deep_links, fits, plain_text, safe_link
from bot.rewriting.material import Retelling, RetoldSentence
from bot.settings import packaged
from bot.state.alerts import Alert
from bot.state.captures import Capture
from bot.state.sources import Source
from bot.text.rule_data import read_rows
from bot.trends.briefing import Briefing
from bot.trends.charts import Chart, Series
from bot.trends.comparison import Comparison, Lead, Side
from bot.trends.conflicts import Entry
from bot.trends.events import Event
from bot.trends.history import History, Origin
from bot.trends.ledger import Group, LedgerLine
from bot.trends.negative_binomial import Expectation
from bot.trends.passages import CitedPassage, Result
from bot.trends.quotes import Cited, FigurePoint, Point
from bot.trends.rising import Rise, Window
from bot.trends.rising_terms import Rising
from bot.trends.verdict import Span, Verdict

LANGUAGES: tuple[Language, ...] = ("en", "zh")
TEMPLATES = packaged("templates")
BOT = Path(__file__).parents[1] / "bot"


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(TEMPLATES)


# -- the words -----------------------------------------------------------------------------------------


def macros(renderer: Renderer, language: Language) -> dict[str, list[str]]:
    """Return the macros of a language with the names of their arguments."""
    environment = renderer._environment
    assert environment.loader
    source, _, _ = environment.loader.get_source(environment, f"{language}/words.html")
    found = environment.parse(source).find_all(nodes.Macro)
    return {macro.name: [argument.name for argument in macro.args] for macro in found}


def test_every_language_of_a_library_is_named_in_the_readers_own(renderer: Renderer) -> None:
    held = Coverage(4, date(2025, 1, 1), date(2025, 1, 2), ("de", "en", "other", "xx", "zh"))
    assert "Chinese, English, German and other languages." in renderer.word("coverage", "en", held)
    assert "，中文、英文、德语、其他语言。" in renderer.word("coverage", "zh", held)


def test_both_languages_have_the_same_sentences_with_the_same_arguments(renderer: Renderer) -> None:
    english, chinese = (macros(renderer, language) for language in LANGUAGES)
    assert english == chinese
    assert len(english) > 50


def test_no_sentence_is_unused(renderer: Renderer) -> None:
    """A sentence is used by a template, by another sentence, or by its name in the code or its data."""
    files = [path for path in TEMPLATES.rglob("*.*") if path.suffix in {".html", ".md"}]
    templates = "\n".join(path.read_text("utf-8") for path in files)
    spoken = set(re.findall(r"\bw\.(\w+)", templates)) | set(re.findall(r"(?<!macro )\b(\w+)\(", templates))
    trees = [ast.parse(path.read_text("utf-8")) for path in BOT.rglob("*.py")]
    strings = [n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    named = {text for text in strings if isinstance(text, str)}
    named |= {name for _, _, name in read_rows(BOT / "dialogue/phrases.tsv")}
    made = {f"command_{command.name}" for command in COMMANDS}
    made |= {f"button_{name}" for name in named if re.fullmatch(r"[a-z_]{1,20}", name)}
    assert set(macros(renderer, "en")) - spoken - named - made == set()


def test_every_command_is_described(renderer: Renderer) -> None:
    for command in COMMANDS:
        for language in LANGUAGES:
            words = renderer.word(f"command_{command.name}", language)
            assert 3 <= len(words) <= 256, "Bot API, BotCommand"


def test_a_sentence_in_chinese_is_in_chinese(renderer: Renderer) -> None:
    """Except the name of the other language, and the Chinese words that mean a command."""
    for name, arguments in macros(renderer, "zh").items():
        if not arguments and name not in {"space", "button_other_language", "help_words"}:
            assert re.search("[一-鿿]", renderer.word(name, "zh")), name
            assert not re.search("[一-鿿]", renderer.word(name, "en")), name


def test_what_a_reader_typed_is_never_markup(renderer: Renderer) -> None:
    assert renderer.notice("nothing_found", "en", "<b>&", 5, False).startswith(
        "Nothing on &lt;b&gt;&amp; in "
    )


def test_what_is_missing_is_an_error_and_never_an_empty_place(renderer: Renderer) -> None:
    with pytest.raises(TemplateProblem, match=r"words\.html, line \d+: 'coverage' is undefined"):
        renderer.message("start", "en")
    with pytest.raises(TemplateProblem, match=r"^en/words\.html"):
        renderer.word("nothing_of_the_kind", "en")


# -- hostile text --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hostile:
    """Texts that a report, a reader or a sender may have chosen."""

    title: str
    publisher: str
    url: str
    sentence: str
    query: str


def report_of(texts: Hostile, language: str) -> Report:
    edition = Edition("r", language, texts.title, texts.publisher, brief=False, passages=1)
    return Report("r", date(2026, 1, 2), inferred=True, url=texts.url, editions=(edition,))


def passage_of(texts: Hostile, position: int = 0) -> Passage:
    return Passage(f"p{position}", "r", "en", position, 0, 1, (Sentence(texts.sentence, (3,)),))


def briefing_of(texts: Hostile) -> Briefing:
    figure = Figure(1.0, "%", "1%", texts.sentence, "", "", "forecast")
    point = Point(texts.sentence, 1, (1, 2), foreign=True)
    line = FigurePoint(figure, 1, (), foreign=False)
    return Briefing(
        query=Query(texts.query, topics=("t",), dropped=(texts.query,), excluded=(texts.query,)),
        topics=(Topic("t", {"en": texts.title, "zh": texts.title}, {"en": (texts.query,), "zh": ()}),),
        verdict=Verdict("rising", 9, 1, 5, 2, 3, (((2026, 1), 2), ((2026, 2), 7)), 4, 0.4),
        points=(point, point),
        more_points=(point,),
        figures=(line,),
        more_figures=(line,),
        citations=("p0",),
        sources=(Cited((1,), report_of(texts, "en")),),
        related=(),
        broad=True,
        coverage=Coverage(3, date(2025, 1, 1), date(2026, 1, 1), ("en", "zh")),
    )


def retelling_of(texts: Hostile) -> Retelling:
    told = RetoldSentence(texts.sentence, (1,), verified=True, language="en")
    return Retelling(texts.publisher, (told,), 1, 2)


def about_briefing(texts: Hostile) -> dict[str, Any]:
    links = deep_links("trend_bot", ["p0"])
    return {
        "b": briefing_of(texts),
        "retelling": retelling_of(texts),
        "heading": texts.title,
        "links": links,
        "forms": [[texts.query, texts.title]],
        "beside": [texts.query],
        "first_citations": 1,
    }


def about_part(texts: Hostile) -> dict[str, Any]:
    """Return the context of a briefing's later parts: only the first one can be retold."""
    return {name: value for name, value in about_briefing(texts).items() if name != "retelling"}


def about_citation(texts: Hostile) -> dict[str, Any]:
    report = report_of(texts, "en")
    around = [passage_of(texts, position) for position in range(3)]
    return {"c": CitedPassage(report, report.editions[0], around[1], around[0], around[2]), "number": 2}


def event_of(texts: Hostile) -> Event:
    return Event(date(2026, 1, 2), texts.sentence, "p0", report_of(texts, "en"), 3)


def history_of(texts: Hostile) -> History:
    return History((Origin("r", date(2026, 1, 2), texts.publisher, ("en",)),), 2)


def chart_of(texts: Hostile) -> Chart:
    return Chart("month", (date(2026, 1, 1),), (Series(texts.publisher, (3,)),))


def about_chart(texts: Hostile) -> dict[str, Any]:
    charted = Charted(Query(texts.query), texts.title, history_of(texts), chart_of(texts), (event_of(texts),))
    names = {texts.publisher: texts.publisher}
    return {"c": charted, "names": names, "links": deep_links("trend_bot", ["p0"]), "missing": ("🚀",)}


def about_chart_card(texts: Hostile) -> dict[str, Any]:
    return {name: value for name, value in about_chart(texts).items() if name != "missing"}


def about_compare(texts: Hostile) -> dict[str, Any]:
    side = Side(history_of(texts), 1, (date(2026, 1, 1), 3), (event_of(texts),))
    last = date(2026, 1, 2)
    comparison = Comparison(
        (side, side), chart_of(texts), Span(last), Lead(1, date(2026, 1, 1)), 3, ("compute",)
    )
    return {
        "c": comparison,
        "names": (texts.title, texts.query),
        "shared": [texts.publisher],
        "events": comparison.events,
        "links": deep_links("trend_bot", ["p0", "p0"]),
        "longest": 200,
        "missing": ("🚀",),
    }


def about_timeline(texts: Hostile) -> dict[str, Any]:
    story = _Story(texts.title, history_of(texts), (event_of(texts),), (True,), date(2026, 1, 1))
    return {"s": story, "links": deep_links("trend_bot", ["p0"]), "longest": 200}


def about_search(texts: Hostile) -> dict[str, Any]:
    hit = Result("p0", texts.sentence, texts.title, texts.publisher, False, report_of(texts, "en"))
    return {"query": texts.query, "hits": [hit], "first": 5, "links": []}


def about_ledger(texts: Hostile) -> dict[str, Any]:
    figure = Figure(1.0, "%", texts.sentence[:3], texts.sentence, texts.title, "", "forecast")
    row = LedgerRow(1, 0, 0, "", 1.0, "%", 2031, "r", "en", "o", 1)
    line = LedgerLine(
        (Entry(figure, row, "p0", "en", (3,), report_of(texts, "en"), texts.sentence, texts.title),)
    )
    return {
        "heading": texts.query,
        "part": "due",
        "count": 3,
        "first": 6,
        "groups": [Group(line), Group(line, (line,))],
        "numbers": {"p0": 1},
        "links": deep_links("trend_bot", ["p0"]),
    }


def about_card(texts: Hostile) -> dict[str, Any]:
    briefing = briefing_of(texts)
    links = deep_links("trend_bot", ["p0"])
    return {"heading": texts.title, "b": briefing, "points": briefing.points, "last": 1, "links": links}


def about_figure_card(texts: Hostile) -> dict[str, Any]:
    ledger = about_ledger(texts)
    kept = {name: ledger[name] for name in ("heading", "numbers", "links")}
    return kept | {"group": ledger["groups"][1]}


def about_rising(texts: Hostile) -> dict[str, Any]:
    day = date(2025, 1, 28)
    rise = Rise(texts.query, 9, Expectation(0.4, 0.0), 0.0, 4.0, 3, (0, 1, 2, 9), day, ("r0",))
    told = Rising(Window(day, 7), 5, 40, (rise,), enough=True)
    line = RisingLine(rise, texts.query, texts.title, "▁▁▂█", 1)
    fading = [FadingTerm(texts.query, 0, 40), FadingTerm(texts.title, 1, 40)]
    return {"r": told, "lines": [line], "fading": fading, "links": [], "least_history": 14}


def about_recap(texts: Hostile) -> dict[str, Any]:
    answer = Quote(texts.sentence, texts.publisher, 3, 1, cut=True)
    quote = Quote(texts.sentence, texts.publisher, 2, 1, answer=answer)
    told = Recap(
        messages=9,
        read=30,
        total=40,
        cut=True,
        since=1,
        until=2,
        subjects=(Subject((texts.query,), (quote,), 4, 2), Subject((), (quote,), 1, 1)),
        decisions=(replace(answer, asked=quote, agreed=2),),
        tasks=(replace(quote, who=texts.title, due=texts.query),),
        answered=(replace(quote, tally=Tally(0, 2, 5, 7, None)),),
        questions=(quote,),
        links=(Shared(texts.url, texts.title, texts.publisher, 2, 2),),
        people=(Person(texts.publisher, 3),),
        others=2,
        evidence=(),
    )
    return {
        "r": told,
        "link": lambda _: None,
        "links": [],
        "brief": False,
        "first": datetime(2025, 1, 27, 21, 4, tzinfo=UTC),
        "last": datetime(2025, 1, 28, 9, 30, tzinfo=UTC),
        "timed": True,
        "about": texts.query,
        "retelling": None,
        "messages": [],
    }


def about_ingested(texts: Hostile) -> dict[str, Any]:
    taken = {
        "title": texts.title,
        "publisher": texts.publisher,
        "published": None,
        "passages": 2,
        "cut": 1,
        "rules": ["menu"],
        "error": None,
        "remarks": (Problem("day_not_understood", (texts.title, texts.sentence)),),
        "original": Edition("o", "en", texts.title, texts.publisher, brief=False, passages=1),
    }
    bad = {
        "title": texts.title,
        "error": Problem("line", (2, Problem("front_matter_yaml", (texts.sentence,)))),
    }
    results = [taken | {"status": "added"}, bad | {"status": "failed"}]
    return {"results": results, "total": 5, "feed": f"https://example.com/{texts.query}"}


def about_digest(texts: Hostile) -> dict[str, Any]:
    briefing = briefing_of(texts)
    stories = tuple(
        StoryPoint(
            point.text,
            point.citation,
            point.pages,
            point.foreign,
            point.language,
            texts.title,
            further=(point,),
            sources=3,
            update=True,
        )
        for point in briefing.points
    )
    topic = Section(texts.title, briefing.topics[0], stories)
    sections = (topic, Section(texts.query, texts.query, stories))
    headings = (topic.heading, texts.query)
    due = datetime(2026, 11, 23, 8)  # noqa: DTZ001  # Only its text is shown.
    return {
        "d": Digest(
            "news",
            headings,
            sections,
            briefing.figures,
            ("p0",),
            briefing.sources,
            spent=True,
            held=True,
            due=about_ledger(texts)["groups"],
        ),
        "retelling": retelling_of(texts),
        "first": True,
        "last": True,
        "sections": sections,
        "shown": stories,
        "folded": briefing.points,
        "figures": briefing.figures,
        "due": about_ledger(texts)["groups"],
        "sources": briefing.sources,
        "links": deep_links("trend_bot", ["p0"]),
        "links_known": 1,
        "since": date(2026, 11, 22),
        "at": due,
        "newest": None,
        "arrived": True,
        "late": due,
        "form": "week",
        "pictured": False,
        "moves": [Movement(texts.query, briefing.verdict, (1, 0, 2))],
        "falls": [ItemChange(texts.query, 0, 40, 12, of_items=True)],
        "rises": [
            ItemChange(texts.query, 41, 12, 3, of_items=True),
            ItemChange(briefing.topics[0], 9, 0, 0, of_items=False),
        ],
        "next": NextRun(due, far=True),
        "zone": "Asia/Shanghai",
    }


def about_digest_chart(texts: Hostile) -> dict[str, Any]:
    digest = about_digest(texts)
    return {name: digest[name] for name in ("form", "since", "moves")} | {"missing": ("🚀",)}


def subscription_of(texts: Hostile) -> Subscription:
    queries = (texts.query, texts.title)
    return Subscription(
        "s", 1, 0, 1, queries, 480, 5, "Asia/Shanghai", "en", False, True, 0, 0, outcome="news"
    )


def about_subscription(texts: Hostile) -> dict[str, Any]:
    return {
        "kind": "new",
        "s": subscription_of(texts),
        "unknown": [texts.query],
        "preview": Preview("Of the last days:", 1, (Message("<b>A digest</b>"),)),
        "whole": True,
        "due": datetime(2026, 11, 23, 8),  # noqa: DTZ001  # Only its text is shown.
        "paused": None,
        "seconds": 9_000,
    }


def about_subscriptions(texts: Hostile) -> dict[str, Any]:
    at = datetime(2026, 11, 23, 8)  # noqa: DTZ001  # Only its text is shown.
    one, muted = subscription_of(texts), [(texts.query, at.date(), 0)]
    rows = [(one, at, None, at, 60, []), (one, None, at, at, 10**6, muted)]
    return {"rows": rows}


def alert_on(texts: Hostile) -> Alert:
    return Alert("a", 1, 0, 1, texts.query, "reports", "", NIGHT, "en", 0, 0)


def about_alert(texts: Hostile) -> dict[str, Any]:
    briefing = briefing_of(texts)
    points = [(point, 2) for point in briefing.points]
    told = {"alert": alert_on(texts), "points": points, "more": 2, "verdict": briefing.verdict}
    return {
        "told": [told],
        "sources": briefing.sources,
        "links": ["https://t.me/trend_bot?start=p_p0"],
        "links_known": 1,
    }


def source_named(texts: Hostile) -> Source:
    problem = Problem("fetch_unreachable", (texts.publisher,))
    return Source("ab", "feed", texts.url, texts.title, failures=2, problem=problem)


WHEN = datetime(2026, 11, 22, 8, tzinfo=UTC)
COVERAGE = Coverage(1, date(2026, 1, 1), date(2026, 1, 1), ("other",))
CONTEXTS: dict[str, Callable[[Hostile], dict[str, Any]]] = {
    "answer": about_briefing,
    "chart": about_chart,
    "chart_card": about_chart_card,
    "compare": about_compare,
    "timeline": about_timeline,
    "briefing": about_briefing,
    "more": about_part,
    "figures": about_part,
    "sources": about_part,
    "citation": about_citation,
    "digest": about_digest,
    "digest_chart": about_digest_chart,
    "search": about_search,
    "ledger": about_ledger,
    "card": about_card,
    "figure_card": about_figure_card,
    "rising": about_rising,
    "recap": about_recap,
    "library": lambda texts: {
        "reports": [report_of(texts, "en")],
        "coverage": COVERAGE,
        "first": 1,
        "names": [texts.title[:40]],
        "unnamed": 2,
    },
    "report": lambda texts: {
        "report": report_of(texts, "en"),
        "edition": report_of(texts, "en").editions[0],
        "text": texts.sentence,
        "page": 1,
        "of": 3,
    },
    "cut": lambda texts: {
        "edition": report_of(texts, "en").editions[0],
        "lines": [CutLine(1, texts.sentence, "menu")],
        "rules": [("page-head", 2)],
        "total": 9,
    },
    "ingested": about_ingested,
    "notice": lambda texts: {"name": "nothing_found", "values": (texts.query, 5, True)},
    "start": lambda _: {"coverage": COVERAGE},
    "about": lambda _: {"version": "1", "coverage": COVERAGE, "user_id": 7},
    "status": lambda texts: {
        "machine": (f"host:/srv/{texts.title}", 9),
        "missing": [Missing("r1", "en", texts.title, Problem("empty"))],
        "hostile": [(texts.title, "https://t.me/trend_bot?start=p_p0"), ("", None)],
        "waiting": 1,
        "sent": 2,
        "dead": 1,
        "closed": 1,
        "updates": 3,
        "failed": 4,
        "subscriptions": 5,
        "heard": datetime(2026, 11, 22, 8, tzinfo=UTC),
        "letters": [DeadLetter(-100, "Bad Request: <b>", datetime(2026, 11, 22, 8, tzinfo=UTC))],
    },
    "feeds": lambda texts: {
        "sources": [(source_named(texts), (WHEN, WHEN))],
        "first": 1,
        "total": 9,
        "failing": 1,
    },
    "feed": lambda texts: {"source": source_named(texts), "moments": (WHEN, WHEN)},
    "help": lambda _: {"commands": COMMANDS, "private": True},
    "subscription": about_subscription,
    "subscriptions": about_subscriptions,
    "alert": about_alert,
    "alert_set": lambda texts: {
        "alert": alert_on(texts),
        "verdict": briefing_of(texts).verdict,
        "zone": "Asia/Shanghai",
        "zone_known": False,
        "most": 5,
    },
    "alerts": lambda texts: {"alerts": [alert_on(texts)], "quiet": NIGHT, "zone": "Asia/Shanghai", "most": 5},
    "privacy": lambda _: {
        "private": False,
        "capture": Capture(-1, 72, 1, 0),
        "since": date(2026, 11, 22),
        "opted_out": False,
        "kept": 0,
        "backup_days": 7,
    },
}
SHOWN: dict[str, tuple[str, ...]] = {
    "feed": ("title", "publisher"),
    "feeds": ("title", "publisher"),
    "status": ("title",),
    "answer": ("title", "sentence", "query", "publisher"),
    "chart": ("title", "sentence", "publisher"),
    "chart_card": ("title", "sentence", "publisher"),
    "compare": ("sentence", "publisher"),
    "timeline": ("title", "sentence"),
    "briefing": ("title", "sentence", "query", "publisher"),
    "more": ("title", "sentence"),
    "figures": ("title", "sentence"),
    "sources": ("title", "publisher"),
    "citation": ("title", "publisher", "sentence"),
    "digest": ("title", "publisher", "sentence", "query"),
    "digest_chart": ("query",),
    "search": ("title", "publisher", "sentence", "query"),
    "ledger": ("title", "publisher", "sentence", "query"),
    "card": ("title", "publisher", "sentence"),
    "figure_card": ("title", "publisher", "sentence", "query"),
    "rising": ("title", "query"),
    "recap": ("sentence", "query"),
    "library": ("title", "publisher"),
    "report": ("title", "publisher", "sentence"),
    "cut": ("title",),
    "ingested": ("title", "sentence", "publisher"),
    "notice": ("query",),
    "subscription": ("query",),
    "subscriptions": ("query",),
    "alert": ("sentence", "query", "publisher"),
    "alert_set": ("query",),
    "alerts": ("query",),
}
NASTY = (
    "</b><a href='tg://user?id=1'>x</a>&",
    "<script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; &amp;amp; &#60;",
    '" onclick="x',
    "</blockquote><b>",
    "<!-- -->",
    "]]>",
    "\u202e\u2066txt.exe",
    "a\ud800b",
    "a\0b\x07c",
    "<" * 50,
    "x" * 2_000,
    "文" * 2_000,
)
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(alphabet=st.sampled_from("<>&\"'/=ab {}%#;!-\u202e\ud800\0\n文"), min_size=1, max_size=60),
    # Language codes are shown as names.
    st.text(min_size=1, max_size=60).filter(lambda text: text not in LANGUAGES),
)
URLS = st.one_of(
    st.sampled_from(
        [
            "javascript:alert(1)",
            "JaVaScRiPt://x.org/%0aalert(1)",
            " javascript:x",
            "tg://resolve?domain=evil",
            "data:text/html,<b>",
            "https://",
            "http://[::1",
            "https://x.org:99999999/",
            "//x.org",
            'https://x.org/"><b>x</b>',
            "https://good.org@evil.org/",
            "https://x.org/a b",
            "https://x.org\\@evil.org",
            "",
        ]
    ),
    st.text(max_size=30).map("https://x.org/".__add__),
    TEXTS,
)
HOSTILE = st.builds(Hostile, title=TEXTS, publisher=TEXTS, url=URLS, sentence=TEXTS, query=TEXTS)
TAG = re.compile(r"<[^<>]*>")
OURS = re.compile(
    r"</?b>|</?i>|</?code>|</?blockquote>|<blockquote expandable>|</a>"
    r'|<a href="https://t\.me/trend_bot\?start=p_p0">|<a href="(?P<url>https?://[^"<>\s]+)">'
)


def visible(text: str) -> str:
    """Return what must be visible of a text: everything but white space and characters that cannot be sent."""
    return re.sub(
        r"[\x00-\x20\x7f-\xa0\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2069\u3000\ud800-\udfff]",
        "",
        text,
    )


def test_there_is_a_context_for_every_template(renderer: Renderer) -> None:
    """A template that shows no text chosen by others renders the same whatever they chose."""
    messages = {path.stem for path in TEMPLATES.glob("*.html")} - {"parts"}
    assert messages == set(CONTEXTS)
    one, other = Hostile(*"abcde"), Hostile(*"fghij")
    for name in set(CONTEXTS) - set(SHOWN):
        assert len({renderer.message(name, "en", **CONTEXTS[name](texts)) for texts in (one, other)}) == 1


@given(HOSTILE, st.sampled_from(LANGUAGES))
@settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_becomes_markup_in_any_template(
    renderer: Renderer, texts: Hostile, language: Language
) -> None:
    for name, fields in SHOWN.items():
        html = renderer.message(name, language, **CONTEXTS[name](texts))
        for tag in TAG.findall(html):
            ours = OURS.fullmatch(tag)
            assert ours, (name, tag)
            assert not ours["url"] or safe_link(texts.url), (name, tag)
        assert "<" not in TAG.sub("", html), name
        parsed = parse(html)
        assert parsed.lost == (), (name, parsed.lost)
        assert parsed.text == clean(plain_text(html))
        html.encode()
        seen = visible(parsed.text)
        for field in fields:
            assert visible(clean(getattr(texts, field)[:100])) in seen, (name, field)


@pytest.mark.parametrize("template", ["citation", "sources", "search", "library"])
def test_the_longest_title_and_publisher_leave_room_for_the_rest(template: str, renderer: Renderer) -> None:
    texts = Hostile("文" * 2_000, "𝗚" * 2_000, "https://x.org/" + "a" * 1_000, "s" * 600, "q" * 400)
    html = renderer.message(template, "en", **CONTEXTS[template](texts))
    assert fits(Message(html))
    assert "…" in html


def test_no_number_of_sources_is_too_long_to_be_sent(renderer: Renderer) -> None:
    texts = Hostile("t" * 2_000, "p" * 2_000, "", "s", "q")
    sources = tuple(Cited((number,), report_of(texts, "en")) for number in range(1, 25))
    points = tuple(Point("s", number, (), foreign=False) for number in range(1, 25))
    whole: Briefing | None = replace(
        briefing_of(texts), points=points[:1], more_points=points[1:], sources=sources
    )
    while whole is not None:
        links = deep_links("trend_bot", ["p"] * 24)
        html = renderer.message("sources", "en", b=whole, heading="h", links=links)
        if fits(Message(html)):
            break
        whole = whole.shortened()
    assert whole is not None


# -- links, lengths, shapes ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/a?b=c&d", "example.org"),
        ("http://EXAMPLE.org", "example.org"),
        ("https://good.org@evil.org/x", "evil.org"),
        ("https://x.org:8443/", "x.org"),
        ("javascript:alert(1)", None),
        ("javascript://x.org/%0aalert(1)", None),
        ("tg://resolve?domain=evil", None),
        ("data:text/html,x", None),
        ("ftp://x.org/", None),
        ("//x.org/", None),
        ("x.org", None),
        ("https://", None),
        ("http://[::1", None),
        ("https://x.org:port/", None),
        ("https://x.org/a b", None),
        ("https://x.org\n.evil.org", None),
        ("", None),
    ],
)
def test_only_web_addresses_become_links_under_their_own_host(
    url: str, host: str | None, renderer: Renderer
) -> None:
    assert safe_link(url) == (url if host else None)
    texts = Hostile("Title", "Publisher", url, "Sentence.", "query")
    html = renderer.message("citation", "en", **about_citation(texts))
    assert ("No public link known." in html) == (host is None)
    if host:
        assert f">{host}</a>" in html


def test_a_message_is_measured_in_utf_16_after_its_markup_is_read() -> None:
    assert fits(Message("<b>" + "a" * 4_096 + "</b>"))
    assert fits(Message("&amp;" * 4_096))
    assert not fits(Message("a" * 4_097))
    assert fits(Message("𝗚" * 2_048))
    assert not fits(Message("𝗚" * 2_048 + "a"))
    assert units("𝗚") == 2


def test_no_line_ends_in_space_and_no_two_lines_are_empty(renderer: Renderer) -> None:
    texts = Hostile("Title", "", "", "Sentence.", "query")
    for name, context in CONTEXTS.items():
        for language in LANGUAGES:
            html = renderer.message(name, language, **context(texts))
            assert html == html.strip()
            assert "\n\n\n" not in html
            assert not re.search(r"[ \t]\n", html), name


def test_outside_telegram_a_message_has_no_markup(renderer: Renderer) -> None:
    texts = Hostile("A <b> & C", "", "", "1 < 2 & 3", "query")
    html = renderer.message("citation", "en", **about_citation(texts))
    shown = as_text(Message(html))
    assert "A <b> & C" in shown
    assert "<blockquote>" not in shown
    assert "&amp;" not in shown


# -- an operator's own templates -----------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "en").mkdir()
    return tmp_path


def test_a_template_of_the_operator_goes_before_the_packaged_one(own: Path) -> None:
    (own / "start.html").write_text("Hello {{ coverage.reports }} <i>{{ '<' }}</i>", "utf-8")
    renderer = Renderer(TEMPLATES, own)
    assert renderer.message("start", "en", coverage=COVERAGE) == "Hello 1 <i>&lt;</i>"
    assert "/trend" in renderer.message("help", "en", commands=COMMANDS, private=True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{% if %}", r"start\.html, line 1: "),
        ("one\n{{ nothing }}", r"start\.html, line 2: 'nothing' is undefined"),
        ("\n{{ w.nothing() }}", r"start\.html, line 2: "),
        ("{{ w.start() }}", r"en/words\.html, line \d+: "),
        ("{{ w.start(1, 2, 3, 4) }}", r"start\.html, line 1: "),
        ("{{ 1 / 0 }}", r"start\.html, line 1: division by zero"),
        ("{{ coverage | nosuch }}", r"start\.html, line 1: No filter named 'nosuch'"),
        ("{% include 'gone.html' %}", r"start\.html, line 1: gone\.html"),
    ],
)
def test_a_broken_template_is_named_with_its_line(text: str, problem: str, own: Path) -> None:
    (own / "start.html").write_text(text, "utf-8")
    with pytest.raises(TemplateProblem, match=f"^({problem}|.*/{problem})") as caught:
        Renderer(TEMPLATES, own).message("start", "en", coverage=COVERAGE)
    assert "\n" not in str(caught.value)


def test_a_template_in_another_encoding_is_named(own: Path) -> None:
    (own / "start.html").write_bytes("你好".encode("gb18030"))
    with pytest.raises(TemplateProblem, match=r"start\.html: .*utf-8"):
        Renderer(TEMPLATES, own).message("start", "en", coverage=COVERAGE)


def test_words_that_lack_a_sentence_are_named(own: Path) -> None:
    (own / "en" / "words.html").write_text("{% macro space() %} {% endmacro %}", "utf-8")
    with pytest.raises(TemplateProblem):
        Renderer(TEMPLATES, own).message("start", "en", coverage=COVERAGE)
    with pytest.raises(TemplateProblem, match="stale"):
        Renderer(TEMPLATES, own).word("stale", "en")


def test_check_finds_what_cannot_be_compiled(own: Path) -> None:
    Renderer(TEMPLATES, own).check()
    (own / "help.html").write_text("{% for %}", "utf-8")
    with pytest.raises(TemplateProblem, match=r"help\.html, line 1"):
        Renderer(TEMPLATES, own).check()


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("help.html", "one\n{{ comands }}", r"help\.html, line 2: there is no comands here"),
        ("help.html", "{{ w.nothing() }}", r"help\.html, line 1: en/words\.html has no macro nothing"),
        ("help.html", "one\n\n<br>", r"help\.html, line 3: Telegram takes no <br>"),
        ("hlep.html", "Help", r"hlep\.html is used by nothing; help\.html is"),
        ("en/words.html", "{% macro space() %} {% endmacro %}", r"en/words\.html in .* lacks the macro"),
    ],
)
def test_what_would_fail_only_when_it_is_sent_is_found_at_the_start(
    name: str, text: str, problem: str, own: Path
) -> None:
    (own / name).write_text(text, "utf-8")
    with pytest.raises(TemplateProblem, match=problem):
        Renderer(TEMPLATES, own).check()


def test_a_misspelt_name_inside_a_sentence_is_found_at_the_start(own: Path) -> None:
    words = (TEMPLATES / "en" / "words.html").read_text("utf-8")
    (own / "en" / "words.html").write_text(words.replace("{{ count }}", "{{ cuont }}", 1), "utf-8")
    with pytest.raises(TemplateProblem, match=r"words\.html, line \d+: there is no cuont here"):
        Renderer(TEMPLATES, own).check()


def test_copies_of_all_templates_and_a_file_of_ones_own_are_sound(own: Path) -> None:
    shutil.copytree(TEMPLATES, own, dirs_exist_ok=True)
    (own / "help.html").write_text("{% include 'mine.html' %}<b>{{ commands | length }}</b>", "utf-8")
    (own / "mine.html").write_text("Hello", "utf-8")
    Renderer(TEMPLATES, own).check()


def test_a_broken_file_of_compiled_templates_is_compiled_again(tmp_path: Path) -> None:
    def said() -> str:
        return Renderer(TEMPLATES, cache=tmp_path).notice("nothing_found", "en", "x", 5, False)

    first = said()
    kept = list(tmp_path.iterdir())
    assert kept
    for rubbish in (b"", b"rubbish", kept[0].read_bytes()[:-9]):
        for path in kept:
            path.write_bytes(rubbish)
        assert said() == first


def test_where_compiled_templates_cannot_be_kept_the_words_are_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "no folder"
    folder.write_text("", "utf-8")
    assert Renderer(TEMPLATES, cache=folder).notice("nothing_found", "en", "x", 5, True) == Renderer(
        TEMPLATES
    ).notice("nothing_found", "en", "x", 5, True)
