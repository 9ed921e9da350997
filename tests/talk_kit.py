"""Talks to make recaps of: a group chat in two languages, and how to write one down."""

from __future__ import annotations

from bot.models import ChatMessage

START = 1_763_800_000

MIXED = """王敏: 大家早
Leo: morning
王敏: 今天要定一下推理服务用哪家的GPU云，预算每月不超过三万
Leo: I compared three vendors yesterday, H100 on-demand is about $2.5 per hour at the cheapest one
陈浩: H100太贵了吧，我们的模型才7B，用4090或者L40S推理就够了
Leo: @陈浩 L40S is fine for 7B, but the batch size suffers. throughput drops by 40% in my test
陈浩: 吞吐降40%的话还能接受，毕竟价格只要一半
王敏: 那显存够吗？
陈浩: 48G够用，int8量化以后模型只占9G
小雨: 哈哈哈
小雨: 顺便问一下，有没有人知道国产卡现在推理框架支持得怎么样？
Leo: vLLM has an Ascend plugin now, see https://github.com/vllm-project/vllm-ascend.
小雨: 好的谢谢
王敏: /trend 算力
TrendBot: 算力（compute）的简报在这里
王敏: 那就先用L40S跑两周，月底看成本再决定要不要换
陈浩: 同意
Leo: +1, let's go with L40S for the pilot
小雨: 👍
赵磊: 说个别的，周五的分享会谁来讲？上周定的题目是智能体评测
小雨: 我可以讲一部分，主要讲我们内部的评测集怎么构造的
赵磊: 好，那我讲 SWE-bench 和线上任务的差距
陈浩: 电费的事情有人跟进吗？机房说下个月电价要涨15%
王敏: 我下午去问物业
陈浩: 之前看报告说算力最大的瓶颈以后是电力，不是芯片
Leo: yeah the power shortage is real, our colo provider is rejecting new racks until 2027
群友: 免费领取 999 元红包 点击 t.me/xxx1
群友: 免费领取 888 元红包 点击 t.me/xxx2
群友: 免费领取 777 元红包 点击 t.me/xxx3
小雨: 对了，数据标注的合同什么时候续签？"""


def talk(text: str, *, gap: int = 70, first: int = 100) -> list[ChatMessage]:
    """A message for each line "author: text", `gap` seconds apart; authors that end in Bot are bots."""
    numbers: dict[str, int] = {}
    messages = []
    for at, line in enumerate(text.split("\n")):
        author, words = line.split(": ", 1)
        number = numbers.setdefault(author, len(numbers) + 1)
        bot = author.endswith("Bot")
        messages.append(ChatMessage(first + at, number, author, words, START + gap * at, bot=bot))
    return messages
