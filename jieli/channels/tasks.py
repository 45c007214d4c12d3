"""Loops and what is due now and then."""

from datetime import timedelta

from jieli.channels import gate, held, sending
from jieli.kernel import deadlines, worker
from jieli.kernel.worker import Loop

deadlines.every(timedelta(minutes=10), "channels.drop_held")(held.drop_old)


@worker.register
def loops() -> list[Loop]:
    carrier = sending.Carrier()
    return [
        Loop("sending", carrier.turn, gate.WAKE, 0.5, full=sending.AT_ONCE, finish=carrier.finish),
    ]
