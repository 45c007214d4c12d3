from django.contrib import auth
from django.http import HttpRequest
from ninja import Router, Schema

from jieli.governance import facade
from jieli.governance.contracts import Locale, Me, Permission, PersonOfStaff, RoleName
from jieli.kernel.http import actor_of

router = Router(tags=["governance"])


class LocaleChoice(Schema):
    locale: Locale


@router.get("/me", response=Me, operation_id="me", summary="Who is signed in, and what they may do")
def me(request: HttpRequest) -> Me:
    return facade.me(actor_of(request))


class SignedOut(Schema):
    done: bool = True


@router.post("/sign-out", response=SignedOut, operation_id="sign_out", summary="End one's session")
def sign_out(request: HttpRequest) -> SignedOut:
    """Also where it ended before; allauth's own answer to this is 401, which browsers report as an error."""
    auth.logout(request)
    return SignedOut()


@router.put(
    "/me/locale", response=Me, operation_id="me_locale", summary="Choose the language of one's screens"
)
def set_locale(request: HttpRequest, body: LocaleChoice) -> Me:
    return facade.set_locale(actor_of(request), body.locale)


@router.get("/staff", response=list[PersonOfStaff], operation_id="staff", summary="Colleagues")
def staff(request: HttpRequest, role: RoleName | None = None) -> list[PersonOfStaff]:
    actor_of(request).require(Permission.CONVERSATION_READ)
    return facade.find_staff(role=role)
