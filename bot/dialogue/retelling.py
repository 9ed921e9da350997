"""What of a briefing a language model may retell, and the reply that asks for it. Asks no model."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.context import Context
from bot.dialogue.effects import Reply, Retell
from bot.messages import Press
from bot.models import Language
from bot.rewriting.material import Material, Retelling
from bot.rewriting.verification import Evidence
from bot.trends.briefing import Briefing

_LEAST = 2
"""So many quoted sentences are worth a text of their own; one is where it is in another language."""


def material_of(briefing: Briefing, language: Language) -> Material | None:
    """The quoted points of a briefing by their citations; None where there is nothing to retell."""
    points = briefing.points
    if len(points) < _LEAST and not any(point.foreign for point in points):
        return None
    texts: dict[int, list[str]] = {}
    for point in points:
        texts.setdefault(point.citation, []).append(point.text)
    languages = {point.citation: point.language for point in points}
    evidence = tuple(
        Evidence(number, "\n".join(own), languages[number], briefing.citations[number - 1])
        for number, own in sorted(texts.items())
    )
    named = (tuple(e.publisher for e in cited.report.editions if e.publisher) for cited in briefing.sources)
    names = tuple(dict.fromkeys(own for own in named if own))
    return Material(briefing.query.text, language, evidence, names)


def retelling_of(context: Context, briefing: Briefing) -> Retelling | None:
    """The retelling of a briefing that was made before, None without one."""
    retellings = context.services.retellings
    material = material_of(briefing, context.language) if retellings else None
    return retellings.known(material) if retellings and material else None


def with_retelling(context: Context, reply: Reply, briefing: Briefing | None, press: Press) -> Reply:
    """`reply` to be followed by the retelling of `briefing`, which `press` shows once it is there."""
    retellings = context.services.retellings
    if retellings is None or briefing is None or reply.message is None:
        return reply
    material = material_of(briefing, context.language)
    if material is None or retellings.known(material):
        return reply
    return replace(reply, retell=Retell(material, press))
