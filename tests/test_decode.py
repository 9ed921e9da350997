"""Bytes in an unknown encoding become text, or are refused in one sentence."""

from __future__ import annotations

import codecs
import os
import quopri
from collections.abc import Callable
from pathlib import Path

import pytest
from bench.encodings import cases, outcome, texts
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.readers import read_documents
from bot.text import declared_charset
from bot.text.declared_charset import codec_of
from bot.text.decode import decode, encoding_of
from bot.text.rule_data import read_rows
from bot.text.unreadable import UnreadableEncoding

SIMPLIFIED = "面向2025年，算力规模快速提升，智能体应用随之增多。"
TRADITIONAL = "面向2025年，算力規模快速提升，智慧應用隨之增多。"
ENGLISH = "The demand for computing power grows in 2025."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "utf-8-sig"),
        (SIMPLIFIED, "utf-16"),
        (SIMPLIFIED, "utf-16-le"),
        (SIMPLIFIED, "utf-16-be"),
        (ENGLISH, "utf-16-le"),
        (ENGLISH, "utf-16-be"),
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED, "gbk"),
        (TRADITIONAL, "gb18030"),
        (TRADITIONAL, "big5"),
        ("算力", "gb18030"),
        ("算力規模", "big5"),
        ("", "utf-8"),
    ],
)
def test_text_is_read_in_the_encoding_it_was_written_in(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


RUSSIAN = "Центр обработки данных потребляет на десять процентов больше электричества, чем год назад."
KOREAN = "국내 데이터센터의 전력 사용량이 10% 늘었다. 새로운 시설의 효율은 좋아졌다."
JAPANESE = "データセンターの電力消費は前年より一割増えた。新しい施設の効率は上がっている。"
GREEK = "Η κατανάλωση ρεύματος των κέντρων δεδομένων αυξήθηκε κατά δέκα τοις εκατό."
POLISH = "Zużycie prądu w centrach danych wzrosło o dziesięć procent, choć źródła są różne."
FRENCH = "Le café des ingénieurs a coûté 3 000 € : « trop cher », dit l’opérateur à Genève."
OLD_FRENCH = "Le café des ingénieurs a coûté trop cher, répète l'opérateur à Genève après l'enquête."
HEBREW = "מרכזי הנתונים צרכו השנה עשרה אחוזים יותר חשמל מאשר בשנה שעברה."
WRONGLY_DECLARED = [
    (RUSSIAN, ("windows-1251", "koi8-r", "cp866", "mac-cyrillic")),
    (GREEK, ("windows-1253", "cp737", "mac-greek")),
    (POLISH, ("windows-1250", "cp852", "mac-latin2")),
    (OLD_FRENCH, ("cp850", "mac-roman")),
]
FOREIGN = [
    (RUSSIAN, ("windows-1251", "koi8-r", "cp866", "cp855", "iso-8859-5", "x-mac-cyrillic")),
    (KOREAN, ("euc-kr", "cp949")),
    (JAPANESE, ("shift_jis", "cp932", "euc-jp", "iso-2022-jp")),
    (GREEK, ("windows-1253", "iso-8859-7", "cp737", "x-mac-greek")),
    (POLISH, ("windows-1250", "iso-8859-2", "cp852", "x-mac-ce")),
    (FRENCH, ("windows-1252",)),
    (OLD_FRENCH, ("cp850", "cp437", "macintosh")),
    (HEBREW, ("windows-1255", "cp862")),
    (
        "Die Kühlung für größere Räume kostet 1.200 £, sagt der Geschäftsführer – höchstens.",
        ("windows-1252", "iso-8859-1"),
    ),
    ("A eletricidade de São Paulo não é cara; à noite há sobra de energia.", ("windows-1252", "iso-8859-1")),
    (
        "Büyük veri merkezlerinin elektrik tüketimi geçen yıla göre yüzde on arttı, şirket açıkladı.",
        ("windows-1254",),
    ),
]
DECLARATIONS = (
    '<!DOCTYPE html><html><head><meta charset="{}"></head><body>\n',
    "<html><head><META http-equiv=Content-Type content='text/html; charset={}'></head><body>\n",
    '<?xml version="1.0" encoding="{}"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body>\n',
)


class TestDeclared:
    @pytest.mark.parametrize("declaration", DECLARATIONS)
    @pytest.mark.parametrize(("text", "encodings"), FOREIGN, ids=lambda value: str(value)[:20])
    def test_charset_is_read_however_it_is_declared(
        self, text: str, encodings: tuple[str, ...], declaration: str
    ) -> None:
        for encoding in encodings:
            page = declaration.format(encoding) + text
            written = page.encode(codec_of(encoding), "ignore")
            assert decode(written) == written.decode(codec_of(encoding))

    @pytest.mark.parametrize("label", ["ISO-8859-1", "latin1", "us-ascii", "windows-1252", "x-cp1252"])
    def test_latin_is_windows_1252_as_in_browsers(self, label: str) -> None:
        page = f'<meta charset="{label}"><p>The city’s council – “green” plans, São Paulo, £5 or €6.'
        assert decode(page.encode("windows-1252")) == page

    def test_charset_in_a_note_about_pages_is_not_the_notes(self) -> None:
        note = f'Old pages say <meta charset="koi8-r"> of themselves.\n{ENGLISH} It didn’t before.'
        assert decode(note.encode("windows-1252")) == note

    @pytest.mark.parametrize("label", ["iso-8859-1", "gb2312", "big5", "koi8-r", "no-such-charset"])
    @pytest.mark.parametrize("text", [SIMPLIFIED, RUSSIAN, "The city’s council in São Paulo."])
    def test_charset_that_is_not_that_of_the_page_gives_way_to_utf8(self, label: str, text: str) -> None:
        page = f'<meta charset="{label}">{text}'
        assert decode(page.encode()) == page

    @pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "windows-1252", "shift_jis", "no-such-charset"])
    def test_charset_that_is_not_that_of_the_page_gives_way_to_gb18030(self, label: str) -> None:
        page = f'<meta charset="{label}">{SIMPLIFIED}'
        assert decode(page.encode("gb18030")) == page

    @pytest.mark.parametrize(
        ("label", "text"),
        [("euc-kr", KOREAN), ("big5", TRADITIONAL), ("shift_jis", JAPANESE), ("gb2312", SIMPLIFIED)],
    )
    def test_charset_names_the_page_that_is_too_damaged(self, label: str, text: str) -> None:
        raw = bytearray(f'<meta charset="{label}">{text * 3}'.encode(label))
        raw[30::5] = b"\xff" * len(raw[30::5])
        with pytest.raises(UnreadableEncoding) as refused:
            decode(bytes(raw))
        assert refused.value.problem.name == "broken_text"
        assert refused.value.problem.values == (label,)

    @pytest.mark.parametrize("label", ["gb2312", "big5"])
    def test_charset_in_which_another_reads_better_is_not_believed(self, label: str) -> None:
        """The bytes of EUC-JP are Chinese characters in other encodings too, half of them frequent ones."""
        page = f'<meta charset="{label}"><p>{JAPANESE * 3}'
        assert decode(page.encode("euc-jp")) == page

    @pytest.mark.parametrize(("text", "encodings"), WRONGLY_DECLARED, ids=lambda value: str(value)[:20])
    def test_charset_of_single_bytes_is_not_believed_where_another_is_far_likelier(
        self, text: str, encodings: tuple[str, ...]
    ) -> None:
        for encoding in encodings:
            page = f'<meta charset="iso-8859-1"><p>{text * 2}'
            assert decode(page.encode(encoding)) == page

    def test_page_becomes_a_document_with_its_letters(self) -> None:
        body = f"<article><h1>전력</h1><p>{KOREAN * 3}</p><p>{KOREAN * 2}</p></article>"
        page = f'<html><head><meta charset="euc-kr"><title>전력</title></head><body>{body}</body></html>'
        (document,) = read_documents("page.html", page.encode("euc-kr"))
        assert KOREAN in document.text
        assert document.language == "other"


class TestUndeclared:
    @pytest.mark.parametrize(("text", "encodings"), FOREIGN, ids=lambda value: str(value)[:20])
    def test_text_of_another_language_is_right(self, text: str, encodings: tuple[str, ...]) -> None:
        for encoding in map(codec_of, encodings):
            written = text.encode(encoding, "ignore")
            assert decode(written) == written.decode(encoding)

    @pytest.mark.parametrize(
        "text",
        [
            "The operator’s hall costs £3 million – twice the forecast. It didn’t open in May.",
            "It didn’t open.",
            "He said “no”.",
            "Café prices rose",
            "A naïve façade, a résumé; jalapeño for El Niño",
            "Prices: £5, €6, ¥700 – at 20 °C ± 2",
            "München and Zürich signed; Malmö, Århus and Łódź did not".replace("Łódź", "Lodz"),
            "“AI ate my job,” says the operator’s chief … but it hadn’t",
            "Section § 5 © 2025 Hall & Sons® — all rights",
        ],
    )
    def test_english_of_windows_keeps_its_quotes_and_accents(self, text: str) -> None:
        assert decode(text.encode("windows-1252")) == text
        assert decode((text * 40).encode("windows-1252")) == text * 40

    @pytest.mark.parametrize(
        "text",
        [
            "It didn’t open in May, and the neighbours aren’t happy.",
            "“Green” plans",
            "I’d say AI’s café is naïve – really",
        ],
    )
    def test_english_of_an_old_mac_keeps_its_quotes(self, text: str) -> None:
        assert decode(text.encode("mac-roman")) == text

    @pytest.mark.parametrize(
        "text",
        [
            "Huawei (华为) and ByteDance (字节跳动) said so.",
            "See the AI日报 of today",
            "Qwen 通义千问 3",
            "价格是 5 元",
            "趋势报告",
        ],
    )
    def test_chinese_inside_english_is_chinese(self, text: str) -> None:
        assert decode(text.encode("gb18030")) == text

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            *((SIMPLIFIED, "hz"), ("价格是 5 元，涨了 3%", "hz"), (SIMPLIFIED, "utf-7")),
            *((JAPANESE, "iso2022_jp"), (KOREAN, "iso2022_kr"), (ENGLISH, "utf-7"), ("It’s – “no”", "utf-7")),
        ],
    )
    def test_what_ascii_stands_for_is_read(self, text: str, encoding: str) -> None:
        assert decode(text.encode(encoding)) == text

    @pytest.mark.parametrize("text", [SIMPLIFIED, ENGLISH, "It’s – “no”"])
    def test_what_mail_has_quoted_is_read(self, text: str) -> None:
        assert decode(quopri.encodestring(text.encode())) == text

    @pytest.mark.parametrize(
        "text",
        [
            *("a ~{x~} b", "cat ~{foo~}", "1+2345+6789 = C++abc +abcd", "a+bcdefgh+ijklmno and c+dddd"),
            *("https://example.com/?a=20&b=E6=B6", "sha256=ABCD=EF=12+AAAA", "if x=20: y=3D"),
        ],
    )
    def test_ascii_that_only_looks_like_it_stays(self, text: str) -> None:
        assert decode(text.encode()) == text

    @pytest.mark.parametrize(
        "mix",
        [
            lambda text: text.encode().replace("’".encode(), b"\x92").replace("“".encode(), b"\x93"),
            lambda text: text.encode().replace("é".encode(), b"\xe9"),
            lambda text: b" ".join(
                word.encode("windows-1252" if number % 3 else "utf-8")
                for number, word in enumerate(text.split(" "))
            ),
        ],
        ids=["quotes", "accent", "words"],
    )
    @pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1"])
    def test_utf8_with_windows_1252_in_it_is_both(self, mix: Callable[[str], bytes], declared: str) -> None:
        """Pages assembled from several sources mix them; some of the bytes are valid in a Mac encoding too."""
        text = "The city’s “green” café in São Paulo cost £30m – it’s Müller’s, he said."
        head = f'<meta charset="{declared}">' if declared else ""
        assert decode(mix(head + text)) == head + text

    def test_utf8_that_is_too_damaged_is_named(self) -> None:
        raw = bytearray((SIMPLIFIED * 9).encode())
        raw[::9] = b"\xff" * len(raw[::9])
        with pytest.raises(UnreadableEncoding) as refused:
            decode(bytes(raw))
        assert refused.value.problem.values == ("utf-8",)

    @pytest.mark.parametrize("every", [5, 9])
    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            *((SIMPLIFIED, encoding) for encoding in ("gb18030", "utf-8")),
            *((TRADITIONAL, "big5"), (KOREAN, "euc-kr"), (JAPANESE, "shift_jis"), (JAPANESE, "euc-jp")),
        ],
    )
    def test_damaged_text_is_not_taken_for_greek_or_russian(
        self, text: str, encoding: str, every: int
    ) -> None:
        """In single-byte encodings every byte is a letter."""
        raw = bytearray((text * 3).encode(encoding))
        raw[30::every] = b"\xff" * len(raw[30::every])
        with pytest.raises(UnreadableEncoding):
            decode(bytes(raw))

    @pytest.mark.parametrize("cut", range(1, 40))
    def test_a_sample_cut_anywhere_tells_the_encoding(self, cut: int) -> None:
        for text, encoding in (
            (SIMPLIFIED * 3, "gb18030"),
            (TRADITIONAL * 3, "big5"),
            (KOREAN * 3, "cp949"),
        ):
            assert encoding_of(text.encode(encoding)[:-cut]) == encoding


@pytest.mark.skipif("TRENDBOT_SHARED" not in os.environ, reason="needs the shared data: set TRENDBOT_SHARED")
def test_texts_come_back_from_every_encoding_or_are_refused() -> None:
    chinese, english = texts(Path(os.environ["TRENDBOT_SHARED"]), 40)
    tried = [case for case in cases(chinese, english) if case.encoding != "mac-roman"]
    came = [outcome(case) for case in tried]
    assert len(tried) > 1000
    assert [case for case, said in zip(tried, came, strict=True) if said == "different"] == []
    assert came.count("right") >= 0.98 * len(tried)


def test_a_mark_decides_and_is_not_part_of_the_text() -> None:
    assert decode(codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be")) == SIMPLIFIED


def test_a_cut_end_costs_one_character_only() -> None:
    assert decode(SIMPLIFIED.encode()[:-1]).rstrip("\ufffd") == SIMPLIFIED[:-1]
    assert decode((SIMPLIFIED * 9).encode("gb18030")[:-1]).startswith(SIMPLIFIED * 8)


@pytest.mark.parametrize(
    "raw",
    [
        b"abc\0def",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 8,
        bytes(range(1, 32)) * 20,
        b"\xff\xfe\x00\x00\x01\x00",
    ],
)
def test_binary_data_is_refused_in_one_sentence(raw: bytes) -> None:
    with pytest.raises(UnreadableEncoding) as refused:
        decode(raw)
    assert refused.value.problem.name in {"binary", "not_text", "broken_text"}


@given(st.binary(max_size=400))
def test_any_bytes_are_decoded_or_refused(raw: bytes) -> None:
    try:
        text = decode(raw)
    except UnreadableEncoding:
        return
    assert "\0" not in text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff", exclude_categories=["Cc"])))
def test_any_text_survives_utf8(text: str) -> None:
    assert decode(text.encode()) == text


LABELS = sorted(
    label for label, _ in read_rows(Path(declared_charset.__file__).with_name("charset_labels.tsv"))
)


@given(st.sampled_from(LABELS), st.binary(max_size=200))
def test_any_bytes_behind_any_declaration_are_decoded_or_refused(label: str, raw: bytes) -> None:
    try:
        text = decode(f'<meta charset="{label}">'.encode() + raw)
    except UnreadableEncoding:
        return
    assert "\0" not in text


def test_every_label_names_a_codec() -> None:
    assert len(LABELS) > 100
    assert [label for label in LABELS if "a".encode(declared_charset.codec_of(label)) != b"a"] == []
