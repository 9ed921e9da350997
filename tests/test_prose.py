"""What may be quoted: sentences that say something, not the labels, names and addresses beside them."""

from __future__ import annotations

import pytest

from bot.text.prose import is_prose


@pytest.mark.parametrize(
    "sentence",
    [
        "Compute grew 30% in 2025.",
        "Tea rose.",
        "Nvidia's shares fell 17% on Monday after the app topped the store",
        "The model costs $2.19 per million tokens (the paper is at https://example.org/paper).",
        "@dana says the C++ build of llama.cpp is faster.",
        "算力紧张。",
        "该模型在36氪发布，价格是每百万tokens 16元。",
        "公司计划在2025年把数据中心的用电量降低两成",
        "公司将推出新的模型，降低价格，扩大规模，进入海外的市场",
        "“需求还在增长。”",
        "Financial terms of the deal were not provided.",
        "苹果尚未提供具体的时间表。",
    ],
)
def test_what_says_something_is_prose(sentence: str) -> None:
    assert is_prose(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "要点解析：",
        "The protocol is flexible enough to cover:",
        "https://example.org/reports/2025",
        "Dana: https://example.org/reports/2025",
        "建议的正确链接为：https://example.org/reports/2025。",
        "Fixes the cache · Pull Request #12 · example/engine: This fixes a bug in the cache of prompts.",
        "A new engine v0.12.0",
        "Time to read up on it, with today's sponsor!",
        "Cats in text, ranks and weights of adapters, decoding for pictures, search or sampling",
        "仓库与模块化系统、模型的性能评估、检索增强的生成、网页抓取的政策",
        "Example Labs/large-model-GGUF · Hugging Face",
        "Add a cache for prompts · Issue #1302 · example/engine",
        "| Model | Price | Window |",
        "[the report](https://example.org",
        "** Commenters generally agreed with the post.",
        "pip install --upgrade example-engine[all]==2.1 && example --port=8080",
        'if (a[i] != b[j]) { return "x"; }',
        "Large Language Models",
        "【重磅发布】",
        "最低资源占用 64 kB ROM 16 kB RAM",
        "The call opens on Monday and closes two weeks after the first of …",
        "We checked 7 subreddits and 30 Discords for you.",
        "Estimated reading time saved is 314 minutes.",
        "原文共计98433字，阅读时间为15分钟。",
        "The picture shows a new use, although details are not available due to the lack of text content.",
        "He presented a new cache, though implementation details were not provided in the post.",
        "他展示了一种新的缓存方法，但讨论中未提供具体资源。",
        "详细的安装说明和更新记录可以在这里获取。",
        "{% if medium == 'web' %}",
        "<details><summary>More on this</summary>",
    ],
)
def test_what_only_stands_beside_a_text_is_none(sentence: str) -> None:
    assert not is_prose(sentence)
