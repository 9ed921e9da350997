"""/topics: the topics that the library covers, with report counts; operators add and remove topics."""

from __future__ import annotations

import hashlib
import re
from typing import ClassVar

from bot.dialogue.context import Command, Context
from bot.dialogue.effects import DeleteTopic, OpenView, StoreTopic
from bot.dialogue.pages import HIGHEST_PAGE, OpenTopic, edited, page_rows
from bot.dialogue.phrases import argument_meaning
from bot.dialogue.reply import Reply
from bot.library.terms import term_of
from bot.messages import Button, Message, Press, Rights
from bot.rendering.callbacks import rows_of
from bot.text.normalise import fold
from bot.text.stopwords import STOPWORDS

_TOPICS = 24
_PER_ROW = 2
_MOST_FORMS, _LONGEST_FORM, _LONGEST_ID = 20, 60, 24
_BETWEEN_FORMS = re.compile(r"\s*[=＝,，、;；]\s*")
_NO_ID = re.compile(r"[^a-z0-9]+")


class TopicPage(Press, frozen=True):
    """Button: shows a page of topics, counted from 0."""

    page: int

    code: ClassVar[str] = "tp"


def _answer(context: Context, text: str) -> Reply:
    """Show the topics, or add or remove one."""
    word, _, rest = text.strip().partition(" ")
    forms = tuple(dict.fromkeys(filter(None, _BETWEEN_FORMS.split(rest.strip()))))
    if argument_meaning(word) == "add":
        return _add(context, forms)
    if argument_meaning(word) == "remove":
        return _remove(context, fold(rest.strip()))
    view = context.new_view()
    message = _page(context, 0, view.id) or context.message("library_empty")
    return Reply(message, effects=(OpenView(view),))


def _turn(context: Context, press: TopicPage) -> Reply:
    return edited(context, _page(context, press.page, press.view))


def _page(context: Context, page: int, view: str) -> Message | None:
    """Return a page of the covered topics, or None if there is no such page."""
    if page > HIGHEST_PAGE:
        return None
    topics, language = context.services.glossary.topics, context.language
    counts = context.services.library.topic_reports()
    covered = sorted((topic for topic in counts if topic in topics), key=lambda id_: (-counts[id_], id_))
    shown = covered[page * _TOPICS : (page + 1) * _TOPICS]
    if not shown:
        return None
    buttons = [
        Button(f"{topics[topic].names[language]} · {counts[topic]}", OpenTopic(view, language, topic))
        for topic in shown
    ]
    more = len(covered) > (page + 1) * _TOPICS
    following = page_rows(context, page, lambda number: TopicPage(view, language, number), more=more)
    return Message(context.notice("topics_heading", len(covered)), (*rows_of(buttons, _PER_ROW), *following))


# -- topics of operators -----------------------------------------------------------------------------------


def _add(context: Context, forms: tuple[str, ...]) -> Reply:
    """Add a topic with these written forms, the name first, or replace the forms of one added earlier."""
    if not forms or len(forms) > _MOST_FORMS:
        return context.say("topic_usage", _names_of_added(context), _MOST_FORMS)
    for form in forms:
        if len(form) > _LONGEST_FORM or not _is_searchable(form):
            return context.say("topic_word_unusable", form)
    glossary = context.services.glossary
    topic = _added(context, fold(forms[0])) or _new_id(context, forms[0])
    for form in forms:
        if (owner := glossary.forms.named(fold(form))) not in {None, topic}:
            return context.say("topic_word_taken", form, glossary.topics[owner or ""].names[context.language])
    view = context.new_view()
    button = Button(forms[0], OpenTopic(view.id, context.language, topic))
    message = Message(context.notice("topic_added", forms[0], forms[1:]), ((button,),))
    return Reply(message, effects=(OpenView(view), StoreTopic(topic, forms)))


def _remove(context: Context, folded: str) -> Reply:
    """Remove a topic that was added in a chat; for other topics, say which file defines them."""
    if topic := _added(context, folded):
        name = context.services.state.added_topics.all()[topic][0]
        return Reply(context.message("topic_removed", name), effects=(DeleteTopic(topic),))
    glossary = context.services.glossary
    if not folded or (known := glossary.forms.named(folded)) is None:
        return context.say("topic_usage", _names_of_added(context), _MOST_FORMS)
    of_file = any(own.id == known for own in glossary.own)
    return context.say(
        "topic_of_file" if of_file else "topic_packaged", glossary.topics[known].names[context.language]
    )


def _added(context: Context, folded: str) -> str | None:
    """Return the id of the topic added in a chat with this name or form, or None."""
    added = context.services.state.added_topics.all().items()
    return next((topic for topic, forms in added if folded in {topic, *map(fold, forms)}), None)


def _names_of_added(context: Context) -> list[str]:
    return sorted(forms[0] for forms in context.services.state.added_topics.all().values())


def _is_searchable(form: str) -> bool:
    """Return whether a form is searchable: it has a letter and is no stop word."""
    folded = fold(form)
    return any(map(str.isalpha, form)) and folded not in STOPWORDS and term_of(folded) is not None


def _new_id(context: Context, name: str) -> str:
    """Return an id made of the name's Latin letters and digits, or of its hash if that is empty or taken."""
    folded = fold(name)
    id_ = _NO_ID.sub("-", folded).strip("-")[:_LONGEST_ID].strip("-")
    if id_ and context.services.glossary.forms.named(id_) is None and _added(context, id_) is None:
        return id_
    return f"topic-{hashlib.sha256(folded.encode()).hexdigest()[:12]}"


def _rights(text: str) -> Rights:
    """Everybody may list topics; only operators may change them."""
    word = text.strip().partition(" ")[0]
    return Rights.OPERATOR if argument_meaning(word) in {"add", "remove"} else Rights.ANYONE


COMMAND = Command(
    name="topics",
    words=("主题", "话题"),
    handle=_answer,
    order=30,
    rights=Rights.ANYONE,
    takes=True,
    buttons={TopicPage: _turn},
    rights_for=_rights,
)
