"""Collects the quotations of a recap that a language model may retell, if the group agreed. Calls no model."""

from __future__ import annotations

from collections.abc import Iterator

from bot.models import Language
from bot.recaps.compose import Recap
from bot.recaps.quotes import Quote
from bot.rewriting.evidence import Evidence
from bot.rewriting.material import Material
from bot.text.language import language_by_script

_LEAST = 2


def recap_material(recap: Recap, language: Language) -> Material | None:
    """Return the quotations of a recap with their authors, numbered from 1; None if there are fewer than two."""
    texts = [
        "\n".join(f"{author}: {text}" for author, text in _spoken_parts(quote)) for quote in quotes_of(recap)
    ]
    if len(texts) < _LEAST:
        return None
    evidence = (Evidence(n, text, language_by_script(text)) for n, text in enumerate(texts, 1))
    authors = (author for quote in quotes_of(recap) for author, _ in _spoken_parts(quote))
    return Material("", language, tuple(evidence), tuple((one,) for one in dict.fromkeys(authors)), talk=True)


def quotes_of(recap: Recap) -> tuple[Quote, ...]:
    """Return the quotations of a recap in the order of their numbers in the prompt."""
    return (*recap.decisions, *recap.tasks, *recap.answered, *recap.points, *recap.questions)


def _spoken_parts(quote: Quote) -> Iterator[tuple[str, str]]:
    """Yield (author, text) of what a quote settles or answers, of the quote, and of its answer."""
    for one in (quote.asked, quote, quote.answer):
        if one is not None:
            yield one.author, one.text
