"""A sentence that is not in the reader's language says which language it is in, or that it is the original."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from library_kit import NOW

from bot.app import App
from bot.dialogue.events import TextEvent
from bot.intake.readers import STREAM
from bot.models import Language

FRENCH = "Le chiffre d'affaires de GitHub Copilot a augmenté de 40 % en 2025 selon le rapport annuel."
ENGLISH = "GitHub Copilot won 40% more users in 2025, as the yearly report says of its customers."
CHINESE = "年度报告称,GitHub Copilot的用户在2025年增加了40%,企业客户增加得更快。"


@pytest.mark.parametrize(
    ("language", "text", "reader", "label"),
    [
        ("fr", FRENCH, "en", "(in the original)"),
        ("fr", FRENCH, "zh", "（原文）"),
        ("zh", CHINESE, "en", "(in Chinese)"),
        ("en", ENGLISH, "zh", "（英文原文）"),
        ("en", ENGLISH, "en", ""),
    ],
)
def test_a_sentence_in_another_language_is_named_for_what_it_is(
    language: str, text: str, reader: Language, label: str, own_app: App
) -> None:
    raw = json.dumps({"title": "Copilot", "text": text, "language": language, "published": "2026-11-01"})
    (result,) = own_app.ingest.stream(STREAM, BytesIO(raw.encode()), int(NOW.timestamp()))
    assert result.status == "added"
    asked = TextEvent(1, 1, "/trend copilot", private=True, chosen=reader)
    reply = own_app.router(None).answer(asked, NOW)
    assert reply is not None
    assert reply.message is not None
    labels = {"(in the original)", "（原文）", "(in Chinese)", "（英文原文）"}
    assert {one for one in labels if one in reply.message.html} == ({label} if label else set())
