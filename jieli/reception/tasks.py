from jieli.kernel import worker
from jieli.kernel.ids import new_id
from jieli.kernel.worker import Loop
from jieli.reception import pipeline
from jieli.reception.lanes import Lanes
from jieli.understanding import facade as understanding

WAKE = "inbox"


@worker.register
def loops() -> list[Loop]:
    understanding.warm()
    lanes = Lanes(new_id())
    return [Loop("reception", lambda: pipeline.handle(lanes.now()), WAKE, 0.5, pipeline.BATCH)]
