"""What of a recap a language model may retell, where its group agreed. Asks no model."""

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
    """The quoted lines of a recap with who wrote them, the first as [1]; None where there is nothing to retell."""
    texts = ["\n".join(f"{author}: {text}" for author, text in _said(quote)) for quote in quotes_of(recap)]
    if len(texts) < _LEAST:
        return None
    evidence = (Evidence(n, text, language_by_script(text)) for n, text in enumerate(texts, 1))
    authors = (author for quote in quotes_of(recap) for author, _ in _said(quote))
    return Material("", language, tuple(evidence), tuple((one,) for one in dict.fromkeys(authors)), talk=True)


def quotes_of(recap: Recap) -> tuple[Quote, ...]:
    """The quotations of a recap, in the order in which they are numbered for a model."""
    return (*recap.decisions, *recap.tasks, *recap.answered, *recap.points, *recap.questions)


def _said(quote: Quote) -> Iterator[tuple[str, str]]:
    """Who wrote what, what it settles before it and what came back after it."""
    for one in (quote.asked, quote, quote.answer):
        if one is not None:
            yield one.author, one.text
