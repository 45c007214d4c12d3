"""What a simulated customer makes of a message: the happening that scripts react to. Pure."""

import re

from jieli.demo.contracts import Happening

ASKS_PHONE = re.compile("手机号|phone number")
_SIGNS: tuple[tuple[Happening, re.Pattern[str]], ...] = (
    (Happening.AGENT_JOINED, re.compile("我是[^，。]{1,12}[，,]前面的记录|已接手|has taken over")),
    (
        Happening.QUEUED,
        re.compile("转接人工|为您转人工|前面还有|排在第|下一位就是您|已转[^，。]{2,12}(专员|同事)|优先处理"),
    ),
    (Happening.ASKS_CHOICE, re.compile("回复序号|选一个|请从下面|更希望怎么")),
    (Happening.ASKS_ORDER, re.compile("发[^。]{0,6}订单号|订单号是|the order number")),
    (Happening.ASKS_PRODUCT, re.compile("哪一款|商品名称")),
    (Happening.ASKS_PHOTO, re.compile("拍.{0,4}照片|发.{0,6}照片")),
    (Happening.NOT_SURE, re.compile("没有把握|暂时查不到|没有完全明白|换个说法|不确定")),
    (Happening.RESOLVED, re.compile("祝您生活愉快|满意吗|处理好了")),
)


def happening(text: str) -> Happening:
    return next((what for what, sign in _SIGNS if sign.search(text)), Happening.ANSWERED)
