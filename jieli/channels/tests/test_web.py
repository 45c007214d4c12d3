import asyncio
import hashlib
import hmac

import pytest

from jieli.channels import committer, directory, facade
from jieli.channels.contracts import LANES, Media
from jieli.channels.errors import ChannelUnknown, IntakeFull, VisitorTokenInvalid
from jieli.channels.tests.conftest import Make, hook
from jieli.kernel.clock import ManualClock
from jieli.kernel.errors import Forbidden, Invalid

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "identity-secret-of-the-site"


@pytest.fixture(autouse=True)
def _channel(make: Make, now: ManualClock) -> None:
    make("web", "shop", identity_secret=SECRET)
    make("web", "other")


def user_hash(account: str) -> str:
    return hmac.new(SECRET.encode(), account.encode(), hashlib.sha256).hexdigest()


def test_a_visitor_writes_and_writing_again_after_a_lost_line_is_harmless() -> None:
    visitor = facade.new_visitor("shop")
    picture = Media(url="/files/1.jpg")
    first = asyncio.run(facade.accept_web("shop", visitor.token, message_id="1", text="你好\x00\ud800"))
    again = asyncio.run(facade.accept_web("shop", visitor.token, message_id="1", text="你好"))
    asyncio.run(
        facade.accept_web("shop", visitor.token, message_id="2", media=picture, context={"page": "/sku/1"})
    )
    assert again.id == first.id
    assert again.duplicate
    one, two = facade.claim_inbox(range(LANES), 10)
    assert (one.inbound.text, one.inbound.sender.key) == ("你好␀�", visitor.key)
    assert (two.inbound.type, two.inbound.media, two.inbound.context) == (
        "image",
        picture,
        {"page": "/sku/1"},
    )


def test_a_socket_needs_no_query_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """In an event loop the database may not be asked: a directory grown old is read again by the committer."""
    token = facade.new_visitor("shop").token

    async def later() -> list[bool]:
        done = []
        for n in range(3):
            directory.forget()
            done.append((await facade.accept_web("shop", token, message_id=str(n), text="x")).duplicate)
            await asyncio.sleep(directory.SHORTEST_AGE_S)
        directory._known.by_id.clear()
        directory.forget()
        known = await facade.identify_visitor("shop", token, account="A", user_hash=user_hash("A"))
        return [*done, known.account == "A"]

    assert asyncio.run(later()) == [False, False, False, True]


def test_two_visitors_may_use_the_same_message_id() -> None:
    for _ in range(2):
        asyncio.run(facade.accept_web("shop", facade.new_visitor("shop").token, message_id="1", text="x"))
    assert len(facade.claim_inbox(range(LANES), 10)) == 2


def test_a_token_is_ours_unchanged_and_of_this_channel() -> None:
    token = facade.new_visitor("shop").token
    assert facade.visitor("shop", token).token == token
    for wrong in (
        "",
        "x",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        facade.new_visitor("other").token,
        "\ud800",
    ):
        with pytest.raises(VisitorTokenInvalid):
            facade.visitor("shop", wrong)
    with pytest.raises(ChannelUnknown):
        facade.new_visitor("nowhere")


def test_a_visitor_is_identified_by_the_site_only() -> None:
    visitor = facade.new_visitor("shop")
    known = asyncio.run(
        facade.identify_visitor(
            "shop", visitor.token, account="A-1", user_hash=user_hash("A-1"), name="林小满"
        )
    )
    assert (known.key, known.account) == (visitor.key, "A-1")
    asyncio.run(facade.accept_web("shop", known.token, message_id="1", text="x"))
    event, message = facade.claim_inbox(range(LANES), 10)
    assert (event.inbound.type, event.inbound.event, event.inbound.sender.account) == (
        "event",
        "identified",
        "A-1",
    )
    assert (message.inbound.sender.account, message.inbound.sender.name) == ("A-1", "林小满")
    for account, proof in (("A-2", user_hash("A-1")), ("A-1", ""), ("A-1", "\ud800")):
        with pytest.raises(Forbidden):
            asyncio.run(facade.identify_visitor("shop", visitor.token, account=account, user_hash=proof))
    token = facade.new_visitor("other").token
    with pytest.raises(Forbidden, match="identity_secret"):
        asyncio.run(facade.identify_visitor("other", token, account="A", user_hash="x"))
    with pytest.raises(Invalid):
        asyncio.run(facade.identify_visitor("shop", visitor.token, account="A" * 201, user_hash="x"))


def test_what_cannot_be_stored_now_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    token = facade.new_visitor("shop").token
    monkeypatch.setattr(committer, "MOST_WAITING", 0)
    with pytest.raises(IntakeFull):
        asyncio.run(facade.accept_web("shop", token, message_id="1", text="x"))


def test_bounds() -> None:
    token = facade.new_visitor("shop").token
    for message_id in ("", "x" * 201):
        with pytest.raises(Invalid):
            asyncio.run(facade.accept_web("shop", token, message_id=message_id, text="x"))
    assert hook("/hooks/web/shop", b"{}").status == 405
