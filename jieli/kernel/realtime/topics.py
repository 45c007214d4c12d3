"""Who may listen to what. A module answers for the topics of its own prefix (`conversation:<id>`)."""

from collections.abc import Callable

from jieli.kernel.actor import Actor

Guard = Callable[[Actor, str], bool]
_guards: dict[str, Guard] = {}


def guard(prefix: str) -> Callable[[Guard], Guard]:
    """Register who may subscribe to `prefix:<rest>` (the guard is given the rest)."""

    def register(allows: Guard) -> Guard:
        assert prefix not in _guards, f"two modules answer for the topics of “{prefix}”"
        _guards[prefix] = allows
        return allows

    return register


def may_listen(actor: Actor, topic: str) -> bool:
    prefix, _, rest = topic.partition(":")
    allows = _guards.get(prefix)
    return allows is not None and allows(actor, rest)
