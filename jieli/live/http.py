from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from jieli.kernel.http import Page, actor_of, page
from jieli.live import facade, models, selectors
from jieli.live.contracts import Session, SessionSummary

router = Router(tags=["live"])


@router.get("/live/sessions", response=Page[SessionSummary])
def list_sessions(request: HttpRequest, room: str = "", cursor: str = "") -> dict[str, Any]:
    """Livestream sessions, newest first; of one room when its key is given."""
    actor_of(request).require("supply.read")
    rows = models.Session.objects.all()
    if room:
        rows = rows.filter(room__key=room) if room.isprintable() else rows.none()
    return page(rows, cursor, selectors.summaries)


@router.get("/live/sessions/{session}", response=Session)
def show_session(request: HttpRequest, session: UUID) -> Session:
    """One session with its items on air, their scripts, and the host's promises."""
    return facade.session(actor_of(request), session)
