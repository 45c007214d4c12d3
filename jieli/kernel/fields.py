from typing import TYPE_CHECKING, Any

from django.db import models

from jieli.kernel import crypto
from jieli.kernel.ids import new_id

if TYPE_CHECKING:
    UUIDField = models.UUIDField[Any, Any]
    TextField = models.TextField[str, str]
else:
    UUIDField, TextField = models.UUIDField, models.TextField


class IdField(UUIDField):
    """The primary key of every table that outlives a request: UUIDv7."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("primary_key", True)
        kwargs.setdefault("default", new_id)
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)


class SealedField(TextField):
    """Text that lies encrypted in the database; look it up through a blind index, never by value."""

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return value if value is None else crypto.unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else crypto.seal(str(value))
