"""Tracking numbers of the carriers in use in China: what their waybill numbers look like, and what is certain about them."""

import re
from collections.abc import Iterator

from jieli.understanding.contracts import Entity, EntityKind

# Carrier → how its numbers look when they carry the carrier's letters. These forms are certain anywhere.
_LETTERED: dict[str, str] = {
    "SF": r"SF[0-9]{12,13}(?:[0-9]{2})?",
    "YTO": r"YT[0-9]{13}(?:[0-9]{2})?",
    "JD": r"JD[A-Z]{0,4}[0-9]{10,14}(?:-[0-9]{1,2}-[0-9]{1,2}-?)?",
    "ZTO": r"ZTO?[0-9]{10,14}",
    "STO": r"STO[0-9]{10,15}",
    "YUNDA": r"(?:YD|YUNDA)[0-9]{12,15}",
    "JT": r"JT[0-9]{13}(?:[0-9]{2})?",
    "DEPPON": r"(?:DP[A-Z]|DB)[0-9]{9,14}",
    "EMS": r"(?:EMS[0-9]{9,13}|[A-Z]{2}[0-9]{9}[A-Z]{2})",
    "BEST": r"(?:BXA[0-9]{10}|BT[0-9]{13}|HT[0-9]{13})",
    "CAINIAO": r"(?:LP[0-9]{14,16}|CN(?:P|PL|PEX)?[0-9]{10,14})",
    "ANE": r"AN[EW]?[0-9]{10,13}",
    "KYE": r"KY[EX]?[0-9]{11,14}",
    "UC": r"UC[0-9]{12,13}",
    "UPS": r"1Z[0-9A-Z]{16}",
}
# Carrier → forms in bare digits, which order numbers may have too: they need a word that says "waybill". Most telling first.
_BARE: dict[str, str] = {
    "STO": r"77[0-9]{13}|(?:588|688|468|568|668|768|868|968)[0-9]{9}",
    "ZTO": r"7[3-9][0-9]{12}|(?:765|778|828|618|680|518|528|010|880|660|805|988|628|205|717|718|728|761|762|763|701|757)[0-9]{9}",
    "YUNDA": r"(?:31|43|46)[0-9]{13}|(?:12|13|14|15|16|17|18|19|50|55|58|80|88|66|31|39|43|46)[0-9]{11}",
    "EMS": r"(?:10|11|50|51|95|96|97|98|99)[0-9]{11}",
    "YTO": r"8[0-9]{17}",
    "JT": r"(?:88|89|90)[0-9]{13}",
    "BEST": r"(?:5[0-9]|6[0-9])[0-9]{12}",
    "ANE": r"(?:300|200|100)[0-9]{9}",
    "DEPPON": r"[5-9][0-9]{8,9}",
    "SF": r"[0-9]{12}",
}
_NAMES: dict[str, str] = {
    "SF": "顺丰|sf",
    "JD": "京东快递|京东物流|京东配送",
    "ZTO": "中通|zto",
    "STO": "申通|sto",
    "YTO": "圆通|yto",
    "YUNDA": "韵达|yunda",
    "EMS": "ems|邮政",
    "JT": "极兔|j&t",
    "DEPPON": "德邦",
    "CAINIAO": "菜鸟|丹鸟",
    "BEST": "百世|汇通",
    "ANE": "安能",
    "KYE": "跨越",
    "UC": "优速",
    "UPS": "ups",
}
HINT = re.compile(r"[A-Za-z]{2}[0-9]{9}|1[Zz][0-9A-Za-z]{4}")
_CERTAIN = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    + "|".join(f"(?P<{name}>{form})" for name, form in _LETTERED.items())
    + r")(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_FORMS = {name: re.compile(form) for name, form in _BARE.items()}
_CALLED = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _NAMES.items()), re.IGNORECASE)
_S10 = (8, 6, 4, 2, 3, 5, 9, 7)  # weights of UPU S10 check digits


def tracking(text: str) -> Iterator[Entity]:
    """Numbers that show their carrier by letters; international ones (UPU S10) and UPS's only with a right check digit."""
    for match in _CERTAIN.finditer(text):
        carrier, number = match.lastgroup or "", match[0].upper().rstrip("-")
        if _proved(carrier, number):
            yield Entity(EntityKind.TRACKING_NO, match[0], f"{carrier}:{number}", match.start(), match.end())


def carrier_of(number: str, text: str) -> str:
    """Whose a number in bare digits is: of the one carrier named in the text, else by its form; empty if nobody's."""
    named = {match.lastgroup or "" for match in _CALLED.finditer(text)}
    if len(named) == 1 and 8 <= len(number) <= 20:
        return named.pop()
    return next((name for name, form in _FORMS.items() if form.fullmatch(number)), "")


def _proved(carrier: str, number: str) -> bool:
    if carrier == "EMS" and not number.startswith("EMS"):
        return s10_valid(number)
    return carrier != "UPS" or _ups_valid(number)


def s10_valid(number: str) -> bool:
    """Whether the ninth digit of AA123456785CN is the check digit of the eight before it (UPU standard S10)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(number[2:10], _S10, strict=True)) % 11
    return int(number[10]) == {10: 0, 11: 5}.get(rest, rest)


def _ups_valid(number: str) -> bool:
    """1Z, fifteen letters or digits and a check digit: every second one counts twice, letters count from A = 2."""
    values = [int(char) if char.isdigit() else (ord(char) - 63) % 10 for char in number[2:]]
    total = sum(values[0:15:2]) + 2 * sum(values[1:15:2])
    return number[-1].isdigit() and int(number[-1]) == -total % 10
