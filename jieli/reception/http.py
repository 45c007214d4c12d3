from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from jieli.kernel.http import actor_of
from jieli.reception import pops, suggesting
from jieli.reception.contracts import ScreenPop
from jieli.reception.suggesting import Suggestion

router = Router(tags=["conversations"])


@router.get("/conversations/{conversation}/suggestion", response=Suggestion)
def suggestion(request: HttpRequest, conversation: UUID) -> Suggestion:
    """What the bot would answer to the customer's last words, from articles and live facts, with its sources."""
    return suggesting.suggestion(actor_of(request), conversation)


@router.get("/calls", response=list[ScreenPop])
def list_calls(request: HttpRequest) -> list[ScreenPop]:
    """The telephone calls that ring now, the oldest first."""
    return pops.ringing(actor_of(request))
