"""The words that websites put around a text. Data only: what they mean for a line is decided in furniture.

Collected from the page frames of Chinese and English news sites, portals and blogs; simplified, lower case.
Chinese words are parted by spaces, English ones by commas.
"""

from __future__ import annotations


def _words(chinese: str, english: str) -> frozenset[str]:
    """The words of both blocks."""
    return frozenset(chinese.split()) | frozenset(" ".join(word.split()) for word in english.split(","))


NAVIGATION = _words(
    """
    首页 主页 网站首页 网站地图 网站导航 返回顶部 返回首页 回到顶部 返回列表 上一篇 下一篇 上一页 下一页 登录 登陆 注册 立即登录 立即注册
    搜索 设为首页 加入收藏 收藏本站 手机版 客户端 电脑版 移动版 触屏版 简体中文 简体 繁体 繁體中文 english 导航 菜单 更多 更多>> 查看更多 加载更多
    展开全文 阅读全文 阅读原文 查看原文 点击查看 当前位置 您的位置 您现在的位置 你的位置 正文 跳转到主要内容 全部评论 我的订阅 会员中心 个人中心 无障碍 全文完 正文完 完
    点击图片查看大图 查看大图 点击查看大图 点击放大 点击看大图 查看图片 点击下载 点击阅读全文 点击展开 收起 返回 证券研究报告 上一条 下一条 换一批 查看全部 目录导航 预览时标签不可点
    """,
    """
    end, the end, home, homepage, main menu, menu, search, login, log in, sign in, sign up, register, my account, next, previous,
    next page, previous page, skip to content, skip to main content, skip to navigation, back to top, read more,
    load more, see all, view all, show more, see more, continue reading, site map, sitemap, toggle navigation,
    open menu, close menu, close, learn more
    """,
)
"""Ways through a site."""

CHANNELS = _words(
    """
    新闻 要闻 财经 科技 体育 娱乐 汽车 房产 教育 军事 国际 国内 社会 股票 基金 视频 图片 博客 论坛 直播 专题 健康 旅游 时尚 游戏 文化 历史 产业 数码
    家居 评论 公益 读书 生活 快讯 滚动 时政 港澳 台湾 证券 理财 保险 银行 创投 专栏 观点 行情 资讯 电商 手机 互联网 家电 通信 人工智能 区块链 下载 商城 社区 问答
    """,
    """
    news, business, technology, tech, sports, sport, politics, world, u.s., us, uk, entertainment, opinion,
    lifestyle, health, science, video, videos, podcasts, podcast, newsletters, jobs, events, about, contact, finance,
    markets, culture, travel, climate, magazine, shop, store, blog, resources, products, solutions, pricing, company,
    startups, ai, gadgets, reviews, style, money, economy, energy, education, arts, books, food, weather, photos
    """,
)
"""Names of a site's sections: only several together say anything."""

SHARING = _words(
    """
    分享 分享到 分享至 分享给 微博 微信 朋友圈 微信好友 qq空间 qq好友 新浪微博 腾讯微博 点赞 赞 收藏 评论 转发 举报 打印 打印本页 字号 大 中 小 字体 阅读
    浏览 人气 在看 复制链接 扫一扫 打赏 关注 已关注 +关注 订阅 关闭窗口 写评论 发表评论 我要评论 条评论 人参与 扫码分享 分享文章 分享本文 一键分享 登录后参与评论 登录后评论 参与评论 暂无评论 抢沙发 我来说两句 网友评论 发布评论 请发表您的评论 还可以输入 写留言 留言 点个赞 点分享 点收藏 点在看 点点赞 阅读原文 阅读量 阅读数 浏览量 次阅读 次浏览 来自 踩 纠错 生成海报 海报
    """,
    """
    share, share on twitter, share on x, share on facebook, share on linkedin, share on whatsapp, share on reddit,
    share via email, share this, share this article, share on, share via, tweet, tweet this, post, facebook, twitter, x,
    linkedin, whatsapp, reddit, email, e-mail, print, copy link, link copied, like, likes, comment, comments,
    leave a comment, pinterest, telegram, follow, follow us, follow us on, bookmark, save, save article, repost, views,
    reads, claps, wechat, weibo, flipboard, pocket, messenger, instagram, youtube, tiktok, rss, listen, gift article, a- a, a+ a, a a a, copy url, share link, print this page, join the conversation, leave a reply, leave a comment, post comment, add a comment, cancel reply, post a comment, view comments
    """,
)
"""Buttons under a text, and what counts beside them."""

CONTACT = _words(
    """
    关于我们 关于本站 联系我们 联系方式 商务合作 广告服务 广告合作 广告投放 媒体合作 内容合作 友情链接 合作伙伴 加入我们 招聘信息 招贤纳士 诚聘英才 人才招聘 法律声明 隐私政策
    隐私条款 风险提示及免责条款 风险提示 无障碍浏览 进入关怀版 主办单位 网站标识码 隐私保护 用户协议 服务条款 服务协议 使用条款 版权声明 免责声明 投稿 我要投稿 投稿邮箱 寻求报道 意见反馈 帮助中心 微信扫一扫 微信扫码 扫码关注 加关注 关注公众号 关注我们
    官方微信 官方微博 微信公众号 微信公众平台 移动客户端 客服 客服热线 客服电话 服务热线 联系电话 热线 电话 传真 邮箱 电子邮箱 地址 邮编 qq qq群 微信号 官方qq群 网站声明
    违法和不良信息举报 举报电话 举报邮箱 营业执照 增值电信业务经营许可证 互联网新闻信息服务许可证 网络视听许可证 下载app app下载 手机app 扫码下载 扫描二维码 二维码 网站合作 侵权投诉
    """,
    """
    about us, about, contact us, contact, advertise, advertise with us, careers, privacy policy, privacy notice,
    privacy, terms, terms of use, terms of service, terms & conditions, terms and conditions, cookie policy,
    cookie settings, cookie preferences, do not sell my personal information,
    do not sell or share my personal information, accessibility, accessibility statement, help center, help, faq, faqs,
    media kit, press, press room, feedback, unsubscribe, newsletter, newsletters, subscribe, subscribe now, our team,
    masthead, corrections, ethics policy, site index, imprint, manage cookies, your privacy choices, editorial policy,
    download the app, get the app
    """,
)
"""Footers."""

ADVERTISING = _words(
    """
    广告 推广 赞助 赞助内容 赞助商 赞助商链接 赞助链接 广告位 推广链接 商业推广 advertisement advertisements advertising sponsored sponsored content promoted
    """,
    """
    advertisement, advertisements, advertising, ad, sponsored, sponsored content, promoted, promoted content,
    paid content, story continues below advertisement, article continues below, continue reading below advertisement,
    article continues after advertisement, story continues below, story continues, article continues, sponsored links, scroll to continue
    """,
)
"""Labels of advertisements."""

LIST_HEADS = _words(
    """
    最新文章 最新资讯 最新新闻 最新动态 最新发布 最新消息 最新报道 最新推荐 原创文章 原创 热门文章 热门推荐 热点推荐 热门新闻 热门资讯 热点新闻 热点文章 热点排行 热门话题 热门标签 热门 热文
    热榜 一周热点 本周热点 相关标签 文章标签 热新闻 热点 大家都在搜 更多精彩内容 最新视频 热门搜索 热搜 热搜榜 热文排行 排行榜 点击排行 点击排行榜 阅读排行 阅读排行榜 新闻排行 新闻排行榜 一周排行 24小时热文 24小时排行 48小时热文 本周热门 本月热门 今日热点 今日头条 今日推荐 相关阅读
    相关文章 相关新闻 相关推荐 相关资讯 相关报道 相关内容 相关专题 相关链接 推荐阅读 推荐文章 推荐新闻 推荐内容 延伸阅读 扩展阅读 猜你喜欢 你可能喜欢 您可能喜欢 你可能感兴趣 您可能感兴趣的文章
    大家都在看 大家还在看 大家正在看 为您推荐 为你推荐 编辑推荐 编辑精选 精彩推荐 精选文章 精选 图文推荐 图片新闻 往期回顾 往期推荐 往期文章 最近更新 最近文章 近期文章 更多文章 更多新闻 更多资讯
    更多精彩 作者文章 作者其他文章 该作者其他文章 ta的文章 热门评论 最新评论 网友评论 随机文章 随机推荐 特别推荐 重点推荐 视频推荐 热门专题 热门视频 看过本文的人还看了 看了又看
    """,
    """
    latest, latest videos, most watched, latest news, latest articles, latest stories, latest posts, latest headlines, latest updates,
    more news, more stories, more articles, more headlines, more like this, more to explore, most read, most popular,
    most viewed, most shared, most recent, popular, popular posts, popular articles, popular stories, popular now,
    related, related articles, related stories, related posts, related news, related topics, related content,
    related reading, related coverage, related links, recommended, recommended for you, recommended reading,
    recommended stories, recommended articles, you may also like, you might also like, you may like, you might like,
    read next, up next, read also, also read, what to read next, trending, trending now, trending topics,
    trending stories, trending articles, top stories, top news, top headlines, editors' picks, editor's picks,
    editors picks, editor's choice, don't miss, recent posts, recent articles, recent news, recent stories,
    in case you missed it, from around the web, around the web, from the web, sponsored stories, featured stories,
    featured articles, keep reading, other stories, other news, today's headlines, must read, must reads, hot topics
    """,
)
"""Heads of lists of other texts."""
