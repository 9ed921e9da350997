"""Selects what a language model may retell of a digest. Asks no model."""

from __future__ import annotations

from bot.digests.digest import Digest
from bot.models import Language, Topic
from bot.rewriting.material import Material, material_of


def digest_material(digest: Digest, language: Language) -> Material | None:
    """Return the quoted points of a digest with their citations; None when there is nothing to retell."""
    subjects = (one.names[language] if isinstance(one, Topic) else one for one in digest.headings)
    points = [point.quoted for section in digest.sections for point in section.points]
    reports = (cited.report for cited in digest.sources)
    return material_of(", ".join(subjects), language, points, digest.citations, reports)
