"""What of a briefing a language model may retell, and the reply that asks for it. Asks no model."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.context import Context
from bot.dialogue.effects import Reply, Retell
from bot.messages import Press
from bot.models import Language
from bot.rewriting.material import Material, Retelling, material_of
from bot.trends.briefing import Briefing


def _material(briefing: Briefing, language: Language) -> Material | None:
    """The quoted points of a briefing by their citations; None where there is nothing to retell."""
    reports = (cited.report for cited in briefing.sources)
    return material_of(briefing.query.text, language, briefing.points, briefing.citations, reports)


def retelling_of(context: Context, briefing: Briefing) -> Retelling | None:
    """The retelling of a briefing that was made before, None without one."""
    retellings = context.services.retellings
    material = _material(briefing, context.language) if retellings else None
    return retellings.known(material) if retellings and material else None


def with_retelling(context: Context, reply: Reply, briefing: Briefing | None, press: Press) -> Reply:
    """`reply` to be followed by the retelling of `briefing`, which `press` shows once it is there."""
    retellings = context.services.retellings
    if retellings is None or briefing is None or reply.message is None:
        return reply
    material = _material(briefing, context.language)
    if material is None or retellings.known(material):
        return reply
    return replace(reply, retell=Retell(material, press))
