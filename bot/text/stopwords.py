"""Words of a question that say nothing about what is asked: never required, and searched only if alone."""

from __future__ import annotations

_ENGLISH = """a about am an and any are as at be been being but by can could did do does for from get give going
doing days had happening has have hey hi how i if in into is it its lately latest let like me my new news now of
on or our out over please recent recently say says should show so some tell than that the their them there these
they this those to today trend trends trending up us was we were what when where which who whom whose why will with
would you your vs versus going go compare compared comparison difference between much many will cost costs
d ll m re s t ve didn doesn don isn won"""

_CHINESE = """的 了 和 与 及 或 是 在 有 也 都 就 还 吗 呢 吧 啊 呀 嘛 着 过 被 把 对 从 向 到 于 给 让 这 那 这个 那个
这些 那些 哪 哪些 哪个 哪里 哪种 什么 怎么 怎样 怎么样 如何 为什么 为何 多少 几 谁 何 何时 请 请问 一下 看看 说说 讲讲 聊聊 介绍
告诉 我 我们 你 你们 他 她 它 他们 想 想要 知道 了解 关于 有关 最近 近期 现在 目前 如今 今天 当前 情况 近况 动态 进展 消息
新闻 趋势 走势 发展 方面 之 其 等 以及 并 而 但 个 样 么 一个 种 对比 比较 区别 差别 相比 会 能 可以 应该"""

STOPWORDS = frozenset(_ENGLISH.split()) | frozenset(_CHINESE.split())
