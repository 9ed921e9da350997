"""Requests for a language model's retelling of a briefing or recap. Calls no model itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.dialogue.context import Context
from bot.dialogue.recap_windows import RecapWindow
from bot.dialogue.reply import Reply, Retell
from bot.messages import Press
from bot.models import Language
from bot.recaps.message import RecapStretch
from bot.state.views import View
from bot.trends.briefing import Briefing

if TYPE_CHECKING:
    from bot.recaps.compose import Recap
    from bot.rewriting.material import Material, Retelling


def _material(briefing: Briefing, language: Language) -> Material | None:
    """Return a briefing's quoted points as material, or None if there is nothing to retell."""
    from bot.rewriting.material import material_of  # with what only a language model needs

    reports = (cited.report for cited in briefing.sources)
    return material_of(briefing.query.text, language, briefing.points, briefing.citations, reports)


def retelling_of(context: Context, briefing: Briefing) -> Retelling | None:
    """Return the stored retelling of a briefing, or None."""
    retellings = context.services.retellings
    material = _material(briefing, context.language) if retellings else None
    return retellings.known(material) if retellings and material else None


def with_retelling(context: Context, reply: Reply, briefing: Briefing | None, press: Press) -> Reply:
    """Return `reply` with a request to retell `briefing`; `press` shows the result."""
    retellings = context.services.retellings
    if retellings is None or briefing is None or reply.message is None:
        return reply
    material = _material(briefing, context.language)
    if material is None or retellings.known(material):
        return reply
    return replace(reply, retell=Retell(material, press))


def with_recap_retold(context: Context, reply: Reply, recap: Recap, view: View, span: RecapWindow) -> Reply:
    """Return `reply`, a recap of the view's group over `span`, with a request to retell it, if the group allows that."""
    retellings = context.services.retellings
    if retellings is None:
        return reply
    material = context.services.recaps.material(recap, view.group_id or 0, context.language)
    if material is None or retellings.known(material):
        return reply
    return replace(reply, retell=Retell(material, RecapStretch(view.id, context.language, span.code)))
