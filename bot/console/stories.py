"""`trendbot show ID --story`: shows the reports of one event and why each belongs to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.console.terminal import DONE
from bot.library.stories import shared_features

if TYPE_CHECKING:
    from bot.app import App
    from bot.library.story_index import Joined
    from bot.models import Report

_MOST_PASSAGES = 10_000


def show_story(app: App, report: Report, *, as_json: bool) -> int:
    """Print each report of a story with the report it was most similar to on arrival, and the features they share."""
    story = app.library.stories_of([report.id]).get(report.id)
    order = story.reports if story else (report.id,)
    reports = app.library.reports(order)
    joined = {one.report: one for one in app.library.joined(order)}
    for one in (reports[name] for name in order):
        value = _value(one, story.id if story else None)
        reason = joined.get(one.id)
        if reason and reason.other in reports:
            value |= _reason(app, reason, one, reports[reason.other])
        print(json.dumps(value, ensure_ascii=False) if as_json else _line(value))
    if not story and not as_json:
        print("No other report tells of this event.")
    return DONE


def _value(report: Report, story: str | None) -> dict[str, Any]:
    first = report.editions[0]
    published = report.published.isoformat() if report.published else None
    return {
        "story": story,
        "id": report.id,
        "title": first.title,
        "publisher": first.publisher,
        "published": published,
    }


def _reason(app: App, reason: Joined, report: Report, other: Report) -> dict[str, Any]:
    """Return the similarity recorded on arrival, and the shared features computed anew, those of both titles first."""
    shared = shared_features(_features(app, report), _features(app, other))
    return {"like": reason.other, "score": round(reason.score, 2), "shared": shared}


def _line(value: dict[str, Any]) -> str:
    day, publisher = value["published"] or "date unknown", value["publisher"] or "publisher unknown"
    line = f"{value['id']}  {day}  {publisher}: {value['title']}"
    if "like" in value:
        line += f"\n  like {value['like']} by {value['score']}: {', '.join(value['shared'])}"
    return line


def _features(app: App, report: Report) -> dict[str, bool]:
    """Return the features of a report over all its editions."""
    from bot.library.indexing import title_features  # its rules take long to load

    passages = app.library.passages(app.library.rowids_of([report.id], _MOST_PASSAGES)).values()
    features: dict[str, bool] = {}
    for edition in report.editions:
        lead = [p for p in passages if p.passage.language == edition.language]
        features |= title_features(edition.title, lead, app.glossary, app.segmenter)
    return features
