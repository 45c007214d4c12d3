"""`Idempotency-Key`: a write repeated with the same key gets the first answer, and happens once.

The key is held per actor for a day. Repeating it with another body is refused, and so is repeating it while the
first is still at work.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from jieli.kernel import clock, deadlines
from jieli.kernel.http import problem
from jieli.kernel.models import IdempotencyKey

_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_LONGEST = 120
_KEEP = timedelta(days=1)


class IdempotencyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.headers.get("Idempotency-Key", "")
        actor = getattr(request, "actor", None)
        if not key or actor is None or request.method not in _UNSAFE or not request.path.startswith("/api/"):
            return self.get_response(request)
        if len(key) > _LONGEST:
            return problem(422, "invalid", f"An Idempotency-Key has at most {_LONGEST} characters.")
        return self._once(request, f"{actor.kind}:{actor.id}", key)

    def _once(self, request: HttpRequest, actor: str, key: str) -> HttpResponseBase:
        fingerprint = hashlib.sha256(
            f"{request.method} {request.get_full_path()}\n".encode() + request.body
        ).hexdigest()
        try:
            with transaction.atomic():
                row = IdempotencyKey.objects.create(
                    actor=actor, key=key, fingerprint=fingerprint, at=clock.now()
                )
        except IntegrityError:
            return _repeated(IdempotencyKey.objects.get(actor=actor, key=key), fingerprint)
        try:
            response = self.get_response(request)
        except BaseException:
            row.delete()
            raise
        if response.status_code >= 500 or not isinstance(response, HttpResponse):
            row.delete()
        else:
            row.status, row.body = response.status_code, response.content.decode()
            row.save(update_fields=["status", "body"])
        return response


def _repeated(row: IdempotencyKey, fingerprint: str) -> HttpResponse:
    if row.fingerprint != fingerprint:
        return problem(
            422,
            "idempotency_key_reused",
            "This Idempotency-Key was used for another request; make a new one.",
        )
    if row.status is None:
        return problem(
            409,
            "still_at_work",
            "The first request with this Idempotency-Key is still at work; repeat shortly.",
        )
    return HttpResponse(row.body, status=row.status, content_type="application/json")


@deadlines.every(timedelta(hours=1), "kernel.forget_idempotency_keys")
def forget_old_keys() -> None:
    IdempotencyKey.objects.filter(at__lt=clock.now() - _KEEP).delete()
