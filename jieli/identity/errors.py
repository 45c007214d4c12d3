from jieli.kernel.errors import Conflict, Invalid


class ContradictingKeys(Conflict):
    code = "contradicting_keys"
    message = "These two hold keys of which one person has only one; decide the conflict first."


class SamePerson(Invalid):
    code = "same_person"
    message = "Both are already one person."


class ReasonTooShort(Invalid):
    code = "reason_too_short"
    message = "Say why in at least four characters."


class LastKey(Conflict):
    code = "last_key"
    message = "This is the only key of the person; there is nothing to part it from."


class StillContended(Conflict):
    code = "still_contended"
    message = "Others kept changing the same persons; try again."
