"""Asks another system's HTTP interface by GET. It may push as well (services: push)."""

import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
import msgspec

from jieli.kernel import clock
from jieli.kernel.errors import Permanent, Transient
from jieli.supply import ingest
from jieli.supply.contracts import FactKind, RawFact
from jieli.supply.sources.http import mapping
from jieli.supply.sources.http.settings import HttpSettings, KindPull, read
from jieli.supply.sources.port import Pull

_LARGEST = 4 * 1024 * 1024


def make(name: str, settings: Mapping[str, Any]) -> "HttpSource":
    return HttpSource(name, read(settings))


class HttpSource:
    """`transport` stands in for the network where a test or a relay gives one."""

    def __init__(
        self, name: str, settings: HttpSettings, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.name = name
        self._settings = settings
        self._zone = ZoneInfo(settings.time_zone)
        headers = {"Accept": "application/json"}
        if settings.auth_value:
            headers[settings.auth_header] = settings.auth_value
        self._client = httpx.Client(headers=headers, transport=transport, trust_env=False)

    def can_pull(self, pull: Pull) -> bool:
        spec = self._settings.pulls.get(pull.kind)
        if spec is None or not self._settings.base_url:
            return False
        if pull.is_personal:
            return bool(spec.by_owner)
        return bool(spec.by_key if pull.key else spec.everything)

    def pull(self, pull: Pull, *, timeout_s: float) -> list[RawFact]:
        spec = self._settings.pulls[pull.kind]
        end = time.monotonic() + min(timeout_s, self._settings.timeout_s)
        found = [fact for path in _paths(spec, pull) for fact in self._ask(pull.kind, spec, path, end)]
        return list({fact.key: fact for fact in found}.values())

    def _ask(self, kind: FactKind, spec: KindPull, path: str, end: float) -> list[RawFact]:
        body = self._get(self._settings.base_url + path, end)
        if body is None:
            return []
        listed = mapping.at(body, spec.items)
        if mapping.is_missing(listed):
            return []
        now = clock.now()
        return [
            self._fact(kind, spec, one, now) for one in (listed if isinstance(listed, list) else [listed])
        ]

    def _fact(self, kind: FactKind, spec: KindPull, given: Any, now: datetime) -> RawFact:
        def texts(paths: Mapping[str, str]) -> dict[str, str]:
            found = {name: mapping.at(given, path) for name, path in paths.items()}
            return {name: str(value) for name, value in found.items() if not mapping.is_missing(value)}

        as_of = mapping.at(given, spec.as_of) if spec.as_of else None
        stamp = mapping.converted("as_of", "time", as_of, self._zone) if not mapping.is_missing(as_of) else ""
        return ingest.fact(
            kind,
            mapping.mapped(spec.fields, given, zone=self._zone),
            as_of=datetime.fromisoformat(stamp) if stamp else now,
            owner=texts(spec.owner),
            private=texts(spec.private),
            namespaces=self._settings.namespaces,
            now=now,
        )

    def _get(self, url: str, end: float) -> Any:
        """The JSON answer, or None for 404. Obeys the deadline also against a server that drips its answer."""
        try:
            with self._client.stream("GET", url, timeout=_left(end)) as response:
                if response.status_code == httpx.codes.NOT_FOUND:
                    return None
                _judge(response)
                return msgspec.json.decode(b"".join(_read(response, end)))
        except httpx.TimeoutException:
            raise Transient("no answer in time", code="timeout") from None
        except httpx.HTTPError as error:
            raise Transient(f"{type(error).__name__}: {error}", code="network") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Permanent("the answer is not JSON", code="not_json") from None


def _paths(spec: KindPull, pull: Pull) -> Iterator[str]:
    if pull.key:
        yield spec.by_key.replace("{key}", quote(pull.key, safe=""))
    elif not pull.is_personal:
        yield spec.everything
    for kind, path in spec.by_owner.items():
        for value in pull.identities.get(kind, ()) if not pull.key else ():
            yield path.replace("{value}", quote(value.removeprefix("+86"), safe=""))


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise Transient("no answer in time", code="timeout")
    return left


def _read(response: httpx.Response, end: float) -> Iterator[bytes]:
    size = 0
    for chunk in response.iter_bytes():
        _left(end)
        size += len(chunk)
        if size > _LARGEST:
            raise Permanent("the answer is larger than 4 MiB", code="too_large")
        yield chunk


def _judge(response: httpx.Response) -> None:
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS or status >= 500:
        raise Transient(f"answered {status}", code="status")
    if status != httpx.codes.OK:
        raise Permanent(f"answered {status}; check its address and its key", code="status")
