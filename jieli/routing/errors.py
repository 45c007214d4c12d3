from jieli.kernel.errors import Conflict, Invalid


class UnknownQueue(Invalid):
    code = "unknown_queue"
    message = "There is no such queue."


class NotReachable(Conflict):
    code = "not_reachable"
    message = "That colleague is not online or has no room; choose another or a queue."
