import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from jieli.governance import facade as governance
from jieli.governance.contracts import NewStaff, Permission
from jieli.governance.errors import UnknownRole, UsernameTaken
from jieli.governance.models import Role, User
from jieli.governance.tests.conftest import PASSWORD, Hire
from jieli.kernel.actor import BOT, SYSTEM, ActorKind
from jieli.kernel.errors import Forbidden, Invalid

pytestmark = [pytest.mark.django_db, pytest.mark.urls("jieli.governance.tests.urls")]
_AUTH = "/_allauth/browser/v1/auth"


@pytest.fixture(autouse=True)
def _forget_rate_limits() -> None:
    cache.clear()


def sign_in(browser: Client, username: str, password: str = PASSWORD) -> Any:
    browser.get("/_allauth/browser/v1/config")
    return browser.post(
        f"{_AUTH}/login",
        json.dumps({"username": username, "password": password}),
        content_type="application/json",
        headers={"X-CSRFToken": browser.cookies["jieli_csrf"].value},
    )


def test_staff_sign_in_and_see_who_they_are(browser: Client, hire: Hire) -> None:
    hired = hire("lin", "agent", teams=("家电组",))
    assert browser.get("/api/v1/me").status_code == 401
    assert sign_in(browser, "lin").status_code == 200
    me = browser.get("/api/v1/me").json()
    assert (me["id"], me["username"], me["roles"]) == (str(hired.id), "lin", ["agent"])
    assert [team["name"] for team in me["teams"]] == ["家电组"]
    assert "conversation.reply" in me["permissions"]
    assert "role.manage" not in me["permissions"]


def test_without_the_csrf_token_nobody_signs_in(browser: Client, hire: Hire) -> None:
    hire("lin", "agent")
    answer = browser.post(
        f"{_AUTH}/login",
        json.dumps({"username": "lin", "password": PASSWORD}),
        content_type="application/json",
    )
    assert answer.status_code == 403


def test_a_wrong_password_signs_nobody_in_and_is_soon_refused(browser: Client, hire: Hire) -> None:
    hire("lin", "agent")
    statuses = [sign_in(browser, "lin", f"guess {number}").status_code for number in range(8)]
    assert statuses[0] == 400
    assert sign_in(browser, "lin").status_code in {400, 429}  # locked out even with the right one
    assert browser.get("/api/v1/me").status_code == 401


def test_nobody_signs_up(browser: Client) -> None:
    browser.get("/_allauth/browser/v1/config")
    answer = browser.post(
        f"{_AUTH}/signup",
        json.dumps({"username": "eve", "password": "some long password"}),
        content_type="application/json",
        headers={"X-CSRFToken": browser.cookies["jieli_csrf"].value},
    )
    assert answer.status_code == 403
    assert not User.objects.filter(username="eve").exists()


def test_signing_out_ends_the_session(browser: Client, hire: Hire) -> None:
    hire("lin", "agent")
    sign_in(browser, "lin")
    browser.delete(f"{_AUTH}/session", headers={"X-CSRFToken": browser.cookies["jieli_csrf"].value})
    assert browser.get("/api/v1/me").status_code == 401


def test_a_desk_signs_out_without_an_answer_that_browsers_report(browser: Client, hire: Hire) -> None:
    hire("lin", "agent")
    sign_in(browser, "lin")
    assert browser.post("/api/v1/sign-out").status_code == 403
    token = {"X-CSRFToken": browser.cookies["jieli_csrf"].value}
    assert browser.post("/api/v1/sign-out", headers=token).status_code == 200
    assert browser.get("/api/v1/me").status_code == 401
    assert browser.post("/api/v1/sign-out", headers=token).status_code == 200, "it had ended elsewhere"


def test_sockets_know_the_session_too(browser: Client, hire: Hire) -> None:
    hired = hire("lin", "supervisor")
    sign_in(browser, "lin")
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    actor = governance.actor_from_session(cookies)
    assert actor
    assert (actor.kind, actor.id, actor.may("person.merge")) == (ActorKind.HUMAN, hired.id, True)
    assert governance.actor_from_session({}) is None
    assert governance.actor_from_session({"jieli_session": "no such session"}) is None
    User.objects.update(is_active=False)
    assert governance.actor_from_session(cookies) is None
    assert browser.get("/api/v1/me").status_code == 401


def test_the_language_of_an_account_is_the_language_of_its_answers(browser: Client, hire: Hire) -> None:
    hire("lin", "agent")
    sign_in(browser, "lin")
    token = {"X-CSRFToken": browser.cookies["jieli_csrf"].value}
    chosen = browser.put(
        "/api/v1/me/locale", {"locale": "en"}, content_type="application/json", headers=token
    )
    assert chosen.json()["locale"] == "en"
    refused = browser.put(
        "/api/v1/me/locale", {"locale": "xx"}, content_type="application/json", headers=token
    )
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("role", "status"),
    [("agent", 200), ("expert", 200), ("supervisor", 200), ("operations", 200), ("admin", 200), (None, 403)],
)
def test_colleagues_are_seen_by_staff_with_a_role(
    browser: Client, hire: Hire, role: str | None, status: int
) -> None:
    hire("lin", *([role] if role else []))
    sign_in(browser, "lin")
    assert browser.get("/api/v1/staff").status_code == status


def test_colleagues_are_found_by_role_in_a_fixed_number_of_queries(
    hire: Hire, django_assert_num_queries: Any
) -> None:
    for number in range(6):
        hire(f"agent{number}", "agent", teams=("一组",))
    hire("boss", "supervisor")
    with django_assert_num_queries(3):
        found = governance.find_staff(role="agent")
    assert len(found) == 6
    assert len(governance.find_staff(permission=Permission.PERSON_MERGE)) == 1
    assert len(governance.find_staff(team=found[0].teams[0].id)) == 6


def test_only_who_manages_roles_gives_accounts(hire: Hire) -> None:
    new = NewStaff(username="x", password="y", name="z", roles=("agent",))
    with pytest.raises(Forbidden):
        governance.create_staff(BOT, [new])
    agent = governance.actor_for(User.objects.get(id=hire("lin", "agent").id))
    with pytest.raises(Forbidden):
        governance.create_staff(agent, [new])
    assert not User.objects.filter(username="x").exists()


def test_accounts_are_given_whole_or_not_at_all(hire: Hire) -> None:
    hire("lin", "agent")
    good = NewStaff(username="ok", password="y", name="z", roles=("agent",))
    for bad, error in [
        (NewStaff(username="lin", password="y", name="z", roles=("agent",)), UsernameTaken),
        (NewStaff(username="ok", password="y", name="z", roles=("agent",)), UsernameTaken),
        (NewStaff(username="new", password="y", name="z", roles=("king",)), UnknownRole),
        (NewStaff(username=" ", password="y", name="z", roles=("agent",)), Invalid),
        (NewStaff(username="new", password="y", name="z", roles=("agent",), locale="xx"), Invalid),
    ]:
        with pytest.raises(error):
            governance.create_staff(SYSTEM, [good, bad])
    assert User.objects.count() == 1


def test_the_emergency_account_may_do_everything() -> None:
    user = User.objects.create_superuser("root", PASSWORD, name="应急")
    actor = governance.actor_for(user)
    assert actor.permissions == frozenset(map(str, Permission))


def test_built_in_roles_follow_this_version_and_others_stay() -> None:
    Role.objects.create(name="night", permissions=["conversation.read"])
    Role.objects.filter(name="agent").update(permissions=["role.manage"])
    governance.ensure_roles()
    assert "role.manage" not in Role.objects.get(name="agent").permissions
    assert Role.objects.get(name="night").permissions == ["conversation.read"]
    assert Role.objects.count() == 6
