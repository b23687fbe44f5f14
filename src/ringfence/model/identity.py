"""Managed identities (Microsoft.ManagedIdentity), and the resources that have one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class IdentityHolder(Resource):
    """A resource that may have managed identities: one of its own, and any number that are assigned to it."""

    identity_type: Attr[str]
    """``SystemAssigned``, ``UserAssigned``, both with a comma between, or ``None``, Azure's default."""
    user_assigned_identities: Many[Link]


class UserAssignedIdentity(Resource):
    """An identity that resources share. Its object and client ids are known only after it is made."""

    arm_type = "Microsoft.ManagedIdentity/userAssignedIdentities"


class FederatedIdentityCredential(Resource):
    """Lets a token of another issuer, such as a Kubernetes cluster or GitHub, act as an identity."""

    arm_type = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"

    identity: Link
    issuer: Attr[str]
    subject: Attr[str]
    audiences: Attr[tuple[str, ...]]
