"""Which keys a contact brings: the channel's own sender key first, then what the message says about its sender."""

from jieli.channels.contracts import InboxItem, Sender
from jieli.identity.contracts import Contact, IdentityKind, Key

_OWN = {
    "wechat": IdentityKind.WECHAT_OPENID,
    "web": IdentityKind.WEB_VISITOR,
    "cti": IdentityKind.CTI_CALLER,
}


def contact_of(item: InboxItem) -> Contact:
    sender, channel = item.inbound.sender, item.channel
    own = Key(
        _OWN.get(channel.kind, IdentityKind.OPEN_SENDER),
        channel.namespace or channel.name,
        sender.key,
        verified=True,
        strong=True,
    )
    return Contact(
        keys=(own, *_told(sender, channel.namespace or channel.name, telephone=channel.kind == "cti")),
        name=sender.name,
        source=f"{channel.name}:{item.id}",  # platforms' own ids may look like, or hold, a phone or an identity number
        at=item.received_at,
    )


def _told(sender: Sender, namespace: str, *, telephone: bool) -> list[Key]:
    """A platform vouches for the unionid and the caller's number; an account is the shop's own, signed with the hook."""
    keys = []
    if sender.unionid:
        keys.append(Key(IdentityKind.WECHAT_UNIONID, "", sender.unionid, verified=True, strong=True))
    if sender.account:
        keys.append(Key(IdentityKind.ACCOUNT, "shop", sender.account, verified=True, strong=True))
    if sender.phone or telephone:
        keys.append(Key(IdentityKind.PHONE, "", sender.phone or sender.key, strong=True))
    if sender.email:
        keys.append(Key(IdentityKind.EMAIL, "", sender.email, strong=True))
    if sender.device:
        keys.append(Key(IdentityKind.DEVICE, "", sender.device))
    return keys
