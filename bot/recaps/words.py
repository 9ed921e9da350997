"""Regular expressions for forms of speech in Chinese and English: openers, emphasis, questions, courtesies.

Patterns only; the modules that use them decide what they mean for a recap.
"""

from __future__ import annotations

import re

OPENERS = re.compile(
    r"(?:[\s，,、。.!！…~～]|然后呢?|那么|那(?=[，,我你他她它这就])|其实|就是说|就是(?=[，,我这那])|所以说?|但是|不过|而且|并且|对吧?(?=[，,。])|嗯+|呃+|额|啊|哦|"
    r"好的?(?=[，,。\s])|是的|因为(?=[，,])|我觉得(?=[，,])|实际上|的话|"
    r"(?:\+1|ok(?:ay)?|of course|btw|by the way|exactly|alright|honestly|hey|hi|urgh+|ugh+|mm+|wow|true|agreed|fair|sure|so|well|and|but|um+|uh+|er+|hm+|yeah|yes|right|anyway|oh|ah|like|you know|i mean|actually|basically)"
    r"(?:\s*[,.…-]+|(?=\s))(?!['’]))+",
    re.IGNORECASE,
)
"""Words that people say before they begin. A quotation may start after them and is still verbatim."""

WEIGHTY = re.compile(
    r"必须|核心|重要|关键|需要|应该|建议|未来|因此|第[一二三]|目标|结论|总之|总结|总的来说|归根|一定要|我们?认为|实现|本质|主要|原因"
    r"|\b(?:must|should|need(?:s|ed)? to|have to|has to|important|main(?:ly)?|key|core|crucial|essential|therefore|"
    r"first(?:ly)?|second(?:ly)?|third(?:ly)?|goal|conclusion|in summary|to sum up|overall|recommend|suggest|propose|"
    r"we (?:think|believe)|i (?:think we|believe)|in future|the (?:point|problem|issue|idea|reason|question) is|because|"
    r"plan to|going to|will have)\b",
    re.IGNORECASE,
)
"""Words with which people stress what matters to them."""

IDLE = re.compile(
    r"谢谢|感谢|多谢|介绍一下|嘉宾|主持|掌声|欢迎|大家好|你好|您好|比如|譬如|例如|举个例子|打个比方|对吧|是吧|哈哈"
    r"|\b(?:thank(?:s| you)|welcome|hello|good (?:morning|afternoon|evening)|for (?:example|instance)|e\.g|you know|lol|haha\w*|"
    r"sorry|excuse me)\b",
    re.IGNORECASE,
)
"""Courtesies, examples and fillers."""

HESITATING = re.compile(r"\b(?:u+h+m*|u+m+|er+m*)\b|\b([a-z]+) \1\b|[嗯呃]", re.IGNORECASE)
"""Sounds and repeated words of a speaker who hesitates."""

ADDRESSING = re.compile(r"你|您|大家|各位|\b(?:you|your|yours|guys|folks)\b", re.IGNORECASE)
"""Words that address somebody: such a line is about the talk more than about its subject."""

BACK_REFERENCE = re.compile(
    r"(?:it|its|this|these|that|those|they|their|them|he|she|his|her|such|which|same|both|there|here|then)\b"
    r"|这(?!种|些|类|次|周|个月|几|两|三|一)|那(?!么)|它|他|她|该|其(?!实|中)|此",
    re.IGNORECASE,
)
"""Beginnings that point back to a line the reader does not see."""

QUESTION = re.compile(
    r"[?？]\s*[)）\"”』」]*$|(?:吗|呢|么|什么|谁|哪里|哪儿|哪个|多少|几点|怎么办|谁(?:来|去|写|做|跟|负责)\w{0,2})[.。~～…]*$|"
    r"^(?:请问|求问|求助|问一下|想问|有没有人|有谁|谁(?:知道|有|能|会)|怎么|如何|为什么|为啥)"
    r"|^(?:how (?:do|can|to|does|would|should|come)|what(?:'s| is| are| do| does)|why|where (?:is|can|do)|when (?:is|will|do)|"
    r"who (?:is|can|has|knows)|which|(?:do|does|did|can|could|has|have) (?:any|some)|is there|are there|any(?:one|body) (?:know|here|got|have|tried))\b",
    re.IGNORECASE,
)

TAG = re.compile(
    r"(?:\b(?:right|correct|yeah|yes|no|ok(?:ay)?|huh|eh)|[是对行好]?吧|对不对|是不是)\s*[?？]$",
    re.IGNORECASE,
)
"""Endings of tag questions, which only ask for a yes."""

_COURTESY = (
    r"hi+|hello+|hey+|yo|sup|good (?:morning|afternoon|evening|night)|morning|gm|gn|bye+|cya|see (?:you|ya)(?: later)?|"
    r"thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|ty|np|no problem|you'?re welcome|welcome|ok(?:ay)?|k+|yes|yeah+|yep|yup|no+|nope|"
    r"sure|right|cool|nice|great|good|exactly|indeed|totally|absolutely|definitely|alright|fine|fair(?: enough)?|gotcha|got it|makes sense|true|(?:please|will) do|on it|lol+|lmao+|rofl|bruh|bro|urgh+|ugh+|mm+(?:-hmm+)?|mhm+|haha+\w*|hehe+|wow|oh+|ah+|hm+|um+|brb|afk|re|wb|\+1|done|agreed|same|true|"
    r"congrats|congratulations|happy birthday|"
    r"大?家?(?:好|早)|早(?:上好|安|啊|呀)?|(?:中午|下午|晚上)好|晚安|你们?好|您好|嗨|哈喽|在吗|在么|拜拜?|再见|回见|谢谢?(?:你|您|大家|大佬|老板|啦|了)*|"
    r"多谢|感谢|不客气|不用谢|没事|好的?(?:呢|吧|嘞|滴)?|行|可以|嗯+|哦+|噢+|啊+|对(?:的|对|啊|呀)*|是的?(?:呀|啊)?|收到|明白|了解|知道了|赞|牛+|厉害|强|"
    r"6{2,}|哈+|呵+|嘿+|嘻+|欢迎(?:新人|加入)?|恭喜|生日快乐|同意|支持|顶|路过|打卡|签到|已阅|加油|辛苦了?"
)
_ALL = (
    r"all|everyone|everybody|guys|folks|there|man|mate|friend|again|then|大家|各位|朋友们|大佬们?|啊|呀|哈+"
)
# Possessive, so that a match is never retried with other courtesies (backtracking).
GREETING = re.compile(
    rf"(?:{_COURTESY})(?:[\s,，.。!！?？~～…、-]+(?:{_COURTESY}|{_ALL})(?!\w))*+", re.IGNORECASE
)
"""A message that consists of courtesies, assent or laughter."""
