"""Kinds of Azure Machine Learning (Microsoft.MachineLearningServices)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link


class MachineLearningWorkspace(IdentityHolder):
    """A workspace with the storage, vault and registry that it depends on."""

    arm_type = "Microsoft.MachineLearningServices/workspaces"

    public_network_access: Attr[str]
    isolation_mode: Attr[str]
    """Of its managed network: ``Disabled``, ``AllowInternetOutbound`` or ``AllowOnlyApprovedOutbound``."""
    storage_account: Link
    key_vault: Link
    container_registry: Link
    application_insights: Link
    encryption_key: Link
    encryption_identity: Link
    """The user-assigned identity that unwraps the key; its own where none is named."""
    hbi_workspace: Attr[bool]
    """High business impact: Microsoft collects less diagnostic data."""


class MachineLearningRegistry(IdentityHolder):
    """Models and environments that several workspaces share. Azure makes a storage account behind it."""

    arm_type = "Microsoft.MachineLearningServices/registries"

    public_network_access: Attr[str]
