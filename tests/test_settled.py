"""A recap includes what a group settled, but nothing that is doubted, reported, private, a joke, taken back or denied."""

from __future__ import annotations

import time

import msgspec.structs
import pytest
from talk_kit import talk

from bot.app import App
from bot.recaps.decisions import find_decisions
from bot.recaps.lines import cut_lines
from bot.recaps.reactions import Reactions

BEFORE = """Dora: The floor of the second hall is ready and the pumps arrived on Tuesday.
Emil: The electricians finish the panel of the second hall next week.
陈浩: 二号机房的水泵周二到货了，配电柜下周装好
Finn: Rain is forecast on Thursday, so the crane may have to wait."""


def settled(app: App, said: str) -> list[str]:
    """Return the lines of a talk that settle something."""
    messages = talk(said)
    lines = cut_lines(messages, app.segmenter)
    return [
        lines[decision.line].text for decision in find_decisions(lines, messages, Reactions(lines, messages))
    ]


@pytest.mark.parametrize(
    "said",
    [
        "Decision then: we trim Nvidia to 10% before Friday",
        "we agreed that we don't build the LCD screen",
        "let's book the electrician for Monday 8am\nB: ok",
        "we've decided to move the launch to March",
        "ok the scaling law paper it is, Friday 4pm",
        "复盘会定在周四上午十点",
        "决定了：12月15号提测，20号上线",
        "有道理，改成周四19号上线",
        "那海报推迟到1月再发\nB: 好的",
        "作业题目我们定了做电力负荷预测",
        "To summarize, we agreed to drop the mobile app",
        "The final decision is to go with the second vendor",
        "It was agreed that the remote will be made of wood",
        "The consensus was to postpone the release to June",
        "Outcome: the budget is approved, 40k for training",
        "The majority voted for the second vendor in Lisbon",
        "决议：同意采购二十台服务器",
        "最后还是选了第二家供应商",
        "投票结果是周六去爬山",
        "全体赞成把复盘会改到周五",
        "经讨论，会议同意发布延期一周",
    ],
)
def test_forms_that_settle(app: App, said: str) -> None:
    assert settled(app, f"A: {said}")


@pytest.mark.parametrize(
    "said",
    [
        "let's see what the vendor says about delivery",
        "let's discuss the delivery dates tomorrow",
        "no blame here, let's fix it",
        "we haven't agreed on the delivery date",
        "should we switch to the new vendor, or let's wait?",
        "Paul wins by decision in the last round",
        "nobody can tell what it is",
        "yes it is, the kernel module is there",
        "the remote desktop lets you run the installer",
        "把摄像头固定在机柜的侧面",
        "In the last meeting we decided to make the remote simple",
        "我们通过对话交流构建了这个平台",
        "上次我们决定了先买两台水泵",
        "发布时间还没定下来",
        "年底的线下沙龙该定了",
        "这个方案要不要推迟到1月",
    ],
)
def test_forms_that_settle_nothing(app: App, said: str) -> None:
    assert not settled(app, f"A: {said}")


@pytest.mark.parametrize(
    "said",
    [
        "I thought we had agreed on cold plates for the second hall.",
        "We agreed on cold plates for hall two, I think.",
        "We agreed, apparently, on the cheaper vendor for the racks.",
        "If I remember right we decided to rent the crane for two days.",
        "Supposedly we've decided to move the pumps to the roof.",
        "We almost agreed on the immersion tanks last week.",
        "We agreed to disagree about the racks for the second hall.",
        "The plan we agreed on for the racks needs another look.",
        "When we decided to buy the pumps the prices were lower.",
        "我以为我们说好了周五上线新版本",
        "好像大家同意了把机柜搬到二楼",
        "印象中会上决定了先买两台水泵",
        "本来定在周四上午开复盘会",
        "如果预算够，我们决定先换液冷机柜",
        "我们差点就决定用浸没式液冷了",
    ],
)
def test_what_is_doubted_is_not_settled(app: App, said: str) -> None:
    assert settled(app, f"{BEFORE}\nGina: {said}") == []


@pytest.mark.parametrize(
    "said",
    [
        "I heard we've decided to close the second hall in winter.",
        "Word is that the board decided to sell the old racks.",
        "Omar says we agreed on the cheaper vendor for the racks.",
        "The ministry decided to subsidise cold plates from July.",
        "They agreed to deliver the chillers before the holidays.",
        "According to Finn we decided to postpone the pump test.",
        "The vendor and his bank agreed on new terms for the loan.",
        "听说会上决定了先关二号机房",
        "老板说我们决定改用另一家供应商",
        "据说发布会推迟到明年一月",
        "教育部决定取消这项补贴",
        "隔壁组的同事说大家同意了换供应商",
        "他们决定把机柜卖给别的公司",
    ],
)
def test_what_others_are_said_to_have_decided_is_not_settled(app: App, said: str) -> None:
    assert settled(app, f"{BEFORE}\nOmar: which racks do we take\nGina: {said}") == []


@pytest.mark.parametrize(
    "said",
    [
        "My wife and I agreed that we move to Porto in spring.",
        "We decided to take the kids to the lake this weekend.",
        "I've decided to learn the violin after work.",
        "We agreed on the colour of our wedding invitations.",
        "Personally I decided to skip the dinner on Friday.",
        "我和老婆决定国庆去云南自驾",
        "我决定下个月开始每天跑步",
        "我们家决定换一辆电动车",
        "爸妈最后决定把老房子卖了",
        "我女朋友说好周末一起去看展，我们定了",
    ],
)
def test_what_somebody_settles_in_private_is_not_settled(app: App, said: str) -> None:
    assert settled(app, f"{BEFORE}\nGina: {said}") == []


@pytest.mark.parametrize(
    "said",
    [
        "Yeah right, we've decided to work every weekend.",
        "Great, we agreed to fix everything by magic 🙄",
        "We decided to buy a private jet for the pump test, just kidding",
        "Sure, we agreed that pigs fly before the permit comes.",
        "We decided to hire ten more people tomorrow /s",
        "我们决定每人发一百万奖金，才怪",
        "呵呵，我们决定不吃饭天天加班",
        "我们决定明天全员放假，开玩笑的",
        "那就用最贵的方案，太阳从西边出来了",
        "大家同意通宵上线[狗头]",
    ],
)
def test_what_is_meant_as_a_joke_is_not_settled(app: App, said: str) -> None:
    assert settled(app, f"{BEFORE}\nGina: {said}") == []


@pytest.mark.parametrize(
    "said",
    [
        "Gina: We decided to rent the crane for Thursday, but that is off the table now.",
        "Gina: We agreed on immersion tanks for hall two.\nDora: Immersion is off the table now, the floor is too weak.",
        "Gina: Let's go with the cheaper vendor for the racks.\nGina: Scratch that, they have no stock.",
        "Gina: We decided to test the pumps on Monday.\nEmil: The racks came.\nDora: The pumps test is called off.",
        "Gina: We'll use the crane of the neighbours.\nFinn: Change of plan, their crane is broken.",
        "Gina: 我们决定周五上线新版本\n陈浩: 计划有变，测试没过",
        "Gina: 那就用浸没式液冷的方案了\n陈浩: 楼板承重不够\n王敏: 浸没式的方案作废",
        "Gina: 之前定在周四的复盘会取消了",
        "Gina: 会上决定先买两台水泵，后来又改主意了",
        "Gina: 我们说好的周五团建泡汤了",
    ],
)
def test_what_is_taken_back_is_not_settled(app: App, said: str) -> None:
    assert settled(app, f"{BEFORE}\n{said}") == []


@pytest.mark.parametrize(
    "said",
    [
        "Gina: We've agreed on cold plates for the second hall.\nOmar: No, we never agreed on that.",
        "Gina: So we decided to cancel the crane on Thursday.\nOmar: Since when?",
        "Gina: Let's go with the vendor from Lyon for the racks.\nOmar: Not so fast, their quote is not final.",
        "Gina: We agreed that Omar pays for the new floor.\nOmar: I never said that.",
        "Gina: We decided to open the hall in October.\nEmil: The permit came.\nOmar: We haven't decided that.",
        "Gina: 我们说好了周五上线新版本\n陈浩: 没有啊，谁同意了？",
        "Gina: 那就用二号供应商的机柜了\n陈浩: 等等，报价还没看",
        "Gina: 会上决定先关一号机房\n陈浩: 没决定，只是提议",
        "Gina: 大家同意把例会改到周一\n陈浩: 我不同意，周一我不在",
        "Gina: 复盘会定在周四上午十点\n陈浩: 不行，周四会议室有人",
    ],
)
def test_what_the_next_speaker_denies_is_not_settled(app: App, said: str) -> None:
    assert settled(app, f"{BEFORE}\n{said}") == []


@pytest.mark.parametrize(
    "said",
    [
        "Gina: We've agreed on cold plates for the second hall.\nOmar: No problem for me.",
        "Gina: Let's go with the vendor from Lyon for the racks.\nOmar: No objection, their quote was fine.",
        "Gina: We decided to open the hall in October.\nOmar: Wait for the permit before you print anything.",
        "Gina: In today's meeting we decided to open the hall in October.\nOmar: Great.",
        "Gina: The team agreed on cold plates for the second hall.\nOmar: I will tell the vendor.",
        "Gina: 我们决定周五上线新版本\n陈浩: 没问题，我来写公告",
        "Gina: 会上决定先买两台水泵\n陈浩: 不错，终于定了",
        "Gina: 我们决定取消周五的团建\n陈浩: 好的",
        "Gina: 那就用二号供应商的机柜了\n陈浩: 别忘了让他们开发票",
        "Gina: 大家一致同意把例会改到周一\n陈浩: 收到",
    ],
)
def test_what_nobody_doubts_or_denies_is_settled(app: App, said: str) -> None:
    assert len(settled(app, f"{BEFORE}\n{said}")) == 1


def test_a_denial_that_answers_another_message_denies_only_that(app: App) -> None:
    said = "Gina: We agreed on cold plates for the second hall.\nOmar: No, we never did."
    *others, decision, denial = talk(f"{BEFORE}\n{said}")
    denial = msgspec.structs.replace(denial, reply_to=others[0].id)
    messages = [*others, decision, denial]
    lines = cut_lines(messages, app.segmenter)
    assert [
        lines[decision.line].message
        for decision in find_decisions(lines, messages, Reactions(lines, messages))
    ] == [len(others)]


def test_forwarded_words_settle_nothing(app: App) -> None:
    *others, decision = talk(f"{BEFORE}\nGina: We agreed on cold plates for the second hall.")
    messages = [*others, msgspec.structs.replace(decision, forwarded_from="Energy Ministry News")]
    lines = cut_lines(messages, app.segmenter)
    assert not find_decisions(lines, messages, Reactions(lines, messages))


@pytest.mark.parametrize(
    "said",
    [
        "Gina: I thought we had agreed on the racks from Lyon.\nOmar: No, that was only an idea.",
        "Gina: We agreed on immersion for the second hall last month.\nOmar: That is off the table now.",
        "Gina: Someone in the other team said that we decided to sell the hall.",
        "Gina: I hear it's decided that the office moves to Lyon.",
        "Gina: Apparently it's settled that the hall closes in winter.",
        "Gina: I will go with the blue bike for my commute, it's decided.",
        "Gina: It's decided, I'm taking Friday off to see my sister.",
        "Gina: We agreed to disagree on the colour of the doors.",
        "Gina: We had planned the trip for months, and we decided to take the train.",
        "Gina: With the old racks, we decided that we don't like the doors.",
        "Gina: Oh sure, let's use the most expensive vendor again.",
        "Gina: So we decided to open in May... or did we?",
        "Gina: We've decided to use the crane on Thursday.\nOmar: Have we? First I hear of it.",
        "Gina: We've decided to use the crane on Thursday.\nOmar: I don't recall that.",
        "Gina: We've decided to use the crane on Thursday.\nOmar: That's news to me.",
        "Gina: Let's take the train to Lyon for the vendor visit.\nOmar: I'd rather not.",
        "Gina: We decided to rent the neighbour's hall.\nOmar: Sorry, that deal is dead.",
        "Gina: We agreed on Monday for the pump test.\nOmar: Monday doesn't work any more.",
        "Gina: We'll use the old racks for the second hall.\nOmar: No way, they are rusty.",
        "Gina: We had agreed on cold plates, but the vendor went bankrupt so we start over.",
        "Gina: We would have agreed on the crane if the price were lower.",
        "Gina: If only we had decided to order the pumps in spring.",
        "Gina: The rumour is that we agreed to the merger with the utility.",
        "Gina: My husband and I have decided to sell our flat.",
        "Gina: In my family we agreed that nobody buys presents this year.",
        "Gina: We decided to cancel everything and become farmers, ha.",
        "Gina: 我还以为定好了周五开会呢",
        "Gina: 我以为上周已经决定用液冷了",
        "Gina: 听隔壁组说会上决定裁掉两个项目",
        "Gina: 传闻我们决定把总部搬到成都",
        "Gina: 我和我先生商量好了，我们决定明年去旅行",
        "Gina: 我决定周末去爬山，机票都定好了",
        "Gina: 说好的周五上线呢",
        "Gina: 我们决定用A方案\n陈浩: 这事谁拍板的？",
        "Gina: 我们决定用二号供应商的机柜\n陈浩: 啊？我怎么没听说",
        "Gina: 我们决定用二号供应商的机柜\n陈浩: 别急，领导还没批",
        "Gina: 那就定周五开会讨论预算\n陈浩: 周五不行吧",
        "Gina: 原来定在周五的上线现在取消了",
        "Gina: 上次决定用A方案，现在不用了",
        "Gina: 我们之前决定用浸没式液冷，现在推翻了",
        "Gina: 就这么定了，全员996，呵呵",
        "Gina: 行行行，就按你说的办，你最厉害",
        "Gina: 可能我们决定下周再说",
        "Gina: 据小王说，大家同意换供应商",
        "Gina: 我女儿和我决定养一只猫",
        "Gina: 他们公司决定采用新的冷却方案",
        "Gina: 张总决定把项目停掉",
        "Gina: We agreed on the tanks, at least that's what I understood.",
        "Gina: From what I gather, we agreed to sell hall one.",
        "Gina: We decided to use tanks for hall two.\nOmar: Nah, we talked about it but nothing came of it.",
        "Gina: We decided to use tanks for hall two.\nOmar: We're back to cold plates, the tanks leak.",
        "Gina: We agreed to work for free, lol",
        "Gina: Great, so we agreed to burn another million on tanks, brilliant.",
        "Gina: Decision: none, we meet again on Friday.",
        "Gina: We've decided on tanks.\nOmar: Not on my watch.",
        "Gina: It's settled, we take tanks.\nGina: Correction: nothing's settled.",
        "Gina: 我记得我们定了用冷板\n陈浩: 你记错了。",
        "Gina: 我们定了用浸没式\n陈浩: 那是上个月的事，现在改了。",
        "Gina: 我们决定把钱全捐了哈哈哈",
        "Gina: 我们要决定用冷板还是浸没式",
        "Gina: 群里有人传我们决定卖机房",
        "Gina: We've decided to rent the crane.\nOmar: That ship has sailed, the crane is gone.",
        "Gina: We decided to rent the crane.\nOmar: I thought that was still up for discussion.",
        "Gina: We agreed on Monday.\nOmar: Monday is a holiday, doesn't work.",
        "Gina: 我们定了周五上线\n陈浩: 周五太赶了，不现实。",
        "Gina: 大家同意换供应商\n陈浩: 我什么时候同意了？",
        "Gina: 我们说好周五上线的，结果你又鸽了",
    ],
)
def test_false_decisions_of_all_kinds_are_left_out(app: App, said: str) -> None:
    assert settled(app, f"{BEFORE}\n{said}") == []


@pytest.mark.parametrize(
    "said",
    [
        "Gina: Ok so we agreed: Omar calls the vendor tomorrow.",
        "Gina: Then it's settled, the pump test is on Monday.",
        "Gina: Let's go with the Lyon racks, they are cheaper.\nOmar: +1",
        "Gina: We decided against immersion cooling, the floor is too weak.",
        "Gina: After the vote we agreed on cold plates for the hall.",
        "Gina: So we'll use the neighbour's crane on Thursday.\nOmar: Perfect, I will tell them.",
        "Gina: Decision: the hall opens on 1 October.",
        "Gina: Everyone agreed to move the stand-up to nine.",
        "Gina: 最后决定用二号供应商的机柜",
        "Gina: 大家说好了，周五之前交报告",
        "Gina: 会议时间定在周三下午三点",
        "Gina: 我们决定不买新的水泵了",
        "Gina: 结论是先修旧的水泵，明年再换",
        "Gina: 那就这么定了，周五上线新版本\n陈浩: 好",
    ],
)
def test_decisions_of_all_forms_are_told(app: App, said: str) -> None:
    assert settled(app, f"{BEFORE}\n{said}")


def test_a_talk_in_which_every_line_decides_costs_little_more_than_another(app: App) -> None:
    names = "甲乙丙丁戊己庚辛壬癸"
    lines = [
        f"A{n % 9}: 我们决定采用{names[n % 10]}{names[n // 10 % 10]}{names[n // 100 % 10]}{names[n // 1000]}号方案，预算另议"
        for n in range(4000)
    ]
    messages = talk("\n".join(lines))
    cut = cut_lines(messages, app.segmenter)
    began = time.process_time()
    assert find_decisions(cut, messages, Reactions(cut, messages))
    assert time.process_time() - began < 1.5
