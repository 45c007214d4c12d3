from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from jieli.governance import facade as governance
from jieli.identity.contracts import Contact, IdentityKind, Key
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.ids import new_id

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
Role = Callable[[str], Actor]


def contact(*keys: Key, name: str = "", source: str = "test", at: datetime = AT) -> Contact:
    return Contact(keys, name, source, at)


def openid(value: str, app: str = "wx-shop") -> Key:
    return Key(IdentityKind.WECHAT_OPENID, app, value)


def unionid(value: str) -> Key:
    return Key(IdentityKind.WECHAT_UNIONID, "", value)


def phone(value: str, *, strong: bool = True) -> Key:
    return Key(IdentityKind.PHONE, "", value, strong=strong)


def visitor(value: str) -> Key:
    return Key(IdentityKind.WEB_VISITOR, "web", value)


def account(value: str, shop: str = "mall", *, verified: bool = True) -> Key:
    return Key(IdentityKind.ACCOUNT, shop, value, verified=verified)


def email(value: str, *, verified: bool = False) -> Key:
    return Key(IdentityKind.EMAIL, "", value, verified=verified)


@pytest.fixture
def role() -> Role:
    def make(name: str) -> Actor:
        granted = next(
            permissions for role, permissions in governance.PERMISSIONS_OF_ROLES.items() if role == name
        )
        return Actor(
            kind=ActorKind.HUMAN,
            id=new_id(),
            name=name,
            roles=frozenset({name}),
            permissions=frozenset(map(str, granted)),
        )

    return make


@pytest.fixture
def supervisor(role: Role) -> Actor:
    return role("supervisor")
