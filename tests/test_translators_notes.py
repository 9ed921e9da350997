"""A title is told without what its translator says about the translation."""

from __future__ import annotations

import pytest

from bot.cleaning.translators_notes import without_notes


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("“Less Lazy AI” 可以翻译为： * 更勤奋的人工智能 * 没那么懒的人工智能", "更勤奋的人工智能"),
        (
            "这句话可以根据语境翻译为： 1. 本周平淡收场。（最常用） 2. 这一周结束得比较平淡。（口语）",
            "本周平淡收场",
        ),
        (
            "以下是几种翻译供参考，都是中文翻译： * 标准直译： 谷歌觉醒：新模型 * 意译： 谷歌苏醒",
            "谷歌觉醒：新模型",
        ),
        ("以下是几种不同语气的翻译供你参考： * 标准直译： 海豚上岸 * 意译： 海豚登陆", "海豚上岸"),
        ("以下译法供参考： 1. 小步快跑（最常用） 2. 逐步前进", "小步快跑"),
        ("不同场合的翻译供您参考： - 新品发布周（新闻） - 产品周", "新品发布周"),
        ("以下是“Learnings from o1”的中文翻译： o1 总结 （或者：o1 心得）", "o1 总结"),
        (
            "“Skyfall” 有以下几种中文翻译： 1. 电影名称（第23部）： * 大陆：《天幕》 * 香港：《智破》",
            "Skyfall",
        ),
        ('知识图谱。 *(注：这句话模仿了 "First, do no harm"，即 know(ledge) Graph。)*', "知识图谱"),
        ("评测：下一代 (或者：评估：下一代)", "评测：下一代"),
        (
            "Canvas 全面开放 (或 正式发布) 注：“GA” 是 General Availability 的缩写。",
            "Canvas 全面开放 (或 正式发布)",
        ),
    ],
)
def test_of_a_title_with_notes_the_first_wording_is_told(title: str, told: str) -> None:
    assert without_notes(title) == told


@pytest.mark.parametrize(
    "title",
    [
        "科技爱好者周刊（第 153 期）：机器翻译是对译者的侮辱吗？",
        "Firefox 118 带来了原生的翻译功能：不再联网",
        "新用户（注册不到一年）增长最快。",
        "Claude 3（或者说它的后继）发布",
        "Mistral (2024)",
        "How “notes” may be translated: a guide.",
        "",
    ],
)
def test_any_other_title_stays_as_it_is(title: str) -> None:
    assert without_notes(title) == title
