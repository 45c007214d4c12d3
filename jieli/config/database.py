"""`JIELI_DATABASE_URL` → Django's database settings; no URL means SQLite in the data folder."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; "
    "PRAGMA temp_store=MEMORY;"
)


def database(url: str, data: Path) -> dict[str, Any]:
    """Raises `ValueError` for an address that is neither postgresql:// nor sqlite://."""
    if not url:
        data.mkdir(parents=True, exist_ok=True)
        return _sqlite(str(data / "jieli.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(
            f"JIELI_DATABASE_URL: “{parts.scheme}” is not supported; use postgresql://user:password@host/name."
        )
    return {
        "ENGINE": "jieli.kernel.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def _sqlite(path: str) -> dict[str, Any]:
    """WAL so that readers never wait, IMMEDIATE so that two writers queue instead of failing, FULL so that an
    acknowledged contact survives a power cut."""
    return {
        "ENGINE": "jieli.kernel.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": _SQLITE_PRAGMAS},
        "TEST": {"NAME": None},
    }
