from datetime import timedelta

from jieli.governance import trail
from jieli.kernel import deadlines


@deadlines.every(timedelta(seconds=10), "governance.seal_audit")
def seal_audit() -> None:
    while trail.seal():
        pass
