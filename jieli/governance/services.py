from collections.abc import Collection, Mapping, Sequence
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db import transaction

from jieli.governance import selectors, trail
from jieli.governance.contracts import Locale, Me, NewEntry, NewStaff, Permission, PersonOfStaff
from jieli.governance.errors import UnknownRole, UsernameTaken
from jieli.governance.models import Role, Team, User
from jieli.governance.policy import PERMISSIONS
from jieli.kernel.actor import Actor
from jieli.kernel.errors import Invalid


def ensure_roles() -> None:
    """Make the built-in roles, or bring them to what this version grants; roles made by hand stay as they are."""
    Role.objects.bulk_create(
        [
            Role(name=name.value, permissions=sorted(granted), built_in=True)
            for name, granted in PERMISSIONS.items()
        ],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["permissions", "built_in"],
    )


def create_staff(actor: Actor, new: Sequence[NewStaff]) -> list[PersonOfStaff]:
    """Give accounts, in the order asked; equal passwords of one call are hashed once (hashing is slow on purpose).

    Raises `Forbidden`, `UsernameTaken`, `UnknownRole`, `Invalid` for an unknown language.
    """
    actor.require(Permission.ROLE_MANAGE)
    hashed = cache(make_password)
    with transaction.atomic():
        _require_usable(new)
        roles = _roles({name for one in new for name in one.roles})
        teams = _teams({name for one in new for name in one.teams})
        users = [
            User(username=n.username, name=n.name, locale=n.locale, password=hashed(n.password)) for n in new
        ]
        User.objects.bulk_create(users)
        User.roles.through.objects.bulk_create(
            User.roles.through(user=user, role=roles[name])
            for user, one in zip(users, new, strict=True)
            for name in set(one.roles)
        )
        User.teams.through.objects.bulk_create(
            User.teams.through(user=user, team=teams[name])
            for user, one in zip(users, new, strict=True)
            for name in set(one.teams)
        )
        trail.append(
            actor,
            [
                NewEntry(
                    action="staff.create",
                    subject_type="user",
                    subject=str(u.id),
                    detail={"roles": [*n.roles]},
                )
                for u, n in zip(users, new, strict=True)
            ],
        )
    made = selectors.people(user.id for user in users)
    return [made[user.id] for user in users]


def _require_usable(new: Sequence[NewStaff]) -> None:
    names = [one.username for one in new]
    if len(set(names)) < len(names) or User.objects.filter(username__in=names).exists():
        raise UsernameTaken
    for one in new:
        if not one.username.strip() or not one.password or one.locale not in set(Locale):
            raise Invalid("An account needs a name to sign in with, a password and a known language.")


def _roles(names: Collection[str]) -> Mapping[str, Role]:
    found = {role.name: role for role in Role.objects.filter(name__in=names)}
    if unknown := set(names) - found.keys():
        raise UnknownRole(f"There is no role “{min(unknown)}”; see the list of roles.")
    return found


def _teams(names: Collection[str]) -> Mapping[str, Team]:
    Team.objects.bulk_create([Team(name=name) for name in names], ignore_conflicts=True)
    return {team.name: team for team in Team.objects.filter(name__in=names)}


def set_locale(actor: Actor, locale: Locale) -> Me:
    """Choose the language of one's own screens."""
    shown = selectors.me(actor)
    User.objects.filter(id=shown.id).update(locale=locale)
    return selectors.me(actor)
