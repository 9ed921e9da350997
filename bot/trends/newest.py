"""Orders the sentences that answer a question by the days of their reports, where what is true changes with time. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.models import Language
from bot.text.stems import stem
from bot.trends.news_value import LEAST, news_value_of
from bot.trends.ranking import Ranked
from bot.trends.standalone import depends_on_previous, with_lead

_YEAR = 365


def newest_first(ranked: Iterable[Ranked], words: Collection[str], language: Language) -> list[Ranked]:
    """Return the statements in the reader's language, the newest first; each of the stems `words` makes up for a year.

    Last comes what leans on another sentence, or is talk.
    """

    def order(one: Ranked) -> tuple[bool, bool, bool, int]:
        held = len({*words}.intersection(map(stem, one.terms)))
        wording, day = one.statement.wording_for(language), one.statement.report.published
        leans = depends_on_previous(with_lead(wording)[0].text)
        foreign = language not in one.statement.wordings
        talk = news_value_of(one, language) < LEAST
        return talk, leans, foreign, -held * _YEAR - (day.toordinal() if day else 0)

    return sorted(ranked, key=order)
