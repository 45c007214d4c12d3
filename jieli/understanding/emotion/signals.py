"""Words and marks that tell a customer's mood, as data. A weight is in log-odds for the emotion on its row."""

import re
from typing import NamedTuple

from jieli.understanding.contracts import Emotion


class Signal(NamedTuple):
    code: str
    emotion: Emotion
    weight: float
    words: str


_ANGRY, _ANXIOUS, _PLEASED, _CALM = Emotion.ANGRY, Emotion.ANXIOUS, Emotion.PLEASED, Emotion.CALM

# Order matters: at one place in the text the first row that matches takes the words.
SIGNALS: tuple[Signal, ...] = (
    Signal("discontent", _ANGRY, 3.0, r"不满意|很不满|不爽|不高兴|不开心|不喜欢你们|没法满意|满意个|好个屁|谢谢你(?:妹|全家)|谢谢你们(?:的耽误|让我)"),
    Signal("threat", _ANGRY, 3.0, r"(?<!价格)(?<!怎么)投诉|给?(?:你们?)?差评|(?<!\d)123[14]5(?!\d)|消协|消费者协会|工商局?|市场监管|黑猫|曝光|起诉|法院|律师|法律途径|报警|举报|维权|发(?:抖音|微博|小红书|朋友圈)|挂(?:你们|网上)|找媒体|3\.?15|退一赔三|假一赔"),
    Signal("abuse", _ANGRY, 3.4, r"垃圾(?!桶|袋|分类|处理)|骗子|骗人|骗钱|坑人|坑爹|坑我|坑货|傻[逼b叉]|煞笔|沙比|\bsb\b|妈的|他妈|特么|\btmd\b|\bnmd\b|\bcnm\b|尼玛|卧槽|我[操艹靠日]|滚(?!筒|轮|珠|动|刷|烫)|有病(?!人)|脑残|智障|废物|无耻|狗屁|放屁|狗东西|王八|混蛋|混账|黑心|奸商|缺德|不要脸|畜生|去死|死了[吗么]|什么玩意|什么东西[!！]|什么破|破(?:店|公司|快递|客服|平台|玩意|东西)|丧良心|恶心(?!呕吐)|不是人|scam|bullshit|fuck|shit\b|trash|garbage|liars?\b"),
    Signal("sarcasm", _ANGRY, 1.6, r"呵呵|厉害了?(?:我的|你们|啊你)|你们(?:可)?真(?:行|牛|厉害|会|能|棒)|真(?:行|有意思|会玩|够可以)(?:啊|的)?|好意思(?!问|打扰|麻烦)|服了(?:你|吧)?|佩服|好一个|(?:真是)?长见识|也是醉了|醉了|笑死|可笑|真好笑|开眼了|牛[逼批]|好样的|给跪了|这就是你们的(?:服务|态度|质量)|您可真|还自营呢|还大品牌呢|还(?:好意思|有脸)|难道(?:还)?要我|great service|thanks for nothing|wow[,.] ?(?:great|amazing)"),
    Signal("blame", _ANGRY, 1.7, r"忽悠|敷衍|糊弄|推卸|踢皮球|推来推去|互相推|不负责|不靠谱|欺骗|欺负|耍(?:我|人|赖)|玩我|逗我玩|太差|态度(?:差|恶劣|不好|极差)|差劲|真差|好差|很差|极差|太烂|真烂|离谱|过分|可气|气死|气人|生气|火大|恼火|受够|忍无可忍|凭什么|凭啥|搞什么|搞毛|什么态度|什么服务|什么垃圾|什么意思[?？!！啊]|几个意思|说话不算|言而无信|出尔反尔|不讲(?:信用|道理|理)|没有?(?:信用|诚信|素质|良心)|店大欺客|霸王条款|再也不(?:来|买|会|在|用)|以后不(?:来|会再|再)|不会再(?:来|买)|失望|寒心|心寒|太慢了|浪费(?:我|大家)?(?:的)?(?:时间|感情|钱)|耽误(?:我|了我|事)|第[一二三四五\d]+次了|无语|不像话|太不|岂有此理|荒唐|扯淡|扯皮|胡说|撒谎|说谎|虚假|欺诈|诈骗|必须给(?:我|个)|给(?:我|个)(?:个)?说法|要(?:个)?说法|赔偿我?|terrible|awful|ridiculous|unacceptable|worst|disgust\w*|disappoint\w*|rip ?off|angry|furious"),
    Signal("pressing", _ANXIOUS, 2.0, r"(?<!不)(?<!不太)着急|急用|(?:很|好|挺|比较|特别|非常|十分)急|急急|急[!！死啊呀]|心急|急需|等着用|等着(?:穿|装|吃|送人)|等不及|来不及|赶时间|赶紧|赶快|快点|快一点|快些|快快|麻烦快|尽快|抓紧|催(?:一?催|一?下|促|单|了)?|今天(?:必须|一定|就要|能不能)|能不能(?:快|今天|早)|早点|加急|马上要(?:用|出|走|过期)|urgent\w*|asap|hurry|as soon as possible"),
    Signal("waiting", _ANXIOUS, 1.5, r"还没(?!买|下单|付|想|拆|用|试|坏)|还没有(?!买|下单|付|拆|用)|还不(?:发|送|到|来|退|给|处理|回|行)|还在(?:处理|审核|路上|运输|派送|等|那|配送)|怎么还|咋还|为什么还|为何还|一直(?:没|不|在|显示|是|等|打不|都)|迟迟|都[\d一二两三四五六七八九十几好多x\[\]数字]{1,6}(?:个)?(?:天|小时|周|月|星期|多|分钟|礼拜)了?|[\d一二两三四五六七八九十几好多]{1,3}(?:个)?多?(?:天|小时|周|月|星期|礼拜)了|好几天|这么久|那么久|好久|这么慢|太慢|好慢|那么慢|等(?:了|到)(?!通知)|还要(?:等|多久)|要等到|到底|究竟|什么时候才|何时才|多久才|半天|一天天|没(?:人|有人)(?:联系|回|理|接|管|处理|送|来)|没动静|没消息|没反应|不动了|没更新|没有更新|没变化|不更新|没下文|都没(?:到|发|收|有)|还能不能|still (?:not|waiting|no|hasn't|haven't)|how much longer|nothing (?:has )?happen\w*|no one|nobody"),
    Signal("worry", _ANXIOUS, 1.4, r"担心|怎么办|咋办|咋整|怎么搞啊|害怕|我怕|怕(?:是|不|你|被|丢|来|坏|过)|万一|不会(?:是)?(?:丢|被|坏|没|不|出)|会不会(?:丢|坏|有(?:问题|危险)|爆|漏|出|影响|没|不)|是不是(?:丢|没|不|被|骗|坏|忘)|不放心|焦虑|慌|心慌|吓(?:死|人|到|我)|危险|求救|错过|弄丢|丢了|找不到(?:了|包裹|快递|人)|不见了|没收到(?!短信)|没有收到|没到账|没退|填错|写错|拍错|买错|点错|选错|搞错|忘(?:了|记)(?:改|填|写|用|领)|worried|afraid|what should i do|what can i do|lost"),
    Signal("pleading", _ANXIOUS, 1.0, r"求求|求你|求助|拜托|帮帮(?:我|忙)|救命|行行好|please+ help|begging"),
    Signal("delight", _PLEASED, 2.6, r"(?<!不)(?<!没)(?<!不太)(?<!不够)满意(?!吗)|好评|五星|5星|(?<!不)喜欢(?!的话|吗)|太好了|太棒|很棒|真棒|点赞|给力|惊喜|开心|(?<!不)高兴|完美|超级?好|特别好(?!用吗)|非常好|真好|(?:好|太|真)漂亮|很漂亮|好看(?!吗|么|不)|很好用|挺好用|值了|物超所值|爱了|非常感谢|十分感谢|太感谢|万分感谢|感谢(?:你们|您的|你的)|真(?:是)?(?:谢谢|感谢|太谢谢)|谢谢(?:你|您|你们|客服|小姐姐)(?:的|啊|啦|耐心)|(?:你|您)(?:人)?真好|服务(?:很|真|态度)?好|态度(?:很|真)?好|辛苦(?:了|啦|您|你)|给您?赞|赞(?!不|助)|棒(?!球|棒糖|子)|(?:love|perfect|excellent|awesome|wonderful|amazing|great)\b|thank you so much|thanks a lot"),
    Signal("thanks", _PLEASED, 0.5, r"谢谢|感谢|多谢|谢了|thx|thank(?:s| you)|3q|蟹蟹"),
    Signal("laughs", _PLEASED, 0.6, r"哈哈+|嘿嘿|嘻嘻|太逗"),
    Signal("emoji_angry", _ANGRY, 2.4, r"😡|🤬|😤|👎|💢|👿|😠|🖕|🔪|\[(?:发怒|怒|抓狂|咒骂|鄙视|炸弹|刀|便便|弱|愤怒)\]"),
    Signal("emoji_weary", _ANGRY, 1.0, r"🙄|😒|😑|\[(?:白眼|撇嘴|翻白眼|无语|再见|汗)\]"),
    Signal("emoji_sad", _ANXIOUS, 1.3, r"😭|😢|😰|😱|😨|🥺|😞|😩|😫|😟|🙏🏻?(?=.*(?:快|急|帮))|\[(?:大哭|流泪|快哭了|哭|难过|可怜|惊恐|委屈)\]"),
    Signal("emoji_happy", _PLEASED, 1.5, r"😄|😁|😍|🥰|😘|❤️?|🌹|👍|💖|🎉|😃|🤩|💯|\[(?:玫瑰|爱心|强|鼓掌|龇牙|色|亲亲|憨笑|愉快|胜利)\]"),
    Signal("polite", _CALM, 0.4, r"麻烦(?:您|你|问|帮|看|了)?|请问|劳驾|您好|不好意思|打扰|方便的话"),
)  # fmt: skip

BY_CODE = {signal.code: signal for signal in SIGNALS}
# For lower-case text: matching without regard to case is three times as slow.
PATTERN = re.compile("|".join(f"(?P<{signal.code}>{signal.words})" for signal in SIGNALS))
