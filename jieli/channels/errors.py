from collections.abc import Mapping, Sequence
from typing import Any

from jieli.kernel.errors import Conflict, Invalid, JieliError, NotFound, Permanent, Unavailable


class ChannelUnknown(NotFound):
    code = "channel_unknown"
    message = "There is no such channel; “jieli channel list” shows those there are."


class ChannelNameTaken(Conflict):
    code = "channel_name_taken"
    message = "Another channel has this name; choose one of its own."


class ChannelSettingsInvalid(Invalid):
    code = "channel_settings_invalid"


class InboxAlreadyHandled(Conflict):
    code = "inbox_already_handled"
    message = "Some of these contacts were handled meanwhile; nothing of this batch may be kept."


class IntakeFull(Unavailable):
    code = "intake_full"
    message = "More contacts arrive than can be stored; deliver this again in a moment."


class VisitorTokenInvalid(JieliError):
    code = "visitor_token_invalid"
    status = 401
    message = "This visitor token is not ours or belongs to another channel; start a new visit."


class WindowClosed(Permanent):
    """The platform says that the customer may not be written to now (WeChat 45015)."""


class QuotaUsed(Permanent):
    """The platform says that the messages of this window are used up (WeChat 45047)."""


class Refused(Exception):
    """A request that brings nothing: `reason` is a short code that is counted, `detail` says what to mend."""

    def __init__(
        self, reason: str, status: int, detail: str = "", errors: Sequence[Mapping[str, Any]] = ()
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.status, self.detail, self.errors = reason, status, detail, errors
