"""Words of adult, gambling and other spam. Data only: spam decides what a hit is worth.

Spam speaks its own register: what reporters and laws write (色情, 赌博, 博彩, pornography, gambling) is not listed, so
a text about the trade does not look like the trade. Simplified, lower case, without spaces in Chinese.
"""

from __future__ import annotations

ADULT = """
自慰 手淫 久久 久热 久草 一区二区 二区三区 一区三区 一二三区 精品国产 国产精品 国产传媒 国产自拍 国产偷 国产丝袜 国产av 日韩av 亚洲av 欧美av 无码 有码 人妻 熟妇 熟女 少妇 娇妻 巨乳 爆乳 美乳
大奶 丝袜 制服诱惑 潮喷 潮吹 内射 口爆 口交 肛交 乱伦 群交 多人运动 肉文 肉肉文 黄漫 禁漫 里番 番号 约炮 炮友 裸聊 裸照 裸体 援交 楼凤 外围女 学生妹 嫩妹 嫩模 萝莉 幼女 白丝 黑丝 翘臀 美臀 肥臀 遮肉
成人视频 成人影院 成人影视 成人网 成人小说 成人电影 成人动漫 成人直播 成人用品 成人论坛 黄片 黄色片 黄色网 黄色视频 毛片 a片 三级片 av女优 av在线 av无码 av片 av网 av高清 久久av 高清av 黑料 女优 色图 色站 色播 色诱 色情网 涩涩 涩图
福利姬 福利视频 福利社 午夜福利 福利导航 宅男福利 性爱 做爱 啪啪 性交 性感美女 性伴侣 性奴 高潮 到爽 爽文 揉胸 揉捏 狂揉 扒开 扒光 脱光 全部脱 脱衣 湿身 紧窄 稚嫩 娇喘 呻吟 抽插 插入 打屁股 调教 小y头 小丫头 偷拍
偷窥 走光 露点 真空 大尺度 私密 激情视频 激情小说 激情四射 情趣 春药 迷药 迷奸 催情 壮阳 伟哥 阳痿 早泄 一夜情 同城约 同城交友 上门服务 特殊服务 包夜 附近的小姐 小姐上门 小姐的电话 小姐电话 叫小姐 美女上门 gay片 少男gay 国产gay
免费看黄 看黄片 黄网站大全 高h文 高h肉 h小说 一区二区三区 日韩欧美 欧美日韩 一本道 18禁 黄网站 国产高清 吃瓜 色多多 色欲 污污 鸭脖 约茶 空降 好深 用力h 粗大 猛烈 进出 无遮挡 芭乐视频 芭乐app 秋葵app 丝瓜app 小黄书 小黄文 黄油 黄游 91视频 91国产 91porn 91在线 麻豆传媒 麻豆 草莓视频 香蕉视频 丝瓜视频 樱桃视频 秋葵视频 小蝌蚪视频 茄子视频 红桃 放竹菊 竹菊网 天堂网 tokyohot
"""

ADULT_ENGLISH = """
jizz, porn videos, porn video, porn tube, porn site, free porn, porno, pornhub, xvideos, xnxx, xhamster, xxx, sex video,
sex videos, sex cam, sex cams, sex chat, sex tape, sex toys, live sex, live cams, cam girls, camgirls, webcam girls,
hot girls, hot babes, hot milf, milf, milfs, hentai, nude pics, nude photos, nude girls, naked girls, naked women,
escort service, escort services, escorts, escort girls, call girls, call girl, onlyfans leaks, onlyfans leaked,
leaked nudes, nudes, horny, busty, blowjob, creampie, gangbang, big tits, big ass, threesome, erotic massage,
hookup, hookups, sexy singles, hot singles, singles near you, girls near you, adult dating, adult cams, viagra,
cialis, levitra, kamagra, sildenafil online, tadalafil online, penis enlargement, male enhancement
"""

GAMBLING = """
葡京 新葡京 新葡亰 葡萄京 威尼斯人 太阳城 金沙娱乐 银河娱乐 永利娱乐 澳门金沙 澳门银河 澳门永利 澳门赌场 澳门百家乐 皇冠体育 皇冠足球 皇冠现金网 皇冠开户 皇冠网 现金网 娱乐城 娱乐场 线上娱乐 在线娱乐 娱乐平台 娱乐网站 真人娱乐 真人荷官 真人视讯 视讯直播
真钱 真钱棋牌 棋牌游戏 现金棋牌 捕鱼 老虎机 电子游艺 电子老虎机 百家乐 龙虎斗 牛牛 炸金花 斗地主 德州扑克 轮盘 六合彩 六合宝典 特码 平特 一码中特 三中三 必中 稳赚 包赢 时时彩 分分彩 快三 快3 北京赛车 pk10 pk拾 赛车计划 幸运飞艇 重庆时时彩
彩票平台 彩票网 彩票开奖 开奖结果 开奖直播 腾讯分分彩 幸运28 加拿大28 pc蛋蛋 买球 买球网 滚球 外围 足球投注 体育投注 投注网 投注平台 下注 赌球 赌场网址 博彩网 博彩公司 博彩平台 菠菜 菠菜网 注册送 开户送 送彩金 送白菜 白菜 体验金 首存 首充 存款优惠
返水 洗码 提款 秒提 出款快 彩金 万人迷 九游 开元棋牌 开云体育 亚博 亚博体育 bet365 betway 188bet 188金宝博 金宝博 韦德 韦德体育 bob体育 ob体育 kok体育 乐鱼 乐鱼体育 华体会 米兰体育 雷火 雷竞技 万博 万博体育 必威 必赢 优德 沙巴体育 凤凰彩票
大发快三 大发彩票 彩神 彩神争霸 购彩 购彩大厅 官方网站入口 最新网址 备用网址 网址导航 官网入口 网赌 网赌平台 真人百家乐 九游会 信誉网投 十大网投 网投平台 押注 赢现金 体育官网 娱乐官网 登录入口 平台登录 手机版登录 开户
"""

GAMBLING_ENGLISH = """
casino, our casino, online casino, online casinos, casino online, casino bonus, casino bonuses, live casino, casino games, best casino,
crypto casino, bitcoin casino, free spins, free spin, no deposit, no deposit bonus, deposit bonus, welcome bonus,
bonus code, promo code, slot machine, slot machines, slot games, slots online, online slots, slot online, slot gacor,
slots, situs slot, judi, togel, jackpot, jackpots, sportsbook, sports betting, betting tips, betting site,
betting sites, bet365, 1xbet, baccarat, roulette, blackjack, poker online, online poker, rtp live, maxwin, fixed match,
fixed matches, lottery winner, real money, win real money, play for real
"""

OTHER = """
贷款秒批 黑户 黑户可做 网贷 代开发票 代开票 开发票 办证 刻章 办证刻章 代办证件 代办信用卡 信用卡套现 花呗套现 秒批 无抵押 无抵押贷款 网贷口子 黑户贷款 刷单 刷单返利 网赚 躺赚 日赚千元 日入过千 月入过万 私服 传奇私服 外挂 辅助外挂 代孕 代孕公司 代写论文 论文代写 代刷 刷粉 刷赞 涨粉
黑客接单 黑客联系方式 查开房 查开房记录 定位找人 监听软件 原味 高仿 复刻手表 a货 精仿 莆田鞋 收购二手 漫画免费 免费漫画 漫画在线 小说免费 免费小说 全文免费 无弹窗 笔趣阁 txt下载 影院 影视大全 高清影院 视频高清 在线放 在线观看 免费观看 免费看 免费阅读 在线看 在线播放
高清在线 手机在线 迅雷下载 bt下载 磁力链接 种子下载 破解版 破解版下载 无限金币 安卓版下载 app下载安装 最新版下载
"""

OTHER_ENGLISH = """
payday loan, payday loans, instant loan, instant loans, loan approval, bad credit loans, cheap meds, no prescription,
online pharmacy, canadian pharmacy, weight loss pills, diet pills, keto gummies, cbd gummies, replica watches,
replica handbags, rolex replica, fake id, fake passport, essay writing service, essay writing services,
write my essay, buy essay, buy followers, instagram followers, buy backlinks, backlinks, seo services, make money fast,
make money online, work from home, earn cash, earn $, double your bitcoin, crypto giveaway, free giveaway,
watch online free, free hd, online free, watch online, full movie, movie download, free download, torrent, cracked, keygen, mod apk, apk download
"""

FAINT = frozenset(
    "老虎机 百家乐 牛牛 斗地主 德州扑克 轮盘 捕鱼 白菜 baccarat roulette blackjack slots jackpot jackpots".split()
) | {"slot machine", "slot machines"}
"""Names of games, which research on games uses most: four of them weigh as much as one."""

WEAK = frozenset(
    """
日韩欧美 欧美日韩 色图 特码 内射 露点 平特 约茶 肉文 亚博 必威 优德 韦德 乐鱼 九游 雷火 万博 必赢 体验金
有码 成人网 色播 色站 大奶 美乳 黄片 涩涩 a片 一区二区 二区三区 快三 滚球 黄网站 翘臀 美臀
湿身 丝袜 嫩模 学生妹 制服诱惑 炮友 性感美女 激情四射 秒提 皇冠体育 外围女
吃瓜 空降 好深 粗大 猛烈 进出 无遮挡 网贷 黑户 押注 网赌 体育官网 娱乐官网 国产高清 久久 无码 丝袜 少妇 萝莉 裸照 裸体 偷拍 偷窥 走光 真空 大尺度 私密 情趣 高潮 插入 稚嫩 呻吟 调教 惩罚 伟哥 阳痿 早泄 男同 黄油 红桃 麻豆 黑料 黑丝 白丝 幼女 一夜情 裸聊 约炮 迷药 春药 女优 毛片
性交 性爱 做爱 脱衣 小丫头 性伴侣 番号 成人用品 成人电影 上门服务 扒开 自慰 手淫 口交 乱伦
太阳城 威尼斯人 娱乐场 娱乐平台 线上娱乐 在线娱乐 金沙娱乐 银河娱乐 澳门金沙 澳门银河 澳门永利 澳门赌场 棋牌游戏 龙虎斗 六合彩 必中 稳赚 外围 滚球 下注 买球 彩票网 开奖结果 博彩公司 博彩平台 菠菜 白菜
首存 首充 体验金 返水 提款 彩金 九游 大发 万博 雷火 开户 购彩 彩票平台 彩票开奖 体育投注 足球投注 赌球 注册送 最新网址 网址导航 登录入口 平台登录 快三 快3 葡京 娱乐网站
开发票 代开发票 办证 刻章 秒批 无抵押 无抵押贷款 刷单 刷单返利 私服 外挂 代孕 代写论文 论文代写 涨粉 刷粉 高仿 日赚 日入 月入过万 影院 在线观看 免费观看 免费看 免费阅读 在线看 在线播放 在线放 手机在线 破解版 监听软件 磁力链接 视频高清 漫画免费 免费漫画
免费小说 小说免费 原味 躺赚 信用卡套现
""".split()
) | frozenset(
    " ".join(word.split())
    for word in """
casino, free hd, online free, xxx, nudes, escorts, milf, hentai, hookup, hookups, viagra, cialis, levitra, porno, pornhub, sex tape, sex toys, sex video, sex videos, call girl,
call girls, horny, adult dating, sportsbook, sports betting, betting site, betting sites,
baccarat, online casino, online casinos, live casino, casino games, real money, promo code, welcome bonus, bet365, online poker,
payday loan, payday loans, work from home, make money online, free download, torrent, cracked, watch online, full movie, backlinks, seo services,
online pharmacy, essay writing service, essay writing services, fake id, fake passport, weight loss pills, diet pills, no prescription, free spins
""".replace("\n", " ").split(",")
)
"""Words that running text uses too: two of them weigh as much as one of the others."""

LISTS = (
    ("adult", ADULT.split(), [" ".join(word.split()) for word in ADULT_ENGLISH.split(",")]),
    ("gambling", GAMBLING.split(), [" ".join(word.split()) for word in GAMBLING_ENGLISH.split(",")]),
    ("advert", OTHER.split(), [" ".join(word.split()) for word in OTHER_ENGLISH.split(",")]),
)
"""Each kind with its Chinese and its English words."""
