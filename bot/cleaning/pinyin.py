"""Pinyin annotations, `趨勢(shì)`: what a broken character converter leaves behind. Real parentheses stay.

A bracket is an annotation when it follows a Han character and holds lawful pinyin: initial and final as in the Hanyu
Pinyin scheme, in lower case, with one tone mark (GB/T 16159), or with digits for tones, `綠(lv4)`, twice or more.
Syllables without a tone, `子(zi)`, look like abbreviations, so they need a marked one in the same text, and `能(ai)`
needs a character read that way.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

OPENING = "(（[［【"
ANNOTATION = re.compile(
    r"[(（\[［【]\s?([a-zà-üāēěīńňōūǎǐǒǔǖǘǚǜǹḿếềêɑɡ\u0300-\u030c'’ ]{1,40}[1-5]?)\s?[)）\]］】]"
)
NUMBERED = re.compile("([a-zü]{1,6})[1-5]")

BEFORE = re.compile(r"[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]\s?$")

FINALS_BY_INITIALS = (
    ("b p m", "a o ai ei ao an en ang eng i ie iao ian in ing u"),
    ("m p", "ou"),
    ("m", "e iu"),
    ("f", "a o ei ou an en ang eng u iao"),
    ("d t n l", "a e ai ei ao ou an en ang eng ong i ia ie iao iu ian in iang ing u uo ui uan un v ve ue"),
    ("g k h", "a e ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang m ng"),
    ("j q x", "i ia ie iao iu ian in iang ing iong u ue uan un v ve van vn"),
    ("zh ch sh r", "a e i ai ei ao ou an en ang eng ong u ua uo uai ui uan un uang"),
    ("z c s", "a e i ai ei ao ou an en ang eng ong u uo ui uan un"),
    ("y", "a o e ao ou an ang i in ing u ue uan un ong ai"),
    ("w", "a o ai ei an en ang eng u"),
    ("-", "a o e ai ei ao ou an en ang eng er r m n ng"),
)
"""The table of the Hanyu Pinyin scheme, a little wider: its gaps are in no way of use here. v is u-umlaut."""

SYLLABLES = frozenset(
    (initial + final).removeprefix("-") + r_coloured
    for initials, finals in FINALS_BY_INITIALS
    for initial in initials.split()
    for final in finals.split()
    for r_coloured in ("", "r")
)
LONGEST_SYLLABLE = 7

TONES = frozenset("\u0300\u0301\u0304\u030c")
OTHER_MARKS = str.maketrans({"\u0302": "", "ɑ": "a", "ɡ": "g"})

ABBREVIATIONS = {
    "a": "啊阿呵", "ai": "爱哀埃挨矮碍艾癌唉哎蔼隘皑愛礙", "an": "安按案岸暗俺鞍", "bi": "比笔币必毕闭鼻壁逼彼",
    "bo": "波博播伯卜簸膊脯", "can": "参残餐惨灿蚕參", "da": "大打达搭答瘩嗒達", "e": "额俄饿恶鹅", "fan": "反饭番凡烦范翻返犯",
    "ge": "个箇個各歌格", "ka": "卡喀咖", "la": "啦拉辣啊", "long": "龙隆笼弄聋龍", "m": "呣", "ma": "吗嗎妈么马麻蟆嘛",
    "me": "么麼麽", "n": "嗯", "ng": "嗯", "o": "哦噢", "pa": "怕爬琶杷帕", "pi": "皮批披匹琵", "ping": "平评苹凭瓶屏萍乒",
    "run": "润闰潤", "sun": "孙损笋孫",
}  # fmt: skip
"""Toneless syllables that are more often abbreviations or words, with characters that are read so."""


NEUTRAL = dict(
    zip(
        "的地得了着著们們么麼吗嗎呢吧子儿兒",
        "de de de le zhe zhe men men me me ma ma ne ba zi er er".split(),
        strict=True,
    )
)
"""Particles and suffixes, whose readings have no tone mark at all."""

LONGEST_WORD = 6
"""Syllables in one annotation."""


def may_be_annotated(text: str) -> bool:
    """A quick look: whether `text` holds a bracket at all."""
    return any(bracket in text for bracket in OPENING)


def has_annotation(text: str) -> bool:
    """Whether `text` holds an annotation with a tone mark."""
    return any(_syllables(match[1]) == "toned" for match in _candidates(text))


def _candidates(text: str) -> list[re.Match[str]]:
    """The parentheses behind a Han character that hold small letters only."""
    return [m for m in ANNOTATION.finditer(text) if BEFORE.search(text, max(0, m.start() - 2), m.start())]


def strip_pinyin(line: str, *, annotated: bool = False) -> tuple[str, tuple[str, ...]]:
    """`line` without its annotations, and these. `annotated`: other lines of the text hold marked syllables."""
    if not may_be_annotated(line):
        return line, ()
    found: list[str] = []
    matches = [(match, _syllables(match[1])) for match in _candidates(line)]
    kinds = [kind for _, kind in matches]
    marked = annotated or "toned" in kinds or kinds.count("numbered") > 1
    pieces: list[str] = []
    end = 0
    for match, kind in matches:
        before = line[max(0, match.start() - 2) : match.start()].rstrip()[-1]
        if (
            kind == "toned"
            or (kind == "numbered" and marked)
            or (
                kind == "toneless"
                and match[0][0] in "(（"
                and _is_reading(before, match[1].strip(), marked=marked)
            )
        ):
            pieces.append(line[end : match.start()].rstrip(" "))
            found.append(match[0].strip())
            end = match.end()
    return "".join([*pieces, line[end:]]), tuple(found)


def _is_reading(char: str, syllable: str, *, marked: bool) -> bool:
    """Whether a toneless `syllable` is the reading of `char` and no word or abbreviation."""
    if NEUTRAL.get(char) == syllable:
        return True
    return marked and char in ABBREVIATIONS.get(syllable, char)


@lru_cache(maxsize=2048)
def _syllables(content: str) -> str:
    """What a parenthesis holds: "toned", "numbered" (lv4) or "toneless" pinyin, or "" for anything else."""
    if content[-1].isdigit():
        match = NUMBERED.fullmatch(content)
        return "numbered" if match and match[1].replace("ü", "v") in SYLLABLES else ""
    letters = unicodedata.normalize("NFD", content).translate(OTHER_MARKS)
    tones = sum(letter in TONES for letter in letters)
    bare = "".join(letter for letter in letters if letter not in TONES).replace("u\u0308", "v")
    parts = bare.replace("'", " ").replace("’", " ").split()
    if not tones:
        return "toneless" if len(parts) == 1 and parts[0] in SYLLABLES else ""
    if len(parts) == 1 and parts[0] not in SYLLABLES:
        return "toned" if 1 < tones == _count(parts[0]) <= LONGEST_WORD else ""
    return "toned" if parts and len(parts) <= LONGEST_WORD and SYLLABLES.issuperset(parts) else ""


def _count(part: str) -> int:
    """How many syllables `part` is written from, at least; 0 when it is not pinyin."""
    reached = {0: 0}
    for start in range(len(part)):
        if start not in reached:
            continue
        for end in range(start + 1, min(len(part), start + LONGEST_SYLLABLE) + 1):
            if end not in reached and part[start:end] in SYLLABLES:
                reached[end] = reached[start] + 1
    return reached.get(len(part), 0)
