"""Fills one database with the demo brand, whose channels answer to the sink. Run as a process of its own."""

import sys

from django.core.management import call_command

from bench import ready  # noqa: F401
from jieli.channels import facade as channels
from jieli.demo import facade as demo
from jieli.kernel.actor import SYSTEM


def main() -> None:
    call_command("migrate", interactive=False, verbosity=0)
    demo.load()
    sink = f"http://127.0.0.1:{sys.argv[1]}"
    for channel in channels.channels():
        if channel.kind == "wechat":
            channels.change_channel(SYSTEM, name=channel.name, settings={"api_base": sink})
        elif channel.kind == "open":
            channels.change_channel(SYSTEM, name=channel.name, settings={"callback_url": f"{sink}/open"})


main()
