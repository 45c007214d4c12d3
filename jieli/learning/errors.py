from jieli.kernel.errors import Conflict, Forbidden, Invalid


class NotUnderstood(Invalid):
    code = "not_understood_by_model"
    message = "Only a customer's message that the model has read can be corrected."


class NothingSaid(Invalid):
    code = "nothing_said"
    message = "Say which intent or which emotion it was."


class OwnCorrection(Forbidden):
    code = "own_correction"
    message = "Nobody reviews their own correction; ask a colleague."


class NothingToReview(Conflict):
    code = "nothing_to_review"
    message = "This says that the model was right; there is nothing to review."


class NothingToLearn(Conflict):
    code = "nothing_to_learn"
    message = "No accepted correction is there to learn from; review some first."


class NotReady(Conflict):
    code = "not_ready"
    message = "This candidate is not trained; wait for it, or ask for another one."


class AlreadyLive(Conflict):
    code = "already_live"
    message = "This model is live already."


class NothingToRollBack(Conflict):
    code = "nothing_to_roll_back"
    message = "The shipped model is live; there is nothing before it."


class TrainingFailed(Exception):
    """A try to train a candidate ended without a model; the message says why, for people."""


class Abandoned(TrainingFailed):
    """Another worker took over, or this one is not to go on."""
