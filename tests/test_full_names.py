"""A question about a person and a product is answered by what has both, or says that no report has the person with it."""

from __future__ import annotations

from datetime import date

import pytest
from library_kit import Shelf

DAY = date(2026, 9, 9)


@pytest.fixture
def press(shelf: Shelf) -> Shelf:
    shelf.put("qwen", "Qwen 2.5 leads the charts for open models this week.", "en", DAY)
    shelf.put("people", "Jensen Huang opened a plant. Tim Cook met Maria Keller in Berlin.", "en", DAY)
    shelf.put("both", "Lena Brandt said that Qwen beats what her own lab has built.", "en", DAY)
    shelf.put("zh", "煮土豆比烤土豆更健康，营养学家说。", "zh", DAY)
    return shelf


@pytest.mark.parametrize(
    "text",
    [
        "What did {} say about Qwen?",
        "What does {} think of Qwen?",
        "Has {} commented on Qwen?",
        "{} on Qwen",
        "Why is {} worried about Qwen?",
    ],
)
@pytest.mark.parametrize("name", ["Jensen Huang", "Tim Cook", "Maria Keller", "Otto Nowhere"])
def test_a_person_whom_no_report_has_with_it_is_left_out_and_said_to_be(
    press: Shelf, text: str, name: str
) -> None:
    told = press.brief(text.format(name))
    assert told
    assert told.query.without == name
    assert "Qwen" in told.points[0].text


@pytest.mark.parametrize(
    "text", ["What did Lena Brandt say about Qwen?", "Lena Brandt on Qwen", "Does Lena Brandt like Qwen?"]
)
def test_what_has_both_answers_alone(press: Shelf, text: str) -> None:
    told = press.brief(text)
    assert told
    assert not told.query.without
    assert [point.text[:11] for point in told.points] == ["Lena Brandt"]


def test_a_sentence_under_a_heading_with_the_product_is_of_it_and_one_beside_it_is_not(shelf: Shelf) -> None:
    shelf.put("heading", "## Qwen 3\n\nMaria Keller calls the model a turning point.", "en", DAY)
    shelf.put("list", "Qwen 3 is out. Otto Brandt has opened a museum of looms.", "en", DAY)
    under, beside = (
        shelf.brief(f"What did {name} say about Qwen?") for name in ("Maria Keller", "Otto Brandt")
    )
    assert under
    assert under.points[0].text.startswith("Maria Keller")
    assert beside
    assert beside.query.without == "Otto Brandt"


@pytest.mark.parametrize("text", ["What did Tim Cook say?", "Who is Otto Nowhere?", "Tim Cook in Moscow"])
def test_a_person_without_a_topic_is_not_left_out_nor_translated(press: Shelf, text: str) -> None:
    told = press.brief(text)
    assert told is None or (not told.query.without and "土豆" not in told.points[0].text)


@pytest.mark.parametrize(
    ("question", "stated", "other"),
    [
        ("Has Bill Gates invested in Qwen?", "Bill Gates invested in Qwen last year.", "The Golden Gate is what Qwen draws best."),
        ("What did Lena Brooks say about Qwen?", "Qwen is fine, said Brooks.", "Qwen writes of a brook in May."),
        ("What did Ann Stones say about Qwen?", "Qwen is a fine model, says Ann Stones.", "Qwen tells stone from clay."),
        ("Did Humane fail?", "The pin of Humane failed.", "A human may fail too."),
        ("Is Humane banned?", "Texas banned the Humane pin.", "Texas banned human copies."),
    ],
)  # fmt: skip  # a case a line
def test_a_name_is_no_form_of_a_word(shelf: Shelf, question: str, stated: str, other: str) -> None:
    shelf.put("other", other, "en", date(2026, 9, 20))
    shelf.put("stated", stated, "en", DAY)
    told = shelf.brief(question)
    assert told
    assert [point.text for point in told.points] == [stated]
