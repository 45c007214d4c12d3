from jieli.kernel.errors import Conflict, Forbidden, Invalid, JieliError


class ConversationClosed(Conflict):
    code = "conversation_closed"
    message = "This conversation is closed; a new message of the customer opens the next one."


class CustomerWroteAgain(Conflict):
    code = "customer_wrote_again"
    message = "The customer wrote again since you began; read it, then send again."


class NotSent(JieliError):
    code = "not_sent"
    status = 409
    message = "The outbound gate did not let this message through."


class EmptyMessage(Invalid):
    code = "empty_message"
    message = "Write something first."


class LinkInvalid(Forbidden):
    code = "link_invalid"
    message = "This link is not ours or has expired; ask for a new one."
