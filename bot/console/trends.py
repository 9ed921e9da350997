"""`trendbot trends`: prints what is rising, for programs and for anyone who wants to check the arithmetic."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from bot.clock import utc_now
from bot.console.terminal import DONE, opened
from bot.languages import entry_of
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.library.glossary import Glossary
    from bot.models import Language
    from bot.trends.headlines import Headline
    from bot.trends.rising import Rise


def trends(settings: Settings, arguments: argparse.Namespace) -> int:
    """`trendbot trends`: prints the terms that rise in the days up to a given one, the strongest first."""
    from bot.trends.headlines import HeadlineFinder
    from bot.trends.rising import LEAST_HISTORY
    from bot.trends.rising_terms import RisingTerms

    language: Language = entry_of(arguments.lang or settings.language).code
    with opened(settings, arguments.as_of) as app:
        last = arguments.as_of or utc_now().astimezone(settings.timezone).date()
        terms = RisingTerms(app.library, app.glossary)
        window = terms.window(last, arguments.days)
        rising = terms.rising(window, arguments.limit)
        finder = HeadlineFinder(app.library, app.glossary)
        for rise in rising.rises:
            headline = finder.headline_of(rise, language)
            if arguments.json:
                value = _value(rise, headline, app.glossary, explain=arguments.explain)
                print(json.dumps(value, ensure_ascii=False))
            else:
                print(_line(rise, headline, explain=arguments.explain))
        if not rising.rises and not arguments.json:
            print(
                f"Nothing stands out from {window.first} to {window.last}."
                if rising.enough
                else f"Too little data: no source reports until {window.last} and {LEAST_HISTORY} days before {window.first}."
            )
    return DONE


def _value(rise: Rise, headline: Headline, glossary: Glossary, *, explain: bool) -> dict[str, Any]:
    from bot.trends.spelling import topic_of

    topic = topic_of(rise.term, glossary)
    value = {
        "term": headline.name,
        "topic": topic.id if topic else None,
        "verdict": "rising" if rise.before else "new",
        "count": rise.count,
        "baseline": round(rise.expected.mean, 2),
        "score": round(rise.ratio, 2),
        "origins": len(rise.reports),
        "reports": list(rise.reports),
        "since": rise.since.isoformat(),
        "headline": headline.text,
    }
    return value | _explained(rise) if explain else value


def _explained(rise: Rise) -> dict[str, Any]:
    return {
        "mean": round(rise.expected.mean, 4),
        "dispersion": round(rise.expected.dispersion, 4),
        "tail": float(f"{rise.tail:.3g}"),
    }


def _line(rise: Rise, headline: Headline, *, explain: bool) -> str:
    counts = f"{rise.count:5} items in {len(rise.reports)} reports, {rise.expected.mean:.1f} expected"
    if explain:
        counts += f", dispersion {rise.expected.dispersion:.3f}, tail {rise.tail:.1e}, ratio {rise.ratio:.1f}"
    return f"{headline.name:30} {counts}, since {rise.since}  {headline.text}".rstrip()
