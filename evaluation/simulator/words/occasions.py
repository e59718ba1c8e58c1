"""What honest crowds copy, shout and fill in. All invented: no person, firm, team or place in it exists."""

SLOGANS = (
    "温柔有力量，歌声有方向，愿{idol}一路繁花相送，我们在每一个舞台下等你",
    "山高水长，与{idol}并肩同行，新歌新章新旅程，期待每一次相遇",
    "认真唱歌的{idol}值得被更多人听见，请把目光留给舞台上的他",
    "风里雨里一直都在，{idol}只管往前走，身后的灯海为你亮着",
    "从练习室到万人馆，{idol}的每一步都算数，未来请多关照",
    "星光不问赶路人，{idol}新专辑九月见，好音乐值得反复听",
)
IDOLS = ("林栖川", "周未晞")
CHECKLIST = (
    "【{idol}数据组】{hour}点打卡清单：一赞二转三评，共{number}条，链接在群里，做完回复“已完成”，"
    "控评请用模板，不吵架不引战"
)

MOMENTS = {
    "goal": (
        "进球了", "进了进了", "球进了！", "GOAL", "goooal", "啊啊啊啊进了", "漂亮！", "这球太帅了", "世界波",
        "进球了进球了",
        "七号牛", "守门员没动", "绝杀？", "what a goal",
    ),
    "earthquake": (
        "地震了", "地震了？", "刚刚是不是地震了", "好晃", "地震！", "有震感", "晃了一下", "earthquake",
        "楼在晃", "吓醒了",
        "大家还好吗", "东岭地震", "又震了", "震感明显",
    ),
}  # fmt: skip
OFFICIAL = {
    "goal": (
        "河湾队 1:0！比赛第{minute}分钟，七号推射破门",
        "{minute}' GOAL! Riverbend score through their number seven",
    ),
    "earthquake": ("东岭附近刚刚发生地震，请注意避险，不要乘坐电梯", "自动测定：东岭发生4.{minute}级左右地震"),
}

GREETINGS = {
    "new-year": (
        "新年快乐",
        "新年快乐！",
        "happy new year",
        "Happy New Year!",
        "新年快乐～",
        "元旦快乐",
        "新年好",
        "2026 快乐",
    ),
    "birthday": ("生日快乐", "生日快乐！", "生日快乐呀", "happy birthday", "生快生快", "祝你生日快乐"),
}
BLESSINGS = {
    "new-year": (
        "零点钟声敲响，愿旧年的遗憾都留在昨天，愿新年的你平安健康、三餐四季有人相伴，愿所求皆如愿、所行皆坦途，新年快乐"
    ),
    "birthday": (
        "今天是我们的林栖川二十七岁的生日，愿你被世界温柔以待，愿歌声永远清亮、前路永远有光，生日快乐，年年岁岁都有我们"
    ),
}
OCCASION_TAGS = {"new-year": "零点的第一句话", "birthday": "林栖川生日快乐"}

COPYPASTA = (
    (
        "我今天去楼下买煎饼，老板问我要不要加蛋，我说加，他又问加几个，我沉默了，因为我想起三年前的夏天，"
        "也有一个人这样问过我，那时我说加两个，后来我们再也没有见过面，老板，今天加两个吧，一个给我，一个给那年的夏天"
    ),
    (
        "I would like to report my neighbour's goose, it looks at me every morning at seven as if I owed it money, "
        "yesterday it brought a second goose, they discuss me, I have started to leave bread as protection and I fear "
        "that this is exactly what the geese had planned from the start"
    ),
)
SWAPS = (
    ("煎饼", "包子"), ("蛋", "肠"), ("三年前", "五年前"), ("夏天", "冬天"), ("老板", "阿姨"), ("两个", "三个"),
    ("沉默", "愣住"),
    ("goose", "swan"), ("seven", "six"), ("neighbour", "landlord"), ("bread", "biscuits"), ("money", "rent"),
    ("yesterday", "today"),
)  # fmt: skip

PRIZES = (
    "一台咖啡机", "两张音乐节门票", "一箱车厘子", "机械键盘", "露营帐篷", "一年份猫粮", "空气炸锅",
    "儿童绘本一套", "降噪耳机", "行李箱",
    "手冲套装", "护眼台灯", "羊毛围巾", "一盒月饼", "拍立得", "电动牙刷",
)  # fmt: skip
GIVEAWAY = "【转发抽奖】关注我们，转发+点赞本条并@两位好友，{hour}点抽一位送{prize}，中奖名单公开，包邮到家"
WISHES = ("想要！", "抽我抽我", "许愿", "万一呢", "好想要", "求中", "拉上朋友一起", "分母来了", "第一次参加", "接好运")

WEATHER = (
    "【{station}气象站】{hour:02d}:00 气温{warm:.1f}℃，相对湿度{damp}%，{wind}风{force}级，"
    "气压{press}hPa，能见度{sight}公里"
)
TRAIN = (
    "【{station}站】{hour:02d}:00 到发情况：正点{damp}列，晚点{force}列，最长晚点{sight}分钟，"
    "检票口{press}，候车室温度{warm:.1f}℃"
)
WINDS = ("东", "南", "西", "北", "东北", "东南", "西北", "西南")
PLACES = (
    "青岭 南浦 石埠 云台 柳河 白沙 望江 松湖 临川口 长堤 花桥 古渡 东岭 河湾 麦坪 雁荡口 沙洲 竹溪 枫林 盐田".split()
)

FIRMS = ("云栖净水", "青禾食品", "远山快运", "恒宽网络")
TEMPLATES = (
    (
        "您好，非常抱歉给您带来不便，您反馈的问题我们已经记录，请您私信提供订单号和联系电话，"
        "{firm}客服将在24小时内为您处理，感谢您的理解与支持"
    ),
    (
        "亲爱的用户您好，我是{firm}客服{agent}号，关于您提到的情况，麻烦您把购买截图和收货地址私信给我们，"
        "核实之后会第一时间回复您，祝您生活愉快"
    ),
    (
        "您好，{firm}已经收到您的留言，维修师傅将在两个工作日之内与您联系，请保持电话畅通，如有其他问题可以随时私信我们，"
        "给您添麻烦了"
    ),
    (
        "Hello, sorry to hear about this, please send us your order number in a private message "
        "and {firm} support, agent "
        "{agent}, will look into it within one working day, thank you for your patience"
    ),
)
COMPLAINTS = (
    "@{firm} 等了三天了还没有人来",
    "@{firm} 东西坏了怎么退",
    "{firm}的售后电话打不通",
    "@{firm} help, nothing arrived",
)

LESSON = (
    "第{n}课 城市里的水从哪里来，读完请点赞并在评论里写下你的学号和一个问题",
    "作业{n}：观察一种植物，完成的同学点赞留言",
)
ANSWERS = ("已完成", "老师我做完了", "完成", "打卡", "作业已交", "收到", "看完了", "老师好，已读")
QUESTIONS = (
    "水塔是做什么用的",
    "为什么河水是黄的",
    "下雨时水去哪了",
    "叶子为什么有毛",
    "花几天会谢",
    "种子怎么过冬",
    "自来水能直接喝吗",
)

APPEALS = (
    (
        "【紧急寻人】外公今天下午三点在石埠菜市场走失，八十一岁，穿灰色夹克和黑布鞋，说话带口音，有轻度失忆，"
        "看到的好心人请联系家属 14000238841，请大家帮忙扩散，家里人急坏了"
    ),
    (
        "【求助】柳河镇白沙村三组水已经到二楼，十一个人在屋顶，有两个孩子和一位老人，信号断断续续，"
        "坐标在村小学后面，求救援队看到，联系人电话 14000771906，请帮忙转发"
    ),
)
APPEAL_TAG = "柳河互助"
PASSING_ON = ("扩散", "帮转", "求扩散", "转起来", "看到请帮忙", "希望平安", "help", "接力")

CALL = (
    "今晚八点，请和我们一起转发这条，为南岸老桥说一句话：公开评估报告，先听居民意见，再决定拆不拆，"
    "写上你与这座桥的故事，带上话题，文明发言，不骂人"
)
CALL_TAG = "留住南岸老桥"
PLEAS = (
    "请公开评估报告",
    "我在这座桥边长大",
    "请听听居民的意见",
    "先评估再决定",
    "请回应",
    "八十六年的桥，请给一次机会",
)
