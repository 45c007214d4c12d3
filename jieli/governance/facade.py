"""The door to governance: who somebody is, what they may do, what is masked, what is written down."""

from collections.abc import Mapping
from typing import Any

from jieli.governance import trail
from jieli.governance.consent import consented, statements
from jieli.governance.consent import state as state_consent
from jieli.governance.contracts import NewEntry, Permission
from jieli.governance.masking import (
    mask_address,
    mask_email,
    mask_id,
    mask_name,
    mask_openid,
    mask_phone,
    mask_text,
)
from jieli.governance.policy import PERMISSIONS
from jieli.governance.selectors import actor_by_id, actor_for, find_staff, ids_of, me, people
from jieli.governance.services import create_staff, ensure_roles, set_locale
from jieli.governance.sessions import actor_from_session
from jieli.governance.trail import audited, export_audit, seal, verify_chain, written
from jieli.kernel.actor import Actor

PERMISSIONS_OF_ROLES = PERMISSIONS

__all__ = [
    "PERMISSIONS_OF_ROLES",
    "actor_by_id",
    "actor_for",
    "actor_from_session",
    "audit",
    "audit_many",
    "audited",
    "consented",
    "create_staff",
    "ensure_roles",
    "export_audit",
    "find_staff",
    "ids_of",
    "mask_address",
    "mask_email",
    "mask_id",
    "mask_name",
    "mask_openid",
    "mask_phone",
    "mask_text",
    "me",
    "people",
    "reveal_text",
    "seal",
    "set_locale",
    "state_consent",
    "statements",
    "verify_chain",
    "written",
]


def audit(
    actor: Actor,
    action: str,
    subject_type: str,
    subject: object = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write down one action in the caller's transaction."""
    audit_many(
        actor,
        NewEntry(action=action, subject_type=subject_type, subject=str(subject), detail=detail or {}),
    )


def audit_many(actor: Actor, *entries: NewEntry) -> None:
    trail.append(actor, entries)


def reveal_text(actor: Actor, text: str) -> str:
    """Free text as this actor may see it: whole for who may reveal a person's data, masked for everybody else."""
    return text if actor.may(Permission.PERSON_REVEAL) else mask_text(text)
