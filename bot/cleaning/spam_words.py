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
亚洲国产 亚洲精品 亚洲综合 亚洲无码 亚洲成人 国产成人 国产视频 国产免费 国产在线 国产偷拍 国产精 成人综合 成人在线 成人免费 成人精品 成人片 成人av 成人影片 成人app 成人版 激情综合 激情文学 激情图片 综合激情 五月天 丁香五月 婷婷五月
五月婷婷 四虎影 伊人网 伊人久久 大香蕉 大香焦 东京热 加勒比av 一本大道 高清不卡 不卡免费 在线不卡 不卡在线 日本不卡 免费不卡 三级伦理 伦理片 伦理电影 伦理在线 韩国三级 日本三级 午夜剧场 午夜影院 午夜视频 男人添 添女人 添下面
下部视频 隔壁老王 性猛交 猛交 做爰 撕开胸罩 玩奶 吃奶视频 摸奶 揉奶 奶头 奶子 双腿 腿张开 张开腿 扒衣服 强奷 淫荡 淫乱 淫妻 淫水 荡妇 浪叫 骚逼 骚货 骚女 骚妇 肏 大鸡巴 鸡巴 鸡吧 小穴 嫩穴 阴道 阴茎 裸直播 裸播 全裸 裸身
裸舞 色爱 色狠狠 狠狠干 狠狠撸 操逼 日逼 性爱视频 性视频 性生活视频 性感主播 性服务 情色 自拍偷拍 偷拍自拍 偷拍视频 露脸 国语对白 对白刺激 日本熟 中文字幕 无码中文 女女互慰 扣逼 夜夜爽
爽爽视频 爽歪歪 躁爽 快播 影音先锋 先锋影音 吉吉影音 西瓜影音 爱爱视频 爱爱 看片 看片网 毛茸茸 美女视频 美女图片 美女裸 美女主播 空姐 护士服 女上司 女教师 公息 公熄 岳母 儿媳 肉吊 巨根 高h 纯肉 肉肉 床戏 吻戏 温泉戏
床震 车震 约妹 约啪 外送茶 兼职妹 品茶 喝茶资源 大圈 嫩茶 海选 荤桑 spa会所 会所 丝足 足浴 按摩全套 全套服务 莞式 少妇人妻 女奴 捆绑 sm调教 露出 暴露 走光照 艳照 门事件 视频流出 私拍 写真 大胆 人体艺术 人体
十八禁 未成年禁入 av影院 av网站 av天堂 av女 av色
困困 湿成这样 撞得我 腿分大 分大一点 腿分开 腿抬高 把腿 两根同进 狠狠地进 进入女生 塞入 玩一晚上 几个领导 侵犯人妻 人与禽 人与兽 兽交 禽交 好爽 好舒服 好紧 好湿 好痛 好涨 用力点 快点用力 别停 顶得 操我
被操 被弄 被轮 轮流 做到哭 做到腿软 腿软 合不拢 喷水 流白浆 白浆 湿了 湿透 太深 青青草原在线 青青草视频 青青草 抖阴 成人抖音 神马影院 神马电影 神马午夜 八戒影院 大地资源
天美传媒 糖心vlog 蜜桃传媒 蜜桃视频 蜜桃成熟时 蜜芽 果冻传媒 精东传媒 精东影业 星空传媒 皇家华人 兔子先生 爱豆传媒 大象传媒 性视界 葫芦影业 国产女主播 女主播一区 国产一区 日韩女同 女同 理论片 小仙女直播 福利群 资源群 成品人
可视频验证 高端外围 外围模特 模特预约 外围预约 色情小说 成人文学 情色漫画 情色小说 黑料不打烊 吃瓜网 黄瓜视频 榴莲视频 香蕉网 香蕉在线 茄子 小电影 小视频在线 在线视频精品 精品视频 精品久久 人人爽 人人妻 人人澡 人人操 人人看
人人摸 色婷婷 色五月 撸啊撸 撸撸 撸管 打飞机 打手枪 蜜穴 菊花 菊穴 后入 深喉 足交 乳交 哺乳期 孕妇性 老少配 老太 老妇 老熟 熟母 妈妈的朋友 妈妈的职业 善良的 女儿的朋友 エロ 無修正 アダルト 風俗 出会い系
裏ビデオ 盗撮 야동 오피 성인 출장안마 섹스
久久久 天天躁 狠狠躁 夜夜躁 躁夜夜 狠狠爱 老湿机 一边吃小奶 小奶 摸出水 禁止观看 18岁以下 强行糟蹋 糟蹋人妻 麻豆剧 羞羞 羞羞网站 羞羞漫画 羞羞视频 高清码 无码一区 成熟50 毛多 扒腿 疯狂撞击 猛撞 丝袜人妻 同人本 本子 порно
секс виагр
"""

ADULT_ENGLISH = """
jizz, porn videos, porn video, porn tube, porn site, free porn, porno, pornhub, xvideos, xnxx, xhamster, xxx, sex video,
sex videos, sex cam, sex cams, sex chat, sex tape, sex toys, live sex, live cams, cam girls, camgirls, webcam girls,
hot girls, hot babes, hot milf, milf, milfs, hentai, nude pics, nude photos, nude girls, naked girls, naked women,
escort service, escort services, escorts, escort girls, call girls, call girl, onlyfans leaks, onlyfans leaked,
leaked nudes, nudes, horny, busty, blowjob, creampie, gangbang, big tits, big ass, threesome, erotic massage,
hookup, hookups, sexy singles, hot singles, singles near you, girls near you, adult dating, adult cams, viagra,
cialis, levitra, kamagra, sildenafil online, tadalafil online, penis enlargement, male enhancement,
sexy teens, teen porn, hot teens, horny teens, teens webcam, webcam free, free sex, sex dating, sex chat rooms,
sex stories, mature women, women seeking men, men seeking women, seeking men, dating site, dating sites,
dating site free, free dating, adult videos, adult chat, free chat, live nude, nude cam, anal, cumshot, hardcore porn,
porn, pussy, dick pics, lesbian porn, gay porn, big boobs, boobs, stripper, strip club, sugar daddy, sugar baby,
mail order brides, mail order bride, russian brides, sex doll, sex dolls, sensual massage, escort agency,
independent escorts, bokep, jav, av idol,
sex sites, best sex, horny women, asian girls, hot asian, live cam, cam show, xxx movies, xxx video, milf mom,
taboo video, mom son, onlyfans free, fuck, fucking, nude, erotic stories, naked, teen sex, local singles,
lonely housewives, swingers,
video call now, sexy indian, indian aunty, desi sex, desi bhabhi, sexy video, hot video
"""

GAMBLING = """
葡京 新葡京 新葡亰 葡萄京 威尼斯人 太阳城 金沙娱乐 银河娱乐 永利娱乐 澳门金沙 澳门银河 澳门永利 澳门赌场 澳门百家乐 皇冠体育 皇冠足球 皇冠现金网 皇冠开户 皇冠网 现金网 娱乐城 娱乐场 线上娱乐 在线娱乐 娱乐平台 娱乐网站 真人娱乐 真人荷官 真人视讯 视讯直播
真钱 真钱棋牌 棋牌游戏 现金棋牌 捕鱼 老虎机 电子游艺 电子老虎机 百家乐 龙虎斗 牛牛 炸金花 斗地主 德州扑克 轮盘 六合彩 六合宝典 特码 平特 一码中特 三中三 必中 稳赚 包赢 时时彩 分分彩 快三 快3 北京赛车 pk10 pk拾 赛车计划 幸运飞艇 重庆时时彩
彩票平台 彩票网 彩票开奖 开奖结果 开奖直播 腾讯分分彩 幸运28 加拿大28 pc蛋蛋 买球 买球网 滚球 外围 足球投注 体育投注 投注网 投注平台 下注 赌球 赌场网址 博彩网 博彩公司 博彩平台 菠菜 菠菜网 注册送 开户送 送彩金 送白菜 白菜 体验金 首存 首充 存款优惠
返水 洗码 提款 秒提 出款快 彩金 万人迷 九游 开元棋牌 开云体育 亚博 亚博体育 bet365 betway 188bet 188金宝博 金宝博 韦德 韦德体育 bob体育 ob体育 kok体育 乐鱼 乐鱼体育 华体会 米兰体育 雷火 雷竞技 万博 万博体育 必威 必赢 优德 沙巴体育 凤凰彩票
大发快三 大发彩票 彩神 彩神争霸 购彩 购彩大厅 官方网站入口 最新网址 备用网址 网址导航 官网入口 网赌 网赌平台 真人百家乐 九游会 信誉网投 十大网投 网投平台 押注 赢现金 体育官网 娱乐官网 登录入口 平台登录 手机版登录 开户
金沙娱乐城 金沙网 金沙国际 澳门银座 澳门威尼斯 威尼斯人官网 永利官网 永利国际 银河国际 新濠天地官网 太阳城集团 申博 菲律宾申博 太阳网 大赢家 彩票大赢家 彩票app 彩票计划 彩票登录 彩票注册 盈彩 盈利彩 福彩3d 3d字谜 双色球预测
双色球杀号 开奖号码 马会资料 香港马会 马报 生肖特 四不像 白小姐 曾道人 管家婆 一肖一码 一肖中特 澳门资料 免费资料大全 精准资料 内部资料 资料大全 天天彩 澳彩 极速赛车 极速飞艇 极速快三 江苏快三 11选5 十一选五 pk10计划 娱乐棋牌
棋牌平台 棋牌官网 棋牌下载 棋牌app 棋牌娱乐 炸金花游戏 电玩城 捕鱼游戏 捕鱼达人官网 电子模拟器 pg电子 pg模拟器 jdb电子 cq9 mg电子 pt电子 电子平台 真人平台 性感荷官 荷官在线 荷官发牌 在线发牌 发牌 上分 下分 首储
充100送 充值返 送彩 彩金领取 领取彩金 注册就送 免费送彩 出金快 出款 博弈 线上博弈 线上百家乐 百家乐推荐 运彩 运彩场中 世界杯买球 买球app 买球平台 买球官网 竞彩推荐 竞彩足球 足彩 赔率 爱游戏 必一运动 星空体育 半岛体育 江南体育
米乐 米乐体育 九游娱乐 南宫28 南宫ng 南宫娱乐 ng28 ng娱乐 hth华体 乐动体育 问鼎娱乐 凯发 凯发k8 k8凯发 ag真人 ag旗舰 ag8 ag亚游 亚游 利来国际 尊龙 尊龙凯时 凯时 龙8 龙八 同升国际 大发888
澳门太阳 千亿体育 千赢 胜博发 bb电子 bbin 365体育 bet体育 体育·(中国)官 体育(中国)官 官方网站ios 电竞菠菜 电竞竞猜 百家樂 网投 正规网投 一分快三 五分快三 澳门葡京 葡京赌场 葡京娱乐
带单 回血上岸 回血 稳赚计划 后二计划 计划群 国际娱乐 娱乐登录 娱乐登陆 永利皇宫 太阳集团 云顶国际 云顶娱乐 云顶集团 皇马国际 恒大彩票 鼎盛娱乐 天博 天博综合 盛世彩票 新2网址 皇冠新2 外围app 竞彩预测 预测推荐 黄金版
扫雷群 红包扫雷 红包群 送体验金 体验金领取 六合彩开奖 开奖结果直播 棋牌送 金花 推筒子 三公 二八杠 扑克透视 麻将透视 麻将外挂 麻将作弊 娱乐网址 博乐 博悦 盈丰 乐虎 龙虎 凯旋门 伟德 bwin 明升 manbetx 万豪娱乐 金宝
金沙城 澳门网上 网上赌 网上百家乐 토토 카지노 바카라 먹튀 슬롯 カジノ オンラインカジノ パチンコ
十大赌博 赌博平台排 赌博网站大全 平台送 白菜网 必赢亚洲 凤凰平台 彩票登录地址 万博manbext 足球比分网 比分网址 казино
"""

GAMBLING_ENGLISH = """
casino, our casino, online casino, online casinos, casino online, casino bonus, casino bonuses, live casino, casino games, best casino,
crypto casino, bitcoin casino, free spins, free spin, no deposit, no deposit bonus, deposit bonus, welcome bonus,
bonus code, promo code, slot machine, slot machines, slot games, slots online, online slots, slot online, slot gacor,
slots, situs slot, judi, togel, jackpot, jackpots, sportsbook, sports betting, betting tips, betting site,
betting sites, bet365, 1xbet, baccarat, roulette, blackjack, poker online, online poker, rtp live, maxwin, fixed match,
fixed matches, lottery winner, real money, win real money, play for real,
slot gacor hari ini, gacor, situs, judi online, togel online, bandar, bandar togel, poker88, slot88, casino sites,
casino site, casinos, new casino, mobile casino, casino app, casino slots, no wagering, wagering bonus, bonus spins,
extra spins, real money slots, sports bet, online betting, betting online, cricket betting, matka, satta, satta king,
teen patti, rummy, rummy app, aviator game, pin up casino, mostbet, 1win, melbet, parimatch, bingo sites, live dealer,
claim your bonus, deposit and get, 200% bonus, 100% bonus, match bonus,
live roulette, roulette online, blackjack online, no deposit bonus casinos, instant payouts, casino payouts,
slot online gacor, casino review, win cash, lucky draw winner,
casino en ligne, best betting sites, sign up bonus, casino bono, bono sin depósito
"""

OTHER = """
贷款秒批 黑户 黑户可做 网贷 代开发票 代开票 开发票 办证 刻章 办证刻章 代办证件 代办信用卡 信用卡套现 花呗套现 秒批 无抵押 无抵押贷款 网贷口子 黑户贷款 刷单 刷单返利 网赚 躺赚 日赚千元 日入过千 月入过万 私服 传奇私服 外挂 辅助外挂 代孕 代孕公司 代写论文 论文代写 代刷 刷粉 刷赞 涨粉
黑客接单 黑客联系方式 查开房 查开房记录 定位找人 监听软件 原味 高仿 复刻手表 a货 精仿 莆田鞋 收购二手 漫画免费 免费漫画 漫画在线 小说免费 免费小说 全文免费 无弹窗 笔趣阁 txt下载 影院 影视大全 高清影院 视频高清 在线放 在线观看 免费观看 免费看 免费阅读 在线看 在线播放
高清在线 手机在线 迅雷下载 bt下载 磁力链接 种子下载 破解版 破解版下载 无限金币 安卓版下载 app下载安装 最新版下载
身份证贷款 当天放款 当日放款 当日拨款 当天下款 秒下款 极速放款 快速放款 不看征信 无视征信 黑白户 大额贷款 小额贷款 急用钱 急用資金 急需用钱 借钱 借钱免押 免押 证件借款 身分证借款 身分证借钱 私人放款 私人借款 民间借贷 代还信用卡
信用卡提额 提额套现 秒到账 套现 花呗白条 白条套现 代开各类 代开正规 正规发票 各类发票 各行业发票 发票代开 验证后付款 先验后付 办理各类证件 办理各种证件 办理证件 学历证 文凭 毕业证办理 驾驶证 房产证 真实可查 联系人 讨债公司 讨债
不成功不收费 私家侦探 婚外情调查 手机定位 微信聊天记录 聊天记录恢复 出售银行卡 二手银行卡 银行卡四件套 四件套 收卡 usdt 代付 跑分 跑分平台 承兑 洗钱 兼职刷单 兼职 日结 在家可做 手机兼职 打字员 在家赚钱 轻松赚钱 躺着赚钱 日赚 月入
日领现金 日领 酒店经纪 高薪诚聘 正品烟 香烟批发 烟酒 代购 包邮 一手货源 厂家直销 微商货源 招代理 招商加盟 加盟热线 迷魂 催眠 气枪 枪支 仿真枪 弓弩 假币 假钞 冰毒 窃听 监听 考试答案 助考 替考 包过 代考 论文发表 论文代发 期刊代发
包录用 删帖 负面处理 快速排名 seo优化 网站优化 关键词排名 外链 站群 流量卡 刷流量 手机靓号 变态版 变态私服 公益服 上线满级 满级送 送vip 送元宝 一刀999 传奇手游 传奇sf sf发布 新开传奇 新开私服 发布网 gm权限 修改器
透视挂 自瞄 脚本辅助 激活码 注册机 序列号 破解补丁 免费破解 电影天堂 免费电影 电影网 电影在线 电视剧全集 全集免费 免费追剧 在线影院 影视网 追剧 百度云资源 百度网盘资源 网盘资源 全集下载 种子磁力 txt全集
大学毕业证 毕业证 学历认证可查 学历认证 认证可查 贷款抵押 无抵押信用 信用贷款 凭身份证 当天拿钱 额度1 当天到账 开票 普票 专票 点数优惠 点数低 多余发票 对外代开 高价回收 回收名烟 名烟名酒 长期回收 低价出售 平台账号 实名微信号
出售微信号 出售账号 收购账号 热血传奇 一秒一刀 魔域私服 奇迹mu sf 今日开区 新开一秒 发布站 开区 引流 引流推广 群发软件 营销软件 微信营销 爆粉 加粉 吸粉 淘客 返利 优惠券群 内部优惠券 拼多多助力 砍价群 互助群 抢购 秒杀
限时特价 特价 清仓 全国包邮 招聘兼职 宝妈 学生兼职 副业 赚佣金 佣金 挂机 撸羊毛 薅羊毛 一单一结 资金盘 原始股 荐股 牛股推荐 股票群 带你赚钱 老师带 内幕消息
银行流水 工资流水 房贷流水 办理银行流水 额度高 利息低 高价收购外汇 私人换汇 换汇 实名抖音号 出售实名 长期出售
"""

OTHER_ENGLISH = """
payday loan, payday loans, instant loan, instant loans, loan approval, bad credit loans, cheap meds, no prescription,
online pharmacy, canadian pharmacy, weight loss pills, diet pills, keto gummies, cbd gummies, replica watches,
replica handbags, rolex replica, fake id, fake passport, essay writing service, essay writing services,
write my essay, buy essay, buy followers, instagram followers, buy backlinks, backlinks, seo services, make money fast,
make money online, work from home, earn cash, earn $, double your bitcoin, crypto giveaway, free giveaway,
watch online free, free hd, online free, watch online, full movie, movie download, free download, torrent, cracked, keygen, mod apk, apk download,
per week from home, from home, earn $5000, ask me how, crack download, full version, serial key, license key free,
activator, windows activator, product key free, nulled, warez, free movies, movies online, hd movies, putlocker,
123movies, stream free, cheap essay, essay writing, essay service, assignment help, buy instagram, buy youtube,
tiktok followers, followers cheap, cheap followers, buy likes, guest post service, dofollow, link building service,
rank your website, forex signals, binary options, bitcoin investment, investment platform guaranteed, crypto signals,
recover lost, hire a hacker, spell caster, love spell, overnight delivery, without prescription, buy xanax, buy tramadol,
buy oxycontin, buy weed, ambien, phentermine, modafinil, replica handbag, fake watches, louis vuitton outlet,
ray ban outlet, cheap nike, cheap jerseys, nfl jerseys, michael kors outlet, ugg boots sale, gucci outlet,
personal loans, loans online, quick loans, credit repair,
get rich quick, get rich, bitcoin doubler, pays daily, replica rolex, cialis online, viagra online, tramadol online,
tramadol, without a prescription, cheap cialis, cheap viagra, online overnight, overnight shipping, order tramadol,
full movie online, 90% off, 80% off, sale 90, for sale, lose weight fast, miracle cure, work at home, be your own boss,
limited time offer, act now, risk free, money back guarantee, click below, congratulations you won, gift card winner,
free iphone, you have won, claim your prize, wire transfer, nigerian prince,
free robux, robux generator, no verification, generator no, gift card generator, free v-bucks
"""

FAINT = frozenset(
    """
老虎机 百家乐 牛牛 斗地主 德州扑克 轮盘 捕鱼 白菜 baccarat roulette blackjack slots jackpot jackpots
人体 写真 大胆 暴露 露出 会所 海选 双腿 空姐 岳母 儿媳 中文字幕 品茶 博弈 赔率 发牌 出款 上分 下分 资料大全 内部资料 爱游戏 白小姐 管家婆 龙8 凯发 尊龙 联系人 文凭 驾驶证 房产证 兼职 代购
烟酒 洗钱 枪支 激活码 序列号 监听 催眠 承兑 代付 usdt 月入 日赚 外链 追剧 借钱 冰毒 假币 发布网
好痛 轮流 湿了 湿透 太深 茄子 菊花 哺乳期 老太 老妇 善良的 大地资源 成品人 塞入 用力点 喷水 好舒服 顶得 后入 福利群 资源群 回血 预测推荐
黄金版 三公 金花 龙虎 凯旋门 明升 金宝 博乐 天博 盈丰 云顶集团 金沙城 太阳集团 永利皇宫 毕业证 学历认证 大学毕业证 信用贷款 开票 普票 专票 sf 开区 引流 返利 抢购 秒杀 特价
清仓 副业 佣金 挂机 原始股 奇迹mu 额度1 平台账号 宝妈 互助群 加粉 淘客 股票群 凭身份证 内幕消息
鸭脖 老熟 网投 送彩 盈彩 助考 a货 a片 性服务 性视频 收卡 包过 替考 申博 马报 情趣 真空 插入 高潮
毛多 本子 猛撞 平台送 额度高 利息低 小奶
""".split()
) | {
    "slot machine",
    "slot machines",
    "for sale",
    "risk free",
    "full version",
    "work at home",
    "from home",
    "wire transfer",
    "without prescription",
    "bandar",
    "situs",
    "act now",
    "click below",
}
"""Names of games, which research on games uses most: four of them weigh as much as one."""

WEAK = frozenset(
    """
日韩欧美 欧美日韩 色图 特码 内射 露点 平特 约茶 肉文 亚博 必威 优德 韦德 乐鱼 九游 雷火 万博 必赢 体验金
有码 成人网 色播 色站 大奶 美乳 黄片 涩涩 一区二区 二区三区 快三 滚球 黄网站 翘臀 美臀
湿身 丝袜 嫩模 学生妹 制服诱惑 炮友 性感美女 激情四射 秒提 皇冠体育 外围女
吃瓜 空降 好深 粗大 猛烈 进出 无遮挡 网贷 黑户 押注 网赌 体育官网 娱乐官网 国产高清 久久 无码 丝袜 少妇 萝莉 裸照 裸体 偷拍 偷窥 走光 大尺度 私密 稚嫩 呻吟 调教 伟哥 阳痿 早泄 黄油 红桃 麻豆 黑料 黑丝 白丝 幼女 一夜情 裸聊 约炮 迷药 春药 女优 毛片
性交 性爱 做爱 脱衣 小丫头 性伴侣 番号 成人用品 成人电影 上门服务 扒开 自慰 手淫 口交 乱伦
太阳城 威尼斯人 娱乐场 娱乐平台 线上娱乐 在线娱乐 金沙娱乐 银河娱乐 澳门金沙 澳门银河 澳门永利 澳门赌场 棋牌游戏 龙虎斗 六合彩 必中 稳赚 外围 滚球 下注 买球 彩票网 开奖结果 博彩公司 博彩平台 菠菜 白菜
首存 首充 体验金 返水 提款 彩金 九游 万博 雷火 开户 购彩 彩票平台 彩票开奖 体育投注 足球投注 赌球 注册送 最新网址 网址导航 登录入口 平台登录 快三 快3 葡京 娱乐网站
开发票 代开发票 办证 刻章 秒批 无抵押 无抵押贷款 刷单 刷单返利 私服 外挂 代孕 代写论文 论文代写 涨粉 刷粉 高仿 日赚 月入过万 影院 在线观看 免费观看 免费看 免费阅读 在线看 在线播放 在线放 手机在线 破解版 监听软件 磁力链接 视频高清 漫画免费 免费漫画
免费小说 小说免费 原味 躺赚 信用卡套现
国产视频 国产在线 国产精 国产免费 五月天 日本不卡 高清不卡 双腿 露脸 中文字幕 亚洲综合 亚洲精品 隔壁老王 阴道 阴茎 看片 空姐 护士服 女上司 女教师 岳母 儿媳 床戏 吻戏 品茶 海选 会所 足浴 丝足 捆绑 露出 暴露 门事件 视频流出 私拍
写真 大胆 人体艺术 人体 美女图片 美女视频 美女主播 全裸 毛茸茸 爱爱 情色 成人版 成人在线 成人免费 成人app 快播 国语对白 肉肉 艳照 三级伦理 伦理片 伦理电影 爽歪歪 大圈 十八禁 伊人网 做爰 激情文学 激情小说 无码中文
成人片 成人影片 自拍偷拍 偷拍视频 午夜剧场 午夜影院 午夜视频 淫乱 全套服务 裸播 金沙国际 银河国际 永利国际 发牌 上分 下分 首储 出款 博弈 赔率 运彩 足彩 开奖号码 竞彩足球 竞彩推荐 福彩3d 内部资料 资料大全 精准资料 捕鱼游戏
电玩城 棋牌平台 棋牌娱乐 棋牌app 棋牌下载 爱游戏 米乐 凯发 尊龙 亚游 千赢 大赢家 龙8 龙八 太阳网 香港马会 白小姐 管家婆 11选5 太阳城集团 电子平台 真人平台 ag8  凯时 电竞竞猜 双色球预测
南宫娱乐 九游娱乐 澳门资料 澳门葡京 葡京赌场 彩票app 彩票登录 必一运动 急用钱 急需用钱 急用資金 大额贷款 小额贷款 借钱 免押 证件借款 民间借贷 套现 秒到账 正规发票 各类发票 学历证 文凭 驾驶证 房产证 联系人 讨债 手机定位
四件套 usdt 代付 跑分 跑分平台 承兑 洗钱 兼职 日结 月入 日领 高薪诚聘 烟酒 代购 包邮 一手货源 厂家直销 招代理 招商加盟 加盟热线 催眠 气枪 枪支 假币 冰毒 窃听 监听 论文发表 删帖 快速排名 seo优化 网站优化
外链 站群 流量卡 送vip 传奇手游 发布网 修改器 激活码 注册机 序列号 电影天堂 免费电影 电影网 在线影院 追剧 百度云资源 办理证件 私家侦探 真实可查 弓弩 聊天记录恢复 酒店经纪 网盘资源 影视网 关键词排名 兼职刷单 公益服 迷魂 仿真枪
代考 香烟批发 不成功不收费 当天放款 快速放款 当日放款 日领现金 在家可做 轻松赚钱 在家赚钱 电视剧全集 全集免费 电影在线 全集下载 考试答案 假钞
塞入 好爽 好舒服 好紧 好湿 好痛 用力点 别停 腿软 湿了 湿透 太深 青青草 蜜桃成熟时 女同 理论片 福利群 资源群 成品人 茄子 小电影 精品视频 菊花 哺乳期 老太 老妇 善良的 分大一点
把腿 腿分开 侵犯人妻 成人文学 黄瓜视频 大地资源 神马电影 可视频验证 几个领导 香蕉网 女儿的朋友 妈妈的朋友 妈妈的职业 打手枪 アダルト 風俗 性视界 盗撮 성인 被弄 被轮 顶得 后入 国产一区 喷水 带单 回血 后二计划
国际娱乐 永利皇宫 云顶国际 云顶集团 太阳集团 天博 竞彩预测 预测推荐 黄金版 扫雷群 红包群 三公 金花 博乐 博悦 盈丰 乐虎 龙虎 凯旋门 伟德 明升 金沙城 恒大彩票 计划群 皇马国际 盛世彩票 鼎盛娱乐 カジノ
パチンコ 슬롯 카지노 回血上岸 红包扫雷 网上赌 大学毕业证 毕业证 学历认证 认证可查 贷款抵押 无抵押信用 信用贷款 凭身份证 当天拿钱 额度1 当天到账 开票 普票 专票 点数低 多余发票 对外代开 高价回收 名烟名酒 长期回收 低价出售
平台账号 出售微信号 出售账号 收购账号 奇迹mu sf 今日开区 新开一秒 发布站 开区 引流 引流推广 营销软件 微信营销 爆粉 加粉 吸粉 淘客 返利 优惠券群 内部优惠券 拼多多助力 砍价群 互助群 抢购 秒杀 限时特价 特价 清仓 全国包邮
招聘兼职 宝妈 学生兼职 副业 赚佣金 佣金 挂机 撸羊毛 薅羊毛 资金盘 原始股 荐股 牛股推荐 股票群 带你赚钱 老师带 内幕消息
大香蕉 手机靓号 刷流量 人妻 打屁股 娇妻 爽文 荡妇 代孕公司 彩神 到爽 壮阳 新葡京 口爆 合不拢 澳门威尼斯
星空传媒 极速赛车 操我 奶头 奶子 催情 深喉 揉捏 色欲 色诱 好涨 洗码 真钱 澳彩 代刷 精仿 自瞄 包赢 狠狠干 人人看 人人操 色五月 国产成人 成人综合 老少配 包夜 污污 女奴 床震 国产精品 亚洲国产
小奶 禁止观看 18岁以下 羞羞 高清码 扒腿 本子 同人本 猛撞 毛多 секс 疯狂撞击 平台送 凤凰平台 足球比分网 比分网址 银行流水 工资流水 房贷流水 换汇 长期出售 额度高 利息低
""".split()
) | frozenset(
    " ".join(word.split())
    for word in """
casino, free hd, online free, xxx, nudes, escorts, milf, hentai, hookup, hookups, viagra, cialis, levitra, porno, pornhub, sex tape, sex toys, sex video, sex videos, call girl,
call girls, horny, adult dating, sportsbook, sports betting, betting site, betting sites,
baccarat, online casino, online casinos, live casino, casino games, real money, promo code, welcome bonus, bet365, online poker,
payday loan, payday loans, work from home, make money online, free download, torrent, cracked, watch online, full movie, backlinks, seo services,
online pharmacy, essay writing service, essay writing services, fake id, fake passport, weight loss pills, diet pills, no prescription, free spins,
mature women, seeking men, dating site, dating sites, free dating, free chat, adult videos, adult chat, anal, porn,
stripper, strip club, sugar daddy, sugar baby, boobs, sex doll, sex dolls, jav, women seeking men, men seeking women,
webcam free, mail order bride, mail order brides, sex dating, sensual massage, casinos, casino sites, casino site,
new casino, mobile casino, casino app, online betting, betting online, live dealer, bandar, matka, rummy, situs,
bingo sites, sports bet, match bonus, casino slots, from home, full version, activator, free movies, movies online,
hd movies, essay writing, essay service, assignment help, personal loans, loans online, ambien, phentermine, modafinil,
binary options, overnight delivery, without prescription, crypto signals, forex signals, dofollow, credit repair,
recover lost, per week from home, ask me how, serial key, warez, nulled, stream free, quick loans,
asian girls, hot asian, live cam, cam show, nude, naked, local singles, best sex, taboo video, swingers, fuck, fucking,
mom son, live roulette, instant payouts, casino review, win cash, lucky draw winner, get rich, pays daily, tramadol,
without a prescription, online overnight, overnight shipping, 90% off, 80% off, sale 90, for sale, lose weight fast,
miracle cure, work at home, limited time offer, act now, risk free, money back guarantee, click below, wire transfer,
get rich quick, be your own boss, nigerian prince, russian brides,
pussy, erotic stories,
sexy video, hot video, sign up bonus, no verification, generator no
""".replace("\n", " ").split(",")
)
"""Words that running text uses too: two of them weigh as much as one of the others."""

LISTS = (
    ("adult", ADULT.split(), [" ".join(word.split()) for word in ADULT_ENGLISH.split(",")]),
    ("gambling", GAMBLING.split(), [" ".join(word.split()) for word in GAMBLING_ENGLISH.split(",")]),
    ("advert", OTHER.split(), [" ".join(word.split()) for word in OTHER_ENGLISH.split(",")]),
)
"""Each kind with its Chinese and its English words."""
