"""Of the unanswered questions, those that concern the group most come first."""

from __future__ import annotations

import msgspec.structs
import pytest
from talk_kit import talk

from bot.app import App
from bot.talk import ChatMessage

PARTS = "pumps floor crane chillers panel cables racks valves doors filters".split()


def asked(app: App, messages: list[ChatMessage]) -> list[str]:
    """Return the open questions of a recap, in its order."""
    recap = app.recap_briefer().recap(messages, "en")
    assert recap is not None
    return [quote.text for quote in recap.questions]


def said(*questions: str) -> list[ChatMessage]:
    """Return a talk of ten people about parts of a hall that ends with unanswered questions."""
    lines = [
        f"P{number}: The {part} of the second hall came on the truck today."
        for number, part in enumerate(PARTS)
    ]
    return talk("\n".join([*lines, *(f"Q{number}: {text}" for number, text in enumerate(questions))]))


@pytest.mark.parametrize(
    ("doer", "others"),
    [
        (
            "Who will call the plumber about the leaking sink?",
            "Does the mozilla browser plugin work with recent firefox beta versions?",
        ),
        ("谁去跟物业确认配电容量？", "有没有人用过那个新出的浏览器插件，火狐测试版能用吗？"),
        ("那谁来负责监控告警的值班？", "有没有人用过那个新出的浏览器插件，火狐测试版能用吗？"),
    ],
)
def test_a_question_that_looks_for_somebody_to_do_something_is_first(
    app: App, doer: str, others: str
) -> None:
    assert asked(app, said(others, doer))[0] == doer


def test_a_question_about_what_the_group_talks_of_stands_before_another(app: App) -> None:
    shared = "Does the second hall have enough power sockets?"
    apart = "Does the bakery downtown have enough sesame bagels?"
    assert asked(app, said(apart, shared)) == [shared, apart]
    assert asked(app, said(shared, apart)) == [shared, apart]


def test_a_question_to_one_person_by_name_stands_behind_one_to_all(app: App) -> None:
    one, everybody = "Zed: any ceramic garden tiles unsold?", "Are any brass kitchen hinges spare?"
    assert asked(app, said(everybody, one)) == [everybody, one]


def test_what_answers_the_next_question_takes_nothing_back(app: App) -> None:
    recap = app.recap_briefer().recap(
        [
            *said(),
            *talk(
                "Ann: I'll set up the test endpoint by Wednesday\n"
                "Bob: is anybody worried that prices rise after the winter sale?\n"
                "Cem: not really, they never raised them before"
            ),
        ],
        "en",
    )
    assert recap is not None
    assert [task.who for task in recap.tasks] == ["Ann"]


def test_a_question_stays_open_in_the_part_of_a_talk_that_is_on_its_subject(app: App) -> None:
    question = "who will compare the licences of the two models?"
    between = said()
    messages = talk(f"Cem: {question}\nCem: the licences of both are on the shared drive")
    late = msgspec.structs.replace(messages[1], id=len(between) + 2, at=messages[1].at + 3_600)
    recap = app.recap_briefer().recap([messages[0], late], "en", least=1)
    assert recap is not None
    assert [quote.text for quote in recap.questions] == [question]
    soon = app.recap_briefer().recap(messages, "en", least=1)
    assert soon is not None
    assert soon.questions == ()


def test_a_short_question_is_open_where_its_message_says_first_what_it_is_about(app: App) -> None:
    assert asked(app, said("The vendor presents on Wednesday. Who is listening in?")) == [
        "The vendor presents on Wednesday. Who is listening in?"
    ]
    assert asked(app, said("Who is listening in?")) == []
