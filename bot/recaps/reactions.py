"""Reads the reactions to a line: whether somebody denies it or takes it back, and who agrees. Selects nothing."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, cached_property
from itertools import islice, pairwise

from bot.recaps.lines import Line
from bot.recaps.phrases import FormWords, PhraseBook, folded_line
from bot.recaps.speech_acts import is_question
from bot.talk import ChatMessage, by_time
from bot.text.lines import columns
from bot.text.normalise import fold

_FOLLOWING, _PRECEDING, _SOON_SECONDS = 3, 8, 45 * 60
_ANYWHERE = frozenset({"private", "ironic", "void"})
_DENYING = frozenset({"denied", "revoked"})
_SUPPORTING, _OBJECTING = 6, 32
WORDS = FormWords("reaction_words.tsv")
"""The words of the patterns by which people are for or against something."""

_SUPPORTS = WORDS.pattern(
    r"(?:^|\b(?:i|we|it's|it is|looks|\w+ (?:team|group)))(?: ?{degree})* ?(?:{for}|{content}(?: to me)? (?:with|for)) {what}\b"
    r"|\b\w{2,12} supports? {what-they}\b|^(?:\([^)]*\) *|\[[^]]*\] *)?(?:strong |explicit )?support for\b"
    r"|\bplus one to\b|\+1|(?:我|我们){so-han}?{for-han}"
)
_OBJECTS = WORDS.pattern(r"\b(?:i|we)(?: ?{against-degree})* {objects}|(?:我|我们){objects-han}{for-han}?")
_LONG, _OPENING, _FEW_WORDS = 300, 150, 120
_MURMURS, _MURMURED = 8, 0.25
_ASKING_BACK = 30
"""The greatest width of a question that may only ask back ("did we?", "since when?"), in columns."""
_ASIDE = re.compile(r"[\[(（【][^\])）】]{0,40}[\])）】]\s*")
_RUNS_ON = re.compile(r"(?![的了啊呀吧呢嘛哦噢哈啦呗])[\u4e00-\u9fff]")
_OPENING_SIGNS = " \t,.!:;-–—，。！：；、…"

MARKERS = PhraseBook("settled_markers.tsv")
"""Phrases by which a line, or the one before it, is no decision."""

STANCES = PhraseBook("stances.tsv")
"""Phrases that say yes or no at the beginning of an answer, and that limit a yes."""

_NO_OBJECTION = WORDS.pattern(r"no[,.]? {no-trouble}|{no-trouble-han}|-1\d")


class Reactions:
    """The reactions to each line of one talk, computed on demand.

    `courtesies` are messages that a recap does not quote but that may express consent.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        messages: Sequence[ChatMessage],
        courtesies: Sequence[ChatMessage] = (),
    ) -> None:
        self._lines = lines
        self._messages = messages
        self.timeline = sorted([*messages, *courtesies], key=by_time)
        """Both, in order of time."""
        # Cached: the same lines and messages are asked about for each line that may be a decision.
        self._kinds_of = cache(MARKERS.kinds)
        self._denying: dict[int, bool] = {}

    def takes_back(self, index: int) -> bool:
        """Return whether the rest of its message, or a later message, denies or takes back what a line settles."""
        line = self._lines[index]
        # The whole message, because a line has lost its opener, as "yeah right".
        if self._kinds_of(self._messages[line.message].text) & _ANYWHERE:
            return True
        if any(
            other > index and "revoked" in self._kinds_of(self._lines[other].text)
            for other in self._of_message[line.message]
        ):
            return True
        if any(message > line.message and terms & line.terms for message, terms in self._revoking.items()):
            return True
        return any(map(self._denies, self._following(line.message)))

    def is_soon_after(self, place: int, later: int) -> bool:
        """Return whether the message `later` may answer the one at `place`: a reply, or one of the next few."""
        return later in self._following(place)

    def assenting(self, place: int) -> frozenset[int]:
        """Return the ids of others who say yes to the message at `place`: in replies, or briefly right after it."""
        return frozenset(answer.author_id for answer in self._assents(place))

    def assenting_before(self, index: int) -> frozenset[int]:
        """Return the ids of others who say yes, or briefly name a word of the line at `index`, shortly before it.

        What they answer is the last question before the line, so nothing before that question counts.
        """
        line = self._lines[index]
        target = self._messages[line.message]
        start = bisect_left(self.timeline, by_time(target), key=by_time)
        assenting: set[int] = set()
        for message in self.timeline[max(0, start - _PRECEDING) : start][::-1]:
            if target.at - message.at > _SOON_SECONDS or is_question(message.text):
                break
            if message.thread_id != target.thread_id or message.forwarded_from:
                continue
            brief = columns(message.text) <= _ASKING_BACK and stance(message.text) != "no"
            named = brief and any(term in fold(message.text) for term in line.terms)
            if message.author_id != target.author_id and (named or stance(message.text) == "yes"):
                assenting.add(message.author_id)
        return frozenset(assenting)

    def assenting_names(self, place: int) -> frozenset[str]:
        """Return the names of others who say yes to the message at `place`."""
        return frozenset(answer.author for answer in self._assents(place))

    def _assents(self, place: int) -> list[ChatMessage]:
        target = self._messages[place]
        after = [answer for answer in self._soon_after(target) if len(answer.text) <= _FEW_WORDS]
        answers = [*self._replies_in_timeline[target.id], *after]
        others = [answer for answer in answers if answer.author_id != target.author_id]
        # In a spoken talk a leading yes only shows that somebody listens.
        said = _without_leading_murmurs if self._is_spoken else str
        return [answer for answer in others if stance(said(answer.text)) == "yes"]

    def supporting(self, index: int, outright: bool = False) -> frozenset[int]:
        """Return the ids of others who support, after the line at `index`, what it asks for.

        Right after it any words of support count, later only those that name what it asks for. With `outright` a bare
        yes does not count. Empty if somebody objects.
        """
        place = self._lines[index].message
        target = self._messages[place]
        others = [
            answer
            for answer in self._messages[place + 1 : place + _OBJECTING]
            if answer.author_id != target.author_id and answer.thread_id == target.thread_id
        ]
        if any(objects(answer.text[:_LONG]) for answer in others):
            return frozenset()
        terms = self._lines[index].terms
        supporting = {
            answer.author_id
            for number, answer in enumerate(others)
            if _supports(answer.text, frozenset() if number < _SUPPORTING else terms)
        }
        return frozenset(supporting) if outright else self.assenting(place) | supporting

    def answers(self, place: int) -> list[ChatMessage]:
        """Return others' answers to a question: replies, and the messages soon after it.

        The latter end at somebody else's question, or after three messages in a row that say neither yes nor no.
        """
        target = self._messages[place]
        answers = {answer.id: answer for answer in self._replies_in_timeline[target.id]}
        idle = 0
        start = bisect_right(self.timeline, by_time(target), key=by_time)
        for message in islice(self.timeline, start, None):
            if message.at - target.at > _SOON_SECONDS or idle == _FOLLOWING:
                break
            if (
                message.thread_id != target.thread_id
                or message.forwarded_from
                or message.reply_to is not None
            ):
                continue
            if is_question(message.text) and message.author_id != target.author_id:
                break  # what follows answers that question
            idle = 0 if stance(message.text) is not None else idle + 1
            answers[message.id] = message
        return [answer for answer in answers.values() if answer.author_id != target.author_id]

    @cached_property
    def _is_spoken(self) -> bool:
        """Whether the talk was spoken: a mere murmur follows many messages (a run of them counts once)."""
        murmured = [not _without_leading_murmurs(message.text) for message in self.timeline]
        followed = sum(after and not before for before, after in pairwise(murmured))
        return followed >= _MURMURS and followed > _MURMURED * murmured.count(False)

    @cached_property
    def people(self) -> int:
        """The number of people who wrote."""
        return len({message.author_id for message in self._messages})

    def _soon_after(self, target: ChatMessage) -> list[ChatMessage]:
        """Return the messages soon after a message that may answer it, up to its author's next statement."""
        after: list[ChatMessage] = []
        start = bisect_right(self.timeline, by_time(target), key=by_time)
        for message in islice(self.timeline, start, None):
            if message.at - target.at > _SOON_SECONDS or len(after) == 2 * _FOLLOWING:
                break
            if message.author_id == target.author_id and stance(message.text) is None:
                break
            if (
                message.thread_id == target.thread_id
                and not message.forwarded_from
                and message.reply_to is None
            ):
                after.append(message)
                if stance(message.text) is None and len(after) >= _FOLLOWING:
                    break
        return after

    @cached_property
    def _replies_in_timeline(self) -> Mapping[int, Sequence[ChatMessage]]:
        replies: dict[int, list[ChatMessage]] = defaultdict(list)
        for message in self.timeline:
            if message.reply_to is not None and not message.forwarded_from:
                replies[message.reply_to].append(message)
        return replies

    @cached_property
    def _of_message(self) -> Mapping[int, Sequence[int]]:
        places: dict[int, list[int]] = defaultdict(list)
        for index, line in enumerate(self._lines):
            places[line.message].append(index)
        return places

    @cached_property
    def _revoking(self) -> Mapping[int, AbstractSet[str]]:
        """Return the content words of each message that takes something back, by index."""
        words: dict[int, set[str]] = defaultdict(set)
        revoking = {line.message for line in self._lines if "revoked" in self._kinds_of(line.text)}
        for line in self._lines:
            if line.message in revoking:
                words[line.message] |= line.terms
        return words

    def _following(self, place: int) -> list[int]:
        """Return indices of messages that may answer the one at `place`: replies, and the next few up to a question."""
        target = self._messages[place]
        following = list(self._replies[target.id])
        near = 0
        for index in range(place + 1, len(self._messages)):
            message = self._messages[index]
            if message.thread_id != target.thread_id or message.forwarded_from:
                continue
            near += 1
            if near > _FOLLOWING or message.at - target.at > _SOON_SECONDS:
                break
            if message.reply_to is None:
                following.append(index)
                if is_question(message.text) and columns(message.text) > _ASKING_BACK:
                    break  # what follows answers that question
        return following

    def _denies(self, message: int) -> bool:
        """Return whether a message denies or takes back what it follows."""
        if message not in self._denying:
            opening = self._messages[message].text.lstrip()
            agrees = _NO_OBJECTION.match(folded_line(opening)) is not None
            # Only the beginning of a long answer is about the message.
            if len(opening) > _LONG:
                opening = opening[:_OPENING]
            self._denying[message] = any(
                marker.kinds & _DENYING or ("objected" in marker.kinds and not marker.start and not agrees)
                for marker in MARKERS.find(opening)
            )
        return self._denying[message]

    @cached_property
    def _replies(self) -> Mapping[int, Sequence[int]]:
        replies: dict[int, list[int]] = defaultdict(list)
        for index, message in enumerate(self._messages):
            if message.reply_to is not None and not message.forwarded_from:
                replies[message.reply_to].append(index)
        return replies


def _supports(text: str, terms: AbstractSet[str]) -> bool:
    """Return whether a text, or a long one's beginning, expresses support, naming one of `terms` if given."""
    form = _SUPPORTS.search(folded_line(text if len(text) <= _LONG else text[:_OPENING]))
    if form is None or not terms:
        return form is not None
    clause = re.split(r"[.!?。！？\n]", form.string[form.start() :], maxsplit=1)[0]
    return any(term in clause for term in terms)


def objects(text: str) -> bool:
    """Return whether somebody says outright that they are against something."""
    return _OBJECTS.search(text.replace("’", "'")) is not None


def stance(text: str) -> str | None:
    """Return "yes" or "no" if an answer begins so; None if it does not, asks back, or sets a condition."""
    answer = _ASIDE.sub("", text, count=1) if text[:1] in "[(（【" else text
    answer = answer.strip(_OPENING_SIGNS)
    opening = STANCES.opening(answer)
    if opening is None or is_question(text) or "limits" in opening.kinds:
        return None
    if "alone" in opening.kinds and _RUNS_ON.match(answer, opening.end):
        return None
    first = re.split(r"[.!。！\n]", answer[opening.end :], maxsplit=1)[0]
    if "limits" in STANCES.kinds(first):
        return None
    return next((side for side in ("yes", "no") if side in opening.kinds), None)


def _without_leading_murmurs(text: str) -> str:
    """Return an answer, folded, without words at its beginning that may only show that somebody listens."""
    answer = folded_line(text).strip(_OPENING_SIGNS)
    while (opening := STANCES.opening(answer)) is not None and "murmur" in opening.kinds:
        answer = answer[opening.end :].strip(_OPENING_SIGNS)
    return answer
