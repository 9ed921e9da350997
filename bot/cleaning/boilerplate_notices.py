"""Notices: lines in which a site speaks of itself, its rights or its cookies. They may be whole sentences.

A text about copyright or cookies is not one: what it quotes does not count, and a long paragraph needs a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.text.lines import LABEL_WIDTH, width

COPYRIGHT = re.compile(
    r"^\W{0,5}(?:copyright\b|©|\(c\)\s?\d{4}|版权所有|all rights reserved|[\u4e00-\u9fff]?icp[备证]|.{0,2}公网安备)"
    r"|[\u4e00-\u9fff]icp[备证]\S{0,3}\d|公网安备\s?\d|©\s?\d{4}|copyright\s(?:©|\(c\)|\d{4})|^.{0,60}all rights reserved\W*$",
    re.IGNORECASE,
)
NOTICE_LABEL = re.compile(
    r"^\W{0,4}(?:免责声明|版权声明|版权说明|转载声明|特别声明|郑重声明|声明|disclaimer|免责条款)\s?[:：]",
    re.IGNORECASE,
)
NOTICES = (
    "转载请注明", "转载须注明", "不代表本", "不代表平台", "仅代表作者", "如有侵权", "若有侵权", "侵权请联系", "侵权必究", "违者必究", "未经授权", "未经许可", "未经书面", "禁止转载", "严禁转载",
    "谢绝转载", "不得转载", "请勿转载", "转载必究", "转载请联系", "如需转载", "转载请标明", "欢迎转载", "盗版必究", "版权归原作者", "版权归作者", "版权属", "版权均属", "不构成投资建议", "不构成任何投资", "投资者据此操作", "风险自担", "联系删除", "联系我们删除", "本文转载自", "本文来自微信公众号", "经授权转载", "授权发布",
    "提供信息存储", "赞同其观点", "传递更多信息", "请务必阅读", "敬请参阅", "上传并发布", "市场有风险", "投资有风险", "入市需谨慎", "投资需谨慎", "不构成个人投资", "由入驻平台", "来源于网络", "转载开白",
    "will not be published", "required fields are marked", "for the next time i comment", "you agree to our", "you agree to the terms",
    "information storage services", "powered by wordpress", "this site uses akismet", "protected by recaptcha", "unsubscribe at any time",
    "please enable javascript", "enable javascript to", "quotes delayed", "past performance is", "originally published on", "not constitute investment", "not constitute financial", "does not reflect the views", "do not necessarily reflect",
    "may not be reproduced", "may not be published, broadcast", "for informational purposes only", "without prior written",
    "without permission", "reprinted with permission", "affiliate commission",
)  # fmt: skip
PLAIN_NOTICES = frozenset(NOTICES) - {
    "市场有风险",
    "投资有风险",
    "来源于网络",
    "上传并发布",
    "past performance is",
    "originally published on",
    "未经授权",
    "未经许可",
    "未经书面",
    "风险自担",
    "授权发布",
    "不得转载",
    "欢迎转载",
    "without permission",
}
"""Those that need no second one in a short line: nobody but a site writes them."""
FORMS = (
    "提供信息存储空间服务", "提供信息存储服务", "市场有风险,投资需谨慎", "市场有风险，投资需谨慎", "information storage services", "will not be published", "required fields are marked",
    "for the next time i comment", "by signing up you agree", "by subscribing you agree", "赞同其观点", "传递更多信息", "请务必阅读正文", "请务必阅读末页", "敬请参阅最后一页", "by continuing you agree", "protected by recaptcha",
)  # fmt: skip
"""Those that need none at any length."""

COOKIES = re.compile(
    r"\b(?:we|this (?:web)?site|our (?:web)?site|our partners)\b.{0,60}\bcookies\b|\b(?:accept|reject|manage|allow|decline) (?:all )?(?:the )?(?:use of )?cookies\b"
    r"|本(?:网)?站.{0,12}cookies?|cookies?.{0,20}(?:同意|接受).{0,12}(?:继续|浏览|使用)|我们使用.{0,6}cookies?",
    re.IGNORECASE,
)
BIOGRAPHY = re.compile(
    r"^\W{0,3}(?:本文)?作者(?:[系为是]|单位[:：]|简介[:：])[^。，,]{2,40}。?$"
    r"|^[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,2} is an? (?:[\w-]+ ){0,3}(?:reporter|journalist|writer|editor|correspondent|columnist|contributor)"
    r"(?:\.|(?: at| for| with| covering| based| who (?:covers|writes))\b[^.]{0,80}\.?)$"
)
"""Who wrote the text, in a line of its own."""
QUOTED = re.compile(r"“[^“”]{0,300}”|\"[^\"]{0,300}\"|「[^「」]{0,300}」|《[^《》]{0,100}》")

TRIGGERS = (
    "©",
    "copyright",
    "(c)",
    "版权",
    "rights reserved",
    "icp",
    "公网安备",
    "cookie",
    "作者",
    " is a",
    *NOTICES,
)
"""A line without any of these is no notice."""

LONGEST_NOTICE = 400
"""Characters of a notice; a longer line is a text about one."""


def find_notices(lines: Sequence[str], places: Iterable[int]) -> dict[int, str]:
    """The rule for each line among `places` that is a notice."""
    whole = "\n".join(lines).lower()
    triggers = [trigger for trigger in TRIGGERS if trigger in whole]
    found: dict[int, str] = {}
    for i in places if triggers else ():
        lowered = lines[i].lower()
        if len(lowered) <= LONGEST_NOTICE and any(trigger in lowered for trigger in triggers):
            rule = _rule(lines[i], lowered)
            if rule:
                found[i] = rule
    return found


def _rule(line: str, lowered: str) -> str:
    """The rule for a line that holds a trigger, "" when it is running text all the same."""
    own = QUOTED.sub("", line)
    if COPYRIGHT.search(own) and not ("。" in line and width(line) > LABEL_WIDTH * 2):
        return "copyright-notice"
    if BIOGRAPHY.match(line):
        return "byline"
    hits = sum(notice in own.lower() for notice in NOTICES)
    alone = width(line) <= LABEL_WIDTH and any(notice in own.lower() for notice in PLAIN_NOTICES)
    form = any(phrase in own.lower() for phrase in FORMS)
    if hits > 1 or alone or form or (hits and NOTICE_LABEL.match(line)):
        return "legal-notice"
    return "cookie-banner" if "cookie" in lowered and COOKIES.search(own) else ""
