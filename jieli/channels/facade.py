"""The door of channels: what came in, what goes out, and the channels themselves."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from jieli.channels import (
    administration,
    arrivals,
    committer,
    contacts,
    deliveries,
    directory,
    gate,
    held,
    inbox,
    intake,
    sending,
    signatures,
    visitors,
    vocabulary,
)
from jieli.channels.adapters.wechat import simulated
from jieli.channels.contracts import (
    Accepted,
    ChannelId,
    ChannelRef,
    ChannelTest,
    ChannelView,
    ContactId,
    ContactView,
    GateVerdict,
    Heard,
    Inbound,
    InboxId,
    InboxItem,
    IntakeCounts,
    Media,
    MessageType,
    NewOutgoing,
    OutgoingId,
    OutgoingView,
    Sender,
    SettingView,
    Visitor,
    WindowView,
    WordHit,
)
from jieli.channels.errors import IntakeFull, Refused
from jieli.kernel import clock
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Invalid

WAKE_INBOX = committer.WAKE
handle_hook = intake.handle_hook
on_delivery = deliveries.on_delivery
_WITHIN_S = 10.0


def claim_inbox(lanes: Sequence[int], limit: int) -> list[InboxItem]:
    """The oldest waiting contacts of these lanes (0 to `contracts.LANES` − 1), in order; whoever calls owns the lanes."""
    return inbox.claim(lanes, limit)


def finish_inbox(ids: Sequence[InboxId]) -> None:
    """Call in the transaction of the effects. Raises `InboxAlreadyHandled`, a `Conflict`, unless all were waiting."""
    inbox.finish(ids)


def fail_inbox(failed: InboxId, error: str) -> None:
    """Try it again later; its sender's later messages wait behind it. After ten failures it is set aside."""
    inbox.fail(failed, error)


def retry_dead_inbox(actor: Actor) -> int:
    """Give contacts that were set aside another chance; returns how many."""
    actor.require("channel.manage")
    return inbox.retry_dead()


def inbox_items(ids: Sequence[InboxId]) -> dict[InboxId, InboxItem]:
    return inbox.items(ids)


def sender_of(item: InboxId) -> Sender:
    """Who sent it, unmasked: to resolve a ringing call to a person."""
    return inbox.sender_of(item)


def intake_counts() -> IntakeCounts:
    return inbox.counts()


async def accept(channel: ChannelId, inbound: Inbound) -> Accepted:
    """Durable when it returns. Raises `IntakeFull` when that takes too long: send it again."""
    await intake.channels_known()
    try:
        return (await intake.durable(directory.line(channel).ref, [inbound], _WITHIN_S))[0]
    except Refused as refused:
        raise IntakeFull(refused.detail) from None


def accept_now(channel: ChannelId, inbound: Sequence[Inbound]) -> list[Accepted]:
    """The same for threads, many at once. Raises `IntakeFull` or `TimeoutError`."""
    ref, now = directory.line(channel).ref, clock.now()
    rows = [arrivals.arrival(ref, one, now) for one in inbound]
    return committer.shared().put_and_wait(rows, timeout_s=_WITHIN_S)


async def accept_web(
    channel: str,
    token: str,
    *,
    message_id: str,
    text: str = "",
    media: Media | None = None,
    type: MessageType | None = None,  # noqa: A002 - the message's own word
    sent_at: datetime | None = None,
    context: Mapping[str, str] | None = None,
) -> Accepted:
    """A message of the web chat; `message_id` is the page's, so that sending again after a lost line is harmless."""
    await intake.channels_known()
    visitor = visitors.read(channel, token)
    if not message_id or len(message_id) > visitors.LONGEST:
        raise Invalid(f"message_id needs 1 to {visitors.LONGEST} characters.")
    return await accept(
        directory.named(channel).ref.id,
        Inbound(
            message_id=f"{visitor.key}:{message_id}",
            sender=Sender(visitor.key, name=visitor.name, account=visitor.account),
            type=type or (MessageType.IMAGE if media and not text else MessageType.TEXT),
            sent_at=sent_at or clock.now(),
            text=text,
            media=media,
            context=context or {},
        ),
    )


def new_visitor(channel: str) -> Visitor:
    """A fresh anonymous visitor of a web channel."""
    return visitors.new(channel)


def visitor(channel: str, token: str) -> Visitor:
    """Raises `VisitorTokenInvalid`."""
    return visitors.read(channel, token)


async def identify_visitor(
    channel: str, token: str, *, account: str, user_hash: str, name: str = ""
) -> Visitor:
    """Tie the visitor to an account that the brand's site vouches for; keep the new token. Arrives as an event."""
    await intake.channels_known()
    known = visitors.identified(channel, token, account, user_hash, name)
    await accept(
        directory.named(channel).ref.id,
        Inbound(
            message_id=f"{known.key}:identified:{account}",
            sender=Sender(known.key, name=name, account=account),
            type=MessageType.EVENT,
            event="identified",
            sent_at=clock.now(),
        ),
    )
    return known


@transaction.atomic
def note_inbound_many(heard: Sequence[Heard]) -> list[ContactId]:
    """Contacts in the order given, made where new; opens windows, and lets held messages of people go out."""
    rows = contacts.note_inbound(heard)
    held.reconsider({row.id for row in rows})
    return [ContactId(row.id) for row in rows]


def submit_many(actor: Actor, outgoing: Sequence[NewOutgoing]) -> list[GateVerdict]:
    """Gate and rows, in the caller's transaction. The verdict tells the first state; `on_delivery` hears of later
    ones. Repeating an id changes nothing."""
    return gate.submit(actor, outgoing)


def release(actor: Actor, ids: Sequence[OutgoingId]) -> list[GateVerdict]:
    """A person sends held messages as theirs; they may use what the gate keeps for humans."""
    return held.release(actor, ids)


def send_due() -> int:
    """Send what is due now, in this thread, outside a transaction; returns how many were tried. Workers do it by
    themselves."""
    return sending.send_due()


def delivered_many(ids: Sequence[OutgoingId]) -> None:
    """The other side has shown them to the customer."""
    deliveries.delivered(ids)


def outgoing(ids: Sequence[OutgoingId]) -> dict[OutgoingId, OutgoingView]:
    return deliveries.views(ids)


def windows(ids: Sequence[ContactId]) -> Mapping[ContactId, WindowView | None]:
    """None where no window is open, or the channel has none (`contacts` tells which)."""
    return contacts.windows(ids)


def contacts_by_id(ids: Sequence[ContactId]) -> dict[ContactId, ContactView]:
    return contacts.by_id(ids)


def contacts_of(person: UUID) -> list[ContactView]:
    """All addresses of a person, the one heard last first."""
    return contacts.of_person(person)


def move_contacts(ids: Sequence[ContactId], person: UUID) -> None:
    contacts.move(ids, person)


def mute(ids: Sequence[ContactId], *, muted: bool = True) -> None:
    """No notices to these contacts any more, and no answers until they write again."""
    contacts.mute(ids, muted=muted)


def find_sensitive(text: str) -> tuple[WordHit, ...]:
    """For the warning in the composer, before anything is sent."""
    return vocabulary.matcher().find(text)


def put_sensitive_word(actor: Actor, word: str, *, blocks: bool = True, note: str = "") -> None:
    actor.require("channel.manage")
    vocabulary.put(word, blocks=blocks, note=note)


def remove_sensitive_word(actor: Actor, word: str) -> None:
    actor.require("channel.manage")
    vocabulary.remove(word)


def channels() -> list[ChannelRef]:
    return [line.ref for line in directory.lines().values()]


def channel(wanted: ChannelId) -> ChannelRef:
    """Raises `ChannelUnknown`."""
    return directory.line(wanted).ref


def channel_named(name: str) -> ChannelRef:
    """Raises `ChannelUnknown`."""
    return directory.named(name).ref


def kinds() -> dict[str, list[SettingView]]:
    """The kinds of channels there are, and what each needs to be set up."""
    return administration.kinds()


def create_channel(actor: Actor, *, kind: str, name: str, settings: Mapping[str, str]) -> ChannelView:
    """`hook` of what it returns is the address to enter at the platform."""
    return administration.create(actor, kind=kind, name=name, settings=settings)


def change_channel(
    actor: Actor, *, name: str, settings: Mapping[str, str], enabled: bool | None = None
) -> ChannelView:
    """What is not named stays as it is."""
    return administration.change(actor, name=name, settings=settings, enabled=enabled)


def list_channels(actor: Actor) -> list[ChannelView]:
    return administration.listed(actor)


def test_channel(actor: Actor, name: str) -> ChannelTest:
    """A real round trip with the platform; call it outside a transaction."""
    return administration.tested(actor, name)


def secrets_of(actor: Actor, name: str) -> dict[str, str]:
    """All settings in clear, for the simulator that plays the platform."""
    return administration.settings_of(actor, name)


def wechat_push(settings: Mapping[str, str], xml: str, *, at: datetime, nonce: str) -> tuple[str, bytes]:
    """Query and body as WeChat's server would push this message: encrypted when there is an aes_key."""
    return simulated.push(settings, xml, at=at, nonce=nonce)


def signed_header(secret: str, body: bytes, at: datetime) -> tuple[str, str]:
    """The header that signs a body for the open and cti hooks."""
    return "X-Jieli-Signature", signatures.sign(secret, body, at)


def stop_intake() -> None:
    """Commit what waits, then end the committing thread; for a process that stops."""
    committer.shared().stop()
