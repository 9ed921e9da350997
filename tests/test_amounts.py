"""An amount has the value that its sentence states, however it is written, or is no figure at all; never another value."""

from __future__ import annotations

import pytest

from bot.figures.extraction import find_figures
from bot.models import Figure


def figures(sentence: str) -> tuple[Figure, ...]:
    chinese = any("一" <= char <= "鿿" for char in sentence)
    return find_figures(sentence, "zh" if chinese else "en", None)


def check(sentence: str, value: float, unit: str) -> None:
    found = figures(sentence)
    assert [figure.unit for figure in found] == [unit], found
    assert found[0].value == pytest.approx(value)
    assert found[0].text in sentence
    assert found[0].text in found[0].clause
    assert found[0].clause in sentence


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("企业投入30多亿元建设机房。", 3e9, "CNY"),
        ("企业投入1000多万元建设机房。", 1e7, "CNY"),
        ("企业投入一千余万元建设机房。", 1e7, "CNY"),
        ("全年产值3万多亿元。", 3e12, "CNY"),
        ("总投资两百多亿元。", 2e10, "CNY"),
        ("规模达100多万亿元。", 1e14, "CNY"),
        ("新增20余万个岗位。", 2e5, "job"),
        ("吸引十多亿美元投资。", 1e9, "USD"),
        ("有3千多人参加。", 3000, "person"),
    ],
)
def test_a_blurred_number_is_worth_its_lower_bound(sentence: str, value: float, unit: str) -> None:
    check(sentence, value, unit)


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("投资3亿2千万元。", 3.2e8, "CNY"),
        ("投资三亿两千万元。", 3.2e8, "CNY"),
        ("投资1万2千亿元。", 1.2e12, "CNY"),
        ("投资1.2万亿元。", 1.2e12, "CNY"),
        ("用户达1亿3000万人。", 1.3e8, "person"),
        ("售价2万5千元。", 25_000, "CNY"),
        ("造价3亿6千5百万加元。", 3.65e8, "CAD"),
        ("共有三万五千人。", 35_000, "person"),
        ("它花了3百万元。", 3e6, "CNY"),
        ("造价3亿零5百万元。", 3.05e8, "CNY"),
        ("造价 3 亿 2 千万元。", 3.2e8, "CNY"),
    ],
)
def test_two_scales_are_one_number(sentence: str, value: float, unit: str) -> None:
    check(sentence, value, unit)


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("投入三点五亿元。", 3.5e8, "CNY"),
        ("售价三点八万元。", 38_000, "CNY"),
        ("速度提升三点五倍。", 3.5, "x"),
        ("占比提高零点五个百分点。", 0.5, "pp"),
        ("增长百分之三点五。", 3.5, "%"),
        ("花了五点五万美元。", 55_000, "USD"),
        ("One point two million people signed up.", 1.2e6, "person"),
        ("It raised three point two five billion dollars.", 3.25e9, "USD"),
        ("Zero point five percent of users left.", 0.5, "%"),
    ],
)
def test_a_decimal_point_can_be_spoken(sentence: str, value: float, unit: str) -> None:
    check(sentence, value, unit)


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("Half a million users joined in a week.", 5e5, "user"),
        ("Two and a half billion dollars were invested.", 2.5e9, "USD"),
        ("One and a half million users joined.", 1.5e6, "user"),
        ("It cost 2 and a half billion dollars.", 2.5e9, "USD"),
        ("It is two and a half times as fast.", 2.5, "x"),
        ("One hundred and twenty million users joined.", 1.2e8, "user"),
        ("Twenty-five million users joined.", 2.5e7, "user"),
        ("Three and a quarter million users joined.", 3.25e6, "user"),
    ],
)
def test_a_number_in_words_is_read_to_its_end(sentence: str, value: float, unit: str) -> None:
    check(sentence, value, unit)


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("全国数据中心用电一千六百亿千瓦时。", 1.6e14, "wh"),
        ("装机三百万千瓦。", 3e9, "w"),
        ("装机100兆瓦。", 1e8, "w"),
        ("带宽达到100兆比特。", 1e8, "bit"),
        ("用电5千千瓦时。", 5e6, "wh"),
        ("台积电市值25兆元。", 2.5e13, "CNY"),
        ("台积电市值达新台币25兆元。", 2.5e13, "TWD"),
        ("营收1.2兆元新台币。", 1.2e12, "TWD"),
        ("投资1.2兆美元。", 1.2e12, "USD"),
        ("投资两兆元。", 2e12, "CNY"),
    ],
)
def test_a_scale_is_told_from_the_beginning_of_a_unit(sentence: str, value: float, unit: str) -> None:
    check(sentence, value, unit)


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("售价1万2。", 12_000, ""),
        ("售价1万2000元。", 12_000, "CNY"),
        ("月薪1万5的工程师。", 15_000, ""),
        ("租金3万1天。", 30_000, ""),
    ],
)
def test_the_last_scale_may_go_unsaid(sentence: str, value: float, unit: str) -> None:
    check(sentence, value, unit)


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("营收增长两成五。", 25),
        ("产量增长三成多。", 30),
        ("约三成半用户离开。", 35),
        ("比上年增长一成三。", 13),
    ],
)
def test_a_tenth_and_what_follows_it_are_one_share(sentence: str, value: float) -> None:
    check(sentence, value, "%")


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("利率上调25个基点。", 0.25),
        ("利率下调50基点。", 0.5),
        ("利率上升五十个基点。", 0.5),
        ("收益率上升10个BP。", 0.1),
        ("It raised rates by 50 basis points.", 0.5),
        ("Margins rose 150 bps.", 1.5),
        ("The spread is 5 basis points.", 0.05),
        ("It cut by twenty-five basis points.", 0.25),
    ],
)
def test_a_basis_point_is_a_hundredth_of_a_percentage_point(sentence: str, value: float) -> None:
    check(sentence, value, "pp")


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("该厂去年净利润为-3.2亿元。", -3.2e8, "CNY"),
        ("该厂去年净利润为−3.2亿元。", -3.2e8, "CNY"),
        ("该厂去年净利润为负3.2亿元。", -3.2e8, "CNY"),
        ("该厂去年净利润为(3.2)亿元。", -3.2e8, "CNY"),
        ("该厂去年净利润-3.2亿美元。", -3.2e8, "USD"),
        ("净利润为人民币-3.2亿元。", -3.2e8, "CNY"),
        ("Net income of $(1.2) billion surprised analysts.", -1.2e9, "USD"),
        ("Net income was -$2.5 billion in 2024.", -2.5e9, "USD"),
        ("Net income was −$1.2bn.", -1.2e9, "USD"),
        ("Net income was -$5m.", -5e6, "USD"),
        ("Net income was $-5m.", -5e6, "USD"),
        ("Net income was minus $3 billion.", -3e9, "USD"),
        ("Net income was ($3.2 billion).", -3.2e9, "USD"),
        ("Net income was $(120) million.", -1.2e8, "USD"),
        ("占比变化为-0.3个百分点。", -0.3, "pp"),
        ("Sales changed by minus 3 percent.", -3, "%"),
    ],
)
def test_less_than_nothing_is_negative(sentence: str, value: float, unit: str) -> None:
    check(sentence, value, unit)


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("It lost $3 billion.", [3e9]),
        ("The deal ($3 billion) closed.", [3e9]),
        ("The plan costs $5-10 billion.", [5e9]),
        ("约5-10亿元。", [5e8]),
        ("全球投资2523亿美元(折合人民币1.8万亿元)。", [2.523e11, 1.8e12]),
        ("净利润由-3亿元增至5亿元。", [-3e8, 5e8]),
        ("-5亿元投资", []),
        ("GPT-5亿元", []),
    ],
)
def test_a_dash_and_brackets_that_are_no_minus_turn_nothing_round(sentence: str, values: list[float]) -> None:
    assert [figure.value for figure in figures(sentence)] == pytest.approx(values)


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("The pilot line cost $1.2MM in 2024.", 1.2e6, "USD"),
        ("The pilot line cost $1.2 MM.", 1.2e6, "USD"),
        ("It raised $3bn.", 3e9, "USD"),
        ("Revenue rose to ₹10,372 crore.", 1.0372e11, "INR"),
        ("Revenue rose to Rs 500 crore.", 5e9, "INR"),
        ("It cost Rs. 1.5 cr.", 1.5e7, "INR"),
        ("It cost Rs 3 lacs.", 3e5, "INR"),
        ("About 5 lakh people came.", 5e5, "person"),
        ("The market is 1 lakh crore rupees.", 1e12, "INR"),
        ("It has 12,34,567 users.", 1_234_567, "user"),
    ],
)
def test_scales_of_other_places_are_read(sentence: str, value: float, unit: str) -> None:
    check(sentence, value, unit)


@pytest.mark.parametrize(
    ("sentence", "value", "unit"),
    [
        ("It paid CHF 5 million.", 5e6, "CHF"),
        ("It paid 5 million Canadian dollars.", 5e6, "CAD"),
        ("It paid 3 billion Hong Kong dollars.", 3e9, "HKD"),
        ("It paid R$5bn.", 5e9, "BRL"),
        ("It paid AED 3 billion.", 3e9, "AED"),
        ("It paid 3 billion dirhams.", 3e9, "AED"),
        ("It paid 5 million SGD.", 5e6, "SGD"),
        ("作价港币20.72亿元。", 2.072e9, "HKD"),
        ("资本额日币2亿5千万元。", 2.5e8, "JPY"),
        ("作价41210亿越南盾。", 4.121e12, "VND"),
    ],
)
def test_money_keeps_its_currency(sentence: str, value: float, unit: str) -> None:
    check(sentence, value, unit)


@pytest.mark.parametrize(
    "sentence",
    [
        "三点五分开会",
        "两点一线",
        "三点一刻到场",
        "十一点五十分",
        "带宽100兆",
        "A 1.2MM lens",
        "PHP 4 or 5",
        "One million and a half users",
        "three quarters of a million users",
        "第(3)亿",
        "十几亿元",
        "1 000 000 users",
    ],
)
def test_what_cannot_be_told_is_no_figure(sentence: str) -> None:
    assert figures(sentence) == ()
