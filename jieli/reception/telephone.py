"""What an event of the exchange makes of a call, as pure rules."""

from jieli.reception.contracts import CallState

RINGING, ANSWERED, ENDED = "call.ringing", "call.answered", "call.ended"
_NOT_ANSWERED = frozenset({"0", "false", "no"})
_FINISHED = frozenset({CallState.ENDED, CallState.MISSED})


def after(state: CallState | None, event: str, answered: str = "") -> CallState | None:
    """The next state of a call, None when the event changes nothing: told twice, too late, or of a recording.

    `answered` is what the exchange says of a call that ended; where it says nothing, what was heard before counts.
    """
    if state in _FINISHED:
        return None
    if event == RINGING:
        return CallState.RINGING if state is None else None
    if event == ANSWERED:
        return CallState.ANSWERED if state is not CallState.ANSWERED else None
    if event == ENDED:
        return CallState.ENDED if _was_answered(state, answered.lower()) else CallState.MISSED
    return None


def _was_answered(state: CallState | None, answered: str) -> bool:
    return state is CallState.ANSWERED or bool(answered and answered not in _NOT_ANSWERED)
