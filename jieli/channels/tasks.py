"""Jobs and loops. Sending waits for platforms most of the time, so several loops share its queue."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from jieli.channels import gate, held, sending
from jieli.kernel import deadlines, jobs, worker
from jieli.kernel.worker import Loop

QUEUE = "outbound"
_MORE_LOOPS = 5

deadlines.every(timedelta(minutes=10), "channels.drop_held")(held.drop_old)


@jobs.handler_of_many(gate.SEND, queue=QUEUE, attempts=20, atomic=False)
def send(payloads: list[dict[str, Any]]) -> None:
    sending.deliver_many([UUID(payload["outgoing"]) for payload in payloads])


@worker.register
def more_senders() -> list[Loop]:
    return [
        Loop(f"jobs:{QUEUE}:{number}", lambda: jobs.run_due(QUEUE, limit=8), jobs.wake_name(QUEUE), full=8)
        for number in range(_MORE_LOOPS)
    ]


@deadlines.every(timedelta(minutes=2), "channels.resume_stuck")
def resume_stuck() -> None:
    sending.resume_stuck()
