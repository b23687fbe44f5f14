"""Kinds of Azure Databricks (Microsoft.Databricks)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.identity import IdentityHolder
from ringfence.model.resource import Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link


class DatabricksWorkspace(Resource):
    """A workspace: a control plane that Databricks runs, and clusters in a network."""

    arm_type = "Microsoft.Databricks/workspaces"

    sku: Attr[str]
    managed_resource_group: Attr[str]
    """Name of the group in which Azure keeps the workspace's storage and machines."""
    public_network_access: Attr[str]
    """Of the control plane: ``Enabled``, Azure's default, or ``Disabled``."""
    required_nsg_rules: Attr[str]
    enable_no_public_ip: Attr[bool]
    """Clusters have private addresses only."""
    custom_virtual_network: Link
    """The customer's network that clusters run in; absent, Databricks makes one."""
    custom_public_subnet_name: Attr[str]
    custom_private_subnet_name: Attr[str]
    prepare_encryption: Attr[bool]
    require_infrastructure_encryption: Attr[bool]
    storage_account_name: Attr[str]
    """Name of the account behind DBFS."""
    default_storage_firewall: Attr[bool]
    managed_services_key: Link
    managed_disk_key: Link
    managed_disk_key_rotation: Attr[bool]
    """Disks take the newest version of their key by themselves."""
    root_dbfs_key: Link
    """The customer-managed key of the account behind DBFS."""
    access_connector: Link
    compliance_security_profile_enabled: Attr[bool]


class DatabricksSecret(Resource):
    """A secret that a workspace keeps itself: code in it may read it, within the scope's access control."""

    arm_type = "databricks.com/secrets"

    workspace: Link
    value: Attr[str]
    """Never shown."""


class DatabricksSecretScope(Resource):
    """A set of a workspace's secrets; those of a vault, where it stands for one."""

    arm_type = "databricks.com/secretScopes"

    workspace: Link
    vault: Link
    initial_manage_principal: Attr[str]
    """"users" where everybody in the workspace manages it; whoever made it alone where nothing is said."""


class AccessConnector(IdentityHolder):
    """The identity by which Unity Catalog reads storage."""

    arm_type = "Microsoft.Databricks/accessConnectors"
