"""Who may do what, and which purposes need consent: rules as data."""

from jieli.governance.contracts import Permission, Purpose, RoleName

_DESK = frozenset(
    {
        Permission.CONVERSATION_READ,
        Permission.CONVERSATION_REPLY,
        Permission.CONVERSATION_NOTE,
        Permission.CONVERSATION_TAKE,
        Permission.CONVERSATION_HAND_OVER,
        Permission.CONVERSATION_CLOSE,
        Permission.PERSON_READ,
        Permission.PERSON_REVEAL,
        Permission.KNOWLEDGE_READ,
        Permission.PROMISE_READ,
        Permission.PROMISE_RECORD,
        Permission.TICKET_READ,
        Permission.TICKET_WRITE,
        Permission.CHANNEL_READ,
        Permission.SUPPLY_READ,
        Permission.ROUTING_READ,
    }
)

PERMISSIONS: dict[RoleName, frozenset[Permission]] = {
    RoleName.AGENT: _DESK,
    RoleName.EXPERT: frozenset(
        {
            Permission.CONVERSATION_READ,
            Permission.CONVERSATION_REPLY,
            Permission.CONVERSATION_NOTE,
            Permission.CONVERSATION_TAKE,
            Permission.CONVERSATION_HAND_OVER,
            Permission.PERSON_READ,
            Permission.KNOWLEDGE_READ,
            Permission.KNOWLEDGE_WRITE,
            Permission.PROMISE_READ,
            Permission.PROMISE_RECORD,
            Permission.TICKET_READ,
            Permission.TICKET_WRITE,
            Permission.SUPPLY_READ,
        }
    ),
    RoleName.SUPERVISOR: _DESK
    | {
        Permission.CONVERSATION_SUPERVISE,
        Permission.PERSON_MERGE,
        Permission.KNOWLEDGE_WRITE,
        Permission.PROMISE_SETTLE,
        Permission.ROUTING_MANAGE,
        Permission.AUDIT_READ,
    },
    RoleName.OPERATIONS: frozenset(
        {
            Permission.CONVERSATION_READ,
            Permission.PERSON_READ,
            Permission.KNOWLEDGE_READ,
            Permission.KNOWLEDGE_WRITE,
            Permission.KNOWLEDGE_REVIEW,
            Permission.LEARNING_REVIEW,
            Permission.PROMISE_READ,
            Permission.PROMISE_SETTLE,
            Permission.TICKET_READ,
            Permission.TICKET_WRITE,
            Permission.CHANNEL_READ,
            Permission.CHANNEL_MANAGE,
            Permission.SUPPLY_READ,
            Permission.SUPPLY_PUSH,
            Permission.ROUTING_READ,
            Permission.ROUTING_MANAGE,
        }
    ),
    RoleName.ADMIN: frozenset(Permission),
}

EVERYTHING = frozenset(str(permission) for permission in Permission)

_WITHOUT_ASKING = frozenset({Purpose.SERVICE, Purpose.REMINDER})


def allowed_without_statement(purpose: Purpose) -> bool:
    """PIPL art. 13 (2): what the customer's own order or question needs may be done without a separate consent."""
    return purpose in _WITHOUT_ASKING
