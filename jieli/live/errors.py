from jieli.kernel.errors import Invalid, NotFound


class SessionUnknown(NotFound):
    code = "live_session_unknown"
    message = "There is no such livestream session."


class SessionWrong(Invalid):
    code = "live_session_wrong"
    message = "This session cannot be used."
