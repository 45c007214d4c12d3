"""The one port: hooks and sockets are served here, everything else goes to Django in threads."""

from jieli.config.front.app import Front, build

__all__ = ["Front", "build"]
