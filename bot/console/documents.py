"""The commands on the library: ingest documents, show a report, search passages."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from bot.clock import utc_now
from bot.console.stories import show_story
from bot.console.terminal import DONE, FAILED, CommandFailed, Meter, opened
from bot.logs import configure_logging
from bot.settings import Settings

_PLACES = {
    "declared": "declared by its source",
    "operator": "given by the operator",
    "name": "the name of its file",
    "folder": "the folder of its file",
    "address": "its address",
    "heading": "its heading",
    "line": "a line of its text",
    "pictures": "the addresses of its pictures",
    "weekday": "inferred: the weekday on which it comes out, after its newest pictures",
    "text": "its text",
}

_STATUSES = ("added", "replaced", "unchanged", "failed")
_UNTITLED = "title: unknown; shown is the name of its file or its address, which is not searched\n"

if TYPE_CHECKING:
    from bot.app import App
    from bot.intake.defaults import Defaults
    from bot.intake.storing import Ingested
    from bot.models import Edition, Problem
    from bot.provenance import Provenance


def ingest(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot ingest`: prints a line per document, and for several a line of totals on standard error.

    At log level DEBUG, exceptions are logged with their traceback.
    """
    if settings.log_level == "DEBUG":
        configure_logging(settings.log_level, settings.secrets, sys.stderr)
    from bot.intake.collection import collect_seldom
    from bot.intake.defaults import Defaults

    with opened(settings) as app:
        app.segmenter.load()
        collect_seldom()
        counts = Counter[str]()
        for outcome in _ingested(app, arguments.paths, Defaults(arguments.publisher, arguments.language)):
            _print_outcome(app, outcome, as_json=arguments.json)
            counts[outcome.status] += 1
        if counts.total() > 1 and not arguments.json:
            print(_totals(counts), file=sys.stderr)
    return FAILED if counts["failed"] else DONE


def _totals(counts: Counter[str]) -> str:
    """Return how many documents there were, and of each status, as one line."""
    each = ", ".join(f"{counts[status]:,} {status}" for status in _STATUSES if counts[status])
    return f"{counts.total():,} documents: {each}."


def _print_outcome(app: App, outcome: Ingested, *, as_json: bool) -> None:
    """Print the result for one document."""
    error = _sentence(app, outcome.error) if outcome.error else None
    remarks = [_sentence(app, remark) for remark in outcome.remarks]
    if as_json:
        value = asdict(outcome) | {"error": error, "remarks": remarks}
        value = {key: field for key, field in value.items() if field or key not in {"remarks", "name"}}
        print(json.dumps(value, ensure_ascii=False), flush=True)
    elif error:
        print(f"{outcome.title}: {error}", file=sys.stderr)
    else:
        print(
            f"{outcome.id}  {outcome.status:9}  {outcome.language}  {outcome.published or 'date unknown'}  "
            f"{_count(outcome.passages, 'passage')}, {_count(outcome.cut, 'line')} cut  "
            f"{outcome.title or outcome.name or '(untitled)'}"
        )
        if original := app.library.reprint_of(outcome.id):
            edition = original.edition(app.settings.language)
            names = (edition.shown_title, edition.publisher)
            remarks.append(app.renderer.word("ingest_reprint", app.settings.language, *names))
        print(*(f"    {remark}\n" for remark in remarks), sep="", end="")


def _sentence(app: App, problem: Problem) -> str:
    """Return a problem with a document as a sentence in the operator's language."""
    return app.renderer.word("problem", app.settings.language, problem.name, problem.values)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _ingested(app: App, paths: Iterable[str], given: Defaults) -> Iterator[Ingested]:
    """Ingest these files, folders, addresses and "-" (standard input); yield the result of each document, with a meter."""
    from bot.intake.fetch.addresses import as_address
    from bot.intake.readers import STREAM
    from bot.intake.reading import READABLE, files_in, plain_name
    from bot.intake.storing import failed
    from bot.models import Problem

    now = int(utc_now().timestamp())
    files: list[Path | None] = []
    for name in paths:
        if as_address(name):
            yield from _fetched(app, name, now)
            continue
        if name == "-":
            files.append(None)
            continue
        path = Path(name)
        if not path.exists():
            yield failed(plain_name(name), Problem("no_such_file"))
            continue
        found = files_in(path)
        if not found:
            yield failed(plain_name(name), Problem("empty_folder", (", ".join(READABLE),)))
        files.extend(found)
    size = sum(_size(file) for file in files if file is not None)
    with Meter(size).shown() as meter:
        for is_stream, group in groupby(files, lambda file: file is None):
            outcomes = (
                app.ingest.stream(STREAM, sys.stdin.buffer, now)
                if is_stream
                else app.ingest.paths((file for file in group if file is not None), now, meter.read, given)
            )
            for outcome in outcomes:
                meter.add_document()
                yield outcome


def _size(file: Path) -> int:
    """Return the size of a file in bytes; 0 where it has vanished, which is reported when its turn comes."""
    with suppress(OSError):
        return file.stat().st_size
    return 0


def _fetched(app: App, address: str, now: int) -> Iterator[Ingested]:
    """Ingest the page, document or feed at an address and yield the results."""
    import asyncio  # here: a command that fetches nothing is not to load it

    from bot.intake.ingest import no_siblings
    from bot.intake.sources.page import file_at
    from bot.intake.storing import failed
    from bot.text.unreadable import Unreadable

    try:
        name, raw = asyncio.run(file_at(app.fetcher(), app.ingest, address))
    except Unreadable as error:
        yield failed(address, error.problem)
        return
    yield from app.ingest.content(name, raw, now, no_siblings)


def show(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot show`: prints a cleaned report, or the lines cut from it."""
    with opened(settings) as app:
        ids = app.library.report_ids(arguments.id)
        if not ids:
            raise CommandFailed(f"No report has the id {arguments.id}; trendbot search QUERY shows ids.")
        if len(ids) > 1:
            raise CommandFailed(
                f"{len(ids)} reports have ids that begin with {arguments.id}; give more of it."
            )
        report = app.library.reports(ids)[ids[0]]
        if arguments.story:
            return show_story(app, report, as_json=arguments.json)
        for edition in report.editions:
            text = app.library.text(report.id, edition.language) or ""
            cut = app.library.cut_lines(report.id, edition.language)
            published = report.published.isoformat() if report.published else None
            value: dict[str, Any] = {
                "id": report.id,
                "title": edition.title,
                "publisher": edition.publisher,
                "language": edition.language,
                "published": published,
                "url": report.url,
                "provenance": {name: place for name, place in asdict(edition.provenance).items() if place},
            } | {name: value for name, value in (("name", edition.name), ("note", edition.note)) if value}
            if arguments.json:
                body = (
                    {"cut": [asdict(line) for line in cut]}
                    if arguments.cut
                    else {"text": text, "sentences": _sentences(app, edition)}
                )
                print(json.dumps(value | body, ensure_ascii=False))
                continue
            print(
                f"{edition.shown_title}\n{edition.publisher or 'publisher unknown'}, {published or 'date unknown'}\n"
                f"{_UNTITLED if edition.name else ''}{_provenance(edition.provenance)}\n"
            )
            if arguments.cut:
                print(
                    "\n".join(f"{line.number or '-':>5}  {line.rule:18}  {line.text}" for line in cut)
                    or "Nothing was cut."
                )
            else:
                print(text, *([f"\nAbout the source: {edition.note}"] if edition.note else []), sep="\n")
            print()
        return DONE


def _provenance(stands: Provenance) -> str:
    """Return where each metadata field of an edition was found, one line each."""
    places = ((name, place) for name, place in asdict(stands).items() if place)
    return "".join(f"{name}: {_PLACES.get(place, place)}\n" for name, place in places)


def _sentences(app: App, edition: Edition) -> list[dict[str, Any]]:
    """Return the sentences of an edition in order, with pages and figures; a figure's clause is in its sentence."""
    passages = app.library.passages_at(edition.report_id, edition.language, range(edition.passages))
    return [
        {
            "text": sentence.text,
            "pages": list(sentence.pages),
            "figures": [
                {name: value for name, value in asdict(figure).items() if name not in {"clause", "quantity"}}
                for figure in sentence.figures
            ],
        }
        for passage in passages
        for sentence in passage.sentences
    ]


def search(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot search`: prints the best passage of each report."""
    with opened(settings) as app:
        typed = " ".join(arguments.query)
        queries = (line.rstrip("\n") for line in sys.stdin) if typed == "-" else iter([typed])
        for query in queries:
            hits = _hits(app, query, arguments.limit)
            if arguments.json or typed == "-":
                print(json.dumps({"query": query, "hits": hits}, ensure_ascii=False), flush=typed != "-")
                continue
            for hit in hits:
                print(f"{hit['report']}  {hit['score']:6.2f}  {hit['text']}")
            if not hits:
                print("Nothing found.")
        return DONE


def _hits(app: App, text: str, limit: int) -> list[dict[str, Any]]:
    """Return the best passage of each report, best report first, at most `limit`."""
    from bot.library.query import understand

    query = understand(text, app.glossary, app.segmenter)
    hits = app.search.by_report(query, limit)
    return [
        {"report": p.report_id, "passage": p.id, "score": round(score, 4), "text": p.text}
        for p, score in hits
    ]
