"""Text as it may be stored: everything a customer can send is kept, in a form that every database takes."""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

TRAILING = "JSON is malformed: trailing characters"
LONGEST_TEXT = 64 * 1024
_MOST_CONTEXT = 64
_LONGEST_CONTEXT = 2000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """NUL becomes ␀ (U+2400) because PostgreSQL cannot store it; a lone surrogate becomes � (U+FFFD)."""
    if text.isprintable():
        return text
    return _UNSTORABLE.sub(lambda match: "␀" if match.group() == "\x00" else "�", text)


def clipped(text: str, longest: int = LONGEST_TEXT) -> str:
    """At most `longest` bytes of UTF-8, never half a character."""
    if len(text) * 4 <= longest:
        return text
    raw = text.encode()
    return text if len(raw) <= longest else raw[:longest].decode(errors="ignore")


def storable_context(context: Mapping[str, str]) -> dict[str, str]:
    """At most 64 entries of at most 2,000 bytes each; more is cut off, as context is a hint."""
    entries = list(context.items())[:_MOST_CONTEXT]
    return {clipped(storable(k), 100): clipped(storable(v), _LONGEST_CONTEXT) for k, v in entries if v}


def read_json(body: bytes, shape: Any = dict[str, Any]) -> Any:
    """Strict, with a depth limit. Raises `ValueError` in words; a lone surrogate is kept out by `storable` later."""
    try:
        return msgspec.json.decode(body, type=shape)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if b"\\ud" in body or b"\\uD" in body:
            return _read_with_surrogates(body, shape)
        raise ValueError(str(error)) from None


def _read_with_surrogates(body: bytes, shape: Any) -> Any:
    try:
        return msgspec.convert(_mended(json.loads(body)), type=shape)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise ValueError(TRAILING if error.msg == "Extra data" else str(error)) from None
    except (msgspec.ValidationError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(key): _mended(inner) for key, inner in value.items()}
    return [_mended(inner) for inner in value] if isinstance(value, list) else value
