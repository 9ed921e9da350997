"""Test kit for recaps: group chats in two languages, and a notation for writing them."""

from __future__ import annotations

from bot.talk import ChatMessage

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


OFFICE = """林悦: 早
Sam: morning all
林悦: 下季度的算力预算今天要定下来，现在每月花两万八，其中七成是推理
Sam: we run inference at 35% utilisation, so half of that money buys idle GPUs
周航: 空闲主要在夜里，白天高峰其实不够，排队最长等过四分钟
Sam: then batch jobs should move to the night, the embedding rebuild alone takes six hours of GPU time
周航: 可以，向量重建挪到凌晨两点，白天就能空出两张卡
林悦: 除了错峰，还有什么能省的？
Sam: int8 quantisation cuts the memory of our 14B model from 28 GB to 15 GB, so one card is enough
周航: 量化之后准确率掉多少？
Sam: 0.6 points on our own evaluation set, customers will not notice
林悦: 那就先用int8跑两周，客服场景除外
周航: 好的
Sam: let's go with int8 for everything except support, I will write the rollout plan today
何静: 说一下智能体项目，客户的AI agent试点卡在权限审批上，每调一次内部接口都要人工点同意
Sam: agents need a scoped token per task, otherwise every approval lands on one person
何静: 安全部同意按任务发令牌，有效期一小时，但要留完整的调用日志
周航: 智能体的调用日志已经接进审计平台了，缺的是按客户隔离
何静: 试点客户九家，三家要求日志只存在他们自己的机房
Sam: here is how others do it: https://example.org/agent-audit
何静: /trend 智能体
TrendBot: 智能体（AI agents）的简报在这里
周航: 👍
何静: 我们决定先给三家客户做私有日志，其他六家下个月再说
Sam: +1
林悦: 对了，机房那边有新消息吗？
周航: 液冷机柜十二月到货，风冷的那排年底退租
Sam: liquid cooling racks draw 80 kW each, does the building have enough power for six of them?
群友: 加群领取算力券 100 元 t.me/aa1
群友: 加群领取算力券 200 元 t.me/aa2
群友: 加群领取算力券 300 元 t.me/aa3
林悦: 谁去跟物业确认配电容量和电价？"""


def talk(text: str, *, gap: int = 70, first: int = 100) -> list[ChatMessage]:
    """Return a message for each line "author: text", `gap` seconds apart; authors whose names end in Bot are bots."""
    numbers: dict[str, int] = {}
    messages = []
    for index, line in enumerate(text.split("\n")):
        author, words = line.split(": ", 1)
        number = numbers.setdefault(author, len(numbers) + 1)
        bot = author.endswith("Bot")
        messages.append(ChatMessage(first + index, number, author, words, START + gap * index, bot=bot))
    return messages
