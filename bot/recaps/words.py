"""Words and forms of talk in Chinese and English: what carries no subject, what weighs a line, what decides or asks.

Lists and patterns only; what they mean for a recap is decided by those who read them.
"""

from __future__ import annotations

import re

from bot.text.stopwords import STOPWORDS

_ENGLISH = """yeah yes yep yup no nope nah ok okay k um uh uhm hmm mm hm er ah oh eh huh ha haha hahaha lol lmao rofl hehe
hi hello hey bye thanks thank thx ty please pls plz sorry sure right well so just really actually basically
literally like kind sort maybe perhaps probably quite very too also even still again already always never ever
only else then than here there think thought guess mean know knew see saw seem seems seemed look looks looking want
wanted need needs try tried trying got gets gotten gonna wanna gotta let lets make makes made making come came
coming goes went gone take took taking put puts use used using work works worked working thing things stuff
something anything everything nothing someone anyone everyone one ones two bit lot lots way time times point because
cause since while though although but not him his her hers she he mine ours yours theirs myself yourself itself
themselves yourselves ourselves both each few more most other others own same such no nor these those
up down off back around through before after between during until above below under further once
good great nice fine cool bad better best big small little long said says saying tell told ask asked
ain aren couldn doesn hadn hasn haven isn mightn mustn needn shan shouldn wasn weren won wouldn dont cant im ive
youre thats whats theres isnt arent wont wouldnt couldnt shouldnt didnt doesnt wasnt u ur btw imo imho fyi afaik
might must may shall able being having done every many mr mrs whatever whether yet instead enough
exactly honestly alright lemme gimme ugh urgh bruh bro dude guys folks wow yo anyway anyways obviously totally
definitely absolutely certainly basically apparently especially exactly mostly nearly almost easily quickly finally
recently currently usually generally simply clearly possibly hopefully unfortunately frankly seriously later soon
today tonight tomorrow yesterday ago able away together instead rather otherwise either neither although however
behind across along toward towards within without per via except hard easy next last past
two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety
hundred thousand half double couple
course pretty kinda sorta gotcha dunno ahead another somewhere anywhere everywhere nowhere somehow someday
sounds sound feel feels talk talking happen happened happens start started keep keeps show yes first second"""

_CHINESE = """然后 就是 就是说 那么 其实 那个 这样 这样子 那样 这种 那种 对 对吧 是吧 好 好的 行 可以 嗯 嗯嗯 呃 额 啊 哦 噢 哈 哈哈 哈哈哈 哎
诶 喂 的话 可能 比如 比如说 譬如 譬如说 例如 说 觉得 感觉 认为 这里 这里面 里面 这边 那边 那里 来 去 做 弄 搞 讲 刚才 刚刚 因为
所以 所以说 但是 不过 如果 要是 虽然 还是 非常 特别 比较 挺 真的 确实 大家 各位 咱 咱们 时候 这么 那么 东西 事情 事 一下 一下子
一点 一些 有点 没有 没 没啥 啥 咋 不是 不 很 太 又 再 才 只 只是 它们 她们 自己 人家 之后 之前 以后 以前 后面 前面 当然 反正 一般 基本上
基本 实际上 应该 需要 必须 一定 肯定 大概 差不多 左右 已经 正在 一直 总是 每 每个 各 各个 某 另外 而且 并且 或者 还有 包括 以及 通过
进行 使用 用 开始 起来 出来 过来 过去 下来 下去 上来 上去 进来 回来 看到 看见 听到 发现 出现 变成 成为 属于 叫 叫做 称 像 似的 一样 同样
这块 那块 方面 部分 层面 角度 里 上 下 中 前 后 内 外 间 些 位 次 件 种 类 点 天 年 月 日 时 分 号 块 家 谢谢 感谢 多谢 不好意思 抱歉 你好 您好 您
早 早上好 晚安 拜拜 再见 同学 老师 哥 姐 兄弟 亲 收到 明白 了解 一 二 三 四 五 六 七 八 九 十 两 第一 第二 第三 首先 其次 最后 几个
一种 一个 这是 那是 都是 也是 就会 就要 要 得 能够 使 令 由 被 把 将 以 于 与 及 其 该 所 者 之 乎 哪怕 无论 不管 只要 只有 除了
很多 许多 不少 更 更多 更高 更好 更大 更低 更难 好像 好几 那就 再说 来着 顺便 话说
怎么办 为啥 干嘛 不会 不能 不要 不用 不行 不到 不了 不知道 没事 没关系 是不是 有没有 能不能 可不可以 要不 要不要 挺好"""

_SUBJECTS = frozenset(
    "cost costs news trend trends comparison difference 趋势 走势 新闻 发展 对比 区别 差别".split()
)

FILLERS = (STOPWORDS - _SUBJECTS) | frozenset(_ENGLISH.split()) | frozenset(_CHINESE.split())
"""Folded words that any talk is full of, whatever it is about; some that a question never means are no such words."""

OPENERS = re.compile(
    r"(?:[\s，,、。.!！…~～]|然后呢?|那么|那(?=[，,我你他她它这就])|其实|就是说|就是(?=[，,我这那])|所以说?|但是|不过|而且|并且|对吧?(?=[，,。])|嗯+|呃+|额|啊|哦|"
    r"好的?(?=[，,。\s])|是的|因为(?=[，,])|我觉得(?=[，,])|实际上|的话|"
    r"(?:\+1|ok(?:ay)?|of course|btw|by the way|exactly|alright|honestly|hey|hi|urgh+|ugh+|mm+|wow|true|agreed|fair|sure|so|well|and|but|um+|uh+|er+|hm+|yeah|yes|right|anyway|oh|ah|like|you know|i mean|actually|basically)"
    r"(?:\s*[,.…-]+|(?=\s))(?!['’]))+",
    re.IGNORECASE,
)
"""What people say before they begin. A quotation may start behind it and is still verbatim."""

WEIGHTY = re.compile(
    r"必须|核心|重要|关键|需要|应该|建议|未来|因此|第[一二三]|目标|结论|总之|总结|总的来说|归根|一定要|我们?认为|实现|本质|主要|原因"
    r"|\b(?:must|should|need(?:s|ed)? to|have to|has to|important|main(?:ly)?|key|core|crucial|essential|therefore|"
    r"first(?:ly)?|second(?:ly)?|third(?:ly)?|goal|conclusion|in summary|to sum up|overall|recommend|suggest|propose|"
    r"we (?:think|believe)|i (?:think we|believe)|in future|the (?:point|problem|issue|idea|reason|question) is|because|"
    r"plan to|going to|will have)\b",
    re.IGNORECASE,
)
"""Forms in which people say what matters to them."""

IDLE = re.compile(
    r"谢谢|感谢|多谢|介绍一下|嘉宾|主持|掌声|欢迎|大家好|你好|您好|比如|譬如|例如|举个例子|打个比方|对吧|是吧|哈哈"
    r"|\b(?:thank(?:s| you)|welcome|hello|good (?:morning|afternoon|evening)|for (?:example|instance)|e\.g|you know|lol|haha\w*|"
    r"sorry|excuse me)\b",
    re.IGNORECASE,
)
"""Courtesies, examples and fillers."""

HESITATING = re.compile(r"\b(?:u+h+m*|u+m+|er+m*)\b|\b([a-z]+) \1\b|[嗯呃]", re.IGNORECASE)
"""Sounds and repeated words of somebody who looks for what to say."""

ADDRESSING = re.compile(r"你|您|大家|各位|\b(?:you|your|yours|guys|folks)\b", re.IGNORECASE)
"""Words that turn to somebody: such a line is about the talk more than about its subject."""

LEANING = re.compile(
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
"""Ends of a line that only wants to hear yes."""

DECISION = re.compile(
    r"^(?:就|先)(?:先|还)?(?:用|选|按|定|改|上|走|买|发|这么|这样)|^(?:那就)?改(?:成|到|为)|(?:推迟|提前|延期|改期|挪)到|^决定了?[:：]|定(?:好|下来?)了?(?:[:：在是]|$)|(?<![固锁稳限规])定在|(?:我们|咱们)\w{0,2}定了|"
    r"(?:那就|就)(?:这么|这样|按|用|定|选|先)[^，。？?吗呢]{0,40}(?:定|办|了|吧|走|做)"
    r"|(?:决定|敲定|商定|拍板|定下来)(?:了?(?:用|先|把|不|要|采用|改|在|由|推迟|取消|从|选|下|明|今|周|就))|(?:时间|地点|方案|人选|名字|题目)(?:就)?定(?:在|为|了)"
    r"|(?:我们|咱们|大家|会上|群里)[^，。]{0,6}(?:同意|决定|商定|约定|约好|敲定|说好)|(?:最终|最后)(?:选|定(?!居|位|义)|采用|决定)|结论(?:是|就是|：|:)|统一(?:用|改|换)(?:成|为)?"
    r"|\b(?:we(?:'ve| have)? (?:decided|agreed|settled|chose|concluded)|(?:it(?:'s| is)|that(?:'s| is)) (?:decided|settled|agreed)|"
    r"decided (?:to|on|that)|agreed (?:to|on|that)|so that['’]?s out|"
    r"let(?:['’]?s| us) (?!(?:you|me|him|her|us|them|people|users|the|an?|one|anyone|it)\b|get (?:back|started|going|to)\b|\w+ (?:it|this|that|them|so|now|then)\W*$|see\b|say\b|hope\b|wait\b|think\b|talk|discuss|face\b|be\b|look\b|check\b|assume|pretend|imagine|just say|not\b|start\b(?! with)|"
    r"try\b|call it\b|consider|figure|find out|hear\b|continue|go\b(?! (?:with|for|ahead)))\w+|"
    r"we(?:'ll| will| are going to| shall) (?:go with|use|do|stick|switch|move|ship|postpone|meet|start|"
    r"keep|drop|adopt)|(?:the )?(?:decision|conclusion|verdict) (?:is|was)|final(?:ly)? (?:decision|call|answer))\b"
    r"|^(?!.*\b(?:what|how|as|than|where|like|who|think|believe|guess|know|hope|sure|yes|no|not|here|there|if|that|saying)\b)"
    r"(?:\w+\W+){1,8}it is(?: then)?\W*$"
    r"|^(?:final )?(?:decision|decided|conclusion|agreed|resolved)(?: then)? ?[:：]",
    re.IGNORECASE,
)
"""Forms in which a group settles something."""

UNDECIDED = re.compile(
    r"[?？]|吗|要不要|是不是|有没有|还没|没有?(?:决定|确定|定)|不(?:确定|决定|一定)|(?:未|尚未|难以|由|取)决定|决定(?:性|因素|于|权)|确定性"
    r"|\b(?:if|whether|should we|maybe|might|could have|would have|undecided|who decided)\b",
    re.IGNORECASE,
)
"""What takes the decision out of such a form."""

NOT_YET = re.compile(r"\b(?:not|never|before|until|once)\b|n['’]t\b", re.IGNORECASE)
"""What takes it out where it stands before the form; behind it, it is part of what was settled."""

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
# Possessive: what was read as one courtesy is not tried as two.
GREETING = re.compile(
    rf"(?:{_COURTESY})(?:[\s,，.。!！?？~～…、-]+(?:{_COURTESY}|{_ALL})(?!\w))*+", re.IGNORECASE
)
"""A whole message of courtesies, assent or laughter."""
