from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jieli.supply import policy
from jieli.supply.contracts import Circuit, UnknownReason
from jieli.supply.errors import FactUnusable
from jieli.supply.sources.http import mapping

NOW = datetime(2026, 11, 18, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@given(st.lists(st.tuples(st.booleans(), st.integers(-600, 600)), max_size=60))
def test_a_circuit_rests_for_at_most_five_minutes_whatever_happens(steps: list[tuple[bool, int]]) -> None:
    breaker, now = policy.CLOSED, NOW
    for succeeds, seconds in steps:
        now += timedelta(seconds=seconds)
        before = breaker
        breaker = policy.CLOSED if succeeds else policy.after_failure(breaker, now)
        if before.state(now) is Circuit.OPEN and not succeeds:
            assert breaker == before, "one that is left alone does not get worse"
        elif breaker.open_until is not None:
            assert timedelta(0) < breaker.open_until - now <= timedelta(minutes=5)
        if succeeds:
            assert breaker.state(now) is Circuit.CLOSED


def test_five_failures_open_and_each_rest_is_longer() -> None:
    breaker, rests = policy.CLOSED, []
    for _ in range(4):
        breaker = policy.after_failure(breaker, NOW)
        assert breaker.state(NOW) is Circuit.CLOSED
    now = NOW
    for _ in range(6):
        breaker = policy.after_failure(breaker, now)
        assert breaker.open_until is not None
        rests.append((breaker.open_until - now).total_seconds())
        now = breaker.open_until
        assert breaker.state(now) is Circuit.HALF_OPEN
    assert rests == [30, 60, 120, 240, 300, 300]


@given(st.sampled_from(UnknownReason), st.none() | st.timedeltas(timedelta(0), timedelta(minutes=5)))
def test_what_is_told_to_the_customer_comes_after_the_next_try(
    reason: UnknownReason, rest: timedelta | None
) -> None:
    open_until = NOW + rest if rest is not None else None
    again, told = policy.asks_again_at(reason, NOW, open_until), policy.back_by(reason, NOW, open_until)
    assert (again is None) == (told is None)
    assert again is None or told is None or again < told


@given(st.binary(max_size=200), st.text(max_size=40), st.integers(0, 2**31))
def test_a_signature_fits_only_its_own_body_and_time(body: bytes, secret: str, at: int) -> None:
    secret = secret.encode("utf-8", "ignore").decode() or "x"
    now = datetime.fromtimestamp(at, UTC)
    header = f"t={at},v1={policy.signature(secret, at, body)}"
    assert policy.signature_fits(header, secret, body, now)
    assert policy.signature_fits(f"t={at},v1=00, v1={header.partition('v1=')[2]}", secret, body, now)
    assert not policy.signature_fits(header, secret, body + b" ", now)
    assert not policy.signature_fits(header, secret + "x", body, now)
    assert not policy.signature_fits(header.replace(f"t={at}", f"t={at + 1}"), secret, body, now)
    assert not policy.signature_fits(header, secret, body, now + timedelta(seconds=301))


@given(st.text(max_size=200))
def test_no_header_breaks_the_check(header: str) -> None:
    assert not policy.signature_fits(header, "secret", b"{}", NOW)


SOURCE: dict[str, Any] = {
    "no": 77,
    "fen": 129900,
    "yuan": "1299",
    "at": 1763446800,
    "ms": 1763446800000,
    "local": "2026-11-18 14:00:00",
    "yes": "Y",
    "empty": "",
    "deep": {"list": [{"a": 1}, {"a": 2}]},
}


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("deep.list.1.a", 2),
        ({"from": "no", "as": "text"}, "77"),
        ({"from": "fen", "as": "fen"}, "1299.00"),
        ({"from": "yuan", "as": "money"}, "1299.00"),
        ({"from": "at", "as": "time"}, "2025-11-18T06:20:00+00:00"),
        ({"from": "ms", "as": "time"}, "2025-11-18T06:20:00+00:00"),
        ({"from": "local", "as": "time"}, "2026-11-18T14:00:00+08:00"),
        ({"from": "yes", "as": "bool"}, True),
        ({"from": "no", "map": {"77": "paid"}}, "paid"),
        ({"from": "no", "map": {"1": "paid"}, "default": "other"}, "other"),
        ({"from": "deep.list", "each": {"n": "a"}}, [{"n": 1}, {"n": 2}]),
        ({"from": "deep.list", "each": "a"}, [1, 2]),
        ({"fields": {"x": "no"}}, {"x": 77}),
        ({"const": "CNY"}, "CNY"),
        ({"from": "gone", "default": 0}, 0),
    ],
)
def test_fields(spec: Any, expected: Any) -> None:
    assert mapping.mapped({"field": spec}, SOURCE, zone=SHANGHAI) == {"field": expected}


@pytest.mark.parametrize("spec", ["gone", "empty", "deep.list.9", "no.x", {"from": "gone", "as": "money"}])
def test_what_is_not_there_is_left_out(spec: Any) -> None:
    assert mapping.mapped({"field": spec}, SOURCE, zone=SHANGHAI) == {}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("money", "free"), ("money", "NaN"), ("time", "soon"), ("time", 10**30), ("int", "x"), ("fen", [])],
)
def test_what_cannot_be_read_is_said(kind: str, value: Any) -> None:
    with pytest.raises(FactUnusable, match="field"):
        mapping.mapped({"field": {"from": "v", "as": kind}}, {"v": value}, zone=SHANGHAI)
