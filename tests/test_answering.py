"""A question gets the sentence that answers it, or the reply says at once that the library has nothing."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from library_kit import TODAY, Shelf, write

from bot.app import App
from bot.library.query import understand
from bot.models import Language
from bot.trends.briefing import Briefing
from bot.trends.topics import names_held, nearest_topics

LACKING = (
    "football", "how to cook pasta", "Kubernetes", "房价", "世界杯", "weather in London", "best restaurants in Paris",
    "bitcoin price", "what is the capital of Australia?", "红烧肉怎么做", "今天天气怎么样", "football AI", "dogs",
    "tax law in Germany", "how tall is Mount Everest?", "刘德华", "Taylor Swift", "how many goals did Messi score?",
    "比特币", "rust programming language",
)  # fmt: skip  # Twenty things that the seeds do not mention.
FACTS: tuple[tuple[Language, str, str], ...] = (
    ("en", "how many robots did China install?", "276,300"),
    ("en", "how much did the US invest in AI?", "$109.1 billion"),
    ("en", "liquid cooling market size", "$1.55 billion"),
    ("en", "who directs CAICT's cloud institute?", "He Baohong"),
    ("en", "is there a bubble in AI agents?", "A bubble of AI agents will grow"),
    ("zh", "液冷市场规模有多大？", "15.5亿美元"),
    ("zh", "2030年智算中心用多少电？", "20%"),
    ("en", "RE-Bench", "4 times as high as human experts"),
    ("en", "GPT-4", "GPT-4 on its own beat doctors"),
    ("en", "cost of compute in China", "1.5 times Nvidia's"),
    ("en", "US AI investment in 2024", "$109.1 billion"),
    ("en", "papers", "AI papers"),
    ("en", "OpenAI o1", "OpenAI's o1"),
    ("en", "will AI take my job", "36% fear"),
    ("en", "when did the price war start?", "May 2024"),
    ("en", "which company built the most notable models?", "Google built the most"),
    ("zh", "哪家公司的重要模型最多", "最多的是谷歌"),
    ("zh", "谁的重要模型最多", "最多的是谷歌"),
    ("zh", "中国人对AI的看法", "83%"),
    ("zh", "AI会抢走我的工作吗", "36%"),
    ("zh", "RE-Bench", "RE-Bench"),
    ("zh", "数据墙", "数据墙"),
    ("zh", "数据墙是什么", "数据墙"),
    ("zh", "解释一下智能体互联网", "智能体互联网"),
    ("zh", "量子", "690亿美元"),
    ("en", "US vs China", "fast closing the performance gap"),
    ("zh", "中美差距", "在性能上追赶很快"),
)
"""A question on the seeds, and what its first sentence must contain."""


def brief(app: App, text: str, language: Language = "en") -> Briefing | None:
    return app.briefer.brief(understand(text, app.glossary, app.segmenter), language, TODAY)


@pytest.mark.parametrize("text", LACKING)
def test_what_the_library_lacks_is_said_first(app: App, text: str) -> None:
    assert brief(app, text) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "how many users does ChatGPT have?"),
        ("en", "ChatGPT users"),
        ("en", "how many users does Windsurf have?"),
        ("en", "who finances compute for Kubernetes?"),
        ("zh", "ChatGPT有多少用户？"),
        ("zh", "谁在用ChatGPT"),
    ],
)
def test_nothing_is_told_of_users_when_no_report_has_the_name_they_are_asked_of(
    app: App, language: Language, text: str
) -> None:
    assert brief(app, text, language) is None


@pytest.mark.parametrize("text", ["What Drives Compute Demand", "How Is Compute Financed"])
def test_in_a_title_a_capital_makes_no_name(app: App, text: str) -> None:
    assert brief(app, text) is not None


@pytest.mark.parametrize(("language", "text", "fact"), FACTS)
def test_the_first_sentence_holds_the_answer(app: App, language: Language, text: str, fact: str) -> None:
    briefing = brief(app, text, language)
    assert briefing is not None
    assert fact in briefing.points[0].text


@pytest.mark.parametrize(
    ("language", "text", "phrase"),
    [("en", '"liquid cooling"', "liquid cooling"), ("zh", "“液冷”", "液冷"), ("zh", '"算力"', "算力")],
)
def test_a_quoted_phrase_need_not_stand_in_the_translation(
    app: App, language: Language, text: str, phrase: str
) -> None:
    briefing = brief(app, text, language)
    assert briefing is not None
    assert phrase in briefing.points[0].text


def test_the_rarest_word_decides(app: App) -> None:
    briefing = brief(app, "medical AI")
    assert briefing is not None
    about_medicine = r"medical|biomedicine|MedQA|clinical|doctors|health|rotein"
    assert all(re.search(about_medicine, point.text) for point in briefing.points)


def test_a_spelling_mistake_or_a_near_topic_is_offered_and_no_letters_shared_by_chance(app: App) -> None:
    def near(text: str) -> list[str]:
        query = understand(text, app.glossary, app.segmenter)
        return [topic.id for topic in nearest_topics(query, app.library, app.glossary, 3)]

    assert near("nvidea")[0] == "nvidia"
    assert near("medical devices")[0] == "healthcare"
    assert near("startup funding") == ["investment"], "what the glossary says is near"
    assert near("房价走高") == near("Kubernetes") == []


@pytest.mark.parametrize(("text", "meant"), [("英伟大", "nvidia"), ("阿里芭芭", "alibaba")])
def test_a_name_in_han_that_is_misspelt_is_offered_and_not_answered_by_its_parts(
    app: App, text: str, meant: str
) -> None:
    query = understand(text, app.glossary, app.segmenter)
    assert nearest_topics(query, app.library, app.glossary, 3)[0].id == meant
    assert brief(app, text, "zh") is None


@pytest.mark.parametrize("text", ["medical devices", "agent risks", "GitHub stars"])
def test_two_words_that_no_sentence_has_together_are_not_answered_by_either(app: App, text: str) -> None:
    assert brief(app, text) is None


def test_of_a_name_and_a_word_the_lead_has_the_name(shelf: Shelf) -> None:
    shelf.put("a", "DeepSeek trains its models in Hangzhou. DeepSeek has 160 people. DeepSeek is a company.")
    shelf.put("b", "Norvale was registered by Ada Orm. Orm registered two more firms.")
    briefing = shelf.brief("who registered DeepSeek?")
    assert briefing is not None
    assert "DeepSeek" in briefing.points[0].text


def test_a_question_that_names_somebody_is_answered_of_them(shelf: Shelf) -> None:
    """This holds however often the library names them, and however rare the other topic is."""
    for day in range(1, 9):
        text = f"OpenAI shipped version {day} of its tool. The team of OpenAI says that it is faster."
        shelf.put(f"n{day}", text, "en", date(2026, 9, day))
    shelf.put(
        "world", "Investment in AI reached 252 billion dollars worldwide in 2024.", "en", date(2026, 9, 9)
    )
    shelf.put(
        "deal", "Microsoft said that its investment in OpenAI is 13 billion dollars.", "en", date(2026, 9, 10)
    )
    reply = shelf.brief("who made an investment in OpenAI?")
    assert reply is not None
    assert [point.text for point in reply.points if "worldwide" in point.text] == []
    assert "13 billion" in reply.points[0].text


@pytest.mark.parametrize(
    "text",
    [
        "what happened to OpenAI?",
        "what happened with OpenAI",
        "OpenAI发生了什么",
        "OpenAI最新消息",
        "OpenAI最新进展",
        "OpenAI updates",
    ],
)
def test_who_asks_what_happened_is_told_of_the_topic(app: App, text: str) -> None:
    assert understand(text, app.glossary, app.segmenter).names_one_topic


def test_an_answer_is_not_padded_with_what_is_not_on_its_subject(app: App) -> None:
    briefing = brief(app, "how big is the liquid cooling market in China?")
    assert briefing is not None
    assert all("iquid cooling" in point.text for point in briefing.points)


def test_sentences_that_differ_by_their_numbers_are_both_told(app: App) -> None:
    briefing = brief(app, "liquid cooling growth")
    assert briefing is not None
    told = " ".join(point.text for point in briefing.points)
    assert {"52.6%", "45.8%"} <= set(re.findall(r"[0-9.]+%", told))


def test_a_name_with_a_hyphen_is_not_found_by_one_of_its_parts(shelf: Shelf) -> None:
    shelf.put("a", "Vega-4 reads charts. The H9 chip has 4 cores. A 4-day week is popular.")
    briefing = shelf.brief("what does Vega-4 read?")
    assert briefing is not None
    assert [point.text for point in briefing.points] == ["Vega-4 reads charts."]


def test_capital_us_is_the_country_and_small_us_is_not(shelf: Shelf) -> None:
    shelf.put("a", "Tell us what you think of chips. US spending on chips was $9 billion.")
    briefing = shelf.brief("US chips")
    assert briefing is not None
    assert briefing.query.topics == ("united-states", "chips")
    assert briefing.points[0].text == "US spending on chips was $9 billion."


def test_a_sentence_on_both_countries_is_on_their_rivalry(shelf: Shelf) -> None:
    shelf.put("a", "Norvale's port opened. China makes more ferries than the United States.")
    briefing = shelf.brief("US vs China")
    assert briefing is not None
    assert briefing.points[0].text == "China makes more ferries than the United States."


def test_what_a_heading_says_counts_for_the_sentences_under_it(shelf: Shelf) -> None:
    text = "# Survey\n\n## Ferries\n\nTwo in three respondents use them daily.\n\n## Trams\n\nOne in three respondents uses them."
    shelf.take(write(shelf.folder, "survey.md", text))
    briefing = shelf.brief("how many respondents use ferries?")
    assert briefing is not None
    assert briefing.points[0].text == "Two in three respondents use them daily."


def test_what_stands_under_a_heading_on_a_topic_is_told_though_a_sentence_there_names_it(app: App) -> None:
    briefing = brief(app, "price war")
    assert briefing is not None
    told = " ".join(point.text for point in briefing.points)
    assert "1.5 times" in told
    assert "20% to 50%" in told


def test_a_number_is_preferred_where_a_number_is_asked_for(shelf: Shelf) -> None:
    shelf.put("a", "Norvale built ferries for Oman. Norvale built 14 ferries for Chile. It paid well.")
    briefing = shelf.brief("how many ferries did Norvale build?")
    assert briefing is not None
    assert briefing.points[0].text == "Norvale built 14 ferries for Chile."


def test_what_holds_little_of_the_question_is_not_told(shelf: Shelf) -> None:
    shelf.put("a", "Norvale built 14 ferries for Chile. Its canteen serves soup. Chile has a coast.")
    shelf.put("b", "Chile exports copper. Copper prices rose by 3% in May.")
    briefing = shelf.brief("how many ferries did Norvale build for Chile?")
    assert briefing is not None
    assert not any("opper" in point.text or "soup" in point.text for point in briefing.points)


def test_evidence_in_another_language_comes_last_and_is_marked(shelf: Shelf) -> None:
    shelf.put("zh", "英伟达的芯片Rubin由台积电用3纳米工艺制造，2027年出货5万颗。", "zh", date(2026, 1, 2))
    shelf.put("en", "Nvidia showed the Rubin chip in January.", "en", date(2026, 1, 2))
    briefing = shelf.brief("Nvidia Rubin chip")
    assert briefing is not None
    assert briefing.points[0].text == "Nvidia showed the Rubin chip in January."
    assert [point.foreign for point in briefing.points] == [False, True]


def test_a_topic_of_which_little_is_said_is_told_with_what_is_near(app: App) -> None:
    briefing = brief(app, "GPU")
    assert briefing is not None
    assert "GPUs" in briefing.points[0].text
    assert [topic.id for topic in briefing.widened] == ["nvidia-gpus", "ai-chips"]
    assert any("H100" in point.text for point in briefing.points)


def test_a_topic_that_no_report_names_is_told_with_what_is_near(app: App) -> None:
    briefing = brief(app, "humanoid robots")
    assert briefing is not None
    assert briefing.only_related
    assert [topic.id for topic in briefing.widened] == ["robots", "embodied-ai"]
    assert any("robot" in point.text for point in briefing.points)


def test_the_words_of_a_narrower_name_lead(app: App) -> None:
    briefing = brief(app, "硬件成本", "zh")
    assert briefing is not None
    assert "30%" in briefing.points[0].text


@pytest.mark.parametrize(("question", "language"), [("Google layoffs", "en"), ("谷歌裁员", "zh")])
def test_a_company_with_a_form_that_is_no_name_of_its_topic_leads_with_that_form(
    shelf: Shelf, question: str, language: Language
) -> None:
    """Layoffs are filed under employment, on which reports tell more of other things."""
    for number in range(9):
        day = TODAY - timedelta(days=number + 1)
        shelf.put(f"en{number}", f"Google posts {number + 20} new jobs for engineers in Zurich.", "en", day)
        shelf.put(f"zh{number}", f"谷歌在苏黎世发布了{number + 20}个新的工作岗位。", "zh", day)
    shelf.put("cut", "Google announced layoffs of 300 people in its hardware team.", "en", date(2026, 5, 4))
    shelf.put("cut-zh", "谷歌宣布在硬件部门裁员300人。", "zh", date(2026, 5, 4))
    shelf.put("others", "Layoffs at start-ups made 20 founders sorry. Google hires cooks.", "en", TODAY)
    told = shelf.brief(question, language)
    assert told
    assert "300" in told.points[0].text


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("zorblax-9 多少钱？", "每月200美元"),
        ("Qwindle 什么时候发布的？", "2024年3月"),
        ("Llama 3 训练花了多少钱？", "5500万美元"),
        ("Vexcode 融资多少钱", "1.05亿美元"),
    ],
)
def test_a_question_in_chinese_that_names_a_product_is_answered_of_it(
    shelf: Shelf, question: str, fact: str
) -> None:
    """This holds however often the product is named, and however rare the other words of the question are."""
    for number in range(6):
        shelf.put(f"asks{number}", f"这台机器{number}要多少钱？花了多少钱？什么时候发布的？", "zh")
    for number in range(40):
        shelf.put(
            f"names{number}", f"zorblax-9、Qwindle、Llama 3 和 Vexcode 在第{number}项测试里都不错。", "zh"
        )
    shelf.put("a", "zorblax-9 的价格是每月200美元。", "zh")
    shelf.put("b", "Qwindle 在2024年3月发布，发布会在杭州。", "zh")
    shelf.put("c", "Llama 3 的训练成本约为5500万美元。", "zh")
    shelf.put("d", "Vexcode 宣布在B轮融资中筹集了1.05亿美元。", "zh")
    told = shelf.brief(question, "zh")
    assert told
    assert fact in "".join(point.text for point in told.points)
    assert not any("这台机器" in point.text for point in told.points)


@pytest.mark.parametrize(
    ("language", "question"), [("en", "did Apple partner with Alibaba?"), ("zh", "苹果和阿里巴巴合作了吗")]
)
def test_of_two_names_one_that_the_library_lacks_leaves_nothing_to_answer(
    shelf: Shelf, language: Language, question: str
) -> None:
    shelf.put("b", "Alibaba trains partners for its cloud.")
    shelf.put("d", "阿里巴巴和培训机构合作。", "zh")
    assert shelf.brief(question, language) is None


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "did Apple partner with Alibaba?"),
        ("en", "why did Apple partner with Alibaba?"),
        ("zh", "苹果和阿里巴巴合作了吗"),
        ("zh", "苹果为什么和阿里巴巴合作"),
        ("zh", "苹果为啥跟阿里巴巴合作"),
    ],
)
def test_two_names_in_a_list_do_not_say_whether_they_work_together(
    shelf: Shelf, language: Language, question: str
) -> None:
    shelf.put("a", "Apple, Google and Alibaba were founded in the early days of the web.")
    shelf.put("b", "Alibaba trains partners for its cloud.")
    shelf.put("c", "苹果、谷歌和阿里巴巴成立于互联网早期。", "zh")
    shelf.put("d", "阿里巴巴和培训机构合作。", "zh")
    assert shelf.brief(question, language) is None
    shelf.put("e", "Apple will partner with Alibaba on its phones in China.")
    shelf.put("f", "苹果将与阿里巴巴合作，在手机上提供AI功能。", "zh")
    told = shelf.brief(question, language)
    assert told
    assert told.points[0].text.startswith(("Apple will partner", "苹果将与阿里巴巴合作"))


def test_a_name_outside_the_glossary_is_asked_for_as_one_in_it(shelf: Shelf) -> None:
    shelf.put("a", "OpenAI wants to buy chips.")
    shelf.put("b", "Zorblax can be bought with credits.")
    assert shelf.brief("Did OpenAI buy Zorblax?") is None
    assert shelf.brief("Did OpenAI buy Zorblax AI?") is None
    shelf.put("c", "OpenAI wants to buy Zorblax for $3 billion.")
    told = shelf.brief("Did OpenAI buy Zorblax?")
    assert told is not None
    assert told.points[0].text.startswith("OpenAI wants to buy Zorblax")


def test_who_bought_a_company_is_not_told_of_other_companies(shelf: Shelf) -> None:
    shelf.put("a", "谷歌以五亿美元收购了一家创业公司。", "zh")
    shelf.put("b", "Zorblax 发现了一个公开的数据库。", "zh")
    assert shelf.brief("谁收购了 Zorblax？", "zh") is None
    shelf.put("c", "谷歌收购了 Zorblax。", "zh")
    told = shelf.brief("谁收购了 Zorblax？", "zh")
    assert told is not None
    assert told.points[0].text == "谷歌收购了 Zorblax。"


def test_who_bought_a_company_is_not_told_of_what_is_inborn(shelf: Shelf) -> None:
    shelf.put("a", "语言能力是先天的，还是后天获得的？研究者认为后天学习更重要。", "zh")
    shelf.put("b", "Zorblax makes pumps for farms.")
    assert shelf.brief("who acquired Zorblax?") is None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("who founded Zorblax?", "Zorblax, co-founded by Ada Orm, makes pumps."),
        ("who bought DeepSeek?", "Norvale closed its acquisition of DeepSeek."),
        ("which company owns Zorblax?", "Zorblax is a subsidiary of Quarn."),
    ],
)
def test_who_did_something_is_told_where_the_action_is_beside_the_name(
    shelf: Shelf, question: str, answer: str
) -> None:
    shelf.put("a", "Users found that Zorblax pumps and DeepSeek models are cheap.")
    shelf.put(
        "b",
        "A founder of Norvale, who bought and owns forty mills and a hundred ships in the north, likes Zorblax and DeepSeek.",
    )
    assert shelf.brief(question) is None
    shelf.put("c", answer)
    told = shelf.brief(question)
    assert told is not None
    assert [point.text for point in told.points] == [answer]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("who leads Zorblax?", "Zorblax CEO Ada Orm spoke in the north."),
        ("Who is the CEO of Zorblax?", "The pumps were praised by Ada Orm, CEO of Zorblax."),
        ("who is Zorblax's CEO", "In spring the Zorblax founder and CEO, Ada Orm, left for the north."),
        ("who runs DeepSeek?", "CEO of DeepSeek Ada Orm likes the north."),
        ("who leads Norvale AI?", "Ada Orm, who is the CEO of Norvale AI, likes pumps."),
        ("Who is the CTO of OpenAI?", "Ada Orm is the CTO of OpenAI and likes pumps."),
    ],
)
def test_who_holds_a_post_is_told_by_sentences_that_name_the_person(
    shelf: Shelf, question: str, answer: str
) -> None:
    for name in ("Zorblax", "DeepSeek", "OpenAI"):
        shelf.put(
            f"a {name}", f"{name}'s CEO likes pumps, and the CTO of {name} leads many. {name} leads in pumps."
        )
    shelf.put("d", answer)
    told = shelf.brief(question)
    assert told is not None
    assert [point.text for point in told.points] == [answer]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("谁创办了Zorblax？", "Zorblax 联合创始人李明说，水泵卖得很好。"),
        ("谁创办了Zorblax？", "李明创办的 Zorblax 卖水泵。"),
        ("Zorblax的创始人是谁", "Zorblax由李明于2020年创立。"),
        ("谁收购了DeepSeek?", "诺维尔公司以十亿美元收购了 DeepSeek。"),
        ("DeepSeek被谁收购了", "DeepSeek 已被诺维尔公司收购。"),
        ("谁收购了GitHub", "诺维尔公司以十亿美元收购了 GitHub。"),
        ("谁开发了PyTorch", "诺维尔公司开发了 PyTorch。"),
        ("谁买下了深度求索", "诺维尔公司对 DeepSeek 的收购已经完成。"),
        ("Zorblax是哪家公司的", "Zorblax是诺维尔公司开发的水泵。"),
        ("Manus是谁做的？", "诺维尔公司推出了 Manus。"),
        ("DeepSeek的CEO是谁", "DeepSeek CEO李明在上海讲话。"),
        ("谁离开了OpenAI", "李明从 OpenAI 离职。"),
        ("OpenAI收购了哪些公司", "OpenAI 以十亿美元收购了诺维尔公司。"),
    ],
)
def test_who_did_something_is_told_in_chinese_by_the_order_of_name_and_action(
    shelf: Shelf, question: str, answer: str
) -> None:
    shelf.put("a", "用户说，Zorblax 水泵、Manus 和 DeepSeek 模型都很便宜，OpenAI 也很便宜。", "zh")
    shelf.put("b", "DeepSeek 收购了三家水泵公司。Zorblax 投资了两家创业公司。", "zh")
    shelf.put("c", "收购 OpenAI 的计划失败了，李明、创始人和开发者都不满意：Zorblax、Manus。", "zh")
    assert shelf.brief(question, "zh") is None
    shelf.put("d", answer, "zh")
    told = shelf.brief(question, "zh")
    assert told is not None
    assert [point.text for point in told.points] == [answer]


@pytest.mark.parametrize(
    ("question", "language", "told", "others"),
    [
        (
            "Who left OpenAI in 2024?",
            "en",
            "Jane Doe, a researcher, left OpenAI for a new company.",
            "{}, an engineer, quit OpenAI after seven years.",
        ),
        (
            "Who left OpenAI in May 2024?",
            "en",
            "Jane Doe, a researcher, left OpenAI for a new company.",
            "{}, an engineer, quit OpenAI after seven years.",
        ),
        ("2024年谁离开了OpenAI", "zh", "简多伊离开了 OpenAI。", "{}离开了 OpenAI。"),
        ("2024年5月谁离开了OpenAI", "zh", "简多伊离开了 OpenAI。", "{}离开了 OpenAI。"),
        ("2024年谁收购了DeepSeek", "zh", "诺维尔公司收购了 DeepSeek。", "{}收购了 DeepSeek。"),
        (
            "Who acquired DeepSeek in 2024?",
            "en",
            "Novel Corp acquired DeepSeek for a billion dollars.",
            "{} acquired DeepSeek and its pumps.",
        ),
    ],
)
def test_who_did_something_in_a_period_is_told_of_its_reports_with_their_days(
    shelf: Shelf, question: str, language: Language, told: str, others: str
) -> None:
    shelf.put("a", told, language, date(2024, 5, 20))
    shelf.put("b", others.format("Mary Major"), language, date(2023, 5, 20))
    shelf.put("c", others.format("John Smith"), language, date(2025, 1, 9))
    briefing = shelf.brief(question, language)
    assert briefing is not None
    assert briefing.by_day
    assert [point.text for point in briefing.points] == [told]


@pytest.mark.parametrize(
    ("question", "language", "told", "others"),
    [
        ("How much did xAI raise in 2024?", "en", "xAI raised $6 billion in a new round.", "xAI raised $9 billion in another round."),
        ("xAI 2024 funding", "en", "xAI raised $6 billion in a new round.", "xAI raised $9 billion in another round."),
        ("xAI 2024年融了多少钱", "zh", "xAI 完成60亿美元的融资。", "xAI 又融资90亿美元，用来买芯片。"),
        ("OpenAI revenue in 2024", "en", "OpenAI has revenue of $4 billion a year.", "OpenAI had revenue of $9 billion, say its investors."),
        ("Claude price in May 2024", "en", "Claude costs $20 a month for each user.", "Claude costs $50 a month, and its users complain."),
        ("best vector database in 2024", "en", "Zorblax is the best vector database.", "Gadget is the best vector database of all."),
        ("2024年最好的向量数据库", "zh", "Zorblax是最好的向量数据库。", "Gadget是目前最好的向量数据库。"),
        ("2024年5月R1和o1哪个更强", "zh", "R1的数学成绩超过o1。", "o1在写作上强于R1，用户这样说。"),
    ],
)  # fmt: skip  # a question a line
def test_an_amount_a_price_and_a_rank_of_a_period_are_told_of_its_reports(
    shelf: Shelf, question: str, language: Language, told: str, others: str
) -> None:
    shelf.put("a", told, language, date(2024, 5, 20))
    shelf.put("b", others, language, date(2023, 5, 20))
    shelf.put("c", others, language, date(2025, 5, 20))
    briefing = shelf.brief(question, language)
    assert briefing is not None
    assert briefing.by_day
    assert briefing.query.without == ""
    assert [point.text for point in briefing.points] == [told]


@pytest.mark.parametrize(
    ("question", "text", "day", "left_out"),
    [
        ("How much did xAI raise last year?", "xAI raised $9 billion last year.", date(2023, 5, 20), "last year"),
        ("How much did xAI raise in May?", "xAI raised $9 billion and may build a farm.", date(2023, 2, 20), "May"),
        ("How much did xAI raise in 2024?", "xAI raised $9 billion in 2024, its founder says.", date(2025, 2, 20), ""),
        ("xAI 2024年融了多少钱", "xAI 在2024年5月完成了90亿美元的融资。", date(2025, 2, 20), ""),
        ("xAI ２０２４年融了多少钱", "xAI 在2024 年完成了90亿美元的融资。", date(2025, 2, 20), ""),
        ("xAI 1月融了多少钱", "xAI 在11月完成了90亿美元的融资。", date(2023, 11, 20), "1月"),
        ("How much did xAI raise since 2023?", "xAI raised $9 billion in a new round.", date(2024, 2, 20), ""),
        ("xAI 2080 funding", "xAI raised $9 billion in a new round.", date(2024, 2, 20), ""),
    ],
)  # fmt: skip  # a question a line
def test_what_is_told_of_another_time_than_the_period_says_so(
    shelf: Shelf, question: str, text: str, day: date, left_out: str
) -> None:
    language: Language = "zh" if "融" in question else "en"
    shelf.put("a", text, language, day)
    briefing = shelf.brief(question, language)
    assert briefing is not None
    assert [point.text for point in briefing.points] == [text]
    assert briefing.query.without == left_out


def test_where_no_report_of_a_period_ranks_a_kind_it_is_said(shelf: Shelf) -> None:
    shelf.put("a", "Zorblax is the best vector database.", "en", date(2024, 5, 20))
    briefing = shelf.brief("best vector database in March 2020")
    assert briefing is not None
    assert briefing.query.without == "March 2020"
    assert [point.text for point in briefing.points] == ["Zorblax is the best vector database."]


@pytest.mark.parametrize(
    ("question", "language", "told", "other"),
    [
        ("OpenAI CEO", "en", "OpenAI CEO Jane Doe praised the new pumps.", "The CEO of a farm likes the models of OpenAI."),
        ("Mistral founders", "en", "Jane Doe, co-founder of Mistral, praised the new pumps.", "Mistral sells models to farms."),
        ("OpenAI investors", "en", "SoftBank, an investor in OpenAI, praised its models.", "OpenAI sells models to farms."),
        ("OpenAI的投资方", "zh", "软银向 OpenAI 投资10亿美元。", "OpenAI 的模型卖得很好。"),
    ],
)  # fmt: skip  # a question a line
def test_a_post_beside_a_name_asks_who_holds_it(
    shelf: Shelf, question: str, language: Language, told: str, other: str
) -> None:
    shelf.put("a", told, language)
    shelf.put("b", other, language)
    briefing = shelf.brief(question, language)
    assert briefing is not None
    assert [point.text for point in briefing.points] == [told]


def test_of_a_name_whose_post_nobody_is_said_to_hold_what_has_the_words_is_told(shelf: Shelf) -> None:
    shelf.put("a", "The farm of Jane Doe buys pumps, not models; its founder likes OpenAI.")
    shelf.put("b", "OpenAI sells models to farms.")
    briefing = shelf.brief("OpenAI founder")
    assert briefing is not None
    assert "founder" in briefing.points[0].text


@pytest.mark.parametrize(
    ("question", "language", "other", "answer"),
    [
        ("Who replaced Jane Doe?", "en", "Jane Doe wants to replace every phone with a pump.", "Mary Major succeeds Jane Doe as head of pumps."),
        ("谁接替了Doe", "zh", "Doe 想用水泵取代手机，他说。", "玛丽接替 Doe 出任水泵部门主管。"),
    ],
)  # fmt: skip  # a question a line
def test_who_replaced_somebody_is_told_by_who_came_after_and_by_nothing_else(
    shelf: Shelf, question: str, language: Language, other: str, answer: str
) -> None:
    shelf.put("a", other, language)
    assert shelf.brief(question, language) is None
    shelf.put("b", answer, language)
    briefing = shelf.brief(question, language)
    assert briefing is not None
    assert [point.text for point in briefing.points] == [answer]


def test_where_no_report_of_a_year_tells_who_did_something_it_is_said(shelf: Shelf) -> None:
    shelf.put("a", "Jane Doe, a researcher, left OpenAI for a new company.", "en", date(2024, 5, 20))
    shelf.put("b", "By 2019 few people knew of OpenAI and its models.", "en", date(2019, 5, 20))
    briefing = shelf.brief("Who left OpenAI in 2020?")
    assert briefing is not None
    assert briefing.query.without == "2020"
    assert [point.text for point in briefing.points] == [
        "Jane Doe, a researcher, left OpenAI for a new company."
    ]


def test_a_fact_of_a_name_is_not_told_by_what_only_has_the_name_or_only_the_other_words(shelf: Shelf) -> None:
    shelf.put("a", "豆包在上海举办了一场活动。", "zh")
    shelf.put("b", "这个发行版为用户量身定制，有 300 万用户。", "zh")
    assert shelf.brief("豆包用户量多少", "zh") is None
    shelf.put("c", "豆包的用户已有 6000 万。", "zh")
    told = shelf.brief("豆包用户量多少", "zh")
    assert told is not None
    assert told.points[0].text.startswith("豆包的用户")


@pytest.mark.parametrize("question", ["智谱最近干嘛了", "智谱咋样了", "为啥大家都在聊智谱"])
def test_a_question_in_everyday_words_is_on_what_it_names(shelf: Shelf, question: str) -> None:
    shelf.put("a", "智谱发布了一个新模型。", "zh")
    told = shelf.brief(question, "zh")
    assert told is not None
    assert told.points[0].text.startswith("智谱")


def test_an_unanswered_question_offers_the_name_in_it_that_reports_have(shelf: Shelf) -> None:
    shelf.put("a", "Windsurf 是一个编辑器。", "zh")
    shelf.put("b", "很多人喜欢 Windsurf。", "zh")
    assert shelf.brief("谁收购了Windsurf", "zh") is None
    assert names_held(shelf.query("谁收购了Windsurf"), shelf.library) == {"Windsurf": 2}
    assert names_held(shelf.query("谁收购了Kestrel"), shelf.library) == {}


def test_a_question_who_acted_that_names_something_else_too_is_answered_by_its_words(shelf: Shelf) -> None:
    shelf.put("a", "诺维尔公司做的水泵芯片最多。", "zh")
    told = shelf.brief("谁做的水泵芯片最多", "zh")
    assert told is not None
    assert told.points[0].text.startswith("诺维尔公司")


def test_a_fact_leads_before_what_unnamed_people_say_of_it(shelf: Shelf) -> None:
    shelf.put("a", "A member said that the licence price of the Zorblax card fell to $9 in spring.")
    shelf.put("b", "Zorblax sells the card at a price of $9 since spring.")
    told = shelf.brief("what is the licence price of the Zorblax card?")
    assert told is not None
    assert told.points[0].text.startswith("Zorblax sells")


def test_how_many_users_are_told_by_the_figure_and_not_by_talk_of_users(shelf: Shelf) -> None:
    for number in range(12):
        shelf.put(f"talk {number}", f"How many users ChatGPT has is what user {number} asks: users, users.")
    shelf.put(
        "figure", "By the end of the year the assistant was larger. ChatGPT had 400 million users in all."
    )
    told = shelf.brief("How many users does ChatGPT have?")
    assert told is not None
    assert told.points[0].text == "ChatGPT had 400 million users in all."


def test_a_question_does_not_answer_one(shelf: Shelf) -> None:
    shelf.put("a", "Will Nvidia sell the Zorblax card?")
    shelf.put("b", "Nvidia will sell the Zorblax card in spring.")
    told = shelf.brief("when will Nvidia sell the Zorblax card?")
    assert told is not None
    assert told.points[0].text.startswith("Nvidia will sell")


def test_what_one_version_has_is_no_answer_to_what_another_has(shelf: Shelf) -> None:
    shelf.put("a", "The model Llama 2 has 70 billion parameters, by far more parameters than many.")
    shelf.put("b", "Meta trained Llama 4 with 400 billion parameters.")
    told = shelf.brief("how many parameters does Llama 4 have?")
    assert told is not None
    assert [point.text for point in told.points] == ["Meta trained Llama 4 with 400 billion parameters."]


def test_of_two_equal_answers_the_newer_leads(shelf: Shelf) -> None:
    shelf.put("old", "Norvale leads in ferries in the old ranking.", published=date(2022, 5, 1))
    shelf.put("new", "Norvale leads in ferries in the new ranking.", published=date(2025, 5, 1))
    told = shelf.brief("which company leads in ferries?")
    assert told is not None
    assert "new" in told.points[0].text


def test_how_much_something_costs_is_told_by_an_amount_of_money(shelf: Shelf) -> None:
    shelf.put(
        "a", "The Zorblax card scored 45% in the cost and price test. The Zorblax card costs $30 a month."
    )
    told = shelf.brief("how much does the Zorblax card cost?")
    assert told is not None
    assert told.points[0].text == "The Zorblax card costs $30 a month."


def test_nothing_is_answered_by_another_version_alone(shelf: Shelf) -> None:
    shelf.put("a", "The model Llama 2 has 70 billion parameters, by far more parameters than many.")
    assert shelf.brief("how many parameters does Llama 4 have?") is None


def test_what_stands_alone_leads_before_what_the_sentence_before_it_explains(shelf: Shelf) -> None:
    shelf.put("a", "It also leads to 100 million users of the Zorblax card in the city.")
    shelf.put("b", "The Zorblax card has 40 million users in the city.")
    told = shelf.brief("how many users does the Zorblax card have?")
    assert told is not None
    assert told.points[0].text == "The Zorblax card has 40 million users in the city."
