"""What a reader gets from dirty text, and that each cut is kept with the rule that made it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cleaning.clean import QUARANTINE, clean
from bot.intake.readers import read_documents
from bot.models import Document
from bot.text.language import detect_language
from bot.text.pagemarks import split_page_marks

GOLDEN = Path(__file__).parent / "golden"
PAGES = sorted(GOLDEN.glob("*/dirty.txt"))
SPAM = (GOLDEN / "lines/spam.txt").read_text(encoding="utf-8").splitlines()
NEWS = (GOLDEN / "lines/news.txt").read_text(encoding="utf-8").splitlines()
BEFORE = "2024年,全球算力投资继续增长,多家机构上调了对数据中心的预测。"
AFTER = "与此同时,推理成本正在快速下降,应用落地的速度超过了预期。"


def rules(text: str) -> list[tuple[int, str]]:
    """Return the line number and the rule of each cut."""
    return [(cut.number, cut.rule) for cut in clean(text).cut]


def shown(document: Document) -> str:
    """Return a document in the form of the golden files."""
    day = f"{document.published}{' (inferred)' if document.inferred else ''}"
    head = f"title: {document.title}\npublisher: {document.publisher}\npublished: {day}\nlanguage: {document.language}"
    cut = "\n".join(f"- {line.number} {line.rule}: {line.text}" for line in document.cut)
    return f"---\n{head}\n---\n{document.text}\n\n## Cut\n{cut}\n"


def test_there_are_golden_pages() -> None:
    assert len(PAGES) > 12
    assert len(SPAM) > 60
    assert len(NEWS) > 60


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_a_dirty_page_comes_out_as_expected(page: Path) -> None:
    document = next(read_documents(page.name, page.read_bytes()))
    assert shown(document) == page.with_name("expected.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_clean_text_is_not_cut_again(page: Path) -> None:
    text = next(read_documents(page.name, page.read_bytes())).text
    assert clean(text).text == text
    assert clean(text).cut == ()


class TestSpam:
    @pytest.mark.parametrize("line", SPAM)
    def test_is_quarantined_between_good_lines(self, line: str) -> None:
        cleaned = clean(f"{BEFORE}\n{line}\n{AFTER}")
        assert cleaned.lines == (BEFORE, AFTER)
        assert {cut.rule for cut in cleaned.cut} <= QUARANTINE
        assert {cut.number for cut in cleaned.cut} == {2}

    @pytest.mark.parametrize("line", [line for line in SPAM if "裸聊直播间" not in line])
    def test_is_quarantined_inside_a_paragraph(self, line: str) -> None:
        cleaned = clean(f"{BEFORE}{line} {AFTER}")
        assert line not in cleaned.text
        assert BEFORE in cleaned.text
        assert AFTER in cleaned.text

    @pytest.mark.parametrize("line", NEWS)
    def test_is_not_what_news_is(self, line: str) -> None:
        assert clean(f"{BEFORE}\n{line}\n{AFTER}").lines == (BEFORE, line, AFTER)
        assert clean(f"{BEFORE}{line} {AFTER}").text == f"{BEFORE}{line} {AFTER}"

    @pytest.mark.parametrize(
        "line",
        [
            "私密且无审查的",
            "准备好深入了解下一波",
            "ssh-keygen",
            "Interested readers can sign up and enter promo code RUBIX here.",
            "Free Download of the hardware monitor |",
            "王明 (@wangming) 的推文：新模型发布了 👋 我们还在改 @huggingface 的接口",
        ],
    )
    def test_one_sign_convicts_no_line_of_a_long_clean_page(self, line: str) -> None:
        page = [BEFORE, AFTER] * 30
        assert rules("\n".join([*page, line, *page])) == []

    @pytest.mark.parametrize(
        "line", ["澳门新葡京官网注册送88元", "人妻少妇无码精品视频区", "私服传奇发布网 | 5天前"]
    )
    def test_signs_that_meet_convict_a_line_of_a_long_clean_page(self, line: str) -> None:
        page = [BEFORE, AFTER] * 30
        assert [number for number, _ in rules("\n".join([*page, line, *page]))] == [61]

    def test_one_sign_is_enough_on_a_dirty_page(self) -> None:
        spam = [
            "澳门新葡京官网注册送88元",
            "人妻少妇无码精品视频区",
            "六合彩特码内部资料 一码中特",
            "私密且无审查的",
        ]
        lines = [part for line in spam for part in (BEFORE, line, AFTER)]
        assert [number for number, _ in rules("\n".join(lines * 6))][-1] == 71

    def test_takes_the_harmless_lines_of_its_block_along(self) -> None:
        block = "国产精品自拍 | 3天前 |\n梦见下雨 |\n怎样煮鸡蛋\n少妇视频 | 5小时前 |"
        assert clean(f"{BEFORE}\n{block}\n{AFTER}").lines == (BEFORE, AFTER)

    def test_does_not_take_the_headings_and_sentences_between_it(self) -> None:
        spam = "国产精品自拍 | 3天前 |"
        page = f"{spam}\n{BEFORE}\n{spam}\n二、芯片之争\n{spam}\n{AFTER}"
        assert clean(page).lines == (BEFORE, "二、芯片之争", AFTER)

    def test_scattered_between_sentences_takes_the_strangers_among_them_along(self) -> None:
        page = f"{BEFORE}\n少妇视频 | 5小时前 |\n{AFTER}\n红豆汤怎样煮才好喝\n{BEFORE}\n国产精品自拍 | 3天前 |\n{AFTER}"
        assert clean(page).lines == (BEFORE, AFTER, BEFORE, AFTER)

    def test_scattered_between_sentences_leaves_their_headings(self) -> None:
        page = f"{BEFORE}\n少妇视频 | 5小时前 |\n{AFTER}\n推理成本为何下降\n{BEFORE}\n国产精品自拍 | 3天前 |\n{AFTER}"
        assert clean(page).lines == (BEFORE, AFTER, "推理成本为何下降", BEFORE, AFTER)

    def test_goes_with_the_address_it_leads_to_and_the_sentence_stays(self) -> None:
        cleaned = clean(f"最新网址www.kb8899.vip{AFTER}")
        assert cleaned.text == AFTER
        assert [(cut.rule, cut.text) for cut in cleaned.cut] == [("link-farm-line", "最新网址www.kb8899.vip")]

    def test_spares_the_address_of_a_source(self) -> None:
        text = "数据可在官网www.nea.gov.cn查询,亦见官网www.caict.com。"
        assert clean(text).text == text

    def test_spares_tables(self) -> None:
        table = "| 产品 | 收入 | 占比 |\n| 百家乐 | 1,202亿 | 54% |\n| 老虎机 | 98亿 | 5% |"
        assert clean(f"{BEFORE}\n{table}\n{AFTER}").lines == (BEFORE, *table.split("\n"), AFTER)

    def test_spares_one_slip_with_a_pipe(self) -> None:
        assert clean(f"{BEFORE}\n产业链全景 |\n{AFTER}").lines == (BEFORE, "产业链全景 |", AFTER)

    def test_on_a_page_with_spam_a_pipe_is_no_slip(self) -> None:
        page = "\n".join([BEFORE, "两款哪个好 |", *[AFTER] * 9, "表达疼痛的话 | 6天前 |", AFTER])
        assert clean(page).lines == (BEFORE, *[AFTER] * 10)


class TestCharacters:
    def test_annotations_go_and_parentheses_stay(self) -> None:
        cleaned = clean("趨勢(shì)2025:設(shè)備(HAI)、(2024)、(MoE)與(yǔ)人工智能(ai)一同發(fā)展。")
        assert cleaned.text == "趋势2025:设备(HAI)、(2024)、(MoE)与人工智能(ai)一同发展。"
        assert cleaned.cut[0].text == "(shì) (shè) (yǔ) (fā)"

    @pytest.mark.parametrize(
        "word", ["(café)", "(résumé)", "(nlp)", "(tokens/W)", "(a)", "(见图3)", "(long)"]
    )
    def test_a_word_in_parentheses_is_no_annotation(self, word: str) -> None:
        assert clean(f"這個詞{word}不是(shì)拼音。").text == f"这个词{word}不是拼音。"

    @pytest.mark.parametrize(
        ("written", "read"),
        [("utf-8", "gbk"), ("utf-8", "latin-1"), ("gbk", "latin-1"), ("utf-8", "mac-roman")],
    )
    def test_a_wrong_decoding_is_undone(self, written: str, read: str) -> None:
        text = "人工智能正在改变世界"  # Its UTF-8 bytes are all valid GBK.
        assert clean(text.encode(written).decode(read, "ignore")).text == text

    def test_what_a_wrong_decoding_lost_goes_with_its_clause(self) -> None:
        text = "人工智能正在改变世界，算力需求快速上升。"
        assert clean(text.encode().decode("gbk", "replace")).text == "人工智能正在改变世界"

    def test_curly_quotes_of_the_wrong_code_page_are_put_right(self) -> None:
        assert clean("The companyâ€™s AI lab said so.").text == "The company’s AI lab said so."

    def test_a_clause_with_lost_characters_goes_and_its_sentence_stays(self) -> None:
        cleaned = clean("算力设施迎来浪潮,算力规??焖偬嵘?。伴随着大模型,需求爆发。")
        assert cleaned.text == "算力设施迎来浪潮。伴随着大模型,需求爆发。"
        assert [(cut.rule, cut.text) for cut in cleaned.cut] == [("lost-characters", "算力规??焖偬嵘?")]

    def test_an_omission_inside_a_sentence_is_marked(self) -> None:
        text = "甲公司增长,乙公\ufffd\ufffd持平,丙公司下降50%。"
        assert clean(text).text == "甲公司增长,…,丙公司下降50%。"

    @pytest.mark.parametrize(
        "text",
        [
            "真的不需要工程师了吗??答案是否定的。",
            "关税倒逼?通用家电撤离中国。",
            "What? He left?",
            "为什么?因为贵。",
        ],
    )
    def test_a_question_has_lost_nothing(self, text: str) -> None:
        assert clean(text).text == text

    def test_a_line_that_stays_garbled_goes_as_a_whole(self) -> None:
        garbled = "澶撮儴浼佷笟杞鍑哄敭鏁村鏈嶅姟"
        assert clean(f"{BEFORE}\n{garbled}").lines == (BEFORE,)

    def test_a_lone_syllable_with_a_digit_is_no_annotation(self) -> None:
        assert clean("树莓派(pi4)售价上调。").text == "树莓派(pi4)售价上调。"

    def test_the_closing_quote_that_code_page_1252_cannot_show_is_put_right(self) -> None:
        text = "The grid operator reported “negative prices” again."
        assert clean(text.encode().decode("cp1252", "replace")).text == text

    def test_traditional_chinese_is_shown_in_simplified_and_japanese_is_left_alone(self) -> None:
        assert clean("資訊與通訊產業的發展。").text == "资讯与通讯产业的发展。"
        assert clean("計算機の歴史は長いものです。").text == "計算機の歴史は長いものです。"

    def test_markup_goes_and_what_looks_like_it_stays(self) -> None:
        assert (
            clean("电价</a>占&nbsp;四成<br/>，a < b 且 <MoE> 与 b > c。").text
            == "电价占 四成 ，a < b 且 <MoE> 与 b > c。"
        )

    @given(st.text(max_size=300))
    @settings(max_examples=300)
    def test_no_text_shows_controls_or_fails(self, text: str) -> None:
        cleaned = clean(text)
        assert not set(cleaned.text) & set("\u202e\u202a\u2066\u200b\ufeff\ufffd\x00\x07\u3000")
        assert all(1 <= cut.number <= text.count("\n") + text.count("\r") + 1 for cut in cleaned.cut)


class TestFurniture:
    def test_a_list_between_ordinals_goes_wherever_it_stands(self) -> None:
        ranking = "点击排行\n1\n电池价格创新低\n2\n谁在囤显存\n3\n机器人租赁火了"
        assert clean(f"{BEFORE}\n{ranking}\n\n{AFTER}").lines == (BEFORE, AFTER)

    def test_numbered_sections_stay(self) -> None:
        page = f"1、算力\n{BEFORE}\n2、模型\n{AFTER}\n3、应用\n{BEFORE}"
        assert clean(page).cut == ()

    def test_a_list_of_the_text_itself_stays(self) -> None:
        page = f"{BEFORE}\n1. 算力成本\n2. 模型能力\n3. 应用落地\n4. 安全治理\n{AFTER}"
        assert clean(page).cut == ()

    def test_an_editors_note_stays(self) -> None:
        page = f"编者按\n\n{BEFORE}\n\n{AFTER}\n关于我们\n商务合作:QQ 123456"
        assert clean(page).lines == ("编者按", BEFORE, AFTER)

    def test_a_word_that_is_also_a_button_may_be_a_heading(self) -> None:
        assert clean(f"{BEFORE}\n评论\n{AFTER}").lines == (BEFORE, "评论", AFTER)
        assert clean(f"{BEFORE}\n{AFTER}\n评论\n收藏\n分享").lines == (BEFORE, AFTER)

    @pytest.mark.parametrize(
        "line",
        [
            "谷歌表示不再淘汰第三方Cookie,广告商松了一口气。",
            "The regulator said sites must let users reject all tracking with one click.",
            "报告引用了版权归作者所有的图片,双方为此对簿公堂,法院最终判决平台赔偿。",
            "扫码支付在东南亚快速普及。",
            "微信公众号的阅读量连续三年下降。",
        ],
    )
    def test_a_sentence_about_such_things_stays(self, line: str) -> None:
        assert clean(f"{BEFORE}\n{line}\n{AFTER}").lines == (BEFORE, line, AFTER)

    @pytest.mark.parametrize(
        "line",
        [
            "Copyright, AI and the fine print of fair use: courts weigh who may train on what",
            "Copyright law and how content is used",
            "Copyright issues complicate what a model may repeat: users report refusals.",
            "发布公告中还写明了这家公司的版权声明，注明 © 2023 - 2024 OpenRouter, LLC。",
        ],
    )
    def test_news_about_copyright_stays(self, line: str) -> None:
        assert rules(f"{BEFORE}\n{line}\n{AFTER}") == []

    @pytest.mark.parametrize(
        "line",
        [
            "Copyright 2024 The Wire",
            "Copyright The Wire Ltd 2024",
            "© 2024 The Wire",
            "Copyright by The Wire",
            "版权所有 算力观察",
        ],
    )
    def test_a_line_that_claims_copyright_goes(self, line: str) -> None:
        assert rules(f"{BEFORE}\n{line}\n{AFTER}") == [(2, "copyright-notice")]

    def test_every_line_is_kept_or_cut_once(self) -> None:
        page = (GOLDEN / "portal-zh/dirty.txt").read_text(encoding="utf-8")
        cleaned = clean(page)
        numbers = [*(block.line for block in cleaned.blocks), *(cut.number for cut in cleaned.cut)]
        assert sorted(numbers) == [n for n, line in enumerate(page.split("\n"), 1) if line.strip()]


class TestParagraphs:
    def test_a_list_run_into_one_line_is_taken_apart(self) -> None:
        line = (
            "Group 1: Chips - Demand grows [1][7]. - Supply follows [2]. "
            "Group 2: Power - Grids wait - and wait. - Prices rise."
        )
        assert clean(line).lines == (
            "Group 1: Chips",
            "Demand grows [1][7].",
            "Supply follows [2].",
            "Group 2: Power",
            "Grids wait - and wait.",
            "Prices rise.",
        )

    def test_a_sentence_with_dashes_is_no_list(self) -> None:
        line = "Power - not chips - is scarce. Grids - the old ones - wait."
        assert clean(line).lines == (line,)

    def test_a_wrapped_paragraph_is_joined(self) -> None:
        wrapped = (
            "The demand for computing power is rising quickly, and\n"
            "many operators plan to build larger data centres in the\n"
            "coming years. Prices of chips fall while the demand for\n"
            "energy keeps growing."
        )
        assert clean(wrapped).lines == (wrapped.replace("\n", " "),)

    def test_a_line_over_the_cap_is_cut_behind_a_sentence(self) -> None:
        cleaned = clean(BEFORE * 1000)
        assert "".join(cleaned.lines) == BEFORE * 1000
        assert max(map(len, cleaned.lines)) <= 10_000
        assert all(line.endswith("。") for line in cleaned.lines)


@pytest.mark.parametrize(
    ("sentence", "text", "pages"),
    [
        ("Demand grows [17][19].", "Demand grows.", (17, 19)),
        ("Demand grows. [17][19]", "Demand grows.", (17, 19)),
        ("需求增长[3]。", "需求增长。", (3,)),
        ("需求增长。[3，4]", "需求增长。", (3, 4)),
        ("“需求增长[3]。”", "“需求增长。”", (3,)),
        ("A [1]. [2]", "A.", (1, 2)),
        ("It was published in [2024].", "It was published in [2024].", ()),
        ("See [17] for more.", "See [17] for more.", ()),
        ("[17]", "", (17,)),
        ("", "", ()),
    ],
)
def test_page_marks_leave_the_sentence(sentence: str, text: str, pages: tuple[int, ...]) -> None:
    assert split_page_marks(sentence) == (text, pages)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("算力需求快速增长。", "zh"),
        ("DeepSeek-V3 与 GPT-4o 的 API 价格对比", "zh"),
        ("The demand for computing power grows.", "en"),
        ("The AI Index (AI指数报告) is an annual report of Stanford University.", "en"),
        ("計算機の歴史は長いものです。", "other"),
        ("Вычислительная мощность растёт.", "other"),
        ("컴퓨팅 수요가 증가하고 있다.", "other"),
        ("La demande de puissance de calcul augmente rapidement dans le monde entier et " * 4, "other"),
        ("2025 100%", "other"),
    ],
)
def test_the_language_is_known_by_its_script(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全国数据中⼼去年⽤电⼀千六百亿度，⽐上年增长。", "全国数据中心去年用电一千六百亿度，比上年增长。"),
        ("国产⻋与⻢达的⻓度在增加，⻛电也是。", "国产车与马达的长度在增加，风电也是。"),
        ("The ﬁrst ﬂoor of the eﬀort is oﬃcial now.", "The first floor of the effort is official now."),
        ("ＡＩ模型在２０２５年增长了３０％，达到１２亿。", "AI模型在2025年增长了30％，达到12亿。"),
        ("𝗖𝗼𝗺𝗽𝘂𝘁𝗲 is scarce and its price rose again.", "Compute is scarce and its price rose again."),
        ("這是金屬與樂器的展覽。", "这是金属与乐器的展览。"),
    ],
)
def test_compatibility_characters_become_the_ordinary_ones_that_they_look_like(
    text: str, expected: str
) -> None:
    assert clean(text).text == expected


@pytest.mark.parametrize("text", ["面积为100㎡，编号①，第Ⅷ章，x²。", "他说：“好！”（完）"])
def test_signs_that_have_no_ordinary_twin_stay(text: str) -> None:
    assert clean(text).text == text
