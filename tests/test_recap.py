"""A recap quotes what people discussed, settled and asked, and nothing else."""

from __future__ import annotations

import time
from zoneinfo import ZoneInfo

import msgspec.structs
import pytest
from golden.rewrite import FOLDER, LANGUAGES, recap_of
from hypothesis import given, settings
from hypothesis import strategies as st
from talk_kit import MIXED, OFFICE, START, talk

from bot.app import App
from bot.models import Language
from bot.playground.markup import parse
from bot.recaps.compose import Recap
from bot.recaps.lines import cut_lines
from bot.recaps.message import recap_message, recap_rows
from bot.recaps.quotes import Quote
from bot.recaps.reading import LIVE, countable, read_talk
from bot.recaps.threads import link
from bot.rendering.preview import as_text
from bot.rendering.renderer import fits
from bot.talk import ChatMessage


def named(number: int) -> str:
    """Return a made-up word for a number, since messages that differ only in digits count as one."""
    return "".join("bdfgklmnpr"[int(digit)] + "aeiou"[int(digit) // 2] for digit in str(number))


def recap(app: App, messages: list[ChatMessage], characters: int | None = None) -> Recap | None:
    return app.recap_briefer().recap(messages, "zh", characters=characters)


@pytest.fixture
def mixed(app: App) -> Recap:
    found = recap(app, talk(MIXED))
    assert found is not None
    return found


def quotes(found: Recap) -> list[Quote]:
    told = [q for s in found.subjects for q in s.quotes]
    told += [*found.decisions, *found.questions]
    return [*told, *(other for q in told for other in (q.answer, q.asked) if other)]


def test_every_quotation_stands_word_for_word_in_its_message(mixed: Recap) -> None:
    written = {message.id: message for message in talk(MIXED)}
    told = quotes(mixed)
    assert len(told) >= 6
    for quote in told:
        assert quote.text in written[quote.message_id].text
        assert quote.author == written[quote.message_id].author


def test_bots_commands_courtesies_stickers_and_spam_do_not_count(mixed: Recap) -> None:
    said = " ".join(quote.text for quote in quotes(mixed))
    for noise in ("红包", "简报在这里", "/trend", "大家早", "好的谢谢", "👍", "哈哈"):
        assert noise not in said
    assert {person.name for person in mixed.people} == {"王敏", "Leo", "陈浩", "小雨", "赵磊"}


def test_what_was_settled_stands_apart_in_both_languages(mixed: Recap) -> None:
    said = [quote.text for quote in mixed.decisions]
    assert any("let's go with L40S" in text or "就先用L40S" in text for text in said)


def test_a_question_that_nobody_went_on_from_is_open_and_one_that_was_answered_is_not(mixed: Recap) -> None:
    asked = [quote.text for quote in mixed.questions]
    assert any("续签" in text for text in asked)
    assert not any("显存" in text for text in asked)


def test_a_quoted_question_is_quoted_with_its_answer(mixed: Recap) -> None:
    said = [quote.text for quote in quotes(mixed)]
    assert any("国产卡" in text for text in said)
    assert any("Ascend" in text for text in said)


OUTAGE = """Dana: is the api down for anyone else?
Raj: yep, 502s everywhere since 14:02
Tom: error rate on checkout went from 0.1% to 38% at 14:02
Raj: deploy 4821 went out at 13:58, that's the payment retry change
Lin: I see many idle sessions from the retry worker. They hold 400 connections
Tom: the retry worker opens a transaction and then waits on the payment call
Dana: roll back 4821 or kill the idle sessions?
Tom: let's roll back first, then kill the idle sessions
Dana: ok
Raj: killed 431 idle sessions, connections at 120 of 500
Lin: btw the status page is still green, I updated it for our customers
Dana: We'll do the timeout today, and the postmortem on Thursday
Tom: exactly
Raj: who writes the report for the customers?
Lin: has anyone told the support team about the checkout?"""


@pytest.fixture
def outage(app: App) -> Recap:
    found = recap(app, talk(OUTAGE))
    assert found is not None
    return found


def test_subjects_are_named_as_people_write_and_words_that_stand_together_are_one_name(outage: Recap) -> None:
    names = {name for subject in outage.subjects for name in subject.words}
    assert {"idle sessions", "retry worker"} & names
    assert all(name in OUTAGE for name in names)


def test_a_short_message_is_quoted_whole(outage: Recap) -> None:
    said = {quote.message_id: quote.text for quote in quotes(outage)}
    for message in talk(OUTAGE):
        if message.text.startswith("I see many"):
            assert said.get(message.id, message.text) == message.text


def test_what_was_settled_stands_in_order_of_time_with_the_question_that_it_settles(outage: Recap) -> None:
    first, last = outage.decisions
    assert "roll back first" in first.text
    assert first.asked is not None
    assert first.asked.text == "roll back 4821 or kill the idle sessions?"
    assert "postmortem on Thursday" in last.text
    told = [q.text for subject in outage.subjects for q in subject.quotes]
    assert first.asked.text not in told


def test_a_question_that_only_another_question_follows_is_open(outage: Recap) -> None:
    asked = {quote.text for quote in outage.questions}
    assert asked == {
        "who writes the report for the customers?",
        "has anyone told the support team about the checkout?",
    }


@pytest.mark.parametrize(
    ("after", "is_open"),
    [
        ("Bo: it is three hundred dollars for the larger one", False),
        ("Bo: by the way, the canteen has soup on Monday", True),
        ("Bo: when does the canteen close on Monday?", True),
    ],
)
def test_what_is_said_right_after_a_question_answers_it_unless_it_is_about_something_else(
    app: App, after: str, is_open: bool
) -> None:
    said = f"""Ann: the drive is full again, each meeting takes two gigabytes
Bo: shorten compresses the channels to half their size
Ann: compression takes an hour for each meeting
Dee: the transcribers want the channels apart
Cy: how much would another disk cost us?
{after}"""
    found = recap(app, talk(said))
    assert found is not None
    assert ("how much would another disk cost us?" in {q.text for q in found.questions}) == is_open


NINE = "\n".join(f"A{i}: the {named(i)} report needs another chart" for i in range(9))


@pytest.mark.parametrize(
    ("asked", "after", "is_open"),
    [
        ("新版本什么时候发布？", "没有消息，估计要到春节后", False),
        ("新版本什么时候发布？", "机房空调又坏了", True),
        ("谁去跟物业确认配电容量？", "我去吧", False),
        ("谁去跟物业确认配电容量？", "液冷机柜的报价太贵", True),
        ("how many racks fit into the second hall?", "forty, if the pillars stay", False),
        ("how many racks fit into the second hall?", "the coffee machine is broken again", True),
        ("who ordered the pumps for the second hall?", "it was Lena", False),
        ("is the second hall insured against floods?", "yes, since spring", False),
        ("is the second hall insured against floods?", "the coffee machine is broken again", True),
        ("when does the second hall open to customers?", "no idea", False),
    ],
)
def test_in_a_large_group_what_follows_a_question_answers_it_where_it_has_the_form_of_an_answer(
    app: App, asked: str, after: str, is_open: bool
) -> None:
    found = recap(app, talk(f"{NINE}\nBo: {asked}\nCy: {after}"))
    assert found is not None
    assert (asked in {quote.text for quote in found.questions}) == is_open


def test_answers_that_are_counted_are_not_quoted(app: App) -> None:
    answers = ("不焦虑", "不", "还好，不焦虑", "no", "不焦虑啊", "有点焦虑")
    said = "\n".join(f"P{number}: {answer}" for number, answer in enumerate(answers))
    found = recap(app, talk(f"{NINE}\nBo: 大家最近焦虑吗？\n{said}"))
    assert found is not None
    (counted,) = found.answered
    assert counted.tally is not None
    assert (counted.tally.no, counted.tally.yes, counted.tally.people) == (5, 1, 6)
    told = {quote.text for subject in found.subjects for quote in subject.quotes}
    assert told
    assert told.isdisjoint(answers)


@pytest.mark.parametrize(
    ("language", "about", "zone", "heading"),
    [
        ("en", "", "Asia/Shanghai", "Recap: 20 messages by 5 people\nSat 22 Nov, 16:29–17:00"),
        (
            "en",
            "pricing",
            "America/New_York",
            "Recap on pricing: 20 messages by 5 people\nSat 22 Nov, 03:29–04:00",
        ),
        ("zh", "@王敏", "Asia/Shanghai", "回顾王敏的发言：20条消息\n11月22日周六 16:29–17:00"),
        ("zh", "液冷", "", "回顾“液冷”：5人，20条消息\n2025-11-22"),
    ],
)
def test_the_heading_says_what_it_is_on_and_from_when_to_when(
    app: App, mixed: Recap, language: Language, about: str, zone: str, heading: str
) -> None:
    local = ZoneInfo(zone) if zone else None
    message = recap_message(app.renderer, mixed, language, lambda _: None, None, zone=local, about=about)
    assert as_text(message).startswith(f"{heading}\n")


def test_a_talk_of_less_than_a_minute_has_one_moment(app: App, mixed: Recap) -> None:
    begun = mixed.since - mixed.since % 60
    soon = msgspec.structs.replace(mixed, since=begun, until=begun + 59)
    message = recap_message(app.renderer, soon, "en", lambda _: None, None, zone=ZoneInfo("UTC"))
    assert as_text(message).split("\n")[1] == "Sat 22 Nov, 08:29"


def test_a_recap_of_one_message_offers_no_more_than_it_says(app: App) -> None:
    briefer = app.recap_briefer()
    one = briefer.recap(talk("Ann: the larger disk costs three hundred dollars"), "en", least=1)
    several = briefer.recap(talk(OFFICE), "en")
    assert one is not None
    assert several is not None
    labels = [
        [button.text for row in recap_rows(app.renderer, told, "v", "en", "h1", brief=True) for button in row]
        for told in (one, several)
    ]
    assert "More" not in labels[0]
    assert "More" in labels[1]


def test_who_only_wants_to_hear_yes_asks_nothing(app: App) -> None:
    lines = "\n".join(f"A{i}: the {named(i)} report needs another chart" for i in range(6))
    found = recap(app, talk(f"{lines}\nCy: reverberation is still the main problem , right ?"))
    assert found is not None
    assert not found.questions


def test_the_subject_most_spoken_of_comes_first_and_what_stands_alone_is_said_in_passing(
    outage: Recap,
) -> None:
    *subjects, last = outage.subjects
    assert [s.messages for s in subjects] == sorted((s.messages for s in subjects), reverse=True)
    assert all(subject.words for subject in subjects)
    assert last.words == ()
    assert [quote.text for quote in last.quotes] == [
        "btw the status page is still green, I updated it for our customers"
    ]


@pytest.mark.parametrize(
    "said", ["Yeah . Okay .", "mm-hmm", "ok thanks all", "好的，收到，谢谢大家", "exactly, makes sense"]
)
def test_courtesies_in_a_row_do_not_count(said: str) -> None:
    assert countable(talk(f"A: {said}")) == []


def test_courtesies_without_end_cost_no_time() -> None:
    began = time.process_time()
    assert len(countable(talk("A: " + "good morning ok no problem " * 150 + "then rain falls"))) == 1
    assert time.process_time() - began < 0.5


def test_an_advertisement_does_not_count_even_once_and_talk_about_one_does() -> None:
    advert = "A: online casino bonus, free spins, play now at www.luckyspin.top"
    assert countable(talk(advert)) == []
    assert countable(talk("A: the casino lobby fights the new gambling law in court"))


@pytest.mark.parametrize("characters", [60, 160, 400])
def test_the_characters_are_used_and_no_word_is_cut(app: App, characters: int) -> None:
    found = recap(app, talk(OUTAGE), characters)
    assert found is not None
    assert characters * 0.85 <= sum(len(point.text) for point in found.points) <= characters
    written = {message.id: message.text for message in talk(OUTAGE)}
    for point in found.points:
        whole = written[point.message_id]
        end = whole.index(point.text) + len(point.text)
        assert not (whole[end - 1] + whole[end : end + 1]).isalnum() or end == len(whole)


def test_a_link_is_shown_without_the_full_stop_behind_it(mixed: Recap) -> None:
    assert [link.url for link in mixed.links] == ["https://github.com/vllm-project/vllm-ascend"]


def test_topics_of_the_talk_that_reports_speak_of_open_a_passage(app: App, mixed: Recap) -> None:
    assert "power" in {known.topic.id for known in mixed.evidence}
    held = app.library.topic_reports()
    for known in mixed.evidence:
        assert known.reports == held[known.topic.id]
        assert app.library.passage(known.passage_id) is not None


def test_a_topic_named_once_in_a_long_talk_is_no_subject_of_reports(app: App) -> None:
    lines = [f"A{i % 5}: the cat sleeps on blanket number {i} near the {named(i)} window" for i in range(60)]
    lines[30] = "A1: my uncle sells electricity"
    found = recap(app, talk("\n".join(lines)))
    assert found is not None
    assert not found.evidence


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recap_reads_as_it_is_kept(app: App, language: Language) -> None:
    """After an intended change run `python tests/golden/rewrite.py` and read the diff."""
    assert recap_of(app, language) == (FOLDER / f"recap-of-a-talk.{language}.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("lines", "gap", "kept"),
    [
        (["Ann: GPU price 100", "Ann: GPU price 120"], 60, 2),
        (["Ann: GPU price 100", "Bob: GPU price 120", "Cid: GPU price 90"], 60, 3),
        ([f"Ann: 今天跑了{n}公里" for n in range(5, 12)], 86_400, 7),
        ([f"Ann: 领红包 {n} 元" for n in (100, 200, 300)], 60, 0),
        ([f"Ann{n}: join channel {n} now" for n in range(5)], 60, 0),
        (["Ann: join my channel"] * 3, 86_400, 0),
        (["Ann: the rack is full", "Bob: The rack is full!"], 60, 1),
    ],
)
def test_a_series_of_numbers_counts_and_a_flood_does_not(lines: list[str], gap: int, kept: int) -> None:
    assert len(countable(talk("\n".join(lines), gap=gap))) == kept


@pytest.mark.parametrize(("language", "word"), [("en", "repeats"), ("zh", "重复")])
def test_why_a_flood_has_no_recap_is_said(app: App, language: Language, word: str) -> None:
    assert recap(app, talk("\n".join(f"Ann: join channel {n} now" for n in range(2500)), gap=1)) is None
    assert word in app.renderer.word("recap_nothing", language, 2500)
    assert word not in app.renderer.word("recap_nothing", language, 2)


def test_pages_in_one_message_cost_little_more_than_a_long_message() -> None:
    page = " ".join(f"{named(i)} power" for i in range(40_000))
    messages = [msgspec.structs.replace(m, text=page[50 * m.id : 40_000]) for m in talk(MIXED)]
    reading = read_talk(messages, 0, LIVE)
    assert {len(message.text) for message in reading.messages} == {LIVE.message}
    assert (reading.read, reading.total, reading.cut) == (len(messages), len(messages), True)


def test_of_a_long_message_whole_sentences_are_read() -> None:
    messages = [
        msgspec.structs.replace(m, text=f"{named(m.id)} needs more racks. " * 99) for m in talk(MIXED)
    ]
    assert all(m.text.endswith("racks.") for m in read_talk(messages, 0, LIVE).messages)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "covers only the last 200 of 2,500 messages, and of very long ones"),
        ("zh", "2500条中最近的200条"),
    ],
)
def test_what_a_recap_of_very_much_leaves_out_is_said(app: App, language: Language, said: str) -> None:
    lines = [f"A{i % 9}: {f'The {named(i)} hall needs more power for its racks. ' * 80}" for i in range(2000)]
    found = app.recap_briefer().recap(talk("\n".join(lines)), language, total=2500)
    assert found is not None
    assert said in recap_message(app.renderer, found, language, lambda _: None, None).html


def test_a_recap_of_long_messages_takes_no_more_work_than_its_budget(app: App) -> None:
    lines = [f"A{i % 9}: {f'The {named(i)} hall needs more power for its racks. ' * 80}" for i in range(2000)]
    messages = talk("\n".join(lines))
    recap(app, messages[:50])
    began = time.process_time()
    assert recap(app, messages) is not None
    assert time.process_time() - began < 2.0


def test_a_usual_day_of_a_busy_group_is_read_whole() -> None:
    reading = read_talk(
        talk("\n".join(f"A: {named(i)} {'racks and halls ' * 4}" for i in range(2000))), 0, LIVE
    )
    assert (reading.read, reading.cut) == (2000, False)


@pytest.mark.parametrize("text", ["A: hello\nB: hi", "A: 大家好\nB: 我们开会吧\nC: 好的", "A: 👍\nB: 😂"])
def test_a_talk_of_a_few_words_has_no_recap(app: App, text: str) -> None:
    assert recap(app, talk(text)) is None


def test_a_reply_link_decides_whatever_stands_between() -> None:
    lines = [f"{'Ann' if i % 2 else 'Bob'}: we speak of {named(i)} and of nothing else" for i in range(12)]
    messages = [
        msgspec.structs.replace(m, reply_to=m.id - 2 if i >= 2 else None)
        for i, m in enumerate(talk("\n".join(lines)))
    ]
    assert link(messages, [set() for _ in messages])[2:] == list(range(10))


def test_forum_topics_are_never_one_thread() -> None:
    said = talk("\n".join(f"Ann: cooling pumps and racks, {named(i)}" for i in range(6)))
    messages = [msgspec.structs.replace(m, thread_id=i % 2) for i, m in enumerate(said)]
    parents = link(messages, [{"cooling", "pump", "rack"} for _ in messages])
    assert parents[:2] == [None, None]
    assert all((index - (parent or 0)) % 2 == 0 for index, parent in enumerate(parents) if parent is not None)


@given(
    st.lists(
        st.builds(
            ChatMessage,
            id=st.integers(1, 10**6),
            author_id=st.integers(-5, 5),
            author=st.text(max_size=20),
            text=st.text(max_size=300),
            at=st.integers(START, START + 10**6),
            reply_to=st.none() | st.integers(1, 10**6),
            thread_id=st.integers(0, 2),
            bot=st.booleans(),
        ),
        max_size=40,
        unique_by=lambda m: m.id,
    ),
    st.integers(1, 300),
)
@settings(deadline=None, max_examples=60)
def test_whatever_is_written_ids_come_from_the_input_and_the_characters_suffice(
    app: App, messages: list[ChatMessage], characters: int
) -> None:
    found = recap(app, messages, characters)
    texts = {m.id: m.text for m in messages}
    for point in found.points if found else ():
        assert point.text in texts[point.message_id]
    assert sum(len(point.text) for point in (found.points if found else ())) <= characters


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_recap_of_any_talk_is_one_message_that_telegram_takes(app: App, language: Language) -> None:
    names = "&<b>" * 30
    lines = [
        f"{names}{i % 11}: <i>subject {i % 9}</i> & {f'word{i % 9} ' * 25}? https://example.org/{i}{'x' * 300}"
        for i in range(300)
    ]
    found = app.recap_briefer().recap(talk("\n".join(lines)), language)
    assert found is not None
    address = "https://t.me/c/1234567890/{}".format
    message = recap_message(app.renderer, found, language, address, "trend_bot")
    assert fits(message)
    assert parse(message.html).lost == ()


def test_each_quotation_links_to_its_message(app: App, mixed: Recap) -> None:
    message = recap_message(app.renderer, mixed, "zh", "https://t.me/c/1234567890/{}".format, "trend_bot")
    for quote in quotes(mixed):
        assert f'href="https://t.me/c/1234567890/{quote.message_id}"' in message.html
    plain = recap_message(app.renderer, mixed, "zh", lambda _: None, None)
    assert "t.me" not in plain.html
    assert as_text(plain) == as_text(message).replace(" ↗", "")


def test_a_long_talk_costs_in_proportion_to_its_length(app: App) -> None:
    words = (
        "compute power price rack cooling model agent market chip cluster budget vendor team paper".split()
    )
    lines = [f"P{i % 30}: {words[i % 14]} {words[i % 13]} {words[i % 11]} {named(i)}" for i in range(5000)]
    messages = talk("\n".join(lines), gap=15)
    recap(app, messages[:200])

    def cpu(count: int) -> float:
        began = time.process_time()
        assert recap(app, messages[:count]) is not None
        return time.process_time() - began

    # Four times the messages cost four times as much if the cost is linear, sixteen times if it is quadratic.
    assert min(cpu(5000) for _ in range(3)) < 8 * min(cpu(1250) for _ in range(3))


def test_words_that_judge_or_point_name_no_subject(app: App) -> None:
    said = "\n".join(
        f"A{n % 3}: 来说这个问题，整个机房的水泵{word}"
        for n, word in enumerate(("到货了", "漏水了", "换好了", "很吵", "停了", "要订两台"))
    )
    found = recap(app, talk(said))
    assert found is not None
    names = {name for subject in found.subjects for name in subject.words}
    assert names & {"机房", "水泵", "机房水泵"}
    assert not names & {"来说", "问题", "整个"}


@pytest.mark.parametrize(
    ("asked", "settled", "shown"),
    [
        ("Who watches the racks at night?", "We agreed on cold plates for the second hall.", False),
        ("那谁来盯夜里的机柜？", "我们决定二号机房用冷板", False),
        ("When is the pump test?", "We agreed on Monday at nine for it.", True),
        (
            "Which plates do we take for the second hall?",
            "We agreed on cold plates for the second hall.",
            True,
        ),
        ("哪天做水泵测试？", "我们定了周一上午九点半", True),
    ],
)
def test_a_decision_is_told_with_the_question_that_it_answers(
    app: App, asked: str, settled: str, shown: bool
) -> None:
    before = "Cem: The crane came on Thursday\nDan: Rain is forecast, the crane may have to wait\n"
    found = app.recap_briefer().recap(talk(f"{before}Ann: {asked}\nBob: {settled}"), "en", least=1)
    assert found is not None
    (decision,) = found.decisions
    assert decision.text == settled
    assert (decision.asked is not None) == shown


@pytest.mark.parametrize(("opening", "joins"), [("but the", True), ("The", False)])
def test_what_only_goes_on_joins_the_message_before_it_though_they_share_no_word(
    app: App, opening: str, joins: bool
) -> None:
    busy = "\n".join(f"P{number}: {named(100 + number)} {named(200 + number)}" for number in range(7))
    messages = talk(
        f"{busy}\nAnn: Nvidia puts a hundred billion into OpenAI\nBob: {opening} cheque depends on gigawatts"
    )
    terms = [line.terms for line in cut_lines(messages, app.segmenter)]
    assert link(messages, terms)[-1] == (len(messages) - 2 if joins else None)


def test_six_lines_tell_no_answer_without_its_question_where_a_line_stands_alone(app: App) -> None:
    said = """Ann: did everyone see the new DeepSeek weights last night?
Bob: yes, the sparse attention one from the paper
Cem: DeepSeek cuts the prices of its API with sparse attention by half
Dan: the sparse attention of DeepSeek needs new kernels"""
    found = app.recap_briefer().recap(talk(said), "en", least=1)
    assert found is not None
    assert not any(quote.text.startswith("yes") for quote in found.brief.points)
