"""Setting up channels: made from a manifest's settings, changed, listed with their health, tested by a round trip."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q

from jieli.channels import adapters, directory
from jieli.channels.adapters.port import Manifest, Setting
from jieli.channels.contracts import ChannelId, ChannelTest, ChannelView, DeliveryState, SettingView
from jieli.channels.directory import Line
from jieli.channels.errors import ChannelNameTaken, ChannelSettingsInvalid, ChannelUnknown
from jieli.channels.models import UNFINISHED, Channel, Inbox, Outgoing
from jieli.kernel import clock, wake
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Permanent, Transient

_NAME = re.compile(r"[\w.-]{1,80}")
_encode = msgspec.json.Encoder().encode
_DAY = timedelta(days=1)


def create(actor: Actor, *, kind: str, name: str, settings: Mapping[str, str]) -> ChannelView:
    """Raises `ChannelSettingsInvalid` naming each setting that is missing, unknown or malformed."""
    actor.require("channel.manage")
    manifest = _manifest(kind)
    if not _NAME.fullmatch(name):
        raise ChannelSettingsInvalid(
            "A channel's name has 1 to 80 letters, digits, dots, dashes or underscores."
        )
    kept = checked(manifest, settings)
    now = clock.now()
    row = Channel(
        kind=kind,
        name=name,
        namespace=kept[manifest.namespace] if manifest.namespace else name,
        settings=_encode(kept).decode(),
        created_at=now,
        changed_at=now,
    )
    _try_out(manifest, row, kept)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise ChannelNameTaken from None
    _changed()
    return view(name)


def change(actor: Actor, *, name: str, settings: Mapping[str, str], enabled: bool | None) -> ChannelView:
    """Settings that are not named stay as they are; the kind and the namespace of a channel never change."""
    actor.require("channel.manage")
    with transaction.atomic():
        row = Channel.objects.select_for_update().filter(name=name).first()
        if row is None:
            raise ChannelUnknown
        manifest = _manifest(row.kind)
        kept = checked(manifest, msgspec.json.decode(row.settings, type=dict[str, str]) | dict(settings))
        if manifest.namespace and kept[manifest.namespace] != row.namespace:
            raise ChannelSettingsInvalid(
                f"{manifest.namespace} cannot change; create another channel for it."
            )
        _try_out(manifest, row, kept)
        row.settings, row.changed_at = _encode(kept).decode(), clock.now()
        row.enabled = row.enabled if enabled is None else enabled
        row.save()
    _changed()
    return view(name)


def _manifest(kind: str) -> Manifest:
    known = adapters.manifests()
    if kind not in known:
        raise ChannelSettingsInvalid(f"There is no kind “{kind}”; there are: {', '.join(sorted(known))}.")
    return known[kind]


def checked(manifest: Manifest, given: Mapping[str, str]) -> dict[str, str]:
    """All settings with their defaults. Raises `ChannelSettingsInvalid` with one sentence per mistake."""
    known = {setting.name: setting for setting in manifest.settings}
    wrong = [
        f"{name}: there is no such setting; there are: {', '.join(known)}"
        for name in given
        if name not in known
    ]
    wrong += filter(None, (_mistake(setting, given.get(setting.name, "")) for setting in manifest.settings))
    if wrong:
        raise ChannelSettingsInvalid("; ".join(wrong) + ".")
    return {name: str(given.get(name) or setting.default) for name, setting in known.items()}


def _mistake(setting: Setting, value: str) -> str:
    if not value:
        return f"{setting.name}: is missing ({setting.hint.get('en', '')})" if setting.required else ""
    if "\x00" in value or (setting.pattern and not re.fullmatch(setting.pattern, value)):
        return f"{setting.name}: does not look right ({setting.hint.get('en', '')})"
    return ""


def _try_out(manifest: Manifest, row: Channel, settings: Mapping[str, str]) -> None:
    try:
        adapters.adapter_class(manifest.kind)(directory.ref_of(row), settings)
    except ValueError as error:
        raise ChannelSettingsInvalid(str(error)) from None


def _changed() -> None:
    directory.forget()
    transaction.on_commit(lambda: wake.ring(directory.WAKE))


def hook(line: Line) -> str:
    """The address to enter at the platform; empty for a channel that speaks over our own socket."""
    if line.manifest.by_socket:
        return ""
    return f"{django_settings.JIELI_PUBLIC_URL}/hooks/{line.ref.kind}/{quote(line.ref.name)}"


def listed(actor: Actor) -> list[ChannelView]:
    actor.require("channel.read")
    directory.refresh()
    lines = sorted(directory.lines().values(), key=lambda line: line.ref.name)
    return _views(lines)


def view(name: str) -> ChannelView:
    return _views([directory.named(name)])[0]


def _views(lines: list[Line]) -> list[ChannelView]:
    ids, since = [line.ref.id for line in lines], clock.now() - _DAY
    heard = {
        row["channel"]: row
        for row in Inbox.objects.filter(channel__in=ids, received_at__gte=since)
        .values("channel")
        .annotate(received=Count("id"), last=Max("received_at"))
    }
    counted = _outgoing_counts(ids, since)
    return [_view(line, heard.get(line.ref.id, {}), counted.get(line.ref.id, {})) for line in lines]


def _outgoing_counts(ids: list[ChannelId], since: datetime) -> dict[UUID, Mapping[str, int]]:
    done = (DeliveryState.SENT, DeliveryState.DELIVERED)
    rows: Any = (
        Outgoing.objects.filter(channel__in=ids, created_at__gte=since)
        .values("channel")
        .annotate(
            sent=Count("id", filter=Q(state__in=done)),
            failed=Count("id", filter=Q(state=DeliveryState.FAILED)),
            waiting=Count("id", filter=Q(state__in=UNFINISHED)),
        )
    )
    return {row["channel"]: row for row in rows}


def _view(line: Line, heard: Mapping[str, object], counted: Mapping[str, int]) -> ChannelView:
    health, why = _health(line, counted)
    last = heard.get("last")
    return ChannelView(
        id=line.ref.id,
        kind=line.ref.kind,
        name=line.ref.name,
        enabled=line.enabled,
        hook=hook(line),
        health=health,
        why=why,
        received=int(str(heard.get("received", 0))),
        sent=counted.get("sent", 0),
        failed=counted.get("failed", 0),
        waiting=counted.get("waiting", 0),
        last_inbound_at=last if isinstance(last, datetime) else None,
    )


def _health(line: Line, counted: Mapping[str, int]) -> tuple[str, str]:
    if line.adapter is None:
        return "off", line.broken
    if not line.enabled:
        return "off", "switched off"
    failed, sent = counted.get("failed", 0), counted.get("sent", 0)
    if failed and failed * 10 > sent:
        return "warning", f"{failed} of {failed + sent} messages of the last day could not be sent"
    return "ok", ""


def tested(actor: Actor, name: str) -> ChannelTest:
    actor.require("channel.manage")
    line = directory.named(name)
    if line.adapter is None:
        return ChannelTest(
            False, (f"The settings cannot work: {line.broken}",), "Change the setting it names."
        )
    try:
        return ChannelTest(True, (*_told(line), *line.adapter.probe()))
    except (Permanent, Transient) as error:
        return ChannelTest(False, (*_told(line), str(error)), "Mend what it names, then test again.")


def _told(line: Line) -> tuple[str, ...]:
    return (f"Hook: {hook(line)}",) if hook(line) else ()


def kinds() -> dict[str, list[SettingView]]:
    return {
        kind: [
            SettingView(
                name=one.name,
                title=one.title,
                hint=one.hint,
                secret=one.secret,
                required=one.required,
                default=one.default,
            )
            for one in manifest.settings
        ]
        for kind, manifest in adapters.manifests().items()
    }


def settings_of(actor: Actor, name: str) -> dict[str, str]:
    actor.require("channel.manage")
    row = Channel.objects.filter(name=name).first()
    if row is None:
        raise ChannelUnknown
    return msgspec.json.decode(row.settings, type=dict[str, str])
