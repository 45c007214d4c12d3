"""Finds a commitment with a due time in what an agent or the bot writes."""

from jieli.promises.detection.sentences import detect

__all__ = ["detect"]
