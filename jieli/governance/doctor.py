from collections.abc import Iterator

from jieli.governance.models import User
from jieli.kernel.doctor import Finding, Health, examines


@examines
def accounts() -> Iterator[Finding]:
    if not User.objects.filter(is_active=True).exists():
        yield Finding(Health.WARNING, "Nobody can sign in.", "Make the first account with the role “admin”.")
        return
    if User.objects.filter(is_active=True, is_superuser=True).exists():
        yield Finding(
            Health.WARNING,
            "An emergency account is active; it may do everything.",
            "Deactivate it when the emergency is over.",
        )
        return
    yield Finding(Health.OK, "Staff accounts exist and none of them is an emergency account.")
