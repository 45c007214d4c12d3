"""A fuzzer driven by the OpenAPI description finds no 500, and every answer is as described."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from jieli.config.api import api
from jieli.governance import facade as governance
from jieli.governance.contracts import NewStaff
from jieli.kernel.actor import SYSTEM

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("default")]
PASSWORD = "Fluss-Hafen-19-Turm"
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


@pytest.fixture
def signed_in(db: None) -> dict[str, str]:
    """Cookies of somebody who may do everything: what is not refused for want of rights reaches the code."""
    governance.ensure_roles()
    roles = ("admin", "supervisor", "agent", "expert", "operations")
    governance.create_staff(SYSTEM, [NewStaff(username="fuzz", password=PASSWORD, name="fuzz", roles=roles)])
    client = Client()
    assert client.login(username="fuzz", password=PASSWORD)
    return {"jieli_session": client.cookies["jieli_session"].value, "jieli_csrf": "x" * 32}


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """A request ends by closing old connections; the test's transaction lives on one of them."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


described = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
described.app = WSGIHandler()


@described.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_breaks_the_server(case: Any, signed_in: dict[str, str], kept_connection: None) -> None:
    response = case.call(cookies=signed_in, headers={"X-CSRFToken": "x" * 32})
    case.validate_response(response, checks=CHECKS)


def test_another_site_cannot_act_with_somebodys_session(signed_in: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies.load({"jieli_session": signed_in["jieli_session"]})
    body = {"state": "online"}
    refused = client.put("/api/v1/me/presence", body, content_type="application/json")
    assert refused.status_code == 403
    assert refused.json()["code"] == "csrf"
