"""Names what the figures of a sentence measure, by the glossary's topics. Reads and writes no database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from bot.library.glossary import Glossary
from bot.models import Sentence
from bot.text.segment import Segmenter


class Quantities(Struct, frozen=True):
    """Namer of the quantities of figures, by the topics of a glossary."""

    glossary: Glossary
    segmenter: Segmenter

    def named_in(self, sentence: Sentence, published: date | None) -> Sentence:
        """Return the sentence with the quantity of each figure where it is known; `published` is its report's day.

        A sentence that is not whole stays as it is.
        """
        if not sentence.figures or not sentence.whole:
            return sentence
        from bot.figures.identity import identify  # its patterns take long to compile

        identities = [identify(figure, sentence.text, published, self) for figure in sentence.figures]
        figures = tuple(
            replace(figure, quantity=identity.name) if identity else figure
            for figure, identity in zip(sentence.figures, identities, strict=True)
        )
        return replace(sentence, figures=figures)

    def named(self, folded: str) -> tuple[str, bool] | None:
        """Return the topic with exactly this form, and whether it is a proper name; None if there is none."""
        topic = self.glossary.forms.named(folded)
        return (topic, self.glossary.topics[topic].proper) if topic else None

    def topics_in(self, folded: str) -> Iterator[tuple[int, int, str, bool]]:
        """Yield each mention of a topic in folded text: start, end, id, and whether the topic is a proper name."""
        for mention in self.glossary.forms.find(folded, lambda: self.segmenter.words(folded)):
            yield mention.start, mention.end, mention.topic, self.glossary.topics[mention.topic].proper
