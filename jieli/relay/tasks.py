"""Imported at start: deadlines, projections, topic guards, law audits and examinations register themselves."""

from jieli.relay import clocks, doctor, escalation, laws, projections  # noqa: F401
