"""Which statements come first: central, relevant, able to stand alone, from several reports, none twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.models import Edition, Passage, Report, Sentence
from bot.trends.ranking import Ranked, choose, doubted_last, rank, similarity
from bot.trends.statements import Statement, Wording

TERMS = st.frozensets(st.sampled_from("abcdefghijkl"), min_size=1)
POOLS = st.lists(st.tuples(TERMS, st.sampled_from("123"), st.floats(0.1, 10)), max_size=25)


def statement(
    text: str,
    report: str = "r",
    *,
    position: int = 0,
    index: int = 0,
    direct: bool = True,
    language: str = "en",
) -> Statement:
    edition = Edition(report, language, "Title", "", brief=False, passages=1)
    passage = Passage(f"{report}{position}", report, language, position, 0, 0, (Sentence(text),))
    words = text.casefold().rstrip(".?").split()
    wording = Wording(passage, 0, " ".join(words))
    return Statement(
        Report(report, None, False, "", (edition,)), position, index, direct, {language: wording}
    )


def said(ranked: list[Ranked]) -> list[str]:
    return [next(iter(r.statement.wordings.values())).sentence.text for r in ranked]


def pooled(pool: list[tuple[frozenset[str], str, float]]) -> list[Ranked]:
    made = [
        Ranked(statement(f"s{n}", f"r{report}"), weight, terms)
        for n, (terms, report, weight) in enumerate(pool)
    ]
    return sorted(made, key=lambda r: -r.weight)


def test_what_several_reports_say_goes_before_what_one_says() -> None:
    shared = "Demand for compute exceeds the supply in every region"
    first, *_ = rank(
        [
            statement("A village festival drew crowds of visitors this spring", "a"),
            statement(shared, "b"),
            statement("Demand for compute exceeds the supply say analysts again", "c"),
        ]
    )
    assert "Demand for compute" in said([first])[0]


def test_a_doubted_number_is_said_after_a_sure_one() -> None:
    doubted = statement("Investment in the region reached $25 billion in 2024 (doubtful).", "a")
    sure = statement("Investment in the region reached $93 billion in total in 2024.", "b", position=3)
    assert said(doubted_last(rank([doubted, sure]))) == said(rank([sure])) + said(rank([doubted]))


def test_a_sentence_on_the_query_goes_before_its_neighbour() -> None:
    on, beside = (
        statement("Compute prices fell in every single region", "a", direct=d) for d in (True, False)
    )
    assert [r.statement for r in rank([beside, on])] == [on, beside]


def test_a_sentence_that_leans_on_the_one_before_goes_last() -> None:
    alone = "Compute prices fell by half in every region"
    for leaning in (
        "It means that compute prices fell in every region",
        "However compute prices fell by half in every region",
        "What does it mean that compute prices fell in regions?",
        "Compute prices also fell by half in every region",
    ):
        assert said(rank([statement(leaning, "a"), statement(alone, "b")])) == [alone, leaning]


def test_scraps_and_sentences_that_fill_the_screen_go_last() -> None:
    good = "Compute prices fell by half in every region of the country."
    for bad in ("Compute prices fell.", f"{good} {'and so on and on ' * 30}."):
        assert said(rank([statement(bad, "a"), statement(good, "b")]))[0] == good


def test_what_a_report_says_early_goes_first() -> None:
    late, early = (statement("Compute prices fell by half in every region", "a", position=p) for p in (30, 0))
    assert [r.statement.position for r in rank([late, early])] == [0, 30]


def test_nothing_is_chosen_twice_and_no_near_repetition() -> None:
    ranked = rank(
        [
            statement("Compute prices fell by half in every region", "a"),
            statement("Compute prices fell by half in every region again", "b"),
            statement("Chips for phones are sold at higher margins", "c"),
        ]
    )
    chosen = choose(ranked, 5)
    assert len(chosen) == 2
    assert choose(ranked, 5, chosen) == []


def test_a_report_that_has_spoken_gives_way() -> None:
    topics = "prices supply demand power water staff".split()
    many = [
        Ranked(statement(f"about {t}", "loud", index=n), 1.0, frozenset({t})) for n, t in enumerate(topics)
    ]
    other = Ranked(statement("about land", "quiet"), 0.7, frozenset({"land"}))
    assert [r.statement.report.id for r in choose([*many, other], 3)] == ["loud", "quiet", "loud"]


def test_what_was_chosen_before_counts() -> None:
    ranked = pooled([(frozenset("ab"), "1", 3.0), (frozenset("ab"), "2", 2.0), (frozenset("xy"), "3", 1.0)])
    assert choose(ranked, 5, ranked[:1]) == ranked[2:]


@given(POOLS, st.integers(0, 12))
def test_what_is_chosen_is_new_and_no_more_than_wanted(
    pool: list[tuple[frozenset[str], str, float]], count: int
) -> None:
    ranked = pooled(pool)
    chosen = choose(ranked, count)
    assert len(chosen) <= count
    assert all(similarity(a, b) < 0.55 for i, a in enumerate(chosen) for b in chosen[:i])
    if ranked and count:
        assert chosen[0] is ranked[0]
    more = choose(ranked, count, chosen)
    assert not {id(r) for r in chosen} & {id(r) for r in more}


@given(TERMS, TERMS)
def test_similarity_is_a_share(one: frozenset[str], other: frozenset[str]) -> None:
    first, second = (Ranked(statement("s"), 1.0, terms) for terms in (one, other))
    assert 0.0 <= similarity(first, second) == similarity(second, first) <= 1.0 + 1e-9
    assert abs(similarity(first, first) - 1.0) < 1e-9


def test_ranking_nothing_gives_nothing() -> None:
    assert rank([]) == []
    assert choose([], 5) == []
    assert [ranked.weight for ranked in rank([statement("", "a")])] == [0.0]


def test_what_holds_more_of_the_words_that_were_asked_for_goes_first() -> None:
    near = statement("Hardware costs fall by a third each year.", "a", position=9)
    far = statement("Training of models cost a third less last year.", "b")
    assert rank([far, near], ("hardware", "cost", "fall"))[0].statement is near


def test_a_heading_goes_after_a_sentence() -> None:
    heading = "Global compute centre development in every region and country"
    sentence = "Compute prices fell by half in the south of the country."
    assert said(rank([statement(heading, "a"), statement(sentence, "b", position=9)])) == [sentence, heading]
