"""Imported at start: what follows matters, projections and law audits register themselves."""

from jieli.tickets import following, laws, projections  # noqa: F401
