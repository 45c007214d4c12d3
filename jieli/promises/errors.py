from jieli.kernel.errors import Conflict, Invalid, NotFound


class PromiseUnknown(NotFound):
    code = "promise_unknown"
    message = "There is no such promise."


class PromiseSettled(Conflict):
    code = "promise_settled"
    message = "This promise is settled already; what happened to it stays as it is."


class PromiseWrong(Invalid):
    code = "promise_wrong"
    message = "This promise cannot be recorded."
