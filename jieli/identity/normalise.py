"""One written form per key, and what makes a value too weak to recognise anybody by. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from jieli.identity.contracts import IdentityKind, Key

_LONGEST = 200
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Normal:
    """`weakness` says why the value alone can never mean one person; empty when it can."""

    kind: IdentityKind
    namespace: str
    value: str
    weakness: str = ""


@lru_cache(maxsize=65536)
def normalise(kind: IdentityKind, namespace: str, value: str) -> Normal | None:
    """None when nothing usable is left ("unknown", "-", an empty or endless value)."""
    text = clean(value)
    if not text or len(text) > _LONGEST or text.casefold() in _NOTHING:
        return None
    where = clean(namespace)[:120]
    match kind:
        case IdentityKind.PHONE:
            return _phone(text)
        case IdentityKind.EMAIL:
            return _email(text)
        case IdentityKind.CTI_CALLER:
            found = _phone(text)
            return Normal(kind, where, found.value if found else text, found.weakness if found else "")
        case IdentityKind.DEVICE:
            serial = re.sub(r"[^0-9A-Z]", "", text.upper()) if text.isascii() else text
            return Normal(kind, "", serial) if serial else None
        case _:
            return Normal(kind, where, text)


def of(key: Key) -> Normal | None:
    return normalise(key.kind, key.namespace, key.value)


def clean(text: str) -> str:
    """Full-width to half-width (NFKC), without control characters, lone surrogates and outer blanks."""
    return unicodedata.normalize("NFKC", _UNPRINTABLE.sub("", text)).strip()


_NOTHING = frozenset(
    [
        "-",
        "--",
        ".",
        "0",
        "n/a",
        "na",
        "nil",
        "none",
        "null",
        "unknown",
        "undefined",
        "anonymous",
        "anonym",
        "private",
        "restricted",
        "withheld",
        "unavailable",
        "无",
        "未知",
        "匿名",
        "保密",
    ]
)

_MAINLAND_MOBILE = re.compile(r"(?:\+?86|0086|0)?(1[3-9]\d{9})")
_EXTENSION = re.compile(r"(?:转|轉|分机|ext\.?|x|#|,|;)\s*\d{1,8}$", re.IGNORECASE)
_LANDLINE_EXTENSION = re.compile(r"^(\(?0\d{2,3}\)?[- ]?\d{7,8})-\d{1,6}$")
# 95013 and 95xxx are transfer platforms; 170-0/171 subscribers are people. 400/800 are companies (MIIT numbering plan).
_VIRTUAL = re.compile(r"(?:\+?86)?95\d{3,}")
_SERVICE = re.compile(r"(?:\+?86)?(?:400|800)\d{7}")
_LOCAL = re.compile(r"[2-9]\d{6,7}")


def _phone(text: str) -> Normal | None:
    if "*" in text or "×" in text:
        kept = re.sub(r"[^\d*]", "", text.replace("×", "*"))
        return _weak_phone(kept, "masked") if re.search(r"\d", kept) else None
    base = _EXTENSION.sub("", _LANDLINE_EXTENSION.sub(r"\1#0", text)).strip()
    digits = re.sub(r"[^\d+]", "", base)
    if _VIRTUAL.fullmatch(digits):
        return _weak_phone(
            re.sub(r"[^\d#]", "", _EXTENSION.sub(lambda m: "#" + re.sub(r"\D", "", m[0]), text)), "virtual"
        )
    if _SERVICE.fullmatch(digits):
        return _weak_phone(digits.removeprefix("+").removeprefix("86"), "company")
    weakness = "extension" if base != text else ""
    if found := _MAINLAND_MOBILE.fullmatch(digits):
        return Normal(IdentityKind.PHONE, "", f"+86{found[1]}", weakness)
    if _LOCAL.fullmatch(digits):
        return _weak_phone(digits, "no_area_code")
    return _parsed(digits, weakness)


def _parsed(digits: str, weakness: str) -> Normal | None:
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return _weak_phone(digits, "not_a_number") if len(digits) >= 7 else None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Normal(IdentityKind.PHONE, "", written, weakness)


def _weak_phone(value: str, weakness: str) -> Normal:
    return Normal(IdentityKind.PHONE, "", value, weakness)


_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,120}")
_MAILBOXES = frozenset(
    [
        "abuse",
        "admin",
        "contact",
        "help",
        "hello",
        "info",
        "kefu",
        "mail",
        "no-reply",
        "noreply",
        "office",
        "postmaster",
        "sales",
        "service",
        "shop",
        "support",
        "webmaster",
    ]
)


def _email(text: str) -> Normal | None:
    """Lower-case, the domain in its ASCII form (IDNA); a mailbox of many people is weak."""
    if not _EMAIL.fullmatch(text):
        return None
    local, domain = clean(text.lower()).rsplit("@", 1)
    try:
        ascii_domain = domain.rstrip(".").encode("idna").decode()
    except UnicodeError:
        return None
    if "." not in ascii_domain:
        return None
    return Normal(
        IdentityKind.EMAIL, "", f"{local}@{ascii_domain}", "shared_mailbox" if local in _MAILBOXES else ""
    )


def name_beginnings(name: str) -> list[str]:
    """What a name can be found by: itself and its beginnings of two to six characters; one for a name that is one."""
    text = clean(name).casefold()[:80]
    if not text:
        return []
    return sorted({text, *(text[:size] for size in range(2, min(len(text), 6) + 1))})
