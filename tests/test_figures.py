"""The figures of a sentence are read with their value, clause, time and meaning; nothing else is read as a figure."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.extraction import find_figures
from bot.models import Figure
from bot.text.normalise import has_han

PUBLISHED = date(2025, 4, 8)


def figures(sentence: str, language: str = "") -> tuple[Figure, ...]:
    """Return the figures of `sentence` as of April 2025; without `language`, Chinese if it has Chinese characters."""
    chinese = any("一" <= c <= "鿿" for c in sentence)
    return find_figures(sentence, language or ("zh" if chinese else "en"), PUBLISHED)


def only(sentence: str) -> Figure:
    found = figures(sentence)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    "written",
    [
        "投资达到2523亿美元",
        "投资达到 2523 亿美元",
        "投资达到２５２３亿美元",
        "投资达到$252.3B",
        "Investment reached $252.3B.",
        "Investment reached $252.3bn.",
        "Investment reached $252.3 billion.",
        "Investment reached US$252.3 billion.",
        "Investment reached USD 252.3 billion.",
        "Investment reached 252.3 billion US dollars.",
        "Investment reached 252,300 million dollars.",
    ],
)
def test_one_sum_is_one_value_however_it_is_written(written: str) -> None:
    assert [(f.value, f.unit) for f in figures(written)] == [(252_300_000_000.0, "USD")]


@pytest.mark.parametrize(
    ("sentence", "value", "unit", "text"),
    [
        # money
        ("项目总投资690亿元", 69e9, "CNY", "690亿元"),
        ("折合人民币682亿元", 682e8, "CNY", "682亿元"),
        ("市场规模超过两千亿元", 2e11, "CNY", "两千亿元"),
        ("产值突破3.5万亿元", 3.5e12, "CNY", "3.5万亿元"),
        ("售价¥1,999起", 1999, "CNY", "¥1,999"),
        ("预算为5000万欧元", 5e7, "EUR", "5000万欧元"),
        ("It raised RMB 10 billion.", 1e10, "CNY", "RMB 10 billion"),
        ("It raised 10 billion yuan.", 1e10, "CNY", "10 billion yuan"),
        ("The plan costs €1.5bn.", 1.5e9, "EUR", "€1.5bn"),
        ("It sells for $20k.", 20_000, "USD", "$20k"),
        ("They made $5 billion deals.", 5e9, "USD", "$5 billion"),
        # shares and multiples
        ("占比23.2%", 23.2, "%", "23.2%"),
        ("占比百分之三十", 30, "%", "百分之三十"),
        ("近八成受访者使用AI", 80, "%", "八成"),
        ("同比下降 -5%", -5, "%", "-5%"),
        ("It grew 12 percent.", 12, "%", "12 percent"),
        ("高出5.8个百分点", 5.8, "pp", "5.8个百分点"),
        ("It rose 5.8 percentage points.", 5.8, "pp", "5.8 percentage points"),
        ("成本为英伟达的1.5倍", 1.5, "x", "1.5倍"),
        ("速度提升十倍", 10, "x", "十倍"),
        ("Costs are 1.5 times Nvidia's.", 1.5, "x", "1.5 times"),
        ("A 10-fold increase.", 10, "x", "10-fold"),
        ("It is 7.3x faster.", 7.3, "x", "7.3x"),
        ("成本是闭源模型的1/20", 0.05, "", "1/20"),
        ("全球约2/3的国家", 2 / 3, "", "2/3"),
        ("约三分之一的企业", 1 / 3, "", "三分之一"),
        ("About two-thirds of countries agree.", 2 / 3, "", "two-thirds"),
        # counted things
        ("开发了40个重要AI模型", 40, "model", "40个"),
        ("论文10.2万篇", 102_000, "paper", "10.2万篇"),
        ("参数有5400亿个", 5.4e11, "parameter", "5400亿个"),
        ("拥有3亿参数", 3e8, "parameter", "3亿参数"),
        ("囊括900余个重要模型", 900, "model", "900余个"),
        ("增加了6万多人", 60_000, "person", "6万多人"),
        ("部署十万卡集群", 100_000, "card", "十万卡"),
        ("还缺5000亿", 5e11, "", "5000亿"),
        ("The list has 40 notable AI models.", 40, "model", "40 notable AI models"),
        ("It has 1,549 stars.", 1549, "star", "1,549 stars"),
        ("It has over 70 languages.", 70, "language", "70 languages"),
        ("A 330-million-parameter model won.", 3.3e8, "parameter", "330-million-parameter"),
        ("It drew nearly 20,000 people.", 20_000, "person", "20,000 people"),
        ("A model with 3B parameters won.", 3e9, "parameter", "3B parameters"),
        ("Three million users signed up.", 3e6, "user", "Three million users"),
        ("It supports a context of 128K tokens.", 128_000, "token", "128K tokens"),
        ("It supports a context of 2048 tokens.", 2048, "token", "2048 tokens"),
        # measures
        ("每美元可实现220亿次浮点运算", 2.2e10, "flop", "220亿次"),
        ("The chip reaches 989 TFLOPS.", 9.89e14, "flop/s", "989 TFLOPS"),
        ("功耗低至45TOPS", 4.5e13, "op/s", "45TOPS"),
        ("The site draws 1.2 GW.", 1.2e9, "w", "1.2 GW"),
        ("装机达到300万千瓦", 3e9, "w", "300万千瓦"),
        ("耗电500千瓦时", 5e5, "wh", "500千瓦时"),
        ("It used 945 TWh.", 9.45e14, "wh", "945 TWh"),
        ("台积电3nm产能紧缺", 3, "nm", "3nm"),
        ("It stores 80 GB.", 8e10, "byte", "80 GB"),
        ("It was cut to 4 bits.", 4, "bit", "4 bits"),
        ("得分为98.4分", 98.4, "point", "98.4分"),
        ("It answers in 20 seconds.", 20, "second", "20 seconds"),
    ],
)
def test_a_number_is_read_with_its_unit_and_worth(sentence: str, value: float, unit: str, text: str) -> None:
    figure = only(sentence)
    assert figure.value == pytest.approx(value)
    assert (figure.unit, figure.text) == (unit, text)


@pytest.mark.parametrize(
    ("sentence", "value", "unit", "text"),
    [
        ("价格只有它的20%到50%", 20, "%", "20%到50%"),
        ("价格只有它的20-50%", 20, "%", "20-50%"),
        ("It sells at 20–50% of that.", 20, "%", "20–50%"),
        ("It sells at 20% to 50% of that.", 20, "%", "20% to 50%"),
        ("投资5000万至1亿元", 5e7, "CNY", "5000万至1亿元"),
        ("It will cost $5-10 billion.", 5e9, "USD", "$5-10 billion"),
        ("It is 4-13x faster.", 4, "x", "4-13x"),
        ("将在未来3~5年内耗尽", 3, "year", "3~5年"),
        ("将在未来三到五年内耗尽", 3, "year", "三到五年"),
    ],
)
def test_a_range_is_one_figure_worth_its_lower_bound(
    sentence: str, value: float, unit: str, text: str
) -> None:
    figure = only(sentence)
    assert (figure.value, figure.unit, figure.text) == (value, unit, text)


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("占比从21.6%到41.8%", [21.6, 41.8]),
        ("The share went from 21.6% to 41.8%.", [21.6, 41.8]),
        ("Models fell from 105 in 2023 to 61 in 2024.", [105, 61]),
        ("分别贡献了64篇、59篇与50篇", [64, 59, 50]),
        ("The US built 40 notable models, China built 15.", [40, 15]),
        ("全球投资2523亿美元,折合人民币约1.8万亿元", [252.3e9, 1.8e12]),
        ("发布GPT-4o后,ChatGPT用户达1亿,Plus订阅$20", [1e8, 20]),
    ],
)
def test_a_change_and_a_list_are_several_figures(sentence: str, values: list[float]) -> None:
    assert [f.value for f in figures(sentence)] == pytest.approx(values)


@pytest.mark.parametrize(
    "sentence",
    [
        "2024年,大模型加速落地。",
        "2008-2024年间进展很快。",
        "发布于2024-12-23 08:34:33",
        "12月18日,何宝宏在论坛上讲道。",
        "“十四五”规划的收官之年",
        "GPT-4、DeepSeek-V3、Claude 3.5和Phi-3-mini都上榜。",
        "H100和A100用于AlphaFold 3和CASP15。",
        "5G-A和6G将普及3C认证。",
        "成果进入全球Top100,位居前10名。",
        "白皮书2.0发布,大模型升级至5.5。",
        "一是供需均衡,二是生态完善,第三是调度。",
        "第17、19、20页和图3",
        "QQ:61149512 电话:13800138000",
        "三个问题和两款产品有待突破",
        "几十亿美元,数百万用户,千亿参数",
        "英伟达(0700.HK)上涨",
        "80年代的90后",
        "项目见https://example.org/a/123456个。",
        "Llama 3.1 70B beats GPT 4 models.",
        "最新的Llama 3.1 70B模型和985大学",
        "The 2024 models are new.",
        "In Jan 2025 and on 8 April 2024 it moved.",
        "Q1 2025 was the 2nd quarter in a row.",
        "Group 1: Core Trends [1][7] on p. 17",
        "Version 2.5 of Top 10 models, see Figure 3.",
        "The three companies met at 10:30.",
        "Step 2 of Phase 3 uses Windows 11.",
        "It is open 24/7, see 12/18.",
        "one of the two",
        "arXiv:2506.13654 and 192.168.1.1",
        "",
        "   ",
        "没有数字的句子",
    ],
)
def test_names_dates_ordinals_and_identifiers_are_no_figures(sentence: str) -> None:
    assert figures(sentence) == ()


def test_a_length_of_time_is_a_figure_only_where_there_is_no_other_number() -> None:
    assert [f.text for f in figures("性能年均增长约43%(每1.9年翻番)")] == ["43%"]
    assert [f.text for f in figures("The US plans $69 billion over five years.")] == ["$69 billion"]
    assert [f.text for f in figures("Compute doubles every seven months.")] == ["seven months"]
    assert [f.text for f in figures("手机续航长达8小时")] == ["8小时"]
    assert figures("That was 20 years ago.") == ()


LONG_ZH = (
    "2024年,全球AI投资达到2523亿美元,其中私人投资增长44.5%,生成式AI领域的投资达到339亿美元,"
    "2024年美国AI投资额达到1091亿美元,几乎是中国大陆投资额93亿美元(折合人民币约682亿元)的12倍。"
)
LONG_EN = (
    "In 2024, private AI investment in the United States reached $109.1 billion, up 18.7% from the year before, "
    "with most of it in software; Alphabet, the parent of Google, spent $52 billion on data centres."
)


@pytest.mark.parametrize(
    ("sentence", "text", "clause"),
    [
        (LONG_ZH, "2523亿美元", "2024年,全球AI投资达到2523亿美元"),
        (LONG_ZH, "44.5%", "2024年,全球AI投资达到2523亿美元,其中私人投资增长44.5%"),
        (LONG_ZH, "339亿美元", "生成式AI领域的投资达到339亿美元"),
        (
            LONG_ZH,
            "12倍",
            "2024年美国AI投资额达到1091亿美元,几乎是中国大陆投资额93亿美元(折合人民币约682亿元)的12倍",
        ),
        (
            LONG_ZH,
            "682亿元",
            "2024年美国AI投资额达到1091亿美元,几乎是中国大陆投资额93亿美元(折合人民币约682亿元)的12倍",
        ),
        (
            LONG_EN,
            "$109.1 billion",
            "In 2024, private AI investment in the United States reached $109.1 billion",
        ),
        (
            LONG_EN,
            "18.7%",
            LONG_EN[: LONG_EN.index(", with")],
        ),
        (LONG_EN, "$52 billion", "Alphabet, the parent of Google, spent $52 billion on data centres"),
    ],
)
def test_a_clause_is_the_smallest_run_that_can_stand_alone(sentence: str, text: str, clause: str) -> None:
    assert {f.text: f.clause for f in figures(sentence)}[text] == clause


def test_a_short_sentence_is_quoted_whole_without_its_full_stop() -> None:
    assert only("而2024年这一差距仅为0.3%。").clause == "而2024年这一差距仅为0.3%"
    assert only("But the gap was 0.3%, says Epoch AI.").clause == "But the gap was 0.3%, says Epoch AI"


def test_a_clause_never_crosses_into_another_sentence_of_the_line() -> None:
    line = (
        "This tool is seriously amazing for all of its many users! Its maker says the first version has "
        "reached 7 million plays! Everybody else, from Berlin to Tokyo, is waiting for the next one."
    )
    assert only(line).clause == "Its maker says the first version has reached 7 million plays"


def test_a_phrase_that_only_leads_up_to_a_sentence_takes_what_it_leads_up_to() -> None:
    sentence = (
        "Meanwhile, for 10 distributed sources, the new system performs as well as one that was trained with "
        "all of the data, says the team that built it."
    )
    assert only(sentence).clause == (
        "for 10 distributed sources, the new system performs as well as one that was trained with all of the data"
    )


def test_numbers_given_respectively_keep_what_they_are_of() -> None:
    sentence = (
        "2023年底,在MMLU、MMMU、MATH和HumanEval等基准测试中的表现都有记录可以查到,"
        "在这些基准测试之中,中美模型的性能差距分别为17.5%、13.5%、24.3%和31.6%。"
    )
    assert figures(sentence)[2].clause.startswith("在这些基准测试之中")


@pytest.mark.parametrize(
    ("sentence", "text", "period"),
    [
        ("2008-2024年间硬件性能年均增长约43%", "43%", "2008-2024年间"),
        ("2030年AIDC耗电量将占全球总电量的20%", "20%", "2030年"),
        ("到2025年,智能算力占比达到35%", "35%", "到2025年"),
        ("成本正以每年30%的幅度下降", "30%", "每年"),
        ("由2023年的105个减少至2024年的61个", "105个", "2023年"),
        ("由2023年的105个减少至2024年的61个", "61个", "2024年"),
        ("2024年,比例从2023年的55%跃升至78%", "78%", "2024年"),
        ("2024年投资为339亿美元,比2023年增长18.7%", "18.7%", "2024年"),
        ("2024年占比达90%(2023年为60%)", "90%", "2024年"),
        ("2024年占比达90%(2023年为60%)", "60%", "2023年"),
        ("投资是2022年水平的8.5倍", "8.5倍", ""),
        ("性价比较2020年6月发布的A100提升1.7倍", "1.7倍", ""),
        ("未来五年年复合增长率将达到45.8%", "45.8%", "未来五年"),
        ("全球60%的受访者认为AI将在五年内改变工作方式", "60%", ""),
        ("12月18日,他说投资达10亿元", "10亿元", ""),
        ("Investment reached $252.3 billion in 2024.", "$252.3 billion", "in 2024"),
        ("In 2024, investment reached $252.3 billion.", "$252.3 billion", "In 2024"),
        ("Performance grew 43% a year in 2008–2024.", "43%", "in 2008–2024"),
        ("The US plans $69 billion over five years.", "$69 billion", "over five years"),
        ("Hardware costs 30% less each year.", "30%", "each year"),
        ("It fell from 4.9% in 2023 to 0.7% in 2024.", "4.9%", "in 2023"),
        ("It fell from 4.9% in 2023 to 0.7% in 2024.", "0.7%", "in 2024"),
        ("Investment reached $33.9 billion in 2024, up 18.7% from 2023.", "18.7%", "in 2024"),
        ("The H100 chip of March 2022 is 1.7 times as good.", "1.7 times", ""),
        ("It holds 70% of the market.", "70%", ""),
    ],
)
def test_a_period_is_the_time_the_number_is_stated_for(sentence: str, text: str, period: str) -> None:
    assert {f.text: f.period for f in figures(sentence)}[text] == period


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("生成式AI领域的投资达到339亿美元", "生成式AI领域的投资"),
        ("2008-2024年间机器学习硬件性能年均增长约43%", "机器学习硬件性能"),
        ("中国大陆机构的AI论文在全球总发表量中占比23.2%", "中国大陆机构的AI论文"),
        ("国内单位算力成本大致相当于英伟达算力的1.5倍", "国内单位算力成本"),
        ("其数量达到1000万", ""),
        ("几乎是中国大陆的12倍", ""),
        ("美国的投资超过了中国大陆和英国的254亿美元", ""),
        ("49%的企业称AI实现了降本", ""),
        ("Global corporate AI investment reached $252.3 billion.", "Global corporate AI investment"),
        ("In 2024, notable AI models fell to 61 models.", "notable AI models"),
        ("The US has 40 models and Europe has 3 models.", "The US"),
        ("It reached $252.3 billion.", ""),
        ("Experiments have shown that it saves 21%.", ""),
        ("In 30% of countries it is compulsory.", ""),
    ],
)
def test_a_subject_is_a_plain_noun_phrase_or_nothing(sentence: str, subject: str) -> None:
    assert figures(sentence)[0].subject == subject


@pytest.mark.parametrize(
    ("sentence", "modality"),
    [
        ("液冷市场规模将达到100亿元", "forecast"),
        ("预计投入有望超过20%", "forecast"),
        ("IDC预测,明年出货量为300万台", "forecast"),
        ("2030年数据中心用电945TWh", "forecast"),
        ("到2025年,智能算力占比达到35%", "forecast"),
        ("未来五年年均增长45.8%", "forecast"),
        ("到2025年2月,这一差距缩小至1.7%", "reported"),
        ("2024年投资达到2523亿美元", "reported"),
        ("43%的受访者将AI用于供应链管理", "reported"),
        ("该系统将报告生成效率提升15.5%", "reported"),
        ("30%的国家将计算机科学列为必修课", "reported"),
        ("会议吸引了近2万名学者", "reported"),
        ("《行动计划》覆盖300个城市", "reported"),
        ("全球60%的受访者认为AI将在五年内改变工作方式", "reported"),
        ("美国计划五年内拿出690亿美元", "plan"),
        ("力争到2027年算力规模超过300 EFLOPS", "plan"),
        ("智能算力占比要达到35%", "plan"),
        ("目标是建设50个算力中心", "plan"),
        ("AI data centres would use 20% of the world's electricity.", "forecast"),
        ("The market is expected to reach $5 billion.", "forecast"),
        ("It could reach $1 trillion.", "forecast"),
        ("Demand is projected at 945 TWh in 2030.", "forecast"),
        ("Data centres use 945 TWh in 2030.", "forecast"),
        ("Data centres used 415 TWh in 2024.", "reported"),
        ("60% of respondents expect AI to change work.", "reported"),
        ("It has 9063 stars that aims to be free.", "reported"),
        ("The US plans to invest $69 billion.", "plan"),
        ("Meta aims to build 2 GW.", "plan"),
        ("Intelligent computing should reach 35% by 2025.", "plan"),
        ("A Pro plan for 20 users exists.", "reported"),
    ],
)
def test_modality_says_whether_a_number_is_reported_expected_or_aimed_at(
    sentence: str, modality: str
) -> None:
    assert figures(sentence)[0].modality == modality


def test_an_expectation_does_not_reach_a_number_with_a_past_year_of_its_own() -> None:
    found = {f.text: f.modality for f in figures("预计2026年增长20%,2024年的增幅为15%")}
    assert found == {"20%": "forecast", "15%": "reported"}


def test_an_unknown_date_leaves_the_meaning_to_the_words() -> None:
    assert find_figures("2030年用电占20%", "zh", None)[0].modality == "reported"
    assert find_figures("2030年用电将占20%", "zh", None)[0].modality == "forecast"


@pytest.mark.parametrize(
    "sentence",
    [
        "A user runs it on a 4090 GPU at home.",
        "RTX 4090 GPU prices went up.",
        "Dual 3090 GPUs are enough, and so are two 3060 or 4060 cards.",
        "Mistral 24B impresses, and QwQ 32b excels.",
        "Users saw 504 Gateway Timeout errors and 404 errors.",
        "模型在单张 RTX 4090 GPU 上运行。",
    ],
)
def test_the_number_of_a_product_or_a_message_counts_nothing(sentence: str) -> None:
    assert find_figures(sentence, "zh" if has_han(sentence) else "en", None) == ()


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("It was trained on 2048 GPUs.", "2048 GPUs"),
        ("Meta has 3500 GPUs.", "3500 GPUs"),
        ("The audit found 512 errors.", "512 errors"),
        ("At Meta 3B users were counted.", "3B users"),
        ("训练用了 2048 张 GPU。", "2048 张"),
    ],
)
def test_cards_and_errors_are_counted(sentence: str, text: str) -> None:
    (figure,) = find_figures(sentence, "zh" if has_han(sentence) else "en", None)
    assert figure.text == text


def test_a_part_of_an_error_is_no_fault() -> None:
    (figure,) = find_figures("Each page has 11.5 errors, 20% more than before.", "en", None)
    assert figure.text == "20%"


def test_a_price_is_told_with_what_it_is_of() -> None:
    (figure,) = find_figures("这款新模型已经上线，成本仅为每百万 token 5 美分。", "zh", None)
    assert figure.clause.startswith("这款新模型")


def test_a_verb_behind_a_number_is_nothing_that_it_counts() -> None:
    figures = find_figures("This 24B parameter model achieves 166 output tokens per second.", "en", None)
    assert "achieve" not in {figure.unit for figure in figures}


def test_a_sentence_without_chinese_is_read_as_english_whatever_its_report() -> None:
    assert find_figures("Revenue will reach $5 billion in 2030.", "zh", PUBLISHED)[0].period == "in 2030"


def test_code_mixed_sentences_are_read_by_both_sets_of_units() -> None:
    found = figures("OpenAI的ARR达$10 billion,训练用了10万张H100,上下文达100万tokens。")
    assert [(f.value, f.unit) for f in found] == [(1e10, "USD"), (1e5, ""), (1e6, "token")]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,",
        "亿",
        "1亿,",
        "(",
        "()",
        "1%",
        "1%,",
        "，",
        "一",
        "1-",
        "1/",
        "2024年",
        "$",
        "每1年",
        " 1",
        "and 1%, ",
        "2024年的1%",
        "将增长1%",
        "plan to 1% ",
    ],
)
def test_a_megabyte_of_anything_takes_less_than_a_second(piece: str, language: str) -> None:
    hostile = piece * (1_000_000 // len(piece))
    start = time.process_time()
    find_figures(hostile, language, PUBLISHED)
    assert time.process_time() - start < 1


def test_only_the_first_two_thousand_characters_are_read_and_forty_figures_told() -> None:
    assert figures("无" * 2000 + "增长20%") == ()
    assert len(figures("增长20%," * 60)) == 40


def is_verbatim(figure: Figure, sentence: str) -> bool:
    texts = (figure.text, figure.clause, figure.period, figure.subject)
    return all(text in sentence for text in texts) and bool(figure.text) and figure.text in figure.clause


PIECES = st.sampled_from(
    "2024年 到2025年 in 2024 over five years 每年 3~5年 20% $5 billion 2523亿美元 1/20 三分之二 十倍 GPT-4 H100 "
    "将 预计 计划 会 will plans to expected 投资 达到 AI 模型 个 的 ， , ; ( ) “ ” （ ） 。 ! 而 其中 and which up "
    "models 5400亿个 参数 从 至 to ２０ ％ - – 前 第 约 🚀".split(" ")
)


@given(
    st.one_of(
        st.text(), st.lists(PIECES, max_size=30).map("".join), st.lists(PIECES, max_size=30).map(" ".join)
    )
)
def test_everything_said_of_a_figure_stands_in_its_sentence(sentence: str) -> None:
    for language in ("zh", "en"):
        for published in (None, PUBLISHED):
            for figure in find_figures(sentence, language, published):
                assert is_verbatim(figure, sentence), figure
