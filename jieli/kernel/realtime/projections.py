"""From events to what screens are shown.

An event carries ids; a projection reads the rows as they are now and builds the same shape that the REST snapshot
has, so that "old snapshot + frames" equals "new snapshot". It runs only for events somebody watches.
"""

from collections.abc import Callable, Iterable, Sequence

from jieli.kernel.realtime.contracts import Frame, Published

Projection = Callable[[Sequence[Published]], Iterable[Frame]]
_projections: dict[str, list[Projection]] = {}


def projects(*names: str) -> Callable[[Projection], Projection]:
    def register(projection: Projection) -> Projection:
        for name in names:
            _projections.setdefault(name, []).append(projection)
        return projection

    return register


def frames(events: Sequence[Published]) -> list[Frame]:
    """All frames of the events, in the order of the log. Events without a projection tell nobody anything."""
    by_projection: dict[Projection, list[Published]] = {}
    for event in events:
        for projection in _projections.get(event.name, ()) if event.topics else ():
            by_projection.setdefault(projection, []).append(event)
    made = [frame for projection, group in by_projection.items() for frame in projection(group)]
    return sorted(made, key=lambda frame: frame.position)
