"""The door of routing."""

from jieli.routing.policy import priority
from jieli.routing.seats import all_seats, ensure, present, seat, seen, set_presence
from jieli.routing.selectors import board, foreseen, places, queue_for, queues
from jieli.routing.services import assign, enqueue_many, enter_many, hand_over, raise_many, save_queues, take

__all__ = [
    "all_seats",
    "assign",
    "board",
    "enqueue_many",
    "ensure",
    "enter_many",
    "foreseen",
    "hand_over",
    "places",
    "present",
    "priority",
    "queue_for",
    "queues",
    "raise_many",
    "save_queues",
    "seat",
    "seen",
    "set_presence",
    "take",
]
