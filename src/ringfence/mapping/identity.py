"""Managed identities: Terraform's spellings.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/msi and
services/managedidentity.
"""

from __future__ import annotations

from ringfence.mapping.table import COMMON, AnyRow, Fold, Reference, Table, row
from ringfence.model.identity import FederatedIdentityCredential, UserAssignedIdentity

USER_ASSIGNED = UserAssignedIdentity.arm_type

IDENTITY: tuple[AnyRow, ...] = (
    row("identity_type", "identity.type", "identity.type", azure="None"),
    Reference(
        "user_assigned_identities",
        "identity.userAssignedIdentities{}",
        "identity.identity_ids",
        to=USER_ASSIGNED,
        many=True,
    ),
)
"""The rows of a resource that may have identities."""

_IDENTITY = Reference(
    "identity", "", {"": "user_assigned_identity_id", ">=2.0": "parent_id"}, to=USER_ASSIGNED
)  # 4.x renames parent_id; either names the identity

TABLES = (
    Table(UserAssignedIdentity, ("azurerm_user_assigned_identity",), rows=COMMON),
    Table(
        FederatedIdentityCredential,
        ("azurerm_federated_identity_credential",),
        parent=_IDENTITY,
        unique="parent",
        rows=(
            *COMMON,
            _IDENTITY,
            row("issuer", "properties.issuer", "issuer"),
            row("subject", "properties.subject", "subject"),
            row("audiences", "properties.audiences", "audience"),
        ),
    ),
)

FOLDS: tuple[Fold, ...] = ()
