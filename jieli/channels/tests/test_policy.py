"""The gate's rules: a table for each reason, and properties over any history of acts and sends."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from jieli.channels import policy
from jieli.channels.adapters import manifests
from jieli.channels.contracts import DeliveryState, GateReason, MessageType, SentBy
from jieli.channels.policy import Address, GateRules, Window, Wish
from jieli.kernel.actor import BOT, SYSTEM, Actor, ActorKind

T0 = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WECHAT = manifests()["wechat"].rules
FREE = manifests()["open"].rules


def after(*acts: tuple[str, float], rules: GateRules = WECHAT) -> tuple[Window, ...]:
    windows: tuple[Window, ...] = ()
    for event, minutes in acts:
        windows = policy.opened(windows, rules, event, T0 + timedelta(minutes=minutes))
    return windows


def used(windows: tuple[Window, ...], times: int) -> tuple[Window, ...]:
    for _ in range(times):
        windows = policy.spent(windows, windows[0])
    return windows


def reason(wish: Wish, address: Address, minutes: float = 0) -> str:
    return policy.judge(wish, address, T0 + timedelta(minutes=minutes)).reason


@pytest.mark.parametrize(
    ("event", "limit", "seconds"),
    [
        ("", 5, 48 * 3600),
        ("menu_click", 3, 60),
        ("scancode_waitmsg", 3, 60),
        ("subscribe", 3, 60),
        ("scan", 3, 60),
        ("user_enter_tempsession", 2, 60),
    ],
)
def test_wechats_windows_are_those_of_its_document(event: str, limit: int, seconds: int) -> None:
    [window] = after((event, 0))
    assert window.limit == limit
    assert window.closes_at == T0 + timedelta(seconds=seconds)
    last, end = window.closes_at - timedelta(microseconds=1), window.closes_at
    assert window.is_open(last)
    assert not window.is_open(end)


@pytest.mark.parametrize("event", ["menu_view", "location", "unsubscribe", "anything_else"])
def test_other_acts_open_nothing(event: str) -> None:
    assert after((event, 0)) == ()


def test_unsubscribing_shuts_every_window() -> None:
    assert after(("", 0), ("menu_click", 0), ("unsubscribe", 1)) == ()


def test_a_new_message_starts_its_window_afresh_and_a_late_one_does_not() -> None:
    first = used(after(("", 0)), 4)
    again = policy.opened(first, WECHAT, "", T0 + timedelta(hours=1))
    assert [(w.left, w.opens_at) for w in again] == [(5, T0 + timedelta(hours=1))]
    assert policy.opened(first, WECHAT, "", T0) == first
    assert policy.opened(again, WECHAT, "", T0) == again


@pytest.mark.parametrize(
    ("by", "sent", "expected"),
    [
        (SentBy.BOT, 0, GateReason.IN_WINDOW),
        (SentBy.BOT, 3, GateReason.IN_WINDOW),
        (SentBy.BOT, 4, GateReason.RESERVED_FOR_HUMAN),
        (SentBy.SYSTEM, 4, GateReason.RESERVED_FOR_HUMAN),
        (SentBy.AGENT, 4, GateReason.IN_WINDOW),
        (SentBy.AGENT, 5, GateReason.QUOTA_USED),
        (SentBy.BOT, 5, GateReason.QUOTA_USED),
    ],
)
def test_the_last_message_of_a_window_is_kept_for_a_human(by: SentBy, sent: int, expected: str) -> None:
    address = Address(rules=WECHAT, windows=used(after(("", 0)), sent))
    assert reason(Wish(by=by, text="x"), address) == expected


def test_minute_windows_keep_nothing_back_and_are_spent_first() -> None:
    address = Address(rules=WECHAT, windows=after(("", 0), ("menu_click", 0)))
    for left in (2, 1, 0):
        judged = policy.judge(Wish(by=SentBy.BOT, text="x"), address, T0)
        assert judged.window is not None
        assert judged.window.kind == "menu"
        address = Address(rules=WECHAT, windows=policy.spent(address.windows, judged.window))
        assert next(w for w in address.windows if w.kind == "menu").left == left
    assert policy.view(address.windows, T0) == policy.view(after(("", 0)), T0)


TEXT = Wish(by=SentBy.AGENT, text="x")
OPEN = after(("", 0))


@pytest.mark.parametrize(
    ("wish", "address", "expected"),
    [
        (TEXT, Address(rules=FREE), "free"),
        (TEXT, Address(rules=FREE, enabled=False), "channel_off"),
        (TEXT, Address(rules=FREE, can_send=False), "cannot_send"),
        (TEXT, Address(rules=manifests()["cti"].rules), "cannot_send"),
        (TEXT, Address(rules=WECHAT), "window_closed"),
        (TEXT, Address(rules=WECHAT, windows=OPEN), "in_window"),
        (Wish(by=SentBy.AGENT, text=" \n"), Address(rules=FREE), "empty"),
        (
            Wish(by=SentBy.AGENT, type=MessageType.IMAGE, has_media=True),
            Address(rules=WECHAT, windows=OPEN),
            "in_window",
        ),
        (
            Wish(by=SentBy.AGENT, type=MessageType.FILE, has_media=True),
            Address(rules=WECHAT, windows=OPEN),
            "type_not_supported",
        ),
        (Wish(by=SentBy.AGENT, text="长" * 682), Address(rules=WECHAT, windows=OPEN), "in_window"),
        (Wish(by=SentBy.AGENT, text="长" * 683), Address(rules=WECHAT, windows=OPEN), "too_long"),
        (Wish(by=SentBy.AGENT, text="x", blocked_word=True), Address(rules=FREE), "sensitive_word"),
        (Wish(by=SentBy.AGENT, text="x", blocked_word=True), Address(rules=WECHAT), "sensitive_word"),
        (TEXT, Address(rules=FREE, muted_at=T0), "muted"),
        (TEXT, Address(rules=FREE, muted_at=T0, last_inbound_at=T0 - timedelta(days=1)), "muted"),
        (TEXT, Address(rules=FREE, muted_at=T0, last_inbound_at=T0 + timedelta(days=1)), "free"),
        (
            Wish(by=SentBy.SYSTEM, text="x"),
            Address(rules=FREE, muted_at=T0, last_inbound_at=T0 + timedelta(days=1)),
            "muted",
        ),
    ],
)
def test_each_refusal_names_its_reason(wish: Wish, address: Address, expected: str) -> None:
    assert reason(wish, address) == expected


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (GateReason.WINDOW_CLOSED, DeliveryState.HELD),
        (GateReason.QUOTA_USED, DeliveryState.HELD),
        (GateReason.RESERVED_FOR_HUMAN, DeliveryState.HELD),
        (GateReason.SENSITIVE_WORD, DeliveryState.BLOCKED),
        (GateReason.MUTED, DeliveryState.BLOCKED),
        (GateReason.CANNOT_SEND, DeliveryState.BLOCKED),
        (GateReason.TOO_LONG, DeliveryState.BLOCKED),
    ],
)
def test_what_waiting_can_mend_is_held(refusal: GateReason, state: str) -> None:
    assert policy.state_after(policy.Judgement(False, refusal)) == state


def test_fallback_prefers_the_address_heard_last() -> None:
    shut = Address(rules=WECHAT)
    older = Address(rules=FREE, last_inbound_at=T0 - timedelta(days=2))
    newer = Address(rules=WECHAT, windows=OPEN, last_inbound_at=T0)
    never = Address(rules=FREE)
    wish = Wish(by=SentBy.BOT, text="x")
    assert policy.choose(wish, shut, [older, newer, never], T0) == (
        1,
        policy.Judgement(True, GateReason.FALLBACK, OPEN[0]),
    )
    assert policy.choose(wish, shut, [never, older], T0)[0] == 1
    assert policy.choose(wish, shut, [shut], T0) == (-1, policy.Judgement(False, GateReason.WINDOW_CLOSED))
    assert policy.choose(wish, newer, [older], T0)[0] == -1


def test_a_forbidden_word_finds_no_other_way_out() -> None:
    wish = Wish(by=SentBy.AGENT, text="x", blocked_word=True)
    assert policy.choose(wish, Address(rules=WECHAT), [Address(rules=FREE)], T0)[1].reason == "sensitive_word"


AGENT = Actor(kind=ActorKind.HUMAN, permissions=frozenset({"conversation.reply"}))
READER = Actor(kind=ActorKind.HUMAN)
CUSTOMER = Actor(kind=ActorKind.CUSTOMER)


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (AGENT, {SentBy.AGENT, SentBy.SYSTEM}),
        (READER, {SentBy.SYSTEM}),
        (BOT, {SentBy.BOT, SentBy.SYSTEM}),
        (SYSTEM, set(SentBy)),
        (CUSTOMER, set()),
    ],
)
def test_who_may_speak_as_whom(actor: Actor, allowed: set[SentBy]) -> None:
    assert {by for by in SentBy if policy.may_submit(actor, by)} == allowed


def test_the_view_shows_the_longest_window_with_something_left() -> None:
    windows = used(after(("", 0)), 5) + after(("menu_click", 0))
    shown = policy.view(windows, T0)
    assert shown is not None
    assert (shown.kind, shown.left, shown.limit) == ("menu", 3, 3)
    later = policy.view(windows, T0 + timedelta(minutes=2))
    assert later is not None
    assert (later.kind, later.left) == ("message", 0)
    assert policy.view(windows, T0 + timedelta(hours=48)) is None


def test_a_refund_goes_to_the_window_that_was_spent() -> None:
    [window] = after(("", 0))
    spent = policy.spent((window,), window)
    assert policy.refunded(spent, window) == (window,)
    assert policy.refunded((window,), window) == (window,)
    fresh = policy.opened(spent, WECHAT, "", T0 + timedelta(hours=1))
    assert policy.refunded(fresh, window) == fresh
    assert policy.refunded(fresh, None) == fresh


@given(
    st.lists(
        st.tuples(st.sampled_from(["", "menu_click", "scan", "subscribe"]), st.integers(0, 5000)), max_size=12
    )
)
def test_acts_in_any_order_end_in_the_same_windows(acts: list[tuple[str, int]]) -> None:
    """Platforms deliver out of order: what is open after the last act does not depend on it."""
    end = T0 + timedelta(minutes=5000)

    def open_at_the_end(history: list[tuple[str, int]]) -> set[Window]:
        return {w for w in after(*history) if w.is_open(end)}

    assert open_at_the_end(acts) == open_at_the_end(sorted(acts, key=lambda act: act[1]))


class AnyHistory(RuleBasedStateMachine):
    """Acts, sends and corrections in any order: the platform's own count is never exceeded."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.windows = T0, ()  # type: tuple[datetime, tuple[Window, ...]]
        self.left_through: dict[tuple[str, datetime], list[SentBy]] = {}

    @rule(event=st.sampled_from(["", "menu_click", "scan", "user_enter_tempsession", "unsubscribe", "view"]))
    def act(self, event: str) -> None:
        self.now += timedelta(microseconds=1)
        self.windows = policy.opened(self.windows, WECHAT, event, self.now)
        if event == "unsubscribe":
            assert not policy.may_be_written_to(self.address, self.now)

    @rule(seconds=st.sampled_from([0.0, 1, 59, 60, 61, 3600, 172_799, 172_800]))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(by=st.sampled_from(SentBy))
    def send(self, by: SentBy) -> None:
        judged = policy.judge(Wish(by=by, text="x"), self.address, self.now)
        if not judged.allowed:
            return
        assert judged.window is not None
        assert judged.window.is_open(self.now)
        self.left_through.setdefault((judged.window.kind, judged.window.opens_at), []).append(by)
        self.windows = policy.spent(self.windows, judged.window)

    @precondition(lambda self: self.windows)
    @rule()
    def platform_says_the_quota_is_used(self) -> None:
        self.windows = policy.exhausted(self.windows)
        assert not policy.may_be_written_to(self.address, self.now)

    @property
    def address(self) -> Address:
        return Address(rules=WECHAT, windows=self.windows)

    @invariant()
    def nothing_exceeds_its_window(self) -> None:
        for (kind, _), senders in self.left_through.items():
            found = WECHAT.window(kind)
            assert found is not None
            assert len(senders) <= found.limit
            machines = [by for by in senders if by is not SentBy.AGENT]
            assert len(machines) <= found.limit - found.reserve

    @invariant()
    def what_is_shown_is_what_can_be_sent(self) -> None:
        shown = policy.view(self.windows, self.now)
        assert policy.may_be_written_to(self.address, self.now) == bool(shown and shown.left)

    @invariant()
    def one_window_per_kind(self) -> None:
        kinds = [w.kind for w in self.windows]
        assert len(kinds) == len(set(kinds))


AnyHistory.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyHistory = AnyHistory.TestCase
