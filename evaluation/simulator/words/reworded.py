"""Messages said anew, as a language model would: each pair of halves is one way to say it.

Any first half goes with any second half, so a message of twelve pairs has 144 forms. Commercial
messages of invented wares; written for this project.
"""


def _message(text: str) -> str:
    """All forms of a message, as a template of choices."""
    halves = [half.strip() for half in text.replace(" / ", "\n").strip().splitlines()]
    gap = " " if text.isascii() else ""
    return "{" + "|".join(halves[::2]) + "}" + gap + "{" + "|".join(halves[1::2]) + "}"


REWORDED = (
    _message("""
        青禾燕麦奶喝到第三箱了，肠胃比从前安稳得多。 / 想试的话趁双周特惠下手，比便利店划算一半。
        每天早餐那杯牛奶被我换成了青禾，胀气的毛病居然没再犯。 / 官方小铺这两天打对折，囤几盒不心疼。
        医生劝我少碰乳糖，同桌递来一盒青禾，从此认准它。 / 超市贵得离谱，网上下单才是正路。
        自从冰箱里常备青禾，半夜饿了也敢喝一口，睡得踏实。 / 眼下有券可领，错过要等下个季度。
        健身教练推荐的植物奶里，青禾口感最顺，没有豆腥味。 / 我一口气买了六盒，均价低到不敢相信。
        老妈从不夸东西，这次却主动让我再给她带青禾。 / 活动页面还剩几百份，手快的人才有份。
        配咖啡拉花用青禾，奶泡细腻得像店里做的。 / 拼单更省，找个邻居一起凑满包邮。
        看过一圈成分榜，青禾的配料短得只有两行字。 / 赶上会员日，算下来一杯不到三块钱。
        孩子对牛奶过敏，换上青禾之后脸上的红疹慢慢退了。 / 客服说这批卖光就恢复原价，大家自己掂量。
        办公室下午茶如今清一色青禾，没人再点奶茶。 / 链接不放了，搜名字第一个店铺便是。
        减脂第四周，靠青禾撑过嘴馋时刻，体重掉了两公斤。 / 新客首单立减，老用户也能叠积分。
        原以为燕麦饮寡淡无味，青禾让我改了主意。 / 试饮装只收运费，尝过再决定不迟。
    """),
    _message("""
        换了云栖净水器，壶底再没结过白花花的一层。 / 师傅上门一会儿工夫就装妥，收拾得干干净净。
        婆婆煮粥时问我是不是换了米，其实只是水过了云栖。 / 一根滤芯管一年，省下的桶装水钱早回本。
        老小区管道锈得厉害，云栖接上之后龙头出来的水清亮多了。 / 周末前下单送前置过滤，等于白得一个。
        泡茶的朋友都懂，水软了茶汤才甜，云栖帮了大忙。 / 报修电话一打就通，隔天有人来看。
        测水笔从三百多跌到二十以下，数字不骗人。 / 分期没有利息，一个月少喝两杯饮料而已。
        宝宝冲奶粉用的水，我只信自家厨房这台机器。 / 邻居看完也订了，我们还拿到团购价。
        装修时漏了净水，后补云栖也不用砸墙，走线很巧。 / 赠品是一把养生壶，质量出乎意料。
        洗脸之后皮肤不再紧绷，没想到跟自来水里的氯有关。 / 店庆到月底为止，过了这村得等明年。
        烧水声音都小了，加热盘上光溜溜的，看着舒心。 / 换芯提醒会发到手机，懒人也不会忘。
        我爸用了三十年凉白开，如今直接拧开云栖就喝。 / 以旧换新抵两百，旧机子有人搬走。
        对比过五个牌子，云栖废水最少，噪音也最低。 / 问过安装工，他说自己家里也是这一款。
        火锅店老板告诉我他们后厨全是云栖，汤底才不发涩。 / 现在预约不收上门费，位置排到下周了。
    """),
    _message("""
        女儿从前见到外国人就躲，跟远山英语的老师聊了一学期，竟敢抢着自我介绍。 / 体验一节不花钱，听完再谈报名。
        试了三家线上课，只有远山的老师会记得孩子上次哪里念错。 / 不满意随时退，钱两天到账，我亲身验证。
        儿子现在洗澡都在哼英文儿歌，全拜远山那位爱唱歌的外教。 / 本月开班还剩几个座，晚了排到秋天。
        开家长会时老师问我们在哪儿补的口语，我只好交代了远山。 / 同样课时，比线下机构少掏一半。
        每次下课有录音点评，哪个元音不准写得一清二楚。 / 老带新两边都送课，算是意外之喜。
        我英语烂，辅导不了作业，远山的助教晚上十点还在回消息。 / 公众号回复暗号可以领一套分级读物。
        原本担心孩子坐不住，结果四十分钟眼睛没离开屏幕。 / 寒假班提前锁价，涨价之前办完最省。
        考级拿了优秀，考官夸发音自然，钱没有白花。 / 先测水平再分班，不会硬塞高级课。
        表姐家双胞胎学了一年，已经能看原版动画不用字幕。 / 课时包有效期两年，出差生病都不怕浪费。
        外教固定同一个人，孩子把她当成了远方的朋友。 / 退费条款写在合同第一页，敞亮得很。
        远山把语法藏进故事里，小家伙根本不觉得在上学。 / 想了解可以约一次免费测评，半小时足够。
        单词打卡连着一百天，这是我从没想过会发生在我家的事。 / 报两人同行再便宜一成，拉上同学正合适。
    """),
    _message("""
        松湖边那家小客栈，拉开窗帘就是一整片水光。 / 提我名字能打七折，长假前还有几间空着。
        连住三晚没舍得出门，光看湖上起雾就够了。 / 老板开车来车站接人，分文不取。
        磨豆浆的声音把人叫醒，早饭摆在临水的廊下。 / 订房走他们自己的页面，比平台低不少。
        古镇另一头挤得走不动，松湖这边清静得像包场。 / 淡季价只到月底，手慢便要等来年。
        带爸妈去不用爬坡，行李有人提，房间有地暖。 / 多住一晚送划船，小朋友乐疯了。
        院子里养了两只橘猫，会自己跑进屋里陪你看书。 / 留言说从哪儿看到的，可以升级湖景房。
        拍婚纱照的摄影师说，这里随手一按都能当封面。 / 退改很宽松，前一天取消也不扣钱。
        夜里躺在露台数星星，城里已经十年没见过银河。 / 四人成行免一人餐费，正好约上室友。
        老板娘烧的湖鱼鲜掉眉毛，回家后一直惦记。 / 私信店家报日期，十分钟内就有答复。
        住过那么多网红店，这是头一回觉得照片拍不出好。 / 收好这条，下次做攻略不用再翻。
        床品晒得蓬松，带着太阳味，一觉睡到九点。 / 工作日再减八十，请年假的人有福。
        雨天也美，瓦檐滴水，一壶茶能坐半日。 / 开业一周年回馈，送一罐自家炒的茶。
    """),
    _message("""
        I stopped carrying a power bank since the Nordal arrived, it simply refuses to die.
            The voucher runs out on Sunday night, so move.
        Two full days between charges, and that is with maps running on my commute.
            Mine was on the doorstep the very next morning.
        My old handset begged for a socket by noon; this one shrugs at midnight.
            They knock a fifth off if you order before the weekend.
        Took it camping, filmed everything, came home with forty percent left.
            Honestly, at that tag nobody else comes close.
        Night shots come out so clean that my photographer cousin asked what lens I used.
            Trade in whatever is in your drawer and pay even less.
        Dropped it on concrete twice this month, not a scratch on the glass.
            Sign up on their page and the case is thrown in.
        Grandma finds the letters big enough and the speaker loud enough, high praise from her.
            Returns are free for thirty days, so there is no risk.
        Games that made my last device glow like a stove run cool here.
            I paid in four parts with no interest whatsoever.
        Setup took six minutes and every contact moved over without a hitch.
            Stock is thin, the green one is already gone.
        The screen stays readable in bright sun, which matters if you work outdoors.
            Students get a further cut with a campus address.
        Switched from a brand twice the cost and have not looked back once.
            Reviewers are only waking up to it, grab it early.
        Calls are finally clear on the train, even through the long tunnel.
            Tell them a friend sent you and both sides save.
    """),
    _message("""
        Marlow moved my withdrawal in the time it takes to make tea.
            Drop the invite from my bio for a fee-free month.
        Compared six exchanges on a spreadsheet and Marlow undercut every one.
            My brother opened an account the same evening.
        Woke up at three with a locked login and a human fixed it before half past.
            They match your opening balance up to a hundred.
        What I put in on Monday had earned itself back by the following week.
            Spots for the bonus tier close at the end of the month.
        The app shows the spread before you tap, no nasty surprise afterwards.
            Start with ten and see for yourself.
        I am no trader, yet their simple mode walked me through the whole thing.
            Referrals pay both of us, which is only fair.
        Years of hidden charges elsewhere taught me to read terms, these fit one page.
            Verification was done before my coffee cooled.
        A cousin who works in auditing looked it over and then joined as well.
            The sign-up gift is double until Friday.
        Payouts hit my bank on a holiday, which I had never seen before.
            Use the short link in my profile to skip the queue.
        Staking returns landed on the dot every single day so far.
            You can leave any time, nothing is tied up.
        I moved everything over after my previous platform froze for a weekend.
            Ask the desk for the welcome rate, they rarely refuse.
        Charts load instantly even on my ancient tablet.
            New members trade without commission for two weeks.
    """),
    _message("""
        恒星电动车骑了半年，刹车依旧跟脚，没进过一次修理铺。 / 门店试骑送头盔，周末人多记得早到。
        从城东到城西一个来回，电量才掉三格，恒星的电池真顶。 / 以旧换新补贴六百，旧车抬走不费事。
        上坡不喘，载着两桶油也稳稳当当，送货的兄弟都在换。 / 首付九十九就能骑走，余款慢慢来。
        座垫软硬适中，跑一天单腰不酸。 / 这批国补名额见底，犹豫的人要后悔。
        夜里大灯照得远，乡下小路也看得清坑。 / 质保三年，电池坏了直接换新。
        手机一靠近就解锁，再也不用满包翻钥匙。 / 报社区团购价，比标价低四百多。
        女生推着也轻，停进电梯间正好。 / 送两把锁外加雨披，诚意够足。
        暴雨天涉水三十公分，第二天照常上班。 / 老顾客带人来，两边各返一百。
        仪表盘简单明了，我爸六十多岁一看就会。 / 上牌保险店里包办，当天能上路。
        比起之前那台，起步柔和多了，后座孩子不再后仰。 / 颜色只剩雾蓝跟米白，喜欢的抓紧。
        充一晚够跑四天，电费几乎可以忽略。 / 线上付定金，到店再抵双倍。
        避震把减速带磨平了一般，咖啡放脚踏都没洒。 / 附近开了新店，庆典到十五号。
    """),
    _message("""
        掉发严重那阵子，发际线一天比一天高，靠山茶坊的洗护稳住了。 / 三瓶装最值，用完一个周期才看得出来。
        头皮油得一天一洗，换了山茶坊以后隔两天都清爽。 / 首单半价，不合适寄回去他们出邮费。
        理发师摸着我的头发问是不是去做过养护，其实只用了这瓶。 / 直播间比旗舰店便宜，晚上八点开抢。
        产后脱发谁懂，地漏再也没被堵过，我快哭了。 / 客服会看照片配方案，不乱推。
        味道是淡淡的茶籽香，男朋友偷着用。 / 买正装送旅行装，出差够用。
        染烫过的枯草如今能一梳到底。 / 囤货节最后一天，错过补差价也没门。
        用到第二十天，额角冒出一圈小绒毛，拍照留证。 / 空瓶回寄抵三十，环保又省。
        敏感头皮终于不痒，抓痕也结痂好了。 / 全家桶拆开分给姐妹，摊下来白菜价。
        泡沫细，冲水快，早上赶时间也来得及。 / 名字搜不到就找茶花图案的那家。
        没有硅油却不涩，这一点难得。 / 满两百减八十，凑一支护发素刚好。
        老公嘴上嫌贵，洗完却问还有没有。 / 试用小样排队领，每天五百份。
        去年这时候我已经在看假发片，现在扎马尾都嫌厚。 / 坚持用别断，断了白搭，趁便宜备足。
    """),
    _message("""
        Three weeks with the Brindle mattress and my back no longer greets me with a groan.
            A hundred nights to try it, and they collect it if you hate it.
        I used to wake up whenever my partner rolled over; now I sleep through earthquakes.
            The spring code takes a third off every size.
        It came rolled up like a giant burrito and was flat within the hour.
            Pillows are included this week only.
        Our guest room is suddenly the most popular bed in the family.
            I got ours delivered upstairs at no extra charge.
        Even in August it stays cool, which I thought was marketing talk.
            Pay monthly, no fees, done in a year.
        My physio asked what I had changed because my neck moves again.
            The old one was hauled away for nothing.
        Side sleeper here, shoulders finally sink in instead of going numb.
            Have a look before the price climbs on Monday.
        The kids jump on it and the cup of water on the edge never spills.
            Ten years of warranty, in writing.
        After hotels all month, coming home to this feels like a holiday.
            Ask for the bundle, they do not advertise it.
        Zero chemical smell, and I am usually the one who gets headaches.
            Nurses and teachers get something on top.
        I was ready to spend triple in the showroom, glad I listened to my sister.
            Quiet online sale, not in the shops.
        The dog has claimed a corner and refuses to leave.
            They even gave me a refund when it dropped after I bought.
    """),
    _message("""
        Signed up to Pantry Fox to save time and ended up cooking better than I ever have.
            First box is nearly free if you come through a friend.
        Everything arrives measured, so nothing rots at the back of my fridge.
            Skip a week whenever you like, it is one tap.
        My teenager made the coconut curry alone and cleaned up too, a miracle.
            The code lives on their front page until Thursday.
        Twenty minutes from door to plate on a weeknight, timed it.
            Four portions stretch to five at our table.
        I was living on toast before this, my doctor is delighted.
            They replaced a bruised pepper without asking for proof.
        Vegetarian choices are not an afterthought, they are the best ones.
            No contract, I checked the small print twice.
        The recipe cards have become our fridge decoration.
            Delivery slots in the evening fill up, so book early.
        Costs less than the takeaway habit it replaced, I kept the receipts.
            Neighbours can share a box and split the bill.
        Herbs still smelled of a garden on day four.
            Half price for the next three orders as well.
        Even my dad, who fears spices, asked for seconds.
            Gift cards work too, I sent one to my mother.
        I have learned knife skills from their little clips, of all places.
            The insulated bag goes back and gets used again.
        We argue less about dinner, which may be worth the money alone.
            Give it a fortnight, cancel if you must.
    """),
    _message("""
        长堤这部片子后劲太大，散场后整排人坐着没动。 / 这周末还有几场，带上纸巾去。
        码头告别那段独白，隔壁大哥哭得比我还凶。 / 买联票送海报，前五十名有签名。
        原先冲着配乐买的票，结果被摄影震住。 / 别看剧透，空着脑袋进去最好。
        片长两个多小时，我没看过一次手表。 / 学生证半价，早场更低。
        导演敢让镜头停三十秒不剪，这份胆量值得票钱。 / 口碑场满座，晚来只剩第一排。
        老港口的烟火气拍得真，像闻得到鱼腥和机油。 / 二刷发现满地伏笔，还想再去。
        女配出场不到十分钟，却叫人记了一路。 / 好片子撑不过下周排片，帮一把。
        外婆说那年码头就是这个样子，她看得最入神。 / 团购满十人包一厅，公司团建可以考虑。
        台词少，眼神多，国产片很久没见这么克制的了。 / 评分还会涨，趁没被炒热先看。
        最后一盏灯灭掉时，我听见全场一起吸了口气。 / 看完去片尾找彩蛋，别急着走。
        父子俩那碗面，比任何大道理都戳人。 / 票根能换饮料，影院柜台问一声。
        灰蓝色调看久了像做梦，出来才发现天黑了。 / 喜欢慢电影的人，这部不该放过。
    """),
    _message("""
        在家做点手工副业，一晚上串三十个，零花钱就有了。 / 材料寄到门口，做完他们付邮费。
        宝妈带娃抽不开身，这活儿哄睡以后弄两小时刚刚好。 / 不收押金，头一单验过才接第二单。
        我原来也怕被骗，先要了一小份试做，款子当晚到账。 / 新人有师傅带，不会就发视频问。
        退休在家闲得慌，串珠子比打麻将强，还能贴补买菜。 / 名额按片区放，满了便停收。
        下班追剧手也不闲着，一个月多出八百块。 / 每周三结一次，从没拖过。
        手笨的人也行，图纸画得比拼图还明白。 / 想做先登记，排队大概三天。
        室友四个人一起接，宿舍成了小作坊。 / 多劳多得，没有硬性数量。
        腿脚不便的邻居靠它有了收入，人也开朗起来。 / 坏了算他们的，不扣工钱。
        做满一个月给升价，我现在一件比开始多两毛。 / 地址报准，偏远的地方也能寄。
        朋友推给我的时候我还笑她，如今轮到我推给别人。 / 老手带新手，两边都加钱。
        花样常换，不枯燥，还学会了编绳。 / 先看样品再决定，合眼缘再说。
        暑假孩子跟着一起串，手巧了不少。 / 问的人多，回复慢请担待。
    """),
)
"""Twelve messages, each said in twelve ways."""
