"""The channels on which the brand is reached. Their other sides are played by `jieli simulate`."""

import secrets
import string

from django.conf import settings

from jieli.channels import facade as channels
from jieli.demo.brand.contracts import DemoBrand, WordAction
from jieli.demo.brand.people import MINI_APP, OFFICIAL_APP
from jieli.kernel.actor import SYSTEM

OFFICIAL, MINI, HOTLINE, WEB = "lumora-oa", "lumora-mini", "hotline", "web"
OPEN = ("app", "douyin", "weibo", "store")
_SIGNS = string.ascii_letters + string.digits


def load(brand: DemoBrand) -> None:
    """Secrets are made here and differ in every installation."""
    there = {channel.name for channel in channels.channels()}
    for name, app in ((OFFICIAL, OFFICIAL_APP), (MINI, MINI_APP)):
        if name not in there:
            channels.create_channel(SYSTEM, kind="wechat", name=name, settings=_wechat(app))
    for name in OPEN:
        if name not in there:
            callback = f"{simulator()}/open/{name}"
            given = {"secret": secrets.token_hex(24), "callback_url": callback}
            channels.create_channel(SYSTEM, kind="open", name=name, settings=given)
    for kind, name, setting in (("cti", HOTLINE, "secret"), ("web", WEB, "identity_secret")):
        if name not in there:
            channels.create_channel(SYSTEM, kind=kind, name=name, settings={setting: secrets.token_hex(24)})
    for word in brand.sensitive_words:
        note = "；".join(filter(None, (word.reason.zh, word.instead and f"改为：{word.instead}")))
        channels.put_sensitive_word(SYSTEM, word.word, blocks=word.action is WordAction.BLOCK, note=note)


def simulator() -> str:
    """Where `jieli simulate` plays the platforms' servers."""
    return f"http://127.0.0.1:{settings.JIELI_SIMULATOR_PORT}"


def _wechat(app: str) -> dict[str, str]:
    return {
        "app_id": app,
        "app_secret": secrets.token_hex(16),
        "token": _random(24),
        "aes_key": _random(43),
        "api_base": simulator(),
    }


def _random(length: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(length))
