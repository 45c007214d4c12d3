from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from jieli.channels import facade
from jieli.channels.contracts import ChannelTest, ChannelView, ContactView, IntakeCounts, SettingView, WordHit
from jieli.kernel.http import actor_of

router = Router(tags=["channels"])


class NewChannel(Schema):
    kind: str = Field(max_length=40)
    name: str = Field(max_length=80)
    settings: dict[str, str] = {}


class ChangedChannel(Schema):
    settings: dict[str, str] = {}
    enabled: bool | None = None


class Text(Schema):
    text: str = Field(max_length=20_000)


@router.get("/channels", response=list[ChannelView], operation_id="channels_list")
def channels(request: HttpRequest) -> list[ChannelView]:
    return facade.list_channels(actor_of(request))


@router.post("/channels", response=ChannelView, operation_id="channels_create")
def create(request: HttpRequest, body: NewChannel) -> ChannelView:
    return facade.create_channel(actor_of(request), kind=body.kind, name=body.name, settings=body.settings)


@router.get("/channels/kinds", response=dict[str, list[SettingView]], operation_id="channels_kinds")
def kinds(request: HttpRequest) -> dict[str, list[SettingView]]:
    actor_of(request).require("channel.read")
    return facade.kinds()


@router.get("/channels/intake", response=IntakeCounts, operation_id="channels_intake")
def intake(request: HttpRequest) -> IntakeCounts:
    actor_of(request).require("channel.read")
    return facade.intake_counts()


@router.post("/channels/sensitive-words/check", response=list[WordHit], operation_id="channels_check_words")
def check_words(request: HttpRequest, body: Text) -> list[WordHit]:
    actor_of(request).require("conversation.reply")
    return list(facade.find_sensitive(body.text))


@router.get("/channels/contacts/{person}", response=list[ContactView], operation_id="channels_contacts_of")
def contacts(request: HttpRequest, person: UUID) -> list[ContactView]:
    actor_of(request).require("person.read")
    return facade.contacts_of(person)


@router.patch("/channels/{name}", response=ChannelView, operation_id="channels_change")
def change(request: HttpRequest, name: str, body: ChangedChannel) -> ChannelView:
    return facade.change_channel(actor_of(request), name=name, settings=body.settings, enabled=body.enabled)


@router.post("/channels/{name}/test", response=ChannelTest, operation_id="channels_test")
def test(request: HttpRequest, name: str) -> ChannelTest:
    return facade.test_channel(actor_of(request), name)
