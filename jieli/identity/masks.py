from jieli.governance import facade as governance
from jieli.identity.contracts import IdentityKind


def masked(kind: IdentityKind, value: str) -> str:
    """A key's value as everybody may see it."""
    match kind:
        case IdentityKind.PHONE | IdentityKind.CTI_CALLER:
            return value if "*" in value else governance.mask_phone(value)
        case IdentityKind.EMAIL:
            return governance.mask_email(value)
        case _:
            return governance.mask_openid(value)
