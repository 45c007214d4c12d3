"""Who can sign in to the demo, for the line of `jieli up`."""

from collections.abc import Iterator

from jieli.demo import seed
from jieli.demo.brand import staff as crew
from jieli.demo.brand.contracts import Role, Staff
from jieli.demo.loading.staff import PASSWORD, accounts

_SHOWN = {Role.ADMIN: 1, Role.SUPERVISOR: 3, Role.AGENT: 4, Role.EXPERT: 2}


def lines() -> Iterator[str]:
    """Nothing without the demo brand. One password for everybody in it: they are invented."""
    if not seed.loaded():
        return
    there = accounts()
    people = [one for one in crew.staff() if one.login in there]
    yield f"Sign-ins of the demo brand; the password of all of them is: {PASSWORD}"
    for role, most in _SHOWN.items():
        for one in [one for one in people if one.role is role][:most]:
            yield f"  {one.login:<16}{one.role.value:<12}{_what(one)}"
    yield f"  … and {max(0, len(people) - sum(_SHOWN.values()))} more (see “staff” in the desk)"


def _what(one: Staff) -> str:
    skills = ", ".join(held.skill for held in one.skills)
    return f"{one.name} {one.title.zh}" + (f" ({skills})" if skills else "")
