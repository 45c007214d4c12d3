"""What every installation starts with: an administrator, queues, escalation lines, and a web chat."""

import secrets

import click

from jieli.channels import facade as channels
from jieli.governance import facade as governance
from jieli.governance.contracts import NewStaff
from jieli.kernel.actor import SYSTEM
from jieli.relay import facade as relay
from jieli.relay.contracts import GENERAL, SUPERVISORS, Holder, HolderKind, LineStep
from jieli.routing import facade as routing
from jieli.routing.contracts import NewQueue

QUEUES = (
    NewQueue("general", "综合", "General", target_s=180),
    NewQueue("presale", "售前咨询", "Pre-sale", skill="presale", target_s=180),
    NewQueue("logistics", "物流", "Logistics", skill="logistics", target_s=180),
    NewQueue("aftersale", "售后", "After-sale", skill="aftersale", target_s=180),
    NewQueue("appliance_tech", "家电技术", "Appliance support", skill="appliance_tech", target_s=300),
    NewQueue("beauty_advisor", "美妆顾问", "Beauty advisor", skill="beauty_advisor", target_s=300),
    NewQueue("complaint", "投诉", "Complaints", skill="complaint", target_s=60),
    NewQueue("vip", "贵宾", "VIP", skill="vip", target_s=60),
    NewQueue("live", "直播间", "Livestream", skill="live", target_s=120),
    NewQueue("en", "英文服务", "English service", skill="en", target_s=300),
    NewQueue("hotline", "热线", "Hotline", skill="hotline", target_s=60),
    NewQueue("supply_chain", "供应链专家", "Supply-chain experts", skill="supply_chain", target_s=180),
    NewQueue("tickets", "工单", "Tickets", target_s=3600),
    NewQueue("supervisors", "班长", "Supervisors", skill="supervise", target_s=120),
)


def load() -> None:
    """Idempotent. Prints the administrator's first password once."""
    known = routing.queues()
    routing.save_queues([queue for queue in QUEUES if queue.code not in known])
    _escalation()
    ensure_channel("web", "web", {})
    if not governance.find_staff(role="admin"):
        password = secrets.token_urlsafe(12)
        governance.create_staff(
            SYSTEM, [NewStaff(username="admin", password=password, name="管理员", roles=("admin",))]
        )
        click.echo(f"  administrator: admin / {password}   (shown once; change it after signing in)")


def _escalation() -> None:
    if relay.has_line("default"):
        return  # operations may have changed it
    """Whoever lets a matter lie: first everybody, then the supervisors, and there it stays and alarms."""
    steps = (
        LineStep(holder=GENERAL, within_s=300, next_step="agent.answer"),
        LineStep(holder=SUPERVISORS, within_s=300, next_step="supervisor.look"),
    )
    relay.save_line(SYSTEM, code="default", steps=steps)
    expert = Holder(HolderKind.QUEUE, "supply_chain")
    logistics = LineStep(holder=expert, within_s=1800, next_step="agent.answer")
    relay.save_line(SYSTEM, code="logistics", steps=(logistics, *steps[1:]))


def ensure_channel(kind: str, name: str, settings: dict[str, str]) -> None:
    if name not in {channel.name for channel in channels.channels()}:
        channels.create_channel(SYSTEM, kind=kind, name=name, settings=settings)
