"""Imported at start: loops, listeners, projections, examinations and audits register themselves, and understanding asks here
which model is live."""

from jieli.learning import (  # noqa: F401
    correcting,
    doctor,
    laws,
    live,
    projections,
    shadowing,
    training,
    watching,
)
