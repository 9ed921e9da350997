"""A group decides by stating an outcome or by agreeing to a proposal; a wish alone decides nothing."""

from __future__ import annotations

import msgspec.structs
import pytest
from talk_kit import talk

from bot.app import App
from bot.recaps.decisions import find_decisions
from bot.recaps.lines import cut_lines
from bot.recaps.outcomes import outcome_of
from bot.recaps.reactions import Reactions, stance
from bot.recaps.reading import LIVE, read_talk


def decided(app: App, said: str) -> list[tuple[str, str, int]]:
    """Return the decisions of a talk: the line, the request that it answers or "", and the number who agreed."""
    reading = read_talk(talk(said), 0, LIVE)
    lines = cut_lines(reading.messages, app.segmenter)
    return [
        (lines[d.line].text, "" if d.request is None else lines[d.request].text, d.agreed)
        for d in find_decisions(
            lines, reading.messages, Reactions(lines, reading.messages, reading.courtesies)
        )
    ]


@pytest.mark.parametrize(
    "said",
    [
        "You have consensus on the second amendment.",
        "Congratulations, you have Stage 2.",
        "Okay, so I think we have agreement on the new budget.",
        "The motion to change the bylaws was accepted.",
        "The removal of the old endpoint has consensus.",
        "The proposal remains at Stage 1.",
        "We're all agreed on moving the launch to May.",
        "Everyone's on board with the new pricing.",
        "I'm hearing consensus for the second option.",
        "预算方案一致通过",
        "关于机房搬迁，大家达成了一致",
        "二号方案通过了",
    ],
)
def test_an_outcome_that_is_stated_is_read(said: str) -> None:
    assert outcome_of(said) == "told"


@pytest.mark.parametrize(
    "said",
    [
        "Hearing no objections.",
        "Nobody opposes.",
        "There are no objections.",
        "Seeing none.",
        "You have consensus.",
        "This has consensus.",
        "I'll take that as a yes.",
        "Approved 7-0.",
        "The ayes have it.",
        "没人反对",
        "8票赞成",
        "表决结果：通过",
        "那大家都没意见",
    ],
)
def test_an_outcome_that_does_not_say_what_is_read_as_bare(said: str) -> None:
    assert outcome_of(said) == "bare"


@pytest.mark.parametrize(
    "said",
    [
        "If we have consensus we can merge it today.",
        "Do we have consensus on the second amendment?",
        "I would like to ask whether you have consensus.",
        "We do not have consensus on the second amendment.",
        "Last time we had no time to ask.",
        "What we have consensus on is another question.",
        "Once you have Stage 2 the tests can be written.",
        "The vendor says we have approval from the city.",
        "The pull request has been merged.",
        "All in favour",
        "I have Stage 3 concerns that we had no time for.",
        "You already had consensus on the second amendment.",
        "I believe that we have consensus, but there are two things to —",
        "that we have consensus on the second amendment.",
        "还没有达成一致",
        "都没意见的话就按这个来",
        "如果预算方案通过了，我们下周开工",
    ],
)
def test_what_is_asked_denied_or_under_a_condition_is_no_outcome(said: str) -> None:
    assert outcome_of(said) is None


def test_a_bare_outcome_is_told_with_the_request_that_it_answers(app: App) -> None:
    said = """Ann: I'd like to ask for approval of the new escape function as presented.
Bob: I reviewed the text of the escape function and it is complete.
Cem: Hearing no objections. Congratulations."""
    [(line, request, _)] = decided(app, said)
    assert request == "I'd like to ask for approval of the new escape function as presented."
    assert line in {"Hearing no objections.", "Congratulations."}


def test_a_call_and_its_outcome_in_one_message_are_told_together(app: App) -> None:
    said = "Ann: Any objections to taking the escape function as it is? I hear no objections."
    assert [request for _, request, _ in decided(app, said)] == [
        "Any objections to taking the escape function as it is?"
    ]


def test_what_a_sentence_says_before_its_outcome_counts_where_the_line_is_only_its_end(app: App) -> None:
    said = (
        "Ann: The string of the second field becomes a number in the importer, and where somebody writes words instead of "
        "digits it is an empty value, for we have consensus on rejecting empty values in importers of this kind."
    )
    assert decided(app, said) == []


def test_a_bare_outcome_without_a_request_is_left_out(app: App) -> None:
    assert decided(app, "Ann: The pumps arrived on Tuesday morning.\nBob: Hearing no objections.") == []


def test_a_request_that_several_support_and_nobody_opposes_is_settled(app: App) -> None:
    said = """Ann: I would like to ask for approval of the pump test on Monday.
Bob: I support this, the pumps are ready.
Cem: +1
Dan: I support it as well."""
    assert [(request, agreed) for _, request, agreed in decided(app, said)] == [("", 3)]
    assert decided(app, said + "\nEve: I object, the floor is not ready.") == []


def test_a_request_in_a_question_is_settled_by_those_who_support_it_outright(app: App) -> None:
    said = "Ann: Can we go for approval of the pump test on Monday? The condition is a dry floor, right?"
    assert decided(app, f"{said}\nBob: yes\nCem: yes") == []
    supported = f"{said}\nBob: I support this, the pumps are ready.\nCem: Plus one to the pump test."
    assert [agreed for *_, agreed in decided(app, supported)] == [2]


def test_support_that_comes_late_counts_where_it_names_what_was_asked_for(app: App) -> None:
    said = "Ann: I would like to ask for approval of the pump test on Monday.\n" + "\n".join(
        f"Dan: The crane number {n} came with the second truck this morning."
        for n in "one two three four five six seven".split()
    )
    named = "Bob: I support the pump test, the floor is dry.\nCem: I support it going to a test on Monday."
    assert [agreed for *_, agreed in decided(app, f"{said}\n{named}")] == [2]
    other = "Bob: I support the second crane, it is dry.\nCem: I support it going to the roof."
    assert decided(app, f"{said}\n{other}") == []


def test_what_is_done_unless_somebody_objects_is_the_request_of_the_outcome_after_it(app: App) -> None:
    said = """Ann: Unless there are objections, we can move the pump test to Monday morning.
Bob: Last chance for any objections.
Bob: Congratulations, you have consensus."""
    [(_, request, _)] = decided(app, said)
    assert "move the pump test to Monday" in request


@pytest.mark.parametrize("said", ["There is a lot of agreement.", "We have heard broad support for this."])
def test_support_of_many_that_a_chair_states_is_a_bare_outcome(said: str) -> None:
    assert outcome_of(said) == "bare"


@pytest.mark.parametrize("said", ["Strong support for Waldemar", "There is a lot of support staff."])
def test_support_of_a_person_or_of_another_kind_is_no_outcome(said: str) -> None:
    assert outcome_of(said) is None


@pytest.mark.parametrize(
    "after",
    [
        "",
        "Bob: The pumps are ready.\nCem: It may rain on Monday.",
        "Bob: I support this.\nCem: I am not comfortable with Monday.\nDan: I support it as well.",
        "Bob: Are there other topics?\nCem: Thanks for this, the pumps came.",
    ],
)
def test_a_request_without_support_after_it_settles_nothing(app: App, after: str) -> None:
    before = "Dan: I support testing on Monday.\nEve: I support that, too.\n"
    said = f"{before}Ann: I would like to ask for approval of the pump test on Monday.\n{after}"
    assert decided(app, said.strip()) == []


@pytest.mark.parametrize(
    "said",
    [
        "Ann: Do we have approval for the pump test on Monday?\nBob: +1\nCem: +1\nDan: I support it.",
        "Ann: I would potentially ask for approval of the pump test.\nBob: +1\nCem: +1\nDan: I support it.",
        "Ann: I would like to ask for approval of the pump test. Do you hear me?\nBob: Yes.\nCem: Yes, we do.",
        "Ann: Assuming the floor is dry, I would like to ask for approval of the pump test.\nBob: +1\nCem: +1",
    ],
)
def test_a_question_or_a_request_under_a_condition_is_not_told_as_settled(app: App, said: str) -> None:
    assert decided(app, said) == []


@pytest.mark.parametrize(
    ("said", "agreed"),
    [
        ("Ann: let's move the pump test to Monday\nBob: sounds good\nCem: +1", 2),
        ("Ann: 我们把复盘会改到周一上午吧\nBob: 好的\nCem: 同意\nDan: 👍", 3),
        ("Ann: I suggest we rent the crane for two days\nBob: works for me", 1),
        ("Ann: let's go with Qdrant then\nBob: +1\nCem: agreed", 2),
        ("Ann: 那就用Qdrant\nBob: 同意\nCem: 好", 2),
        ("Ann: how about the pump test on Friday morning?\nBob: perfect", 1),
        ("Ann: 水泵测试周六下午行吗？\nBob: 可以\nCem: 我可以\nAnn: 好，水泵测试就放周六下午两点", 2),
        ("Ann: 水泵换成国产的？\nBob: 支持\nAnn: 行，那就先换二号机房的水泵", 1),
        ("Ann: 液冷还有九个问题没修\nBob: 那这一期不做液冷了，放到二期\nAnn: 同意", 1),
        ("Ann: 40个人一人80？\nBob: 80就80吧，多退少补买水泵\nCem: ok", 1),
        ("Ann: so pass on the crane?\nBob: pass\nCem: pass\nAnn: We pass on the crane then", 2),
        ("Ann: Monday is too early\nBob: yes\nAnn: ok, the pump test is now 3 June", 1),
        ("Ann: what about the 12th?\nBob: fine\nAnn: ok then the pump test moves to the 12th", 1),
        (
            "Ann: Paris or the lake for the pump training?\nBob: the lake\nCem: the lake\nAnn: the lake by Porto it is then",
            2,
        ),
    ],
)
def test_a_proposal_is_settled_by_those_who_agree(app: App, said: str, agreed: int) -> None:
    assert [count for *_, count in decided(app, said)] == [agreed]


@pytest.mark.parametrize(
    "said",
    [
        "Ann: let's move the pump test to Monday\nCem: the crane costs two thousand a day",
        "Ann: let's move the pump test to Monday\nAnn: ok",
        "Ann: let's move the pump test to Monday\nBob: ok, but only if the crane is free",
        "Ann: let's move on to the next item\nBob: ok",
        "Ann: let's go with Qdrant then\nBob: +1",
        "Ann: 图书馆订满了，咖啡店行不行\nBob: 咖啡店太吵\nCem: 我可以借研究生楼的教室",
        "Ann: 我们把复盘会改到周一上午吧\nBob: 可以，不过要先问王总",
        "Ann: 我们先讨论一下预算吧\nBob: 好",
        "Ann: I'd like to ask for approval of the new floor.\nBob: Yes, I object. That sounds like Stage 2.",
        "Ann: should we move the pump test to Monday?\nBob: yes\nCem: hm, the crane\nDan: it rains\nEve: who knows",
        "Ann: how about the pump test on Friday or Saturday?\nBob: yes, both are free",
        "Ann: how about the hot pot place?\nBob: it is too spicy for me\nAnn: the mild pot is not spicy\nBob: sounds great",
        "Ann: if the crane comes on Monday, let's move the pump test to Monday\nBob: ok",
        "Ann: we would have said so, let's move the pump test to Monday\nBob: ok",
        "Bob: the queue is empty\nAnn: sounds good, let's have another call about the pumps",
        "Ann: 水泵的报价单来了\nBob: 那就是说供应商又涨价了",
        "Ann: 供应商涨价三成，那就没有必要再买水泵\nCem: 水泵下周到",
        "Ann: they closed the road\nBob: yes\nAnn: they closed the road so we take the ferry every Monday",
        "Ann: the pumps are late\nBob: no\nAnn: so we keep the old pumps of the second hall",
    ],
)
def test_a_proposal_that_nobody_else_agrees_to_settles_nothing(app: App, said: str) -> None:
    assert decided(app, said) == []


def test_a_decision_and_the_line_that_sums_it_up_are_told_once(app: App) -> None:
    said = (
        "Ann: proposal: we trim Nvidia by a third, down to nine percent\nBob: agreed\nCem: works for me\n"
        "Ann: So we trim Nvidia, Bob executes over the next two weeks"
    )
    assert [line for line, *_ in decided(app, said)] == [
        "we trim Nvidia, Bob executes over the next two weeks"
    ]


SPOKEN = "\n".join(
    f"Ann: The {part} of the remote costs {cost} cents.\n{who}: {murmur}"
    for part, cost, who, murmur in (
        ("case", 40, "Bob", "Yeah."),
        ("battery", 90, "Cem", "Mm-hmm."),
        ("chip", 70, "Bob", "Okay."),
        ("wheel", 30, "Dan", "Right."),
        ("screen", 300, "Bob", "Yeah, yeah."),
        ("slider", 20, "Cem", "Mm."),
        ("logo", 10, "Dan", "Okay."),
        ("button", 5, "Cem", "Yeah."),
    )
)


@pytest.mark.parametrize(
    ("answers", "agreed"),
    [
        ("Bob: Yeah.\nCem: Mm-hmm.", []),
        ("Bob: Okay, the logo is on the front.\nCem: Right.", []),
        ("Bob: Yeah, good idea.\nCem: Mm-hmm.", [1]),
        ("Bob: Okay, I agree with that.\nCem: Sounds good.", [2]),
    ],
)
def test_a_murmur_is_no_assent_in_a_talk_that_is_full_of_them(
    app: App, answers: str, agreed: list[int]
) -> None:
    assert [
        count for *_, count in decided(app, f"{SPOKEN}\nAnn: Let's use yellow plastic.\n{answers}")
    ] == agreed


def test_a_murmur_is_assent_where_people_write_it_only_to_agree(app: App) -> None:
    written = "\n".join(line for line in SPOKEN.split("\n") if line.startswith("Ann"))
    said = f"{written}\nAnn: Let's use yellow plastic.\nBob: ok\nCem: yeah\nDan: okay"
    assert [count for *_, count in decided(app, said)] == [3]


def test_assent_in_a_reply_counts_wherever_it_stands(app: App) -> None:
    *said, answer = talk(
        "Ann: let's move the pump test to Monday\n"
        + "\n".join(
            f"Cem: the crane number {n} arrived with the second truck"
            for n in "one two three four five".split()
        )
        + "\nBob: fine with me"
    )
    messages = [*said, msgspec.structs.replace(answer, reply_to=said[0].id)]
    reading = read_talk(messages, 0, LIVE)
    lines = cut_lines(reading.messages, app.segmenter)
    assert [
        d.agreed
        for d in find_decisions(
            lines, reading.messages, Reactions(lines, reading.messages, reading.courtesies)
        )
    ] == [1]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("yes, that is what I think", "yes"),
        ("No, not really", "no"),
        ("不焦虑，活多得很", "no"),
        ("有点", "yes"),
        ("有点像当年的供应商融资", None),
        ("好像是周五", None),
        ("会的", "yes"),
        ("是啊，挺担心", "yes"),
        ("yes but only on Mondays", None),
        ("可以，但是要等王总", None),
        ("ok?", None),
        ("the pumps arrived", None),
    ],
)
def test_what_an_answer_begins_with_is_its_stance(said: str, expected: str | None) -> None:
    assert stance(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        "we're switching to Postgres",
        "we are going with the second supplier",
        "we're dropping the Friday call",
        "we stick with the old vendor",
        "we go with the blue housing",
        "我们用B方案",
        "我们就选第二套",
        "咱们走方案二",
        "我们先按旧版本",
        "我们采用甲方的方案",
    ],
)
def test_what_a_group_does_from_now_on_is_decided_once_others_agree(app: App, said: str) -> None:
    talk = f"Ann: both quotes of the trial are in\nBob: {said}"
    assert decided(app, talk) == []
    assert [line for line, _, _ in decided(app, talk + "\nAnn: agreed\nCem: +1")] == [said]


@pytest.mark.parametrize(
    "said",
    [
        "we're using Postgres and it is slow",
        "we always go with the cheapest vendor",
        "if it rains we go with the blue housing",
        "they say we're switching to Oracle",
        "I wonder whether we're dropping the Friday call",
        "我们用的是B方案",
        "我们用过B方案",
        "我们用哪个方案",
        "他们说我们用B方案",
    ],
)
def test_what_a_group_does_anyway_or_might_do_is_not_decided(app: App, said: str) -> None:
    assert decided(app, f"Ann: both quotes of the trial are in\nBob: {said}\nAnn: agreed\nCem: +1") == []
