"""The laws as audits over the tables of conversations."""

from collections.abc import Iterator

from django.db.models import Count, F, Max, Q

from jieli.conversations.contracts import Direction
from jieli.conversations.models import Conversation, Message
from jieli.kernel import laws, models


@laws.audit(1, "an open conversation stands on an open matter")
def open_without_matter() -> Iterator[tuple[object, str]]:
    for row in Conversation.objects.filter(open=True).exclude(matter__state="open"):
        yield row.pk, "the conversation is open but its matter is not"


@laws.audit(1, "a closed conversation's matter is closed")
def closed_with_open_matter() -> Iterator[tuple[object, str]]:
    for row in Conversation.objects.filter(open=False, matter__state="open"):
        yield row.pk, "the conversation is closed but its matter is open"


@laws.audit(2, "the thread has no gaps and no doubles")
def gaps() -> Iterator[tuple[object, str]]:
    counted = Conversation.objects.annotate(n=Count("messages"), top=Max("messages__seq"))
    for row in counted.filter(~Q(n=F("last_seq")) | ~Q(top=F("last_seq"))).exclude(n=0, last_seq=0):
        yield row.pk, f"{row.n} messages, highest seq {row.top}, counter {row.last_seq}"


@laws.audit(5, "every customer message has its decision")
def undecided() -> Iterator[tuple[object, str]]:
    incoming = Message.objects.filter(direction=Direction.IN)
    for row in incoming.filter(decision=None):
        yield row.id, "a customer message without a decision"
    known = models.Decision.objects.values("id")
    for row in incoming.exclude(decision=None).exclude(decision__in=known):
        yield row.id, "a customer message whose decision is missing"


@laws.audit(2, "every customer message comes from one inbox row")
def unsourced() -> Iterator[tuple[object, str]]:
    for row in Message.objects.filter(direction=Direction.IN, inbox=None):
        yield row.id, "a customer message that no inbox row explains"
