from collections.abc import Callable

import pytest
from django.test import Client

from jieli.governance import facade as governance
from jieli.governance.contracts import NewStaff, PersonOfStaff
from jieli.kernel.actor import SYSTEM

PASSWORD = "correct horse"
Hire = Callable[..., PersonOfStaff]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture
def hire(db: None) -> Hire:
    def make(
        username: str = "lin", *roles: str, locale: str = "zh-hans", teams: tuple[str, ...] = ()
    ) -> PersonOfStaff:
        new = NewStaff(
            username=username,
            password=PASSWORD,
            name=f"员工{username}",
            roles=roles,
            locale=locale,
            teams=teams,
        )
        return governance.create_staff(SYSTEM, [new])[0]

    return make


@pytest.fixture
def browser() -> Client:
    """A browser that is held to CSRF like a real one."""
    return Client(enforce_csrf_checks=True)
