"""Sources of topics: packaged, from an operator's topics.toml, or added in chats. Checked again on request.

if topics.toml or the state has changed:
    the glossary takes the new topics        # what comes in from here on is indexed by them
    the segmenter keeps their words whole
the library counts the topics that differ    # also after a crash in between: it records what it has counted
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from bot.library.glossary import Glossary, read_topics, topic_from_forms
from bot.library.library import Library
from bot.library.topic_forms import GlossaryError
from bot.logs import Trouble
from bot.models import Topic
from bot.settings import TOPICS
from bot.state.added_topics import AddedTopics
from bot.text.normalise import fold
from bot.text.segment import Segmenter

_log = logging.getLogger(__name__)


class TopicSources:
    """Builder of the glossary, which keeps it up to date with its sources."""

    def __init__(self, seeds: Path, data: Path, added: AddedTopics) -> None:
        self._seeds = seeds
        self._file = data / TOPICS
        self._added = added
        self._trouble = Trouble(_log, "Topics stay as they were", "Topics are read again")

    def glossary(self) -> Glossary:
        """Return the glossary of the current sources. Raises GlossaryError when a file cannot be used."""
        glossary = Glossary(read_topics((self._seeds / TOPICS).read_text("utf-8")))
        glossary.take_own(self._own(glossary))
        return glossary

    def refresh(self, glossary: Glossary, segmenter: Segmenter, library: Library) -> None:
        """Put changed topics to use and count them. Log a file that cannot be used, and change nothing.

        Costs two small reads if nothing has changed. Raises StorageError.
        """
        try:
            own = self._own(glossary)
            if own != glossary.own:
                glossary.take_own(own)
                segmenter.keep_whole(glossary.forms.words)
        except GlossaryError as error:
            self._trouble.report(error)
            return
        if self._trouble.lasts:
            self._trouble.clear()
        library.count_own_topics(glossary.own)

    def _own(self, glossary: Glossary) -> tuple[Topic, ...]:
        """Return the operators' topics: all of the file, and those added in chats that share no form with another."""
        try:
            written = self._file.read_text("utf-8") if self._file.is_file() else ""
        except (OSError, UnicodeError) as error:
            raise GlossaryError(f"{self._file} cannot be read ({error}).") from error
        of_file = read_topics(written, of_operator=True)
        added = [topic_from_forms(topic, forms) for topic, forms in self._added.all().items()]
        return (*of_file, *_agreeing([*glossary.packaged, *of_file], added))


def _agreeing(known: Iterable[Topic], added: Iterable[Topic]) -> list[Topic]:
    """Return the added topics that share no form or id with another: a newer version or the file takes precedence."""
    taken = {name for topic in known for name in (topic.id, *_folded(topic))}
    agreeing = []
    for topic in added:
        own = {topic.id, *_folded(topic)}
        if taken.isdisjoint(own):
            agreeing.append(topic)
            taken |= own
    return agreeing


def _folded(topic: Topic) -> list[str]:
    return [fold(form) for form in topic.written()]
