"""Simulated customers for drills, staffing and training: scripts, and their casting with the brand's people."""

from jieli.demo.scripts.casting import cast
from jieli.demo.scripts.library import scripts

__all__ = ["cast", "scripts"]
