from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from jieli.governance.contracts import Me, PersonOfStaff, StaffId, Team
from jieli.governance.models import Role, User
from jieli.governance.policy import EVERYTHING
from jieli.kernel.actor import Actor, ActorKind
from jieli.kernel.errors import NotFound, NotSignedIn


def staff() -> QuerySet[User]:
    """Staff with what their contracts need: three queries however many."""
    return User.objects.prefetch_related("roles", "teams").order_by("name", "id")


def actor_for(user: User) -> Actor:
    roles = list(user.roles.all())
    return Actor(
        kind=ActorKind.HUMAN,
        id=user.id,
        name=user.name,
        roles=frozenset(role.name for role in roles),
        permissions=EVERYTHING if user.is_superuser else _permissions(roles),
        teams=frozenset(user.teams.values_list("id", flat=True)),
    )


def actor_by_id(user: UUID) -> Actor:
    """Raises `NotFound`."""
    row = staff().filter(id=user).first()
    if row is None:
        raise NotFound
    return actor_for(row)


def _permissions(roles: Iterable[Role]) -> frozenset[str]:
    return frozenset(name for role in roles for name in role.permissions)


def people(ids: Iterable[UUID]) -> dict[UUID, PersonOfStaff]:
    return {user.id: as_contract(user) for user in staff().filter(id__in=set(ids))}


def ids_of(usernames: Iterable[str]) -> dict[str, UUID]:
    """Active staff by sign-in name; names that nobody has are left out."""
    found = User.objects.filter(username__in=set(usernames), is_active=True)
    return dict(found.values_list("username", "id"))


def find_staff(
    *, role: str | None = None, permission: str | None = None, team: UUID | None = None
) -> list[PersonOfStaff]:
    rows = staff().filter(is_active=True)
    if role:
        rows = rows.filter(roles__name=role)
    if team:
        rows = rows.filter(teams=team)
    found = [user for user in rows if permission is None or _may(user, permission)]
    return [as_contract(user) for user in found]


def _may(user: User, permission: str) -> bool:
    return user.is_superuser or any(permission in role.permissions for role in user.roles.all())


def me(actor: Actor) -> Me:
    """Raises `NotSignedIn` for whoever is not (or no longer) staff."""
    user = (
        staff().filter(id=actor.id, is_active=True).first()
        if actor.kind is ActorKind.HUMAN and actor.id
        else None
    )
    if user is None:
        raise NotSignedIn
    shown = as_contract(user)
    return Me(
        id=shown.id,
        username=user.username,
        name=user.name,
        locale=user.locale,
        roles=shown.roles,
        permissions=tuple(sorted(actor.permissions)),
        teams=shown.teams,
    )


def as_contract(user: User) -> PersonOfStaff:
    return PersonOfStaff(
        id=StaffId(user.id),
        name=user.name,
        roles=tuple(sorted(role.name for role in user.roles.all())),
        teams=tuple(Team(team.id, team.name) for team in sorted(user.teams.all(), key=lambda one: one.name)),
        locale=user.locale,
    )
