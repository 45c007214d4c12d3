from datetime import timedelta
from uuid import uuid4

import pytest

from jieli.governance import facade as governance
from jieli.governance.contracts import Purpose
from jieli.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("purpose", "allowed"),
    [
        (Purpose.SERVICE, True),
        (Purpose.REMINDER, True),
        (Purpose.SURVEY, False),
        (Purpose.MARKETING, False),
        (Purpose.OUTSIDE_MODEL, False),
    ],
)
def test_without_a_word_only_the_customers_own_matter_is_served(purpose: Purpose, allowed: bool) -> None:
    assert governance.consented(uuid4(), purpose, "wechat") is allowed


def test_the_newest_word_counts_for_its_channel_and_for_all() -> None:
    person, now = uuid4(), clock.now()
    governance.state_consent(person, Purpose.MARKETING, True, source="import", at=now)
    assert governance.consented(person, Purpose.MARKETING, "wechat")
    governance.state_consent(
        person, Purpose.MARKETING, False, source="chat", channel="wechat", at=now + timedelta(hours=1)
    )
    assert not governance.consented(person, Purpose.MARKETING, "wechat")
    assert governance.consented(person, Purpose.MARKETING, "sms")
    governance.state_consent(person, Purpose.MARKETING, False, source="hotline", at=now + timedelta(hours=2))
    assert not governance.consented(person, Purpose.MARKETING, "sms")
    assert [one.source for one in governance.statements(person)] == ["hotline", "chat", "import"]


def test_a_no_of_a_merged_person_counts_for_the_survivor() -> None:
    survivor, absorbed = uuid4(), uuid4()
    governance.state_consent(absorbed, Purpose.SERVICE, False, source="chat")
    assert governance.consented(survivor, Purpose.SERVICE, "web")
    assert not governance.consented(survivor, Purpose.SERVICE, "web", also=[absorbed])
