"""A quoted sentence stands alone: one that depends on another is quoted with it, and a list item loses its number."""

from __future__ import annotations

import time
from datetime import date

import pytest
from library_kit import Shelf

from bot.trends.standalone import depends_on_previous, is_unfinished, stands_alone, without_place


@pytest.mark.parametrize(
    "text",
    [
        "It grew by a fifth.",
        "However, hybrids rose 11%.",
        "Additionally, hybrids rose 11%.",
        "The company expects sales to recover in 2027.",
        "The survey found that one in six agrees.",
        "As the industry's first open, many-sided editor, it made a start.",
        "By cleverly blending three models, it's faster than the original.",
        "He told analysts that demand is weak.",
        "The acquisition is seen as a step into robots.",
        "The new model costs half as much.",
        "The launch of the model surprised analysts.",
        "The API takes images too.",
        "The 2.4B model surpasses others of its size.",
        "Trained with reinforcement learning, it rivals larger models.",
        "Built on a smaller chip, they cost half as much.",
        "虽然他表示不持股，但投资很多。",
        "根据厂家的说法，它很快。",
        "据称，这笔投资将推动研究。",
        "🔔 The article points out four sources of data.",
        "公司预计第四季度毛利率在59%到61%之间。",
        "这一进步主要源于晶体管数量增加。",
        "更厉害的是，系统能协同工作。",
        "在此背景下，算力需求上升。",
        "一是电池成本下降，二是海外建厂提速。",
        "According to Tarn AI, this model beats comparable ones.",
        "According to the post by @ann, these cards need 600 watts.",
        "据Mistral称，该模型优于同类模型。",
        "根据官方博客的说法，这款芯片的功耗是600瓦。",
        "按照公司的计划，这一版本下周上线。",
        "模型支持高达128K的上下文，并减少了内存占用。",
        "新版本还将默认模型换成了另一家的。",
        "公告声称其性能优于同类模型。",
        "功能包括头脑风暴和插话提问。",
        "目标是让客户能单独启用连接。",
        "“作者认为，书签是最好的保存办法。”",
        "尽管显存位宽较弱，但它比纯CPU更快。",
        "虽然其总线（bus）较弱，但在没有驱动的情况下，它能以更低的价格提供推理。",
    ],
)
def test_a_sentence_that_leans_on_another_is_known(text: str) -> None:
    assert depends_on_previous(text)
    assert not stands_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "He Baohong directs the institute.",
        "The US leads in top models, but the gap is closing.",
        "The strategy for AI infrastructure is to build large data centres.",
        "Google and Kairos Power broke ground on a reactor.",
        "As AI spreads, power use grows.",
        "The acquisition of Kairos by Google closed in May.",
        "The Model Context Protocol has an owner.",
        "Founded in 2015, OpenAI employs 4,000 people.",
        "Backed by Fenwick, Tarn will open a plant, it said.",
        "The API of Tarn takes images too.",
        "公司治理要求更高。",
        "虽然其他模型也行，但新模型更快。",
        "虽然Qwen很小，但它写代码很快。",
        "According to Tarn AI, Mistral Small beats comparable models.",
        "根据工信部的数据，这三年算力增长了两倍。",
        "据IDC统计，中国去年出货量居首。",
        "凭借其价格优势，豆包在企业中增长很快。",
        "模型训练成本一年下降了九成。",
        "模型支持扩展：新版Aider增加了对QWQ的支持。",
        "新模型不断出现，价格随之下降。",
        "公司治理与平台监管是两会的话题。",
        "二是自主高端芯片软件生态进一步完善。",
        "具体来看，到2025年，智能算力占比达到35%。",
    ],
)
def test_a_sentence_that_names_its_subject_stands_alone(text: str) -> None:
    assert stands_alone(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("六是算力和电力加速双向奔赴。", "算力和电力加速双向奔赴。"),
        ("二、开源模型迎头赶上。", "开源模型迎头赶上。"),
        ("（三）开源模型迎头赶上。", "开源模型迎头赶上。"),
        ("第二，开源模型迎头赶上。", "开源模型迎头赶上。"),
        ("1. OpenAI的首席执行官被董事会解雇。", "OpenAI的首席执行官被董事会解雇。"),
        ("29、mini-redis：Rust写的迷你Redis。", "mini-redis：Rust写的迷你Redis。"),
        ("3.7版的模型比上一版更快。", "3.7版的模型比上一版更快。"),
        ("12、13两日有雨，出行请带伞。", "12、13两日有雨，出行请带伞。"),
        ("具体来看,到2025年,智能算力占比达到35%。", "到2025年,智能算力占比达到35%。"),
        ("另一方面，国内算力成本较高。", "国内算力成本较高。"),
        ("一是电池成本下降，二是海外建厂提速。", "一是电池成本下降，二是海外建厂提速。"),
        ("首先要解决的是电力。", "首先要解决的是电力。"),
        ("二是好的。", "二是好的。"),
        ("Second, prices fell.", "Second, prices fell."),
    ],
)
def test_a_number_in_a_list_is_not_part_of_what_is_said(text: str, shown: str) -> None:
    assert without_place(text) == shown


def test_headings_end_with_no_stop() -> None:
    assert is_unfinished("Group 1: Global AI Computing Center Development")
    assert not is_unfinished("Compute is scarce.")
    assert not is_unfinished("Compute is scarce 🚀")


def test_a_point_brings_the_sentence_that_it_leans_on(shelf: Shelf) -> None:
    shelf.put(
        "a", "Toyota plans a first car in 2028. It needs compute for its design.", "en", date(2026, 9, 1)
    )
    briefing = shelf.brief("compute")
    assert briefing is not None
    assert [p.text for p in briefing.points] == [
        "Toyota plans a first car in 2028. It needs compute for its design."
    ]


def test_no_point_is_told_again_with_the_one_that_leans_on_it(shelf: Shelf) -> None:
    shelf.put("a", "Compute is scarce in every region of Europe. It makes compute dear for small firms.")
    briefing = shelf.brief("compute")
    assert briefing is not None
    assert [p.text for p in briefing.points] == ["Compute is scarce in every region of Europe."]
    assert briefing.citations == (briefing.citations[0],)


def test_an_item_of_a_list_leads_without_its_number(shelf: Shelf) -> None:
    shelf.put("a", "六是算力和电力加速双向奔赴，围绕规划、建设和运营推进协同。", "zh")
    briefing = shelf.brief("电力", "zh")
    assert briefing is not None
    assert briefing.points[0].text == "算力和电力加速双向奔赴，围绕规划、建设和运营推进协同。"


@pytest.mark.parametrize("text", ["As " + "a, " * 50_000, "一是" * 50_000, "一是，" * 50_000, "更" * 100_000])
def test_hostile_sentences_cost_little(text: str) -> None:
    started = time.process_time()
    stands_alone(text)
    without_place(text)
    assert time.process_time() - started < 0.2
