"""How personal data is shown to those who may not see it. Pure; the same on screens, in exports, logs and prompts.

Phones keep the first three and last four digits, as Chinese shops print them; names keep the family name;
addresses keep province, city and district (GB/T 35273-2020, annex A lists all of these as personal information).
"""

import re
import unicodedata

_STAR = "*"
# Two-character family names still in use, longest table that settles real lists (Hundred Family Surnames).
_DOUBLE_SURNAMES = frozenset(
    [
        "欧阳",
        "太史",
        "端木",
        "上官",
        "司马",
        "东方",
        "独孤",
        "南宫",
        "万俟",
        "闻人",
        "夏侯",
        "诸葛",
        "尉迟",
        "公羊",
        "赫连",
        "澹台",
        "皇甫",
        "宗政",
        "濮阳",
        "公冶",
        "太叔",
        "申屠",
        "公孙",
        "慕容",
        "仲孙",
        "钟离",
        "长孙",
        "宇文",
        "司徒",
        "鲜于",
        "司空",
        "闾丘",
        "子车",
        "亓官",
        "司寇",
        "巫马",
        "公西",
        "颛孙",
        "壤驷",
        "公良",
        "漆雕",
        "乐正",
        "宰父",
        "谷梁",
        "拓跋",
        "夹谷",
        "轩辕",
        "令狐",
        "段干",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "羊舌",
        "微生",
        "公户",
        "公玉",
        "公仪",
        "梁丘",
        "公仲",
        "公上",
        "公门",
        "公山",
        "公坚",
        "左丘",
        "公伯",
        "西门",
        "公祖",
        "第五",
        "公乘",
        "贯丘",
        "公皙",
        "南荣",
        "东里",
        "东宫",
        "仲长",
        "子书",
        "子桑",
        "即墨",
        "达奚",
        "褚师",
        "纳兰",
        "爱新觉罗",
    ]
)
_HAN = re.compile(r"[㐀-鿿]")


def mask_phone(phone: str) -> str:
    """13812345678 and +86 138 1234 5678 → 138****5678, 0571-88881234 → 0571-****1234."""
    text = unicodedata.normalize("NFKC", phone).strip()
    digits = re.sub(r"\D", "", text)
    if len(digits) < 7:
        return _STAR * max(len(digits), 4)
    if found := re.fullmatch(r"(?:\+?86)?[ -]?(1\d{2})[ -]?\d{4}[ -]?(\d{4})", text):
        return f"{found[1]}****{found[2]}"
    if found := re.fullmatch(r"(?:\+86 ?|\(?)(0?(?:10|2\d|[3-9]\d{2}))\)?[ -]?\d{3,4}[ -]?(\d{4})", text):
        return f"{found[1] if found[1].startswith('0') else '0' + found[1]}-****{found[2]}"
    return f"{'+' if text.startswith('+') else ''}{digits[:3]}{_STAR * (len(digits) - 7)}{digits[-4:]}"


def mask_email(email: str) -> str:
    """lihua@example.com → l***@example.com."""
    local, at, domain = email.strip().rpartition("@")
    if not at:
        return _STAR * 4
    return f"{local[:1]}***@{domain}"


def mask_name(name: str) -> str:
    """张三丰 → 张**, 欧阳娜娜 → 欧阳**, Maria Lopez → M**** L****; one star for one hidden Chinese character."""
    text = name.strip()
    if not text:
        return ""
    if not _HAN.match(text):
        return " ".join(f"{word[0]}****" for word in text.split())
    family = next((size for size in (4, 2) if text[:size] in _DOUBLE_SURNAMES and len(text) > size), 1)
    if len(text) == 1:
        return _STAR
    return text[:family] + _STAR * min(len(text) - family, 2)


_REGION = re.compile(
    r"^(?P<province>[^\s\d]{2,8}?(?:省|自治区|特别行政区)|(?:北京|上海|天津|重庆)市?)?"
    r"(?P<city>[^\s\d]{2,10}?(?:自治州|地区|盟|市))?"
    r"(?P<district>[^\s\d]{1,10}?(?:自治县|自治旗|新区|区|县|旗|市))?"
)


def mask_address(address: str) -> str:
    """浙江省杭州市西湖区文三路 90 号 → 浙江省杭州市西湖区****; nothing but stars where no region is recognised."""
    text = address.strip()
    if not text:
        return ""
    found = _REGION.match(text)
    kept = found.group(0) if found else ""
    return kept if kept == text else f"{kept}****"


def mask_id(number: str) -> str:
    """Identity, passport and bank numbers: 330106199001011234 → 3****************4."""
    text = re.sub(r"\s", "", number)
    if len(text) < 3:
        return _STAR * len(text)
    return text[0] + _STAR * (len(text) - 2) + text[-1]


def mask_openid(openid: str) -> str:
    """Openids and other opaque ids: the last four characters tell two apart for whoever reports a problem."""
    return f"****{openid[-4:]}" if len(openid) > 8 else _STAR * 4


_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[A-Za-z一-鿿]{2,24}")
_ID_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:18|19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
# Capitals before the digits make an order or waybill number, unless they are how people write "phone" or "WeChat".
# Our own ids come first: the last twelve signs of one in 250 hold eleven digits like those of a phone.
_MOBILE = re.compile(
    r"(?P<own>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)|"
    r"(?:(?<![0-9A-Z])|(?<=TEL)|(?<=VX)|(?<=WX))(?:\+?86[ -]?)?1[3-9]\d(?P<gap>[ -]?)\d{4}(?P=gap)\d{4}(?![0-9])"
)
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z-])\(?0(?:10|2\d|[3-9]\d{2})\)?[ -]?[2-9]\d{2,3}[ -]?\d{4}(?![0-9A-Za-z])"
)
_BANK_CARD = re.compile(
    r"(?<![0-9A-Za-z])(?:62\d{2}|[45]\d{3})(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?(?![0-9A-Za-z])|(?<![0-9A-Za-z])62\d{14,17}(?![0-9A-Za-z])"
)
_INTERNATIONAL = re.compile(r"(?<![0-9A-Za-z])\+(?!86)\d{1,3}[ -]?(?:\d[ -]?){6,11}\d(?![0-9A-Za-z])")


def mask_text(text: str) -> str:
    """Free text with phones, e-mails, identity and bank card numbers masked in place; order numbers stay readable."""
    if not text or text.isalpha():
        return text
    masked = _EMAIL.sub(lambda found: mask_email(found[0]), text) if "@" in text else text
    masked = _ID_NUMBER.sub(lambda found: mask_id(found[0]), masked)
    masked = _BANK_CARD.sub(lambda found: mask_id(found[0]), masked)
    masked = _MOBILE.sub(lambda found: found["own"] or mask_phone(found[0]), masked)
    masked = _LANDLINE.sub(lambda found: mask_phone(found[0]), masked)
    return _INTERNATIONAL.sub(lambda found: mask_phone(found[0]), masked)
