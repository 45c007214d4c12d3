"""Pictures and recordings fetched in order to pass them on to a platform."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import httpx

from jieli.kernel.errors import Permanent, Transient


@dataclass(frozen=True, slots=True)
class Downloaded:
    name: str
    mime: str
    content: bytes


def fetch(url: str, kind: str, largest: int) -> Downloaded:
    """`kind` is image, voice or video; anything else behind the address is refused for good."""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise Permanent("the file has no http address", code="media_address")
    try:
        with httpx.stream("GET", url, timeout=10.0) as response:
            if response.is_client_error:
                raise Permanent(f"the file is not there ({response.status_code})", code="media_missing")
            response.raise_for_status()
            mime = response.headers.get("content-type", "").split(";")[0].strip()
            return Downloaded(_name(url, mime), _checked(mime, kind), _read(response, largest))
    except httpx.HTTPError as error:
        raise Transient(f"the file could not be fetched: {type(error).__name__}", code="media") from None


def _checked(mime: str, kind: str) -> str:
    if mime.split("/", maxsplit=1)[0] != {"voice": "audio"}.get(kind, kind):
        raise Permanent(f"the file is “{mime}”, not {kind}", code="media_kind")
    return mime


def _read(response: httpx.Response, largest: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > largest:
            raise Permanent(f"the file is larger than {largest} bytes", code="media_size")
    return bytes(content)


def _name(url: str, mime: str) -> str:
    name = PurePosixPath(urlsplit(url).path).name or "file"
    return name if "." in name else f"{name}.{mime.rsplit('/', maxsplit=1)[-1]}"
