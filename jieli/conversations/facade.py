"""The door of conversations."""

from jieli.conversations.contracts import State
from jieli.conversations.customers import actor_of as customer_behind
from jieli.conversations.customers import asking as customer_asking
from jieli.conversations.customers import find as find_customer
from jieli.conversations.customers import link_of as customer_link
from jieli.conversations.customers import own_ids as customer_ids
from jieli.conversations.present import cards_by_id, holder_names
from jieli.conversations.selectors import incoming, last_agents, loads, open_states, states
from jieli.conversations.services import (
    assign_many,
    close,
    close_silent,
    held,
    hold,
    note,
    reply,
    tell,
    wake_up,
    write,
)
from jieli.conversations.summaries import baton, missing_baton

__all__ = [
    "State",
    "assign_many",
    "baton",
    "cards_by_id",
    "close",
    "close_silent",
    "customer_asking",
    "customer_behind",
    "customer_ids",
    "customer_link",
    "find_customer",
    "held",
    "hold",
    "holder_names",
    "incoming",
    "last_agents",
    "loads",
    "missing_baton",
    "note",
    "open_states",
    "reply",
    "states",
    "tell",
    "wake_up",
    "write",
]
