from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models.lookups import In

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


@UUIDField.register_lookup
class Among(In):
    """`IN` over ids, given to PostgreSQL as one array: hundreds of parameters cost more than the search for them."""

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        if not self.rhs_is_direct_value():
            return self.as_sql(compiler, connection)
        ids = {one for one in self.rhs if one is not None}
        if not ids:
            raise EmptyResultSet
        left, params = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", (*params, list(ids))


class SealedField(TextField):
    """Text that lies encrypted in the database; look it up through a blind index, never by value."""

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return value if value is None else crypto.unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None else crypto.seal(str(value))
