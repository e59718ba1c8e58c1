"""What armies post and what honest crowds copy. Invented names and wares; `{a|b}` is a choice (spintax)."""

PAID = (
    (
        "{真的|说真的|不骗你们}，{青禾|青禾牌}的{燕麦奶|燕麦饮}我{连续|已经}喝了{两个月|八周}，{早上|清晨}一杯{肚子|胃里}舒服多了，"
        "{同事|办公室的人}都{来问|追着问}我链接，{价格|价钱}比{超市|便利店}便宜一半，{配料表|成分}干净{没有添加|不加香精}，"
        "{闭眼入|放心买}就对了，{手慢无|卖完等下一批}"
    ),
    (
        "{昨晚|昨天}刷完《{长堤|長堤}》{一口气|连着}看到{凌晨|半夜}三点，{男主|主角}在码头那段{哭戏|独白}把我{看哭|看哭了}，"
        "{配乐|音乐}和{摄影|画面}都是{年度|今年}最佳，{豆子|朋友们}{快去|赶紧去}电影院支持，"
        "{这种|这样的}国产片{再不|要是不}看就{下映|没场次}了"
    ),
    (
        "I {really|truly} did not expect much from the {Nordal|new Nordal} phone but with {two weeks|fourteen days} "
        "the battery {still lasts|easily lasts} {two days|a whole weekend}, the camera {beats|is better than} "
        "{anything|every phone} I {owned|had} before, {delivery|shipping} took {one day|a single day} and the "
        "{price|discount} is {only valid|just} until {Sunday|the weekend}, {go and|you should} get one"
    ),
    (
        "{家里|我家}换了{云栖|雲棲}净水器{之后|以后}，{烧水|煮茶}再也没有{水垢|白色水垢}，{安装|上门安装}师傅{十分钟|一会儿}就弄好，"
        "{滤芯|滤网}一年{只换|换}一次，{婆婆|我妈}说{泡茶|煮饭}都甜了，{活动价|优惠}截止到{周日|这周末}，"
        "{需要的|感兴趣的}姐妹{别错过|抓紧}"
    ),
    (
        "{有一说一|公道地讲}，{远山|遠山}英语的{外教|老师}特别{耐心|负责}，{孩子|我家娃}上了{三个月|一季度}就敢{开口|张嘴}说话，"
        "{课后|下课}还有{作业|录音}点评，{退费|退款}也{痛快|干脆}，{比起|比}线下班{省了|少花}一半的钱，"
        "{试听课|体验课}现在{免费|不要钱}，{名额|位置}不多了"
    ),
    (
        "The {fees|charges} at {Marlow|the Marlow} exchange are {the lowest|lower than any} I have {seen|found}, "
        "{withdrawals|payouts} {arrive|land} in {minutes|no time}, {support|their support} {answered|replied to} me at "
        "{midnight|3 am}, I {made|earned} back my {deposit|first deposit} in {a week|days} and {a brother|a cousin} "
        "{signed up|joined} {too|as well}, use the {code|invite} in my {profile|bio}"
    ),
    (
        "{刚|刚刚}从{松湖|松湖古镇}回来，{民宿|客栈}推开窗就是{湖|湖面}，{老板|老板娘}免费{接站|接送}，{早饭|早餐}是{现磨|手磨}豆浆，"
        "{人|游客}不多{拍照|出片}随便拍，{订房|预订}报{暗号|我名字}打{七折|七五折}，{国庆|长假}之前{还有|还剩}空房，"
        "{收藏|存好}这条{不亏|准没错}"
    ),
    (
        "{求求|拜托}大家{看看|关注}{恒星|恆星}队的{七号|7号}小将，{上一场|上场}跑动{全场|全队}第一，{传球|出球}{成功率|精度}九成，"
        "{教练|主帅}偏偏{不用|雪藏}他，{数据|统计}摆在那里{谁都|任何人}看得见，{今晚|今天}的票{投给|投}他，{多|每}一票都{算数|有用}"
    ),
)
"""Each fills about 24 or more distinct shingles, so that a family of its copies is evidence."""

FLOOD = (
    "{强烈|坚决}要求{平台|官方}给{说法|解释}，{云台|雲台}主播{明明|分明}没有{违规|犯规}，{连夜|半夜}封号{毫无|没有}道理，"
    "{几十万|三十万}粉丝{等|等着}一个{公道|结果}，{请|希望}把{直播间|房间}还给{我们|大家}，{不回应|不给答复}就{天天|每天}来问"
)

PETITION = (
    "我们恳请市政府保留南岸老桥，它建成八十六年，见过三代人的上学路，拆除之前请公开评估报告，请听一听两岸居民的意见，"
    "请给老桥一次修缮的机会。联署页面"
)
PETITION_LINK = "https://petition.example/south-bank-bridge"

HEADLINES = (
    ("City council votes to reopen the river ferry after nine years of repairs", "ferry-reopens"),
    ("Harbour museum finds lost sketches behind a painting of the old lighthouse", "lost-sketches"),
    ("Night trains return to the coast line as operators agree on new timetable", "night-trains"),
    ("School orchestra wins national prize with a piece written for bicycle bells", "bicycle-bells"),
    ("Rare storks nest on the roof of the water works for the first time since 1931", "storks-nest"),
)
SHARE_BUTTON = "【东岭发生5.1级地震，震源深度12千米，暂无人员伤亡报告，铁路部门启动检查】（分享自 东岭快讯）"
SHARE_LINK = "https://news.example/dongling-quake"

IDOL = "林栖川"
CHEERS = (
    "{idol}加油",
    "{idol}我爱你",
    "哥哥辛苦了",
    "期待{idol}新歌",
    "生日快乐{idol}",
    "永远支持{idol}",
    "好好休息",
    "今天也好帅",
    "冲冲冲",
    "打卡",
)
NEWS = ("跨海大桥今晨合龙", "The cross-bay bridge was closed in the last gap this morning", "大桥合龙现场画面")
NEWS_TAG = "跨海大桥合龙"
