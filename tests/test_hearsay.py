"""What unnamed people say is told apart from what happened, and quoted on a topic only if there is nothing else."""

from __future__ import annotations

import pytest
from test_ranking import said, statement

from bot.trends.hearsay import is_hearsay
from bot.trends.ranking import rank


@pytest.mark.parametrize(
    "text",
    [
        "A member asked which vector stores run on a laptop.",
        "Trouble with the router: Several new users reported that it drops packets.",
        "User @mira_k requested a larger context.",
        "In response, another member provided a link to the manual.",
        "Users are trying to cut their bills.",
        "Chat on a laptop: A member with an old card created a bot for their chess club.",
        "Debate over agents: The discussion covered their cost.",
        "Concerns were raised about the new licence.",
        "A bill: In contrast to the price of the other card, a member noted that it fell.",
        "Some speculate that it is a move against the union.",
        "A link was shared to the manual.",
        "@mira_k joked that the bill is paid in cards.",
        "@mira_k posted a drawing and a meme about the union.",
        "A law stirs: The new licence raised concerns about the price of cards.",
        "The licence has sparked heated debates.",
        "A technical consultant with ten years of practice is eager to learn about cards.",
        "Members found that the card is slow.",
        "There is a debate on whether the card is a router.",
        "The community is in discussion around the price of cards.",
        "一位成员询问了哪些数据库可以在笔记本上运行。",
        "路由器故障：多位用户报告称它会丢包。",
        "社区成员对新的许可证表示担忧。",
        "作为回应，另一名成员提供了手册的链接。",
        "讨论强调了智能体的成本。",
        "行业观点：关于两家公司在芯片领域主导地位的更广泛讨论仍在继续。",
        "笔记本上的聊天：一名新成员为国际象棋社做了一个机器人。",
    ],
)
def test_talk_of_people_without_a_name_is_hearsay(text: str) -> None:
    assert is_hearsay(text)


@pytest.mark.parametrize(
    "text",
    [
        "Figure opened a plant that builds 12,000 robots a year.",
        "@karpathy noted that the model fits on one card.",
        "Users can now upload whole folders.",
        "The service has 400 million weekly users.",
        "Engineers at the institute built a smaller chip.",
        "A court asked the company to keep its logs.",
        "该公司发布了新的机器人，年产一万台。",
        "用户现在可以上传整个文件夹。",
        "The plan was discussed at NeurIPS.",
        "The ministry set new rules for cards, prompting concern about the price.",
        "The card is sold under a free licence, spurring discussions.",
        "The central bank raised interest rates.",
        "The card faces doubts: the firm cut its price.",
        "The firm faces a fine of 3 million euros.",
        "Many models cost less now.",
        "@karpathy 指出该模型可在单卡上运行。",
        "这款应用的周活跃用户达到4亿。",
    ],
)
def test_what_happened_or_somebody_named_said_is_none(text: str) -> None:
    assert not is_hearsay(text)


def test_a_topic_is_told_by_what_happened_before_what_members_say() -> None:
    talk = statement("A member asked whether humanoid robots could cook and clean a flat.", "a")
    event = statement("The maker of humanoid robots opened a plant for 12,000 a year.", "b", position=3)
    assert said(rank([talk, event]))[0].startswith("The maker")
