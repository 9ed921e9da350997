"""The sentence after a question answers it if it has the form that the question asks for."""

from __future__ import annotations

import pytest

from bot.recaps.answers import answers_in_form


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("When does the hall open?", "on Thursday, I think"),
        ("When does the hall open?", "No idea, ask the city"),
        ("How many pumps came?", "twelve"),
        ("What does a pump cost?", "about 300"),
        ("Who orders the pumps?", "I can"),
        ("Where are the racks?", "behind the door"),
        ("Is the floor dry?", "yes, since Monday"),
        ("机房几点开门？", "九点半"),
        ("水泵什么时候到？", "还没定"),
        ("来了几台水泵？", "十二台"),
        ("谁去订水泵？", "我来吧"),
        ("机柜放在哪里？", "在二楼"),
    ],
)
def test_an_answer_has_the_form_that_is_asked_for(asked: str, said: str) -> None:
    assert answers_in_form(asked, said)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("When does the hall open?", "the crane is loud"),
        ("How many pumps came?", "the crane is loud"),
        ("Who orders the pumps?", "the crane is loud"),
        ("Where are the racks?", "yes please"),
        ("Is the floor dry?", "the crane is loud"),
        ("Is the floor dry?", "is it?"),
        ("水泵什么时候到？", "吊车太吵"),
        ("谁去订水泵？", "吊车太吵"),
    ],
)
def test_what_has_another_form_answers_nothing(asked: str, said: str) -> None:
    assert not answers_in_form(asked, said)
