from jieli.kernel.errors import Conflict, Invalid, NotFound


class MatterNotFound(NotFound):
    code = "matter_not_found"
    message = "There is no such matter that you may see."


class MatterIsClosed(Conflict):
    code = "matter_is_closed"
    message = "This matter is closed; reopen it first."


class MatterIsOpen(Conflict):
    code = "matter_is_open"
    message = "This matter is already open."


class StaleMatter(Conflict):
    code = "stale_matter"
    message = "Somebody changed this matter meanwhile; look again and repeat."


class ChildrenStillOpen(Conflict):
    code = "children_still_open"
    message = (
        "Other matters that belong to this one are still open; close them first, or say that they go on."
    )


class IncompleteMatter(Invalid):
    code = "incomplete_matter"
    message = "An open matter needs a holder, a next step and a due time."


class NothingToAccept(Conflict):
    code = "nothing_to_accept"
    message = "This matter is not waiting for your yes."


class CalendarNeverOpens(Invalid):
    code = "calendar_never_opens"
    message = "This calendar has no working time ahead; give it weekly hours."


class UnknownCalendar(NotFound):
    code = "unknown_calendar"
    message = "There is no calendar of this code."


class UnusableLine(Invalid):
    code = "unusable_line"
    message = "An escalation line needs at least one step with a holder, a next step and a positive time."


class NotYours(Conflict):
    code = "not_yours"
    message = "Somebody else holds this matter; only its holder can accept it."
