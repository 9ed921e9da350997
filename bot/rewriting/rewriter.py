"""Has chosen evidence retold by a language model, within a budget, cached and verified. The only caller of the model.

known already? -> leave out passages that address models -> take from the day's budgets of the chat and of all chats
-> ask the model -> parse its sentences -> verify each, and keep the source's words for one that fails
-> cache the retelling under a key of its evidence
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from bot.library.glossary import Glossary
from bot.logs import Trouble
from bot.rewriting.client import ModelClient, ModelUnavailable
from bot.rewriting.material import Draft, Evidence, Material, Retelling, RetoldSentence
from bot.rewriting.prompt import drafts, messages, tokens_at_most
from bot.rewriting.reading import Reader
from bot.rewriting.verification import Verifier
from bot.sqlite.errors import StorageError
from bot.state.model_use import ModelUse
from bot.text.normalise import fold
from bot.text.rule_data import any_of, read_words
from bot.text.segment import Segmenter

_log = logging.getLogger(__name__)

CHAT_TOKENS_A_DAY = 60_000

TOKENS_A_DAY = 1_000_000

_REMEMBERED = 500

_AT_ONCE = 4

_TALK_SECONDS = 3_600.0
"""Seconds for which a retelling of people's messages stays cached."""

_PAUSE_SECONDS = 30.0
"""Seconds before a model that gave no answer is asked again."""


def addresses_models(text: str) -> bool:
    """Return whether `text` addresses a language model. Such a passage is left out of prompts."""
    lines = (" ".join(line.split()) for line in fold(text).split("\n"))
    return _pattern().search("\n".join(lines)) is not None


@cache
def _pattern() -> re.Pattern[str]:
    words = read_words(Path(__file__).with_name("model_addresses.txt"))
    # A role with a colon ("system:") counts only at the beginning of a line or sentence; elsewhere it is an ordinary
    # word.
    roles = any_of(word for word in words if word.endswith(":"))
    latin = any_of(word for word in words if word.isascii() and not word.endswith(":"))
    han = any_of(word for word in words if not word.isascii() and not word.endswith(":"))
    return re.compile(rf"(?:^|[.!?。]\s*)(?:{roles})|(?<![a-z])(?:{latin})|{han}", re.MULTILINE)


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


class Rewriter:
    """Cached, budgeted access to one model. `retell` is safe from several tasks of one event loop, `known` from any thread."""

    def __init__(
        self,
        client: ModelClient,
        use: ModelUse,
        glossary: Glossary,
        segmenter: Segmenter,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._use = use
        self._glossary = glossary
        self._segmenter = segmenter
        self._clock = clock
        self._monotonic = monotonic
        self.model, self.host = client.model, client.host
        self._known: OrderedDict[str, Retelling] = OrderedDict()
        self._of_talk: dict[str, float] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._rests_until = 0.0
        self._left_out: dict[str, None] = {}
        self._trouble = Trouble(
            _log, "The language model gives no answer", "The language model answers again"
        )

    @property
    def left_out(self) -> tuple[str, ...]:
        """The ids of passages kept out of prompts because they address language models, newest last."""
        return tuple(self._left_out)

    def forget_talk(self) -> None:
        """Drop the retellings of people's messages, some of which have been erased."""
        for key in tuple(self._of_talk):
            self._drop(key)

    def known(self, material: Material) -> Retelling | None:
        """Return the cached retelling of `material`, or None where none can be shown."""
        retelling = self._known.get(material.key(self._client.model))
        return retelling if retelling and retelling.sentences else None

    async def retell(self, material: Material, chat_id: int) -> Retelling | None:
        """Return the retelling of `material`; None if the model fails or is over budget, or no sentence is verified."""
        key = material.key(self._client.model)
        if key not in self._known and self._monotonic() >= self._rests_until:
            async with self._places:
                if key not in self._known:
                    await self._make(key, material, chat_id)
        return self.known(material)

    async def _make(self, key: str, material: Material, chat_id: int) -> None:
        asked = self._without_injections(material)
        estimate = tokens_at_most(asked)
        try:
            if not asked.evidence or not await asyncio.to_thread(self._take, chat_id, estimate):
                return
            completion = await self._client.complete(messages(asked))
            if completion.tokens is not None:
                await asyncio.to_thread(self._add, chat_id, completion.tokens - estimate)
        except ModelUnavailable as error:
            self._rests_until = self._monotonic() + _PAUSE_SECONDS
            self._trouble.report(ModelUnavailable(f"{error}."))
            return
        except StorageError:
            return
        self._trouble.clear()
        self._known[key] = await asyncio.to_thread(self._verified, completion.content, asked)
        if material.talk:
            self._of_talk[key] = self._monotonic()
            for old in [
                old for old, made in self._of_talk.items() if made < self._monotonic() - _TALK_SECONDS
            ]:
                self._drop(old)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def _drop(self, key: str) -> None:
        self._of_talk.pop(key, None)
        self._known.pop(key, None)

    def _verified(self, content: str, material: Material) -> Retelling:
        verifier = Verifier(Reader(self._glossary, self._segmenter, material.names), material.evidence)
        return compose(self._client.model, drafts(content), material, verifier)

    def _without_injections(self, material: Material) -> Material:
        """Return `material` without passages that address models; log a warning once for each."""
        left_out = {one for one in material.evidence if addresses_models(one.text)}
        for one in left_out:
            if one.passage and one.passage not in self._left_out:
                self._left_out[one.passage] = None
                _log.warning("Passage %s speaks to language models; it is left out of prompts.", one.passage)
        return replace(material, evidence=tuple(one for one in material.evidence if one not in left_out))

    def _take(self, chat_id: int, tokens: int) -> bool:
        return self._use.take(chat_id, self._today(), tokens, CHAT_TOKENS_A_DAY, TOKENS_A_DAY)

    def _add(self, chat_id: int, tokens: int) -> None:
        self._use.add(chat_id, self._today(), tokens)

    def _today(self) -> int:
        return int(self._clock().timestamp()) // 86_400
