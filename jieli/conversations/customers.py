"""The customer's side: who is behind a chat session, and what they may see of their own matters."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.core import signing

from jieli.channels import facade as channels
from jieli.conversations.errors import LinkInvalid
from jieli.identity import facade as identity
from jieli.identity.contracts import Contact, IdentityKind, Key, PersonId
from jieli.kernel import clock
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.errors import JieliError, NotSignedIn
from jieli.kernel.text import storable

SHOP = "shop"
LINK_HOLDS = timedelta(days=7)
_LINK = "jieli.conversations.customer-link"
_TIED_BY = (
    (IdentityKind.PHONE, ""),
    (IdentityKind.WECHAT_UNIONID, ""),
    (IdentityKind.EMAIL, ""),
    (IdentityKind.ACCOUNT, SHOP),
)


def actor_of(channel: str, token: str) -> Actor:
    """The customer behind a session token of the web chat. Raises the channel's error for a bad token."""
    visitor = channels.visitor(channel, token)
    keys = [Key(IdentityKind.WEB_VISITOR, channel, visitor.key, verified=True, strong=True)]
    if visitor.account:
        keys.append(Key(IdentityKind.ACCOUNT, SHOP, visitor.account, verified=True, strong=True))
    contact = Contact(keys=tuple(keys), name=visitor.name, source=f"{channel}:session", at=clock.now())
    (found,) = identity.resolve_many([contact])
    return Actor(kind=ActorKind.CUSTOMER, id=found.person, name=visitor.name)


def asking(headers: Mapping[str, str]) -> Actor:
    """The customer whose session token a request carries in `X-Visitor`, of the channel in `X-Channel`."""
    token, channel = headers.get("X-Visitor", ""), headers.get("X-Channel", "web")
    if not token or not storable(channel):
        raise NotSignedIn
    return actor_of(channel, token)


def own_ids(actor: Actor) -> Sequence[UUID]:
    """All ids under which this person's rows may stand (merges keep rows where they are)."""
    assert actor.id is not None
    return list(identity.family(actor.id))


def link_of(person: UUID) -> str:
    """A signed text by which one person's page can be opened for `LINK_HOLDS`; whoever has it is taken for them."""
    return signing.dumps(identity.canonical(person).hex, salt=_LINK, compress=True)


def open_link(channel: str, link: str) -> str:
    """A session token of the person that a link was made for. Raises `LinkInvalid`."""
    try:
        person = identity.canonical(UUID(signing.loads(link, salt=_LINK, max_age=LINK_HOLDS)))
    except (signing.BadSignature, ValueError, JieliError):
        raise LinkInvalid from None
    visitor = channels.new_visitor(channel)
    mine = Key(IdentityKind.WEB_VISITOR, channel, visitor.key, verified=True, strong=True)
    contact = Contact(keys=(mine, _strong_key(person)), name="", source=f"{channel}:link", at=clock.now())
    (found,) = identity.resolve_many([contact])
    if identity.canonical(found.person) != person:
        raise LinkInvalid
    return visitor.token


def _strong_key(person: PersonId) -> Key:
    """A key that only this person has, to tie a new session to."""
    held = identity.owner_values([person])[person]
    for kind, namespace in _TIED_BY:
        if values := held.get(kind):
            return Key(kind, namespace, values[0], verified=True, strong=True)
    raise LinkInvalid


def find(who: str) -> PersonId | None:
    """The person with this phone, e-mail or shop account."""
    keys = [
        Key(kind, namespace, who) for kind, namespace in _TIED_BY if kind is not IdentityKind.WECHAT_UNIONID
    ]
    blinds = [blind for key in keys if (blind := identity.blind_of(key))]
    return next(iter(identity.held_by(blinds).values()), None)
