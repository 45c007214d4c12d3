"""The door of config: the command line, for `jieli` itself."""

from jieli.config.cli import cli

__all__ = ["cli"]
