"""Composes /subscribe phrases and knows what each means: the generator's own reading, independent of the bot's."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from bot.dialogue.schedule_text import ScheduleRequest

EVERY = 0b1111111
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_ZH = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is typed, and what it means; `supported` is False where the bot has to ask back."""

    supported: bool
    minute: int = 0
    days: int = EVERY
    zone: str = ""
    topics: frozenset[str] = frozenset()
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a phrase with its meaning; None for one that the bot must not save."""

    text: str
    value: object


TOPICS = {
    "en": ("compute", "agents", "chips", "robots", "data centers", "computing network", '"liquid cooling"'),
    "zh": ("算力", "智能体", "芯片", "机器人", "数据中心", "大模型", "液冷"),
}
LEFT_OUT = {"en": ("-GPU", "without GPU", "not GPU"), "zh": ("-英伟达", "不含英伟达", "除了英伟达")}
ZONES = {
    "en": (
        ("Berlin", "Europe/Berlin"),
        ("in Tokyo", "Asia/Tokyo"),
        ("New York", "America/New_York"),
        ("New York time", "America/New_York"),
        ("London, UK", "Europe/London"),
        ("Asia/Shanghai", "Asia/Shanghai"),
        ("UTC", "UTC"),
        ("UTC+8", "Etc/GMT-8"),
        ("GMT-5", "Etc/GMT+5"),
        ("UTC+5:30", "Asia/Kolkata"),
        ("UTC+5.5", "Asia/Kolkata"),
        ("UTC+5.30", "Asia/Kolkata"),
        ("+09:00", "Etc/GMT-9"),
        ("UTC 8", "Etc/GMT-8"),
        ("Eastern Time", "America/New_York"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("Australian Eastern Time", "Australia/Sydney"),
        ("Central European Time", "Europe/Berlin"),
        ("Indian Standard Time", "Asia/Kolkata"),
        ("UK time", "Europe/London"),
        ("Japan time", "Asia/Tokyo"),
        ("JST", "Asia/Tokyo"),
        ("MSK", "Europe/Moscow"),
        ("CST", None),
        ("IST", None),
        ("US time", None),
        ("UTC+25", None),
        ("UTC+5.7", None),
        ("Asia/Nowhere", None),
        ("American Samoan Eastern Time", None),
        ("utc8", None),
        ("my local time", None),
    ),
    "zh": (
        ("北京", "Asia/Shanghai"),
        ("北京时间", "Asia/Shanghai"),
        ("东京时间", "Asia/Tokyo"),
        ("日本时间", "Asia/Tokyo"),
        ("纽约", "America/New_York"),
        ("柏林", "Europe/Berlin"),
        ("上海", "Asia/Shanghai"),
        ("日本东京", "Asia/Tokyo"),
        ("东八区", "Etc/GMT-8"),
        ("西五区", "Etc/GMT+5"),
        ("UTC+8", "Etc/GMT-8"),
        ("UTC＋5:30", "Asia/Kolkata"),
        ("美东时间", "America/New_York"),
        ("澳大利亚东部时间", "Australia/Sydney"),
        ("格林尼治标准时间", "UTC"),
        ("美国时间", None),
        ("欧洲时间", None),
        ("当地时间", None),
        ("东十九区", None),
    ),
}
# Words for parts of the day, with the hours of a twelve-hour clock that may follow them.
PARTS = {
    "en": {
        "in the morning": (5, 11),
        "every morning": (5, 11),
        "in the afternoon": (12, 18),
        "in the evening": (17, 23),
        "every evening": (17, 23),
        "tonight": (18, 23),
        "at night": (19, 23),
        "every night": (19, 23),
        "nightly": (19, 23),
    },
    "zh": {
        "早上": (5, 11),
        "清晨": (5, 8),
        "上午": (7, 11),
        "中午": (12, 13),
        "下午": (12, 18),
        "傍晚": (17, 19),
        "晚上": (18, 23),
        "今晚": (18, 23),
        "每晚": (18, 23),
        "深夜": (22, 23),
        "凌晨": (1, 5),
    },
}
RHYTHMS = {
    "en": (
        "every 6 hours", "every two hours", "hourly", "every hour", "every half hour", "every other day",
        "every second day", "every third Monday", "fortnightly", "biweekly", "every two weeks", "monthly",
        "every month", "once a month", "first Monday of the month", "last Friday of the month", "on the 1st",
        "1st and 15th of each month", "twice a day", "three times a week", "quarterly", "yearly", "tomorrow",
        "next Monday", "this Friday", "alternate days", "every 30 minutes", "at the end of the month",
        "for two weeks", "until Friday", "starting tomorrow", "in 3 days", "5 December", "every 10 days",
    ),
    "zh": (
        "每两小时", "每6小时", "每小时", "每半小时", "隔天", "隔日", "每隔一天", "每两天", "每三天", "双周", "隔周",
        "每两周", "每月", "每个月", "每月1号到5号", "每月15日前", "每月第一个周一", "月底", "月初", "每季度", "每年", "一天两次",
        "每天两次", "每周三次", "明天", "后天", "下周一", "本周五", "12月5日", "每30分钟", "单日", "从明天开始",
    ),
}  # fmt: skip
MONTHLY = {
    "en": (("monthly on the 1st", 1), ("on the 15th of each month", 15), ("first of the month", 1),
           ("the last day of every month", 31), ("every month on the 30th", 30), ("monthly on day 7", 7)),
    "zh": (("每月1号", 1), ("每月15日", 15), ("每个月二十一号", 21), ("每月最后一天", 31), ("每月第一天", 1)),
}  # fmt: skip
WRONG = {
    "en": ("8 pm in the morning", "25:00", "8:75", "in the evening", "nightly", "between 8 and 9", "after 8pm",
           "8-9pm", "0 am", "08:00Z", "20h", "8:30 and 9:30", "08:00 20:00", "at 8ish"),
    "zh": ("25点", "8点75分", "晚上", "每天早上", "早上8点和晚上8点", "8点之后", "8点到9点", "晚上4点", "早上20点"),
}  # fmt: skip


def compose(chance: random.Random) -> Phrase:
    """Return one phrase: a time, mostly days and a zone, one or two topics, in any order."""
    language = chance.choice(("en", "zh"))
    topics = chance.sample(TOPICS[language], chance.choice((1, 1, 2)))
    if len(topics) == 1 and chance.random() < 0.2:
        topics = [f"{topics[0]} {chance.choice(LEFT_OUT[language])}"]
    time = _time(chance, language)
    days = _days(chance, language) if chance.random() < 0.75 else Piece("", EVERY)
    if not days.text and chance.random() < 0.3:
        words, day = chance.choice(MONTHLY[language])
        days = Piece(words, day * 128)
    rhythm = Piece(chance.choice(RHYTHMS[language]), None) if chance.random() < 0.08 else Piece("", 0)
    zone = Piece(*chance.choice(ZONES[language]))
    while zone.text == "UTC 8" and ":" in time.text:  # 8:00 is no place for a space that means plus
        zone = Piece(*chance.choice(ZONES[language]))
    glue = {"en": (" and ", ", "), "zh": ("、", "和", "，")}[language]
    pieces = [time.text, days.text, rhythm.text, zone.text, chance.choice(glue).join(topics)]
    chance.shuffle(pieces)
    joint = chance.choice((" ", " ", ", ") if language == "en" else (" ", " ", "，"))
    text = joint.join(piece for piece in pieces if piece)
    if None in (time.value, days.value, rhythm.value, zone.value):
        return Phrase(supported=False, text=text)
    assert isinstance(time.value, int)
    assert isinstance(days.value, int)
    return Phrase(True, time.value, days.value, str(zone.value), frozenset(topics), text)


def _time(chance: random.Random, language: str) -> Piece:
    kind = chance.random()
    if kind < 0.1:
        return Piece(chance.choice(WRONG[language]), None)
    minute = chance.choice((0, 0, 0, 15, 30, 45, chance.randrange(60)))
    if kind < 0.4:
        hour = chance.randrange(24)
        return Piece(_clock(chance, language, hour, minute), hour * 60 + minute)
    part, (first, last) = chance.choice(list(PARTS[language].items()))
    hour = chance.randint(first, last)
    if language == "zh":
        return Piece(part + _han_clock(chance, (hour - 1) % 12 + 1, minute), hour * 60 + minute)
    clock = (
        f"{(hour - 1) % 12 + 1}:{minute:02}" if minute or chance.random() < 0.4 else f"{(hour - 1) % 12 + 1}"
    )
    front = f"{part} at {clock}" if part.startswith(("every", "nightly", "in")) else f"at {clock} {part}"
    behind = chance.choice((f"{clock} {part}", f"at {clock} {part}"))
    return Piece(chance.choice((front, behind, behind)), hour * 60 + minute)


def _clock(chance: random.Random, language: str, hour: int, minute: int) -> str:
    if language == "zh" and chance.random() < 0.6:
        return _han_clock(chance, hour, minute)
    half = "am" if hour < 12 else "pm"
    twelve = (hour - 1) % 12 + 1
    choices = [
        f"{hour:02}:{minute:02}",
        f"{hour}:{minute:02}",
        f"{twelve}:{minute:02} {half}",
        f"at {hour:02}:{minute:02}",
    ]
    choices += [f"{twelve} {half}", f"{twelve}{half}", f"at {twelve} {half}"] if minute == 0 else []
    choices += [f"half past {_WORDS[twelve]} {half}"] if minute == 30 else []
    choices += ["noon"] if (hour, minute) == (12, 0) else ["midnight"] if (hour, minute) == (0, 0) else []
    return chance.choice(choices)


_WORDS = (
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def _han_clock(chance: random.Random, hour: int, minute: int) -> str:
    han = chance.random() < 0.4
    clock = f"{_han(hour) if han else hour}点"
    if minute == 0:
        return clock + chance.choice(("", "", "整", "钟"))
    if minute == 30 and chance.random() < 0.6:
        return clock + "半"
    if minute == 15 and chance.random() < 0.4:
        return clock + "一刻"
    return clock + (_han(minute) if han and minute > 9 else f"{minute:02}") + chance.choice(("", "分"))


def _han(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (
        digits[ones] if ones or not tens else ""
    )


def _days(chance: random.Random, language: str) -> Piece:
    if chance.random() < 0.05:
        wrong = {"en": ("every day except every day", "Monday or Friday", "Saturday except weekends", "not every Monday"),
                 "zh": ("工作日除了工作日", "周一或周五", "周六除了周末", "除了节假日")}  # fmt: skip
        return Piece(chance.choice(wrong[language]), None)
    base, mask = _base(chance, language)
    if chance.random() < 0.4:
        return _except(chance, language, base, mask)
    return Piece(base, mask)


def _base(chance: random.Random, language: str) -> tuple[str, int]:
    sets = {
        "en": (("every day", EVERY), ("daily", EVERY), ("weekdays", 0b11111), ("on weekdays", 0b11111),
               ("at weekends", 0b1100000), ("Mon-Fri", 0b11111), ("Monday to Thursday", 0b1111)),
        "zh": (("每天", EVERY), ("每日", EVERY), ("工作日", 0b11111), ("周末", 0b1100000), ("周一至周五", 0b11111),
               ("星期二到星期四", 0b1110)),
    }  # fmt: skip
    if chance.random() < 0.5:
        return chance.choice(sets[language])
    chosen = sorted(chance.sample(range(7), chance.choice((1, 2, 3))))
    return _names(chance, language, chosen), sum(1 << day for day in chosen)


def _names(chance: random.Random, language: str, days: list[int]) -> str:
    if language == "zh":
        if chance.random() < 0.5:
            return "周" + "".join(DAYS_ZH[day] for day in days)
        return chance.choice("、和").join(f"{chance.choice(('周', '星期'))}{DAYS_ZH[day]}" for day in days)
    short = chance.random() < 0.4
    return chance.choice((", ", " and ", " ")).join(DAYS_EN[day][: 3 if short else None] for day in days)


def _except(chance: random.Random, language: str, base: str, mask: int) -> Piece:
    left_out = [day for day in range(7) if mask >> day & 1]
    days = sorted(chance.sample(left_out, min(len(left_out), chance.choice((1, 1, 2)))))
    without = sum(1 << day for day in days)
    names = _names(chance, language, days)
    if mask == EVERY and chance.random() < 0.5:
        names, without = {"en": ("weekends", 0b1100000), "zh": ("周末", 0b1100000)}[language]
    if language == "en":
        word = chance.choice(
            ("except", "but not", "without", "apart from", "excluding", "except for", "except on")
        )
        phrase = f"{base} {word} {names}"
    else:
        form = chance.choice(("{base}除了{names}", "{base}不含{names}", "除{names}外 {base}", "{base} {names}除外",
                               "除了{names} {base}", "{base}，不包括{names}"))  # fmt: skip
        phrase = form.format(base=base, names=names)
    left = mask & ~without
    return Piece(phrase, left or None)


def reading(request: ScheduleRequest) -> Phrase | None:
    """Return what the bot would save of a request, None where it asks back."""
    if request.trouble or request.minute is None or not request.queries or not request.timezone:
        return None
    return Phrase(True, request.minute, request.days or EVERY, request.timezone, frozenset(request.queries))
