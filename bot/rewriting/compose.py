"""From what a model wrote to what may be shown: verified sentences, and the sources' own words for the others. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rewriting.evidence import Evidence
from bot.rewriting.material import Draft, Material, Retelling, RetoldSentence
from bot.rewriting.verification import Verifier


def compose(model: str, drafts: Sequence[Draft], material: Material, verifier: Verifier) -> Retelling:
    """The retelling that may be shown. Without a verified sentence it has none: the evidence says it all."""
    sources = {one.number: one for one in material.evidence}
    told: list[RetoldSentence] = []
    for draft in dict.fromkeys(drafts):
        if verifier.fault(draft.text, draft.numbers) is None:
            told.append(RetoldSentence(draft.text, draft.numbers, verified=True, language=material.language))
        elif source := _untold(draft, sources, told):
            told.append(
                RetoldSentence(source.text, (source.number,), verified=False, language=source.language)
            )
    verified = sum(sentence.verified for sentence in told)
    return Retelling(model, tuple(told) if verified else (), verified, len(set(drafts)))


def _untold(draft: Draft, sources: dict[int, Evidence], told: Sequence[RetoldSentence]) -> Evidence | None:
    """The first source that a draft cites and no sentence tells yet."""
    cited = {number for sentence in told for number in sentence.numbers}
    return next((sources[n] for n in draft.numbers if n in sources and n not in cited), None)
