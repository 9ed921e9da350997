"""A text that is damaged throughout is refused in one sentence: its remains are not stored as what its source says."""

from __future__ import annotations

import pytest
from library_kit import in_words

from bot.intake.readers import read_documents
from bot.text.unreadable import Unreadable

CHINESE = (
    "国内多家运营商去年完成了机房的液冷改造，平均用电下降了12%。\n\n“这笔投资两年就能收回，”一位负责人说。\n\n"
    "监管部门要求各地公开用电数据，并在今年年底以前删除重复建设的项目。"
)
TRADITIONAL = "主管機關要求各地公開用電資料，並在今年年底以前刪除重複建設的項目。專家認為應當先做評估。"
JAPANESE = "国内の複数の事業者は昨年、液体冷却への改修を終え、電力の使用量は平均で減少した。"
KOREAN = "국내 여러 사업자가 지난해 데이터센터의 액체 냉각 개조를 마쳤고 전력 사용량은 감소했다."
RUSSIAN = "Несколько операторов завершили в прошлом году переоборудование центров обработки данных."


def refusal(text: str, name: str = "report.txt") -> str:
    """Return the sentence in which a text is refused."""
    with pytest.raises(Unreadable) as error:
        list(read_documents(name, text.encode("utf-8", "surrogatepass")))
    return in_words(error.value.problem)


@pytest.mark.parametrize(
    ("text", "meant", "shown"),
    [
        *((CHINESE, "utf-8", shown) for shown in ("cp1252", "cp1253", "cp1257", "big5", "cp932", "cp949")),
        *((CHINESE, "gb18030", shown) for shown in ("big5", "cp932", "utf-16-le")),
        *((TRADITIONAL, "big5", shown) for shown in ("gb18030", "cp932", "cp949", "utf-16-le")),
        *((JAPANESE, "shift_jis", shown) for shown in ("gb18030", "big5", "cp949")),
        *((KOREAN, "euc-kr", shown) for shown in ("gb18030", "big5")),
        *((RUSSIAN, "utf-8", shown) for shown in ("gb18030", "big5", "cp949")),
    ],
)
def test_what_was_saved_in_a_wrong_encoding_and_is_lost_is_refused(text: str, meant: str, shown: str) -> None:
    said = refusal(text.encode(meant).decode(shown, "replace"))
    assert said == (
        "Most of the text is damaged: it was saved in a wrong encoding. Take it from its source again."
    )


def test_question_marks_for_characters_are_no_text() -> None:
    assert "damaged" in refusal(CHINESE.encode("ascii", "replace").decode())
    assert "damaged" in refusal(RUSSIAN.encode("ascii", "replace").decode())


@pytest.mark.parametrize(
    "text",
    [
        *(CHINESE, TRADITIONAL, JAPANESE, KOREAN, RUSSIAN),
        "Why? What for? Who pays?? Nobody knows.",
        "锂铍硼钪钛钒铬锰钴镍镓锗砷硒溴铷锶钇锆铌钼锝钌铑钯镉铟锡锑碲是常见的元素，各有用途。",
        "The characters 囧 and 槑 (méi) are memes; so are 犇, 骉 and 鱻, said the author.",
        "राष्ट्रीय ऊर्जा आयोग ने कहा कि पिछले वर्ष बिजली की मांग बढ़ी।",
        "Ủy ban cho biết nhu cầu điện năm ngoái đã tăng mạnh ở nhiều nơi.",
        CHINESE + "\n\n只有这一句坏了：规��焖偬嵘的部分。",
    ],
)
def test_a_text_in_any_script_that_is_not_damaged_is_taken(text: str) -> None:
    (document,) = read_documents("report.txt", text.encode())
    assert document.text
