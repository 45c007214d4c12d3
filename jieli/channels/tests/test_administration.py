from collections.abc import Iterable

import pytest

from jieli.channels import adapters, directory, examinations, facade
from jieli.channels.errors import ChannelNameTaken, ChannelSettingsInvalid, ChannelUnknown
from jieli.channels.models import Channel
from jieli.channels.tests.conftest import APP, SECRET, WECHAT, Make
from jieli.kernel.actor import SYSTEM, Actor, ActorKind
from jieli.kernel.clock import ManualClock
from jieli.kernel.doctor import Finding, Health
from jieli.kernel.errors import Forbidden

pytestmark = pytest.mark.django_db
READER = Actor(kind=ActorKind.HUMAN, permissions=frozenset({"channel.read"}))


def test_adapters_are_found_by_their_manifests() -> None:
    assert set(adapters.manifests()) >= {"wechat", "open", "cti", "web"}
    for kind, manifest in adapters.manifests().items():
        assert set(manifest.title) == {"zh", "en"}, kind
        for setting in manifest.settings:
            assert set(setting.title) == {"zh", "en"}, (kind, setting.name)
            assert set(setting.hint) == {"zh", "en"}, (kind, setting.name)


def test_a_channel_tells_the_address_of_its_hook(make: Make) -> None:
    view = facade.create_channel(SYSTEM, kind="wechat", name="公众号-1", settings=WECHAT)
    assert view.hook.endswith("/hooks/wechat/%E5%85%AC%E4%BC%97%E5%8F%B7-1")
    assert (view.health, view.enabled) == ("ok", True)
    ref = facade.channel(view.id)
    assert (ref.name, ref.namespace) == ("公众号-1", APP)
    assert facade.channel_named("公众号-1") == ref
    assert ref in facade.channels()


@pytest.mark.parametrize(
    ("kind", "name", "settings", "told"),
    [
        ("carrier", "x", {}, "there are: cti, "),
        ("wechat", "x", {}, "app_id: is missing"),
        ("wechat", "x", {**WECHAT, "aes_key": "short"}, "aes_key"),
        ("wechat", "x", {**WECHAT, "api_base": "ftp://x"}, "api_base"),
        ("wechat", "x", {**WECHAT, "token": "a\x00b"}, "token"),
        ("wechat", "x", {**WECHAT, "tolerance_s": "ten"}, "tolerance_s"),
        ("open", "x", {"secret": "short"}, "secret"),
        ("open", "x", {"secret": SECRET, "colour": "red"}, "colour: there is no such setting"),
        ("open", "", {"secret": SECRET}, "name"),
        ("open", "a/b", {"secret": SECRET}, "name"),
        ("open", "x" * 81, {"secret": SECRET}, "name"),
    ],
)
def test_mistakes_are_named(kind: str, name: str, settings: dict[str, str], told: str) -> None:
    with pytest.raises(ChannelSettingsInvalid, match=told):
        facade.create_channel(SYSTEM, kind=kind, name=name, settings=settings)
    assert not Channel.objects.exists()


def test_names_are_taken_once(make: Make) -> None:
    make("open", "x")
    with pytest.raises(ChannelNameTaken):
        make("cti", "x")


def test_settings_are_sealed_and_changed_one_by_one(make: Make) -> None:
    make("wechat")
    stored = Channel.objects.values_list("settings", flat=True).query.__str__()
    assert "demo-app-secret" not in stored
    facade.change_channel(SYSTEM, name="wechat", settings={"app_secret": "another"})
    found = facade.secrets_of(SYSTEM, "wechat")
    assert (found["app_secret"], found["app_id"]) == ("another", APP)
    with pytest.raises(ChannelSettingsInvalid, match="cannot change"):
        facade.change_channel(SYSTEM, name="wechat", settings={"app_id": "wxother0000"})
    with pytest.raises(ChannelUnknown):
        facade.change_channel(SYSTEM, name="nope", settings={})


def test_reading_is_not_managing(make: Make) -> None:
    make("open")
    assert [view.name for view in facade.list_channels(READER)] == ["open"]
    with pytest.raises(Forbidden):
        facade.create_channel(READER, kind="open", name="y", settings={"secret": SECRET})
    with pytest.raises(Forbidden):
        facade.change_channel(READER, name="open", settings={})
    with pytest.raises(Forbidden):
        facade.test_channel(READER, "open")
    with pytest.raises(Forbidden):
        facade.secrets_of(READER, "open")
    with pytest.raises(Forbidden):
        facade.list_channels(Actor(kind=ActorKind.HUMAN))


def test_an_adapter_keeps_what_it_remembers_until_its_settings_change(make: Make) -> None:
    make("open")
    first = directory.named("open").adapter
    directory.refresh()
    assert directory.named("open").adapter is first
    facade.change_channel(SYSTEM, name="open", settings={"secret": "another-secret-of-the-test"})
    assert directory.named("open").adapter is not first


def _worst(findings: Iterable[Finding]) -> dict[Health, str]:
    return {finding.health: finding.what for finding in findings}


def test_the_doctor_names_what_cannot_work(make: Make, now: ManualClock) -> None:
    assert "No channel" in _worst(examinations.channels())[Health.WARNING]
    make("open")
    assert "cannot answer" in _worst(examinations.channels())[Health.WARNING]
    make("cti")
    assert "cti" in _worst(examinations.channels())[Health.OK]
    broken = make("wechat")
    Channel.objects.filter(id=broken.id).update(
        settings='{"app_id":"x","app_secret":"x","token":"x","aes_key":"x","api_base":"http://x","tolerance_s":"1"}'
    )
    directory.forget()
    assert "aes_key" in _worst(examinations.channels())[Health.BROKEN]
    assert facade.test_channel(SYSTEM, "wechat").ok is False
    assert [view.health for view in facade.list_channels(SYSTEM) if view.name == "wechat"] == ["off"]
