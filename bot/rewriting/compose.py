"""Turns the sentences that a model wrote into those that may be shown: verified ones, and source text otherwise. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rewriting.evidence import Evidence
from bot.rewriting.material import Draft, Material, Retelling, RetoldSentence
from bot.rewriting.verification import Verifier


def compose(model: str, drafts: Sequence[Draft], material: Material, verifier: Verifier) -> Retelling:
    """Return the retelling that may be shown.

    A draft that fails verification is replaced with the first source that it cites and no sentence has told yet.
    Without any verified sentence the retelling is empty: the quoted evidence itself is shown.
    """
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
    """Return the first source that the draft cites and no sentence in `told` cites yet, or None."""
    cited = {number for sentence in told for number in sentence.numbers}
    return next((sources[n] for n in draft.numbers if n in sources and n not in cited), None)
