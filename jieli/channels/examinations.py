"""What `jieli doctor` looks at in channels."""

from collections.abc import Iterator
from datetime import timedelta

from jieli.channels import directory, inbox
from jieli.channels.adapters import manifests
from jieli.kernel import clock
from jieli.kernel.crypto import UnreadableSecret
from jieli.kernel.doctor import Finding, Health, examines

_LONG = timedelta(minutes=10)


@examines
def channels() -> Iterator[Finding]:
    try:
        directory.refresh()
    except UnreadableSecret as error:
        yield Finding(
            Health.BROKEN,
            f"Channel settings cannot be opened: {error}",
            "Put the master key back that made them.",
        )
        return
    lines = directory.lines().values()
    if not lines:
        yield Finding(
            Health.WARNING,
            "No channel is set up.",
            "Run: jieli channel create --kind KIND --name NAME --set KEY=VALUE",
        )
    for line in lines:
        if line.ref.kind not in manifests():
            yield Finding(
                Health.BROKEN,
                f"Channel {line.ref.name}: no adapter “{line.ref.kind}” here.",
                "Install the adapter's folder, or switch the channel off.",
            )
        elif line.adapter is None:
            yield Finding(
                Health.BROKEN,
                f"Channel {line.ref.name}: {line.broken}",
                f"Change that setting of {line.ref.name}.",
            )
        elif line.enabled and not line.adapter.can_send and line.manifest.rules.sends:
            yield Finding(
                Health.WARNING,
                f"Channel {line.ref.name} receives but cannot answer.",
                f"Set callback_url of {line.ref.name}.",
            )
        elif line.enabled:
            yield Finding(Health.OK, f"Channel {line.ref.name} ({line.ref.kind})")


@examines
def intake() -> Iterator[Finding]:
    counts = inbox.counts()
    if counts.dead:
        yield Finding(
            Health.BROKEN,
            f"{counts.dead} contacts could not be handled and were set aside.",
            "Look at their last_error, mend the cause, then retry them.",
        )
    if counts.oldest_pending_at and counts.oldest_pending_at < clock.now() - _LONG:
        yield Finding(
            Health.BROKEN,
            f"{counts.pending} contacts wait, the oldest since {counts.oldest_pending_at:%F %T} UTC.",
            "Is a worker running? Start one: jieli worker",
        )
    refused = sum(counts.refused.values())
    if refused:
        most = max(counts.refused.items(), key=lambda item: item[1])
        yield Finding(
            Health.WARNING,
            f"{refused} requests to hooks were refused so far, most as {most[0]} ({most[1]}).",
            "The log names each one and its reason.",
        )
