"""Scales, units and counted things as they follow a number in Chinese or English. Tables and one reader of them.

Knows no sentence: it looks only at what stands right behind a number.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Powers of ten, so that "252.3 billion" becomes float("252.3e9"), the nearest float there is.
_HAN_SCALES = {
    "万亿": 12, "千亿": 11, "百亿": 10, "十亿": 9, "千万": 7, "百万": 6, "十万": 5, "亿": 8, "万": 4, "千": 3,
    "百": 2,
}  # fmt: skip
_WORD_SCALES = {
    "hundred": 2, "thousand": 3, "million": 6, "mn": 6, "mln": 6, "billion": 9, "bn": 9, "trillion": 12,
    "tn": 12,
}  # fmt: skip
_LETTER_SCALES = {"k": 3, "K": 3, "m": 6, "M": 6, "b": 9, "B": 9, "t": 12, "T": 12}
_CAREFUL_SCALES = {"千": "瓦米克伏卡字赫", "百": "度分", "万": "物"}

_HAN_UNITS: dict[str, tuple[str, int]] = {
    "%": ("%", 0), "‰": ("%", -1), "个百分点": ("pp", 0), "百分点": ("pp", 0), "倍": ("x", 0),
    "美元": ("USD", 0), "美金": ("USD", 0), "美分": ("USD", -2), "元": ("CNY", 0), "元人民币": ("CNY", 0),
    "人民币": ("CNY", 0), "块钱": ("CNY", 0), "欧元": ("EUR", 0), "英镑": ("GBP", 0), "日元": ("JPY", 0),
    "港元": ("HKD", 0), "港币": ("HKD", 0), "韩元": ("KRW", 0), "新台币": ("TWD", 0), "卢比": ("INR", 0),
    "加元": ("CAD", 0), "澳元": ("AUD", 0), "瓦": ("w", 0), "千瓦": ("w", 3), "兆瓦": ("w", 6),
    "吉瓦": ("w", 9), "太瓦": ("w", 12), "瓦时": ("wh", 0), "千瓦时": ("wh", 3), "度电": ("wh", 3),
    "兆瓦时": ("wh", 6), "吉瓦时": ("wh", 9), "太瓦时": ("wh", 12), "赫兹": ("hz", 0), "比特": ("bit", 0),
    "量子比特": ("qubit", 0), "字节": ("byte", 0), "纳米": ("nm", 0), "微米": ("μm", 0), "毫米": ("mm", 0),
    "厘米": ("cm", 0), "米": ("m", 0), "公里": ("km", 0), "千米": ("km", 0), "平方米": ("m²", 0),
    "平方公里": ("km²", 0), "亩": ("mu", 0), "克": ("g", 0), "公斤": ("kg", 0), "千克": ("kg", 0),
    "吨": ("tonne", 0), "毫秒": ("ms", 0), "秒": ("second", 0), "秒钟": ("second", 0), "分钟": ("minute", 0),
    "小时": ("hour", 0), "天": ("day", 0), "周": ("week", 0), "个星期": ("week", 0), "个月": ("month", 0),
    "个季度": ("quarter", 0), "年": ("year", 0), "℃": ("°c", 0), "分": ("point", 0),
}  # fmt: skip
# Classifiers; the thing they count, where it is known, is read behind them.
_CLASSIFIERS = {
    "篇": "paper", "人": "person", "人次": "visit", "名": "person", "位": "person", "页": "page",
    "字": "character", "行": "line", "层": "layer", "次": "time", "辆": "vehicle", "步": "step", "个": "",
    "款": "", "台": "", "项": "", "件": "", "家": "", "种": "", "颗": "", "枚": "", "张": "", "套": "",
    "座": "", "条": "", "部": "", "份": "", "块": "", "所": "", "场": "", "架": "", "本": "", "册": "",
    "只": "", "艘": "", "组": "", "对": "", "轮": "", "笔": "", "门": "", "节": "",
    "片": "", "幅": "", "首": "", "句": "",
}  # fmt: skip
_CAREFUL_UNITS = {
    "元": "年宇素件组器", "位": "浮整精宽数元", "分": "之布析享成别为支子", "年": "级代轻", "周": "年",
    "人": "工形机", "台": "湾", "部": "分署", "条": "件", "所": "有以", "只": "有是能需", "本": "科次土",
    "名": "列", "对": "于比", "天": "猫津", "米": "兰", "次": "于元", "项": "目", "家": "庭",
    "组": "织", "节": "点省约", "门": "槛", "字": "样体母幕典段", "场": "景", "层": "面",
    "份": "额", "克": "隆",
}  # fmt: skip
_THINGS = {
    "模型": "model", "论文": "paper", "参数": "parameter", "国家": "country", "企业": "company",
    "公司": "company", "用户": "user", "专利": "patent", "项目": "project", "机器人": "robot",
    "数据集": "dataset", "芯片": "chip", "星标": "star", "星": "star", "城市": "city", "机构": "institution",
    "大学": "university", "高校": "university", "学生": "student", "员工": "employee", "岗位": "job",
    "开发者": "developer", "语言": "language", "应用": "application", "智能体": "agent", "产品": "product",
    "医院": "hospital", "数据中心": "data centre", "服务器": "server", "浮点运算": "flop",
    "诺贝尔奖": "nobel prize", "词元": "token", "代码": "line", "基站": "base station", "卡": "card",
    "样本": "sample", "图像": "image", "图片": "image", "视频": "video", "汉字": "character",
    "标准": "standard", "案例": "case", "请求": "request", "晶体管": "transistor", "粉丝": "follower",
    "专家": "expert", "卫星": "satellite",
}  # fmt: skip
_THING = re.compile(
    "|".join(sorted(_THINGS, key=len, reverse=True)) + r"|(?i:tokens?|stars?|gpus?)(?![A-Za-z])"
)
_UNCLASSIFIED = frozenset({"star", "token", "gpu", "card"})
"""Things that are counted without a scale or a classifier: 26135星标, but no 985大学."""
_NAMED_BEFORE = re.compile(
    f"({'|'.join(sorted(_THINGS, key=len, reverse=True))})(?:总?数|数?量)?(?:(?:19"
    f"|20)[0-9]{{2}}年)?(?:[只仅共]|竟然)?[只有为达到约近]{{0,3}}$"
)

_PREFIXES = {"": 0, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18, "Z": 21}
_SI = re.compile(
    r"(?:([kKMGTPEZ]?)\s?(Wh|FLOPS?/s|FLOP/s|(?i:flops?)|Hz|bps)|([kKMGTPEZ])(W|B/s|B|OPS|bit/s"
    r"|b/s))(?![A-Za-z])"
)
_SI_UNITS = {
    "wh": "wh", "flops/s": "flop/s", "flop/s": "flop/s", "flops": "flop/s", "flop": "flop", "hz": "hz",
    "bps": "bit/s", "w": "w", "b/s": "byte/s", "b": "byte", "ops": "op/s", "bit/s": "bit/s",
}  # fmt: skip
_EXACT = re.compile(
    r"(nm|μm|mm|cm|km|kg|mg|ms|μs|fps|FPS|mAh|dB|°C|tokens?/s|[xX×](?! ?(?:[0-9]"
    r"|[A-Z]{1,2}[0-9])))(?![A-Za-z0-9×])"
)
_EXACT_UNITS = {"x": "x", "X": "x", "×": "x", "fps": "fps", "FPS": "fps", "tokens/s": "token/s"}
_WORD_UNITS = {
    "percent": "%", "pct": "%", "pp": "pp", "times": "x", "fold": "x", "dollar": "USD",
    "dollars": "USD", "usd": "USD", "yuan": "CNY", "rmb": "CNY", "renminbi": "CNY", "cny": "CNY",
    "euro": "EUR", "euros": "EUR", "eur": "EUR", "yen": "JPY", "jpy": "JPY", "gbp": "GBP", "hkd": "HKD",
    "krw": "KRW", "rupees": "INR", "seconds": "second", "second": "second", "minutes": "minute",
    "minute": "minute", "hours": "hour", "hour": "hour", "days": "day", "day": "day", "weeks": "week",
    "week": "week", "months": "month", "month": "month", "quarters": "quarter", "years": "year",
    "year": "year", "decades": "decade", "decade": "decade", "milliseconds": "ms", "bit": "bit",
    "bits": "bit", "qubit": "qubit", "qubits": "qubit", "tonnes": "tonne", "tons": "tonne", "points": "point",
    "point": "point", "kilometers": "km", "kilometres": "km", "miles": "mile", "inches": "inch",
    "meters": "m", "metres": "m", "acres": "acre", "pounds": "pound", "won": "KRW",
}  # fmt: skip
_TWO_WORDS = {
    "percentage points": "pp", "percentage point": "pp", "per cent": "%", "us dollars": "USD",
    "u.s. dollars": "USD", "us dollar": "USD", "chinese yuan": "CNY", "pounds sterling": "GBP",
}  # fmt: skip
_LARGE_WORDS = {
    "gigawatt": ("w", 9), "megawatt": ("w", 6), "kilowatt": ("w", 3), "terawatt": ("w", 12),
    "gigabyte": ("byte", 9), "terabyte": ("byte", 12), "petabyte": ("byte", 15), "megabyte": ("byte", 6),
}  # fmt: skip
_HYPHENATED = frozenset(
    {"parameter", "page", "person", "card", "token", "layer", "qubit", "core", "step", "language"}
)

TIME_UNITS = frozenset({"hour", "day", "week", "month", "quarter", "year", "decade"})
"""Units of a length of time that mostly dates another number; seconds and minutes are measurements."""
MONEY = {
    "$": "USD", "US$": "USD", "USD": "USD", "¥": "CNY", "RMB": "CNY", "CNY": "CNY", "人民币": "CNY",
    "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "HK$": "HKD", "HKD": "HKD", "NT$": "TWD", "S$": "SGD",
    "A$": "AUD", "C$": "CAD", "JPY": "JPY", "₩": "KRW", "KRW": "KRW", "₹": "INR", "INR": "INR",
}  # fmt: skip
"""Signs of money before a number, and the ISO 4217 code of each."""

_STOPS = frozenset({
    "a", "about", "across", "after", "against", "among", "an", "and", "are", "as", "at", "be", "been",
    "before", "being", "between", "but", "by", "can", "could", "did", "do", "does", "during", "each", "every",
    "for", "from", "had", "has", "have", "he", "her", "his", "if", "in", "into", "is", "it", "its", "may",
    "might", "my", "no", "not", "of", "on", "onto", "or", "our", "over", "per", "she", "should", "since",
    "so", "than", "that", "the", "their", "these", "they", "this", "those", "through", "to", "under", "until",
    "via", "was", "we", "were", "when", "where", "which", "while", "who", "will", "with", "within", "without",
    "would", "you", "your", "am", "pm", "adds", "also", "allows", "becomes", "beats", "becoming", "brings",
    "builds", "comes", "costs", "gets", "gives", "goes", "helps", "integrates", "keeps", "lets", "leads",
    "makes", "means", "needs", "now", "offers", "outperforms", "performs", "ranks", "reaches", "remains",
    "runs", "sets", "shows", "supports", "surpasses", "takes", "uses", "wins", "works", "always", "thus",
    "plus",
})  # fmt: skip
_IRREGULAR = {"people": "person", "children": "child", "women": "woman", "men": "man", "staff": "employee"}
_WORD = re.compile(r"[ -]?([A-Za-z]+)")
_SCALE_WORD = re.compile(rf"[ -]?((?i:{'|'.join(_WORD_SCALES)}))\b")
_SCALE_INITIALS = frozenset("hHtTmMbB")
_LARGEST = 15
"""Power of ten that no scale goes on from: a hundred thousand does, a trillion trillion does not."""
_SCALE_STARTS = frozenset("十百千万亿")
_SI_INITIALS = frozenset("kKMGTPEZWFfHb")
_EXACT_INITIALS = frozenset("nμmckfFdt°xX×")
_TWO_INITIALS = frozenset("pPuUcChH")
_SIGNS = frozenset("%‰℃")
_SYMBOLS = frozenset("×°μ")
_TWO = re.compile(r"[ -]?([A-Za-z.]+[ -][A-Za-z]+)")
_NEXT = re.compile(r"[ -]([A-Za-z][A-Za-z'’/]*)")
_AFTER_LETTER = re.compile("[A-Za-z0-9]")
_MORE = frozenset("多余几+")
_ENDS = frozenset(".,;:!?)]，。；：、！？）】”·")
_WINDOW = re.compile(r"[^，,。；;、！？!?（）()：:“”《》0-9]{0,9}")


_Unit = tuple[int, int, str, int]
"""Where a unit ends, its power of ten, its name and how sure it is."""


class Tail(NamedTuple):
    """What follows a number: where it ends, its power of ten, its unit and how sure the unit is (see Numeral)."""

    end: int
    exponent: int
    unit: str
    strength: int
    letter: str = ""


def read_tail(text: str, position: int, large: bool = False) -> Tail:
    """The scale and unit that stand at `position`, right behind a number that may itself be `large` (十万)."""
    following = text[position : position + 1]
    if not following or following in _ENDS:
        return Tail(position, 0, "", 0)
    end, exponent, letter = _scale(text, position)
    start = end
    while text[start : start + 1] in _MORE:
        start += 1
    large = large or exponent > 0
    first = text[start : start + 2].lstrip(" -")[:1]
    found = None
    if first in _SIGNS or first > "一":
        found = _han_unit(text, start, large)
    elif first.isalpha() or first in _SYMBOLS:
        found = _latin_unit(text, start, large)
    if found and not (letter and found[2] == "model"):  # a 70B model is one model
        return Tail(found[0], exponent + found[1], found[2], found[3], letter)
    end = start if exponent and text[start - 1] == "+" else end
    return Tail(end, exponent, "", 1 if exponent and not letter else 0, letter)


def _scale(text: str, position: int) -> tuple[int, int, str]:
    """End, power of ten and letter of the scale at `position`: 万亿, billion, or the B of $5B."""
    start = position + (text[position : position + 1] == " ")
    if text[start : start + 1] in _SCALE_STARTS:
        for size in (2, 1):
            key = text[start : start + size]
            end = start + len(key)
            if key in _HAN_SCALES and (text[end : end + 1] or " ") not in _CAREFUL_SCALES.get(key, ""):
                return end, _HAN_SCALES[key], ""
    letter = text[position : position + 1]
    if letter in _LETTER_SCALES and not _AFTER_LETTER.match(text, position + 1):
        return position + 1, _LETTER_SCALES[letter], letter
    exponent, end = 0, position
    while text[end : end + 2].lstrip(" -")[:1] in _SCALE_INITIALS and (found := _SCALE_WORD.match(text, end)):
        exponent += _WORD_SCALES[found[1].lower()]
        end = found.end()
        if exponent > _LARGEST:
            break
    return end, exponent, ""


def _han_unit(text: str, position: int, large: bool) -> _Unit | None:
    start = position + (text[position] == " ")
    for size in (5, 4, 3, 2, 1):
        key = text[start : start + size]
        end = start + len(key)
        if key not in _HAN_UNITS and key not in _CLASSIFIERS:
            continue
        if (text[end : end + 1] or " ") in _CAREFUL_UNITS.get(key, ""):
            continue
        if key in _HAN_UNITS:
            unit, power = _HAN_UNITS[key]
            return end, power, unit, 3
        window = _WINDOW.match(text, end)
        thing = _THING.search(window[0]) if window else None
        return end, 0, _named(thing[0]) if thing else _CLASSIFIERS[key], 2
    thing = _THING.match(text, start)
    if thing and (large or _named(thing[0]) in _UNCLASSIFIED):
        return thing.end(), 0, _named(thing[0]), 2
    return None


def thing_before(text: str, position: int) -> str:
    """What a bare classifier counts when it is named in front of the number: 参数有5400亿个, or ""."""
    found = _NAMED_BEFORE.search(text, max(0, position - 18), position)
    return _named(found[1]) if found else ""


def _named(thing: str) -> str:
    return _THINGS.get(thing, thing.lower().removesuffix("s"))


def _latin_unit(text: str, position: int, large: bool) -> _Unit | None:
    start = position + (text[position] in " -")
    initial = text[start]
    if initial in _SI_INITIALS and (found := _SI.match(text, start)):
        base = found[2] or found[4]
        # FLOPs are a count of operations, FLOPS and anything with a prefix a speed.
        unit = "flop" if base in ("FLOPs", "FLOP", "flop", "flops") and not found[1] else ""
        name = unit or _SI_UNITS[base.lower().replace("flops/s", "flop/s")]
        return found.end(), _PREFIXES[found[1] or found[3] or ""], name, 3
    if initial in _EXACT_INITIALS and (found := _EXACT.match(text, start)):
        return found.end(), 0, _EXACT_UNITS.get(found[1], found[1].lower()), 3
    if (
        initial in _TWO_INITIALS
        and (found := _TWO.match(text, position))
        and found[1].lower().replace("-", " ") in _TWO_WORDS
    ):
        return found.end(), 0, _TWO_WORDS[found[1].lower().replace("-", " ")], 3
    if found := _WORD.match(text, position):
        word = found[1].lower()
        if word in _WORD_UNITS and not (word == "won" and not large):
            return found.end(), 0, _WORD_UNITS[word], 3
        if word.rstrip("s") in _LARGE_WORDS:
            unit, power = _LARGE_WORDS[word.rstrip("s")]
            return found.end(), power, unit, 3
        if text[position] == "-":
            return (found.end(), 0, word, 2) if word in _HYPHENATED else None
    if counted := _counted(text, position):
        return counted
    found = _THING.match(text, start)
    return (found.end(), 0, _named(found[0]), 2) if found else None


def _counted(text: str, position: int) -> _Unit | None:
    """The first plural among the next five words, when nothing ends the phrase before it: 40 notable AI models."""
    before = ""
    for _ in range(5):
        found = _NEXT.match(text, position)
        if not found or found[1].lower() in _STOPS or "'" in found[1] or "’" in found[1]:
            return None
        word, position = found[1].lower(), found.end()
        if unit := _singular(word):
            return position, 0, "flop" if unit == "operation" and "float" in before else unit, 2
        before += word
    return None


def _singular(word: str) -> str:
    """`word` without its plural ending, or "" when it does not look like a plural."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "ous")):
        return ""
    if word.endswith("ies") and word not in ("movies", "series", "cookies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("ches", "shes", "xes", "sses")) else word[:-1]
