from jieli.kernel.errors import Conflict, Invalid, NotFound


class TicketNotFound(NotFound):
    code = "ticket_not_found"
    message = "There is no such ticket that you may see."


class ImpossibleStage(Conflict):
    code = "impossible_stage"
    message = "This ticket cannot go from its present stage to that one."


class NoCustomerToWaitFor(Invalid):
    code = "no_customer_to_wait_for"
    message = "This ticket belongs to no customer; choose another stage."


class NoSuchItem(NotFound):
    code = "no_such_item"
    message = "The checklist has no such item."


class ItemsStillOpen(Conflict):
    code = "items_still_open"
    message = "Items of the checklist are still open; check them, or solve with force."
