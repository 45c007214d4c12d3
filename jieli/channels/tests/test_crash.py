"""A front that is killed in the middle: whatever it had acknowledged is there, once; the rest can come again."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

_SENDERS, _EACH = 8, 40
_PATIENCE_S = 120
_FRONT = f"""
import asyncio, sys
import django
django.setup()
from datetime import UTC, datetime
from django.core.management import call_command
from jieli.channels import facade
from jieli.channels.contracts import Inbound, MessageType, Sender
from jieli.channels.models import Channel, Inbox
from jieli.kernel.actor import SYSTEM

async def sender(channel, s):
    for n in range({_EACH}):
        told = Inbound(message_id=f"{{s}}-{{n}}", sender=Sender(f"u{{s}}"), type=MessageType.TEXT,
                       sent_at=datetime.now(UTC), text="x")
        accepted = await facade.accept(channel, told)
        print("took", f"{{s}}-{{n}}", accepted.id, flush=True)

async def run(channel):
    await asyncio.gather(*(sender(channel, s) for s in range({_SENDERS})))

if sys.argv[1] == "prepare":
    call_command("migrate", verbosity=0, skip_checks=True)
    facade.create_channel(SYSTEM, kind="open", name="open", settings={{"secret": "a-secret-of-the-test"}})
elif sys.argv[1] == "run":
    asyncio.run(run(facade.channel_named("open").id))
    facade.stop_intake()
    for item in facade.claim_inbox(range(64), 10000):
        print("has", item.inbound.message_id, item.id)
"""


def _front(data: Path, what: str) -> "subprocess.Popen[str]":
    env = os.environ | {
        "JIELI_DATA": str(data),
        "JIELI_DATABASE_URL": "",
        "JIELI_REDIS_URL": "",
        "JIELI_LOG": "ERROR",
        "DJANGO_SETTINGS_MODULE": "jieli.config.settings",
    }
    command = [sys.executable, "-c", _FRONT, what]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own


def _read(told: str, word: str) -> dict[str, str]:
    """A line may be cut off where the process was killed."""
    split = [line.split() for line in told.splitlines()]
    return {
        parts[1]: parts[2] for parts in split if len(parts) == 3 and parts[0] == word and len(parts[2]) == 36
    }


@pytest.mark.skipif(os.name != "posix", reason="kills processes as POSIX does")
def test_killing_the_front_loses_and_doubles_nothing(tmp_path: Path) -> None:
    _front(tmp_path, "prepare").communicate(timeout=_PATIENCE_S)
    acknowledged: dict[str, str] = {}
    for _ in range(2):
        process = _front(tmp_path, "run")
        assert process.stdout is not None
        seen = [process.stdout.readline() for _ in range(random.randrange(1, 60))]
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate(timeout=_PATIENCE_S)
        acknowledged |= _read("".join(seen) + rest, "took")
    told, _ = _front(tmp_path, "run").communicate(timeout=_PATIENCE_S)
    again, stored = _read(told, "took"), _read(told, "has")
    assert len(stored) == _SENDERS * _EACH
    assert again == stored
    assert acknowledged.items() <= stored.items()
    for sender in range(_SENDERS):
        order = [one for one in stored if one.startswith(f"{sender}-")]
        assert order == [f"{sender}-{n}" for n in range(_EACH)]
