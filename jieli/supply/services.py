import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from jieli.governance import facade as governance
from jieli.kernel import clock, counters, wake
from jieli.kernel.actor import Actor
from jieli.kernel.errors import NotFound
from jieli.supply import ingest, policy, registry, snapshots, sources
from jieli.supply.contracts import FactKind, NewSource, PushBatch, PushedFact, PushResult, RawFact, SourceView
from jieli.supply.errors import (
    FactUnusable,
    PushRefused,
    ReasonMissing,
    SourceNameTaken,
    SourceSettingsWrong,
    SourceUnknown,
)
from jieli.supply.models import SourceHealth, SupplySource
from jieli.supply.selectors import hidden_part, source_view

log = logging.getLogger(__name__)


def create_source(actor: Actor, new: NewSource) -> SourceView:
    """Add a source; lookups use it within seconds. Its settings are tried by making it, not by asking it."""
    actor.require("supply.push")
    if not policy.is_source_name(new.name) or len(new.title) > 120 or not new.title.isprintable():
        raise SourceSettingsWrong(
            "A source's name has 1 to 60 letters, digits, - or _; its title at most 120."
        )
    _try(new.kind, new.name, new.settings)
    try:
        with transaction.atomic():
            row = SupplySource.objects.create(
                name=new.name,
                kind=new.kind,
                title=new.title,
                kinds=[kind.value for kind in new.kinds],
                settings=json.dumps(dict(new.settings), ensure_ascii=False),
                enabled=new.enabled,
                changed_at=clock.now(),
            )
            _tell()
    except IntegrityError:
        raise SourceNameTaken from None
    return source_view(row)


@transaction.atomic
def change_source(
    actor: Actor, name: str, *, enabled: bool | None = None, settings: Mapping[str, Any] | None = None
) -> SourceView:
    """Switch a source on or off, or replace some of its settings (None as a value removes one)."""
    actor.require("supply.push")
    known = SupplySource.objects.select_for_update().filter(name=name) if policy.is_source_name(name) else ()
    row = next(iter(known), None)
    if row is None:
        raise SourceUnknown
    if settings is not None:
        merged = json.loads(row.settings or "{}") | dict(settings)
        kept = {key: value for key, value in merged.items() if value is not None}
        _try(row.kind, row.name, kept)
        row.settings = json.dumps(kept, ensure_ascii=False)
    if enabled is not None:
        row.enabled = enabled
    row.changed_at = clock.now()
    row.save()
    _tell()
    return source_view(row)


def _try(kind: str, name: str, settings: Mapping[str, Any]) -> None:
    manifest = sources.manifests().get(kind)
    if manifest is None:
        raise SourceSettingsWrong(
            f"There is no kind of source “{kind}”; there are: {', '.join(sources.manifests())}."
        )
    missing = [one.name for one in manifest.settings if one.required and not settings.get(one.name)]
    if missing:
        raise SourceSettingsWrong(f"Settings are missing: {', '.join(missing)}.")
    _refuse_unknown(settings, {one.name for one in manifest.settings})
    if not policy.can_be_sealed(json.dumps(dict(settings), ensure_ascii=False, default=str)):
        raise SourceSettingsWrong("The settings hold characters that are no text.")
    manifest.make(name, settings)


def _refuse_unknown(given: Iterable[str], known: set[str]) -> None:
    strange = sorted(set(given) - known)
    if strange:
        raise SourceSettingsWrong(
            f"There are no settings {', '.join(strange)}; there are: {', '.join(sorted(known))}."
        )


def _tell() -> None:
    registry.forget()
    transaction.on_commit(lambda: wake.ring(registry.WAKE))


@transaction.atomic
def reveal(actor: Actor, kind: FactKind, key: str, reason: str) -> dict[str, str]:
    """What a fact shows masked, in full; written to the audit trail. Raises `NotFound` where nothing is hidden."""
    actor.require("supply.read")
    actor.require("person.reveal")
    if not reason.strip():
        raise ReasonMissing
    sealed = hidden_part(kind, key) if policy.can_be_a_key(key) else ""
    if not sealed:
        raise NotFound
    found: dict[str, str] = json.loads(sealed)
    governance.audit(
        actor, "supply.reveal", "fact", f"{kind}:{key}", {"reason": reason[:500], "fields": sorted(found)}
    )
    return found


def push(source: str, signature: str, body: bytes) -> PushResult:
    """Take what a source pushes: up to 1,000 facts, signed. Sending the same again changes nothing.

    Raises `SourceUnknown`, `PushRefused`, or `FactUnusable` for the first fact that does not fit (then none is kept).
    """
    known = SupplySource.objects.filter(name=source, enabled=True) if policy.is_source_name(source) else ()
    row = next(iter(known), None)
    settings = json.loads(row.settings or "{}") if row else {}
    secret = settings.get("push_secret", "")
    if row is None or not policy.signature_fits(signature, secret, body, clock.now()):
        counters.add("supply.push.refused")
        log.warning("supply push to %s refused: no such source, no secret, or a wrong signature", source[:60])
        raise PushRefused
    try:
        batch = msgspec.json.decode(body, type=PushBatch)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise FactUnusable(f"The body cannot be read: {error}") from None
    now = clock.now()
    namespaces = settings.get("namespaces", {"account": "shop"})
    facts = [_pushed(one, row.kinds, namespaces, now) for one in batch.facts]
    with transaction.atomic():
        accepted, ignored = snapshots.store(row.name, facts)
        SourceHealth.objects.update_or_create(source=row, defaults={"pushed_at": now})
    return PushResult(accepted, ignored)


def _pushed(one: PushedFact, kinds: Iterable[str], namespaces: Mapping[str, str], now: datetime) -> RawFact:
    if one.kind not in kinds:
        raise FactUnusable(f"This source is not configured to tell about {one.kind}.")
    return ingest.fact(
        one.kind,
        one.value,
        as_of=one.as_of or now,
        owner=one.owner,
        private=one.private,
        namespaces=namespaces,
        now=now,
    )
