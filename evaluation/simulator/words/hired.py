"""What hired accounts write besides advertisements: reviews, calls to trend, ways to lead readers elsewhere."""

REVIEWS = (
    (
        "{包装|外包装}{很|特别}{严实|用心}，{物流|快递}{两天|隔天}就到，{打开|拆开}没有{异味|怪味}，{做工|手感}比{想象|图片}里好，"
        "{家人|爸妈}用了都{说好|夸}，{客服|店家}回复也{及时|耐心}，{下次|以后}还会{回购|再来}，{推荐|值得}大家{入手|试试}"
    ),
    (
        "{Exactly|Just} as {described|pictured}, {arrived|came} {early|ahead of time} and {well|carefully} packed, "
        "the {quality|finish} is {excellent|superb} for the {price|money}, {my family|everybody} {loves|likes} it, "
        "the seller {answered|replied} {quickly|at once}, I will {surely|certainly} {order|buy} again"
    ),
)
TREND_CALLS = (
    (
        "{姐妹们|大家}{快来|都来}看{海棠|海棠牌}{新色|新品}，{试色|上嘴}{真的|实在}{绝了|好看}，{黄皮|素颜}也能{驾驭|撑住}，"
        "{显白|提气色}一整天{不沾杯|不掉色}，{今晚|今天}{开售|首发}{冲|抢}"
    ),
    (
        "{谁懂|有人懂吗}，{海棠|海棠家}这次{包装|外壳}{美到|好看到}{失语|尖叫}，{膏体|质地}{细腻|丝滑}{好推|顺滑}，"
        "{薄涂|叠涂}都{出片|上镜}，{链接|入口}在{首页|主页}，{手快|赶早}有{赠品|小样}"
    ),
)
RECRUITMENT = ("详细问", "要的", "还有名额", "想了解", "私聊", "有意", "details ", "write me ", "ask here ", "")
SURNAMES = "lan qing ye su yun tang ning hao xu min".split()
"""Beginnings of invented handles."""
